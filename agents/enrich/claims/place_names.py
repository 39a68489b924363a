"""The places that a noun phrase names."""

from __future__ import annotations

from typing import Any

from agents.enrich.claims.discourse import Discourse
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import children, conjuncts, subtree_without_clauses
from agents.enrich.names.gazetteer import default_data
from agents.enrich.names.mention import Mention
from streams.records import Actor, Place


def place_of(mention: Mention) -> Place:
    """A mention as a place: by its country, or by its own name where it lies in none or is disputed."""
    if mention.kind == "country":
        code, name = mention.code, mention.name
    else:
        code, name = mention.country or mention.name, mention.name
    return Place(
        code=code, name=name, text=mention.text, id=mention.id, latitude=mention.latitude, longitude=mention.longitude
    )


def home_of(actor: Actor) -> Place:
    """The country that a party stands for, as a place: of "the 82nd Airborne Division" the United States, not the division."""
    return Place(code=actor.code, name=default_data().country_names.get(actor.code, actor.name), text=actor.text)


def is_place(mention: Mention) -> bool:
    return mention.kind == "place" or (mention.kind == "country" and mention.form not in ("demonym",))


def places_named(noun: Any, parsed: Parsed) -> list[Place]:
    """The places that a noun phrase names: itself, its conjuncts, or what its prepositions or else its adjectives name."""
    heads = [place_of(parsed.at[t.i]) for t in conjuncts(noun) if t.i in parsed.at and is_place(parsed.at[t.i])]
    if heads:
        return distinct_places(heads)
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
    return distinct_places(inside or attributes)


def place_looked_up(noun: Any, parsed: Parsed, discourse: Discourse) -> list[Place]:
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


def places_of_group(noun: Any, discourse: Discourse) -> list[Place]:
    """The members of a group of states with a name: "the Baltic states"."""
    words = [t.lower_ for t in noun.subtree if noun.i - 2 <= t.i <= noun.i]
    for start in range(len(words)):
        members = discourse.groups.get(" ".join(words[start:]))
        if members and all(len(m) == 3 for m in members) and len(members) <= 5:
            return [Place(code=m, name=m, text=noun.text) for m in members]
    return []


def has_unknown_name(noun: Any, parsed: Parsed) -> bool:
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


def distinct_places(places: list[Place]) -> list[Place]:
    seen: dict[str, Place] = {}
    for place in places:
        held = seen.get(place.code)
        if held is None or (held.latitude is None and place.latitude is not None):
            seen[place.code] = place
    return list(seen.values())
