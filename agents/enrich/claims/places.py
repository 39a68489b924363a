"""Where the troops go, or which place they leave."""

from __future__ import annotations

import re
from typing import Any

from agents.enrich.claims.discourse import Discourse
from agents.enrich.claims.movers import called_in
from agents.enrich.claims.parties import PRONOUNS, STATE_WORDS, pronoun, run_of, stands_for
from agents.enrich.claims.patterns import TO, Move
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import children, conjuncts, lemma, subtree_without_clauses
from agents.enrich.language.word_lists import word_list
from agents.enrich.names.mention import Mention
from streams.records import Actor, Place, Status

DEFINITE = word_list("places.definite")
BORDERS = frozenset({"border", "frontier", "borders", "frontiers"})
_BORDER_WITH = re.compile(r"\b(?:borders?|frontiers?) (?:with|to) (?:the )?", re.IGNORECASE)
_DIRECT = word_list("places.direct")
_LISTED = re.compile(r"(?:[\s,]|and|or|[A-Z][\w'-]*)*")
_BOUND = re.compile(r"\b(?:destined|bound|headed|heading|earmarked|en route) (?:for|to) (?:the )?$")
_CONFLICT = word_list("places.conflict")


def place_of(mention: Mention) -> Place:
    """A mention as a place: by its country, or by its own name where it lies in none or is disputed."""
    if mention.kind == "country":
        code, name = mention.code, mention.name
    else:
        code, name = mention.country or mention.name, mention.name
    return Place(
        code=code, name=name, text=mention.text, id=mention.id, latitude=mention.latitude, longitude=mention.longitude
    )


def is_place(mention: Mention) -> bool:
    return mention.kind == "place" or (mention.kind == "country" and mention.form not in ("demonym",))


def _named(noun: Any, parsed: Parsed) -> list[Place]:
    """The places that a noun phrase names: itself, its conjuncts, or what its prepositions or else its adjectives name."""
    heads = [place_of(parsed.at[t.i]) for t in conjuncts(noun) if t.i in parsed.at and is_place(parsed.at[t.i])]
    if heads:
        return _distinct(heads)
    inside: list[Place] = []
    attributes: list[Place] = []
    for token in subtree_without_clauses(noun):
        mention = parsed.at.get(token.i)
        if mention is None or mention.kind in ("person", "armed-group") or _comes_from(token, noun):
            continue
        if mention.kind == "organisation" or mention.kind == "force":
            continue
        if mention.form == "demonym" and (
            noun.i in parsed.forces or mention.kind != "country" or token.dep_ not in ("amod", "compound", "nmod")
        ):
            continue
        if mention.form == "demonym" and noun.lower_ in (
            "base",
            "bases",
            "camp",
            "embassy",
            "airfield",
            "barracks",
            "ship",
            "hands",
        ):
            continue  # a French base is not in France
        if (
            mention.country is None
            and token.dep_ == "compound"
            and noun.lower_ in ("country", "nation", "state", "kingdom")
        ):
            continue  # "the Horn of Africa country" is the one that the sentence names besides
        (inside if _below_preposition(token, noun) else attributes).append(place_of(mention))
    return _distinct(inside or attributes)


def _looked_up(noun: Any, parsed: Parsed, discourse: Discourse) -> list[Place]:
    """A small town that nothing but its place in the sentence tells: "the army would leave Jericho"."""
    for token in [noun, *children(noun, "compound", "nmod")]:
        if token.pos_ != "PROPN" or token.i in parsed.at or token.ent_type_ in ("DATE", "TIME", "MONEY"):
            continue
        first = token.i
        while first > 0 and parsed.tokens[first - 1].pos_ == "PROPN" and parsed.tokens[first - 1].i not in parsed.at:
            first -= 1
        last = token.i
        while last + 1 < len(parsed.tokens) and parsed.tokens[last + 1].pos_ == "PROPN" and last + 1 not in parsed.at:
            last += 1
        written = parsed.tokens[first : last + 1].text
        near = {m.country for m in parsed.mentions if m.country} | set(discourse.mentions)
        sense = discourse.place_called(written, near) if discourse.place_called is not None else None
        if sense is not None:
            return [
                Place(
                    code=sense.country or sense.name, name=sense.name, text=written, id=sense.id, latitude=sense.latitude,
                    longitude=sense.longitude,
                )
            ]  # fmt: skip
    return []


