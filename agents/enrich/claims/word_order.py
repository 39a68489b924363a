"""A claim read by the order of its words alone, for headlines, which have a grammar of their own.

Headlines leave out articles and auxiliaries, and a parser trained on sentences takes their verbs for nouns ("US mulls more
troops for Afghanistan"). Their order is plain, though: who, cue, motion, force, place. So a headline of which the parse gave
no claim is read from left to right with the same lexicon. `bench/claims.py` measures the same reading on whole sentences, as
the baseline that a parse has to beat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from agents.enrich.claims.parties import actor_of, unique
from agents.enrich.claims.place_names import is_place, place_of
from agents.enrich.language.lexicon import Motion, StatusCue, lexicon
from agents.enrich.language.triggers import forms
from agents.enrich.language.word_lists import word_list
from agents.enrich.names.mention import Mention
from streams.records import Act, Actor, Place, Stance, Status

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\d[\d,.]*\d|\d|[^\W\d_]+(?:['’-][^\W\d_]+|-\d+\w*)*(?:['’]s?)?|[,:;–—]|-(?= )")
_BREAKS = frozenset({",", ":", ";", "–", "—", "-"})
_INTO = frozenset(
    {"to", "into", "in", "for", "at", "on", "near", "inside", "onto", "towards", "toward", "over", "across"}
)
_OUT = frozenset({"from", "of", "in"})
_BETWEEN = frozenset(
    {"the", "a", "an", "its", "his", "their", "eastern", "western", "northern", "southern", "central", "disputed"}
)
_WILL = frozenset({"will", "'ll"})
_MAYBE = frozenset({"may", "might", "could", "can"})
_NOT = frozenset({"not", "no", "never", "won't", "n't"})
_AGAINST = frozenset({"refused", "opposed", "suspended"})
_GIVING = frozenset({"requested", "offered", "considered", "planned", "decided", "proposed", "demanded", "refused"})
_ASKING = word_list("word_order.asking")
_LIGHT = frozenset({"set", "get", "take", "pass", "push", "be", "have", "place"})
"""Verbs that move a force only in constructions that the order of words does not tell ("set up posts on")."""
REACH = 7
"""Words between a force and its verb at most: of the headlines of the samples the farthest stood six apart."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    lower: str
    start: int
    mention: Mention | None


@dataclass(slots=True, kw_only=True)
class Told:
    """What the order of words tells. `at` is the offset of the word that tells the move."""

    act: Act
    status: Status
    stance: Stance
    movers: list[Actor]
    places: list[Place]
    speaker: str | None = None
    unit: str | None = None
    at: tuple[int, int] = (0, 0)
    rules: list[str] = field(default_factory=lambda: ["word order"])


@cache
def _verbs() -> dict[str, str]:
    """Lemma by written form, for every verb of motion, status and speech in the lexicon."""
    held: dict[str, str] = {}
    words = lexicon()
    cues = [w for part, w in (*words.statuses, *words.speech) if part == "verb"]
    for lemma in (*words.verbs, *(w.split("_")[0] for w in cues)):
        for form in forms(lemma):
            held.setdefault(form, lemma)
    return held


