"""One session of reports as an `Event`: a function of the set of reports and of the revisions of their articles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from agents.corroborate.independence import Group, Links
from agents.corroborate.sessions import Moment, Session, Unit, label, start_of
from agents.corroborate.standing import (
    Origin,
    Part,
    Parties,
    Void,
    names_of,
    part_of,
    speaks_as_party,
    void_of,
    voiding,
)
from agents.corroborate.status import Said, any_status, is_contested, status_of
from streams.records import Actor, Event, EventReport, Place, Report, Revision, SourceGroup, Span, encode
from wirecopy.speakers import fold_name

REPORTS = 80
"""Most reports that an event lists: some 100 kB, of a megabyte that a message may have."""
SOURCES = 80
"""Most sources that an event lists; `independent` counts all."""
LISTED = 25
"""Most articles, outlets and agencies that one source lists; `article_count` and `outlet_count` have all."""
EVIDENCE = 2_000
"""Characters of evidence, quotation or title; what is longer was no sentence."""
BYTES = 600_000
"""An event larger than this lists half as much, and so on."""

MERGED_VERSION = 4_000_000_000
"""Above every version of a standing event (which counts reports); below 2^53, so that every JSON reader has it exactly."""


@dataclass(slots=True)
class Cache:
    """What has been linked already of one session, so that a new report costs only itself."""

    seen: set[str] = field(default_factory=set)
    links: defaultdict[Part, Links] = field(default_factory=lambda: defaultdict(Links))


class Member(NamedTuple):
    """One report of the session with what is derived of it."""

    moment: Moment
    report: Report
    part: Part
    void: Void | None
    void_since: str | None
    party: bool

    def said(self) -> Said:
        return Said(self.moment.seconds, self.report.claim.status, self.part, self.party)


def event_id(key: str, named: str) -> str:
    return f"{key}.{named}"


def version_of(reports: Sequence[Report], revisions: Mapping[Origin, Collection[Revision]]) -> int:
    """Grows whenever a report is added or a revision voids one: the number of facts known."""
    return sum(1 + len(voiding(report, revisions)) for report in reports)


def render(
    key: str,
    session: Session,
    reports: Mapping[str, Report],
    revisions: Mapping[Origin, Collection[Revision]],
    unit: Unit,
    cache: Cache | None = None,
) -> Event:
    """The event that the session amounts to. `reports` has those of the key by id, `revisions` by article and publisher.

    `cache`, if given, belongs to this session or a part of it and is brought up to date; the result does not depend
    on it.
    """
    cache = cache or Cache()
    members = _members(session, reports, revisions)
    sources, source_of = _sources(members, cache)
    names = session.labels(unit)
    core = [member for member in members if member.part != "background"]
    supporting = [member for member in core if member.part == "supports"]
    standing = [member.said() for member in core if member.void is None]
    standing_support = [said for said in standing if said.part == "supports"]
    status = (
        status_of(standing_support)
        or status_of([member.said() for member in supporting])
        or any_status(standing or [member.said() for member in core])
    )
    gone = (supporting and not standing_support) or all(member.void for member in core)
    event = Event(
        id=event_id(key, names[0]),
        key=key,
        version=version_of([member.report for member in members], revisions),
        family=core[0].report.family,
        mover=_mover(core[0].report),
        place=_place(core),
        state="retracted" if gone else "standing",
        merged_into=None,
        merged=tuple(event_id(key, name) for name in names[1:]),
        related=(),
        status=status,
        contested=is_contested(standing),
        first_seen=core[0].report.article.published,
        last_seen=core[-1].report.article.published,
        independent=sum(source.standing for source in sources),
        sources=tuple(sources[:SOURCES]),
        reports=(),
        report_count=len(members),
        outlet_count=len({member.report.article.outlet for member in members}),
    )
    limit = REPORTS
    while True:
        chosen = [
            _shown(member, source_of[member.part, member.report.article.id])
            for member in choose(members, source_of, limit)
        ]
        event = replace(event, reports=tuple(chosen))
        if limit < 2 or len(encode(event)) <= BYTES:
            return event
        limit //= 2
        event = replace(
            event, sources=tuple(_halved(source) for source in event.sources[: max(1, len(event.sources) // 2)])
        )


def render_merged(key: str, named: str, into: str, unit: Unit, known: Event) -> Event:
    """The last record of an id whose reports belong to an earlier event now.

    It says no more than that, so that it is the same whenever it is said; its version grows as the event that it
    points to gets an earlier id, and is above all that the id had while it stood.
    """
    start = start_of(named, unit)
    hours = int(start_of(into, unit).timestamp() // 3600)
    at = start.isoformat().replace("+00:00", "Z")
    return Event(
        id=event_id(key, named),
        key=key,
        version=MERGED_VERSION - hours,
        family=known.family,
        mover=Actor(code=known.mover.code, name=known.mover.code, kind=known.mover.kind, text=""),
        place=None if known.place is None else Place(code=known.place.code, name=known.place.code, text=""),
        state="merged",
        merged_into=event_id(key, into),
        merged=(),
        related=(),
        status="background",
        contested=False,
        first_seen=at,
        last_seen=at,
        independent=0,
        sources=(),
        reports=(),
        report_count=0,
        outlet_count=0,
    )


def _members(
    session: Session, reports: Mapping[str, Report], revisions: Mapping[Origin, Collection[Revision]]
) -> list[Member]:
    moments = sorted((*session.core, *session.background))
    found = [reports[moment.id] for moment in moments]
    parties = _parties(found)
    members = []
    for moment, report in zip(moments, found, strict=True):
        first = next(iter(voiding(report, revisions)), None)
        void, since = (void_of(report, first), first.published) if first is not None else (None, None)
        members.append(Member(moment, report, part_of(report), void, since, speaks_as_party(report, parties)))
    # Who denies that it is so much as talked of does not refuse it in the same breath: "is not negotiating with anyone
    # about sending soldiers" is a denial, however the sentence is read.
    denying = {_version_of(member) for member in members if member.part == "denies" and member.party}
    if denying:
        members = [
            member._replace(party=False) if member.part != "denies" and _version_of(member) in denying else member
            for member in members
        ]
    return members


def _version_of(member: Member) -> tuple[str, int]:
    return member.report.article.id, member.report.article.version


def _parties(reports: Sequence[Report]) -> Parties:
    """The mover, the host state, and whoever is said to ask for it, order it or offer it."""
    deciders = {name for report in reports[:1] for name in names_of(report.mover)}
    deciders |= {fold_name(report.place.code) for report in reports[:1] if report.place is not None}
    agents = {agent for report in reports if part_of(report) == "supports" for agent in report.claim.agents}
    asking = {name for agent in agents for name in names_of(agent)}
    return Parties(frozenset(deciders | asking), frozenset(deciders))


def _mover(report: Report) -> Actor:
    mover = report.mover
    return Actor(code=mover.code, name=mover.name, kind=mover.kind, text=mover.text)


def _place(core: Sequence[Member]) -> Place | None:
    """The place that most reports name, of equals the one named first."""
    places = [member.report.place for member in core if member.report.place is not None]
    if not places:
        return None
    names = Counter(place.name for place in places)
    most = max(names.values())
    return next(place for place in places if names[place.name] == most)


def _sources(members: Sequence[Member], cache: Cache) -> tuple[list[SourceGroup], dict[tuple[Part, str], str]]:
    """All sources, those that support the event first, and the id of each article's source in each part."""
    for member in members:
        if member.report.id not in cache.seen:
            cache.seen.add(member.report.id)
            cache.links[member.part].add(member.report, member.moment.seconds)
    standing = {member.report.article.id for member in members if member.part == "supports" and member.void is None}
    published = {member.report.article.id: member.report.article.published for member in reversed(members)}
    sources, source_of = [], {}
    parts: tuple[Part, ...] = ("supports", "denies", "doubts", "knows-nothing", "background")
    for part in parts:
        if part not in cache.links:
            continue
        for group in cache.links[part].groups():
            id = group.id if part == "supports" else f"{group.id}#{part}"
            for article in group.articles:
                source_of[part, article] = id
            stands = part == "supports" and not standing.isdisjoint(group.articles)
            sources.append(_source(id, group, published[group.id], stands))
    return sources, source_of


