"""Whether one report retells another in words of its own, and how sure that is.

A rewrite shares no run of words with its original. It keeps what is told: the minor names, in the order in which they
come, the figures, the unnamed source, the words that are quoted. Each adds to the odds that two reports go back to one
(a sum of logarithms, as in naive Bayes); `sureness` is the probability that they amount to. The weights were set by hand on
the pairs of `tests/corroborate/rewrites.toml` and the pages of `tests/dedupe/pages`: a rank more than a rate.

Names and figures alone seldom tell a rewrite: who reports on an event names its people and counts its dead. Of 965 pairs of
pages on one event that share no story 9 have more than 0.8, the surest, two agencies' first flashes, 0.98. So a likely
rewrite counts as one source with what it retells only if it cites its outlet or agency as well ("told Reuters"; a name that stands
elsewhere says nothing), or has nearly all of its names (`is_retold`). All others are told as a doubt and counted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from agents.corroborate.credits import names_of_credit, names_of_outlet
from agents.corroborate.texts import key_of, text_of
from streams.records import ArticleReference, Report
from streams.stage import Rejected
from wirecopy import figures, names
from wirecopy.citing import house_key
from wirecopy.fingerprint import words
from wirecopy.speakers import Identity, fold_name, identity_of, is_same

LIKELY = 0.8
"""Sureness from which it is told that one report perhaps retells another."""
NEARLY_ALL = 0.85
MANY_NAMES = 12
SAME_ORDER = 0.7
"""Two reports are one source if so much of the shorter one's minor names, and so many, are in the other, mostly in the same
order: 0 of 965 pairs that do not go back to one story. A source that is joined by a doubt would hide the independent report
that the desk waits for."""
START = -7.5
"""Log-odds of any two reports of one event: one pair in 1,800, so that hardly one in a hundred pairs that do not belong together
reach `LIKELY`."""
NAMES = 8.0
"""For the share of the shorter one's minor names that the other has: rewrites have 0.56 to 1, independent reports of some length
to 0.8."""
FEWEST_NAMES = 6
"""Fewer in common say nothing: everybody who reports on an event names its towns and ministers. Of two flashes all four may be
the same."""
LEAST_SHARE = 1 / 3
"""Nor does a smaller share of the shorter one's. With it most of a thousand reports of one event are not compared further."""
ORDER = 3.0
ORDER_EXPECTED = 0.6
"""For the share of the common names that come in the same order, above what chance gives: of ten names in any order some five
are (2 * sqrt(10) is the limit of Vershik and Kerov 1977), of four three."""
FIGURES = 16.0
FIGURES_EXPECTED = 0.3
FEWEST_FIGURES = 3
FIGURES_WEIGH = (-4.0, 3.0)
"""For the share of the shorter list of figures but the count of the troops, if it has so many, that the other gives as well, above what reports of one
event mostly have in common (0 to 0.4; rewrites 0.38 to 1): at least and at most so much. Names alone would join whoever mentions the
same few people."""
COUNT = 0.5
"""For one count of the troops: whoever reports on an event may have it."""
UNNAMED = 1.0
"""For one description of an unnamed source ("diplomat")."""
QUOTED = 2.0
QUOTED_WORDS = 4
"""For so many words in a row that both quote."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What a report tells, without its words."""

    names: tuple[int, ...]
    """Minor ones: without those of the mover, the place and who asks for it, which every report of the event has."""
    named: frozenset[int]
    of_the_event: frozenset[int]
    """Those that were left out."""
    figures: tuple[figures.Figure, ...]
    speaker: Identity | None
    unnamed: str
    count: tuple[int | None, int | None] | None
    quoted: frozenset[tuple[str, ...]]
    cites: frozenset[str]
    """Whom the article gives as those that it has its report from, without the parties of the event."""
    houses: frozenset[str]
    """The names of the outlet and of the agencies that the article credits, as `cites` has them."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How sure it is that two reports go back to one, and by what: minor names, those in the same order, figures.

    `of` is how many minor names the shorter one has; `cites` whether one of them gives the outlet or an agency of the
    other as where it has its report from.
    """

    sureness: float
    names: int
    in_order: int
    figures: int
    of: int
    cites: bool


def is_retold(found: Likeness) -> bool:
    """Whether two reports count as one source."""
    if found.cites:
        return found.sureness >= LIKELY
    many = found.names >= MANY_NAMES and found.names >= NEARLY_ALL * found.of
    return many and found.in_order >= SAME_ORDER * found.names and found.sureness >= LIKELY


