"""What one article is to another: from what their texts have in common and what both say of themselves.

`compared` counts, `between` decides. Thresholds are measured by `bench/copies.py` over texts with known changes; the
docstring beside each says what it separates.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from streams.records import ArticleStatus, Notice, Relation
from wirecopy.bitmaps import Bits
from wirecopy.figures import NONE_MEET
from wirecopy.figures import compare as figures_compared
from wirecopy.named import NONE_MEET as NO_NAMES_MEET
from wirecopy.named import compare as names_compared
from wirecopy.sketch import LEAD, SPEECH, Text

WHOLE = 0.5
"""A text is *in* the other if half of its hashes are. A word changed costs five 5-grams, so a copy in which one word in
ten was changed keeps 0.9 ** 5 = 0.59 of them; follow-ups that repeat the background of the day before share 0.1 to 0.4."""
SHORT = 15
"""Hashes of a text below which it is short: some 80 words."""
SHORT_WHOLE = 0.75
"""So much of a short text must be found where no figures say that it is the same: ten hashes are few, and templates are
short. Bulletins on two earthquakes, two sanctions packages or the losses of two days share 0.5 to 0.72."""
FIGURES_AGREE = 4
"""So many figures that meet (counted in both texts) and are the same, three of four at least, are enough to take a short text
as a long one."""
FIGURES_EDITED = 4
"""Below this, other figures are one or two at most (each counts in both texts) and may be an editor's."""
FIGURES_OTHER = 0.4
"""Share of the figures that meet which are other ones, from `FIGURES_EDITED` on, in bulletins of one template. Of 7,600
pairs of bulletins that `tests/dedupe/bulletins.py` makes of 14 templates 0.44 is the least where more than the day
differs, and half have more than 0.85; of 4,200 edited copies (a figure edited, all rounded, cut, with own paragraphs)
0.25 is the most."""
FIGURE_FOR = 25
"""Hashes of text, some 140 words, for each of which one other figure at least must be told: who edits a few figures in a
long text has not written another."""
NAMES_OTHER = 0.3
"""Share of the names that meet which are other ones, above which two short texts are notices of one template. Of 5,096 pairs of
copies, changed as `bench/copies.py` does it and both cut to 60, 100 and 150 words, one has more; the notices of
`tests/dedupe/namesakes.toml` have 0.33 and more."""
PART = 0.3
"""Both contain that much of each other, and neither half: a copy cut and merged with as much of one's own, or edited
throughout. Only of texts that are not short, and between different publishers: one outlet's follow-ups share that much
background with each other."""
SAME_PUBLISHER_BOTH = 0.65
"""Within one outlet or family, both must be in each other this far: short notices are up to two thirds standing text of
the house. What is missed costs little, as one publisher is one source anyway."""
SAME_PUBLISHER_ONE = 0.75
"""Or one of them this far in the other: a flash that grew into a story. In either case they share something of a lead:
two notices under one standing text have none in common, however short they are."""
PROSE = 0.2
"""So much of what either says outside of quotations must be in the other as well, or they share only what somebody said.
Copies have as much of their prose in common as of the whole; independent reports of one statement less than 0.1."""
FEW = 4
"""Hashes outside of quotations below which a text is all speech, and the speech decides."""
ALL_SPEECH = 0.9
"""So much of a text that is all speech must be found."""
QUOTED = 3
"""Fewest hashes of speech in common for quote reuse: some 20 to 30 words."""
BRIEF = 30
"""Hashes of a text, some 160 words, below which it may be no more than the lead of another with whatever an outlet prints
under it: a page behind a pay wall, a note in a column of briefs."""
BRIEF_LEAD = 0.75
"""So much of both leads must be the same then. Leads are written anew for every story, but for templates, whose figures
differ."""
SHARED = 4
"""Fewest hashes in common. Four winnowed hashes are some 30 to 50 words; below it two short texts are the same only if
they are equal, which the hash of all words says ("300 troops" and "3,000 troops" stay apart)."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a later and an earlier text have in common, in numbers of hashes.

    `shared` of the later one's `size` hashes are among the earlier one's `other`. `speech` of the shared lie in quotations
    in both, `speech_size` of the later one's and `speech_other` of the earlier one's at all. `lead`: how many of the shared
    lie in the lead of either, and `leads` in that of both, of `lead_size` in the later one's and `lead_other`. Figures that
    meet (`wirecopy/figures.py`) are counted in both texts, names that meet (`wirecopy/named.py`) once.
    """

    shared: int
    size: int
    other: int
    speech: int = 0
    speech_size: int = 0
    speech_other: int = 0
    lead: int = 0
    leads: int = 0
    lead_size: int = 0
    lead_other: int = 0
    same_figures: int = 0
    other_figures: int = 0
    same_names: int = 0
    other_names: int = 0

    @property
    def contained(self) -> float:
        """Share of the later one found in the earlier one."""
        return rounded(self.shared, self.size)

    @property
    def containing(self) -> float:
        """Share of the earlier one found in the later one."""
        return rounded(self.shared, self.other)


