"""Pages of the documentation that are generated from what they describe; a test says whether the files are fresh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from streams.cloud_events import type_of
from streams.settings import Settings, variable_of
from streams.topics import registry


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One setting as people read it. `value` is the one in force, hidden where it is secret."""

    variable: str
    type: str
    default: str
    value: str
    changed: bool
    help: str


def setting_rows(settings: Settings | None = None) -> Iterator[SettingRow]:
    """Every setting, in the order of their declaration, with the values of `settings` (by default the defaults)."""
    settings = settings or Settings()
    hints = get_type_hints(Settings)
    for field in fields(Settings):
        value, secret = getattr(settings, field.name), field.metadata["secret"]
        yield SettingRow(
            variable=variable_of(field.name),
            type=_type_words(hints[field.name], field.metadata["low"], field.metadata["high"]),
            default=_shown(field.default, secret),
            value=_shown(value, secret),
            changed=value != field.default,
            help=field.metadata["help"],
        )


def settings_markdown() -> str:
    """The page docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "Environment variables, read and checked when a command starts; a wrong or unknown `MUSTER_...` ends any command that uses settings with exit",
        "code 3 and a message that names the variable. `muster settings` shows the values in force.",
        "",
        "This page is generated: `muster settings --markdown > docs/settings.md`.",
        "",
        "| variable | type | default | meaning |",
        "|---|---|---|---|",
    ]
    for row in setting_rows():
        default = f"`{row.default}`" if row.default else ""
        lines.append(f"| `{row.variable}` | {_cell(row.type)} | {_cell(default)} | {_cell(row.help)} |")
    return "\n".join(lines) + "\n"


def topics_markdown() -> str:
    """The page docs/topics.md."""
    lines = [
        "# Topics",
        "",
        "The names on the broker have `MUSTER_TOPIC_PREFIX` before them. `muster topics create` makes them with",
        "`MUSTER_PARTITIONS` partitions and `MUSTER_REPLICATION` copies; `muster topics describe` compares. How to read them, and",
        "what may change: [consuming](consuming.md).",
        "",
        "What comes in is stamped by the broker (`message.timestamp.type=LogAppendTime`), whatever its producer says: from",
        "that an alert's latency is reckoned, and whether an article is dated ahead of its time.",
        "",
        "This page is generated: `muster topics --markdown > docs/topics.md`.",
        "",
        "| topic | what | written by | read by | key | partitioned by | cleanup | kept | largest message | timestamps |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for topic in registry().values():
        cells = [
            f"`{topic.name}`",
            f"{topic.about}, in [bundles](consuming.md#bundles)" if topic.bundled else topic.about,
            _stages(topic.written_by, "outside, `muster feed`"),
            _stages(topic.read_by, "outside alone"),
            topic.key,
            topic.partition_by,
            topic.cleanup,
            f"{topic.retention_hours / 24:g} days",
            f"{topic.max_message_bytes:,} B",
            f"the {topic.timestamps}'s",
        ]
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    lines += [
        "",
        "Partitioned by: the partition is murmur2 of these words ([consuming](consuming.md)), of anchors.v1 the one that is asked.",
        "",
        "Kept: how long a record can be read at least. Of a compacted topic the last record of each key stays for good, and the",
        "time is how long a deletion (a key without a value, which nothing here writes) would still be seen.",
        "",
        "Schemas, examples and the document for AsyncAPI 3.0 ([asyncapi.json](../streams/asyncapi.json)) are files of the package,",
        "generated from the records: `muster schemas --write`. Each field is described in the schema. `muster schemas --asyncapi`",
        "prints the document with names, partitions and broker of an installation.",
        "",
        "| topic | records, and their `ce_type` | schema | released | examples |",
        "|---|---|---|---|---|",
    ]
    for topic in registry().values():
        kinds = ", ".join(f"`{record.__name__}` `{type_of(topic.name, record)}`" for record in topic.records)
        places = (f"[{place.rpartition('/')[2]}](../streams/{place}/{topic.name}.json)" for place in FILES)
        lines.append("| " + " | ".join([f"`{topic.name}`", kinds, *places]) + " |")
    return "\n".join(lines) + "\n"


FILES = ("schemas", "schemas/released", "examples")
"""Folders of `streams/` with a file for each topic."""
PAGES = {"settings.md": settings_markdown, "topics.md": topics_markdown}
"""Generated pages by the name of their file in docs/."""


def _shown(value: Any, secret: bool) -> str:
    if value is None or value == "":
        return ""
    if secret:
        return "(hidden)"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | Path) else f"{value:g}" if isinstance(value, float) else str(value)


def _type_words(hint: Any, low: float | None, high: float | None) -> str:
    if get_origin(hint) is Literal:
        return "one of " + ", ".join(get_args(hint))
    if get_origin(hint) is UnionType:
        hint = get_args(hint)[0]
    word = {str: "text", bool: "true or false", int: "whole number", float: "number", Path: "path"}[hint]
    return word if low is None else f"{word}, {low:,} to {high:,}"


def _stages(names: tuple[str, ...], otherwise: str) -> str:
    return ", ".join(names) or otherwise


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
