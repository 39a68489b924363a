"""One desk's style made another's: British and American spelling, figures, dates, titles. Data: `style.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}}) ({_MONTHS})\b")
_MONTH_FIRST = re.compile(rf"\b({_MONTHS}) (\d{{1,2}})\b(?!,? ?\d)")


@cache
def _pairs() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """British to American, American to British, figures."""
    data = tomllib.loads(Path(__file__).with_name("style.toml").read_text(encoding="utf-8"))
    british = dict(data["spelling"])
    return british, {american: word for word, american in british.items()}, dict(data["figures"])


def _exchanged(text: str, words: dict[str, str]) -> str:
    def other(found: re.Match[str]) -> str:
        word = found.group()
        put = words[word.lower()]
        return put.capitalize() if word[0].isupper() else put

    return re.sub(rf"\b(?:{'|'.join(words)})\b", other, text, flags=re.IGNORECASE)


def in_other_style(text: str) -> str:
    """The text as the desk of another country prints it. "on 22 June two officers ... the defence" ->
    "on June 22 2 officers ... the defense"."""
    to_american, to_british, figures = _pairs()
    words = re.findall(r"[a-z]+", text.lower())
    american = sum(word in to_british for word in words) > sum(word in to_american for word in words)
    text = _exchanged(text, to_british if american else to_american)
    text = _MONTH_FIRST.sub(r"\2 \1", text) if american else _DAY_FIRST.sub(r"\2 \1", text)
    text = text.replace("U.S.", "US").replace("Mr. ", "Mr ").replace("Mrs. ", "Mrs ").replace("Dr. ", "Dr ")
    return _exchanged(text, figures)
