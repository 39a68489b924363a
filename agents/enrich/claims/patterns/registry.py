"""Every pattern: its name in a claim's rules, why it tells a deployment, examples, and the function that finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from agents.enrich.claims.forces import Forces
from agents.enrich.claims.patterns.cues import (
    against_force,
    cue_noun_with_force,
    cue_with_force,
    help_asked,
    reported_force,
    wanted_out,
)
from agents.enrich.claims.patterns.missions import (
    involving,
    leading_a_force,
    letting,
    made_available,
    presence_ended,
    raising_numbers,
    stay_extended,
    taking_part,
    use_permitted,
)
from agents.enrich.claims.patterns.move import Move
from agents.enrich.claims.patterns.moving import headline_verb, motion_verb
from agents.enrich.claims.patterns.nouns import motion_noun
from agents.enrich.claims.patterns.parties import party_leaves, party_mobilises
from agents.enrich.claims.patterns.presence import foot_in, going_out, presence
from agents.enrich.claims.patterns.relief import growing, relieving
from agents.enrich.language.lexicon import lexicon
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import lemma

Function = Callable[[Any, Forces, bool], Iterator[Move]]
"""What is read (a token), the forces of its sentence, and whether that is a headline. All take the same three."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way to tell a deployment. Several may share a function; a name that two functions give has one reason."""

    name: str
    reason: str
    examples: tuple[str, ...]
    function: Function


