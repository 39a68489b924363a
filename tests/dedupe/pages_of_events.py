"""The pages of `pages/`, labelled by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("pages")
EVENTS = sorted(path.stem for path in FOLDER.glob("*.jsonl"))


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is fed (one line), with the story that it belongs to and what it is to that."""

    id: str
    line: bytes
    story: str
    relation: str


def pages_of(event: str) -> list[Page]:
    """The pages of an event in the order of the file."""
    found = []
    for line in (FOLDER / f"{event}.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        truth = page.pop("truth")
        found.append(Page(page["id"], json.dumps(page).encode(), truth["story"], truth["relation"]))
    return found
