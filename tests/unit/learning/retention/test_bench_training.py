"""The bench of training, tiny: what it measures, and that an absent peer is left out and told."""

import pytest

from casewright.learning.retention import bench_training
from casewright.learning.retention.bench_training import TrainingSizes, run_training_bench

TINY = TrainingSizes(customers=60, peer_customers=20, peer_iterations=1, iterations=1)


def test_without_the_peer_ours_is_measured_and_the_peer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_training, "find_spec", lambda name: None)
    told: list[str] = []
    measures = run_training_bench(TINY, 1, told.append)
    assert {measure.group for measure in measures} == {"Training with both limits"}
    assert measures[0].at_least == 130_000
    assert "bench-retention" in told[-1]


def test_with_the_peer_all_three_are_measured_for_the_same_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_training, "find_spec", lambda name: object())
    monkeypatch.setattr(bench_training, "_learn_peer", lambda *given: (50_000.0, 3.0))
    monkeypatch.setattr(bench_training, "_measure_ours", lambda *given: [])
    measures = run_training_bench(TINY, 1, lambda step: None)
    assert [measure.name.split(":")[0] for measure in measures[::2]] == [
        "ours",
        "ours, without what the peer has not",
        "Stable-Baselines3",
    ]
    assert {measure.note for measure in measures} == {"520 customer-weeks each"}
