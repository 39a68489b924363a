"""What an article has said so far: whom "he", "the alliance", "the soldiers" or "there" may mean in the next sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from agents.enrich.names.gazetteer import Sense
from agents.enrich.names.mention import Mention
from streams.records import Act, Actor, Force, Place, Speaker


@dataclass(slots=True, kw_only=True)
class Discourse:
    """Grows sentence by sentence. A single sentence is an article of one."""

    published: date | None = None
    whole_article: bool = False
    military: bool = False
    """Whether the text is about forces, so that "men", "Americans" and bare withdrawals may be theirs."""
    places: list[Place] = field(default_factory=list)
    """Of the claims so far, in order."""
    movers: list[tuple[Force, ...]] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    """What the claims so far tell, in order."""
    speakers: list[Speaker] = field(default_factory=list)
    person: Speaker | None = None
    """The last person who was the subject of a sentence: "he" where nobody has spoken yet."""
    parties: list[Actor] = field(default_factory=list)
    """Subjects of the sentences so far that are states, organisations or their people, in order."""
    mentions: Counter[str] = field(default_factory=Counter)
    """How often each country is named in the whole text."""
    organisations: list[Mention] = field(default_factory=list)
    paragraph_year: int | None = None
    """The past year that the paragraph is telling of, if it tells history."""
    scene: str | None = None
    """The country of the paragraph's "In Seoul, ...": whose officials speak there without being named."""
    last_place: Place | None = None
    """The last place named, in a claim or not."""
    guess: Place | None = None
    """Where the article's forces go or come from on the whole, for sentences that do not say."""
    homes: dict[str, str] = field(default_factory=dict)
    """The country of an armed group, by its code."""
    lists: list[tuple[Actor, ...]] = field(default_factory=list)
    """Groups of states that were listed together, in order."""
    place_called: Callable[[str, Collection[str]], Sense | None] | None = None
    """Looks up a name that the grammar says is a place's, among the countries that are near."""
    blocs: dict[str, str] = field(default_factory=dict)
    """The organisation that a noun for a group of states means, where the article said it in more words: "the regional bloc"."""
    areas: Mapping[str, str] = field(default_factory=dict)
    """Where the missions named in the text stand, by their names as written."""
    bygone: bool = False
    """Whether an undated text names somebody who has been dead or out of office for half a century."""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Members of groups of states by adjective, from the gazetteer."""
    persons: dict[str, str] = field(default_factory=dict)
    """Country of a person by last name, as far as the article told it."""

    def speaker_named(self, *words: str) -> Speaker | None:
        """The latest speaker whose name or role has one of these words."""
        wanted = {w.casefold() for w in words if len(w) > 2}
        for speaker in reversed(self.speakers):
            said = " ".join(v for v in (speaker.name, speaker.role, speaker.text) if v).casefold()
            if wanted & set(said.replace(",", " ").replace("'s", "").split()):
                return speaker
        return None
