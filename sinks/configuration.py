"""The sinks that a TOML file names: data, checked when it is read; an error names file, line, sink and key."""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from streams.addresses import refused
from streams.records import ALERT_KINDS, SEVERITIES, Severity
from streams.settings import SettingError
from streams.toml_lines import Mistake, read

Kind = Literal["webhook", "alertmanager", "email"]
Format = Literal["muster", "alertmanager", "slack"]
Security = Literal["starttls", "tls", "none"]
Start = Literal["start", "end"]

PORTS: Mapping[Security, int] = {"starttls": 587, "tls": 465, "none": 25}

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")
MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
SECRET_BYTES = 10_000
SECRET_PART = 12
"""Characters from which a part of a secret is hidden by itself: shorter ones are words such as "services"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Where to post. What may be secret of it is never shown: `where` is what logs may say."""

    url: str = field(repr=False)
    where: str
    format: Format = "muster"
    secret: str | None = field(default=None, repr=False)
    """Signs what is posted."""
    authorization: str | None = field(default=None, repr=False)
    """Value of the header of that name."""
    ca_file: Path | None = None
    hold_minutes: float = 60.0
    """Of an Alertmanager: how long it holds the alert for standing."""
    hidden: tuple[str, ...] = field(default=(), repr=False)
    """Texts that may appear in no log and no dead letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Where to mail."""

    host: str
    port: int
    security: Security
    sender: str
    recipients: tuple[str, ...]
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None

    @property
    def where(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    @property
    def hidden(self) -> tuple[str, ...]:
        return (self.password,) if self.password else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """One sink: where alerts go, which, and how many at most."""

    name: str
    kind: Kind
    target: Web | Mail
    watchlists: frozenset[str] = frozenset()
    """Those that the alert names; none: all."""
    kinds: frozenset[str] = frozenset()
    minimum_severity: Severity = "low"
    at_most: int = 0
    """Messages in a window of `minutes`; 0: as many as come."""
    minutes: float = 60.0
    start: Start = "end"
    """Where the topic is read from when the sink is new: `from` in the file."""
    timeout_seconds: float = 10.0
    retry_minutes: float = 60.0


COMMON = ("name", "kind", "watchlists", "kinds", "minimum_severity", "at_most", "minutes", "from", "timeout_seconds",
          "retry_minutes", "ca_file")  # fmt: skip
WEB = ("url", "url_file", "url_environment", "authorization_file", "authorization_environment")
OF_KIND: Mapping[Kind, tuple[str, ...]] = {
    "webhook": (*WEB, "format", "secret_file", "secret_environment"),
    "alertmanager": (*WEB, "hold_minutes"),
    "email": ("host", "port", "security", "sender", "recipients", "username", "password_file", "password_environment"),
}
"""The keys of a `[[sink]]`."""
IN_CLEAR = frozenset({"secret", "authorization", "password", "token"})
"""Keys that somebody may try, and that must not be in the file."""


def load(
    path: Path,
    *,
    allow_private: bool,
    environment: Mapping[str, str] | None = None,
    watchlists: frozenset[str] | None = None,
) -> tuple[Sink, ...]:
    """The sinks of a file, with their secrets. `watchlists`: those that there are, None if that is not known.

    Raises `SettingError` naming file, line, sink and key, and no secret.
    """

    def make(table: Mapping[str, Any]) -> tuple[Sink, ...]:
        sinks = parse(table, path.parent, allow_private, environment or os.environ)
        if watchlists is not None:
            _check_watchlists(sinks, watchlists)
        return sinks

    try:
        return read(path.read_text(encoding="utf-8"), make)
    except OSError as error:
        raise SettingError(f"MUSTER_SINKS: {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise SettingError(f"MUSTER_SINKS: {path}: not UTF-8 text") from None
    except ValueError as error:
        raise SettingError(f"MUSTER_SINKS: {path}: {error}") from None


def parse(
    table: Mapping[str, Any], folder: Path, allow_private: bool, environment: Mapping[str, str]
) -> tuple[Sink, ...]:
    """The sinks of a parsed document; files that it names are looked for from `folder`. Raises `Mistake`."""
    rows = table.get("sink")
    for key in table:
        if key != "sink":
            raise Mistake((key,), f"{key}: only [[sink]] is known here")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise Mistake(("sink",), "expected at least one [[sink]]")
    found: list[Sink] = []
    for number, row in enumerate(rows):
        sink = _Row(row, number, folder, allow_private, environment).sink()
        if any(sink.name == other.name for other in found):
            raise Mistake(("sink", number, "name"), f"sink {sink.name!r}: name: used twice")
        found.append(sink)
    return tuple(found)


def _check_watchlists(sinks: Sequence[Sink], known: frozenset[str]) -> None:
    """Raises `Mistake` for a sink that waits for a watchlist that does not exist: it would be told nothing of it."""
    for number, sink in enumerate(sinks):
        for name in sorted(sink.watchlists - known):
            near = difflib.get_close_matches(name, sorted(known), n=1)
            said = f"the nearest is {near[0]!r}" if near else f"there are: {', '.join(sorted(known))}"
            reason = f"sink {sink.name!r}: watchlists: no watchlist is called {name!r}; {said}"
            raise Mistake(("sink", number, "watchlists"), reason, name)


def _parts(secret: str, between: str) -> set[str]:
    """The parts of a secret that may be one by themselves: the token after "Bearer", the last step of an address."""
    return {part for part in re.split(between, secret) if len(part) >= SECRET_PART}


class _Row:
    """One `[[sink]]` while it is read."""

    def __init__(
        self, row: Mapping[str, Any], number: int, folder: Path, allow_private: bool, environment: Mapping[str, str]
    ) -> None:
        self._row = row
        self._number = number
        self._folder = folder
        self._allow_private = allow_private
        self._environment = environment
        name = row.get("name")
        self._called = f"sink {name!r}" if isinstance(name, str) else f"sink {number + 1}"

    def sink(self) -> Sink:
        name = self._text("name", required=True)
        if not NAME.fullmatch(name):
            raise self._wrong("name", f"{name!r}: expected up to 48 of a-z, 0-9 and -, the first of them no -")
        kind: Kind = self._choice("kind", get_args(Kind), None)
        known = (*COMMON, *OF_KIND[kind])
        for key in self._row:
            if key in IN_CLEAR:
                raise self._wrong(key, f"secrets do not stand in this file; there are {key}_file and {key}_environment")
            if key not in known:
                raise self._wrong(key, f"no such key of kind {kind!r}; there are: {', '.join(known)}")
        return Sink(
            name=name,
            kind=kind,
            target=self._mail() if kind == "email" else self._web(kind),
            watchlists=self._texts("watchlists"),
            kinds=self._texts("kinds", ALERT_KINDS),
            minimum_severity=self._choice("minimum_severity", SEVERITIES, "low"),
            at_most=int(self._number_of("at_most", 0, 0, 100_000, whole=True)),
            minutes=self._number_of("minutes", 60.0, 0.01, 10_080),
            start=self._choice("from", get_args(Start), "end"),
            timeout_seconds=self._number_of("timeout_seconds", 10.0, 0.1, 300),
            retry_minutes=self._number_of("retry_minutes", 60.0, 0, 10_080),
        )

    def _web(self, kind: Kind) -> Web:
        given = [key for key in ("url", "url_file", "url_environment") if key in self._row]
        if len(given) != 1:
            raise self._wrong(given[-1] if given else None, "one of url, url_file and url_environment is needed")
        url = self._text("url") if given == ["url"] else self._secret("url", required=True)
        assert url is not None
        where, path = self._checked(url, given[0])
        authorization, secret = self._secret("authorization"), self._secret("secret")
        if authorization and url.casefold().startswith("http:") and not self._allow_private:
            raise self._wrong(given[0], "authorization would cross the network readable: https is needed")
        hidden = {text for text in (authorization, secret) if text}
        hidden |= _parts(authorization or "", r"\s+")
        if given != ["url"]:
            hidden |= {url, *([path] if len(path) > 1 else []), *_parts(path, r"[/?&=]")}
        if kind == "alertmanager":
            url = url.rstrip("/") + "/api/v2/alerts"
        return Web(
            url=url,
            where=where,
            format=self._choice("format", get_args(Format), "muster") if kind == "webhook" else "alertmanager",
            secret=secret,
            authorization=authorization,
            ca_file=self._ca_file(),
            hold_minutes=self._number_of("hold_minutes", 60.0, 1, 525_600),
            hidden=tuple(sorted(hidden, key=lambda text: (-len(text), text))),
        )

    def _checked(self, url: str, key: str) -> tuple[str, str]:
        """Where the address leads, and its path. Nothing of an address that is wrong is quoted: it may be a secret."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise self._wrong(key, "is no address") from None
        host = parts.hostname
        if parts.scheme not in ("http", "https") or not host or not url.isascii() or re.search(r"[\s\x00-\x1f]", url):
            raise self._wrong(key, "expected an address that begins with https:// or http://, in ASCII without blanks")
        if parts.username is not None or parts.password is not None:
            raise self._wrong(key, "no user and password in an address; there is authorization_file")
        if parts.fragment:
            raise self._wrong(key, "no # in an address")
        self._check_host(host, key)
        shown = f"[{host}]" if ":" in host else host
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return f"{parts.scheme}://{shown}" + (f":{port}" if port else ""), path

    def _check_host(self, host: str, key: str) -> None:
        """A host that is an address says by itself that it is refused; a name is judged when it is connected to."""
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return
        reason = refused(address)
        if reason is not None and not self._allow_private:
            raise self._wrong(
                key, f"{host} is refused as a target: {reason}; MUSTER_ALLOW_PRIVATE_TARGETS=true allows it"
            )

    def _mail(self) -> Mail:
        host = self._text("host", required=True)
        if not re.fullmatch(r"[A-Za-z0-9.:-]+", host):
            raise self._wrong("host", f"{host!r} is no host")
        self._check_host(host, "host")
        security: Security = self._choice("security", get_args(Security), "starttls")
        username, password = self._text("username"), self._secret("password")
        if (username is None) != (password is None):
            raise self._wrong("username" if username else None, "username and a password belong together")
        if username and security == "none" and not self._allow_private:
            raise self._wrong("security", "the password would cross the network readable: starttls or tls is needed")
        sender = self._text("sender", required=True)
        recipients = self._row.get("recipients")
        if not isinstance(recipients, list) or not recipients or not all(isinstance(r, str) for r in recipients):
            raise self._wrong("recipients", "expected a list of addresses")
        for key, address in [("sender", sender), *(("recipients", recipient) for recipient in recipients)]:
            if not MAILBOX.fullmatch(address):
                raise self._wrong(key, f"{address!r} is no address (desk@example.org)", address)
        return Mail(
            host=host,
            port=int(self._number_of("port", PORTS[security], 1, 65_535, whole=True)),
            security=security,
            sender=sender,
            recipients=tuple(dict.fromkeys(recipients)),
            username=username,
            password=password,
            ca_file=self._ca_file(),
        )

    def _secret(self, key: str, *, required: bool = False) -> str | None:
        """The secret from KEY_file or KEY_environment, None where neither is given."""
        given = [name for name in (f"{key}_file", f"{key}_environment") if name in self._row]
        if len(given) > 1:
            raise self._wrong(given[1], f"one of {given[0]} and {given[1]}, not both")
        if not given:
            return None
        (name,) = given
        source = self._text(name, required=True)
        if name.endswith("_environment"):
            if source.startswith("MUSTER_"):
                raise self._wrong(name, f"{source}: names with MUSTER_ are settings; call it otherwise")
            found = self._environment.get(source)
            if found is None:
                raise self._wrong(name, f"there is no variable {source} in the environment")
        else:
            path = self._file(name)
            assert path is not None
            try:
                found = path.read_bytes()[:SECRET_BYTES].decode("utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                raise self._wrong(name, f"{path} cannot be read: {type(error).__name__}") from None
        found = found.strip()
        if not found or not found.isprintable():
            raise self._wrong(name, f"what {source} holds is empty, or has more than one line")
        return found

    def _file(self, key: str) -> Path | None:
        text = self._text(key)
        if text is None:
            return None
        path = self._folder / Path(text).expanduser()
        if not path.is_file():
            raise self._wrong(key, f"no file at {str(path)!r}")
        return path

    def _ca_file(self) -> Path | None:
        path = self._file("ca_file")
        if path is not None:
            try:
                ssl.create_default_context(cafile=str(path))
            except (ssl.SSLError, OSError):
                raise self._wrong("ca_file", f"{path} holds no certificates (PEM)") from None
        return path

    def _text(self, key: str, *, required: bool = False) -> Any:
        value = self._row.get(key)
        if value is None and not required:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, "expected a text")
        return value.strip()

    def _texts(self, key: str, choices: tuple[str, ...] = ()) -> frozenset[str]:
        value = self._row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self._wrong(key, "expected a list of texts")
        for item in value:
            if choices and item not in choices:
                raise self._wrong(key, f"{item!r} is none of {', '.join(choices)}", item)
        return frozenset(value)

    def _choice(self, key: str, choices: tuple[Any, ...], default: Any) -> Any:
        value = self._row.get(key, default)
        if value not in choices:
            said = "expected one of" if value is None else f"{value!r} is none of"
            raise self._wrong(key, f"{said} {', '.join(choices)}")
        return value

    def _number_of(self, key: str, default: float, low: float, high: float, *, whole: bool = False) -> float:
        value: Any = self._row.get(key, default)
        fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not fits or not low <= value <= high:
            what = "a whole number" if whole else "a number"
            raise self._wrong(key, f"expected {what} from {low:g} to {high:g}, got {value!r}")
        return float(value)

    def _wrong(self, key: str | None, reason: str, value: str | None = None) -> Mistake:
        path: tuple[str | int, ...] = ("sink", self._number, *([key] if key is not None and key in self._row else []))
        return Mistake(path, f"{self._called}: {f'{key}: ' if key else ''}{reason}", value)
