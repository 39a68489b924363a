"""Ordinary ways in which news tells, asks, plans, doubts and dismisses deployments, one sentence each.

`sentences/wordings.jsonl`: `mover` and `place` as codes, or as words where the force or place has none (any words do for a force); `reading` is the group
of the status, or the stance "denies"; null where there is no claim. `gap` marks what is not read right yet.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from agents.enrich.extract import Extractor
from streams.records import Claim

GROUPS = {
    "requested": "asked", "demanded": "asked", "offered": "asked", "proposed": "asked", "considered": "intended",
    "planned": "intended", "decided": "intended", "threatened": "intended", "conditional": "intended", "ongoing": "real",
    "occurred": "real", "refused": "against", "opposed": "against", "suspended": "against", "background": "background",
}  # fmt: skip
ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "sentences" / "wordings.jsonl").read_text(encoding="utf-8").splitlines()
]


def _right(row: dict[str, Any], claim: Claim) -> bool:
    reading = "denies" if claim.stance == "denies" else GROUPS[claim.status]
    movers = {m.code for m in claim.movers}
    named = row["mover"].isupper() or row["mover"] in movers
    moved = movers == {row["mover"]} if named else all(m.kind == "force" for m in claim.movers)
    places = {p.code for p in claim.places}
    wanted = row["place"]
    placed = wanted is None or (places == {wanted} if wanted.isupper() else any(wanted in place for place in places))
    return reading == row["reading"] and moved and placed


@pytest.mark.parametrize(
    "row",
    [pytest.param(r, id=r["text"], marks=[pytest.mark.xfail(reason="not yet")] if r.get("gap") else []) for r in ROWS],
)
def test_sentence_is_read_as_a_careful_reader_reads_it(extractor: Extractor, row: dict[str, Any]) -> None:
    claims = extractor.extract(row["text"]).claims

    if row["reading"] is None:
        assert claims == ()
    else:
        assert any(_right(row, claim) for claim in claims), claims


@pytest.mark.parametrize(
    "text",
    [
        "Would Norway send troops to Niger?",
        "Will Norway send troops to Niger?",
        "Is Norway going to send troops to Niger?",
        "The barracks will be repaired before the contingent leaves for Mali.",
    ],
)
def test_a_question_or_a_date_set_by_a_deployment_claims_none(extractor: Extractor, text: str) -> None:
    assert extractor.extract(text).claims == ()


@pytest.mark.parametrize(
    ("text", "stance", "mover"),
    [
        ("There is no evidence that Norway sent troops to Niger.", "doubts", "NOR"),
        ("Rumours that Norway will send troops to Niger are false, Oslo said.", "denies", "NOR"),
        ("There is no truth in reports that Kenya will send police to Haiti, an aide said.", "denies", "KEN"),
        ("Bamako said it knew nothing of Fiji sending soldiers to Mali.", "knows-nothing", "FJI"),
        ("The ministry said it knew nothing of a plan by Fiji to send soldiers to Mali.", "knows-nothing", "FJI"),
    ],
)
def test_what_is_told_to_be_dismissed_is_not_affirmed(extractor: Extractor, text: str, stance: str, mover: str) -> None:
    (claim,) = extractor.extract(text).claims

    assert (claim.stance, [m.code for m in claim.movers]) == (stance, [mover])


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("The Kyrgyz Foreign Ministry said it was not aware of any such request.", "knows-nothing"),
        ("The Foreign Ministry in Bishkek had heard nothing of the kind.", "knows-nothing"),
        ("Bishkek said it knew nothing about it.", "knows-nothing"),
        ("Kyrgyz officials said they were unaware of any such plans.", "knows-nothing"),
        ("Bishkek said it had received no such request.", "denies"),
        ("Bishkek calls the claim a rumour.", "denies"),
        ("Bishkek has denied any involvement.", "denies"),
    ],
)
def test_what_the_next_sentence_says_of_a_request_is_said_of_the_claim(
    extractor: Extractor, text: str, stance: str
) -> None:
    claims = extractor.extract(f"Russia has asked Kyrgyzstan to send troops to Syria. {text}").claims

    assert [c.stance for c in claims] == ["reports", stance]
    assert claims[1].speaker is not None
    assert claims[1].speaker.country == "KGZ"


@pytest.mark.parametrize(
    "text",
    [
        "Russia sent troops to Syria. Bishkek denied any involvement.",
        "Russia sent troops to Syria. Moscow denied any involvement in the killing of a journalist.",
        "Russia sent troops to Syria. Moscow described the rumours as credible.",
    ],
)
def test_another_partys_or_another_involvement_denies_no_claim(extractor: Extractor, text: str) -> None:
    assert [c.stance for c in extractor.extract(text).claims] == ["reports"]


def test_no_claim_lists_a_cue_that_its_status_does_not_follow(extractor: Extractor) -> None:
    statuses = "|".join(GROUPS)
    for row in ROWS:
        for claim in extractor.extract(row["text"]).claims:
            told = [m[1] for r in claim.rules if (m := re.fullmatch(rf"[\w ]+: ({statuses})", r))]
            assert set(told) <= {claim.status}, (row["text"], claim.rules)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Dutch MPs voted against sending soldiers to Mali.", "refused"),
        ("Some Dutch MPs voted against sending soldiers to Mali.", "opposed"),
        ("Ghana's parliament approved a request by the president to send troops to Niger.", "decided"),
        ("Bishops pleaded with the government not to send troops to Niger.", "opposed"),
        ("Wagner will leave Mali and be replaced by the Africa Corps.", "decided"),
    ],
)
def test_the_cue_that_decides_gives_the_status(extractor: Extractor, text: str, status: str) -> None:
    assert extractor.extract(text).claims[-1].status == status


def test_a_question_that_nobody_can_answer_is_doubted(extractor: Extractor) -> None:
    (claim,) = extractor.extract("It is unclear whether Poland will send soldiers to Ukraine.").claims

    assert (claim.stance, claim.status) == ("doubts", "considered")


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("The United States sent two warships and 1,500 marines to the Gulf.", [1500]),
        (
            "Norway, Sweden and Denmark pledged 500, 200 and 50 soldiers respectively to the mission in Mali.",
            [500, 200, 50],
        ),
        ("Jordan has sent 200 troops to Syria and 300 to Iraq.", [200, 300]),
    ],
)
def test_each_number_is_counted_where_it_belongs(extractor: Extractor, text: str, counts: list[int]) -> None:
    told = [m.count.low for c in extractor.extract(text).claims for m in c.movers if m.count is not None]

    assert told == counts


@pytest.mark.parametrize(
    ("text", "published", "country", "organisation"),
    [
        (
            "Sudan said South Sudan had sent troops. Juba's information minister Gordon Deng denied it.",
            None,
            "SSD",
            None,
        ),
        ("Hungary will not send troops to Ukraine, Foreign Minister Peter Szijjarto said.", "2025-05-01", "HUN", None),
        ("We will send troops to Poland, NATO chief Mark Rutte said.", None, None, "NATO"),
        ("We will send troops to Saudi Arabia, Imran Khan said.", "2021-05-01", "PAK", None),
        ("We will send troops to Saudi Arabia, Imran Khan said.", "2026-05-01", None, None),
        ("We will send troops to Lebanon, Bashar al-Assad said.", "2026-05-01", None, None),
        ("Egypt will send soldiers to Somalia, three diplomats in Addis Ababa said.", None, None, None),
    ],
)
def test_whose_a_speaker_is_by_title_and_time(
    extractor: Extractor, text: str, published: str | None, country: str | None, organisation: str | None
) -> None:
    claim = extractor.extract(text, published).claims[-1]

    assert claim.speaker is not None
    assert (claim.speaker.country, claim.speaker.organisation) == (country, organisation)
    if published == "2026-05-01":
        assert all(m.kind == "force" for m in claim.movers)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("The United States will send 3,000 troops to Poland, the Wall Street Journal reported.", ["the Wall Street Journal"]),
        ("Serbia's president called reports of troops being sent to Kosovo fake news.", ["Serbia's president"]),
        ("A minister told the Korean Central News Agency that North Korea would send troops to Russia.",
         ["A minister", "Korean Central News Agency"]),
        ("A report by the Hurriyet newspaper said Turkey had sent troops to Libya.",
         ["A report by the Hurriyet newspaper", "Hurriyet"]),
    ],
)  # fmt: skip
def test_a_chain_names_outlets_by_their_whole_names(extractor: Extractor, text: str, links: list[str]) -> None:
    (claim,) = extractor.extract(text).claims

    assert [link.who for link in claim.chain] == links


def test_a_person_is_called_by_the_full_name(extractor: Extractor) -> None:
    (claim,) = extractor.extract("We will send troops to Lebanon, Bashar al-Assad said.").claims

    assert claim.speaker is not None
    assert (claim.speaker.text, claim.speaker.name) == ("Bashar al-Assad", "Bashar al-Assad")


def test_a_speaker_is_found_before_a_clause_that_tells_of_him(extractor: Extractor) -> None:
    (claim,) = extractor.extract("Kenya has deployed troops to Somalia, two officers who took part in it said.").claims

    assert claim.speaker is not None
    assert (claim.speaker.text, claim.speaker.anonymous) == ("two officers", True)


def test_a_unit_is_no_place(extractor: Extractor) -> None:
    (claim,) = extractor.extract("The Pentagon put the 82nd Airborne Division on alert.").claims

    assert [(p.code, p.name) for p in claim.places] == [("USA", "United States")]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Turkish and Russian troops will probably be deployed in the Idlib region, he said.", None),
        ("A mechanism that would bring French forces to the north of Mali is being worked on, he added.", None),
        ("Egypt has sent troops to Sudan, its defence minister said on Monday.", "EGY"),
        ("Troops have left Syria, Defence Minister Sergei Shoigu said.", "RUS"),
    ],
)
def test_the_speaker_stands_outside_what_is_said(extractor: Extractor, text: str, country: str | None) -> None:
    (claim,) = extractor.extract(text).claims

    assert (claim.speaker.country if claim.speaker else None) == country


@pytest.mark.parametrize(
    ("text", "agents"),
    [
        ("Kazakhstan, Kyrgyzstan reportedly asked about sending troops to Syria", []),
        ("Kazakhstan was asked by Russia to send troops to Syria.", ["RUS"]),
        ("Mali welcomed a plan by Fiji to send soldiers to Gao.", ["FJI"]),
    ],
)
def test_who_is_asked_and_who_welcomes_is_no_agent(extractor: Extractor, text: str, agents: list[str]) -> None:
    (claim,) = extractor.extract(text).claims

    assert [a.code for a in claim.agents] == agents


def test_one_sentence_repeated_does_not_cost_more_than_a_long_article(extractor: Extractor) -> None:
    sentence = "Russia has asked Kazakhstan to send soldiers to Syria, a lawmaker said. "

    assert len(extractor.extract(sentence * 2_800).claims) <= 100
