"""Records in plain words for a terminal: an alert with its evidence, and one line for any other record.

Articles are written by strangers: whatever comes from them passes `plain`, so that no text can move the cursor, change
the colours or turn the direction of writing on the reader's terminal.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text

from streams import records

KIND_STYLES = {
    "new": "bold green",
    "corroborated": "bold cyan",
    "contested": "bold magenta",
    "firmer": "bold yellow",
    "changed": "bold blue",
    "called-off": "bold red",
    "retracted": "bold red",
}
_STANCE_WORDS = {"alleges": "alleges", "denies": "denies", "knows-nothing": "has no knowledge", "doubts": "doubts"}


_SHOWN_AS = {"Cc": " ", "Cf": "", "Cs": "\N{REPLACEMENT CHARACTER}"}
_OBEYED_OR_HIDDEN = {*_SHOWN_AS, "Zl", "Zp", "Co", "Cn"}
PASSAGES = 2
"""Passages of an alert that are shown; `explain-event` and the record itself have them all."""
LABEL_WIDTH = 13
EVERYTHING = "all"
"""The watchlist of whoever has none: that it matched tells nothing."""


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # for `main` to decide; rich would end with code 1


def console(*, tables: bool = False) -> Console:
    """A console that colours only on a terminal, and takes no word for markup, a number or an emoji.

    With `tables` it is wide where it is no terminal: a file or a pipe has no width that a name would have to be cut to.
    """
    made = _Console(highlight=False, emoji=False, markup=False)
    if tables and not made.is_terminal:
        made.width = 400
    return made


def plain(text: str) -> str:
    """`text` on one line, without control and format characters."""
    return " ".join("".join(_SHOWN_AS.get(unicodedata.category(c), c) for c in text).split())


def plain_lines(text: str) -> str:
    """`text` with its line breaks, without any other control or format characters."""
    return "".join(c if c == "\n" else _SHOWN_AS.get(unicodedata.category(c), c) for c in text)


def visible(text: str) -> str:
    """`text` with its line breaks, and every other character that a terminal would obey or hide as its code: "\\u202e".

    For looking at what is wrong with a text: there `plain` would leave out the very thing.
    """
    return "".join(c if c == "\n" or unicodedata.category(c) not in _OBEYED_OR_HIDDEN else _code(c) for c in text)


def _code(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def moment(text: str) -> str:
    """An RFC 3339 time as people read it: "22 Jun 2017 14:05"."""
    try:
        return f"{datetime.fromisoformat(text):%-d %b %Y %H:%M}"
    except ValueError:
        return plain(text)


def speaker_words(speaker: records.Speaker | None) -> str:
    """Who says it, in words: "Ibrahim Kalin, spokesman"; "" where nobody is named or described."""
    if speaker is None:
        return ""
    from agents.alert.names import role

    parts = [speaker.name or "", role(speaker) or ""]
    return plain(", ".join(part for part in parts if part) or speaker.text)


def named(name: str, code: str) -> str:
    """The name of a party or place; of a country of which a record has nothing but the code, the country's."""
    from agents.alert.names import countries

    return countries().get(code, name).removeprefix("the ") if name == code else name


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """ "1 outlet", "1,200 outlets"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def alert(record: records.Alert) -> RenderableType:
    """An alert: what is new, on which independent sources, and the words it stands on."""
    about = Text(moment(record.published), "dim")
    if record.severity != "normal":
        about.append(f"  ·  {record.severity}", "not dim red" if record.severity == "critical" else "")
    watching = [name for name in record.watchlists if name != EVERYTHING]
    if watching:
        about.append(f"  ·  watched: {plain(', '.join(watching))}")
    body: list[RenderableType] = [Text(plain(record.headline), "bold"), about]
    body += [Text(f"source {number}: {plain(told)}") for number, told in enumerate(record.sources, start=1)]
    for evidence in record.evidence[:PASSAGES]:
        who = speaker_words(evidence.speaker)
        stance = _STANCE_WORDS.get(evidence.stance)
        said = " ".join(part for part in (who, f"({stance})" if stance else "") if part)
        where = f"{plain(evidence.outlet_name)}, {moment(evidence.published)}"
        words = Group(Text(plain(evidence.text), "italic"), Text(f"— {said}; {where}" if said else f"— {where}", "dim"))
        # A bar down the left side: quotation marks would mix with those that the words hold.
        body.append(_Beside(words, Text("│ ", "dim"), Text("│ ", "dim")))
    if (more := len(record.evidence) - PASSAGES) > 0:
        body.append(Text(f"and {counted(more, 'more passage')}: muster explain-event {plain(record.event)}", "dim"))
    label = Text(record.kind.replace("-", " ").upper().ljust(LABEL_WIDTH), KIND_STYLES[record.kind])
    return _Beside(Group(*body), label, Text(" " * LABEL_WIDTH))


class _Beside:
    """Something with `first` at the left of its first line and `others`, as wide, at the left of the rest.

    Lines end where their words end, unlike those of a table: a file or a pipe gets no trailing blanks.
    """

    def __init__(self, body: RenderableType, first: Text, others: Text) -> None:
        self._body = body
        self._first = first
        self._others = others

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        left = self._first
        narrower = options.update_width(options.max_width - left.cell_len)
        for row in console.render_lines(self._body, narrower, pad=False):
            yield Segment(left.plain, console.get_style(left.style))
            if row:
                *row, last = row
                yield from row
                yield Segment(last.text.rstrip(), last.style)
            yield Segment.line()
            left = self._others


def line(record: Any) -> Text:
    """One line that tells what a record says."""
    text = Text(no_wrap=True, overflow="ellipsis")
    match record:
        case records.RawArticle():
            _line(text, record.published, record.outlet, record.title or (record.body or record.html or "")[:200])
            _remark(text, record.status if record.status != "usable" else "")
        case records.Article():
            _line(text, record.published, record.outlet_name, record.title)
            remarks = [c.agency for c in record.credits]
            _remark(text, f"version {record.version}, {record.status}" if record.status != "usable" else "", *remarks)
        case records.Report():
            claim = record.claim
            text.append(f"{claim.act} · {claim.status} · {claim.stance}", "bold")
            text.append(f"  {plain(record.event_key)}  ")
            _remark(text, speaker_words(claim.speaker), record.article.outlet_name)
            text.append(f"  {plain(claim.evidence.text)}", "italic")
        case records.Revision():
            text.append("withdrawn" if record.withdrawn else "revised", "bold red")
            text.append(f"  {plain(record.article)} version {record.version}")
            _remark(text, record.outlet_name, moment(record.published))
        case records.Event():
            text.append(plain(record.id), "bold")
            text.append(f"  {record.state}, {record.status}{', contested' if record.contested else ''}")
            _remark(
                text,
                counted(record.independent, "independent source"),
                counted(record.report_count, "report"),
                counted(record.outlet_count, "outlet"),
                f"version {record.version}",
            )
        case records.Alert():
            text.append(record.kind, KIND_STYLES[record.kind])
            text.append(f"  {plain(record.headline)}", "bold")
            _remark(text, counted(record.independent, "independent source"), moment(record.published))
        case records.Anchors():
            text.append(f"{plain(record.article)}", "bold")
            text.append(f"  asks partition {record.partition} about {counted(len(record.anchors), 'anchor')}")
        case records.Matches():
            text.append(f"{plain(record.article)}", "bold")
            text.append(f"  partition {record.partition}: {counted(len(record.candidates), 'candidate')}")
            _remark(text, *(f"{c.article} {c.contained:.2f}/{c.containing:.2f}" for c in record.candidates[:3]))
        case records.Story():
            text.append(f"{plain(record.article)}", "bold")
            text.append(f"  {record.relation}")
            if record.of is not None:
                text.append(f" of {plain(record.of)}, {max(record.contained, record.containing):.0%} shared")
            _remark(text, *record.agencies)
        case records.DeadLetter():
            text.append(f"{record.stage}", "bold red")
            text.append(f"  {record.topic}/{record.partition}/{record.offset}  {record.error}: {plain(record.message)}")
        case _:
            text.append(plain(repr(record)))
    return text


def _line(text: Text, published: str, outlet: str, title: str) -> None:
    text.append(f"{moment(published)}  ", "dim")
    text.append(f"{plain(outlet)}  ", "cyan")
    text.append(plain(title), "bold")


def _remark(text: Text, *remarks: str) -> None:
    said = ", ".join(plain(remark) for remark in remarks if remark)
    if said:
        text.append(f"  ({said})", "dim")
