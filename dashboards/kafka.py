"""What workers see of Kafka: what is written to the topics, how far it is read, how even the partitions are.

Disks, replicas and requests are known to the brokers alone; docs/deployment.md says how to see them.
"""

from __future__ import annotations

from dashboards.panels import RATE, Dashboard, Panel, rate

KAFKA = Dashboard(
    uid="muster-kafka",
    title="Muster: Kafka",
    about="Topics as the workers see them: what comes in, what goes out, what waits.",
    rows=(
        (
            "In",
            (
                Panel(
                    title="What is written to the topics?",
                    about="Records a second by which each consumed topic grows on the broker, whether or not they are read.",
                    expressions=rate("muster_topic_end_offset", "topic"),
                    unit="cps",
                ),
                Panel(
                    title="What is read?",
                    about="Records a second that each stage takes; more than is written is work done again, or a backlog.",
                    expressions=rate("muster_inputs_total", "stage"),
                    unit="cps",
                ),
                Panel(
                    title="How many bytes are read?",
                    about="Keys and values of what each stage takes, decompressed.",
                    expressions=rate("muster_input_bytes_total", "stage"),
                    unit="Bps",
                ),
            ),
        ),
        (
            "What waits",
            (
                Panel(
                    title="How far behind are the readers?",
                    about="Messages of each topic that its stage has not acknowledged yet.",
                    expressions=(("sum by (topic) (muster_consumer_lag)", "{{topic}}"),),
                ),
                Panel(
                    title="Which partitions are furthest behind?",
                    about="The sixteen partitions with the most records that are not acknowledged yet.",
                    expressions=(
                        ("topk(16, sum by (topic, partition) (muster_consumer_lag))", "{{topic}} / {{partition}}"),
                    ),
                    kind="ranking",
                ),
                Panel(
                    title="How even are the partitions?",
                    about="The share of a topic's records that its fullest partition gets: of eight even ones an eighth.",
                    expressions=(
                        (
                            f"max by (topic) (sum by (topic, partition) (rate(muster_topic_end_offset{RATE})))"
                            f" / on (topic) sum by (topic) (rate(muster_topic_end_offset{RATE}))",
                            "{{topic}}",
                        ),
                    ),
                    unit="percentunit",
                ),
            ),
        ),
        (
            "Out",
            (
                Panel(
                    title="What do the stages publish?",
                    about="Messages a second that the broker has confirmed.",
                    expressions=rate("muster_outputs_total", "topic"),
                    unit="cps",
                ),
                Panel(
                    title="How many bytes do they publish?",
                    about="Keys and values of what the broker has confirmed, before compression and copies.",
                    expressions=rate("muster_output_bytes_total", "topic"),
                    unit="Bps",
                ),
                Panel(
                    title="What does the broker refuse?",
                    about="Deliveries a second that failed and were tried again.",
                    expressions=rate("muster_delivery_retries_total", "stage"),
                    unit="cps",
                ),
            ),
        ),
        (
            "Groups",
            (
                Panel(
                    title="Which groups have all their partitions?",
                    about="Partitions that the workers have of each stage's topic, over all workers.",
                    expressions=(("sum by (stage) (muster_assigned_partitions)", "{{stage}}"),),
                    width=12,
                ),
                Panel(
                    title="Which groups rebalance?",
                    about="Rebalances, in each interval.",
                    expressions=(("max by (stage) (increase(muster_rebalances_total[$__interval]))", "{{stage}}"),),
                    kind="bars",
                    width=12,
                ),
            ),
        ),
    ),
)
