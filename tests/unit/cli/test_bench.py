"""`casewright bench --quick`, whole: the table on the screen, in the JSON and on the page is one."""

import json
from pathlib import Path

import pytest

from casewright.cli.app import run_command_line
from casewright.domain.errors import Unavailable
from casewright.evaluation.bench_measures import END, START, Measure

MEASURES = [Measure("In process", "p50", 0.2, "ms", at_most=0.25), Measure("Memory", "rss", 80.0, "MiB")]


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run_command_line(["bench", *arguments])
    return int(ended.value.code or 0)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "benchmarks.md").write_text(f"{START}\n{END}\n", "utf-8")
    return tmp_path


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casewright.evaluation.bench.run_bench", lambda *_: list(MEASURES))


@pytest.mark.usefixtures("measured")
def test_a_full_run_writes_results_and_rewrites_the_page(folder: Path) -> None:
    assert run() == 0
    document = json.loads((folder / "bench" / "results" / "disputes.json").read_text("utf-8"))
    assert document["is_quick"] is False
    assert document["ruleset"].startswith("disputes@")
    assert "| In process | p50 | 0.200 ms | ≤ 0.250 ms | met |" in (
        folder / "docs" / "benchmarks.md"
    ).read_text("utf-8")


@pytest.mark.usefixtures("measured")
def test_a_quick_run_writes_nothing_unless_told_where(folder: Path) -> None:
    assert run("--quick") == 0
    assert not (folder / "bench").exists()
    assert run("--quick", "--results", "elsewhere") == 0
    assert json.loads((folder / "elsewhere" / "disputes.json").read_text("utf-8"))["is_quick"] is True
    assert "p50" not in (folder / "docs" / "benchmarks.md").read_text("utf-8")


@pytest.mark.usefixtures("folder")
def test_a_bench_that_cannot_run_ends_with_two(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise Unavailable("a server of the bench was not ready")

    monkeypatch.setattr("casewright.evaluation.bench.run_bench", fail)
    assert run("--quick") == 2
    assert "was not ready" in capsys.readouterr().err


@pytest.mark.usefixtures("folder", "measured")
def test_the_size_of_an_installation_is_measured_when_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    size = Measure("Installation", "base installation", 61.0, "MB", at_most=90)
    monkeypatch.setattr(
        "casewright.evaluation.bench_install.measure_installation",
        lambda _: ([size], [("phonenumbers", 9.5)]),
    )
    assert run("--quick", "--install-size") == 0
    captured = capsys.readouterr()
    assert "phonenumbers" in captured.err
    assert "base installation" in captured.out
