"""An event, and an alert of it, in one line of plain words: who would send what where, how firm that is, who says so, how
many sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.alert import names
from agents.alert.due import LEVELS, DueAlert, is_claim
from agents.alert.heard import Opponent, ToldBy, alike, denied_by, opponents, speakers_for, told_by, voices_of
from streams.records import Act, Actor, Count, Event, EventReport, Speaker, Status

VERBS: dict[Act, tuple[str, str, str]] = {
    "send": ("send", "sending", "sent"),
    "reinforce": ("send", "sending", "sent"),
    "redeploy": ("move", "moving", "moved"),
    "move": ("move", "moving", "moved"),
    "withdraw": ("withdraw", "withdrawing", "withdrawn"),
    "mobilise": ("mobilise", "mobilising", "mobilised"),
    "remain": ("keep", "keeping", "kept"),
}
"""Infinitive, present participle, past participle."""

PREPOSITIONS = {"deploy": "to", "withdraw": "from", "mobilise": "in", "remain": "in"}

TALK: dict[Status, str] = {
    "requested": "it has been asked", "demanded": "demanded", "offered": "offered", "proposed": "proposed",
    "considered": "under consideration", "conditional": "on a condition", "threatened": "threatened",
    "planned": "planned", "refused": "refused", "opposed": "opposed", "suspended": "suspended",
}  # fmt: skip

PREFIXES = {
    "new": "", "corroborated": "Second source: ", "contested": "Denied: ", "firmer": "Firmer: ", "changed": "Changed",
    "called-off": "Called off: ", "retracted": "Taken back: ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Telling:
    """An event as it stands now, in plain words."""

    deed: str
    """Who would do what where, and how far it is: "Kyrgyzstan would send troops to Syria: asked by Russia"."""
    line: str
    """The same, with who says so and on how many sources."""
    act: Act
    """What the forces do, of the acts of its family the one that is told."""
    count: str | None
    """How many: "up to 1,500 troops"; None where nothing is counted."""
    confidence: float
    """Of the report that is told; 0 where no claim has been seen."""
    speakers: tuple[str, ...]
    """Who says so, the first one first."""
    told_by: tuple[ToldBy, ...]
    """The same for each independent source."""
    denied_by: tuple[str, ...]
    """Who denies it, likewise."""
    against: tuple[Opponent, ...]
    """Who refuses, opposes or suspends it, likewise; none where the deed is the refusal."""


def telling(event: Event) -> Telling:
    """The event as it stands now, without an alert that makes it news."""
    claims, standing = _claims_of(event)
    known = voices_of(event)
    lead = _typical(event, standing)
    deed = _deed(event, event.status, lead, standing, exact=False)
    void = [report for report in claims if report.void is not None]
    if event.state == "retracted" and void:
        last = max(void, key=lambda report: (report.void_since or "", report.published, report.id))
        line = deed + _taken_back(last, event)
    else:
        line = deed + _said(alike(standing, event), event.status, known) + _sources(event) + _denial(event, claims)
    act = _act(event, lead)
    return Telling(
        deed=deed,
        line=line,
        act=act,
        count=names.number(_count(lead, standing, exact=False)),
        confidence=lead.confidence if lead is not None else 0.0,
        speakers=speakers_for(standing, event, known),
        told_by=told_by(standing, event, known),
        denied_by=denied_by(event, known),
        against=opponents(standing, event, known),
    )


def headline(event: Event, due: DueAlert) -> str:
    """The line for one alert of the event as it stands now."""
    claims, standing = _claims_of(event)
    lead = _lead(event, due, standing)
    status = event.status if lead is None or due.kind in ("new", "corroborated") else lead.status
    if due.kind == "retracted":
        status = event.status
    prefix = "Stands again: " if due.stands_again else PREFIXES[due.kind]
    if due.change is not None:
        prefix += f" from {due.change[0]} to {due.change[1]}: "
    line = prefix + _deed(event, status, lead, standing, exact=due.change is not None)
    if due.kind == "contested":
        return line + _denied(due.evidence[0], bool(claims)) + _sources(event)
    if due.kind == "retracted":
        return line + _taken_back(due.evidence[0], event)
    if due.kind == "called-off":
        line += _said(due.evidence[:1], status, voices_of(event))
    else:
        line += _said(standing, status, voices_of(event)) + _sources(event)
    line += _denial(event, claims)
    if due.evidence[0].void is not None:
        line += f"; that report has been {due.evidence[0].void} since"
    return line


def _claims_of(event: Event) -> tuple[list[EventReport], list[EventReport]]:
    """All claims, and those that are told: the ones that stand, or if none does all of them."""
    claims = [report for report in event.reports if is_claim(report)]
    return claims, [report for report in claims if report.void is None] or claims


def _lead(event: Event, due: DueAlert, standing: Sequence[EventReport]) -> EventReport | None:
    """The report that the line tells: the one that made the alert due, or the first with the event's status."""
    if due.kind in ("firmer", "changed", "called-off"):
        return due.evidence[0]
    if due.kind == "contested":
        # What is denied is that troops go, not that somebody refuses to send them.
        going = [report for report in standing if report.status in LEVELS]
        if going:
            return max(going, key=lambda report: LEVELS[report.status])
    return _typical(event, standing)


