"""What holds for every command: it starts quickly, says what is wrong, and ends with the code that says whose turn it is."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from streams.commands import failures
from streams.commands.main import COMMANDS, LazyGroup, muster

CHECKOUT = Path(__file__).resolve().parents[2]


def run(*arguments: str, settings: dict[str, str] | None = None, text: str = "") -> subprocess.CompletedProcess[str]:
    """The command line as a person calls it, with no settings but those given."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    return subprocess.run(
        [sys.executable, "-m", "streams.commands.main", *arguments],
        input=text,
        capture_output=True,
        text=True,
        env={**environment, **(settings or {})},
        cwd=CHECKOUT,
        check=False,
    )


def test_the_overview_names_every_command() -> None:
    result = run("--help")
    assert result.returncode == 0
    for name in COMMANDS:
        assert f"  {name} " in result.stdout


def test_the_overview_imports_nothing_that_is_slow() -> None:
    program = (
        "import sys\n"
        "from streams.commands.main import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n    print(sorted({m.split('.')[0] for m in sys.modules}), file=sys.stderr)\n"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    for slow in ("spacy", "faust", "kafka", "aiokafka", "numpy", "trafilatura", "rich", "agents", "msgspec"):
        assert f"'{slow}'" not in result.stderr


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_loads_under_its_name_and_explains_itself(name: str) -> None:
    assert isinstance(muster, LazyGroup)
    command = muster.get_command(click.Context(muster), name)
    assert command is not None
    assert command.name == name
    assert command.help
    assert f"{COMMANDS[name].about[0]}".isupper()


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version").stdout.strip() == f"muster, version {version('muster')}"


@pytest.mark.parametrize(
    "arguments",
    [["nothing"], ["feed"], ["tail", "nonsense.v1"], ["feed", "--rate", "-1", "x"], ["dry-run", "--json", "x"]],
)
def test_a_wrong_command_line_is_a_usage_error(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.returncode == failures.USAGE
    assert "Traceback" not in result.stderr


def test_a_wrong_setting_is_named() -> None:
    result = run("topics", "create", settings={"MUSTER_PARTITIONS": "none"})
    assert result.returncode == failures.SETTINGS
    assert result.stderr.startswith("muster: MUSTER_PARTITIONS: 'none'")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("arguments", [["topics", "describe"], ["tail", "alerts"], ["feed", "samples"], ["run"]])
def test_without_a_broker_by_name_the_setting_is_missing(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.returncode == failures.SETTINGS
    assert "MUSTER_BROKER" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("arguments", [["topics", "describe"], ["tail", "alerts"], ["feed", "samples"], ["run"]])
def test_a_broker_that_does_not_answer_is_named(arguments: list[str]) -> None:
    result = run(*arguments, settings={"MUSTER_BROKER": "127.0.0.1:1"})
    assert result.returncode == failures.BROKER
    assert "127.0.0.1:1" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["feed", "dry-run", "explain"])
def test_a_file_that_is_not_there_is_bad_input(command: str) -> None:
    result = run(command, "no-such-file.jsonl", settings={"MUSTER_BROKER": "127.0.0.1:1"})
    assert result.returncode == failures.BAD_INPUT
    assert "no-such-file.jsonl: there is no such file" in result.stderr


@pytest.mark.parametrize(
    "arguments", [["settings"], ["schemas", "events.v1"], ["dry-run", "--json", "stories", "samples"]]
)
def test_a_reader_who_has_seen_enough_is_no_error(arguments: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "streams.commands.main", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=CHECKOUT,
        env={name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr as stream:
        said = stream.read()
    assert process.wait() == 0
    assert said == b""


def test_every_exit_code_is_documented() -> None:
    page = (CHECKOUT / "docs" / "interfaces.md").read_text(encoding="utf-8")
    codes = {value for name, value in vars(failures).items() if name.isupper() and isinstance(value, int)}
    assert len(codes) >= 6
    for code in codes | {0, 1}:
        assert f"| {code} | " in page


def test_an_interrupt_while_the_program_is_being_loaded_is_no_traceback() -> None:
    program = (
        "import sys\n"
        "class Interrupted:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'click': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupted())\n"
        "from streams.commands.entry import main\n"
        "main()\n"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=CHECKOUT)
    assert (result.returncode, result.stderr) == (failures.INTERRUPTED, "")


@pytest.mark.parametrize("kind", ["below a file", "not to be made"])
def test_a_cache_folder_that_cannot_be_used_is_an_error_that_names_the_setting(kind: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "cache" if kind == "below a file" else Path("/proc/cache")
    result = run("broker", "start", settings={"MUSTER_CACHE_DIR": str(folder)})
    assert result.returncode == failures.SETTINGS
    assert "MUSTER_CACHE_DIR" in result.stderr
    assert "Traceback" not in result.stderr
    demo = run("demo", "--once", settings={"MUSTER_CACHE_DIR": str(folder)})
    assert (demo.returncode, "Traceback" in demo.stderr) == (failures.SETTINGS, False)
    assert "MUSTER_CACHE_DIR" in demo.stderr


def test_a_schema_is_found_by_the_short_name_of_its_topic() -> None:
    assert run("schemas", "reports").stdout == run("schemas", "reports.v1").stdout != ""
    assert "no topic 'nosuch'" in run("schemas", "nosuch").stderr


def test_the_asyncapi_document_is_that_of_the_installation() -> None:
    result = run("schemas", "--asyncapi", settings={"MUSTER_TOPIC_PREFIX": "north-", "MUSTER_BROKER": "kafka:9092"})
    assert result.returncode == 0
    assert '"address": "north-events.v1"' in result.stdout
    assert '"host": "kafka:9092"' in result.stdout


def test_schemas_that_are_current_and_break_nobody_pass_the_check() -> None:
    result = run("schemas", "--check")
    assert (result.returncode, result.stderr) == (0, "")


def test_settings_in_a_pipe_are_one_line_each_without_padding() -> None:
    result = run("settings", settings={"MUSTER_PARTITIONS": "7"})
    lines = result.stdout.splitlines()
    assert all(line.startswith("MUSTER_") and line == line.rstrip() for line in lines)
    (changed,) = [line for line in lines if line.startswith("MUSTER_PARTITIONS=")]
    assert changed == (
        "MUSTER_PARTITIONS=7  whole number, 1 to 10,000; default 4: partitions of each topic when it is created"
    )
