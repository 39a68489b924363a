"""How quick the desk's page is with many events: `python -m bench.page [--events 10000]`. Needs playwright and a chromium.

The desk and the browser run on this machine and share its processors. "Filter" is the time from the reader's act until the
frame that shows the answer: what he waits for, the pause after the last letter of a search included.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice, product
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from agents.alert.names import countries
from desk.state import EVENTS, Incoming
from streams import records
from streams.records import Event, Status
from tests.desk.browsing import browser
from tests.desk.served import ServedDesk

EXAMPLES = Path(__file__).resolve().parents[1] / "streams" / "examples" / "events.v1.json"
STATUSES: tuple[Status, ...] = ("requested", "planned", "decided", "ongoing", "occurred")
ROUNDS = 15

ACT = """(act) => new Promise((resolve) => {
  const count = document.getElementById("count");
  const began = performance.now();
  new MutationObserver((_, observer) => {
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
  }).observe(count, { childList: true, characterData: true, subtree: true });
  if (act.write !== undefined) {
    const search = document.getElementById("search");
    search.value = act.write;
    search.dispatchEvent(new Event("input", { bubbles: true }));
  } else document.querySelector(act.click).click();
})"""


def made(number: int) -> list[Incoming]:
    """So many events: of forty movers, in forty places, week after week."""
    example = records.decode(json.dumps(json.loads(EXAMPLES.read_text(encoding="utf-8"))[0]).encode(), Event)
    assert example.place is not None
    found = []
    some = sorted(countries())[::6][:40]
    for index, (week, mover, place) in enumerate(_weeks(some, number)):
        day = f"2025-{1 + index % 12:02}-{1 + index % 28:02}T{index % 24:02}:00:00Z"
        event = replace(
            example,
            id=f"{mover}.deploy.{place}.2025-W{week:02}",
            key=f"{mover}.deploy.{place}",
            mover=replace(example.mover, code=mover, name=mover),
            place=replace(example.place, code=place, name=countries()[place], id=place),
            status=STATUSES[index % len(STATUSES)],
            contested=index % 7 == 0,
            first_seen=day,
            last_seen=day,
        )
        value = records.encode(event)
        found.append(Incoming(topic=EVENTS, partition=0, offset=index, timestamp_ms=index, key=event.id, value=value))
    return found


def _weeks(some: list[str], number: int) -> Iterator[tuple[int, str, str]]:
    """Week, mover and place of each of so many events."""
    every = ((week, mover, place) for week in count(1) for mover, place in product(some, repeat=2))
    return islice(every, number)


def figures(times: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(times), 1), "slowest": round(max(times), 1)}


def measure(address: str) -> dict[str, Any]:
    """Milliseconds of paints, acts and answers."""
    results: dict[str, Any] = {}
    answers = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        urlopen(f"{address}/api/events").read()
        answers.append(1000 * (time.perf_counter() - began))
    results["answer of /api/events"] = figures(answers)
    paints = []
    with browser() as opened:
        for _ in range(ROUNDS // 3):
            context = opened.new_context(viewport={"width": 1440, "height": 900})
            page = context.new_page()
            page.goto(address)
            page.locator(".row").nth(99).wait_for()
            paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            context.close()
        results["first contentful paint"] = figures(paints)
        page = opened.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(address)
        page.locator(".row").nth(99).wait_for()
        page.locator(".spot").first.wait_for()
        boxes = '#facets input[data-key="status"][data-value="planned"]'
        results["filter by status"] = figures([page.evaluate(ACT, {"click": boxes}) for _ in range(ROUNDS)])
        words = ["fran", "franc", "france", "", "mali", "ma", "", "syria", "syri", "", "togo", "", "chad", "cha", ""]
        results["filter by text"] = figures([page.evaluate(ACT, {"write": word}) for word in words])
    return results


def main() -> None:
    """Print the figures, and the same as one JSON object in the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    served = ServedDesk(made(parser.parse_args().events))
    try:
        results = {"events": served.desk.events, **measure(served.address)}
    finally:
        served.close()
    for name, found in results.items():
        if isinstance(found, dict):
            print(f"  {name}: {found['median']:.0f} ms, slowest {found['slowest']:.0f} ms")
    print(json.dumps(results))


if __name__ == "__main__":
    main()
