"""Headlines that a parser makes nothing of, read by the order of their words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.enrich.claims import word_order
from agents.enrich.extract import Extractor
from agents.enrich.names.finding import Gazetteer

gazetteer = Gazetteer()


@pytest.mark.parametrize(
    ("headline", "act", "status", "stance", "movers", "places"),
    [
        ("US mulls more troops for Afghanistan", "send", "considered", "reports", ["USA"], ["AFG"]),
        ("Kremlin denies Russian troops in eastern Ukraine", "send", "ongoing", "denies", ["RUS"], ["UKR"]),
        ("Kenya's high court blocks police deployment to Haiti", "send", "opposed", "reports", ["KEN"], ["HTI"]),
        ("Pakistan declines Saudi request for troops in Yemen", "send", "refused", "reports", ["PAK"], ["YEM"]),
        ("China, Russia send ships to Sea of Japan", "send", "occurred", "reports", ["CHN", "RUS"], ["Sea of Japan"]),
        ("Iraq demands Turkey withdraw troops", "withdraw", "demanded", "reports", ["TUR"], ["IRQ"]),
        ("Turkey says its troops will stay in Iraq", "remain", "decided", "affirms", ["TUR"], ["IRQ"]),
        ("Trump orders withdrawal of US troops from Syria", "withdraw", "decided", "reports", ["USA"], ["SYR"]),
        ("India not to send troops to Iraq", "send", "refused", "reports", ["IND"], ["IRQ"]),
    ],
)
def test_a_headline_is_read_from_left_to_right(
    headline: str, act: str, status: str, stance: str, movers: list[str], places: list[str]
) -> None:
    (told,) = word_order.read(headline, gazetteer.find(headline))
    assert (told.act, told.status, told.stance) == (act, status, stance)
    assert ([m.code for m in told.movers], [p.code for p in told.places]) == (movers, places)


@pytest.mark.parametrize(
    "headline",
    [
        "US troops kill five militants in Somalia raid",
        "Rebels attack army base in Mali",
        "UN condemns attack on peacekeepers in Lebanon",
        "Russia, China hold joint naval drills in Sea of Japan",
        "Trump visits troops in Iraq",
        "Kabul: Pakistani troops set up posts on Afghan soil",
        "",
        "troops",
        ", : ; – troops troops troops to to to",
    ],
)
def test_fighting_visits_and_noise_are_no_deployment(headline: str) -> None:
    assert word_order.read(headline, gazetteer.find(headline)) == []


def test_it_is_asked_only_where_the_parse_has_no_claim(extractor: Extractor) -> None:
    by_order = extractor.extract("US mulls more troops for Afghanistan").claims
    by_parse = extractor.extract("Russia sends warships to Mediterranean").claims
    assert "word order" in by_order[0].rules
    assert "word order" not in by_parse[0].rules


def test_where_the_word_stands_that_tells_the_move(extractor: Extractor) -> None:
    (claim,) = extractor.extract("Kremlin denies Russian troops in eastern Ukraine").claims
    assert claim.trigger.text == "denies"
    assert claim.speaker is not None
    assert claim.speaker.text == "Kremlin"


WORDS = st.sampled_from(
    [
        "Iraq",
        "Turkey",
        "Russia",
        "U.S.",
        "NATO",
        "Kremlin",
        "Mali",
        "Gulf",
        "troops",
        "soldiers",
        "police",
        "warships",
        "mission",
        "send",
        "sends",
        "sent",
        "withdraw",
        "to",
        "not",
        "will",
        "may",
        "demands",
        "denies",
        "orders",
        "asks",
        "says",
        "blocks",
        "request",
        "for",
        "from",
        "in",
        "of",
        "out",
        "back",
        "deployment",
        "withdrawal",
        ",",
        ":",
        ";",
        "–",
        "'s",
        "300",
    ]
)


@given(st.lists(WORDS, max_size=14))
@settings(max_examples=300, deadline=None)
def test_no_order_of_words_is_an_error(words: list[str]) -> None:
    headline = " ".join(words)
    for told in word_order.read(headline, gazetteer.find(headline)):
        start, end = told.at
        assert told.movers
        assert 0 <= start < end <= len(headline)
