"""Headlines are sentences that somebody understands who has never seen a code."""

from __future__ import annotations

import re

import pytest

from agents.alert import names
from agents.alert.headline import telling
from agents.alert.names import MATERIEL, countries, number, place, speaker
from agents.alert.state import State
from agents.alert.step import step
from agents.alert.watchlists import ALL
from agents.enrich.quantities.counts import units
from streams.records import Count, Place, Report, Revision, Speaker
from tests.news import DIPLOMAT, KALIN, KYRGYZ_MINISTRY, publish, report, revision, troops
from tests.news import place as place_of


def headlines(*records: Report | Revision) -> list[str]:
    state = State()
    return [a.headline for event in publish(records) for a in step(state, event, ALL, 1e9)]


def last(*records: Report | Revision) -> str:
    return headlines(*records)[-1]


UP_TO = Count(text="up to 1,500", low=None, high=1500, qualifier="up to", unit="soldiers")
LATER = "2017-06-24T09:00:00Z"


@pytest.mark.parametrize(
    ("records", "line"),
    [
        (
            [report()],
            "Kyrgyzstan would send troops to Syria: asked by Russia, says Vladimir Shamanov; 1 independent source",
        ),
        (
            [report(speaker=None)],
            "Kyrgyzstan would send troops to Syria: asked by Russia, reports RFE/RL; 1 independent source",
        ),
        (
            [report(agents=(), speaker=DIPLOMAT)],
            "Kyrgyzstan would send troops to Syria: it has been asked, says a Western diplomat; 1 independent source",
        ),
        (
            [report(to=None, status="offered", agents=())],
            "Kyrgyzstan would send troops, place not named: offered, says Vladimir Shamanov; 1 independent source",
        ),
        (
            [report(mover="USA", to="IRQ", act="withdraw", status="ongoing", agents=(), count=UP_TO)],
            "The United States is withdrawing up to 1,500 soldiers from Iraq, says Vladimir Shamanov; 1 independent source",
        ),
        (
            [report(mover="RUS", to=None, act="mobilise", status="decided", agents=(), count=troops(300000, unit="reservists"))],
            "Russia is to mobilise 300,000 reservists, says Vladimir Shamanov; 1 independent source",
        ),
        (
            [report(mover="USA", act="remain", status="planned", agents=())],
            "The United States would keep troops in Syria: planned, says Vladimir Shamanov; 1 independent source",
        ),
        (
            [report(mover="FRA", act="reinforce", status="decided", agents=(), count=troops(400), town=place_of("MLI", "Gao"))],
            "France is to send 400 more troops to Gao in Mali, says Vladimir Shamanov; 1 independent source",
        ),
        (
            [report(status="refused", agents=("KGZ",), speaker=KYRGYZ_MINISTRY)],
            "Kyrgyzstan refuses to send troops to Syria, says a spokesman of the Kyrgyz Foreign Ministry; 1 independent source",
        ),
        (
            [report(mover="TUR", to="IRQ", status="opposed", agents=("IRQ",), speaker=None)],
            "Turkey would send troops to Iraq: opposed by Iraq, reports RFE/RL; 1 independent source",
        ),
        (
            [report(), report(speaker=KALIN), report("b:1", outlet="B", speaker=DIPLOMAT, published=LATER)],
            "Second source: Kyrgyzstan would send troops to Syria: asked by Russia, "
            "say 3 speakers (Shamanov, Kalin, a Western diplomat); 2 independent sources",
        ),
        (
            [report(), report("b:1", outlet="B", stance="denies", speaker=KYRGYZ_MINISTRY, published=LATER)],
            "Denied: Kyrgyzstan would send troops to Syria: asked by Russia; "
            "a spokesman of the Kyrgyz Foreign Ministry denies it; 1 independent source",
        ),
        (
            [report("b:1", stance="denies", speaker=KYRGYZ_MINISTRY)],
            "Denied: Kyrgyzstan would send troops to Syria; a spokesman of the Kyrgyz Foreign Ministry denies it; "
            "no report of the claim has been seen",
        ),
        (
            [report(), report("b:1", outlet="B", status="occurred", speaker=None, agents=(), published=LATER, count=troops(300))],
            "Firmer: Kyrgyzstan has sent 300 troops to Syria, reports B; 2 independent sources",
        ),
        (
            [report(status="decided", agents=(), count=troops(3000)), report(status="decided", agents=(), count=troops(300), version=2, published=LATER)],
            "Changed from 3,000 to 300 troops: Kyrgyzstan is to send 300 troops to Syria, says Vladimir Shamanov; "
            "1 independent source",
        ),
        (
            [report(), report("b:1", outlet="B", status="refused", agents=("KGZ",), speaker=None, published=LATER)],
            "Called off: Kyrgyzstan refuses to send troops to Syria, reports B",
        ),
        (
            [report(), revision("rferl:syria-request", withdrawn=True)],
            "Taken back: Kyrgyzstan would send troops to Syria: asked by Russia; "
            "RFE/RL has withdrawn its report and no other stands",
        ),
    ],
)  # fmt: skip
def test_headline(records: list[Report | Revision], line: str) -> None:
    assert last(*records) == line