def _typical(event: Event, standing: Sequence[EventReport]) -> EventReport | None:
    """The surest report with the event's status, otherwise the first one."""
    alike = [report for report in standing if report.status == event.status]
    return max(alike, key=lambda report: report.confidence) if alike else standing[0] if standing else None


def _deed(
    event: Event, status: Status, lead: EventReport | None, standing: Sequence[EventReport], *, exact: bool
) -> str:
    """ "Kyrgyzstan would send troops to Syria: asked by Russia", "Norway has sent 300 soldiers to Mali"."""
    act = _act(event, lead)
    infinitive, going, done = VERBS[act]
    what = _what(act, lead, standing, exact=exact)
    where = _where(event, act)
    mover = _upper(names.actor(event.mover)) or "An unnamed force"
    agents = [agent for agent in (lead.agents if lead is not None else ()) if agent.code != event.mover.code]
    by = f" by {names.listed([names.actor(agent) for agent in agents])}" if agents else ""
    if status == "decided":
        return f"{mover} {_be(event.mover)} to {infinitive} {what}{where}" + (f", decided{by}" if by else "")
    if status == "ongoing":
        return f"{mover} {_be(event.mover)} {going} {what}{where}"
    if status == "occurred":
        return f"{mover} {'have' if _is_plural(event.mover) else 'has'} {done} {what}{where}"
    if status in ("refused", "suspended") and not by:
        verb = {"refused": f"refuse to {infinitive}", "suspended": f"suspend {going}"}[status]
        third = verb if _is_plural(event.mover) else verb.replace("refuse", "refuses").replace("suspend", "suspends")
        return f"{mover} {third} {what}{where}"
    if status == "background":
        return f"{mover} {_be(event.mover)} said to have {done} {what}{where} before"
    talk = "asked" if status == "requested" and by else TALK[status]
    return f"{mover} would {infinitive} {what}{where}" + (f": {talk}{by}" if standing else "")


def _act(event: Event, lead: EventReport | None) -> Act:
    return lead.act if lead is not None else event.reports[0].act if event.reports else "send"


def _what(act: Act, lead: EventReport | None, standing: Sequence[EventReport], *, exact: bool) -> str:
    more = "more " if act == "reinforce" else ""
    return names.number(_count(lead, standing, exact=exact), more) or f"{more}troops"


def _count(lead: EventReport | None, standing: Sequence[EventReport], *, exact: bool) -> Count | None:
    counted = [r for r in standing if r.count is not None]
    if lead is not None:
        # "300 soldiers" before the "two aircraft" that they came in
        people = [r for r in counted if r.status == lead.status and r.count and not names.is_materiel(r.count)]
        best = max(people, key=lambda report: report.confidence, default=None)
        if lead.count is not None:
            counted = [best if best is not None and names.is_materiel(lead.count) and not exact else lead]
        elif best is not None:
            counted = [best]
    return counted[-1].count if counted else None


def _where(event: Event, act: Act) -> str:
    if event.place is None:
        return "" if event.family == "mobilise" else ", place not named"
    preposition = PREPOSITIONS[event.family]
    if event.place.code == event.mover.code:
        if not names.is_town(event.place):
            return "" if event.family == "mobilise" else " within the country"
        return f" {preposition} {event.place.name}"
    return f" {preposition} {names.place(event.place)}"


