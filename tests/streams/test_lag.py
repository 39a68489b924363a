"""The table of what each stage consumes."""

from __future__ import annotations

from streams.dry_run import stages_for
from streams.lag import CONSUMES
from streams.settings import Settings


def test_lag_is_measured_on_the_topic_that_each_stage_consumes() -> None:
    assert {stage.name: stage.consumes for stage in stages_for(Settings())} == CONSUMES
