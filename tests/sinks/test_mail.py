"""Mail to a real server on loopback, with and without TLS, and what its refusals mean."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import email
import email.policy
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sinks.configuration import Mail, Sink
from sinks.delivery import Delivered, NotNow, Outcome, Refused
from sinks.transport import transport_of
from streams.settings import Settings
from tests.commands.test_main import CHECKOUT
from tests.integration.pipeline_support import environment_of
from tests.sinks.given import EXAMPLES, alert, hostile_alert, written
from tests.sinks.receivers import until
from tests.sinks.test_delivered_once import publish

smtp = pytest.importorskip("aiosmtpd.smtp", reason="aiosmtpd is not installed")

PASSWORD = "s3cr3t-of-the-desk"
NOW = 1_700_000_000.0


class Mailbox:
    """Takes mails; answers what a test says for a command."""

    def __init__(self) -> None:
        self.mails: list[email.message.EmailMessage] = []
        self.port = 0
        self.says: dict[str, str] = {}
        self.waits = 0.0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        answer = self.says.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.waits)
        answer = self.says.get("DATA", "250 OK")
        if answer.startswith("250"):
            self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        return answer


@contextlib.contextmanager
def mailbox(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, login: bool = False
) -> Iterator[Mailbox]:
    """A mail server for as long as the block runs."""
    box, loop = Mailbox(), asyncio.new_event_loop()

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        return smtp.AuthResult(success=data.password == PASSWORD.encode(), handled=False)

    def protocol() -> Any:
        return smtp.SMTP(
            box, hostname="localhost", tls_context=starttls, require_starttls=starttls is not None, loop=loop,
            authenticator=authenticate, auth_required=login, auth_require_tls=False,
        )  # fmt: skip

    server = loop.run_until_complete(loop.create_server(protocol, "127.0.0.1", 0, ssl=tls))
    box.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def end() -> None:
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.01)

    try:
        yield box
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def sent(
    port: int, alert: Any = EXAMPLES[0], *, allow_private: bool = True, seconds: float = 5.0, **changes: Any
) -> Outcome:
    """The outcome of one attempt."""
    target = Mail(
        host="localhost", port=port, security="none", sender="muster@desk.example",
        recipients=("a@desk.example", "b@desk.example"),
    )  # fmt: skip
    sink = Sink(name="post", kind="email", target=dataclasses.replace(target, **changes), timeout_seconds=seconds)

    async def send() -> Outcome:
        transport = transport_of(sink, desk="", allow_private=allow_private)
        return await transport.send([alert], NOW)

    return asyncio.run(send())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that it has signed itself, with its key."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return context


def test_a_mail_reaches_all_recipients_as_it_was_written() -> None:
    with mailbox() as box:
        assert sent(box.port) == Delivered()
        assert sent(box.port, hostile_alert()) == Delivered()
    first, hostile = box.mails
    assert first["Subject"] == EXAMPLES[0].headline
    assert first["To"] == "a@desk.example, b@desk.example"
    assert "150 marines" in first.get_content()
    assert hostile["Bcc"] is None
    assert hostile["Subject"].startswith("Denied Bcc: all@example.org <!channel> @everyone")


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # the TLS is below what aiosmtpd sees
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_over_tls_the_certificate_is_checked_and_the_login_made(
    security: Any, server_tls: ssl.SSLContext, certificate: Path
) -> None:
    context = {"tls" if security == "tls" else "starttls": server_tls}
    with mailbox(**context, login=True) as box:  # type: ignore[arg-type]
        known = {"security": security, "username": "muster", "ca_file": certificate / "cert.pem"}
        assert sent(box.port, **known, password=PASSWORD) == Delivered()
        wrong = sent(box.port, **known, password="guess-of-the-password")
        assert isinstance(wrong, Refused)
        assert "535" in wrong.reason
        assert "guess" not in wrong.reason
        unknown = sent(box.port, security=security)
        assert isinstance(unknown, NotNow)
        assert "certificate that cannot be trusted" in unknown.reason
    assert len(box.mails) == 1


def test_a_server_without_starttls_gets_neither_password_nor_mail() -> None:
    with mailbox() as box:
        outcome = sent(box.port, security="starttls", username="muster", password=PASSWORD)
    assert isinstance(outcome, Refused)
    assert "STARTTLS" in outcome.reason
    assert box.mails == []


@pytest.mark.parametrize(
    ("says", "kind", "reason", "mails"),
    [
        ({"DATA": "451 try later"}, NotNow, "451 try later", 0),
        ({"DATA": "554 no\x1b such mail"}, Refused, "554 no such mail", 0),
        ({"a@desk.example": "550 nobody", "b@desk.example": "550 nobody"}, Refused, "refuses all recipients: ", 0),
        ({"a@desk.example": "450 full", "b@desk.example": "550 nobody"}, NotNow, "refuses all recipients: ", 0),
        ({"a@desk.example": "550 nobody"}, Delivered, "refused a@desk.example and took it for the others", 1),
    ],
)  # fmt: skip
def test_what_a_server_says_is_told(says: dict[str, str], kind: type, reason: str, mails: int) -> None:
    with mailbox() as box:
        box.says = says
        outcome = sent(box.port)
    assert isinstance(outcome, kind)
    assert reason in (outcome.remark if isinstance(outcome, Delivered) else outcome.reason)
    assert len(box.mails) == mails


def test_a_server_that_is_slow_or_not_there_is_tried_again() -> None:
    with mailbox() as box:
        box.waits = 1.0
        outcome = sent(box.port, seconds=0.4)
    assert isinstance(outcome, NotNow)
    assert "within 0.4 s" in outcome.reason
    assert isinstance(sent(box.port), NotNow)


def test_a_name_that_stands_for_an_address_inside_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with mailbox() as box:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", box.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        outcome = sent(box.port, host="mail.example", allow_private=False)
    assert isinstance(outcome, Refused)
    assert "mail.example (127.0.0.1) is refused as a target: loopback" in outcome.reason
    assert box.mails == []


HEADLINES = (
    "Norway is to send 40 soldiers to Mali",
    "Denied\r\nBcc: all@example.org\r\n\r\nbody \u202ekcab =?utf-8?q?x=0D=0ABcc:_y@z.example?= née",
    "Fiji has sent 170 soldiers to the Golan Heights",
)


@pytest.mark.broker
@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # the TLS is below what aiosmtpd sees
def test_the_program_mails_a_digest_and_what_is_critical_whatever_stands_in_them(
    kafka_settings: Settings, server_tls: ssl.SSLContext, certificate: Path, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    with mailbox(starttls=server_tls, login=True) as box:
        path = written(
            tmp_path,
            f'[[sink]]\nname = "post"\nkind = "email"\nhost = "localhost"\nport = {box.port}\nusername = "muster"\n'
            f'password_file = "password"\nca_file = "{certificate / "cert.pem"}"\nsender = "muster@desk.example"\n'
            'recipients = ["a@desk.example", "b@desk.example"]\nfrom = "start"\nat_most = 1\nminutes = 0.2\n',
        )
        settings = {
            "MUSTER_SINKS": str(path),
            "MUSTER_ALLOW_PRIVATE_TARGETS": "true",
            "MUSTER_DESK_URL": "https://desk.example",
        }
        first, *gathered = [alert(f"E.{n}", event="E", severity="normal", headline=h) for n, h in enumerate(HEADLINES)]
        critical = dataclasses.replace(
            hostile_alert(), id="E.critical", event="E", severity="critical", headline=HEADLINES[1]
        )
        publish(kafka_settings, first, *gathered, critical)
        log = tmp_path / "log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "streams.commands.main", "notify"],
                env={**environment_of(kafka_settings), **settings}, cwd=CHECKOUT, stderr=file,
            )  # fmt: skip
        try:
            until(lambda: len(box.mails) == 3 or process.poll() is not None, "three mails", 60)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0, log.read_text()
    single, urgent, digest = box.mails
    assert single["Subject"] == HEADLINES[0]
    assert urgent["Subject"].startswith(
        "Denied Bcc: all@example.org body kcab = ?utf-8?q?x=0D=0ABcc:_y@z.example?= née"
    )
    assert digest["Subject"].startswith("2 alerts: Denied Bcc: all@example.org")
    for mail in box.mails:
        text = mail.get_content().replace("\r\n", "\n")
        assert not [*mail.defects, *(defect for value in mail.values() for defect in value.defects)]
        assert (mail["From"], mail["To"], mail["Bcc"]) == (
            "muster@desk.example",
            "a@desk.example, b@desk.example",
            None,
        )
        assert (mail.get_content_type(), mail.get_content_charset()) == ("text/plain", "utf-8")
        assert "https://desk.example/events/E" in text
        assert not {unicodedata.category(character) for character in text.replace("\n", "")} & {"Cc", "Cf", "Zl", "Zp"}
    assert all(" ".join(h.split()[:3]) in " ".join(digest.get_content().split()) for h in HEADLINES[1:])
    assert single["References"] == urgent["References"]
    assert PASSWORD not in log.read_text()
