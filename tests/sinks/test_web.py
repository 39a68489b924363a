"""Posting to real receivers: what they get, what their answers mean, and where nothing is posted to."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import socket
from typing import Any

import pytest

from sinks.configuration import Sink
from sinks.delivery import Delivered, NotNow, Outcome, Refused
from sinks.transport import transport_of
from streams import records
from streams.records import Alert
from tests.sinks.given import EXAMPLES, hostile_alert, web_sink
from tests.sinks.receivers import Answer, receiver

SECRET = "s3cr3t-of-the-desk"
NOW = 1_700_000_000.0


def sent(sink: Sink, *alerts: Alert, allow_private: bool = True) -> Outcome:
    """The outcome of one attempt."""

    async def send() -> Outcome:
        transport = transport_of(sink, desk="https://desk.example", allow_private=allow_private)
        try:
            return await transport.send(alerts or EXAMPLES[:1], NOW)
        finally:
            await transport.close()

    return asyncio.run(send())


def test_a_webhook_gets_the_record_with_a_key_and_a_signature_that_it_can_check() -> None:
    with receiver() as desk:
        assert sent(web_sink(f"{desk.url}/hook?x=1", secret=SECRET, authorization="Bearer x")) == Delivered()
    (request,) = desk.requests
    assert request.path == "/hook"
    assert records.decode(request.body, Alert) == EXAMPLES[0]
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Authorization"] == "Bearer x"
    assert request.headers["Idempotency-Key"] == EXAMPLES[0].id
    time, _, code = request.headers["Muster-Signature"].partition(",v1=")
    expected = hmac.new(SECRET.encode(), f"{time.removeprefix('t=')}.".encode() + request.body, hashlib.sha256)
    assert hmac.compare_digest(code, expected.hexdigest())
    assert time == f"t={NOW:.0f}"


@pytest.mark.parametrize("format", ["muster", "alertmanager", "slack"])
def test_every_format_is_json_also_of_a_hostile_alert_and_of_a_digest(format: str) -> None:
    with receiver() as desk:
        sink = web_sink(desk.url, format=format)
        assert [sent(sink, hostile_alert()), sent(sink, *EXAMPLES[:2])] == [Delivered(), Delivered()]
    assert all(request.json() for request in desk.requests)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(429, {"Retry-After": "7"}), NotNow("HTTP 429", 7.0)),
        (Answer(503, {"Retry-After": "Tue, 14 Nov 2023 22:14:20 GMT"}, "later\x1b[31m"), NotNow("HTTP 503: later [31m", 60.0)),
        (Answer(500), NotNow("HTTP 500")),
        (Answer(400, text="no\r\nsuch\u202e channel"), Refused("HTTP 400: no such channel")),
        (Answer(410), Refused("HTTP 410")),
        (Answer(200, after=1.0), NotNow("no answer within 0.3 s")),
        (Answer(400, text="x" * 100_000), Refused("HTTP 400: " + "x" * 299 + "…")),
    ],
)  # fmt: skip
def test_an_answer_is_told_in_plain_words(answer: Answer, outcome: Outcome) -> None:
    with receiver(answers=[answer]) as desk:
        assert sent(web_sink(desk.url, timeout_seconds=0.3)) == outcome


def test_a_redirect_is_not_followed() -> None:
    with receiver() as inside, receiver() as desk:
        desk.always = Answer(302, {"Location": f"{inside.url}/latest/meta-data"})
        assert sent(web_sink(desk.url)) == Refused("HTTP 302 (redirects are not followed)")
    assert inside.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "innocent.example", "[::ffff:127.0.0.1]"])
def test_what_stands_for_an_address_inside_gets_nothing(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(name: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with receiver() as inside:
        monkeypatch.setattr(socket, "getaddrinfo", answers)
        outcome = sent(web_sink(inside.url.replace("127.0.0.1", host)), allow_private=False)
    assert isinstance(outcome, Refused)
    assert "is refused as a target" in outcome.reason
    assert inside.requests == []


def test_who_is_not_there_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    outcome = sent(web_sink(f"http://127.0.0.1:{port}/{SECRET}", hidden=(f"/{SECRET}",)))
    assert isinstance(outcome, NotNow)
    assert "cannot connect to" in outcome.reason
    with receiver() as clear:  # speaks no TLS
        outcome = sent(web_sink(clear.url.replace("http:", "https:")))
    assert isinstance(outcome, NotNow)


def test_secrets_are_in_no_outcome_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """Not even where the receiver repeats what it was sent."""
    caplog.set_level(logging.DEBUG)
    with receiver(always=Answer(403, text=f"bad token {SECRET} for /hook/{SECRET}")) as desk:
        url = f"{desk.url}/hook/{SECRET}"
        hidden = (url, f"/hook/{SECRET}", SECRET)
        sink = web_sink(url, secret=SECRET, authorization=f"Bearer {SECRET}", hidden=hidden)
        outcomes = [sent(sink), sent(sink, allow_private=False)]
        desk.always = Answer(200, after=0.5)
        outcomes.append(sent(web_sink(url, secret=SECRET, hidden=hidden, timeout_seconds=0.1)))
    assert outcomes[0] == Refused("HTTP 403: bad token (hidden) for (hidden)")
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp.access")]
    assert SECRET not in repr(outcomes) + repr(logged) + repr(sink.target).replace(repr(sink.target.where), "")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("\u200b" * 330 + f"{SECRET} x", "(hidden)"),
        ("\u200b" * 328 + f"no {SECRET} x", "no (hidden)"),
        (f"no {SECRET[:9]}\u200b{SECRET[9:]}", "no (hidden)"),
        ("\u200b" * 332 + "no é" + "x" * 10, "no"),
        ("x" * 290 + f" {SECRET}", "x" * 290 + " (hidden)"),
    ],
)  # fmt: skip
def test_no_part_of_a_secret_shows_where_an_answer_is_cut(said: str, shown: str) -> None:
    with receiver(always=Answer(400, text=said)) as desk:
        assert sent(web_sink(desk.url, hidden=(SECRET,))) == Refused(f"HTTP 400: {shown}")
