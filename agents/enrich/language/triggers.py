"""Which sentences are worth a parse: one pass of an automaton over the text for words of force and words of moving.

A sentence is worth it if it has both. Weak words ("men", "officers") count only where the text has a strong one.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import Any

from agents.enrich.language.lexicon import lexicon
from agents.enrich.language.sentences import Sentence
from agents.enrich.language.word_lists import word_list

_IRREGULAR = {
    "send": ("sent",), "bring": ("brought",), "take": ("took", "taken", "taking"), "leave": ("left", "leaving"), "go": ("went", "gone", "goes"),
    "come": ("came", "coming"), "fly": ("flew", "flown", "flies"), "withdraw": ("withdrew", "withdrawn"), "draw": ("drew", "drawn"),
    "fall": ("fell", "fallen"), "keep": ("kept",), "put": ("putting",), "set": ("setting",), "seek": ("sought",), "have": ("has", "had"),
    "drive": ("drove", "driven"), "ride": ("rode", "ridden"), "beg": ("begged", "begging"), "lend": ("lent",), "be": ("is", "are", "was", "were", "been", "be"),
    "get": ("got", "getting"), "ship": ("shipped", "shipping"), "drop": ("dropped", "dropping"), "slip": ("slipped", "slipping"), "quit": ("quitting",),
    "commit": ("committed", "committing"), "transfer": ("transferred", "transferring"), "second": (), "let": ("letting",), "be_": (),
    "forbid": ("forbade", "forbidden"), "rule": ("ruled",), "plead": ("pled",), "airlift": ("airlifted",), "ferry": ("ferried", "ferries"), "beef": ("beefed",),
    "cut": ("cutting",), "deny": ("denies", "denied"), "rise": ("rose", "risen"), "grow": ("grew", "grown"), "swell": ("swollen",), "shrink": ("shrank", "shrunk"),
    "ban": ("banned", "banning"), "bar": ("barred", "barring"), "lobby": ("lobbies", "lobbied"), "cancel": ("cancelled", "cancelling"),
    "snub": ("snubbed", "snubbing"), "permit": ("permitted", "permitting"), "expel": ("expelled", "expelling"),
}  # fmt: skip
SHORT = 600
"""Characters up to which a text is a sentence or a headline by itself."""


def forms(lemma: str) -> set[str]:
    """The written forms of a verb: regular ones, doubled consonants left to the table of irregular ones."""
    found = {lemma, *_IRREGULAR.get(lemma, ())}
    stem = lemma[:-1] if lemma.endswith("e") else lemma
    found |= {f"{lemma}s", f"{stem}ed", f"{stem}ing"}
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        found |= {f"{lemma[:-1]}ies", f"{lemma[:-1]}ied"}
    if lemma.endswith(("sh", "ch", "ss")):
        found.add(f"{lemma}es")
    return found


@cache
def _automaton() -> Any:
    import ahocorasick

    words: dict[str, set[str]] = {}

    def add(word: str, kind: str) -> None:
        words.setdefault(word, set()).add(kind)

    quantities = word_list("forces.quantities")
    for word, force in lexicon().forces.items():
        add(word, "force" if force.strength == "strong" else "quantity" if word in quantities else "weak")
    for phrase in word_list("triggers.force_beginnings"):
        add(phrase, "force*")
    for lemma in lexicon().verbs:
        for form in forms(lemma):
            add(form, "motion")
    for lemma in lexicon().nouns:
        add(lemma, "motion")
        add(lemma + "s", "motion")
    for lemma in word_list("triggers.cue_verbs"):
        for form in forms(lemma):
            add(form, "motion")
    for phrase in word_list("triggers.cues"):
        add(phrase, "motion")
    for phrase in word_list("triggers.alone"):
        add(phrase, "self*")
    for lemma in word_list("triggers.sending"):
        for form in forms(lemma):
            add(form, "sending")
    automaton = ahocorasick.Automaton()
    for word, kinds in words.items():
        automaton.add_word(word, (len(word), tuple(kinds)))
    automaton.make_automaton()
    return automaton


@dataclass(frozen=True, slots=True)
class Hits:
    """Where the text has words of each kind, as sorted offsets."""

    force: list[int]
    weak: list[int]
    quantity: list[int]
    """Weak words that stand for forces told of before: "more", "the rest"."""
    motion: list[int]
    alone: list[int]
    sending: list[int]
    """Verbs that make even a weak word a force: "sent 400 police"."""
    short: bool = False
    """Whether the text is no longer than a paragraph: then weak words of force are enough, whatever it costs."""

    @property
    def any(self) -> bool:
        """Whether a sentence of the text can be worth a parse at all."""
        return bool(
            self.alone
            or (self.force and self.short)
            or ((self.force or ((self.weak or self.quantity) and (self.short or self.sending))) and self.motion)
        )


def scan(text: str) -> Hits:
    """All trigger words of a text, in one pass."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose lower case is longer: offsets would shift
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    force: list[int] = []
    weak: list[int] = []
    quantity: list[int] = []
    motion: list[int] = []
    alone: list[int] = []
    sending: list[int] = []
    length = len(lowered)
    for end, (size, kinds) in _automaton().iter(lowered):
        start = end - size + 1
        if start > 0 and lowered[start - 1].isalnum():
            continue
        whole = end + 1 >= length or not lowered[end + 1].isalnum()
        for kind in kinds:
            if kind == "force*" or (kind == "force" and whole):
                force.append(start)
            elif kind == "self*":
                alone.append(start)
                motion.append(start)
            elif whole and kind == "weak":
                weak.append(start)
            elif whole and kind == "quantity":
                quantity.append(start)
            elif whole and kind == "motion":
                motion.append(start)
            elif whole and kind == "sending":
                sending.append(start)
    return Hits(
        force=sorted(force),
        weak=sorted(weak),
        quantity=sorted(quantity),
        motion=sorted(motion),
        alone=sorted(alone),
        sending=sorted(sending),
        short=len(text) <= SHORT,
    )


def _within(offsets: list[int], start: int, end: int) -> bool:
    at = bisect_left(offsets, start)
    return at < len(offsets) and offsets[at] < end


def worth_parsing(sentence: Sentence, hits: Hits, *, told: bool = True) -> bool:
    """Whether a sentence has a force and a motion, or a word that is both ("withdrawal", "mobilisation"). Of a headline a
    force is enough: its verbs are its own ("US mulls more troops for Afghanistan").

    Not `told`: no force has been told of before, so a mere quantity is none.
    """
    if sentence.headline and _within(hits.force, sentence.start, sentence.end):
        return True
    if _within(hits.alone, sentence.start, sentence.end):
        return True
    if not _within(hits.motion, sentence.start, sentence.end):
        return False
    if _within(hits.force, sentence.start, sentence.end):
        return True
    company = hits.short or len(hits.force) >= 1 or _within(hits.sending, sentence.start, sentence.end)
    weak = _within(hits.weak, sentence.start, sentence.end)
    return company and (weak or (told and _within(hits.quantity, sentence.start, sentence.end)))
