"""Outlets, agencies and owners: one outlet under all its names, and data that is checked."""

from __future__ import annotations

import pytest

from wirecopy.loading import InvalidData, rows, text_of, texts_of, words_by_kind
from wirecopy.outlets import agency_named, directory, identify, slug_of


@pytest.mark.parametrize(
    ("written", "slug", "family"),
    [
        ("Hurriyet", "hurriyet.com.tr", "demiroren"),
        ("Hürriyet", "hurriyet.com.tr", "demiroren"),
        ("www.hurriyetdailynews.com", "hurriyetdailynews.com", "demiroren"),
        ("The Daily Sabah", "dailysabah.com", "turkuvaz"),
        ("RFE/RL", "rferl.org", "rfe-rl"),
        ("RFE/RL (Radio Free Europe/Radio Liberty)", "rferl.org", "rfe-rl"),
        ("azattyk.org", "azattyk.org", "rfe-rl"),
        ("https://edition.cnn.com/world", "cnn.com", "warner-bros-discovery"),
        ("Reuters", "reuters.com", "reuters"),
        ("ria.ru", "ria.ru", "rossiya-segodnya"),
        ("sputniknews.com", "sputniknews.com", "rossiya-segodnya"),
        ("m.osh-evening-post.example", "osh-evening-post.example", "osh-evening-post.example"),
        ("Osh Evening Post", "osh-evening-post", "osh-evening-post"),
    ],
)
def test_an_outlet_has_one_slug_and_its_owner(written: str, slug: str, family: str) -> None:
    found = identify(written)
    assert (found.slug, found.family) == (slug, family)


def test_an_agency_goes_by_all_its_names_and_no_lower_case_word_is_one() -> None:
    names = ("AP", "The Associated Press", "Associated Press", "A.P.")
    assert {agency.id if (agency := agency_named(name)) else None for name in names} == {"associated-press"}
    assert agency_named("ap") is None
    assert agency_named("Spa town") is None


def test_a_slug_has_no_accents_articles_or_signs() -> None:
    assert slug_of("The Ağrı Postası & Sons") == "agri-postasi-sons"
    assert slug_of("***") == "unnamed"


def test_the_data_files_are_valid_and_no_name_stands_for_two_things() -> None:
    known = directory()
    assert {"reuters", "associated-press", "afp", "tass", "ria-novosti"} <= known.agencies.keys()
    assert {outlet.family for outlet in known.outlet_by_domain.values()} == known.family_names.keys()


def test_a_wrong_entry_is_named_by_file_and_place() -> None:
    with pytest.raises(InvalidData, match=r"agencies\.toml: there is no \[\[agencies\]\]"):
        list(rows("wirecopy", "data/agencies.toml", "agencies"))
    with pytest.raises(InvalidData, match=r"x\.toml, \[\[a\]\] 2: id: expected a text, got 3"):
        text_of("x.toml, [[a]] 2", {"id": 3}, "id")
    with pytest.raises(InvalidData, match="names: expected a list of texts"):
        texts_of("x.toml, [[a]] 2", {"names": ["a", ""]}, "names")


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (("page",), r"page_words\.toml, \[\[words\]\] 2: of: 'section' is none of page, each once"),
        (("page", "section", "other"), r"page_words\.toml: no words of 'other'"),
    ],
)
def test_words_of_a_kind_that_is_not_known_and_kinds_without_words_are_refused(
    kinds: tuple[str, ...], said: str
) -> None:
    with pytest.raises(InvalidData, match=said):
        words_by_kind("agents.ingest", "page_words.toml", "of", kinds)
