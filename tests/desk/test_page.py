"""The page of the desk in a real browser: what a duty editor sees, and what he does with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="needs playwright")

from playwright.sync_api import Browser, Page, expect

from agents.alert.severity import SEVERITY_MEANINGS
from desk.feed import Progress
from desk.state import ALERTS, EVENTS, Incoming
from desk.world.build import project
from streams import records
from streams.records import Alert, Event
from tests.desk.browsing import browser, chromium
from tests.desk.conftest import event_messages
from tests.desk.served import ServedDesk
from tests.news import KALIN, KYRGYZ_MINISTRY, publish, report, revision

pytestmark = pytest.mark.skipif(chromium() is None, reason="needs a chromium")

KAZAKHSTAN = "KAZ.deploy.SYR.2017-W25"
NORWAY = "NOR.deploy.MLI.2017-W25"
ENTRIES = 15
"""Entries of alerts that the samples make: of sixteen alerts two are of one report, in the same words."""
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}
WAIT_MS = 8000

expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def samples(messages: list[Incoming]) -> Iterator[ServedDesk]:
    """A desk with all samples, which no test changes."""
    served = ServedDesk(messages)
    yield served
    served.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., ServedDesk]]:
    """Desks of a test's own."""
    opened: list[ServedDesk] = []

    def open_one(messages: list[Incoming]) -> ServedDesk:
        opened.append(ServedDesk(messages))
        return opened[-1]

    yield open_one
    for served in opened:
        served.close()


@pytest.fixture(scope="module")
def contexts(chrome: Browser) -> Iterator[Callable[..., Any]]:
    """Contexts by how they look, shared: what one page has loaded the next one need not load."""
    opened: dict[tuple[int, str], Any] = {}

    def context(viewport: dict[str, int], theme: str) -> Any:
        look = viewport["width"] * 10_000 + viewport["height"], theme
        if look not in opened:
            opened[look] = chrome.new_context(viewport=viewport, color_scheme=theme, reduced_motion="reduce")
        return opened[look]

    yield context
    for context_ in opened.values():
        context_.close()


@pytest.fixture
def visit(contexts: Callable[..., Any]) -> Iterator[Callable[..., Page]]:
    """Pages of a test's own. None may raise an error, nor break the rules that the server sets for scripts and styles."""
    pages: list[Page] = []
    troubles: list[str] = []

    def open_one(address: str, *, viewport: dict[str, int] = WIDE, theme: str = "light") -> Page:
        page: Page = contexts(viewport, theme).new_page()
        pages.append(page)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text) if "Content Security Policy" in line.text else None)
        page.goto(address)
        return page

    yield open_one
    for page in pages:
        page.evaluate("localStorage.clear()")
        page.close()
    assert troubles == []


def row(page: Page, event: str) -> Any:
    return page.locator(f'.row[data-id="{event}"]')


def of(messages: list[Incoming], topic: str) -> list[Incoming]:
    return [message for message in messages if message.topic == topic]


def is_of(message: Incoming, event: str, kind: str) -> bool:
    alert = records.decode(message.value or b"", Alert)
    return alert.event == event and alert.kind == kind


# --- what is told --------------------------------------------------------------------------------------------------


def test_a_row_says_who_where_who_says_so_on_how_many_sources_and_who_denies_it(
    samples: ServedDesk, visit: Callable[..., Page]
) -> None:
    page = visit(samples.address)
    kazakhstan = row(page, KAZAKHSTAN)
    expect(page.locator("#count")).to_have_text("9 events")
    expect(kazakhstan.locator("h3")).to_have_text("Kazakhstan would send troops to Syria: asked by Russia")
    expect(kazakhstan.locator(".said")).to_have_text(
        "Ibrahim Kalin and Vladimir Shamanov say; a European diplomat says"
    )
    expect(kazakhstan.locator(".number")).to_have_text("2")
    expect(kazakhstan.locator(".dots circle")).to_have_count(2)
    expect(kazakhstan.locator(".outlets")).to_have_text("6 outlets")
    expect(kazakhstan.locator(".denied")).to_have_text("denied by Kairat Abdrakhmanov")
    expect(kazakhstan.locator(".scale")).to_contain_text("talked of")
    expect(row(page, NORWAY).locator(".scale rect.on")).to_have_count(4)
    expect(row(page, NORWAY).locator(".scale > span")).to_have_text(["under way", "has happened"])
    # A filter is called what a row is called.
    expect(page.locator('#facets li:has([data-value="occurred"]) .facet-name')).to_have_text("under way has happened")
    expect(row(page, "SVN.deploy.NER.2017-W25").locator(".scale")).to_contain_text("taken back")


