"""`muster explain`: an article with what it claims, and why."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import pytest
from rich.console import Console
from rich.text import Text

from agents.enrich.claims.patterns import REASONS
from streams import records
from streams.commands.explain import claim_in_words, highlighted
from tests.commands.test_main import CHECKOUT, run

EXAMPLES = Path(records.__file__).parent / "examples"


@pytest.fixture(scope="module")
def article() -> records.Article:
    return records.decode(orjson.dumps(orjson.loads((EXAMPLES / "articles.v1.json").read_bytes())[0]), records.Article)


@pytest.fixture(scope="module")
def claim() -> records.Claim:
    report = orjson.loads((EXAMPLES / "reports.v1.json").read_bytes())[0]
    return records.decode(orjson.dumps(report["claim"]), records.Claim)


def styled(text: Text, words: str, after: int = 0) -> str:
    """All styles that cover the first place of `words` from `after` on."""
    start = text.plain.index(words, after)
    return " ".join(str(span.style) for span in text.spans if span.start <= start and span.end >= start + len(words))


def test_evidence_is_marked_with_the_number_of_its_claim_and_names_have_their_colour(
    article: records.Article, claim: records.Claim
) -> None:
    start = article.text.index("Portugal will")
    entity = records.Entity(kind="place", name="Portugal", id="PRT", start=start, end=start + len("Portugal"))
    text = highlighted(article.text, article.body_start, [entity], [claim, claim])
    assert f"{claim.evidence.text} [1, 2]" in text.plain
    assert text.plain.replace(" [1, 2]", "") == article.text
    assert "bold" in styled(text, article.title)
    evidence = text.plain.index("Portugal will")
    covering = [str(span.style) for span in text.spans if span.start == evidence]
    assert any("cyan" in style and "bold" in style for style in covering)
    assert "underline" in styled(text, claim.trigger.text, after=evidence)


def test_a_text_without_claims_is_shown_as_it_is() -> None:
    assert highlighted("Title\n\nNothing happened.", 7, [], []).plain == "Title\n\nNothing happened."
    assert highlighted("", 0, [], []).plain == ""


def test_control_characters_do_not_shift_the_marks() -> None:
    text = "Title\n\nA\u200b\x1b[2J claim. More."
    start = text.index("A")
    end = text.index(" More")
    words = records.Span(start=start, end=end, text=text[start:end])
    made = orjson.loads((EXAMPLES / "reports.v1.json").read_bytes())[0]["claim"]
    made |= {"evidence": orjson.loads(orjson.dumps(words)), "trigger": orjson.loads(orjson.dumps(words))}
    shown = highlighted(text, 7, [], [records.decode(orjson.dumps(made), records.Claim)]).plain
    assert shown == "Title\n\nA [2J claim. [1] More."


def test_a_claim_names_its_parties_its_speaker_and_the_rules_that_fired(claim: records.Claim) -> None:
    console = Console(file=io.StringIO(), width=160)
    console.print(claim_in_words(3, claim))
    assert isinstance(console.file, io.StringIO)
    told = " ".join(console.file.getvalue().split())
    assert told.startswith(f"[3] {claim.act} · {claim.status} · {claim.stance}")
    assert "Portugal (PRT)" in told
    assert "Cape Verde (CPV)" in told
    assert "Helena Castro, Defence Minister" in told
    assert f"rules {', '.join(claim.rules)}" in told
    assert "force is moved" in claim.rules
    assert f"force is moved: {REASONS['force is moved']}" in told
    assert f"[{claim.evidence.start}:{claim.evidence.end}] {claim.evidence.text}" in told


def test_a_text_file_is_explained_with_its_claims_and_rules(tmp_path: Path) -> None:
    path = tmp_path / "fiji.txt"
    path.write_text(
        "Fiji to send soldiers to the Golan Heights\n\n"
        "Fiji will send 170 soldiers to the Golan Heights on Monday, Prime Minister Laisenia Qarase said.\n",
        encoding="utf-8",
    )
    result = run("explain", str(path), "--outlet", "Isle Post", "--published", "2019-09-16")
    assert (result.returncode, result.stderr) == (0, "")
    told = " ".join(result.stdout.split())
    assert "Isle Post · 16 Sep 2019" in told
    assert "[1]" in told
    assert "Fiji (FJI)" in told
    assert "Golan Heights" in told
    assert " rules " in told
    assert run("explain", str(path)).returncode == 0, "outlet and time are not needed to read a text"


def test_an_article_that_ingest_would_refuse_is_refused_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text('{"id": "1", "outlet": "o", "published": "yesterday", "body": "Troops left."}')
    result = run("explain", str(path))
    assert result.returncode == 5
    assert "published" in result.stderr
    assert "Traceback" not in result.stderr


def told_of(claim: records.Claim) -> str:
    console = Console(file=io.StringIO(), width=160)
    console.print(claim_in_words(1, claim))
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split())


def test_a_number_is_told_once_whether_the_words_of_the_force_hold_it_or_not(claim: records.Claim) -> None:
    count = records.Count(text="Two", low=2, high=2, qualifier=None, unit="aircraft")
    for unit, told in (
        ("Two transport aircraft", "Portugal (PRT): Two transport aircraft"),
        ("transport aircraft", "Portugal (PRT): Two transport aircraft"),
        (None, "Portugal (PRT): Two"),
    ):
        force = dataclasses.replace(claim.movers[0], unit=unit, count=count)
        assert f"who goes {told} by" in told_of(dataclasses.replace(claim, movers=(force,)))


def test_a_country_of_which_only_the_code_is_known_is_called_by_its_name(claim: records.Claim) -> None:
    speaker = records.Speaker(text="Belgrade", organisation="government of SRB", country="SRB")
    told = told_of(
        dataclasses.replace(
            claim,
            movers=(records.Force(code="NOR", name="NOR", kind="country", text="the two countries"),),
            places=(records.Place(code="TCD", name="TCD", text="there"),),
            speaker=speaker,
        )
    )
    assert "who goes Norway (NOR)" in told
    assert "where to Chad (TCD)" in told
    assert "who says it Belgrade, government of Serbia, Serbia" in told


@pytest.fixture(scope="module")
def norwegian() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "norway.txt"
        path.write_text(
            "Norway sends soldiers\n\nNorway will send 300 soldiers to Mali on Monday, Norway's army said.\n",
            encoding="utf-8",
        )
        yield str(path)


def test_without_colours_the_entities_are_listed_with_their_places(norwegian: str) -> None:
    result = run("explain", norwegian)
    assert (result.returncode, result.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "place Norway (NOR) [0:6] [23:29] [72:78]" in lines
    assert "place Mali (MLI) [56:60]" in lines
    assert not any("trigger" in line and "evidence" in line for line in lines), "a legend of colours that are not there"


def test_a_program_is_given_text_entities_and_claims_as_json(norwegian: str) -> None:
    result = run("explain", norwegian, "--json", "--published", "2019-09-16")
    assert (result.returncode, result.stderr) == (0, "")
    (line,) = result.stdout.splitlines()
    told = orjson.loads(line)
    assert (told["status"], told["published"]) == ("usable", "2019-09-16T00:00:00Z")
    claims = [records.decode(orjson.dumps(claim), records.Claim) for claim in told["claims"]]
    entities = [records.decode(orjson.dumps(entity), records.Entity) for entity in told["entities"]]
    assert {entity.id for entity in entities} == {"NOR", "MLI"}
    assert claims
    for claim in claims:
        assert told["text"][claim.evidence.start : claim.evidence.end] == claim.evidence.text


def test_a_withdrawn_article_is_said_to_publish_no_claims() -> None:
    (sample,) = (CHECKOUT / "samples").glob("18*.json")
    result = run("explain", str(sample))
    assert result.returncode == 0
    told = " ".join(result.stdout.split())
    assert "0 claims" in told
    assert told.endswith("withdrawn: no claims of it are published, and those of its earlier versions are void")
    assert orjson.loads(run("explain", "--json", str(sample)).stdout)["claims"] == []


def test_what_was_taken_out_as_page_furniture_is_shown_with_its_kind(tmp_path: Path) -> None:
    path = tmp_path / "norway.txt"
    path.write_text(
        "Norway sends soldiers\n\nNorway will send 300 soldiers to Mali on Monday, Norway's army said.\n\n"
        "Share on Facebook\n\nMost read\n\nThe bear in the cellar\n",
        encoding="utf-8",
    )
    lines = [" ".join(line.split()) for line in run("explain", str(path)).stdout.splitlines()]
    start = lines.index("taken out:")
    assert lines[start + 1 : start + 4] == [
        "sharing Share on Facebook",
        "headings of other headlines Most read",
        "headlines below it The bear in the cellar",
    ]
    told = orjson.loads(run("explain", "--json", str(path)).stdout)
    assert told["taken_out"][0] == {"line": "Share on Facebook", "kind": "sharing"}
    assert told["empty"] is None


def test_a_page_in_which_no_text_was_found_is_said_to_be_read_for_its_headline_only(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    page = "<html><body><script id='__NEXT_DATA__'>{'body': 'Troops left.'}</script></body></html>"
    article = {"id": "1", "outlet": "o", "published": "2019-09-16", "title": "Norway sends soldiers", "html": page}
    path.write_bytes(orjson.dumps(article))
    assert "html: no text found in it, the headline is all that was read" in run("explain", str(path)).stdout
    path.write_bytes(orjson.dumps(article | {"title": ""}))
    assert "html: no text found, and no title either" in " ".join(run("explain", str(path)).stderr.split())
