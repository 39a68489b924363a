"""Who a noun phrase stands for: a state, an organisation or an armed group, through demonyms, capitals, office-holders,
titles ("Haiti's interim prime minister"), pronouns and definite phrases ("the alliance", "its neighbour")."""

from __future__ import annotations

import re
from typing import Any

from agents.enrich.claims.discourse import Discourse
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import children, conjuncts, subject
from agents.enrich.language.word_lists import word_list
from agents.enrich.names.mention import Mention
from streams.records import Actor

PRONOUNS = frozenset(
    {
        "it",
        "its",
        "they",
        "their",
        "them",
        "he",
        "his",
        "him",
        "she",
        "her",
        "we",
        "our",
        "us",
        "ours",
        "i",
        "my",
        "itself",
        "themselves",
        "who",
        "which",
        "that",
        "whose",
        "those",
        "these",
    }
)


def is_pronoun(token: Any) -> bool:
    """Whether a token is a pronoun that may stand for a party; "US" in capitals is a state."""
    return token.lower_ in PRONOUNS and token.text != "US"


ALLIANCES = {"alliance": "NATO", "bloc": None, "union": "EU"}
_ALLIANCES_TOO = frozenset(["GCC", "CSTO", "SCO", "ANZUS", "Arab League"])
"""Who else may be "the alliance" in an article that does not name NATO."""
STATE_WORDS = word_list("parties.state_words")


_RELATED = word_list("parties.related")
_OFFICIALS = word_list("parties.officials")


def actor_of(mention: Mention) -> Actor:
    """The party that a mention stands for: the state behind a seat of power or a named force, otherwise what it names."""
    if mention.kind == "country":
        return Actor(code=mention.code, name=mention.name, kind="country", text=mention.text)
    if mention.kind in ("force", "organisation", "person") and mention.country:
        return Actor(code=mention.country, name=mention.name, kind="country", text=mention.text)
    if mention.kind == "place" and mention.country:
        return Actor(code=mention.country, name=mention.name, kind="country", text=mention.text)
    if mention.kind == "armed-group":
        return Actor(code=mention.name, name=mention.name, kind="armed-group", text=mention.text)
    if mention.kind == "organisation":
        return Actor(code=mention.code, name=mention.name, kind="organisation", text=mention.text)
    return Actor(code=mention.code, name=mention.name, kind="force", text=mention.text)


def unique(actors: list[Actor]) -> list[Actor]:
    """Each code once, in order."""
    seen: dict[str, Actor] = {}
    for actor in actors:
        seen.setdefault(actor.code, actor)
    return list(seen.values())


