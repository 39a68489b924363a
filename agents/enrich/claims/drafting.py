"""From a move that a sentence tells to a claim: its status and stance, who moves and who says so, where and when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agents.enrich.claims import (
    attribution,
    denials,
    gaps,
    history,
    movers,
    patterns,
    places,
    speakers,
    status,
    word_order,
)
from agents.enrich.claims.codes import codes_of
from agents.enrich.claims.confidence import confidence
from agents.enrich.claims.discourse import Discourse
from agents.enrich.claims.draft import Article, Draft, by_outlet, force_of, sentence_span, span, token_span
from agents.enrich.claims.no_deployment import fictional, no_deployment, only_police, perhaps_given
from agents.enrich.claims.parties import owners, unique
from agents.enrich.claims.place_names import home_of
from agents.enrich.claims.place_told import Whereabouts
from agents.enrich.claims.place_unsaid import elsewhere
from agents.enrich.claims.quotes import in_quotes, inside_quotation, outlets_quoted, quote_span
from agents.enrich.claims.standing import settle
from agents.enrich.claims.status_cues import Reading
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import child, children
from agents.enrich.quantities import measures
from agents.enrich.quantities.counts import counts_in_turn, units
from streams.records import ACT_FAMILY, Act, Actor, Attribution, Claim, Count, Place, Speaker, Stance, Status

_PEOPLE = frozenset(unit for unit, kind, _ in units().values() if kind == "person")
"""Units of people: how many go is told by them rather than by the ships that take them."""
_LATELY = 4
"""Sentences back to which a denial without content reaches."""
_DEMANDS = frozenset(["demand", "urge", "call"])
"""Verbs whose subject in a headline is who demands, not who says that it is so."""
_PROLONGING = frozenset(["extend", "prolong", "renew"])
"""Cues by which a force that is sent is one that stays."""
_ENDING = frozenset(["end", "terminate", "conclude", "wind"])
"""Cues by which a mission is one that forces withdraw from."""
_LEAVING = frozenset(["leave", "depart"])
"""Verbs of withdrawal that tell of sending where a force leaves its own country."""


def draft(index: int, parsed: Parsed, move: patterns.Move, article: Article) -> Draft | None:
    """The claim of a move, or None where its words claim nothing. `index` is the sentence's."""
    discourse = article.discourse
    reading = status.read(move.predicate, headline=parsed.sentence.headline, base=move.base)
    reading.denied = reading.denied or move.denied
    rules = [move.pattern, *reading.rules]
    if reading.dropped:
        return None
    said = _said(move, parsed, reading)
    if _bare(move, reading, said):
        if not _told_as_record(move, discourse):
            return None
        reading.status = "background"  # "the dispatch of paratroopers to Stanleyville in 1964"
    speaker, parties, chain_noun = _speaker(parsed, said, move, article)
    who, mover_rules = movers.resolve(move, reading, parsed, discourse, parties, said.noun)
    if not who:
        return None
    final, stance, status_rules = settle(move, parsed, reading, said, discourse)
    if final is None:
        return None
    rules += [*mover_rules, *said.rules, *status_rules]
    agents = movers.agents(move, reading, parsed, discourse, parties)
    if final in ("requested", "demanded") and {a.code for a in agents} <= {w.code for w in who}:
        agents = []  # a headline's "Kazakhstan asked about sending troops" is passive
    ordered = final == "decided" and any(c.lemma_ == "order" for c in reading.cues)
    if ordered and agents and who[0].kind == "country" and not {a.code for a in agents} & {w.code for w in who}:
        final = "demanded"  # "the Council ordered Eritrea to withdraw"
    about = Whereabouts(
        move=move, parsed=parsed, discourse=discourse, movers=who, speaker=parties, agents=agents, status=final, stance=stance,
        skip=said.tokens,
    )  # fmt: skip
    where, origins, place_rules = places.resolve(about)
    rules += place_rules
    act = _act(move, parsed, who, where, discourse, final)
    if act == "send" and any(c.lemma_ in _PROLONGING for c in reading.cues):
        act = "remain"
    if act == "send" and move.predicate.pos_ == "NOUN" and any(c.lemma_ in _ENDING for c in reading.cues):
        act = "withdraw"  # "will end its participation in the mission"
        if final == "suspended":
            final = "decided"
    if (
        act == "mobilise"
        and move.predicate.pos_ == "VERB"
        and "place: destination" in place_rules
        and not {p.code for p in where} & {w.code for w in who}
    ):
        act = "send"  # "mobilised ten battalions to the Colombian frontier": a call-up is at home
    if act != move.act and act == "send":
        where = [p for p in where if not any(p.code == w.code for w in who)]
    host = final in ("refused", "opposed") and "mover: who sends" in rules and act == "send"
    if host and where and {p.code for p in where} == {w.code for w in who} and move.forces:
        who = [movers.written(move.forces[0])]  # "we want no more peacekeepers sent to Darfur", says Sudan
    place_known = bool(where)
    if not where:
        where, place_rules = _place_by_default(act, move, parsed, who, said, discourse, rules)
        rules += place_rules
    if no_deployment(move, parsed, who, where, discourse):
        return None
    if act == "send" and perhaps_given(move, parsed):
        rules.append("arms alone, perhaps given")
    rules = status.overruled(rules, final)
    claim = _claim(
        parsed, move, article, act=act, status=final, stance=stance, who=who, agents=agents, where=where, origins=origins,
        speaker=speaker, said=said, rules=rules, chain_noun=chain_noun,
    )  # fmt: skip
    policing = not where and only_police(move, parsed)
    return Draft(
        claim=claim, sentence=index, place_known=place_known, fillable=not where and act != "mobilise", abroad=policing
    )


