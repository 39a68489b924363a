"""Questions to a dependency parse that the rules have in common. Tokens are spaCy's, labels ClearNLP's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

SUBJECT = ("nsubj", "nsubjpass", "csubj")


def child(token: Any, *labels: str) -> Any | None:
    """The first child with one of these labels."""
    return next((c for c in token.children if c.dep_ in labels), None)


def children(token: Any, *labels: str) -> list[Any]:
    return [c for c in token.children if c.dep_ in labels]


def lemma(token: Any) -> str:
    """Lower-case lemma; the model leaves some gerunds and capitalised words unlemmatised."""
    return str(token.lemma_ or token.text).lower()


def particles(verb: Any) -> set[str]:
    """Particles, prepositions and adverbs that hang from a verb: what may make it a phrasal verb. A preposition that opens
    a time does not ("voted on Tuesday")."""
    return {
        c.lower_
        for c in verb.children
        if (c.dep_ in ("prt", "prep", "advmod", "agent") or c.tag_ == "RP") and not _opens_a_time(c)
    }


def _opens_a_time(preposition: Any) -> bool:
    inside = children(preposition, "pobj")
    return bool(inside) and all(noun.ent_type_ in ("DATE", "TIME") for noun in inside)


def phrasal(token: Any) -> list[str]:
    """The lemmas under which a lexicon may know a verb: "rule_out" before "rule"."""
    kept = token.doc.user_data
    found = kept.get(("phrasal", token.i))
    if found is None:
        base = lemma(token)
        # kept with the parse, as every rule that meets the verb asks for them
        found = kept["phrasal", token.i] = [*(f"{base}_{p}" for p in sorted(particles(token))), base]
    return found  # type: ignore[no-any-return]


def conjuncts(token: Any) -> list[Any]:
    """The token and what is coordinated with it, its appositions in a list of names among them."""
    found = [token]
    for c in token.children:
        if c.dep_ == "conj" or (c.dep_ == "appos" and c.pos_ == "PROPN" and token.pos_ == "PROPN"):
            found.extend(conjuncts(c))
    return found


def is_passive(verb: Any) -> bool:
    return any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.children)


def auxiliaries(verb: Any) -> list[Any]:
    """Its auxiliaries, or those of the verb that it is coordinated with ("will send ships and move troops")."""
    own = auxiliaries_own(verb)
    joined = verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX") and verb.tag_ in ("VB", "VBN", "VBG")
    if not own and joined and child(verb, "nsubj", "nsubjpass") is None and verb.head.tag_ == verb.tag_:
        return auxiliaries(verb.head)
    bare = bool(own) and own[0].tag_ == "VB" and own[0].lower_ in ("be", "have")
    if bare and verb.dep_ == "conj" and verb.head.tag_ == "VB" and child(verb, "nsubj", "nsubjpass") is None:
        return [*(a for a in auxiliaries(verb.head) if a.tag_ == "MD"), *own]  # "will leave and be replaced"
    return own


def negated(token: Any) -> bool:
    """Whether a verb, adjective or noun is negated at its own place: "will not send", "no plans", "nobody asked"."""
    for c in token.children:
        if c.dep_ == "neg" or (
            c.dep_ in ("advmod", "det", "preconj", "cc") and c.lower_ in ("never", "no", "neither", "nor", "hardly")
        ):
            return not (c.lower_ == "no" and c.dep_ == "advmod" and token.pos_ == "ADV")
        if c.dep_ in SUBJECT and (c.lower_ in ("nobody", "none", "nothing", "neither") or _no(c)):
            return True
        if c.dep_ in SUBJECT and c.tag_ in ("WDT", "WP") and token.dep_ == "relcl" and _no(token.head):
            return True  # "there was no column that crossed"
        if c.dep_ == "advmod" and c.lower_ == "longer" and any(g.lower_ == "no" for g in c.children):
            return True
    if token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.lower_ in ("lack", "absence"):
        return True  # "the lack of any intention to"
    if token.tag_ == "VBN" and token.dep_ in ("acl", "relcl") and child(token, *SUBJECT) is None and _no(token.head):
        return True  # a headline's "No troops sent to Congo"
    if token.pos_ in ("VERB", "AUX"):
        for c in token.children:
            if c.dep_ in ("dobj", "attr") and (_no(c) or c.lower_ in ("nothing", "none", "neither")):
                return True
        if (
            token.dep_ == "conj"
            and token.head.pos_ in ("VERB", "AUX")
            and child(token, *SUBJECT) is None
            and not auxiliaries_own(token)
        ):
            return negated(token.head) and any(
                c.dep_ == "cc" and c.lower_ in ("or", "nor") for c in token.head.children
            )
        if token.dep_ == "xcomp" and token.head.lemma_ in ("be", "have", "go") and negated(token.head):
            return True
    return False


def auxiliaries_own(verb: Any) -> list[Any]:
    return [c for c in verb.children if c.dep_ in ("aux", "auxpass")]


def _no(noun: Any) -> bool:
    return any(
        (c.lower_ in ("no", "neither") and c.dep_ in ("det", "preconj", "neg", "cc"))
        or (c.lower_ == "not" and c.dep_ == "neg")
        or (c.lower_ == "one" and any(n.dep_ == "neg" for n in c.children))  # "not one soldier"
        for c in noun.children
    )


def antecedent(relative: Any) -> Any | None:
    """The noun that a relative pronoun stands for."""
    verb = relative.head
    for _ in range(8):
        if verb.dep_ == "relcl":
            return verb.head
        if verb.dep_ == "ROOT":
            return None
        verb = verb.head
    return None


def _joined_subject(verb: Any) -> Any | None:
    """The name between "and" and a finite verb, which the parser listed with what stands before: "is leaving the city and
    France is flying in troops"."""
    helpers = auxiliaries_own(verb)
    first = min([verb, *helpers], key=lambda t: int(t.i))
    finite = any(a.tag_ in ("VBZ", "VBP", "VBD", "MD") for a in helpers) or (
        not helpers and verb.tag_ in ("VBZ", "VBP", "VBD")
    )
    if not finite or first.i < 2:
        return None
    name = verb.doc[first.i - 1]
    start = name.left_edge.i
    joins = start > 0 and verb.doc[start - 1].lower_ in ("and", "but", "while")
    return name if joins and name.dep_ == "conj" and name.pos_ in ("PROPN", "NOUN") else None


