"""Every metric: its name, kind, labels and meaning in one table, from which the documentation's is made.

Names follow Prometheus' conventions (base units, `_total`, `_seconds`). No label is unbounded: stages, topics,
partitions and the closed lists of `streams/records.py`.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import product
from typing import Any, Literal, get_args, get_type_hints

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.metrics import MetricWrapperBase

from streams.records import ACTS, ALERT_KINDS, STATUSES, Alert, Event, Relation, Report, Story

Outcome = Literal["published", "silent", "dead", "tombstone"]
OUTCOMES: tuple[Outcome, ...] = ("published", "silent", "dead", "tombstone")
SAID: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "reports.v1": ("muster_claims_total", {"act": ACTS, "status": STATUSES}),
    "stories.v1": ("muster_copies_total", {"relation": get_args(Relation)}),
    "events.v1": ("muster_events_total", {"state": get_args(get_type_hints(Event)["state"])}),
    "alerts.v1": ("muster_alerts_total", {"kind": ALERT_KINDS}),
}
"""What is counted of the records of a topic: the counter, and the values that its labels can have."""

STEP_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
CATCH_UP_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
"""From a few records to a partition of some tens of millions."""
ALERT_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)
"""From some milliseconds, which is what four hops take at best, to what a desk would notice as an outage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric as it is documented and created. `unit` is in words, empty for a bare number of things."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    unit: str
    labels: tuple[str, ...] = ()
    meaning: str
    buckets: tuple[float, ...] = ()


