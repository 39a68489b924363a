"""The claims and names of a text: a sentence, a headline, or a whole article with its page furniture.

    extractor = load(settings)
    extraction = extractor.extract(text, published="2017-06-22T00:00:00Z", outlet="RFE/RL")

Offsets count in the text as it is given. Any text is accepted; only sentences near one that the triggers choose are parsed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from agents.enrich.claims import attribution, denials, gaps, history, movers, patterns, places, status, word_order
from agents.enrich.claims.codes import codes_of
from agents.enrich.claims.confidence import confidence
from agents.enrich.claims.discourse import Discourse
from agents.enrich.claims.forces import POLICING, Forces
from agents.enrich.claims.parties import STATE_WORDS, owners, stands_for, unique
from agents.enrich.language.lexicon import lexicon
from agents.enrich.language.parse import Parsed, Parser
from agents.enrich.language.sentences import Sentence, split
from agents.enrich.language.syntax import child, children, phrasal, subject
from agents.enrich.language.triggers import Hits, scan, worth_parsing
from agents.enrich.names.finding import Gazetteer
from agents.enrich.names.mention import Mention
from agents.enrich.names.nametokens import key_of
from agents.enrich.quantities import measures
from streams.records import (
    ACT_FAMILY,
    Act,
    Actor,
    Attribution,
    Claim,
    Count,
    Entity,
    EntityKind,
    Force,
    Place,
    Span,
    Speaker,
    Stance,
    Status,
)
from streams.settings import Settings

NEIGHBOURS = 3
"""Sentences before and after one that triggers that are parsed as well, for speakers, pronouns and denials."""

PARSED = 25_000
"""Characters of one text that are parsed at most, near its triggers: long reads have 20,000; it bounds the time of a step."""
AT_ONCE = 8
"""Sentences parsed together. More are hardly faster, and are parsed in vain where a text has more claims than are kept."""
CLAIMS = 80
"""Claims of one text at most: the longest real articles had twenty; a page that repeats one sentence has thousands."""
MOVES = 12
"""Claims of one sentence at most: the most that a real one had was six."""

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]|[\ud800-\udfff]"
)


class Extraction:
    """What a text names and claims, each in the order of the text. Entities are looked up when they are asked for."""

    __slots__ = ("_entities", "_find", "claims")

    def __init__(self, claims: tuple[Claim, ...], find: Callable[[], tuple[Entity, ...]]) -> None:
        self.claims = claims
        self._find = find
        self._entities: tuple[Entity, ...] | None = None

    @property
    def entities(self) -> tuple[Entity, ...]:
        if self._entities is None:
            self._entities = self._find()
        return self._entities


def load(settings: Settings) -> Extractor:
    """An extractor with its data and model loaded: about two seconds."""
    return Extractor(Parser(settings.spacy_model), Gazetteer())


_CIVIL_ERRANDS = frozenset(
    {"look", "watch", "attend", "play", "compete", "collect", "celebrate", "parade", "perform", "apologise"}
)
"""What soldiers who are sent to do it are not deployed for."""
_FICTION = re.compile(
    r"\b(?:war[ -]?games?|simulat\w+|films?|movies?|novels?|video game|board game|re-?enact\w*|think tank|self-styled|dressed (?:up )?as|extras|television series|regatta|sailing boats|yachts?|house to house|door to door)\b",
    re.IGNORECASE,
)
_STATES = frozenset(
    [
        "states",
        "members",
        "neighbours",
        "neighbors",
        "countries",
        "nations",
        "allies",
        "partners",
        "governments",
        "powers",
        "council",
        "generals",
    ]
)
_CIVIL_PLACES = frozenset(
    [
        "museum",
        "exhibition",
        "hospital",
        "prison",
        "jail",
        "court",
        "factory",
        "workshop",
        "funeral",
        "ceremony",
        "parade",
        "dock",
        "drydock",
        "overhaul",
        "refit",
        "exercise",
        "exercises",
        "drill",
        "drills",
        "manoeuvres",
        "maneuvers",
        "games",
        "festival",
        "concert",
        "match",
        "cemetery",
        "scrapyard",
        "barracks",
        "tournament",
    ]
)


class Extractor:
    """Not safe for several threads at once: spaCy's pipeline is not, either."""

    def __init__(self, parser: Parser, gazetteer: Gazetteer) -> None:
        self._parser = parser
        self._gazetteer = gazetteer

    def _bygone(self, mention: Mention) -> bool:
        senses = [s for s in self._gazetteer.data.senses.get(key_of(mention.text), ()) if s.form == "office-holder"]
        return bool(senses) and all(s.until is not None and s.until < BYGONE for s in senses)

    def extract(self, text: str, published: str | None = None, outlet: str | None = None) -> Extraction:
        """Entities and claims. Never raises, whatever the text."""
        clean = _CONTROLS.sub(" ", text)
        hits = scan(clean)
        sentences = split(clean) if hits.any else []
        chosen = [worth_parsing(s, hits) for s in sentences]
        if not any(chosen):
            return Extraction((), lambda: _entities(self._gazetteer.find(clean, published), ()))
        mentions = self._gazetteer.find(clean, published)
        areas = {m.text: area for m in mentions if m.kind == "organisation" and (area := self._gazetteer.area(m.text))}
        reading = _Reading(
            self._parser, text, sentences, chosen, mentions, hits, published, outlet, self._gazetteer.data.groups
        )
        reading.discourse.areas = areas
        reading.discourse.place_called = self._gazetteer.place_called
        reading.discourse.bygone = published is None and any(self._bygone(m) for m in mentions if m.kind == "person")
        claims = tuple(reading.read())
        return Extraction(claims, lambda: _entities(mentions, reading.people))