def owners(
    noun: Any, parsed: Parsed, discourse: Discourse, *, speaker: list[Actor] | None = None, leaving: bool = False
) -> list[Actor]:
    """Whose force a noun is: by adjective, compound or possessor, by "of" or "from", or by its own name.

    "British and French paratroopers" has two owners; of "Bangladeshi U.N. peacekeepers" the state is the owner. What
    comes "from" somewhere while `leaving` is no owner.
    """
    own = parsed.at.get(noun.i)
    if own is not None and own.kind in ("force", "armed-group", "organisation") and own.form != "demonym":
        states = [
            a
            for c in noun.children
            for a in _owner_at(c, parsed, discourse, speaker)
            if a.kind == "country" and c.dep_ != "conj"
        ]
        return unique(states) if states and own.kind in ("organisation", "force") else [actor_of(own)]
    if own is not None and own.form == "demonym":
        others = [parsed.at[c.i] for c in conjuncts(noun)[1:] if c.i in parsed.at]
        return unique([actor_of(own), *[actor_of(m) for m in others if m.kind == "country"]])
    found: list[Actor] = []
    for c in noun.children:
        if c.dep_ in ("amod", "compound", "nmod", "poss", "det", "punct", "nummod", "npadvmod"):
            found.extend(_owner_at(c, parsed, discourse, speaker))
    if len(found) > 1:
        leading = {m.name for m in parsed.mentions if _LED.match(parsed.sentence.text, m.end)}
        found = [a for a in found if a.name not in leading] or found  # "the Russian-led CSTO force" is the CSTO's
    backed = {m.name for m in parsed.mentions if _BACKED.match(parsed.sentence.text, m.end)}
    found = [a for a in found if a.name not in backed]  # "Iranian-backed militiamen" are not Iranian
    if not found:
        for p in children(noun, "prep"):
            if p.lower_ == "of" or (p.lower_ == "from" and not leaving):
                for inner in children(p, "pobj"):
                    found.extend(_owner_of(inner, p.lower_, parsed, discourse, speaker))
    if not found and noun.dep_ == "pobj" and noun.head.lower_ == "of":
        measure = noun.head.head  # "Bangladesh's contingent of soldiers"
        if measure.i in parsed.forces:
            for c in measure.children:
                if c.dep_ in ("amod", "compound", "nmod", "poss"):
                    found.extend(_owner_at(c, parsed, discourse, speaker))
    if not found:
        found.extend(grouped(noun, discourse))
    if not found and any(c.lower_ == "european" for c in noun.children):
        found.extend(actor_of(m) for m in discourse.organisations[-20:] if m.code == "EU")
    if not found:
        for c in children(noun, "appos"):
            ship = any((m := parsed.at.get(g.i)) is not None and m.kind == "force" for g in c.children)
            if c.i in parsed.forces or ship:  # "the destroyer HMS Dauntless"
                found.extend(owners(c, parsed, discourse, speaker=speaker))
    if not found:
        for clause in children(noun, "acl"):
            if clause.tag_ == "VBN" and clause.lemma_ in _SUPPLYING:
                for by in children(clause, "agent"):
                    for inner in children(by, "pobj"):  # "peacekeepers deployed by the African Union"
                        found.extend(stands_for(inner, parsed, discourse, speaker=speaker))
            if clause.tag_ == "VBN" and clause.lemma_ in ("draw", "take", "recruit", "bring"):
                for p in children(clause, "prep"):
                    if p.lower_ == "from":
                        for inner in children(p, "pobj"):
                            found.extend(owners(inner, parsed, discourse, speaker=speaker))
    groups = [a for a in found if a.kind == "armed-group"]
    named = [a for a in groups if any(m.name == a.name and m.form == "name" for m in parsed.mentions)]
    states = [a for a in found if a.kind == "country"]
    if len(states) > 1:
        states = [a for a in states if a.name != "U.S. National Guard"]  # "Cyprus National Guard units"
    return unique(named or states or groups or found)


_SUPPLYING = word_list("parties.supplying")


def _owner_of(
    inner: Any, preposition: str, parsed: Parsed, discourse: Discourse, speaker: list[Actor] | None
) -> list[Actor]:
    mention = parsed.at.get(inner.i)
    if mention is not None and mention.kind in ("country", "organisation", "armed-group", "force"):
        others = [parsed.at[x.i] for x in conjuncts(inner) if x.i in parsed.at]
        return [actor_of(m) for m in others if m.kind != "place"]
    if inner.lower_ in ALLIANCES:
        return definite(inner, discourse)
    if inner.i in parsed.forces:
        return owners(inner, parsed, discourse, speaker=speaker)
    if inner.lower_ in ("countries", "nations", "states", "members"):  # "soldiers of some African Union states"
        examples = _such_as(inner, parsed)
        if examples:
            return examples
        held = [parsed.at[c.i] for c in inner.children if c.i in parsed.at and c.dep_ in ("compound", "nmod", "amod")]
        return [actor_of(m) for m in held if m.kind == "organisation"]
    return []


