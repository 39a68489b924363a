"""`muster explain`: an article with what it claims, and why."""

from __future__ import annotations

import io
from pathlib import Path

import orjson
import pytest
from rich.console import Console
from rich.text import Text

from agents.enrich.claims.patterns import REASONS
from streams import records
from streams.commands.explain import claim_in_words, highlighted
from tests.commands.test_main import run

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
