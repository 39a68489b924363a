"""What an extraction promises whatever the text: offsets, robustness, equal results for equal texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.enrich import extract
from agents.enrich.claims.draft import Article
from agents.enrich.extract import Extractor
from streams.records import Claim

ARTICLE = """Accessibility links

Uganda to bring its soldiers home from Somalia

KAMPALA (GLD) - Uganda will withdraw its 5,000 soldiers from Somalia by December, the defence minister said on Monday.

“We have done our part,” he said. “Others can send troops now.”

Kenya denied a report that it would send another battalion to Kismayu. Ethiopia said it had no information.
"""


def of(claims: tuple[Claim, ...], mover: str) -> list[Claim]:
    return [c for c in claims if any(m.code == mover for m in c.movers)]


def test_every_offset_points_at_its_words(extractor: Extractor) -> None:
    extraction = extractor.extract(ARTICLE, published="2016-06-24T00:00:00Z", outlet="Great Lakes Dispatch")
    assert extraction.claims
    for claim in extraction.claims:
        for span in (claim.evidence, claim.trigger, *([claim.quote] if claim.quote else [])):
            assert ARTICLE[span.start : span.end] == span.text
    for entity in extraction.entities:
        assert 0 <= entity.start < entity.end <= len(ARTICLE)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("The first of 300 Norwegian soldiers arrived in Mali on Thursday.", "The first of 300"),
        ("The first 40 of the 300 Danish soldiers have arrived in Iraq.", "The first 40 of the 300"),
        ("Some of the 1,000 French troops have left Chad.", "Some of the 1,000"),
        ("The 250 Italian soldiers have arrived in Niger.", "250"),
    ],
)
def test_a_part_of_a_force_is_not_told_as_the_whole(extractor: Extractor, sentence: str, said: str) -> None:
    (claim,) = extractor.extract(sentence, published="2017-06-22T00:00:00Z").claims
    assert [mover.count.text for mover in claim.movers if mover.count] == [said]


def test_a_headline_and_its_lede_are_two_claims_of_one_withdrawal(extractor: Extractor) -> None:
    claims = of(extractor.extract(ARTICLE, published="2016-06-24T00:00:00Z").claims, "UGA")
    assert [(c.act, [p.code for p in c.places]) for c in claims][:2] == [("withdraw", ["SOM"]), ("withdraw", ["SOM"])]
    assert claims[0].stance == "reports"
    assert claims[1].stance == "affirms"
    assert claims[1].speaker is not None
    assert "defence minister" in claims[1].speaker.text


def test_a_denied_report_is_a_denial_by_the_one_who_denies(extractor: Extractor) -> None:
    (claim,) = [
        c
        for c in of(extractor.extract(ARTICLE, published="2016-06-24T00:00:00Z").claims, "KEN")
        if c.stance == "denies"
    ]
    assert claim.speaker is not None
    assert claim.speaker.country == "KEN"


def test_the_chain_ends_with_the_outlet_that_is_read(extractor: Extractor) -> None:
    claims = extractor.extract(ARTICLE, outlet="Great Lakes Dispatch").claims
    assert all(c.chain[-1].kind == "outlet" and c.chain[-1].who == "Great Lakes Dispatch" for c in claims)


def test_equal_texts_give_equal_claims(extractor: Extractor) -> None:
    assert extractor.extract(ARTICLE).claims == extractor.extract(ARTICLE).claims


def test_a_denial_without_content_denies_the_claim_before(extractor: Extractor) -> None:
    text = (
        "Chad accuses Sudan of arming rebels\n\nChad accused Sudan on Monday of sending two battalions into its territory.\n\n"
        "Sudan's foreign ministry called the accusation absurd."
    )
    denial = extractor.extract(text).claims[-1]
    assert (denial.act, denial.stance) == ("send", "denies")
    assert [m.code for m in denial.movers] == ["SDN"]
    assert denial.evidence.text.startswith("Sudan's foreign ministry")


def test_we_in_a_quotation_is_the_speakers_country(extractor: Extractor) -> None:
    (claim,) = extractor.extract('"We will not send our soldiers to Yemen," said the Omani defence minister.').claims
    assert ([m.code for m in claim.movers], claim.status, claim.stance) == (["OMN"], "refused", "affirms")


def test_two_opposite_stances_on_one_deployment_are_two_claims(extractor: Extractor) -> None:
    text = "Kyiv said Belarus had sent troops to the Donbas region of Ukraine; Minsk denied that it had sent troops to Ukraine."
    claims = of(extractor.extract(text).claims, "BLR")
    assert {c.stance for c in claims} == {"affirms", "denies"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x00 troops \x00 were sent to \x00 Mali.",
        "\u202eTroops were sent to Mali\u202c by \u2067France\u2069.",
        "troops sent " * 90_000,
        "Troops" + " and troops" * 5_000 + " were sent to Mali.",
        "((((((" * 2_000 + "troops left" + "))))))" * 2_000,
        "\ud800 troops left Mali \udfff",
        "İstanbul'dan TROOPS İ left İRAN",
    ],
)
def test_no_text_raises(extractor: Extractor, text: str) -> None:
    extraction = extractor.extract(text, published="not a date")
    for claim in extraction.claims:
        assert text[claim.evidence.start : claim.evidence.end] == claim.evidence.text


WORDS = st.sampled_from(
    [
        "troops",
        "soldiers",
        "sent",
        "withdrew",
        "from",
        "to",
        "Syria",
        "Russia",
        "denied",
        "said",
        "that",
        "the",
        "not",
        "will",
        "would",
        "has",
        "asked",
        ",",
        ".",
        '"',
        "(",
        ")",
        ":",
        ";",
        "and",
        "its",
        "of",
        "battalion",
        "arrived",
        "if",
        "until",
        "X",
        "1,500",
        "never",
        "Kyiv\n",
    ]
)


@settings(max_examples=60)
@given(st.lists(WORDS, max_size=30))
def test_no_jumble_of_military_words_raises(extractor: Extractor, words: list[str]) -> None:
    text = " ".join(words)
    for claim in extractor.extract(text).claims:
        assert text[claim.evidence.start : claim.evidence.end] == claim.evidence.text


def test_a_number_with_its_qualifier_and_a_time_ahead_of_the_article_belong_to_the_claim(extractor: Extractor) -> None:
    text = "Sweden will send up to 600 soldiers to Latvia on Monday, the minister said on Friday."
    (claim,) = extractor.extract(text, published="2017-06-22T00:00:00Z").claims
    count = claim.movers[0].count
    assert count is not None
    assert (count.text, count.low, count.high, count.unit) == ("up to 600", None, 600, "troops")
    assert claim.when is not None
    assert (claim.when.text, claim.when.start) == ("on Monday", "2017-06-26")


def test_the_time_of_the_talk_is_not_the_time_of_the_deployment(extractor: Extractor) -> None:
    text = "About 2,000 Ugandan soldiers have arrived in South Sudan, an army spokesman said on Tuesday."
    (claim,) = extractor.extract(text, published="2017-06-22T00:00:00Z").claims
    assert claim.when is None


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "Chad has agreed to send a battalion to Mali, a senior official in the president's office said on Sunday.",
            "a senior official in the president's office",
        ),
        (
            "Norway has asked Sweden and Finland to send soldiers to Latvia, the head of the budget committee in the "
            "lower house of Norway's parliament said on June 22.",
            "the head of the budget committee in the lower house of Norway's parliament",
        ),
        (
            "Poland plans to send 200 soldiers to Latvia, its defence minister, Jan Kowalski, told reporters.",
            "its defence minister, Jan Kowalski",
        ),
    ],
)
def test_who_stands_between_a_comma_and_a_verb_of_saying_is_the_speaker(
    extractor: Extractor, text: str, speaker: str
) -> None:
    (claim,) = extractor.extract(text).claims
    assert claim.speaker is not None
    assert claim.speaker.text == speaker
    assert claim.stance == "affirms"


def test_we_is_the_country_in_the_title_of_whoever_says_it(extractor: Extractor) -> None:
    (claim,) = extractor.extract(
        '"We will not send troops to Yemen," Pakistani Defence Minister Khawaja Asif told parliament on Monday.'
    ).claims
    assert [mover.code for mover in claim.movers] == ["PAK"]
    assert claim.speaker is not None
    assert claim.speaker.country == "PAK"


def test_a_caption_of_an_old_picture_claims_nothing(extractor: Extractor) -> None:
    caption = "FILE - In this Jan. 3, 2010, file photo, Kenyan troops arrive in Somalia."
    assert not extractor.extract(f"Talks go on\n\n{caption}\n\nTalks went on.", published="2021-03-12T00:00:00Z").claims
    after = extractor.extract(
        f"{caption} Kenya has sent 300 soldiers to Haiti.", published="2021-03-12T00:00:00Z"
    ).claims
    assert [[p.code for p in claim.places] for claim in after] == [["HTI"]]


_ODD = st.lists(
    st.sampled_from(
        ("7", "billion", "million", "9999", "999", "9" * 400, "٣" * 30, "1,000,000,000,000", "troops", "Kenya has sent", "to Haiti",
         "and 300 to Chad", "in", "years", "decades", "ago", "next", "last", "century", "year", "December 31, 9999", "by", "until",
         "hundred", "a", "half", ".", ",", "the end of", "week", "months", "from now", "2199", "the 2190s", "spring")
    ),
    max_size=40,
).map(" ".join)  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(_ODD, st.sampled_from(["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2021-03-12T00:00:00Z", None]))
def test_no_number_and_no_date_is_too_large(extractor: Extractor, text: str, published: str | None) -> None:
    extractor.extract(f"Kenya has sent {text} troops to Haiti {text}.", published=published)


WEATHER = "The harbour at Malmo was quiet on Tuesday, and the ferries ran on time. " * 12
"""Longer than a paragraph: of a short text every sentence with a weak word is read."""


def test_the_rest_of_a_force_is_read_though_it_cannot_be_told_of_first(
    extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first reading of an article passes over "some were sent home"; the second must not."""
    text = f"{WEATHER}\n\nKenya has sent 300 soldiers to Haiti. Another 150 will be sent to Haiti in May, and some have left Haiti."
    claims = extractor.extract(text).claims
    assert len(claims) >= 2
    monkeypatch.setattr(extract, "_may_open", lambda *_: True)
    assert extractor.extract(text).claims == claims


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Some were sent home and more had left.", False),
        ("Some of its soldiers were sent home.", True),
        ("Some were sent to Syria by Hezbollah.", True),
        ("More police were sent there.", True),
        ("The withdrawal of all was completed.", True),
        ("It will send six more CF-18s in September.", True),
    ],
)
def test_a_mere_quantity_does_not_open_an_account_of_forces(
    extractor: Extractor, monkeypatch: pytest.MonkeyPatch, sentence: str, told: bool
) -> None:
    text = f"{WEATHER}\n\nAn army once marched there. {sentence}"
    opened: list[bool] = []

    def may_claim(_: object, article: Article, chosen: list[bool], *__: object) -> bool:
        opened.extend(c for c, s in zip(chosen, article.sentences, strict=True) if s.text == sentence)
        return False

    monkeypatch.setattr(extract, "may_claim", may_claim)
    extractor.extract(text)
    assert any(opened) is told


@pytest.mark.parametrize(
    "sentence",
    [
        "Canada will send six more CF-18s to Romania in September, the prime minister said on Tuesday.",
        "Australia decided last week to join the international coalition in Syria, the prime minister said.",
        "Belgium will join the international operation in Mali, most parties in Brussels having agreed.",
        "Poland last week sent eight Su-22s to Lithuania.",
        "The United States flew ten MQ-9s to Niger last week, the Pentagon said.",
        "Japan last week agreed to join the U.N. operation in South Sudan.",
    ],
)
def test_forces_without_a_word_of_forces_open_one(extractor: Extractor, sentence: str) -> None:
    assert extractor.extract(f"{WEATHER}\n\nAn army once marched there. {sentence}").claims
