"""The HTTP side of the desk: routes, and what every answer says to a browser."""

from __future__ import annotations

import gzip
import hashlib
import logging
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web

from agents.alert.severity import SEVERITY_MEANINGS
from desk import openapi
from desk import position as positions
from desk.answers import Alive, CatchingUp, Disconnected, Failed, Failing, Fault, Ready
from desk.feed import Progress
from desk.filters import BadParameter, alert_query, event_query, no_parameters
from desk.hosts import answered
from desk.state import Desk, HeldAlert
from desk.story import story
from desk.stream import RETRY_AFTER_SECONDS, ReaderTooSlow, Streams, TooManyStreams

log = logging.getLogger("muster.desk")

PAGE = Path(__file__).parent / "page"
COMPRESS_BYTES = 1024
STATIC_SECONDS = 300
HEADERS: Mapping[str, str] = {
    "Server": "muster",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
NOT_ITS_NAME = "this desk does not go by that name; MUSTER_DESK_NAMES has those that it is answered under"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What the server answers from. `complaints` are reasons why the process is not well, none while it is."""

    desk: Desk
    streams: Streams
    progress: Callable[[], Progress]
    complaints: Callable[[], list[str]]


def create_application(serving: Serving, host: str, names: str = "") -> web.Application:
    """The application, to be served at `host`, and answered under `names` as well (`desk.hosts`)."""
    application = web.Application(middlewares=[_outermost(answered(host, names))], client_max_size=1024)
    api = _Api(serving)
    application.router.add_get("/api/events", api.events)
    application.router.add_get("/api/events/{id}", api.event)
    application.router.add_get("/api/alerts", api.alerts)
    application.router.add_get("/api/alerts/stream", api.stream)
    application.router.add_get("/api/health/live", api.live)
    application.router.add_get("/api/health/ready", api.ready)
    application.router.add_get("/api/openapi.json", api.description)
    application.router.add_get("/", _index)
    application.router.add_get("/events/{id}", _index)
    application.router.add_get("/static/{path:.+}", _static)

    async def close(_: web.Application) -> None:
        serving.streams.close()

    application.on_shutdown.append(close)
    return application


def _outermost(is_answered: Callable[[str], bool]) -> Any:
    """What holds for every answer, errors among them."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if not is_answered(request.headers.get("Host", "")):
                answer: web.StreamResponse = refusal(421, "host", NOT_ITS_NAME)
            else:
                answer = await handler(request)
        except BadParameter as error:
            answer = refusal(400, error.field, error.reason)
        except web.HTTPException as error:
            answer = refusal(error.status, None, error.reason)
            if "Allow" in error.headers:
                answer.headers["Allow"] = error.headers["Allow"]
        except Exception:
            log.exception("%s cannot be answered", request.rel_url)
            answer = refusal(500, None, "a defect of the desk; its log says more")
        if not answer.prepared:
            answer.headers.update(HEADERS)
        return answer

    return middleware


class _Api:
    """The routes below /api."""

    def __init__(self, serving: Serving) -> None:
        self._desk = serving.desk
        self._serving = serving

    async def events(self, request: web.Request) -> web.StreamResponse:
        found = self._desk.list_events(event_query(request.query.items()))
        rows = [orjson.Fragment(self._desk.encoded(row)) for row in found.events]
        return _json(request, _fields(found) | {"events": rows})

    async def event(self, request: web.Request) -> web.StreamResponse:
        no_parameters(request.query.items())
        requested = request.match_info["id"]
        event = self._desk.event(requested)
        row = self._desk.row(event.id) if event is not None else None
        if event is None or row is None:
            return refusal(404, "id", f"no event {requested[:200]!r}")
        alerts = self._desk.alerts_of(event)
        told = story(
            event,
            requested=requested,
            summary=row,
            related=self._desk.related(event),
            alerts={alert.id for alert in alerts},
        )
        return _json(request, _fields(told) | {"alerts": _encoded(alerts)})

    async def alerts(self, request: web.Request) -> web.StreamResponse:
        found, following = self._desk.list_alerts(alert_query(request.query.items()))
        return _json(
            request,
            {
                "alerts": _encoded(found),
                "next": following,
                "watchlists": self._desk.watchlists(),
                "severities": SEVERITY_MEANINGS,
                "stream_id": positions.to_text(self._desk.position),
            },
        )

    async def stream(self, request: web.Request) -> web.StreamResponse:
        since = _since(request)
        answer = web.StreamResponse(
            headers={
                **HEADERS,
                "Content-Type": "text/event-stream; charset=utf-8",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",
            }
        )
        if request.method == "HEAD":
            return answer
        try:
            with self._serving.streams.reader() as wakes:
                await answer.prepare(request)
                await self._serving.streams.serve(wakes, answer.write, since)
        except TooManyStreams:
            refused = refusal(503, None, "as many streams as MUSTER_DESK_STREAMS allows are open")
            refused.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return refused
        except ReaderTooSlow:
            if request.transport is not None:
                request.transport.abort()  # what waits for him is dropped as well
        except ConnectionError:
            pass  # he has gone
        return answer

    async def live(self, request: web.Request) -> web.StreamResponse:
        complaints = self._serving.complaints()
        if complaints:
            return _json(request, Failing(reasons=tuple(complaints)), status=503)
        return _json(request, Alive())

    async def ready(self, request: web.Request) -> web.StreamResponse:
        progress = self._serving.progress()
        if progress.reason is not None:
            return _json(request, Disconnected(reason=progress.reason), status=503)
        if not progress.caught_up:
            return _json(request, CatchingUp(read=progress.read, of=progress.of), status=503)
        desk = self._desk
        return _json(request, Ready(events=desk.events, alerts=desk.alerts, unreadable=desk.unreadable))

    async def description(self, request: web.Request) -> web.StreamResponse:
        return _json(request, openapi.description())


def _since(request: web.Request) -> dict[int, int] | None:
    """The position from which a reader wants to go on; None for now. The header is a browser's own, and newer."""
    for name, value in request.query.items():
        if name != "last_event_id":
            raise BadParameter(name[:200], "no such parameter; there are: last_event_id")
        if len(request.query) > 1:
            raise BadParameter(name, "given more than once")
        with suppress(ValueError):
            positions.from_text(value)
            continue
        raise BadParameter(name, f"{value[:60]!r} is not an id that this stream gave")
    text = request.headers.get("Last-Event-ID", request.query.get("last_event_id", ""))
    try:
        return positions.from_text(text) if text else None
    except ValueError as error:
        raise BadParameter("Last-Event-ID", str(error)) from None


# --- answers -------------------------------------------------------------------------------------------------------


def _fields(answer: Any) -> dict[str, Any]:
    """The fields of a dataclass, one level deep: orjson does the rest."""
    return {field.name: getattr(answer, field.name) for field in fields(answer)}


def _encoded(alerts: list[HeldAlert]) -> list[orjson.Fragment]:
    return [orjson.Fragment(alert.encoded) for alert in alerts]


def _json(request: web.Request, value: Any, status: int = 200) -> web.Response:
    body = orjson.dumps(value)
    answer = web.Response(status=status, body=body, content_type="application/json", charset="utf-8")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Accept-Encoding"
    if len(body) > COMPRESS_BYTES and _takes_gzip(request):
        answer.body = gzip.compress(body, compresslevel=1, mtime=0)
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def refusal(status: int, field: str | None, reason: str) -> web.Response:
    """What is answered to a request that is not served: the parameter or header, where it is one, and why."""
    answer = web.Response(
        status=status,
        body=orjson.dumps(Failed(error=Fault(field=field, reason=reason))),
        content_type="application/json",
        charset="utf-8",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _takes_gzip(request: web.Request) -> bool:
    """Whether the reader takes gzip: named, and not with a weight of nothing."""
    for part in request.headers.get("Accept-Encoding", "").split(","):
        name, _, weight = part.partition(";")
        if name.strip().casefold() == "gzip":
            return weight.replace(" ", "").casefold() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


# --- the page ------------------------------------------------------------------------------------------------------


async def _index(request: web.Request) -> web.StreamResponse:
    return _file(request, PAGE / "index.html")


async def _static(request: web.Request) -> web.StreamResponse:
    try:
        wanted = (PAGE / request.match_info["path"]).resolve()
    except (ValueError, OSError):
        raise web.HTTPNotFound from None  # a name that no file can have
    if not wanted.is_relative_to(PAGE.resolve()) or wanted.suffix not in TYPES:
        raise web.HTTPNotFound
    return _file(request, wanted)


def _file(request: web.Request, path: Path) -> web.Response:
    try:
        state = path.stat()
        tag, body, packed = _content(path, state.st_mtime_ns, state.st_size)
    except OSError:
        raise web.HTTPNotFound from None
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers = {
        "Content-Type": kind,
        # An index names files that change with it: it is asked for anew each time, and mostly answered by its tag.
        "Cache-Control": "no-cache" if path.suffix == ".html" else f"max-age={STATIC_SECONDS}",
        "ETag": tag,
        "Vary": "Accept-Encoding",
    }
    if tag in [told.strip().removeprefix("W/") for told in request.headers.get("If-None-Match", "").split(",")]:
        return web.Response(status=304, headers=headers)
    if packed is not None and _takes_gzip(request):
        return web.Response(body=packed, headers=headers | {"Content-Encoding": "gzip"})
    return web.Response(body=body, headers=headers)


@lru_cache(maxsize=256)
def _content(path: Path, changed: int, size: int) -> tuple[str, bytes, bytes | None]:
    """Tag, bytes, and where they are worth it the bytes packed, of a file as it is at that moment."""
    del changed, size  # part of the key: the file is read again when it is another
    body = path.read_bytes()
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    worth = len(body) > COMPRESS_BYTES and path.suffix != ".woff2"
    return tag, body, gzip.compress(body, mtime=0) if worth else None
