"""The article in a page: trafilatura, set so that the same page always gives the same text."""

from __future__ import annotations

from dataclasses import dataclass

from agents.ingest import neighbours
from agents.ingest.edges import is_prose
from agents.ingest.markup import all_text
from agents.ingest.paragraphs import normalised, paragraphs_of

_NOT_PROSE = [
    "//figure",
    "//figcaption",
    "//aside",
    "//nav",
    "//form",
    "//*[contains(@class, 'caption') and not(.//p[2])]",
]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says: its text, one paragraph a line, and its headline and byline where it marks them."""

    text: str
    title: str | None
    author: str | None


def page_of(html: str) -> Page | None:
    """The article of an HTML page, None where there is no text to be found in it.

    Where no part of it looks like an article (<pre>, or an <aside> alone), it is all text of the page, if there is prose in it.

    With trafilatura's fallbacks (readability, jusText) and without its deduplication, which remembers paragraphs from
    one page to the next: a page's text would depend on what was read before it.
    """
    import trafilatura
    from trafilatura.settings import use_config

    neighbours.install()
    config = use_config()
    # A brief of two sentences is an article too (the default takes texts of 250 characters and more).
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "80")
    config.set("DEFAULT", "MIN_OUTPUT_SIZE", "1")
    document = trafilatura.bare_extraction(
        html,
        include_comments=False,
        include_tables=False,
        deduplicate=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False},
        prune_xpath=_NOT_PROSE,
        config=config,
    )
    text = document.text if document is not None else None
    if not text:
        text = trafilatura.html2txt(html)
    if not text or not text.strip():
        text = _prose_anywhere(html)
    if not text:
        return None
    title = document.title if document is not None else None
    author = document.author if document is not None else None
    return Page(text, title or None, author or None)


def _prose_anywhere(html: str) -> str:
    """All text of a page with prose in it; of asides the prose only, since they mostly hold headlines of others."""
    told = paragraphs_of(normalised(all_text(html, asides=False)))
    if not any(map(is_prose, told)):
        told = [paragraph for paragraph in paragraphs_of(normalised(all_text(html))) if is_prose(paragraph)]
    return "\n".join(told)