def test_an_event_shows_its_sources_why_they_are_one_its_denials_and_its_sentences(
    samples: ServedDesk, visit: Callable[..., Page]
) -> None:
    page = visit(samples.address)
    row(page, KAZAKHSTAN).locator("a").click()
    expect(page).to_have_url(f"{samples.address}/events/{KAZAKHSTAN}")
    expect(page.locator("#event h1")).to_have_text("Kazakhstan would send troops to Syria: asked by Russia")
    facts = page.locator(".facts")
    expect(facts).to_contain_text("Ibrahim Kalin (Turkey) and Vladimir Shamanov (Russia) say; a European diplomat says")
    expect(facts.locator(".denied")).to_have_text("Kairat Abdrakhmanov (Kazakhstan)")
    sources = page.get_by_role("tree", name="Independent sources")
    expect(sources.locator(".source")).to_have_count(2)
    expect(sources.locator('[aria-level="2"] > .tree-line')).to_have_text(
        [
            "first published by Transcaspian Daily 2 reports", "some of them credit AP, The Daily Sabah, Hurriyet, RIA Novosti",
            "published by The Meridian Post", "credits altyn-press",
        ]
    )  # fmt: skip
    expect(sources.locator('[aria-level="3"]').first).to_have_text("then by Bosphorus Courier 2 reports")
    refusing = sources.locator(".speakers li").filter(has_text="Kairat Abdrakhmanov")
    expect(refusing.locator(".against")).to_have_text("refuses")
    expect(refusing.locator(".mark-refusal")).to_have_count(1)
    expect(sources.locator(".why").first).to_contain_text("same text")
    expect(page.get_by_role("tree", name="What does not count")).to_contain_text("Denials")
    expect(page.locator(".timeline .mark-denial")).to_have_count(1)
    expect(page.locator(".changes")).to_contain_text("Second source")
    assert not re.search(r"^(false|true|null|undefined|NaN)$", page.locator("#event").inner_text(), re.MULTILINE)
    evidence = page.locator(".report.kind-denial mark").first
    expect(evidence).to_contain_text("Kazakh foreign minister denies talks on sending troops to Syria")
    page.go_back()
    expect(row(page, KAZAKHSTAN)).to_be_visible()
    expect(row(page, KAZAKHSTAN).locator("a")).to_be_focused()


def test_the_line_of_the_status_ends_where_all_was_taken_back(
    serve: Callable[..., ServedDesk], visit: Callable[..., Page]
) -> None:
    """The event keeps its status, and the line does not go on with it."""
    later = report("b:1", outlet="B", stance="denies", speaker=KYRGYZ_MINISTRY, published="2017-06-29T10:00:00Z")
    taken_back = revision("rferl:syria-request", withdrawn=True, published="2017-06-25T09:00:00Z")
    served = serve(event_messages(publish([report(), taken_back, later])))
    page = visit(f"{served.address}/events/KGZ.deploy.SYR.2017-W25")
    expect(page.locator(".timeline svg .mark-denial")).to_have_count(1)
    expect(page.locator(".facts dd", has_text="Vladimir Shamanov")).to_contain_text("says, as was reported")
    ends = page.evaluate(
        """() => {
          const right = (node) => node.getBoundingClientRect().right;
          return [".step", ".mark-withdrawal", ".mark-denial"].map((name) => right(document.querySelector(`.timeline svg ${name}`)));
        }"""
    )
    line, withdrawal, denial = ends
    assert abs(line - withdrawal) < 12
    assert denial > withdrawal + 50


def test_who_refuses_it_stands_beside_those_who_deny_it(
    serve: Callable[..., ServedDesk], visit: Callable[..., Page]
) -> None:
    at = "2017-06-2{}T09:00:00Z".format
    told = publish(
        [
            report(),
            report("b:1", outlet="B", status="opposed", agents=("SYR",), speaker=KALIN, published=at(3)),
            report("c:1", outlet="C", stance="denies", speaker=KYRGYZ_MINISTRY, published=at(4)),
            report("d:1", outlet="D", status="decided", agents=(), published=at(5)),
        ]
    )
    page = visit(serve(event_messages(told)).address)
    expect(page.locator(".said")).to_have_text("Vladimir Shamanov says; B reports")
    expect(page.locator(".row .number")).to_have_text("2")
    expect(page.locator(".row .outlets")).to_have_text("3 outlets")  # not the one that only denies it
    against = ["denied by a spokesman of the Kyrgyz Foreign Ministry", "opposed by Syria"]
    expect(page.locator(".row .denied")).to_have_text(against)
    page.locator(".row h3 a").click()
    against[0] += " (Kyrgyzstan)"
    expect(page.locator(".facts .denied")).to_have_text(against)
    expect(page.locator(".speakers .against")).to_have_text(["says it is opposed", "denies"])