def _said(told: Sequence[EventReport], status: Status, known: Mapping[str, Speaker]) -> str:
    """ ", say 2 speakers (Shamanov, Kalin)"; of those who say just this, where there are any."""
    exact = [report for report in told if report.status == status] or list(told)
    distinct = list(dict.fromkeys(known[r.id] for r in exact if r.id in known))
    if not distinct:
        outlets = list(dict.fromkeys(report.outlet_name for report in exact))
        if not outlets:
            return ""
        return f", report{'s' if len(outlets) == 1 else ''} {names.listed(outlets)}"
    if len(distinct) == 1:
        return f", {'say' if names.is_several(distinct[0]) else 'says'} {names.speaker(distinct[0])}"
    short = Counter(map(names.surname, distinct))
    called = [names.surname(who) if short[names.surname(who)] == 1 else names.speaker(who) for who in distinct]
    return f", say {len(distinct)} speakers ({', '.join(called[:4])}{', …' if len(distinct) > 4 else ''})"


def _denial(event: Event, claims: Sequence[EventReport]) -> str:
    """ "; the Kazakh foreign minister denies it", where a party does."""
    denial = next((r for r in event.reports if r.stance == "denies" and r.party and r.void is None), None)
    return _denied(denial, bool(claims)) if denial is not None else ""


def _denied(denial: EventReport, claimed: bool) -> str:
    who = names.speaker(denial.speaker) if denial.speaker is not None else denial.outlet_name
    since = f" (the denial has been {denial.void} since)" if denial.void is not None else ""
    several = denial.speaker is not None and names.is_several(denial.speaker)
    return f"; {who} {'deny' if several else 'denies'} it{since}" + (
        "" if claimed else "; no report of the claim has been seen"
    )


def _taken_back(report: EventReport, event: Event) -> str:
    line = f"; {report.outlet_name} has {report.void} its report and "
    return line + ("no other stands" if event.state == "retracted" else "it has been reported again since")


def _sources(event: Event) -> str:
    if not event.independent:
        return ""
    outlets = len({report.outlet for report in event.reports if is_claim(report) and report.void is None})
    line = f"; {event.independent} independent source{'s' if event.independent > 1 else ''}"
    return line + (f" in {outlets} outlets" if outlets > event.independent else "")


def source_lines(event: Event) -> tuple[str, ...]:
    """One line for each standing source: who carries it, whom it quotes, and why it is one."""
    lines = []
    known = voices_of(event)
    for source in event.sources:
        if not source.standing:
            continue
        carried = names.listed(source.outlets)
        if source.outlet_count > len(source.outlets):
            carried = f"{', '.join(source.outlets[:3])} and {source.outlet_count - 3} more"
        quoted = [r for r in event.reports if r.source == source.id and r.void is None and r.speaker is not None]
        speakers = list(dict.fromkeys(names.speaker(known[r.id]) for r in quoted if r.status in LEVELS))
        # Who refuses or opposes is not one of those who tell of it.
        against = [names.speaker(known[r.id]) for r in quoted if r.status not in LEVELS]
        against = [speaker for speaker in dict.fromkeys(against) if speaker not in speakers]
        line = carried + (f", quoting {names.listed(speakers)}" if speakers else "")
        line += f"; against it: {names.listed(against)}" if against else ""
        why = list(dict.fromkeys(_WHY[reason.kind] for reason in source.reasons if reason.kind in _WHY))
        if source.article_count > 1 and why:
            line += f" (one source: {', '.join(why)})"
        if source.agencies:
            line += f"; credits {names.listed([names.credit(agency) for agency in source.agencies])}"
        lines.append(line)
    return tuple(lines)


_WHY = {
    "origin-text": "one text",
    "agency": "a credited agency",
    "cited": "a cited outlet",
    "family": "one publisher",
    "statement": "one speaker",
    "rewrite": "one story in other words",
}


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_plural(mover: Actor) -> bool:
    """Movers that take a plural verb: "Kurdish fighters have", but "the United States has", "Hamas has"."""
    if mover.kind == "country":
        return False
    last = mover.name.split()[-1:] or [""]
    return last[0].endswith("s") and last[0].casefold() not in _SINGULAR and not last[0].isupper()


_SINGULAR = frozenset({"hamas", "isis", "ecowas", "brics", "corps", "congress"})


def _be(mover: Actor) -> str:
    return "are" if _is_plural(mover) else "is"
