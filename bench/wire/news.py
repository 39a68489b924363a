"""Real news texts, as articles that have nothing to do with the rest of a set, with who copies whom as judged by hand.

Some of them are several reports of one affair within days, which is what a wrong join would be made of. They are said to
be of as many outlets: within one outlet Muster asks for more in common.
"""

from __future__ import annotations

from pathlib import Path

from bench.corpora import FOLDER, documents
from bench.wire.generate import Made, raw_article

JUDGED = Path(__file__).with_name("news.tsv")
UNRELATED = "real news"
COPY = "real news, copied"
MINUTES = 4
"""Between two of them."""


def judged(path: Path = JUDGED) -> dict[int, int]:
    """The number of the earlier text by that of the later one."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return {int(row[0]): int(row[1]) for row in rows}


def news(folder: Path = FOLDER, path: Path = JUDGED) -> list[Made]:
    """All of them in their order; none where they are not installed."""
    earlier = judged(path)
    texts = [document.text for document in documents(folder) if document.corpus == "news"]
    return [
        Made(
            raw_article(f"news{number:03}", f"reporter{number}.example", MINUTES * number, [text]),
            COPY if number in earlier else UNRELATED,
            f"news{earlier.get(number, number)}",
        )
        for number, text in enumerate(texts)
    ]
