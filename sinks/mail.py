"""Sending mail, in a thread: smtplib waits for each answer."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from email.message import EmailMessage
from typing import Any

from sinks.configuration import Mail
from sinks.delivery import Delivered, NotNow, Outcome, Refused, without
from sinks.formats import mail as formats
from sinks.transport import key_of
from sinks.web import tls_context
from streams.addresses import TargetRefused, connect
from streams.records import Alert


class MailTransport:
    """One connection for each mail: alerts are rare, and servers close what idles."""

    def __init__(self, target: Mail, *, desk: str, seconds: float, allow_private: bool) -> None:
        self._target = target
        self._desk = desk
        self._seconds = seconds
        self._allow_private = allow_private
        self._context = None if target.security == "none" else tls_context(target.ca_file)

    async def send(self, alerts: Sequence[Alert], now: float) -> Outcome:
        target = self._target
        try:
            message = formats.message(alerts, key_of(alerts), self._desk, now, target.sender, target.recipients)
            line = _Line()
            sending = asyncio.create_task(asyncio.to_thread(self._sent, message, line))
            done, _ = await asyncio.wait({sending}, timeout=self._seconds)
            if not done:
                # The limits of the connection are for each answer: a server that is only slow could hold the thread for ever.
                line.cut()
                sending.add_done_callback(lambda task: task.exception())
                return NotNow(f"{target.where} has not taken it within {self._seconds:g} s")
            return sending.result()
        except Exception as error:
            return self._failed(error)

    async def close(self) -> None:
        """Nothing stays open."""

    def _sent(self, message: EmailMessage, line: _Line) -> Outcome:
        target = self._target
        with self._connected(line) as server:
            if target.security == "starttls":
                server.starttls(context=self._context)
            if target.username is not None and target.password is not None:
                server.login(target.username, target.password)
            refused = server.send_message(message, from_addr=target.sender, to_addrs=list(target.recipients))
        if not refused:
            return Delivered()
        # Some have it: to send it again would tell them twice.
        return Delivered(f"{target.where} refused {', '.join(sorted(refused))} and took it for the others")

    def _connected(self, line: _Line) -> smtplib.SMTP:
        target, seconds, allow_private, context = self._target, self._seconds, self._allow_private, self._context

        class Checked(smtplib.SMTP):
            """Connects to the address that was judged, and keeps the host's name for the certificate."""

            def _get_socket(self, host: str, port: int, timeout: float) -> Any:
                connection = connect(host, port, 2 * seconds, allow_private=allow_private)
                if target.security == "tls" and context is not None:
                    connection = context.wrap_socket(connection, server_hostname=host)
                return line.through(connection)

        # A name of our own for the greeting: to look one up may take as long as all the rest.
        return Checked(target.host, target.port, local_hostname=socket.gethostname(), timeout=2 * seconds)

    def _failed(self, error: Exception) -> Outcome:
        where, hidden = self._target.where, self._target.hidden
        if isinstance(error, TargetRefused):
            return Refused(str(error))
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            codes = [code for code, _ in error.recipients.values()]
            reason = without(
                hidden, f"{where} refuses all recipients: {_said(next(iter(error.recipients.values()))[1])}"
            )
            return NotNow(reason) if any(400 <= code < 500 for code in codes) else Refused(reason)
        if isinstance(error, smtplib.SMTPResponseException):
            reason = without(hidden, f"{where}: {error.smtp_code} {_said(error.smtp_error)}")
            return Refused(reason) if 500 <= error.smtp_code < 600 else NotNow(reason)
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return Refused(without(hidden, f"{where}: {error}"))
        if isinstance(error, ssl.SSLCertVerificationError):
            return NotNow(f"{where} shows a certificate that cannot be trusted: {error.verify_message}")
        if isinstance(error, OSError):
            return NotNow(without(hidden, f"{where}: {error.strerror or type(error).__name__}"))
        return NotNow(f"{where}: {type(error).__name__}")


class _Line:
    """The connection of one attempt, which can be cut from outside of the thread that waits at it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: socket.socket | None = None
        self._is_cut = False

    def through(self, connection: socket.socket) -> socket.socket:
        with self._lock:
            if self._is_cut:
                connection.close()
                raise TimeoutError
            self._connection = connection
        return connection

    def cut(self) -> None:
        with self._lock:
            self._is_cut = True
            if self._connection is not None:
                with suppress(OSError):
                    self._connection.shutdown(socket.SHUT_RDWR)


def _said(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
