"""Raw articles from files: JSONL (one article a line), JSON (one, or an array), .txt, .html, folders of these, standard input.
Documents of agencies among them, ninjs (.json) and NewsML-G2 (.xml), are read as the articles that they hold.

What is JSON passes on byte for byte: whether it is a valid article is the business of ingest, which puts what is not
into dead-letters with the reason. Here only what is no JSON object at all is refused.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import orjson

from streams.identity import article_id, digest
from streams.records import encode

SUFFIXES = (".jsonl", ".ndjson", ".json", ".xml", ".txt", ".html", ".htm")
DOCUMENT_BYTES = 50_000_000
"""Largest document of an agency that is read."""


@dataclass(frozen=True, slots=True)
class ArticleIn:
    """The bytes of one raw article. `where` tells a person its place: "a.jsonl:12", "b.txt"."""

    where: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Unusable:
    """A place in the input that holds no article, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What a file that does not say so itself is given: an outlet, and a time of publication (RFC 3339)."""

    outlet: str | None = None
    published: str | None = None


class NoSuchInput(ValueError):
    """A path that cannot be read, or holds no kind of file that is known."""


def files_of(paths: Iterable[str]) -> list[str]:
    """The files that `paths` mean, folders searched through, in the order of their names. "-" stands for standard input.

    Raises `NoSuchInput`.
    """
    found: list[str] = []
    for path in paths:
        if path == "-":
            found.append(path)
            continue
        place = Path(path)
        if place.is_dir():
            inside = sorted(str(p) for p in place.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            if not inside:
                raise NoSuchInput(f"{path}: no file in it ends in {', '.join(SUFFIXES)}")
            found += inside
        elif not place.exists():
            raise NoSuchInput(f"{path}: there is no such file")
        elif place.suffix.lower() not in SUFFIXES:
            raise NoSuchInput(f"{path}: not a kind of file that holds articles ({', '.join(SUFFIXES)})")
        else:
            found.append(path)
    return found


def read(paths: Iterable[str], defaults: Defaults | None = None) -> Iterator[ArticleIn | Unusable]:
    """Every article of the files that `paths` mean, one at a time: a file of lines is never held as a whole.

    Raises `NoSuchInput`.
    """
    defaults = defaults or Defaults()
    for path in files_of(paths):
        if path == "-":
            yield from lines_of(sys.stdin.buffer, "line ")
            continue
        try:
            suffix = Path(path).suffix.lower()
            if suffix in (".jsonl", ".ndjson"):
                with open(path, "rb") as stream:
                    yield from lines_of(stream, f"{path}:")
            elif suffix == ".json":
                yield from _whole_json(path, defaults)
            elif suffix == ".xml":
                yield from _document(path, defaults)
            elif suffix == ".txt":
                yield _plain_text(path, defaults)
            else:
                yield _page(path, defaults)
        except OSError as error:
            raise NoSuchInput(f"{path}: {error.strerror}") from None


def lines_of(stream: Iterable[bytes], place: str) -> Iterator[ArticleIn | Unusable]:
    """The articles of a JSONL stream, the bytes of each line unchanged. Empty lines are passed over."""
    for number, line in enumerate(stream, start=1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        line = line.strip()
        if line:
            yield _checked(f"{place}{number}", line)


def as_given(identity: Any) -> Any:
    """An id as its author wrote it, for an answer. Raises ValueError for one that could not be written so again.

    JSON is read to a greater depth than it is written, and a whole number of more than 64 bits is read as a float,
    which is another number.
    """
    try:
        orjson.dumps(identity)
    except TypeError:
        raise ValueError("nested too deeply to be given back") from None
    if not _exact(identity):
        raise ValueError("a number of more than 64 bits cannot be given back as it is; write it as text")
    return identity


def _exact(value: Any) -> bool:
    if isinstance(value, float):
        return abs(value) < 2**63 or not value.is_integer()
    if isinstance(value, dict):
        return all(map(_exact, value.values()))
    return not isinstance(value, list) or all(map(_exact, value))


def raw_key(payload: bytes) -> str:
    """The message key of a raw article: its id as ingest derives it.

    What names no article gets a key of its own bytes: ingest will put it among the dead letters, from any partition.
    """
    return raw_key_and_time(payload)[0]


def raw_key_and_time(payload: bytes) -> tuple[str, str | None]:
    """`raw_key`, and when the article says that it was published, in RFC 3339 and UTC; None where it does not say so in a
    form that is known."""
    value: Any = None
    try:
        value = orjson.loads(payload)
        key = article_id(_Names(_text(value.get("id")), _text(value.get("url"))))
    except (ValueError, AttributeError):
        key = f"x-{digest(payload.decode('utf-8', 'replace'))}"
    try:
        return key, as_time(value["published"])
    except (ValueError, TypeError, KeyError):
        return key, None


def as_time(text: str) -> str:
    """A date or time as people write it in ISO 8601, as RFC 3339 in UTC; without an offset it is UTC.

    Raises ValueError that says what is expected.
    """
    try:
        if len(text) == len("2017-06-22"):
            moment = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no time such as 2017-06-22 or 2017-06-22T14:05:00Z") from None
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


@dataclass(frozen=True, slots=True)
class _Names:
    id: str | None
    url: str | None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _checked(where: str, line: bytes) -> ArticleIn | Unusable:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Unusable(where, f"no JSON: {error}")
    if not isinstance(value, dict):
        return Unusable(where, "not a JSON object")
    return ArticleIn(where, line)


def _whole_json(path: str, defaults: Defaults) -> Iterator[ArticleIn | Unusable]:
    from feeds.ninjs import is_ninjs

    raw = Path(path).read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        yield Unusable(path, f"no JSON: {error}")
        return
    if any(map(is_ninjs, value if isinstance(value, list) else [value])):
        yield from _document(path, defaults)
        return
    if isinstance(value, dict):
        yield _written(path, value)
        return
    if not isinstance(value, list):
        yield Unusable(path, "neither a JSON object nor an array of objects")
        return
    for index, element in enumerate(value):
        where = f"{path}[{index}]"
        if isinstance(element, dict):
            yield _written(where, element)
        else:
            yield Unusable(where, "not a JSON object")


def _written(where: str, value: dict[str, Any]) -> ArticleIn | Unusable:
    try:
        return ArticleIn(where, orjson.dumps(value))
    except TypeError as error:
        return Unusable(where, f"nested too deeply: {error}")


def _document(path: str, defaults: Defaults) -> Iterator[ArticleIn | Unusable]:
    """The articles of ninjs, NewsML-G2, and of a feed that was saved."""
    from feeds.entry import Problem, Unreadable
    from feeds.filed import articles_of
    from feeds.reading import read_document

    raw = Path(path).read_bytes()
    if len(raw) > DOCUMENT_BYTES:
        yield Unusable(path, f"{len(raw):,} bytes, more than {DOCUMENT_BYTES:,}")
        return
    try:
        document = read_document(raw)
    except Unreadable as error:
        yield Unusable(path, str(error))
        return
    now = as_time(datetime.now(UTC).isoformat())
    for found in articles_of(document, outlet=defaults.outlet, published=defaults.published, now=now):
        if isinstance(found, Problem):
            yield Unusable(path, str(found))
        else:
            yield ArticleIn(f"{path}: {found.id}", encode(found))


def _plain_text(path: str, defaults: Defaults) -> ArticleIn | Unusable:
    """First line that is not empty: the title. The rest: the body."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return Unusable(path, f"not UTF-8 text: {error}")
    title, _, body = text.strip().partition("\n")
    if not body.strip():
        return Unusable(path, "a first line (the title) and text after it are needed")
    if missing := _missing(path, defaults.outlet, defaults.published):
        return missing
    identity = f"t-{digest(defaults.outlet, defaults.published, text.strip())}"
    return ArticleIn(
        path,
        orjson.dumps(
            {
                "id": identity,
                "outlet": defaults.outlet,
                "published": defaults.published,
                "title": title.strip(),
                "body": body.strip(),
            }
        ),
    )


