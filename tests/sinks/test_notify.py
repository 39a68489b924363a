"""`muster notify`: what it says of its file, its test alert, and the running process with its metrics, health and end."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from streams.child_process import environment_of
from streams.commands import failures
from streams.settings import Settings, variable_of
from tests.commands.test_main import CHECKOUT, run
from tests.sinks.given import alert, written
from tests.sinks.receivers import Answer, receiver, until
from tests.sinks.test_delivered_once import publish

SECRET = "s3cr3t-of-the-desk"


def sinks(folder: Path, url: str, chat: str | None = None) -> dict[str, str]:
    """The settings that name a file with two sinks."""
    (folder / "secret").write_text(SECRET)
    (folder / "address").write_text(f"{url}/{SECRET}")
    path = written(
        folder,
        '[[sink]]\nname = "desk"\nkind = "webhook"\nurl_file = "address"\nsecret_file = "secret"\nfrom = "start"\n'
        f'[[sink]]\nname = "chat"\nkind = "webhook"\nurl = "{chat or url}"\nformat = "slack"\nfrom = "start"\n',
    )
    return {"MUSTER_SINKS": str(path), "MUSTER_ALLOW_PRIVATE_TARGETS": "true"}


def test_check_tells_the_sinks_and_no_secret(tmp_path: Path) -> None:
    result = run("notify", "--check", settings=sinks(tmp_path, "http://127.0.0.1:9"))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "desk: webhook, http://127.0.0.1:9\nchat: webhook, http://127.0.0.1:9\n"


@pytest.mark.parametrize(
    ("arguments", "change", "code", "said"),
    [
        ([], {"MUSTER_SINKS": ""}, failures.SETTINGS, "MUSTER_SINKS: not set"),
        ([], {"MUSTER_SINKS": "/nowhere.toml"}, failures.SETTINGS, "MUSTER_SINKS: no file at '/nowhere.toml'"),
        (["--check"], {"MUSTER_ALLOW_PRIVATE_TARGETS": "no"}, failures.SETTINGS, "line 4: sink 'desk': url_file: 127.0.0.1 is refused"),
        (["--test", "nobody"], {}, failures.USAGE, "no sink 'nobody'; there are: desk, chat"),
        (["--test", "desk"], {}, failures.BAD_INPUT, "muster: sink desk: cannot connect to http://127.0.0.1:9"),
        ([], {}, failures.SETTINGS, "MUSTER_BROKER: not set"),
        (["--check"], {"MUSTER_DESK_URL": "desk"}, failures.SETTINGS, "MUSTER_DESK_URL: 'desk' does not begin with http"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_a_code_of_its_own(
    arguments: list[str], change: dict[str, str], code: int, said: str, tmp_path: Path
) -> None:
    result = run("notify", *arguments, settings={**sinks(tmp_path, "http://127.0.0.1:9"), **change})
    assert (result.returncode, said in result.stderr) == (code, True), result.stderr
    assert SECRET not in result.stderr + result.stdout
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("lists", "code", "said"),
    [
        ("[[watchlist]]\nname = 'Asia'\n", failures.SETTINGS, "line 7: sink 'desk': watchlists: no watchlist is called 'Asias'; the nearest is 'Asia'"),
        ("[[watchlist]]\nname = 'Asias'\n", 0, ""),
        ("[[watchlist]]\nname = 'Asias'\nplaces = ['Nowherestan']\n", failures.SETTINGS, "line 3: watchlist 'Asias': places: no article can name"),
        (None, 0, "not checked: names of watchlists, since MUSTER_WATCHLISTS is not set"),
    ],
)  # fmt: skip
def test_watchlists_of_a_sink_must_exist(lists: str | None, code: int, said: str, tmp_path: Path) -> None:
    settings = sinks(tmp_path, "http://127.0.0.1:9")
    file = Path(settings["MUSTER_SINKS"])
    file.write_text(file.read_text().replace('from = "start"', 'watchlists = ["Asias"]', 1))
    if lists is not None:
        (tmp_path / "lists.toml").write_text(lists)
        settings["MUSTER_WATCHLISTS"] = str(tmp_path / "lists.toml")
    file.write_text(file.read_text().replace('watchlists = ["Asias"]', 'watchlists = [\n"Asias"]'))
    result = run("notify", "--check", settings=settings)
    assert (result.returncode, said in result.stderr) == (code, True), result.stderr


def test_a_test_alert_says_that_it_is_one(tmp_path: Path) -> None:
    with receiver() as desk:
        result = run("notify", "--check", "--test", "desk", settings=sinks(tmp_path, desk.url))
    assert (result.returncode, result.stdout) == (0, f"sink desk: delivered to {desk.url}\n"), result.stderr
    assert desk.requests[0].json()["headline"].startswith("Test of Muster")


def counted(address: str) -> tuple[float, float]:
    """How many alerts the metrics say were delivered, and how many failed."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=10) as answer:
        families = text_string_to_metric_families(answer.read().decode())
    values = [(s.name, s.value) for family in families for s in family.samples if "sink" in s.labels]
    delivered = sum(value for name, value in values if name == "muster_sink_delivered_total")
    return delivered, sum(value for name, value in values if name == "muster_sink_failed_total")


@contextlib.contextmanager
def taken(port: int) -> Iterator[None]:
    """A port of this machine that somebody has, as a worker has the usual one for its metrics."""
    with socket.socket() as somebody:
        with contextlib.suppress(OSError):  # if it is taken already, all the better
            somebody.bind(("127.0.0.1", port))
            somebody.listen()
        yield


@pytest.mark.broker
def test_the_process_delivers_serves_metrics_and_health_and_ends_on_a_signal(
    kafka_settings: Settings, tmp_path: Path
) -> None:
    with receiver() as desk, receiver() as chat, taken(Settings().metrics_port):
        environment = {
            **environment_of(kafka_settings), **sinks(tmp_path, desk.url, chat.url),
            variable_of("log_level"): "debug",
        }  # fmt: skip
        del environment[variable_of("metrics_port")]
        desk.answers = [Answer(403, text=f"who is {SECRET}?")]
        log = tmp_path / "log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "streams.commands.main", "notify"], env=environment, cwd=CHECKOUT, stderr=file
            )
        try:
            publish(kafka_settings, alert("A.new", event="A"), alert("B.new", event="A"))
            until(lambda: len(desk.accepted + chat.accepted) == 3 or process.poll() is not None, "alerts", 60)
            assert process.poll() is None, log.read_text()
            address = log.read_text().partition("metrics at ")[2].partition("/metrics")[0]
            for page in ("live", "ready"):
                with urllib.request.urlopen(f"{address}/health/{page}", timeout=10) as answer:
                    assert answer.status == 200
            until(lambda: counted(address) == (3, 1), "delivered and failed alerts in the metrics")
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0, log.read_text()
        assert "dead letter: alerts.v1" in log.read_text()
        assert "stopped" in log.read_text()
        assert SECRET not in log.read_text().replace(str(tmp_path), "")
