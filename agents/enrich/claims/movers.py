"""Whose troops move, and who asks, orders, offers, refuses or opposes it."""

from __future__ import annotations

from typing import Any

from agents.enrich.claims.discourse import Discourse
from agents.enrich.claims.forces import people_of
from agents.enrich.claims.parties import PRONOUNS, STATE_WORDS, actor_of, owners, run_of, stands_for, unique
from agents.enrich.claims.patterns import Move
from agents.enrich.claims.status_cues import Reading
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import children, is_passive, noun_agent, subject, subtree_without_clauses
from agents.enrich.language.word_lists import word_list
from streams.records import Actor

STATELESS = word_list("movers.stateless")
OUTSIDE = word_list("movers.outside")
RECEIVING = frozenset(
    {
        "force refused",
        "forces let in",
        "against a force",
        "force expelled",
        "force accepted",
        "force asked for",
        "request for a force",
    }
)
"""Patterns whose subject is the host, or somebody else, and not the one who sends."""
_DECIDING = frozenset(
    {
        "decided",
        "planned",
        "considered",
        "offered",
        "refused",
        "suspended",
        "ongoing",
        "threatened",
        "conditional",
        "occurred",
        "proposed",
    }
)


def phrase(noun: Any) -> str:
    """The words of a noun phrase without its clauses and what follows its head."""
    kept = [t for t in subtree_without_clauses(noun) if t.i <= noun.i and (t.dep_ != "punct" or t.text == "-")]
    return " ".join(t.text for t in kept)[:120]


