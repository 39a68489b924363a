"""Alerts and sinks for tests."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import orjson

from sinks.configuration import Sink, Web
from streams import records, schemas
from streams.records import Alert

EXAMPLES = [
    records.decode(orjson.dumps(raw), Alert) for raw in orjson.loads((schemas.EXAMPLES / "alerts.v1.json").read_bytes())
]

HOSTILE = "Denied\r\nBcc: all@example.org\r\n\r\n<!channel> @everyone <http://evil.example|desk> \u202ekcab\u202c & \x1b[31mred\u2028next"


def alert(id: str = "PRT.deploy.CPV.2019-W38.new", **changes: Any) -> Alert:
    """An alert of the examples, with another id and what is changed."""
    return dataclasses.replace(EXAMPLES[0], id=id, **changes)


def hostile_alert() -> Alert:
    """An alert whose every text tries something."""
    (first, *_) = EXAMPLES[0].evidence
    assert first.speaker is not None
    return alert(
        headline=HOSTILE,
        sources=(HOSTILE,),
        outlets=(HOSTILE,),
        watchlists=(HOSTILE,),
        mover=dataclasses.replace(EXAMPLES[0].mover, code=HOSTILE, name=HOSTILE),
        evidence=(
            dataclasses.replace(
                first,
                outlet_name=HOSTILE,
                text=HOSTILE,
                title=HOSTILE,
                url="https://evil.example/a|<!channel>%0d%0a>\r\nx",
                speaker=dataclasses.replace(first.speaker, name=HOSTILE),
            ),
        ),
    )


def web_sink(url: str, name: str = "desk", **changes: Any) -> Sink:
    """A sink of kind webhook; what `Web` has goes to its target."""
    of_target = {f.name for f in dataclasses.fields(Web)}
    target = Web(url=url, where=url, **{key: value for key, value in changes.items() if key in of_target})
    rest = {key: value for key, value in changes.items() if key not in of_target}
    return Sink(**{"name": name, "kind": "webhook", "target": target, "start": "start", "timeout_seconds": 5.0, **rest})


def written(folder: Path, text: str) -> Path:
    """A file of sinks."""
    path = folder / "sinks.toml"
    path.write_text(text, encoding="utf-8")
    return path
