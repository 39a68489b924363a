"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.reference import setting_rows
from streams.settings import SettingError, Settings


def test_without_variables_everything_has_its_default() -> None:
    assert Settings.from_environment({"PATH": "/bin"}) == Settings()


def test_values_are_read_by_their_type(tmp_path: Path) -> None:
    watchlists = tmp_path / "watch.toml"
    watchlists.touch()
    settings = Settings.from_environment(
        {
            "MUSTER_BROKER": "one:9092,two:9092",
            "MUSTER_PARTITIONS": "12",
            "MUSTER_SESSION_GAP_DAYS": "3.5",
            "MUSTER_ALLOW_PASSWORD_IN_CLEAR": "yes",
            "MUSTER_SECURITY_PROTOCOL": "ssl",
            "MUSTER_WATCHLISTS": str(watchlists),
        }
    )
    assert settings.broker == "one:9092,two:9092"
    assert settings.partitions == 12
    assert settings.session_gap_days == 3.5
    assert settings.allow_password_in_clear is True
    assert settings.security_protocol == "SSL"
    assert settings.watchlists == watchlists


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("MUSTER_PARTITIONS", "many", "whole number"),
        ("MUSTER_PARTITIONS", "0", "between 1 and"),
        ("MUSTER_PARTITIONS", "2.5", "whole number"),
        ("MUSTER_DEAD_LETTER_SHARE", "1.5", "between"),
        ("MUSTER_DEAD_LETTER_SHARE", "nan", "between"),
        ("MUSTER_SECURITY_PROTOCOL", "TLS", "SASL_SSL"),
        ("MUSTER_ALLOW_PASSWORD_IN_CLEAR", "maybe", "neither true nor false"),
        ("MUSTER_WATCHLISTS", "/no/such/file.toml", "no file"),
        ("MUSTER_TLS_KEY_FILE", "key.pem", "give both or neither"),
        ("MUSTER_DESK_NAMES", "desk.example, https://desk.example/", "no name of a host"),
        ("MUSTER_DESK_NAMES", "desk.example:443", "no name of a host"),
        ("MUSTER_PARTITION", "4", "no such setting"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable_and_the_reason(variable: str, value: str, said: str) -> None:
    with pytest.raises(SettingError, match=said) as raised:
        Settings.from_environment({variable: value})
    assert variable in str(raised.value)


def test_a_password_over_an_open_connection_is_refused_unless_allowed() -> None:
    environment = {
        "MUSTER_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "MUSTER_SASL_USERNAME": "desk",
        "MUSTER_SASL_PASSWORD": "correct horse",
    }
    with pytest.raises(SettingError, match="MUSTER_ALLOW_PASSWORD_IN_CLEAR") as raised:
        Settings.from_environment(environment)
    assert "horse" not in str(raised.value)
    allowed = Settings.from_environment({**environment, "MUSTER_ALLOW_PASSWORD_IN_CLEAR": "true"})
    assert allowed.sasl_password == "correct horse"


def test_a_user_without_a_password_is_refused() -> None:
    with pytest.raises(SettingError, match="MUSTER_SASL_PASSWORD"):
        Settings.from_environment({"MUSTER_SECURITY_PROTOCOL": "SASL_SSL", "MUSTER_SASL_USERNAME": "desk"})


def test_the_table_of_settings_never_shows_a_secret() -> None:
    rows = {row.variable: row for row in setting_rows(Settings(sasl_password="correct horse"))}
    assert rows["MUSTER_SASL_PASSWORD"].value == "(hidden)"
    assert rows["MUSTER_SASL_PASSWORD"].changed
    assert not any("horse" in str(row) for row in rows.values())


def test_another_process_is_told_the_same_settings(tmp_path: Path) -> None:
    watchlists = tmp_path / "watch.toml"
    watchlists.touch()
    settings = Settings(broker="one:9092", partitions=7, allow_password_in_clear=True, watchlists=watchlists)
    assert Settings.from_environment(settings.to_environment()) == settings
    assert Settings().to_environment() == {}
