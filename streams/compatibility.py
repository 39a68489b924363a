"""Whether a change of a topic's JSON Schema breaks those who use the topic, by the schema that was released.

It depends on who they are. Of what we write and they read, a record of either schema must be readable by the other: old
readers meet new records, and new readers (our own stages among them) the old ones that the topic still holds. What they
write and we read must be as acceptable as before. Descriptions and titles bind nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Users = Literal["read", "write"]
"""What those who use Muster do with the topic."""
Schema = Mapping[str, Any]

_ANNOTATIONS = frozenset({"$schema", "$id", "$defs", "title", "description", "examples", "deprecated"})
_STRUCTURE = frozenset({"$ref", "anyOf", "oneOf", "type", "enum", "const", "default", "items"})
_OF_OBJECTS = frozenset({"properties", "required", "additionalProperties"})
_AT_LEAST = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
_AT_MOST = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})
_ABSENT = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference that a user of the topic may notice."""

    path: str
    """Where: "sources[].reasons[].kind"; empty for the record as a whole."""
    what: str
    """What is other than it was, and whom that hurts."""
    breaks: bool
    """False for what users are told to expect, such as a further word."""

    def __str__(self) -> str:
        return f"{self.path}: {self.what}" if self.path else self.what


def changes(released: Schema, current: Schema, *, users: Users) -> list[Change]:
    """What has changed for the users of a topic, each once, in the order of the fields."""
    found = _Comparison(released, current, users).of(released, current, "")
    return list(dict.fromkeys(found))


class _Comparison:
    def __init__(self, released: Schema, current: Schema, users: Users) -> None:
        self._released = released
        self._current = current
        self._read = users == "read"
        self._seen: set[tuple[int, int]] = set()

    def of(self, old: Schema, new: Schema, path: str) -> Iterator[Change]:
        old_shapes, new_shapes = _shapes(old, self._released), _shapes(new, self._current)
        yield from self._kinds(old_shapes, new_shapes, path)
        for kind in old_shapes:
            if kind in new_shapes:
                yield from self._shape(
                    old_shapes[kind], new_shapes[kind], path if kind in _PLAIN else f"{path}<{kind}>"
                )

    def _kinds(self, old: Mapping[str, Schema], new: Mapping[str, Schema], path: str) -> Iterator[Change]:
        gone = [kind for kind in old if kind not in new]
        if not self._read:
            gone = [k for k in gone if "anything" not in new and not (k == "integer" and "number" in new)]
        added = [kind for kind in new if kind not in old]
        if not gone and not (added and self._read):
            return
        if not self._read:
            why = "what producers send is refused"
        elif added:
            why = "those who read by the released schema do not expect it"
        else:
            why = "records that the topic still holds may be so, and are refused by the new schema"
        yield Change(path=path, what=f"was {' or '.join(old)}, is {' or '.join(new)}: {why}", breaks=True)

    def _shape(self, old: Schema, new: Schema, path: str) -> Iterator[Change]:
        # The same two records may stand under many fields, or inside themselves: each pair is told where it comes first.
        # (Only records are kept in both schemas as they are here, so that their identity says that they are the same.)
        if "properties" in old and "properties" in new:
            if (id(old), id(new)) in self._seen:
                return
            self._seen.add((id(old), id(new)))
        yield from self._words(old, new, path)
        yield from self._keywords(old, new, path)
        if "items" in old or "items" in new:
            yield from self.of(old.get("items", {}), new.get("items", {}), f"{path}[]")
        if _OF_OBJECTS & (old.keys() | new.keys()):
            yield from self._fields(old, new, path)
            yield from self._others(old, new, path)

    def _words(self, old: Schema, new: Schema, path: str) -> Iterator[Change]:
        if "enum" not in old and "enum" not in new:
            return
        if "enum" not in new:
            if self._read:
                yield Change(path=path, what="was one of a list of words, and may be anything now", breaks=True)
            return
        if "enum" not in old:
            yield Change(path=path, what="could be anything, and must be one of a list of words now", breaks=True)
            return
        for word in (word for word in old["enum"] if word not in new["enum"]):
            why = (
                "records that the topic still holds have it, and consumers wait for it"
                if self._read
                else "producers that send it are refused"
            )
            yield Change(path=path, what=f"the word {word!r} is gone: {why}", breaks=True)
        for word in (word for word in new["enum"] if word not in old["enum"]):
            if self._read:
                yield Change(
                    path=path, what=f"{word!r} is a new word: consumers pass over what they do not know", breaks=False
                )

    def _keywords(self, old: Schema, new: Schema, path: str) -> Iterator[Change]:
        for keyword in sorted((old.keys() | new.keys()) - _ANNOTATIONS - _STRUCTURE - _OF_OBJECTS):
            before, after = old.get(keyword, _ABSENT), new.get(keyword, _ABSENT)
            if before == after or (not self._read and _looser(keyword, before, after)):
                continue
            yield Change(path=path, what=f"`{keyword}` was {_told(before)} and is {_told(after)}", breaks=True)

    def _fields(self, old: Schema, new: Schema, path: str) -> Iterator[Change]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed_before, needed = frozenset(old.get("required", ())), frozenset(new.get("required", ()))
        for name, field in before.items():
            place = f"{path}.{name}" if path else name
            if name not in after:
                why = "those who read it find nothing" if self._read else "what producers say in it is passed over"
                yield Change(path=place, what=f"is gone: {why}", breaks=True)
                continue
            if name in needed - needed_before:
                lack = "records that the topic still holds" if self._read else "producers"
                yield Change(path=place, what=f"is required now: {lack} may leave it out", breaks=True)
            elif name in needed_before - needed and self._read:
                yield Change(path=place, what="was always there and may be missing now", breaks=True)
            elif name not in needed_before | needed and field.get("default") != after[name].get("default"):
                meant, means = _told(field.get("default")), _told(after[name].get("default"))
                yield Change(path=place, what=f"left out it meant {meant} and means {means} now", breaks=True)
            yield from self.of(field, after[name], place)
        for name in after:
            if name not in before and name in needed:
                lack = "records that the topic still holds lack it" if self._read else "producers do not send it"
                place = f"{path}.{name}" if path else name
                yield Change(path=place, what=f"is new and required: {lack}; give it a default", breaks=True)

    def _others(self, old: Schema, new: Schema, path: str) -> Iterator[Change]:
        """Fields that have no name in the schema: those of a mapping, or none at all."""
        before, after = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from self.of(before, after, f"{path}{{}}")
        elif before != after and (self._read or after is not True):
            yield Change(
                path=path, what=f"`additionalProperties` was {_told(before)} and is {_told(after)}", breaks=True
            )


