"""Whose troops move, and who asks, orders, offers, refuses or opposes it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agents.enrich.claims.discourse import Discourse
from agents.enrich.claims.forces import people_of
from agents.enrich.claims.parties import STATE_WORDS, actor_of, is_pronoun, owners, run_of, stands_for, unique
from agents.enrich.claims.patterns import Move
from agents.enrich.claims.status_cues import Reading
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import children, is_passive, noun_agent, subject, subtree_without_clauses
from agents.enrich.language.word_lists import word_list
from agents.enrich.names.mention import Mention
from streams.records import Actor, Force

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
    ends = {t.i: t.whitespace_ if n.i == t.i + 1 else " " for t, n in itertools.pairwise(kept)}
    return "".join(t.text + ends.get(t.i, "") for t in kept)[:120]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A move whose mover is asked for, with what is known of it. `speaker` are the parties that speak."""

    move: Move
    reading: Reading
    parsed: Parsed
    discourse: Discourse
    speaker: list[Actor]
    teller: Any | None = None
    """The noun that names who speaks, where one does."""

    @property
    def foreign(self) -> bool:
        """Whether the words say that the forces are nobody's here: "foreign troops"."""
        return any(c.lower_ in OUTSIDE for f in self.move.forces for c in f.children)

    @property
    def own(self) -> bool:
        """Whether who acts in the sentence may be whose forces move: not foreign ones, and not by a host."""
        return not self.foreign and self.move.pattern not in RECEIVING

    def parties(self, noun: Any) -> list[Actor]:
        return stands_for(noun, self.parsed, self.discourse, speaker=self.speaker)


def resolve(
    move: Move, reading: Reading, parsed: Parsed, discourse: Discourse, speaker: list[Actor], teller: Any | None = None
) -> tuple[list[Actor], list[str]]:
    """The movers, with the rule that found them: the first of `RULES` that knows. A force that nothing names is written as
    it stands."""
    question = Question(move=move, reading=reading, parsed=parsed, discourse=discourse, speaker=speaker, teller=teller)
    for rule, find in RULES:
        found = find(question)
        if found:
            return found, [rule]
    return [], []


def _owner(ask: Question) -> list[Actor]:
    """Whose force it is by its adjective, possessor or name."""
    move, parsed = ask.move, ask.parsed
    found: list[Actor] = []
    away = move.act in ("withdraw", "move", "redeploy") or move.pattern == "reinforced" or _goes_to(move)
    for force in move.forces:
        leaving = away and not _from_before(force, move.predicate) and not called_in(move)
        for actor in owners(force, parsed, ask.discourse, speaker=ask.speaker, leaving=leaving):
            named = parsed.at.get(force.i)
            regular = named is not None and named.kind == "force"  # "Revolutionary Guards"
            if actor.kind == "country" and force.lower_ in STATELESS and not regular and not people_of(force, parsed):
                adjective = _adjective(force, parsed)
                name = f"{adjective} {force.lower_}" if adjective else f"{force.lower_} from {actor.text}"
                actor = Actor(code=name, name=name, kind="force", text=name)
            found.append(actor)
    if not found:  # "Turkish tanks and about 200 soldiers"
        first = [f.head for f in move.forces if f.dep_ == "conj" and f.head.i in parsed.forces]
        found = [a for f in first for a in owners(f, parsed, ask.discourse, speaker=ask.speaker)]
    return unique([*found, *_companions(move, parsed)]) if found else []


def _whose_peacekeepers(ask: Question) -> list[Actor]:
    united = [m for m in ask.parsed.mentions if m.kind == "organisation" and m.code == "UN"]
    if united and ask.move.doer is None and any(f.lower_ in ("peacekeepers", "helmets") for f in ask.move.forces):
        return [actor_of(united[0])]
    return []


def _who_answers(ask: Question) -> list[Actor]:
    """Who refuses, considers or grants a request for a force."""
    move = ask.move
    if move.pattern != "request for a force" or move.host is None:
        return []
    if ask.reading.status not in ("refused", "considered", "decided"):
        return []
    for cue in reversed(ask.reading.cues):
        if cue.i != move.predicate.i and (got := _decider(cue, ask.parsed, ask.discourse, ask.speaker)):
            return got
    return []


