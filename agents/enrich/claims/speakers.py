"""The speaker that a noun phrase or a pronoun names: name, role, organisation, country, or the kind of an anonymous source."""

from __future__ import annotations

from typing import Any

from agents.enrich.claims.discourse import Discourse
from agents.enrich.claims.parties import actor_of, definite, is_pronoun, pronoun, stands_for
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import (
    children,
    subtree_without_clauses,
)
from agents.enrich.language.word_lists import word_list
from agents.enrich.names.mention import Mention
from streams.records import Actor, Speaker

ANONYMOUS_KINDS = word_list("speakers.anonymous_kinds")
OUTLETS = word_list("speakers.outlets")
IN_OFFICE = 2030
"""The year by which the data mean that somebody had not left office when they were written."""


def describe(noun: Any, parsed: Parsed, discourse: Discourse) -> tuple[Speaker | None, list[Actor]]:
    """The speaker that a noun phrase names, with its country, and the parties that "we" means when it speaks."""
    if is_pronoun(noun) or noun.lower_ in ("one", "another", "both", "two", "some"):
        if noun.lower_ in ("one", "another", "both", "two", "some") and discourse.speakers:
            last = discourse.speakers[-1]
            return last, party_of(last)
        return _pronoun_speaker(noun, parsed, discourse)
    tokens = [t for t in subtree_without_clauses(noun) if not t.is_space]
    while tokens and tokens[0].is_punct:
        tokens = tokens[1:]
    while tokens and tokens[-1].is_punct:
        tokens = tokens[:-1]
    text = parsed.sentence.text[tokens[0].idx : tokens[-1].idx + len(tokens[-1].text)][:160] if tokens else noun.text
    mention = parsed.at.get(noun.i)
    if mention is not None and mention.kind == "person" and tokens and mention.text not in text:
        start, end = min(tokens[0].idx, mention.start), max(tokens[-1].idx + len(tokens[-1].text), mention.end)
        text = parsed.sentence.text[start:end][:160]  # the parser breaks "Bashar al-Assad"
    parties = stands_for(noun, parsed, discourse)
    employer = _employer(noun, parsed)
    if employer is not None:
        parties = [actor_of(employer)]  # "NATO Secretary General Mark Rutte" speaks for NATO
    elif out_of_office(mention, discourse):
        parties = []
    country = next((a.code for a in parties if a.kind == "country"), None)
    organisation = next((a.name for a in parties if a.kind != "country"), None)
    name = _name(noun, parsed)
    if mention is not None and mention.kind in ("country",) and mention.form != "office-holder":
        organisation = f"government of {mention.name}"
    elif mention is not None and mention.kind == "organisation":
        organisation = mention.name
    elif mention is not None and mention.form in ("capital", "seat"):
        organisation = f"government of {mention.country}"
    role = None
    if name is None or noun.pos_ == "NOUN":
        role = text if noun.pos_ == "NOUN" or name is None else None
    titles = [
        t.text
        for t in tokens
        if name and t.text not in name and t.pos_ in ("PROPN", "NOUN", "ADJ") and t.i not in parsed.at
    ]
    if role is None and titles:
        role = " ".join(titles)[:100]
    if name is not None:
        earlier = discourse.speaker_named(*name.split()[-1:])
        if earlier is not None and earlier.name and len(earlier.name) > len(name):
            return earlier, party_of(earlier)
        former = employer is not None or out_of_office(mention, discourse)
        if country is None and not former and name.split()[-1].lower() in discourse.persons:
            country = discourse.persons[name.split()[-1].lower()]
    elif any(t.lower_ == "the" for t in noun.children if t.dep_ == "det") and mention is None:
        earlier = discourse.speaker_named(noun.text) if len(tokens) <= 3 else None
        if earlier is not None and (country is None or earlier.country == country or not earlier.country):
            return earlier, party_of(earlier)
    if country is None and organisation is None:
        country = _country_of_title(tokens, parsed)
    if country is None and organisation is None:
        for actor in definite(noun, discourse):
            if actor.kind == "country":
                country = actor.code
    if country is None and organisation is None and discourse.scene and noun.pos_ == "NOUN":
        country = discourse.scene
    anonymous = (
        name is None
        and bool({t.lower_ for t in tokens} & ANONYMOUS_KINDS)
        and any(t.lower_ in ANONYMOUS_KINDS for t in [noun, *children(noun, "appos")])
    )
    speaker = Speaker(text=text, name=name, role=role, organisation=organisation, country=country, anonymous=anonymous)
    if name and country:
        discourse.persons.setdefault(name.split()[-1].lower(), country)
    return speaker, [a for a in parties if a.kind in ("country", "organisation", "armed-group")] or party_of(speaker)


def is_outlet(speaker: Speaker) -> bool:
    """Whether a speaker only carries what others say: "the Interfax news agency"."""
    return speaker.name is None and not {w.lower().strip(",.") for w in speaker.text.split()}.isdisjoint(OUTLETS)


def _country_of_title(tokens: list[Any], parsed: Parsed) -> str | None:
    """The country in somebody's title, however deep the parser puts it: "Pakistani Defence Minister Khawaja Asif"."""
    for token in tokens:
        mention = parsed.at.get(token.i)
        if mention is None or token.dep_ not in ("compound", "amod", "nmod", "poss"):
            continue
        if mention.kind == "country":
            return mention.country or mention.code
        if mention.form in ("capital", "seat") and mention.country and token.dep_ == "poss":
            return mention.country  # "Juba's information minister Michael Makuei"
    return None


