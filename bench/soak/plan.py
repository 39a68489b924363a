"""The faults of a soak: a pure function of its seed."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "worker-killed",
    "worker-stopped",
    "worker-frozen",
    "broker-restarted",
    "broker-away",
    "workers-come-and-go",
    "input-disordered",
    "sink-down",
    "disk-full",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
DECK: tuple[Kind, ...] = (*KINDS, "worker-killed", "worker-stopped")
"""What is dealt before anything comes again: fifty faults have each kind four times at least, and the cheap ones, whose
moment matters most, twice as often."""
AWAY_SECONDS = 60.0
BURSTS = 0.5
"""Share of the faults that meet stages with a backlog."""
HASTY = 0.25
"""Share of the faults that meet a pipeline which is not whole again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault. What a kind makes of `seconds` and of `variant` is told in `told`."""

    kind: Kind
    moment: float
    """Share of the articles of this fault that are fed when it begins; of a burst the seconds since then."""
    burst: bool = False
    """Whether its articles come all at once, so that they wait before every stage, and not one by one."""
    seconds: float = 0.0
    """How long it lasts; 0: no longer than it takes."""
    variant: int = 0
    """Which worker, or in which way: a place in `WAYS`."""
    hasty: bool = False
    """Whether it begins when all is worked through after the fault before it, though a worker may not be back yet."""
    seed: int = 0
    """Of what is drawn while it happens."""

    def told(self) -> str:
        """For whoever reads the schedule."""
        ways = WAYS[self.kind]
        lasting = f" for {self.seconds:.0f} s" if self.seconds else ""
        haste = ", hasty" * self.hasty
        when = f"{self.moment:.1f} s after a burst" if self.burst else f"with {self.moment:.0%} of its articles fed"
        return f"{self.kind} ({ways[self.variant]}){lasting}, {when}{haste}"


WAYS: dict[Kind, tuple[str, ...]] = {
    "worker-killed": ("SIGKILL of the first", "SIGKILL of the last", "SIGKILL of all"),
    "worker-stopped": ("SIGTERM of the first", "SIGTERM of the last", "SIGTERM of all"),
    "worker-frozen": ("SIGSTOP of the first", "SIGSTOP of the last", "SIGSTOP of all"),
    "broker-restarted": ("SIGTERM", "SIGKILL"),
    "broker-away": ("SIGTERM", "SIGKILL"),
    "workers-come-and-go": ("one more, SIGTERM", "two more, SIGKILL"),
    "input-disordered": ("shuffled, each twice", "shuffled, and a third of all before again"),
    "sink-down": ("answers 503", "closed port"),
    "disk-full": ("full as the first article comes", "full among the articles"),
}


def schedule(
    seed: int, faults: int, *, session_seconds: float, kinds: Collection[Kind] = KINDS, away: float = AWAY_SECONDS
) -> list[Fault]:
    """So many faults of those kinds, the same for one seed."""
    chance = random.Random(seed)
    deck: list[Kind] = []
    dealt = []
    while len(dealt) < faults:
        if not deck:
            deck = [kind for kind in DECK if kind in kinds]
            chance.shuffle(deck)
        kind = deck.pop()
        lasting = {
            "worker-frozen": session_seconds + chance.uniform(2, 6),
            "broker-away": away,
            "sink-down": chance.uniform(5, 20),
            "disk-full": chance.uniform(3, 10),
        }
        variant = chance.randrange(len(WAYS[kind]))
        moment = 0.0 if kind == "disk-full" and variant == 0 else chance.uniform(0.05, 0.95)
        dealt.append(
            Fault(
                kind=kind,
                moment=round(moment, 2),
                seconds=round(lasting.get(kind, 0.0), 1),
                variant=variant,
                burst=chance.random() < BURSTS,
                hasty=chance.random() < HASTY,
                seed=chance.randrange(2**31),
            )
        )
    return dealt


def rounds(faults: Sequence[Fault], size: int) -> list[Sequence[Fault]]:
    """The faults in groups: those of one group happen to one set of topics, one after the other."""
    return [faults[start : start + size] for start in range(0, len(faults), size)]