def names_in(article: ArticleReference) -> tuple[int, ...]:
    """The names in the article. Raises `Rejected` for what are none."""
    try:
        return names.from_text(article.names)
    except ValueError as error:
        raise Rejected("article.names", str(error)) from None


def telling_of(report: Report) -> Telling:
    """What a report tells. Raises `Rejected` for an article whose names, figures or text are none."""
    claim, place, speaker = report.claim, report.place, report.claim.speaker
    parties = [
        report.mover.name, report.mover.text,
        *(text for agent in claim.agents for text in (agent.name, agent.text)),
        *((place.name, place.text) if place is not None else ()),
    ]  # fmt: skip
    of_the_event = names.hashes_of(parties)
    found = names_in(report.article)
    minor = tuple(name for name in found if name not in of_the_event)
    called = [
        *names_of_outlet(report.article.outlet_name),
        *(name for credit in report.article.credits for name in names_of_credit(credit)),
    ]
    said = words(claim.quote.text) if claim.quote is not None else []
    return Telling(
        names=minor,
        named=frozenset(minor),
        of_the_event=of_the_event,
        figures=text_of(key_of(report.article)).figures.kept,
        speaker=identity_of(speaker),
        unnamed=fold_name(speaker.role or "") if speaker is not None and speaker.anonymous else "",
        count=None if report.mover.count is None else (report.mover.count.low, report.mover.count.high),
        quoted=frozenset(tuple(said[at : at + QUOTED_WORDS]) for at in range(len(said) - QUOTED_WORDS + 1)),
        cites=frozenset(name for name in report.article.cites if not names.hashes_of([name]) <= of_the_event),
        houses=frozenset(map(house_key, called)) - {""},
    )


def likeness(one: Telling, other: Telling) -> Likeness | None:
    """How alike two reports are in what they tell; None for those that cannot be a rewrite of each other: two that quote
    two known speakers, and two that have too few names in common. Symmetric."""
    common = one.named & other.named
    if len(common) < FEWEST_NAMES or len(common) < LEAST_SHARE * min(len(one.named), len(other.named)):
        return None
    if one.speaker is not None and other.speaker is not None and not is_same(one.speaker, other.speaker):
        return None
    # What is a party in either report is no minor name in the other.
    ours = [name for name in one.names if name not in other.of_the_event]
    theirs = [name for name in other.names if name not in one.of_the_event]
    in_order = _in_order([name for name in ours if name in common], [name for name in theirs if name in common])
    counted = {bound for count in (one.count, other.count) if count is not None for bound in count}
    minor = [[figure for figure in told.figures if figure[2] not in counted] for told in (one, other)]
    # What is the same counts in both texts.
    same, fewer = figures.compare(*map(figures.in_context, minor)).same // 2, min(map(len, minor))
    weight = FIGURES * (same / fewer - FIGURES_EXPECTED) if fewer >= FEWEST_FIGURES else 0.0
    odds = (
        START
        + NAMES * len(common) / min(len(ours), len(theirs))
        + ORDER * (in_order / len(common) - ORDER_EXPECTED)
        + max(FIGURES_WEIGH[0], min(FIGURES_WEIGH[1], weight))
        + COUNT * (one.count is not None and one.count == other.count)
        + UNNAMED * (bool(one.unnamed) and one.unnamed == other.unnamed)
        + QUOTED * (not one.quoted.isdisjoint(other.quoted))
    )
    return Likeness(
        sureness=round(1 / (1 + exp(-odds)), 4),
        names=len(common),
        in_order=in_order,
        figures=same,
        of=min(len(ours), len(theirs)),
        cites=_cites_a_house(one, other) or _cites_a_house(other, one),
    )


def _cites_a_house(one: Telling, other: Telling) -> bool:
    return not one.cites.isdisjoint(other.houses)


def _in_order(ours: Sequence[int], theirs: Sequence[int]) -> int:
    """How many of the same names come in one order in both: the longest common subsequence, found as the longest rising one
    of places (Fredman 1975)."""
    place = {name: at for at, name in enumerate(ours)}
    ends: list[int] = []
    for name in theirs:
        at = bisect_left(ends, place[name])
        ends[at : at + 1] = [place[name]]
    return len(ends)
