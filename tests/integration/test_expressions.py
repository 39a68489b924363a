"""Every expression of dashboards, rules and runbook has data on a real Prometheus that scrapes a real worker."""

from __future__ import annotations

import json
import math
import re
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.settings import Settings
from tests.deployment.shown import PROMETHEUS, ROOT, operands, rules, targets
from tests.integration.pipeline_support import feed, until, wait_until_idle, worker
from tests.programs import program

pytestmark = pytest.mark.broker

SAMPLES = sorted((ROOT / "samples").glob("*.json"))
WINDOW = "1h"
"""For what Grafana puts in, and for the ranges of rules and runbook: all that this Prometheus has seen, however slow the
machine is."""
NOT_OF_THIS_WORKER = ("muster_sink_", "muster_feed", "muster_watched_file_")
"""What `muster notify` and `muster feed` serve, and a worker that is given watchlists."""
NOTHING_TO_DIVIDE = "muster_fold_catch_up_seconds"
"""A quantile of what never happened is no number: this worker has nothing to catch up on."""


class Prometheus:
    """A Prometheus of this test, which scrapes processes of ours every second."""

    def __init__(self, folder: Path, *targets: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        config = folder / "prometheus.yml"
        config.write_text(
            yaml.safe_dump(
                {
                    "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                    "rule_files": [str(PROMETHEUS / "rules.yml")],
                    "scrape_configs": [{"job_name": "muster", "static_configs": [{"targets": list(targets)}]}],
                }
            ),
            encoding="utf-8",
        )
        self._log = folder / "prometheus.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    program("prometheus"),
                    f"--config.file={config}",
                    f"--storage.tsdb.path={folder / 'data'}",
                    f"--web.listen-address={self.address}",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The samples of an instant vector. Fails with Prometheus' own words for an expression that it refuses."""
        query = urllib.parse.urlencode({"query": expression})
        try:
            with urllib.request.urlopen(f"http://{self.address}/api/v1/query?{query}", timeout=30) as answer:
                found: list[dict[str, Any]] = json.load(answer)["data"]["result"]
        except urllib.error.HTTPError as error:
            with error:
                pytest.fail(f"{expression}: {error.read().decode()}")
        return found

    def answers(self) -> bool:
        assert self.process.poll() is None, self._log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(f"http://{self.address}/-/ready", timeout=5):
                return True
        except OSError:
            return False

    def number(self, expression: str) -> float:
        return sum(float(sample["value"][1]) for sample in self.query(expression))


@pytest.fixture
def prometheus(kafka_settings: Settings, tmp_path: Path) -> Iterator[Prometheus]:
    """It has seen a worker that was ready, then fed with the samples and with what is no article, and is idle now."""
    program("prometheus")
    with worker(kafka_settings, tmp_path / "worker") as running:
        found = re.search(r"metrics at http://(\S+)/metrics", running.log)
        assert found is not None
        started = Prometheus(tmp_path, found[1])
        try:
            until(started.answers, "a Prometheus that is ready")
            until(lambda: started.number("sum(muster_up)") == 1, "a first scrape")
            # Rates have something to grow from: the counters were seen at zero.
            feed(kafka_settings, [*(path.read_bytes() for path in SAMPLES), b"this is no article"])
            wait_until_idle(kafka_settings)
            taken = len(SAMPLES) + 1
            until(
                lambda: started.number('muster_handled_total{stage="ingest"}') == taken, "a scrape after the articles"
            )
            until(lambda: started.number("sum(muster_consumer_lag)") == 0, "a scrape without a lag")
            yield started
        finally:
            started.process.terminate()
            started.process.wait(30)


def shown() -> list[tuple[str, str]]:
    """Where an expression stands, and the expression with numbers for Grafana's variables and for long ranges."""
    found = [*((where, target["expr"]) for where, target in targets())]
    found += [(rule["alert"], part) for rule in rules() for part in operands(rule["expr"])]
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    found += [("runbook", query) for query in re.findall(r"`([^`\n]*\b(?:muster|process)_\w+[^`\n]*)`", runbook)]
    ranges = re.compile(r"\[(?:\$__\w+|\d+[mh])\]")
    return [(where, ranges.sub(f"[{WINDOW}]", expression)) for where, expression in found]


def test_every_expression_of_dashboards_rules_and_runbook_has_data(prometheus: Prometheus) -> None:
    without, no_number = [], []
    asked = [
        (where, expression)
        for where, expression in shown()
        if not any(name in expression for name in NOT_OF_THIS_WORKER)
    ]
    assert {where for where, _ in shown()} >= {"runbook", *(rule["alert"] for rule in rules())}
    for where, expression in asked:
        found = prometheus.query(expression)
        if not found:
            without.append(f"{where}: {expression}")
        elif all(math.isnan(float(sample["value"][1])) for sample in found) and NOTHING_TO_DIVIDE not in expression:
            no_number.append(f"{where}: {expression}")
    assert without == []
    assert no_number == []
    assert prometheus.number("sum(muster_alerts_total)") > 0
    assert prometheus.number('muster_dead_letters_total{reason="invalid"}') == 1
