"""The lexicon: its files are sound, its examples are read as they say, and a wrong entry is named."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from agents.enrich.claims.codes import codes_of
from agents.enrich.extract import Extractor
from agents.enrich.language import lexicon as module
from agents.enrich.language.lexicon import LexiconError, lexicon
from streams.records import ACT_FAMILY, ACTS, STATUSES

MOTIONS = tomllib.loads(
    files("agents.enrich.language").joinpath("cues_and_forces", "motions.toml").read_text(encoding="utf-8")
)
CUES = tomllib.loads(
    files("agents.enrich.language").joinpath("cues_and_forces", "cues.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("entry", [*MOTIONS["verb"], *MOTIONS["noun"]], ids=lambda e: e["example"][:50])
def test_the_example_of_a_way_of_moving_is_a_claim_of_its_act(extractor: Extractor, entry: dict[str, str]) -> None:
    claims = extractor.extract(entry["example"]).claims
    assert entry["act"] in {c.act for c in claims} or ACT_FAMILY[entry["act"]] in {ACT_FAMILY[c.act] for c in claims}  # type: ignore[index]


@pytest.mark.parametrize("entry", CUES["status"], ids=lambda e: e["example"][:50])
def test_the_example_of_a_status_cue_has_its_status(extractor: Extractor, entry: dict[str, str]) -> None:
    assert entry["status"] in {c.status for c in extractor.extract(entry["example"]).claims}


@pytest.mark.parametrize("entry", CUES["speech"], ids=lambda e: e["example"][:50])
def test_the_example_of_a_speech_cue_has_its_stance(extractor: Extractor, entry: dict[str, str]) -> None:
    assert entry["stance"] in {c.stance for c in extractor.extract(entry["example"]).claims}


def test_every_act_has_codes_in_every_status() -> None:
    assert all(codes_of(act, status).cameo.isdigit() for act in ACTS for status in STATUSES)


def test_an_entry_with_an_unknown_act_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"act": "teleport", "frame": "goes", "lemmas": ["teleport"], "example": "Troops teleported."}
    monkeypatch.setattr(module, "_read", lambda name: {"verb": [entry], "noun": []})
    with pytest.raises(LexiconError, match=r"motions\.toml: act = 'teleport'"):
        module._motions()


def test_words_are_known_by_part_of_speech() -> None:
    assert lexicon().statuses[("verb", "rule_out")].status == "refused"
    assert lexicon().statuses[("noun", "offer")].status == "offered"
