"""The bench of the store at its smallest: every measure is there, and what is missing is named."""

from pathlib import Path

import pytest

from casewright.domain.errors import Unavailable
from casewright.evaluation import bench_store
from casewright.evaluation.bench_store import StoreSizes, make_case, make_case_id, run_store_bench

SMALLEST = StoreSizes(cases=(20, 60), rounds=1, look_ups=10, saves=2, callers=2, saves_at_once=6)
NAMES = [
    "look-up p50, 20 cases",
    "look-up p99, 20 cases",
    "look-up p50, 60 cases",
    "look-up p99, 60 cases",
    "look-up p50, 60 cases to 20",
    "durable save p50, one caller",
    "durable saves, 2 callers",
]


def test_both_databases_are_measured_at_every_size_and_the_scratch_goes(tmp_path: Path) -> None:
    steps: list[str] = []
    measures, missing = run_store_bench(SMALLEST, steps.append, tmp_path)
    assert missing == []
    assert [(measure.group, measure.name) for measure in measures] == [
        (group, name) for group in ("SQLite", "PostgreSQL") for name in NAMES
    ]
    assert all(measure.value > 0 for measure in measures)
    assert "SQLite: 60 cases" in steps
    assert list(tmp_path.iterdir()) == []


def test_without_a_server_postgresql_is_named_as_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise Unavailable("PostgreSQL for tests is not installed")

    monkeypatch.setattr(bench_store, "LocalPostgres", refuse)
    measures, missing = run_store_bench(SMALLEST, folder=tmp_path)
    assert {measure.group for measure in measures} == {"SQLite"}
    assert missing == ["PostgreSQL: PostgreSQL for tests is not installed"]


def test_a_case_of_a_number_is_always_the_same_and_its_id_scattered() -> None:
    assert make_case(7) == make_case(7)
    assert make_case_id(1) != make_case_id(2)
    assert make_case_id(1)[:9] != make_case_id(2)[:9]
