"""`muster feed` for feeds as a program, on the real broker."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import web

from feeds.listing import listing_of
from feeds.polling import Totals
from feeds.state import State, load
from streams.commands import failures
from streams.commands.feed_polling import Counted
from streams.reading import read_all
from streams.records import RawArticle, decode
from streams.settings import Settings
from tests.feeds import documents
from tests.feeds.serving import Site, serving

CHECKOUT = Path(__file__).resolve().parents[2]


@contextmanager
def site() -> Iterator[Site]:
    """A server in a thread of its own, for programs that are not in our loop."""
    ready, ended = threading.Event(), threading.Event()
    found: list[Site] = []

    async def serve() -> None:
        async with serving() as one:
            found.append(one)
            ready.set()
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(10)
        yield found[0]
    finally:
        ended.set()
        thread.join()


def environment(settings: Settings, home: Path, *, private: bool = True) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    told = settings.to_environment() | {"XDG_STATE_HOME": str(home)}
    return {**kept, **told, "MUSTER_ALLOW_PRIVATE_TARGETS": "true" if private else "false"}


def muster(
    settings: Settings, home: Path, *arguments: str, private: bool = True, code: str | None = None
) -> subprocess.CompletedProcess[str]:
    program = ["-c", code] if code is not None else ["-m", "streams.commands.main"]
    return subprocess.run(
        [sys.executable, *program, "feed", *arguments],
        capture_output=True,
        text=True,
        env=environment(settings, home, private=private),
        cwd=CHECKOUT,
        check=False,
        timeout=60,
    )


def articles(settings: Settings) -> list[RawArticle]:
    return [decode(message.value, RawArticle) for message in read_all(settings, "articles.raw.v1")]


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


LIST = """
[polling]
delay_seconds = 0

[[feed]]
address = "{base}/rss"
outlet = "Isle Post"

[[feed]]
address = "{base}/wire"
outlet = "Wire"

[[feed]]
address = "{base}/broken"
"""

KILLED_BEFORE_THE_STATE_IS_WRITTEN = """
import os, signal
from feeds import state
from streams.commands.main import main

def killed(path, raw):
    os.kill(os.getpid(), signal.SIGKILL)

