"""A worker with small stages of the tests' own, as a process that tests can kill: `synthetic_worker.py STAGES --index=0 ...`.

`pass` answers every raw article with one record. `tally` folds: for each outlet the ids seen, and publishes how many
there are and what they are; it fails where its state is not the fold of all that came before.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from streams.records import RawArticle, Story
from streams.settings import Settings
from streams.stage import Kept, Output, Received, Rejected, Stage, Surroundings
from streams.worker import run

State = dict[str, set[str]]


def story(article: str, revision: int, ids: Sequence[str] = (), of: str | None = None) -> Story:
    return Story(
        article=article, version=1, revision=revision, story=article, relation="own", of=of,
        contained=0.0, containing=0.0, agencies=tuple(ids),
    )  # fmt: skip


def pass_stage(surroundings: Surroundings) -> Stage:
    def step(_: None, article: RawArticle, received: Received) -> Sequence[Output]:
        if article.title == "reject":
            raise Rejected("title", "this one is to be rejected")
        if article.title == "break":
            raise RuntimeError("a defect")
        assert article.id is not None
        return [Output(topic="stories.v1", key=article.id, record=story(article.id, received.offset, of=article.body))]

    return Stage(
        name="pass",
        consumes="articles.raw.v1",
        publishes=("stories.v1",),
        step=step,
        input_bytes=surroundings.settings.article_bytes,
    )


def tally_stage(_: Surroundings) -> Stage:
    def fold(state: State, article: RawArticle) -> None:
        assert article.id is not None
        state.setdefault(article.outlet, set()).add(article.id)

    def step(state: State, article: RawArticle, received: Received) -> Sequence[Output]:
        fold(state, article)
        ids = state[article.outlet]
        return [Output(topic="stories.v1", key=article.outlet, record=story(article.outlet, len(ids), sorted(ids)))]

    def size(state: State) -> int:
        return sum(map(len, state.values()))

    def dump(state: State) -> Iterator[bytes]:
        yield json.dumps({outlet: sorted(ids) for outlet, ids in state.items()}).encode()

    def load(state: State, part: bytes) -> None:
        state.update({outlet: set(ids) for outlet, ids in json.loads(part).items()})

    return Stage(
        name="tally",
        consumes="articles.raw.v1",
        publishes=("stories.v1",),
        step=step,
        new_state=dict,
        fold=fold,
        size=size,
        kept=Kept(version="1", dump=dump, load=load),
    )


BUILDERS: dict[str, Any] = {"pass": pass_stage, "tally": tally_stage}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("stages")
    parser.add_argument("--index", type=int, default=0)
    parser.add_argument("--ready-file", type=Path)
    parser.add_argument("--parent-pipe", type=int)
    options = parser.parse_args()
    code = run(
        Settings.from_environment(),
        {name: BUILDERS[name] for name in options.stages.split(",")},
        index=options.index,
        ready_file=options.ready_file,
        parent_pipe=options.parent_pipe,
    )
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
