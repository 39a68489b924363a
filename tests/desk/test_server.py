"""What a browser, or a program, gets of the desk; and what a stranger does not."""

from __future__ import annotations

import asyncio
import dataclasses
import gzip
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from yarl import URL

from desk import openapi, server
from desk.feed import Progress
from desk.state import Desk, Incoming
from streams.records import Alert, Event, decode, encode
from tests.desk.conftest import alert_messages, event_messages
from tests.desk.serving import DEADLINE_SECONDS, Served, served
from tests.news import publish, report

PATHS = ["/api/events", "/api/alerts", "/api/health/live", "/api/health/ready", "/api/openapi.json"]


def test_every_answer_tells_the_browser_to_keep_to_it(sample_desk: Desk) -> None:
    async def run() -> None:
        async with served(sample_desk) as desk:
            for path in (
                *PATHS,
                "/api/nothing",
                "/nothing",
                "/api/events?limit=0",
                "/api/events/nothing",
                "/static/no.js",
            ):
                async with desk.client.get(path) as answer:
                    told = {name: answer.headers.get(name) for name in server.HEADERS}
                    assert told == dict(server.HEADERS), path
                    assert answer.headers["Cache-Control"] == "no-store"
                    assert "Access-Control-Allow-Origin" not in answer.headers
            async with desk.client.get("/api/alerts/stream") as answer:
                assert {name: answer.headers.get(name) for name in server.HEADERS} == dict(server.HEADERS)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("bound", "host", "status"),
    [
        ("127.0.0.1", "127.0.0.1:8765", 200),
        ("127.0.0.1", "localhost:1234", 200),
        ("127.0.0.1", "LOCALHOST", 200),
        ("127.0.0.1", "[::1]:8765", 200),
        ("localhost", "localhost", 200),
        ("127.0.0.5", "127.0.0.5:1", 200),
        ("::1", "[::1]", 200),
        ("127.0.0.1", "evil.example:8765", 421),
        ("127.0.0.1", "127.0.0.1.evil.example", 421),
        ("127.0.0.1", "localhost.evil.example", 421),
        ("127.0.0.1", "", 421),
        ("127.0.0.1", "[::1].evil.example", 421),
        ("127.0.0.1", "192.0.2.7", 421),
        ("127.0.0.1", "DESK.example:443", 200),
        ("0.0.0.0", "desk.example.", 200),
        ("0.0.0.0", "other.example", 200),
        ("0.0.0.0", "evil.example", 421),
        ("0.0.0.0", "192.0.2.7.evil.example", 421),
        ("0.0.0.0", "", 421),
        ("0.0.0.0", "192.0.2.7:8765", 200),
        ("0.0.0.0", "localhost:8765", 200),
        ("::", "[2001:db8::7]:8765", 200),
        ("inner.example", "inner.example", 200),
        ("192.0.2.7", "evil.example", 421),
    ],
)
def test_no_other_name_is_answered(sample_desk: Desk, bound: str, host: str, status: int) -> None:
    """A page of another site may have made its own name mean this machine; the name then stands in the request."""

    async def run() -> None:
        async with served(sample_desk, bound, names="desk.example, Other.example") as desk:
            for path in ("/", "/api/events", "/api/alerts/stream"):
                async with desk.client.get(path, headers={"Host": host}) as answer:
                    assert answer.status == status
                    if status != 200:
                        error = (await answer.json())["error"]
                        assert error["field"] == "host"
                        assert "MUSTER_DESK_NAMES" in error["reason"]

    asyncio.run(run())


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE"])
def test_nothing_can_be_changed(sample_desk: Desk, method: str) -> None:
    async def run() -> None:
        async with served(sample_desk) as desk:
            for path in PATHS:
                async with desk.client.request(method, path) as answer:
                    assert answer.status in (400, 404, 405)
                    assert "Access-Control-Allow-Methods" not in answer.headers

    asyncio.run(run())


def test_a_head_is_answered_without_a_body(sample_desk: Desk) -> None:
    async def run() -> None:
        async with served(sample_desk) as desk:
            for path in (*PATHS, "/api/alerts/stream"):
                async with desk.client.head(path) as answer:
                    assert (answer.status, await answer.read()) == (200, b"")

    asyncio.run(run())