def _group_places(noun: Any, discourse: Discourse) -> list[Place]:
    """The members of a group of states with a name: "the Baltic states"."""
    words = [t.lower_ for t in noun.subtree if noun.i - 2 <= t.i <= noun.i]
    for start in range(len(words)):
        members = discourse.groups.get(" ".join(words[start:]))
        if members and all(len(m) == 3 for m in members) and len(members) <= 5:
            return [Place(code=m, name=m, text=noun.text) for m in members]
    return []


def _unknown_name(noun: Any, parsed: Parsed) -> bool:
    """A place named by a name that the gazetteer does not know: "Gofgadud area"."""
    return any(
        t.pos_ == "PROPN" and t.i not in parsed.at and t.ent_type_ not in ("DATE", "PERSON", "ORG")
        for t in [noun, *children(noun, "compound")]
    )


def _comes_from(token: Any, noun: Any) -> bool:
    at = token
    while at.i != noun.i and at.head.i != at.i:
        if at.dep_ == "prep" and at.lower_ in ("from", "with", "against"):
            return True
        at = at.head
    return False


def _below_preposition(token: Any, noun: Any) -> bool:
    at = token
    while at.i != noun.i and at.head.i != at.i:
        if (
            at.dep_ == "pobj"
            and at.head.lower_
            in ("in", "at", "of", "near", "on", "inside", "off", "around", "outside", "opposite", "along")
            and token.dep_ not in ("poss",)
        ):
            return True
        at = at.head
    return False


def head_of(mention: Mention, parsed: Parsed) -> Any:
    """The token of a mention that the others of it hang from."""
    tokens = [parsed.tokens[i] for i, m in parsed.at.items() if m is mention]
    for token in tokens:
        if all(token.head.i != t.i for t in tokens):
            return token
    return tokens[0] if tokens else parsed.tokens[0]


def _distinct(places: list[Place]) -> list[Place]:
    seen: dict[str, Place] = {}
    for place in places:
        held = seen.get(place.code)
        if held is None or (held.latitude is None and place.latitude is not None):
            seen[place.code] = place
    return list(seen.values())


def _directions(move: Move) -> list[tuple[str, Any]]:
    """(direction, noun) of every preposition on the predicate, the forces and what lies between: "to" or "from"."""
    found: list[tuple[str, Any]] = []
    seen: set[int] = set()
    later: list[tuple[str, Any]] = []
    for token in [move.predicate, *move.places]:
        for c in token.children:
            if c.i in seen:
                continue
            if c.dep_ in ("prep", "advmod", "prt", "dative", "pcomp", "npadvmod"):
                seen.add(c.i)
                found.extend(_through(c, None, 0))
                for joined in children(c, "conj"):  # "to North Vietnam and to Egypt"
                    if joined.pos_ == "ADP":
                        found.extend(_through(joined, None, 0))
            elif c.dep_ == "acl" and c.tag_ in ("VBN", "JJ") and token.pos_ in ("NOUN", "PROPN"):
                onward = [p for p in children(c, "prep") if p.lower_ in ("to", "into", "toward", "towards")]
                for p in onward or children(c, "prep"):
                    later.extend(_through(p, None, 0))
    return found or later


def _through(preposition: Any, outer: str | None, depth: int) -> list[tuple[str, Any]]:
    word = preposition.lower_
    if depth > 3:
        return []
    if word in ("out", "off", "from", "outside"):
        direction: str | None = "from"
    elif word == "of":
        direction = outer
    elif word in TO:
        direction = "to"
    elif word in (
        "home", "back", "ashore", "down", "up", "away", "north", "south", "northward", "southward", "ahead", "closer",
        "forward", "east", "west", "deep", "only", "directly",
    ):  # fmt: skip
        direction = outer
    else:
        return []
    found: list[tuple[str, Any]] = []
    for c in preposition.children:
        if c.dep_ == "pobj" and direction is not None:
            found.append((direction, c))
        elif c.dep_ in ("prep", "pcomp", "advmod"):
            found.extend(_through(c, direction if word in ("out", "off") else None, depth + 1))
    return found


