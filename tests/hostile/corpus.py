"""Raw articles that mean harm, or come from a producer that is broken: made by code, as most are too large to lie here.

A maker whose name ends in `_is_refused` makes what must become a dead letter; all others must become an article.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from streams.settings import Settings

CLAIM = "Fiji will send 170 soldiers to Lebanon in March, Defence Minister Pio Vakatale said on Tuesday."
MOST = Settings().article_characters - 1_000
"""Characters of a text that ingest still takes."""

Maker = Callable[[], bytes]


def article(**fields: Any) -> bytes:
    """A raw article that is sound but for these fields."""
    sound = {
        "id": "hostile:1", "outlet": "hostile.example", "published": "2019-09-16T11:20:00Z", "title": "Fiji to send soldiers to Lebanon",
        "body": CLAIM, "language": "en",
    }  # fmt: skip
    return orjson.dumps(sound | fields)


def repeated(piece: str, most: int = MOST) -> str:
    """As often as fits into a text."""
    return piece * (most // len(piece))


def with_body(piece: str) -> Maker:
    return lambda: article(body=f"{CLAIM}\n\n{repeated(piece)}")


def with_page(page: Callable[[], str]) -> Maker:
    return lambda: article(body=None, html=page())


CORPUS: dict[str, Maker] = {
    # --- bytes ---
    "nothing_is_refused": lambda: b"",
    "zeros_is_refused": lambda: bytes(1000),
    "no_utf8_is_refused": lambda: b'{"outlet": "\xff\xfe"}',
    "utf16_is_refused": lambda: article().decode().encode("utf-16"),
    "half_a_record_is_refused": lambda: article()[:-20],
    "a_list_is_refused": lambda: b"[" + article() + b"]",
    "brackets_without_end_is_refused": lambda: b"[" * 100_000,
    "deep_json_in_a_field_is_refused": lambda: b'{"outlet": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "half_a_surrogate_is_refused": lambda: article().replace(b"Fiji to", b"Fiji \\ud800 to"),
    "more_bytes_than_are_taken_is_refused": lambda: article(body="x" * (Settings().article_bytes + 1)),
    "a_number_of_400_digits_as_version_is_refused": lambda: article().replace(b'"language"', b'"version":' + b"9" * 400 + b',"language"'),
    # --- fields that are not known, in an article without a text ---
    "a_name_that_is_no_utf8": lambda: article(body=None).replace(b'"language"', b'"\x80tml":"<p>x</p>","language"'),
    "an_unknown_number_of_9999_digits": lambda: article(body=None).replace(b'"language"', b'"n":' + b"9" * 9999 + b',"language"'),
    "an_unknown_field_without_bottom_is_refused": lambda: article(body=None).replace(
        b'"language"', b'"n":' + b"[" * 50_000 + b"]" * 50_000 + b',"language"'
    ),
    "a_text_under_another_name_is_refused": lambda: article(body=None, content=CLAIM * 3),
    # --- fields ---
    "no_outlet_is_refused": lambda: article(outlet=None),
    "an_outlet_of_blanks_is_refused": lambda: article(outlet=" \t "),
    "an_object_as_title_is_refused": lambda: article(title={"$gt": ""}),
    "the_year_9999_is_refused": lambda: article(published="9999-12-31T23:59:59Z"),
    "no_date_is_refused": lambda: article(published="yesterday"),
    "nuls_in_an_id_is_refused": lambda: article(id="a\0b"),
    "an_id_without_end_is_refused": lambda: article(id="x" * 100_000),
    "a_date_of_another_zone": lambda: article(published="2019-09-16T23:20:00+12:00"),
    "an_early_date_is_refused": lambda: article(published="1000-01-01T00:00:00Z"),
    "a_field_that_is_not_known": lambda: article(**{"__proto__": {"polluted": True}, "x" * 1000: [1]}),
    # --- text ---
    "a_megabyte_in_one_sentence": with_body("soldiers of Fiji and "),
    "one_word_without_end": lambda: article(body=CLAIM + "\n\n" + "x" * MOST),
    "no_spaces_between_sentences": with_body("Troops left.Troops came."),
    "nuls": with_body("Fiji\0 sent\0 troops. "),
    "bidirectional_text": with_body("\u202efiji\u202c \u2066troops\u2069 \u200f. "),
    "marks_upon_marks": lambda: article(body=CLAIM + "\n\na" + "\u0301" * (MOST // 2)),
    "digits_without_end": lambda: article(body=f"Fiji will send {'9' * 400} soldiers to Lebanon.\n\n" + repeated("9" * 400 + " soldiers. ")),
    "numbers_in_words": with_body("nine hundred ninety-nine million "),
    "quotation_marks": with_body("“‘\"'«"),
    "open_quotations": with_body("“He said: "),
    "speakers_within_speakers": with_body("said that the minister said that "),
    "triggers_alone": with_body("troops send soldiers deploy forces withdraw "),
    "sentences_with_triggers": with_body("Fiji sent troops to Mali. "),
    "denials": with_body("It is not true that it is not true that "),
    "names_in_capitals": with_body("UN NATO EU AU OSCE "),
    "a_list_of_countries": with_body("France, Germany, Italy, Spain, "),
    "credit_lines": with_body("(Reuters) - AP/AFP/TASS; "),
    "credit_lines_one_a_line": with_body("With reporting by Reuters, AP and AFP\n\n"),
    "datelines": with_body("MOSCOW, June 22 (Reuters) - "),
    "short_lines": with_body("a\n\n"),
    "blank_lines": with_body("\n \n\t"),
    "commas": with_body(", "),
    "brackets": with_body("((((["),
    "hyphens": with_body("-–—"),
    "abbreviations": with_body("U.S. U.K. Gen. Lt. Col. "),
    "bait_for_patterns": with_body("aaaaaaaaaaaaaaaaaaaaaaaa! "),
    "relative_clauses": with_body("troops who were sent by those who were sent by "),
    "capitals": lambda: article(title=CLAIM.upper() * 5, body=repeated(CLAIM.upper() + " ")),
    "emoji": with_body("🪖‍👩‍👩‍👧 "),
    "other_scripts": with_body("军队 войска الجيش สัปดาห์ "),
    "a_title_without_end_is_refused": lambda: article(title="troops " * 50_000),
    "links": with_body("https://a.example/" + "a" * 200 + " "),
    "a_byline_without_end": lambda: article(byline="By " + "A. B. and " * 10_000),
    # --- pages ---
    "deep_html": with_page(lambda: "<div>" * 15_000 + f"<p>{CLAIM}</p>"),
    "more_tags_than_are_read_is_refused": with_page(lambda: "<b>" * 60_000 + CLAIM),
    "tables_in_tables": with_page(lambda: "<table><tr><td>" * 3_000 + CLAIM),
    "cells_of_a_table": with_page(lambda: f"<p>{CLAIM}</p>" + "<td>( , and support France" * 19_000),
    "open_comments": with_page(lambda: f"<p>{CLAIM}</p>" + "<!--" * 50_000),
    "entities": with_page(lambda: f"<p>{CLAIM}</p><p>" + "&amp;" * 100_000 + "</p>"),
    "entities_that_grow": with_page(
        lambda: '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>' + f"<p>&b;{CLAIM}</p>"
    ),
    "attributes_without_end": with_page(lambda: "<p " + 'a="b" ' * 100_000 + f">{CLAIM}</p>"),
    "scripts": with_page(lambda: f"<p>{CLAIM}</p>" + "<script>document.write('<p>x</p>')</script>" * 5_000),
}  # fmt: skip


def must_be_refused(name: str) -> bool:
    return name.endswith("_is_refused")
