"""Where, when no preposition and no object says it: rules that are tried in the order of `RULES` until one knows a place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from agents.enrich.claims.movers import called_in
from agents.enrich.claims.parties import STATE_WORDS, run_of, stands_for
from agents.enrich.claims.patterns import Move
from agents.enrich.claims.place_names import distinct_places, head_of, home_of, is_place, place_of
from agents.enrich.claims.place_told import Whereabouts, directions
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import children, lemma
from agents.enrich.language.word_lists import word_list
from agents.enrich.names.mention import Mention
from streams.records import Actor, Place

_ORDER = word_list("place_unsaid.order")
_KEEPING = word_list("place_unsaid.keeping")
_SPOKEN_AT = word_list("place_unsaid.spoken_at")
_PAPERS = word_list("place_unsaid.papers")
_TITLES = frozenset({"secretary", "ambassador", "envoy"})
_FACING = word_list("place_unsaid.facing")
_CONFLICT = word_list("place_unsaid.conflict")
_WARS = word_list("place_unsaid.wars")
_HOSTS_WISH = frozenset(["demanded", "requested", "decided", "proposed", "considered"])
"""Of others' withdrawal: who demands, votes for or debates it has them in the country."""
_BY_ITS_HOST = frozenset(
    [
        "force asked for", "request for a force", "force refused", "force accepted", "forces let in", "against a force",
        "allies let in", "force expelled",
    ]
)  # fmt: skip
"""Patterns that tell of the country that forces are in, or would be in, by its own deed."""
_BORDERS_WITH = re.compile(r"\b(?:borders?|frontiers?) with (?:the )?$", re.IGNORECASE)
_BORDER_WITH = re.compile(r"\b(?:borders?|frontiers?) (?:with|to) (?:the )?", re.IGNORECASE)
_LED = re.compile(r"\s?-\s?(?:led|backed|brokered|sponsored)\b")
_BOUND = re.compile(r"\b(?:destined|bound|headed|heading|earmarked|en route) (?:for|to) (?:the )?$")
_LISTED = re.compile(r"(?:[\s,]|and|or|[A-Z][\w'-]*)*")


def _countries(actors: Iterable[Actor], besides: set[str]) -> list[Place]:
    """The states among parties, as places, without those whose forces move."""
    return [home_of(a) for a in actors if a.kind == "country" and a.code not in besides]


def _there(about: Whereabouts) -> bool:
    return any(t.lower_ in ("there", "here") and t.dep_ in ("advmod", "pcomp") for t in about.move.predicate.subtree)


def _purpose(about: Whereabouts) -> list[Place]:
    """ "Troops to help the Lebanese army patrol the south": the place is the receiver's."""
    move, parsed, codes = about.move, about.parsed, about.codes
    if about.leaving or move.act == "mobilise":
        return []
    clauses = [
        c
        for t in [move.predicate, *move.forces]
        for c in t.children
        if c.dep_ in ("advcl", "xcomp", "acl", "relcl", "ccomp")
        and (any(a.lower_ == "to" for a in children(c, "aux")) or c.tag_ == "VB")
    ]
    for clause in clauses:
        if lemma(clause) in _FACING:
            continue  # "to replace departing Ethiopian troops": whom they face says not where
        for token in _own_words(clause):
            mention = parsed.at.get(token.i)
            if mention is None or token.i in about.skip or mention.kind in ("organisation", "armed-group", "force"):
                continue
            if mention.kind == "person" and not mention.country:
                continue
            place = place_of(mention)
            if mention.kind == "person":
                place = Place(code=str(mention.country), name=str(mention.country), text=mention.text)
            if _BORDERS_WITH.search(parsed.sentence.text[: mention.start]) and _is_owned(parsed, mention):
                continue  # "the kingdom's border with Yemen" is the kingdom's
            if place.code in codes or _LED.match(parsed.sentence.text, mention.end):
                continue
            if any(
                g.lower_ in ("against", "from", "by", "threat", "attack") for g in token.ancestors if g.i > clause.i
            ):
                continue
            return [place]
    return []


def _is_owned(parsed: Parsed, mention: Mention) -> bool:
    """Whether the border with what is named has an owner: "the kingdom's southern border with Yemen"."""
    border = head_of(mention, parsed).head.head
    return any(c.dep_ == "poss" for c in border.children)


