"""`muster explain`: what one article claims, on which words, by which rules."""

from __future__ import annotations

import itertools
import re
import sys
import time
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click
import orjson

from streams.commands.failures import BAD_INPUT, Failure
from streams.commands.options import article_options

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from agents.ingest.clean import Text as Read
    from streams.articles_in import ArticleIn
    from streams.records import Article, Claim, Entity, Span
    from streams.stage import Stage

ENTITY_STYLES = {"person": "yellow", "organisation": "magenta", "place": "cyan", "force": "green"}
EVIDENCE_STYLE = "bold"
TRIGGER_STYLE = "underline"
UNNAMED = "unnamed outlet"
TAKEN_WIDTH = 100
"""Characters of a line taken out that are shown: enough to find it by."""


@click.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One line of JSON for each article: text, entities, claims, what was taken out.",
)
@article_options
def explain(file: str, as_json: bool, outlet: str | None, published: str | None) -> None:
    """Show the entities, claims and evidence of the article in FILE, the rules that fired, and what was taken out as page
    furniture.

    FILE is .txt (the first line is the title), .html or .json, or JSONL with one article a line. On a terminal with colours
    the entities are marked in the text; elsewhere they are listed under it.
    """
    from agents.enrich.extract import load
    from agents.ingest.clean import text_of
    from streams import articles_in
    from streams.commands import showing
    from streams.commands.progress import progress
    from streams.dry_run import stages_for
    from streams.records import RawArticle, decode
    from streams.settings import Settings

    settings = Settings.from_environment()
    # Times in the text are resolved against the date of publication: one that we made up must not be used for that.
    placeholder = articles_in.as_time(time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()))
    defaults = articles_in.Defaults(outlet=outlet or UNNAMED, published=published or placeholder)
    try:
        items = list(articles_in.read([file], defaults))
    except articles_in.NoSuchInput as error:
        raise Failure(str(error), BAD_INPUT) from None
    with progress("loading"):
        extractor = load(settings)
        ingest = stages_for(settings, ("ingest",))
    console = showing.console()
    bad = 0
    for item in items:
        try:
            if isinstance(item, articles_in.Unusable):
                raise Failure(f"{item.where}: {item.reason}", BAD_INPUT)
            article = _clean(item, ingest)
        except Failure as failure:
            bad += 1
            failure.show()
            continue
        read = text_of(decode(item.payload, RawArticle), settings)
        known = None if article.published == placeholder else article.published
        extraction = extractor.extract(article.text, known, article.outlet_name)
        # The pipeline reads no claims in the notice that stands in the place of a withdrawn article.
        claims = () if article.status == "withdrawn" else extraction.claims
        if as_json:
            sys.stdout.buffer.write(orjson.dumps(in_json(article, known, extraction.entities, claims, read)) + b"\n")
            sys.stdout.buffer.flush()
            continue
        console.print(heading(article, known))
        console.print()
        console.print(highlighted(article.text, article.body_start, extraction.entities, claims))
        console.print()
        console.print(legend() if console.color_system else listed(extraction.entities))
        console.print()
        for number, claim in enumerate(claims, start=1):
            console.print(claim_in_words(number, claim))
            console.print()
        if read.taken:
            console.print(taken_out(read))
            console.print()
        console.print(
            f"{showing.counted(len(claims), 'claim')}, "
            f"{showing.counted(len(extraction.entities), 'entity', 'entities')}",
            style="dim",
        )
        if read.empty:
            console.print(f"{read.empty}: no text found in it, the headline is all that was read")
        if told := _what_becomes_of(article):
            console.print(told)
    if bad:
        raise Failure(f"{showing.counted(bad, 'article')} could not be used", BAD_INPUT)


def _clean(item: ArticleIn, ingest: Sequence[Stage]) -> Article:
    """The article as ingest makes it. Raises `Failure` with what ingest says against it."""
    from streams.dry_run import DEAD, run

    published = run(ingest, [item.payload], timestamp_ms=int(time.time() * 1000))
    for dead in published.records(DEAD):
        raise Failure(f"{item.where}: {dead.message}", BAD_INPUT)
    article: Article = published.records("articles.v1")[0]
    return article


def in_json(
    article: Article, published: str | None, entities: Sequence[Entity], claims: Sequence[Claim], read: Read
) -> dict[str, Any]:
    """What is shown of an article, for a program: its text with entities and claims as in the records."""
    return {
        "id": article.id,
        "version": article.version,
        "status": article.status,
        "outlet": article.outlet_name,
        "published": published,
        "credits": article.credits,
        "title": article.title,
        "text": article.text,
        "entities": entities,
        "claims": claims,
        "taken_out": [{"line": taken.line, "kind": taken.kind} for taken in read.taken],
        "empty": read.empty,
    }


def _what_becomes_of(article: Article) -> str:
    """What the pipeline does with a later version besides publishing its claims."""
    if article.status == "withdrawn":
        return "withdrawn: no claims of it are published, and those of its earlier versions are void"
    return "a later version: claims of its earlier versions are void" if article.version > 1 else ""


def taken_out(read: Read) -> RenderableType:
    """What ingest took for page furniture, each line with its kind: whoever misses a sentence finds it here."""
    from rich.table import Table

    from streams.commands.showing import plain

    table = Table(
        box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0), title="taken out:", title_justify="left"
    )
    table.title_style = "dim"
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for taken in read.taken:
        line, kind = plain(taken.line), plain(taken.kind)
        table.add_row(kind, line if len(line) <= TAKEN_WIDTH else f"{line[: TAKEN_WIDTH - 1]}…")
    return table


