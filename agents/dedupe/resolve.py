"""What each article copies, from the answers of all partitions of the index that it asked.

The state of an article is a union: the partitions that answered, the candidates that they named, whether a candidate is
crowded out. A decision is made when every partition asked has answered, and made again with every answer after that: it
is a function of the union, so the last one is the same in whatever order the answers came.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agents.dedupe.ageing import LATENESS_HOURS, Ageing, seconds_of
from streams.records import Candidate, Matches, Relation, Story, encode
from wirecopy import bitmaps
from wirecopy.relation import Overlap, between, earlier_first, own_relation

_STRENGTH: dict[Relation, int] = {
    "withdrawal": 0,
    "correction": 0,
    "update": 0,
    "copy": 1,
    "excerpt": 2,
    "expanded": 2,
    "rewrite": 3,
    "quote-reuse": 4,
    "own": 5,
}
"""Which of several earlier articles the relation is told to: the closest; among equals the earliest."""

NEARLY = 0.75
"""The origin is the earliest article that has nearly as much in common as any other: copies of one text do. Two agencies'
stories that an outlet merged may share what somebody said, and so cover one part of it; there is more of the one."""

_Origin = tuple[Candidate, Relation]


@dataclass(slots=True)
class _Standing:
    """A candidate that is not crowded out in every partition that named it; `relation` to it, once it was asked for."""

    candidate: Candidate
    relation: Relation | None = None


@dataclass(slots=True)
class _Named:
    """What each partition says of one candidate. `counted` and `facts` are of what `Version.standing` has read of it."""

    by_partition: dict[int, Candidate] = field(default_factory=dict)
    counted: Candidate | None = None
    facts: int = 0


@dataclass(slots=True)
class Version:
    """The answers for one version of an article. `candidates`: by (article, version).

    Which candidates stand follows from all that was said of them. It is read when it is asked for, and only of those
    `unread`: most answers are not the last that is asked for, and a story with thousands of copies is told again with
    every answer.
    """

    about: Matches
    asked: frozenset[int]
    answered: frozenset[int]
    candidates: dict[tuple[str, int], _Named] = field(default_factory=dict)
    unread: dict[tuple[str, int], _Named] = field(default_factory=dict)
    _standing: list[_Standing] = field(default_factory=list)
    _facts: int = 0

    def decided(self) -> bool:
        return self.asked <= self.answered

    def take(self, candidate: Candidate, partition: int) -> None:
        """What a partition says of a candidate, beside all that is known of it."""
        key = candidate.article, candidate.version
        named = self.candidates.get(key)
        if named is None:
            named = self.candidates[key] = _Named()
        before = named.by_partition.get(partition)
        now = candidate if before is None else _later_knowledge(before, candidate)
        if now is not before:
            named.by_partition[partition] = now
            self.unread[key] = named

    def standing(self) -> list[_Standing]:
        """The candidates that count, the earliest first."""
        self._read()
        return self._standing

    def facts(self) -> int:
        """How much is known of the candidates. It only grows."""
        self._read()
        return self._facts

    def _read(self) -> None:
        for named in self.unread.values():
            facts = _facts(named.by_partition)
            self._facts += facts - named.facts
            named.facts = facts
            counting = _counting(named.by_partition)
            if counting is named.counted:
                continue
            if named.counted is not None:
                del self._standing[bisect_left(self._standing, _order(named.counted), key=_place)]
            if counting is not None:
                insort(self._standing, _Standing(counting), key=_place)
            named.counted = counting
        self.unread.clear()


@dataclass(slots=True)
class Known:
    """All that is known of one article, by version."""

    versions: dict[int, Version] = field(default_factory=dict)


class Resolution:
    """The state of one partition of the answers."""

    __slots__ = ("_ageing", "_known")

    def __init__(self, window_hours: float) -> None:
        self._known: dict[str, Known] = {}
        self._ageing: Ageing[str] = Ageing(window_hours + LATENESS_HOURS)

    def __len__(self) -> int:
        return len(self._known)

    def everything(self) -> list[Known]:
        """All that is known, by article, in the order in which it began."""
        return list(self._known.values())

    def restore(self, about: Matches, known: Known) -> None:
        """Take up what was known of an article, as its first answer described it."""
        self._known[about.article] = known
        self._ageing.add(seconds_of(about.published), about.article)

    def merge(self, matches: Matches) -> Known:
        """Take an answer into account; everything that is known of its article."""
        known = self._known.get(matches.article)
        if known is None:
            known = self._known[matches.article] = Known()
            self._ageing.add(seconds_of(matches.published), matches.article)
            for old in self._ageing.expired():
                if old == matches.article:
                    self._ageing.add(seconds_of(matches.published), old)
                else:
                    del self._known[old]
        _merge(known, matches)
        return known

    def story(self, matches: Matches) -> Story | None:
        """Take an answer into account; the story of its article, None while answers are outstanding.

        Raises ValueError where an answer's `found` is no bitmap.
        """
        return story_of(matches.article, self.merge(matches))


def _merge(known: Known, matches: Matches) -> None:
    version = known.versions.get(matches.version)
    if version is None:
        version = known.versions[matches.version] = Version(_without_answer(matches), frozenset(), frozenset())
    elif (described := _described(matches)) != (known_as := _described(version.about)):
        # Two texts that claim to be one version: one of them, the same in any order, describes it.
        if described < known_as:
            version.about = _without_answer(matches)
        for standing in version.standing():
            standing.relation = None
    version.asked |= frozenset(matches.asked)
    version.answered |= {matches.partition}
    for candidate in matches.candidates:
        version.take(candidate, matches.partition)


def _without_answer(matches: Matches) -> Matches:
    """Only what describes the article; equal for all partitions."""
    return Matches(
        article=matches.article,
        version=matches.version,
        status=matches.status,
        published=matches.published,
        outlet=matches.outlet,
        family=matches.family,
        agencies=matches.agencies,
        asked=(),
        partition=-1,
        candidates=(),
        notice=matches.notice,
    )


def _described(about: Matches) -> tuple[str, str, str, str, tuple[str, ...], str]:
    """All that an answer says of the article itself."""
    return about.published, about.outlet, about.family, about.status, about.agencies, about.notice or ""


def _later_knowledge(one: Candidate, other: Candidate) -> Candidate:
    """Two answers of one partition about one candidate: crowded once is crowded; otherwise the same, or the larger overlap."""
    if one == other:
        return one
    if one.crowded != other.crowded:
        return one if one.crowded else other
    return max(one, other, key=_by_overlap)


def _by_overlap(candidate: Candidate) -> tuple[int, bytes]:
    return candidate.shared, encode(candidate)


def story_of(article: str, known: Known) -> Story | None:
    """The story of the highest version whose answers are all there; None if there is none yet."""
    decided = [number for number, version in known.versions.items() if version.decided()]
    if not decided:
        return None
    number = max(decided)
    version = known.versions[number]
    about = version.about
    # A later version of an article may be published after copies of its first: they are no origin of it.
    first = earlier_first(min(v.about.published for v in known.versions.values()), article)
    own = own_relation(about.status, number)
    story, of, relation = article, None, own or "own"
    closest: Candidate | None = None
    agencies = set(about.agencies)
    origins: list[_Origin] = []
    quoting: list[_Origin] = []
    for standing in version.standing():
        candidate = standing.candidate
        if candidate.article == article:
            if own and candidate.version < number and (closest is None or candidate.shared > closest.shared):
                closest = candidate
            continue
        if earlier_first(candidate.published, candidate.article) >= first:
            continue
        to_it = standing.relation
        if to_it is None:
            to_it = standing.relation = between(overlap_of(candidate), about, candidate, about.notice)
        if to_it == "quote-reuse":
            quoting.append((candidate, to_it))
        elif to_it != "own":
            origins.append((candidate, to_it))
    if origins:
        origins = _most_of_it(origins)
        origin = _earliest([candidate for candidate, _ in origins])
        story = origin.article
        agencies.update(origin.agencies)
    if own is not None:
        of = article
    elif origins or quoting:
        # Whoever has only quoted the same words is told of, but the story stays the article's own.
        closest, relation = min(origins or quoting, key=lambda one: _STRENGTH[one[1]])
        of = closest.article
    return Story(
        article=article,
        version=number,
        revision=_revision(known),
        story=story,
        relation=relation,
        of=of,
        contained=closest.contained if closest else 0.0,
        containing=closest.containing if closest else 0.0,
        agencies=tuple(sorted(agencies)),
        found=closest.found if closest else "",
    )


def _earliest(candidates: Sequence[Candidate]) -> Candidate:
    """Of articles with one story, the earliest first, the one that it is told to begin with."""
    most = max(candidate.shared for candidate in candidates)
    return next(candidate for candidate in candidates if candidate.shared >= NEARLY * most)


def _most_of_it(origins: Sequence[_Origin]) -> list[_Origin]:
    """Those of the origins, the earliest first, that give the article most of its text.

    An article may be made of several stories: two agencies' reports merged, a round-up. They cover different parts of it.
    So each origin belongs with the earliest one that covers half of the same part, or whose part it covers by half: a copy
    of the same story, or a text that holds it. A round-up belongs to the story that the most of its hashes come from, and of
    two that give as much to the one that was told first.
    """
    if len(origins) == 1:
        return list(origins)
    told: list[tuple[int, list[_Origin]]] = []
    covered: list[int] = []
    for origin in origins:
        part = bitmaps.number_from_text(origin[0].found)
        common = [
            (both, -place)
            for place, (first, _) in enumerate(told)
            if 2 * (both := (part & first).bit_count()) >= min(part.bit_count(), first.bit_count())
        ]
        if common:
            place = -max(common)[1]
            told[place][1].append(origin)
            covered[place] |= part
        else:
            told.append((part, [origin]))
            covered.append(part)
    most = max(range(len(told)), key=lambda place: (covered[place].bit_count(), -place))
    return told[most][1]


def overlap_of(candidate: Candidate) -> Overlap:
    """What a candidate says that the two texts have in common."""
    return Overlap(
        shared=candidate.shared,
        size=candidate.size,
        other=candidate.of,
        speech=candidate.speech,
        speech_size=candidate.speech_size,
        speech_other=candidate.speech_of,
        lead=candidate.lead,
        leads=candidate.leads,
        lead_size=candidate.lead_size,
        lead_other=candidate.lead_of,
        same_figures=candidate.same_figures,
        other_figures=candidate.other_figures,
        same_names=candidate.same_names,
        other_names=candidate.other_names,
    )


def _counting(named: Mapping[int, Candidate]) -> Candidate | None:
    """Of what partitions say of one candidate what counts; None where it is crowded out in all of them."""
    counting = [candidate for candidate in named.values() if not candidate.crowded]
    if len(counting) < 2:
        return counting[0] if counting else None
    # Partitions all say the same of one candidate, unless two texts claim to be one version.
    alike = all(candidate is counting[0] or candidate == counting[0] for candidate in counting[1:])
    return counting[0] if alike else max(counting, key=_by_overlap)


def _order(candidate: Candidate) -> tuple[str, str, int]:
    return candidate.published, candidate.article, candidate.version


def _place(standing: _Standing) -> tuple[str, str, int]:
    return _order(standing.candidate)


def _facts(named: Mapping[int, Candidate]) -> int:
    """How much is known of a candidate: that it is one, and whatever is told of one that is crowded out. It only grows."""
    crowded = [candidate.crowded for candidate in named.values()].count(True)
    return 1 + crowded + (len(named) if crowded else 0)


def _revision(known: Known) -> int:
    """How much is known: versions decided, and of their candidates. It only grows."""
    return sum(version.decided() + version.facts() for version in known.versions.values())
