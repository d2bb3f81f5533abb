"""`casewright knowledge bench` as a person meets it."""

import json
from pathlib import Path

import pytest

from casewright.cli.app import run_command_line


def run(arguments: list[str]) -> int:
    try:
        run_command_line(["knowledge", "bench", *arguments])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_it_prints_both_measures_and_writes_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path / "home"))
    documents, questions = tmp_path / "documents.json", tmp_path / "questions.json"
    documents.write_text(json.dumps([{"id": "d1", "title": "Tea", "content": "Tea is sold by weight."}]))
    questions.write_text(json.dumps([{"id": "q1", "question": "tea?", "required_documents": ["d1"]}]))
    report = tmp_path / "report.json"
    files = ["--documents", str(documents), "--questions", str(questions)]
    assert run([*files, "--embedder", "none", "--json", str(report)]) == 0
    out = capsys.readouterr().out
    assert "nDCG@10   1.000\n" in out
    assert "recall@5  1.000\n" in out
    written = json.loads(report.read_text())
    assert (written["ndcg_at_10"], written["asked"][0]["best"]) == (1.0, ["d1"])
    assert not (tmp_path / "home").exists()


def test_a_file_of_another_shape_ends_with_2_and_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "documents.json"
    file.write_text("[]")
    assert run(["--documents", str(file), "--questions", str(file)]) == 2
    assert "holds no list with entries" in capsys.readouterr().err
