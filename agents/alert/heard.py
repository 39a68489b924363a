"""Who is heard in the reports of an event: who says that troops go, who denies it, who refuses or opposes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agents.alert import names
from agents.alert.due import LEVELS
from streams.records import Actor, Event, EventReport, Speaker
from wirecopy.speakers import best_known, speaks_as_state, voices

Against = Literal["refused", "opposed", "suspended"]
"""Statuses of what does not go ahead."""

_DOES: Mapping[str, str] = {"refused": "refuses", "opposed": "opposes", "suspended": "suspends"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opponent:
    """Somebody who stands against it, other than by a denial."""

    name: str
    """As a headline calls him."""
    how: Against
    """What he does: it is refused, opposed or suspended by him."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBy:
    """One independent source, by those who are heard in it."""

    speakers: tuple[str, ...]
    """Who says what the deed says, the first one first; empty where the outlets quote nobody for it."""
    outlet: str
    """The outlet that had it first."""
    more_outlets: int
    """How many other outlets carry the source."""


def voices_of(event: Event) -> dict[str, Speaker]:
    """By report, who speaks in it, as the event knows him best: what one article calls "its defence minister" is called
    by the name that it or another gives."""
    spoken = [report for report in event.reports if report.speaker is not None]
    spoken.sort(key=lambda r: (r.published, r.article, r.outlet, r.version, r.evidence.start, r.id))
    heard = [((r.article, r.outlet), r.speaker) for r in spoken if r.speaker is not None]
    together: defaultdict[int, list[Speaker]] = defaultdict(list)
    numbers = voices(heard)
    for number, (_, speaker) in zip(numbers, heard, strict=True):
        together[number].append(speaker)
    return {report.id: best_known(together[number]) for number, report in zip(numbers, spoken, strict=True)}


def is_against(report: EventReport) -> bool:
    """Whether it says that the deployment does not go ahead, without denying that it was spoken of."""
    return report.stance in ("affirms", "reports", "alleges") and report.status in _DOES


def alike(told: Iterable[EventReport], event: Event) -> list[EventReport]:
    """Those of the claims that say what the deed says: that it is wanted, planned or done; or that it is refused, opposed or
    suspended, where the event has come to that."""
    goes = event.status in LEVELS
    return [report for report in told if (report.status in LEVELS) == goes]


def speakers_for(claims: Sequence[EventReport], event: Event, known: Mapping[str, Speaker]) -> tuple[str, ...]:
    """Who says what the deed says, the first one first."""
    supporting = alike(claims, event)
    heard = without_their_states(supporting, known)
    return tuple(dict.fromkeys(names.speaker(known[r.id]) for r in heard if r.id in known))


def told_by(claims: Sequence[EventReport], event: Event, known: Mapping[str, Speaker]) -> tuple[ToldBy, ...]:
    """The independent sources, each with whom it quotes for what the deed says; where none stands, those of the claims."""
    claimed = {report.source for report in claims}
    counting = [source for source in event.sources if source.standing]
    found = []
    for source in counting or [source for source in event.sources if source.id in claimed]:
        of_it = [report for report in claims if report.source == source.id]
        told = alike(of_it, event) or of_it
        first = min(told, key=lambda report: (report.published, report.id), default=None)
        found.append(
            ToldBy(
                speakers=speakers_for(of_it, event, known),
                outlet=first.outlet_name if first is not None else next(iter(source.outlets), ""),
                more_outlets=max(0, source.outlet_count - 1),
            )
        )
    return tuple(found)


def denied_by(event: Event, known: Mapping[str, Speaker]) -> tuple[str, ...]:
    """Who denies it, the first one first; the outlet where it names nobody."""
    denials = [report for report in event.reports if report.stance == "denies" and report.void is None]
    heard = without_their_states(denials, known)
    return tuple(dict.fromkeys(names.speaker(known[r.id]) if r.id in known else r.outlet_name for r in heard))


def opponents(claims: Sequence[EventReport], event: Event, known: Mapping[str, Speaker]) -> tuple[Opponent, ...]:
    """Who refuses, opposes or suspends what the deed says, the first one first. Whoever denies it as well is told there."""
    if event.status not in LEVELS:
        return ()
    denying = set(denied_by(event, known))
    found: dict[Opponent, None] = {}
    for report in without_their_states([report for report in claims if is_against(report)], known):
        for name in _who_is_against(report, event, known.get(report.id)):
            if name not in denying:
                found[Opponent(name=name, how=report.status)] = None  # type: ignore[arg-type]
    return tuple(found)


def does(report: EventReport, speaker: Speaker) -> str | None:
    """What the speaker does where he is against it, in words: "refuses", or "says it is refused" where others do; None where
    his stance tells all."""
    if not is_against(report):
        return None
    return _DOES[report.status] if _is_own(report, speaker) else f"says it is {report.status}"


def without_their_states(reports: Sequence[EventReport], known: Mapping[str, Speaker]) -> list[EventReport]:
    """Without those in which a state speaks as such, where an article has somebody of that state say the same: "Kazakhstan has
    denied" is what its foreign minister did, and he is told."""
    people = {
        (*_state(report, known[report.id]), report.party)
        for report in reports
        if report.id in known and not speaks_as_state(known[report.id])
    }
    return [
        report
        for report in reports
        if report.id not in known
        or not speaks_as_state(known[report.id])
        # Somebody who is no party does not stand for what the party says.
        or (*_state(report, known[report.id]), report.party) not in people
    ]


def _state(report: EventReport, speaker: Speaker) -> tuple[str, str, str | None]:
    """Article, outlet and country."""
    return report.article, report.outlet, speaker.country


def _who_is_against(report: EventReport, event: Event, speaker: Speaker | None) -> list[str]:
    """Whoever refuses or opposes by this report: the speaker where he speaks for them."""
    if speaker is not None and _is_own(report, speaker):
        return [names.speaker(speaker)]
    if report.agents:
        return [names.actor(agent) for agent in report.agents]
    if report.status == "opposed":
        return ["somebody who is not named"]
    return [names.actor(event.mover)]


def _is_own(report: EventReport, speaker: Speaker) -> bool:
    """Whether he speaks for those who refuse or oppose; with none of them named it is he who does."""
    return not report.agents or any(_speaks_for(speaker, agent) for agent in report.agents)


def _speaks_for(speaker: Speaker, agent: Actor) -> bool:
    own = {name.casefold() for name in (speaker.country, speaker.name, speaker.organisation, speaker.text) if name}
    return bool(own & {agent.code.casefold(), agent.name.casefold()})
