"""From the settings to what each Kafka client wants to be told: where the broker is, and how to talk to it.

Passwords go into the clients' own options and nowhere else; `describe` is what logs and errors may show.
"""

from __future__ import annotations

import ssl
from typing import Any

from streams.settings import SettingError, Settings
from streams.topics import registry

CLIENT_ID = "muster"
REQUEST_SECONDS = 15.0
"""How long a request may take. Longer than the longest session timeout by default, shorter than people's patience."""


def servers(settings: Settings) -> list[str]:
    """The bootstrap servers as host:port. Raises `SettingError` where there are none, or one is no address."""
    found = [server.strip() for server in settings.broker.split(",") if server.strip()]
    if not found:
        raise SettingError(
            "MUSTER_BROKER: not set. Start a local Kafka with `muster broker start` and set the variable as it says, "
            "or set it to the bootstrap servers of yours (host:port, with commas between)"
        )
    for server in found:
        host, _, port = server.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65_536 or "/" in server:
            raise SettingError(f"MUSTER_BROKER: {server!r} is not host:port")
    return found


def describe(settings: Settings) -> str:
    """The broker for logs and errors: its address and protocol, never a password."""
    return f"{', '.join(servers(settings))} ({settings.security_protocol})"


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """The TLS context that the settings ask for, or None where the protocol has no TLS.

    Raises `SettingError` for a file that cannot be used.
    """
    if settings.security_protocol not in ("SSL", "SASL_SSL"):
        return None
    try:
        context = ssl.create_default_context(
            ssl.Purpose.SERVER_AUTH, cafile=str(settings.tls_ca_file) if settings.tls_ca_file else None
        )
    except (ssl.SSLError, OSError) as error:
        raise SettingError(f"MUSTER_TLS_CA_FILE: {settings.tls_ca_file} cannot be used: {error}") from None
    if settings.tls_certificate_file and settings.tls_key_file:
        try:
            context.load_cert_chain(
                settings.tls_certificate_file,
                settings.tls_key_file,
                # An encrypted key would make OpenSSL ask at a terminal that a worker does not have.
                password=lambda: "",
            )
        except (ssl.SSLError, OSError) as error:
            raise SettingError(
                f"MUSTER_TLS_CERTIFICATE_FILE, MUSTER_TLS_KEY_FILE: cannot be used together: {error}"
            ) from None
    return context


def aiokafka_options(settings: Settings) -> dict[str, Any]:
    """What every aiokafka client is created with."""
    options: dict[str, Any] = {
        "bootstrap_servers": servers(settings),
        "client_id": CLIENT_ID,
        "request_timeout_ms": int(REQUEST_SECONDS * 1000),
        "security_protocol": settings.security_protocol,
        "ssl_context": tls_context(settings),
    }
    if settings.security_protocol.startswith("SASL_"):
        options |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.sasl_username,
            "sasl_plain_password": settings.sasl_password,
        }
    return options


def kafka_python_options(settings: Settings) -> dict[str, Any]:
    """What every kafka-python client is created with."""
    options = aiokafka_options(settings)
    # kafka-python's consumer and producer derive their own waiting times from this one and have other defaults.
    del options["request_timeout_ms"]
    return options


def faust_options(settings: Settings) -> dict[str, Any]:
    """The options of a Faust app that concern the connection."""
    import faust
    from yarl import URL

    options: dict[str, Any] = {
        "broker": [URL(f"kafka://{server}") for server in servers(settings)],
        "broker_client_id": CLIENT_ID,
        # Faust refuses a session timeout longer than a request may take.
        "broker_request_timeout": max(REQUEST_SECONDS, settings.session_timeout_seconds + 1),
        "producer_request_timeout": REQUEST_SECONDS,
    }
    context = tls_context(settings)
    if settings.security_protocol.startswith("SASL_"):
        options["broker_credentials"] = faust.SASLCredentials(
            username=settings.sasl_username,
            password=settings.sasl_password,
            mechanism=settings.sasl_mechanism,
            ssl_context=context,
        )
    elif context is not None:
        options["broker_credentials"] = faust.SSLCredentials(context)
    return options


def largest_message() -> int:
    """Bytes of the largest message that any topic of ours takes: what producers send and consumers fetch at once."""
    return max(topic.max_message_bytes for topic in registry().values())
