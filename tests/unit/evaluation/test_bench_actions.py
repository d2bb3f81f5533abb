"""The exactly-once bench runs, and says what could not be measured."""

from pathlib import Path

import pytest

from casewright.domain.errors import Unavailable
from casewright.evaluation import bench_actions
from casewright.evaluation.bench_actions import QUICK_ACTIONS, run_action_bench


def test_both_sides_are_compared_round_by_round_and_missing_ones_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(module: str, *arguments: str) -> dict[str, object]:
        if module == bench_actions.PEER:
            return {"took_s": 2.0, "done": QUICK_ACTIONS.peer + QUICK_ACTIONS.callers}
        if "verify" in arguments:
            return {"entries": 1000, "took_s": {"1": 0.02, "2": 0.01}}
        return {"took_s": 0.5, "took_without_gateway_s": 0.25, "done": 48}

    class NoServer:
        def __init__(self, *, is_durable: bool) -> None:
            raise Unavailable("no server here")

    monkeypatch.setattr(bench_actions, "_run", run)
    monkeypatch.setattr(bench_actions, "LocalPostgres", NoServer)
    monkeypatch.setattr(bench_actions, "find_spec", lambda name: object())
    measures, missing = run_action_bench(QUICK_ACTIONS, folder=tmp_path)
    shown = {measure.name: (measure.value, measure.holds) for measure in measures}
    assert shown == {
        "actions with a gateway call": (80.0, None),
        "actions without": (160.0, None),
        "the same action in DBOS": (10.0, None),
        "times DBOS": (8.0, False),
        "ledger entries verified, 1 process(es)": (50_000.0, None),
        "ledger entries verified, 2 process(es)": (100_000.0, True),
    }
    assert missing == ["PostgreSQL: no server here"]


def test_without_the_peer_the_command_that_installs_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_actions, "_measure", lambda *_, **__: [])
    monkeypatch.setattr(bench_actions, "find_spec", lambda name: None)

    class NoServer:
        def __init__(self, *, is_durable: bool) -> None:
            raise Unavailable("no server here")

    monkeypatch.setattr(bench_actions, "LocalPostgres", NoServer)
    _, missing = run_action_bench(QUICK_ACTIONS, folder=tmp_path)
    assert missing[0] == "DBOS: it is not installed; run: pip install 'casewright[bench-dbos]'"


def test_a_side_that_fails_is_said_with_its_last_words() -> None:
    with pytest.raises(Unavailable, match="bench_actions_ours ended with"):
        bench_actions._run(bench_actions.OURS, "no-address", "home", "1", "1", "1")