def _said(move: patterns.Move, parsed: Parsed, reading: Reading) -> attribution.Attribution:
    """Who says it: by the grammar, behind the words, or by a cue that commits whoever it is about."""
    headline = parsed.sentence.headline
    said = attribution.attribute(move.predicate, parsed, headline=headline)
    after = attribution.trailing(parsed) if said.noun is None and said.stance == "reports" else None
    if after is not None and after.i > move.predicate.i:
        said.noun, said.stance = after, "affirms"
    if said.noun is None and said.stance == "reports" and not headline:
        by = attribution.committed(reading.cues)
        if by is not None:
            said.noun, said.cue = by
            said.stance = "affirms"
            said.rules.append("speaker: who commits itself")
    elif said.noun is not None and headline and said.cue is not None and said.cue.lemma_ in _DEMANDS:
        said.noun, said.stance = None, "reports"
    return said


def _bare(move: patterns.Move, reading: Reading, said: attribution.Attribution) -> bool:
    """Whether nothing says what has become of a move whose words alone say too little."""
    mission = move.pattern == "taking part in a mission" and reading.status in ("occurred", "ongoing")
    unmarked = not reading.cues and said.stance in ("reports", "affirms")
    return move.needs_cue and unmarked and (reading.status is None or mission)


def _told_as_record(move: patterns.Move, discourse: Discourse) -> bool:
    if not move.forces or move.predicate.pos_ != "NOUN":
        return False
    words = " ".join(t.text for t in move.predicate.subtree)
    return history.told_as_history(words, discourse.published, past=True)


def _speaker(
    parsed: Parsed, said: attribution.Attribution, move: patterns.Move, article: Article
) -> tuple[Speaker | None, list[Actor], Any]:
    """The speaker record, the parties that "we" means, and the noun that named it."""
    sentence, discourse = parsed.sentence, article.discourse
    quoted = in_quotes(sentence.text, move.predicate.idx)
    if said.noun is None and quoted:
        outer = attribution.outer_speech(parsed)
        if outer is not None:
            said.noun, said.cue = outer
            phrase = list(said.noun.subtree)
            if move.predicate not in phrase:
                said.tokens.update(t.i for t in phrase)
            _affirm(said)
    if said.noun is not None:
        speaker, parties = speakers.describe(said.noun, parsed, discourse)
        return speaker, parties, said.noun
    if discourse.speakers and (quoted or inside_quotation(sentence, article.sentences, article.text)):
        people = [s for s in discourse.speakers[-3:] if not speakers.is_outlet(s)]
        last = people[-1] if people else discourse.speakers[-1]
        _affirm(said)
        return last, speakers.party_of(last), None
    if quoted and not discourse.whole_article and sentence.text.strip()[:1] in '"“‘':
        _affirm(said)
        return Speaker(text="quoted speaker", role="quoted speaker", anonymous=True), [], None
    return None, [], None


