"""Names in a text, and what each stands for.

`find` reads a text word by word and takes, from left to right, the longest name that the gazetteer knows and whose
capitals fit; then it decides each ambiguous name by what stands around it and by what else the text names, and says
why. Work is linear in the text: a name has a bounded number of words.

Of a place, `country` is the country that it counts as in a claim; where that is null (Golan Heights, Persian Gulf),
`code` is. An organisation's mission has the organisation as `code` (UN) and its own `name` (UNDOF).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from agents.enrich.names.gazetteer import AFTER_A_TOWN, REGION_WEIGHT, GazetteerData, Sense, default_data
from agents.enrich.names.mention import Mention
from agents.enrich.names.name_context import (
    CALENDAR,
    LOCATIVES,
    OFFICES,
    WEAK_TITLES,
    Evidence,
    Found,
    Words,
    dropped_by_rule,
    person_before,
    words_of,
)
from agents.enrich.names.nametokens import HARD, WORD, key_of

KNOWN_CITY = 100_000
"""People: a larger town whose name is no word and no surname needs no other evidence. Measured on ordinary news text
(tests/enrich/test_names.py): below it most capitalised words that equal a town's name are surnames."""


PLACED_TOWN = 30_000
"""People: the same after a preposition of place ("near", "in")."""
RIVAL = 0.3
"""Share of the people of the largest place of a name that another one needs, to follow from its country's being named
elsewhere in the text: Tripoli in Lebanon (0.6) does, but not Geneva, Illinois (0.12), or Manchester, New Hampshire (0.2)."""


def _capitals_fit(written: Sequence[str], raw: Sequence[str]) -> bool:
    """Whether a text's words have the capitals that a name needs.

    A word that the data capitalises must begin with a capital. One that it writes in capitals throughout (NATO) must
    be so in the text, or, from four letters on, capitalised (Nato, Ecowas: the style of British papers).
    """
    for wanted, got in zip(written, raw, strict=True):
        if not wanted[0].isupper():
            continue
        if not got[0].isupper():
            return False
        if len(wanted) > 1 and wanted.isupper() and not got.isupper() and not (len(wanted) >= 4 and got[1:].islower()):
            return False
    return True


def _fits(sense: Sense, raw: Sequence[str], written: tuple[str, ...]) -> bool:
    if len(written) != len(raw):  # another spelling of a city: its first word decides
        return raw[0][0].isupper()
    return _capitals_fit(written, raw)


_FINAL_STOP = re.compile(r" ?\.")


LARGE = 100_000
"""People in a town that is meant where the grammar asks for a place, though people have its name: "to Darwin"."""