METRICS: tuple[Metric, ...] = (
    Metric(
        name="muster_inputs_total",
        kind="counter",
        unit="inputs",
        labels=("stage",),
        meaning="inputs taken from the consumed topic, repeated ones counted again",
    ),
    Metric(
        name="muster_messages_total",
        kind="counter",
        unit="messages",
        labels=("stage",),
        meaning="messages of the consumed topic that are acknowledged: what muster_consumer_lag counts. A message between the "
        "stages of dedupe may hold several inputs",
    ),
    Metric(
        name="muster_handled_total",
        kind="counter",
        unit="inputs",
        labels=("stage", "outcome"),
        meaning="inputs that are done, each under one outcome: published (outputs delivered), silent (nothing to "
        "publish), dead (a dead letter delivered), tombstone; their sum is muster_inputs_total less what is in flight",
    ),
    Metric(
        name="muster_outputs_total",
        kind="counter",
        unit="records",
        labels=("stage", "topic"),
        meaning="records that the broker has confirmed, dead letters among them",
    ),
    Metric(
        name="muster_input_bytes_total",
        kind="counter",
        unit="bytes",
        labels=("stage",),
        meaning="keys and values of the inputs taken, as the clients decompressed them",
    ),
    Metric(
        name="muster_output_bytes_total",
        kind="counter",
        unit="bytes",
        labels=("stage", "topic"),
        meaning="keys and values of the messages that the broker has confirmed, before compression",
    ),
    Metric(
        name="muster_dead_letters_total",
        kind="counter",
        unit="inputs",
        labels=("stage", "reason"),
        meaning="dead letters by reason: invalid (does not fit its record), rejected (well formed, cannot be used), "
        "defect (the stage failed on it)",
    ),
    Metric(
        name="muster_delivery_retries_total",
        kind="counter",
        unit="attempts",
        labels=("stage",),
        meaning="deliveries that failed and were tried again",
    ),
    Metric(
        name="muster_step_process_restarts_total",
        kind="counter",
        unit="restarts",
        labels=("stage",),
        meaning="times that the process which takes steps of a stage ended by itself or was killed for not answering, and was started again",
    ),
    Metric(
        name="muster_step_process_bytes",
        kind="gauge",
        unit="bytes",
        labels=("stage",),
        meaning="memory of the process that takes steps of a stage, models and all; process_resident_memory_bytes is without it",
    ),
    Metric(
        name="muster_in_flight",
        kind="gauge",
        unit="inputs",
        labels=("stage",),
        meaning="inputs taken and not yet acknowledged",
    ),
    Metric(
        name="muster_step_seconds",
        kind="histogram",
        unit="seconds",
        labels=("stage",),
        meaning="time to decode an input and to run the step on it; of a message with several inputs the mean, once",
        buckets=STEP_SECONDS,
    ),
    Metric(
        name="muster_handling_seconds",
        kind="histogram",
        unit="seconds",
        labels=("stage",),
        meaning="time from taking a message until everything that its inputs led to is confirmed by the broker",
        buckets=STEP_SECONDS,
    ),
    Metric(
        name="muster_alert_latency_seconds",
        kind="histogram",
        unit="seconds",
        meaning="time from the broker's timestamp of the raw article to the confirmed delivery of an alert that it led to",
        buckets=ALERT_SECONDS,
    ),
    Metric(
        name="muster_copies_total",
        kind="counter",
        unit="records",
        labels=("relation",),
        meaning="published answers of which article copies which, by relation; a revised answer counts again",
    ),
    Metric(
        name="muster_claims_total",
        kind="counter",
        unit="records",
        labels=("act", "status"),
        meaning="published reports, each one claim about one mover and place, by act and status",
    ),
    Metric(
        name="muster_events_total",
        kind="counter",
        unit="records",
        labels=("state",),
        meaning="published versions of events, by the state that they tell; each report may lead to one",
    ),
    Metric(
        name="muster_alerts_total",
        kind="counter",
        unit="records",
        labels=("kind",),
        meaning="published alerts by kind",
    ),
    Metric(
        name="muster_feed_polls_total",
        kind="counter",
        unit="polls",
        labels=("outcome",),
        meaning="polls of feeds by `muster feed`: read, unchanged (a reply without entries), failed",
    ),
    Metric(
        name="muster_feed_articles_total",
        kind="counter",
        unit="articles",
        meaning="articles from feeds that the broker has confirmed, later versions among them",
    ),
    Metric(
        name="muster_feed_problems_total",
        kind="counter",
        unit="problems",
        meaning="entries of feeds, and fields of them, that could not be used",
    ),
    Metric(
        name="muster_feeds_failing",
        kind="gauge",
        unit="feeds",
        meaning="feeds whose last poll failed",
    ),
    Metric(
        name="muster_consumer_lag",
        kind="gauge",
        unit="messages",
        labels=("stage", "topic", "partition"),
        meaning="messages of a partition of this worker that are not acknowledged yet",
    ),
    Metric(
        name="muster_topic_end_offset",
        kind="gauge",
        unit="offset",
        labels=("stage", "topic", "partition"),
        meaning="where a partition of this worker ends on the broker; it grows with what is written to the topic, "
        "whether or not the stage gets to it",
    ),
    Metric(
        name="muster_fold_items",
        kind="gauge",
        unit="items",
        labels=("stage", "held"),
        meaning="items in the states of a stage; held is assigned for partitions of this worker, kept for those that "
        "moved to another and are kept in memory in case they return",
    ),
    Metric(
        name="muster_fold_partitions",
        kind="gauge",
        unit="partitions",
        labels=("stage", "held"),
        meaning="partitions whose state is in memory, held as for muster_fold_items",
    ),
    Metric(
        name="muster_fold_catch_ups_total",
        kind="counter",
        unit="reads",
        labels=("stage",),
        meaning="times that a state was behind the input in hand and was caught up from the topic",
    ),
    Metric(
        name="muster_fold_caught_up_records_total",
        kind="counter",
        unit="records",
        labels=("stage", "outcome"),
        meaning="records read to catch up: folded, or skipped because a stage cannot use them (their dead letter was "
        "written where they were consumed)",
    ),
    Metric(
        name="muster_fold_catch_up_seconds",
        kind="histogram",
        unit="seconds",
        labels=("stage",),
        meaning="time that catching up took",
        buckets=CATCH_UP_SECONDS,
    ),
    Metric(
        name="muster_fold_catching_up",
        kind="gauge",
        unit="1 or 0",
        labels=("stage",),
        meaning="1 while an input waits for its state to be caught up from the topic, or read from its snapshot",
    ),
    Metric(
        name="muster_snapshots_total",
        kind="counter",
        unit="snapshots",
        labels=("stage", "outcome"),
        meaning="snapshots of states by what became of them: written, failed to be written, loaded at a start, refused then, or "
        "none there (MUSTER_SNAPSHOTS)",
    ),
    Metric(
        name="muster_snapshot_load_seconds",
        kind="histogram",
        unit="seconds",
        labels=("stage",),
        meaning="time that a state took to be read from its snapshot, before the rest came from the topic",
        buckets=CATCH_UP_SECONDS,
    ),
    Metric(
        name="muster_snapshot_age_seconds",
        kind="gauge",
        unit="seconds",
        labels=("stage",),
        meaning="age of the oldest of the snapshots of this worker's partitions; of one that has none, time since its state is in memory",
    ),
    Metric(
        name="muster_snapshot_bytes",
        kind="gauge",
        unit="bytes",
        labels=("stage",),
        meaning="size of the snapshots of this worker's partitions together",
    ),
    Metric(
        name="muster_assigned_partitions",
        kind="gauge",
        unit="partitions",
        labels=("stage",),
        meaning="partitions of the consumed topic that this worker has",
    ),
    Metric(
        name="muster_rebalances_total",
        kind="counter",
        unit="rebalances",
        labels=("stage",),
        meaning="times that partitions were assigned to this worker",
    ),
    Metric(
        name="muster_watched_file_changes_total",
        kind="counter",
        unit="changes",
        labels=("stage", "outcome"),
        meaning="changes that a worker saw of a file that a stage works by (of alert the watchlists): taken, refused "
        "for a mistake in it, removed; after the last two what was read before stays in force",
    ),
    Metric(
        name="muster_watched_file_refused",
        kind="gauge",
        unit="files",
        labels=("stage",),
        meaning="files that a stage works by and that cannot be used as they are now, wrong or gone; what was read "
        "before is in force",
    ),
    Metric(
        name="muster_sink_delivered_total",
        kind="counter",
        unit="alerts",
        labels=("sink",),
        meaning="alerts that a sink has taken, each one of a digest counted",
    ),
    Metric(
        name="muster_sink_failed_total",
        kind="counter",
        unit="alerts",
        labels=("sink",),
        meaning="alerts that became dead letters, because a sink refused them or did not answer in time",
    ),
    Metric(
        name="muster_sink_retries_total",
        kind="counter",
        unit="attempts",
        labels=("sink",),
        meaning="attempts to deliver that failed and are tried again",
    ),
    Metric(
        name="muster_sink_digests_total",
        kind="counter",
        unit="digests",
        labels=("sink",),
        meaning="digests that a sink has taken",
    ),
    Metric(
        name="muster_sink_lag",
        kind="gauge",
        unit="messages",
        labels=("sink",),
        meaning="messages on alerts.v1, in this process's partitions, that are not yet done with for a sink",
    ),
    Metric(
        name="muster_sink_gathered",
        kind="gauge",
        unit="alerts",
        labels=("sink",),
        meaning="alerts that wait for the next digest",
    ),
    Metric(
        name="muster_sink_oldest_waiting_seconds",
        kind="gauge",
        unit="seconds",
        labels=("sink",),
        meaning="age of the oldest alert that was read and is not delivered, by its time on the topic; 0 where none is",
    ),
    Metric(
        name="muster_up",
        kind="gauge",
        unit="1 or 0",
        meaning="1 once every stage of this worker, or every sink of this `muster notify`, has got its partitions, 0 before "
        "and while it stops",
    ),
    Metric(
        name="muster_build_info",
        kind="gauge",
        unit="1",
        labels=("version", "python"),
        meaning="versions of Muster and of Python",
    ),
)


