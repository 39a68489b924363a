"""A change of a schema breaks those who use the topic, or does not: by who they are, and with the reason."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams import releases, schemas
from streams.compatibility import Users, changes
from streams.topics import registry

Edit = Callable[[dict[str, Any]], object]


def schema() -> dict[str, Any]:
    """An event in small, with all forms that our records have."""
    return {
        "$ref": "#/$defs/Event",
        "$defs": {
            "Event": {
                "type": "object",
                "title": "Event",
                "properties": {
                    "id": {"type": "string"},
                    "version": {"type": "integer"},
                    "sureness": {"type": "number"},
                    "status": {"enum": ["planned", "occurred"]},
                    "void": {"anyOf": [{"enum": ["corrected", "withdrawn"]}, {"type": "null"}], "default": None},
                    "place": {"anyOf": [{"$ref": "#/$defs/Place"}, {"type": "null"}]},
                    "reports": {"type": "array", "items": {"$ref": "#/$defs/Report"}, "default": []},
                    "headers": {"type": "object", "additionalProperties": {"type": "string"}, "default": {}},
                    "parts": {"type": "array", "items": {"$ref": "#/$defs/Event"}, "default": []},
                },
                "required": ["id", "version", "sureness", "status", "place"],
            },
            "Place": {"type": "object", "properties": {"code": {"type": "string"}}, "required": ["code"]},
            "Report": {
                "type": "object",
                "properties": {"text": {"type": "string", "maxLength": 100}},
                "required": ["text"],
            },
        },
    }


def told(edit: Edit, users: Users, old: dict[str, Any] | None = None) -> list[tuple[str, bool]]:
    old = schema() if old is None else old
    new = copy.deepcopy(old)
    edit(new)
    return [(change.path, change.breaks) for change in changes(old, new, users=users)]


def fields(record: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda root: root["$defs"][record]["properties"]  # type: ignore[no-any-return]


event, report = fields("Event"), fields("Report")


def demand(root: dict[str, Any], record: str, name: str) -> None:
    root["$defs"][record]["required"].append(name)


def excuse(root: dict[str, Any], record: str, name: str) -> None:
    root["$defs"][record]["required"].remove(name)


def add_required(root: dict[str, Any]) -> None:
    report(root)["byline"] = {"type": "string"}
    demand(root, "Report", "byline")


def rename_a_definition(root: dict[str, Any]) -> None:
    root["$defs"]["Location"] = root["$defs"].pop("Place")
    event(root)["place"]["anyOf"][0]["$ref"] = "#/$defs/Location"


def describe_anew(root: dict[str, Any]) -> None:
    event(root)["id"]["description"] = "Another description."
    root["$defs"]["Event"]["title"] = "Another title"


FINE, BREAK, TOLD = "fine", "break", "told"

RULES: list[tuple[str, Edit, str, str, str]] = [
    # what changes, how, where it is told, what it is for those who read, and for those who write
    ("a description", describe_anew, "", FINE, FINE),
    ("the name of a definition", rename_a_definition, "", FINE, FINE),
    ("an optional field is new", lambda s: report(s).update(byline={"type": "string", "default": ""}), "", FINE, FINE),
    ("a required field is new", add_required, "reports[].byline", BREAK, BREAK),
    ("a field is gone", lambda s: event(s).pop("void"), "void", BREAK, BREAK),
    ("a field inside is gone", lambda s: s["$defs"]["Place"].update(properties={}), "place.code", BREAK, BREAK),
    ("a field is required now", lambda s: demand(s, "Event", "void"), "void", BREAK, BREAK),
    ("a field may be missing now", lambda s: excuse(s, "Event", "id"), "id", BREAK, FINE),
    ("a default", lambda s: event(s)["void"].update(default="corrected"), "void", BREAK, BREAK),
    ("a whole number is any number", lambda s: event(s)["version"].update(type="number"), "version", BREAK, FINE),
    ("a number is a whole one", lambda s: event(s)["sureness"].update(type="integer"), "sureness", BREAK, BREAK),
    ("a text is a number", lambda s: event(s)["id"].update(type="integer"), "id", BREAK, BREAK),
    ("null is possible", lambda s: event(s)["id"].update(type=["string", "null"]), "id", BREAK, FINE),
    ("null is impossible", lambda s: event(s)["place"]["anyOf"].pop(), "place", BREAK, BREAK),
    ("one thing is a list", lambda s: event(s).update(id={"type": "array", "items": {}}), "id", BREAK, BREAK),
    ("a word is new", lambda s: event(s)["status"]["enum"].append("decided"), "status", TOLD, FINE),
    ("a word that may be null is new", lambda s: event(s)["void"]["anyOf"][0]["enum"].append("x"), "void", TOLD, FINE),
    ("a word is gone", lambda s: event(s)["status"]["enum"].pop(), "status", BREAK, BREAK),
    ("any word is possible", lambda s: event(s).update(status={"type": "string"}), "status", BREAK, FINE),
    ("only words are possible", lambda s: event(s).update(id={"enum": ["a"]}), "id", BREAK, BREAK),
    ("a bound is wider", lambda s: report(s)["text"].update(maxLength=200), "reports[].text", BREAK, FINE),
    ("a bound is narrower", lambda s: report(s)["text"].update(maxLength=50), "reports[].text", BREAK, BREAK),
    ("a bound is gone", lambda s: report(s)["text"].pop("maxLength"), "reports[].text", BREAK, FINE),
    ("a form is asked for", lambda s: event(s)["id"].update(pattern="^a"), "id", BREAK, BREAK),
    (
        "other values in a mapping",
        lambda s: event(s)["headers"]["additionalProperties"].update(type="integer"), "headers{}", BREAK, BREAK,
    ),
    (
        "no fields beside those that are named",
        lambda s: s["$defs"]["Report"].update(additionalProperties=False), "reports[]", BREAK, BREAK,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "path", "for_readers", "for_writers"), [r[1:] for r in RULES], ids=[r[0] for r in RULES]
)
def test_each_change_is_judged_by_who_uses_the_topic(edit: Edit, path: str, for_readers: str, for_writers: str) -> None:
    expected = {FINE: [], TOLD: [(path, False)], BREAK: [(path, True)]}
    assert told(edit, "read") == expected[for_readers]
    assert told(edit, "write") == expected[for_writers]


def two_records() -> dict[str, Any]:
    def record(kind: str) -> dict[str, Any]:
        return {"type": "object", "properties": {"kind": {"enum": [kind]}, "text": {"type": "string"}}}

    return {
        "anyOf": [{"$ref": "#/$defs/Report"}, {"$ref": "#/$defs/Revision"}],
        "$defs": {"Report": record("report"), "Revision": record("revision"), "Note": record("note")},
    }


@pytest.mark.parametrize(
    ("edit", "for_readers", "for_writers"),
    [
        (lambda s: s["anyOf"].reverse(), [], []),
        (lambda s: s["anyOf"].append({"$ref": "#/$defs/Note"}), [("", True)], []),
        (lambda s: s["anyOf"].__setitem__(1, {"$ref": "#/$defs/Note"}), [("", True)], [("", True)]),
        (lambda s: fields("Revision")(s).pop("text"), [("<revision>.text", True)], [("<revision>.text", True)]),
    ],
)
def test_records_of_one_topic_are_told_apart_by_their_kind(
    edit: Edit, for_readers: list[Any], for_writers: list[Any]
) -> None:
    assert told(edit, "read", two_records()) == for_readers
    assert told(edit, "write", two_records()) == for_writers


def test_a_change_says_where_what_and_why() -> None:
    new = schema()
    event(new).pop("void")
    (change,) = changes(schema(), new, users="read")
    assert str(change) == "void: is gone: those who read it find nothing"


# --- by chance ---------------------------------------------------------------------------------------------------

SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "string": st.sampled_from(["", "a", "b", "c"]),
    "integer": st.integers(-2, 2),
    "number": st.floats(-2, 2),
    "boolean": st.booleans(),
    "null": st.none(),
}
NAMES = st.sampled_from(["p", "q", "r"])


@st.composite
def objects(draw: st.DrawFn, inside: st.SearchStrategy[Any]) -> dict[str, Any]:
    properties = draw(st.dictionaries(NAMES, inside, max_size=3))
    required = draw(st.lists(st.sampled_from(sorted(properties)), unique=True)) if properties else []
    return {"type": "object", "properties": properties, "required": required}


SCHEMAS = st.recursive(
    st.sampled_from(sorted(SCALARS)).map(lambda kind: {"type": kind})
    | st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, unique=True).map(lambda words: {"enum": words}),
    lambda inside: (
        objects(inside)
        | inside.map(lambda items: {"type": "array", "items": items})
        | inside.filter(lambda s: s.get("type") != "null").map(lambda s: {"anyOf": [s, {"type": "null"}]})
    ),
    max_leaves=5,
)
RECORDS = objects(SCHEMAS)


def values(of: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a schema of `SCHEMAS` takes."""
    if "anyOf" in of:
        return st.one_of([values(alternative) for alternative in of["anyOf"]])
    if "enum" in of:
        return st.sampled_from(of["enum"])
    if of["type"] == "array":
        return st.lists(values(of["items"]), max_size=2)
    if of["type"] == "object":
        needed = {name: values(field) for name, field in of["properties"].items() if name in of["required"]}
        others = {name: values(field) for name, field in of["properties"].items() if name not in of["required"]}
        return st.fixed_dictionaries(needed, optional=others)
    return SCALARS[of["type"]]