def _owner_at(modifier: Any, parsed: Parsed, discourse: Discourse, speaker: list[Actor] | None) -> list[Actor]:
    found: list[Actor] = []
    mention = parsed.at.get(modifier.i)
    if mention is not None and mention.form == "demonym" and mention.kind == "country" and modifier.dep_ != "poss":
        return [actor_of(m) for m in run_of(mention, parsed)]
    if (mention is not None and mention.kind in ("country", "organisation", "armed-group", "force", "person")) or (
        mention is not None
        and mention.form in ("capital", "seat")
        and mention.country
        and modifier.dep_ in ("poss", "compound")
    ):
        found.append(actor_of(mention))
    elif modifier.dep_ == "poss" and is_pronoun(modifier):
        found.extend(pronoun(modifier, parsed, discourse, speaker=speaker))
    elif modifier.dep_ == "poss" and modifier.pos_ in ("NOUN", "PROPN"):
        found.extend(stands_for(modifier, parsed, discourse, speaker=speaker))
    elif (
        mention is not None and mention.form == "region" and mention.country == "USA" and modifier.head.i in parsed.forces
        and any(t.lower_ == "guard" for t in modifier.head.subtree)
    ):  # fmt: skip
        found.append(actor_of(mention))  # "101 California national guard members"
    inner = (
        ("conj",)
        if modifier.dep_ == "poss"
        else ("amod", "compound", "nmod", "conj", "npadvmod", "punct", "appos", "advmod", "nsubj", "pobj")
    )
    for c in modifier.children:
        if c.dep_ in inner:
            found.extend(_owner_at(c, parsed, discourse, speaker))
    return found


_BACKED = re.compile(
    r"\s?-\s?(?:backed|sponsored|trained|funded|financed|allied|aligned|linked|supported|armed|equipped|supplied|paid)\b"
)
_LED = re.compile(r"\s?-\s?led\b")
_AND_OTHERS = re.compile(r",? and (?:other|several|some|many|more)\b")
_SET_BEFORE = re.compile(r"\b(?:after|like|unlike|following|besides|despite)\s+$", re.IGNORECASE)
_JOINT = re.compile(r"^\s*(?:,|,?\s*and|&|,?\s*n?or)\s*(?:the\s+)?$", re.IGNORECASE)


def run_of(mention: Mention, parsed: Parsed) -> list[Mention]:
    """The names that are listed with one: "Mali and Burkina Faso", "Australia, New Zealand and Portugal". Read off the text,
    because parsers break lists of names; a run without "and" is none."""
    text = parsed.sentence.text
    names = [m for m in parsed.mentions if m.kind in ("country", "place", "organisation", "armed-group")]
    at = next((i for i, m in enumerate(names) if m is mention), None)
    if at is None:
        return [mention]
    first = last = at
    joints = []
    apart = parsed.sentence.headline  # "After Mali, Niger asks French troops to go": no list
    while (
        first > 0
        and not _opens_a_clause(names[first], parsed)
        and not (apart and _SET_BEFORE.search(text[: names[first - 1].start]))
        and _JOINT.match(text[names[first - 1].end : names[first].start])
        and _alike(names[first - 1], mention)
    ):
        joints.append(text[names[first - 1].end : names[first].start])
        first -= 1
    while (
        last + 1 < len(names)
        and not _opens_a_clause(names[last + 1], parsed)
        and _JOINT.match(text[names[last].end : names[last + 1].start])
        and _alike(names[last + 1], mention)
    ):
        joints.append(text[names[last].end : names[last + 1].start])
        last += 1
    listed_so = (
        parsed.sentence.headline
        or any(j.strip(" ,").lower() in ("and", "nor", "&", "and the") for j in joints)
        or _AND_OTHERS.match(text, names[last].end) is not None
    )  # headlines list by commas
    return names[first : last + 1] if listed_so else [mention]


def _opens_a_clause(mention: Mention, parsed: Parsed) -> bool:
    """Whether a name that the parser lists with those before is the subject of what follows: "to Haiti and Chile sent
    troops"."""
    last = max((i for i, m in parsed.at.items() if m is mention), default=-1)
    if last < 0 or last + 1 >= len(parsed.tokens) or parsed.tokens[last].dep_ != "conj":
        return False
    verb = parsed.tokens[last + 1]
    listed_behind_a_preposition = parsed.tokens[last].head.dep_ == "pobj"
    finite = verb.tag_ in ("VBD", "VBZ", "VBP", "MD") and not any(
        c.dep_ in ("nsubj", "nsubjpass") for c in verb.children
    )
    return listed_behind_a_preposition and finite


