"""What whoever runs the workers asks: do they get on, how fast, what fails, and how do their states fare."""

from __future__ import annotations

from dashboards.panels import RATE, Dashboard, Panel, quantile, rate

PIPELINE = Dashboard(
    uid="muster-pipeline",
    title="Muster: the pipeline",
    about="Workers and stages: pace, time, failures, states and partitions.",
    rows=(
        (
            "Now",
            (
                Panel(
                    title="Workers ready",
                    about="Processes of which every stage has got its partitions.",
                    expressions=(("sum(muster_up)", "workers"),),
                    kind="stat",
                    width=4,
                    alarm=1,
                    low_is_bad=True,
                ),
                Panel(
                    title="Inputs behind",
                    about="Messages before all stages that are not acknowledged yet.",
                    expressions=(("sum(muster_consumer_lag)", "messages"),),
                    kind="stat",
                    width=4,
                ),
                Panel(
                    title="Time to work them off",
                    about="Of the stage that is furthest behind: what is before it, at its pace of late.",
                    expressions=(
                        (
                            "max(sum by (stage) (muster_consumer_lag)"
                            f" / clamp_min(sum by (stage) (rate(muster_messages_total{RATE})), 0.001))",
                            "time",
                        ),
                    ),
                    unit="s",
                    kind="stat",
                    width=4,
                    warn=60,
                    alarm=300,
                ),
                Panel(
                    title="Dead letters",
                    about="Inputs of all stages that could not be handled, over the time shown.",
                    expressions=(("sum(increase(muster_dead_letters_total[$__range]))", "dead letters"),),
                    kind="stat",
                    width=4,
                    warn=1,
                ),
                Panel(
                    title="Defects",
                    about="Those of them that are our own fault, over the time shown.",
                    expressions=(('sum(increase(muster_dead_letters_total{reason="defect"}[$__range]))', "defects"),),
                    kind="stat",
                    width=4,
                    alarm=1,
                ),
                Panel(
                    title="Versions",
                    about="Processes by version of Muster and of Python.",
                    expressions=(("count by (version, python) (muster_build_info)", "{{version}}, Python {{python}}"),),
                    kind="stat",
                    width=4,
                ),
            ),
        ),
        (
            "Pace",
            (
                Panel(
                    title="How many inputs does each stage take?",
                    about="Inputs a second, repeated ones counted again.",
                    expressions=rate("muster_inputs_total", "stage"),
                    unit="cps",
                ),
                Panel(
                    title="What becomes of them?",
                    about="Inputs a second that are done, by outcome; over time their sum is the inputs.",
                    expressions=rate("muster_handled_total", "outcome"),
                    unit="cps",
                ),
                Panel(
                    title="What is published?",
                    about="Messages a second that the broker has confirmed, by topic.",
                    expressions=rate("muster_outputs_total", "topic"),
                    unit="cps",
                ),
                Panel(
                    title="How far behind is each stage?",
                    about="Messages that are not acknowledged yet; one of dedupe may hold many inputs.",
                    expressions=(("sum by (stage) (muster_consumer_lag)", "{{stage}}"),),
                ),
                Panel(
                    title="How much is under way?",
                    about="Inputs taken and not yet acknowledged; at most MUSTER_IN_FLIGHT for each worker.",
                    expressions=(("sum by (stage) (muster_in_flight)", "{{stage}}"),),
                ),
                Panel(
                    title="How many articles are copies?",
                    about="Answers a second by relation; own is none. A revised answer counts again.",
                    expressions=rate("muster_copies_total", "relation"),
                    unit="cps",
                ),
            ),
        ),
        (
            "Time",
            (
                *(
                    Panel(
                        title=f"How long does an input take, {words}?",
                        about="From taking an input until everything that it led to is confirmed by the broker "
                        f"({name}: {share:.0%} are quicker).",
                        expressions=quantile("muster_handling_seconds", share, "stage"),
                        unit="s",
                        width=6,
                    )
                    for share, name, words in (
                        (0.5, "p50", "half of them"),
                        (0.95, "p95", "95 in a hundred"),
                        (0.99, "p99", "99 in a hundred"),
                    )
                ),
                Panel(
                    title="How much of it is computing?",
                    about="To decode an input and to run the step on it (p99: 99% are quicker); the rest is the broker's.",
                    expressions=quantile("muster_step_seconds", 0.99, "stage"),
                    unit="s",
                    width=6,
                ),
            ),
        ),
        (
            "Failures",
            (
                Panel(
                    title="Which inputs fail?",
                    about="Dead letters a second by stage and reason. Invalid and rejected are bad input; a defect is ours.",
                    expressions=rate("muster_dead_letters_total", "stage, reason"),
                    unit="cps",
                ),
                Panel(
                    title="What does the broker refuse?",
                    about="Deliveries a second that failed and were tried again.",
                    expressions=rate("muster_delivery_retries_total", "stage"),
                    unit="cps",
                ),
                Panel(
                    title="When did workers start?",
                    about="Since when each worker has been running: a line that drops to nothing is a new start.",
                    expressions=(('time() - process_start_time_seconds{job="muster"}', "{{instance}}"),),
                    unit="s",
                ),
            ),
        ),
        (
            "States and partitions",
            (
                Panel(
                    title="How large are the states?",
                    about="Items in the states of the stages; kept are those of partitions that moved to another worker.",
                    expressions=(("sum by (stage, held) (muster_fold_items)", "{{stage}} {{held}}"),),
                ),
                Panel(
                    title="How much memory do workers take?",
                    about="Resident memory of each worker, and of its children, which clean articles and parse.",
                    expressions=(
                        ('process_resident_memory_bytes{job="muster"}', "{{instance}}"),
                        ("sum by (instance, stage) (muster_step_process_bytes)", "{{instance}} {{stage}}"),
                    ),
                    unit="bytes",
                ),
                Panel(
                    title="Who has how many partitions?",
                    about="Partitions assigned, over all workers: for each stage that is all of its topic's.",
                    expressions=(("sum by (stage) (muster_assigned_partitions)", "{{stage}}"),),
                ),
                Panel(
                    title="How often do partitions move?",
                    about="Rebalances, in each interval.",
                    expressions=(("max by (stage) (increase(muster_rebalances_total[$__interval]))", "{{stage}}"),),
                    kind="bars",
                ),
                Panel(
                    title="How many states must be read?",
                    about="Catch-ups, in each interval: times that a state was behind the input in hand.",
                    expressions=(("sum by (stage) (increase(muster_fold_catch_ups_total[$__interval]))", "{{stage}}"),),
                    kind="bars",
                ),
                Panel(
                    title="How long do inputs wait for it?",
                    about="Time of a catch-up (p99: 99% are quicker).",
                    expressions=quantile("muster_fold_catch_up_seconds", 0.99, "stage"),
                    unit="s",
                ),
                Panel(
                    title="Who is reading a state now?",
                    about="Share of the last minute in which inputs waited for their state.",
                    expressions=(("max by (stage) (avg_over_time(muster_fold_catching_up[1m]))", "{{stage}}"),),
                    unit="percentunit",
                ),
                Panel(
                    title="How fast are states read?",
                    about="Records a second, folded, or skipped because a stage cannot use them.",
                    expressions=rate("muster_fold_caught_up_records_total", "stage, outcome"),
                    unit="cps",
                ),
                Panel(
                    title="How many states are in memory?",
                    about="Partitions whose state is in memory, assigned or kept.",
                    expressions=(("sum by (stage, held) (muster_fold_partitions)", "{{stage}} {{held}}"),),
                ),
            ),
        ),
        (
            "Feeds and sinks",
            (
                Panel(
                    title="How many articles do feeds bring?",
                    about="Articles a second that `muster feed` got confirmed by the broker.",
                    expressions=(("sum(rate(muster_feed_articles_total[$__rate_interval]))", "articles"),),
                    unit="cps",
                ),
                Panel(
                    title="How many feeds fail?",
                    about="Feeds whose last poll failed.",
                    expressions=(("sum(muster_feeds_failing)", "feeds"),),
                ),
                Panel(
                    title="How many alerts leave the house?",
                    about="Alerts a second that a sink has taken.",
                    expressions=rate("muster_sink_delivered_total", "sink"),
                    unit="cps",
                ),
                Panel(
                    title="How long does the oldest wait?",
                    about="Age of the oldest alert that a sink has not taken; those that wait for a digest count.",
                    expressions=(("max by (sink) (muster_sink_oldest_waiting_seconds)", "{{sink}}"),),
                    unit="s",
                    warn=600,
                ),
                Panel(
                    title="How often is it tried again?",
                    about="Attempts a second that failed and are made again.",
                    expressions=rate("muster_sink_retries_total", "sink"),
                    unit="cps",
                ),
                Panel(
                    title="What is given up?",
                    about="Alerts that became dead letters, in each interval.",
                    expressions=(("sum by (sink) (increase(muster_sink_failed_total[$__interval]))", "{{sink}}"),),
                    kind="bars",
                ),
            ),
        ),
    ),
)