def words_of(text: str, mentions: Sequence[Mention]) -> list[Word]:
    """The words and separating marks of a text, a name of several words as one."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        inside = next((m for m in mentions if m.start <= match.start() < m.end), None)
        if inside is not None and found and found[-1].mention is inside:
            continue
        written = text[inside.start : inside.end] if inside is not None else match.group()
        found.append(Word(written, written.lower().replace("’", "'"), match.start(), inside))
    return found


def read(text: str, mentions: Sequence[Mention]) -> list[Told]:
    """What a headline (or, as a baseline, a sentence) tells; offsets count in `text`. Empty where no force moves."""
    words = words_of(text, mentions)
    told: list[Told] = []
    used: set[int] = set()
    for at, word in enumerate(words):
        if not _is_force(word):
            continue
        one = _read_force(words, at, used)
        if one is not None and not any(_same(one, t) for t in told):
            told.append(one)
    return told


def _same(one: Told, other: Told) -> bool:
    return one.act == other.act and {m.code for m in one.movers} == {m.code for m in other.movers}


def _is_force(word: Word) -> bool:
    if word.mention is not None:  # "National Guard", "UN peacekeepers"
        return word.mention.kind == "force" or (
            word.mention.kind == "organisation" and word.lower.rpartition(" ")[2] in lexicon().forces
        )
    held = lexicon().forces.get(word.lower)
    if held is None and word.lower == "troop":
        held = lexicon().forces.get("troops")
    return held is not None and held.strength != "collective"


def _phrase_start(words: Sequence[Word], at: int) -> int:
    """The index of the first word of the noun phrase whose head stands at `at`."""
    verbs, nouns = _verbs(), lexicon().nouns
    start = at
    while start > 0 and at - start < 6:
        before = words[start - 1]
        possessive = before.lower.endswith(("'s", "s'"))
        if before.mention is None and not possessive:
            plain = before.lower
            if plain in _BREAKS or plain in _INTO or plain in _OUT or plain in verbs or plain in nouns or plain in _NOT:
                break
            if plain in ("to", "by", "with", "that", "as") or plain in _WILL | _MAYBE:
                break
        elif before.mention is not None and before.mention.kind not in ("country", "organisation", "armed-group"):
            break
        start -= 1
    return start


def _motion_at(words: Sequence[Word], i: int) -> tuple[str, Sequence[Motion]] | None:
    if words[i].mention is not None:
        return None
    lemma = _verbs().get(words[i].lower)
    options = lexicon().verbs.get(lemma, ()) if lemma and lemma not in _LIGHT else ()
    around = {w.lower for w in words[i + 1 : i + REACH]}
    fitting = [o for o in options if o.particle in around] or [o for o in options if o.particle is None]
    return (str(lemma), fitting) if fitting else None


def _read_force(words: Sequence[Word], at: int, used: set[int]) -> Told | None:
    start = _phrase_start(words, at)
    owners = unique(
        [actor_of(w.mention) for w in words[start : at + 1] if w.mention is not None and w.mention.kind != "place"]
    )
    found = (
        _verb_before(words, start, used)
        or _none_for(words, start, at)
        or _out_of(words, at)
        or _verb_after(words, at, used)
        or _noun_near(words, start, at)
        or _cue_before(words, start)
    )
    if found is None:
        return None
    index, act, status_words = found
    used.add(index)
    status, rule, denied = _status(words, index, status_words, start)
    if status is None:
        return None
    doer = _parties_before(words, min(index, start))
    movers = owners or doer
    places = _places(words, at, index, act, {m.code for m in movers})
    if act == "withdraw" and not places:
        places = [p for p in _asker(words, index) if p.code not in {m.code for m in movers}]
    if not movers or (not places and act != "mobilise"):
        return None
    speaker, stance = _speaker(words, index)
    if denied:
        stance = "denies"
    told = Told(act=act, status=status, stance=stance, movers=movers, places=places, speaker=speaker)
    told.unit = " ".join(w.text for w in words[start : at + 1])
    told.at = (words[index].start, words[index].start + len(words[index].text))
    told.rules.append(rule)
    return told


def _verb_before(words: Sequence[Word], start: int, used: set[int]) -> tuple[int, Act, str] | None:
    """A verb that moves the force that follows it: "sends 200 soldiers"."""
    for i in range(start - 1, max(-1, start - 3), -1):
        if i in used or words[i].lower in _BREAKS:
            return None
        held = _motion_at(words, i)
        if held is not None:
            for option in held[1]:
                if option.frame in ("carries", "both", "reinforces"):
                    return i, option.act, "verb"
    return None


def _verb_after(words: Sequence[Word], at: int, used: set[int]) -> tuple[int, Act, str] | None:
    """A verb by which the force before it goes, or is moved: "troops leave", "soldiers to be sent"."""
    for i in range(at + 1, min(len(words), at + REACH)):
        if words[i].lower in _BREAKS or i in used:
            return None
        held = _motion_at(words, i)
        if held is None:
            continue
        passive = words[i].lower.endswith(("ed", "nt", "wn", "ght")) or any(
            w.lower in ("be", "being") for w in words[at + 1 : i]
        )
        for option in held[1]:
            if option.frame in ("goes", "both") or (option.frame == "carries" and passive):
                return i, option.act, "verb"
        return None
    return None


def _none_for(words: Sequence[Word], start: int, at: int) -> tuple[int, Act, str] | None:
    """ "No troops for Iraq"."""
    bare = start > 0 and words[start - 1].lower == "no" and at + 1 < len(words) and words[at + 1].lower in ("for", "to")
    return (start - 1, "send", "none") if bare else None


def _out_of(words: Sequence[Word], at: int) -> tuple[int, Act, str] | None:
    """ "Troops out of Iraq by Monday", "marines back to Haiti": right behind the force, without a verb."""
    after = [w.lower for w in words[at + 1 : at + 3]]
    if after == ["out", "of"]:
        return at + 1, "withdraw", "out"
    return (at + 1, "send", "out") if after == ["back", "to"] else None


def _noun_near(words: Sequence[Word], start: int, at: int) -> tuple[int, Act, str] | None:
    """A noun of motion beside the force: "withdrawal of US troops", "police deployment"."""
    nouns = lexicon().nouns
    if start >= 2 and words[start - 1].lower in ("of", "by", "for"):
        before = words[start - 2].lower
        held = nouns.get(before) or nouns.get(before.removesuffix("s"))
        if held is not None:
            return start - 2, held.act, "noun"
    if at + 1 < len(words):
        after = words[at + 1].lower
        held = nouns.get(after) or nouns.get(after.removesuffix("s"))
        if held is not None:
            return at + 1, held.act, "noun"
    return None


def _cue_before(words: Sequence[Word], start: int) -> tuple[int, Act, str] | None:
    """A cue that a force is the object of: "mulls more troops for", "denies troops in", "orders French troops out"."""
    for i in range(start - 1, max(-1, start - 3), -1):
        if words[i].lower in _BREAKS:
            return None
        lemma = _verbs().get(words[i].lower) if words[i].mention is None else None
        if lemma is None:
            continue
        after = [w.lower for w in words[start : start + REACH]]
        if lemma in ("order", "tell", "want", "ask", "kick") and "out" in after:
            return i, "withdraw", "cue"
        cue = lexicon().statuses.get(("verb", lemma))
        if cue is not None and cue.status in _GIVING:
            return i, "send", "cue"
        speech = lexicon().speech.get(("verb", lemma))
        if speech is not None and speech.stance in ("denies", "alleges"):
            return i, "send", "presence"
    return None


def _status(words: Sequence[Word], index: int, kind: str, start: int) -> tuple[Status | None, str, bool]:
    """The status that the words before the move give it, with the rule, and whether it is denied."""
    word = words[index].lower
    status: Status | None
    before = list(words[max(0, index - REACH) : index])
    near = before[-1].lower if before else ""
    nearer = {w.lower for w in before[-3:]}
    negative = bool(nearer & _NOT)
    if kind == "presence":
        return "ongoing", "presence", False
    if kind == "none":
        return "refused", "no: refused", False
    if kind == "out":
        ahead = any(w.lower in ("by", "before", "until") for w in words[index:])
        return ("decided" if ahead else "occurred"), "out of", False
    if kind == "cue":
        lemma = _verbs()[word]
        cue = lexicon().statuses.get(("verb", lemma))
        status = (
            "demanded" if lemma in ("order", "tell", "want", "ask") and cue is not None else cue.status if cue else None
        )
        if lemma == "ask" and cue is not None:
            status = cue.status
        if near == "to" and status in ("requested", "offered", "considered"):
            status = "planned"
        if negative and cue is not None:
            status = cue.negated if cue.negated != "denies" else status  # type: ignore[assignment]
            return status, f"{lemma}: {status}", cue.negated == "denies"
        above = _cue_at(words, index - 1) if index > 0 and words[index - 1].mention is None else None
        if above is None and index > 1 and words[index - 1].mention is not None:
            above = _cue_at(words, index - 2)  # "declines Saudi request for"
        if above is not None and above.status in (*_AGAINST, "considered"):
            status = above.status
        return status, f"{lemma}: {status}", False
    if kind == "noun":
        status = None
    elif near == "to" or nearer & _WILL:
        status = "decided"
    elif nearer & _MAYBE:
        status = "considered"
    elif "would" in nearer:
        status = "conditional"
    elif word.endswith("ing") and not nearer & {"of", "for", "against", "in", "by"} and not _cued(before):
        status = "ongoing"
    else:
        status = "occurred" if not word.endswith("ing") else None
    finite = status not in (None, "decided")
    rule = f"{word}: {status}"
    for i in range(index - 1, -1, -1):
        if words[i].lower in (":", ";") or (words[i].lower == "," and finite):
            break
        cue = None if words[i].mention is not None else _cue_at(words, i)
        if cue is None:
            continue
        outer = cue.status
        asked = status in ("occurred", "ongoing") and _verbs().get(words[i].lower) in _ASKING
        if asked and any(w.mention is not None for w in words[i + 1 : index]):
            return outer, f"{cue.word}: {outer}", False  # "Iraq demands Turkey withdraw troops"
        if status is None or (not finite and outer not in ("ongoing", "occurred")) or outer in _AGAINST:
            gap = words[i + 1 : index]
            if finite and len(gap) > 3:
                break
            minus = any(w.lower in _NOT for w in words[max(0, i - 2) : i])
            status = cue.negated if minus and cue.negated != "denies" else outer  # type: ignore[assignment]
            rule = f"{cue.word}: {status}"
            finite = True
            if minus and cue.negated == "denies":
                return status, rule, True
    if negative and status in ("decided", "considered", "planned", "conditional"):
        return "refused", rule, False
    return status, rule, negative and status in ("occurred", "ongoing")


def _cued(before: Sequence[Word]) -> bool:
    """Whether a verb that gives a status stands right before: "considers sending"."""
    cue = _cue_at(before, len(before) - 1) if before else None
    return cue is not None


def _cue_at(words: Sequence[Word], i: int) -> StatusCue | None:
    statuses = lexicon().statuses
    word = words[i].lower
    lemma = _verbs().get(word)
    after = words[i + 1].lower if i + 1 < len(words) else ""
    for key in (("verb", f"{lemma}_{after}"), ("verb", lemma)) if lemma else ():
        held = statuses.get((key[0], str(key[1])))
        if held is not None:
            return held
    return (
        statuses.get(("adjective", word))
        or statuses.get(("noun", word))
        or statuses.get(("noun", word.removesuffix("s")))
    )


def _parties_before(words: Sequence[Word], index: int) -> list[Actor]:
    """The parties of the clause before the move: the nearest run of names, or the first."""
    runs: list[list[Mention]] = []
    fresh, asked = True, False
    for word in words[:index]:
        if word.lower in (":", ";", "–", "—", "-"):
            runs, fresh = [], True
            continue
        party = word.mention is not None and (word.mention.kind != "place" or word.mention.form in ("capital", "seat"))
        if party and word.mention is not None:
            if asked:
                runs, asked = [], False
            if fresh or not runs:
                runs.append([])
            runs[-1].append(word.mention)
            fresh = False
        elif word.mention is None and _verbs().get(word.lower) in _ASKING:
            asked = True  # "Iraq demands Turkey withdraw troops"
        elif word.lower not in (",", "and", "&"):
            fresh = True
    if not runs:
        first = next((w.mention for w in words[:index] if w.mention is not None and w.mention.country), None)
        return [actor_of(first)] if first is not None else []
    return unique([actor_of(m) for m in runs[0]])


def _asker(words: Sequence[Word], index: int) -> list[Place]:
    """Who asks others to leave, as the place that they leave."""
    for before, word in pairwise(words[:index]):
        mention = before.mention
        if mention is not None and mention.country and word.mention is None and _verbs().get(word.lower) in _ASKING:
            return [Place(code=mention.country, name=mention.name, text=mention.text)]
    return []


def _places(words: Sequence[Word], at: int, index: int, act: Act, movers: set[str]) -> list[Place]:
    """The place after a preposition behind the force, else what stands before a colon, else the only other place."""
    wanted = _OUT if act == "withdraw" else _INTO
    found: list[Place] = []
    for i in range(min(at, index) + 1, len(words)):
        mention = words[i].mention
        if mention is None or not _placed(words, i, wanted):
            continue
        place = place_of(mention)
        if place.code not in movers or mention.kind == "place":
            return [place]
    for i, word in enumerate(words):
        if word.mention is None:
            continue
        opens = i == 0 and len(words) > 1 and words[1].lower == ":"
        direct = i == index + 1 and act == "withdraw"  # "leave Niger"
        listed = is_place(word.mention) and i > index
        if (
            (opens or direct or listed)
            and place_of(word.mention).code not in movers
            and word.mention.kind in ("country", "place")
        ):
            found.append(place_of(word.mention))
    return found[:1]


def _placed(words: Sequence[Word], i: int, wanted: frozenset[str]) -> bool:
    mention = words[i].mention
    if mention is None or mention.kind not in ("country", "place"):
        return False
    j = i - 1
    while j >= 0 and words[j].lower in _BETWEEN:
        j -= 1
    if j < 0 or words[j].lower not in wanted:
        return False
    if mention.form == "demonym":
        return i + 1 < len(words) and words[i + 1].lower in (
            "border",
            "frontier",
            "soil",
            "capital",
            "territory",
            "mission",
            "force",
            "city",
            "town",
            "war",
        )
    return True


def _speaker(words: Sequence[Word], index: int) -> tuple[str | None, Stance]:
    """Who says it: ", Ukraine says" at the end, "Pentagon:" or "Kremlin denies" before the move."""
    speech = lexicon().speech
    for i, word in enumerate(words):
        lemma = _verbs().get(word.lower)
        cue = speech.get(("verb", lemma)) if lemma else None
        if cue is None or lemma in _ASKING or (i == index and cue.stance not in ("denies", "alleges")):
            continue
        subject = words[i - 1] if i > 0 and words[i - 1].mention is not None else None
        if subject is not None and (i <= index or words[max(0, i - 2)].lower in _BREAKS or i == len(words) - 1):
            return subject.text, cue.stance
    if len(words) > 1 and words[1].lower == ":" and words[0].mention is not None and words[0].mention.form == "seat":
        return words[0].text, "affirms"
    return None, "reports"