class Gazetteer:
    """Finds names. Holds no state but its data and what it remembers of them."""

    def __init__(self, data: GazetteerData | None = None) -> None:
        self.data = data or default_data()
        self._written: dict[str, tuple[str, ...]] = {}

    def members(self, phrase: str) -> tuple[str, ...]:
        """The codes that a definite phrase stands for ("the two Central Asian countries": five; the caller knows which
        two the text speaks of); empty for a phrase without fixed members and for an unknown one. Articles and numerals
        before the phrase are passed over."""
        try:
            key = key_of(phrase)
        except ValueError:
            return ()
        parts = key.split(" ")
        while parts:
            held = self.data.groups.get(" ".join(parts))
            if held is not None:
                return held
            if parts[0] not in _DETERMINERS:
                return ()
            parts = parts[1:]
        return ()

    def area(self, name: str) -> str | None:
        """The country where a mission stands ("UNDOF": SYR), if it is one."""
        try:
            senses = self.data.senses.get(key_of(name), [])
        except ValueError:
            return None
        return next((s.area for s in senses if s.kind == "organisation" and s.area), None)

    def place_called(self, written: str, near: Collection[str]) -> Sense | None:
        """The place of this name where the sentence says that it is one ("left Jericho"), so that a small town and a town
        with the name of a word count as well. `near`: the countries that the text speaks of, which decide between
        namesakes; without them only a name of one country, or of one place far larger than the others, is told."""
        try:
            key = key_of(written)
        except ValueError:
            return None
        senses = [s for s in self.data.look_up(key) if s.kind in ("country", "place") and s.form != "demonym"]
        senses = [s for s in senses if s.flag != AFTER_A_TOWN]
        inside = [s for s in senses if s.country in near]
        if inside:
            return max(inside, key=lambda s: s.population)
        if not senses or any(c.rule == "never" for c in self.data.contexts.get(key, ())):
            return None
        best = max(senses, key=lambda s: s.population)
        rivals = [s.population for s in senses if s.country != best.country]
        large = best.flag == "person" and best.population >= LARGE
        return best if (not best.flag or large) and max(rivals, default=0) <= RIVAL * best.population else None

    def find(self, text: str, published: str | None = None) -> list[Mention]:
        """The names in `text`, in order, without overlap. `published` (RFC 3339) helps to tell office holders apart."""
        words = words_of(text)
        found = self._candidates(words)
        names_at = {i: name for name in found for i in range(name.first, name.last + 1)}
        evidence = self._evidence(words, found, names_at)
        year = int(published[:4]) if published and published[:4].isdigit() else None
        mentions = []
        for index, name in enumerate(found):
            if name.decoy is not None:
                if name.decoy.startswith("person"):
                    evidence.persons.update(words.folded[i] for i in (name.first, name.last))
                continue
            follower = found[index + 1] if index + 1 < len(found) else None
            decided = self._decide(evidence, name, follower, names_at, year)
            if decided is not None:
                sense, reason = decided
                mentions.append(_mention(words, name, sense, reason))
        return mentions

    # --- candidates --------------------------------------------------------------------------------------------

    def _words_written(self, written: str) -> tuple[str, ...]:
        held = self._written.get(written)
        if held is None:
            held = self._written[written] = tuple(m.group() for m in WORD.finditer(written))
        return held

    def _candidates(self, words: Words) -> list[Found]:
        found: list[Found] = []
        longest = self.data.longest
        i, count = 0, len(words.folded)
        while i < count:
            folded = words.folded[i]
            length = longest.get(folded) if words.raw[i][0].isupper() or folded in self.data.small_starts else None
            name = self._longest_at(words, i, length) if length is not None else None
            if name is not None and any(s.flag == AFTER_A_TOWN for s in name.senses):
                name = _after_a_town(words, name, found)
            if name is None:
                i += 1
            else:
                found.append(name)
                i = name.last + 1
        return found

    def _longest_at(self, words: Words, i: int, longest: int) -> Found | None:
        found = None
        key = words.folded[i]
        capital = words.raw[i][0].isupper()
        for last in range(i, min(i + longest, len(words.folded))):
            if last > i:
                joined = words.joint_after(last - 1)
                if joined is HARD:
                    break
                key = f"{key}{joined}{words.folded[last]}"
            decoy = self.data.decoys.get(key)
            if decoy is not None and capital:
                found = Found(i, last, key, [], decoy)
                continue
            senses = self.data.look_up(key) if capital else self.data.senses.get(key)
            if senses:
                raw = words.raw[i : last + 1]
                fitting = [s for s in senses if _fits(s, raw, self._words_written(s.written))]
                if fitting:
                    found = Found(i, last, key, fitting)
        return found

    def _evidence(self, words: Words, found: Sequence[Found], names_at: dict[int, Found]) -> Evidence:
        evidence = Evidence(
            data=self.data, words=words, vocabulary=frozenset(words.folded), named={},
            keys=frozenset(name.key for name in found),
        )  # fmt: skip
        named = evidence.named
        for name in found:
            sure = [s for s in name.senses if s.form != "city" and s.population != REGION_WEIGHT]
            countries = {s.country for s in sure}
            if len(countries) != 1 or name.key in self.data.readings:
                continue
            country = countries.pop()
            if (
                country
                and (sure[0].kind != "person" or sure[0].alone)
                and not dropped_by_rule(evidence, name, names_at)
            ):
                named.setdefault(country, set()).add(name.key)
        return evidence

    # --- decisions ---------------------------------------------------------------------------------------------

    def _decide(
        self, evidence: Evidence, name: Found, follower: Found | None, names_at: dict[int, Found], year: int | None
    ) -> tuple[Sense, str | None] | None:
        holders = [s for s in name.senses if s.form == "office-holder"]
        others = [s for s in name.senses if s.form != "office-holder"]
        if holders:
            well_known = any(s.form != "city" and s.population != REGION_WEIGHT for s in others)
            holder = _office_holder(evidence, name, holders, well_known, year)
            if holder is not None:
                return holder
        if not others:
            return None
        ruled = dropped_by_rule(evidence, name, names_at)
        if ruled is not None and ruled[0] != "with-country":
            if ruled[0] == "given-name":
                evidence.persons.add(name.key)
            return None
        if others[0].kind not in ("country", "place") or others[0].form == "demonym":
            return self._of_reading(evidence, name, others)
        if others[0].flag == AFTER_A_TOWN:
            return others[0], None
        person = person_before(evidence, name, names_at) if name.first == name.last else None
        if person is not None:
            evidence.persons.add(name.key)
            return None
        placed = _placed_by_follower(evidence, name, others, follower)
        if placed is not None:
            return placed if placed[0] is not None else None  # type: ignore[return-value]
        placed_before = evidence.words.before(name.first) in LOCATIVES
        if (
            name.key in evidence.persons
            and not placed_before
            and not evidence.names_otherwise(others[0].country, name.key)
        ):
            return None
        if name.key in self.data.readings:
            return self._of_reading(evidence, name, others)
        needs_country = any(c.rule == "with-country" for c in self.data.contexts.get(name.key, ()))
        return _place(evidence, name, others, needs_country, names_at)

    def _of_reading(self, evidence: Evidence, name: Found, senses: Sequence[Sense]) -> tuple[Sense, str | None]:
        reading = evidence.reading(name.key)
        if reading is not None:
            country, reason = reading
            for sense in senses:
                if sense.country == country:
                    return sense, reason
        return senses[0], None


