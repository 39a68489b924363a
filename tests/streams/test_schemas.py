"""Schemas are as the records are, and the examples of every topic are what they are examples of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest

from streams import schemas
from streams.records import encode
from streams.topics import registry

EXAMPLES = Path(schemas.__file__).parent / "examples"


def examples(name: str) -> list[dict[str, object]]:
    found = orjson.loads((EXAMPLES / f"{name}.json").read_bytes())
    assert isinstance(found, list)
    return found


def test_the_schema_files_are_as_the_records_are() -> None:
    assert schemas.stale() == [], "write them anew: muster schemas --write"


@pytest.mark.parametrize("name", list(registry()))
def test_every_record_and_every_field_of_it_is_described(name: str) -> None:
    for record, definition in schemas.schema_of(registry()[name])["$defs"].items():
        assert definition["description"], record
        assert not definition["description"].startswith(f"{record}("), "a dataclass without a docstring makes one up"
        bare = [field for field, told in definition["properties"].items() if not told.get("description")]
        assert bare == [], f"{record}: write a docstring under the field in streams/records.py"


def test_the_description_of_a_field_is_the_docstring_under_it() -> None:
    fields = schemas.schema_of(registry()["events.v1"])["$defs"]["Event"]["properties"]
    assert fields["independent"]["description"] == "Number of independent sources standing behind it."
    assert fields["mover"] == {"$ref": "#/$defs/Actor", "description": "Whose forces."}
    assert "\n" not in fields["merged"]["description"]


def test_a_schema_that_belongs_to_no_topic_is_stale_and_removed(tmp_path: Path) -> None:
    (tmp_path / "old.v1.json").write_text("{}")
    assert "old.v1.json" in schemas.stale(tmp_path)
    assert "old.v1.json" in schemas.write(tmp_path)
    assert schemas.stale(tmp_path) == []
    assert not (tmp_path / "old.v1.json").exists()


def test_every_topic_has_examples_and_there_are_no_others() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == set(registry())


@pytest.mark.parametrize("name", list(registry()))
def test_there_is_an_example_of_every_record_of_the_topic(name: str) -> None:
    topic = registry()[name]
    kinds = {type(topic.decode(orjson.dumps(example))) for example in examples(name)}
    assert kinds == set(topic.records)


@pytest.mark.parametrize("name", list(registry()))
def test_examples_are_valid_and_come_back_from_their_bytes_as_they_were(name: str) -> None:
    topic = registry()[name]
    validator = jsonschema.Draft202012Validator(schemas.schema_of(topic))
    for example in examples(name):
        validator.validate(example)
        record = topic.decode(orjson.dumps(example))
        assert orjson.loads(encode(record)) == example, "an example shows every field"


@pytest.mark.parametrize("name", list(registry()))
def test_the_schema_refuses_an_example_without_a_required_field(name: str) -> None:
    topic = registry()[name]
    schema = schemas.schema_of(topic)
    validator = jsonschema.Draft202012Validator(schema)
    for example in examples(name):
        definition = schema["$defs"][type(topic.decode(orjson.dumps(example))).__name__]
        for field in definition["required"]:
            broken = {key: value for key, value in example.items() if key != field}
            assert not validator.is_valid(broken), field


def test_offsets_of_the_examples_point_at_their_words() -> None:
    texts = {(a["id"], a["version"]): a["text"] for a in examples("articles.v1")}
    for report in examples("reports.v1"):
        if report["kind"] == "report":
            text = texts[report["article"]["id"], report["article"]["version"]]
            for part in ("evidence", "trigger"):
                span = report["claim"][part]
                assert text[span["start"] : span["end"]] == span["text"]


def test_examples_show_what_a_consumer_has_to_deal_with() -> None:
    events, alerts, reports = (examples(f"{name}.v1") for name in ("events", "alerts", "reports"))
    assert any(event["contested"] and event["merged_into"] is None for event in events)
    assert any(event["state"] == "merged" and event["merged_into"] for event in events)
    assert {"new", "contested", "corroborated", "changed"} <= {str(alert["kind"]) for alert in alerts}
    articles: list[Any] = [report["article"] for report in reports if report["kind"] == "report"]
    for field in ("speech", "figures", "names"):
        assert any(article[field] for article in articles), field
