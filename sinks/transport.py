"""What every way to a receiver has in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sinks.configuration import Mail, Sink
from sinks.delivery import Outcome
from streams.identity import digest
from streams.records import Alert


class Transport(Protocol):
    """Carries messages to one receiver."""

    async def send(self, alerts: Sequence[Alert], now: float) -> Outcome:
        """One attempt to deliver an alert, or several as a digest, at that time in seconds since 1970. Never raises."""

    async def close(self) -> None:
        """Let go of connections."""


def transport_of(sink: Sink, *, desk: str, allow_private: bool) -> Transport:
    """The way to a sink's receiver. Needs a running event loop."""
    from sinks.mail import MailTransport
    from sinks.web import WebTransport

    if isinstance(sink.target, Mail):
        return MailTransport(sink.target, desk=desk, seconds=sink.timeout_seconds, allow_private=allow_private)
    return WebTransport(sink, sink.target, desk=desk, allow_private=allow_private)


def key_of(alerts: Sequence[Alert]) -> str:
    """What is the same whenever the same is told again: the id of the alert; of a digest a hash of all ids."""
    return alerts[0].id if len(alerts) == 1 else f"digest.{digest(*(alert.id for alert in alerts))}"