@st.composite
def near(draw: st.DrawFn, node: dict[str, Any]) -> dict[str, Any]:
    """The schema with some of it drawn anew, so that what is compatible is met often enough."""
    if draw(st.integers(0, 14)) == 0:
        return draw(SCHEMAS)
    if "anyOf" in node:
        return {"anyOf": [draw(near(node["anyOf"][0])), {"type": "null"}]}
    if node.get("type") == "array":
        return {"type": "array", "items": draw(near(node["items"]))}
    if node.get("type") != "object":
        return node
    properties = {name: draw(near(field)) for name, field in node["properties"].items()}
    required = [name for name in node["required"] if draw(st.integers(0, 5))]
    if draw(st.booleans()):
        properties.setdefault(draw(NAMES), draw(SCHEMAS))
    return {"type": "object", "properties": properties, "required": required}


def takes(schema: dict[str, Any], value: Any) -> bool:
    return jsonschema.Draft202012Validator(schema).is_valid(value)


@given(RECORDS)
@settings(max_examples=50)
def test_what_is_as_it_was_breaks_nobody(record: dict[str, Any]) -> None:
    for users in ("read", "write"):
        assert changes(record, copy.deepcopy(record), users=users) == []  # type: ignore[arg-type]


@given(RECORDS, st.data())
@settings(max_examples=50)
def test_an_optional_field_anywhere_breaks_nobody(record: dict[str, Any], data: st.DataObject) -> None:
    def records_in(node: Any) -> list[dict[str, Any]]:
        inside = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        own = [node] if isinstance(node, dict) and node.get("type") == "object" else []
        return own + [found for part in inside for found in records_in(part)]

    grown = copy.deepcopy(record)
    data.draw(st.sampled_from(records_in(grown)))["properties"]["new"] = data.draw(SCHEMAS)
    for users in ("read", "write"):
        assert changes(record, grown, users=users) == []  # type: ignore[arg-type]


