"""What stands around a name, and what it decides: the evidence that an ambiguous name is settled by."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field

from agents.enrich.names.gazetteer import GazetteerData, Sense
from agents.enrich.names.nametokens import HARD, WORD, fold, joint, listed_words

# Titles after which a surname follows; that such a name is also a place's says nothing.
PERSONAL_TITLES = frozenset(
    listed_words(
        "mr mrs ms miss dr gen lt col maj capt sgt cpl adm vadm brig sen rep gov sir lord lady dame prof professor "
        "justice judge sheriff lieutenant colonel captain sergeant corporal senator congressman congresswoman marshal "
        "airman reverend rev pastor ambassador spokesman spokeswoman coach actor singer comedian quarterback striker"
    )
)
# Titles that many a namesake has: they make nobody an office holder unless the text speaks of the country besides.
WEAK_TITLES = PERSONAL_TITLES - frozenset(listed_words("gen adm sen rep gov senator marshal"))
# Titles and offices that make a common surname an office holder's.
OFFICES = PERSONAL_TITLES | frozenset(
    listed_words(
        "president minister premier chancellor secretary king queen emir sultan sheikh ayatollah leader dictator "
        "strongman general admiral major commander chief dictator mullah general chairman taoiseach marshal "
        "presidents envoy prince warlord"
    )
)
# First names that are words as well: in capitals and in headlines, where every word has a capital, they are the word.
WORDS_OR_NAMES = frozenset(
    listed_words(
        "bill mark rose frank jack gene ray pat sue joy hope grace dean max miles norm drew wade rusty sandy penny ruby lance "
        "pierce chase lane reed page faith crystal amber holly iris ivy daisy robin dale glen cliff ward clay herb rob nick "
        "don lee victor carol bob mike peg dick pearl violet bishop carter mason hunter porter cash chase josh trey"
    )
)
# What stands before the name of a ship, which may be a town's: "HMAS Tobruk".
SHIPS = frozenset(listed_words("uss hms hmas hmcs hmnzs hnlms hdms ins usns rfa uscgc jds roks brp kri krb ess fns"))
NOBILITY = frozenset(listed_words("duke duchess earl countess marquess marquis baron baroness viscount"))
LOCATIVES = frozenset(
    listed_words(
        "in near at from to into around outside inside toward towards via through between of for leave leaving left "
        "reach reached entered enter entering capture captured besieged town city village province governorate region "
        "port district over across"
    )
)
CALENDAR = frozenset(
    listed_words(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
        "september october november december"
    )
)


@dataclass(slots=True)
class Words:
    """The words of a text: their offsets, as written, and folded."""

    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)
    _lines: list[int] | None = None
    _styles: dict[int, str] = field(default_factory=dict)

    def joint_after(self, i: int) -> str | None:
        """What joins word `i` and the next one in a key; `HARD` at the end."""
        if i < 0 or i + 1 >= len(self.starts):
            return HARD
        return joint(self.text[self.ends[i] : self.starts[i + 1]], self.folded[i])

    def before(self, i: int) -> str:
        """The folded word before word `i` in the same phrase, else ""."""
        return self.folded[i - 1] if self.joint_after(i - 1) == " " else ""

    def after(self, i: int) -> str:
        """The folded word after word `i` in the same phrase, else ""."""
        if self.joint_after(i) != " ":
            return ""
        return self.folded[i + 1]

    def owns(self, i: int) -> bool:
        """Whether word `i` is a possessive ("Russia's")."""
        return self.joint_after(i) == " " and self.raw[i + 1] in ("s", "S") and self.starts[i + 1] - self.ends[i] <= 2

    def sentence(self, i: int, most: int = 40) -> list[str]:
        """The folded words of the sentence around word `i`, at most `most` to either side."""
        first = last = i
        while first > 0 and i - first < most and not self._ends_sentence(first - 1):
            first -= 1
        while last + 1 < len(self.folded) and last - i < most and not self._ends_sentence(last):
            last += 1
        return self.folded[first : last + 1]

    def _ends_sentence(self, i: int) -> bool:
        gap = self.text[self.ends[i] : min(self.starts[i + 1], self.ends[i] + 8)]
        if "\n\n" in gap or "!" in gap or "?" in gap:
            return True
        return "." in gap and self.joint_after(i) is HARD

    def style(self, i: int) -> str:
        """How the line of word `i` is written: "capitals", "title" (a headline) or "mixed"."""
        if self._lines is None:
            self._lines = [0]
            at = self.text.find("\n")
            while at >= 0:
                self._lines.append(at + 1)
                at = self.text.find("\n", at + 1)
        line = bisect.bisect_right(self._lines, self.starts[i]) - 1
        held = self._styles.get(line)
        if held is None:
            start = self._lines[line]
            end = self._lines[line + 1] if line + 1 < len(self._lines) else len(self.text)
            held = self._styles[line] = _style(self.text[start : min(end, start + 2000)])
        return held


def _style(line: str) -> str:
    upper = sum(c.isupper() for c in line)
    lower = sum(c.islower() for c in line)
    if upper >= 8 and upper > 2 * lower:
        return "capitals"
    long_words = [w for w in line.split() if len(w) > 3 and w[0].isalpha()]
    if len(long_words) >= 4 and sum(w[0].isupper() for w in long_words) >= 0.75 * len(long_words):
        return "title"
    return "mixed"


def words_of(text: str) -> Words:
    matches = list(WORD.finditer(text))
    raw = [match.group() for match in matches]
    return Words(
        text,
        starts=[match.start() for match in matches],
        ends=[match.end() for match in matches],
        raw=raw,
        folded=[word.lower() for word in raw] if text.isascii() else [fold(word) for word in raw],
    )


@dataclass(slots=True)
class Found:
    """Words [first, last] of the text are a name with these senses, or a phrase to pass over."""

    first: int
    last: int
    key: str
    senses: list[Sense]
    decoy: str | None = None


@dataclass(slots=True)
class Evidence:
    """What the whole text says: which words it has, which countries it names beyond doubt, who is a person in it."""

    data: GazetteerData
    words: Words
    vocabulary: frozenset[str]
    named: dict[str, set[str]]
    """For each country the keys of the names by which the text names it beyond doubt."""
    keys: frozenset[str]
    persons: set[str] = field(default_factory=set)
    """Keys of names that have been found to be a person's."""

    def names_otherwise(self, country: str | None, key: str) -> bool:
        """Whether the text names a country by another name than this one."""
        return bool(self.named.get(country or "", set()) - {key})

    def reading(self, key: str) -> tuple[str, str] | None:
        """The country that a name of two countries has in this text, and why; None if the name is no such name."""
        readings = self.data.readings.get(key)
        if readings is None:
            return None
        found = [(country, sorted(words & self.vocabulary)) for country, words in readings]
        country, signals = max(found, key=lambda reading: len(reading[1]))  # the first of equals: the default
        if not signals:
            return country, "the usual reading: nothing in the text speaks for another"
        return country, f"the text also says {', '.join(signals[:3])}"


