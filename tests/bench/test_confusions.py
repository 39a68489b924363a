"""The page and the tables of confusions: they count right, and no text can break out of them."""

import io
from html.parser import HTMLParser

from rich.console import Console

from bench import confusions
from bench.labelled import Pair

HOSTILE = "<script>alert(1)</script> & \"quotes\" 'apostrophes' <img src=x onerror=alert(2)> [bold]markup[/] {braces} \x1b[31m"
GOLD = {"act": "send", "status": "planned", "stance": None, "mover": ["POL"], "place": ["LVA"]}


def pairs():
    wrong = {**GOLD, "status": "occurred", "stance": "reports", "rules": [HOSTILE], "speaker": {"text": HOSTILE}}
    return [
        Pair("shared", "right", GOLD, {**GOLD, "stance": "reports"}, {"status": True}),
        Pair("shared", HOSTILE, {**GOLD, "act": HOSTILE}, wrong, {"status": False, "stance": None}),
        Pair(HOSTILE, HOSTILE, GOLD, None),
        Pair("shared", HOSTILE, None, {**wrong, "act": HOSTILE}),
    ]


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_counts_gold_against_predicted():
    counted = confusions.matrix(pairs(), "status")
    assert counted == {
        ("planned", "planned"): 1,
        ("planned", "occurred"): 1,
        ("planned", "(none)"): 1,
        ("(none)", "occurred"): 1,
    }
    assert confusions.axes(counted) == (["planned", "(none)"], ["planned", "occurred", "(none)"])


def test_a_field_that_the_label_leaves_open_is_not_counted():
    assert confusions.matrix(pairs(), "stance") == {("(none)", "reports"): 1}


def test_an_equally_good_value_is_no_confusion():
    label = {**GOLD, "also": {"status": ["decided"]}}
    counted = confusions.matrix([Pair("shared", "text", label, {**GOLD, "status": "decided"})], "status")
    assert counted == {("decided", "decided"): 1}


def test_every_miss_is_listed_once():
    assert {kind: len(listed) for kind, listed in confusions.kinds(pairs()).items()} == {
        "missed": 1,
        "false": 1,
        "wrong field": 1,
    }


def test_hostile_text_is_escaped():
    page = confusions.page(pairs())
    elements = Elements()
    elements.feed(page)
    tags = {tag for tag, _ in elements.found}
    assert tags <= {"html", "head", "meta", "title", "style", "body", "h1", "h2", "table", "tr", "th", "td"}
    assert {name for _, attributes in elements.found for name in attributes} <= {
        "lang", "charset", "http-equiv", "content", "class",
    }  # fmt: skip
    assert "&lt;script&gt;alert(1)" in page


def test_hostile_text_does_not_drive_the_terminal():
    out = io.StringIO()
    confusions.write(pairs(), "-", Console(file=out, force_terminal=False, width=400))
    assert "\x1b" not in out.getvalue()
    assert "[bold]markup[/]" in out.getvalue()


def test_writes_a_page_even_of_broken_characters(tmp_path):
    out = tmp_path / "out.html"
    confusions.write([Pair("shared", "broken \ud800", GOLD, None)], str(out), Console(file=io.StringIO()))
    assert "broken ?" in out.read_text(encoding="utf-8")
