"""Every expression about sinks, feeds and watchlists has data on a real Prometheus that scrapes what serves it."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.child_process import environment_of
from streams.settings import Settings, variable_of
from tests.deployment.shown import ROOT, rules
from tests.feeds import documents
from tests.feeds.test_feed_command import site
from tests.integration.pipeline_support import RunningWorker, until
from tests.integration.test_expressions import NOT_OF_THIS_WORKER, WINDOW, Prometheus, shown
from tests.programs import program
from tests.sinks.given import alert, written
from tests.sinks.receivers import Answer, receiver
from tests.sinks.test_delivered_once import publish

pytestmark = pytest.mark.broker

OF_AN_AGE = "MusterSinkWaits"
"""It wants an alert that has waited for ten minutes; every other rule holds at once for what the fixture does."""


@contextlib.contextmanager
def process(command: list[str], environment: dict[str, str], folder: Path) -> Iterator[Path]:
    """A command of Muster for as long as the block runs. Yields its log."""
    folder.mkdir()
    log = folder / "log"
    with log.open("wb") as file:
        running = subprocess.Popen(
            [sys.executable, "-m", "streams.commands.main", *command],
            cwd=ROOT,
            env=environment,
            stdout=file,
            stderr=file,
        )
    try:
        yield log
    finally:
        running.kill()
        running.wait()


def served_at(log: Path) -> str:
    """Host and port of the metrics, once the log names them."""
    found: list[str] = []

    def named() -> bool:
        found[:] = re.findall(r"metrics at http://(\S+)/metrics", log.read_text(encoding="utf-8"))
        return bool(found)

    until(named, f"metrics in {log}")
    return found[0]


@pytest.fixture
def prometheus(kafka_settings: Settings, tmp_path: Path) -> Iterator[Prometheus]:
    """It has seen a sink that refuses an alert and takes one, one that nothing gets through, a feed that is read and one
    that fails, and watchlists with a mistake."""
    program("prometheus")
    lists = tmp_path / "lists.toml"
    lists.write_text('[[watchlist]]\nname = "desk"\n', encoding="utf-8")
    settings = dataclasses.replace(kafka_settings, watchlists=lists)
    environment = environment_of(kafka_settings) | {
        variable_of("metrics_port"): "0",
        variable_of("allow_private_targets"): "true",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    with contextlib.ExitStack() as stack:
        chat, mail, feeds = (stack.enter_context(made) for made in (receiver(), receiver(), site()))
        chat.answers = [Answer(503), Answer(400)]
        mail.always = Answer(400)
        feeds.answers["/rss"] = documents.RSS
        environment[variable_of("sinks")] = str(
            written(
                tmp_path,
                "\n".join(
                    f'[[sink]]\nname = "{name}"\nkind = "webhook"\nurl = "{url}"\nfrom = "start"'
                    for name, url in (("chat", chat.url), ("mail", mail.url))
                ),
            )
        )
        polled = [f"{feeds.base}/rss", f"{feeds.base}/gone"]
        logs = [
            stack.enter_context(process(["notify"], environment, tmp_path / "notify")),
            stack.enter_context(process(["feed", *polled], environment, tmp_path / "feed")),
        ]
        alerting = RunningWorker(settings, tmp_path / "worker", ["alert"])
        stack.callback(alerting.kill)
        targets = [served_at(log) for log in (*logs, tmp_path / "worker" / "log")]
        started = Prometheus(tmp_path, *targets)
        stack.callback(started.process.wait, 30)
        stack.callback(started.process.terminate)
        until(started.answers, "a Prometheus that is ready")
        # Rates have something to grow from: the counters were seen at zero.
        until(lambda: started.number("count(muster_sink_failed_total == 0)") == 2, "a scrape of both sinks")
        changes = "muster_watched_file_changes_total"
        until(lambda: started.number(f"count({changes} == 0)") == 3, f"a scrape of the watchlists\n{alerting.log}")
        lists.write_text('[[watchlist]]\nnames = "desk"\n', encoding="utf-8")
        publish(kafka_settings, alert("A.new", event="A"), alert("B.new", event="A"))
        until(lambda: started.number("sum(muster_sink_delivered_total)") == 1, "a delivered alert")
        until(lambda: started.number("sum(muster_sink_failed_total)") == 3, "alerts that were refused")
        until(lambda: started.number(f'{changes}{{outcome="refused"}}') == 1, "watchlists that were refused")
        until(lambda: started.number("sum(muster_feeds_failing)") == 1, "a feed that fails")
        until(lambda: started.number("sum(muster_feed_articles_total)") == 2, "articles of the other feed")
        yield started


def of_others(expression: str) -> bool:
    return any(name in expression for name in NOT_OF_THIS_WORKER)


def test_every_expression_about_sinks_feeds_and_watchlists_has_data(prometheus: Prometheus) -> None:
    asked = [(where, expression) for where, expression in shown() if of_others(expression)]
    assert {where for where, _ in asked} >= {"runbook", "MusterSinkFails", "MusterFeedsFail"}
    without = []
    for where, expression in asked:
        values = [float(sample["value"][1]) for sample in prometheus.query(expression)]
        if not values or all(math.isnan(value) for value in values):
            without.append(f"{where}: {expression}")
    assert without == []
    assert prometheus.number("sum(muster_sink_retries_total)") == 1
    holding = [rule for rule in rules() if of_others(rule["expr"]) and rule["alert"] != OF_AN_AGE]
    silent = [
        rule["alert"] for rule in holding if not prometheus.query(re.sub(r"\[\d+[mh]\]", f"[{WINDOW}]", rule["expr"]))
    ]
    assert silent == []