def resolve(
    move: Move, parsed: Parsed, discourse: Discourse, movers: list[Actor], speaker: list[Actor], *,
    skip: set[int], status: Status | None, agents: list[Actor], stance: str = "reports",
) -> tuple[list[Place], list[Place], list[str]]:  # fmt: skip
    """Destinations (for a withdrawal: the places left), origins, and the rule that found them.

    `skip` are tokens that name somebody who speaks, not a place.
    """
    leaving = move.act == "withdraw"
    towards: list[Place] = []
    away: list[Place] = []
    standing: list[Place] = []
    vague = border = unknown = False
    codes = {m.code for m in movers}
    for direction, noun in _directions(move):
        if (
            move.pattern == "force asked for"
            and noun.head.lower_ in ("to", "on")
            and noun.head.head.i == move.predicate.i
        ):
            continue  # "turned to Fiji for peacekeepers"
        if noun.head.lower_ == "for" and not _bound_for(noun.head.head, move):
            continue
        if noun.lower_ in (
            "message",
            "signal",
            "warning",
            "response",
            "reply",
            "dispute",
            "row",
            "standoff",
            "visit",
            "trip",
            "tour",
            "flag",
            "mandate",
            "accord",
            "plan",
            "agreement",
            "condition",
            "order",
            "request",
        ):
            continue
        if noun.head.lower_ in ("in", "at", "on") and noun.lower_ in _COMPLEX and noun.i not in parsed.at:
            continue
        if noun.i in skip or (noun.ent_type_ in ("DATE", "TIME") and noun.i not in parsed.at):
            continue
        named = _named(noun, parsed)
        beyond = [
            n
            for t in subtree_without_clauses(noun)
            if t.lower_ in BORDERS
            for p in children(t, "prep")
            if p.lower_ in ("with", "between")
            for n in children(p, "pobj")
        ]
        owner = next((c for c in noun.children if c.dep_ == "poss" and c.lower_ in PRONOUNS), None)
        if not named and owner is not None and noun.lower_ in ("soil", "territory", "country", "land", "capital"):
            named = [
                Place(code=a.code, name=a.name, text=owner.text)
                for a in pronoun(owner, parsed, discourse, speaker=speaker)
                if a.kind == "country"
            ]
        if owner is not None and named and {p.code for p in named} <= codes and not leaving:
            named = [Place(code=a.code, name=a.name, text=a.text) for a in speaker if a.kind == "country"] or named
        if len(named) > 1 and any(t.lower_ in BORDERS for t in noun.subtree):
            first = [place_of(parsed.at[noun.i])] if noun.i in parsed.at and is_place(parsed.at[noun.i]) else []
            named = first or [p for p in named if p.code not in codes] or named  # "Daraa on the Jordanian border"
        if beyond:
            named = [p for n in beyond for p in _named(n, parsed) if p.code not in codes] or named
        if not named:
            named = _group_places(noun, discourse) or _looked_up(noun, parsed, discourse)
        if not named and noun.lower_ in DEFINITE:
            vague = True
        if not named and any(t.lower_ in BORDERS for t in subtree_without_clauses(noun)):
            border = border or noun.head.lower_ not in ("over", "across")
            vague = True
        if not named and _unknown_name(noun, parsed):
            unknown = True
        if direction == "to" and noun.head.lower_ in ("in", "at", "on", "near", "around", "across", "inside"):
            standing.extend(named)
        (towards if direction == "to" else away).extend(named)
    verb = move.predicate
    acting = [verb, *[t for t in move.places if t.pos_ == "VERB" and t.i != verb.i]]
    for acted in acting:
        for c in children(acted, "dobj", "ccomp", "attr"):
            if any(c.i == f.i for f in move.forces):
                continue
            if lemma(acted) in _DIRECT and c.pos_ in ("NOUN", "PROPN", "PRON"):
                named = _named(c, parsed)
                if not named and c.lower_ in DEFINITE | {"it"}:
                    vague = True
                    border = border or c.lower_ in BORDERS
                departing = leaving or lemma(acted) in ("leave", "quit", "exit", "vacate")  # "left Suva for Baghdad"
                (away if departing else towards).extend(named)
            elif lemma(acted) in ("send", "lend", "give", "offer") and c.i in parsed.at and is_place(parsed.at[c.i]):
                towards.extend(_named(c, parsed))
    for c in children(verb, "dative"):
        if c.pos_ != "ADP":
            receivers = stands_for(c, parsed, discourse)
            towards.extend(Place(code=a.code, name=a.name, text=a.text) for a in receivers if a.kind == "country")
    if leaving:
        left = _distinct(away or standing)
        left = [p for p in left if p.code not in codes] or left  # "troops from Kenya were withdrawn from Somalia"
        if left:
            return left, [], ["place: left"]
    elif towards:
        ahead = _distinct(towards)
        if len(ahead) > 1 and any(n.lower_ in BORDERS for n in verb.subtree):
            ahead = [p for p in ahead if p.code not in codes] or ahead  # "crossed the Russian-Ukrainian border"
        return ahead, _distinct(away), ["place: destination"]
    origins = _distinct(away)
    there = any(t.lower_ in ("there", "here") and t.dep_ in ("advmod", "pcomp") for t in verb.subtree)
    if not leaving and move.act != "mobilise":
        for found, rule in (
            (_purpose(move, parsed, codes, skip), "place: by purpose"),
            (_receiver(move, parsed, discourse, codes), "place: by its receiver"),
        ):
            if found:
                return found, origins, [rule]
    if vague and not leaving and len(agents) > 1 and {m.kind for m in movers} == {"organisation"}:
        own = [a for a in agents if a.kind == "country"]  # "South Sudan and the U.N. agreed on more for the country"
        if len(own) == 1:
            return [Place(code=own[0].code, name=own[0].name, text=own[0].text)], origins, ["place: the host"]
    if leaving and (vague or there) and status in ("demanded", "requested", "decided"):
        own = [a for a in agents if a.kind == "country" and a.code not in codes]
        if own:
            return [Place(code=own[0].code, name=own[0].name, text=own[0].text)], origins, ["place: the host"]
    if vague and not there and status in ("refused", "opposed", "requested", "demanded"):
        own = [a for a in agents if a.kind == "country" and a.code not in codes]
        if own and len({m.country for m in parsed.mentions if m.country} - codes) == 1:
            return [Place(code=own[0].code, name=own[0].name, text=own[0].text)], origins, ["place: the host"]
    if there or vague:
        before = [
            m for m in parsed.mentions if is_place(m) and m.end <= verb.idx and parsed.tokens[verb.i].i not in skip
        ]
        before = [m for m in before if not any(m.start <= parsed.tokens[i].idx < m.end for i in skip)]
        before = [
            m
            for m in before
            if head_of(m, parsed).dep_ not in ("nsubj", "nsubjpass", "poss", "compound", "amod", "dative")
        ]
        before = [m for m in before if m.form == "city" or m.form == "region" or head_of(m, parsed).dep_ != "dobj"]
        before = [m for m in before if head_of(m, parsed).head.lower_ not in ("for", "with", "against", "by")]
        outside = [m for m in before if place_of(m).code not in codes]
        if leaving and before and not outside and not border:
            outside = [m for m in before if m.kind == "place"]
        if outside and not border:
            return [place_of(outside[-1])], origins, ["place: named before in the sentence"]
    if border and not leaving:
        complaining = [a for a in speaker if a.kind == "country" and a.code not in codes]
        if complaining:
            return (
                [Place(code=complaining[0].code, name=complaining[0].name, text=complaining[0].text)],
                origins,
                ["place: the speaker's border"],
            )
    over = _BORDER_WITH.search(parsed.sentence.text) if border else None
    if over is not None:
        across = [
            m
            for m in parsed.mentions
            if abs(m.start - over.end()) <= 4 and is_place(m) and place_of(m).code not in codes
        ]
        if across:
            return [place_of(across[0])], origins, ["place: beyond the border"]
    local = (
        (unknown and move.act != "remain")
        or (vague and move.act in ("reinforce", "move"))
        or _keeps_order(move, parsed)
    )
    if local and not discourse.whole_article and len(codes) == 1 and movers[0].kind == "country":
        others = {place_of(m).code for m in parsed.mentions if is_place(m)} - codes
        if not others:
            home = Place(code=movers[0].code, name=movers[0].name, text=movers[0].text)
            return [home], origins, ["place: at home"]
    if border and len(codes) == 1 and movers[0].kind == "country":
        return (
            [Place(code=movers[0].code, name=f"border of {movers[0].name}", text="border")],
            origins,
            ["place: its own border"],
        )
    if stance == "alleges" and not leaving and not discourse.places:
        accusers = [a for a in speaker if a.kind == "country" and a.code not in codes]
        if accusers:
            return (
                [Place(code=accusers[0].code, name=accusers[0].name, text=accusers[0].text)],
                origins,
                ["place: the accuser's"],
            )
    if move.pattern == "reinforced":
        for c in [*children(verb, "dobj", "nsubjpass")]:
            held = [parsed.at[t.i] for t in c.subtree if t.i in parsed.at and parsed.at[t.i].kind == "country"]
            other = [m for m in held if m.code not in codes]
            if other:
                return [place_of(other[0])], origins, ["place: of what is reinforced"]
    if vague and not leaving and any(n.lower_ in ("country", "soil", "territory") for _, n in _directions(move)):
        spoken = [a for a in speaker if a.kind == "country" and a.code not in codes]
        if spoken:
            home = Place(code=spoken[0].code, name=spoken[0].name, text=spoken[0].text)
            return [home], origins, ["place: the speaker's country"]
    hosts = _hosts(move, parsed, discourse, speaker, codes, status, agents)
    if hosts:
        return hosts, origins, ["place: the host"]
    if not leaving:
        for mention in parsed.mentions:
            if (
                is_place(mention)
                and _BOUND.search(parsed.sentence.text[: mention.start])
                and place_of(mention).code not in codes
            ):
                return [place_of(mention)], origins, ["place: where they are bound"]
    for mention in parsed.mentions:
        area = discourse.areas.get(mention.text)
        if area and any(mention.code == m.code for m in movers):
            return [Place(code=area, name=area, text=mention.text)], origins, ["place: of the mission"]
    return [], origins, []


