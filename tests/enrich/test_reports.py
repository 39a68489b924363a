"""Reports: one for each mover and place, under readable event keys with deterministic ids."""

from __future__ import annotations

import dataclasses

import pytest

from agents.enrich import extract
from agents.enrich.agent import stage
from agents.enrich.extract import Extractor
from agents.enrich.reports import AROUND, REPORTS, after, before, event_key, reference, reports_of, slug
from streams.records import Article, Claim, Force, Report, Revision, decode, encode
from streams.settings import Settings
from streams.stage import Received, Surroundings

TEXT = "Honduras, Nicaragua send troops to Iraq\n\nHonduras and Nicaragua will send 370 soldiers to Iraq, an official said."
ARTICLE = Article(
    id="a1", version=1, status="usable", outlet="example.org", outlet_name="Example", family="example.org", url=None,
    title="Honduras, Nicaragua send troops to Iraq", text=TEXT, body_start=41, published="2003-07-01T10:00:00Z", language="en",
    byline=None, dateline=None, credits=(), fingerprint="",
)  # fmt: skip


def test_a_claim_of_two_movers_is_two_reports(extractor: Extractor) -> None:
    claims = extractor.extract(TEXT, ARTICLE.published).claims[-1:]
    keys = {r.event_key for r in reports_of(ARTICLE, claims)}
    assert keys == {"HND.deploy.IRQ", "NIC.deploy.IRQ"}


def test_who_moves_beside_a_mover_does_not_decide_for_him(extractor: Extractor) -> None:
    claims = extractor.extract("France and Britain have ruled out sending troops to Ukraine.", ARTICLE.published).claims

    reports = reports_of(ARTICLE, claims)

    assert {(r.mover.code, tuple(a.code for a in r.claim.agents)) for r in reports} == {
        ("FRA", ("FRA",)),
        ("GBR", ("GBR",)),
    }


def test_whom_an_article_cites_is_carried_without_places_and_their_governments() -> None:
    text = f"{TEXT} Tegucigalpa said so, according to Nicaragua. An officer told the Baghdad Post and Reuters the same."
    assert reference(dataclasses.replace(ARTICLE, text=text)).cites == (
        "baghdad post and reuters", "baghdad post", "reuters",
    )  # fmt: skip


def test_ids_depend_on_the_version_and_nothing_else_changes_them(extractor: Extractor) -> None:
    claims = extractor.extract(TEXT, ARTICLE.published).claims
    first = [r.id for r in reports_of(ARTICLE, claims)]
    assert first == [r.id for r in reports_of(ARTICLE, claims)]
    second = [r.id for r in reports_of(dataclasses.replace(ARTICLE, version=2, status="corrected"), claims)]
    assert not set(first) & set(second)
    assert len(first) == len(set(first))


def test_a_report_carries_the_text_around_its_evidence(extractor: Extractor) -> None:
    text = f"{TEXT} The parliament in Managua voted on Monday."
    article = dataclasses.replace(ARTICLE, text=text)
    for told in reports_of(article, extractor.extract(text, ARTICLE.published).claims):
        span = told.claim.evidence
        assert span.end > span.start
        assert (told.before + span.text + told.after) in text
        assert span.start < ARTICLE.body_start or told.before == text[ARTICLE.body_start : span.start]
    assert told.after == " The parliament in Managua voted on Monday."


@pytest.mark.parametrize("words", ["Gao " * 200, "x" * 800, "кадры\n\n" * 120])
@pytest.mark.parametrize("at", range(395, 405))
def test_the_text_around_is_bounded_and_cut_at_words(words: str, at: int) -> None:
    article = dataclasses.replace(ARTICLE, text=words, body_start=0)
    behind, ahead = before(article, at), after(article, at)
    assert words[:at].endswith(behind)
    assert words[at:].startswith(ahead)
    assert max(len(behind), len(ahead)) <= AROUND
    if not words.startswith("x"):
        assert not words[: at - len(behind)] or words[at - len(behind) - 1].isspace()
        assert words[at + len(ahead)].isspace()
        assert min(len(behind), len(ahead)) > AROUND - 10


