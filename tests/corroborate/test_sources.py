"""How many independent sources an event has, and why."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Literal

import pytest

from streams.records import Attribution, Event, Report, SourceGroup, Speaker, encode
from tests.news import (
    DIPLOMAT,
    KALIN,
    KYRGYZ_MINISTRY,
    OWN,
    SHAMANOV,
    WIRE,
    corroborate,
    only,
    place,
    report,
    revision,
)
from wirecopy.speakers import identity_of, is_same


def unnamed(role: str) -> Speaker:
    return Speaker(text=role, role=role, anonymous=True)


def source(event: Event, article: str) -> SourceGroup:
    (group,) = [group for group in event.sources if article in group.articles]
    return group


def reasons(group: SourceGroup) -> set[str]:
    return {reason.kind for reason in group.reasons}


def test_fifty_copies_of_one_wire_story_are_one_source() -> None:
    copies = [
        report(f"paper-{n}:1", outlet=f"Paper {n}", text=WIRE, published=f"2017-06-22T15:{n:02}:00Z") for n in range(50)
    ]
    event = only(corroborate(*copies))

    assert event.independent == 1
    assert event.outlet_count == 50
    assert event.sources[0].article_count == 50
    assert event.sources[0].id == "paper-0:1"
    assert "origin-text" in reasons(event.sources[0])


def test_copies_cut_or_edited_or_merged_with_own_text_are_one_source() -> None:
    sentences = WIRE.split(". ")
    cut = ". ".join(sentences[:2])
    edited = WIRE.replace("Thursday", "June 22").replace("some weeks ago", "in May")
    merged = OWN[:250] + " " + WIRE
    speakers = [unnamed(f"source {n}") for n in range(4)]
    event = only(
        corroborate(
            *(
                report(
                    f"outlet-{n}:1",
                    outlet=f"Outlet {n}",
                    text=text,
                    speaker=speakers[n],
                    published=f"2017-06-22T1{n}:00:00Z",
                )
                for n, text in enumerate((WIRE, cut, edited, merged))
            )
        )
    )

    assert event.independent == 1
    assert event.sources[0].articles == ("outlet-0:1", "outlet-1:1", "outlet-2:1", "outlet-3:1")


def test_own_reporting_with_another_source_is_a_second_source() -> None:
    event = only(
        corroborate(
            report("rferl:1", text=WIRE),
            report(
                "meridian:1", outlet="The Meridian Post", text=OWN, speaker=DIPLOMAT, published="2017-06-22T17:20:00Z"
            ),
        )
    )

    assert event.independent == 2
    assert [group.id for group in event.sources] == ["rferl:1", "meridian:1"]


def test_two_outlets_that_credit_one_agency_are_one_source() -> None:
    event = only(
        corroborate(
            report("a:1", outlet="A", speaker=None, credits=("ria-novosti", "ap")),
            report("b:1", outlet="B", speaker=KALIN, credits=("ria-novosti",), published="2017-06-22T15:00:00Z"),
        )
    )

    assert event.independent == 1
    assert event.sources[0].agencies == ("ap", "ria-novosti")
    (reason,) = event.sources[0].reasons
    assert (reason.kind, reason.articles, reason.detail) == ("agency", ("a:1", "b:1"), "A and B credit RIA Novosti")


def test_an_agency_and_whoever_credits_it_are_one_source() -> None:
    event = only(
        corroborate(
            report("tass:1", outlet="TASS", family="tass", speaker=None),
            report("b:1", outlet="B", speaker=KALIN, credits=("tass",), published="2017-06-22T15:00:00Z"),
        )
    )

    assert event.independent == 1
    assert event.sources[0].reasons[0].detail == "TASS and B are by or credit TASS"


def test_credits_of_two_agencies_of_one_house_are_one_source() -> None:
    event = only(
        corroborate(
            report("a:1", outlet="A", speaker=None, credits=("ria-novosti",)),
            report("b:1", outlet="B", speaker=KALIN, credits=("sputnik",), published="2017-06-22T15:00:00Z"),
        )
    )

    assert event.independent == 1


def test_outlets_of_one_publisher_are_one_source() -> None:
    event = only(
        corroborate(
            report("a:1", outlet="Morning Mail", family="mail-group", speaker=None),
            report("b:1", outlet="Evening Mail", family="mail-group", speaker=KALIN, published="2017-06-22T15:00:00Z"),
        )
    )

    assert event.independent == 1
    assert event.sources[0].reasons[0].detail == "Morning Mail and Evening Mail belong to one publisher (mail-group)"


def test_one_statement_that_two_outlets_heard_themselves_is_one_source() -> None:
    event = only(
        corroborate(
            report("a:1", outlet="A", speaker=SHAMANOV),
            report(
                "b:1",
                outlet="B",
                speaker=Speaker(text="Shamanov", name="Shamanov"),
                text=OWN,
                published="2017-06-23T05:45:00Z",
            ),
        )
    )

    assert event.independent == 1
    assert [reason.kind for reason in event.sources[0].reasons] == ["statement"]
    assert "carry what Vladimir Shamanov says" in event.sources[0].reasons[0].detail


def test_a_speaker_who_is_named_by_one_outlet_and_described_by_another_is_called_by_name() -> None:
    described = Speaker(text="x", role="the head of the Duma's defense committee in the Russian parliament")
    event = only(
        corroborate(
            report("a:1", outlet="A", speaker=SHAMANOV),
            report("b:1", outlet="B", speaker=described, text=OWN, published="2017-06-23T05:45:00Z"),
        )
    )

    assert event.sources[0].reasons[0].detail == "A and B carry what Vladimir Shamanov says"


def test_two_speakers_in_one_article_are_one_source_and_the_event_says_so() -> None:
    event = only(corroborate(report(speaker=SHAMANOV), report(speaker=KALIN)))

    assert event.independent == 1
    assert event.report_count == 2
    assert event.sources[0].reasons[0].detail == "2 speakers in one article at RFE/RL"


def test_one_speaker_is_one_source_though_outlets_have_it_at_different_stages() -> None:
    event = only(
        corroborate(
            report("a:1", outlet="A", speaker=SHAMANOV, status="requested"),
            report(
                "b:1", outlet="B", speaker=SHAMANOV, act="reinforce", status="planned", published="2017-06-24T05:45:00Z"
            ),
        )
    )

    assert event.independent == 1
    assert event.sources[0].reasons[0].detail == "A and B carry what Vladimir Shamanov says"


def cites(one: Report, who: str, kind: Literal["speaker", "outlet-quoted"] = "speaker") -> Report:
    """The report as its article passes it on from another house."""
    link = Attribution(who=who, kind=kind, cue="reported", start=0, end=len(who))
    return replace(one, claim=replace(one.claim, chain=(link, *one.claim.chain)))


CITING = report("b:1", outlet="B", speaker=None, text=OWN, published="2017-06-22T17:00:00Z")


@pytest.mark.parametrize(
    ("outlet", "family", "cited", "named"),
    [
        ("Reuters", "reuters", cites(CITING, "Reuters"), "Reuters"),
        ("BBC", "bbc", cites(CITING, "the BBC"), "BBC"),
        ("Interfax", "interfax", cites(CITING, "Russia's Interfax news agency"), "Interfax"),
        ("Interfax", "interfax", cites(CITING, "Interfax", "outlet-quoted"), "Interfax"),
        ("Orun Courier", "orun-courier", cites(CITING, "the Orun Courier", "outlet-quoted"), "the Orun Courier"),
    ],
)
def test_who_passes_on_what_another_outlet_reports_is_no_second_source(
    outlet: str, family: str, cited: Report, named: str
) -> None:
    origin = report("a:1", outlet=outlet, family=family, speaker=DIPLOMAT)

    for order in ((origin, cited), (cited, origin)):
        event = only(corroborate(*order))
        assert event.independent == 1
        (reason,) = event.sources[0].reasons
        assert (reason.kind, reason.articles) == ("cited", ("a:1", "b:1"))
        assert reason.detail == f"{outlet} and B are by or cite {named}"


def test_what_a_sentence_passes_on_counts_though_the_chain_does_not_name_the_house() -> None:
    def told(sentence: str) -> int:
        claim = replace(CITING.claim, evidence=replace(CITING.claim.evidence, text=sentence))
        origin = report("a:1", outlet="Reuters", family="reuters", speaker=DIPLOMAT)
        return only(corroborate(origin, replace(CITING, claim=claim))).independent

    assert told("Kyrgyzstan has sent 70 soldiers to Syria, according to a Reuters report.") == 1
    assert told("The ministry confirmed a Reuters report that Kyrgyzstan has sent 70 soldiers to Syria.") == 2
    assert told("Kyrgyzstan has sent 70 soldiers to Syria, Petra said.") == 2


def test_two_outlets_that_cite_one_agency_are_one_source() -> None:
    event = only(
        corroborate(
            cites(report("a:1", outlet="A", speaker=None), "TASS"),
            cites(CITING, "the TASS news agency"),
            report("c:1", outlet="C", speaker=None, credits=("tass",), published="2017-06-22T18:00:00Z"),
        )
    )

    assert event.independent == 1
    assert event.sources[0].reasons[0].detail == "A, B and C credit or cite TASS"


def test_what_an_article_cites_for_another_event_or_a_denial_links_nothing() -> None:
    events = corroborate(
        report("a:1", outlet="Reuters", family="reuters", speaker=DIPLOMAT),
        CITING,
        cites(replace(CITING, id="denial", claim=replace(CITING.claim, stance="denies")), "Reuters"),
        cites(report("b:1", outlet="B", mover="KAZ", speaker=None, text=OWN), "Reuters"),
    )

    assert {event.independent for event in events.values() if event.key == "KGZ.deploy.SYR"} == {2}


def test_a_person_whose_name_is_an_outlets_is_no_house() -> None:
    sabah = Speaker(text="Sabah", name="Sabah")
    event = only(
        corroborate(
            report("a:1", outlet="Sabah", family="turkuvaz", speaker=DIPLOMAT),
            cites(report("b:1", outlet="B", speaker=sabah, text=OWN, published="2017-06-22T17:00:00Z"), "Sabah"),
        )
    )

    assert event.independent == 2


def test_two_anonymous_officials_may_be_two_sources() -> None:
    event = only(
        corroborate(
            report("a:1", outlet="A", speaker=DIPLOMAT),
            report("b:1", outlet="B", speaker=DIPLOMAT, published="2017-06-22T15:00:00Z"),
        )
    )

    assert event.independent == 2


@pytest.mark.parametrize("role", ["a bus driver", "two lawmakers", "local journalists", "the mayor"])
@pytest.mark.parametrize("own", [True, False])
def test_two_who_are_called_alike_and_may_be_any_two_are_two_sources(role: str, own: bool) -> None:
    speaker = Speaker(text=role, role=role, country=None)
    event = only(
        corroborate(
            report("a:1", outlet="A", speaker=speaker),
            report("b:1", outlet="B", speaker=speaker, published="2017-06-22T15:00:00Z", family=None if own else "a"),
        )
    )

    assert event.independent == (2 if own else 1)
    assert "statement" not in {kind for group in event.sources for kind in reasons(group)}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_an_origin_that_arrives_after_its_copies_joins_them(order: tuple[int, ...]) -> None:
    half = len(WIRE) // 2
    articles = [
        report("a:1", outlet="A", text=WIRE[:half], speaker=unnamed("one"), published="2017-06-22T15:00:00Z"),
        report("b:1", outlet="B", text=WIRE[half:], speaker=unnamed("two"), published="2017-06-22T16:00:00Z"),
        report("wire:1", outlet="Wire", text=WIRE, speaker=unnamed("three"), published="2017-06-22T14:00:00Z"),
    ]
    event = only(corroborate(*(articles[n] for n in order)))

    assert event.independent == 1
    assert event.sources[0].id == "wire:1"
    assert event.sources[0].reasons[0].articles == ("wire:1", "a:1", "b:1")


def test_without_the_origin_its_two_halves_are_two_sources() -> None:
    half = len(WIRE) // 2
    event = only(
        corroborate(
            report("a:1", outlet="A", text=WIRE[:half], speaker=unnamed("one")),
            report("b:1", outlet="B", text=WIRE[half:], speaker=unnamed("two")),
        )
    )

    assert event.independent == 2


def test_copies_do_not_become_independent_when_their_origin_is_withdrawn() -> None:
    half = len(WIRE) // 2
    event = only(
        corroborate(
            report("wire:1", outlet="Wire", text=WIRE, speaker=unnamed("three"), published="2017-06-22T14:00:00Z"),
            report("a:1", outlet="A", text=WIRE[:half], speaker=unnamed("one"), published="2017-06-22T15:00:00Z"),
            report("b:1", outlet="B", text=WIRE[half:], speaker=unnamed("two"), published="2017-06-22T16:00:00Z"),
            revision("wire:1", withdrawn=True),
        )
    )

    assert event.state == "standing"
    assert event.independent == 1


def test_nobody_withdraws_or_corrects_what_another_publisher_has_under_the_same_id() -> None:
    claim = report("a:1", outlet="A", family="house")
    foreign = revision("a:1", 1_000_000, withdrawn=True, outlet="Evil", published="2017-06-22T15:00:00Z")
    own = revision("a:1", withdrawn=True, outlet="A Evening", family="house")

    assert only(corroborate(claim, foreign)) == only(corroborate(claim))
    for order in ((claim, foreign, own), (own, foreign, claim), (foreign, own, claim)):
        event = only(corroborate(*order))
        assert (event.state, event.reports[0].void) == ("retracted", "withdrawn")


def test_one_id_from_two_outlets_at_one_time_gives_the_same_event_in_both_orders() -> None:
    one, other = report("a:1", outlet="A"), report("a:1", outlet="B", text=OWN)

    event = only(corroborate(one, other))
    assert encode(event) == encode(only(corroborate(other, one)))
    assert event.report_count == 2


def test_a_withdrawn_article_is_no_source_any_more() -> None:
    event = only(
        corroborate(
            report("a:1", outlet="A", speaker=SHAMANOV),
            report("b:1", outlet="B", speaker=DIPLOMAT, published="2017-06-22T15:00:00Z"),
            revision("b:1", withdrawn=True),
        )
    )

    assert event.independent == 1
    assert not source(event, "b:1").standing


def test_a_denial_is_shown_as_a_source_and_not_counted() -> None:
    event = only(
        corroborate(
            report("a:1", outlet="A", speaker=SHAMANOV),
            report("b:1", outlet="B", speaker=KYRGYZ_MINISTRY, stance="denies", published="2017-06-23T05:45:00Z"),
        )
    )

    assert event.independent == 1
    denial = source(event, "b:1")
    assert (denial.id, denial.standing) == ("b:1#denies", False)
    assert {r.source for r in event.reports} == {"a:1", "b:1#denies"}


def test_an_article_that_supports_and_denies_is_in_a_source_of_each_part() -> None:
    event = only(
        corroborate(report("a:1", speaker=SHAMANOV), report("a:1", speaker=KYRGYZ_MINISTRY, stance="knows-nothing"))
    )

    assert [group.id for group in event.sources] == ["a:1", "a:1#knows-nothing"]
    assert event.independent == 1


def test_every_report_names_a_source_that_the_event_lists() -> None:
    event = only(
        corroborate(
            *(report(f"a{n}:1", outlet=f"A{n}", speaker=DIPLOMAT, town=place("SYR", "Idlib")) for n in range(5)),
            report("b:1", outlet="B", stance="doubts"),
            report("c:1", outlet="C", status="background", speaker=None),
        )
    )

    assert {r.source for r in event.reports} == {group.id for group in event.sources}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (SHAMANOV, Speaker(text="Shamanov", name="Shamanov"), True),
        (KALIN, Speaker(text="Ibrahim Kalın", name="Ibrahim Kalın", country="TUR"), True),
        (SHAMANOV, Speaker(text="Shamanov", name="Shamanov", country="BLR"), False),
        (SHAMANOV, KALIN, False),
        (
            KYRGYZ_MINISTRY,
            Speaker(text="the ministry", organisation="Foreign Ministry", country="KGZ", role="statement"),
            True,
        ),
        (KYRGYZ_MINISTRY, Speaker(text="x", organisation="Foreign Ministry", country="KAZ"), False),
        (
            Speaker(text="x", name="Asel Toktogulova", organisation="Parliament", country="KGZ"),
            Speaker(text="y", name="Dana Iskakova", organisation="Parliament", country="KGZ"),
            False,
        ),
        (
            Speaker(text="Vladimir Shamanov", name="Vladimir Shamanov", role="head defence committee", country="RUS"),
            Speaker(text="x", role="the head of the defense committee in the lower house of Russia's parliament"),
            True,
        ),
        (
            Speaker(text="x", name="Kairat Abdrakhmanov", role="Foreign Minister", country="KAZ"),
            Speaker(text="the foreign minister", role="foreign minister"),
            False,
        ),
        (
            Speaker(text="x", name="Kairat Abdrakhmanov", role="Foreign Minister", country="KAZ"),
            Speaker(text="Kazakh foreign minister", role="Kazakh foreign minister", country="KAZ"),
            True,
        ),
        (
            Speaker(text="x", name="Ibrahim Kalin", role="spokesman President", country="TUR"),
            Speaker(text="a Turkish spokesman", role="spokesman", country="TUR"),
            False,
        ),
        (
            Speaker(text="the foreign minister", role="foreign minister", country="RUS"),
            Speaker(text="the defence minister", role="defence minister", country="RUS"),
            False,
        ),
        (Speaker(text="NATO", organisation="NATO"), Speaker(text="Nato", organisation="Nato"), True),
        (
            Speaker(text="the ministry", organisation="Defence Ministry"),
            Speaker(text="the ministry", organisation="Defence Ministry"),
            False,
        ),
        (
            Speaker(text="the president", role="president", country="TUR"),
            Speaker(text="the Turkish president", role="President", country="TUR"),
            True,
        ),
    ],
)
def test_a_speaker_is_known_again(one: Speaker, other: Speaker, same: bool) -> None:
    first, second = identity_of(one), identity_of(other)
    assert first is not None
    assert second is not None
    assert is_same(first, second) is same
    assert is_same(second, first) is same


PASSAGE = (
    "Two columns of Russian marines left the port of Tartus before dawn and took the road to Homs, where tents for a "
    "battalion had been put up."
)


def told_by(number: int, says: str) -> Report:
    """One of many articles with a text and an unnamed source of its own."""
    return report(
        f"paper-{number}:1",
        outlet=f"Paper {number}",
        says=says,
        speaker=unnamed(f"source {number}"),
        published=f"2017-06-22T15:{number:02}:00Z",
    )


def test_articles_that_tell_of_it_in_the_same_sentence_are_one_source_whatever_else_they_say() -> None:
    event = only(corroborate(*(told_by(number, PASSAGE) for number in range(17))))

    assert event.independent == 1
    (reason,) = [r for r in event.sources[0].reasons if r.kind == "origin-text"]
    assert reason.articles[0] == "paper-0:1"
    assert "word for word as Paper 0" in reason.detail


@pytest.mark.parametrize(
    "says",
    [
        "Russia has sent marines to Homs, two officials said on Thursday.",
        f"“{PASSAGE}” he said.",
        f"He said: “{PASSAGE}”",
    ],
)
def test_a_formula_or_the_words_of_somebody_are_nobodys_own_sentence(says: str) -> None:
    assert only(corroborate(*(told_by(number, says) for number in range(3)))).independent == 3


def test_a_sentence_told_in_other_words_is_not_the_same() -> None:
    other = PASSAGE.replace("Two columns of Russian marines left", "Russian marines in two columns set out from")
    assert only(corroborate(told_by(0, PASSAGE), told_by(1, other))).independent == 2