def test_an_address_of_an_event_opens_it_and_an_unknown_one_says_so(
    samples: ServedDesk, visit: Callable[..., Page]
) -> None:
    page = visit(f"{samples.address}/events/{NORWAY}")
    expect(page.locator("#event h1")).to_have_text("Norway has sent the first of 300 troops to Mali")
    page.locator("#back").click()
    expect(row(page, NORWAY)).to_be_visible()
    page.goto(f"{samples.address}/events/ATL.deploy.XXX.2017-W01")
    expect(page.locator("#event h1")).to_have_text("No such event")


# --- filters -------------------------------------------------------------------------------------------------------


def test_filters_stand_in_the_address_and_come_off_one_by_one(samples: ServedDesk, visit: Callable[..., Page]) -> None:
    page = visit(samples.address)
    expect(page.locator("#count")).to_have_text("9 events")
    page.get_by_role("checkbox", name="Syria").check()
    expect(page.locator("#count")).to_have_text("7 events match")
    page.locator("#facets").get_by_text("Denied by a party").locator("..").get_by_label("yes").check()
    expect(page.locator("#count")).to_have_text("1 event matches")
    expect(page).to_have_url(f"{samples.address}/?place=SYR&contested=true")
    page.go_back()
    expect(page.locator("#count")).to_have_text("7 events match")
    page.go_forward()
    expect(page.locator("#count")).to_have_text("1 event matches")
    page.get_by_role("button", name="Drop filter Destination: Syria").click()
    expect(page).to_have_url(f"{samples.address}/?contested=true")
    page.reload()
    expect(page.locator(".chip")).to_have_text(["Denied yes×"])
    expect(page.locator(".row")).to_have_count(1)


def test_a_date_is_written_as_year_month_day_and_a_wrong_one_is_told(
    samples: ServedDesk, visit: Callable[..., Page]
) -> None:
    page = visit(samples.address)
    expect(page.locator("#count")).to_have_text("9 events")
    since = page.get_by_label("from", exact=True)
    since.fill("2017-06-31")
    since.press("Enter")
    expect(page.locator(".date-wrong").first).to_have_text("2017-06-31 is not a date: year-month-day, as in 2017-06-22")
    expect(page).to_have_url(f"{samples.address}/")
    since.fill("2017-06-24")
    since.press("Enter")
    expect(page.locator("#count")).to_have_text("1 event matches")
    expect(page.locator(".date-wrong").first).to_be_empty()
    expect(page).to_have_url(f"{samples.address}/?since=2017-06-24")
    page.go_back()
    page.keyboard.press("Tab")
    expect(since).to_have_value("")


def test_what_is_written_filters_as_it_is_written(samples: ServedDesk, visit: Callable[..., Page]) -> None:
    page = visit(samples.address)
    page.keyboard.press("/")
    page.keyboard.type("Haugland")
    expect(page.locator(".row")).to_have_count(1)
    expect(page).to_have_url(f"{samples.address}/?q=Haugland")
    expect(page.locator("#search")).to_be_focused()


def test_where_nothing_matches_the_page_says_which_filter_to_drop(
    samples: ServedDesk, visit: Callable[..., Page]
) -> None:
    page = visit(f"{samples.address}/?mover=NOR&status=requested")
    state = page.locator("#list-state")
    expect(state).to_contain_text("No event matches")
    expect(state.locator("li").filter(has_text="Force Norway")).to_contain_text("leaves 2 events")
    state.get_by_role("button", name="Status talked of, requested").click()
    expect(page.locator(".row")).to_have_count(1)


@pytest.mark.parametrize("part", ["sources=abc", "minimum_independent=many"])
def test_what_is_not_understood_of_an_address_is_left_out_and_told(
    samples: ServedDesk, visit: Callable[..., Page], part: str
) -> None:
    page = visit(f"{samples.address}/?mover=NOR&{part}")
    expect(page.locator("#left-out")).to_have_text(f"{part} is not understood and left out")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".chip")).to_have_count(1)
    page.locator(".chip").click()
    expect(page.locator("#left-out")).to_be_hidden()


