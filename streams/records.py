"""Every record that travels between stages, and its one way to bytes and back.

Records are frozen dataclasses: written by orjson, read and validated by msgspec. A record is a function of its
inputs: times of processing travel in Kafka headers, never here. Times are RFC 3339 in UTC ("2017-06-22T14:05:00Z"),
character offsets count code points of the article's clean `text`, countries are ISO 3166-1 alpha-3.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

import msgspec
import orjson

from streams import misfits

Act = Literal["send", "withdraw", "mobilise", "reinforce", "redeploy", "remain", "move"]
ActFamily = Literal["deploy", "withdraw", "mobilise", "remain"]
Status = Literal[
    "requested", "demanded", "offered", "proposed",
    "considered", "planned", "decided", "threatened", "conditional",
    "ongoing", "occurred",
    "refused", "opposed", "suspended",
    "background",
]  # fmt: skip
Stance = Literal["affirms", "reports", "alleges", "denies", "knows-nothing", "doubts"]
ArticleStatus = Literal["usable", "corrected", "withdrawn"]
EntityKind = Literal["person", "organisation", "place", "force"]
ActorKind = Literal["country", "organisation", "armed-group", "force", "person"]
Relation = Literal["own", "copy", "excerpt", "expanded", "rewrite", "update", "correction", "withdrawal", "quote-reuse"]
AlertKind = Literal["new", "corroborated", "contested", "firmer", "changed", "called-off", "retracted"]
Severity = Literal["low", "normal", "critical"]
Notice = Literal["update", "correction", "withdrawal"]
"""What an article says of itself in its headline: "UPDATE 2-", "CORRECTED-", "WITHDRAWN-"."""

ACTS: tuple[Act, ...] = get_args(Act)
STATUSES: tuple[Status, ...] = get_args(Status)
STANCES: tuple[Stance, ...] = get_args(Stance)
ALERT_KINDS: tuple[AlertKind, ...] = get_args(AlertKind)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The least urgent first."""

ACT_FAMILY: dict[Act, ActFamily] = {
    "send": "deploy",
    "reinforce": "deploy",
    "redeploy": "deploy",
    "move": "deploy",
    "withdraw": "withdraw",
    "mobilise": "mobilise",
    "remain": "remain",
}


# --- articles.raw.v1 -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RawArticle:
    """One article as an outlet published it. `url` or `id` names it; `body` (plain text) or `html` is its text.

    `id` is unique over all outlets; a later version of the same article has the same `id` (or `url`) and a higher
    `version`. A status other than "usable" needs a `version`: 2 or more for "corrected".
    """

    outlet: str
    """Name or domain of who published it ("Atlantic Wire", "reuters.com")."""
    published: str
    """When it was published: RFC 3339 with an offset ("2017-06-22T14:05:00+03:00"), or a date alone, which is midnight
    UTC."""
    title: str = ""
    """Headline. An article without `body` and `html` may consist of it."""
    id: str | None = None
    """Name of the article, unique over all outlets; needed where there is no `url`."""
    url: str | None = None
    """Its address, http or https; it names the article where there is no `id`."""
    body: str | None = None
    """Its plain text, paragraphs parted by an empty line; taken before `html`."""
    html: str | None = None
    """The page, of which the text of the article is taken where there is no `body`."""
    language: str | None = None
    """Tag of BCP 47. It is passed on and changes nothing: claims are found in English alone."""
    byline: str | None = None
    """Who wrote it, as printed."""
    credits: tuple[str, ...] = ()
    """Agencies and outlets that it is known to lean on, beside those that its text credits."""
    version: int | None = None
    """1 for the first, and higher with each later one; 1 where it is left out."""
    status: ArticleStatus = "usable"
    """What has become of the article: "corrected" and "withdrawn" are said of a later version."""


# --- articles.v1 -----------------------------------------------------------------------------------------------

