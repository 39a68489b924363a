"""A real Alertmanager takes our alerts, and its own webhooks look like ours."""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from sinks.configuration import Sink, Web
from sinks.delivery import Delivered, Refused
from sinks.formats import alertmanager as formats
from tests.sinks import test_web
from tests.sinks.given import EXAMPLES, alert, hostile_alert
from tests.sinks.receivers import Receiver, receiver, until
from tests.sinks.test_web import sent

PROGRAM = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Alertmanager is installed (prometheus-alertmanager)")

ROUTES = """
route: {{receiver: desk, group_by: [alert], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}}
receivers: [{{name: desk, webhook_configs: [{{url: "{url}"}}]}}]
"""


@contextlib.contextmanager
def running(folder: Path, desk: Receiver) -> Iterator[str]:
    """The address of an Alertmanager that posts to `desk`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "routes.yml").write_text(ROUTES.format(url=desk.url))
    assert PROGRAM is not None
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, "--config.file=routes.yml", f"--storage.path={folder / 'data'}", "--cluster.listen-address=",
             f"--web.listen-address=127.0.0.1:{port}"],
            cwd=folder, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}"

    def ready() -> bool:
        assert process.poll() is None, (folder / "log").read_text()
        try:
            with urllib.request.urlopen(f"{url}/-/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    try:
        until(ready, "an Alertmanager that is ready")
        yield url
    finally:
        process.terminate()
        process.wait(10)


def sink(url: str) -> Sink:
    target = Web(url=f"{url}/api/v2/alerts", where=url, format="alertmanager")
    return Sink(name="am", kind="alertmanager", target=target)


def held(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{url}/api/v2/alerts", timeout=5) as answer:
        return {one["labels"]["alert"]: one for one in orjson.loads(answer.read())}


def test_it_holds_our_alerts_and_tells_them_to_its_receivers_as_we_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver() as desk, running(tmp_path, desk) as url:
        monkeypatch.setattr(test_web, "NOW", time.time())
        second = alert("PRT.deploy.CPV.2019-W38.changed.count.300", kind="changed")
        assert sent(sink(url), EXAMPLES[0], second) == Delivered()
        assert sent(sink(url), dataclasses.replace(hostile_alert(), id="hostile")) == Delivered()
        assert sent(sink(url), EXAMPLES[0]) == Delivered()  # told twice, it is the same alert

        found = held(url)
        assert set(found) == {EXAMPLES[0].id, second.id, "hostile"}
        assert found[EXAMPLES[0].id]["labels"] == formats.labels(EXAMPLES[0])
        assert found[EXAMPLES[0].id]["status"]["state"] != "suppressed"

        until(lambda: len(desk.requests) >= 3, "its webhooks")
        theirs = {payload["alerts"][0]["labels"]["alert"]: payload for payload in (r.json() for r in desk.requests)}
        ours = orjson.loads(formats.webhook(EXAMPLES[:1], "https://desk.example", "desk"))
        same = theirs[EXAMPLES[0].id]
        assert set(same) - {"notificationReason"} == set(ours)
        assert set(same["alerts"][0]) == set(ours["alerts"][0])
        assert {k: type(v) for k, v in ours.items()} == {k: type(same[k]) for k in ours}
        for key in ("version", "status", "receiver", "truncatedAlerts"):
            assert same[key] == ours[key]
        for key in ("labels", "annotations", "status"):
            assert same["alerts"][0][key] == ours["alerts"][0][key]


def test_what_it_does_not_take_is_refused(tmp_path: Path) -> None:
    with receiver() as desk, running(tmp_path, desk) as url:
        target = Web(url=f"{url}/api/v9/alerts", where=url, format="alertmanager")
        outcome = sent(Sink(name="am", kind="alertmanager", target=target))
    assert isinstance(outcome, Refused)
