"""One reading of one text, sentence by sentence: which are parsed, what they claim, what the next ones may refer to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from agents.enrich.claims import attribution, drafting, history, patterns, speakers
from agents.enrich.claims.discourse import Discourse
from agents.enrich.claims.draft import Article, Draft
from agents.enrich.claims.forces import Forces
from agents.enrich.claims.parties import stands_for
from agents.enrich.claims.whole_article import settled
from agents.enrich.language.lexicon import lexicon
from agents.enrich.language.parse import Parsed, Parser
from agents.enrich.language.sentences import Sentence
from agents.enrich.language.syntax import children, phrasal, subject
from agents.enrich.names.mention import Mention
from streams.records import Claim

NEIGHBOURS = 1
"""Sentences before and after one that triggers that are parsed as well, for speakers, pronouns and denials. On 43 whole
articles one did as well as three."""
PARSED = 25_000
"""Characters of one text that are parsed at most, near its triggers: long reads have 20,000; it bounds the time of a step."""
AT_ONCE = 8
"""Sentences parsed together. More are hardly faster, and are parsed in vain where a text has more claims than are kept."""
CLAIMS = 80
"""Claims of one text at most: the longest real articles had twenty; a page that repeats one sentence has thousands."""
MOVES = 12
"""Claims of one sentence at most: the most that a real one had was six."""
FORGOTTEN = 8
"""Sentences after which a claim no longer tells whose "the troops" are: in an encyclopedia's page they are somebody else's."""
TOLD = 4
"""Sentences for which a force that was told of may be meant by "they" or "another 150"."""

_OPENING = re.compile(r"(?:In|At|From) (?:the )?")
"""What a sentence opens with before the capital that its paragraph is set in: "In Seoul, ..."."""
_SPEAKING = frozenset(["ROOT", "ccomp", "conj", "relcl", "advcl", "parataxis"])
"""Where a verb of saying stands whose subject may be who speaks next."""
_FINDING = frozenset(["show", "find", "learn"])
"""Verbs of saying whose subject is a poll, a study or a reader rather than a speaker."""

_PURPOSES = frozenset(["taking part in a mission", "reinforced", "forces relieve others", "numbers changed"])
"""Patterns that tell what forces are sent for, where another verb tells that they are sent."""

Person = tuple[int, int, str]
"""Start and end in the text, and the name."""


def read(
    parser: Parser, article: Article, chosen: Sequence[bool], mentions: Sequence[Mention]
) -> tuple[list[Claim], list[Person]]:
    """Claims and people, in the order of the text. `chosen` says of each sentence whether the triggers choose it."""
    drafts: list[Draft] = []
    people: list[Person] = []
    for parsed in _drafted(parser, article, chosen, mentions, drafts, after=NEIGHBOURS, names=True):
        for first, last in parsed.people:
            start, end = parsed.sentence.start + first, parsed.sentence.start + last
            people.append((start, end, article.text[start:end]))
        if len(drafts) >= CLAIMS:
            break
    return settled(drafts, article.sentences, whole_article=article.discourse.whole_article), people


def may_claim(parser: Parser, article: Article, chosen: Sequence[bool], mentions: Sequence[Mention]) -> bool:
    """Whether any of the chosen sentences claims something, read with what stands before it and without the names in it.

    Of articles with a word of forces and one of motion most do not, and this costs less than half of `read`: fewer sentences
    at half the price. `article` is used up: what it tells of its text is noted in it.
    """
    drafts: list[Draft] = []
    return any(drafts for _ in _drafted(parser, article, chosen, mentions, drafts, after=0, names=False))


def _drafted(
    parser: Parser, article: Article, chosen: Sequence[bool], mentions: Sequence[Mention], drafts: list[Draft],
    *, after: int, names: bool,
) -> Iterator[Parsed]:  # fmt: skip
    """The sentences near one that is chosen; `drafts` gets the claims of each before it is told."""
    discourse = article.discourse
    for index, parsed in _parsed(parser, article.sentences, chosen, mentions, after=after, names=names):
        if chosen[index] or discourse.military:
            if index == 0 or article.sentences[index - 1].paragraph != parsed.sentence.paragraph:
                discourse.paragraph_year = None
                discourse.scene = None
            _set_scene(parsed, discourse)
            _claims(index, parsed, drafts, article)
        _remember(parsed, discourse)
        yield parsed


def _parsed(
    parser: Parser, sentences: Sequence[Sentence], chosen: Sequence[bool], mentions: Sequence[Mention],
    *, after: int, names: bool,
) -> Iterator[tuple[int, Parsed]]:  # fmt: skip
    """The sentences near one that the triggers choose, at most `after` behind it, parsed a few at a time."""
    starts = [m.start for m in mentions]
    near: list[int] = []
    characters = 0
    for index, sentence in enumerate(sentences):
        if any(chosen[max(0, index - after) : index + NEIGHBOURS + 1]):
            characters += len(sentence.text)
            if characters > PARSED:
                break
            near.append(index)
    for first in range(0, len(near), AT_ONCE):
        batch = near[first : first + AT_ONCE]
        inside = [(s, _inside(s, mentions[bisect_left(starts, s.start) :])) for s in (sentences[i] for i in batch)]
        yield from zip(batch, parser.parse(inside, names=names), strict=True)


def _inside(sentence: Sentence, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The mentions inside a sentence, with offsets in its text. `mentions` start with the first behind its start."""
    found = []
    for mention in mentions:
        if mention.start >= sentence.end:
            break
        if mention.end <= sentence.end:
            found.append(replace(mention, start=mention.start - sentence.start, end=mention.end - sentence.start))
    return tuple(found)


