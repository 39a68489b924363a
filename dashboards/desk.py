"""What the desk asks: does it run, what came of the articles, what was told and how fast."""

from __future__ import annotations

from dashboards.panels import Dashboard, Panel, over_the_time_shown

LATENCY = "histogram_quantile({share}, sum by (le) (increase(muster_alert_latency_seconds_bucket[$__range])))"

DESK = Dashboard(
    uid="muster-desk",
    title="Muster: the desk",
    about="Articles, claims, events and alerts: what came in and what was made of it.",
    rows=(
        (
            "Now",
            (
                Panel(
                    title="Articles that came in",
                    about="Raw articles taken in over the time shown. None for an hour is told by MusterNoArticles.",
                    expressions=(('sum(increase(muster_inputs_total{stage="ingest"}[$__range]))', "articles"),),
                    kind="stat",
                    width=6,
                ),
                Panel(
                    title="Alerts",
                    about="Alerts raised over the time shown.",
                    expressions=(("sum(increase(muster_alerts_total[$__range]))", "alerts"),),
                    kind="stat",
                    width=6,
                ),
                Panel(
                    title="From article to alert, the slowest in a hundred",
                    about="From the broker's timestamp of the raw article to the confirmed alert (p99), over the time shown.",
                    expressions=((LATENCY.format(share=0.99), "p99"),),
                    unit="s",
                    kind="stat",
                    width=6,
                    warn=10,
                    alarm=30,
                ),
                Panel(
                    title="Articles that could not be used",
                    about="Raw articles that became dead letters over the time shown: `muster dead-letters list` has them.",
                    expressions=(
                        ('sum(increase(muster_dead_letters_total{stage="ingest"}[$__range]))', "dead letters"),
                    ),
                    kind="stat",
                    width=6,
                    warn=1,
                ),
            ),
        ),
        (
            "Articles",
            (
                Panel(
                    title="When did articles come in?",
                    about="Raw articles taken in, in each interval.",
                    expressions=(('sum(increase(muster_inputs_total{stage="ingest"}[$__interval]))', "articles"),),
                    kind="bars",
                    width=12,
                ),
                Panel(
                    title="Which articles are copies?",
                    about="What articles are to earlier ones, over the time shown; own is none. A revised answer counts again.",
                    expressions=over_the_time_shown("muster_copies_total", "relation"),
                    kind="ranking",
                    width=12,
                ),
            ),
        ),
        (
            "Feeds",
            (
                Panel(
                    title="What do feeds answer?",
                    about="Polls of feeds over the time shown: read, unchanged, failed. MusterFeedsFail tells of those that last.",
                    expressions=over_the_time_shown("muster_feed_polls_total", "outcome"),
                    kind="ranking",
                    width=12,
                ),
                Panel(
                    title="What of them cannot be used?",
                    about="Entries of feeds, and fields of them, that could not be used, in each interval; the log names them.",
                    expressions=(("sum(increase(muster_feed_problems_total[$__interval]))", "problems"),),
                    kind="bars",
                    width=12,
                ),
            ),
        ),
        (
            "Claims and events",
            (
                Panel(
                    title="What do claims tell?",
                    about="Claims published over the time shown, by act.",
                    expressions=over_the_time_shown("muster_claims_total", "act"),
                    kind="ranking",
                ),
                Panel(
                    title="How far have deployments come?",
                    about="Claims published over the time shown, by the status of the deployment that they speak of.",
                    expressions=over_the_time_shown("muster_claims_total", "status"),
                    kind="ranking",
                ),
                Panel(
                    title="How do events stand?",
                    about="Versions of events published over the time shown, by state. Every further report may lead to one.",
                    expressions=over_the_time_shown("muster_events_total", "state"),
                    kind="ranking",
                ),
            ),
        ),
        (
            "Alerts",
            (
                Panel(
                    title="When were alerts raised?",
                    about="Alerts raised, in each interval.",
                    expressions=(("sum(increase(muster_alerts_total[$__interval]))", "alerts"),),
                    kind="bars",
                ),
                Panel(
                    title="Of which kind?",
                    about="Alerts raised over the time shown, by kind.",
                    expressions=over_the_time_shown("muster_alerts_total", "kind"),
                    kind="ranking",
                ),
                Panel(
                    title="How long did they take?",
                    about="From the broker's timestamp of the raw article to the confirmed alert: half of all alerts were "
                    "quicker than p50, 95 and 99 in a hundred quicker than p95 and p99.",
                    expressions=tuple(
                        (
                            f"histogram_quantile({share}, sum by (le) (rate(muster_alert_latency_seconds_bucket[$__rate_interval])))",
                            name,
                        )
                        for share, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))
                    ),
                    unit="s",
                    warn=10,
                    alarm=30,
                ),
            ),
        ),
    ),
)
