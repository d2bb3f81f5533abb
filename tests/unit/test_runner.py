"""The journal of steps."""

from casewright.runner import Journal


def test_each_step_gets_the_time_since_the_one_before_and_repeats_add_up() -> None:
    ticks = iter([0.0, 0.001, 0.003, 0.006])
    journal = Journal(lambda: next(ticks))
    assert journal.done("read") == 1000
    assert journal.done("decide") == 2000
    journal.done("read")
    assert journal.timings_us == {"read": 4000, "decide": 2000}