def _page(path: str, defaults: Defaults) -> ArticleIn | Unusable:
    raw = Path(path).read_bytes()
    html = raw.decode("utf-8-sig", "replace")
    head = _Head()
    head.feed(html)
    outlet = head.found.get("og:site_name") or defaults.outlet
    published = head.found.get("article:published_time") or defaults.published
    try:
        published = published and as_time(published)
    except ValueError:
        published = defaults.published
    if missing := _missing(path, outlet, published):
        return missing
    article: dict[str, str | None] = {"outlet": outlet, "published": published, "html": html}
    title = head.found.get("og:title") or head.found.get("title")
    if title:
        article["title"] = title
    url = head.found.get("canonical") or head.found.get("og:url")
    if url:
        article["url"] = url
    else:
        article["id"] = f"t-{digest(outlet, published, title or html)}"
    return ArticleIn(path, orjson.dumps(article))


def _missing(path: str, outlet: str | None, published: str | None) -> Unusable | None:
    if not outlet:
        return Unusable(path, "the file does not say its outlet: give --outlet")
    if not published:
        return Unusable(path, "the file does not say when it was published: give --published")
    return None


class _Head(HTMLParser):
    """What a page says about itself in its head: site, title, address, time of publication."""

    _WANTED = frozenset({"og:site_name", "og:title", "og:url", "article:published_time"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (given.get("property") or given.get("name") or "").lower()
            if name in self._WANTED and given.get("content", "").strip():
                self.found.setdefault(name, given["content"].strip())
        elif tag == "link" and "canonical" in given.get("rel", "").lower().split() and given.get("href"):
            self.found.setdefault("canonical", given["href"].strip())
        elif tag == "title":
            self._in_title = "title" not in self.found

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title and data.strip():
            self.found["title"] = (self.found.get("title", "") + " " + data.strip()).strip()