def _source(id: str, group: Group, first_seen: str, standing: bool) -> SourceGroup:
    return SourceGroup(
        id=id,
        outlets=group.outlets[:LISTED],
        agencies=group.agencies[:LISTED],
        articles=group.articles[:LISTED],
        reasons=group.reasons,
        first_seen=first_seen,
        standing=standing,
        article_count=len(group.articles),
        outlet_count=len(group.outlets),
        doubts=group.doubts,
    )


def _halved(source: SourceGroup) -> SourceGroup:
    def half(listed: tuple[object, ...]) -> int:
        return max(1, len(listed) // 2)

    return replace(
        source,
        outlets=source.outlets[: half(source.outlets)],
        agencies=source.agencies[: half(source.agencies)],
        articles=source.articles[: half(source.articles)],
        reasons=source.reasons[: half(source.reasons)],
        doubts=source.doubts[:1],
    )


def choose(members: Sequence[Member], source_of: Mapping[tuple[Part, str], str], limit: int) -> list[Member]:
    """The reports that tell most: at most `limit`, in time order.

    First the earliest and latest of each status and stance, standing and void; then the earliest of each source, of
    each speaker, of each count and place; then the earliest of the rest.
    """
    if len(members) <= limit:
        return list(members)

    def kind(member: Member) -> Hashable:
        claim = member.report.claim
        return claim.status, claim.stance, member.void, member.party

    def source(member: Member) -> Hashable:
        return source_of[member.part, member.report.article.id]

    def speaker(member: Member) -> Hashable:
        who = member.report.claim.speaker
        return member.part, None if who is None else fold_name(who.name or who.text)

    def matter(member: Member) -> Hashable:
        count, place = member.report.mover.count, member.report.place
        return member.part, count and (count.low, count.high), place and place.name

    features: tuple[tuple[Callable[[Member], Hashable], bool], ...] = (
        (kind, False), (kind, True), (source, False), (speaker, False), (matter, False),
    )  # fmt: skip
    chosen: dict[int, Member] = {}
    for feature, latest in features:
        if len(chosen) >= limit:
            break
        known = set()
        order = range(len(members) - 1, -1, -1) if latest else range(len(members))
        for position in order:
            value = feature(members[position])
            if value not in known:
                known.add(value)
                if len(chosen) < limit:
                    chosen[position] = members[position]
    for position, member in enumerate(members):
        if len(chosen) >= limit:
            break
        chosen.setdefault(position, member)
    return [chosen[position] for position in sorted(chosen)]


def _shown(member: Member, source: str) -> EventReport:
    report = member.report
    claim, article = report.claim, report.article
    return EventReport(
        id=report.id,
        article=article.id,
        version=article.version,
        outlet=article.outlet,
        outlet_name=article.outlet_name,
        url=article.url,
        title=article.title[:EVIDENCE],
        published=article.published,
        act=claim.act,
        status=claim.status,
        stance=claim.stance,
        speaker=claim.speaker,
        agents=claim.agents[:LISTED],
        count=report.mover.count,
        place=report.place,
        when=claim.when,
        chain=claim.chain[:LISTED],
        evidence=_clipped(claim.evidence),
        confidence=claim.confidence,
        source=source,
        void=member.void,
        void_since=member.void_since,
        party=member.party,
        before=report.before,
        after=report.after,
        codes=claim.codes,
    )


def _clipped(span: Span) -> Span:
    if len(span.text) <= EVIDENCE:
        return span
    return Span(start=span.start, end=span.start + EVIDENCE, text=span.text[:EVIDENCE])


def labels_of(sessions: Sequence[Session], unit: Unit) -> dict[str, str]:
    """Every label that a session had or could have had, with the label that it has."""
    found = {}
    for session in sessions:
        first = label(session.core[0].seconds, unit)
        for name in session.labels(unit)[1:]:
            found[name] = first
    return found
