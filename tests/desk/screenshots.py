"""Pictures of the desk for the README, from the samples: `python -m tests.desk.screenshots [FOLDER]`.

The clock of the page stands still, so that the same page gives the same picture; its letters are those of the machine (Inter and
Charis SIL where they are installed).
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from desk.state import ALERTS
from tests.desk.browsing import browser
from tests.desk.conftest import sample_messages
from tests.desk.served import ServedDesk

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
NOW = "2017-06-24T11:32:00Z"
WIDE = {"width": 1440, "height": 900}
TALL = {"width": 1440, "height": 1320}
PHONE = {"width": 390, "height": 844}
KAZAKHSTAN = "KAZ.deploy.SYR.2017-W25"
MOST_BYTES = 250_000


def _event(page: Any) -> None:
    page.locator(f'.row[data-id="{KAZAKHSTAN}"] a').click()
    page.locator(".timeline svg").wait_for()


def _map(page: Any) -> None:
    page.locator("#tabs [data-tab=map]").click()


def _list(page: Any) -> None:
    page.locator(".row").first.wait_for()


PICTURES: list[tuple[str, dict[str, int], str, Callable[[Any], None]]] = [
    ("desk-list", WIDE, "light", _list),
    ("desk-list-dark", WIDE, "dark", _list),
    ("desk-event", TALL, "light", _event),
    ("desk-event-dark", TALL, "dark", _event),
    ("desk-phone-list", PHONE, "light", _list),
    ("desk-phone-event", PHONE, "light", _event),
    ("desk-phone-map", PHONE, "dark", _map),
]
"""Name, size, theme, and what is done before it is taken."""


def main() -> None:
    """Take all pictures. Alerts come while one looks, as they do in life."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    messages = sample_messages()
    late = [message for message in messages if message.topic == ALERTS][-3:]
    with browser() as opened:
        for name, viewport, theme, prepare in PICTURES:
            served = ServedDesk([message for message in messages if message not in late])
            context = opened.new_context(viewport=viewport, color_scheme=theme, reduced_motion="reduce", locale="en-GB")
            page = context.new_page()
            page.clock.set_fixed_time(NOW)
            page.goto(served.address)
            page.locator("#live[data-state=live]").wait_for()
            served.take(late)
            page.locator("#alerts .unseen-alert").nth(1).wait_for(state="attached")
            prepare(page)
            page.wait_for_timeout(600)  # the list is fetched anew half a second after a change
            target = folder / f"{name}.png"
            picture = Image.open(io.BytesIO(page.screenshot()))
            picture.quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)
            context.close()
            served.close()
            size = target.stat().st_size
            print(f"{target}: {size // 1000} kB")
            if size > MOST_BYTES:
                raise SystemExit(f"{target} is larger than {MOST_BYTES} bytes")


if __name__ == "__main__":
    main()