@given(st.data())
@settings(max_examples=150)
def test_what_breaks_no_producer_takes_all_that_was_taken(data: st.DataObject) -> None:
    old = data.draw(RECORDS)
    new = data.draw(near(old))
    if any(change.breaks for change in changes(old, new, users="write")):
        return
    # A field that was not named may have held anything; producers are not told of it, so they send none.
    assert takes(new, data.draw(values(old)))


@given(st.data())
@settings(max_examples=150)
def test_what_changes_nothing_for_readers_is_read_by_old_and_new_ones(data: st.DataObject) -> None:
    old = data.draw(RECORDS)
    new = data.draw(near(old))
    if changes(old, new, users="read"):
        return
    assert takes(old, data.draw(values(new))), "an old reader meets a new record"
    assert takes(new, data.draw(values(old))), "a new reader meets an old record"


# --- what is released ----------------------------------------------------------------------------------------------


def test_nothing_breaks_those_who_rely_on_the_released_schemas() -> None:
    releases.check()


def test_every_topic_of_the_release_still_exists_and_is_a_schema() -> None:
    for name, found in releases.released().items():
        assert name in registry()
        jsonschema.Draft202012Validator.check_schema(found)


def released_with(edit: Edit, name: str, folder: Path) -> None:
    """A folder with all released schemas, one of them as it would be if today's were a change of it."""
    for topic_name, found in releases.released().items():
        if topic_name == name:
            edit(found)  # type: ignore[arg-type]
        (folder / f"{topic_name}.json").write_bytes(orjson.dumps(found))


def test_a_break_is_refused_with_what_and_why_and_leaves_the_release_as_it_was(tmp_path: Path) -> None:
    released_with(lambda s: fields("Event")(s).update(mood={"type": "string"}), "events.v1", tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(releases.Break) as refused:
        releases.release(tmp_path)
    assert "events.v1: mood: is gone" in str(refused.value)
    assert "events.v1 -> events.v2" in str(refused.value)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_topic_that_is_gone_is_a_break(tmp_path: Path) -> None:
    (tmp_path / "moods.v1.json").write_bytes(orjson.dumps(schema()))
    with pytest.raises(releases.Break, match=r"moods\.v1: the topic is gone"):
        releases.check(tmp_path)


def test_what_breaks_nobody_is_released_with_a_notice(tmp_path: Path) -> None:
    released_with(lambda s: fields("Alert")(s)["kind"]["enum"].remove("firmer"), "alerts.v1", tmp_path)
    written, notices = releases.release(tmp_path)
    assert "alerts.v1.json" in written
    assert any("'firmer' is a new word" in line for line in notices)
    assert schemas.stale(tmp_path) == []
    assert releases.release(tmp_path) == ([], [])


def test_a_required_field_more_breaks_the_producers_of_raw_articles(tmp_path: Path) -> None:
    def once_optional(found: dict[str, Any]) -> None:
        found["$defs"]["RawArticle"]["required"].remove("outlet")

    released_with(once_optional, "articles.raw.v1", tmp_path)
    with pytest.raises(releases.Break, match="producers may leave it out"):
        releases.check(tmp_path)
