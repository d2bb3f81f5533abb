"""`casewright models` as a person meets it."""

import json
from pathlib import Path

import pytest

from casewright.cli.app import run_command_line


def run(arguments: list[str]) -> int:
    try:
        run_command_line(["models", *arguments])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path))


def test_the_list_says_what_is_ready_and_what_to_do_about_the_rest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["minilm"]["condition"] == "ready"
    assert (listed["e5"]["condition"], listed["e5"]["advice"]) == ("absent", "casewright models fetch e5")


def test_verify_fails_where_a_model_that_is_named_is_absent(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "minilm"]) == 0
    assert run(["verify", "e5"]) == 1


def test_verify_says_which_models_were_not_fetched_and_how_they_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["verify"]) == 0
    assert "Not fetched: e5. Make them with: casewright models fetch e5" in capsys.readouterr().err


def test_what_is_ready_is_not_made_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fetch", "minilm"]) == 0
    assert capsys.readouterr().out == "minilm: ready\n"


def test_a_name_that_is_none_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fetch", "bert"]) == 2
    assert "minilm, e5" in capsys.readouterr().err
