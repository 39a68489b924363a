"""`muster extract`: one answer for each line, in order, whatever the line."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson
import pytest

from streams import records
from streams.commands import failures
from streams.commands.extract import answers, as_json
from tests.commands.test_main import CHECKOUT, run

EXAMPLES = Path(records.__file__).parent / "examples"


@pytest.fixture(scope="module")
def claim() -> records.Claim:
    report = orjson.loads((EXAMPLES / "reports.v1.json").read_bytes())[0]
    return records.decode(orjson.dumps(report["claim"]), records.Claim)


def test_a_claim_is_shown_by_codes_with_the_parties_in_full_beside_them(claim: records.Claim) -> None:
    shown = as_json(claim)
    assert (shown["mover"], shown["agent"], shown["place"]) == (["PRT"], ["PRT"], ["CPV"])
    assert shown["place_name"] == ["Cape Verde"]
    assert shown["count"][0]["high"] == 150
    assert shown["movers"][0]["name"] == "Portugal"
    assert shown["speaker"]["name"] == "Helena Castro"
    assert set(shown["evidence"]) == {"start", "end", "text"}
    assert set(shown["codes"]) == {"plover", "cameo"}
    assert json.loads(orjson.dumps(shown))["rules"] == list(claim.rules)


def test_a_place_of_which_only_the_code_is_known_has_the_name_of_its_country(claim: records.Claim) -> None:
    chad = records.Place(code="TCD", name="TCD", text="there")
    assert as_json(dataclasses.replace(claim, places=(chad,)))["place_name"] == ["Chad"]


@pytest.mark.parametrize(
    ("line", "identity", "said"),
    [
        (b"nonsense", None, "line 2: JSON: "),
        (b"[1]", None, "line 2: JSON: "),
        (b'{"text": "t"}', None, "line 2: id: missing"),
        (b'{"id": "a"}', "a", "line 2: text: missing"),
        (b'{"id": "a", "text": null}', "a", "line 2: text: a string is needed"),
        (b'{"id": 7, "text": ["t"]}', 7, "line 2: text: a string is needed"),
        (b'{"id": "a", "text": "t", "published": "soon"}', "a", "line 2: published: 'soon'"),
        (b'{"id": "a", "text": "t", "published": 2017}', "a", "line 2: published: a string"),
        (b'{"id": "a", "text": "t", "outlet": {}}', "a", "line 2: outlet: a string"),
    ],
)
def test_a_bad_line_names_itself_and_its_field_and_keeps_its_place(
    line: bytes, identity: object, said: str, claim: records.Claim
) -> None:
    def claims_of(text: str, published: str | None, outlet: str | None) -> Iterable[records.Claim]:
        return [claim]

    good = b'{"id": "good", "text": "t"}\n'
    first, bad, last = answers([good, line + b"\n", good], claims_of)
    assert (len(first["claims"]), len(last["claims"])) == (1, 1)
    assert (bad["id"], bad["claims"]) == (identity, [])
    assert bad["error"].startswith(said)


def test_a_text_on_which_extraction_fails_does_not_stop_the_others() -> None:
    def claims_of(text: str, published: str | None, outlet: str | None) -> Iterable[records.Claim]:
        if text == "bad":
            raise IndexError("no such token")
        return []

    first, second = answers([b'{"id": 1, "text": "bad"}', b'{"id": 2, "text": "good"}'], claims_of)
    assert first["error"] == "line 1: text: extraction failed with IndexError: no such token"
    assert second == {"id": 2, "claims": []}


def test_the_day_of_publication_may_be_given_without_a_time() -> None:
    seen: list[str | None] = []

    def claims_of(text: str, published: str | None, outlet: str | None) -> Iterable[records.Claim]:
        seen.append(published)
        return []

    list(answers([b'{"id": 1, "text": "t", "published": "2017-06-22"}', b'{"id": 1, "text": "t"}'], claims_of))
    assert seen == ["2017-06-22T00:00:00Z", None]


FIJI = "Fiji will send 170 soldiers to the Golan Heights, Prime Minister Laisenia Qarase said on Monday."


def test_claims_point_at_their_words_in_the_given_text() -> None:
    text = f"  🪖 Isle Post\n\n{FIJI}  Nobody else said anything.\n"
    result = run("extract", text=json.dumps({"id": 1, "text": text, "published": "2031-09-16"}) + "\n")
    assert (result.returncode, result.stderr) == (0, "")
    (claim,) = json.loads(result.stdout)["claims"]
    assert (claim["act"], claim["mover"]) == ("send", ["FJI"])
    assert claim["place"] == ["Golan Heights"]
    for part in ("evidence", "trigger"):
        assert text[claim[part]["start"] : claim[part]["end"]] == claim[part]["text"]


def test_the_command_answers_every_line_in_order_and_ends_with_the_code_for_bad_input() -> None:
    lines = [
        json.dumps({"id": "a", "text": FIJI}),
        "",
        "nonsense",
        json.dumps({"id": "b", "text": "x" * 300_000}),
        json.dumps({"id": {"any": ["value"]}, "text": ""}),
    ]
    result = run("extract", text="\n".join(lines))
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in found] == ["a", None, "b", {"any": ["value"]}]
    assert result.returncode == failures.BAD_INPUT
    assert "line 3" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_answer_is_written_before_the_next_line_is_given() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "streams.commands.main", "extract"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=CHECKOUT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process, process.stdin as given, process.stdout as told:

        def ask(identity: int) -> Iterator[object]:
            given.write(orjson.dumps({"id": identity, "text": FIJI}) + b"\n")
            given.flush()
            yield json.loads(told.readline())["id"]

        assert [next(ask(identity)) for identity in (1, 2)] == [1, 2]


@pytest.mark.parametrize("model", ["xx_no_such_model", "xx"])
def test_a_model_that_is_not_installed_is_a_wrong_setting(model: str) -> None:
    result = run("extract", settings={"MUSTER_SPACY_MODEL": model})
    assert result.returncode == failures.SETTINGS
    assert "MUSTER_SPACY_MODEL" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("identity", "said"),
    [
        ("[" * 300 + "]" * 300, "line 2: id: nested too deeply"),
        ("18446744073709551616", "line 2: id: a number of more than 64 bits"),
        ('["a", {"b": 18446744073709551616}]', "line 2: id: a number of more than 64 bits"),
    ],
)
def test_an_id_that_cannot_be_given_back_is_refused_and_the_next_line_answered(identity: str, said: str) -> None:
    lines = [
        '{"id": 18446744073709551615, "text": ""}',
        f'{{"id": {identity}, "text": ""}}',
        '{"id": 1.5, "text": ""}',
    ]
    result = run("extract", text="\n".join(lines))
    first, bad, last = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["id"], bad["id"], last["id"]) == (18446744073709551615, None, 1.5)
    assert bad["error"].startswith(said)
    assert (result.returncode, "Traceback" in result.stderr) == (failures.BAD_INPUT, False)
