"""Each Kafka client is told the same of the broker, and no password shows."""

from __future__ import annotations

import ssl

import faust
import pytest

from streams import kafka_options
from streams.settings import SettingError, Settings

SASL = {"sasl_username": "desk", "sasl_password": "s3cret!"}


def test_without_a_broker_the_error_says_how_to_get_one() -> None:
    with pytest.raises(SettingError, match=r"MUSTER_BROKER.*muster broker start"):
        kafka_options.servers(Settings())


@pytest.mark.parametrize(
    "broker", ["localhost", "localhost:http", "kafka://localhost:9092", "a:1,b", ":9092", "a:70000"]
)
def test_what_is_no_address_is_an_error_that_shows_it(broker: str) -> None:
    with pytest.raises(SettingError, match="is not host:port"):
        kafka_options.servers(Settings(broker=broker))


def test_several_servers_go_to_every_client() -> None:
    settings = Settings(broker="a:1, b:2,")
    assert kafka_options.servers(settings) == ["a:1", "b:2"]
    assert kafka_options.aiokafka_options(settings)["bootstrap_servers"] == ["a:1", "b:2"]
    assert [str(url) for url in kafka_options.faust_options(settings)["broker"]] == ["kafka://a:1", "kafka://b:2"]


def test_plaintext_needs_no_credentials() -> None:
    settings = Settings(broker="a:1")
    assert "broker_credentials" not in kafka_options.faust_options(settings)
    assert kafka_options.aiokafka_options(settings)["ssl_context"] is None


def test_sasl_over_tls_checks_the_brokers_certificate_in_every_client() -> None:
    settings = Settings(broker="a:1", security_protocol="SASL_SSL", sasl_mechanism="SCRAM-SHA-256", **SASL)
    credentials = kafka_options.faust_options(settings)["broker_credentials"]
    assert isinstance(credentials, faust.SASLCredentials)
    assert (credentials.protocol.value, credentials.mechanism.value) == ("SASL_SSL", "SCRAM-SHA-256")
    for options in (kafka_options.aiokafka_options(settings), kafka_options.kafka_python_options(settings)):
        assert options["security_protocol"] == "SASL_SSL"
        assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("desk", "s3cret!")
        assert options["ssl_context"].verify_mode == ssl.CERT_REQUIRED
        assert options["ssl_context"].check_hostname


def test_tls_alone_gives_faust_a_context() -> None:
    credentials = kafka_options.faust_options(Settings(broker="a:1", security_protocol="SSL"))["broker_credentials"]
    assert isinstance(credentials, faust.SSLCredentials)
    assert credentials.context.verify_mode == ssl.CERT_REQUIRED


def test_a_certificate_file_that_is_none_is_an_error_that_names_the_setting(tmp_path) -> None:  # type: ignore[no-untyped-def]
    nonsense = tmp_path / "ca.pem"
    nonsense.write_text("nonsense", encoding="utf-8")
    with pytest.raises(SettingError, match="MUSTER_TLS_CA_FILE"):
        kafka_options.tls_context(Settings(security_protocol="SSL", tls_ca_file=nonsense))
    settings = Settings(security_protocol="SSL", tls_certificate_file=nonsense, tls_key_file=nonsense)
    with pytest.raises(SettingError, match="MUSTER_TLS_KEY_FILE"):
        kafka_options.tls_context(settings)


def test_the_password_is_in_no_text_that_could_reach_a_log() -> None:
    settings = Settings(broker="a:1", security_protocol="SASL_SSL", **SASL)
    options = kafka_options.faust_options(settings)
    assert "s3cret!" not in kafka_options.describe(settings)
    assert "s3cret!" not in f"{options['broker_credentials']!r} {options['broker']!r}"


def test_the_largest_message_is_that_of_the_largest_topic() -> None:
    assert kafka_options.largest_message() == 4_000_000