def resolve(
    move: Move, reading: Reading, parsed: Parsed, discourse: Discourse, speaker: list[Actor]
) -> tuple[list[Actor], list[str]]:
    """The movers, with the rule that found them. A force that nothing names is written as it stands."""
    found: list[Actor] = []
    for force in move.forces:
        for actor in owners(
            force,
            parsed,
            discourse,
            speaker=speaker,
            leaving=(move.act in ("withdraw", "move", "redeploy") or move.pattern == "reinforced" or _goes_to(move))
            and not _from_before(force, move.predicate)
            and not called_in(move),
        ):
            named = parsed.at.get(force.i)
            regular = named is not None and named.kind == "force"  # "Revolutionary Guards"
            if actor.kind == "country" and force.lower_ in STATELESS and not regular and not people_of(force, parsed):
                name = f"{_adjective(force, parsed) or actor.text} {force.lower_}"
                actor = Actor(code=name, name=name, kind="force", text=name)
            found.append(actor)
    if found:
        return unique([*found, *_companions(move, parsed)]), ["mover: owner of the force"]
    united = [m for m in parsed.mentions if m.kind == "organisation" and m.code == "UN"]
    if united and move.doer is None and any(f.lower_ in ("peacekeepers", "helmets") for f in move.forces):
        return [actor_of(united[0])], ["mover: whose peacekeepers"]
    if (
        move.pattern == "request for a force"
        and move.host is not None
        and reading.status in ("refused", "considered", "decided")
    ):
        got = next(
            (
                g
                for cue in reversed(reading.cues)
                if cue.i != move.predicate.i and (g := _decider(cue, parsed, discourse, speaker))
            ),
            [],
        )
        if got:
            return got, ["mover: who answers the request"]
    foreign = any(c.lower_ in OUTSIDE for f in move.forces for c in f.children)
    if move.pattern == "force goes" and move.act != "withdraw":
        come = unique([a for f in move.forces for a in owners(f, parsed, discourse, speaker=speaker)])
        if come:
            return come, ["mover: where it comes from"]  # "troops from Senegal and Ghana crossed into Gambia"
    if move.party is not None:
        got = stands_for(move.party, parsed, discourse, speaker=speaker)
        if got:
            return got, ["mover: the party itself"]
    if move.asked is not None:
        got = stands_for(move.asked, parsed, discourse, speaker=speaker)
        if got:
            return got, ["mover: who is asked"]
        if move.asked.lower_ not in PRONOUNS:
            return [_written(move.asked)], ["mover: who is asked"]
    if called_in(move):
        home = [n for p in children(move.predicate, "prep") if p.lower_ == "from" for n in children(p, "pobj")]
        got = stands_for(home[0], parsed, discourse, speaker=speaker) if home else []
        return (got, ["mover: where it comes from"]) if got else ([_written(move.forces[0])], ["mover: as written"])
    if move.doer is not None and not foreign and (move.pattern not in RECEIVING or _own_offer(move)):
        got = stands_for(move.doer, parsed, discourse, speaker=speaker)
        if got:
            return got, ["mover: who sends"]
    if not foreign and move.pattern not in RECEIVING:
        for cue in reversed(reading.cues):
            if is_passive(cue) or cue.lemma_.lower() in ("expect", "hope", "believe", "think", "fear", "need"):
                continue
            got = _decider(cue, parsed, discourse, speaker)
            if got and reading.status in _DECIDING:
                return got, ["mover: who decides"]
    if parsed.sentence.headline and not foreign and move.pattern not in RECEIVING:
        leading = [
            m
            for m in parsed.mentions
            if (m.end <= move.predicate.idx and m.kind != "place") or m.form in ("capital", "seat")
        ]
        if leading and leading[0].start == 0:
            return [actor_of(m) for m in run_of(leading[0], parsed)], ["mover: who leads the headline"]
    if not foreign and not discourse.movers and (home := _at_home(move, parsed)):
        return home, ["mover: at home"]
    if move.doer is not None and move.doer.i in parsed.at and parsed.at[move.doer.i].country and not foreign:
        town = parsed.at[move.doer.i]
        return [Actor(code=str(town.country), name=town.name, kind="country", text=town.text)], [
            "mover: a town for its state"
        ]
    if move.doer is not None and not foreign and not discourse.movers and move.doer.lower_ in STATE_WORDS:
        if speaker and speaker[0].kind == "country" and any(c.lower_ == "the" for c in move.doer.children):
            return speaker[:1], ["mover: the speaker's state"]
        countries = {m.country: m for m in parsed.mentions if m.country and m.kind != "organisation"}
        if len(countries) == 1 and move.doer.lower_ in ("army", "military", "navy"):
            ((code, mention),) = countries.items()
            return [Actor(code=str(code), name=mention.name, kind="country", text=mention.text)], ["mover: at home"]
    named_doer = move.doer is not None and move.doer.pos_ in ("NOUN", "PROPN") and move.doer.lower_ not in PRONOUNS
    if named_doer and not foreign and move.pattern not in RECEIVING and not discourse.movers:
        return [_written(move.doer)], ["mover: who sends, as written"]
    if not foreign and discourse.movers and speaker and speaker[0].kind == "country":
        alike = [a for a in speaker if any(f.code == a.code for f in discourse.movers[-1])]
        indefinite = bool(move.forces) and not any(
            c.lower_ in ("the", "these", "those", "its", "their") for c in move.forces[0].children
        )
        if alike:
            return alike[:1], ["mover: who speaks, of those before"]
        noun = bool(move.forces) and move.forces[0].pos_ == "NOUN"
        if (
            noun
            and discourse.scene == speaker[0].code
            and (indefinite or not any(a.code == discourse.scene for a in discourse.parties[-3:]))
        ):
            return speaker[:1], ["mover: who speaks at the scene"]
    if not foreign and move.pattern in RECEIVING and move.host is not None:
        hosts = {a.code for a in stands_for(move.host, parsed, discourse, speaker=speaker)}
        for last in reversed(discourse.movers[-6:]):
            if not hosts & {f.code for f in last}:
                return [Actor(code=f.code, name=f.name, kind=f.kind, text=f.text) for f in last], [
                    "mover: of a claim before"
                ]
    if not foreign and discourse.movers:
        last = discourse.movers[-1]
        return [Actor(code=f.code, name=f.name, kind=f.kind, text=f.text) for f in last], ["mover: of the claim before"]
    if not foreign and speaker and move.pattern not in RECEIVING:
        return speaker[:1], ["mover: who speaks"]
    if not foreign and move.act == "mobilise" and discourse.parties:
        return discourse.parties[-1:], ["mover: last party"]
    if move.forces and not foreign and any(c.lower_ in ("the", "these") for c in move.forces[0].children):
        for i in sorted((i for i in parsed.forces if i < min(f.i for f in move.forces)), reverse=True):
            got = owners(parsed.tokens[i], parsed, discourse, speaker=speaker)
            if got and not any(f.i == i for f in move.forces):
                return got, ["mover: a force named before in the sentence"]
    if move.forces:
        return [_written(move.forces[0])], ["mover: as written"]
    return [], []


