"""A raw article to a clean one: checked, normalised, without page furniture, with outlet, credits and fingerprint."""

from __future__ import annotations

from dataclasses import dataclass

from agents.ingest.checks import (
    TITLE_LENGTH,
    checked_credits,
    checked_id,
    checked_language,
    checked_outlet,
    checked_published,
    checked_version,
)
from agents.ingest.edges import is_page_word
from agents.ingest.furniture import Taken, sorted_out
from agents.ingest.html import Page, page_of
from agents.ingest.markup import TAGS, all_text, is_markup, is_page, tags_in
from agents.ingest.paragraphs import normalised, one_line, paragraphs_of
from streams.records import Article, Credit, RawArticle
from streams.settings import Settings
from streams.stage import Rejected
from wirecopy.credits import byline_credits, distinct, given_credits, is_byline
from wirecopy.outlets import Identified, directory, identify, slug_of
from wirecopy.prose import prose_of
from wirecopy.sketch import sketch_of

HEADLINE_WORDS = 25
"""A first paragraph of at most so many words that does not end as a sentence is a headline, where no title is given."""
BYLINE_WITHIN = 2
"""Paragraphs at the start of the body in which a byline may stand."""
BYLINE_CHARACTERS = 300
CREDITED = 100
"""Most agencies and outlets that an article keeps as credited, the first found: every report of it carries them all."""


@dataclass(frozen=True, slots=True)
class Text:
    """The headline and the paragraphs of the body, a byline if the page gave one, and what was taken out as furniture.

    `empty`: the field that holds something, but no text; the headline is all there is.
    """

    title: str
    paragraphs: tuple[str, ...]
    byline: str | None
    taken: tuple[Taken, ...]
    empty: str | None


def article_of(raw: RawArticle, received_ms: int, settings: Settings) -> Article:
    """The clean article. `received_ms`: when the broker or producer had it, in milliseconds since 1970 UTC.

    Raises `Rejected` with the field that cannot be used.
    """
    id = checked_id(raw)
    outlet = identify(checked_outlet(raw))
    published = checked_published(raw, received_ms, settings)
    version = checked_version(raw)
    given = checked_credits(raw)
    language = checked_language(raw)
    text = text_of(raw, settings)
    if not text.paragraphs and not text.title and raw.status != "withdrawn":
        title = "the title is page furniture" if one_line(raw.title) else "no title either"
        raise Rejected(text.empty or ("body" if raw.html is None else "html"), f"no text found, and {title}")
    body = "\n\n".join(text.paragraphs)
    whole = f"{text.title}\n\n{body}" if text.title else body
    if len(whole) > settings.article_characters:
        raise Rejected(
            "html" if raw.body is None else "body",
            f"{len(whole)} characters of text, more than {settings.article_characters}",
        )
    byline = one_line(raw.byline or "")[:BYLINE_CHARACTERS] or text.byline
    prose = prose_of(text.paragraphs)
    found = (*(byline_credits(byline) if byline else ()), *prose.credits, *given_credits(given))
    credits = distinct(credit for credit in found if not _is_its_own(credit, outlet))[:CREDITED]
    told = [piece.text for piece in prose.pieces]
    sketch = sketch_of([] if raw.status == "withdrawn" else told if any(told) else [text.title])
    return Article(
        id=id,
        version=version,
        status=raw.status,
        outlet=outlet.slug,
        outlet_name=outlet.name,
        family=outlet.family,
        url=raw.url.strip() if raw.url and raw.url.strip() else None,
        title=text.title,
        text=whole,
        body_start=len(whole) - len(body),
        published=published,
        language=language,
        byline=byline,
        dateline=prose.place,
        credits=credits,
        fingerprint=sketch.fingerprint,
        speech=sketch.speech,
        lead=sketch.lead,
        figures=sketch.figures,
        named=sketch.named,
    )


def _is_its_own(credit: Credit, outlet: Identified) -> bool:
    """Whether an outlet credits itself. An agency that does so says that the text is its own."""
    known = directory()
    if credit.agency in known.agencies:
        return False
    # "The Guardian" of one country is not that of another, though their names are alike.
    if credit.agency == outlet.slug or credit.agency in known.outlet_by_domain:
        return credit.agency == outlet.slug
    return _bare(credit.agency) in (_bare(slug_of(outlet.name)), _bare(outlet.slug))


def _bare(slug: str) -> str:
    """A slug by which "The Islander", "islander" and "the-islander.example" are one."""
    return slug.split(".", maxsplit=1)[0].replace("-", "").removeprefix("the")


def text_of(raw: RawArticle, settings: Settings) -> Text:
    """Headline and body of a raw article; the body from `body`, or from `html` where there is no `body`."""
    title = one_line(raw.title)
    if len(title) > TITLE_LENGTH:
        raise Rejected("title", f"{len(title)} characters, more than {TITLE_LENGTH}")
    page = None
    source = normalised(raw.body or "")
    if source and not is_markup(source):
        paragraphs = paragraphs_of(source)
    elif source:
        # An article from a feed or an archive often comes with its tags, and is one already: nothing of it may be lost.
        page = _page_in(source, "body") if is_page(source) else None
        paragraphs = _paragraphs_of(page) or paragraphs_of(normalised(all_text(source)))
    elif raw.html and raw.html.strip():
        page = _page_in(raw.html.replace("\x00", ""), "html")
        paragraphs = _paragraphs_of(page)
    else:
        paragraphs = []
    given = "body" if source else "html" if raw.html and raw.html.strip() else None
    byline = None
    if page is not None:
        title = title or one_line(page.title or "")[:TITLE_LENGTH]
        byline = one_line(page.author or "")[:BYLINE_CHARACTERS] or None
    taken: list[Taken] = []
    if is_page_word(title):
        # The first line of a saved page is often a link for screen readers, not its headline.
        taken.append(Taken(title, "title of a page"))
        title = ""
    page_lines = sorted_out(paragraphs, title)
    taken += page_lines.taken
    kept = list(page_lines.kept)
    if not title and len(kept) > 1 and _is_headline(kept[0]):
        title, page_lines = kept[0], sorted_out(kept[1:], kept[0])
        taken += page_lines.taken
        kept = list(page_lines.kept)
    for position, paragraph in enumerate(kept[:BYLINE_WITHIN]):
        if is_byline(paragraph):
            byline = byline or paragraph
            del kept[position]
            break
    return Text(title, tuple(kept), byline, tuple(taken), None if kept else given)


def _page_in(markup: str, field: str) -> Page | None:
    tags = tags_in(markup)
    if tags > TAGS:
        raise Rejected(field, f"{tags} tags, more than {TAGS}")
    return page_of(markup)


def _paragraphs_of(page: Page | None) -> list[str]:
    """A page gives a paragraph a line, but for one that was wrapped by hand (<pre>)."""
    lines = [flat for line in normalised(page.text).split("\n") if (flat := line.strip())] if page else []
    return paragraphs_of("\n".join(lines)) if lines else []


def _is_headline(paragraph: str) -> bool:
    return len(paragraph.split()) <= HEADLINE_WORDS and paragraph.rstrip("\"”’')")[-1:] not in ".:;,"