_PLAIN = frozenset({"null", "boolean", "integer", "number", "string", "array", "object", "anything"})


def _shapes(schema: Schema, root: Schema) -> dict[str, Schema]:
    """What a value may be, by kind: a type of JSON, or where there are several records the word of their `kind`."""
    alternatives = list(_alternatives(schema, root))
    records = sum(kind == "object" for kind, _ in alternatives)
    shapes: dict[str, Schema] = {}
    for kind, shape in alternatives:
        shapes[_record_kind(shape, root) if kind == "object" and records > 1 else kind] = shape
    return shapes


def _alternatives(schema: Schema, root: Schema) -> Iterator[tuple[str, Schema]]:
    while "$ref" in schema:
        schema = _definition(schema["$ref"], root)
    if inside := schema.get("anyOf") or schema.get("oneOf"):
        for alternative in inside:
            yield from _alternatives(alternative, root)
    elif words := _words_of(schema):
        for kind in dict.fromkeys(map(_kind_of, words)):
            yield kind, {**schema, "enum": [word for word in words if _kind_of(word) == kind]}
    elif "type" in schema:
        types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        yield from ((kind, schema) for kind in types)
    else:
        yield "anything", schema


def _definition(reference: str, root: Schema) -> Schema:
    found: Any = root
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found  # type: ignore[no-any-return]


def _words_of(schema: Schema) -> Sequence[Any]:
    return [schema["const"]] if "const" in schema else schema.get("enum", ())


def _kind_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return {int: "integer", float: "number", str: "string"}.get(type(value), "anything")


def _record_kind(shape: Schema, root: Schema) -> str:
    words = _words_of(shape.get("properties", {}).get("kind", {}))
    return str(words[0]) if len(words) == 1 else str(shape.get("title", "object"))


def _looser(keyword: str, before: Any, after: Any) -> bool:
    """Whether a bound lets more through than it did."""
    if after is _ABSENT:
        return True
    if before is _ABSENT:
        return False
    return (keyword in _AT_LEAST and after < before) or (keyword in _AT_MOST and after > before)


def _told(value: Any) -> str:
    return "absent" if value is _ABSENT else repr(value)
