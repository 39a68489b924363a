"""Text as it should be: normalised characters, and paragraphs."""

from __future__ import annotations

import re
import unicodedata

# Control characters but tab and line ends; bidirectional controls, which can make a text read as what it is not; what
# is invisible: soft hyphen, zero-width space, word joiner, byte order mark; lone surrogates. The zero-width joiners
# stay: Persian and Hindi are written with them.
_UNWANTED = re.compile(
    "[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\xad\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u206f\\ufeff"
    "\\ufff9-\\ufffb\\ud800-\\udfff]"
)
_LINE_ENDS = re.compile("\\r\\n|[\\r\\x0b\\x0c\\x85\\u2028]")
_SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_BLANK_LINES = re.compile(r"\n\s*\n")
_ENDS_A_SENTENCE = re.compile(r"[.!?…:;\"”’')\]]\s*$")
WRAPPED = 100
"""Longest line of a text that was wrapped by hand or by a mailer (72 to 80, with room)."""


def normalised(text: str) -> str:
    """NFC, without control, bidirectional or invisible characters, with "\\n" as the only line end and single spaces."""
    if not text.replace("\n", "").isprintable():
        # There is something among it that is not plain print: most texts are spared this.
        text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
        text = _UNWANTED.sub("", text)
        text = _SPACES.sub(" ", text)
    elif "  " in text:
        text = _SPACES.sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.strip()


def one_line(text: str) -> str:
    """`normalised`, on one line."""
    return " ".join(normalised(text).split())


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a normalised text, each on one line.

    They are set apart by blank lines. A text without any has a paragraph on each line, unless it is wrapped: lines that
    are short and mostly end inside a sentence.
    """
    blocks = _BLANK_LINES.split(text)
    if len(blocks) == 1 and "\n" in text:
        lines = [line.strip() for line in text.split("\n")]
        inner = lines[:-1]
        open_ended = sum(1 for line in inner if not _ENDS_A_SENTENCE.search(line))
        if max(map(len, lines)) > WRAPPED or open_ended * 2 < len(inner):
            blocks = lines
    return [flat for block in blocks if (flat := " ".join(block.split()))]