def _alike(one: Mention, other: Mention) -> bool:
    adjectives = _adjectival(one) and _adjectival(other)
    return one.form == other.form or {one.form, other.form} <= {"capital", "seat"} or adjectives


def _adjectival(mention: Mention) -> bool:
    """Whether a name can stand among adjectives: "U.S., British and NATO troops"."""
    return mention.form == "demonym" or mention.text.replace(".", "").isupper()


def stands_for(
    noun: Any, parsed: Parsed, discourse: Discourse, *, speaker: list[Actor] | None = None, depth: int = 0
) -> list[Actor]:
    """The parties that a noun phrase stands for, coordination included; empty where it names none."""
    if depth > 4:
        return []
    found: list[Actor] = []
    for one in conjuncts(noun):
        found.extend(_one(one, parsed, discourse, speaker, depth))
    return unique(found)


def _one(noun: Any, parsed: Parsed, discourse: Discourse, speaker: list[Actor] | None, depth: int) -> list[Actor]:
    mention = parsed.at.get(noun.i)
    if mention is not None and mention.kind == "country" and mention.form in ("name", "demonym"):
        return [actor_of(m) for m in run_of(mention, parsed)]
    if mention is not None and mention.kind != "place":
        return [actor_of(mention)]
    if mention is not None and mention.form in ("capital", "seat") and noun.dep_ in ("nsubj", "nsubjpass"):
        run = [actor_of(m) for m in run_of(mention, parsed) if m.country]
        if len(run) > 1:
            return run
    if mention is not None and mention.name == "Brussels":
        for named in reversed(discourse.organisations):
            if named.code in ("EU", "NATO"):
                return [actor_of(named)]
    if mention is not None and mention.form in ("capital", "seat") and mention.country:
        return [actor_of(mention)]
    if is_pronoun(noun):
        return pronoun(noun, parsed, discourse, speaker=speaker)
    examples = _such_as(noun, parsed)
    if examples:
        return examples
    for c in noun.children:
        if c.dep_ == "poss" and noun.lower_ in _RELATED:
            continue  # "Ukraine's allies" are not Ukraine
        if c.dep_ in ("poss", "amod", "compound", "nmod"):
            inner = parsed.at.get(c.i)
            if inner is not None and inner.form == "demonym" and inner.kind == "country":
                return [actor_of(m) for m in run_of(inner, parsed)]
            if inner is not None and inner.kind in ("country", "organisation", "armed-group", "force", "person"):
                return [actor_of(inner), *[actor_of(parsed.at[x.i]) for x in conjuncts(c)[1:] if x.i in parsed.at]]
            if inner is not None and inner.form in ("capital", "seat") and inner.country and c.dep_ == "poss":
                return [actor_of(inner)]
            if c.dep_ == "poss":
                if is_pronoun(c):
                    got = pronoun(c, parsed, discourse, speaker=speaker)
                else:
                    got = stands_for(c, parsed, discourse, speaker=speaker, depth=depth + 1)
                if got:
                    return got
            for g in c.children:
                inner = parsed.at.get(g.i)
                if inner is not None and inner.kind in ("country", "organisation", "armed-group", "force"):
                    return [actor_of(inner)]
    for p in children(noun, "prep"):
        if p.lower_ in ("of", "in", "for", "from", "at", "with"):
            for inner_noun in children(p, "pobj"):
                inner = parsed.at.get(inner_noun.i)
                if (
                    inner is not None
                    and inner.kind in ("country", "organisation", "armed-group", "force")
                    and (p.lower_ in ("of", "for", "from") or noun.lower_ in STATE_WORDS)
                ):
                    return [actor_of(parsed.at[x.i]) for x in conjuncts(inner_noun) if x.i in parsed.at]
                if (
                    inner is not None
                    and inner.country
                    and (inner.form in ("capital", "seat", "city") or inner.kind == "place")
                    and p.lower_ in ("in", "of", "at")
                    and noun.lower_ in STATE_WORDS | _OFFICIALS
                ):
                    return [actor_of(inner)]
                if (
                    inner is None
                    and not is_pronoun(inner_noun)
                    and p.lower_ in ("of", "for")
                    and inner_noun.lower_ in STATE_WORDS
                ):
                    got = _one(inner_noun, parsed, discourse, speaker, depth + 1) if depth < 4 else []
                    if got:
                        return got
    for a in children(noun, "appos"):
        inner = parsed.at.get(a.i)
        if inner is not None and inner.kind != "place":
            return [actor_of(inner)]
        got = _one(a, parsed, discourse, speaker, depth + 1) if depth < 3 else []
        if got:
            return got
    if noun.pos_ == "PROPN":
        country = discourse.persons.get(noun.lower_)
        if country:
            return [Actor(code=country, name=noun.text, kind="country", text=noun.text)]
    return grouped(noun, discourse) or definite(noun, discourse, speaker=speaker)