def person_before(evidence: Evidence, name: Found, names_at: dict[int, Found]) -> str | None:
    """Why the word before a name makes it a person's, or None."""
    words = evidence.words
    i = name.first
    before = words.before(i)
    if before == "of" and words.before(i - 1) in NOBILITY:
        return f"the {words.raw[i - 2]} of it"
    if before in SHIPS and words.raw[i - 1].isupper():
        return f"the ship {words.raw[i - 1]} {words.raw[i]}"
    if not before or not words.raw[i - 1][0].isupper():
        return None
    earlier = names_at.get(i - 1)
    if earlier is not None and not (earlier.key in evidence.persons and earlier.last == i - 1):
        return None
    between = words.text[words.ends[i - 1] : words.starts[i]]
    if "-" in between or "'" in between or "’" in between:
        return None
    if words.style(i) != "mixed" and before in WORDS_OR_NAMES:
        return None
    if before in evidence.data.given_names or earlier is not None:
        return f"after the first name {words.raw[i - 1]}"
    if len(before) == 1 and i >= 2 and words.before(i - 1) in evidence.data.given_names:
        return f"after the first name {words.raw[i - 2]} {words.raw[i - 1]}."
    if before in PERSONAL_TITLES:
        return f"after the title {words.raw[i - 1]}"
    return None


def dropped_by_rule(evidence: Evidence, name: Found, names_at: dict[int, Found]) -> tuple[str, str] | None:
    """The rule of context.tsv by which a name is not what it seems, and its reason; None if none applies.

    The rules with-country and given-name speak of places only and are left to the caller.
    """
    words = evidence.words
    for context in evidence.data.contexts.get(name.key, ()):
        rule, listed = context.rule, context.words
        if rule == "never":
            return rule, context.reason
        if rule == "not-before":
            hit = words.after(name.last) in listed
        elif rule == "not-after":
            hit = words.before(name.first) in listed or _owner_before(words, name.first) in listed
        elif rule == "only-after":
            before = words.before(name.first)
            hit = before not in listed and _owner_before(words, name.first) not in listed
        elif rule == "only-before":
            hit = words.after(name.last) not in listed
        elif rule == "not-near":
            somewhere = not listed.isdisjoint(evidence.vocabulary)  # most often not: then no sentence need be looked at
            hit = somewhere and not listed.isdisjoint(words.sentence(name.first))
        elif rule == "capitals-before":
            hit = (
                words.style(name.first) == "capitals"
                and words.after(name.last) not in listed
                and not ("the" in listed and words.before(name.first) == "the")
            )
        elif rule == "given-name":
            hit = _is_first_name(evidence, name, listed, names_at)
        else:
            hit = False
        if hit:
            return rule, context.reason
    return None


def _owner_before(words: Words, i: int) -> str:
    """The word before a possessive that stands before word `i` ("Israel" of "Israel's Central Command")."""
    if i >= 2 and words.folded[i - 1] == "s" and words.owns(i - 2):
        return words.folded[i - 2]
    return ""


def _is_first_name(evidence: Evidence, name: Found, listed: frozenset[str], names_at: dict[int, Found]) -> bool:
    words = evidence.words
    i = name.last + 1
    if words.joint_after(name.last) == ", " and words.raw[i].isdigit() and len(words.raw[i]) == 2:
        return words.joint_after(i) == ", "  # "Chad, 22, was arrested"
    if words.joint_after(name.last) != " " or words.owns(name.last) or words.style(name.first) != "mixed":
        return False
    raw = words.raw[i]
    if words.text[words.ends[name.last] : words.starts[i]] != " " or i in names_at:
        return False
    following = words.folded[i]
    if len(raw) == 1 and raw.isupper() and following != "i":
        return True  # "Jordan B. Smith"
    return raw[0].isupper() and not raw.isupper() and following not in listed and following not in CALENDAR
