"""What a report is to its event: which part it plays, whether it still stands, and whether a party speaks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from streams.records import Actor, Force, Report, Revision, Speaker, Stance, Status
from wirecopy.speakers import fold_name

Part = Literal["supports", "denies", "doubts", "knows-nothing", "background"]
"""Only what supports counts as a source of the event; each of the others is shown in groups of its own."""

Void = Literal["corrected", "withdrawn"]

Origin = tuple[str, str]
"""Id of an article and family of its publisher, who alone can revise it."""

AGAINST: frozenset[Status] = frozenset({"refused", "opposed", "suspended"})
"""Statuses of a deployment that somebody stands against."""

FIRMNESS: tuple[Status, ...] = (
    "considered", "conditional", "threatened", "proposed", "offered", "requested", "demanded",
    "planned",
    "decided",
    "ongoing", "occurred",
)  # fmt: skip
"""From what binds nobody to what has happened. A wish of the mover (offered) binds less than one that another state
has put to it in public (requested, demanded); a plan is the first that the mover itself means to carry out."""

TALK = FIRMNESS[:7]
"""Statuses in which nobody who could decide has said yes."""

_SUPPORTING: frozenset[Stance] = frozenset({"affirms", "reports", "alleges"})


def part_of(report: Report) -> Part:
    """The part that the report plays in its event."""
    claim = report.claim
    if claim.status == "background":
        return "background"
    if claim.stance in _SUPPORTING:
        return "supports"
    return "knows-nothing" if claim.stance == "knows-nothing" else "denies" if claim.stance == "denies" else "doubts"


def origin_of(record: Report | Revision) -> Origin:
    """Whose article a report comes from, or a revision revises."""
    if isinstance(record, Revision):
        return record.article, record.family
    return record.article.id, record.article.family


def void_of(report: Report, revision: Revision) -> Void | None:
    """What the revision makes of the report."""
    if origin_of(report) != origin_of(revision):
        return None
    if revision.withdrawn and report.article.version <= revision.version:
        return "withdrawn"
    return "corrected" if report.article.version < revision.version else None


def voiding(report: Report, revisions: Mapping[Origin, Collection[Revision]]) -> list[Revision]:
    """All revisions that void the report, the one that did first at the head.

    That is the lowest version: a report that was withdrawn stays withdrawn when a third version brings the claim again,
    which is a report of its own. Of one version a withdrawal comes before none, then the first published; of equals
    any rule will do, as long as it is the same in every order.
    """
    found = [revision for revision in revisions.get(origin_of(report), ()) if void_of(report, revision)]
    return sorted(found, key=lambda r: (r.version, not r.withdrawn, r.published, r.outlet_name))


@dataclass(frozen=True, slots=True)
class Parties:
    """Who is party to an event: its mover, the agents of its claims, the state to which (or from which) the troops go."""

    codes: frozenset[str]
    deciders: frozenset[str]
    """Those who can call it off: the mover and the host state."""

    def include(self, who: Collection[str]) -> bool:
        return not self.codes.isdisjoint(who)

    def decide(self, who: Collection[str]) -> bool:
        return not self.deciders.isdisjoint(who)


def names_of(actor: Actor | Force) -> tuple[str, ...]:
    """The code and, for what is no country, the name of an actor, folded for comparison."""
    return (fold_name(actor.code),) if actor.kind == "country" else (fold_name(actor.code), fold_name(actor.name))


def voices_of(speaker: Speaker | None) -> tuple[str, ...]:
    """What a speaker speaks for: country and organisation, folded for comparison."""
    if speaker is None:
        return ()
    return tuple(fold_name(voice) for voice in (speaker.country, speaker.organisation) if voice)


def speaks_as_party(report: Report, parties: Parties) -> bool:
    """True for a denial by a party, and for a refusal or suspension by somebody who could decide.

    A refusal whose author is not named is a decision: only who is asked can refuse. Opposition is a decision only
    where the mover itself is the one who opposes; a host state or an opposition party that is against it does not
    keep the troops from coming.
    """
    claim = report.claim
    if claim.stance == "denies":
        voices = voices_of(claim.speaker)
        if voices:
            return parties.include(voices)
        # Nobody is named for whom the speaker speaks: "Astana denies it" has its author as the agent.
        return any(parties.decide(names_of(agent)) for agent in claim.agents)
    if claim.status not in AGAINST or part_of(report) != "supports":
        return False
    acting = [names_of(agent) for agent in claim.agents]
    if claim.status == "opposed":
        mover = set(names_of(report.mover))
        return any(not mover.isdisjoint(names) for names in acting)
    if acting:
        return any(parties.decide(names) for names in acting)
    voices = voices_of(claim.speaker)
    return not voices or parties.decide(voices)
