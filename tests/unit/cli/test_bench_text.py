"""The benches of text models on the terminal: what is shown is what is written."""

import json
from pathlib import Path

import pytest
from tiny_gguf import put_tiny_model

from casewright.cli.app import run_command_line
from casewright.evaluation.bench_measures import Measure

MEASURES = [Measure("Anthropic", "hangs", 1_001.0, "ms", at_most=1_100.0)]


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run_command_line(["bench", *arguments])
    return int(ended.value.code or 0)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path / "home"))
    (tmp_path / "docs").mkdir()
    marks = [
        f"<!-- bench {name}: {end} -->" for name in ("text-models", "local-model") for end in ("begin", "end")
    ]
    (tmp_path / "docs" / "text-models.md").write_text("\n".join(marks) + "\n", "utf-8")
    return tmp_path


def test_a_whole_run_writes_the_results_and_the_table_of_its_page(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casewright.evaluation.bench_text_models.run_text_bench", lambda *_: MEASURES)
    assert run("text-models") == 0
    document = json.loads((folder / "bench" / "results" / "text-models.json").read_text("utf-8"))
    assert document["bench"] == "text-models"
    page = (folder / "docs" / "text-models.md").read_text("utf-8")
    assert "| Anthropic | hangs | 1,001 ms | ≤ 1,100 ms | met |" in page


def test_the_local_model_is_measured_with_which_file_it_was(folder: Path) -> None:
    put_tiny_model(folder / "home", "tiny")
    assert run("local-model", "--model", "tiny", "--quick", "--results", "there") == 0
    document = json.loads((folder / "there" / "local-model.json").read_text("utf-8"))
    assert (document["model"], document["is_promoted"], document["threads"]) == ("tiny", False, 1)
    assert len(document["model_version"]) == 12


def test_a_model_that_was_not_fetched_is_told_and_ends_with_two(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("local-model", "--quick") == 2
    assert "'smollm2' is absent" in capsys.readouterr().err
