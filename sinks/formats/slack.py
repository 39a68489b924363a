"""Slack's format, which Mattermost and others take as well: `text` and `blocks`, with nothing in them that calls anybody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from sinks.plain import desk_link, moment, one_line, web_address
from streams.records import Alert, AlertEvidence

TEXT = 590
"""Characters of one text before it is escaped: at worst five times as many after it, and Slack takes 3,000."""
PASSAGES = 3
DIGEST = 40
"""Alerts of a digest that are shown: Slack takes 50 blocks."""
APART = "\u2060"
"""A word joiner, which nobody sees: "@everyone" with it calls nobody, in Slack or in what takes its format."""


def escaped(text: str, most: int = TEXT) -> str:
    """The text as Slack demands it: "&", "<" and ">" written out, so that it holds no link, no mention, no `<!channel>`."""
    cleaned = one_line(text, most).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return cleaned.replace("@", f"@{APART}")


def body(alerts: Sequence[Alert], desk: str) -> bytes:
    """The JSON of one alert, or of a digest."""
    return orjson.dumps(_one(alerts[0], desk) if len(alerts) == 1 else _digest(alerts, desk))


def _one(alert: Alert, desk: str) -> dict[str, Any]:
    head = f"*{alert.kind.upper()}* {_linked(escaped(alert.headline), desk_link(desk, alert.event))}"
    about = f"{alert.severity} · {escaped(moment(alert.published))} · {escaped(', '.join(alert.watchlists), 200)}"
    sources = "\n".join(f"• {escaped(line, 250)}" for line in alert.sources[:2])
    passages = map(_passage, alert.evidence[:PASSAGES])
    return {
        "text": escaped(f"{alert.kind.upper()} {alert.headline}"),
        "blocks": [_section(head), _context(about), *(_section(text) for text in (sources, *passages) if text)],
    }


def _digest(alerts: Sequence[Alert], desk: str) -> dict[str, Any]:
    head = f"{len(alerts)} alerts that were gathered"
    shown = [
        _section(
            f"*{alert.kind.upper()}* {_linked(escaped(alert.headline), desk_link(desk, alert.event))}"
            f"\n{alert.severity} · {escaped(moment(alert.published))}"
        )
        for alert in alerts[:DIGEST]
    ]
    rest = [_context(f"and {len(alerts) - DIGEST} more")] if len(alerts) > DIGEST else []
    return {"text": head, "blocks": [_section(f"*{head}*"), *shown, *rest]}


def _passage(evidence: AlertEvidence) -> str:
    outlet = _linked(escaped(evidence.outlet_name, 100), web_address(evidence.url))
    return f"> {escaped(evidence.text, 500)}\n— {outlet}, {escaped(moment(evidence.published))}"


def _linked(text: str, address: str | None) -> str:
    if address is None or len(address) > TEXT:
        return text
    return f"<{address.replace('&', '&amp;')}|{text}>"


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _context(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}
