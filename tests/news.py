"""Small builders of realistic reports (who says what, where, when), and what corroborate makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agents.corroborate.sessions import DAY, unit_for
from agents.corroborate.state import Limits, State
from agents.corroborate.step import step
from streams.identity import digest
from streams.records import (
    ACT_FAMILY,
    Act,
    Actor,
    ArticleReference,
    Attribution,
    Claim,
    Codes,
    Count,
    Event,
    Force,
    Place,
    Report,
    Revision,
    Span,
    Speaker,
    Stance,
    Status,
)
from wirecopy.citing import cited_in
from wirecopy.names import names_of, to_text
from wirecopy.sketch import sketch_of

NAMES = {
    "KGZ": "Kyrgyzstan", "KAZ": "Kazakhstan", "RUS": "Russia", "SYR": "Syria", "TUR": "Turkey", "NOR": "Norway",
    "MLI": "Mali", "SVN": "Slovenia", "USA": "United States", "IRQ": "Iraq", "FRA": "France",
}  # fmt: skip

SHAMANOV = Speaker(
    text="Vladimir Shamanov, head of the Russian Duma's defense committee",
    name="Vladimir Shamanov",
    role="head of the defense committee",
    organisation="Duma",
    country="RUS",
)
KALIN = Speaker(text="Ibrahim Kalin", name="Ibrahim Kalin", role="spokesman", country="TUR")
KYRGYZ_MINISTRY = Speaker(
    text="A spokesman of the Kyrgyz Foreign Ministry", role="spokesman", organisation="Foreign Ministry", country="KGZ"
)
DIPLOMAT = Speaker(text="a Western diplomat", role="diplomat", anonymous=True)

WIRE = """Russia has asked Kyrgyzstan and Kazakhstan to send troops to Syria to help monitor the de-escalation zones, the
head of the defense committee of the State Duma said on Thursday. The request is part of attempts to end six years of
civil war, said Vladimir Shamanov, a former commander of the airborne forces who was elected to parliament last autumn.
He gave no number and named no date, but said that the talks with both governments had begun some weeks ago and would be
finished before the next round of negotiations in Astana, which is planned for the first week of July. A spokesman for
the ministry in Bishkek told reporters that it knew of no such plan and that any mission abroad would need the consent
of parliament, where the governing coalition has a majority of two seats and has been divided over closer military ties."""

OWN = """At a briefing behind closed doors in Brussels a diplomat who follows the talks in Astana laid out what had reached
his desk over the weekend: a list drawn up in Moscow on which two Central Asian armies stand beside the guarantor states.
The Kyrgyz battalion, he said, would take over checkpoints on the road between Hama and Homs, far from the front. Nobody
at the table believed that Bishkek had agreed. The list has gone through three drafts since May, and on the first of them
there was no Central Asian state at all, only Egypt, which declined within a day and has not been asked since then."""


def place(
    code: str | None, name: str | None = None, latitude: float | None = None, longitude: float | None = None
) -> Place | None:
    if code is None:
        return None
    called = name or NAMES.get(code, code)
    return Place(code=code, name=called, text=called, latitude=latitude, longitude=longitude)


def country(code: str) -> Actor:
    return Actor(code=code, name=NAMES.get(code, code), kind="country", text=NAMES.get(code, code))


def troops(high: int, low: int | None = None, unit: str = "troops") -> Count:
    return Count(text=f"{high:,}", low=low, high=high, qualifier=None, unit=unit)


def report(
    article: str = "rferl:syria-request",
    *,
    version: int = 1,
    outlet: str = "RFE/RL",
    family: str | None = None,
    credits: tuple[str, ...] = (),
    published: str = "2017-06-22T14:05:00Z",
    text: str | None = None,
    mover: str = "KGZ",
    to: str | None = "SYR",
    town: Place | None = None,
    act: Act = "send",
    status: Status = "requested",
    stance: Stance = "affirms",
    speaker: Speaker | None = SHAMANOV,
    agents: tuple[str, ...] = ("RUS",),
    count: Count | None = None,
    says: str | None = None,
    confidence: float = 0.9,
    kind: str = "country",
) -> Report:
    """One report; what is not given is as in the model case. Without `text` an article has a text of its own."""
    slug = outlet.lower().replace("/", "").replace(" ", "-")
    sentence = says or "Russia has asked Kyrgyzstan to send troops to Syria."
    body = text if text is not None else " ".join(digest(article, n) for n in range(120))
    sketch = sketch_of(body.split("\n\n"))
    where = town or place(to)
    who: Any = kind
    return Report(
        id=digest(article, outlet, version, mover, to, status, stance, speaker.text if speaker else None, sentence),
        event_key=f"{mover}.{ACT_FAMILY[act]}.{where.code if where else 'unknown'}",
        mover=Force(code=mover, name=NAMES.get(mover, mover), kind=who, text=NAMES.get(mover, mover), count=count),
        family=ACT_FAMILY[act],
        place=where,
        claim=Claim(
            act=act,
            status=status,
            stance=stance,
            movers=(),
            agents=tuple(country(code) for code in agents),
            places=(where,) if where else (),
            origins=(),
            when=None,
            speaker=speaker,
            chain=(Attribution(who=outlet, kind="outlet"),),
            evidence=Span(start=0, end=len(sentence), text=sentence),
            trigger=Span(start=0, end=6, text=sentence[:6]),
            quote=None,
            codes=Codes(plover="REQUEST", cameo="0214"),
            confidence=confidence,
            rules=("request-to-send",),
        ),
        article=ArticleReference(
            id=article,
            version=version,
            outlet=slug,
            outlet_name=outlet,
            family=family or slug,
            url=f"https://{slug}.example/{article.rsplit(':', maxsplit=1)[-1]}",
            title="Kyrgyzstan Reportedly Asked About Sending Troops To Syria",
            published=published,
            credits=credits,
            fingerprint=sketch.fingerprint,
            speech=sketch.speech,
            figures=sketch.figures if text is not None else "",
            names=to_text(names_of(body)) if text is not None else "",
            cites=cited_in(body) if text is not None else (),
        ),
    )


def revision(
    article: str,
    version: int = 2,
    *,
    withdrawn: bool = False,
    published: str = "2017-06-22T18:00:00Z",
    outlet: str | None = None,
    family: str | None = None,
) -> Revision:
    """A revision by the outlet whose articles have such ids ("b:1" is of B), as `report` calls its family."""
    prefix = article.partition(":")[0]
    outlet = outlet or {"rferl": "RFE/RL", "meridian": "The Meridian Post"}.get(prefix, prefix)
    family = family or outlet.lower().replace("/", "").replace(" ", "-")
    return Revision(
        article=article,
        version=version,
        withdrawn=withdrawn,
        published=published,
        outlet_name=outlet,
        family=family,
    )


def publish(records: Iterable[Report | Revision], gap_days: float = 7.0, kept_days: float = 90.0) -> list[Event]:
    """Everything that is published for these records in this order."""
    state, limits = State(), Limits(gap=gap_days * DAY, kept=kept_days * DAY)
    return [event for record in records for event in step(state, record, limits, unit_for(gap_days))]


def settle(events: Iterable[Event]) -> dict[str, Event]:
    """The highest version of each event, as a compacted topic ends with."""
    last: dict[str, Event] = {}
    for event in events:
        if event.id not in last or event.version >= last[event.id].version:
            last[event.id] = event
    return last


def corroborate(*records: Report | Revision, gap_days: float = 7.0) -> dict[str, Event]:
    return settle(publish(records, gap_days))


def only(events: dict[str, Event]) -> Event:
    """The one event that stands on its own."""
    (event,) = [event for event in events.values() if event.state != "merged"]
    return event
