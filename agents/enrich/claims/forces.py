"""Which noun phrases are military forces, and how surely."""

from __future__ import annotations

from typing import Any

from agents.enrich.language.lexicon import lexicon
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import children, lemma
from agents.enrich.language.word_lists import word_list

MILITARY = word_list("forces.military")
CIVILIAN = word_list("forces.civilian")
CHANGEABLE = word_list("forces.changeable")
POLICING = word_list("forces.policing")

QUANTITIES = word_list("forces.quantities")
CRAFT = word_list("forces.craft")
SINGLE = word_list("forces.single")
CIVILIANS = word_list("forces.civilians")
COUNTING = word_list("forces.counting")
THEM = frozenset({"them", "they", "those"})
SPECIALISTS = word_list("forces.specialists")
STRONG, LIKELY, NONE = 2, 1, 0


_SENDING = word_list("forces.sending")
_COMPANY = word_list("forces.company")
_OWNED_UNITS = word_list("forces.owned_units")
_UNITS = word_list("forces.units")


def modifiers(noun: Any) -> list[Any]:
    """Adjectives, compounds and possessors of a noun, and their own compounds."""
    found = []
    for c in noun.children:
        if c.dep_ in ("amod", "compound", "nmod", "poss", "nummod", "det", "quantmod") or (
            c.dep_ == "advmod" and c.i < noun.i
        ):
            found.append(c)
            found.extend(modifiers(c))
    return found


def owned(noun: Any, parsed: Parsed) -> bool:
    """Whether the phrase names a party whose force it is: "Turkish officers", "its men", "NATO jets"."""
    for modifier in modifiers(noun):
        if modifier.dep_ == "poss" and modifier.lower_ in ("its", "their", "his", "our"):
            return True
        mention = parsed.at.get(modifier.i)
        if mention is not None and mention.kind in ("country", "organisation", "armed-group", "force"):
            return True
    return False


def counted(noun: Any) -> bool:
    return any(
        m.dep_ == "nummod" or m.like_num or m.lower_ in ("hundreds", "thousands", "dozens", "several", "dozen")
        for m in modifiers(noun)
    )


PEOPLES = word_list("forces.peoples")


def people_of(noun: Any, parsed: Parsed) -> bool:
    """Whether a noun is a nation's people: "the Russians", "500 Turks", "the French"."""
    mention = parsed.at.get(noun.i)
    if mention is None or mention.form != "demonym" or mention.kind != "country":
        return False
    if noun.dep_ in ("amod", "compound", "nmod"):
        return False
    if any(c.lower_ in PEOPLES for c in noun.children):
        return False
    plural = noun.tag_ in ("NNPS", "NNS") or noun.lower_.endswith("s")
    return plural or any(c.lower_ == "the" for c in noun.children)


_OF_ELECTIONS = word_list("forces.of_elections")
_OF_PEOPLES = word_list("forces.of_peoples")


def _kept(verb: Any) -> bool:
    """ "Has soldiers in Iraq and will keep them there"."""
    return lemma(verb) in ("keep", "withdraw", "bring", "pull", "recall", "redeploy")


SHIPS = frozenset({"ins", "pns", "kri", "roks", "hdms"})
"""What stands before a ship's name and means something else by itself."""


