"""Notices: every example of the data file, and headlines that only look like one."""

from __future__ import annotations

import pytest

from wirecopy.loading import rows
from wirecopy.notices import notice_of

ENTRIES = [entry for _, entry in rows("wirecopy", "data/notices.toml", "notice")]


@pytest.mark.parametrize(
    ("title", "kind"), [(title, entry["kind"]) for entry in ENTRIES for title in entry["examples"]]
)
def test_a_headline_announces_what_it_is(title: str, kind: str) -> None:
    found, rest = notice_of(title)
    assert found == kind
    assert len(rest) < len(title)


@pytest.mark.parametrize("title", [title for entry in ENTRIES for title in entry["against"]])
def test_an_ordinary_headline_announces_nothing(title: str) -> None:
    assert notice_of(title) == (None, title)
