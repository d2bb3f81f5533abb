"""The bench of the runner measures every walk it names."""

from casewright.evaluation.bench_runner import QUICK_RUNNER, run_runner_bench


def test_each_walk_has_a_time_and_the_two_bars_stand() -> None:
    measures = run_runner_bench(QUICK_RUNNER)
    assert len(measures) == 5
    assert all(measure.value >= 0 for measure in measures)
    assert [measure.at_most for measure in measures if measure.at_most is not None] == [0.02, 0.11]
