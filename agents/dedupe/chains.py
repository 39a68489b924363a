"""Stories that go on through several texts: the third version of an agency's story copies the second, which copies the first.

A record on `stories.v1` names the earliest article that has enough of its text in common *with that very article*; it is
decided by one partition, from what the index answered. A story that grows from version to version may have little of its
first text at last. Whoever wants it as one follows the links, over the records of all articles: `whole_story`.
"""

from __future__ import annotations

from collections.abc import Mapping

from streams.records import Story


def whole_story(article: str, stories: Mapping[str, Story]) -> str:
    """The article with which the chain of copies begins that `article` belongs to.

    `stories` has the last word on each article; the result is a function of that set. Origins are earlier than their copies,
    so every chain ends. Raises KeyError for an article without a record.
    """
    at = stories[article]
    seen = {article}
    while (origin := _origin(at, stories)) is not None:
        if origin.article in seen or not _may_go_on(at, origin):
            return origin.article
        seen.add(origin.article)
        at = origin
    return at.story


def _origin(story: Story, stories: Mapping[str, Story]) -> Story | None:
    """The record to go on with; None at the end of a chain, or where the next record is not known."""
    origin = stories.get(story.story)
    if origin is None or origin.article == story.article:
        return None
    closest = stories.get(story.of) if story.of is not None and story.of != story.article else None
    # Two copies of one article must come to one end, so the later follows the one that it is closest to.
    return closest if closest is not None and closest.story == origin.article else origin


def _may_go_on(later: Story, origin: Story) -> bool:
    """Whether a text has anything to do with what its origin copies.

    A part of a text that itself has another one within it need not: of two agencies' stories that an outlet merged, each is
    a part. Together they are less than half of it each, so they may have nothing in common.
    """
    return not (later.relation == "excerpt" and later.of == origin.article and origin.relation == "expanded")
