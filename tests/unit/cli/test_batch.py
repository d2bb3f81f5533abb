"""Batch on the command line: when it applies, its exit codes, and what is shown."""

import io
import json
import sys
from pathlib import Path

import pytest

from casewright.cli.app import run_command_line
from casewright.cli.batch import LARGE_BYTES, BatchOptions

GOOD = json.dumps({"ticket_id": "T-1", "complaint": "I sent 700 taka to a wrong number."})


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run_command_line(["investigate", *arguments])
    return int(ended.value.code or 0)


def write(tmp_path: Path, text: str, name: str = "tickets.jsonl") -> str:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return str(path)


def test_any_option_a_parquet_name_or_a_large_file_makes_a_batch(tmp_path: Path) -> None:
    small = write(tmp_path, GOOD)
    large = write(tmp_path, "x" * LARGE_BYTES, "large.jsonl")
    assert not BatchOptions().apply_to(small)
    assert not BatchOptions().apply_to("-")
    assert BatchOptions(workers=1).apply_to(small)
    assert BatchOptions(errors=tmp_path / "e").apply_to(small)
    assert BatchOptions(resume=True).apply_to(small)
    assert BatchOptions().apply_to("tickets.parquet")
    assert BatchOptions().apply_to(large)
    assert not BatchOptions().apply_to(large, is_explained=True)


def test_all_decided_ends_with_zero_and_leaves_no_side_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path, f"{GOOD}\n{GOOD}\n")
    assert run(source, "--output", str(tmp_path / "out.jsonl")) == 0
    assert "2 tickets read: 2 decided, 0 refused." in capsys.readouterr().err
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["out.jsonl", "out.jsonl.progress.json", "tickets.jsonl"]


def test_refused_lines_end_with_one_and_stand_in_the_side_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path, f"{GOOD}\n[]\n")
    assert run(source, "--workers", "1") == 1
    captured = capfd.readouterr()
    assert [json.loads(line)["ticket_id"] for line in captured.out.splitlines()] == ["T-1"]
    assert "1 decided, 1 refused" in captured.err
    (refusal,) = (tmp_path / "tickets.jsonl.errors.jsonl").read_text("utf-8").splitlines()
    assert json.loads(refusal)["line"] == 2
    assert json.loads(refusal)["code"] == "not_an_object"


def test_wrong_files_and_options_end_with_two_and_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path, GOOD)
    array = write(tmp_path, f"[\n{GOOD}\n]", "tickets.json")
    for arguments, reason in (
        ((str(tmp_path / "none.jsonl"), "--workers", "2"), "there is no such file"),
        ((source, "--workers", "2", "--explain"), "--explain is for single tickets"),
        ((source, "--resume"), "--resume needs the --output"),
        ((array, "--workers", "1"), "is one JSON document"),
    ):
        assert run(*arguments) == 2
        assert reason in capsys.readouterr().err


def test_a_bar_is_shown_on_a_terminal_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write(tmp_path, f"{GOOD}\n")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert run(source, "--output", str(tmp_path / "out.jsonl")) == 0
    assert "1 tickets, 0 refused" in terminal.getvalue()


def test_a_stopped_run_says_how_to_continue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("casewright.service.batch.run_batch", stop)
    assert run(write(tmp_path, GOOD), "--output", str(tmp_path / "out.jsonl")) == 130
    assert "--resume to continue" in capsys.readouterr().err


def test_a_full_disk_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fill(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("casewright.service.batch.run_batch", fill)
    assert run(write(tmp_path, GOOD), "--output", str(tmp_path / "out.jsonl")) == 2
    assert "No space left on device; make room" in capsys.readouterr().err
