"""A sentence parsed by spaCy, with the names in it laid over its tokens.

Headlines in Title Case and wire text in CAPITALS are recased first, letter by letter, so that offsets stay. Parses are
cached by their text: copies of an article repeat its sentences.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.enrich.language.lexicon import ForceWord, lexicon
from agents.enrich.language.sentences import Sentence
from agents.enrich.names.mention import Mention

CACHED = 512
"""Parsed sentences kept: about 40 MB. A story's copies arrive within minutes of one another."""

WHOLE = {
    "pull-out": "withdrawal", "pull-outs": "withdrawals", "pull-back": "withdrawal", "call-up": "mobilization", "call-ups": "mobilizations",
    "build-up": "buildup", "draw-down": "withdrawal", "re-deployment": "deployment", "re-deploy": "deploy", "stand-by": "standby",
}  # fmt: skip
"""Hyphenated words of the lexicon that stay one token, each with a word that the model knows and that is used like it."""

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_APOSTROPHE = re.compile(r"[’ʼ](?=(?:s|re|ve|ll|d|m|t)\b)")
"""Typographic apostrophes, which the model knows less well."""
_SET_OFF = re.compile(
    r"(?P<comma>,)?\s*(?:\b(?:but|and|though) not|\b(?:rather than|instead of)|(?<=,)\s*(?:not|unlike))"
    r"\s+(?:(?:in|to|into|from|for|by|with|on|at)\s+)?(?:the\s+)?$"
)
"""What sets a name off from what is said of another: "Ireland but not Britain", "to Latvia, rather than to Estonia"."""
_OPENING = re.compile(r"(?:Besides|Apart from|Unlike|Along with|In addition to|Following|Like) (?:the )?$")
"""What sets the first names of a sentence apart from its subject: "Besides South Africa, Tanzania has pledged troops"."""
_KEPT = re.compile(r"^(?:[A-Z]\.)+[A-Z]?\.?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """`tokens` are spaCy's; offsets of tokens and mentions count in the sentence's text."""

    sentence: Sentence
    tokens: Any
    mentions: tuple[Mention, ...]
    at: Mapping[int, Mention]
    """The mention that covers a token, by the token's index."""
    forces: Mapping[int, ForceWord]
    """The force word at a token, by the token's index."""
    people: tuple[tuple[int, int], ...]
    """Spans of characters that the model takes for people."""


class Parser:
    """spaCy with what the rules need. Loading takes about a second, a sentence of 30 words about 10 ms."""

    def __init__(self, model: str) -> None:
        import spacy

        self._nlp = spacy.load(model, exclude=["senter", "textcat"])
        for word, known in WHOLE.items():
            for written in (word, word.capitalize(), word.upper()):
                self._nlp.tokenizer.add_special_case(written, [{"ORTH": written, "NORM": known}])
        self._names = self._nlp.get_pipe("ner") if self._nlp.has_pipe("ner") else None
        """Looks for names in a parse; not part of every parse, as most sentences need none."""
        if self._names is not None:
            self._nlp.disable_pipe("ner")
        self._cache: OrderedDict[str, Any] = OrderedDict()
        self._common = _common_words(self._nlp)

    def parse(
        self, sentences: Sequence[tuple[Sentence, tuple[Mention, ...]]], *, names: bool = True
    ) -> Iterator[Parsed]:
        """The sentences parsed, each with the mentions inside it, whose offsets count in its text.

        Without `names` the model's names of people, dates and sums are not looked for, which is half of the work.

        Several at once take half the time of one by one: most of what the model does for a sentence alone is overhead.
        """
        kept, texts = [], []
        for sentence, mentions in sentences:
            text = _APOSTROPHE.sub("'", self.recased(sentence, mentions))
            named, text = without_set_off(mentions, text)
            kept.append((sentence, named))
            texts.append(text)
        parses = self._parses(texts, names=names)
        for (sentence, mentions), text in zip(kept, texts, strict=True):
            # one at a time, as two copies of a sentence share the parse that the mentions are laid over
            yield _laid_over(sentence, mentions, parses[text])

    def _parses(self, texts: Iterable[str], *, names: bool) -> dict[str, Any]:
        """The parse of each text, from the cache or made now."""
        parses: dict[str, Any] = {}
        missing = []
        for text in dict.fromkeys(texts):
            parse = self._cache.get(text)
            if parse is None:
                missing.append(text)
            else:
                self._cache.move_to_end(text)
                parses[text] = parse
        # a pipe of one costs a little more than a call
        made = [self._nlp(missing[0])] if len(missing) == 1 else self._nlp.pipe(missing)
        for text, parse in zip(missing, made, strict=True):
            self._cache[text] = parses[text] = parse
        while len(self._cache) > CACHED:
            self._cache.popitem(last=False)
        if names and self._names is not None:
            unnamed = [parse for parse in parses.values() if "names" not in parse.user_data]
            for parse in self._names.pipe(unnamed):
                # What was read of it without its names may be read otherwise with them ("voted on Thursday").
                parse.user_data.clear()
                parse.user_data["names"] = True
        return parses

    def recased(self, sentence: Sentence, mentions: tuple[Mention, ...]) -> str:
        """The text to parse: as it stands, or recased where capitals tell nothing. As long as the sentence."""
        text = sentence.text
        letters = [c for c in text if c.isalpha()]
        capitals = sum(c.isupper() for c in letters) / max(1, len(letters))
        if len(letters) > 8 and capitals > 0.7:
            return self._recase(text, mentions, everything=True)
        words = [w for w in _WORD.findall(text) if len(w) > 3]
        titled = sum(w[0].isupper() for w in words) / max(1, len(words))
        if sentence.headline and len(words) > 3 and titled > 0.7:
            return self._recase(text, mentions, everything=False)
        return text

    def _recase(self, text: str, mentions: tuple[Mention, ...], *, everything: bool) -> str:
        named = [(m.start, m.end) for m in mentions]
        out = list(text)
        first = True
        for match in _WORD.finditer(text):
            word = match.group()
            start, end = match.span()
            inside = any(s < end and e > start for s, e in named)
            if _KEPT.match(word) or (text[end : end + 1] == "." and len(word) == 1):
                first = False
                continue
            if inside:
                if (
                    everything
                    and len(word) > 1
                    and not (word.isupper() and len(word) <= 4 and _acronym(text, mentions, start))
                ):
                    _write(out, start, word[0] + word[1:].lower())
            elif self._is_common(word.lower()):
                _write(out, start, word.lower() if not first else word[0] + word[1:].lower())
            elif everything:
                _write(out, start, word[0] + word[1:].lower())
            first = False
        return "".join(out)

    def _is_common(self, word: str) -> bool:
        word = re.sub(r"['’]s$|['’]$", "", word)
        if word in self._common or word in lexicon().forces:
            return True
        for ending, instead in (
            ("s", ""),
            ("es", ""),
            ("ies", "y"),
            ("ed", ""),
            ("ed", "e"),
            ("d", ""),
            ("ing", ""),
            ("ing", "e"),
            ("ly", ""),
        ):
            if word.endswith(ending) and word[: -len(ending)] + instead in self._common and len(word) > 4:
                return True
        return "-" in word and all(self._is_common(part) for part in word.split("-") if part)


def without_set_off(mentions: tuple[Mention, ...], text: str) -> tuple[tuple[Mention, ...], str]:
    """The mentions and the text without the names that are set off from the sentence ("but not Britain"), which it says
    nothing of. Spaces stand in their place, so that offsets stay."""
    kept = []
    if mentions and _is_bare_dateline(mentions[0], text):
        text = " " * mentions[0].end + text[mentions[0].end :]
        mentions = mentions[1:]
    if _opened_apart(mentions, text):
        text = " " * mentions[1].start + text[mentions[1].start :]
        mentions = mentions[1:]
    for mention in mentions:
        if text[: mention.start].lower().endswith("non-"):
            continue  # "other non-US troops"
        opening = _SET_OFF.search(text[: mention.start]) if mention.kind != "person" else None
        behind = text[mention.end : mention.end + 1]
        if opening is None or opening.start() == 0 or behind in ("'", "’", "-") or _goes_on(text, mention.end):
            kept.append(mention)
            continue
        end = mention.end + (1 if opening["comma"] and behind == "," else 0)
        text = text[: opening.start()] + " " * (end - opening.start()) + text[end:]
    return tuple(kept), text


def _is_bare_dateline(mention: Mention, text: str) -> bool:
    """Whether a sentence opens with the town that it was written in: "BRUSSELS NATO has seen", "MOSCOW May 7 President"."""
    capitals = mention.start == 0 and mention.text.isupper() and len(mention.text) > 3
    town = mention.kind == "place" or mention.form in ("capital", "city", "seat")
    following = text[mention.end : mention.end + 2]
    plain = sum(c.islower() for c in text) > len(text) / 2
    return capitals and town and plain and following[:1] == " " and following[1:].isupper()


def _opened_apart(mentions: tuple[Mention, ...], text: str) -> bool:
    """Whether the first name is set apart and the second one, right behind its comma, is the subject."""
    if len(mentions) < 2 or not _OPENING.fullmatch(text[: mentions[0].start]):
        return False
    return text[mentions[0].end : mentions[1].start] == ", "


def _goes_on(text: str, end: int) -> bool:
    """Whether a word that belongs to the name follows it: "not British troops", "not Britain and France"."""
    following = re.match(r"\s+([\w-]+)", text[end:])
    if following is None:
        return False
    word = following.group(1).lower()
    return word in ("and", "or", "nor") or word in lexicon().forces


_SAYING = frozenset(["say", "report", "announce", "add", "tell", "claim", "confirm"])


def _mend_told_first(tokens: Any) -> None:
    """Of "vehicles crossed into Tigray on Monday, the government said" the parser may make one subject of "said" with two
    heads, and a participle of "crossed"."""
    for saying in tokens:
        if saying.dep_ != "ROOT" or saying.lemma_ not in _SAYING:
            continue
        subjects = [c for c in saying.children if c.dep_ == "nsubj" and c.i < saying.i]
        if len(subjects) != 2 or tokens[subjects[1].left_edge.i - 1].text != ",":
            continue
        goer = subjects[0]
        told = next((c for c in goer.children if c.dep_ == "acl" and c.tag_ in ("VBN", "VBD") and c.i > goer.i), None)
        if told is None or any(c.dep_ in ("aux", "auxpass", "agent") for c in told.children):
            continue
        told.head, told.dep_, told.tag_ = saying, "ccomp", "VBD"
        goer.head, goer.dep_ = told, "nsubj"


def _laid_over(sentence: Sentence, mentions: tuple[Mention, ...], tokens: Any) -> Parsed:
    _mend_told_first(tokens)
    at: dict[int, Mention] = {}
    forces: dict[int, ForceWord] = {}
    words = lexicon().forces
    for token in tokens:
        start = token.idx
        end = start + len(token)
        mention = next((m for m in mentions if start < m.end and end > m.start), None)
        if mention is not None:
            at[token.i] = mention
        word = words.get(token.lower_) or (_aircraft(token.text) if token.pos_ in ("PROPN", "NOUN", "NUM") else None)
        if word is not None and token.pos_ not in ("VERB", "AUX", "ADP", "SCONJ"):
            forces[token.i] = word
    tokens.user_data["named"] = frozenset(at)
    people = tuple((e.start_char, e.end_char) for e in tokens.ents if e.label_ == "PERSON")
    return Parsed(sentence=sentence, tokens=tokens, mentions=mentions, at=at, forces=forces, people=people)


_FIGHTERS = re.compile(r"(?:F|F/A|FA|B|CF|MiG|MIG|Su|SU|Tu|AV|JF|MQ|EF)-?\d{1,3}[A-Za-z]{0,2}s?")
"""Fighters, bombers and armed drones by type; transports and helicopters are ordered and lent for much else."""


def names_aircraft(text: str) -> bool:
    """Whether a text has such a type anywhere."""
    return _FIGHTERS.search(text) is not None


def _aircraft(text: str) -> ForceWord | None:
    """The force word of an aircraft's type: "CF-18s", "MiG-31s"."""
    return ForceWord(word=text.lower(), kind="aircraft", strength="strong") if _FIGHTERS.fullmatch(text) else None


def _acronym(text: str, mentions: tuple[Mention, ...], start: int) -> bool:
    """Whether the capitals at `start` are an organisation's initials rather than a name in capitals."""
    return any(m.start <= start < m.end and m.kind in ("organisation", "armed-group", "force") for m in mentions)


def _write(out: list[str], start: int, word: str) -> None:
    for offset, letter in enumerate(word):
        if start + offset < len(out):
            out[start + offset] = letter


def _common_words(nlp: Any) -> frozenset[str]:
    """English words that are no names: WordNet's index, which the model's lemmatizer brings, and function words."""
    words: set[str] = set(nlp.Defaults.stop_words)
    if nlp.has_pipe("lemmatizer"):
        lookups = nlp.get_pipe("lemmatizer").lookups
        for name in ("lemma_index", "lemma_exc"):
            if lookups.has_table(name):
                for entries in lookups.get_table(name).values():
                    words.update(entries)
    return frozenset(words)
