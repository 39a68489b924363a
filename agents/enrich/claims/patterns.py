"""The ways in which a sentence tells a deployment: small functions over its parse, each with a reason and an example.

A pattern yields `Move`s: a predicate, the forces that it moves, and who moves them. What is said of the predicate (status,
stance, speaker) and what the names stand for is read afterwards, the same way for all patterns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from agents.enrich.claims.forces import CIVILIANS, LIKELY, PEOPLES, STRONG, Forces, people_of
from agents.enrich.language.lexicon import Motion, lexicon
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import (
    antecedent,
    child,
    children,
    governors,
    is_passive,
    lemma,
    negated,
    noun_agent,
    particles,
    phrasal,
    subject,
    subtree_without_clauses,
)
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
FROM = frozenset({"from", "out", "of", "off"})


def find(parsed: Parsed, forces: Forces, *, headline: bool) -> Iterator[Move]:
    """Every move in the sentence, pattern by pattern."""
    for token in parsed.tokens:
        if token.pos_ in ("VERB", "AUX") or token.tag_ in ("VB", "VBD", "VBN", "VBZ", "VBP", "VBG"):
            yield from motion_verb(token, forces, headline)
            yield from cue_with_force(token, forces)
            yield from presence(token, forces)
            yield from made_available(token, forces)
            yield from stay_extended(token, forces)
            yield from going_out(token, forces)
            yield from taking_part(token, forces)
            yield from leading_a_force(token, forces)
            yield from involving(token, forces)
            yield from letting(token, forces)
            yield from raising_numbers(token, forces)
            yield from party_leaves(token, forces)
            yield from foot_in(token, forces)
            yield from party_mobilises(token, forces)
            yield from help_asked(token, forces)
            yield from wanted_out(token, forces)
        elif token.pos_ in ("NOUN", "PROPN") or (
            lemma(token) in lexicon().nouns and token.dep_ in ("dobj", "pobj", "nsubj", "nsubjpass")
        ):
            yield from motion_noun(token, forces, headline)
            yield from cue_noun_with_force(token, forces)
            yield from reported_force(token, forces)
            if headline:
                yield from headline_verb(token, forces)
        elif token.pos_ in ("ADP", "SCONJ", "ADJ", "ADV"):
            yield from against_force(token, forces)


_LENDING = frozenset({"send", "lend", "offer", "ship", "contribute"})
"""Verbs whose receiver may be a force's, too: "lent Egypt pilots"."""


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


def forces_of(nouns: list[Any], forces: Forces) -> list[Any]:
    found = []
    for noun in nouns:
        for head in forces.heads(noun):
            if head not in found:
                found.append(head)
    return found


_WHERE = frozenset(
    [
        "front",
        "sea",
        "base",
        "bases",
        "camp",
        "camps",
        "frontier",
        "airport",
        "airfield",
        "barracks",
        "headquarters",
        "field",
        "bridge",
        "neighbourhood",
        "district",
        "districts",
        "streets",
        "ground",
        "lines",
        "line",
        "side",
        "zone",
        "zones",
        "place",
        "places",
        "position",
        "positions",
        "site",
        "post",
        "posts",
        "theatre",
        "theater",
        "ports",
        "port",
        "shore",
        "shores",
        "coast",
        "state",
        "states",
        "neighbours",
        "neighbors",
        "mission",
        "force",
        "operation",
        "operations",
        "coalition",
        "gulf",
        "region",
        "parts",
        "part",
        "interior",
        "hills",
        "mountains",
        "desert",
        "jungle",
        "villages",
        "towns",
        "cities",
        "provinces",
        "airspace",
        "waters",
        "soil",
        "outskirts",
        "suburbs",
        "checkpoint",
        "checkpoints",
        "strip",
        "stronghold",
        "strongholds",
        "heartland",
        "nation",
        "nations",
        "countries",
        "mainland",
        "land",
        "embassy",
        "compound",
        "town",
        "gaps",
        "point",
        "points",
        "governorate",
        "square",
        "squares",
        "terminals",
        "hotspots",
        "locations",
        "location",
        "station",
        "stations",
        "areas",
        "front-line",
        "frontline",
        "frontlines",
    ]
)


RESERVES = frozenset({"reservists", "reserves", "reservist", "conscripts", "veterans"})
"""Whom a state calls to arms at home, where others are called back from abroad."""


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
                    inner = any(
                        n.pos_ == "PROPN" or n.lower_ in _COMMON_PLACES
                        for p in children(noun, "prep")
                        for n in children(p, "pobj")
                    )
                    if noun.i in noun.doc.user_data.get("named", ()):
                        return True  # whatever the model takes it for: Niger for a date
                    if noun.ent_type_ in ("DATE", "TIME", "MONEY", "PERCENT"):
                        continue
                    if named or inner or noun.lower_ in _WHERE or noun.lower_ in _COMMON_PLACES or noun.pos_ == "PRON":
                        return True
                if any(True for _ in children(c, "prep", "pcomp", "conj")):
                    return True
            if c.dep_ in ("advmod", "npadvmod", "prt") and c.lower_ in (
                "there",
                "here",
                "abroad",
                "home",
                "ashore",
                "overseas",
                "nearby",
                "in",
                "back",
                "north",
                "south",
                "east",
                "west",
                "northward",
                "southward",
            ):
                return True
    return False


