"""Real text: how prose is taken out of a page, and how claims are counted against hand judgements."""

import bz2

import pytest

from agents.enrich.extract import load
from bench import corpora
from streams.settings import Settings

TOLD = "France sent 200 soldiers to Chad."
PAGE = """{{Infobox|a={{nested}}}}
'''Chad''' is a [[country|land]] in [[Africa]].<ref name="a">A note.</ref><!-- hidden -->
[[File:map.png|thumb|The [[map]] of Chad]]
== History ==
* a list
{| class="x"
| a table
|}
France sent 200 [[soldier]]s to [https://example.org Chad].

== See also ==
Germany sent 300 soldiers to Mali."""


@pytest.fixture
def folder(tmp_path):
    data = tmp_path / "gensim" / "test" / "test_data"
    data.mkdir(parents=True)
    news = f"{TOLD} The mayor opened a new school on Tuesday.\n{TOLD} Nobody saw it in the old town.\n"
    (data / "lee_background.cor").write_text(news, encoding="cp1252")
    (data / "lee.cor").write_text("The price was £5 in all of the shops.\n", encoding="cp1252")
    pages = f"<mediawiki xmlns='x'><page><text>{PAGE.replace('<', '&lt;')}</text></page><page><text>#REDIRECT [[Chad]]</text></page></mediawiki>"
    (data / "enwiki-x-shortened.bz2").write_bytes(bz2.compress(pages.encode()))
    return tmp_path


def test_prose_of_a_page():
    assert corpora.prose(PAGE).split("\n\n") == ["Chad is a land in Africa.", "France sent 200 soldiers to Chad."]


def test_the_hash_of_a_sentence_does_not_depend_on_spaces_and_marks():
    assert corpora.digest(' "France  sent\ntroops" ') == corpora.digest("France sent troops.")
    assert corpora.digest("France sent troops.") != corpora.digest("France sent no troops.")


def test_counts_each_sentence_once_and_unjudged_claims_as_false(folder, tmp_path):
    extractor = load(Settings())
    outcome = corpora.measure(extractor, folder, tmp_path / "none.tsv")
    assert outcome is not None
    assert outcome.sentences == {"news": 4, "encyclopedia": 1}
    assert [(f.sentence, f.verdict, f.false) for f in outcome.found] == [(TOLD, None, True)]
    assert outcome.per_thousand() == pytest.approx(200)

    judged = tmp_path / "judged.tsv"
    judged.write_text(f"# comment\n{corpora.digest(TOLD)}\tsend\tdeployment\n", encoding="utf-8")
    outcome = corpora.measure(extractor, folder, judged)
    assert outcome is not None
    assert [f.verdict for f in outcome.found] == ["deployment"]
    assert outcome.per_thousand() == 0


def test_the_judgements_kept_are_readable():
    judged = corpora.verdicts()
    assert judged
    assert set(judged.values()) <= {"deployment", "false"}
    assert all(len(hashed) == 16 for hashed, _ in judged)
