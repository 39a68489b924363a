"""Reports that are told only to be dismissed, by the order of the words: "there is no truth to rumours that ...", "claims of
... are baseless", "it is untrue that ...".

The parse of a sentence that embeds what is said under what is said of it goes astray too often to be relied on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from agents.enrich.claims.denials import DISMISSIVE
from agents.enrich.claims.stances import FALSE, TALK
from agents.enrich.language.parse import Parsed
from agents.enrich.language.syntax import lemma
from agents.enrich.language.word_lists import word_list


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


_REPORT = rf"(?:{_any_of(TALK)})s?|stories"
_LACKING = _any_of(word_list("dismissals.lacking"))
_TRUE = _any_of(word_list("dismissals.true"))
_CALLED = _any_of(DISMISSIVE | word_list("dismissals.called"))
_OPENS = (
    r"(?: in (?:the|some) \w+)? (?:that|of|about|on|over|suggesting|saying|claiming|alleging|concerning|regarding)\b"
)
"""What opens the words of a report."""
_BE = r"(?:is|are|was|were|be|been|remain|remains)"
_HOW = r"(?:(?!not\b)\w+ ){0,2}?"
_OFF_IT = re.compile(r"[;—]|,? (?:but|although|though|whereas|while|even as) |, and ")
"""What ends a report that is dismissed, so that what follows is told in earnest."""
_NO_TRUTH = re.compile(
    rf"\b(?:no|not any|n['’]t any|without(?: any)?) (?:\w+ )?(?:{_LACKING})(?: whatsoever| at all)? (?:to|in|for|behind|of) "
    rf"(?:[\w'’.-]+ ){{0,5}}?(?:{_REPORT}){_OPENS}",
    re.IGNORECASE,
)
"""Before what is dismissed: "there is no truth to media reports that"."""
_IT_IS_UNTRUE = re.compile(
    rf"\bit(?: {_BE}|['’]s) (?:(?:not|n['’]t) {_HOW}(?:{_TRUE}|the case)|{_HOW}(?:an? (?:\w+ )?)?(?:{_any_of(FALSE)}))"
    r"(?: to (?:say|claim|suggest|report))? that\b",
    re.IGNORECASE,
)
"""Before what is dismissed: "it is simply not true that"."""
_UNTRUE = re.compile(
    rf"\b{_BE} (?:(?:not|far from) {_HOW}(?:{_TRUE})|{_HOW}(?:an? )?{_HOW}(?:{_CALLED})|{_HOW}without (?:any )?(?:{_LACKING})"
    rf"|{_HOW}devoid of (?:any )?(?:{_LACKING}))\b|\b(?:is|are|was|were)n['’]t {_HOW}(?:{_TRUE})\b"
    rf"|\b(?:have|has|had) no {_HOW}(?:{_LACKING})\b",
    re.IGNORECASE,
)
"""Behind what is dismissed: "are completely baseless"."""
_A_REPORT = re.compile(
    rf"(?:^|[\"“”‘,:]|\b(?:that|said|says|called|and|but)) ?(?:[\w'’.-]+ ){{0,4}}?(?:{_REPORT}){_OPENS}", re.IGNORECASE
)
"""The beginning of a clause whose subject is a report."""


def dismissed(predicate: Any, parsed: Parsed) -> bool:
    """Whether what a predicate tells is what a report tells that the sentence calls untrue."""
    text = parsed.sentence.text
    before, behind = text[: predicate.idx], text[predicate.idx :]
    for opening in (_NO_TRUTH, _IT_IS_UNTRUE):
        for match in opening.finditer(before):
            if _OFF_IT.search(before, match.end()) is None:
                return True
    if not any(_OFF_IT.search(before, report.end()) is None for report in _A_REPORT.finditer(before)):
        return False
    verdict = _UNTRUE.search(behind)
    return verdict is not None and _OFF_IT.search(behind[: verdict.start()]) is None


def is_report(token: Any) -> bool:
    """Whether a word is one for what people say, whatever the parser takes it for: "media reports that"."""
    return lemma(token) in TALK or token.lower_.removesuffix("s") in TALK