_ORDER = word_list("places.order")
_KEEPING = word_list("places.keeping")


_COMPLEX = word_list("places.complex")


def _keeps_order(move: Move, parsed: Parsed) -> bool:
    """Whether the forces are those of home, or go to keep order: "sent in 260 troops and national police to restore order"."""
    if move.act not in ("send", "reinforce") or not move.forces:
        return False
    for clause in [c for t in (move.predicate, *move.forces) for c in children(t, "advcl", "xcomp", "acl", "relcl")]:
        if lemma(clause) in _KEEPING and any(o.lower_ in _ORDER for o in children(clause, "dobj")):
            return True
    named = [*move.forces, *([move.doer] if move.doer is not None else [])]
    mentions = [parsed.at[t.i] for noun in named for t in noun.subtree if t.i in parsed.at]
    return any(m.kind == "force" and "National Guard" in m.name for m in mentions)


def _bound_for(governor: Any, move: Move) -> bool:
    """Whether "for" says where to ("left for Cyprus", "400 men for Chad") and not for whom."""
    return lemma(governor) in ("leave", "head", "depart", "sail", "set", "bind", "destine", "fly", "embark") or (
        move.pattern in ("force offered", "request for a force", "force asked for") or governor.pos_ in ("NOUN", "NUM")
    )


