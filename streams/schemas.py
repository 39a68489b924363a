"""JSON Schemas of the records, one file a topic, generated from the records themselves.

`streams/schemas/<topic>.json` is what other programs read; a test fails when the files and the records differ. The
descriptions in it are the docstrings of the records and of their fields.
"""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import orjson

from streams import records
from streams.topics import Topic, registry

FOLDER = Path(__file__).parent / "schemas"
EXAMPLES = Path(__file__).parent / "examples"
_PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def schema_of(topic: Topic) -> dict[str, Any]:
    """The schema of what a topic carries: JSON Schema 2020-12, `anyOf` where it carries several records."""
    references, definitions = msgspec.json.schema_components(topic.records, ref_template="#/$defs/{name}")
    for name, definition in definitions.items():
        describe(definition, field_docstrings()[name])
    body = references[0] if len(references) == 1 else {"anyOf": list(references)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": topic.name,
        "description": topic.about,
        **body,
        "$defs": definitions,
    }


def describe(definition: dict[str, Any], fields: Mapping[str, str]) -> None:
    """Put the docstrings of a class and of its fields into the schema that msgspec made of it."""
    definition["description"] = _flowing(definition["description"])
    for field, about in fields.items():
        # Beside a "$ref" it describes the field, and the record that is referred to keeps its own.
        definition["properties"][field]["description"] = about


@cache
def field_docstrings(module: ModuleType = records) -> Mapping[str, Mapping[str, str]]:
    """The string under each field of each class of a module, by class and field: Python itself does not keep it."""
    found: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef):
            found[node.name] = {
                field.target.id: _flowing(below.value.value)
                for field, below in itertools.pairwise(node.body)
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
                if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
                if isinstance(below.value.value, str)
            }
    return found


def _flowing(docstring: str) -> str:
    """A docstring without the line breaks inside its paragraphs, which are those of a source file."""
    return "\n\n".join(" ".join(part.split()) for part in inspect.cleandoc(docstring).split("\n\n"))


def files() -> dict[str, bytes]:
    """Every schema file by name, as it should be."""
    return {f"{name}.json": orjson.dumps(schema_of(topic), option=_PRETTY) for name, topic in registry().items()}


def stale(folder: Path = FOLDER) -> list[str]:
    """Names of schema files that are missing, outdated, or belong to no topic."""
    wanted = files()
    present = {path.name: path.read_bytes() for path in folder.glob("*.json")}
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


def write(folder: Path = FOLDER) -> list[str]:
    """Write what is stale, remove what belongs to no topic; the names of the files that changed."""
    changed, wanted = stale(folder), files()
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in wanted:
            (folder / name).write_bytes(wanted[name])
        else:
            (folder / name).unlink()
    return changed


def complete_examples(folder: Path = EXAMPLES) -> list[str]:
    """Give the examples the fields that their records have got since, with their defaults; names of the changed files.

    Raises `InvalidRecord` for an example that is no longer valid: that one is for a person to rewrite.
    """
    changed = []
    for topic in registry().values():
        path = folder / f"{topic.name}.json"
        before = path.read_bytes()
        found = [topic.decode(orjson.dumps(example)) for example in orjson.loads(before)]
        after = orjson.dumps(found, option=_PRETTY)
        if after != before:
            path.write_bytes(after)
            changed.append(path.name)
    return changed
