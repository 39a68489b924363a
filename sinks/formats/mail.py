"""Alerts as mail: the headline for a subject, evidence in plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from sinks.plain import desk_link, moment, one_line, web_address
from streams.identity import digest
from streams.records import Alert

SUBJECT = 300
WIDTH = 90


def message(
    alerts: Sequence[Alert], key: str, desk: str, now: float, sender: str, recipients: Sequence[str]
) -> EmailMessage:
    """The mail of one alert, or of a digest; `key` is the same whenever the same is told again, and so is its Message-ID."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = ", ".join(recipients)
    mail["Subject"] = subject(alerts)
    mail["Date"] = datetime.fromtimestamp(now, UTC)
    domain = sender.rpartition("@")[2]
    mail["Message-ID"] = f"<{digest(key)}.muster@{domain}>"
    if len(alerts) == 1:
        # Mails of one event make one thread.
        mail["References"] = f"<{digest(alerts[0].event)}.muster@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n\n\n".join(text(alert, desk) for alert in alerts) + "\n")
    return mail


def subject(alerts: Sequence[Alert]) -> str:
    """The headline, on one line without control characters: what stands in it begins no other header.

    What looks like an encoded word (RFC 2047) is broken up: it would be decoded when the header is set, a line end in it
    included, and again by whoever reads the mail.
    """
    headline = one_line(alerts[0].headline, SUBJECT).replace("=?", "= ?")
    return headline if len(alerts) == 1 else f"{len(alerts)} alerts: {headline}"


def text(alert: Alert, desk: str) -> str:
    """One alert in plain text."""
    about = (alert.kind, alert.severity, moment(alert.published), one_line(", ".join(alert.watchlists), 200))
    parts = [
        _filled(alert.headline),
        " · ".join(about),
        "\n".join(_filled(line, f"{number}. ") for number, line in enumerate(alert.sources, start=1)),
    ]
    for evidence in alert.evidence:
        who = evidence.speaker
        named = [(who.name or who.text) if who else "", evidence.outlet_name, moment(evidence.published)]
        address = web_address(evidence.url)
        parts.append(
            _filled(evidence.text, "> ")
            + f"\n— {', '.join(one_line(part, 200) for part in named if part)}"
            + (f"\n  {address}" if address else "")
        )
    parts.append(desk_link(desk, alert.event) or "")
    return "\n\n".join(part for part in parts if part)


def _filled(words: str, first: str = "") -> str:
    rest = first if first.startswith(">") else " " * len(first)
    return textwrap.fill(
        one_line(words),
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