def _hosts(
    move: Move,
    parsed: Parsed,
    discourse: Discourse,
    speaker: list[Actor],
    codes: set[str],
    status: Status | None,
    agents: list[Actor],
) -> list[Place]:
    """The country of who asks for, refuses or expels a force, where nothing else says where."""
    pattern = move.pattern
    if move.host is not None and pattern in (
        "force asked for",
        "request for a force",
        "force refused",
        "force accepted",
        "forces let in",
        "against a force",
        "allies let in",
        "force expelled",
    ):
        if pattern == "force refused" and discourse.whole_article and discourse.places:
            return []
        hosts = [
            a
            for a in stands_for(move.host, parsed, discourse, speaker=speaker)
            if a.kind == "country" and a.code not in codes
        ]
        return [Place(code=a.code, name=a.name, text=a.text) for a in hosts[:1]]
    if move.doer is not None and called_in(move) and move.act == "send":
        callers = [a for a in stands_for(move.doer, parsed, discourse, speaker=speaker) if a.kind == "country"]
        return [Place(code=a.code, name=a.name, text=a.text) for a in callers[:1] if a.code not in codes]
    if pattern == "force offered" and status == "refused":
        refusing = [a for a in agents if a.kind == "country" and a.code not in codes]
        return [Place(code=a.code, name=a.name, text=a.text) for a in refusing[:1]]
    if move.act == "withdraw" and status == "demanded" and agents and not discourse.places:
        for agent in agents:
            country = agent.code if agent.kind == "country" else discourse.homes.get(agent.code)
            if country and country not in codes:
                return [Place(code=country, name=country, text=agent.text)]
    return []