def test_the_button_of_the_filters_says_what_it_does(samples: ServedDesk, visit: Callable[..., Page]) -> None:
    page = visit(samples.address)
    button = page.locator("#filters-button")
    for words, shown in (("Hide filters", "true"), ("Filters", "false"), ("Hide filters", "true")):
        expect(button).to_have_text(words)
        expect(button).to_have_attribute("aria-expanded", shown)
        button.click()


def test_a_place_of_the_map_filters_by_mouse_and_by_keyboard(samples: ServedDesk, visit: Callable[..., Page]) -> None:
    page = visit(samples.address)
    expect(page.locator('.spot[data-key="place SYR"]')).to_have_attribute(
        "aria-label", re.compile("Syria: 7 events, 1 denied, forces of ")
    )
    page.locator('.spot[data-key="place MLI"]').click()
    expect(page).to_have_url(f"{samples.address}/?place=MLI")
    page.go_back()
    expect(page.locator(".row")).to_have_count(9)
    page.keyboard.press("m")
    expect(page.locator("#map-caption")).to_contain_text("event")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(1)
    chosen = page.locator(".spot.on")
    expect(chosen).to_have_count(1)
    expect(chosen).to_be_focused()


def test_no_mark_of_the_map_is_covered_and_each_that_has_room_has_its_name(
    samples: ServedDesk, visit: Callable[..., Page]
) -> None:
    page = visit(samples.address)
    expect(page.locator('.spot[data-key="mover KGZ"]')).to_have_count(1)
    covered, overlapping, named = page.evaluate(
        """() => {
          const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
          const boxes = (selector) => [...document.querySelectorAll(selector)].map((node) => node.getBoundingClientRect());
          const circles = boxes(".spot-place circle").map((box) => ({ at: middle(box), r: box.width / 2 }));
          const covered = boxes(".spot-mover rect").filter((box) =>
            circles.some(({ at, r }) => Math.hypot(middle(box)[0] - at[0], middle(box)[1] - at[1]) < r));
          const words = boxes(".map-label");
          const over = words.filter((one, index) => words.slice(index + 1).some((other) =>
            one.left < other.right - 2 && other.left < one.right - 2 && one.top < other.bottom - 4 && other.top < one.bottom - 4));
          return [covered.length, over.length, [...document.querySelectorAll(".map-label")].map((node) => node.textContent)];
        }"""
    )
    assert (covered, overlapping) == (0, 0)
    assert {"Syria", "Turkey", "Kyrgyzstan", "Kazakhstan"} <= set(named)


def test_the_page_puts_a_town_where_the_outlines_have_it(samples: ServedDesk, visit: Callable[..., Page]) -> None:
    towns = [(36.63, 35.93), (-24.98, 16.89), (-179.0, -50.0), (150.0, 80.0)]
    page = visit(f"{samples.address}/static/icon.svg")
    shown = page.evaluate(
        """async (towns) => {
          const { project } = await import("/static/projection.js");
          const world = await (await fetch("/static/world.json")).json();
          return towns.map(([longitude, latitude]) => project(world, longitude, latitude));
        }""",
        towns,
    )
    assert [pytest.approx(list(project(longitude, latitude))) for longitude, latitude in towns] == shown


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        ("2017-06-22T14:20:00.000Z", ""),
        ("2017-06-22T15:02:00.000Z", "15:02"),
        ("2017-06-23T00:10:00.000Z", "23 Jun 00:10"),
        ("2018-06-22T13:40:00.000Z", "22 Jun 2018 13:40"),
    ],
)
def test_the_time_an_alert_was_raised_is_told_where_it_is_another(
    samples: ServedDesk, visit: Callable[..., Page], raised: str, told: str
) -> None:
    page = visit(f"{samples.address}/static/icon.svg")
    words = page.evaluate(
        """async ([raised, at]) => (await import("/static/time.js")).raisedApart(raised, at)""",
        [raised, "2017-06-22T13:40:00Z"],
    )
    assert words == told


# --- what comes ----------------------------------------------------------------------------------------------------


