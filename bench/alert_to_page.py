"""From alerts.v1 to the reader's screen: `python -m bench.alert_to_page [--alerts 200] [--rate 10]`. Needs playwright, a chromium
and what `muster broker` starts.

A broker, `muster desk` and a browser run on this machine and share its processors. The time of an alert is from just before it
is given to the producer until the frame in which the page shows it.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from kafka import KafkaProducer

from bench.page import made
from desk.state import ALERTS
from streams import broker as brokers
from streams import kafka_options, records
from streams.administration import create_topics
from streams.records import Alert
from streams.settings import Settings
from tests.desk.browsing import browser
from tests.desk.processes import publish, started, until

EXAMPLES = Path(__file__).resolve().parents[1] / "streams" / "examples" / "alerts.v1.json"
EVENTS_HELD = 1000
TARGET_MS = 200.0

NOTE = """() => {
  window.shown = {};
  new MutationObserver((changes) => {
    const ids = changes.flatMap((change) => [...change.addedNodes].map((node) => node.dataset.id));
    requestAnimationFrame(() => setTimeout(() => {
      const now = performance.timeOrigin + performance.now();
      for (const id of ids) window.shown[id] ??= now;
    }));
  }).observe(document.getElementById("alerts"), { childList: true });
}"""


def measure(settings: Settings, address: str, number: int, rate: float) -> dict[str, Any]:
    """Milliseconds from the topic to the screen."""
    example = records.decode(json.dumps(json.loads(EXAMPLES.read_text(encoding="utf-8"))[0]).encode(), Alert)
    sent: dict[str, float] = {}
    with browser() as opened:
        page = opened.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(address)
        page.locator("#live[data-state=live]").wait_for()
        page.evaluate(NOTE)
        producer = KafkaProducer(**kafka_options.kafka_python_options(settings))
        begin = time.monotonic()
        for index in range(number):
            time.sleep(max(0.0, begin + index / rate - time.monotonic()))
            alert = dataclasses.replace(example, id=f"{example.id}.{index}", headline=f"{index}: {example.headline}")
            value = records.encode(alert)
            sent[alert.id] = 1000 * time.time()
            producer.send(
                settings.topic_prefix + ALERTS, key=alert.id.encode(), value=value, timestamp_ms=int(sent[alert.id])
            )
        producer.close()
        # Asked from here: a script that waits in the page would be evaluated there, which its content policy forbids.
        until(lambda: page.evaluate("Object.keys(window.shown).length") >= number, "the page has shown all alerts")
        shown = page.evaluate("window.shown")
    times = sorted(shown[id] - at for id, at in sent.items())
    return {
        "alerts": number,
        "median": round(statistics.median(times), 1),
        "p99": round(times[min(number - 1, int(0.99 * number))], 1),
        "slowest": round(times[-1], 1),
        "load": [round(one, 2) for one in os.getloadavg()],
    }


def main() -> None:
    """Print the figures as one JSON object; exit code 1 where the slowest hundredth is above the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=200)
    parser.add_argument("--rate", type=float, default=10.0)
    asked = parser.parse_args()
    own = dataclasses.replace(Settings.from_environment(), broker="", topic_prefix="bench-", partitions=2)
    with brokers.temporary_broker(own) as running, tempfile.TemporaryDirectory() as folder:
        settings = dataclasses.replace(own, broker=running.bootstrap)
        create_topics(settings)
        publish(settings, made(EVENTS_HELD))
        with started(settings, Path(folder)) as desk:
            until(desk.is_ready, "the desk has caught up")
            results = measure(settings, desk.address, asked.alerts, asked.rate)
    print(json.dumps(results))
    if results["p99"] > TARGET_MS:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