def test_two_outlets_with_one_article_id_have_reports_of_their_own(extractor: Extractor) -> None:
    claims = extractor.extract(TEXT, ARTICLE.published).claims
    other = dataclasses.replace(ARTICLE, outlet="other.org", outlet_name="Other", family="other.org")
    assert not {r.id for r in reports_of(ARTICLE, claims)} & {r.id for r in reports_of(other, claims)}


def test_of_too_many_claims_the_most_confident_of_each_event_are_kept_in_the_order_of_the_text(
    extractor: Extractor,
) -> None:
    (claim,) = extractor.extract(TEXT, ARTICLE.published).claims[-1:]
    mover, far = claim.movers[0], dataclasses.replace(claim.movers[0], code="far")

    def at(start: int, confidence: float, force: Force = mover) -> Claim:
        span = dataclasses.replace(claim.evidence, start=start, end=start + 1)
        return dataclasses.replace(claim, evidence=span, confidence=confidence, movers=(force,), places=())

    claims = (*(at(n, 0.5) for n in range(3000)), at(3000, 0.9), at(3001, 0.1, far))
    reports = reports_of(ARTICLE, claims)

    assert [report.claim.evidence.start for report in reports] == [*range(REPORTS - 2), 3000, 3001]
    assert [report.siblings for report in reports] == [REPORTS - 1] * (REPORTS - 1) + [1]


def test_slugs_are_readable_and_keep_country_codes() -> None:
    assert slug("RUS") == "RUS"
    assert slug("Golan Heights") == "golan-heights"
    assert slug("Opération Serval") == "operation-serval"
    assert slug("中国") != ""


def test_a_claim_without_a_place_has_an_event_of_its_own(extractor: Extractor) -> None:
    (claim,) = extractor.extract("Russia has pulled back its ground forces.").claims
    assert event_key(claim.movers[0], claim, None) == "RUS.withdraw.unknown"


def test_the_stage_announces_a_later_version_after_its_reports_and_a_withdrawal_alone() -> None:
    enrich = stage(Surroundings(settings=Settings(), partitions={}))
    received = Received(partition=0, offset=0, timestamp_ms=0)
    first = enrich.step(None, ARTICLE, received)
    assert all(isinstance(o.record, Report) and o.partition_by == o.record.event_key for o in first)
    corrected = enrich.step(None, dataclasses.replace(ARTICLE, version=2, status="corrected"), received)
    assert isinstance(corrected[-1].record, Revision)
    assert corrected[-1].every_partition
    assert len(corrected) == len(first) + 1
    assert (corrected[-1].record.article, corrected[-1].record.family) == ("a1", "example.org")
    withdrawn = enrich.step(None, dataclasses.replace(ARTICLE, version=3, status="withdrawn"), received)
    assert [o.record.withdrawn for o in withdrawn] == [True]


def test_reports_survive_the_way_through_bytes(extractor: Extractor) -> None:
    for report in reports_of(ARTICLE, extractor.extract(TEXT, ARTICLE.published).claims):
        assert decode(encode(report), Report, Revision) == report


@pytest.mark.parametrize(
    ("changes", "long"),
    [
        ({}, True),
        ({"text": "The ferry was late on Monday, the port said."}, False),
        ({"text": "Norway " * 20_000}, True),
        ({"status": "withdrawn"}, False),
    ],
)
def test_what_takes_long_is_known_without_the_model_and_what_does_not_needs_none(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], long: bool
) -> None:
    def no_model(model: str) -> None:
        raise AssertionError(f"{model} is loaded")

    monkeypatch.setattr(extract, "Parser", no_model)
    article = dataclasses.replace(ARTICLE, **changes)
    enrich = stage(Surroundings(Settings(), {}, long_steps_elsewhere=True))
    assert enrich.takes_long is not None

    assert enrich.takes_long(article) is long
    if not long:
        outputs = enrich.step(None, article, Received(0, 0, 0))
        assert [type(output.record) for output in outputs] == ([Revision] if article.status == "withdrawn" else [])