def _such_as(noun: Any, parsed: Parsed) -> list[Actor]:
    """ "Neighbours such as Chad and Niger", "most members, including Peru"."""
    for p in children(noun, "prep"):
        such_as = p.lower_ == "as" and any(c.lower_ == "such" for c in p.children)
        if such_as or p.lower_ == "including":
            named = [x for n in children(p, "pobj") for x in conjuncts(n)]
            return [actor_of(parsed.at[x.i]) for x in named if x.i in parsed.at and parsed.at[x.i].kind == "country"]
    return []


def grouped(noun: Any, discourse: Discourse) -> list[Actor]:
    """The organisation that a phrase for a group of states means: "the regional bloc", "West African peacekeepers". What is
    just "the bloc" is the one that the article called so in more words before."""
    words = [t.lower_ for t in noun.subtree if noun.i - 4 <= t.i <= noun.i]
    for length in range(min(4, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            members = discourse.groups.get(" ".join(words[start : start + length]))
            if members is not None and len(members) == 1 and len(members[0]) != 3:
                code = members[0]
                named = {m.code for m in discourse.organisations}
                if length == 1 and code == "NATO" and code not in named and named & _ALLIANCES_TOO:
                    code = next(m.code for m in reversed(discourse.organisations) if m.code in _ALLIANCES_TOO)
                elif length > 1:
                    discourse.blocs[words[start + length - 1]] = code
                else:
                    code = discourse.blocs.get(words[start], code)
                return [Actor(code=code, name=code, kind="organisation", text=str(noun.text))]
    return []


NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "both": 2}


def listed(noun: Any, discourse: Discourse) -> list[Actor]:
    """A group that was listed before, by its number: "the four", "both countries", "the two Central Asian countries"."""
    words = [noun, *noun.children]
    number = next((NUMBERS[t.lower_] for t in words if t.lower_ in NUMBERS), None)
    determined = any(c.lower_ in ("the", "these", "those") for c in noun.children) or any(
        t.lower_ == "both" for t in words
    )
    groupword = noun.lower_ in NUMBERS or noun.lower_ in (
        "countries",
        "states",
        "nations",
        "governments",
        "neighbours",
        "neighbors",
        "powers",
        "allies",
        "members",
    )
    if number is None or not groupword or not (determined or any(c.dep_ == "poss" for c in noun.children)):
        return []
    described = [t for t in noun.subtree if t.i < noun.i and t.dep_ in ("amod", "compound", "nmod")]
    adjectives = " ".join(t.lower_ for t in described if t.lower_ not in NUMBERS)
    members = discourse.groups.get(f"{adjectives} {noun.lower_}")
    for group in reversed(discourse.lists):
        if len(group) == number and (members is None or all(a.code in members for a in group)):
            return list(group)
    if members is not None:
        named = [code for code in members if discourse.mentions.get(code)]
        if len(named) == number:
            return [Actor(code=code, name=code, kind="country", text=str(noun.text)) for code in named]
    return []


def definite(noun: Any, discourse: Discourse, *, speaker: list[Actor] | None = None) -> list[Actor]:
    """What a definite phrase means here: "the alliance", "the bloc", "the government", "his country"."""
    word = noun.lower_
    group = listed(noun, discourse)
    if group:
        return group
    if not any(c.lower_ in ("the", "this", "that", "his", "her", "their", "its") for c in noun.children):
        return []
    if word in ALLIANCES:
        for mention in reversed(discourse.organisations):
            if (
                mention.kind == "organisation"
                and mention.country is None
                and (ALLIANCES[word] is None or mention.code == ALLIANCES[word])
            ):
                return [actor_of(mention)]
        if ALLIANCES[word] is None:
            for last in reversed(discourse.movers):
                if last and last[0].kind == "organisation":
                    return [Actor(code=last[0].code, name=last[0].name, kind="organisation", text=str(noun.text))]
        code = ALLIANCES[word]
        return [Actor(code=code, name=code, kind="organisation", text=str(noun.text))] if code else []
    if word in ("country", "nation") and speaker:
        return speaker[:1]
    if (word in STATE_WORDS or word in ("country", "nation")) and discourse.scene:
        return [Actor(code=discourse.scene, name=discourse.scene, kind="country", text=str(noun.text))]
    if word in STATE_WORDS and discourse.parties:
        for actor in reversed(discourse.parties):
            if actor.kind == "country":
                return [actor]
    return []


def _is_party(mention: Mention) -> bool:
    return mention.kind in ("country", "organisation", "armed-group") or mention.form in ("capital", "seat")


def pronoun(token: Any, parsed: Parsed, discourse: Discourse, *, speaker: list[Actor] | None = None) -> list[Actor]:
    """Whom a pronoun means: the speaker for "we"; otherwise the subject that governs its clause, the last party named
    before it in the sentence, or the last subject of the sentences before."""
    word = token.lower_
    if word in ("we", "our", "us", "ours", "i", "my"):
        if speaker:
            return speaker
        for a in children(token, "appos"):
            got = owners(a, parsed, discourse)
            if got:
                return got
        return discourse.parties[-1:] if discourse.parties else []
    if word in ("who", "which", "that", "whose"):
        at = token
        for _ in range(8):
            if at.dep_ == "relcl":
                return stands_for(at.head, parsed, discourse, depth=2)
            if at.dep_ == "ROOT":
                break
            at = at.head
        return []
    seen = set()
    for governor in token.ancestors:
        if governor.pos_ not in ("VERB", "AUX"):
            continue
        doer = subject(governor)
        if doer is not None and token in list(doer.subtree) and word in ("its", "his", "her", "their"):
            told = [c for c in governor.children if c.dep_ == "ccomp" and c.i < token.i]
            teller = subject(told[0]) if told else None  # "Egypt has sent troops, its minister said"
            named_there = teller is not None and not any(is_pronoun(t) for t in teller.subtree)
            got = stands_for(teller, parsed, discourse, depth=2) if named_there else []
            if got:
                return got
        if doer is None or doer.i in seen or token in list(doer.subtree) or (doer.i > token.i and governor.i < token.i):
            continue
        seen.add(doer.i)
        if is_pronoun(doer):
            if doer.lower_ in ("we", "i") or doer.i == token.i:
                continue
            if governor.dep_ == "ROOT" or doer.lower_ in ("who", "which"):
                got = (
                    pronoun(doer, parsed, discourse, speaker=speaker) if doer.lower_ in ("who", "which", "that") else []
                )
                if got:
                    return got
            continue
        got = stands_for(doer, parsed, discourse, depth=2)
        if got:
            return got if word in ("they", "their", "them", "themselves") or len(got) == 1 else got[:1]
    named = [m for m in parsed.mentions if _is_party(m) and m.end <= token.idx]
    if named:
        return [actor_of(named[-1])]
    if word in ("they", "their", "them") and len(discourse.movers) and discourse.movers[-1]:
        return [Actor(code=f.code, name=f.name, kind=f.kind, text=f.text) for f in discourse.movers[-1]]
    return discourse.parties[-1:]
