"""How alerts are written for each receiver: all that matters is there, and nothing in it can do more than be read."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import re
from typing import Any

import orjson
import pytest

from sinks.formats import alertmanager, mail, muster, slack
from sinks.plain import one_line, web_address
from sinks.transport import key_of
from sinks.web import header
from tests.sinks.given import EXAMPLES, alert, hostile_alert

DESK = "https://desk.example/"
LINK = "https://desk.example/events/PRT.deploy.CPV.2019-W38"
FORBIDDEN = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x09\x0b-\x1f\x7f\u2028\u2029]")


def texts(found: Any) -> list[str]:
    """All texts in a JSON document."""
    if isinstance(found, str):
        return [found]
    parts = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    return [text for part in parts for text in texts(part)]


def test_musters_own_format_is_the_record() -> None:
    from streams import records

    assert muster.body([EXAMPLES[0]]) == records.encode(EXAMPLES[0])
    assert orjson.loads(muster.body(EXAMPLES[:2]))["digest"][1]["id"] == EXAMPLES[1].id


def test_slack_is_told_headline_severity_evidence_and_where_to_look() -> None:
    found = orjson.loads(slack.body([EXAMPLES[0]], DESK))
    said = "\n".join(texts(found["blocks"]))
    assert found["text"].startswith("NEW Portugal is to send up to 150 troops to Cape Verde")
    assert f"<{LINK}|Portugal is to send up to 150 troops" in said
    assert "critical · 16 Sep 2019 11:20 UTC · all" in said
    assert "> Portugal will send up to 150 marines" in said
    assert "<https://atlanticwire.example/news/portugal-marines-cape-verde|Atlantic Wire>" in said


@pytest.mark.parametrize("count", [1, 60])
def test_nothing_in_a_chat_calls_or_leads_anybody(count: int) -> None:
    found = orjson.loads(slack.body([hostile_alert()] * count, DESK))
    said = texts(found)
    assert len(found["blocks"]) <= 50
    assert all(len(text) <= 3_000 for text in texts(found["blocks"]))
    assert not any(FORBIDDEN.search(text.replace("\n", " ")) for text in said)
    for text in said:
        assert not re.search(r"<[!@#]|@everyone|@channel", text)
        assert {address.split("/")[2] for address in re.findall(r"<(https?:[^|>]*)\|", text)} <= {
            "desk.example", "evil.example",
        }  # fmt: skip
        assert "<http://evil.example|desk>" not in text


def test_a_text_is_escaped_as_slack_demands() -> None:
    assert slack.escaped("R&D <b>") == "R&amp;D &lt;b&gt;"


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("[x](http://evil.example) ![x](https://evil.example)", r"\[|\]|://|evil\.example"),
        ("see www.evil.example or evil.example", r"\w\.\w"),
        ("*bold* _slanted_ ~struck~ ~town-square `code` ||hidden|| \\[x]", r"[*_~`|\\]"),
        ("@all @channel #urgent desk@evil.example", r"[@#]\w"),
        (":boom: :100: :-) mailto:x $$x$$", r":[^\s\d\u2060]|:1|\$\$"),
    ],
)  # fmt: skip
def test_an_articles_text_is_nothing_but_text_in_slack_and_in_markdown(text: str, forbidden: str) -> None:
    one = alert(headline=text, sources=(text,), watchlists=(text,))
    one = dataclasses.replace(
        one, evidence=(dataclasses.replace(one.evidence[0], text=text, outlet_name=text, url=None),)
    )
    assert not re.search(forbidden, slack.escaped(text))
    for alerts in ([one], [one, one]):
        found = orjson.loads(slack.body(alerts, ""))
        assert not re.search(forbidden, found["text"])


def test_figures_and_names_stay_as_they_are() -> None:
    for text in (
        "At 14:05 the U.S. sent 1,500 troops (0.5%), officials said: none",
        "U.N. · Côte d'Ivoire - 3.5 million",
    ):
        assert slack.escaped(text) == text


def test_who_knows_no_blocks_reads_the_same_in_lines() -> None:
    """Mattermost shows the text only."""
    lines = orjson.loads(slack.body([EXAMPLES[0]], DESK))["text"].split("\n")
    assert lines[0].startswith("NEW Portugal is to send up to 150 troops to Cape Verde")
    assert lines[1] == f"critical · 16 Sep 2019 11:20 UTC · all · <{LINK}>"
    assert any(line.startswith("“Portugal will send up to 150 marines") for line in lines)
    assert lines[-1].endswith("<https://atlanticwire.example/news/portugal-marines-cape-verde>")
    digest = orjson.loads(slack.body(EXAMPLES[:2] * 30, DESK))["text"].split("\n")
    assert digest[0] == "60 alerts that were gathered"
    assert len(digest) == 1 + 2 * 60
    assert digest.count(digest[1]) == 30
    long = orjson.loads(slack.body([alert(headline="long " * 100)] * 300, DESK))["text"]
    assert len(long) < 40_000
    assert re.search(r"\nand 2\d\d more$", long)


def test_alertmanagers_labels_tell_alerts_apart_and_its_notes_tell_what_happened() -> None:
    (found,) = orjson.loads(alertmanager.posted([EXAMPLES[0]], DESK, 1_568_700_000, 60))
    assert found["labels"] == {
        "alertname": "MusterAlert", "alert": "PRT.deploy.CPV.2019-W38.new", "kind": "new", "severity": "critical",
        "mover": "PRT", "place": "CPV", "event": "PRT.deploy.CPV.2019-W38", "family": "deploy", "status": "decided",
        "watchlist": "all",
    }  # fmt: skip
    assert found["annotations"]["headline"] == EXAMPLES[0].headline
    assert found["annotations"]["link"] == found["generatorURL"] == LINK
    assert "150 marines" in found["annotations"]["evidence"]
    assert (found["startsAt"], found["endsAt"]) == ("2019-09-16T11:20:00Z", "2019-09-17T07:00:00Z")


def test_an_alert_that_is_dated_ahead_begins_now() -> None:
    (found,) = orjson.loads(alertmanager.posted([EXAMPLES[0]], "", 1_500_000_000, 1))
    assert (found["startsAt"], found["endsAt"]) == ("2017-07-14T02:40:00Z", "2017-07-14T02:41:00Z")
    assert "generatorURL" not in found


def test_what_alerts_of_a_payload_share_is_said_once() -> None:
    found = orjson.loads(alertmanager.webhook(EXAMPLES[:2], DESK, "desk"))
    assert found["commonLabels"]["event"] == "PRT.deploy.CPV.2019-W38"
    assert "alert" not in found["commonLabels"]
    assert len({one["fingerprint"] for one in found["alerts"]}) == 2


def test_labels_and_notes_of_a_hostile_alert_are_plain() -> None:
    for text in texts(orjson.loads(alertmanager.webhook([hostile_alert()], DESK, "desk"))):
        assert not FORBIDDEN.search(text)


def mailed(*alerts: Any) -> email.message.EmailMessage:
    raw = mail.message(
        alerts, key_of(alerts), DESK, 1_568_700_000, "muster@desk.example", ["a@x.example", "b@x.example"]
    )
    found = email.message_from_bytes(raw.as_bytes(), policy=email.policy.default)
    assert isinstance(found, email.message.EmailMessage)
    return found


def test_a_mail_has_the_headline_for_a_subject_and_the_evidence_in_plain_text() -> None:
    found = mailed(EXAMPLES[0])
    assert found["Subject"] == EXAMPLES[0].headline
    assert found["To"] == "a@x.example, b@x.example"
    assert found["Message-ID"] == mailed(EXAMPLES[0])["Message-ID"] != mailed(EXAMPLES[1])["Message-ID"]
    assert found["References"] == mailed(EXAMPLES[1])["References"]
    text = found.get_content().replace("\r\n", "\n")
    assert "> Portugal will send up to 150 marines" in text
    assert "— Helena Castro, Atlantic Wire, 16 Sep 2019 11:20 UTC\n  https://atlanticwire.example/news/" in text
    assert LINK in text


def test_a_digest_by_mail_has_all_of_them() -> None:
    found = mailed(*EXAMPLES[:2])
    assert found["Subject"].startswith("2 alerts: ")
    assert all(" ".join(one.headline.split()) in " ".join(found.get_content().split()) for one in EXAMPLES[:2])


def test_a_headline_begins_no_header_and_turns_no_line_around() -> None:
    found = mailed(hostile_alert())
    assert set(found.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "References", "Auto-Submitted", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert found["Subject"].startswith("Denied Bcc: all@example.org ")
    assert not FORBIDDEN.search(found["Subject"])
    assert not FORBIDDEN.search(found.get_content().replace("\r\n", "\n"))


@pytest.mark.parametrize(
    "word",
    [
        "=?utf-8?q?x=0D=0ABcc:_y@z.example?=",
        "=?utf-8?b?4oCua2Fi?=",
        "=\u200b?utf-8?q?=0D=0A=0D=0Abody?=",
        "==??utf-8?q?=0A?=",
    ],
)
@pytest.mark.parametrize("rest", ["", " é"])
def test_an_encoded_word_in_a_headline_stays_what_it_is(word: str, rest: str) -> None:
    found = mailed(alert(headline=f"Denied {word}{rest}"))
    assert found["Bcc"] is None
    assert not found.defects
    assert found["Subject"] == f"Denied {one_line(word)}{rest}".replace("=?", "= ?")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://a.example/x?y=1&z=%20#t", "https://a.example/x?y=1&z=%20#t"),
        ("https://a.example/ä|<b>", "https://a.example/%C3%A4%7C%3Cb%3E"),
        ("javascript:alert(1)", None), ("data:text/html,x", None), ("//a.example", None), ("https:///x", None),
        ("https://a.example/\r\nx", None), ("https://a.example/%0d%0aX", None), ("https://[::1/", None), (None, None),
        ("https://a.example/" + "x" * 2_000, None),
        ("https://reuters.com@evil.example/", None), ("https://reuters.com:1@evil.example/", None),
        ("https://@evil.example/", None), ("https://reuters.com\\@evil.example/", None),
        ("https://a.example/@desk", "https://a.example/@desk"),
    ],
)  # fmt: skip
def test_only_addresses_that_a_browser_may_be_sent_to_become_links(address: str | None, kept: str | None) -> None:
    assert web_address(address) == kept


def test_a_key_is_the_alerts_id_and_fits_into_a_header() -> None:
    assert key_of([EXAMPLES[0]]) == EXAMPLES[0].id
    assert key_of(EXAMPLES[:2]) == key_of(EXAMPLES[:2]) != key_of(EXAMPLES[:1] * 2)
    assert header("MLI.deploy.Gaö\r\nX: y") == "MLI.deploy.Ga\\xf6  X: y"


def test_a_long_text_is_cut() -> None:
    assert one_line("a" * 50, 10) == "a" * 9 + "…"
    assert slack.escaped(alert(headline="&" * 5_000).headline).count("&amp;") < 600
