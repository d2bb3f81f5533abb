"""Where a bench's measures go: the JSON, and the page between its own marks."""

import json
from pathlib import Path

import pytest

from casewright.cli.bench_results import publish_measures, show_measures
from casewright.domain.errors import ConfigurationError
from casewright.evaluation.bench_measures import Measure

MEASURES = [Measure("SQLite", "p50", 0.2, "ms", at_most=5, note="warm"), Measure("SQLite", "p99", 0.4, "ms")]
PAGE = "before\n<!-- bench store: begin -->\nold\n<!-- bench store: end -->\nafter\n"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs" / "benchmarks.md"
    page.write_text(PAGE, "utf-8")
    return page


def test_a_whole_run_writes_the_json_and_its_own_table(page: Path) -> None:
    publish_measures("store", MEASURES)
    document = json.loads(Path("bench/results/store.json").read_text("utf-8"))
    assert document["bench"] == "store"
    assert [row["name"] for row in document["measures"]] == ["p50", "p99"]
    text = page.read_text("utf-8")
    assert "| SQLite | p50 (warm) | 0.200 ms | ≤ 5 ms | met |" in text
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")


def test_a_quick_run_writes_only_where_it_is_told(page: Path) -> None:
    publish_measures("store", MEASURES, quick=True)
    assert not Path("bench").exists()
    publish_measures("store", MEASURES, quick=True, results=Path("elsewhere"))
    assert json.loads(Path("elsewhere/store.json").read_text("utf-8"))["is_quick"] is True
    assert page.read_text("utf-8") == PAGE


def test_a_page_without_the_marks_is_named(page: Path) -> None:
    page.write_text("nothing\n", "utf-8")
    with pytest.raises(ConfigurationError, match="bench store: begin"):
        publish_measures("store", MEASURES)


def test_measures_are_shown_with_their_bar(capsys: pytest.CaptureFixture[str]) -> None:
    show_measures(MEASURES)
    shown = capsys.readouterr().out
    assert "p50 (warm)" in shown
    assert "≤ 5 ms" in shown
