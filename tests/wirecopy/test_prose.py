"""The prose of a body, and where in it a credit counts."""

from __future__ import annotations

import pytest

from wirecopy.prose import prose_of

LEAD = "Chile has sent 70 soldiers to Haiti, a harbour pilot said on Sunday."
MORE = "They had come by truck and slept in a school."


@pytest.mark.parametrize(
    "caption",
    [
        "Soldiers near Goma. (AFP)",
        "Soldiers near Goma. [AFP]",
        "Soldiers near Goma. - AFP",
        "A tank. — AP",
        "“We go.” (Reuters)",
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_caption_that_ends_in_an_agency_credits_nobody_and_its_ending_is_no_prose(caption: str, place: int) -> None:
    body = [LEAD, MORE]
    body.insert(place, caption)
    prose = prose_of(body)
    assert prose.credits == ()
    assert prose.pieces[place].text in ("Soldiers near Goma.", "A tank.", "“We go.”")


@pytest.mark.parametrize(
    ("line", "agencies"),
    [
        ("jm/rt (AFP, Reuters, dpa)", ["afp", "reuters", "dpa"]),
        ("dpa/ap/kms", ["dpa", "associated-press"]),
        ("afp/kms", ["afp"]),
        ("Reuters in Nairobi", ["reuters"]),
        ("John Smith, AFP", ["afp"]),
        ("Jane Roe/Reuters", ["reuters"]),
        ("Reuters/Shamsher", []),
        ("ap/kms", []),
        ("and/or", []),
        ("CNN in Moscow", []),
        ("John Smith, NATO", []),
        ("Troops land, AFP", []),
        ("Yesterday, AFP", []),
        ("Troops/AFP", []),
        ("Ministry of Defence, AFP", []),
    ],
)
def test_a_signature_credits_at_the_end_alone(line: str, agencies: list[str]) -> None:
    assert [credit.agency for credit in prose_of([LEAD, MORE, line]).credits] == agencies
    assert prose_of([LEAD, line, MORE]).credits == ()


@pytest.mark.parametrize(
    "after", [[], ["Source: Interfax"], ["Jane Doe, desk two"], ["(Reporting by Jane Doe)", "Troops leave Haiti"]]
)
def test_an_ending_credits_where_the_body_does_not_go_on(after: list[str]) -> None:
    found = [credit.agency for credit in prose_of([LEAD, f"{MORE} - AFP", *after]).credits]
    assert found == ["afp", *(["interfax"] if "Source: Interfax" in after else [])]
