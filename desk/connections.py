"""How the desk speaks HTTP with whoever connects: what aiohttp would answer, or wait for, otherwise than the API does."""

from __future__ import annotations

import logging
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError, InvalidURLError, LineTooLong

from desk.server import HEADERS, refusal

log = logging.getLogger("muster.desk")

KEEP_ALIVE_SECONDS = 75.0


class Runner(web.AppRunner):
    """Runs the application. A request that cannot be read is answered as any other that is wrong, and whoever closes his
    connection leaves at once, rather than when something is next written to him."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(
            made.request_handler,
            request_factory=made.request_factory,
            handler_cancellation=True,
            access_log=None,
            keepalive_timeout=KEEP_ALIVE_SECONDS,
        )


class _Connection(web.RequestHandler):
    __slots__ = ()

    def handle_error(
        self, request: Any, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        if not isinstance(exc, HttpProcessingError) or request.writer.output_size > 0:
            return super().handle_error(request, status, exc, message)
        log.debug("a request of %s cannot be read: %r", request.remote, exc)
        answer = refusal(400, None, _reason(exc))
        answer.headers.update(HEADERS)
        answer.force_close()
        return answer


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


def _reason(error: HttpProcessingError) -> str:
    if isinstance(error, InvalidURLError):
        return "the address cannot be read: characters that are not of ASCII are written in UTF-8 with percent signs (%C3%A9)"
    if isinstance(error, LineTooLong):
        return "the address or a header is too long"
    return "this is no request of HTTP: a blank in an address, for one, is written as %20"
