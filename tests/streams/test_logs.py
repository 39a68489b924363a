"""A library that repeats itself is heard once in a while, and our own lines always."""

from __future__ import annotations

import logging

from streams.logs import OneOfMany


def heard(*lines: tuple[str, str, float]) -> list[str]:
    """What passes of lines (logger, message, time)."""
    now = [0.0]
    one_of_many = OneOfMany("muster", clock=lambda: now[0])
    passed = []
    for name, message, at in lines:
        now[0] = at
        record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, (), None)
        if one_of_many.filter(record):
            passed.append(str(record.msg))
    return passed


def test_a_library_says_a_thing_once_and_later_how_often_it_would_have() -> None:
    lines = [("aiokafka", "Unable to connect", i / 10) for i in range(301)]
    assert heard(*lines) == ["Unable to connect", "Unable to connect (299 more like this before)"]


def test_other_words_and_other_loggers_are_heard_by_themselves() -> None:
    assert len(heard(("aiokafka", "one", 0), ("aiokafka", "two", 0), ("faust", "one", 0))) == 3


def test_our_own_lines_always_pass() -> None:
    assert len(heard(*[("muster.enrich", "dead letter", 0.0)] * 5, ("muster", "x", 0), ("muster", "x", 0))) == 7