def _more_of_ones_own(ask: Question) -> list[Actor]:
    """ "The UNIFIL commander asked for two extra battalions": an organisation asks for more of its own."""
    move = ask.move
    if move.pattern not in ("force asked for", "request for a force") or move.host is None or move.asked is not None:
        return []
    if not any(c.lower_ in ("more", "extra", "additional", "further") for f in move.forces for c in f.subtree):
        return []
    return [a for a in ask.parties(move.host) if a.kind == "organisation"]


def _comes_from(ask: Question) -> list[Actor]:
    """ "Troops from Senegal and Ghana crossed into Gambia"."""
    if ask.move.pattern != "force goes" or ask.move.act == "withdraw":
        return []
    return unique([a for f in ask.move.forces for a in owners(f, ask.parsed, ask.discourse, speaker=ask.speaker)])


def _party(ask: Question) -> list[Actor]:
    return ask.parties(ask.move.party) if ask.move.party is not None else []


def _who_is_asked(ask: Question) -> list[Actor]:
    asked = ask.move.asked
    if asked is None:
        return []
    return ask.parties(asked) or ([written(asked)] if not is_pronoun(asked) else [])


def _called_in_from(ask: Question) -> list[Actor]:
    """ "Called in troops from neighbouring Ethiopia"."""
    if not called_in(ask.move):
        return []
    home = [n for p in children(ask.move.predicate, "prep") if p.lower_ == "from" for n in children(p, "pobj")]
    return ask.parties(home[0]) if home else []


def _called_in_from_anywhere(ask: Question) -> list[Actor]:
    return [written(ask.move.forces[0])] if called_in(ask.move) else []


def _multinational(ask: Question) -> list[Actor]:
    """ "ECOWAS chiefs agreed to send a standby brigade": an organisation's own."""
    words = {c.lower_ for f in ask.move.forces for c in f.children} & OUTSIDE
    if not words or words & {"foreign", "outside"} or ask.move.pattern in RECEIVING:
        return []
    got = ask.parties(ask.move.doer) if ask.move.doer is not None else []
    for cue in reversed(ask.reading.cues):
        got = got or _decider(cue, ask.parsed, ask.discourse, ask.speaker)
    return [a for a in got if a.kind == "organisation"]


def _who_sends(ask: Question) -> list[Actor]:
    move = ask.move
    if move.doer is None or ask.foreign or (move.pattern in RECEIVING and not _own_offer(move)):
        return []
    return ask.parties(move.doer)


def _who_decides(ask: Question) -> list[Actor]:
    if not ask.own or ask.reading.status not in _DECIDING:
        return []
    for cue in reversed(ask.reading.cues):
        if is_passive(cue) or cue.lemma_.lower() in _HOPING | _REACTING:
            continue
        got = _decider(cue, ask.parsed, ask.discourse, ask.speaker)
        if got:
            return got
    return []


def _who_wants_them_home(ask: Question) -> list[Actor]:
    """Whoever wants "the army" home wants his own."""
    if not ask.own or ask.move.act != "withdraw" or "home" not in {t.lower_ for t in ask.move.predicate.children}:
        return []
    for cue in reversed(ask.reading.cues):
        got = [a for a in _decider(cue, ask.parsed, ask.discourse, ask.speaker) if a.kind == "country"]
        if got:
            return got
    return []


def _who_leads_the_headline(ask: Question) -> list[Actor]:
    if not ask.parsed.sentence.headline or not ask.own or any(c.lemma_.lower() in _REACTING for c in ask.reading.cues):
        return []
    leading = [
        m
        for m in ask.parsed.mentions
        if (m.end <= ask.move.predicate.idx and m.kind != "place") or m.form in ("capital", "seat")
    ]
    if leading and leading[0].start == 0:
        return [actor_of(m) for m in run_of(leading[0], ask.parsed)]
    return []


def _only_country(ask: Question) -> list[Actor]:
    """The only country of the sentence, for "the army", "reservists" and others that are nobody else's."""
    if ask.foreign or ask.discourse.movers:
        return []
    own = {"army", "military", "reservists", "reserves", "navy", "conscripts", "garrison", "government"}
    if not any(
        f.lower_ in own or (any(c.lower_ in ("its", "their", "the") for c in f.children) and f.lower_ == "marines")
        for f in ask.move.forces
    ):
        return []
    return _the_one_country([m for m in ask.parsed.mentions if m.country])