_DETERMINERS = frozenset(
    [
        "the",
        "a",
        "an",
        "these",
        "those",
        "its",
        "their",
        "his",
        "her",
        "all",
        "both",
        "several",
        "some",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "most",
        "other",
        "many",
        "of",
        "former",
        "oil",
        "rich",
        "small",
        "tiny",
        "poor",
        "neighbouring",
        "neighboring",
        "landlocked",
    ]
)


def _after_a_town(words: Words, name: Found, found: Sequence[Found]) -> Found | None:
    """The name as the abbreviation of a state where a town and a comma stand before it, else without that sense."""
    town = found[-1] if found else None
    if town is not None and town.last == name.first - 1 and words.joint_after(town.last) == ", ":
        name.senses = [s for s in name.senses if s.flag == AFTER_A_TOWN]
        return name
    name.senses = [s for s in name.senses if s.flag != AFTER_A_TOWN]
    return name if name.senses else None


def _office_holder(
    evidence: Evidence, name: Found, holders: Sequence[Sense], also_else: bool, year: int | None
) -> tuple[Sense, str | None] | None:
    """The office holder that a name stands for: by the full name, a title, or a surname that is rare enough."""
    words = evidence.words
    if name.first != name.last:
        return _of_the_time(holders, year), None
    before = words.before(name.first)
    if _of_another(evidence, name, holders, before):
        return None
    titled = before in OFFICES
    full = [s for s in holders if key_of(s.name) in evidence.keys]
    if full:
        return _of_the_time(full, year), "the full name stands elsewhere in the text"
    if titled and before in WEAK_TITLES:
        holders = [s for s in holders if s.alone or evidence.names_otherwise(s.country, name.key)]
    if titled and holders:
        return _of_the_time(holders, year), f"after {words.raw[name.first - 1]}"
    alone = [s for s in holders if s.alone]
    if alone and not also_else:
        return _of_the_time(alone, year), None
    return None


def _of_another(evidence: Evidence, name: Found, holders: Sequence[Sense], before: str) -> bool:
    """Whether another first name stands before a surname: the holder's own full names are names of their own."""
    words = evidence.words
    i = name.first - 1
    if not before or not words.raw[i][0].isupper() or before in OFFICES | CALENDAR or len(before) == 1:
        return False
    if words.text[words.ends[i] : words.starts[i + 1]] != " ":
        return False
    own = {word for holder in holders for word in key_of(holder.name).split(" ")}
    if before in own or words.before(i) in own:
        return False
    if before in evidence.data.given_names:
        return True
    return words.style(i) == "mixed" and words.before(i) != "" and not evidence.data.knows(before)


def _of_the_time(holders: Sequence[Sense], year: int | None) -> Sense:
    """Of several holders of a name the one in office in `year`, else the latest."""
    if year is not None:
        for holder in holders:
            if (holder.since or 0) <= year <= (holder.until or 9999):
                return holder
    return max(holders, key=lambda s: s.until or 9999)