# The order decides: of several moves with the same predicate the first counts.
OF_VERBS = (
    Pattern(
        "force is moved",
        "a verb of sending, withdrawing or keeping has a force as its object",
        ("Norway sent 200 soldiers to Mali on Tuesday.",),
        motion_verb,
    ),
    Pattern(
        "passive of motion",
        "a force is the subject of such a verb in the passive",
        ("About 300 Danish soldiers were sent to Estonia last week.",),
        motion_verb,
    ),
    Pattern(
        "force goes",
        "a force is the subject of a verb of going, coming or staying",
        ("Italian troops arrived in Niger on Monday.",),
        motion_verb,
    ),
    Pattern(
        "forces on alert",
        "forces that are put on alert are made ready to go",
        ("Greece put two battalions on alert on Friday.",),
        motion_verb,
    ),
    Pattern(
        "reinforced",
        "a garrison, a border or a presence is reinforced, by somebody or with a force",
        ("Jordan reinforced its border with Syria with tanks.",),
        motion_verb,
    ),
    Pattern(
        "forces wanted out",
        "somebody wants forces off or out of a place, with no word for their leaving",
        ("Congo wants the last Ugandan soldiers out by Easter.",),
        wanted_out,
    ),
    Pattern(
        "force asked for",
        "a verb of asking or demanding has a force as what is wanted",
        ("Somalia asked Kenya for 500 soldiers.", "Somalia has asked for peacekeepers."),
        cue_with_force,
    ),
    Pattern(
        "force offered",
        "a force is offered, promised or approved, with no word for its going",
        ("Ghana offered two battalions for Liberia.",),
        cue_with_force,
    ),
    Pattern(
        "force accepted",
        "a country takes foreign forces in, or turns them away",
        ("Poland agreed to host 2,000 American troops at a base near Poznan.",),
        cue_with_force,
    ),
    Pattern(
        "force refused",
        "a force itself is refused or opposed, with no word for its going",
        ("Canada ruled out ground troops in Libya.",),
        cue_with_force,
    ),
    Pattern(
        "force expelled",
        "a host throws a force out",
        ("Chad expelled French soldiers from the country.",),
        cue_with_force,
    ),
    Pattern(
        "has forces in",
        "a party has or keeps forces at a foreign place",
        ("Turkey has 1,500 soldiers in Somalia.",),
        presence,
    ),
    Pattern(
        "there are forces in",
        "a sentence with there is or there are tells of forces at a foreign place",
        ("There are 800 Ethiopian troops in Somalia.",),
        presence,
    ),
    Pattern(
        "forces will be there",
        "forces will, may or could be at a place",
        ("Austrian soldiers will be in Kosovo by Christmas.",),
        presence,
    ),
    Pattern(
        "forces are there by now",
        "forces are at a foreign place already, or now",
        ("Rwandan troops are already in Mozambique.",),
        presence,
    ),
    Pattern(
        "forces said to be there",
        "somebody denies, alleges or cannot confirm that forces are at a foreign place",
        ("Eritrea denied that its troops were in Ethiopia.",),
        presence,
    ),
    Pattern(
        "forces expected",
        "forces are expected or due at a place, with no word for their going",
        (
            "A company of Danish soldiers is expected in Latvia in June.",
            "300 Dutch marines are due in Basra on Friday.",
        ),
        presence,
    ),
    Pattern(
        "forces on their way",
        "forces are on their way",
        ("Three Chilean frigates are on their way to Samoa.",),
        presence,
    ),
    Pattern(
        "forces on the table",
        "forces are on the table, or are not: they are considered or refused",
        ("Ground troops for Yemen are not on the table, Britain said.",),
        presence,
    ),
    Pattern(
        "forces at sea",
        "forces are at sea: they have left and go somewhere",
        ("French marines are at sea off Lebanon, officials said.",),
        presence,
    ),
    Pattern(
        "forces made available",
        "forces are made available to somebody, or put at their disposal",
        (
            "Uruguay put an infantry company at the disposal of the observers in Lebanon.",
            "Nepal will make 600 soldiers available to the force in Sudan.",
        ),
        made_available,
    ),
    Pattern(
        "mission extended",
        "the mission or mandate of forces abroad is prolonged",
        ("Sweden prolonged the mandate of its 250 peacekeepers in Chad.",),
        stay_extended,
    ),
    Pattern(
        "presence ended",
        "a presence or a military mission is ended, with no word for the forces' going",
        ("Niger's assembly voted to end the stay of foreign troops.", "Spain ended its military mission in Mali."),
        presence_ended,
    ),
    Pattern(
        "forces gone",
        "forces are or will be gone, home or out",
        ("The last Spanish soldiers are out of Iraq, Spain said.",),
        going_out,
    ),
    Pattern(
        "taking part in a mission",
        "a party or its forces would take part in, join or contribute to a military mission",
        ("Finland will take part in the peacekeeping mission in Lebanon.",),
        taking_part,
    ),
    Pattern(
        "leading a force",
        "a state is to lead or command a force abroad",
        ("Spain is expected to lead a battalion in Lebanon.",),
        leading_a_force,
    ),
    Pattern(
        "plan involving troops",
        "a plan, a deal or a mechanism involves forces",
        ("Britain is working on a plan involving French troops in Ukraine.",),
        involving,
    ),
    Pattern(
        "forces let in",
        "a state lets forces use, cross or stay in its country, or does not",
        ("Kuwait allowed American troops to use its bases.",),
        letting,
    ),
    Pattern(
        "allies let in",
        "a state lets another one intervene",
        ("Tajik soldiers crossed the border. Tajikistan would let Russia intervene, it said.",),
        letting,
    ),
    Pattern(
        "use of forces permitted",
        "leave is asked for or given to use forces at a place",
        ("Parliament gave Chad's president permission to use the army in Sudan.",),
        use_permitted,
    ),
    Pattern(
        "numbers changed",
        "the number, size or strength of forces is raised or cut",
        ("Germany will raise the number of its troops in Lithuania to 650.",),
        raising_numbers,
    ),
    Pattern(
        "a party leaves",
        "a state or group itself leaves a place, without a word for its forces",
        ("Uganda withdrew from the Congolese town of Bunia.",),
        party_leaves,
    ),
    Pattern(
        "a party comes",
        "a state or group itself comes back or deploys, without a word for its forces",
        ("Egyptian soldiers left the Sinai. Egypt may return to the Sinai, officials said.",),
        party_leaves,
    ),
    Pattern(
        "set foot in",
        "forces set foot somewhere, or should not",
        ("No Russian soldier will set foot in Georgia, Moscow said.",),
        foot_in,
    ),
    Pattern(
        "forces relieve others",
        "forces take the place of others at a place",
        ("Nepalese soldiers will replace the Ghanaian battalion in southern Lebanon.",),
        relieving,
    ),
    Pattern(
        "a contingent grows or shrinks",
        "a contingent comes to another number of its own accord",
        ("The Chadian contingent in Mali is expected to rise to 2,000.",),
        growing,
    ),
    Pattern(
        "a party mobilises",
        "a state mobilises, without a word for its forces",
        ("Peru sent troops to the border. Ecuador mobilised on Thursday.",),
        party_mobilises,
    ),
    Pattern(
        "force asked for",
        "a verb of asking or demanding has a force as what is wanted",
        ("The president asked the Wagner Group for help.",),
        help_asked,
    ),
)
OF_NOUNS = (
    Pattern(
        "withdrawal from a place",
        "a withdrawal bears the name of the place that is left, and its decider is the subject",
        ("Israel announced a Gaza withdrawal.",),
        motion_noun,
    ),
    Pattern(
        "withdrawal of a party",
        "a withdrawal is a state's or group's own, without a word for its forces",
        ("Syria demanded an Israeli withdrawal from the Golan Heights.",),
        motion_noun,
    ),
    Pattern(
        "mobilisation",
        "a mobilisation of the army, by itself",
        ("Armenia ordered a general mobilisation on Sunday.",),
        motion_noun,
    ),
    Pattern(
        "noun of motion by itself",
        "a deployment or another noun of motion without a word for its forces, in a text about them",
        ("Dutch troops may go to Mali. The cabinet approved the deployment.",),
        motion_noun,
    ),
    Pattern(
        "noun of motion",
        "a deployment, withdrawal or other noun of motion with its forces",
        ("Ireland announced the withdrawal of its troops from Chad.",),
        motion_noun,
    ),
    Pattern(
        "use of forces permitted",
        "leave is asked for or given to use forces at a place",
        ("Chad's parliament approved the use of troops in Sudan.",),
        use_permitted,
    ),
    Pattern(
        "plan of a force",
        "an idea, proposal or plan of a force at a place",
        ("Serbia rejected the idea of NATO troops in Kosovo.",),
        cue_noun_with_force,
    ),
    Pattern(
        "force offered",
        "a force is offered, promised or approved, with no word for its going",
        ("Haiti accepted an offer of 300 Jamaican soldiers.",),
        cue_noun_with_force,
    ),
    Pattern(
        "request for a force",
        "a request, call or appeal for a force",
        ("Kenya rejected a request for 500 soldiers for Somalia.",),
        cue_noun_with_force,
    ),
    Pattern(
        "report of a force denied",
        "somebody denies a report or charge of a force's presence",
        ("Rwanda dismissed reports of its soldiers in Congo.",),
        reported_force,
    ),
    Pattern(
        "headline verb",
        "a headline's verb that the parse takes for a noun, between a party and a force",
        ("Trump orders 700 more soldiers to Gulf after tanker fire",),
        headline_verb,
    ),
)
OF_PREPOSITIONS = (
    Pattern(
        "against a force",
        "somebody is against forces, or opposed to them",
        ("Iraq is against foreign troops on its soil.",),
        against_force,
    ),
)
PATTERNS = OF_VERBS + OF_NOUNS + OF_PREPOSITIONS
REASONS = {pattern.name: pattern.reason for pattern in PATTERNS}