def _the_one_country(mentions: list[Mention]) -> list[Actor]:
    countries = {m.country: m for m in mentions}
    if len(countries) != 1:
        return []
    ((code, mention),) = countries.items()
    return [Actor(code=str(code), name=mention.name, kind="country", text=mention.text)]


def _town_for_its_state(ask: Question) -> list[Actor]:
    doer = ask.move.doer
    town = ask.parsed.at.get(doer.i) if doer is not None and not ask.foreign else None
    if town is None or not town.country:
        return []
    return [Actor(code=town.country, name=town.name, kind="country", text=town.text)]


def _speakers_state(ask: Question) -> list[Actor]:
    """ "The army" or "the government" as who sends, of whoever speaks."""
    state = _nameless_state(ask)
    if state is None or not ask.speaker or ask.speaker[0].kind != "country":
        return []
    return ask.speaker[:1] if any(c.lower_ == "the" for c in state.children) else []


def _army_at_home(ask: Question) -> list[Actor]:
    """ "The army" as who sends, of the only country that is named."""
    state = _nameless_state(ask)
    if state is None or state.lower_ not in ("army", "military", "navy"):
        return []
    return _the_one_country([m for m in ask.parsed.mentions if m.country and m.kind != "organisation"])


def _nameless_state(ask: Question) -> Any | None:
    doer = ask.move.doer
    told = ask.foreign or bool(ask.discourse.movers)
    return doer if doer is not None and doer.lower_ in STATE_WORDS and not told else None


def _sender_as_written(ask: Question) -> list[Actor]:
    doer = ask.move.doer
    named = doer is not None and doer.pos_ in ("NOUN", "PROPN") and not is_pronoun(doer)
    if doer is None or not named or not ask.own:
        return []
    others = doer.lower_ in _OTHERS and not any(c.lower_ in ("the", "these", "both") for c in doer.children)
    return [written(doer)] if others or not ask.discourse.movers else []


def _speaker_of_those_before(ask: Question) -> list[Actor]:
    """Who speaks, if its forces were told of before, or where it speaks at the scene."""
    discourse, move = ask.discourse, ask.move
    if ask.foreign or not discourse.movers or not ask.speaker or ask.speaker[0].kind != "country":
        return []
    alike = [a for a in ask.speaker if any(f.code == a.code for f in discourse.movers[-1])]
    if alike:
        return alike[:1]
    indefinite = bool(move.forces) and not any(
        c.lower_ in ("the", "these", "those", "its", "their") for c in move.forces[0].children
    )
    noun = bool(move.forces) and move.forces[0].pos_ == "NOUN"
    at_the_scene = noun and discourse.scene == ask.speaker[0].code
    if at_the_scene and (indefinite or not any(a.code == discourse.scene for a in discourse.parties[-3:])):
        return ask.speaker[:1]
    return []


def _tellers_own(ask: Question) -> list[Actor]:
    """What a state, or somebody of its forces, says of "some troops": "Spain and Italy hinted that some troops will leave", "the
    defence minister said a few of them would come home"."""
    force = ask.move.forces[0] if ask.move.forces else None
    if ask.teller is None or force is None or ask.foreign or not ask.speaker or ask.speaker[0].kind != "country":
        return []
    known = ("the", "these", "those", "its", "their", "any", "no")
    if any(c.lower_ in known for t in (force, ask.move.predicate) for c in t.children) or ask.move.pattern in RECEIVING:
        return []
    named = ask.parsed.at.get(ask.teller.i)
    if named is not None and named.kind == "country" and named.form == "name":
        return ask.speaker
    words = {t.lower_ for t in ask.teller.subtree}
    return ask.speaker[:1] if words & _OF_THE_FORCES else []


def _of_a_claim_before(ask: Question) -> list[Actor]:
    """Of a host's request or refusal: the last mover of the article who is not the host."""
    if ask.foreign or ask.move.pattern not in RECEIVING or ask.move.host is None:
        return []
    hosts = {a.code for a in ask.parties(ask.move.host)}
    for last in reversed(ask.discourse.movers[-6:]):
        if not hosts & {f.code for f in last}:
            return _again(last)
    return []