def _affirm(said: attribution.Attribution) -> None:
    """What is quoted somebody affirms."""
    if said.stance == "reports":
        said.stance = "affirms"


_TO_COME = frozenset(["planned", "ongoing"])
"""Of a bare departure: what leads on to a move that was told of before."""
_TO_BASE = frozenset(["bases", "base", "positions", "garrison", "garrisons", "quarters", "barracks"])
"""Where forces that return are at home."""


def _act(
    move: patterns.Move, parsed: Parsed, who: list[Actor], where: list[Place], discourse: Discourse, status: Status
) -> Act:
    """The act of the pattern, but leaving one's own country is sending."""
    predicate = move.predicate
    out_of = any(p.lower_ == "out" and child(p, "prep") is not None for p in children(predicate, "prep"))
    back = [
        p for t in (predicate, *children(predicate, "advmod", "prt")) for p in children(t, "prep") if p.lower_ == "to"
    ]
    to_base = any(n.lower_ in _TO_BASE for p in back for n in children(p, "pobj"))
    if (
        to_base
        and move.act in ("send", "move")
        and predicate.lemma_ in ("return", "order", "go", "bring", "call", "pull")
    ):
        return "withdraw"  # "are going back to their home bases"
    if move.act == "send" and out_of:
        return "withdraw"  # "has sent its observers out of the country"
    if move.act != "withdraw" or predicate.lemma_ not in _LEAVING:
        return move.act
    codes = {w.code for w in who}
    at_home = all(p.code in codes for p in where)
    towards = {p.lower_ for p in children(predicate, "prep")}
    own_town = any(m.form in ("city", "capital") and m.country in codes for m in parsed.mentions)
    if own_town and where and at_home and move.pattern == "force goes":
        return "send"  # "Peru's contingent will leave Lima"
    bare = child(predicate, "dobj") is None and not towards & {"from", "to"}
    if bare and not where and discourse.acts[-1:] == ["send"] and status in _TO_COME:
        return "send"  # "while the battalion got ready to leave", of forces that are to be sent
    if "for" in towards:
        return "send"  # "had left for Cyprus"
    if "from" in towards and at_home and child(predicate, "dobj") is None:
        return "send"  # "are to leave from the air base at Rygge": from home
    return move.act


def _place_by_default(
    act: Act,
    move: patterns.Move,
    parsed: Parsed,
    who: list[Actor],
    said: attribution.Attribution,
    discourse: Discourse,
    rules: list[str],
) -> tuple[list[Place], list[str]]:
    """Where, of a claim whose own words do not say: the only other place named, or home."""
    if act == "mobilise":
        return [home_of(a) for a in who if a.kind == "country"][:1], []
    found = elsewhere(move, parsed, who, said.tokens, adjectives=not discourse.whole_article)
    if found:
        return found, ["place: the only other place named"]
    if "mover: at home" in rules and act == "send" and not discourse.whole_article:
        return [home_of(a) for a in who], ["place: at home"]
    return [], []


def _claim(
    parsed: Parsed,
    move: patterns.Move,
    article: Article,
    *,
    act: Act,
    status: Status,
    stance: Stance,
    who: list[Actor],
    agents: list[Actor],
    where: list[Place],
    origins: list[Place],
    speaker: Speaker | None,
    said: attribution.Attribution,
    rules: list[str],
    chain_noun: Any,
) -> Claim:
    token = move.predicate
    units = _units(move, parsed, who, article.discourse)
    return Claim(
        act=act, status=status, stance=stance,
        movers=tuple(force_of(a, unit, count) for a, (unit, count) in zip(who, units, strict=True)),
        agents=tuple(unique(agents)), places=tuple(where), origins=tuple(origins),
        when=measures.when_of(token, parsed, status, article.published),
        speaker=speaker, chain=tuple(_chain(parsed, article, speaker, said, chain_noun)),
        evidence=sentence_span(article.text, parsed.sentence), trigger=token_span(article.text, parsed.sentence, token),
        quote=quote_span(parsed.sentence, token.idx),
        codes=codes_of(act, status), confidence=confidence(rules, placed=bool(where)), rules=tuple(dict.fromkeys(rules)),
    )  # fmt: skip