def _separated(left: Any, right: Any) -> bool:
    """Whether a comma or a quotation mark stands between two tokens."""
    return any(t.text in (",", '"', "”", "’", "'") for t in left.doc[left.i : right.i])


def nearest_subject(verb: Any) -> Any | None:
    """The verb's own subject; of several (a list that the parser broke) the last before the verb.

    Of "soldiers bound for Mali began leaving" the parser makes a clause "soldiers bound for" and gives Mali to the verb.
    """
    for clause in children(verb, "ccomp"):
        if clause.i < verb.i and clause.tag_ == "VBN" and not auxiliaries_own(clause) and child(clause, "mark") is None:
            described = child(clause, "nsubj", "nsubjpass")
            if described is not None and described.i < clause.i and not _separated(clause, verb):
                return described
    own = [c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")]
    if not own and (
        verb.dep_ == "conj" or (verb.dep_ == "advcl" and verb.tag_ == "VBD" and child(verb, "mark") is None)
    ):
        joined = _joined_subject(verb)
        if joined is not None:
            return joined
    before = [
        c
        for c in own
        if c.i < verb.i and not (len(own) > 1 and c.lower_ in ("most", "many", "some", "all", "half", "each"))
    ]
    return before[-1] if before else (own[0] if own else None)


def subject(verb: Any, depth: int = 0) -> Any | None:
    """Who does it (who undergoes it, in the passive): its own subject, or that of the construction it stands in.

    A relative pronoun is resolved to its noun, an infinitive to the one who is asked, ordered, or who plans.
    """
    if depth > 6:
        return None
    own = nearest_subject(verb)
    if own is not None:
        if own.tag_ in ("WDT", "WP") or (own.lower_ == "that" and own.tag_ in ("WDT", "DT", "IN")):
            return antecedent(own) or own
        return own
    head, label = verb.head, verb.dep_
    if gerund_of(verb) is not None:
        return verb.doc[verb.i - 1]
    if label == "conj" and head.pos_ in ("VERB", "AUX"):
        if (asked := _first_asked(verb)) is not None:
            return subject(asked, depth + 1)
        if (
            verb.tag_ in ("VBD", "VBZ", "VBP")
            and head.tag_ == "VB"
            and not any(c.lower_ in ("do", "does", "did") for c in head.children)
        ):
            # "said it had authorised them to intervene and accused": a finite verb is no conjunct of an infinitive
            for outer in head.ancestors:
                if outer.tag_ == verb.tag_ and child(outer, "nsubj", "nsubjpass") is not None:
                    return subject(outer, depth + 1)
        return subject(head, depth + 1)
    if label in ("acl", "relcl", "xcomp", "ccomp") and head.pos_ in ("NOUN", "PROPN", "PRON"):
        # no finite verb is an acl: the parser took the sentence's own verb for one
        participle = verb.tag_ == "VBG" or (verb.tag_ in ("VBN", "VBD") and label in ("acl", "relcl"))
        if participle and (is_passive(verb) or not any(c.lower_ == "to" for c in children(verb, "aux"))):
            of = next((p for p in children(head, "prep") if p.lower_ == "of"), None)
            told_of = child(of, "pobj") if of is not None and lemma(head) in _TELLING else None
            return head if told_of is None else told_of  # "reports of soldiers crossing into Congo"
        answering = head.head
        if lemma(head) in _REQUESTS and head.dep_ in ("dobj", "pobj") and answering.pos_ in ("VERB", "ADP"):
            verb_above = answering if answering.pos_ == "VERB" else answering.head
            if verb_above.pos_ == "VERB" and lemma(verb_above) in _ANSWERING:
                return subject(verb_above, depth + 1)  # "Oslo declined a French request to send troops"
        return noun_agent(head, depth + 1)
    if label in ("xcomp", "ccomp", "advcl"):
        return _controller(verb, head, depth)
    if label == "pcomp" and head.dep_ == "prep":
        governor = head.head
        if governor.pos_ in ("VERB", "AUX"):
            return _controller(verb, governor, depth)
        if governor.pos_ in ("NOUN", "PROPN"):
            return noun_agent(governor, depth + 1)
        return subject(governor, depth + 1)
    return None


_TELLING = frozenset(
    [
        "report",
        "account",
        "sighting",
        "rumour",
        "rumor",
        "footage",
        "picture",
        "allegation",
        "claim",
        "suggestion",
        "speculation",
    ]
)
"""Nouns of what is told or seen of somebody: "reports of soldiers crossing"."""
_REQUESTS = frozenset({"request", "appeal", "call", "demand", "plea", "invitation"})
_ANSWERING = frozenset(
    {
        "turn",
        "reject",
        "refuse",
        "decline",
        "consider",
        "weigh",
        "study",
        "accept",
        "grant",
        "rebuff",
        "receive",
        "debate",
        "discuss",
    }
    | {"agree", "respond", "answer", "heed", "resist", "ignore", "spurn", "snub"}
)
_PLANNED = frozenset({"plan", "option", "idea", "proposal", "aim", "intention", "goal", "suggestion", "possibility"})


def gerund_of(verb: Any) -> Any | None:
    """The preposition of a gerund with a subject that the parser hung from the verb above: "knew nothing of Fiji sending soldiers"."""
    if verb.tag_ != "VBG" or verb.dep_ not in ("advcl", "acl") or verb.i == 0:
        return None
    before = verb.doc[verb.i - 1]
    apart = before.dep_ == "pobj" and before.head.lower_ in ("of", "about") and before.pos_ == "PROPN"
    return before.head if apart else None


def _controller(verb: Any, head: Any, depth: int) -> Any | None:
    """The understood subject of an infinitive or participle under `head`."""
    if head.pos_ in ("ADJ",) or head.dep_ in ("acomp", "oprd"):
        return subject(head.head, depth + 1) if head.dep_ in ("acomp", "oprd") else subject(head, depth + 1)
    if is_passive(head):
        return subject(head, depth + 1)
    own = child(head, "nsubj")
    if lemma(head) == "be" and own is not None and own.pos_ == "NOUN" and lemma(own) in _PLANNED:
        return noun_agent(own, depth + 1)  # "the plan is to send a brigade"
    infinitive = any(c.lower_ == "to" for c in children(verb, "aux"))
    controlled = lemma(head) not in ("promise", "vow", "threaten", "use", "tell") or lemma(head) == "tell"
    addressed = child(head, "dobj", "dative")
    if addressed is not None and infinitive and lemma(addressed) in _REQUESTS and lemma(head) in _ANSWERING:
        return subject(head, depth + 1)  # "refused a U.S. appeal to send minesweepers"
    if (
        addressed is not None
        and verb.tag_ == "VBG"
        and lemma(head) in ("thank", "praise", "accuse", "blame", "blast", "criticise", "criticize", "suspect")
    ):
        return addressed
    if addressed is None:
        for preposition in children(head, "prep"):
            if preposition.lower_ in ("on", "to", "upon", "for", "with") and lemma(head) in (
                "call",
                "appeal",
                "plead",
                "press",
                "prevail",
            ):
                addressed = child(preposition, "pobj")
    if addressed is not None and controlled and (infinitive or verb.dep_ in ("ccomp", "pcomp") or verb.tag_ == "VB"):
        if verb.dep_ == "advcl" and infinitive and addressed.i > verb.i:
            return subject(head, depth + 1)
        return addressed
    return subject(head, depth + 1)


def noun_agent(noun: Any, depth: int = 0) -> Any | None:
    """Whose plan, offer or decision it is: its possessor or adjective, or the subject of the verb that it hangs from."""
    owner = child(noun, "poss")
    if owner is not None:
        return owner
    for preposition in children(noun, "prep"):
        if preposition.lower_ in ("by", "from", "of"):
            named = child(preposition, "pobj")
            if named is not None and named.pos_ == "PROPN":
                return named
    for modifier in children(noun, "amod", "compound", "nmod"):
        if modifier.pos_ == "PROPN" or modifier.text[:1].isupper():
            return modifier
    head = noun
    for _ in range(4):
        head = head.head
        if head.pos_ in ("VERB", "AUX"):
            doer = subject(head, depth + 1)
            return doer if doer is not None and doer.i != noun.i else None
        if head.dep_ == "ROOT":
            return None
        if head.pos_ in ("NOUN", "PROPN"):
            found = noun_agent(head, depth + 1) if depth < 5 else None
            if found is not None:
                return found
    return None


def _first_asked(verb: Any) -> Any | None:
    """Of "urge Chad to honour the deal and to pull back its troops" the first of what is asked; the parser lists the
    second one with "urge"."""
    if verb.pos_ != "VERB" or lemma(verb.head) not in (
        "urge",
        "ask",
        "call",
        "press",
        "order",
        "tell",
        "demand",
        "invite",
    ):
        return None
    if not any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children):
        return None
    first = next((c for c in children(verb.head, "xcomp", "ccomp") if c.i < verb.i), None)
    return first if first is not None and any(c.lower_ == "to" for c in children(first, "aux")) else None