def test_what_is_denied_is_the_deployment_and_not_its_refusal() -> None:
    refusal = report("b:1", outlet="B", status="refused", agents=("KGZ",), speaker=None, published=LATER)
    denial = report("b:1", outlet="B", stance="denies", speaker=KYRGYZ_MINISTRY, published=LATER)

    assert last(report(), refusal, denial).startswith("Denied: Kyrgyzstan would send troops to Syria: asked by Russia;")


def test_copies_are_told_apart_from_sources() -> None:
    copy = report("b:1", outlet="B", published="2017-06-22T15:00:00Z")
    second = report("c:1", outlet="C", speaker=DIPLOMAT, published="2017-06-22T16:00:00Z")

    assert last(report(), copy, second).endswith("; 2 independent sources in 3 outlets")


def test_a_claim_that_was_withdrawn_before_it_came_says_so() -> None:
    first = headlines(revision("rferl:syria-request", withdrawn=True), report())[0]

    assert first.endswith("says Vladimir Shamanov; that report has been withdrawn since")


def test_no_country_is_shown_by_its_code() -> None:
    for line in headlines(*(report(f"{code}:1", mover=code, to="SYR") for code in ("COD", "PRK", "GBR", "XKX"))):
        assert not re.search(r"\b[A-Z]{3}\b", line), line


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (Place(code="USA", name="United States", text="America"), "the United States"),
        (Place(code="MLI", name="Gao", text="Gao"), "Gao in Mali"),
        (Place(code="Golan Heights", name="Golan Heights", text="the Golan"), "Golan Heights"),
    ],
)
def test_place_in_words(where: Place, said: str) -> None:
    assert place(where) == said


def test_a_long_description_of_a_speaker_is_cut_at_a_word() -> None:
    said = speaker(Speaker(text="A " + "very " * 40 + "senior official", anonymous=True))

    assert len(said) <= 90
    assert said.startswith("a very")
    assert said.endswith("very…")


def test_every_country_has_a_name() -> None:
    assert len(countries()) == 250
    assert countries()["KGZ"] == "Kyrgyzstan"


def test_one_person_under_two_descriptions_is_one_speaker_and_called_by_name() -> None:
    tora = Speaker(text="Defence Minister Josaia Tora", name="Josaia Tora", role="Defence Minister")
    its_minister = Speaker(text="its defence minister", role="its defence minister", country="MLI")

    second = report("b:1", outlet="B", speaker=DIPLOMAT, published=LATER)
    line = last(report(speaker=its_minister), report(speaker=tora), second)

    assert ", say 2 speakers (Tora, a Western diplomat); 2 independent sources" in line


@pytest.mark.parametrize(
    ("who", "called"),
    [
        (Speaker(text="Fiji", role="Fiji", organisation="government of Fiji", country="FJI"), "Fiji"),
        (Speaker(text="United States", role="United States", country="USA"), "the United States"),
        (Speaker(text="Interfax", role="Interfax"), "Interfax"),
        (Speaker(text="ministry", role="ministry"), "the ministry"),
    ],
)
def test_a_country_or_agency_that_speaks_is_called_as_it_is(who: Speaker, called: str) -> None:
    assert speaker(who) == called


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (
            Speaker(text="France and Britain", organisation="government of France", country="FRA"),
            ", say France and Britain;",
        ),
        (Speaker(text="the United States and Poland", country="USA"), ", say the United States and Poland;"),
        (Speaker(text="Western diplomats", role="Western diplomats", anonymous=True), ", say Western diplomats;"),
        (Speaker(text="officials in Paris", role="officials in Paris", anonymous=True), ", say officials in Paris;"),
        (
            Speaker(text="United Nations", role="United Nations", organisation="United Nations"),
            ", says United Nations;",
        ),
        (Speaker(text="United States", role="United States", country="USA"), ", says the United States;"),
    ],
)
def test_the_verb_agrees_with_who_speaks(who: Speaker, said: str) -> None:
    assert said in last(report(speaker=who))