def test_an_alert_comes_by_itself_and_opens_its_event(
    messages: list[Incoming], serve: Callable[..., ServedDesk], visit: Callable[..., Page]
) -> None:
    denial = next(message for message in of(messages, ALERTS) if is_of(message, KAZAKHSTAN, "contested"))
    served = serve([message for message in messages if message is not denial])
    page = visit(served.address)
    expect(page.locator("#live")).to_contain_text("Live")
    expect(page.locator(".alert")).to_have_count(ENTRIES - 1)
    served.take([denial])
    first = page.locator(".alert").first
    expect(first).to_contain_text("Denied")
    expect(first.locator(".alert-foot")).to_contain_text("raised ")
    expect(first.locator("time")).to_have_attribute("title", re.compile("^published 23 Jun 2017 05:45, raised "))
    expect(page.locator("#spoken")).to_contain_text("Kazakhstan would send troops to Syria")
    expect(page).to_have_title("(1) Muster desk")
    first.locator("a").click()
    expect(page.locator("#event h1")).to_contain_text("Kazakhstan")
    expect(page.locator("#unseen-count")).to_be_empty()
    page.keyboard.press("Escape")
    expect(row(page, KAZAKHSTAN).locator("a")).to_be_focused()


def test_new_alerts_wait_while_the_reader_is_further_down(
    messages: list[Incoming], serve: Callable[..., ServedDesk], visit: Callable[..., Page]
) -> None:
    alerts = of(messages, ALERTS)
    served = serve([message for message in messages if message not in alerts[-3:]])
    page = visit(served.address, viewport={"width": 1440, "height": 560})
    expect(page.locator(".alert")).to_have_count(ENTRIES - 2)
    expect(page.locator("#live")).to_contain_text("Live")
    page.locator("#alerts-scroll").evaluate("pane => { pane.scrollTop = 300; }")
    served.take(alerts[-3:])
    pill = page.get_by_role("button", name="2 new", exact=True)
    expect(pill).to_be_visible()
    assert page.locator("#alerts-scroll").evaluate("pane => pane.scrollTop") == 300
    expect(page.locator(".alert")).to_have_count(ENTRIES - 2)
    pill.click()
    expect(page.locator(".alert")).to_have_count(ENTRIES)
    expect(page.locator(".unseen-alert")).to_have_count(2)
    page.get_by_role("button", name="Mark all as seen").click()
    expect(page.locator(".unseen-alert")).to_have_count(0)
    page.reload()
    expect(page.locator(".alert")).to_have_count(ENTRIES)
    expect(page.locator(".unseen-alert")).to_have_count(0)


def test_a_list_that_is_being_read_does_not_move_and_says_that_it_is_old(
    messages: list[Incoming], serve: Callable[..., ServedDesk], visit: Callable[..., Page]
) -> None:
    norway = [message for message in of(messages, EVENTS) if records.decode(message.value or b"", Event).id == NORWAY]
    served = serve([message for message in messages if message not in norway])
    page = visit(served.address)
    expect(page.locator("#live")).to_contain_text("Live")
    expect(page.locator(".row")).to_have_count(8)
    page.keyboard.press("j")
    served.take(norway)
    pill = page.locator("#list-pill")
    expect(pill).to_contain_text("changed: show")
    expect(page.locator(".row")).to_have_count(8)
    pill.click()
    expect(page.locator(".row")).to_have_count(9)


def test_a_lost_connection_is_told_and_taken_up_where_it_broke(
    messages: list[Incoming], serve: Callable[..., ServedDesk], visit: Callable[..., Page]
) -> None:
    alerts = of(messages, ALERTS)
    served = serve([message for message in messages if message is not alerts[-1]])
    page = visit(served.address)
    expect(page.locator("#live")).to_contain_text("Live")
    expect(page.locator(".alert-kind").first).to_have_text("Second source")
    served.stop()
    expect(page.locator("#live")).to_contain_text(re.compile(r"Disconnected, last heard \d\d:\d\d UTC, trying again"))
    expect(page.locator(".row")).to_have_count(9)
    served.take([alerts[-1]])
    served.start()
    expect(page.locator("#live")).to_contain_text("Live", timeout=15_000)
    expect(page.locator(".alert-kind").first).to_have_text("Second source, Firmer")
    expect(page.locator(".alert")).to_have_count(ENTRIES)
    expect(page.locator("#unseen-count")).to_have_text("1 new")


def test_a_desk_without_its_broker_says_that_what_is_shown_may_be_old(
    messages: list[Incoming], serve: Callable[..., ServedDesk], visit: Callable[..., Page]
) -> None:
    served = serve(messages)
    served.progress = Progress(read=49, of=49, caught_up=True, reason="no broker")
    page = visit(served.address)
    expect(page.locator("#live")).to_contain_text("Kafka is away")
    expect(page.locator(".row")).to_have_count(9)