def governors(token: Any) -> Iterator[tuple[Any, str, Any]]:
    """What the token hangs from, step by step to the root: (governor, label of the link, the token under it).

    A preposition is stepped over: its label is then "prep:LEMMA". A coordinated token gives way to its first conjunct
    without a step.
    """
    at = token
    for _ in range(40):
        while at.dep_ == "conj":
            asked = _first_asked(at)
            if asked is not None:
                at = asked
            elif at.head.pos_ == at.pos_ or at.head.pos_ in ("VERB", "AUX", "NOUN", "PROPN", "ADJ"):
                at = at.head
            else:
                break
        if at.dep_ == "ROOT" or at.head.i == at.i:
            return
        head, label = at.head, at.dep_
        if label == "relcl" and any(c.dep_ == "mark" and c.lower_ == "that" for c in at.children):
            label = "acl"  # "no confirmation that troops crossed": no relative clause
        preposition = gerund_of(at)
        if preposition is not None:
            yield preposition.head, f"prep:{preposition.lower_}", at
            at = preposition.head
        elif (
            head.dep_ in ("prep", "agent", "dative")
            and head.pos_ in ("ADP", "SCONJ", "VERB", "ADV", "PART")
            and label in ("pobj", "pcomp", "prep", "amod", "npadvmod")
        ):
            preposition = head
            while preposition.head.dep_ in ("prep",) and preposition.dep_ == "prep":
                preposition = preposition.head
            yield preposition.head, f"prep:{head.lower_}", at
            at = preposition.head
        else:
            yield head, label, at
            at = head


def subtree_without_clauses(token: Any) -> list[Any]:
    """The token's phrase without relative and other clauses in it."""
    found = [token]
    for c in token.children:
        if c.dep_ not in ("relcl", "acl", "advcl", "ccomp", "parataxis"):
            found.extend(subtree_without_clauses(c))
    return sorted(found, key=lambda t: int(t.i))
