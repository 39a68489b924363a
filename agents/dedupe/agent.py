"""Binds dedupe to its topics: questions to answers in each partition of the index, answers to stories."""

from __future__ import annotations

from agents.dedupe import kept
from agents.dedupe.held import Pool
from agents.dedupe.index import Index
from agents.dedupe.resolve import Resolution
from streams.records import Anchors, Matches
from streams.stage import Kept, Output, Received, Rejected, Stage, Surroundings


def index_stage(surroundings: Surroundings) -> Stage:
    """Questions in, answers out; the state is the fold of the questions."""
    window = surroundings.settings.copy_window_hours
    pool = Pool()

    def step(state: Index, question: Anchors, _: Received) -> list[Output]:
        try:
            answers = state.answers(question)
        except ValueError as error:
            raise Rejected("fingerprint", str(error)) from None
        return [Output(topic="matches.v1", key=answer.article, record=answer) for answer in answers]

    def fold(state: Index, question: Anchors) -> None:
        try:
            state.add(question)
        except ValueError as error:
            raise Rejected("fingerprint", str(error)) from None

    return Stage(
        name="dedupe.index",
        consumes="anchors.v1",
        publishes=("matches.v1",),
        step=step,
        new_state=lambda: Index(window, pool),
        fold=fold,
        size=len,
        kept=Kept(version=kept.version_with(window), dump=kept.dump_index, load=kept.load_index),
    )


def resolve_stage(surroundings: Surroundings) -> Stage:
    """Answers in, stories out; the state is the fold of the answers."""
    window = surroundings.settings.copy_window_hours

    def step(state: Resolution, matches: Matches, _: Received) -> list[Output]:
        try:
            story = state.story(matches)
        except ValueError as error:
            raise Rejected("found", str(error)) from None
        return [] if story is None else [Output(topic="stories.v1", key=story.article, record=story)]

    def fold(state: Resolution, matches: Matches) -> None:
        state.merge(matches)

    return Stage(
        name="dedupe.resolve",
        consumes="matches.v1",
        publishes=("stories.v1",),
        step=step,
        new_state=lambda: Resolution(window),
        fold=fold,
        size=len,
        kept=Kept(version=kept.version_with(window), dump=kept.dump_resolution, load=kept.load_resolution),
    )
