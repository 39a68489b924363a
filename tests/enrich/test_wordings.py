"""Ordinary ways in which news tells, asks, plans, doubts and dismisses deployments, one sentence each.

`sentences/wordings.jsonl`: `mover` and `place` as codes, or as words where the force or place has none (any words do for a force); `reading` is the group
of the status, or the stance "denies"; null where there is no claim. `gap` marks what is not read right yet.
"""

from __future__ import annotations

import json
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
