"""The alert rules: each fires and does not at its edge, says what to do, and somebody can be told."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from streams.commands.main import muster
from tests.deployment.shown import PROMETHEUS, ROOT, rules
from tests.programs import program

RUNBOOK = ROOT / "docs" / "runbook.md"
ALERTMANAGER = ROOT / "dashboards" / "alertmanager" / "alertmanager.yml"
NAMES = [rule["alert"] for rule in rules()]
SEVERITIES = {"critical", "warning"}


def run(*command: str, cwd: Path = PROMETHEUS) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_accepts_its_configuration_and_rules() -> None:
    run(program("promtool"), "check", "config", "prometheus.yml")


def test_each_rule_fires_and_does_not_at_its_edge() -> None:
    run(program("promtool"), "test", "rules", "rules.test.yml")


def test_no_rule_is_without_both_kinds_of_test() -> None:
    tests = yaml.safe_load((PROMETHEUS / "rules.test.yml").read_text(encoding="utf-8"))["tests"]
    checks = [check for group in tests for check in group["alert_rule_test"]]
    assert {check["alertname"] for check in checks if check["exp_alerts"]} == set(NAMES)
    assert {check["alertname"] for check in checks if not check["exp_alerts"]} == set(NAMES)


def test_rules_have_names_and_severities_of_their_own() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert {rule["labels"]["severity"] for rule in rules()} == SEVERITIES


def test_alertmanager_accepts_its_configuration() -> None:
    run(program("amtool"), "check-config", str(ALERTMANAGER))


def test_what_holds_a_message_back_names_rules_and_labels_that_exist() -> None:
    config = yaml.safe_load(ALERTMANAGER.read_text(encoding="utf-8"))
    matchers = [
        matcher for rule in config["inhibit_rules"] for matcher in (*rule["source_matchers"], *rule["target_matchers"])
    ]
    named = {name for matcher in matchers for name in re.findall(r"Muster\w+", matcher)}
    assert named
    assert named <= set(NAMES)
    for rule in config["inhibit_rules"]:
        for label in rule.get("equal", ()):
            names = re.findall(r"Muster\w+", " ".join((*rule["source_matchers"], *rule["target_matchers"])))
            assert all(f"by ({label})" in expr or f", {label})" in expr for expr in map(expression, names))
    severities = {
        value for route in config["route"]["routes"] for value in re.findall(r'"(\w+)"', str(route["matchers"]))
    }
    assert severities <= SEVERITIES


def expression(name: str) -> str:
    return next(rule["expr"] for rule in rules() if rule["alert"] == name)


# --- the runbook ------------------------------------------------------------------------------------------------


def sections() -> dict[str, str]:
    """The runbook's sections by the anchors that they have on a rendered page."""
    parts = re.split(r"^## (.+)$", RUNBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-"): text
        for title, text in zip(parts[1::2], parts[2::2], strict=True)
    }


@pytest.mark.parametrize("rule", rules(), ids=NAMES)
def test_each_rule_has_its_section_in_the_runbook(rule: dict[str, dict[str, str]]) -> None:
    path, _, anchor = rule["annotations"]["runbook"].partition("#")
    assert ROOT / path == RUNBOOK
    assert anchor == str(rule["alert"]).lower()
    told = sections()[anchor]
    for part in ("**Means**", "**The desk sees**", "**Look**", "**Do**", "**Over when**"):
        assert told.count(part) == 1, part


def test_the_runbook_tells_of_no_rule_that_there_is_not() -> None:
    named = set(re.findall(r"\bMuster[A-Z]\w+", RUNBOOK.read_text(encoding="utf-8")))
    assert named == set(NAMES)


def commands_in_the_runbook() -> list[list[str]]:
    text = RUNBOOK.read_text(encoding="utf-8")
    found = re.findall(r"(?:^    |`)muster ([^`#\n]+)", text, flags=re.MULTILINE)
    return [command.split() for command in dict.fromkeys(map(str.strip, found))]


@pytest.mark.parametrize("words", commands_in_the_runbook() if RUNBOOK.exists() else [], ids=" ".join)
def test_each_command_that_the_runbook_names_exists_with_its_options(words: list[str]) -> None:
    command = muster
    context = command.make_context("muster", [], resilient_parsing=True)
    for word in words:
        if hasattr(command, "get_command") and not word.startswith("-"):
            found = command.get_command(context, word)
            assert found is not None, word
            command = found
        elif word.startswith("-"):
            options = {
                option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
            }
            assert word in options, word


def test_the_runbooks_queries_name_metrics_of_rules_or_dashboards() -> None:
    from tests.deployment.test_dashboards import labels_by_series

    named = set(re.findall(r"\b(?:muster|process)_\w+", RUNBOOK.read_text(encoding="utf-8")))
    assert named
    assert named <= labels_by_series().keys()