def out_of_office(mention: Mention | None, discourse: Discourse) -> bool:
    """Whether a person has left the office in which he spoke for his country before the article was published."""
    left = mention.until if mention is not None and mention.kind == "person" else None
    return left is not None and left < IN_OFFICE and discourse.published is not None and discourse.published.year > left


def _employer(noun: Any, parsed: Parsed) -> Mention | None:
    """The organisation in the title of a person who once spoke for a country: "NATO chief Mark Rutte"."""
    named = parsed.at.get(noun.i)
    if named is None or named.kind != "person":
        return None
    for token in subtree_without_clauses(noun):
        mention = parsed.at.get(token.i)
        before = mention is not None and mention.end <= named.start
        if mention is not None and before and mention.kind == "organisation" and mention.country is None:
            return mention
    return None


def party_of(speaker: Speaker) -> list[Actor]:
    if speaker.country:
        return [Actor(code=speaker.country, name=speaker.country, kind="country", text=speaker.text)]
    if speaker.organisation:
        return [Actor(code=speaker.organisation, name=speaker.organisation, kind="organisation", text=speaker.text)]
    return []


def _told_before(noun: Any) -> frozenset[int]:
    """Tokens of what a speech that follows it tells: in "a mechanism is being worked on, he added" the mechanism is not "he"."""
    verb = noun.head
    return frozenset(t.i for c in verb.children if c.dep_ in ("ccomp", "parataxis") and c.i < noun.i for t in c.subtree)


def _pronoun_speaker(noun: Any, parsed: Parsed, discourse: Discourse) -> tuple[Speaker | None, list[Actor]]:
    word = noun.lower_
    if word in ("who", "which", "that"):
        at = noun
        for _ in range(8):
            if at.dep_ == "relcl":
                return describe(at.head, parsed, discourse)
            if at.dep_ == "ROOT":
                break
            at = at.head
    told = _told_before(noun)
    before = [
        t
        for t in parsed.tokens
        if t.i < noun.i
        and t.dep_ in ("nsubj", "nsubjpass")
        and not is_pronoun(t)
        and t.head.i < noun.i
        and t.i not in parsed.forces  # forces are spoken of: "the first soldiers are to leave, she said"
        and not (t.i in told and t.ent_type_ != "PERSON" and word in ("he", "she"))
    ]
    if word in ("it",) and before:
        got = stands_for(before[0], parsed, discourse)
        if got:
            return describe(before[0], parsed, discourse)
    if word in ("he", "she") and before:
        earlier = before[0]
        if earlier.ent_type_ in ("PERSON", "") and earlier.i not in parsed.at and earlier.pos_ in ("PROPN", "NOUN"):
            return describe(earlier, parsed, discourse)
    if word in ("it", "they") and discourse.parties and not discourse.speakers:
        actor = discourse.parties[-1]
        return Speaker(
            text=noun.text, organisation=actor.name, country=actor.code if actor.kind == "country" else None
        ), [actor]
    for speaker in reversed(discourse.speakers):
        unlike = is_outlet(speaker) or (speaker.organisation and not (speaker.name or speaker.role))
        if word in ("he", "she", "i") and unlike:
            continue
        return speaker, party_of(speaker)
    if word in ("he", "she") and discourse.person is not None:
        return discourse.person, party_of(discourse.person)
    got = pronoun(noun, parsed, discourse) if word not in ("he", "she", "him", "her") else []
    if got:
        return Speaker(
            text=noun.text, organisation=got[0].name, country=got[0].code if got[0].kind == "country" else None
        ), got
    return (Speaker(text=noun.text) if word in ("we", "i") else None), []


def person(noun: Any, parsed: Parsed, discourse: Discourse) -> Speaker | None:
    """Whom a subject names, if it is a person."""
    mention = parsed.at.get(noun.i)
    human = noun.ent_type_ == "PERSON" or (mention is not None and mention.kind == "person")
    if not human or _name(noun, parsed) is None:
        return None
    speaker, _ = describe(noun, parsed, discourse)
    return speaker


def _goes_by(mention: Mention) -> bool:
    """Whether a mention is a person by more of his name than the surname: "Imran Khan", but not "President Carter"."""
    return mention.kind == "person" and mention.text.split()[0] in mention.name.split()


def _name(noun: Any, parsed: Parsed) -> str | None:
    """The person named by a noun phrase: its head, or an apposition to its title."""
    for token in [noun, *children(noun, "appos")]:
        whole = parsed.at.get(token.i)
        for start, end in parsed.people:
            if start <= token.idx < end:
                if whole is not None and _goes_by(whole) and whole.start < start and whole.end >= end:
                    return whole.text  # the model took the surname alone
                return parsed.sentence.text[start:end].removesuffix("'s").removesuffix("’s")
        mention = parsed.at.get(token.i)
        if mention is not None and mention.kind == "person":
            return mention.text
        if (
            token.pos_ == "PROPN"
            and mention is None
            and token.ent_type_ not in ("ORG", "GPE", "NORP", "LOC", "FAC")
            and token.lower_ not in OUTLETS
        ):
            parts = [c.text for c in token.children if c.dep_ == "compound" and c.pos_ == "PROPN"]
            if (
                parts
                and not any(
                    p.lower() in ("ministry", "department", "defense", "defence", "foreign", "prime", "news")
                    for p in parts
                )
                and token.lower_
                not in (
                    "ministry",
                    "minister",
                    "office",
                    "command",
                    "party",
                    "house",
                    "council",
                    "observatory",
                    "army",
                    "force",
                    "forces",
                    "department",
                    "agency",
                )
            ):
                return " ".join([*parts, token.text])
    return None
