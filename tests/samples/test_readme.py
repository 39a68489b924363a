"""The README promises what runs: its picture is what the samples give, its commands exist, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from streams.commands.main import COMMANDS
from streams.dry_run import Published, settled
from streams.records import Alert

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
KINDS = ("NEW", "CORROBORATED", "CONTESTED", "FIRMER", "CHANGED", "CALLED OFF", "RETRACTED")


def _picture() -> list[str]:
    """The alerts of the picture, each with its white space as single blanks."""
    block = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    assert block is not None
    return [
        " ".join(part.replace("│", " ").split()) for part in re.split(r"\n\s*\n", block[1]) if part.startswith(KINDS)
    ]


def test_every_alert_of_the_picture_is_raised_by_the_samples_with_its_words(in_order: Published) -> None:
    alerts: list[Alert] = settled("alerts.v1", in_order.messages["alerts.v1"])

    pictured = _picture()
    assert len(pictured) >= 2
    for shown in pictured:
        raised = [a for a in alerts if shown.startswith(f"{a.kind.replace('-', ' ').upper()} {a.headline}")]
        assert len(raised) == 1, shown
        assert all(" ".join(line.split()) in shown for line in raised[0].sources)
        assert " ".join(raised[0].evidence[0].text.split()) in shown


def test_commands_of_the_readme_exist() -> None:
    named = set(re.findall(r"^(?:.*\$\()?muster ([a-z-]+)", README, re.MULTILINE))
    table = {
        name for row in re.findall(r"^\| (`.*?`) \|", README, re.MULTILINE) for name in re.findall(r"`([a-z-]+)`", row)
    }

    assert named
    assert named | table <= set(COMMANDS)
    assert set(COMMANDS) <= table


def test_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for target in re.findall(r"^make ([a-z]+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_links_of_the_readme_lead_to_files() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)

    assert links
    assert [link for link in links if not link.startswith("http") and not (ROOT / link).exists()] == []