def _purpose(move: Move, parsed: Parsed, codes: set[str], skip: set[int]) -> list[Place]:
    """ "Troops to help the Lebanese army patrol the south": the place is the receiver's."""
    clauses = [
        c
        for t in [move.predicate, *move.forces]
        for c in t.children
        if c.dep_ in ("advcl", "xcomp", "acl", "relcl", "ccomp")
        and (any(a.lower_ == "to" for a in children(c, "aux")) or c.tag_ == "VB")
    ]
    for clause in clauses:
        for token in _own_words(clause):
            mention = parsed.at.get(token.i)
            if mention is None or token.i in skip or mention.kind in ("organisation", "armed-group", "force"):
                continue
            if mention.kind == "person" and not mention.country:
                continue
            place = place_of(mention)
            if mention.kind == "person":
                place = Place(code=str(mention.country), name=str(mention.country), text=mention.text)
            if place.code in codes or any(n.lower_ == "led" for n in token.children):
                continue
            if any(
                g.lower_ in ("against", "from", "by", "threat", "attack") for g in token.ancestors if g.i > clause.i
            ):
                continue
            return [place]
    return []


def _own_words(clause: Any) -> list[Any]:
    """A clause without its subordinate clauses of time and its relative ones, but with what it helps somebody do."""
    found = [clause]
    for c in clause.children:
        if c.dep_ not in ("relcl", "advcl", "parataxis") or any(a.lower_ == "to" for a in children(c, "aux")):
            found.extend(_own_words(c))
    return sorted(found, key=lambda t: int(t.i))


def _receiver(move: Move, parsed: Parsed, discourse: Discourse, codes: set[str]) -> list[Place]:
    """The receiver of an offer, by "to": "offered its troops to Lebanon's president"."""
    for token in [move.predicate, *move.places]:
        for p in children(token, "prep", "dative"):
            if p.lower_ in ("to", "for"):
                for noun in children(p, "pobj"):
                    got = [
                        a for a in stands_for(noun, parsed, discourse) if a.kind == "country" and a.code not in codes
                    ]
                    if got:
                        return [Place(code=a.code, name=a.name, text=a.text) for a in got[:1]]
    return []


def elsewhere(move: Move, parsed: Parsed, movers: list[Actor], skip: set[int], *, adjectives: bool) -> list[Place]:
    """The only other place that the sentence names, where the grammar tells none.

    Names that own or describe something, subjects, and where the force comes from do not count. `adjectives`: a name in
    "the Syrian war" does, where nothing else is named.
    """
    codes = {m.code for m in movers}
    plain: list[Mention] = []
    described: list[Mention] = []
    for mention in parsed.mentions:
        token = head_of(mention, parsed)
        i = token.i
        if i in skip or (is_place(mention) and place_of(mention).code in codes):
            continue
        if mention.kind == "country" and mention.form == "demonym":
            if (
                adjectives
                and token.dep_ in ("amod", "compound")
                and mention.code not in codes
                and token.head.lower_ in _CONFLICT
            ):
                described.append(mention)
            continue
        if not is_place(mention):
            continue
        rooted = token
        while rooted.dep_ == "conj":
            rooted = rooted.head
        if any(
            a.lemma_.lower() in ("sign", "broker", "hold", "meet", "negotiate", "bear", "visit")
            for a in token.ancestors
            if a.i != move.predicate.i
        ):
            continue  # "an accord signed in Pretoria"
        if any(head_of(m, parsed).dep_ in ("nsubj", "nsubjpass") for m in run_of(mention, parsed)):
            continue  # listed with the subject
        if token.dep_ == "conj" and rooted.i in parsed.at and is_place(parsed.at[rooted.i]):
            continue  # of a list its first name speaks
        if token.dep_ == "pobj" and token.head.head.lower_ in STATE_WORDS:
            continue  # "the cabinet in Kuala Lumpur"
        if rooted.dep_ in ("nsubj", "nsubjpass", "amod") or (
            token.dep_ in ("compound", "poss") and token.head.i in parsed.forces
        ):
            continue
        if (
            token.dep_ == "pobj"
            and token.head.lower_ in ("from", "of", "against", "by", "with", "between")
            and move.act != "withdraw"
        ):
            continue
        if token.dep_ == "pobj" and token.head.lower_ == "to" and move.act == "withdraw":
            continue
        plain.append(mention)
    places = _distinct([place_of(m) for m in plain])
    if len(places) > 1:
        regions = _distinct([place_of(m) for m in plain if m.form not in ("city",)])
        places = regions if len(regions) == 1 else places
    if len(places) > 1 and _LISTED.fullmatch(parsed.sentence.text[plain[0].end : plain[-1].start]):
        places = [place_of(plain[0])]  # "in Gaza, El Auja and Faluja": of a list its first name speaks
    if len(places) == 1:
        return places
    others = _distinct([place_of(m) for m in described])
    return others if not places and len(others) == 1 else []