def _own_words(clause: Any) -> list[Any]:
    """A clause without its subordinate clauses of time and its relative ones, but with what it helps somebody do."""
    found = [clause]
    for c in clause.children:
        if c.dep_ not in ("relcl", "advcl", "parataxis") or any(a.lower_ == "to" for a in children(c, "aux")):
            found.extend(_own_words(c))
    return sorted(found, key=lambda t: int(t.i))


def _receiver(about: Whereabouts) -> list[Place]:
    """The receiver of an offer, by "to": "offered its troops to Lebanon's president"."""
    if about.leaving or about.move.act == "mobilise":
        return []
    for token in [about.move.predicate, *about.move.places]:
        for p in children(token, "prep", "dative"):
            if p.lower_ in ("to", "for"):
                for noun in children(p, "pobj"):
                    got = _countries(stands_for(noun, about.parsed, about.discourse), about.codes)
                    if got:
                        return got[:1]
    return []


def _who_agrees(about: Whereabouts) -> list[Place]:
    """ "South Sudan and the U.N. agreed on more for the country"."""
    if (
        about.vague
        and not about.leaving
        and len(about.agents) > 1
        and {m.kind for m in about.movers} == {"organisation"}
    ):
        states = _countries(about.agents, set())
        return states if len(states) == 1 else []
    return []


def _who_asks_them_out(about: Whereabouts) -> list[Place]:
    """Who demands or decides that others leave "the country"."""
    if about.leaving and (about.vague or _there(about)) and about.status in ("demanded", "requested", "decided"):
        return _countries(about.agents, about.codes)[:1]
    return []


def _who_asks_or_refuses(about: Whereabouts) -> list[Place]:
    if about.vague and not _there(about) and about.status in ("refused", "opposed", "requested", "demanded"):
        states = _countries(about.agents, about.codes)
        if states and len({m.country for m in about.parsed.mentions if m.country} - about.codes) == 1:
            return states[:1]
    return []


def _named_before(about: Whereabouts) -> list[Place]:
    """What "there" or "the country" means: the last place named before in the sentence."""
    parsed, verb = about.parsed, about.move.predicate
    if not (_there(about) or about.vague) or about.border or verb.i in about.skip:
        return []
    before = [m for m in parsed.mentions if is_place(m) and m.end <= verb.idx]
    before = [m for m in before if not any(m.start <= parsed.tokens[i].idx < m.end for i in about.skip)]
    before = [m for m in before if _may_be_meant(m, parsed)]
    outside = [m for m in before if place_of(m).code not in about.codes]
    if about.leaving and before and not outside:
        outside = [m for m in before if m.kind == "place"]
    return [place_of(outside[-1])] if outside else []


def _may_be_meant(mention: Mention, parsed: Parsed) -> bool:
    head = head_of(mention, parsed)
    if head.dep_ in ("nsubj", "nsubjpass", "poss", "compound", "amod", "dative"):
        return False
    if head.dep_ == "dobj" and mention.form not in ("city", "region"):
        return False
    return head.head.lower_ not in ("for", "with", "against", "by")


def _speakers_border(about: Whereabouts) -> list[Place]:
    return _countries(about.speaker, about.codes)[:1] if about.border and not about.leaving else []


def _beyond_the_border(about: Whereabouts) -> list[Place]:
    """ "The border with Chad"."""
    over = _BORDER_WITH.search(about.parsed.sentence.text) if about.border else None
    if over is None:
        return []
    across = [
        place_of(m)
        for m in about.parsed.mentions
        if abs(m.start - over.end()) <= 4 and is_place(m) and place_of(m).code not in about.codes
    ]
    return across[:1]


def _at_home(about: Whereabouts) -> list[Place]:
    """At home where a lone sentence names no other place and the forces keep order, or go to a place that no gazetteer knows."""
    move = about.move
    local = (
        (about.unknown and move.act != "remain")
        or (about.vague and move.act in ("reinforce", "move"))
        or _keeps_order(move, about.parsed)
    )
    if not local or about.discourse.whole_article or len(about.codes) != 1 or about.movers[0].kind != "country":
        return []
    if {place_of(m).code for m in about.parsed.mentions if is_place(m)} - about.codes:
        return []
    return _countries(about.movers[:1], set())


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


