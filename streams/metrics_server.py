"""`/metrics` for Prometheus, `/health/live` and `/health/ready` for whoever runs the worker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from streams.commands.failures import SETTINGS, Failure
from streams.metrics import Metrics


class MetricsServer:
    """Serves the metrics of one process from a thread of its own.

    `live` returns complaints, none while all is well; `ready` whether every stage has its partitions. Port 0 is any
    free one, and so is a port that is taken, with `else_any_port`. Raises `Failure` where the address cannot be had.
    """

    def __init__(
        self,
        metrics: Metrics,
        host: str,
        port: int,
        *,
        live: Callable[[], list[str]],
        ready: Callable[[], bool],
        else_any_port: bool = False,
    ) -> None:
        class Handler(BaseHTTPRequestHandler):
            timeout = 10

            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path == "/metrics":
                    self._answer(200, generate_latest(metrics.registry), CONTENT_TYPE_LATEST)
                elif path == "/health/live":
                    complaints = live()
                    self._answer(503 if complaints else 200, ("\n".join(complaints) or "alive").encode() + b"\n")
                elif path == "/health/ready":
                    is_ready = ready()
                    self._answer(200 if is_ready else 503, b"ready\n" if is_ready else b"not ready\n")
                else:
                    self._answer(404, b"/metrics, /health/live, /health/ready\n")

            def _answer(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """A scrape every few seconds is no news."""

        try:
            try:
                self._server = ThreadingHTTPServer((host, port), Handler)
            except OSError:
                if not else_any_port:
                    raise
                self._server = ThreadingHTTPServer((host, 0), Handler)
        except OSError as error:
            raise Failure(
                f"MUSTER_METRICS_HOST, MUSTER_METRICS_PORT: metrics cannot be served at {host}:{port}: {error}",
                SETTINGS,
            ) from None
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True, name="metrics")

    @property
    def address(self) -> str:
        """The address that was bound, as http://host:port."""
        host, port = self._server.server_address[:2]
        host = host.decode() if isinstance(host, bytes) else host
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