def test_people_are_counted_before_what_carries_them_by_the_surest_report() -> None:
    planes = report(
        mover="NOR",
        to="MLI",
        status="occurred",
        agents=(),
        count=Count(text="Two", low=2, high=2, qualifier=None, unit="aircraft"),
    )
    soldiers = report(
        "b:1", outlet="B", mover="NOR", to="MLI", status="occurred", agents=(), says="Hundreds came.", speaker=DIPLOMAT,
        count=Count(text="Three hundred", low=300, high=300, qualifier=None, unit="troops"),
    )  # fmt: skip

    assert "Norway has sent two aircraft to Mali" in last(planes)
    assert "Norway has sent three hundred troops to Mali" in last(planes, soldiers)


@pytest.mark.parametrize(
    ("records", "deed", "line"),
    [
        (
            [report(), report("b:1", outlet="B", stance="denies", speaker=KYRGYZ_MINISTRY, published=LATER)],
            "Kyrgyzstan would send troops to Syria: asked by Russia",
            ", says Vladimir Shamanov; 1 independent source; "
            "a spokesman of the Kyrgyz Foreign Ministry denies it",
        ),
        (
            [report(stance="denies", speaker=KYRGYZ_MINISTRY)],
            "Kyrgyzstan would send troops to Syria",
            "; a spokesman of the Kyrgyz Foreign Ministry denies it; no report of the claim has been seen",
        ),
        (
            [report(), revision("rferl:syria-request", withdrawn=True)],
            "Kyrgyzstan would send troops to Syria: asked by Russia",
            "; RFE/RL has withdrawn its report and no other stands",
        ),
    ],
)  # fmt: skip
def test_an_event_is_told_as_it_stands_now(records: list[Report | Revision], deed: str, line: str) -> None:
    told = telling(publish(records)[-1])

    assert (told.deed, told.line) == (deed, deed + line)


def test_who_says_and_who_denies_an_event_and_how_many_would_go_is_told() -> None:
    denial = report("b:1", outlet="B", stance="denies", speaker=KYRGYZ_MINISTRY, published=LATER)
    told = telling(publish([report(count=UP_TO), report("c:1", outlet="C", speaker=KALIN), denial])[-1])

    assert told.speakers == ("Vladimir Shamanov", "Ibrahim Kalin")
    assert told.denied_by == ("a spokesman of the Kyrgyz Foreign Ministry",)
    assert (told.act, told.count, told.confidence) == ("send", "up to 1,500 soldiers", 0.9)


def test_one_is_counted_in_the_singular() -> None:
    battery = Count(text="a", low=1, high=1, qualifier=None, unit="batteries")

    assert number(battery) == "a battery"


def test_units_of_materiel_are_those_that_enrich_counts() -> None:
    assert {unit for unit, kind, _ in units().values() if kind == "equipment"} == MATERIEL


def test_a_refusal_in_a_source_is_told_as_one_against_it() -> None:
    refusal = report(
        status="refused", agents=(), speaker=KYRGYZ_MINISTRY, says="We shall send nobody, a spokesman said."
    )
    second = report("c:1", outlet="C", speaker=DIPLOMAT, published=LATER)
    state = State()
    alerts = [a for event in publish([report(), refusal, second]) for a in step(state, event, ALL, 1e9)]
    sources = alerts[-1].sources

    assert "RFE/RL, quoting Vladimir Shamanov; against it: a spokesman of the Kyrgyz Foreign Ministry" in sources


@pytest.mark.parametrize(
    ("text", "name", "role", "said"),
    [
        ("Ibrahim Kalin, the spokesman of Turkish President", "Ibrahim Kalin", "spokesman President", "spokesman of Turkish President"),
        ("Ingrid Haugland, spokeswoman for the ministry", "Ingrid Haugland", "spokeswoman ministry", "spokeswoman for the ministry"),
        ("Defence Minister Helena Castro", "Helena Castro", "Defence Minister", "Defence Minister"),
        ("Minister Helena Castro of the party", "Helena Castro", "Minister party", "Minister party"),
        ("the minister", None, "the minister", "the minister"),
    ],
)  # fmt: skip
def test_a_role_keeps_the_words_that_join_it(text: str, name: str | None, role: str, said: str) -> None:
    assert names.role(Speaker(text=text, name=name, role=role)) == said
