"""How evenly articles fall on the partitions of the index, and what a story does that everybody copies: a simulation.

    python -m bench.skew [--articles 20000] [--partitions 4 16 64 256]

Anchors of made articles (bench/articles.py, 30 % of them copies), as ingest asks with them; no broker and no index. For each number of
partitions: messages an article asks with, the busiest partition beside the mean, and the same where of all articles one
in ten copies the same story. Then the anchors that most articles hold. Prints tables, and as the last line the same as JSON.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from agents.ingest.agent import stage as ingest_stage
from agents.ingest.questions import owner
from bench.articles import stream
from streams.handling import handle
from streams.records import Anchors
from streams.settings import Settings
from streams.stage import Received, Surroundings

STORM = 10
"""One article in so many copies the one story."""
HOTTEST = 5


def anchors_of_articles(number: int) -> Iterator[tuple[int, ...]]:
    """The anchors of each article, as ingest asks the one partition of an index with them."""
    stage = ingest_stage(Surroundings(Settings(), {"anchors.v1": 1}))
    received = Received(0, 0, 1_740_787_200_000)
    for article in islice(stream(5, datetime(2025, 3, 1, tzinfo=UTC), per_second=50), number):
        outputs = handle(stage, None, None, article.payload, received).outputs
        yield tuple(a for output in outputs if isinstance(output.record, Anchors) for a in output.record.anchors)


def spread(articles: Sequence[tuple[int, ...]], partitions: int) -> dict[str, float]:
    """Messages an article, and the load of the busiest partition beside the mean: its messages and its anchors."""
    messages: Counter[int] = Counter()
    entries: Counter[int] = Counter()
    for anchors in articles:
        owners = [owner(anchor, partitions) for anchor in anchors]
        messages.update(set(owners))
        entries.update(owners)
    mean, held = messages.total() / partitions, entries.total() / partitions
    return {
        "partitions": partitions,
        "messages_an_article": messages.total() / len(articles),
        "busiest_messages": max(messages.values()) / mean,
        "busiest_anchors": max(entries.values()) / held,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Skew of the index of copies.")
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--partitions", type=int, nargs="+", default=[4, 16, 64, 256])
    options = parser.parse_args()
    articles = list(anchors_of_articles(options.articles))
    stormy = [articles[0] if number % STORM == 0 else anchors for number, anchors in enumerate(articles)]
    told = {
        "usual": [spread(articles, n) for n in options.partitions],
        "storm": [spread(stormy, n) for n in options.partitions],
    }
    for name, rows in told.items():
        print(f"{name}, {len(articles):,} articles, {sum(map(len, articles)) / len(articles):.1f} anchors each")
        print("| partitions | messages an article | busiest partition, messages | busiest partition, anchors |")
        print("|---|---|---|---|")
        for row in rows:
            print(
                f"| {row['partitions']} | {row['messages_an_article']:.1f} | {row['busiest_messages']:.2f} of the mean | "
                f"{row['busiest_anchors']:.2f} of the mean |"
            )
    holders = Counter(anchor for anchors in articles for anchor in anchors).most_common(HOTTEST)
    hottest = [count / len(articles) for _, count in holders]
    print(f"the {HOTTEST} anchors that most articles hold: {', '.join(f'{share:.2%}' for share in hottest)} of all")
    print(json.dumps({**told, "hottest": hottest}))


if __name__ == "__main__":
    main()