def heading(article: Article, published: str | None) -> RenderableType:
    """Outlet, time and credits, on one line."""
    from rich.text import Text

    from streams.commands.showing import moment, plain

    parts = [plain(article.outlet_name)]
    if published:
        parts.append(moment(published))
    if article.status != "usable":
        parts.append(f"{article.status}, version {article.version}")
    if article.credits:
        parts.append("credits " + ", ".join(dict.fromkeys(credit.agency for credit in article.credits)))
    return Text("  ·  ".join(parts), "dim")


def highlighted(text: str, body_start: int, entities: Sequence[Entity], claims: Sequence[Claim]) -> Text:
    """The text with its entities in colours, evidence in bold and numbered by claim, triggers underlined."""
    from rich.text import Text

    from streams.commands.showing import plain_lines

    styles: list[tuple[int, int, str]] = [(0, max(0, body_start), "bold")]
    styles += [(entity.start, entity.end, ENTITY_STYLES[entity.kind]) for entity in entities]
    ends: dict[int, list[int]] = {}
    for number, claim in enumerate(claims, start=1):
        styles.append((claim.evidence.start, claim.evidence.end, EVIDENCE_STYLE))
        styles.append((claim.trigger.start, claim.trigger.end, TRIGGER_STYLE))
        ends.setdefault(claim.evidence.end, []).append(number)
    cuts = sorted({0, len(text), *(cut for start, end, _ in styles for cut in (start, end)), *ends})
    covering: list[list[str]] = [[] for _ in cuts]
    for start, end, style in styles:
        for index in range(bisect_right(cuts, start) - 1, bisect_right(cuts, end) - 1):
            covering[index].append(style)
    shown = Text()
    for index, (start, end) in enumerate(itertools.pairwise(cuts)):
        shown.append(plain_lines(text[start:end]), " ".join(dict.fromkeys(covering[index])))
        if end in ends:
            shown.append(f" [{', '.join(map(str, ends[end]))}]", "bold red")
    return shown


def legend() -> Text:
    """What the colours mean."""
    from rich.text import Text

    shown = Text()
    for kind, style in ENTITY_STYLES.items():
        shown.append(kind, style)
        shown.append("  ")
    shown.append("evidence", EVIDENCE_STYLE)
    shown.append(" [claim]", "bold red")
    shown.append("  ")
    shown.append("trigger", f"{EVIDENCE_STYLE} {TRIGGER_STYLE}")
    return shown


def listed(entities: Sequence[Entity]) -> RenderableType:
    """The entities in a table, each with all its places in the text: for whoever sees no colours."""
    from rich.table import Table

    from streams.commands.showing import plain

    found: dict[tuple[str, str, str | None], list[str]] = {}
    for entity in entities:
        found.setdefault((entity.kind, entity.name, entity.id), []).append(f"[{entity.start}:{entity.end}]")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for (kind, name, id), places in found.items():
        table.add_row(kind, plain(_party(name, id or name)), " ".join(places))
    return table


def claim_in_words(number: int, claim: Claim) -> RenderableType:
    """All that a claim says, one line a field, with the rules that led to it and why a pattern is one."""
    from rich.table import Table
    from rich.text import Text

    from agents.enrich.claims.patterns import REASONS
    from streams.commands.showing import named, plain

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(justify="right")
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    head = Text(f"{claim.act} · {claim.status} · {claim.stance}", "bold")
    head.append(f"   confidence {claim.confidence:.2f}", "not bold dim")
    table.add_row(Text(f"[{number}]", "bold red"), "", head)

    def row(name: str, values: Iterable[str]) -> None:
        told = "; ".join(plain(value) for value in values if value)
        if told:
            table.add_row("", name, told)

    row(
        "who goes",
        (f"{_party(m.name, m.code)}{_how_many(m.unit, m.count.text if m.count else None)}" for m in claim.movers),
    )
    row("by", (_party(agent.name, agent.code) for agent in claim.agents))
    row("from" if claim.act == "withdraw" else "where to", (_party(p.name, p.code) for p in claim.places))
    row("coming from", (_party(place.name, place.code) for place in claim.origins))
    if claim.when:
        row("when", [f"{claim.when.text} = {claim.when.start} to {claim.when.end} ({claim.when.precision})"])
    if claim.speaker:
        said = claim.speaker
        parts = [
            said.name or said.text,
            said.role,
            _GOVERNMENT.sub(lambda found: named(found[0], found[0]), said.organisation or ""),
            named(said.country, said.country) if said.country else "",
            "unnamed" if said.anonymous else "",
        ]
        row("who says it", [", ".join(dict.fromkeys(part for part in parts if part))])
    row("through", [" → ".join(f"{link.who} ({link.cue})" if link.cue else link.who for link in claim.chain)])
    row("codes", [f"PLOVER {claim.codes.plover}, CAMEO {claim.codes.cameo}"])
    row("rules", [", ".join(claim.rules)])
    row("", (f"{rule}: {REASONS[rule]}" for rule in claim.rules if rule in REASONS))
    row("trigger", [f"{_place_of(claim.trigger)} {claim.trigger.text}"])
    row("evidence", [f"{_place_of(claim.evidence)} {claim.evidence.text}"])
    return table


_GOVERNMENT = re.compile(r"(?<=^government of )[A-Z]{3}$")


def _party(name: str, code: str) -> str:
    from streams.commands.showing import named

    name = named(name, code)
    return name if name == code else f"{name} ({code})"


def _how_many(unit: str | None, count: str | None) -> str:
    """ ": 300 Norwegian soldiers". The words of the force hold those of their number, if they stand together."""
    apart = count and (unit is None or count.casefold() not in unit.casefold())
    told = " ".join(part for part in (count if apart else None, unit) if part)
    return f": {told}" if told else ""


def _place_of(span: Span) -> str:
    return f"[{span.start}:{span.end}]"