def _their_border(about: Whereabouts) -> list[Place]:
    """ "Lima and Quito keep whole divisions on their frontier"."""
    states = [a for a in about.movers if a.kind == "country"]
    shared = re.search(r"\btheir (?:common |shared |disputed )?(?:borders?|frontiers?)\b", about.parsed.sentence.text)
    return _countries(states, set()) if about.border and len(states) == 2 and shared is not None else []


def _own_border(about: Whereabouts) -> list[Place]:
    if not about.border or len(about.codes) != 1 or about.movers[0].kind != "country":
        return []
    if about.leaving and about.discourse.whole_article:
        return []  # the article tells which border
    if lemma(about.move.predicate) == "cross":
        return []  # whoever crosses a border is not at his own any more
    home = about.movers[0]
    return [Place(code=home.code, name=f"border of {home_of(home).name}", text="border")]


def _accusers(about: Whereabouts) -> list[Place]:
    """Who accuses another of sending forces tells where they are: at home."""
    if about.stance == "alleges" and not about.leaving and not about.discourse.places:
        return _countries(about.speaker, about.codes)[:1]
    return []


def _reinforced(about: Whereabouts) -> list[Place]:
    if about.move.pattern != "reinforced":
        return []
    parsed = about.parsed
    for c in children(about.move.predicate, "dobj", "nsubjpass"):
        held = [parsed.at[t.i] for t in c.subtree if t.i in parsed.at and parsed.at[t.i].kind == "country"]
        other = [place_of(m) for m in held if m.code not in about.codes]
        if other:
            return other[:1]
    return []


def _speakers_country(about: Whereabouts) -> list[Place]:
    """What a speaker calls "the country" or "our soil"."""
    if (
        about.vague
        and not about.leaving
        and any(n.lower_ in ("country", "soil", "territory") for _, n in directions(about.move))
    ):
        return _countries(about.speaker, about.codes)[:1]
    return []


def _sent_in_on_the_speaker(about: Whereabouts) -> list[Place]:
    """ "Kyiv says Moscow plans to send in conscripts": in is where the speaker is."""
    particle = any(c.lower_ == "in" and not children(c, "pobj") for c in about.move.predicate.children)
    sent_in = not about.leaving and particle and not about.discourse.whole_article
    return _countries(about.speaker, about.codes)[:1] if sent_in else []


def _bound(about: Whereabouts) -> list[Place]:
    """ "Troops bound for Haiti"."""
    if about.leaving:
        return []
    text = about.parsed.sentence.text
    bound = [place_of(m) for m in about.parsed.mentions if is_place(m) and _BOUND.search(text[: m.start])]
    return [p for p in bound if p.code not in about.codes][:1]


def _of_the_mission(about: Whereabouts) -> list[Place]:
    """Where a mission stands whose name says it: UNIFIL is in Lebanon."""
    for mention in about.parsed.mentions:
        area = about.discourse.areas.get(mention.text)
        if area and any(mention.code == m.code for m in about.movers):
            return [Place(code=area, name=area, text=mention.text)]
    return []


def _war_they_are_asked_to(about: Whereabouts) -> list[Place]:
    """ "Join a campaign in Yemen ... the Saudis wanted soldiers": where the war is, rather than where they are asked from."""
    if about.leaving or about.move.pattern not in _BY_ITS_HOST:
        return []
    for mention in about.parsed.mentions:
        token = head_of(mention, about.parsed)
        inside = token.dep_ == "pobj" and token.head.lower_ == "in" and token.head.head.lower_ in _WARS
        if inside and is_place(mention) and place_of(mention).code not in about.codes:
            return [place_of(mention)]
    return []


