"""False claims in real text: how many claims are found in text of which nobody expects any, and every one of them shown.

The text comes out of an installed package, which bench/README.md names with its licences; none of it is in this checkout.
What a claim found there is worth is judged by hand, and bench/judged.tsv keeps that by a hash of the sentence and the act.
A sentence that tells of that act of a force, today's or of 1776, is a deployment, even where another field of the claim is
wrong: what is counted here is false alarms. A claim that nobody judged counts as false, so that a new rule cannot hide
behind an old figure.
"""

from __future__ import annotations

import bz2
import hashlib
import html
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import iterparse

from agents.enrich.extract import Extractor
from agents.enrich.language.sentences import split
from streams.records import Claim

BENCH = Path(__file__).resolve().parent
FOLDER = BENCH.parent / "build" / "corpora"
JUDGED = BENCH / "judged.tsv"
WORDS = 5
"""A sentence has so many words at least; shorter pieces are headings, captions and names."""
TARGET = 3.0
"""False claims per thousand sentences at most."""
INSTALL = "make corpora"


@dataclass(frozen=True, slots=True)
class Document:
    corpus: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A claim in real text, with the hand judgement of its sentence where there is one."""

    corpus: str
    sentence: str
    claim: Claim
    verdict: str | None

    @property
    def false(self) -> bool:
        return self.verdict != "deployment"


@dataclass(slots=True)
class Outcome:
    sentences: dict[str, int] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)

    @property
    def read(self) -> int:
        return sum(self.sentences.values())

    def per_thousand(self, corpus: str | None = None) -> float:
        read = self.read if corpus is None else self.sentences[corpus]
        false = sum(f.false and corpus in (None, f.corpus) for f in self.found)
        return 1000 * false / max(1, read)


def gensim_data(folder: Path = FOLDER) -> Path | None:
    """The texts that gensim is tested with: installed by `make corpora`, or wherever gensim is."""
    for base in (folder, _installed("gensim")):
        if base is not None:
            for data in (base / "gensim" / "test" / "test_data", base / "test" / "test_data"):
                if data.is_dir():
                    return data
    return None


def _installed(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def documents(folder: Path = FOLDER) -> Iterator[Document]:
    """All texts there are; none where no package of them is installed."""
    data = gensim_data(folder)
    if data is not None:
        for name in ("lee_background.cor", "lee.cor"):
            for line in (data / name).read_text(encoding="cp1252", errors="replace").splitlines():
                yield Document("news", line)
        for dump in sorted(data.glob("enwiki-*-shortened.bz2")):
            for text in _pages(dump):
                yield Document("encyclopedia", text)


def _pages(dump: Path) -> Iterator[str]:
    """The prose of the pages of a dump."""
    # The file is part of a pinned package, not input of anybody else.
    with bz2.open(dump, "rb") as dumped:
        for _, element in iterparse(dumped):  # noqa: S314 - of an installed package
            if element.tag.endswith("}text") and element.text and element.text[:9].lower() != "#redirect":
                yield prose(element.text)
            element.clear()


def prose(wikitext: str) -> str:
    """The running text of a page: no templates, tables, notes, lists, headings or pictures, and nothing of the appendices."""
    text = re.split(r"\n==\s*(?:See also|Notes|References|Further reading|External links|Bibliography)", wikitext)[0]
    text = html.unescape(text)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"<ref[^>]*/>|<(ref|math|gallery|timeline|code|pre|small)\b.*?</\1>", "", text, flags=re.DOTALL)
    for inner in (
        r"\{\{[^{}]*\}\}",
        r"\{\|[^{}]*\|\}",
        r"\[\[(?:File|Image|Category):(?:[^\[\]]|\[\[[^\[\]]*\]\])*\]\]",
    ):
        before = None
        while before != text:
            before, text = text, re.sub(inner, "", text)
    text = re.sub(r"\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]", r"\1", text)
    text = re.sub(r"\[https?:\S*\s?([^\]]*)\]", r"\1", text)
    text = re.sub(r"<[^>]*>|'{2,}|\(\s*[;,]?\s*\)", "", text)
    kept = [line.strip() for line in text.split("\n") if line[:1] not in "*#:;|!={}"]
    return "\n\n".join(line for line in kept if line)


def digest(sentence: str) -> str:
    """What a sentence is filed under: case, spaces and marks around it do not matter."""
    plain = " ".join(re.findall(r"\w+", sentence.lower()))
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def verdicts(path: Path = JUDGED) -> dict[tuple[str, str], str]:
    """The hand judgements: "deployment" or "false" by the hash of a sentence and the act claimed of it."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {(row[0], row[1]): row[2] for row in rows}


def sentences_of(text: str) -> list[str]:
    return [s.text for s in split(text) if len(s.text.split()) >= WORDS]


def measure(extractor: Extractor, folder: Path = FOLDER, judged: Path = JUDGED) -> Outcome | None:
    """Every claim of the installed texts, each sentence counted once; nothing where no texts are installed."""
    known = verdicts(judged)
    outcome = Outcome()
    read: set[str] = set()
    told: set[tuple[str, str, str]] = set()
    for document in documents(folder):
        fresh = {digest(s) for s in sentences_of(document.text)} - read
        read |= fresh
        outcome.sentences[document.corpus] = outcome.sentences.get(document.corpus, 0) + len(fresh)
        for claim in extractor.extract(document.text).claims:
            sentence = " ".join(document.text[claim.evidence.start : claim.evidence.end].split())
            movers = ",".join(m.code for m in claim.movers)
            key = (digest(sentence), claim.act, movers)
            if key not in told:
                told.add(key)
                outcome.found.append(Found(document.corpus, sentence, claim, known.get(key[:2])))
    return outcome if outcome.read else None
