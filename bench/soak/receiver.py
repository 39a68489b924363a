"""A webhook's receiver that can be down."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """Notes the key of every alert that it takes, at one address for as long as the `with` block runs."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self._refusing = False
        self._port = 0
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/alerts"

    def __enter__(self) -> Receiver:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    @contextlib.contextmanager
    def down(self, *, closed: bool) -> Iterator[None]:
        """Nobody listens while the block runs, or who listens answers 503."""
        if closed:
            self._close()
        self._refusing = True
        try:
            yield
        finally:
            self._refusing = False
            if closed:
                self._open()

    def _open(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if not receiver._refusing:
                    receiver.taken.append(self.headers["Idempotency-Key"])
                self.send_response(503 if receiver._refusing else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def _close(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
