"""The group of retention commands: lazy, complete, and honest about what each does."""

import subprocess
import sys
from importlib import import_module

import pytest

from casewright.cli.retention import ENTRIES, load_retention_command


def test_help_of_the_group_loads_no_numeric_library() -> None:
    script = (
        "import sys\nfrom casewright.cli.app import run_command_line\n"
        "try:\n    run_command_line(['retention', '--help'])\nexcept SystemExit as end:\n    assert not end.code\n"
        "assert not {'numpy', 'torch', 'sklearn', 'xgboost'} & set(sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    for name in ENTRIES:
        assert name in run.stdout


@pytest.mark.parametrize("name", list(ENTRIES))
def test_every_command_loads_under_its_name_and_has_help(name: str) -> None:
    command = load_retention_command(name)
    assert command.name == name
    assert command.help


@pytest.mark.parametrize("name", ["train-risk", "train-accept", "drift", "make-models", "uplift"])
def test_summary_in_the_list_is_the_first_line_of_the_commands_own_help(name: str) -> None:
    help_text = load_retention_command(name).help
    assert help_text.split("\n")[0].rstrip(":") == ENTRIES[name].summary


@pytest.mark.parametrize("name", list(ENTRIES))
def test_every_entry_names_a_function_of_its_module(name: str) -> None:
    assert hasattr(import_module(ENTRIES[name].module), ENTRIES[name].function)