def _chain(
    parsed: Parsed, article: Article, speaker: Speaker | None, said: attribution.Attribution, noun: Any
) -> list[Attribution]:
    """Who says so, who quotes them, who printed it."""
    at = parsed.sentence.start
    chain = []
    if speaker is not None:
        who = speaker.name or speaker.role or speaker.organisation or speaker.text
        chain.append(_by_speaker(who, said.cue, noun, at))
    for name, start, end in outlets_quoted(parsed):
        speaks = chain[0].start if chain else None
        if speaks is None or not at + start <= speaks < at + end:
            chain.append(Attribution(who=name, kind="outlet-quoted", cue=None, start=at + start, end=at + end))
    return [*chain, *by_outlet(article.outlet)]


def _by_speaker(who: str, cue: Any, noun: Any, at: int) -> Attribution:
    """The link of a speaker named at `noun`, if anywhere, in the sentence that starts at `at`."""
    start = at + noun.idx if noun is not None else None
    end = at + noun.idx + len(noun) if noun is not None else None
    return Attribution(who=who, kind="speaker", cue=cue.lemma_ if cue is not None else None, start=start, end=end)


def _units(
    move: patterns.Move, parsed: Parsed, who: list[Actor], discourse: Discourse
) -> list[tuple[str | None, Count | None]]:
    """Unit and count of each mover: those of the force that is its own, the first one's where there is one mover."""
    counts = measures.counts_of(move.forces, parsed)
    named = [(movers.phrase(f), n) for f, n in zip(move.forces, counts, strict=True)]
    first = named[0][0] if named else None
    if len(who) == 1:
        told = [(unit, n) for unit, n in named if n is not None]
        return [next((pair for pair in told if pair[1].unit in _PEOPLE), (first, told[0][1] if told else None))]
    shared = counts_in_turn(parsed.sentence.text) if move.forces else []
    if len(shared) == len(who):
        unit = next((n.unit for _, n in named if n is not None), move.forces[0].lower_)
        return [(movers.phrase(move.forces[0]), replace(n, unit=unit)) for n in shared]
    owned = [[a.code for a in owners(force, parsed, discourse)] for force in move.forces]
    found: list[tuple[str | None, Count | None]] = []
    for actor in who:
        own = next((pair for codes, pair in zip(owned, named, strict=True) if codes == [actor.code]), None)
        found.append(own or (first, None))
    return found


def by_word_order(index: int, parsed: Parsed, article: Article) -> list[Draft]:
    """The claims of a headline that the parse has none of."""
    sentence = parsed.sentence
    if fictional(sentence.text):
        return []
    found = []
    for told in word_order.read(sentence.text, parsed.mentions):
        start, end = told.at
        claim = Claim(
            act=told.act, status=told.status, stance=told.stance,
            movers=tuple(force_of(a, told.unit) for a in told.movers),
            agents=(), places=tuple(told.places), origins=(), when=None,
            speaker=Speaker(text=told.speaker, organisation=told.speaker) if told.speaker else None,
            chain=tuple(by_outlet(article.outlet)),
            evidence=sentence_span(article.text, sentence),
            trigger=span(article.text, sentence.start + start, sentence.start + end), quote=None,
            codes=codes_of(told.act, told.status), confidence=confidence(told.rules, placed=bool(told.places)),
            rules=tuple(told.rules),
        )  # fmt: skip
        found.append(Draft(claim=claim, sentence=index, place_known=bool(told.places), fillable=False))
    return found