def test_a_desk_that_has_caught_up_shows_what_it_read_meanwhile(
    messages: list[Incoming], serve: Callable[..., ServedDesk], visit: Callable[..., Page]
) -> None:
    served = serve([])
    served.progress = Progress(read=10, of=40, caught_up=False, reason=None)
    page = visit(served.address)
    expect(page.locator("#live")).to_contain_text("still reading what there is (25%)")
    served.take(messages)
    served.progress = Progress(read=40, of=40, caught_up=True, reason=None)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".alert")).to_have_count(ENTRIES)
    expect(page.locator("#live")).to_contain_text("Live")


def test_an_empty_desk_says_what_to_do_and_fills_by_itself(
    messages: list[Incoming], serve: Callable[..., ServedDesk], visit: Callable[..., Page]
) -> None:
    served = serve([])
    page = visit(served.address)
    expect(page.locator("#list-state")).to_contain_text("muster feed")
    expect(page.locator("#live")).to_contain_text("Live")
    served.take(messages)
    expect(page.locator(".row")).to_have_count(9)


def test_notifications_are_asked_for_by_a_click_alone(samples: ServedDesk, visit: Callable[..., Page]) -> None:
    page = visit(samples.address)
    expect(page.locator(".row")).to_have_count(9)
    expect(page.locator("#sound")).not_to_be_checked()
    page.locator("#notify summary").click()
    page.evaluate("Notification.requestPermission = async () => 'denied'")
    page.locator("#notifications").click()
    expect(page.locator("#notifications-told")).to_contain_text("does not allow")
    expect(page.locator("#notifications")).not_to_be_checked()


def test_the_browser_tells_alerts_of_the_watchlists_that_were_chosen(
    messages: list[Incoming], serve: Callable[..., ServedDesk], visit: Callable[..., Page]
) -> None:
    alerts = of(messages, ALERTS)
    served = serve([message for message in messages if message not in alerts[-2:]])
    page = visit(served.address)
    page.evaluate(
        """() => {
          window.told = [];
          window.Notification = class extends EventTarget {
            static permission = "granted";
            static requestPermission = async () => "granted";
            constructor(title) { super(); window.told.push(title); }
          };
        }"""
    )
    expect(page.locator("#live")).to_contain_text("Live")
    page.locator("#notify summary").click()
    page.locator("#notifications").check()
    served.take(alerts[-2:-1])
    expect(page.locator(".alert")).to_have_count(ENTRIES)
    assert [title.startswith("Second source: Norway has sent") for title in page.evaluate("window.told")] == [True]
    page.locator("#watchlists").get_by_label("all alerts").uncheck()
    served.take(alerts[-1:])
    expect(page.locator(".alert-kind").first).to_have_text("Second source, Firmer")
    assert len(page.evaluate("window.told")) == 1