def _of_the_claim_before(ask: Question) -> list[Actor]:
    if ask.move.pattern == "there are forces in":
        return []  # "there are only some 9,000 troops in Darfur" are everybody's
    return _again(ask.discourse.movers[-1]) if ask.discourse.movers and not ask.foreign else []


def _again(forces: tuple[Force, ...]) -> list[Actor]:
    return [Actor(code=f.code, name=f.name, kind=f.kind, text=f.text) for f in forces]


def _who_speaks(ask: Question) -> list[Actor]:
    return ask.speaker[:1] if ask.own else []


def _last_party(ask: Question) -> list[Actor]:
    return ask.discourse.parties[-1:] if not ask.foreign and ask.move.act == "mobilise" else []


def _force_named_before(ask: Question) -> list[Actor]:
    """The owner of a force that the sentence names before "the troops"."""
    move, parsed = ask.move, ask.parsed
    if not move.forces or ask.foreign or not any(c.lower_ in ("the", "these") for c in move.forces[0].children):
        return []
    for i in sorted((i for i in parsed.forces if i < min(f.i for f in move.forces)), reverse=True):
        got = owners(parsed.tokens[i], parsed, ask.discourse, speaker=ask.speaker)
        if got and not any(f.i == i for f in move.forces):
            return got
    return []


def _as_written(ask: Question) -> list[Actor]:
    return [written(ask.move.forces[0])] if ask.move.forces else []


Rule = tuple[str, Callable[[Question], list[Actor]]]
RULES: tuple[Rule, ...] = (
    ("mover: owner of the force", _owner),
    ("mover: whose peacekeepers", _whose_peacekeepers),
    ("mover: who answers the request", _who_answers),
    ("mover: more of its own", _more_of_ones_own),
    ("mover: where it comes from", _comes_from),
    ("mover: the party itself", _party),
    ("mover: who is asked", _who_is_asked),
    ("mover: where it comes from", _called_in_from),
    ("mover: as written", _called_in_from_anywhere),
    ("mover: whose multinational force", _multinational),
    ("mover: who sends", _who_sends),
    ("mover: who decides", _who_decides),
    ("mover: who wants them home", _who_wants_them_home),
    ("mover: who leads the headline", _who_leads_the_headline),
    ("mover: at home", _only_country),
    ("mover: a town for its state", _town_for_its_state),
    ("mover: the speaker's state", _speakers_state),
    ("mover: at home", _army_at_home),
    ("mover: who sends, as written", _sender_as_written),
    ("mover: who speaks, of those before", _speaker_of_those_before),
    ("mover: the teller's own", _tellers_own),
    ("mover: of a claim before", _of_a_claim_before),
    ("mover: of the claim before", _of_the_claim_before),
    ("mover: who speaks", _who_speaks),
    ("mover: last party", _last_party),
    ("mover: a force named before in the sentence", _force_named_before),
    ("mover: as written", _as_written),
)
"""The first that knows decides; its name stands among the rules of the claim."""


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


def _own_offer(move: Move) -> bool:
    """Who rules out ground troops without naming whose rules out its own."""
    return move.pattern == "force refused" and move.predicate.lemma_.lower() in ("rule", "exclude")


def _decider(cue: Any, parsed: Parsed, discourse: Discourse, speaker: list[Actor]) -> list[Actor]:
    doer = subject(cue) if cue.pos_ in ("VERB", "AUX") else noun_agent(cue)
    return stands_for(doer, parsed, discourse, speaker=speaker) if doer is not None else []


def written(noun: Any) -> Actor:
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


_OF_THE_FORCES = frozenset({"defence", "defense", "military", "army", "navy", "pentagon", "commander", "general"})
"""Words in a teller's phrase that make it somebody of a state's forces."""
_OTHERS = frozenset({"countries", "nations", "states", "members", "allies", "partners", "governments", "leaders"})
"""Who are others than those told of before, where no article says that they are known."""
_HOPING = frozenset(
    {"expect", "hope", "believe", "think", "fear", "need", "allow", "permit", "let", "enable"}
    | {"evidence", "sign", "proof"}
)
"""Verbs whose subject decides nothing of its own forces."""
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