state.save = killed
main()
"""


@pytest.mark.broker
def test_a_list_is_read_once_and_again_after_a_kill_without_loss(kafka_settings: Settings, tmp_path: Path) -> None:
    with site() as one:
        one.answers |= {
            "/rss": documents.RSS,
            "/a.html": documents.page("Norway stays."),
            "/b.html": documents.page("Fiji sends troops."),
            "/wire": documents.news_message(documents.news_item(version=3)),
            "/broken": "<!DOCTYPE r [<!ENTITY a 'b'>]><r/>",
        }
        feeds, state = tmp_path / "FEEDS.toml", tmp_path / "state.json"
        feeds.write_text(LIST.replace("{base}", one.base), encoding="utf-8")
        call = ("--from", str(feeds), "--state", str(state), "--once")
        killed = muster(kafka_settings, tmp_path, *call, code=KILLED_BEFORE_THE_STATE_IS_WRITTEN)
        assert killed.returncode == -signal.SIGKILL
        first = articles(kafka_settings)
        assert len(first) == 3
        assert not state.exists()

        again = muster(kafka_settings, tmp_path, *call)
        assert again.returncode == failures.BAD_INPUT, again.stderr
        assert again.stdout.startswith("3 articles sent, 3 polls: 0 unchanged, 1 failed; 0 problems")
        assert f"{one.base}/rss: 2 entries, 2 new" in again.stderr
        assert f"{one.base}/broken: it declares entities" in again.stderr
        both = articles(kafka_settings)
        assert len(both) == 6
        assert {(a.id, a.version) for a in both} == {(a.id, a.version) for a in first}, "twice, and one article each"

        third = muster(kafka_settings, tmp_path, *call)
        assert third.stdout.startswith("0 articles sent, 1 poll"), "the others are not due: a ttl, an error"
        assert len(articles(kafka_settings)) == 6
        assert len(load(state)[0].feeds) == 3
        assert "no feed was asked" not in third.stderr

        feeds.write_text(LIST.replace("{base}", one.base).partition(f'\n[[feed]]\naddress = "{one.base}/wire"')[0])
        waiting = muster(kafka_settings, tmp_path, *call)
        assert (waiting.returncode, waiting.stdout.partition(":")[0]) == (0, "0 articles sent, 0 polls")
        assert f"no feed was asked: after what {state} remembers" in waiting.stderr
        assert "--state" in waiting.stderr


@pytest.mark.broker
def test_without_once_it_polls_until_a_signal_and_says_how_far_it_is_on_a_terminal(
    kafka_settings: Settings, tmp_path: Path
) -> None:
    with site() as one:
        one.answers["/rss"] = documents.rss(documents.item(1), documents.item(2, text="See &lt;b&gt;."))
        terminal, theirs = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "streams.commands.main", "feed", f"{one.base}/rss", "--outlet", "Isle Post"],
            stdout=subprocess.PIPE,
            stderr=theirs,
            text=True,
            env=environment(kafka_settings, tmp_path) | {"TERM": "xterm", "COLUMNS": "120"},
            cwd=CHECKOUT,
        ) as process:
            os.close(theirs)
            shown = b""

            def reads() -> None:
                nonlocal shown
                while True:
                    try:
                        shown += os.read(terminal, 65_536)
                    except OSError:
                        return

            reader = threading.Thread(target=reads)
            reader.start()
            try:
                wait_for(lambda: b"2 articles, 0 failures" in shown)
                locked = muster(kafka_settings, tmp_path, f"{one.base}/rss", "--once")
                assert "is in use: another process reads these feeds" in locked.stderr
                process.send_signal(signal.SIGTERM)
                said, _ = process.communicate(timeout=30)
            finally:
                process.kill()
                process.wait()
                reader.join()
                os.close(terminal)
            assert process.returncode == 0
            assert said.startswith("2 articles sent, 1 poll: 0 unchanged, 0 failed")
    assert {article.outlet for article in articles(kafka_settings)} == {"Isle Post"}
    (file,) = (tmp_path / "muster").glob("feeds-*.json")
    assert len(load(file)[0].of(f"{one.base}/rss").seen) == 2


async def silent(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await asyncio.sleep(20)
    return response


@pytest.mark.broker
def test_an_interrupt_ends_a_poll_that_hangs_and_what_the_others_sent_is_kept(
    kafka_settings: Settings, tmp_path: Path
) -> None:
    with site() as one:
        one.answers |= {"/slow/rss": silent, "/rss": documents.rss(documents.item(1))}
        addresses = (f"{one.base}/rss", f"{one.base}/slow/rss")
        with subprocess.Popen(
            [
                sys.executable,
                "-m",
                "streams.commands.main",
                "feed",
                *addresses,
                "--once",
                "--state",
                str(tmp_path / "s"),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(kafka_settings, tmp_path),
            cwd=CHECKOUT,
        ) as process:
            try:
                wait_for(lambda: "/slow/rss" in one.asked)
                process.send_signal(signal.SIGINT)
                said, told = process.communicate(timeout=30)
            finally:
                process.kill()
        assert (process.returncode, "Traceback" in told) == (failures.INTERRUPTED, False)
        assert said.startswith("1 article sent, 1 poll")
        assert len(load(tmp_path / "s")[0].of(addresses[0]).seen) == 1


def test_without_a_broker_it_says_so_before_any_feed_is_asked(tmp_path: Path) -> None:
    with site() as one:
        nowhere = Settings(broker="127.0.0.1:1")
        result = muster(nowhere, tmp_path, f"{one.base}/rss", "--once")
        assert result.returncode == failures.BROKER
        assert "Traceback" not in result.stderr
        assert one.asked == []


@pytest.mark.broker
def test_this_machine_is_refused_as_a_feed_unless_it_is_allowed(kafka_settings: Settings, tmp_path: Path) -> None:
    with site() as one:
        one.answers["/rss"] = documents.RSS
        refused = muster(kafka_settings, tmp_path, f"{one.base}/rss", "--once", private=False)
        assert refused.returncode == failures.BAD_INPUT
        assert "MUSTER_ALLOW_PRIVATE_TARGETS=true allows it" in refused.stderr
        assert one.asked == []
        allowed = muster(kafka_settings, tmp_path, f"{one.base}/rss", "--once")
        assert allowed.stdout.startswith("2 articles sent, 1 poll"), "a refusal of ours asks nobody to wait"


def test_totals_are_served_as_metrics() -> None:
    remembered = State()
    remembered.of("https://isle.example/rss").errors = 2
    remembered.of("https://isle.example/taken-out-of-the-list").errors = 9
    listing = listing_of(("https://isle.example/rss", "https://isle.example/not-asked-yet"), None)
    counted = Counted(listing, remembered, Settings(metrics_port=0), served=True)
    try:
        counted.take(Totals(polls=5, unchanged=1, failed=2, sent=9, problems=3))
        counted.take(Totals(polls=6, unchanged=2, failed=2, sent=9, problems=3))
        values = {
            o: counted.metrics.value("muster_feed_polls_total", outcome=o) for o in ("read", "unchanged", "failed")
        }
        assert values == {"read": 2, "unchanged": 2, "failed": 2}
        assert counted.metrics.value("muster_feed_articles_total") == 9
        assert counted.metrics.value("muster_feed_problems_total") == 3
        assert counted.metrics.value("muster_feeds_failing") == 1
    finally:
        counted.stop()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), failures.USAGE, "give files, addresses of feeds, or --from"),
        (("a.jsonl", "https://isle.example/rss"), failures.USAGE, "one kind a call"),
        (("samples", "--once"), failures.USAGE, "--once and --state are for feeds"),
        (("https://isle.example/rss", "--published", "2017-06-22"), failures.USAGE, "--published is for files"),
        (("--from", "no-such.toml"), failures.SETTINGS, "no-such.toml: No such file"),
        (("https://me:secret@isle.example/rss",), failures.SETTINGS, "an address with a password"),
    ],
)
def test_a_call_that_makes_no_sense_says_so(arguments: tuple[str, ...], code: int, said: str, tmp_path: Path) -> None:
    result = muster(Settings(), tmp_path, *arguments)
    assert result.returncode == code
    assert said in result.stderr
