"""The status of an event: the firmest one that stands, unless whoever could decide has since called it off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agents.corroborate.standing import AGAINST, FIRMNESS, TALK, Part
from streams.records import Status


class Said(NamedTuple):
    """One report, as far as the status depends on it. `party`: see `standing.speaks_as_party`."""

    seconds: float
    status: Status
    part: Part
    party: bool


def status_of(supporting: Sequence[Said]) -> Status | None:
    """The status that reports which support the event come to; None if there are none.

    A refusal or suspension by whoever could decide outweighs all talk (requests, offers, ...), also talk that is
    repeated afterwards, and any firmer status that was reported before it; a plan, decision or movement that is
    reported later outweighs the refusal.
    """
    forward = [said for said in supporting if said.status in FIRMNESS]
    decisive = [said for said in supporting if said.status in AGAINST and said.party]
    if decisive:
        last = max(decisive, key=lambda said: (said.seconds, said.status))
        since = [said for said in forward if said.status not in TALK and said.seconds > last.seconds]
        return _firmest(since) if since else last.status
    if forward:
        return _firmest(forward)
    against = [said for said in supporting if said.status in AGAINST]
    return max(against, key=lambda said: (said.seconds, said.status)).status if against else None


def any_status(said: Sequence[Said]) -> Status:
    """The status of what nobody supports: the firmest one that is denied, doubted, void or told as history."""
    forward = [s for s in said if s.status in FIRMNESS]
    return _firmest(forward) if forward else max(said, key=lambda s: (s.seconds, s.status)).status


def is_contested(standing: Sequence[Said]) -> bool:
    """Whether a party denies it, or somebody denies what others support."""
    denials = [said for said in standing if said.part == "denies"]
    return any(said.party for said in denials) or (bool(denials) and any(said.part == "supports" for said in standing))


def _firmest(said: Sequence[Said]) -> Status:
    return max((s.status for s in said), key=FIRMNESS.index)
