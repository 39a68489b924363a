"""Posting to webhooks and Alertmanagers."""

from __future__ import annotations

import codecs
import hashlib
import hmac
import logging
import ssl
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from sinks.configuration import Sink, Web
from sinks.delivery import Delivered, NotNow, Outcome, Refused, of_status, without
from sinks.formats import alertmanager, muster, slack
from sinks.transport import key_of
from streams.addresses import public_connector, refusal
from streams.metrics import muster_version
from streams.records import Alert

ANSWER_BYTES = 1_000
"""Of an answer that is no success so much is looked at: it may say why."""

log = logging.getLogger("muster.sink")


class WebTransport:
    """Posts JSON. Follows no redirect, keeps no cookie, and uses no proxy of the environment."""

    def __init__(self, sink: Sink, target: Web, *, desk: str, allow_private: bool) -> None:
        self._sink = sink
        self._target = target
        self._desk = desk
        self._session = aiohttp.ClientSession(
            connector=public_connector(allow_private=allow_private, ssl=tls_context(target.ca_file), limit=2),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=sink.timeout_seconds),
            headers={"User-Agent": f"muster/{muster_version()}"},
            trust_env=False,
        )

    async def send(self, alerts: Sequence[Alert], now: float) -> Outcome:
        body = self._body(alerts, now)
        try:
            async with self._session.post(
                self._target.url, data=body, headers=self._headers(alerts, body, now), allow_redirects=False
            ) as answer:
                if 200 <= answer.status < 300:
                    return Delivered()
                raw = await answer.content.read(ANSWER_BYTES)
                # Half a character at the end of what was read is left away.
                said = codecs.getincrementaldecoder("utf-8")("replace").decode(raw)
                said = without(self._target.hidden, said, is_cut=not answer.content.at_eof())
                return of_status(answer.status, said, answer.headers.get("Retry-After"), now)
        except Exception as error:
            return self._failed(error)

    async def close(self) -> None:
        await self._session.close()

    def _failed(self, error: Exception) -> Outcome:
        """What an error means. aiohttp's own texts may hold the whole address, so that only what they are about is said."""
        refused = refusal(error)
        if refused is not None:
            return Refused(without(self._target.hidden, str(refused)))
        if isinstance(error, TimeoutError):
            return NotNow(f"no answer within {self._sink.timeout_seconds:g} s")
        if isinstance(error, aiohttp.ClientConnectorError):
            why = error.os_error.strerror or type(error.os_error).__name__
            return NotNow(f"cannot connect to {self._target.where}: {without(self._target.hidden, why)}")
        if isinstance(error, aiohttp.ClientError | OSError):
            return NotNow(f"connection to {self._target.where}: {type(error).__name__}")
        log.error("sink %s: %s", self._sink.name, type(error).__name__)
        return NotNow(f"cannot be sent: {type(error).__name__}")

    def _body(self, alerts: Sequence[Alert], now: float) -> bytes:
        if self._sink.kind == "alertmanager":
            return alertmanager.posted(alerts, self._desk, now, self._target.hold_minutes)
        if self._target.format == "slack":
            return slack.body(alerts, self._desk)
        if self._target.format == "alertmanager":
            return alertmanager.webhook(alerts, self._desk, self._sink.name)
        return muster.body(alerts)

    def _headers(self, alerts: Sequence[Alert], body: bytes, now: float) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Idempotency-Key": header(key_of(alerts))}
        if self._target.secret is not None:
            headers["Muster-Signature"] = signature(self._target.secret, body, int(now))
        if self._target.authorization is not None:
            headers["Authorization"] = self._target.authorization
        return headers


def signature(secret: str, body: bytes, now: int) -> str:
    """ "t=1498140000,v1=..." with the HMAC-SHA256 of the time, a dot and the body: who knows the secret can tell that the
    body is ours and that it is not an old one sent again."""
    signed = hmac.new(secret.encode("utf-8"), b"%d." % now + body, hashlib.sha256)
    return f"t={now},v1={signed.hexdigest()}"


def header(text: str) -> str:
    """A text as a header can carry it: an id may hold a place's name in any script."""
    return text.encode("ascii", "backslashreplace").decode("ascii").replace("\r", " ").replace("\n", " ")


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Certificates are always checked, against the system's authorities or those of the file."""
    return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