def _functions(patterns: tuple[Pattern, ...]) -> tuple[Function, ...]:
    return tuple(dict.fromkeys(pattern.function for pattern in patterns))


_VERB_FUNCTIONS = _functions(OF_VERBS)
_NOUN_FUNCTIONS = _functions(OF_NOUNS)
_PREPOSITION_FUNCTIONS = _functions(OF_PREPOSITIONS)


def find(parsed: Parsed, forces: Forces, *, headline: bool) -> Iterator[Move]:
    """Every move in the sentence, token by token and pattern by pattern."""
    for token in parsed.tokens:
        for function in _functions_for(token):
            yield from function(token, forces, headline)


def _functions_for(token: Any) -> tuple[Function, ...]:
    if token.pos_ in ("VERB", "AUX") or token.tag_ in ("VB", "VBD", "VBN", "VBZ", "VBP", "VBG"):
        return _VERB_FUNCTIONS
    if token.pos_ in ("NOUN", "PROPN") or (
        lemma(token) in lexicon().nouns and token.dep_ in ("dobj", "pobj", "nsubj", "nsubjpass")
    ):
        return _NOUN_FUNCTIONS
    if token.pos_ in ("ADP", "SCONJ", "ADJ", "ADV"):
        return _PREPOSITION_FUNCTIONS
    return ()
