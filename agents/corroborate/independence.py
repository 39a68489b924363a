"""Which articles of an event are one source: they share an origin text, a credited agency, a publisher family, or the
same speaker, or one retells the other in words of its own, directly or through others.

Every link is a symmetric property of two articles, and a source is a connected component of the links: it is a
function of the set of articles. Void reports link as well: when an origin is withdrawn, its copies do not become
independent of each other by that.

A new article costs as much as it shares with others: texts are looked up through an inverted index of their hashes,
equal texts are one node, everything else is a dictionary.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from agents.corroborate.credits import family_name, family_of, houses_cited, name_of
from agents.corroborate.passages import Passage, passage_of
from agents.corroborate.retellings import Retellings
from agents.corroborate.rewrites import Likeness, telling_of
from agents.corroborate.sessions import Moment
from agents.corroborate.texts import Key, Shared, key_of, text_of
from streams.records import Report, SourceReason, Speaker
from wirecopy.relation import compared, is_one_text, may_be_one
from wirecopy.sketch import Text
from wirecopy.speakers import Identity, identity_of, is_same, voices

REASONS = 12
"""Most reasons that a source lists."""
NAMED = 10
"""Most articles that a reason names."""


class Components:
    """Disjoint sets (Tarjan 1975) with path halving."""

    def __init__(self) -> None:
        self._parent: dict[Hashable, Hashable] = {}

    def root(self, node: Hashable) -> Hashable:
        parent = self._parent
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(self, one: Hashable, other: Hashable) -> None:
        self._parent[self.root(one)] = self.root(other)


@dataclass(slots=True)
class _Text:
    """All articles with one and the same text; `first` is the earliest of them."""

    key: Key
    text: Text
    first: Moment
    earliest: tuple[int, int] | None = None
    """Of the texts that are one with this, the one whose `first` is earliest, and the hashes shared with it."""


@dataclass(slots=True)
class _Known:
    """What the reports of one article tell about the article."""

    moment: Moment
    outlet: str
    families: set[str] = field(default_factory=set)
    agencies: set[str] = field(default_factory=set)
    cited: set[str] = field(default_factory=set)
    """Families of the outlets and agencies whose reports of this event it passes on."""
    texts: set[int] = field(default_factory=set)
    passages: set[Passage] = field(default_factory=set)
    told: set[int] = field(default_factory=set)
    versions: set[int] = field(default_factory=set)
    speakers: set[tuple[int, Speaker]] = field(default_factory=set)
    """Who is heard in it, and at which character."""
    touched: int = 0
    """Number of the last `add` that was about it."""


@dataclass(frozen=True, slots=True)
class _Speaking:
    """Somebody who is heard, in any article or, where the words do not tell who it is, in this one only."""

    identity: Identity
    article: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """One source. `articles` are in time order, the first gives the group its id."""

    articles: tuple[str, ...]
    outlets: tuple[str, ...]
    agencies: tuple[str, ...]
    reasons: tuple[SourceReason, ...]
    doubts: tuple[SourceReason, ...] = ()
    """Why it may be no source of its own."""

    @property
    def id(self) -> str:
        return self.articles[0]


class Links:
    """The articles of a set of reports and what joins them. `add` in any order, any number of times."""

    def __init__(self) -> None:
        self._articles: dict[str, _Known] = {}
        self._components = Components()
        self._texts: list[_Text] = []
        self._text_of: dict[Key, int] = {}
        self._holders: defaultdict[int, list[int]] = defaultdict(list)
        self._passages: defaultdict[Passage, set[str]] = defaultdict(set)
        """Articles by the sentences with which they tell of the event."""
        self._retellings = Retellings()
        self._carriers: dict[_Speaking, set[str]] = {}
        """Articles by who is heard in them."""
        self._identity_keys: defaultdict[Hashable, list[_Speaking]] = defaultdict(list)
        self._same_speaker = Components()
        self._called: dict[Identity, str] = {}
        self._houses: dict[str, str] = {}
        """Names of the houses that are cited, by family."""
        self._added = 0
        self._groups: dict[tuple[str, int], tuple[int, Group]] = {}
        """The groups as they were last, by first article and size, with the last `add` that was about one of them."""

    def add(self, report: Report, seconds: float) -> None:
        """Join the article of the report to what it shares something with."""
        article = report.article
        moment = Moment(seconds, article.id)
        known = self._articles.get(article.id)
        if known is None:
            known = self._articles[article.id] = _Known(moment, article.outlet_name)
        elif (moment, article.outlet_name) < (known.moment, known.outlet):
            known.moment, known.outlet = moment, article.outlet_name
        self._added += 1
        known.touched = self._added
        me = ("article", article.id)
        known.versions.add(article.version)
        known.families.add(article.family)
        self._components.join(me, ("family", article.family))
        known.agencies.update(article.credits)
        for agency in article.credits:
            # An agency's own articles, and those of its house, are one source with those that credit it.
            self._components.join(me, ("family", family_of(agency)))
        for house, name in houses_cited(report.claim).items():
            # Whoever passes on what another outlet reports is no second source beside it.
            self._components.join(me, ("family", house))
            known.cited.add(house)
            self._houses[house] = min(self._houses.get(house, name), name)
        if article.fingerprint:
            text = self._text(key_of(article), moment)
            known.texts.add(text)
            self._components.join(me, ("text", text))
        passage = passage_of(report)
        if passage is not None:
            self._passages[passage].add(article.id)
            known.passages.add(passage)
            self._components.join(me, ("passage", passage))
        if article.names:
            told, same = self._retellings.add(telling_of(report), moment)
            known.told.add(told)
            self._components.join(me, ("told", told))
            for other in same:
                self._components.join(("told", told), ("told", other))
        speaker = report.claim.speaker
        identity = identity_of(speaker)
        if speaker is not None:
            known.speakers.add((report.claim.evidence.start, speaker))
        if speaker is not None and identity is not None:
            self._speak(article.id, identity)
            name = speaker.name or speaker.text
            self._called[identity] = max(self._called.get(identity, name), name, key=lambda text: (len(text), text))

    def _text(self, key: Key, moment: Moment) -> int:
        """The number of the text with this key, joined to all texts that are one with it."""
        number = self._text_of.get(key)
        if number is None:
            number = self._text_of[key] = len(self._texts)
            text = _Text(key, text_of(key), moment)
            self._texts.append(text)
            neighbours = self._one_with(number)
            for value in text.text.hashes.tolist():
                self._holders[value].append(number)
        elif moment < self._texts[number].first:
            self._texts[number].first = moment
            neighbours = self._one_with(number)
        else:
            return number
        for other, shared in neighbours:
            self._components.join(("text", number), ("text", other))
            self._consider(number, other, shared)
            self._consider(other, number, shared)
        return number

    def _one_with(self, number: int) -> list[tuple[int, int]]:
        """Texts that are one with this one, and how many hashes they share."""
        mine = self._texts[number]
        size = len(mine.text.hashes)
        count: Counter[int] = Counter()
        for value in mine.text.hashes.tolist():
            count.update(self._holders.get(value, ()))
        del count[number]
        return [
            (other, shared)
            for other, shared in count.items()
            if may_be_one(shared, size, len(self._texts[other].text.hashes)) and _is_one(mine, self._texts[other])
        ]

    def _consider(self, number: int, other: int, shared: int) -> None:
        text = self._texts[number]
        if text.earliest is None or self._texts[other].first < self._texts[text.earliest[0]].first:
            text.earliest = (other, shared)

    def _speak(self, article: str, identity: Identity) -> None:
        """Join the article to all that the same speaker is heard in.

        All that one speaker says of one deployment comes from one mouth, though one outlet has it as a plan and the
        other as under way; what the event is about (its act family and destination) is the same for all of them.
        """
        # The same words may be of two people where they tell too little: "the mayor" is the same in one article only.
        me = _Speaking(identity, None if is_same(identity, identity) else article)
        carriers = self._carriers.get(me)
        if carriers is None:
            carriers = self._carriers[me] = set()
            for key in identity.compared_by():
                for other in self._identity_keys[key]:
                    if is_same(identity, other.identity):
                        self._same_speaker.join(me, other)
                        self._components.join(("speaker", me), ("speaker", other))
                self._identity_keys[key].append(me)
        carriers.add(article)
        self._components.join(("article", article), ("speaker", me))

    def groups(self) -> list[Group]:
        """The sources, in the order of their earliest articles."""
        members: defaultdict[Hashable, list[str]] = defaultdict(list)
        for article in sorted(self._articles, key=lambda id: self._articles[id].moment):
            members[self._components.root(("article", article))].append(article)
        speakers: defaultdict[Hashable, list[_Speaking]] = defaultdict(list)
        for speaking in self._carriers:
            speakers[self._components.root(("speaker", speaking))].append(speaking)
        groups = {}
        for root, articles in members.items():
            # Articles only ever join a group, so one of the same size that nothing was added to is the same.
            touched = max(self._articles[article].touched for article in articles)
            known = self._groups.get((articles[0], len(articles)))
            fresh = known is not None and known[0] == touched
            group = known[1] if known is not None and fresh else self._group(articles, speakers[root])
            groups[articles[0], len(articles)] = (touched, group)
        self._groups = groups
        return [self._doubted(group) for _, group in groups.values()]

    def _doubted(self, group: Group) -> Group:
        """The group with what it perhaps retells; not kept, as that changes with articles of other groups."""
        inside = set(group.articles)
        doubts = tuple(self._rewrites(group.articles, inside=False, members=inside))[:REASONS]
        return replace(group, doubts=doubts) if doubts else group

    def _group(self, articles: list[str], speakers: list[_Speaking]) -> Group:
        known = [self._articles[article] for article in articles]
        reasons = [
            *self._same_articles(articles),
            *self._origin_texts(articles),
            *self._shared_passages(articles),
            *self._agencies(articles),
            *self._cited(articles),
            *self._families(articles),
            *self._same_speakers(speakers),
            *self._rewrites(articles, inside=True, members=set(articles)),
        ]
        return Group(
            articles=tuple(articles),
            outlets=tuple(dict.fromkeys(k.outlet for k in known)),
            agencies=tuple(sorted(set().union(*(k.agencies for k in known)))),
            reasons=tuple(reasons[:REASONS]),
        )

    def _same_articles(self, articles: list[str]) -> Iterable[SourceReason]:
        for article in articles:
            known = self._articles[article]
            said = []
            if len(known.versions) > 1:
                said.append(f"{len(known.versions)} versions of one article at {known.outlet}")
            heard = sorted(known.speakers, key=lambda told: (told[0], repr(told[1])))
            if (speakers := len(set(voices([(article, speaker) for _, speaker in heard])))) > 1:
                said.append(f"{speakers} speakers in one article at {known.outlet}")
            if said:
                yield SourceReason(kind="same-article", articles=(article,), detail="; ".join(said))

    def _origin_texts(self, articles: list[str]) -> Iterable[SourceReason]:
        copies: defaultdict[str, list[tuple[str, Shared]]] = defaultdict(list)
        for article in articles:
            found = self._origin_of(article)
            if found is not None:
                copies[found[0]].append((article, found[1]))
        for origin in sorted(copies, key=lambda id: self._articles[id].moment):
            whose = self._articles[origin].outlet
            carried = copies[origin]
            names = tuple(dict.fromkeys(self._articles[article].outlet for article, _ in carried))
            if len(carried) == 1:
                shared = carried[0][1]
                one, other = (names[0], whose) if shared.contained >= shared.containing else (whose, names[0])
                share = max(shared.contained, shared.containing)
                detail = f"{share:.0%} of the text at {one} stands in the text at {other}"
            else:
                low = min(max(shared.contained, shared.containing) for _, shared in carried)
                detail = (
                    f"{len(carried)} articles ({_listed(names)}) share at least {low:.0%} of their text with {whose}"
                )
            yield SourceReason(
                kind="origin-text", articles=_some([origin, *(article for article, _ in carried)]), detail=detail
            )

    def _shared_passages(self, articles: list[str]) -> Iterable[SourceReason]:
        """Articles that have the sentence of an earlier one, beyond those whose texts are one."""
        copies: dict[str, list[str]] = {}
        for article in articles:
            known = self._articles[article]
            holders = {other for passage in known.passages for other in self._passages[passage]}
            first = min(holders, key=lambda id: self._articles[id].moment, default=article)
            if first != article and self._origin_of(article) is None:
                copies.setdefault(first, []).append(article)
        for origin in sorted(copies, key=lambda id: self._articles[id].moment):
            names = tuple(dict.fromkeys(self._articles[article].outlet for article in copies[origin]))
            verb = "has" if len(names) == 1 else "have"
            yield SourceReason(
                kind="origin-text",
                articles=_some([origin, *copies[origin]]),
                detail=f"{_listed(names)} {verb} a sentence that tells of it word for word as {self._articles[origin].outlet}",
            )

    def _origin_of(self, article: str) -> tuple[str, Shared] | None:
        """The earliest other article whose text this one shares, if that is earlier than the article itself."""
        known = self._articles[article]
        best: tuple[Moment, Shared] | None = None
        for number in known.texts:
            text = self._texts[number]
            size = len(text.text.hashes)
            candidates = [(text.first, Shared(size, size, size))]
            if text.earliest is not None:
                other = self._texts[text.earliest[0]]
                candidates.append((other.first, Shared(text.earliest[1], size, len(other.text.hashes))))
            for moment, shared in candidates:
                if moment.id == article or moment >= known.moment:
                    continue
                if best is None or (moment, -shared.hashes) < (best[0], -best[1].hashes):
                    best = (moment, shared)
        return None if best is None else (best[0].id, best[1])

    def _rewrites(self, articles: Sequence[str], *, inside: bool, members: Collection[str]) -> Iterable[SourceReason]:
        """Articles that retell an earlier one, inside of the group or outside; copies of it are told as such."""
        retold: defaultdict[str, list[tuple[str, Likeness]]] = defaultdict(list)
        for article in articles:
            mine = self._articles[article]
            earlier = [
                one for one in self._retellings.earlier(mine.told, mine.moment) if (one[0].id in members) == inside
            ]
            if not earlier:
                continue
            moment, found = min(earlier, key=lambda one: (one[0], -one[1].sureness, -one[1].names, -one[1].figures))
            copied = self._origin_of(article)
            if moment.id != article and (copied is None or copied[0] != moment.id):
                retold[moment.id].append((article, found))
        for origin in sorted(retold, key=lambda id: self._articles[id].moment):
            carried = retold[origin]
            least = min((found for _, found in carried), key=lambda f: (f.sureness, f.names, f.in_order, f.figures))
            outlets = _listed(tuple(dict.fromkeys(self._articles[article].outlet for article, _ in carried)))
            one = len(carried) == 1
            verb = ("retells" if one else "retell") if inside else f"perhaps {'retells' if one else 'retell'}"
            figures = f" and {least.figures} of its figures" if least.figures else ""
            yield SourceReason(
                kind="rewrite",
                articles=_some([origin, *(article for article, _ in carried)]),
                detail=f"{outlets} {verb} {self._articles[origin].outlet} in other words, with {least.names} of its names, "
                f"{least.in_order} in the same order{figures} ({_percent(least.sureness)} sure)",
                sureness=least.sureness,
            )

    def _agencies(self, articles: list[str]) -> Iterable[SourceReason]:
        credited: defaultdict[str, list[str]] = defaultdict(list)
        for article in articles:
            for agency in self._articles[article].agencies:
                credited[agency].append(article)
        own: defaultdict[str, list[str]] = defaultdict(list)
        for agency in credited:
            house = family_of(agency)
            for article in articles:
                known = self._articles[article]
                if house in known.families and agency not in known.agencies:
                    own[agency].append(article)
        for agency in sorted(credited):
            sharing = sorted(credited[agency] + own[agency], key=lambda id: self._articles[id].moment)
            if len(sharing) > 1:
                names = tuple(dict.fromkeys(self._articles[article].outlet for article in sharing))
                verb = "credit" if not own[agency] else "are by or credit"
                yield SourceReason(
                    kind="agency", articles=_some(sharing), detail=f"{_listed(names)} {verb} {name_of(agency)}"
                )

    def _cited(self, articles: list[str]) -> Iterable[SourceReason]:
        """Articles that pass on what one house reports, and those that it published or that credit it."""
        known = {article: self._articles[article] for article in articles}
        credited = {article: {family_of(agency) for agency in known[article].agencies} for article in articles}
        for house in sorted(set().union(*(one.cited for one in known.values()))):
            own = [article for article in articles if house in known[article].families]
            crediting = [article for article in articles if house in credited[article] and article not in own]
            citing = [a for a in articles if house in known[a].cited and a not in own and a not in crediting]
            sharing = [article for article in articles if article in {*own, *crediting, *citing}]
            if not citing or len(sharing) < 2:
                continue
            names = _listed(tuple(dict.fromkeys(known[article].outlet for article in sharing)))
            verbs = [verb for verb, any_ in (("are by", own), ("credit", crediting)) if any_]
            verb = f"{', '.join(verbs)} or cite" if verbs else "cite"
            yield SourceReason(kind="cited", articles=_some(sharing), detail=f"{names} {verb} {self._houses[house]}")

    def _families(self, articles: list[str]) -> Iterable[SourceReason]:
        houses: defaultdict[str, list[str]] = defaultdict(list)
        for article in articles:
            for family in self._articles[article].families:
                houses[family].append(article)
        for family in sorted(houses):
            if len(houses[family]) > 1:
                names = tuple(dict.fromkeys(self._articles[article].outlet for article in houses[family]))
                if len(names) == 1:
                    detail = f"{len(houses[family])} articles at {names[0]}"
                else:
                    detail = f"{_listed(names)} belong to one publisher ({family_name(family)})"
                yield SourceReason(kind="family", articles=_some(houses[family]), detail=detail)

    def _same_speakers(self, speakers: list[_Speaking]) -> Iterable[SourceReason]:
        clusters: defaultdict[Hashable, list[_Speaking]] = defaultdict(list)
        for speaking in speakers:
            clusters[self._same_speaker.root(speaking)].append(speaking)
        found = []
        for cluster in clusters.values():
            carriers = sorted(
                set().union(*(self._carriers[speaking] for speaking in cluster)),
                key=lambda id: self._articles[id].moment,
            )
            if len(carriers) > 1:
                names = _listed(tuple(dict.fromkeys(self._articles[article].outlet for article in carriers)))
                named = [speaking for speaking in cluster if speaking.identity.name] or cluster
                who = max((self._called[speaking.identity] for speaking in named), key=lambda text: (len(text), text))
                found.append((carriers, f"{names} carry what {who} says"))
        for carriers, detail in sorted(found, key=lambda item: (self._articles[item[0][0]].moment, item[1])):
            yield SourceReason(kind="statement", articles=_some(carriers), detail=detail)


def _is_one(one: _Text, other: _Text) -> bool:
    # Always the same one of two is asked about the other, whichever was known first.
    first, second = sorted((one, other), key=lambda text: text.key)
    return is_one_text(compared(first.text, second.text))


def _percent(share: float) -> str:
    """Of what is never certain."""
    return f"{min(share, 0.99):.0%}"


def _some(articles: Sequence[str]) -> tuple[str, ...]:
    return tuple(articles[:NAMED])


def _listed(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C", "A, B, C and 4 more"."""
    if len(names) == 1:
        return names[0]
    if len(names) <= 4:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{', '.join(names[:3])} and {len(names) - 3} more"