def gapped(parsed: Parsed, told: Draft) -> list[Draft]:
    """What is said of further parties without repeating the verb: "Argentina 600, Uruguay 570", "and Sweden 200",
    "mostly Russia and Iran around Damascus". Parties of the same claim are added to it."""
    movers_too, apart = gaps.find(parsed, told.claim.trigger.end - parsed.sentence.start)
    claim = told.claim
    if movers_too and claim.act != "withdraw" and claim.movers and claim.movers[0].kind == "country":
        known = {m.code for m in claim.movers}
        more = tuple(force_of(a) for a in movers_too if a.code not in known)
        codes = {m.code for m in more}
        kept = tuple(p for p in claim.places if p.code not in codes)
        told.claim = replace(claim, movers=(*claim.movers, *more), places=kept, rules=(*claim.rules, "gapped list"))
    elsewhere_told = {a.code for who, _ in apart for a in who} | {p.code for _, where in apart for p in where}
    own = tuple(p for p in told.claim.places if p.code not in elsewhere_told)
    if own:
        told.claim = replace(told.claim, places=own)
    found = []
    own = told.claim.places
    for number, place in gaps.elsewhere(parsed, told.claim.trigger.end - parsed.sentence.start):
        if len(told.claim.movers) != 1 or not own or place.code in {p.code for p in own}:
            continue
        (mover,) = told.claim.movers
        amount = int(number.replace(",", ""))
        unit = mover.count.unit if mover.count is not None else "troops"
        count = Count(text=number, low=amount, high=amount, qualifier=None, unit=unit)
        other = replace(
            told.claim, movers=(replace(mover, unit=None, count=count),), places=(place,),
            rules=(*claim.rules, "gapped clause"),
        )  # fmt: skip
        found.append(Draft(claim=other, sentence=told.sentence, place_known=True, fillable=False))
    for who, where in apart:
        other = replace(
            claim, movers=tuple(force_of(a) for a in who), places=tuple(where), agents=(),
            rules=(*claim.rules, "gapped clause"),
        )  # fmt: skip
        found.append(Draft(claim=other, sentence=told.sentence, place_known=True, fillable=False))
    return found


def denial(index: int, parsed: Parsed, drafts: list[Draft], made: list[Draft], article: Article) -> Draft | None:
    """A denial without content denies the latest claim about the denier's country, or the latest of all.

    `made` are the drafts of the same sentence.
    """
    standing = [
        d
        for d in (*drafts, *made)
        if d.claim.stance not in ("denies", "knows-nothing", "doubts") and d.claim.status != "background"
    ]
    if not standing or index - standing[-1].sentence > _LATELY:
        return None
    found = denials.find(parsed)
    if found is None:
        return None
    noun, cue, stance = found
    if any(d.claim.stance == stance for d in made):
        return None
    speaker, parties = speakers.describe(noun, parsed, article.discourse)
    codes = {p.code for p in parties}
    recent = [d for d in standing if index - d.sentence <= _LATELY]
    own = [d for d in recent if codes & ({m.code for m in d.claim.movers} | {a.code for a in d.claim.agents})]
    if not own and any(w.lower_ == "involvement" for w in children(cue, "dobj")):
        return None  # of a party that no claim is about
    denied = next((d for d in reversed(recent) if codes & _codes_of(d.claim)), recent[-1])
    sentence = parsed.sentence
    who = (speaker.name or speaker.text) if speaker else noun.text
    claim = replace(
        denied.claim, stance=stance, speaker=speaker, agents=(),
        chain=(_by_speaker(who, cue, noun, sentence.start), *by_outlet(article.outlet)),
        evidence=sentence_span(article.text, sentence), trigger=token_span(article.text, sentence, cue), quote=None,
        rules=("denial without content",), confidence=round(denied.claim.confidence * 0.9, 3),
    )  # fmt: skip
    return Draft(claim=claim, sentence=index, place_known=False, fillable=denied.fillable)


def _codes_of(claim: Claim) -> set[str]:
    parties = {m.code for m in claim.movers} | {a.code for a in claim.agents}
    return parties | {p.code for p in claim.places}


def same(one: Claim, other: Claim) -> bool:
    """One claim for each (movers, act family, status, place, speaker) in a sentence."""
    return (
        {m.code for m in one.movers} == {m.code for m in other.movers}
        and ACT_FAMILY[one.act] == ACT_FAMILY[other.act]
        and one.status == other.status
        and one.stance == other.stance
        and ({p.code for p in one.places} == {p.code for p in other.places} or not one.places or not other.places)
        and (one.speaker == other.speaker or one.speaker is None or other.speaker is None)
    )
