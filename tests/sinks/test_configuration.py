"""The file of sinks: what it may say, and what is wrong with it in words that help and that tell no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from sinks.configuration import Mail, Web, load
from sinks.delivery import without
from streams.settings import SettingError
from tests.sinks.given import written

SECRET = "s3cr3t-of-the-desk"
HOOK = '[[sink]]\nname = "desk"\nkind = "webhook"\n'
MAIL = '[[sink]]\nname = "desk"\nkind = "email"\n'
URL = 'url = "https://desk.example/hook"\n'
TO = 'host = "mail.example"\nsender = "muster@desk.example"\nrecipients = ["desk@desk.example"]\n'


def loaded(folder: Path, text: str, *, allow_private: bool = False):  # type: ignore[no-untyped-def]
    (folder / "secret").write_text(SECRET + "\n")
    environment = {"HOOK": f"https://desk.example/{SECRET}", "TOKEN": SECRET, "EMPTY": "", "BROKEN": f"{SECRET}\nx"}
    return load(written(folder, text), allow_private=allow_private, environment=environment)


def test_secrets_come_from_files_and_the_environment_and_are_shown_nowhere(tmp_path: Path) -> None:
    text = (
        HOOK + 'url_environment = "HOOK"\nsecret_file = "secret"\nauthorization_environment = "TOKEN"\nformat = "slack"\n'
        'from = "start"\nat_most = 20\nminutes = 30\nkinds = ["new"]\nwatchlists = ["Asia"]\nminimum_severity = "normal"\n'
        '[[sink]]\nname = "am"\nkind = "alertmanager"\nurl = "https://alerts.example:9093/"\n'
        + MAIL.replace("desk", "post") + TO + 'username = "muster"\npassword_file = "secret"\nsecurity = "tls"\n'
    )  # fmt: skip
    hook, alerts, post = loaded(tmp_path, text)

    assert isinstance(hook.target, Web)
    assert isinstance(alerts.target, Web)
    assert isinstance(post.target, Mail)
    assert (hook.target.url, hook.target.secret, hook.target.authorization) == (
        f"https://desk.example/{SECRET}", SECRET, SECRET,
    )  # fmt: skip
    assert (hook.target.where, hook.target.format, hook.start, hook.at_most) == (
        "https://desk.example",
        "slack",
        "start",
        20,
    )
    assert (alerts.target.url, alerts.target.format) == ("https://alerts.example:9093/api/v2/alerts", "alertmanager")
    assert (post.target.port, post.target.password) == (465, SECRET)
    assert SECRET not in repr((hook, alerts, post))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected at least one [[sink]]"),
        ("\nsinks = 5", "line 2: sinks: only [[sink]] is known here"),
        ("[[sink]\n", "line 1: "),
        ("\ufeff" + HOOK, "line 1: sink 'desk': one of url, url_file and url_environment is needed"),
        (HOOK + "url = " + "[" * 3_000 + "]" * 3_000, "brackets or keys lie too many levels inside each other"),
        ("[[sink]]\nkind = 'webhook'", "line 1: sink 1: name: expected a text"),
        ("[[sink]]\nname = 'Desk 1'", "line 2: sink 'Desk 1': name: 'Desk 1': expected up to 48 of a-z"),
        ("[[sink]]\nname = 'desk'\nkind = 'fax'", "line 3: sink 'desk': kind: 'fax' is none of webhook, alertmanager, email"),
        (HOOK, "line 1: sink 'desk': one of url, url_file and url_environment is needed"),
        (HOOK + URL + "url_file = 'secret'", "line 5: sink 'desk': url_file: one of url, url_file and url_environment"),
        (HOOK + URL + "colour = 'red'", "line 5: sink 'desk': colour: no such key of kind 'webhook'; there are: name, kind"),
        (HOOK + URL + "hold_minutes = 5", "line 5: sink 'desk': hold_minutes: no such key of kind 'webhook'"),
        (HOOK + URL + f"secret = '{SECRET}'", "line 5: sink 'desk': secret: secrets do not stand in this file; there are secret_file"),
        (MAIL + TO + f"password = '{SECRET}'", "line 7: sink 'desk': password: secrets do not stand in this file"),
        (HOOK + f"url = 'https://me:{SECRET}@desk.example/'", "line 4: sink 'desk': url: no user and password in an address"),
        (HOOK + f"url = 'ftp://desk.example/{SECRET}'", "line 4: sink 'desk': url: expected an address that begins with"),
        (HOOK + f"url = 'https://[::1/{SECRET}'", "line 4: sink 'desk': url: is no address"),
        (HOOK + "url = 'http://127.0.0.1:9093/'", "line 4: sink 'desk': url: 127.0.0.1 is refused as a target: loopback; MUSTER_ALLOW"),
        (HOOK + "url = 'http://[::ffff:10.0.0.1]/'", "line 4: sink 'desk': url: ::ffff:10.0.0.1 is refused as a target: an IPv4"),
        (HOOK + URL + "ca_file = 'secret'", "line 5: sink 'desk': ca_file: "),
        (HOOK + "url_file = 'nowhere'", "line 4: sink 'desk': url_file: no file at "),
        (HOOK + "url_environment = 'NOWHERE'", "line 4: sink 'desk': url_environment: there is no variable NOWHERE"),
        (HOOK + "url_environment = 'MUSTER_HOOK'", "line 4: sink 'desk': url_environment: MUSTER_HOOK: names with MUSTER_ are"),
        (HOOK + "url_environment = 'TOKEN'", "line 4: sink 'desk': url_environment: expected an address that begins with"),
        (HOOK + URL + "secret_environment = 'EMPTY'", "line 5: sink 'desk': secret_environment: what EMPTY holds is empty"),
        (HOOK + URL + "secret_environment = 'BROKEN'", "line 5: sink 'desk': secret_environment: what BROKEN holds is empty, or has"),
        (HOOK + "url = 'http://desk.example/'\nauthorization_file = 'secret'", "line 4: sink 'desk': url: authorization would cross"),
        (HOOK + URL + "minimum_severity = 'high'", "line 5: sink 'desk': minimum_severity: 'high' is none of low, normal, critical"),
        (HOOK + URL + "kinds = [\n'new',\n'old']", "line 7: sink 'desk': kinds: 'old' is none of new, corroborated"),
        (HOOK + URL + "at_most = 2.5", "line 5: sink 'desk': at_most: expected a whole number from 0 to 100000, got 2.5"),
        (HOOK + URL + "minutes = true", "line 5: sink 'desk': minutes: expected a number from 0.01 to 10080, got True"),
        (HOOK + URL + "from = 'middle'", "line 5: sink 'desk': from: 'middle' is none of start, end"),
        (HOOK + URL + HOOK + URL, "line 6: sink 'desk': name: used twice"),
        (MAIL + TO.replace("muster@", "muster\\nBcc: x@"), "line 5: sink 'desk': sender: 'muster\\nBcc: x@desk.example' is no address"),
        (MAIL + TO.replace("desk@desk.example", "desk"), "line 6: sink 'desk': recipients: 'desk' is no address"),
        (MAIL + TO + "username = 'x'", "line 7: sink 'desk': username: username and a password belong together"),
        (MAIL + TO + "username = 'x'\npassword_file = 'secret'\nsecurity = 'none'", "line 9: sink 'desk': security: the password would"),
        (MAIL + TO.replace("mail.example", "192.168.1.1"), "line 4: sink 'desk': host: 192.168.1.1 is refused as a target: private"),
    ],
)  # fmt: skip
def test_a_wrong_file_names_file_line_sink_and_key_and_no_secret(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError) as raised:
        loaded(tmp_path, text)
    assert str(raised.value).startswith(f"MUSTER_SINKS: {tmp_path / 'sinks.toml'}: {message}")
    assert SECRET not in str(raised.value)


def test_addresses_of_ones_own_network_are_taken_where_that_is_allowed(tmp_path: Path) -> None:
    (sink,) = loaded(
        tmp_path, HOOK + "url = 'http://127.0.0.1:9093/'\nauthorization_file = 'secret'", allow_private=True
    )
    assert sink.target.where == "http://127.0.0.1:9093"


def test_parts_of_a_secret_that_are_secret_by_themselves_are_hidden_too(tmp_path: Path) -> None:
    (tmp_path / "header").write_text(f"Bearer {SECRET}")
    (tmp_path / "address").write_text(f"https://desk.example/services/T0001/{SECRET}?key={SECRET}-2")
    (sink,) = loaded(tmp_path, HOOK + 'url_file = "address"\nauthorization_file = "header"\n')
    assert isinstance(sink.target, Web)
    for said in (f"token {SECRET} is old", f"/services/T0001/{SECRET}: gone", f"key {SECRET}-2"):
        assert SECRET not in without(sink.target.hidden, said)