class Metrics:
    """All metrics of one process, in a registry of their own."""

    def __init__(self) -> None:
        # When a series was created is a second series for each of ours, which nobody asks for.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self._metrics: dict[str, Any] = {metric.name: self._create(metric) for metric in METRICS}
        # Standard names and standard meanings (process_start_time_seconds, process_resident_memory_bytes ...): not in the table.
        ProcessCollector(registry=self.registry)
        self["muster_build_info"].labels(version=muster_version(), python=platform.python_version()).set(1)

    def __getitem__(self, name: str) -> Any:
        """The metric of that full name. Raises KeyError for a name that is not in the table."""
        return self._metrics[name]

    def value(self, name: str, **labels: str) -> float:
        """What a counter or gauge shows now; of a histogram, with `_count` or `_sum` at the end of its name, that part."""
        return self.registry.get_sample_value(name, labels) or 0.0

    def _create(self, metric: Metric) -> MetricWrapperBase:
        if metric.kind == "histogram":
            return Histogram(metric.name, metric.meaning, metric.labels, registry=self.registry, buckets=metric.buckets)
        kind = Counter if metric.kind == "counter" else Gauge
        return kind(metric.name, metric.meaning, metric.labels, registry=self.registry)

    def prepare(self, stage: str, publishes: Iterable[str] = ()) -> None:
        """Let the counters of a stage show 0 from the start: a rate over a series that appears late misses its first.

        `publishes` names the topics that the stage writes to.
        """
        for metric in METRICS:
            if metric.labels == ("stage",):
                self[metric.name].labels(stage=stage)
        for outcome in OUTCOMES:
            self["muster_handled_total"].labels(stage=stage, outcome=outcome)
        for reason in ("invalid", "rejected", "defect"):
            self["muster_dead_letters_total"].labels(stage=stage, reason=reason)
        for caught_up in ("folded", "skipped"):
            self["muster_fold_caught_up_records_total"].labels(stage=stage, outcome=caught_up)
        for became in ("written", "failed", "loaded", "refused", "none"):
            self["muster_snapshots_total"].labels(stage=stage, outcome=became)
        for name, labels in (SAID[topic] for topic in publishes if topic in SAID):
            for values in product(*labels.values()):
                self[name].labels(**dict(zip(labels, values, strict=True)))

    def prepare_sink(self, sink: str) -> None:
        """The same for a sink."""
        for metric in METRICS:
            if metric.labels == ("sink",):
                self[metric.name].labels(sink=sink)

    def count_published(self, published: Iterable[Any]) -> None:
        """Count what delivered records say: relations of stories, acts and statuses of reports, states of events, kinds of alerts."""
        for record in published:
            if isinstance(record, Report):
                self["muster_claims_total"].labels(act=record.claim.act, status=record.claim.status).inc()
            elif isinstance(record, Story):
                self["muster_copies_total"].labels(relation=record.relation).inc()
            elif isinstance(record, Event):
                self["muster_events_total"].labels(state=record.state).inc()
            elif isinstance(record, Alert):
                self["muster_alerts_total"].labels(kind=record.kind).inc()