def _beyond(predicate: Any) -> list[Any]:
    """The prepositions after an adverb of direction: "back to barracks"."""
    return [p for c in children(predicate, "advmod", "prt") for p in children(c, "prep")]


_ENDING = frozenset({"end", "terminate", "conclude", "wind"})
BYGONE = 1975
"""A leader who left office before is named in history, not in news: agencies' archives in electronic form begin later."""


def _entities(mentions: Sequence[Mention], people: Sequence[tuple[int, int, str]]) -> tuple[Entity, ...]:
    kinds: dict[str, EntityKind] = {
        "country": "place",
        "organisation": "organisation",
        "armed-group": "force",
        "force": "force",
        "place": "place",
        "person": "person",
    }
    found = [
        Entity(
            kind=kinds[m.kind],
            name=m.name,
            id=m.id or (m.code if m.kind == "country" else None),
            start=m.start,
            end=m.end,
        )
        for m in mentions
    ]
    for start, end, name in people:
        if not any(e.start < end and e.end > start for e in found):
            found.append(Entity(kind="person", name=name, id=None, start=start, end=end))
    return tuple(sorted(found, key=lambda e: (e.start, e.end)))


def _published(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A claim whose place may still be filled from the article."""

    claim: Claim
    sentence: int
    place_known: bool
    fillable: bool


class _Reading:
    """One reading of one text."""

    def __init__(
        self,
        parser: Parser,
        text: str,
        sentences: list[Sentence],
        chosen: list[bool],
        mentions: list[Mention],
        hits: Hits,
        published: str | None,
        outlet: str | None,
        groups: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.parser = parser
        self.text = text
        self.sentences = sentences
        self.chosen = chosen
        self.mentions = mentions
        self.starts = [m.start for m in mentions]
        self.hits = hits
        self.outlet = outlet
        self.published = published if _published(published) is not None else None
        self.people: list[tuple[int, int, str]] = []
        paragraphs = len({s.paragraph for s in sentences})
        self.discourse = Discourse(
            published=_published(published),
            whole_article=paragraphs > 1 or len(sentences) > 3,
            military=len(hits.force) >= 1,
        )
        self.discourse.mentions = Counter(m.country for m in mentions if m.country)
        self.discourse.groups = groups
        self.discourse.homes = {m.name: m.country for m in mentions if m.kind == "armed-group" and m.country}
        self.drafts: list[_Draft] = []
        self.now: tuple[Mention, ...] = ()

    def read(self) -> list[Claim]:
        for index, parsed in self._parsed():
            if self.chosen[index] or self.discourse.military:
                self._sentence(index, parsed)
            self._remember(parsed)
            if len(self.drafts) >= CLAIMS:
                break
        return self._finish()

    def _parsed(self) -> Iterator[tuple[int, Parsed]]:
        """The sentences near one that the triggers choose, parsed a few at a time."""
        near: list[int] = []
        characters = 0
        for index, sentence in enumerate(self.sentences):
            if any(self.chosen[max(0, index - NEIGHBOURS) : index + NEIGHBOURS + 1]):
                characters += len(sentence.text)
                if characters > PARSED:
                    break
                near.append(index)
        for first in range(0, len(near), AT_ONCE):
            batch = near[first : first + AT_ONCE]
            inside = [(self.sentences[index], self._inside(self.sentences[index])) for index in batch]
            for index, parsed in zip(batch, self.parser.parse(inside), strict=True):
                start = parsed.sentence.start
                for person in parsed.people:
                    here = (start + person[0], start + person[1])
                    self.people.append((*here, self.text[here[0] : here[1]]))
                yield index, parsed

    def _inside(self, sentence: Sentence) -> tuple[Mention, ...]:
        """The mentions inside a sentence, with offsets in its text."""
        found = []
        for mention in self.mentions[bisect_left(self.starts, sentence.start) :]:
            if mention.start >= sentence.end:
                break
            if mention.end <= sentence.end:
                found.append(replace(mention, start=mention.start - sentence.start, end=mention.end - sentence.start))
        return tuple(found)

    # --- one sentence ---------------------------------------------------------------------------------------------

    def _sentence(self, index: int, parsed: Parsed) -> None:
        sentence, discourse = parsed.sentence, self.discourse
        if index == 0 or self.sentences[index - 1].paragraph != sentence.paragraph:
            discourse.paragraph_year = None
            discourse.scene = None
        opening = re.match(r"(?:In|At|From) (?:the )?", sentence.text)
        if opening:
            capital = next((m for m in parsed.mentions if m.start == opening.end()), None)
            if (
                capital is not None
                and capital.form in ("capital", "seat", "city")
                and capital.country
                and sentence.text[capital.end : capital.end + 1] == ","
            ):
                discourse.scene = capital.country
        year = history.year_told(sentence.text, discourse.published)
        if year is not None:
            discourse.paragraph_year = year
        elif history.told_of_now(sentence.text):
            discourse.paragraph_year = None
        told = bool(self.drafts) and index - self.drafts[-1].sentence <= 4
        forces = Forces(parsed, military=discourse.military, told=told)
        made: list[_Draft] = []
        used: set[int] = set()
        for move in patterns.find(parsed, forces, headline=sentence.headline):
            if move.predicate.i in used:
                continue
            draft = self._draft(index, parsed, move)
            if draft is None:
                continue
            used.add(move.predicate.i)
            made.append(draft)
            if len(made) >= MOVES:
                break
            forces.told = True
            made.extend(self._gapped(parsed, draft))
            discourse.movers.append(draft.claim.movers)
            discourse.places.extend(draft.claim.places)
        if sentence.headline and not made:
            made.extend(self._by_word_order(index, parsed))
        denial = self._denial(index, parsed, made)
        if denial is not None:
            made.append(denial)
        for draft in made:
            if not any(_same(draft.claim, d.claim) for d in self.drafts if d.sentence == index):
                self.drafts.append(draft)

    def _draft(self, index: int, parsed: Parsed, move: patterns.Move) -> _Draft | None:
        discourse = self.discourse
        reading = status.read(move.predicate, headline=parsed.sentence.headline, base=move.base)
        rules = [move.pattern, *reading.rules]
        if reading.dropped:
            return None
        said = attribution.attribute(move.predicate, parsed, headline=parsed.sentence.headline)
        after = attribution.trailing(parsed) if said.noun is None and said.stance == "reports" else None
        if after is not None and after.i > move.predicate.i:
            said.noun, said.stance = after, "affirms"
        if said.noun is None and said.stance == "reports" and not parsed.sentence.headline:
            by = attribution.committed(reading.cues)
            if by is not None:
                said.noun, said.cue = by
                said.stance = "affirms"
                said.rules.append("speaker: who commits itself")
        elif (
            said.noun is not None
            and parsed.sentence.headline
            and said.cue is not None
            and said.cue.lemma_ in ("demand", "urge", "call")
        ):
            said.noun, said.stance = None, "reports"
        plain = said.stance in ("reports", "affirms")
        bare = (
            move.needs_cue
            and not reading.cues
            and plain
            and (
                reading.status is None
                or (move.pattern == "taking part in a mission" and reading.status in ("occurred", "ongoing"))
            )
        )
        if bare and move.forces and move.predicate.pos_ == "NOUN":
            words = " ".join(t.text for t in move.predicate.subtree)
            if history.told_as_history(words, discourse.published, past=True):
                reading.status, bare = "background", False  # "the dispatch of paratroopers to Stanleyville in 1964"
        if bare:
            return None
        speaker, parties, chain_noun = self._speaker(parsed, said, move)
        who, mover_rules = movers.resolve(move, reading, parsed, discourse, parties)
        if not who:
            return None
        rules += mover_rules + said.rules
        final, stance = self._status_and_stance(move, parsed, reading, said, rules)
        if final is None:
            return None
        agents = movers.agents(move, reading, parsed, discourse, parties)
        if final in ("requested", "demanded") and {a.code for a in agents} <= {w.code for w in who}:
            agents = []  # a headline's "Kazakhstan asked about sending troops" is passive
        ordered = final == "decided" and any(c.lemma_ == "order" for c in reading.cues)
        if ordered and agents and who[0].kind == "country" and not {a.code for a in agents} & {w.code for w in who}:
            final = "demanded"  # "the Council ordered Eritrea to withdraw"
        where, origins, place_rules = places.resolve(
            move, parsed, discourse, who, parties, skip=said.tokens, status=final, agents=agents, stance=stance
        )
        rules += place_rules
        self.now = parsed.mentions
        act = self._act(move, who, where)
        if any(c.lemma_ in ("extend", "prolong", "renew") for c in reading.cues) and act == "send":
            act = "remain"
        if act == "send" and move.predicate.pos_ == "NOUN" and any(c.lemma_ in _ENDING for c in reading.cues):
            act = "withdraw"  # "will end its participation in the mission"
            if final == "suspended":
                final = "decided"
        if act != move.act and act == "send":
            where = [p for p in where if not any(p.code == w.code for w in who)]
        place_known = bool(where)
        if not where and act != "mobilise":
            where = places.elsewhere(move, parsed, who, said.tokens, adjectives=not discourse.whole_article)
            if where:
                rules.append("place: the only other place named")
        if "mover: at home" in rules and act == "send" and not where and not discourse.whole_article:
            where = [Place(code=a.code, name=a.name, text=a.text) for a in who]
            rules.append("place: at home")
        if act == "mobilise" and not where:
            where = [Place(code=a.code, name=a.name, text=a.text) for a in who if a.kind == "country"][:1]
        if self._dropped(move, parsed, who, where):
            return None
        claim = self._claim(
            parsed, move, act=act, status=final, stance=stance, who=who, agents=agents, where=where, origins=origins,
            speaker=speaker, said=said, rules=rules, chain_noun=chain_noun,
        )  # fmt: skip
        return _Draft(claim=claim, sentence=index, place_known=place_known, fillable=not where and act != "mobilise")

    def _by_word_order(self, index: int, parsed: Parsed) -> list[_Draft]:
        """The claims of a headline that the parse has none of."""
        sentence = parsed.sentence
        if _FICTION.search(sentence.text):
            return []
        found = []
        for told in word_order.read(sentence.text, parsed.mentions):
            start, end = told.at
            speaker = Speaker(text=told.speaker, organisation=told.speaker) if told.speaker else None
            chain = [Attribution(who=self.outlet, kind="outlet")] if self.outlet else []
            claim = Claim(
                act=told.act, status=told.status, stance=told.stance,
                movers=tuple(Force(code=a.code, name=a.name, kind=a.kind, text=a.text, unit=told.unit) for a in told.movers),
                agents=(), places=tuple(told.places), origins=(), when=None, speaker=speaker, chain=tuple(chain),
                evidence=Span(start=sentence.start, end=sentence.end, text=self.text[sentence.start : sentence.end]),
                trigger=Span(start=sentence.start + start, end=sentence.start + end, text=self.text[sentence.start + start : sentence.start + end]),
                quote=None, codes=codes_of(told.act, told.status), confidence=confidence(told.rules, placed=bool(told.places)),
                rules=tuple(told.rules),
            )  # fmt: skip
            found.append(_Draft(claim=claim, sentence=index, place_known=bool(told.places), fillable=False))
        return found

    def _gapped(self, parsed: Parsed, draft: _Draft) -> list[_Draft]:
        """What is said of further parties without repeating the verb: "Argentina 600, Uruguay 570", "and Sweden 200",
        "mostly Russia and Iran around Damascus"."""
        movers_too, apart = gaps.find(parsed, draft.claim.trigger.end - parsed.sentence.start)
        claim = draft.claim
        if movers_too and claim.act != "withdraw" and claim.movers and claim.movers[0].kind == "country":
            known = {m.code for m in claim.movers}
            more = tuple(
                Force(code=a.code, name=a.name, kind=a.kind, text=a.text) for a in movers_too if a.code not in known
            )
            codes = {m.code for m in more}
            kept = tuple(p for p in claim.places if p.code not in codes)
            draft.claim = replace(
                claim, movers=(*claim.movers, *more), places=kept, rules=(*claim.rules, "gapped list")
            )
        found = []
        for who, where in apart:
            other = replace(
                claim,
                movers=tuple(Force(code=a.code, name=a.name, kind=a.kind, text=a.text) for a in who),
                places=tuple(where), agents=(), rules=(*claim.rules, "gapped clause"),
            )  # fmt: skip
            found.append(_Draft(claim=other, sentence=draft.sentence, place_known=True, fillable=False))
        return found

    def _act(self, move: patterns.Move, who: list[Actor], where: list[Place]) -> Act:
        codes = {w.code for w in who}
        town = any(m.form in ("city", "capital") and m.country in codes for m in self.now)
        if (
            move.act == "withdraw"
            and town
            and where
            and all(p.code in codes for p in where)
            and move.pattern == "force goes"
            and move.predicate.lemma_ in ("leave", "depart")
        ):
            return "send"  # "Peru's contingent will leave Lima"
        if (
            move.act == "withdraw"
            and move.predicate.lemma_ in ("leave", "depart")
            and any(p.lower_ == "for" for p in children(move.predicate, "prep"))
        ):
            return "send"  # "had left for Cyprus"
        if (
            move.act == "withdraw"
            and move.predicate.lemma_ in ("leave", "depart")
            and child(move.predicate, "dobj") is None
            and any(p.lower_ == "from" for p in children(move.predicate, "prep"))
            and all(p.code in codes for p in where)
        ):
            return "send"  # "are to leave from the air base at Rygge": from home
        if (
            move.act == "mobilise"
            and where
            and not any(p.code in codes for p in where)
            and move.pattern in ("force is moved", "passive of motion")
        ):
            return "mobilise"
        return move.act

    def _dropped(self, move: patterns.Move, parsed: Parsed, who: list[Actor], where: list[Place]) -> bool:
        """Police in their own country, and presence that nothing says is abroad, are no deployments."""
        codes = {w.code for w in who}
        known_foreign = any(p.code not in codes for p in where) or (not where and self.discourse.whole_article)
        if _FICTION.search(parsed.sentence.text):
            return True
        official = move.doer is not None and (
            move.doer.lower_ in STATE_WORDS | _STATES
            or (move.doer.i in parsed.forces and move.doer.lower_ not in ("company", "companies", "group", "team"))
            or any(t.i in parsed.at for t in move.doer.subtree)
        )
        if (
            move.doer is not None
            and move.doer.pos_ in ("NOUN", "PROPN")
            and not official
            and all(w.text == movers.phrase(move.doer) for w in who)
        ):
            return True  # a bank, a company, a team that sends is no party to a deployment
        if move.needs_foreign and not known_foreign:
            return True
        if (
            move.act == "remain"
            and move.pattern == "force is moved"
            and move.doer is not None
            and move.doer.pos_ == "NOUN"
            and not stands_for(move.doer, parsed, self.discourse)
        ):
            return True  # "a flood left half of the army's lorries under water"
        if any(
            t.lower_ in _CIVIL_PLACES
            for p in [*children(move.predicate, "prep"), *_beyond(move.predicate)]
            if p.lower_ in ("to", "for", "in", "at", "from")
            for t in children(p, "pobj")
        ):
            return True
        if any(
            c.lemma_ in _CIVIL_ERRANDS and any(a.lower_ == "to" for a in c.children)
            for t in (move.predicate, *move.forces)
            for c in t.children
            if c.dep_ in ("advcl", "xcomp", "acl", "relcl", "ccomp")
        ):
            return True
        moved = move.pattern in ("force is moved", "passive of motion", "force goes")
        if move.needs_place and not where and not self.discourse.whole_article and not moved:
            return True
        domestic = {f.lower_ for f in move.forces} <= POLICING or all(
            any(c.lower_ in ("security", "police", "riot") for c in children(f, "amod", "compound", "nmod"))
            for f in move.forces
        )
        return bool(
            move.forces
            and domestic
            and not any(p.code not in codes for p in where)
            and not any(
                parsed.forces.get(t.i) is not None
                and parsed.forces[t.i].strength == "strong"
                and t.lower_ not in POLICING
                and not any(c.lower_ in ("security", "police") for c in children(t, "amod", "compound", "nmod"))
                for t in parsed.tokens
                if t not in move.forces
            )
        )

    def _status_and_stance(
        self,
        move: patterns.Move,
        parsed: Parsed,
        reading: status.Reading,
        said: attribution.Attribution,
        rules: list[str],
    ) -> tuple[Status | None, Stance]:
        final, stance = reading.status, said.stance
        if final is None and stance in ("denies", "alleges", "doubts", "knows-nothing"):
            final = (
                "occurred"
                if move.predicate.tag_ in ("VBG", "VBN")
                or stance in ("denies", "alleges")
                or (stance == "knows-nothing" and move.predicate.pos_ == "NOUN")
                else "considered"
            )
            rules.append("status: by its stance")
        if final is None:
            if move.predicate.pos_ in ("NOUN", "PROPN"):
                if not parsed.sentence.headline:
                    return None, stance
                final = "ongoing"
            elif parsed.sentence.headline:
                final = "occurred" if move.predicate.tag_ != "VBG" else "ongoing"
            else:
                final = "considered"
                if any(c.lower_ == "to" for c in children(move.predicate, "aux")):
                    rules.append("status: by default")
                elif move.predicate.tag_ == "VBG":
                    return None, stance
        if reading.denied:
            if stance == "denies":
                stance = "affirms"
            elif stance in ("affirms", "reports", "alleges"):
                stance = "denies"
        if parsed.sentence.headline and stance == "affirms" and said.noun is None:
            stance = "reports"
        if final in ("occurred", "ongoing", "decided", "planned", "requested", "considered") and stance in (
            "reports",
            "affirms",
        ):
            clause = history.clause_text(move.predicate, parsed.sentence.text)
            if history.told_as_history(clause, self.discourse.published, past=reading.past) or (
                self.discourse.bygone and reading.past and final == "occurred"
            ):
                final = "background"
                rules.append("status: told of an earlier time")
            elif (
                self.discourse.paragraph_year is not None
                and reading.past
                and final in ("occurred", "planned", "decided", "requested")
            ) and not history.told_of_now(clause):
                final = "background"
                rules.append("status: its paragraph tells of an earlier time")
            elif (
                reading.past
                and final == "occurred"
                and any(c.lower_ == "then" and c.dep_ == "advmod" for c in move.predicate.children)
            ):
                final = "background"
                rules.append("status: then")
            elif (
                self.discourse.whole_article
                and final == "occurred"
                and reading.past
                and stance == "reports"
                and len(_listed_places(move, parsed)) > 1
            ):
                final = "background"  # "sent soldiers to Bosnia, Kosovo and Afghanistan": a record, not news
                rules.append("status: a record of several places")
        return final, stance

    def _speaker(
        self, parsed: Parsed, said: attribution.Attribution, move: patterns.Move
    ) -> tuple[Speaker | None, list[Actor], Any]:
        """The speaker record, the parties that "we" means, and the noun that named it."""
        noun = said.noun
        quoted = _in_quotes(parsed.sentence.text, move.predicate.idx)
        if noun is None and quoted:
            outer = attribution.outer_speech(parsed)
            if outer is not None:
                noun, said.cue = outer
                said.noun = noun
                said.tokens.update(t.i for t in noun.subtree if move.predicate not in list(noun.subtree))
                said.stance = "affirms" if said.stance == "reports" else said.stance
        if noun is None and (quoted or self._inside_quotation(parsed.sentence)) and self.discourse.speakers:
            last = self.discourse.speakers[-1]
            said.stance = "affirms" if said.stance == "reports" else said.stance
            return last, attribution.party_of(last), None
        if noun is None and quoted and not self.discourse.whole_article and parsed.sentence.text.strip()[:1] in '"“‘':
            said.stance = "affirms" if said.stance == "reports" else said.stance
            return Speaker(text="quoted speaker", role="quoted speaker", anonymous=True), [], None
        if noun is None:
            return None, [], None
        speaker, parties = attribution.describe(noun, parsed, self.discourse)
        return speaker, parties, noun

    def _inside_quotation(self, sentence: Sentence) -> bool:
        """Whether a quotation opened earlier in the paragraph is still open where the sentence starts."""
        paragraph_start = min(s.start for s in self.sentences if s.paragraph == sentence.paragraph)
        before = self.text[paragraph_start : sentence.start]
        opened = before.count("“") - before.count("”")
        straight = before.count('"') % 2
        starts = sentence.text[:1] in '"“‘'
        return opened > 0 or straight == 1 or (starts and sentence.text.rstrip()[-1:] in '"”’')

    def _claim(
        self,
        parsed: Parsed,
        move: patterns.Move,
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
        sentence = parsed.sentence
        token = move.predicate
        quote = _quote_span(sentence, token.idx)
        chain = []
        if speaker is not None:
            cue = said.cue
            chain.append(
                Attribution(
                    who=speaker.name or speaker.role or speaker.organisation or speaker.text, kind="speaker", cue=cue.lemma_ if cue is not None else None,
                    start=sentence.start + chain_noun.idx if chain_noun is not None else None, end=sentence.start + chain_noun.idx + len(chain_noun.text) if chain_noun is not None else None,
                )
            )  # fmt: skip
        for name, start, end in _outlets_quoted(parsed):
            if not chain or chain[0].start != sentence.start + start:
                chain.append(
                    Attribution(
                        who=name, kind="outlet-quoted", cue=None, start=sentence.start + start, end=sentence.start + end
                    )
                )
        if self.outlet:
            chain.append(Attribution(who=self.outlet, kind="outlet"))
        units = self._units(move, parsed, who)
        when = measures.when_of(token, parsed, status, self.published)
        return Claim(
            act=act, status=status, stance=stance,
            movers=tuple(Force(code=a.code, name=a.name, kind=a.kind, text=a.text, unit=u, count=n) for a, (u, n) in zip(who, units, strict=True)),
            agents=tuple(unique(agents)), places=tuple(where), origins=tuple(origins), when=when, speaker=speaker, chain=tuple(chain),
            evidence=Span(start=sentence.start, end=sentence.end, text=self.text[sentence.start : sentence.end]),
            trigger=Span(start=sentence.start + token.idx, end=sentence.start + token.idx + len(token.text), text=self.text[sentence.start + token.idx : sentence.start + token.idx + len(token.text)]),
            quote=quote, codes=codes_of(act, status), confidence=confidence(rules, placed=bool(where)), rules=tuple(dict.fromkeys(rules)),
        )  # fmt: skip

    def _units(self, move: patterns.Move, parsed: Parsed, who: list[Actor]) -> list[tuple[str | None, Count | None]]:
        """Unit and count of each mover: those of the force that is its own, the first one's where there is one mover."""
        counts = measures.counts_of(move.forces, parsed)
        named = [(movers.phrase(f), n) for f, n in zip(move.forces, counts, strict=True)]
        if len(who) == 1:
            counted = next((n for _, n in named if n is not None), None)
            return [(named[0][0] if named else None, counted)]
        found: list[tuple[str | None, Count | None]] = []
        for actor in who:
            own = [
                pair for force, pair in zip(move.forces, named, strict=True)
                if [a.code for a in owners(force, parsed, self.discourse)] == [actor.code]
            ]  # fmt: skip
            found.append(own[0] if own else (named[0][0] if named else None, None))
        return found

    def _denial(self, index: int, parsed: Parsed, made: list[_Draft]) -> _Draft | None:
        """A denial without content denies the latest claim about the denier's country, or the latest of all."""
        standing = [
            d
            for d in (*self.drafts, *made)
            if d.claim.stance not in ("denies", "knows-nothing", "doubts") and d.claim.status != "background"
        ]
        if not standing or index - standing[-1].sentence > 4:
            return None
        found = denials.find(parsed)
        if found is None:
            return None
        noun, cue, stance = found
        if made and any(d.claim.stance == stance for d in made):
            return None
        speaker, parties = attribution.describe(noun, parsed, self.discourse)
        codes = {p.code for p in parties}
        recent = [d for d in standing if index - d.sentence <= 4]
        denied = (
            next(
                (d for d in reversed(recent) if codes & _codes_of(d.claim)),
                None,
            )
            or recent[-1]
        )
        sentence = parsed.sentence
        chain = [
            Attribution(
                who=(speaker.name or speaker.text) if speaker else noun.text,
                kind="speaker",
                cue=cue.lemma_,
                start=sentence.start + noun.idx,
                end=sentence.start + noun.idx + len(noun.text),
            )
        ]
        if self.outlet:
            chain.append(Attribution(who=self.outlet, kind="outlet"))
        claim = replace(
            denied.claim, stance=stance, speaker=speaker, chain=tuple(chain), agents=(),
            evidence=Span(start=sentence.start, end=sentence.end, text=self.text[sentence.start : sentence.end]),
            trigger=Span(start=sentence.start + cue.idx, end=sentence.start + cue.idx + len(cue.text), text=self.text[sentence.start + cue.idx : sentence.start + cue.idx + len(cue.text)]),
            quote=None, rules=("denial without content",), confidence=round(denied.claim.confidence * 0.9, 3),
        )  # fmt: skip
        return _Draft(claim=claim, sentence=index, place_known=False, fillable=denied.fillable)

    # --- what the next sentences may mean ---------------------------------------------------------------------------

    def _remember(self, parsed: Parsed) -> None:
        discourse = self.discourse
        for mention in parsed.mentions:
            if mention.kind == "organisation":
                discourse.organisations.append(mention)
            if mention.kind == "person" and mention.country:
                discourse.persons.setdefault(mention.text.split()[-1].lower(), mention.country)
        for token in parsed.tokens:
            if token.dep_ != "conj" and token.i in parsed.at:
                group = [a for a in stands_for(token, parsed, discourse) if a.kind == "country"]
                if len(group) > 1:
                    discourse.lists.append(tuple(group))
        speech = lexicon().speech
        for token in parsed.tokens:
            if (
                token.pos_ == "VERB"
                and token.dep_ in ("ROOT", "ccomp", "conj", "relcl", "advcl", "parataxis")
                and any(("verb", k) in speech for k in phrasal(token))
            ):
                who = attribution.subject_of_speech(token)
                if (
                    who is not None
                    and who.pos_ in ("NOUN", "PROPN")
                    and (token.lemma_ not in ("show", "find", "learn"))
                ):
                    speaker, _ = attribution.describe(who, parsed, discourse)
                    if speaker is not None and (not discourse.speakers or discourse.speakers[-1] != speaker):
                        discourse.speakers.append(speaker)
        root = next((t for t in parsed.tokens if t.dep_ == "ROOT"), None)
        if root is not None:
            doer = subject(root)
            if doer is not None and doer.pos_ in ("PROPN", "NOUN"):
                discourse.parties.extend(stands_for(doer, parsed, discourse)[:1])

    # --- the article as a whole -------------------------------------------------------------------------------------

    def _finish(self) -> list[Claim]:
        """Fill places that only the context tells."""
        votes: Counter[str] = Counter()
        named: dict[str, Place] = {}
        for draft in self.drafts:
            if draft.place_known and ACT_FAMILY[draft.claim.act] != "mobilise":
                for place in draft.claim.places:
                    if not any(place.code == m.code for m in draft.claim.movers):
                        votes[place.code] += 1 if draft.claim.status == "background" else 2
                        named.setdefault(place.code, place)
        claims = []
        for number, draft in enumerate(self.drafts):
            claim = draft.claim
            if self.discourse.whole_article and "place: the only other place named" in claim.rules:
                claim = self._placed_like_the_others(claim, votes, named)
            if draft.fillable and self.discourse.whole_article and not claim.places:
                codes = {m.code for m in claim.movers}
                found = self._nearby_place(number, codes)
                if found is None:
                    found = next((named[c] for c, _ in votes.most_common() if c not in codes), None)
                if found is not None:
                    rules = (*claim.rules, "place: of the article")
                    claim = replace(claim, places=(found,), rules=rules, confidence=confidence(rules, placed=True))
            claims.append(claim)
        return _merged(_without_vague([c for c in claims if not self.discourse.whole_article or _about_somebody(c)]))

    def _placed_like_the_others(self, claim: Claim, votes: Counter[str], named: Mapping[str, Place]) -> Claim:
        """A place that the sentence only happens to name gives way to the one that the article's other claims tell."""
        codes = {m.code for m in claim.movers}
        if any(p.code in votes for p in claim.places):
            return claim
        found = next((named[c] for c, count in votes.most_common() if c not in codes and count > 2), None)
        if found is None:
            return claim
        rules = tuple("place: of the article" if r == "place: the only other place named" else r for r in claim.rules)
        return replace(claim, places=(found,), rules=rules, confidence=confidence(rules, placed=True))

    def _nearby_place(self, number: int, codes: set[str]) -> Place | None:
        """The place of the claim before in the same paragraph."""
        draft = self.drafts[number]
        paragraph = self.sentences[draft.sentence].paragraph
        for earlier in reversed(self.drafts[:number]):
            if self.sentences[earlier.sentence].paragraph != paragraph:
                return None
            for place in earlier.claim.places:
                if place.code not in codes:
                    return place
        return None


_VAGUE = frozenset(
    {
        "Africa",
        "Asia",
        "Europe",
        "Middle East",
        "West Africa",
        "East Africa",
        "Central Africa",
        "Latin America",
        "Central Asia",
    }
)


def _without_vague(claims: list[Claim]) -> list[Claim]:
    """Without claims of a continent where the same sentence says the same of a country: "went to Africa, when 400 were sent to Liberia"."""
    return [
        c for c in claims
        if not (c.places and all(p.code in _VAGUE for p in c.places)
                and any(o is not c and o.evidence == c.evidence and o.movers == c.movers and o.status == c.status
                        and ACT_FAMILY[o.act] == ACT_FAMILY[c.act] and o.places and not any(p.code in _VAGUE for p in o.places) for o in claims))
    ]  # fmt: skip


def _about_somebody(claim: Claim) -> bool:
    """Whether a claim names a party or a place: "asked for reinforcements" alone may be about bats."""
    return bool(claim.places or claim.agents) or any(m.kind != "force" for m in claim.movers)


def _codes_of(claim: Claim) -> set[str]:
    parties = {m.code for m in claim.movers} | {a.code for a in claim.agents}
    return parties | {p.code for p in claim.places}


def _merged(claims: list[Claim]) -> list[Claim]:
    """Claims of one sentence that differ only in who moves are one claim with several movers."""
    merged: list[Claim] = []
    for claim in claims:
        twin = next((i for i, c in enumerate(merged) if _twins(c, claim)), None)
        if twin is None:
            merged.append(claim)
            continue
        known = {m.code for m in merged[twin].movers}
        more = tuple(m for m in claim.movers if m.code not in known)
        agents = tuple(unique([*merged[twin].agents, *claim.agents]))
        merged[twin] = replace(merged[twin], movers=(*merged[twin].movers, *more), agents=agents)
    return merged


def _twins(one: Claim, other: Claim) -> bool:
    return (
        one.evidence == other.evidence and one.act == other.act and one.status == other.status and one.stance == other.stance
        and one.speaker == other.speaker and {p.code for p in one.places} == {p.code for p in other.places}
        and all(m.kind == "country" for m in (*one.movers, *other.movers)) and "gapped clause" not in other.rules
    )  # fmt: skip


def _same(one: Claim, other: Claim) -> bool:
    """One claim for each (movers, act family, status, place, speaker) in a sentence."""
    return (
        {m.code for m in one.movers} == {m.code for m in other.movers}
        and ACT_FAMILY[one.act] == ACT_FAMILY[other.act]
        and one.status == other.status
        and one.stance == other.stance
        and ({p.code for p in one.places} == {p.code for p in other.places} or not one.places or not other.places)
        and (one.speaker == other.speaker or one.speaker is None or other.speaker is None)
    )


def _listed_places(move: patterns.Move, parsed: Parsed) -> list[str]:
    names = {
        places.place_of(parsed.at[t.i]).code
        for p in children(move.predicate, "prep")
        if p.lower_ in ("to", "in")
        for t in p.subtree
        if t.i in parsed.at and places.is_place(parsed.at[t.i])
    }
    return sorted(names)


def _in_quotes(text: str, at: int) -> bool:
    before = text[:at]
    if before.count("“") > before.count("”") or before.count('"') % 2 == 1:
        return True
    return before.count("‘") > len(re.findall(r"’(?!\w)", before)) and "‘" in before


def _quote_span(sentence: Sentence, at: int) -> Span | None:
    for match in re.finditer(r"[“\"]([^“”\"]+)[”\"]|‘([^‘]+?)’(?!\w)", sentence.text):
        if match.start() <= at < match.end():
            return Span(start=sentence.start + match.start(), end=sentence.start + match.end(), text=match.group())
    return None


def _outlets_quoted(parsed: Parsed) -> list[tuple[str, int, int]]:
    """Newspapers, agencies and stations that a sentence quotes: "by the Hurriyet newspaper", "told Interfax"."""
    found = []
    for token in parsed.tokens:
        if token.lower_ in attribution.OUTLETS and token.pos_ in ("NOUN", "PROPN"):
            name = next(
                (c for c in token.children if c.dep_ in ("compound", "appos", "nmod") and c.pos_ == "PROPN"), None
            )
            if name is not None:
                found.append((name.text, name.idx, name.idx + len(name.text)))
        elif (
            token.pos_ == "PROPN"
            and token.dep_ in ("dobj", "pobj")
            and token.ent_type_ == "ORG"
            and token.i not in parsed.at
        ):
            verb = token.head if token.dep_ == "dobj" else token.head.head
            if verb.lemma_ in ("tell", "quote") and verb.pos_ == "VERB":
                found.append((token.text, token.idx, token.idx + len(token.text)))
    return found