class Side(Protocol):
    """What is asked of each of two articles: fields that `Anchors`, `Matches` and `Candidate` have."""

    @property
    def article(self) -> str: ...
    @property
    def published(self) -> str: ...
    @property
    def outlet(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def agencies(self) -> tuple[str, ...]: ...


def rounded(part: int, whole: int) -> float:
    """A share as records carry it: four decimals, so that it is the same number wherever it is computed."""
    return round(part / whole, 4) if whole else 0.0


def compared(later: Text, earlier: Text) -> Overlap:
    """The overlap of two texts."""
    hits, places = places_in(later, earlier)
    return overlap_at(later, earlier, hits, places)


def places_in(later: Text, earlier: Text) -> tuple[Bits, NDArray[np.intp]]:
    """Which hashes of the later text are in the earlier one, and at which places there."""
    ours, theirs = later.hashes, earlier.hashes
    if not len(theirs):
        return np.zeros(len(ours), dtype=bool), np.empty(0, dtype=np.intp)
    places = theirs.searchsorted(ours)
    # Whatever is larger than all of theirs is looked for at their last, which it is not.
    hits = theirs.take(places, mode="clip") == ours
    return hits, places[hits]


def overlap_at(later: Text, earlier: Text, hits: Bits, places: NDArray[np.intp]) -> Overlap:
    """The overlap of two texts of which is known which hashes of the later one (`hits`) are at which `places` of the
    earlier one."""
    shared, size, other = len(places), len(later.hashes), len(earlier.hashes)
    # Figures and names only tell texts apart that could be one: the rest is spared the comparison.
    possible = may_be_one(shared, size, other)
    figures = figures_compared(later.figures, earlier.figures) if possible else NONE_MEET
    names = names_compared(later.named, earlier.named) if possible else NO_NAMES_MEET
    ours, theirs = later.marks[hits], earlier.marks[places]
    # Marks are few: as bytes they are counted quickest.
    both, either = (ours & theirs).tobytes(), (ours | theirs).tobytes()
    return Overlap(
        shared=shared,
        size=size,
        other=other,
        speech=both.count(SPEECH) + both.count(LEAD | SPEECH),
        speech_size=later.speech_size,
        speech_other=earlier.speech_size,
        lead=either.count(LEAD) + either.count(LEAD | SPEECH),
        leads=both.count(LEAD) + both.count(LEAD | SPEECH),
        lead_size=later.lead_size,
        lead_other=earlier.lead_size,
        same_figures=figures.same,
        other_figures=figures.other,
        same_names=names.same,
        other_names=names.other,
    )


def may_be_one(shared: int, size: int, other: int) -> bool:
    """Whether two texts of so many hashes can be one, whatever else is found: most that share an anchor cannot."""
    if shared < SHARED:
        return 0 < shared == size == other
    return min(size, other) < BRIEF or share_enough(shared, size, other)


def share_enough(shared: int, size: int, other: int) -> bool:
    """Whether either text is in the other by numbers alone, or a part of each is in both."""
    return shared >= WHOLE * min(size, other) or shared >= PART * max(size, other)


def is_candidate(found: Overlap) -> bool:
    """Whether two articles have enough in common to be worth telling: to be one text, or to quote the same words."""
    if found.speech >= QUOTED or are_equal(found):
        return True
    return found.shared >= SHARED and (share_enough(found.shared, found.size, found.other) or is_brief(found))


def is_in(found: Overlap, size: int) -> bool:
    """Whether the one of the two texts that has `size` hashes is in the other."""
    agree = found.same_figures >= FIGURES_AGREE and 3 * found.other_figures <= found.same_figures
    short = size < SHORT and not agree
    return found.shared >= (SHORT_WHOLE if short else WHOLE) * size


def is_brief(found: Overlap) -> bool:
    """Whether one of the texts is hardly more than the lead of the other. Symmetric."""
    if min(found.size, found.other) >= BRIEF or found.leads < SHARED:
        return False
    return found.leads >= BRIEF_LEAD * max(found.lead_size, found.lead_other)


def are_parts(found: Overlap) -> bool:
    """Whether two texts both contain a part of each other, and not of what somebody said alone: so little is common here that
    the prose of both must tell it."""
    smaller, larger = sorted((found.size, found.other))
    if smaller < SHORT or found.shared < PART * larger:
        return False
    prose, rests = found.shared - found.speech, (found.size - found.speech_size, found.other - found.speech_other)
    return all(prose >= PROSE * rest for rest in rests)


def are_equal(found: Overlap) -> bool:
    """Whether two texts are the same word by word, as far as hashes tell."""
    return 0 < found.shared == found.size == found.other and not (found.other_figures or found.other_names)


def have_other_figures(found: Overlap) -> bool:
    """Whether two texts give other figures for the same: two bulletins of one template. Symmetric."""
    same, other = found.same_figures, found.other_figures
    if other < 2 * (min(found.size, found.other) // FIGURE_FOR):
        return False
    return other > same or (other >= FIGURES_EDITED and other > FIGURES_OTHER * (same + other))


def have_other_names(found: Overlap) -> bool:
    """Whether two short texts name others at the same places: two notices of one template. Figures that are the same speak
    against it. Symmetric."""
    met = found.same_names + found.other_names + found.same_figures / 2
    return found.other_names > NAMES_OTHER * met


def tell_of_others(found: Overlap) -> bool:
    """Whether two texts that share their words tell other things with them, by their figures or names. Symmetric."""
    return have_other_figures(found) or have_other_names(found)


def share_only_speech(found: Overlap) -> bool:
    """Whether two texts have in common what somebody said, and not what they write about it. Symmetric."""
    if not found.speech:
        return False
    prose, ours, theirs = (
        found.shared - found.speech,
        found.size - found.speech_size,
        found.other - found.speech_other,
    )
    if any(rest >= FEW and prose >= PROSE * rest for rest in (ours, theirs)):
        return False
    return not any(
        rest < FEW and found.shared >= ALL_SPEECH * size for rest, size in ((ours, found.size), (theirs, found.other))
    )


def is_one_text(found: Overlap) -> bool:
    """Whether two texts of different publishers go back to one: either is in the other, or both are parts. Symmetric."""
    if are_equal(found):
        return True
    if found.shared < SHARED or tell_of_others(found) or share_only_speech(found):
        return False
    return is_in(found, found.size) or is_in(found, found.other) or are_parts(found) or is_brief(found)


def own_relation(status: ArticleStatus, version: int) -> Relation | None:
    """What a version of an article is to the versions before it; None for a first version."""
    if status == "withdrawn":
        return "withdrawal"
    if status == "corrected":
        return "correction"
    return "update" if version > 1 else None


def between(found: Overlap, later: Side, earlier: Side, notice: Notice | None = None) -> Relation:
    """What `later` is to `earlier`, which was published before it. `notice` is what the later one's headline says.

    - both in each other: *copy*; within one outlet *update*; with a notice of the same outlet or agency what that says;
    - the later one in the earlier, or hardly more than its lead: *excerpt*; the earlier one in the later: *expanded*;
    - a part of each in the other, at different publishers: *rewrite*;
    - nothing but what somebody says: *quote-reuse*;
    - otherwise *own*.
    """
    equal = are_equal(found)
    if not equal and share_only_speech(found):
        return "quote-reuse" if found.speech >= QUOTED else "own"
    if not equal and found.shared < SHARED:
        return "own"
    same_outlet = later.outlet == earlier.outlet
    same_publisher = same_outlet or later.family == earlier.family
    announced = notice if same_outlet or _common(later.agencies, earlier.agencies) else None
    if not equal and not announced and tell_of_others(found):
        return "own"
    within, around = equal or is_in(found, found.size), equal or is_in(found, found.other)
    if not (within or around or same_publisher) and is_brief(found):
        within, around = found.size <= found.other, found.size > found.other
    if same_publisher and min(found.contained, found.containing) < SAME_PUBLISHER_BOTH:
        within, around = found.contained >= SAME_PUBLISHER_ONE, found.containing >= SAME_PUBLISHER_ONE
    if same_publisher and not (equal or announced or found.lead):
        return "own"
    if within or around:
        if announced:
            return announced
        if within and around:
            return "update" if same_outlet else "copy"
        if same_outlet:
            return "update"
        return "excerpt" if within else "expanded"
    if not same_publisher and are_parts(found):
        return "rewrite"
    return "own"


def _common(ours: Collection[str], theirs: Collection[str]) -> bool:
    return any(agency in theirs for agency in ours)


def earlier_first(published: str, article: str) -> tuple[str, str]:
    """The order in which articles may be origins: time of publication, then id. Times are all UTC, so text order holds."""
    return published, article