def muster_version() -> str:
    """The installed version, or "unknown" in a tree that is not installed."""
    try:
        return version("muster")
    except PackageNotFoundError:
        return "unknown"


def table() -> str:
    """The table of all metrics in Markdown."""
    rows = ["| metric | kind | unit | labels | meaning |", "|---|---|---|---|---|"]
    rows += [
        f"| `{m.name}` | {m.kind} | {m.unit} | {', '.join(m.labels) or '-'} | {m.meaning} |"
        for m in METRICS
    ]  # fmt: skip
    return "\n".join(rows) + "\n"


def page() -> str:
    """The page docs/metrics.md."""
    return (
        "# Metrics\n\n"
        "What every worker serves at `/metrics`, on `MUSTER_METRICS_HOST` and `MUSTER_METRICS_PORT` ([settings](settings.md)). Counters\n"
        "begin at 0 when the worker starts, those of what did not happen yet as well. A histogram has `_bucket`, `_sum` and `_count`.\n"
        "Beside these there are the usual ones of a process on Linux (`process_start_time_seconds`, `process_resident_memory_bytes`,\n"
        "`process_cpu_seconds_total` and so on). Dashboards and alert rules of them: [deployment](deployment.md), [runbook](runbook.md).\n\n"
        "This page is generated: `python -m streams.metrics > docs/metrics.md`.\n\n" + table()
    )


if __name__ == "__main__":
    print(page(), end="")
