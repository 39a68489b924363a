"""`muster desk` as a process of its own, and records for it to read."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kafka import KafkaProducer

from desk.state import Incoming
from streams import kafka_options
from streams.settings import Settings

CHECKOUT = Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 60.0


def publish(settings: Settings, messages: Sequence[Incoming]) -> None:
    """Put records on their topics and partitions."""
    producer = KafkaProducer(**kafka_options.kafka_python_options(settings))
    try:
        for message in messages:
            producer.send(
                settings.topic_prefix + message.topic,
                key=message.key.encode(),
                value=message.value,
                partition=message.partition,
                timestamp_ms=message.timestamp_ms,
            )
        producer.flush()
    finally:
        producer.close()


@dataclasses.dataclass
class Running:
    """A desk process, its address once it has told it, and its log."""

    process: subprocess.Popen[str]
    log: Path
    address: str = ""

    def get(self, path: str) -> tuple[int, Any]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=DEADLINE_SECONDS) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return self.get("api/health/ready")[0] == 200


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not within {DEADLINE_SECONDS:.0f} s: {what}"
        time.sleep(0.05)


@contextlib.contextmanager
def started(settings: Settings, folder: Path) -> Iterator[Running]:
    """`muster desk` on any free port, once it listens."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    log = folder / "desk.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streams.commands.main", "desk"],
            env={**others, **dataclasses.replace(settings, desk_port=0).to_environment()},
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
            cwd=CHECKOUT,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.fullmatch(rf"the desk: (http://{re.escape(settings.desk_host)}:\d+/)\n", line)
        assert found is not None, log.read_text()
        yield Running(process, log, found[1])
    finally:
        process.kill()
        process.communicate()
