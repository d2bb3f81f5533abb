from pathlib import Path

from casewright.adapters.store.engine import Database
from casewright.evaluation.bench_actions_ours import measure_actions, measure_verification


def test_every_order_of_the_bench_is_refunded_once(database: Database, tmp_path: Path) -> None:
    result = measure_actions(database, tmp_path, 6, 3)
    assert result["done"] == 9
    assert result["took_s"] > 0


def test_the_ledger_of_the_bench_is_sound_and_whole(database: Database, tmp_path: Path) -> None:
    result = measure_verification(database, tmp_path, 3)
    assert result["entries"] == 15
    assert set(result["took_s"]) == {"1", "2"}
