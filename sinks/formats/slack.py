"""Slack's format, which Mattermost and others take as well: `text` and `blocks`.

Slack shows the blocks, and the text in notifications. Mattermost knows no blocks and shows the text, as Markdown. So the
text says in lines all that the blocks say, and what is written for either does nothing in both: it makes no link, calls
nobody and looks like nothing but text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import orjson

from sinks.plain import desk_link, moment, one_line, web_address
from streams.records import Alert, AlertEvidence

TEXT = 1_800
"""Characters of one text as it is written. Slack takes 3,000 in a block, of which links and all around take the rest."""
LINK = 590
SOURCES = 2
PASSAGES = 3
DIGEST = 40
"""Alerts of a digest that are shown in blocks: Slack takes 50 of them."""
ALL_LINES = 38_000
"""Characters of the text: Slack takes 40,000, Mattermost makes several messages of more than 16,383."""
APART = "\u2060"
"""A word joiner, which nobody sees: "@everyone" with it calls nobody, "https://" leads nowhere, ":boom:" is no picture."""

_LOOKALIKES = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "`": "ˋ", "[": "［", "]": "］", "|": "｜", "\\": "＼"})
"""Signs that format or link, in Slack or in Markdown, by others that look like them. Escaping is no way: what one of the two
takes for an escape the other shows."""
_CALLS = re.compile(r"[@#](?=\S)|:(?=[^\s\d]|\d+:)|\$(?=\$)|(?<=\w)\.(?=\w{2})")
"""What needs a neighbour to call, lead or draw: a mention, a tag, an address or picture, a formula, a host's name."""
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def escaped(text: str, most: int = TEXT) -> str:
    """The text on one line of at most so many characters, in which nothing is a link, a mention or formatting; "&", "<"
    and ">" are written out, as Slack demands it."""
    line = one_line(text, most)
    while len(written := _written(line)) > most:
        line = one_line(line, len(line) * most // (len(written) + 1))
    return written


def _written(line: str) -> str:
    return _CALLS.sub(rf"\g<0>{APART}", line.translate(_LOOKALIKES)).translate(_ENTITIES)


def body(alerts: Sequence[Alert], desk: str) -> bytes:
    """The JSON of one alert, or of a digest."""
    return orjson.dumps(_one(alerts[0], desk) if len(alerts) == 1 else _digest(alerts, desk))


def _one(alert: Alert, desk: str) -> dict[str, Any]:
    sources = "\n".join(f"• {escaped(line, 400)}" for line in alert.sources[:SOURCES])
    passages = alert.evidence[:PASSAGES]
    blocks = [_section(_head(alert, desk)), _context(_about(alert))]
    blocks += [_section(text) for text in (sources, *map(_quoted, passages)) if text]
    lines = [*_lines(alert, desk), *([sources] if sources else []), *map(_quoting_line, passages)]
    return {"text": "\n".join(lines), "blocks": blocks}


def _digest(alerts: Sequence[Alert], desk: str) -> dict[str, Any]:
    head = f"{len(alerts)} alerts that were gathered"
    shown = [_section(f"{_head(alert, desk)}\n{_about(alert)}") for alert in alerts[:DIGEST]]
    rest = [_context(f"and {len(alerts) - DIGEST} more")] if len(alerts) > DIGEST else []
    return {
        "text": _fitting([head, *("\n".join(_lines(alert, desk)) for alert in alerts)]),
        "blocks": [_section(f"*{head}*"), *shown, *rest],
    }


def _fitting(parts: Sequence[str]) -> str:
    """The parts one below the other, as many as fit, and how many do not."""
    kept: list[str] = []
    left = ALL_LINES
    for number, part in enumerate(parts):
        left -= len(part) + 1
        if left < 0:
            kept.append(f"and {len(parts) - number} more")
            break
        kept.append(part)
    return "\n".join(kept)


def _lines(alert: Alert, desk: str) -> tuple[str, str]:
    """The alert in lines that need no blocks around them."""
    return f"{alert.kind.upper()} {escaped(alert.headline)}", _and(_about(alert), desk_link(desk, alert.event))


def _head(alert: Alert, desk: str) -> str:
    return f"*{alert.kind.upper()}* {_linked(escaped(alert.headline), desk_link(desk, alert.event))}"


def _about(alert: Alert) -> str:
    lists = escaped(", ".join(alert.watchlists), 200)
    return " · ".join(part for part in (alert.severity, escaped(moment(alert.published)), lists) if part)


def _quoted(evidence: AlertEvidence) -> str:
    outlet = _linked(escaped(evidence.outlet_name, 200), web_address(evidence.url))
    return f"> {escaped(evidence.text)}\n— {outlet}, {escaped(moment(evidence.published))}"


def _quoting_line(evidence: AlertEvidence) -> str:
    # In quotation marks: after ">" a "#" or "-" of the article would begin a heading or a list.
    said = f"“{escaped(evidence.text)}” — {escaped(evidence.outlet_name, 200)}, {escaped(moment(evidence.published))}"
    return _and(said, web_address(evidence.url))


def _linked(text: str, address: str | None) -> str:
    return text if address is None or len(address) > LINK else f"<{_in_link(address)}|{text}>"


def _and(text: str, address: str | None) -> str:
    """The text, and the address as it is: a link with a name would be Markdown's "[name](address)" for Mattermost, which
    a bracket in the address ends."""
    return text if address is None or len(address) > LINK else f"{text} · <{_in_link(address)}>"


def _in_link(address: str) -> str:
    return address.replace("&", "&amp;")


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _context(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}