def _set_scene(parsed: Parsed, discourse: Discourse) -> None:
    """The place and the past year that the paragraph tells of, as far as this sentence says."""
    text = parsed.sentence.text
    opening = _OPENING.match(text)
    if opening:
        capital = next((m for m in parsed.mentions if m.start == opening.end()), None)
        if (
            capital is not None
            and capital.form in ("capital", "seat", "city")
            and capital.country
            and text[capital.end : capital.end + 1] == ","
        ):
            discourse.scene = capital.country
    year = history.year_told(text, discourse.published)
    if year is not None:
        discourse.paragraph_year = year
    elif history.told_of_now(text):
        discourse.paragraph_year = None


def _claims(index: int, parsed: Parsed, drafts: list[Draft], article: Article) -> None:
    """Add the claims of a sentence to the drafts."""
    discourse = article.discourse
    headline = parsed.sentence.headline
    told = bool(drafts) and index - drafts[-1].sentence <= TOLD
    if drafts and index - drafts[-1].sentence > FORGOTTEN:
        discourse.movers.clear()
    forces = Forces(parsed, military=discourse.military, told=told)
    made: list[Draft] = []
    used: set[int] = set()
    for move in patterns.find(parsed, forces, headline=headline):
        if move.predicate.i in used or _tells_its_purpose(move, used):
            continue
        found = drafting.draft(index, parsed, move, article)
        if found is None:
            continue
        used.add(move.predicate.i)
        if move.pattern == "forces let in":
            used.update(t.i for t in move.places if t.pos_ == "VERB")  # "allow the troops to stay" is one claim
        made.append(found)
        if len(made) >= MOVES:
            break
        forces.told = True
        made.extend(drafting.gapped(parsed, found))
        discourse.movers.append(found.claim.movers)
        discourse.acts.append(found.claim.act)
        discourse.places.extend(found.claim.places)
    if headline and not made:
        made.extend(drafting.by_word_order(index, parsed, article))
    denial = drafting.denial(index, parsed, drafts, made, article)
    if denial is not None:
        made.append(denial)
    for new in made:
        if not any(drafting.same(new.claim, d.claim) for d in drafts if d.sentence == index):
            drafts.append(new)


def _tells_its_purpose(move: patterns.Move, used: set[int]) -> bool:
    """Whether a move only says what another one is for: "is sending troops to join a U.N. mission"."""
    verb = move.predicate
    if verb.dep_ == "conj" and verb.lemma_ in ("arrive", "land", "reach") and verb.head.i in used:
        return True  # "was heading for the area and should arrive by Friday" is one move
    if move.pattern == "numbers changed" and verb.tag_ == "VBG" and verb.dep_ in ("advcl", "acl"):
        return verb.head.i in used  # "will send 400 soldiers, boosting its force to 2,000"
    purpose = verb.dep_ in ("advcl", "xcomp", "acl", "relcl", "ccomp") and any(
        c.lower_ == "to" for c in children(verb, "aux")
    )
    if not purpose or move.pattern not in _PURPOSES:
        return False
    return any(a.i in used for a in (verb.head, verb.head.head, verb.head.head.head))


def _remember(parsed: Parsed, discourse: Discourse) -> None:
    """Whom and what the next sentences may mean."""
    for mention in parsed.mentions:
        if mention.kind == "organisation":
            discourse.organisations.append(mention)
        if mention.kind == "person" and mention.country and not speakers.out_of_office(mention, discourse):
            discourse.persons.setdefault(mention.text.split()[-1].lower(), mention.country)
    for token in parsed.tokens:
        if token.dep_ != "conj" and token.i in parsed.at:
            group = [a for a in stands_for(token, parsed, discourse) if a.kind == "country"]
            if len(group) > 1:
                discourse.lists.append(tuple(group))
    _remember_speakers(parsed, discourse)
    root = next((t for t in parsed.tokens if t.dep_ == "ROOT"), None)
    if root is not None:
        doer = subject(root)
        if doer is not None and doer.pos_ in ("PROPN", "NOUN"):
            discourse.parties.extend(stands_for(doer, parsed, discourse)[:1])
            discourse.person = speakers.person(doer, parsed, discourse) or discourse.person


def _remember_speakers(parsed: Parsed, discourse: Discourse) -> None:
    speech = lexicon().speech
    # who speaks in a relative clause is spoken of, and is not who speaks next
    for token in sorted(parsed.tokens, key=lambda t: t.dep_ != "relcl"):
        if token.pos_ != "VERB" or token.dep_ not in _SPEAKING or token.lemma_ in _FINDING:
            continue
        if not any(("verb", k) in speech for k in phrasal(token)):
            continue
        who = attribution.subject_of_speech(token)
        if who is None or who.pos_ not in ("NOUN", "PROPN"):
            continue
        speaker, _ = speakers.describe(who, parsed, discourse)
        if speaker is not None and (not discourse.speakers or discourse.speakers[-1] != speaker):
            discourse.speakers.append(speaker)