def test_a_wrong_parameter_is_told_by_name(sample_desk: Desk) -> None:
    async def run() -> None:
        async with served(sample_desk) as desk:
            assert await desk.get("/api/events?limit=many", 400) == {
                "error": {"field": "limit", "reason": "'many' is not a whole number from 1 to 500"}
            }
            for path, field in (
                ("/api/alerts?before=yesterday", "before"),
                ("/api/events/KGZ.deploy.SYR.2017-W25?full=1", "full"),
                ("/api/alerts/stream?last_event_id=x", "last_event_id"),
                ("/api/alerts/stream?since=0-1", "since"),
            ):
                assert (await desk.get(path, 400))["error"]["field"] == field
            answer = await desk.get("/api/alerts/stream", 400, headers={"Last-Event-ID": "seven"})
            assert answer["error"]["field"] == "Last-Event-ID"

    asyncio.run(run())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"GET /api/events?q=\xff\xfe HTTP/1.1", "percent signs"),
        (b"GET /api/events?q=caf\xc3\xa9 HTTP/1.1", "percent signs"),
        (b"GET /api/events?\xed\xa0\x80=1 HTTP/1.1", "percent signs"),
        (b"GET /api/events/\xff HTTP/1.1", "percent signs"),
        (b"GET /static/\x01.js HTTP/1.1", "percent signs"),
        (b"GET /api/alerts/stream?last_event_id=\xff HTTP/1.1", "percent signs"),
        (b"GET /api/events?q=a b HTTP/1.1", "%20"),
        (b"GET http://[/ HTTP/1.1", "percent signs"),
        (b"GET /api/events?q=" + b"a" * 9000 + b" HTTP/1.1", "too long"),
    ],
)
def test_what_cannot_be_read_is_told_as_any_other_mistake(
    sample_desk: Desk, line: bytes, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        async with served(sample_desk) as desk:
            reader, writer = await asyncio.open_connection("127.0.0.1", desk.client.port)
            writer.write(line + b"\r\nHost: 127.0.0.1\r\n\r\n")
            head, _, body = (await asyncio.wait_for(reader.read(), DEADLINE_SECONDS)).partition(b"\r\n\r\n")
            writer.close()
            assert b" 400 " in head.splitlines()[0]
            assert b"application/json" in head
            assert b"X-Content-Type-Options: nosniff" in head
            assert reason in json.loads(body)["error"]["reason"]

    asyncio.run(run())
    assert [record for record in caplog.records if record.exc_info] == []


def test_an_id_that_was_merged_is_answered_with_the_event_that_took_it_over() -> None:
    early = report("e:1", outlet="E", published="2017-06-18T10:00:00Z")
    desk = Desk()
    desk.take(event_messages(publish([report(), early])))

    async def run() -> None:
        async with served(desk) as it:
            page = await it.get("/api/events/KGZ.deploy.SYR.2017-W25")
            assert (page["requested"], page["summary"]["id"]) == ("KGZ.deploy.SYR.2017-W25", "KGZ.deploy.SYR.2017-W24")
            assert (await it.get("/api/events/KGZ.deploy.SYR.2017-W01", 404))["error"]["field"] == "id"

    asyncio.run(run())


HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\u202eto Syria\u202c \u2066x\u2069 \u200b\ufeff",
    "\x00\x07\x1b[31m\r\n\x7f",
    "\ud83c\udde8 кыргызстан \U0001f1f0\U0001f1ec 吉尔吉斯",
    "\u2028data: {}\u2029\n\nevent: alert\n",
    "' OR 1=1; -- %00 ../../etc/passwd javascript:alert(1)",
    "x" * 1990,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_strangers_wrote_is_passed_on_as_it_is(messages: list[Incoming], text: str) -> None:
    text = text.encode("utf-16", "surrogatepass").decode("utf-16")
    written = publish([report(says=text, outlet=text)])[0]
    first = written.reports[0]
    written = dataclasses.replace(
        written,
        reports=(dataclasses.replace(first, url=text, title=text, before=text, after=text),),
        mover=dataclasses.replace(written.mover, name=text, kind="person", code=text),
    )
    raised = next(decode(one.value, Alert) for one in messages if one.topic == "alerts.v1" and one.value is not None)
    raised = dataclasses.replace(raised, headline=text, watchlists=(text,))
    desk = Desk()
    assert desk.take([*event_messages([written]), *alert_messages([raised])]) == []

    async def run() -> None:
        async with served(desk) as it:
            (row,) = (await it.get("/api/events"))["events"]
            assert row["mover"]["code"] == text
            (shown,) = (await it.get(f"/api/events/{written.id}"))["reports"]
            for name in ("evidence", "outlet_name", "url", "title", "before", "after"):
                assert shown[name] == text
            listed = await it.get("/api/alerts")
            assert (listed["alerts"][0]["headline"], listed["alerts"][0]["watchlists"]) == (text, [text])
            async with it.client.get("/api/alerts/stream?last_event_id=0-0") as answer:
                lines = [await answer.content.readuntil(b"\n") for _ in range(7)]
            assert [line.partition(b":")[0] for line in lines] == [
                b"retry",
                b"\n",
                b"id",
                b"\n",
                b"id",
                b"event",
                b"data",
            ]
            assert json.loads(lines[-1].removeprefix(b"data: "))["headline"] == text

    asyncio.run(run())


def test_answers_are_packed_for_whoever_takes_it(sample_desk: Desk) -> None:
    async def run() -> None:
        async with served(sample_desk) as desk:
            sizes = {}
            for accepted in ("gzip", "br;q=1, GZIP ; q=0.5", "identity", "gzip;q=0", ""):
                options: dict[str, Any] = {"headers": {"Accept-Encoding": accepted}}
                request = desk.client.session.request
                async with request("GET", desk.client.make_url("/api/events"), auto_decompress=False, **options) as a:
                    body, packed = await a.read(), a.headers.get("Content-Encoding")
                    assert a.headers["Vary"] == "Accept-Encoding"
                sizes[accepted] = len(body)
                assert json.loads(gzip.decompress(body) if packed else body)["total"] == 9
            assert sizes["gzip"] == sizes["br;q=1, GZIP ; q=0.5"] < sizes["identity"] / 3
            assert sizes["gzip;q=0"] == sizes["identity"] == sizes[""]

    asyncio.run(run())


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page of which the test knows the files, beside one that is none of its files."""
    folder = tmp_path / "page"
    (folder / "icons").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>The desk</title>")
    (folder / "desk.js").write_text("export const words = 'x'.repeat(1); // " + "x" * 2000)
    (folder / "icons" / "desk.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "notes.py").write_text("secret")
    (tmp_path / "secret.js").write_text("secret")
    monkeypatch.setattr(server, "PAGE", folder)
    return folder


def test_the_page_is_served_and_known_by_its_tag(sample_desk: Desk, page: Path) -> None:
    async def run() -> None:
        async with served(sample_desk) as desk:
            for path in ("/", "/events/KGZ.deploy.SYR.2017-W25"):
                async with desk.client.get(path) as answer:
                    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
                    assert answer.headers["Cache-Control"] == "no-cache"
                    assert "The desk" in await answer.text()
            async with desk.client.get("/static/desk.js") as answer:
                assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
                assert answer.headers["Content-Encoding"] == "gzip"
                assert answer.headers["Content-Security-Policy"] == server.HEADERS["Content-Security-Policy"]
                tag = answer.headers["ETag"]
            async with desk.client.get("/static/desk.js", headers={"If-None-Match": f'"other", W/{tag}'}) as answer:
                assert (answer.status, await answer.read()) == (304, b"")
            (page / "desk.js").write_text("export const words = 'other';")
            async with desk.client.get("/static/desk.js", headers={"If-None-Match": tag}) as answer:
                assert (answer.status, await answer.text()) == (200, "export const words = 'other';")
            async with desk.client.get("/static/icons/desk.svg") as answer:
                assert answer.headers["Content-Type"] == "image/svg+xml"

    asyncio.run(run())


@pytest.mark.parametrize(
    "path",
    [
        "/static/%2e%2e/secret.js", "/static/icons/%2e%2e/%2e%2e/secret.js", "/static/%2e%2e%2fsecret.js", "/static/notes.py",
        "/static//etc/passwd", "/static/%00.js", "/static/icons", "/static/", "/static/nothing.js", "/secret.js",
    ],
)  # fmt: skip
def test_no_other_file_is_served(sample_desk: Desk, page: Path, path: str) -> None:
    async def run() -> None:
        async with served(sample_desk) as desk:
            url = URL(f"{desk.client.make_url('')}".rstrip("/") + path, encoded=True)
            async with desk.client.session.get(url) as answer:
                assert answer.status == 404
                assert "secret" not in await answer.text()

    asyncio.run(run())


def test_a_defect_is_an_answer_too_and_tells_nothing_of_the_inside(
    sample_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("of the inside")

    monkeypatch.setattr(server, "event_query", fails)

    async def run() -> None:
        async with served(sample_desk) as desk, desk.client.get("/api/events") as answer:
            assert answer.status == 500
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "inside" not in await answer.text()

    asyncio.run(run())


# --- health --------------------------------------------------------------------------------------------------------


def test_ready_says_what_is_missing_while_the_list_is_answered(sample_desk: Desk) -> None:
    async def run() -> None:
        async with served(sample_desk) as desk:
            assert (await desk.get("/api/health/ready"))["events"] == 9
            desk.progress = Progress(read=7, of=40, caught_up=False, reason=None)
            told = await desk.get("/api/health/ready", 503)
            assert told == {"status": "catching-up", "read": 7, "of": 40}
            desk.progress = Progress(read=40, of=40, caught_up=True, reason="the broker is away")
            told = await desk.get("/api/health/ready", 503)
            assert told == {"status": "disconnected", "reason": "the broker is away"}
            assert (await desk.get("/api/events"))["total"] == 9
            desk.complaints.append("the feed has ended")
            assert (await desk.get("/api/health/live", 503))["reasons"] == ["the feed has ended"]

    asyncio.run(run())


# --- the description -----------------------------------------------------------------------------------------------


def test_the_description_is_a_valid_openapi_document() -> None:
    validator = pytest.importorskip("openapi_spec_validator", reason="openapi-spec-validator is not installed")
    validator.validate(json.loads(json.dumps(openapi.description())))


def closed() -> dict[str, Any]:
    """All schemas of the description, none with room for a field that it does not name."""
    schemas = json.loads(json.dumps(openapi.description()["components"]["schemas"]))
    for schema in schemas.values():
        schema["additionalProperties"] = False
        schema["required"] = list(schema["properties"])
    return schemas


def fits(answer: Any, schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator({**schema, "components": {"schemas": closed()}}).validate(answer)


def described(path: str, status: int) -> dict[str, Any]:
    operation = openapi.description()["paths"][path]["get"]
    schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]
    assert isinstance(schema, dict)
    return schema


def test_every_answer_is_as_it_is_described(sample_desk: Desk) -> None:
    async def run() -> None:
        async with served(sample_desk) as desk:
            listing = await desk.get("/api/events?limit=500")
            fits(listing, described("/api/events", 200))
            for row in listing["events"]:
                fits(await desk.get(f"/api/events/{row['id']}"), described("/api/events/{id}", 200))
            alerts = await desk.get("/api/alerts")
            assert len(alerts["alerts"]) > 10
            fits(alerts, described("/api/alerts", 200))
            fits(await desk.get("/api/events?x=1", 400), described("/api/events", 400))
            fits(await desk.get("/api/events/x", 404), described("/api/events/{id}", 404))
            fits(await desk.get("/api/alerts/stream?x=1", 400), described("/api/alerts/stream", 400))
            await healthy(desk)

    async def healthy(desk: Served) -> None:
        fits(await desk.get("/api/health/live"), described("/api/health/live", 200))
        fits(await desk.get("/api/health/ready"), described("/api/health/ready", 200))
        for progress in (
            Progress(read=7, of=40, caught_up=False, reason=None),
            Progress(read=40, of=40, caught_up=True, reason="away"),
        ):
            desk.progress = progress
            fits(await desk.get("/api/health/ready", 503), described("/api/health/ready", 503))
        desk.complaints.append("the feed has ended")
        fits(await desk.get("/api/health/live", 503), described("/api/health/live", 503))

    asyncio.run(run())


def test_every_field_and_parameter_is_described() -> None:
    description = openapi.description()
    for name, schema in description["components"]["schemas"].items():
        bare = [field for field, told in schema["properties"].items() if not told.get("description")]
        assert bare == [], name
    for path, methods in description["paths"].items():
        for parameter in methods["get"].get("parameters", ()):
            assert parameter["description"], (path, parameter["name"])


def test_the_record_is_given_whole(sample_desk: Desk) -> None:
    event = sample_desk.event("KAZ.deploy.SYR.2017-W25")
    assert event is not None

    async def run() -> None:
        async with served(sample_desk) as desk:
            page = await desk.get(f"/api/events/{event.id}")
            assert decode(json.dumps(page["record"]).encode(), Event) == event
            assert json.loads(encode(event)) == page["record"]

    asyncio.run(run())
