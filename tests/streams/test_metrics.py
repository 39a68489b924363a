"""The table of metrics: named after Prometheus' conventions, explained, and all that the code uses is in it."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from pathlib import Path

import orjson
import pytest
from prometheus_client.parser import text_string_to_metric_families

from streams.commands.failures import Failure
from streams.metrics import METRICS, SAID, Metrics, page, table
from streams.metrics_server import MetricsServer
from streams.topics import topic

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_names_follow_prometheus(metric) -> None:  # type: ignore[no-untyped-def]
    assert re.fullmatch(r"muster_[a-z][a-z_]*", metric.name)
    assert metric.name.endswith("_total") == (metric.kind == "counter")
    assert (metric.unit == "seconds") == metric.name.endswith("_seconds")
    assert bool(metric.buckets) == (metric.kind == "histogram")
    assert list(metric.buckets) == sorted(set(metric.buckets))
    assert metric.meaning
    assert not set(metric.labels) & {"id", "article", "event", "outlet", "url", "key", "message"}, "an unbounded label"


def test_names_are_unique_and_the_table_has_all_of_them() -> None:
    names = [metric.name for metric in METRICS]
    assert len(set(names)) == len(names)
    assert all(f"`{name}`" in table() for name in names)


def test_the_page_of_metrics_is_fresh() -> None:
    written = (CHECKOUT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert written == page(), "write it anew: python -m streams.metrics > docs/metrics.md"


def test_every_metric_that_the_code_names_is_in_the_table_and_used() -> None:
    code = "\n".join(
        p.read_text(encoding="utf-8")
        for folder in ("streams", "sinks")
        for p in (CHECKOUT / folder).rglob("*.py")
        if p.name != "metrics.py"
    )
    code += (CHECKOUT / "streams" / "metrics.py").read_text(encoding="utf-8").partition("class Metrics")[2]
    used = set(re.findall(r'\["(muster_[a-z_]+)"\]', code))
    assert used == {metric.name for metric in METRICS}


@pytest.fixture
def served():  # type: ignore[no-untyped-def]
    complaints: list[str] = []
    is_ready: list[bool] = []
    metrics = Metrics()
    metrics.prepare("tally")
    server = MetricsServer(metrics, "127.0.0.1", 0, live=lambda: complaints, ready=lambda: bool(is_ready))
    server.start()
    yield server, complaints, is_ready
    server.stop()


def get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_metrics_are_served_and_a_stages_counters_start_at_zero(served) -> None:  # type: ignore[no-untyped-def]
    status, text = get(served[0].address + "/metrics")
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert status == 200
    assert {m.name.removesuffix("_total") for m in METRICS} == {n for n in families if not n.startswith("process_")}
    assert "process_start_time_seconds" in families, "a worker that was started anew is told by it"
    outcomes = {s.labels["outcome"]: s.value for s in families["muster_handled"].samples}
    assert outcomes == {"published": 0, "silent": 0, "dead": 0, "tombstone": 0}
    assert next(iter(families["muster_build_info"].samples)).labels["python"]


def series(metrics: Metrics, name: str) -> dict[tuple[tuple[str, str], ...], float]:
    return {
        tuple(sorted(sample.labels.items())): sample.value
        for family in metrics.registry.collect()
        for sample in family.samples
        if sample.name == name
    }


@pytest.mark.parametrize("name", list(SAID))
def test_what_records_can_say_is_counted_from_zero_by_the_stage_that_publishes_them(name: str) -> None:
    counter, _ = SAID[name]
    metrics = Metrics()
    metrics.prepare("other")
    assert series(metrics, counter) == {}
    metrics.prepare("tally", publishes=(name, "dead-letters.v1"))
    prepared = series(metrics, counter)
    assert set(prepared.values()) == {0}
    examples = orjson.loads((CHECKOUT / "streams" / "examples" / f"{name}.json").read_bytes())
    metrics.count_published(topic(name).decode(orjson.dumps(example)) for example in examples)
    counted = series(metrics, counter)
    assert counted.keys() == prepared.keys(), "a value that was not prepared"
    assert sum(counted.values()) > 0


def test_health_tells_what_is_wrong(served) -> None:  # type: ignore[no-untyped-def]
    server, complaints, is_ready = served
    assert get(server.address + "/health/live") == (200, "alive\n")
    complaints.append("stage tally: 7 inputs wait")
    assert get(server.address + "/health/live") == (503, "stage tally: 7 inputs wait\n")
    assert get(server.address + "/health/ready")[0] == 503
    is_ready.append(True)
    assert get(server.address + "/health/ready") == (200, "ready\n")
    assert get(server.address + "/")[0] == 404


def test_a_port_that_is_taken_is_an_error_that_names_the_setting(served) -> None:  # type: ignore[no-untyped-def]
    port = int(served[0].address.rpartition(":")[2])
    with pytest.raises(Failure, match="MUSTER_METRICS_PORT"):
        MetricsServer(Metrics(), "127.0.0.1", port, live=list, ready=bool)


def test_a_port_that_is_taken_gives_way_to_a_free_one_where_any_will_do(served) -> None:  # type: ignore[no-untyped-def]
    port = int(served[0].address.rpartition(":")[2])
    other = MetricsServer(Metrics(), "127.0.0.1", port, live=list, ready=bool, else_any_port=True)
    try:
        other.start()
        assert other.address != served[0].address
        assert get(other.address + "/health/live") == (200, "alive\n")
    finally:
        other.stop()