def test_pages_that_nobody_sees_leave_their_connection_to_others(
    messages: list[Incoming], serve: Callable[..., ServedDesk], visit: Callable[..., Page]
) -> None:
    alerts = of(messages, ALERTS)
    served = serve([message for message in messages if message is not alerts[-1]])
    page = visit(served.address)
    others = [page.context.new_page() for _ in range(5)]
    for other in others:
        other.goto(served.address, wait_until="commit")
        expect(other.locator("#live")).to_contain_text("Live")
    show = """state => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    for other in others:
        other.evaluate(show, "hidden")
    seventh = page.context.new_page()
    seventh.goto(served.address, wait_until="commit", timeout=WAIT_MS)
    expect(seventh.locator(".row")).to_have_count(9)
    seventh.close()
    served.take([alerts[-1]])
    others[0].evaluate(show, "visible")
    expect(others[0].locator(".alert-kind").first).to_have_text("Second source, Firmer")
    expect(others[0].locator("#live")).to_contain_text("Live")


# --- the keyboard --------------------------------------------------------------------------------------------------


def test_the_desk_is_read_with_the_keyboard(samples: ServedDesk, visit: Callable[..., Page]) -> None:
    page = visit(samples.address)
    expect(page.locator(".row")).to_have_count(9)
    ids = page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.id)")
    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)
    expect(row(page, ids[1])).to_have_class(re.compile("selected"))
    page.keyboard.press("Enter")
    expect(page.locator("#event h1")).to_be_focused()
    page.keyboard.press("j")
    expect(page).to_have_url(f"{samples.address}/events/{ids[2]}")
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{samples.address}/")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    for name, meaning in SEVERITY_MEANINGS.items():
        expect(page.locator("#help dl > div", has=page.locator("dt", has_text=name))).to_have_text(name + meaning)
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("f")
    expect(page.locator("#facets input").first).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("jk?")
    expect(page.locator("#search")).to_have_value("jk?")


def test_the_tree_of_sources_is_walked_with_arrows(samples: ServedDesk, visit: Callable[..., Page]) -> None:
    page = visit(f"{samples.address}/events/{KAZAKHSTAN}")
    tree = page.get_by_role("tree", name="Independent sources")
    tree.locator('[role="treeitem"]').first.focus()
    page.keyboard.press("ArrowLeft")
    expect(tree.locator('[role="treeitem"]').first).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(tree.locator(".source").nth(1)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tree.locator('.source:nth-child(2) [aria-level="2"]').first).to_be_focused()


# --- text of others ------------------------------------------------------------------------------------------------

HOSTILE = {
    "markup": '<img src=x onerror="window.broken = 1"><script>window.broken = 1</script>',
    "reversed": "withdraw \u202etroops\u202c\u2066 now",
    "control": "nul \x00 and escape \x1b[31m and \u200b\u200d",
    "endless": "A" * 50_000,
    "surrogate-like": "\U000e0041 tag",
}


UNSEEN = re.compile("[\x00\x1b\u200b\u200d\u202e\u2066\U000e0041]")


UNFIT_ADDRESSES = ("javascript:window.broken=1", "https://reuters.example@evil.example/")


def hostile(messages: list[Incoming], name: str, text: str) -> list[Incoming]:
    """An event and an alert of it of which every text that others wrote is this one."""
    message = [one for one in of(messages, EVENTS) if records.decode(one.value or b"", Event).id == KAZAKHSTAN][-1]
    event = records.decode(message.value or b"", Event)
    speaker = records.Speaker(text=text, name=text, role=text)
    reports = tuple(
        replace(
            report, outlet_name=text, title=text, url=UNFIT_ADDRESSES[number % 2], speaker=speaker,
            evidence=replace(report.evidence, text=text), before=text[:200], after=text[:200],
        )
        for number, report in enumerate(event.reports)
    )  # fmt: skip
    mover = replace(event.mover, code=f"x-{name}", name=text, kind="armed-group")
    event = replace(event, id=f"x-{name}.deploy.SYR.2017-W25", key=name, reports=reports, mover=mover)
    alert = next(one for one in of(messages, ALERTS) if is_of(one, KAZAKHSTAN, "contested"))
    told = replace(
        records.decode(alert.value or b"", Alert), id=name, headline=text, event=event.id, watchlists=(text,)
    )
    return [
        replace(message, key=event.id, value=records.encode(event)),
        replace(alert, offset=list(HOSTILE).index(name), key=name, value=records.encode(told)),
    ]


def test_hostile_text_is_shown_and_neither_runs_nor_breaks_the_layout(
    messages: list[Incoming], serve: Callable[..., ServedDesk], visit: Callable[..., Page]
) -> None:
    served = serve([one for name, text in HOSTILE.items() for one in hostile(messages, name, text)])
    for viewport, names in ((WIDE, list(HOSTILE)), (PHONE, ["endless"])):
        page = visit(served.address, viewport=viewport)
        expect(page.locator(".row")).to_have_count(len(HOSTILE))
        assert sideways(page) == []
        for name in names:
            text = HOSTILE[name]
            row(page, f"x-{name}.deploy.SYR.2017-W25").locator("h3 a").click()
            expect(page.locator("#event h1")).to_be_visible()
            expect(page.locator(".report mark").first).to_be_visible()
            assert sideways(page) == [], name
            assert page.locator('a[href^="javascript:"], a[href*="evil.example"]').count() == 0
            shown = page.locator("#event").inner_text()
            assert ("⟦U+" in shown) == (name not in ("endless", "markup")), name
            assert not UNSEEN.search(shown), name
            if name in ("endless", "markup"):
                assert text[:60] in shown, name
            page.keyboard.press("Escape")
        assert page.evaluate("window.broken") is None
        assert not UNSEEN.search(page.locator("body").inner_text())


def test_an_address_that_leads_elsewhere_than_it_looks_is_text(
    messages: list[Incoming], serve: Callable[..., ServedDesk], visit: Callable[..., Page]
) -> None:
    """Before an @ stands a user, whom a reader takes for the host."""
    addresses = {
        "https://reuters.com@evil.example/a": False, "https://reuters.com:1@evil.example/b": False,
        "https://@evil.example/c": False, "javascript:window.broken=1": False, "https://reuters.com/@desk": True,
    }  # fmt: skip
    (message,) = hostile(messages, "markup", "words")[:1]
    event = records.decode(message.value or b"", Event)
    (first, *_) = event.reports
    reports = tuple(replace(first, id=f"{first.id}.{n}", article=f"a:{n}", url=url) for n, url in enumerate(addresses))
    served = serve([replace(message, value=records.encode(replace(event, reports=reports)))])
    page = visit(f"{served.address}/events/{event.id}")
    expect(page.locator(".report")).to_have_count(len(addresses))
    linked = page.locator(".report a.outward").evaluate_all("links => links.map(link => link.href)")
    assert linked == [url for url, is_linked in addresses.items() if is_linked]
    for url, is_linked in addresses.items():
        expect(page.locator(".report dd", has_text=url)).to_have_count(0 if is_linked else 1)


# --- everybody -----------------------------------------------------------------------------------------------------


def sideways(page: Page) -> list[str]:
    """What is wider than the screen: elements that make something scroll sideways."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('html, body, main, #events-pane, #event-pane, #side, #alerts-scroll, #rail, #map-section')]
             .filter(node => node.offsetParent !== null || node === document.documentElement)
             .filter(node => node.scrollWidth > node.clientWidth + 1)
             .map(node => `${node.tagName}#${node.id}: ${node.scrollWidth} in ${node.clientWidth}`)"""
    )
    return found


@pytest.mark.parametrize(
    ("viewport", "theme"), [(WIDE, "light"), (WIDE, "dark"), (PHONE, "dark")], ids=["light", "dark", "phone"]
)
def test_nothing_keeps_anybody_out(
    samples: ServedDesk,
    serve: Callable[..., ServedDesk],
    visit: Callable[..., Page],
    viewport: dict[str, int],
    theme: str,
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()

    def violations(page: Page) -> list[tuple[str, list[Any]]]:
        found = axe.run(page).response["violations"]
        return [(one["id"], [node["html"][:160] for node in one["nodes"][:4]]) for one in found]

    page = visit(samples.address, viewport=viewport, theme=theme)
    expect(page.locator(".row")).to_have_count(9)
    if viewport is WIDE:
        expect(page.locator(".spot").first).to_be_attached()
    page.keyboard.press("j")
    assert violations(page) == []
    if theme == "light":
        page.locator("#help-button").click()
        assert violations(page) == []
        page.locator("#help-close").click()
    if viewport is PHONE:
        for tab in ("alerts", "map"):
            page.locator(f"#tabs [data-tab={tab}]").click()
            assert violations(page) == []
            assert sideways(page) == []
        page.locator("#tabs [data-tab=events]").click()
        page.locator("#filters-button").click()
        assert violations(page) == []
        page.locator("#rail-close").click()
    row(page, KAZAKHSTAN).locator("a").click()
    expect(page.locator(".timeline svg")).to_be_visible()
    page.locator("#event details summary").click()
    assert violations(page) == []
    assert sideways(page) == []
    if theme == "light":
        empty = visit(serve([]).address, viewport=viewport, theme=theme)
        expect(empty.locator("#list-state h2")).to_have_text("No events yet")
        assert violations(empty) == []


def test_the_theme_is_kept(samples: ServedDesk, visit: Callable[..., Page]) -> None:
    page = visit(samples.address)
    page.locator("#theme").click()
    page.locator("#theme").click()
    expect(page.locator("#theme")).to_have_text("Theme: dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 22, 26)"


def test_many_events_come_a_hundred_at_a_time(
    messages: list[Incoming], serve: Callable[..., ServedDesk], visit: Callable[..., Page]
) -> None:
    message = [one for one in of(messages, EVENTS) if records.decode(one.value or b"", Event).id == NORWAY][-1]
    event = records.decode(message.value or b"", Event)
    many = [replace(event, id=f"NOR.deploy.MLI.2017-W25.{number:03}") for number in range(250)]
    served = serve([replace(message, key=one.id, value=records.encode(one)) for one in many])
    page = visit(served.address)
    expect(page.locator("#count")).to_have_text("250 events")
    expect(page.locator(".row")).to_have_count(100)
    page.locator("#events-pane").evaluate("pane => { pane.scrollTop = pane.scrollHeight; }")
    expect(page.locator(".row")).to_have_count(200)
    shown = page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.id)")
    assert len(set(shown)) == 200