CreditPlace = Literal["dateline", "byline", "credit-line", "copyright", "given"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """An agency or outlet that an article says it leans on. `agency` is the id of `wirecopy/data/agencies.toml`, or a slug."""

    agency: str
    """Id of an agency or outlet in `wirecopy/data/agencies.toml`, otherwise a slug of the name."""
    text: str
    """The words that credit it."""
    where: CreditPlace
    """Where they stand; "given" with the raw article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Clean text of one version of one article. `text` is the title, a blank line, the body; offsets count in it."""

    id: str
    """Its `id`, or where it has none "u-" and a digest of its normalised `url`."""
    version: int
    """Of two versions the higher one holds."""
    status: ArticleStatus
    """As in the raw article."""
    outlet: str
    """Slug of the outlet: its domain without "www.", or its name in lower case with hyphens."""
    outlet_name: str
    """The outlet as people write it."""
    family: str
    """Publisher family: the owner's id where `wirecopy/data/families.toml` knows one, otherwise the outlet itself."""
    url: str | None
    """Its address, if it was given."""
    title: str
    """Headline, given or found at the head of the text."""
    text: str
    """Title, a blank line and the body, without page furniture; all offsets count in it, in code points."""
    body_start: int
    """Where the body begins in `text`."""
    published: str
    """Time of publication in UTC, whole seconds: "2017-06-22T14:05:00Z"."""
    language: str | None
    """Tag of the language in lower case, if it was given."""
    byline: str | None
    """Who wrote it, given or found in the text."""
    dateline: str | None
    """Place of the dateline as written ("MOSCOW"), if there is one."""
    credits: tuple[Credit, ...]
    """Agencies and outlets that it leans on, each once."""
    fingerprint: str
    """Base64 of the sorted, winnowed 64-bit word 5-gram hashes, little endian (`wirecopy/fingerprint.py`)."""
    speech: str = ""
    """Which of the hashes lie in quotations: base64, one bit each in their order (`wirecopy/bitmaps.py`)."""
    lead: str = ""
    """Which of the hashes lie in the first paragraph, in the same form."""
    figures: str = ""
    """Base64 of what numbers the text gives, eight bytes each (`wirecopy/figures.py`)."""
    named: str = ""
    """Base64 of the names of a short text by the words around them, four bytes a word (`wirecopy/named.py`)."""


# --- reports.v1 ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Characters [start, end) of the article's text, and what they say."""

    start: int
    """First code point."""
    end: int
    """Code point after the last one."""
    text: str
    """The words, as they stand there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A name in the text. `id` is an ISO country code, "geonames:NUMBER", or a gazetteer's own id; null if unknown."""

    kind: EntityKind
    """What the name stands for; a country is a place."""
    name: str
    """The name in its usual form."""
    id: str | None
    """ISO country code, "geonames:NUMBER", or a gazetteer's own id; null if unknown."""
    start: int
    """First code point of the name in the text."""
    end: int
    """Code point after its last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many. `low` and `high` are the bounds that the words give ("up to 1,500": null, 1500); `unit` is what is counted."""

    text: str
    """The words of the number: "up to 1,500", "a battalion"."""
    low: int | None
    """Least number that they give; null where they give none ("up to 1,500")."""
    high: int | None
    """Greatest number; null where they give none ("at least 1,500")."""
    qualifier: str | None
    """What loosens the number ("up to", "about"); null for a plain one."""
    unit: str
    """What is counted, by its kind: "troops" for soldiers and marines alike, "aircraft", "warships"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A party: `code` is an ISO country code, an organisation's or group's id, or the name where there is no id."""

    code: str
    """ISO 3166-1 alpha-3, an organisation's or group's id, or the name where there is no id."""
    name: str
    """The name; where only the code is known, the code."""
    kind: ActorKind
    """What it is."""
    text: str
    """The words of the article that stand for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Force:
    """Whose troops: the party, with branch or unit and number where the sentence gives them."""

    code: str
    """Whose: ISO 3166-1 alpha-3, an organisation's or group's id, or the name where there is no id."""
    name: str
    """The name of whose it is; where only the code is known, the code."""
    kind: ActorKind
    """What whoever it belongs to is."""
    text: str
    """The words of the article that say whose it is."""
    unit: str | None = None
    """The words for the force, number included: "300 Norwegian soldiers"; null where none are said."""
    count: Count | None = None
    """How many, if the sentence says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`code` is the country (or a disputed region's own name); `name` the place inside it if the text names one."""

    code: str
    """ISO 3166-1 alpha-3 of the country, or a disputed region's own name."""
    name: str
    """The place inside the country that the text names, otherwise the country (its code where only that is known)."""
    text: str
    """The words of the article that stand for it."""
    id: str | None = None
    """The country's code, "geonames:NUMBER" of a town or region, or null."""
    latitude: float | None = None
    """Degrees north, of a town or region that is known."""
    longitude: float | None = None
    """Degrees east."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time as written, as the interval [start, end) of dates with the precision of the words."""

    text: str
    """The words: "on Monday", "in October"."""
    start: str
    """First day, reckoned from the time of publication."""
    end: str
    """Day after the last one."""
    precision: Literal["hour", "day", "week", "month", "season", "year"]
    """How exact the words are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who says it. An unnamed source is `anonymous` and has a role ("official", "diplomats", "reports")."""

    text: str
    """The words of the article: "the spokesman, Jean-Claude Mbarga"."""
    name: str | None = None
    """The name of a person or institution, if one is given."""
    role: str | None = None
    """What the speaker is: "Defence Minister", "diplomat"."""
    organisation: str | None = None
    """For whom he speaks, if the words say so."""
    country: str | None = None
    """Of which country, as ISO 3166-1 alpha-3 or as written, if the words say so."""
    anonymous: bool = False
    """True for a source that does not want to be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """One link of the chain from the speaker to the outlet that is read. Offsets are null for the outlet itself."""

    who: str
    """Name of the speaker or outlet."""
    kind: Literal["speaker", "outlet-quoted", "outlet"]
    """What the link is: who speaks, an outlet or agency whose report is passed on, or the outlet that is read."""
    cue: str | None = None
    """The word of saying, in its base form: "tell", "report"."""
    start: int | None = None
    """First code point of the words for `who`, or null."""
    end: int | None = None
    """Code point after their last one, or null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """The event codes that act and status map to, of the two public ontologies."""

    plover: str
    """Event type of PLOVER."""
    cameo: str
    """Event code of CAMEO, with its leading zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody's statement about one deployment, from one sentence and its context (DESIGN: "Claims")."""

    act: Act
    """What the forces do or would do."""
    status: Status
    """How far it has come."""
    stance: Stance
    """What the speaker does with it."""
    movers: tuple[Force, ...]
    """Whose forces; more than one where they go together."""
    agents: tuple[Actor, ...]
    """Who asks, orders, offers, decides, refuses or opposes it: often the mover itself."""
    places: tuple[Place, ...]
    """Where to; for `withdraw` the place left. Several only where the troops go to (or leave) each of them."""
    origins: tuple[Place, ...]
    """Where from, of a move that does not leave `places`."""
    when: When | None
    """When, if the sentence says so."""
    speaker: Speaker | None
    """Who says it; null where the outlet says it in its own voice."""
    chain: tuple[Attribution, ...]
    """The way of the words, from the speaker to the outlet that is read."""
    evidence: Span
    """The sentence."""
    trigger: Span
    """The word of moving in it."""
    quote: Span | None
    """What of it is quoted word for word, or null."""
    codes: Codes
    """Event codes of the act in this status."""
    confidence: float
    """0 to 1: how often claims read in this way are right (docs/claims.md)."""
    rules: tuple[str, ...]
    """Names of the rules that fired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReference:
    """What later stages need of the article that carries a report."""

    id: str
    """Id of the article."""
    version: int
    """The version of it that was read."""
    outlet: str
    """Slug of the outlet."""
    outlet_name: str
    """The outlet as people write it."""
    family: str
    """Publisher family."""
    url: str | None
    """Its address, if it was given."""
    title: str
    """Its headline."""
    published: str
    """Time of publication of this version, UTC."""
    credits: tuple[str, ...]
    """Ids of the credited agencies, sorted."""
    fingerprint: str
    """As in `Article`."""
    speech: str = ""
    """As in `Article`."""
    lead: str = ""
    """As in `Article`."""
    figures: str = ""
    """As in `Article`."""
    named: str = ""
    """As in `Article`."""
    names: str = ""
    """Base64 of the names in the text, three bytes each, in their order (`wirecopy/names.py`)."""
    cites: tuple[str, ...] = ()
    """Names that it gives as those that it has its report from, in lower case: houses and other speakers (`wirecopy/citing.py`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One claim in one article about the troops of one mover going to one place: a claim of two movers is two reports."""

    id: str
    """Follows from article, version, event key and what is claimed where: the same however often it is made."""
    event_key: str
    """Mover, act family and country of the place, or `unknown`: "KGZ.deploy.SYR"."""
    mover: Force
    """The one of the claim's movers that it is about."""
    family: ActFamily
    """Act family."""
    place: Place | None
    """The one of the claim's places that it is about; null where none is known."""
    claim: Claim
    """The claim in full, with all its movers and places."""
    article: ArticleReference
    """The article that makes it."""
    siblings: int = 1
    """How many reports this version of the article has under this event key. They count together, once all are there:
    what an article says of an event is one picture, whose first sentence is not told alone."""
    before: str = ""
    """What stands before the evidence in the article, at most 240 characters, beginning with a whole word."""
    after: str = ""
    """What stands after it, at most as much, ending with a whole word."""
    kind: Literal["report"] = "report"
    """Tells it from a `Revision`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A later version of an article, told to every partition: reports of its older versions are void.

    If `withdrawn`, reports of this version are void too. It speaks for the outlets of its publisher `family` only: nobody
    takes back what another has published under the same id.
    """

    article: str
    """Id of the article."""
    version: int
    """The later version: reports of lower ones are void."""
    withdrawn: bool
    """True if the article was withdrawn, false if it was corrected or published anew."""
    published: str
    """When the later version was published, UTC."""
    outlet_name: str
    """Who published it."""
    family: str = ""
    """Publisher family whose reports it voids."""
    kind: Literal["revision"] = "revision"
    """Tells it from a `Report`."""


# --- events.v1 -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReport:
    """One report as an event shows it."""

    id: str
    """Id of the report, as on reports.v1."""
    article: str
    """Id of the article that makes it."""
    version: int
    """Version of the article."""
    outlet: str
    """Slug of the outlet."""
    outlet_name: str
    """The outlet as people write it."""
    url: str | None
    """Address of the article, if it was given."""
    title: str
    """Headline of the article."""
    published: str
    """Time of publication, UTC."""
    act: Act
    """As in `Claim`."""
    status: Status
    """As in `Claim`."""
    stance: Stance
    """As in `Claim`."""
    speaker: Speaker | None
    """As in `Claim`."""
    agents: tuple[Actor, ...]
    """As in `Claim`."""
    count: Count | None
    """How many forces of the mover, if it says so."""
    place: Place | None
    """Where to, as the report has it: perhaps a town inside the event's country."""
    when: When | None
    """As in `Claim`."""
    chain: tuple[Attribution, ...]
    """As in `Claim`."""
    evidence: Span
    """The sentence."""
    confidence: float
    """As in `Claim`."""
    source: str
    """Id of the source group that it belongs to."""
    void: Literal["corrected", "withdrawn"] | None = None
    """What became of its article version; null while it stands."""
    void_since: str | None = None
    """When the correction or withdrawal was published."""
    party: bool = False
    """True if it denies, and a party to the event says so; or if it refuses or suspends, and whoever does could decide."""
    before: str = ""
    """As in `Report`. This and the next two are empty or null in events written before they were added."""
    after: str = ""
    """As in `Report`."""
    codes: Codes | None = None
    """As in `Claim`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReason:
    """Why two articles are one source."""

    kind: Literal["same-article", "origin-text", "agency", "cited", "family", "statement", "rewrite"]
    """Which link joins them (docs/events.md)."""
    articles: tuple[str, ...]
    """Ids of the articles that it joins."""
    detail: str
    """The reason in plain words."""
    sureness: float = 1.0
    """Probability that it holds, 0 to 1: less than 1 for a `rewrite`, which is told by what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceGroup:
    """Reports that come down to one independent source. `id` is its earliest article's."""

    id: str
    """Id of its earliest article; with `#denies`, `#doubts`, `#knows-nothing` or `#background` for a group that does
    not count."""
    outlets: tuple[str, ...]
    """Their outlets, at most 25."""
    agencies: tuple[str, ...]
    """Ids of the agencies that they credit."""
    articles: tuple[str, ...]
    """Ids of their articles, at most 25."""
    reasons: tuple[SourceReason, ...]
    """Why they are one, at most 12."""
    first_seen: str
    """Time of publication of the earliest."""
    standing: bool
    """False if every report of it is void, denies, knows nothing, or tells history."""
    article_count: int = 0
    """All articles of it; `articles`, `outlets` and `reasons` list a bounded number."""
    outlet_count: int = 0
    """All outlets of it."""
    doubts: tuple[SourceReason, ...] = ()
    """What speaks against its being a source of its own: that it perhaps retells another in other words, and how sure that
    is. It is counted all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One deployment as all reports together tell it. Of two versions of an `id` the higher one holds."""

    id: str
    """The key and the week in which it begins: "KGZ.deploy.SYR.2017-W25"."""
    key: str
    """Mover, act family and country of the place, or `unknown`."""
    version: int
    """Grows with every report and revision; the higher one holds."""
    family: ActFamily
    """Act family."""
    mover: Actor
    """Whose forces."""
    place: Place | None
    """Where to (of a withdrawal the place left); null where no report says so."""
    state: Literal["standing", "background", "retracted", "merged"]
    """"retracted" when every claim is void; "merged" when another event took it over. "background" is not used."""
    merged_into: str | None
    """Id of the event that took it over, or null."""
    merged: tuple[str, ...]
    """Ids under which parts of this event may have been published before a late report joined them."""
    related: tuple[str, ...]
    """Ids of events of the same mover and act whose destination is unknown here or there."""
    status: Status
    """The firmest status that stands (docs/events.md)."""
    contested: bool
    """True if a party denies it."""
    first_seen: str
    """Time of publication of its earliest report."""
    last_seen: str
    """Time of publication of its latest one."""
    independent: int
    """Number of independent sources standing behind it."""
    sources: tuple[SourceGroup, ...]
    """Groups of reports that are one source each; those that count have `standing`."""
    reports: tuple[EventReport, ...]
    """By (published, id). At most a bounded number; `report_count` has them all."""
    report_count: int
    """All reports of it."""
    outlet_count: int
    """All outlets that carry one."""


# --- alerts.v1 -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvidence:
    """The words on which an alert stands."""

    outlet_name: str
    """The outlet that carries them."""
    url: str | None
    """Address of the article, if it was given."""
    title: str
    """Headline of the article."""
    published: str
    """Time of publication, UTC."""
    speaker: Speaker | None
    """Who says it; null where the outlet says it in its own voice."""
    stance: Stance
    """What the speaker does with it."""
    text: str
    """The sentence."""
    report: str = ""
    """Id of the report on reports.v1. This and the next four are empty or null in alerts written before they were added."""
    article: str = ""
    """Id of the article."""
    version: int | None = None
    """Version of the article."""
    status: Status | None = None
    """How far the deployment has come, by these words."""
    confidence: float | None = None
    """How sure the report is, as in `Claim`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that a desk wants to know now. `id` is the same whenever the same thing is told again."""

    id: str
    """The event's id and what became due: the same whenever the same thing is told again."""
    kind: AlertKind
    """What is new about the event (docs/alerts.md)."""
    event: str
    """Id of the event."""
    event_version: int
    """The version of the event that made it due."""
    severity: Severity
    """How urgent it is (docs/alerts.md)."""
    headline: str
    """All of it in one line of plain words."""
    published: str
    """Event time: when the report that made it due was published."""
    mover: Actor
    """Whose forces."""
    place: Place | None
    """Where to (of a withdrawal the place left), or null."""
    family: ActFamily
    """Act family."""
    status: Status
    """Status of the event."""
    independent: int
    """Number of independent sources standing behind the event."""
    outlets: tuple[str, ...]
    """Outlets that carry a claim that stands, at most 25."""
    sources: tuple[str, ...]
    """One line in plain words for each independent source."""
    evidence: tuple[AlertEvidence, ...]
    """First what made it due, then one passage of each other source and speaker; at most 6."""
    watchlists: tuple[str, ...]
    """Names of the watchlists that want it; "all" where there are none."""


# --- anchors.v1, matches.v1, stories.v1 ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """A question to one partition of the index: which earlier articles hold one of these anchors?"""

    article: str
    """Id of the article that asks."""
    version: int
    """Its version."""
    status: ArticleStatus
    """Its status."""
    published: str
    """Its time of publication, UTC."""
    outlet: str
    """Slug of its outlet."""
    family: str
    """Its publisher family."""
    agencies: tuple[str, ...]
    """Ids of the agencies that it credits."""
    asked: tuple[int, ...]
    """All partitions that are asked, this one among them."""
    partition: int
    """The partition of the index that is asked."""
    anchors: tuple[int, ...]
    """The anchors that this partition owns."""
    fingerprint: str
    """As in `Article`."""
    notice: Notice | None = None
    """What its headline says of it."""
    speech: str = ""
    """As in `Article`."""
    lead: str = ""
    """As in `Article`."""
    figures: str = ""
    """As in `Article`."""
    named: str = ""
    """As in `Article`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An earlier article that shares text. `contained` is the share of the later one's sketch found in the earlier one,
    `containing` the share of the earlier one's found in the later one."""

    article: str
    """Id of the earlier article."""
    version: int
    """Its version."""
    published: str
    """Its time of publication, UTC."""
    outlet: str
    """Slug of its outlet."""
    family: str
    """Its publisher family."""
    agencies: tuple[str, ...]
    """Ids of the agencies that it credits."""
    contained: float
    """Share of the later one's hashes found in it."""
    containing: float
    """Share of its hashes found in the later one."""
    shared: int
    """Number of hashes in both sketches."""
    crowded: bool = False
    """Every anchor that led to it in this partition has enough earlier articles: this one no longer counts."""
    found: str = ""
    """Which hashes of the later article are in this one: base64, one bit each in their order."""
    size: int = 0
    """Number of hashes of the later article."""
    of: int = 0
    """Number of hashes of this one."""
    speech: int = 0
    """Of the shared hashes those that lie in quotations in both."""
    speech_size: int = 0
    """Of all hashes of the later article those in quotations."""
    speech_of: int = 0
    """Of all hashes of this one those in quotations."""
    lead: int = 0
    """Of the shared hashes those that lie in the lead of either."""
    leads: int = 0
    """Of the shared hashes those that lie in the lead of both."""
    lead_size: int = 0
    """Of all hashes of the later article those in its lead."""
    lead_of: int = 0
    """Of all hashes of this one those in its lead."""
    same_figures: int = 0
    """Figures that meet and are the same, counted in both."""
    other_figures: int = 0
    """Figures that meet and are not the same, counted in both."""
    same_names: int = 0
    """Places of both texts at which they give the same name."""
    other_names: int = 0
    """Places of both texts at which they give other names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """The answer of one partition of the index for one article; given again when an earlier article arrives late."""

    article: str
    """Id of the article that asked."""
    version: int
    """Its version."""
    status: ArticleStatus
    """Its status."""
    published: str
    """Its time of publication, UTC."""
    outlet: str
    """Slug of its outlet."""
    family: str
    """Its publisher family."""
    agencies: tuple[str, ...]
    """Ids of the agencies that it credits."""
    asked: tuple[int, ...]
    """All partitions that were asked."""
    partition: int
    """The one that answers."""
    candidates: tuple[Candidate, ...]
    """Earlier articles that share an anchor there."""
    notice: Notice | None = None
    """What its headline says of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What one article copies. `story` is the id of the origin, the article's own where it is `own`."""

    article: str
    """Id of the article."""
    version: int
    """The version of it that this is about."""
    revision: int
    """Grows as more becomes known about the article; the higher one holds."""
    story: str
    """Id of the earliest article that has nearly as much text in common with it as any other: the first link of a chain
    (docs/consuming.md)."""
    relation: Relation
    """What the article is to `of` (docs/wire-copies.md)."""
    of: str | None
    """Id of the closest article that it copies or follows; null for `own`."""
    contained: float
    """Share of its text found in `of`, 0 to 1."""
    containing: float
    """Share of the text of `of` found in it, 0 to 1."""
    agencies: tuple[str, ...]
    """Ids of the agencies that it credits."""
    found: str = ""
    """Which hashes of the article's fingerprint are in `of`: base64, one bit each in their order."""


# --- dead-letters.v1 -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An input that a stage could not handle, with all that a replay needs. `key` and `value` are base64 of its bytes."""

    topic: str
    """Topic of the original, without prefix."""
    partition: int
    """Its partition."""
    offset: int
    """Its offset."""
    timestamp_ms: int
    """Its timestamp, in milliseconds since 1970 UTC."""
    stage: str
    """The stage that could not handle it; "sink:" and the name of a sink that did not take it."""
    error: str
    """"InvalidRecord" for what is no record, "Rejected" for one that cannot be used, "Undelivered" for an alert that a
    sink did not take, otherwise the name of a defect."""
    field: str | None
    """The field at fault, as a path (`chain[0].who`), or null."""
    message: str
    """What was wrong: the field and the reason."""
    attempts: int
    """How often it was tried, this time included: more than 1 after a replay."""
    key: str | None
    """Base64 of its key, or null."""
    value: str | None
    """Base64 of its value; null where it is too large to be kept."""
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    """Its headers, as text."""
    within: int | None = None
    """Which record of its message it was, from 0, where that was a bundle; otherwise null."""


T = TypeVar("T")


class InvalidRecord(ValueError):
    """A record that does not fit its type: `field` is the path of the field at fault, None for the record as a whole."""

    def __init__(self, field: str | None, reason: str) -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field


def encode(record: Any) -> bytes:
    """The JSON bytes of a record: keys in the order of its fields, so that equal records have equal bytes."""
    return orjson.dumps(record)


_decoders: dict[type, msgspec.json.Decoder[Any]] = {}


def _decoder(record_type: type) -> msgspec.json.Decoder[Any]:
    if record_type not in _decoders:
        _decoders[record_type] = msgspec.json.Decoder(record_type)
    return _decoders[record_type]


@dataclass(frozen=True, slots=True)
class _Kind:
    kind: str


def decode(raw: bytes, *record_types: type[T]) -> T:
    """The record in `raw`. Where a topic holds several types, `kind` says which. Raises `InvalidRecord`."""
    record_type = record_types[0]
    try:
        if len(record_types) > 1:
            kind = _decoder(_Kind).decode(raw).kind
            by_kind = {t.__dataclass_fields__["kind"].default: t for t in record_types}  # type: ignore[attr-defined]
            if kind not in by_kind:
                raise InvalidRecord("kind", f"{kind!r} is none of {', '.join(sorted(by_kind))}")
            record_type = by_kind[kind]
        return _decoder(record_type).decode(raw)  # type: ignore[no-any-return]
    except msgspec.DecodeError as error:
        raise InvalidRecord(*misfits.in_words(str(error), record_type)) from None
    except UnicodeDecodeError as error:
        raise InvalidRecord(None, f"not UTF-8 text: {error.reason}") from None
    except RecursionError:
        raise InvalidRecord(None, "JSON that is nested too deeply") from None
