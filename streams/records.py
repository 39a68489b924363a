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
    published: str
    title: str = ""
    id: str | None = None
    url: str | None = None
    body: str | None = None
    html: str | None = None
    language: str | None = None
    byline: str | None = None
    credits: tuple[str, ...] = ()
    version: int | None = None
    status: ArticleStatus = "usable"


# --- articles.v1 -----------------------------------------------------------------------------------------------

CreditPlace = Literal["dateline", "byline", "credit-line", "copyright", "given"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """An agency or outlet that an article says it leans on. `agency` is the id of `wirecopy/data/agencies.toml`, or a slug."""

    agency: str
    text: str
    where: CreditPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Clean text of one version of one article. `text` is the title, a blank line, the body; offsets count in it."""

    id: str
    version: int
    status: ArticleStatus
    outlet: str
    """Slug of the outlet: its domain without "www.", or its name in lower case with hyphens."""
    outlet_name: str
    family: str
    """Publisher family: the owner's id where `wirecopy/data/families.toml` knows one, otherwise the outlet itself."""
    url: str | None
    title: str
    text: str
    body_start: int
    published: str
    language: str | None
    byline: str | None
    dateline: str | None
    """Place of the dateline as written ("MOSCOW"), if there is one."""
    credits: tuple[Credit, ...]
    fingerprint: str
    """Base64 of the sorted, winnowed 64-bit word 5-gram hashes, little endian (`wirecopy/fingerprint.py`)."""
    speech: str = ""
    """Which of the hashes lie in quotations: base64, one bit each in their order (`wirecopy/bitmaps.py`)."""
    lead: str = ""
    """Which of the hashes lie in the first paragraph, in the same form."""
    figures: str = ""
    """Base64 of what numbers the text gives, eight bytes each (`wirecopy/figures.py`)."""


# --- reports.v1 ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Characters [start, end) of the article's text, and what they say."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A name in the text. `id` is an ISO country code, "geonames:NUMBER", or a gazetteer's own id; null if unknown."""

    kind: EntityKind
    name: str
    id: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many. `low` and `high` are the bounds that the words give ("up to 1,500": null, 1500); `unit` is what is counted."""

    text: str
    low: int | None
    high: int | None
    qualifier: str | None
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A party: `code` is an ISO country code, an organisation's or group's id, or the name where there is no id."""

    code: str
    name: str
    kind: ActorKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Force:
    """Whose troops: the party, with branch or unit and number where the sentence gives them."""

    code: str
    name: str
    kind: ActorKind
    text: str
    unit: str | None = None
    count: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`code` is the country (or a disputed region's own name); `name` the place inside it if the text names one."""

    code: str
    name: str
    text: str
    id: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time as written, as the interval [start, end) of dates with the precision of the words."""

    text: str
    start: str
    end: str
    precision: Literal["hour", "day", "week", "month", "season", "year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who says it. An unnamed source is `anonymous` and has a role ("official", "diplomats", "reports")."""

    text: str
    name: str | None = None
    role: str | None = None
    organisation: str | None = None
    country: str | None = None
    anonymous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """One link of the chain from the speaker to the outlet that is read. Offsets are null for the outlet itself."""

    who: str
    kind: Literal["speaker", "outlet-quoted", "outlet"]
    cue: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """The event codes that act and status map to, of the two public ontologies."""

    plover: str
    cameo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody's statement about one deployment, from one sentence and its context (DESIGN: "Claims")."""

    act: Act
    status: Status
    stance: Stance
    movers: tuple[Force, ...]
    agents: tuple[Actor, ...]
    places: tuple[Place, ...]
    """Where to; for `withdraw` the place left. Several only where the troops go to (or leave) each of them."""
    origins: tuple[Place, ...]
    when: When | None
    speaker: Speaker | None
    chain: tuple[Attribution, ...]
    evidence: Span
    trigger: Span
    quote: Span | None
    codes: Codes
    confidence: float
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReference:
    """What later stages need of the article that carries a report."""

    id: str
    version: int
    outlet: str
    outlet_name: str
    family: str
    url: str | None
    title: str
    published: str
    credits: tuple[str, ...]
    """Ids of the credited agencies, sorted."""
    fingerprint: str
    speech: str = ""
    """This, `lead` and `figures` as in `Article`."""
    lead: str = ""
    figures: str = ""
    names: str = ""
    """Base64 of the names in the text, three bytes each, in their order (`wirecopy/names.py`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One claim in one article about the troops of one mover going to one place: a claim of two movers is two reports."""

    id: str
    event_key: str
    mover: Force
    family: ActFamily
    place: Place | None
    claim: Claim
    article: ArticleReference
    siblings: int = 1
    """How many reports this version of the article has under this event key. They count together, once all are there:
    what an article says of an event is one picture, whose first sentence is not told alone."""
    kind: Literal["report"] = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A later version of an article, told to every partition: reports of its older versions are void.

    If `withdrawn`, reports of this version are void too. It speaks for the outlets of its publisher `family` only: nobody
    takes back what another has published under the same id.
    """

    article: str
    version: int
    withdrawn: bool
    published: str
    outlet_name: str
    family: str = ""
    kind: Literal["revision"] = "revision"


# --- events.v1 -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReport:
    """One report as an event shows it."""

    id: str
    article: str
    version: int
    outlet: str
    outlet_name: str
    url: str | None
    title: str
    published: str
    act: Act
    status: Status
    stance: Stance
    speaker: Speaker | None
    agents: tuple[Actor, ...]
    count: Count | None
    place: Place | None
    when: When | None
    chain: tuple[Attribution, ...]
    evidence: Span
    confidence: float
    source: str
    """Id of the source group that it belongs to."""
    void: Literal["corrected", "withdrawn"] | None = None
    void_since: str | None = None
    """When the correction or withdrawal was published."""
    party: bool = False
    """True if it denies, and a party to the event says so; or if it refuses or suspends, and whoever does could decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReason:
    """Why two articles are one source."""

    kind: Literal["same-article", "origin-text", "agency", "cited", "family", "statement", "rewrite"]
    articles: tuple[str, ...]
    detail: str
    sureness: float = 1.0
    """Probability that it holds, 0 to 1: less than 1 for a `rewrite`, which is told by what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceGroup:
    """Reports that come down to one independent source. `id` is its earliest article's."""

    id: str
    outlets: tuple[str, ...]
    agencies: tuple[str, ...]
    articles: tuple[str, ...]
    reasons: tuple[SourceReason, ...]
    first_seen: str
    standing: bool
    """False if every report of it is void, denies, knows nothing, or tells history."""
    article_count: int = 0
    """All articles of it; `articles`, `outlets` and `reasons` list a bounded number."""
    outlet_count: int = 0
    doubts: tuple[SourceReason, ...] = ()
    """What speaks against its being a source of its own: that it perhaps retells another in other words, and how sure that
    is. It is counted all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One deployment as all reports together tell it. Of two versions of an `id` the higher one holds."""

    id: str
    key: str
    version: int
    family: ActFamily
    mover: Actor
    place: Place | None
    state: Literal["standing", "background", "retracted", "merged"]
    merged_into: str | None
    merged: tuple[str, ...]
    """Ids under which parts of this event may have been published before a late report joined them."""
    related: tuple[str, ...]
    """Ids of events of the same mover and act whose destination is unknown here or there."""
    status: Status
    contested: bool
    first_seen: str
    last_seen: str
    independent: int
    """Number of independent sources standing behind it."""
    sources: tuple[SourceGroup, ...]
    reports: tuple[EventReport, ...]
    """By (published, id). At most a bounded number; `report_count` has them all."""
    report_count: int
    outlet_count: int


# --- alerts.v1 -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvidence:
    """The words on which an alert stands."""

    outlet_name: str
    url: str | None
    title: str
    published: str
    speaker: Speaker | None
    stance: Stance
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that a desk wants to know now. `id` is the same whenever the same thing is told again."""

    id: str
    kind: AlertKind
    event: str
    event_version: int
    severity: Severity
    headline: str
    published: str
    """Event time: when the report that made it due was published."""
    mover: Actor
    place: Place | None
    family: ActFamily
    status: Status
    independent: int
    outlets: tuple[str, ...]
    sources: tuple[str, ...]
    """One line in plain words for each independent source."""
    evidence: tuple[AlertEvidence, ...]
    watchlists: tuple[str, ...]


# --- anchors.v1, matches.v1, stories.v1 ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """A question to one partition of the index: which earlier articles hold one of these anchors?"""

    article: str
    version: int
    status: ArticleStatus
    published: str
    outlet: str
    family: str
    agencies: tuple[str, ...]
    asked: tuple[int, ...]
    """All partitions that are asked, this one among them."""
    partition: int
    anchors: tuple[int, ...]
    fingerprint: str
    notice: Notice | None = None
    speech: str = ""
    """This, `lead` and `figures` as in `Article`."""
    lead: str = ""
    figures: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An earlier article that shares text. `contained` is the share of the later one's sketch found in the earlier one,
    `containing` the share of the earlier one's found in the later one."""

    article: str
    version: int
    published: str
    outlet: str
    family: str
    agencies: tuple[str, ...]
    contained: float
    containing: float
    shared: int
    """Number of hashes in both sketches."""
    crowded: bool = False
    """Every anchor that led to it in this partition has enough earlier articles: this one no longer counts."""
    found: str = ""
    """Which hashes of the later article are in this one: base64, one bit each in their order."""
    size: int = 0
    """Number of hashes of the later article, and `of` those of this one."""
    of: int = 0
    speech: int = 0
    """Of the shared hashes those that lie in quotations in both. `speech_size` of all of the later article's, `speech_of`
    of this one's, lie in quotations."""
    speech_size: int = 0
    speech_of: int = 0
    lead: int = 0
    """Of the shared hashes those that lie in the lead of either, and `leads` in that of both. `lead_size` of all of the later
    article's, `lead_of` of this one's, lie in the lead."""
    leads: int = 0
    lead_size: int = 0
    lead_of: int = 0
    same_figures: int = 0
    """Figures that meet, counted in both: how many are the same, and `other_figures` how many are not."""
    other_figures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """The answer of one partition of the index for one article; given again when an earlier article arrives late."""

    article: str
    version: int
    status: ArticleStatus
    published: str
    outlet: str
    family: str
    agencies: tuple[str, ...]
    asked: tuple[int, ...]
    partition: int
    candidates: tuple[Candidate, ...]
    notice: Notice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What one article copies. `story` is the id of the origin, the article's own where it is `own`."""

    article: str
    version: int
    revision: int
    """Grows as more becomes known about the article; the higher one holds."""
    story: str
    relation: Relation
    of: str | None
    contained: float
    containing: float
    agencies: tuple[str, ...]
    found: str = ""
    """Which hashes of the article's fingerprint are in `of`: base64, one bit each in their order. Where the others stand is
    what is new (`wirecopy/spans.py`)."""


# --- dead-letters.v1 -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An input that a stage could not handle, with all that a replay needs. `key` and `value` are base64 of its bytes."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    stage: str
    error: str
    field: str | None
    message: str
    attempts: int
    key: str | None
    value: str | None
    headers: dict[str, str] = dataclasses.field(default_factory=dict)


T = TypeVar("T")


class InvalidRecord(ValueError):
    """A record that does not fit its type; the message names the field and the reason."""


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
    try:
        record_type = record_types[0]
        if len(record_types) > 1:
            kind = _decoder(_Kind).decode(raw).kind
            by_kind = {t.__dataclass_fields__["kind"].default: t for t in record_types}  # type: ignore[attr-defined]
            if kind not in by_kind:
                raise InvalidRecord(f"kind: expected one of {sorted(by_kind)}, got {kind!r}")
            record_type = by_kind[kind]
        return _decoder(record_type).decode(raw)  # type: ignore[no-any-return]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRecord(str(error)) from None
    except RecursionError:
        raise InvalidRecord("JSON that is nested too deeply") from None