def called_in(move: Move) -> bool:
    """Whether the host calls the forces in: "called in troops from neighbouring Ethiopia"."""
    return move.predicate.lemma_ in ("call", "invite") and any(
        c.lower_ == "in" and c.i == move.predicate.i + 1 for c in move.predicate.children
    )


def _from_before(force: Any, predicate: Any) -> bool:
    """Whether "from" stands between the force and its predicate: "troops from Kenya were withdrawn" are Kenya's."""
    return any(p.lower_ == "from" and force.i < p.i < predicate.i for p in children(force, "prep"))


def _goes_to(move: Move) -> bool:
    return any(p.lower_ in ("to", "into") for p in children(move.predicate, "prep"))


def _at_home(move: Move, parsed: Parsed) -> list[Actor]:
    """The only country of the sentence, for "the army", "reservists" and others that are nobody else's."""
    own = {"army", "military", "reservists", "reserves", "navy", "conscripts", "garrison", "government"}
    if not any(
        f.lower_ in own or (any(c.lower_ in ("its", "their", "the") for c in f.children) and f.lower_ == "marines")
        for f in move.forces
    ):
        return []
    countries = {m.country: m for m in parsed.mentions if m.country}
    if len(countries) != 1:
        return []
    ((code, mention),) = countries.items()
    return [Actor(code=str(code), name=mention.name, kind="country", text=mention.text)]


def _own_offer(move: Move) -> bool:
    """Who rules out ground troops without naming whose rules out its own."""
    return move.pattern == "force refused" and move.predicate.lemma_.lower() in ("rule", "exclude")


def _decider(cue: Any, parsed: Parsed, discourse: Discourse, speaker: list[Actor]) -> list[Actor]:
    doer = subject(cue) if cue.pos_ in ("VERB", "AUX") else noun_agent(cue)
    return stands_for(doer, parsed, discourse, speaker=speaker) if doer is not None else []


def _written(noun: Any) -> Actor:
    name = phrase(noun)
    return Actor(code=name, name=name, kind="force", text=name)


def _companions(move: Move, parsed: Parsed) -> list[Actor]:
    """Who goes along: "we will be in the Idlib region with the Russians", "its troops, along with their Chinese counterparts"."""
    found = []
    for preposition in [p for t in (move.predicate, *move.forces) for p in t.subtree]:
        if preposition.dep_ == "prep" and preposition.lower_ in ("with", "alongside"):
            along = preposition.lower_ == "alongside" or any(
                t.lower_ in ("along", "together") for t in (preposition.head, *preposition.children)
            )
            for noun in children(preposition, "pobj"):
                if people_of(noun, parsed):
                    found.append(actor_of(parsed.at[noun.i]))
                elif along and (noun.i in parsed.forces or noun.lower_ in _COUNTERPARTS):
                    found.extend(
                        actor_of(parsed.at[c.i]) for c in noun.children
                        if c.i in parsed.at and parsed.at[c.i].kind in ("country", "organisation") and c.dep_ in ("amod", "compound", "nmod", "poss")
                    )  # fmt: skip
    return found


_COUNTERPARTS = frozenset({"counterparts", "colleagues", "comrades", "allies"})


def _adjective(force: Any, parsed: Parsed) -> str | None:
    for c in force.children:
        if c.i in parsed.at and c.dep_ in ("amod", "compound", "nmod"):
            return str(c.text)
    return None


_REACTING = word_list("movers.reacting")


def agents(move: Move, reading: Reading, parsed: Parsed, discourse: Discourse, speaker: list[Actor]) -> list[Actor]:
    """Who asks, orders, offers, refuses or opposes: the subject of the outermost cue, or who sends.

    Who is asked is not who asks ("Kazakhstan was asked to send"), nor does who welcomes a plan make it.
    """
    asking = reading.status in ("requested", "demanded")
    for cue in reversed(reading.cues):
        verb = cue.pos_ in ("VERB", "AUX")
        if verb and cue.lemma_.lower() in _REACTING:
            continue
        if verb and asking and is_passive(cue):
            by = [n for c in children(cue, "agent") for n in children(c, "pobj")]
            got = stands_for(by[0], parsed, discourse, speaker=speaker) if by else []
        else:
            got = _decider(cue, parsed, discourse, speaker)
        if got:
            return got
    for noun in (move.host, None if asking else move.doer):
        if noun is not None:
            got = stands_for(noun, parsed, discourse, speaker=speaker)
            if got:
                return got
    return []
