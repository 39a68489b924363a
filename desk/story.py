"""The page of one event: how it came about, on which sources, in which words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agents.alert import names
from agents.alert.due import LEVELS, DueAlert, due, is_claim
from agents.alert.heard import does, voices_of, without_their_states
from agents.corroborate.standing import Part
from agents.corroborate.status import Said, status_of
from desk.alert_view import AlertView
from desk.summary import Summary
from streams.records import (
    Act,
    AlertKind,
    Codes,
    Event,
    EventReport,
    SourceGroup,
    SourceReason,
    Speaker,
    Stance,
    Status,
    When,
)
from wirecopy.outlets import directory

MomentKind = Literal[
    "claim", "denial", "doubt", "knows-nothing", "refusal", "background", "correction", "withdrawal"
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineMoment:
    """One report at its time, or the correction or withdrawal of one."""

    at: str
    """Time of publication, UTC."""
    status: Status
    """How far the deployment has come, by this report."""
    stance: Stance
    """What the speaker does with it."""
    level: int
    """1 talked of, 2 planned, 3 decided, 4 under way; 0 for a status that is none of these."""
    speaker: str | None
    """Who says it; null where the outlet says it in its own voice."""
    outlet: str
    """The outlet, as people write it."""
    report: str
    """Id of the report."""
    firmest: Status | None
    """Status of the event by then, by the reports that are listed; once all claims were taken back (`independent` is 0) the last that
    it had; null before anybody claimed it."""
    independent: int
    """Independent sources with a claim that stood then."""
    kind: MomentKind
    """What it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that was news."""

    at: str
    """Time of publication of what made it so, UTC."""
    what: AlertKind
    """As the kinds of alerts."""
    why: str
    """In one line of plain words."""
    alert: str | None
    """Id of the alert that told it, if the desk has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a source comes from, as far as it is known."""

    kind: Literal["agency", "speaker", "outlet"]
    """The one agency that its articles credit, a speaker whom all of them quote, or the outlet that published it first."""
    name: str
    """Its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """An agency or outlet that articles credit."""

    id: str
    """As on the records."""
    name: str
    """Its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why two articles are one source, or perhaps are."""

    kind: str
    """Which link joins them (docs/events.md)."""
    detail: str
    """In plain words."""
    sureness: float
    """Probability that it holds, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpeaker:
    """Somebody who is heard in a source."""

    name: str
    """As a headline calls him."""
    role: str | None
    """What he is, if the words say so."""
    country: str | None
    """The country that he speaks for or belongs to, by its name."""
    stance: Stance
    """What he does with what he tells."""
    word: str
    """What he does with the deployment, in words: "affirms", "refuses", "says it is opposed"."""
    against: bool
    """Whether he denies, refuses, opposes or suspends it, or tells that others do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOutlet:
    """An outlet that carries a source."""

    slug: str | None
    """Null where none of its reports is listed."""
    name: str
    """As people write it."""
    reports: tuple[str, ...]
    """Ids of its reports in this source, of those that are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Reports that come down to one source."""

    id: str
    """Id of its earliest article, with a suffix for a group that does not count."""
    counts: bool
    """Whether it is one of the independent sources of the event."""
    title: str
    """What it is: "source 1", "denials", "corrected or withdrawn"."""
    origin: Origin
    """Where it comes from."""
    agencies: tuple[Credited, ...]
    """Whom its articles credit."""
    reasons: tuple[Reason, ...]
    """Why they are one."""
    doubts: tuple[Reason, ...]
    """What speaks against its being a source of its own."""
    first_seen: str
    """Time of publication of the earliest, UTC."""
    article_count: int
    """All articles of it."""
    outlet_count: int
    """All outlets of it."""
    speakers: tuple[SourceSpeaker, ...]
    """Who is heard in it."""
    outlets: tuple[SourceOutlet, ...]
    """Who carries it, a bounded number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of the chain from the speaker to the outlet that is read."""

    who: str
    """Name of the speaker or outlet."""
    kind: Literal["speaker", "outlet-quoted", "outlet"]
    """What the link is."""
    cue: str | None
    """The word of saying."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One report."""

    id: str
    """Id of the report, as on reports.v1."""
    article: str
    """Id of the article."""
    version: int
    """Version of the article."""
    outlet: str
    """Slug of the outlet."""
    outlet_name: str
    """The outlet as people write it."""
    url: str | None
    """Address of the article, as it was given: a link only where it is http or https and names no user."""
    title: str
    """Headline of the article."""
    published: str
    """Time of publication, UTC."""
    act: Act
    """What the forces do or would do."""
    status: Status
    """How far it has come."""
    stance: Stance
    """What the speaker does with it."""
    speaker: Speaker | None
    """Who says it; null where the outlet says it in its own voice."""
    called: str | None
    """What a headline calls him."""
    agents: tuple[str, ...]
    """Who asks, orders, offers, decides, refuses or opposes it."""
    count: str | None
    """How many: "300 soldiers"."""
    place: str | None
    """Where: "Gao in Mali"."""
    when: When | None
    """When, if the sentence says so."""
    chain: tuple[Link, ...]
    """The way of the words, from the speaker to the outlet."""
    evidence: str
    """The sentence."""
    before: str
    """What stands before it in the article."""
    after: str
    """What stands after it."""
    confidence: float
    """0 to 1: how often claims read in this way are right."""
    source: str
    """Id of the source that it belongs to."""
    void: Literal["corrected", "withdrawn"] | None
    """What became of its article; null while it stands."""
    void_since: str | None
    """Since when."""
    party: bool
    """True if it denies, and a party to the event says so; or if it refuses or suspends, and whoever does could decide."""
    codes: Codes | None
    """Event codes; null in events written before they were kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesTold:
    """Event codes, and how many reports have them."""

    plover: str
    """Event type of PLOVER."""
    cameo: str
    """Event code of CAMEO."""
    reports: int
    """How many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The answer of `GET /api/events/{id}`."""

    summary: Summary
    """Its row in the list."""
    requested: str
    """The id that was asked for: another one where that was merged."""
    timeline: tuple[TimelineMoment, ...]
    """Its reports, and what became of them, in the order of time."""
    changes: tuple[Change, ...]
    """What was news of it, in the order of time."""
    sources: tuple[Source, ...]
    """Those that count first."""
    reports: tuple[ReportView, ...]
    """In the order of time."""
    codes: tuple[CodesTold, ...]
    """The most frequent first."""
    merged: tuple[str, ...]
    """Ids under which parts of it may have been published."""
    related: tuple[Summary, ...]
    """Perhaps the same, the place not named here or there."""
    alerts: tuple[AlertView, ...]
    """Alerts of it, the newest first."""
    record: Event
    """The whole record of events.v1."""


def story(
    event: Event, *, requested: str, summary: Summary, related: Sequence[Summary], alerts: Collection[str]
) -> Story:
    """The page of an event. `alerts` has the ids of the alerts that the desk has of it; `Story.alerts` is left empty."""
    voices = voices_of(event)
    called = {id: names.speaker(who) for id, who in voices.items()}
    return Story(
        summary=summary,
        requested=requested,
        timeline=timeline(event, called),
        changes=changes(event, called, alerts),
        sources=sources(event, voices, called),
        reports=tuple(_report(report, called.get(report.id)) for report in event.reports),
        codes=_codes(event.reports),
        merged=event.merged,
        related=tuple(related),
        alerts=(),
        record=event,
    )


# --- the timeline --------------------------------------------------------------------------------------------------


def timeline(event: Event, called: Mapping[str, str]) -> tuple[TimelineMoment, ...]:
    """Every report at its time and again when it was taken back, with what the event amounted to then."""
    moments = [(report.published, 0, report) for report in event.reports]
    moments += [(report.void_since, 1, report) for report in event.reports if report.void_since is not None]
    moments.sort(key=lambda moment: (moment[0], moment[1], moment[2].id))
    by_then: dict[str, tuple[Status | None, int]] = {}
    last: Status | None = None
    for at in dict.fromkeys(at for at, _, _ in moments):
        status, independent = _by_then(event, at)
        last = status or last
        by_then[at] = last, independent
    return tuple(
        TimelineMoment(
            at=at,
            status=report.status,
            stance=report.stance,
            level=LEVELS.get(report.status, 0),
            speaker=called.get(report.id),
            outlet=report.outlet_name,
            report=report.id,
            firmest=by_then[at][0],
            independent=by_then[at][1],
            kind=_kind(report) if not later else "withdrawal" if report.void == "withdrawn" else "correction",
        )
        for at, later, report in moments
    )


def _by_then(event: Event, at: str) -> tuple[Status | None, int]:
    """Status and independent sources by the claims that stood at that time."""
    standing = [
        report
        for report in event.reports
        if is_claim(report)
        and report.published <= at
        and not (report.void_since is not None and report.void_since <= at)
    ]
    part: Part = "supports"
    said = [Said(_seconds(report.published), report.status, part, report.party) for report in standing]
    return status_of(said), len({report.source for report in standing})


def _seconds(published: str) -> float:
    try:
        return datetime.fromisoformat(published).timestamp()
    except ValueError:
        return 0.0


def _kind(report: EventReport) -> MomentKind:
    if report.status == "background":
        return "background"
    match report.stance:
        case "denies":
            return "denial"
        case "doubts":
            return "doubt"
        case "knows-nothing":
            return "knows-nothing"
        case _:
            return "claim" if report.status in LEVELS else "refusal"


# --- what was news -------------------------------------------------------------------------------------------------


def changes(event: Event, called: Mapping[str, str], alerts: Collection[str]) -> tuple[Change, ...]:
    """All alerts that the event amounts to, whether somebody wanted them or not."""
    found = []
    for one in due(event):
        ids = (f"{id}.{one.name}" for id in (event.id, *event.merged))
        alert = next((id for id in ids if id in alerts), None)
        found.append(Change(at=one.published, what=one.kind, why=_why(one, event, called), alert=alert))
    return tuple(sorted(found, key=lambda change: change.at))


def _why(one: DueAlert, event: Event, called: Mapping[str, str]) -> str:
    report = one.evidence[0]
    who = called.get(report.id)
    told_by = f"{report.outlet_name}, quoting {who}" if who else report.outlet_name
    if one.stands_again:
        return f"reported again: {told_by}"
    match one.kind:
        case "new":
            return f"first reported: {told_by}"
        case "corroborated":
            return f"a second independent source: {told_by}"
        case "contested":
            return f"denied: {told_by}"
        case "firmer":
            return f"{report.status}, {one.evidence[-1].status} before: {told_by}"
        case "changed":
            before, after = one.change or ("", "")
            return f"from {before} to {after}: {told_by}"
        case "called-off":
            return f"{report.status}: {told_by}"
        case "retracted":
            left = "; no report of it stands" if event.state == "retracted" else ""
            return f"{report.outlet_name} has {report.void or 'withdrawn'} its report{left}"


# --- the sources ---------------------------------------------------------------------------------------------------

_STANCES = {"knows-nothing": "knows nothing of it"}
_TITLES = {
    "denies": "denials",
    "doubts": "doubts",
    "knows-nothing": "who knows nothing of it",
    "background": "background",
}


def sources(event: Event, voices: Mapping[str, Speaker], called: Mapping[str, str]) -> tuple[Source, ...]:
    """The sources of the event as the record has them, each with the reports that are listed of it."""
    found = []
    number = 0
    for group in event.sources:
        reports = [report for report in event.reports if report.source == group.id]
        number += group.standing
        part = group.id.rpartition("#")[2]
        if group.standing:
            title = f"source {number}"
        else:
            title = _TITLES.get(part, "corrected or withdrawn") if "#" in group.id else "corrected or withdrawn"
        found.append(_source(group, title, reports, voices, called))
    return tuple(found)


def _source(
    group: SourceGroup,
    title: str,
    reports: Sequence[EventReport],
    voices: Mapping[str, Speaker],
    called: Mapping[str, str],
) -> Source:
    agencies = tuple(Credited(id=id, name=names.credit(id)) for id in group.agencies)
    speakers = dict.fromkeys(
        _speaker(report, voices[report.id], called[report.id]) for report in _heard(reports, voices)
    )
    return Source(
        id=group.id,
        counts=group.standing,
        title=title,
        origin=_origin(group, reports, called),
        agencies=agencies,
        reasons=_reasons(group.reasons),
        doubts=_reasons(group.doubts),
        first_seen=group.first_seen,
        article_count=group.article_count,
        outlet_count=group.outlet_count,
        speakers=tuple(speakers),
        outlets=_outlets(group, reports),
    )


def _heard(reports: Sequence[EventReport], voices: Mapping[str, Speaker]) -> list[EventReport]:
    """Those in which somebody speaks. A state is left out where an article has its minister say the same."""
    spoken = [report for report in reports if report.id in voices]
    words = {report.id: (report.stance, does(report, voices[report.id])) for report in spoken}
    told = {
        report.id
        for word in set(words.values())
        for report in without_their_states([r for r in spoken if words[r.id] == word], voices)
    }
    return [report for report in spoken if report.id in told]


def _speaker(report: EventReport, speaker: Speaker, called: str) -> SourceSpeaker:
    refuses = does(report, speaker)
    return SourceSpeaker(
        name=called,
        role=names.role(speaker),
        country=names.country(speaker.country) if speaker.country else None,
        stance=report.stance,
        word=refuses or _STANCES.get(report.stance, report.stance),
        against=refuses is not None or report.stance == "denies",
    )


def _origin(group: SourceGroup, reports: Sequence[EventReport], called: Mapping[str, str]) -> Origin:
    # One of several that are credited has no more claim to it than the others: the articles merely lean on them.
    if len(group.agencies) == 1 and group.agencies[0] in directory().agencies:
        return Origin(kind="agency", name=names.credit(group.agencies[0]))
    heard = {called.get(report.id) for report in reports}
    if group.article_count > 1 and len(heard) == 1 and (speaker := heard.pop()) is not None:
        return Origin(kind="speaker", name=speaker)
    first = min(reports, key=lambda report: (report.published, report.id), default=None)
    return Origin(kind="outlet", name=first.outlet_name if first else next(iter(group.outlets), ""))


def _reasons(reasons: Iterable[SourceReason]) -> tuple[Reason, ...]:
    return tuple(Reason(kind=reason.kind, detail=reason.detail, sureness=reason.sureness) for reason in reasons)


def _outlets(group: SourceGroup, reports: Sequence[EventReport]) -> tuple[SourceOutlet, ...]:
    listed: dict[tuple[str, str], list[str]] = {}
    for report in reports:
        listed.setdefault((report.outlet, report.outlet_name), []).append(report.id)
    named = {name for _, name in listed}
    return tuple(
        [SourceOutlet(slug=slug, name=name, reports=tuple(ids)) for (slug, name), ids in listed.items()]
        + [SourceOutlet(slug=None, name=name, reports=()) for name in group.outlets if name not in named]
    )


# --- the reports ---------------------------------------------------------------------------------------------------


def _report(report: EventReport, called: str | None) -> ReportView:
    return ReportView(
        id=report.id,
        article=report.article,
        version=report.version,
        outlet=report.outlet,
        outlet_name=report.outlet_name,
        url=report.url,
        title=report.title,
        published=report.published,
        act=report.act,
        status=report.status,
        stance=report.stance,
        speaker=report.speaker,
        called=called,
        agents=tuple(names.actor(agent) for agent in report.agents),
        count=names.number(report.count),
        place=names.place(report.place) if report.place is not None else None,
        when=report.when,
        chain=tuple(Link(who=link.who, kind=link.kind, cue=link.cue) for link in report.chain),
        evidence=report.evidence.text,
        before=report.before,
        after=report.after,
        confidence=report.confidence,
        source=report.source,
        void=report.void,
        void_since=report.void_since,
        party=report.party,
        codes=report.codes,
    )


def _codes(reports: Iterable[EventReport]) -> tuple[CodesTold, ...]:
    counted = Counter((report.codes.plover, report.codes.cameo) for report in reports if report.codes is not None)
    return tuple(
        CodesTold(plover=plover, cameo=cameo, reports=number)
        for (plover, cameo), number in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    )