class Forces:
    """The forces of one sentence. `military` says that the text around it is about forces, so that "1,200 men" are."""

    def __init__(self, parsed: Parsed, *, military: bool, told: bool = False) -> None:
        self.parsed = parsed
        self.military = military
        self.told = told
        """Whether a sentence shortly before told of a force, which "they", "the rest" or "another 150" may mean."""
        self._words = frozenset(t.lower_ for t in parsed.tokens)
        self._elections = not self._words.isdisjoint(_OF_ELECTIONS)
        # the patterns ask the same of a noun again and again
        self._strengths: dict[int, int] = {}
        self._heads: dict[tuple[int, int, bool], list[Any]] = {}

    def strength(self, noun: Any) -> int:
        """`STRONG`, `LIKELY` or `NONE`, for the head of a noun phrase by itself (not for what it is "of")."""
        known = self._strengths.get(noun.i)
        if known is None:
            known = self._strengths[noun.i] = self._strength(noun)
        return known

    def _strength(self, noun: Any) -> int:
        parsed = self.parsed
        if (
            noun.lower_ in SINGLE
            and noun.tag_ in ("NN", "NNP")
            and not any(c.lower_ in COUNTING for c in noun.children)
        ):
            return NONE  # one man is no deployment; "the last soldier", "not a single soldier" are
        if noun.lower_ in SHIPS and noun.dep_ not in ("compound", "nmod"):
            return NONE  # "the INS", but "INS Tabar"
        mention = parsed.at.get(noun.i)
        if (
            mention is not None
            and mention.kind in ("force", "armed-group")
            and noun.dep_ not in ("amod", "compound", "poss", "nmod")
        ):
            return STRONG if mention.kind == "force" or noun.lower_ in lexicon().forces else LIKELY
        word = parsed.forces.get(noun.i)
        names = {m.lower_ for m in modifiers(noun)}
        if word is not None and self._figurative(noun, names):
            return NONE
        if word is None:
            if noun.pos_ == "PRON" and any(self.strength(a) for a in children(noun, "appos")):
                return STRONG
            if noun.pos_ == "PROPN" and any(
                parsed.forces.get(m.i) is not None and parsed.forces[m.i].strength == "strong"
                for m in modifiers(noun)
                if m.dep_ != "poss"
            ):
                return LIKELY
            if noun.lower_ in ("base", "bases") and noun.dep_ in ("dobj", "nsubjpass") and names & MILITARY:
                return LIKELY if lemma(noun.head) in ("withdraw", "remove") else NONE
            if noun.pos_ in ("NUM",) or (noun.pos_ == "ADJ" and noun.lower_ in ("more", "last", "first", "rest")):
                return NONE
            return NONE
        sent_off = noun.dep_ in ("dobj", "nsubjpass") and lemma(noun.head) in _SENDING
        if noun.lower_ == "force" and "task" in names and sent_off:
            by_force = any(c.dep_ == "nsubj" and self.heads(c) for c in noun.head.children)
            return LIKELY if self.military or by_force or owned(noun, parsed) else NONE
        if noun.lower_ in CHANGEABLE and names & CIVILIAN and not names & (MILITARY - {"medical", "guard"}):
            return LIKELY if names & {"police", "security"} else NONE
        if word.strength == "strong":
            if (
                noun.lower_ in ("army", "military", "garrison", "legion")
                and noun.dep_ in ("nsubj", "nsubjpass")
                and not self.military
                and noun.lower_ in ("military",)
            ):
                return LIKELY
            return STRONG
        marked = (
            bool(names & MILITARY)
            or (noun.lower_ == "guard" and "national" in names)
            or any(
                parsed.forces.get(m.i) is not None and parsed.forces[m.i].strength == "strong"
                for m in modifiers(noun)
                if m.dep_ != "poss"
            )
        )
        if marked:
            return STRONG
        if noun.lower_ in _COMPANY:
            return LIKELY if self.military and (counted(noun) or owned(noun, parsed)) else NONE
        if (
            self.military
            and noun.lower_ in CRAFT
            and any(m.pos_ == "PROPN" and m.i not in parsed.at for m in modifiers(noun))
        ):
            return LIKELY  # "Eurofighter jets"
        if (
            noun.lower_ in ("police", "policemen")
            and noun.dep_ in ("dobj", "nsubjpass", "pobj")
            and lemma(noun.head.head if noun.head.lower_ == "of" else noun.head) in _SENDING
        ):
            return LIKELY  # at home they are dropped later
        if word.strength == "weak":
            if owned(noun, parsed) or (counted(noun) and self.military):
                return LIKELY
            if self.military and noun.lower_ in SPECIALISTS and not self._elections:
                return LIKELY
            known = ("men", "force", "personnel", "fighters", "pilots", "advisers", "instructors", "trainers")
            return LIKELY if self.military and noun.lower_ in known else NONE
        sent = noun.dep_ in ("dobj", "nsubjpass") and lemma(noun.head) in ("dispatch", "deploy")
        if sent and noun.lower_ in ("unit", "units", "squadron", "squadrons") and noun.head.lower_ != "deploys":
            doer = next((c for c in noun.head.children if c.dep_ == "nsubj"), None)
            if doer is not None and parsed.at.get(doer.i) is not None and parsed.at[doer.i].kind == "country":
                return LIKELY  # "South Korea dispatches an anti-piracy unit"
        if owned(noun, parsed) and noun.lower_ in _OWNED_UNITS:
            return LIKELY
        if self.military and noun.lower_ in _UNITS:
            return LIKELY
        return NONE

    def _figurative(self, noun: Any, names: set[str]) -> bool:
        """An army of lawyers, a bank's reserves, an airline, an Olympic contingent, financial advisers."""
        word = noun.lower_
        around = self._words
        if word in (
            "army",
            "armies",
            "legion",
            "legions",
            "armada",
            "flotilla",
            "brigade",
            "battalion",
            "battalions",
            "fleet",
            "troop",
            "tank",
            "tanks",
        ):
            inside = [n for p in children(noun, "prep") if p.lower_ == "of" for n in children(p, "pobj")]
            if inside and not any(
                n.pos_ == "PROPN" or n.i in self.parsed.forces or n.i in self.parsed.at or n.lower_ in SPECIALISTS
                for n in inside
            ):
                return True
        if word in ("reserves", "reserve") and around & {
            "bank",
            "currency",
            "rupiah",
            "federal",
            "dollar",
            "dollars",
            "oil",
            "gas",
            "fund",
            "central",
        }:
            return True
        if word == "boots":  # only those on the ground
            return not any(n.lower_ == "ground" for p in children(noun, "prep") for n in children(p, "pobj"))
        if word in ("carrier", "carriers") and around & {
            "airline",
            "airlines",
            "flight",
            "flights",
            "passengers",
            "fares",
            "landing",
        }:
            return True
        if word in ("contingent", "contingents", "team", "delegation") and names & {
            "olympic",
            "paralympic",
            "sports",
            "athletic",
        }:
            return True
        return word in SPECIALISTS and bool(
            names & {"financial", "economic", "legal", "tax", "imf", "electoral", "political", "business", "horse"}
        )

    def heads(self, noun: Any, depth: int = 0) -> list[Any]:
        """The force nouns that a noun phrase comes down to, through "of", "full of", appositions and coordination.

        "a first group of about 150 commandos" -> commandos; "vehicles and a team of paratroopers" -> paratroopers;
        "the Americans" -> itself where the text is about forces; nothing where it is no force.
        """
        if noun is None or depth > 5:
            return []
        asked = (noun.i, depth, self.told)
        known = self._heads.get(asked)
        if known is None:
            known = self._heads[asked] = self._heads_of(noun, depth)
        return list(known)

    def _heads_of(self, noun: Any, depth: int) -> list[Any]:
        found = []
        if noun.pos_ == "PRON" and children(noun, "appos"):
            return [h for a in children(noun, "appos") for h in self.heads(a, depth + 1)]  # "We (Turkish forces)"
        inside = self._inside(noun, depth)
        if inside:
            found.extend(inside)
        elif self.strength(noun) or self._people(noun) or self.elliptic(noun):
            found.append(noun)
        for c in noun.children:
            if c.dep_ == "acl" and c.lemma_ in ("carry", "transport", "ferry") and not found:
                found.extend(
                    h for o in children(c, "dobj") for h in self.heads(o, depth + 1)
                )  # "trucks carrying soldiers"
        for c in noun.children:
            if (c.dep_ == "conj" and c.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "ADJ")) or (
                c.dep_ == "appos" and not found
            ):
                found.extend(self.heads(c, depth + 1))
        return found

    def _people(self, noun: Any) -> bool:
        """Whether a nation's people are its soldiers here: where they are counted, or forces are told of in the
        sentence or shortly before, and nothing says that they are settlers, voters or migrants."""
        if not people_of(noun, self.parsed) or not self._words.isdisjoint(_OF_PEOPLES):
            return False
        return (
            self.told
            or counted(noun)
            or any(w.strength == "strong" for i, w in self.parsed.forces.items() if i != noun.i)
        )

    def _inside(self, noun: Any, depth: int) -> list[Any]:
        word = self.parsed.forces.get(noun.i)
        measure = (
            (word is not None and (word.strength == "collective" or word.strength == "strong"))
            or noun.pos_ in ("NUM", "PRON", "DET", "ADJ")
            or noun.like_num
            or lemma(noun) in ("member", "group", "tens", "list", "supply", "flow", "string", "movement")
        )
        if not measure and not any(c.lower_ == "full" for c in noun.children):
            return []
        found = []
        for c in noun.children:
            if c.dep_ == "prep" and c.lower_ in ("of", "in", "from") and (c.lower_ == "of"):
                for inner in children(c, "pobj"):
                    heads = self.heads(inner, depth + 1)
                    if not heads and self.military and inner.lower_ in SPECIALISTS and word is not None:
                        heads = [inner]
                    found.extend(heads)
            elif c.dep_ in ("amod", "acomp") and c.lower_ == "full":
                for p in children(c, "prep"):
                    for inner in children(p, "pobj"):
                        found.extend(self.heads(inner, depth + 1))
        if word is not None and word.strength == "strong":
            return []
        return found

    def elliptic(self, noun: Any) -> bool:
        """Whether a number, a quantity or a pronoun stands for forces named before: "another 150", "the rest", "them"."""
        if not self.military or noun.dep_ in ("nummod", "det", "quantmod", "poss", "amod"):
            return False
        if any(t.i < noun.i and t.lower_ in CIVILIANS for t in self.parsed.tokens):
            return False
        before = any(i < noun.i and w.strength == "strong" for i, w in self.parsed.forces.items())
        word = noun.lower_
        if noun.like_num or noun.pos_ == "NUM" or word in QUANTITIES:
            if any(
                c.dep_ == "prep" and c.lower_ == "of" and not any(n.lower_ in THEM for n in c.children)
                for c in noun.children
            ):
                return False
            if noun.ent_type_ in ("DATE", "TIME", "MONEY", "PERCENT"):
                return False
            return before or self.told
        if word in ("anyone", "anybody"):
            return self.told
        return word in THEM and (self.told or (before and noun.dep_ == "dobj" and _kept(noun.head)))

    def grade(self, head: Any) -> int:
        """The strength of a force that `heads` gave; a people or a pronoun counts as likely."""
        return max(self.strength(head), LIKELY)

    def best(self, noun: Any) -> int:
        """The strength of the strongest force in the phrase."""
        return max((max(self.strength(h), LIKELY) for h in self.heads(noun)), default=NONE)
