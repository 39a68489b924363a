"""What a pattern finds, a `Move`, and the questions about a parse that several families of patterns ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from agents.enrich.claims.forces import Forces
from agents.enrich.language.lexicon import lexicon
from agents.enrich.language.syntax import antecedent, child, children, is_passive, lemma, subject
from agents.enrich.language.word_lists import word_list
from streams.records import Act, Status


@dataclass(slots=True, kw_only=True)
class Move:
    """A deployment that a sentence tells, before its names are resolved.

    `forces` are the nouns of what moves; `doer` who moves it (the subject of "send"), `asked` who is asked to move it,
    `host` whose country it is about where no place is named. `base` is the status that the predicate gives by itself.
    """

    act: Act
    predicate: Any
    forces: list[Any]
    doer: Any | None
    pattern: str
    base: Status | None = None
    asked: Any | None = None
    host: Any | None = None
    places: list[Any] = field(default_factory=list)
    """Further tokens whose prepositions may name the place."""
    needs_place: bool = False
    needs_foreign: bool = False
    needs_cue: bool = False
    """Only a claim if something is said of it: a bare "the withdrawal of the troops" in passing is none."""
    denied: bool = False
    """Whether the pattern itself says that it is not so: "reports of troops were a lie"."""
    party: Any | None = None
    """The party that goes where it is named without a word for its force ("Israel withdraws from the West Bank")."""


TO = frozenset(
    {
        "to",
        "into",
        "in",
        "inside",
        "on",
        "onto",
        "toward",
        "towards",
        "across",
        "at",
        "near",
        "around",
        "over",
        "for",
        "along",
        "between",
        "behind",
        "through",
        "within",
        "off",
        "beyond",
        "throughout",
        "aboard",
        "opposite",
        "outside",
        "alongside",
    }
)
"""Prepositions that may open the place where forces go or are."""


FROM = frozenset({"from", "out", "of", "off"})
"""Prepositions that may open the place that forces leave."""


_LENDING = word_list("patterns_move.lending")


_WHERE = word_list("patterns_move.where")


_PLACE_NOUNS = word_list("patterns_move.place_nouns")


COMMON_PLACES = _PLACE_NOUNS | {"frontier", "colony", "neighbour", "neighbor"}
"""The same, also after a preposition: neighbours and colonies are where forces go, but none is left like a room."""


def objects(verb: Any) -> list[Any]:
    """What the verb acts upon: its object, the subject of its passive, the noun that it is a relative or participle of."""
    if is_passive(verb):
        undergoer = subject(verb)
        return [undergoer] if undergoer is not None else []
    found = [c for c in verb.children if c.dep_ in ("dobj", "dative", "oprd", "attr") and c.pos_ != "ADP"]
    if any(c.dep_ == "dobj" for c in found) and lemma(verb) not in _LENDING:
        found = [c for c in found if c.dep_ != "dative"]  # "provides the troops the opportunity" moves none
    for c in list(found):
        if c.lower_ == "home":
            found.extend(children(c, "compound", "nmod"))  # "brought its contingent home" misread as one noun
    if verb.tag_ == "VBN" and verb.dep_ == "acl" and child(verb, "nsubj", "nsubjpass") is None:
        return [verb.head]
    if verb.tag_ == "VBN" and not children(verb, "aux", "auxpass") and not found and child(verb, "nsubj") is not None:
        found.append(child(verb, "nsubj"))  # headline: "Troops sent to Kosovo"
    if (
        verb.tag_ == "VBN"
        and verb.dep_ in ("xcomp", "ccomp", "conj", "oprd")
        and not found
        and not any(a.lower_ in ("have", "has", "had", "having") for a in children(verb, "aux"))
    ):
        undergoer = subject(verb)
        if undergoer is not None:
            found.append(undergoer)
    if not found and verb.dep_ == "relcl":
        own = child(verb, "nsubj", "nsubjpass")
        if own is not None and own.tag_ not in ("WDT", "WP"):
            found.append(verb.head)
    for c in list(found):
        if c.tag_ in ("WDT", "WP"):
            noun = antecedent(c)
            if noun is not None:
                found.append(noun)
    if not found:
        for c in children(verb, "prep", "prt"):
            if c.lower_ in ("in", "out", "home", "back", "up"):
                found.extend(children(c, "pobj"))
    for c in children(verb, "ccomp", "xcomp"):
        # "sends troops to X" where the parser makes a small clause of the object
        if c.pos_ in ("NOUN", "PROPN"):
            found.append(c)
        elif not found and c.pos_ in ("ADJ", "ADV", "ADP"):
            found.extend(children(c, "nsubj"))
    return found


def objects_after(token: Any, *words: str) -> list[Any]:
    """What the prepositions of a token lead to: all of them, or those that are one of `words`."""
    return [n for p in children(token, "prep") if not words or p.lower_ in words for n in children(p, "pobj")]


def doer_of(verb: Any) -> Any | None:
    """Who does what a verb of acting upon something tells, also where it is passive."""
    return agent_of(verb) if is_passive(verb) else subject(verb)


def forces_of(nouns: list[Any], forces: Forces) -> list[Any]:
    """The force nouns that the phrases come down to, each once."""
    found = []
    for noun in nouns:
        for head in forces.heads(noun):
            if head not in found:
                found.append(head)
    return found


_SAY_WHERE = word_list("patterns_move.say_where")


def has_place(verb: Any, *others: Any) -> bool:
    """Whether a preposition or adverb says where: anything but a bare time."""
    for token in (verb, *others):
        if token is None:
            continue
        for c in token.children:
            if c.dep_ == "prep" and c.lower_ in TO | FROM | {"back", "home"}:
                for noun in children(c, "pobj"):
                    named = noun.pos_ == "PROPN" or any(
                        t.pos_ == "PROPN" or t.text[:1].isupper()
                        for t in children(noun, "compound", "amod", "poss", "nmod")
                    )
                    inner = any(n.pos_ == "PROPN" or n.lower_ in COMMON_PLACES for n in objects_after(noun))
                    if noun.i in noun.doc.user_data.get("named", ()):
                        return True  # whatever the model takes it for: Niger for a date
                    if noun.ent_type_ in ("DATE", "TIME", "MONEY", "PERCENT"):
                        continue
                    if named or inner or noun.lower_ in _WHERE or noun.lower_ in COMMON_PLACES or noun.pos_ == "PRON":
                        return True
                if any(True for _ in children(c, "prep", "pcomp", "conj")):
                    return True
            if c.dep_ in ("advmod", "npadvmod", "prt") and c.lower_ in _SAY_WHERE:
                return True
    return False


def placelike(noun: Any, forces: Forces) -> bool:
    """A noun that is a place without being named: "the country", "the region", or has a named one in its phrase."""
    if noun.lower_ in _PLACE_NOUNS or noun.lower_ == "it":
        return True
    return any(
        forces.parsed.at.get(t.i) is not None and forces.parsed.at[t.i].kind in ("place", "country")
        for t in noun.subtree
    )


def agent_of(verb: Any) -> Any | None:
    """Who does what a passive tells: "by the army"."""
    by = child(verb, "agent")
    if by is not None:
        return child(by, "pobj")
    for preposition in children(verb, "prep"):
        if preposition.lower_ == "by":
            return child(preposition, "pobj")
    return None


def clause_after(noun: Any) -> bool:
    """Whether a clause with the force as its subject follows, which then tells the move: "wants troops to leave"."""
    for c in noun.children:
        if (
            c.dep_ in ("acl", "relcl")
            and any(a.lower_ == "to" for a in children(c, "aux"))
            and lemma(c) in lexicon().verbs
        ):
            return True
    return False