def motion_verb(verb: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A verb of motion with a force as what it moves or as what goes: "sent troops", "soldiers arrived in", "were withdrawn"."""
    options = lexicon().verbs.get(lemma(verb), ())
    if not options:
        return
    around = particles(verb)
    if "in" in around and not any(c.lower_ == "in" and _brings_in(c, forces) for c in verb.children):
        around = around - {"in"}
    if any(
        c.lower_ == "home" and c.dep_ in ("advmod", "npadvmod", "dobj", "prt", "pcomp") for c in verb.children
    ) or any(g.lower_ == "home" for c in children(verb, "prep", "advmod", "prt") for g in c.children):
        around = around | {"home"}
    alert = next((o for o in options if o.frame == "alert"), None)
    if alert is not None:
        move = _moved(verb, alert, forces, headline)
        if move is not None:
            yield move
            return
        options = tuple(o for o in options if o.frame != "alert")
    matching = [o for o in options if o.particle is not None and o.particle in around] or [
        o for o in options if o.particle is None
    ]
    for option in matching:
        move = _moved(verb, option, forces, headline)
        if move is not None:
            yield move
            return


def _brings_in(particle: Any, forces: Forces) -> bool:
    """Whether "in" belongs to the verb ("flown in another 150", "flew in on Saturday") and does not open a place or a time."""
    inside = children(particle, "pobj", "pcomp")
    return all(forces.heads(n) and n.ent_type_ not in ("DATE", "TIME", "GPE", "LOC") for n in inside)


def _moved(verb: Any, option: Motion, forces: Forces, headline: bool) -> Move | None:
    if (
        verb.tag_ == "VBN"
        and verb.dep_ == "acl"
        and verb.head.dep_ != "ROOT"
        and not headline
        and child(verb, "nsubj", "nsubjpass") is None
        and not any(c.lower_ == "to" for c in verb.children)
    ):
        return None  # "the soldiers sent there were ..." tells it in passing
    if verb.dep_ in ("amod", "compound") or (verb.lower_ == "put" and lemma(verb.head) in ("stay", "remain")):
        return None  # "are staying put"
    if option.frame == "alert":
        return _alerted(verb, forces)
    if option.frame == "reinforces":
        return _reinforced(verb, option, forces)
    found: list[Any] = []
    doer: Any | None = None
    pattern = ""
    if option.frame in ("carries", "both"):
        what = objects(verb)
        found = forces_of(what, forces)
        pattern = "passive of motion" if is_passive(verb) else "force is moved"
        doer = _agent(verb) if is_passive(verb) or (verb.tag_ == "VBN" and not children(verb, "aux")) else subject(verb)
        if not is_passive(verb) and doer is not None and doer in what:
            doer = None
    if not found and option.frame in ("carries", "both") and verb.tag_ in ("VBN", "VBG", "VB") and not objects(verb):
        found = _next_force(verb, forces)
        if found:
            pattern, doer = "force is moved", subject(verb)
    if not found and option.frame in ("goes", "both") and not is_passive(verb):
        goer = subject(verb)
        if headline and verb.dep_ == "relcl" and verb.head.dep_ == "ROOT" and child(verb, "nsubj") is None:
            goer = verb.head  # "Pakistan troops to stay in Saudi Arabia"
        found = forces_of([goer], forces) if goer is not None else []
        pattern, doer = "force goes", None
        if found and option.lemma in ("leave", "enter", "invade", "reach", "quit", "exit", "vacate"):
            target = child(verb, "dobj")
            unknown = target is not None and target.pos_ != "PROPN" and forces.parsed.at.get(target.i) is None
            if target is not None and unknown and not _placelike(target, forces):
                return None
        other = [
            c
            for c in children(verb, "dobj")
            if c.ent_type_ not in ("DATE", "TIME") and c.lower_ not in ("home", "sail")
        ]
        if (
            found
            and other
            and option.lemma not in ("leave", "enter", "invade", "reach", "quit", "exit", "vacate", "cross")
        ):
            return None  # "soldiers evacuated civilians", "helicopters drove the men out"
    if not found:
        return None
    if verb.dep_ == "relcl" and all(forces.elliptic(f) for f in found):
        return None  # "the first who came home": in passing
    if any(
        t.ent_type_ == "MONEY" or t.lower_ in ("money", "aid", "billion", "$")
        for w in (objects(verb) if option.frame != "goes" else [])
        for t in subtree_without_clauses(w)
    ):
        return None
    if found == [verb] or (doer is not None and doer in found and len(found) == 1):
        return None
    strong = max(forces.grade(f) for f in found)
    if (
        "strong" in option.needs
        and strong < STRONG
        and not (strong == LIKELY and forces.military)
        and not any(people_of(f, forces.parsed) for f in found)
    ):
        return None
    placed = has_place(
        verb,
        *list(children(verb, "dobj", "nsubjpass")),
        *found,
        *children(verb, "dative"),
        *children(verb, "acomp", "advmod", "prt"),
    )
    if (
        option.lemma in ("leave", "enter", "invade", "reach", "quit", "exit", "vacate", "cross")
        and child(verb, "dobj") is not None
    ):
        placed = True
    purposeful = is_passive(verb) and any(
        c.lower_ == "to" for clause in children(verb, "advcl", "xcomp") for c in children(clause, "aux")
    )
    if "place" in option.needs and not placed and not is_transfer(verb) and not purposeful:
        return None
    onward = {
        "to",
        "into",
        "onto",
        "toward",
        "towards",
        "across",
        "through",
        "over",
        "for",
        "ashore",
        "north",
        "south",
        "out",
        "off",
        "home",
        "back",
    }
    if (
        option.lemma in ("go", "come", "travel", "head", "push", "ride", "set", "pass", "proceed", "return")
        and option.particle is None
    ) and not any(c.lower_ in onward for c in verb.children if c.dep_ in ("prep", "advmod", "prt", "npadvmod")):
        return None  # "military police in Sao Paulo went on strike"
    if (
        option.lemma == "go"
        and "home" not in particles(verb)
        and any(c.lower_ in ("on", "through", "off") and c.dep_ == "prt" for c in verb.children)
    ):
        return None
    weak_verb = option.lemma in ("order", "take", "place", "put", "bring", "return", "come", "set", "pass", "push")
    sure = strong >= STRONG or forces.military or any(people_of(f, forces.parsed) for f in found)
    if weak_verb and not sure:
        return None
    if option.act == "remain" and option.frame == "goes" and _copula(verb):
        return None  # "remains committed to", "remained on alert"
    if (
        option.lemma == "fly"
        and option.particle is None
        and pattern == "force goes"
        and not (onward - {"over", "through"})
        & {c.lower_ for c in verb.children if c.dep_ in ("prep", "advmod", "prt", "npadvmod")}
    ):
        return None  # "planes were flying in the area"
    act: Act = option.act
    if (
        option.lemma in ("leave", "depart")
        and act == "withdraw"
        and any(p.lower_ == "for" for p in children(verb, "prep"))
    ):
        act = "send"  # "had left for Cyprus"
    if option.lemma in ("recall", "summon") and all(f.lower_ in RESERVES for f in found):
        act = "mobilise"
    base: Status | None = "decided" if option.lemma == "order" else None
    if option.lemma == "leave" and option.act == "remain":
        there = any(c.lower_ in ("there", "behind", "in", "at") for c in verb.children)
        if not children(verb, "dobj") or (not there and any(forces.elliptic(f) for f in found)):
            return None  # "leaving dozens injured"
    if (
        act == "remain"
        and option.frame == "carries"
        and option.lemma in ("leave", "keep")
        and child(verb, "oprd", "acomp") is not None
        and not placed
    ):
        return None
    return Move(
        act=act,
        predicate=verb,
        forces=found,
        doer=doer,
        pattern=pattern,
        base=base,
        places=_place_tokens(verb, found),
        needs_place="place" in option.needs,
    )


def _copula(verb: Any) -> bool:
    """Whether "remain" and "stay" say how somebody is, and not where."""
    states = [c for c in verb.children if c.dep_ in ("acomp", "attr", "oprd", "xcomp")]
    return any(
        c.pos_ in ("ADJ", "VERB") and c.lower_ not in ("deployed", "stationed", "based", "posted", "present")
        for c in states
    )


def _next_force(verb: Any, forces: Forces) -> list[Any]:
    """The force right after a verb whose object the parser lost: "of having flown at least 14 fighter jets, repainted ..."."""
    for token in forces.parsed.tokens[verb.i + 1 : verb.i + 9]:
        if forces.strength(token) == STRONG and token.dep_ not in ("compound", "amod", "pobj", "poss"):
            return [token]
        if (
            token.is_punct
            or token.pos_ in ("VERB", "AUX", "CCONJ", "SCONJ", "PRON")
            or token.lower_ in ("to", "from", "into", "by")
        ):
            return []
    return []


_PLACE_NOUNS = frozenset(
    [
        "country",
        "region",
        "area",
        "town",
        "city",
        "capital",
        "territory",
        "province",
        "island",
        "base",
        "zone",
        "border",
        "enclave",
        "north",
        "south",
        "east",
        "west",
        "soil",
        "bases",
        "village",
        "post",
        "posts",
        "position",
        "positions",
        "kingdom",
        "republic",
        "peninsula",
        "camp",
        "valley",
    ]
)
_COMMON_PLACES = _PLACE_NOUNS | {"frontier", "colony", "neighbour", "neighbor"}


def _placelike(noun: Any, forces: Forces) -> bool:
    """A noun that is a place without being named: "the country", "the region", or has a named one in its phrase."""
    if noun.lower_ in _PLACE_NOUNS or noun.lower_ == "it":
        return True
    return any(
        forces.parsed.at.get(t.i) is not None and forces.parsed.at[t.i].kind in ("place", "country")
        for t in noun.subtree
    )


def is_transfer(verb: Any) -> bool:
    """ "Lent Egypt pilots": the receiver is an object."""
    return child(verb, "dative") is not None


def _agent(verb: Any) -> Any | None:
    by = child(verb, "agent")
    if by is not None:
        return child(by, "pobj")
    for preposition in children(verb, "prep"):
        if preposition.lower_ == "by":
            return child(preposition, "pobj")
    return None


def _place_tokens(verb: Any, found: list[Any]) -> list[Any]:
    tokens = [verb]
    for c in verb.children:
        if c.dep_ in ("dobj", "nsubjpass", "dative", "acomp", "advmod", "prt", "oprd", "attr", "pobj"):
            tokens.append(c)
    for force in found:
        tokens.extend(n for p in children(force, "prep") if p.lower_ == "of" for n in children(p, "pobj"))
        at = force
        for _ in range(5):
            if at not in tokens:
                tokens.append(at)
            if at.dep_ in ("pobj", "prep", "conj", "appos", "compound"):
                at = at.head
            else:
                break
            if at.i == verb.i:
                break
    return tokens


def _alerted(verb: Any, forces: Forces) -> Move | None:
    """Forces put or kept on alert: "two battalions have been put on alert"."""
    state = None
    hanging = [
        verb,
        *children(verb, "dobj", "nsubjpass"),
        *[x for o in children(verb, "dobj") for x in children(o, "conj")],
    ]
    for preposition in [p for t in hanging for p in children(t, "prep")]:
        if preposition.lower_ in ("on", "in", "at"):
            for noun in children(preposition, "pobj"):
                inner = [n for p in children(noun, "prep") for n in children(p, "pobj")]
                if noun.lower_ in ("state", "level") and any(n.lower_ in ("alert", "readiness") for n in inner):
                    state = noun
                if noun.lower_ in ("stand-by", "alert", "standby", "stand-by", "footing", "readiness"):
                    state = noun
    if state is None:
        state = next((c for c in children(verb, "acomp", "oprd", "attr") if c.lower_ in ("alert", "on-alert")), None)
    if state is None:
        return None
    passive = is_passive(verb)
    nouns = objects(verb) if passive or children(verb, "dobj") else [subject(verb)]
    found = forces_of([n for n in nouns if n is not None], forces)
    if not found:
        return None
    doer = _agent(verb) if passive else (subject(verb) if children(verb, "dobj") else None)
    return Move(
        act="mobilise", predicate=verb, forces=found, doer=doer, pattern="forces on alert", places=[verb, *found]
    )


def _reinforced(verb: Any, option: Motion, forces: Forces) -> Move | None:
    """A place, a garrison or a fleet is reinforced: "reinforced the area with tanks", "bolster its presence in"."""
    what = objects(verb)
    doer = _agent(verb) if is_passive(verb) else subject(verb)
    with_what = [
        n
        for p in [*children(verb, "prep"), *[q for w in what for q in children(w, "prep")]]
        if p.lower_ == "with"
        for n in children(p, "pobj")
    ]
    found = forces_of(what, forces)
    added = forces_of(with_what, forces)
    military_object = any(
        w.lower_
        in (
            "presence",
            "defences",
            "defenses",
            "positions",
            "garrison",
            "posts",
            "deployment",
            "contingent",
            "mission",
            "flank",
            "border",
            "front",
        )
        and (forces.military or forces.heads(doer))
        for w in what
        if w is not None
    )
    if not added and not found and not military_object:
        return None
    if (
        lemma(verb) not in ("reinforce", "beef")
        and not added
        and not any(forces.strength(f) >= LIKELY for f in found)
        and not military_object
    ):
        return None
    if lemma(verb) == "boost" and not (added or military_object):
        return None
    if not (doer is not None or added):
        return None
    parties = added or found
    return Move(
        act="reinforce",
        predicate=verb,
        forces=parties or [w for w in what if w is not None][:1],
        doer=doer,
        pattern="reinforced",
        places=[verb, *[w for w in what if w is not None], *parties],
    )


def motion_noun(noun: Any, forces: Forces, headline: bool) -> Iterator[Move]:
    """A noun of motion: "the withdrawal of Syrian forces from Lebanon", "troop deployment", "the Syrian pullout"."""
    option = lexicon().nouns.get(lemma(noun))
    if option is None or noun.dep_ in ("compound", "amod", "nmod"):
        return
    parsed = forces.parsed
    of_what = [n for p in children(noun, "prep") if p.lower_ == "of" for n in children(p, "pobj")]
    for clause in children(noun, "acl"):
        if lemma(clause) == "involve":
            of_what.extend(objects(clause))
    found = forces_of(of_what, forces)
    compounds = [
        c
        for c in children(noun, "compound", "amod", "nmod", "poss")
        if forces.strength(c) >= LIKELY
        or c.lower_ in ("military", "troop", "army", "naval", "force", "peacekeeping", "armed")
    ]
    named = [
        c
        for c in children(noun, "amod", "compound", "nmod", "poss")
        if parsed.at.get(c.i) is not None and parsed.at[c.i].kind in ("country", "organisation", "armed-group", "force")
    ]
    pronoun = child(noun, "poss")
    if not found and compounds:
        found = compounds
    if (
        of_what
        and not found
        and not (option.act == "withdraw" and any(parsed.at.get(t.i) is not None for o in of_what for t in [o]))
    ):
        own = any(
            o.pos_ == "PROPN" and child(o, "poss") is not None for o in of_what
        )  # "the deployment of its Jagdkommando"
        if own:
            found = [o for o in of_what if o.pos_ == "PROPN"]
        if not own and not any(o.lower_ in ("force", "forces") for o in of_what):
            return  # "the dispatch of ambassadors", "deployment of aid"
    if lemma(noun) == "sending" and not found:
        return
    if not found:
        if "strong" in option.needs:
            return
        doer = named[0] if named else pronoun
        placed = _names_place(noun, forces)
        place = child(noun, "compound")
        if (
            option.act == "withdraw"
            and place is not None
            and _names_a_country(place, forces)
            and noun_agent_of(noun) is not None
        ):
            yield Move(
                act="withdraw", predicate=noun, forces=[], doer=noun_agent_of(noun), party=noun_agent_of(noun),
                pattern="withdrawal from a place", places=[noun, place], needs_cue=True,
            )  # fmt: skip
            return
        if option.act == "withdraw" and (doer is not None or of_what) and (placed or forces.military):
            party = doer if doer is not None else of_what[0]
            yield Move(
                act="withdraw",
                predicate=noun,
                forces=[],
                doer=party,
                party=party,
                pattern="withdrawal of a party",
                places=[noun],
                needs_cue=True,
                needs_place=not forces.military,
            )
        elif option.act == "mobilise" and (
            any(c.lower_ in ("general", "partial", "national", "full", "mass") for c in children(noun, "amod"))
            or forces.military
        ):
            yield Move(
                act="mobilise",
                predicate=noun,
                forces=[],
                doer=doer,
                pattern="mobilisation",
                places=[noun],
                needs_cue=True,
            )
        elif (forces.military or named) and option.act in ("send", "withdraw", "redeploy", "reinforce"):
            yield Move(
                act=option.act,
                predicate=noun,
                forces=[],
                doer=doer,
                pattern="noun of motion by itself",
                places=[noun],
                needs_cue=True,
            )
        return
    doer = (
        named[0]
        if named and named[0] not in found
        else (pronoun if pronoun is not None and pronoun not in found else None)
    )
    by = [n for p in children(noun, "prep") if p.lower_ == "by" for n in children(p, "pobj")]
    if by:
        doer = by[0]
    yield Move(
        act="send"
        if lemma(noun) == "departure"
        and any(p.lower_ == "for" for t in [noun, *found, *of_what] for p in children(t, "prep"))
        else option.act,
        predicate=noun,
        forces=found,
        doer=doer,
        pattern="noun of motion",
        places=[noun, *found, *of_what],
        needs_cue=not headline,
        base="occurred" if _told_as_real(noun) else None,
    )


def _told_as_real(noun: Any) -> bool:
    """Whether a noun of motion stands as a fact of its own: "the arrival of the military police marks a shift"."""
    verb = noun.head
    if (
        lemma(noun) not in ("arrival", "departure", "return", "withdrawal", "deployment", "dispatch")
        or noun.dep_ != "nsubj"
    ):
        return False
    return (
        lemma(verb)
        in (
            "mark",
            "come",
            "follow",
            "represent",
            "signal",
            "end",
            "bring",
            "leave",
            "coincide",
            "raise",
            "trigger",
            "prompt",
        )
        and verb.tag_ in ("VBD", "VBZ", "VBP")
        and not any(a.lower_ in ("will", "would", "could", "may", "might") for a in children(verb, "aux"))
        and any(c.lower_ == "the" for c in children(noun, "det")) | bool(children(noun, "poss"))
    )


def _names_a_country(token: Any, forces: Forces) -> bool:
    mention = forces.parsed.at.get(token.i)
    return mention is not None and mention.kind in ("country", "place") and mention.form != "demonym"


def noun_agent_of(noun: Any) -> Any | None:
    """Who announces, plans or orders what a noun tells: the subject of the verb that it is the object of."""
    verb = noun.head
    return subject(verb) if noun.dep_ == "dobj" and verb.pos_ == "VERB" else None


def _names_place(noun: Any, forces: Forces) -> bool:
    for preposition in children(noun, "prep"):
        if preposition.lower_ in TO | FROM and preposition.lower_ not in ("of", "for"):
            for inner in children(preposition, "pobj"):
                if _placelike(inner, forces):
                    return True
    return False


_ASKING: dict[str, Status] = {
    "ask": "requested",
    "plead": "requested",
    "appeal": "requested",
    "request": "requested",
    "beg": "requested",
    "turn": "requested",
    "seek": "requested",
    "call": "demanded",
    "demand": "demanded",
    "want": "requested",
    "press": "demanded",
    "push": "demanded",
    "need": "requested",
    "lobby": "demanded",
}
_GIVING: dict[str, Status] = {
    "offer": "offered",
    "promise": "decided",
    "pledge": "decided",
    "commit": "decided",
    "approve": "decided",
    "volunteer": "offered",
    "authorise": "decided",
    "authorize": "decided",
    "propose": "proposed",
    "earmark": "decided",
    "ready": "planned",
    "prepare": "planned",
}
_REFUSING: dict[str, Status | None] = {
    "refuse": "refused",
    "decline": "refused",
    "reject": "refused",
    "rule_out": "refused",
    "turn_down": "refused",
    "turn_away": "refused",
    "bar": "refused",
    "ban": "refused",
    "oppose": "opposed",
    "resist": "opposed",
    "object_to": "opposed",
    "exclude": "refused",
    "veto": "refused",
    "expel": "decided",
    "block": "opposed",
    "welcome": None,
    "accept": "decided",
    "host": "decided",
    "receive": None,
}


def cue_with_force(verb: Any, forces: Forces) -> Iterator[Move]:
    """A force itself is asked for, offered or refused: "asked for troops", "offered two battalions", "ruled out ground troops"."""
    word = lemma(verb)
    direct = [c for c in verb.children if c.dep_ in ("dobj", "nsubjpass", "attr", "oprd")]
    if word in _ASKING and (word != "turn" or "to" in particles(verb)):
        wanted = [n for p in children(verb, "prep") if p.lower_ in ("for", "to", "about") for n in children(p, "pobj")]
        for o in direct:
            wanted.extend(n for p in children(o, "prep") if p.lower_ == "for" for n in children(p, "pobj"))
        found = [f for f in forces_of(wanted, forces) if not _clause_after(f)]
        asked = next((o for o in direct if not forces.heads(o) or people_of(o, forces.parsed)), None)
        if word in ("turn", "appeal", "plead"):
            asked = next((n for p in children(verb, "prep") if p.lower_ == "to" for n in children(p, "pobj")), asked)
        if not found and word in ("request", "seek", "demand", "want", "need"):
            found = [f for f in forces_of(direct, forces) if not _clause_after(f) and not _verbless_move(verb)]
            asked = next((n for p in children(verb, "prep") if p.lower_ == "from" for n in children(p, "pobj")), None)
            if word in ("want", "need", "demand") and not (found and has_place(verb, *found)):
                found = [] if word != "demand" else found
        if found:
            asker = subject(verb)
            # "about sending troops" is told by the verb of motion
            yield Move(
                act="send",
                predicate=verb,
                forces=found,
                doer=None,
                asked=asked,
                host=asker,
                pattern="force asked for",
                base=_ASKING[word],
                places=[verb, *found, *direct],
            )
        return
    if word in _GIVING:
        found = [f for f in forces_of(direct, forces) if not _clause_after(f)]
        if found and max(forces.strength(f) for f in found) >= LIKELY and not is_passive(verb):
            if word in ("approve", "authorise", "authorize", "prepare", "ready") and not has_place(verb, *found):
                return
            if word == "prepare" and not has_place(verb, *found):
                return
            yield Move(
                act="send",
                predicate=verb,
                forces=found,
                doer=subject(verb),
                pattern="force offered",
                base=_GIVING[word],
                places=[verb, *found, *direct],
            )
        return
    for key in phrasal(verb):
        status = _REFUSING.get(key)
        if status and key != "expel":
            found = [f for f in forces_of(direct, forces) if not _clause_after(f)]
            if not found or (
                max(forces.strength(f) for f in found) < LIKELY and not any(people_of(f, forces.parsed) for f in found)
            ):
                return
            if (
                key in ("resist", "block", "oppose", "bar", "ban", "accept", "reject", "host")
                and not has_place(verb, *found)
                and not any(c.lower_ == "foreign" for f in found for c in f.children)
                and not forces.military
            ):
                return
            if key in ("resist", "block") and not any(c.lower_ == "foreign" for f in found for c in f.children):
                return
            doer = subject(verb)
            yield Move(
                act="send",
                predicate=verb,
                forces=found,
                doer=doer,
                host=doer,
                pattern="force accepted" if key in ("accept", "host", "turn_away", "bar", "ban") else "force refused",
                base=status,
                places=[verb, *found, *direct],
            )
            return
        if key == "expel":
            found = forces_of(direct, forces)
            if found and max(forces.strength(f) for f in found) == STRONG:
                doer = subject(verb)
                yield Move(
                    act="withdraw",
                    predicate=verb,
                    forces=found,
                    doer=None,
                    host=doer,
                    pattern="force expelled",
                    places=[verb, *found],
                )
            return


def _clause_after(noun: Any) -> bool:
    """Whether a clause with the force as its subject follows, which then tells the move: "wants troops to leave"."""
    for c in noun.children:
        if (
            c.dep_ in ("acl", "relcl")
            and any(a.lower_ == "to" for a in children(c, "aux"))
            and lemma(c) in lexicon().verbs
        ):
            return True
    return False


def _verbless_move(verb: Any) -> bool:
    return any(lemma(c) in lexicon().verbs for c in children(verb, "xcomp", "ccomp", "advcl"))


_REQUESTS: dict[str, Status] = {
    "request": "requested",
    "call": "demanded",
    "appeal": "requested",
    "plea": "requested",
    "demand": "demanded",
    "offer": "offered",
    "promise": "decided",
    "pledge": "decided",
    "idea": "proposed",
    "proposal": "proposed",
    "plan": "planned",
}


def cue_noun_with_force(noun: Any, forces: Forces) -> Iterator[Move]:
    """A request, call or offer as a noun: "a request for troops", "rejected a call for peacekeepers"."""
    base = _REQUESTS.get(lemma(noun))
    if base is None or noun.dep_ in ("compound",):
        return
    beside = children(noun.head, "prep") if noun.dep_ == "dobj" else []
    wanted = [n for p in [*children(noun, "prep"), *beside] if p.lower_ in ("for", "of") for n in children(p, "pobj")]
    found = [f for f in forces_of(wanted, forces) if not _clause_after(f) and not forces.elliptic(f)]
    if found and lemma(noun) in ("idea", "proposal", "plan"):
        abroad = has_place(noun, *found)
        if not abroad or not any(forces.strength(f) for f in found):
            return
        yield Move(
            act="send", predicate=noun, forces=found, doer=noun_agent(noun), pattern="plan of a force", base=base,
            places=[noun, *found],
        )  # fmt: skip
        return
    if found:
        owner = child(noun, "poss") or next(
            (c for c in children(noun, "amod", "compound") if forces.parsed.at.get(c.i) is not None), None
        )
        offered = base in ("offered", "decided")
        yield Move(
            act="send",
            predicate=noun,
            forces=found,
            doer=owner if offered else None,
            host=None if offered else owner,
            pattern="force offered" if offered else "request for a force",
            base=base,
            places=[noun, *found],
        )


_TOLD = frozenset(
    {"report", "charge", "claim", "allegation", "rumour", "rumor", "talk", "suggestion", "accusation", "story"}
)


def reported_force(noun: Any, forces: Forces) -> Iterator[Move]:
    """A report or charge of a force's presence that somebody denies: "dismissed the reports of its army in Russia"."""
    if lemma(noun) not in _TOLD:
        return
    what = [n for p in children(noun, "prep") if p.lower_ in ("of", "about") for n in children(p, "pobj")]
    found = [f for n in what for f in forces.heads(n) if lemma(n) not in lexicon().nouns]
    verb = noun.head if noun.dep_ != "pobj" else noun.head.head
    denied = any(
        (cue := lexicon().speech.get(("verb", k))) is not None and cue.stance == "denies" for k in phrasal(verb)
    ) or lemma(verb) in ("reject",)
    if found and denied and noun.dep_ in ("dobj", "nsubjpass", "pobj"):
        yield Move(
            act="send", predicate=noun, forces=found, doer=None, pattern="report of a force denied", base="occurred",
            places=[noun, *what, *found],
        )  # fmt: skip


def presence(verb: Any, forces: Forces) -> Iterator[Move]:
    """Forces that a party has or keeps in a country, or that will be there: "has 1,500 soldiers in Niger", "would be in Kyiv"."""
    word = lemma(verb)
    if word in ("have", "maintain") and children(verb, "dobj") and subject(verb) is not None:
        direct = children(verb, "dobj")
        found = [f for f in forces_of(direct, forces) if forces.strength(f) >= LIKELY]
        if not found:
            return
        if verb.dep_ == "conj" and any(c.tag_ == "VBN" for f in found for c in children(f, "acl")):
            return  # "leads the mission and has 1,000 troops stationed there": told in passing
        if not has_place(verb, *direct, *found, *[c for d in direct for c in children(d, "acl")]):
            return
        tokens = [verb, *direct, *found, *[c for d in [*direct, *found] for c in children(d, "acl")]]
        staying = any(c.lower_ == "still" for c in children(verb, "advmod"))
        yield Move(
            act="remain" if staying else "send",
            predicate=verb,
            forces=found,
            doer=subject(verb),
            pattern="has forces in",
            places=tokens,
            needs_place=True,
            needs_foreign=True,
        )
        return
    if word == "be":
        helpers = {a.lower_ for a in children(verb, "aux")}
        there = child(verb, "expl")
        if there is not None:
            what = children(verb, "attr", "nsubj", "dobj")
            found = forces_of(what, forces)
            if found and has_place(verb, *what, *found):
                yield Move(
                    act="send",
                    predicate=verb,
                    forces=found,
                    doer=None,
                    pattern="there are forces in",
                    places=[verb, *what, *found],
                    needs_place=True,
                    needs_foreign=True,
                )
            return
        goer = subject(verb)
        if goer is None or goer.tag_ == "EX":
            return
        found = forces_of([goer], forces)
        if not found:
            return
        where = [
            p
            for p in children(verb, "prep")
            if p.lower_ in ("in", "inside", "at", "on")
            and any(_placelike(n, forces) or n.lower_ == "ground" for n in children(p, "pobj"))
        ]
        prominent = child(verb, "acomp")
        if prominent is not None and prominent.lower_ in ("prominent", "present", "active", "visible"):
            where = where or [p for p in children(prominent, "prep") if p.lower_ in ("in", "at", "on")]
        if where and helpers & {"will", "would", "'ll", "may", "might", "could"}:
            base: Status = "considered" if helpers & {"may", "might", "could"} else "planned"
            yield Move(
                act="send",
                predicate=verb,
                forces=found,
                doer=None,
                pattern="forces will be there",
                base=base,
                places=[verb, *([prominent] if prominent is not None else []), *found],
            )
        elif where and prominent is None and any(c.lower_ in ("already", "now") for c in children(verb, "advmod")):
            yield Move(
                act="send", predicate=verb, forces=found, doer=None, pattern="forces are there by now",
                places=[verb, *found], needs_place=True, needs_foreign=True,
            )  # fmt: skip
        elif where and prominent is None and _is_reported(verb):
            yield Move(
                act="send",
                predicate=verb,
                forces=found,
                doer=None,
                pattern="forces said to be there",
                places=[verb, *found],
                needs_place=True,
                needs_foreign=True,
                needs_cue=True,
            )
        for p in children(verb, "prep"):
            if p.lower_ == "on" and any(n.lower_ == "way" for n in children(p, "pobj")):
                way = next(n for n in children(p, "pobj") if n.lower_ == "way")
                yield Move(
                    act="send",
                    predicate=verb,
                    forces=found,
                    doer=None,
                    pattern="forces on their way",
                    base=None if helpers else "ongoing",
                    places=[verb, way, *found],
                )
            if p.lower_ == "on" and any(n.lower_ == "table" for n in children(p, "pobj")):
                yield Move(
                    act="send",
                    predicate=verb,
                    forces=found,
                    doer=None,
                    pattern="forces on the table",
                    base="refused" if negated(verb) else "considered",
                    places=[verb, *found],
                )
            if p.lower_ == "at" and any(n.lower_ == "sea" for n in children(p, "pobj")):
                yield Move(
                    act="send",
                    predicate=verb,
                    forces=found,
                    doer=None,
                    pattern="forces at sea",
                    base="ongoing",
                    places=[verb, *found],
                )


def _is_reported(verb: Any) -> bool:
    """Whether the clause is what somebody denies, cannot confirm or alleges."""
    for governor, label, _ in governors(verb):
        if label == "ccomp" and (
            lemma(governor) in ("deny", "confirm", "allege", "claim", "dismiss", "accuse") or negated(governor)
        ):
            return True
    return False


def made_available(verb: Any, forces: Forces) -> Iterator[Move]:
    """Forces lent to a mission: "made 200 gendarmes available to the mission in Haiti", "put 1,200 soldiers at the disposal of"."""
    word = lemma(verb)
    state: Any | None = None
    nouns = objects(verb)
    if word == "make":
        state = next((c for c in children(verb, "oprd", "acomp", "ccomp", "xcomp") if c.lower_ == "available"), None)
        nouns = nouns + (children(state, "nsubj") if state is not None else [])
    elif word in ("put", "place"):
        state = next((n for p in children(verb, "prep") for n in children(p, "pobj") if n.lower_ == "disposal"), None)
    found = forces_of(nouns, forces)
    if state is not None and found:
        doer = _agent(verb) if is_passive(verb) else subject(verb)
        yield Move(
            act="send", predicate=verb, forces=found, doer=doer, pattern="forces made available", places=[verb, state, *found]
        )  # fmt: skip


def stay_extended(verb: Any, forces: Forces) -> Iterator[Move]:
    """A mission of forces abroad that is prolonged: "extended the mission of its 1,400 soldiers in Mali"."""
    if lemma(verb) not in ("extend", "prolong", "renew"):
        return
    for what in objects(verb):
        if what.lower_ not in ("mission", "mandate", "tour", "term", "assignment"):
            continue
        of_what = [n for p in children(what, "prep") if p.lower_ in ("of", "for") for n in children(p, "pobj")]
        found = forces_of(of_what, forces)
        if not found and any(c.lower_ in ("peacekeeping", "military") for c in children(what, "compound", "amod")):
            found = [what]
        if found:
            doer = _agent(verb) if is_passive(verb) else subject(verb)
            yield Move(
                act="remain", predicate=verb, forces=found, doer=doer, pattern="mission extended", base="decided",
                places=[verb, what, *found],
            )  # fmt: skip


def headline_verb(noun: Any, forces: Forces) -> Iterator[Move]:
    """A headline's verb that the parser took for a noun: "Trump orders 1,500 more troops to Middle East"."""
    if noun.tag_ != "NNS" or noun.dep_ != "ROOT" or not noun.lower_.endswith("s"):
        return
    options = [o for o in lexicon().verbs.get(noun.lower_.removesuffix("s"), ()) if o.frame in ("carries", "both")]
    doer = next((c for c in noun.children if c.i < noun.i and c.i in forces.parsed.at), None)
    after = [c for c in noun.children if c.i > noun.i and c.dep_ in ("appos", "dobj", "npadvmod", "dep")]
    found = forces_of(after, forces)
    option = next((o for o in options if o.particle is None), None)
    if option is not None and doer is not None and found and has_place(noun, *found):
        yield Move(
            act=option.act, predicate=noun, forces=found, doer=doer, pattern="headline verb",
            base="decided" if option.lemma == "order" else "occurred", places=[noun, *found],
        )  # fmt: skip


def going_out(verb: Any, forces: Forces) -> Iterator[Move]:
    """Forces that are or will be gone, home or out: "the last of its Marines would be gone", "the last soldier is out of Congo"."""
    if lemma(verb) not in ("be", "go"):
        return
    goer = subject(verb)
    if goer is None:
        return
    state = None
    if lemma(verb) == "be":
        for c in verb.children:
            if (
                c.dep_ in ("acomp", "advmod", "prep", "prt", "npadvmod", "attr")
                and c.lower_ in ("gone", "home", "out", "away")
                and c.i > verb.i
            ):
                state = c
    elif (
        any(c.lower_ in ("be", "been", "was", "were", "is", "are") for c in children(verb, "aux", "auxpass"))
        and verb.lower_ == "gone"
    ):
        state = verb
    if state is None:
        return
    found = forces_of([goer], forces)
    if not found and (forces.parsed.at.get(goer.i) is None or not forces.military or people_of(goer, forces.parsed)):
        return
    if not found:
        return
    if state.lower_ == "out" and not any(c.lower_ == "of" for c in state.children) and not forces.military:
        return
    yield Move(
        act="withdraw", predicate=verb, forces=found, doer=None, pattern="forces gone", places=[verb, state, *found]
    )


def taking_part(verb: Any, forces: Forces) -> Iterator[Move]:
    """Forces that would take part in or join a mission abroad: "the possibility of its troops taking part in operations in"."""
    word = lemma(verb)
    part = child(verb, "dobj")
    if word == "take" and part is not None and part.lower_ == "part":
        nouns = [
            n
            for p in [*children(verb, "prep"), *children(part, "prep")]
            if p.lower_ == "in"
            for n in children(p, "pobj")
        ]
    elif word == "participate":
        nouns = [n for p in children(verb, "prep") if p.lower_ == "in" for n in children(p, "pobj")]
    elif word in ("join", "contribute"):
        nouns = list(children(verb, "dobj")) + [
            n for p in children(verb, "prep") if p.lower_ == "to" for n in children(p, "pobj")
        ]
        if word == "contribute" and forces_of(objects(verb), forces):
            return
    else:
        return
    mission = [
        n
        for n in nouns
        if n.lower_
        in (
            "operation",
            "operations",
            "mission",
            "missions",
            "force",
            "intervention",
            "coalition",
            "peacekeeping",
            "invasion",
            "deployment",
            "battlegroup",
            "occupation",
        )
        and (
            any(
                c.lower_
                in (
                    "military",
                    "peacekeeping",
                    "multinational",
                    "international",
                    "stabilisation",
                    "combat",
                    "ground",
                    "un",
                    "u.n.",
                    "nations",
                )
                for c in n.subtree
            )
            or n.lower_ in ("intervention", "force", "deployment", "invasion", "battlegroup", "occupation")
        )
    ]
    if not mission:
        return
    doer = subject(verb)
    found = forces_of([doer], forces) if doer is not None else []
    yield Move(
        act="send",
        predicate=verb,
        forces=found,
        doer=None if found else doer,
        pattern="taking part in a mission",
        places=[verb, *mission, *found],
        needs_cue=True,
        needs_place=True,
    )


def leading_a_force(verb: Any, forces: Forces) -> Iterator[Move]:
    """A state that is to lead a force abroad: "Canada is expected to command a battalion in Latvia"."""
    if lemma(verb) not in ("command", "lead", "head", "spearhead") or verb.tag_ not in ("VB", "VBG"):
        return
    what = children(verb, "dobj")
    found = forces_of(what, forces)
    doer = subject(verb)
    party = forces.parsed.at.get(doer.i) if doer is not None else None
    if found and party is not None and party.kind in ("country", "organisation") and has_place(verb, *what, *found):
        yield Move(
            act="send", predicate=verb, forces=found, doer=doer, pattern="leading a force", places=[verb, *what, *found],
            needs_cue=True, needs_place=True, needs_foreign=True,
        )  # fmt: skip


def involving(verb: Any, forces: Forces) -> Iterator[Move]:
    """A plan that involves a party's troops: "a mechanism involving U.S. troops in the zones"."""
    if lemma(verb) != "involve":
        return
    host = verb.head
    what = children(verb, "dobj")
    found = forces_of(what, forces)
    planlike = {"mechanism", "plan", "arrangement", "scheme", "proposal", "formula", "idea", "force", "option", "deal"}
    planned = (verb.dep_ == "acl" and lemma(host) in planlike) or any(
        lemma(g) in planlike or lemma(g) in ("plan", "work", "consider", "discuss", "propose")
        for g, _, _ in governors(verb)
    )
    if found and planned:
        yield Move(
            act="send",
            predicate=verb,
            forces=found,
            doer=None,
            pattern="plan involving troops",
            base="planned",
            places=[verb, *found, *what],
        )


def letting(verb: Any, forces: Forces) -> Iterator[Move]:
    """Leave or refusal to use a country: "refused to let 62,000 troops use the country", "allowed to pass"."""
    if lemma(verb) not in ("let", "allow", "permit", "authorise", "authorize"):
        return
    for clause in children(verb, "ccomp", "xcomp"):
        own = child(clause, "nsubj") or child(verb, "dobj")
        if own is None:
            continue
        found = forces_of([own], forces)
        word = lemma(clause)
        if found and word in (
            "use",
            "pass",
            "transit",
            "operate",
            "set",
            "stay",
            "launch",
            "land",
            "open",
            "cross",
            "be",
        ):
            target = child(clause, "dobj")
            doer = subject(verb)
            yield Move(
                act="remain" if word == "stay" else "send",
                predicate=verb,
                forces=found,
                doer=doer,
                host=doer,
                pattern="forces let in",
                base="decided",
                places=[clause, verb, *found, *([target] if target is not None else [])],
            )
        elif not found and word == "intervene":
            yield Move(
                act="send",
                predicate=verb,
                forces=[],
                doer=own,
                party=own,
                host=subject(verb),
                pattern="allies let in",
                base="decided",
                places=[clause, verb],
            )


def raising_numbers(verb: Any, forces: Forces) -> Iterator[Move]:
    """Troop numbers raised or cut: "raise the number of soldiers to 10,000", "cut its force in Iraq"."""
    word = lemma(verb)
    if word not in (
        "raise",
        "increase",
        "double",
        "triple",
        "expand",
        "enlarge",
        "reduce",
        "cut",
        "halve",
        "lower",
        "trim",
        "add",
        "boost",
        "up",
    ):
        return
    what = objects(verb)
    if word == "add":
        what = [n for p in children(verb, "prep") if p.lower_ == "to" for n in children(p, "pobj")]
    number = [
        w
        for w in what
        if w.lower_
        in (
            "number",
            "numbers",
            "level",
            "levels",
            "strength",
            "presence",
            "size",
            "contingent",
            "force",
            "total",
            "deployment",
        )
    ]
    found = forces_of(what, forces)
    for n in number:
        found.extend(
            f for c in children(n, "compound", "amod", "nmod") if forces.strength(c) for f in [c] if f not in found
        )
        found.extend(
            f
            for p in children(n, "prep")
            if p.lower_ == "of"
            for x in children(p, "pobj")
            for f in forces.heads(x)
            if f not in found
        )
    if (
        not found
        and number
        and forces.military
        and number[0].lower_
        in ("number", "numbers", "level", "levels", "strength", "presence", "deployment", "contingent", "force")
        and any(c.lower_ in ("military", "troop", "army") for c in number[0].children)
        | (number[0].lower_ in ("number",))
    ):
        found = [number[0]]
    if not found or not (number or has_place(verb, *found)):
        return
    cut = word in ("reduce", "cut", "halve", "lower", "trim")
    if word in ("raise", "cut", "double", "expand", "lower", "trim", "triple", "enlarge", "boost", "up") and not number:
        return
    yield Move(
        act="withdraw" if cut else "reinforce",
        predicate=verb,
        forces=found,
        doer=None if is_passive(verb) else subject(verb),
        pattern="numbers changed",
        places=[verb, *what, *found],
    )


def party_leaves(verb: Any, forces: Forces) -> Iterator[Move]:
    """A state or group itself withdraws from a place: "Israel withdraws from the West Bank", "Russia pulled out of Kherson"."""
    word = lemma(verb)
    around = particles(verb)
    leaving = (
        word == "withdraw"
        or (word == "pull" and around & {"out", "back"})
        or (word in ("leave", "quit", "go", "vacate") and forces.military)
    )
    returning = (word in ("return", "intervene") and forces.military) or (
        word == "deploy" and any(p.lower_ in ("to", "in") for p in children(verb, "prep"))
    )
    if returning and any(c.lower_ in PEOPLES for g in [subject(verb)] if g is not None for c in g.children):
        return
    if (
        not (leaving or returning)
        or is_passive(verb)
        or (children(verb, "dobj") and word in ("withdraw", "pull", "deploy"))
    ):
        return
    if word == "go" and not around & {"home", "away"}:
        return
    goer = subject(verb)
    if goer is None or forces.heads(goer):
        return
    parsed = forces.parsed
    own = [
        t
        for t in [goer, *children(goer, "conj", "compound", "amod", "poss")]
        if parsed.at.get(t.i) is not None
        and parsed.at[t.i].kind in ("country", "organisation", "armed-group", "force", "person")
    ]
    pronoun = goer.lower_ in ("we", "it", "they")
    contingents = goer.lower_ in ("contingents", "contingent") or any(
        t.lower_ in ("contingents", "contingent") for t in goer.subtree
    )
    if not own and not pronoun and not contingents:
        return
    placed = False
    for p in [*children(verb, "prep"), *[q for c in children(verb, "prt", "advmod", "prep") for q in c.children]]:
        for n in [p, *children(p, "pobj")]:
            mention = parsed.at.get(n.i)
            if mention is not None and mention.kind in ("country", "place"):
                placed = True
            if n.dep_ == "pobj" and _placelike(n, forces) and mention is None:
                placed = True
    direct = child(verb, "dobj")
    if word in ("leave", "quit", "vacate") and direct is not None:
        mention = parsed.at.get(direct.i)
        placed = mention is not None and mention.kind in ("country", "place")
        if not placed:
            return
    if not placed and not (forces.military and (pronoun or contingents)):
        return
    if pronoun and not placed and (word != "leave" or _civil(verb, forces)):
        return
    if word == "leave" and not placed and not (pronoun or contingents):
        return
    yield Move(
        act="withdraw" if leaving else "send",
        predicate=verb,
        forces=[],
        doer=goer,
        party=goer,
        pattern="a party leaves" if leaving else "a party comes",
        places=[verb, *children(verb, "prt", "advmod", "prep")],
        needs_place=word in ("return", "deploy"),
    )


def _civil(verb: Any, forces: Forces) -> bool:
    """Whether "they" who leave are likelier people than troops: residents, or whoever "was forced to" or "felt they must"."""
    before = {t.lower_ for t in forces.parsed.tokens if t.i < verb.i}
    return bool(before & CIVILIANS) or any(lemma(g) in ("feel", "force", "weep", "fear") for g, _, _ in governors(verb))


def party_mobilises(verb: Any, forces: Forces) -> Iterator[Move]:
    """A state that mobilises, without an object: "Ecuador last mobilized in 1981"."""
    if lemma(verb) not in ("mobilise", "mobilize") or is_passive(verb) or objects(verb):
        return
    doer = subject(verb)
    mention = forces.parsed.at.get(doer.i) if doer is not None else None
    if doer is not None and mention is not None and mention.kind in ("country", "place") and forces.military:
        yield Move(
            act="mobilise", predicate=verb, forces=[], doer=doer, party=doer, pattern="a party mobilises", places=[]
        )


def wanted_out(verb: Any, forces: Forces) -> Iterator[Move]:
    """A wish to have forces gone, without a verb of leaving: "want the last soldiers off the island"."""
    if lemma(verb) not in ("want", "order", "demand"):
        return
    direct = children(verb, "dobj")
    out = any(
        p.lower_ in ("off", "out", "gone")
        for c in [verb, *direct]
        for p in c.children
        if p.dep_ in ("prep", "advmod", "prt", "acomp")
    )
    found = [f for f in forces_of(direct, forces) if not _clause_after(f)]
    if found and out and lemma(verb) == "want":
        yield Move(
            act="withdraw",
            predicate=verb,
            forces=found,
            doer=None,
            host=subject(verb),
            pattern="forces wanted out",
            base="demanded",
            places=[verb, *direct, *found],
        )


def help_asked(verb: Any, forces: Forces) -> Iterator[Move]:
    """An armed group or army asked for help: "asked the Wagner Group for help"."""
    if lemma(verb) not in ("ask", "call", "appeal", "turn"):
        return
    wanted = {
        n.lower_
        for c in [verb, *children(verb, "dobj")]
        for p in children(c, "prep")
        if p.lower_ == "for"
        for n in children(p, "pobj")
    }
    asked = list(children(verb, "dobj")) + [
        n for p in children(verb, "prep") if p.lower_ in ("to", "on") for n in children(p, "pobj")
    ]
    for noun in asked:
        mention = forces.parsed.at.get(noun.i)
        if (
            mention is not None
            and mention.kind in ("armed-group", "force")
            and wanted & {"help", "assistance", "support", "aid", "protection"}
        ):
            yield Move(
                act="send",
                predicate=verb,
                forces=[noun],
                doer=None,
                host=subject(verb),
                pattern="force asked for",
                base="requested",
                places=[verb],
            )


def foot_in(verb: Any, forces: Forces) -> Iterator[Move]:
    """Soldiers who set foot somewhere: "no Turkish soldier should set foot in Iraq"."""
    if lemma(verb) != "set":
        return
    foot = child(verb, "dobj")
    if foot is None or foot.lower_ != "foot":
        return
    goer = subject(verb)
    found = forces_of([goer], forces) if goer is not None else []
    if found:
        yield Move(
            act="send", predicate=verb, forces=found, doer=None, pattern="set foot in", places=[verb, foot, *found]
        )


def against_force(token: Any, forces: Forces) -> Iterator[Move]:
    """Somebody against foreign troops by a preposition or adjective: "is against foreign troops", "opposed to ground troops"."""
    if token.lower_ not in ("against", "opposed"):
        return
    verb = token.head
    if not (verb.lemma_ == "be" and token.dep_ in ("prep", "acomp")):
        return
    nouns = children(token, "pobj") + [n for p in children(token, "prep") for n in children(p, "pobj")]
    found = [f for n in nouns for f in forces.heads(n) if lemma(n) not in lexicon().nouns]
    if found and any(forces.strength(f) == STRONG for f in found):
        doer = subject(verb)
        yield Move(
            act="send",
            predicate=verb,
            forces=found,
            doer=doer,
            host=doer,
            pattern="against a force",
            base="opposed",
            places=[verb, token, *found],
        )
