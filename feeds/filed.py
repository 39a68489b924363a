"""Articles of a document that lies in a file: nothing is fetched, and nothing is known of earlier readings."""

from __future__ import annotations

from collections.abc import Iterator

from feeds.articles import article_of, name_of_own, own_text, told_as
from feeds.entry import Document, Problem
from streams.records import RawArticle


def articles_of(
    document: Document, *, outlet: str | None, published: str | None, now: str
) -> Iterator[RawArticle | Problem]:
    """Each article, or why it is none. `outlet`, `published`: for entries that do not say so; `now` in RFC 3339."""
    yield from document.problems
    for entry in document.entries:
        text = own_text(entry)
        told = told_as(None, entry, "")
        who = entry.outlet or outlet
        when = (entry.updated if entry.version else None) or entry.published or entry.updated or published
        if entry.embargoed and entry.embargoed > now:
            yield Problem(entry=entry.key, reason=f"is embargoed until {entry.embargoed}")
        elif told is None:
            yield Problem(entry=entry.key, reason="its provider withholds it")
        elif not who:
            yield Problem(entry=entry.key, reason="does not say its outlet: give --outlet")
        elif not when:
            yield Problem(entry=entry.key, reason="does not say when it was published: give --published")
        else:
            yield article_of(
                entry,
                id=name_of_own(entry, permanent_ids=document.permanent_ids),
                outlet=who,
                published=when,
                text=text,
                told=told,
            )
