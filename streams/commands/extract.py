"""`muster extract`: texts in, claims out, line by line. A stable interface, documented in `docs/interfaces.md`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click
import orjson

from streams.commands.failures import BAD_INPUT, Failure

if TYPE_CHECKING:
    from streams.records import Claim

    Extract = Callable[[str, str | None, str | None], Iterable[Claim]]


@click.command()
def extract() -> None:
    """Read texts as JSONL on standard input, write their claims as JSONL, in the same order, each at once.

    In: {"id", "text", "published"?, "outlet"?}. Out: {"id", "claims": [...]} with offsets into the given text; a line
    that cannot be used gets {"id", "claims": [], "error"}, and the exit code is 5 at the end.
    """
    from agents.enrich.extract import load
    from streams.settings import Settings

    extractor = load(Settings.from_environment())

    def claims_of(text: str, published: str | None, outlet: str | None) -> Iterable[Claim]:
        return extractor.extract(text, published, outlet).claims

    bad = 0
    for answer in answers(sys.stdin.buffer, claims_of):
        if "error" in answer:
            bad += 1
            click.echo(f"muster extract: {answer['error']}", err=True)
        sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
        sys.stdout.buffer.flush()
    if bad:
        raise Failure(f"{bad} line{'s' * (bad != 1)} of the input could not be used", BAD_INPUT)


def answers(lines: Iterable[bytes], claims_of: Extract) -> Iterator[dict[str, Any]]:
    """One answer for every line that is not empty, in the same order."""
    for number, line in enumerate(lines, start=1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        identity: Any = None
        try:
            value = _object(line)
            identity = _identity(value)
            asked = _question(value)
            try:
                claims = [as_json(claim) for claim in claims_of(asked.text, asked.published, asked.outlet)]
            except Exception as error:
                raise _BadLine("text", f"extraction failed with {type(error).__name__}: {error}") from error
            yield {"id": identity, "claims": claims}
        except _BadLine as error:
            yield {"id": identity, "claims": [], "error": f"line {number}: {error}"}


def as_json(claim: Claim) -> dict[str, Any]:
    """A claim as this interface shows it: codes in short, and the full parties beside them."""
    from streams.commands.showing import named

    full = asdict(claim)
    speaker = full["speaker"]
    return {
        "act": claim.act,
        "status": claim.status,
        "stance": claim.stance,
        "mover": _codes(claim.movers),
        "agent": _codes(claim.agents),
        "place": _codes(claim.places),
        "place_name": [named(place.name, place.code) for place in claim.places],
        "origin": _codes(claim.origins),
        "count": [mover.count and asdict(mover.count) for mover in claim.movers],
        "when": full["when"],
        "speaker": speaker if speaker and any(speaker.values()) else None,
        "evidence": full["evidence"],
        "trigger": full["trigger"],
        "quote": full["quote"],
        "chain": full["chain"],
        "codes": full["codes"],
        "confidence": claim.confidence,
        "rules": full["rules"],
        "movers": full["movers"],
        "agents": full["agents"],
        "places": full["places"],
        "origins": full["origins"],
    }


class _BadLine(ValueError):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")


@dataclass(frozen=True, slots=True)
class _Question:
    text: str
    published: str | None
    outlet: str | None


def _object(line: bytes) -> Mapping[str, Any]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _BadLine("JSON", str(error)) from None
    if not isinstance(value, dict):
        raise _BadLine("JSON", 'an object is needed: {"id": ..., "text": ...}')
    return value


def _identity(value: Mapping[str, Any]) -> Any:
    from streams.articles_in import as_given

    try:
        return as_given(value.get("id"))
    except ValueError as error:
        raise _BadLine("id", str(error)) from None


def _question(value: Mapping[str, Any]) -> _Question:
    from streams.articles_in import as_time

    if "id" not in value:
        raise _BadLine("id", "missing")
    if not isinstance(value.get("text"), str):
        raise _BadLine("text", "a string is needed" if "text" in value else "missing")
    for field in ("published", "outlet"):
        if not isinstance(value.get(field), str | None):
            raise _BadLine(field, "a string is needed, or nothing")
    published = value.get("published")
    if published is not None:
        try:
            published = as_time(published)
        except ValueError as error:
            raise _BadLine("published", str(error)) from None
    return _Question(value["text"], published, value.get("outlet"))


def _codes(parties: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(party.code for party in parties))
