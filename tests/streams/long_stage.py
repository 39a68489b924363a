"""Stages whose steps do what the title of the article says: for a process of their own, which some of them end."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import Any

from streams.records import RawArticle
from streams.settings import SettingError
from streams.stage import Output, Received, Rejected, Stage, Surroundings
from tests.streams.memory import story

NONSENSE: dict[str, dict[str, Any]] = {
    "what-cannot-be-written": {"record": object()},
    "what-cannot-be-read": {"record": {"article": 5}},
    "under-no-key": {"key": None},
    "under-half-a-character": {"key": "\ud800"},
    "on-no-topic": {"topic": "no-topic.v1"},
}


def stage(surroundings: Surroundings) -> Stage:
    del surroundings

    def step(state: Any, article: RawArticle, received: Received) -> list[Output]:
        del state
        outlet = article.outlet
        match article.title.split():
            case ["die"]:
                os.kill(os.getpid(), signal.SIGKILL)
            case ["die", "once", marker]:
                if not Path(marker).exists():
                    Path(marker).touch()
                    os.kill(os.getpid(), signal.SIGKILL)
            case ["compute", "for", "ever"]:
                while True:
                    pass
            case ["stay", "in", "C"]:
                Path(article.body or os.devnull).touch()
                re.match(r"(a+)+$", "a" * 40 + "b")
            case ["print"]:
                print("a line that is no answer")
            case ["reject"]:
                raise Rejected("title", "not this one")
            case ["fail"]:
                raise RuntimeError("a defect")
            case ["publish", what]:
                return [Output(**{"topic": "stories.v1", "key": outlet, "record": story(outlet, 1), **NONSENSE[what]})]
            case ["everything"]:
                return [
                    Output(topic="stories.v1", key=outlet, record=None),
                    Output(topic="stories.v1", key=outlet, record=story(outlet, received.offset), every_partition=True),
                    Output(topic="stories.v1", key=outlet, record=story(outlet, 1), partition=2),
                    Output(topic="stories.v1", key=outlet, record=story(outlet, 2), partition_by="another key"),
                ]
        return [Output(topic="stories.v1", key=outlet, record=story(outlet, len(article.body or "")))]

    return Stage(
        name="long",
        consumes="articles.raw.v1",
        publishes=("stories.v1",),
        step=step,
        takes_long=lambda article: article.title != "short",
    )


def with_a_wrong_setting(surroundings: Surroundings) -> Stage:
    raise SettingError(f"MUSTER_SPACY_MODEL: {surroundings.settings.spacy_model!r} is none")


def with_a_defect(surroundings: Surroundings) -> Stage:
    raise RuntimeError(f"no stage of {len(surroundings.partitions)} topics")
