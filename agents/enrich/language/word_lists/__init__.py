"""Lists of words that the rules ask for by name, each a table in a file of this folder with what it means.

    word_list("place_told.definite")    -> the words of the table [definite] in place_told.toml

A file is named after the module that reads it. A person can add a word without touching code.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


class WordListError(ValueError):
    """A word list that cannot be used; the message names the file, the list and what is wrong with it."""


def word_list(name: str) -> frozenset[str]:
    """The words of "file.list". Raises `WordListError`."""
    file, _, key = name.partition(".")
    entry = _read(file).get(key)
    if not isinstance(entry, dict):
        raise WordListError(f"{file}.toml: there is no list [{key}]")
    meaning, words = entry.get("meaning"), entry.get("words")
    if not isinstance(meaning, str) or not meaning.strip():
        raise WordListError(f"{file}.toml: [{key}] lacks its meaning")
    if not isinstance(words, list) or not words:
        raise WordListError(f"{file}.toml: [{key}] has no words")
    for word in words:
        if not isinstance(word, str) or not word or word != word.strip():
            raise WordListError(f"{file}.toml: [{key}] has {word!r}, which is no word")
    twice = sorted({w for w in words if words.count(w) > 1})
    if twice:
        raise WordListError(f"{file}.toml: [{key}] has {twice[0]!r} twice")
    return frozenset(words)


@cache
def _read(file: str) -> dict[str, Any]:
    text = files("agents.enrich.language").joinpath("word_lists", f"{file}.toml").read_text(encoding="utf-8")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WordListError(f"{file}.toml: {error}") from None
