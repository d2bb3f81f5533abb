"""The list of commands: lazy, complete, and honest about what each does."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from casewright.cli.app import COMMANDS, load_command, run_command_line

HEAVY = (
    "fastapi",
    "pydantic",
    "pydantic_settings",
    "uvicorn",
    "structlog",
    "yaml",
    "httpx2",
    "casewright.bootstrap",
)


def test_help_loads_no_command_and_no_framework() -> None:
    script = (
        "import sys\nfrom casewright.cli.app import run_command_line\n"
        "try:\n    run_command_line(['--help'])\nexcept SystemExit as end:\n    assert end.code == 0, end.code\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\nassert not loaded, loaded\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    for name in COMMANDS:
        assert name in run.stdout


@pytest.mark.parametrize("name", list(COMMANDS))
def test_summary_in_the_list_is_the_first_line_of_the_commands_own_help(name: str) -> None:
    command = load_command(name)
    assert command.name == name
    assert (command.help or "").split("\n")[0].rstrip(":") == COMMANDS[name].summary


@pytest.mark.parametrize("name", [name for name, entry in COMMANDS.items() if not entry.is_group])
def test_help_of_every_command_has_an_example(name: str) -> None:
    assert f"casewright {name}" in (load_command(name).help or "")


def test_every_entry_names_a_module_with_an_app() -> None:
    for entry in COMMANDS.values():
        assert hasattr(import_module(entry.module), "app")


def test_misspelt_command_ends_with_2_and_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run_command_line(["investigat"])
    assert ended.value.code == 2
    assert "Did you mean 'investigate'" in capsys.readouterr().err


def test_error_of_ours_ends_with_2_and_its_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as ended:
        run_command_line(["evaluate", "disputes", "--cases", str(tmp_path / "none.json")])
    assert ended.value.code == 2
    assert "there is no such file" in capsys.readouterr().err