def _hosts(about: Whereabouts) -> list[Place]:
    """The country of who asks for, refuses or expels a force, where nothing else says where."""
    move, discourse, codes = about.move, about.discourse, about.codes
    if move.host is not None and move.pattern in _BY_ITS_HOST:
        if move.pattern == "force refused" and discourse.whole_article and discourse.places:
            return []
        return _countries(stands_for(move.host, about.parsed, discourse, speaker=about.speaker), codes)[:1]
    if move.doer is not None and called_in(move) and move.act == "send":
        return _countries(stands_for(move.doer, about.parsed, discourse, speaker=about.speaker), codes)[:1]
    if move.pattern == "force offered" and about.status == "refused":
        return _countries(about.agents, codes)[:1]
    if move.act == "withdraw" and about.status in _HOSTS_WISH and not discourse.places:
        for agent in about.agents:
            country = agent.code if agent.kind == "country" else discourse.homes.get(agent.code)
            if country and country not in codes:
                return [Place(code=country, name=country, text=agent.text)]
    return []


Rule = tuple[str, Callable[[Whereabouts], list[Place]]]
RULES: tuple[Rule, ...] = (
    ("place: by purpose", _purpose),
    ("place: by its receiver", _receiver),
    ("place: the host", _who_agrees),
    ("place: the host", _who_asks_them_out),
    ("place: the host", _who_asks_or_refuses),
    ("place: named before in the sentence", _named_before),
    ("place: the speaker's border", _speakers_border),
    ("place: beyond the border", _beyond_the_border),
    ("place: at home", _at_home),
    ("place: their border", _their_border),
    ("place: its own border", _own_border),
    ("place: the accuser's", _accusers),
    ("place: of what is reinforced", _reinforced),
    ("place: the speaker's country", _speakers_country),
    ("place: of the war", _war_they_are_asked_to),
    ("place: the host", _hosts),
    ("place: the speaker's country", _sent_in_on_the_speaker),
    ("place: where they are bound", _bound),
    ("place: of the mission", _of_the_mission),
)
"""The first that knows a place decides; its name stands among the rules of the claim."""


def _in_a_title(token: Any) -> bool:
    """Whether a name stands in somebody's title, or names an accord: "the Geneva agreement"."""
    head = token.head
    titled = head.ent_type_ == "PERSON" or head.lower_ in STATE_WORDS or head.lower_ in _TITLES
    return token.dep_ in ("compound", "nmod", "amod") and (titled or head.lower_ in _PAPERS)


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
        if _LED.match(parsed.sentence.text, mention.end):
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
        if any(a.lower_ in _SPOKEN_AT for a in token.ancestors) or _in_a_title(token):
            continue  # "told reporters in Nairobi", "told Italian Defence Minister Pinotti"
        if any(
            a.lemma_.lower() in ("sign", "broker", "hold", "meet", "negotiate", "bear", "visit")
            for a in token.ancestors
            if a.i != move.predicate.i
        ):
            continue  # "an accord signed in Pretoria"
        if any(head_of(m, parsed).dep_ in ("nsubj", "nsubjpass") for m in run_of(mention, parsed)):
            continue  # listed with the subject
        along = _BORDERS_WITH.search(parsed.sentence.text[: run_of(mention, parsed)[0].start]) is not None
        if not along and token.dep_ == "conj" and rooted.i in parsed.at and is_place(parsed.at[rooted.i]):
            continue  # of a list its first name speaks
        if token.dep_ == "pobj" and token.head.head.lower_ in STATE_WORDS:
            continue  # "the cabinet in Kuala Lumpur"
        if token.dep_ == "poss" and token.head.lower_ in ("lead", "example", "footsteps", "allies", "partners"):
            continue  # "followed Spain's lead"
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
    places = distinct_places([place_of(m) for m in plain])
    if len(places) > 1:
        regions = distinct_places([place_of(m) for m in plain if m.form not in ("city",)])
        places = regions if len(regions) == 1 else places
    bordering = bool(plain) and _BORDERS_WITH.search(parsed.sentence.text[: plain[0].start]) is not None
    if bordering and len(places) > 1 and _LISTED.fullmatch(parsed.sentence.text[plain[0].end : plain[-1].start]):
        return places  # "on the frontiers with Chad, Niger and Mali"
    if len(places) > 1 and _LISTED.fullmatch(parsed.sentence.text[plain[0].end : plain[-1].start]):
        places = [place_of(plain[0])]  # "in Gaza, El Auja and Faluja": of a list its first name speaks
    if len(places) == 1:
        return places
    others = distinct_places([place_of(m) for m in described])
    return others if not places and len(others) == 1 else []
