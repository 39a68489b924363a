"""What a round has to end with. All is compared as bytes, as they lie on the topics.

- Settled events: of each id the version that a subscriber keeps. An id that went into another one is dropped, as
  docs/consuming.md says, for whether two events were ever apart depends on the order in which reports came; but it must lead to
  an event that stands.
- Alerts. Those that are due of the settled events must all be there: nothing is lost. Beyond them an order of arrival may
  make an alert due that another order would not (docs/alerts.md: it was right for what was known). So whatever ids there are
  beside must be the ones that the pure stage tells, if it is given the versions that this round published, one by one: none
  is made up. How many differ from the undisturbed run is counted as `early`, and never hidden.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from streams.dry_run import Message
from streams.handling import handle
from streams.settings import Settings
from streams.stage import Received, Stage, Surroundings
from streams.stages import build
from streams.topics import registry, topic

COMPARED = ("articles.v1", "events.v1", "stories.v1")
READ = (*COMPARED, "alerts.v1", "dead-letters.v1")
GROWS = {"articles.v1": "version", "events.v1": "version", "stories.v1": "revision"}
SHOWN = 5
AROUND = 100


@dataclass(frozen=True, slots=True)
class Ending:
    """What a run ended with."""

    settled: Mapping[str, Mapping[str, bytes]]
    """By topic and key the bytes of the record that holds."""
    alerts: frozenset[str]
    due: frozenset[str]
    """Alerts that the settled events amount to."""
    repeated: int
    """Alerts beyond the first of an id: what at-least-once costs."""
    faults: tuple[str, ...]
    """What is wrong with this run, whatever another one ends with."""


def ending(messages: Mapping[str, Sequence[Message]], settings: Settings, *, partitions: int) -> Ending:
    """What a run ended with that left these messages on the topics of `READ`."""
    wrong: list[str] = []
    settled = {name: _settled(name, messages[name], wrong) for name in COMPARED}
    alert = build("alert", Surroundings(settings, dict.fromkeys(registry(), partitions)))
    ids = Counter(message.key for message in messages["alerts.v1"])
    due, lost = set(), []
    for key, value in settled["events.v1"].items():
        names = {id.removeprefix(f"{key}.") for id in _told(alert, [(key, value)])}
        due.update(f"{key}.{name}" for name in names)
        # What was told of an event before it went into this one is not told again.
        known_as = (key, *topic("events.v1").decode(value).merged)
        lost += [f"{key}.{name}" for name in names if not any(f"{id}.{name}" in ids for id in known_as)]
    told: set[str] = set()
    for partition in range(partitions):
        on_it = [m for m in messages["events.v1"] if m.partition == partition]
        told.update(_told(alert, [(m.key, m.value) for m in on_it]))
    wrong += [f"alerts.v1: lost: {id}" for id in sorted(lost)]
    wrong += [f"alerts.v1: told by no version of its event: {id}" for id in sorted(ids.keys() - told)]
    wrong += [f"alerts.v1: due of a version and not told: {id}" for id in sorted(told - ids.keys() - set(lost))]
    wrong += [
        f"dead-letters.v1: {letter.stage}: {letter.error}: {letter.message[:200]}"
        for letter in (message.record() for message in messages["dead-letters.v1"])
    ]
    return Ending(settled, frozenset(ids), frozenset(due), ids.total() - len(ids), tuple(wrong))


def differences(found: Ending, wanted: Ending, named: str) -> list[str]:
    """Where a run ended otherwise than another one, which is called `named`."""
    told = []
    for name in COMPARED:
        ours, theirs = found.settled[name], wanted.settled[name]
        told += [f"{name}: {key}: not in the {named}" for key in sorted(ours.keys() - theirs.keys())]
        told += [f"{name}: {key}: only in the {named}" for key in sorted(theirs.keys() - ours.keys())]
        told += [
            f"{name}: {key}: {_where(ours[key], theirs[key], named)}"
            for key in sorted(ours.keys() & theirs.keys())
            if ours[key] != theirs[key]
        ]
    told += [f"alerts.v1: due only here, not in the {named}: {id}" for id in sorted(found.due - wanted.due)]
    told += [f"alerts.v1: due only in the {named}: {id}" for id in sorted(wanted.due - found.due)]
    return told


def early(found: Ending, wanted: Ending) -> list[str]:
    """Ids of alerts that one of two runs told, and that the settled events of both no longer make due."""
    return sorted((found.alerts ^ wanted.alerts) - found.due - wanted.due)


def _settled(name: str, messages: Iterable[Message], wrong: list[str]) -> dict[str, bytes]:
    """The highest version of each key; of equal ones the last, as on a compacted topic. Equal ones must be the same bytes."""
    found: dict[str, tuple[int, bytes]] = {}
    seen: dict[tuple[str, int], bytes] = {}
    merged: dict[str, str] = {}
    for message in messages:
        if message.value is None:
            continue
        record = message.record()
        version = getattr(record, GROWS[name])
        if seen.setdefault((message.key, version), message.value) != message.value:
            other = _where(message.value, seen[message.key, version], "first of them")
            wrong.append(f"{name}: {message.key}: two records of version {version}: {other}")
        if message.key not in found or version >= found[message.key][0]:
            found[message.key] = (version, message.value)
            merged.pop(message.key, None)
            if name == "events.v1" and record.state == "merged":
                merged[message.key] = record.merged_into
    for key, into in merged.items():
        followed = {key}
        while into in merged and into not in followed:
            followed.add(into)
            into = merged[into]
        if into not in found or into in merged:
            wrong.append(f"{name}: {key}: merged into {into}, which is no event that stands")
    return {key: value for key, (_, value) in found.items() if key not in merged}


def _told(alert: Stage, events: Iterable[tuple[str, bytes | None]]) -> set[str]:
    """Ids that the pure stage tells of these records of one partition, in this order."""
    assert alert.new_state is not None
    state = alert.new_state()
    told: set[str] = set()
    for offset, (key, value) in enumerate(events):
        handled = handle(alert, state, key.encode(), value, Received(0, offset, 0))
        told.update(output.key for output in handled.outputs)
    return told


def _where(found: bytes, wanted: bytes, named: str) -> str:
    at = next((i for i, (a, b) in enumerate(zip(found, wanted, strict=False)) if a != b), min(len(found), len(wanted)))
    cut = slice(max(0, at - AROUND), at + AROUND)
    return f"...{found[cut].decode(errors='replace')}... in the {named}: ...{wanted[cut].decode(errors='replace')}..."
