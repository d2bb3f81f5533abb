"""Measures: when a bar holds, and how the same list becomes JSON and a table."""

import json
from pathlib import Path

import pytest

from casewright.domain.errors import ConfigurationError
from casewright.evaluation.bench_measures import (
    END,
    START,
    Measure,
    build_document,
    build_table,
    describe_machine,
    middle,
    rewrite_table,
    write_results,
)

MEASURES = [
    middle("HTTP", "p50", [3.0, 1.0, 2.0], "ms", at_most=2),
    Measure("HTTP", "ratio", 0.3, "×", at_least=0.35),
    Measure("Memory", "rss", 1234.5, "MiB", note="when ready"),
]


def test_bars_hold_at_their_edge_and_measures_without_one_say_nothing() -> None:
    assert [measure.holds for measure in MEASURES] == [True, False, None]
    assert [measure.verdict for measure in MEASURES] == ["met", "missed", ""]


def test_the_table_names_a_group_once() -> None:
    assert build_table(MEASURES).splitlines() == [
        "| | Measure | Value | Bar | |",
        "|---|---|---:|---:|---|",
        "| HTTP | p50 | 2 ms | ≤ 2 ms | met |",
        "|  | ratio | 0.300 × | ≥ 0.350 × | missed |",
        "| Memory | rss (when ready) | 1,234 MiB |  |  |",
    ]


def test_the_document_holds_rounds_and_bars_and_nothing_of_who_measured(tmp_path: Path) -> None:
    path = write_results(tmp_path / "new", "disputes", build_document(MEASURES, {"desk": "disputes"}))
    document = json.loads(path.read_text("utf-8"))
    assert document["schema_version"] == 1
    assert set(document["machine"]) == {"cores", "architecture", "system", "python"}
    assert document["machine"] == describe_machine()
    assert document["measures"][0] == {
        "group": "HTTP",
        "name": "p50",
        "value": 2.0,
        "unit": "ms",
        "at_most": 2,
        "rounds": [3.0, 1.0, 2.0],
        "holds": True,
    }
    assert "holds" not in document["measures"][2]


def test_only_what_stands_between_the_marks_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Before\n{START}\nold\n{END}\nafter\n", "utf-8")
    for _ in range(2):
        rewrite_table(page, "new")
        assert page.read_text("utf-8") == f"# Before\n{START}\nnew\n{END}\nafter\n"


def test_a_page_without_marks_or_no_page_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    with pytest.raises(ConfigurationError, match="cannot be read"):
        rewrite_table(page, "new")
    page.write_text("# Nothing\n", "utf-8")
    with pytest.raises(ConfigurationError, match="add them where the table belongs"):
        rewrite_table(page, "new")