def _placed_by_follower(
    evidence: Evidence, name: Found, senses: Sequence[Sense], follower: Found | None
) -> tuple[Sense | None, str] | None:
    """What "X, Y" says of X: the town X in the country or region Y. The sense is None if X is a town unknown to us."""
    words = evidence.words
    if follower is None or follower.first != name.last + 1 or words.joint_after(name.last) != ", ":
        return None
    towns = [s for s in senses if s.form in ("city", "capital")]
    written = words.text[words.starts[follower.first] : words.ends[follower.last]]
    reason = f"followed by {written}"
    for area in follower.senses:
        if area.form == "region":
            inside = [t for t in towns if t.country == area.country and t.area in (area.name, area.written)]
            if inside:
                return max(inside, key=lambda t: t.population), reason
        elif area.form == "name" and area.kind == "country":
            inside = [t for t in towns if t.country == area.country]
            if inside and not any(s.kind == "country" for s in senses):
                return max(inside, key=lambda t: t.population), reason
    outer = follower.senses[0] if follower.senses else None
    if outer is not None and outer.form == "region" and outer.country == "USA" and senses[0].kind == "country":
        return None, reason
    return None


def _place(
    evidence: Evidence, name: Found, senses: Sequence[Sense], needs_country: bool, names_at: dict[int, Found]
) -> tuple[Sense, str | None] | None:
    """The place that a name stands for, or None where nothing says that it is one."""
    country = next((s for s in senses if s.kind == "country"), None)
    if country is not None:
        return country, None
    otherwise = [s for s in senses if evidence.names_otherwise(s.country, name.key)]
    by_hand = next((s for s in senses if s.form == "region" and s.population > REGION_WEIGHT), None)
    if by_hand is not None and (not needs_country or by_hand.country is None or by_hand in otherwise):
        return by_hand, None
    capital = next((s for s in senses if s.form == "capital"), None)
    if capital is not None:
        rivals = [
            s for s in otherwise
            if s.form == "city" and s.country != capital.country and s.population > RIVAL * capital.population
        ]  # fmt: skip
        needs_country = needs_country and not _stands_as_a_place(evidence.words, name, names_at)
        if capital in otherwise or (not rivals and not needs_country):
            return capital, None
        if rivals:
            return max(rivals, key=lambda s: s.population), "its country is named in the text, the capital's is not"
        return None
    largest = max(s.population for s in senses)
    spoken_for = [s for s in otherwise if s.population > RIVAL * largest]
    best = max(spoken_for or senses, key=lambda s: s.population)
    flagged = bool(best.flag) or needs_country
    if len({s.country for s in senses}) > 1 and not spoken_for and _goes_on(evidence, name):
        return None  # "Santa Cruz Barillas" is none of the many towns called Santa Cruz
    placed = _stands_as_a_place(evidence.words, name, names_at)
    if spoken_for and (placed or not flagged):
        return best, f"{best.country} is named in the text" if len(senses) > 1 or flagged else None
    if flagged:
        return None
    if best.population >= KNOWN_CITY or (placed and best.population > PLACED_TOWN):
        others = any(s.country != best.country for s in senses)
        return best, "the largest place of this name" if others else None
    return None


def _goes_on(evidence: Evidence, name: Found) -> bool:
    """Whether a capitalised word that nothing knows follows in the same phrase: the name is a part of a longer one."""
    words = evidence.words
    i = name.last + 1
    return (
        words.joint_after(name.last) == " "
        and words.raw[i][0].isupper()
        and words.style(name.first) == "mixed"
        and words.text[words.ends[name.last] : words.starts[i]] == " "
        and not evidence.data.knows(words.folded[i])
        and words.folded[i] not in CALENDAR
    )


def _stands_as_a_place(words: Words, name: Found, names_at: dict[int, Found]) -> bool:
    """Whether a preposition of place stands before a name, or another place that it continues a list of."""
    before = words.before(name.first)
    if before in LOCATIVES:
        return True
    last = name.first - 2 if before in ("and", "or") else name.first - 1
    listed = names_at.get(last) if before in ("and", "or") or words.joint_after(last) == ", " else None
    return listed is not None and any(s.kind == "place" for s in listed.senses)


def _mention(words: Words, name: Found, sense: Sense, reason: str | None) -> Mention:
    start, end = words.starts[name.first], words.ends[name.last]
    if name.last > name.first and len(words.raw[name.last]) == 1 and len(words.raw[name.last - 1]) == 1:
        stop = _FINAL_STOP.match(words.text, end)  # the last stop of "U.S." is a part of the name
        end = stop.end() if stop else end
    return Mention(
        start=start, end=end, text=words.text[start:end], kind=sense.kind, form=sense.form, code=sense.code,
        name=sense.name, country=sense.country, id=sense.id, latitude=sense.latitude, longitude=sense.longitude,
        reason=reason, area=sense.area if sense.kind == "organisation" else None, until=sense.until,
    )  # fmt: skip


def find(text: str, published: str | None = None) -> list[Mention]:
    """The names in `text` by the gazetteer of the package."""
    return Gazetteer().find(text, published)
