"""The arena in words."""

from casewright.evaluation.retention.arena import ArenaResult, Scored
from casewright.evaluation.retention.arena_report import (
    HEADS,
    arena_rows,
    describe_arena,
    markdown_table,
    number,
    percent,
)
from casewright.evaluation.retention.intervals import Interval

NONE = Interval(0.0, 0.0, 0.0)
RESULT = ArenaResult(
    1234,
    (0, 1),
    267.9,
    288.4,
    (
        Scored(
            "first", Interval(0.7, 0.6, 0.8), Interval(14.0, 13.0, 15.0), NONE, NONE, NONE, NONE, 0.5, None
        ),
        Scored("second", NONE, NONE, NONE, NONE, NONE, NONE, 0.0, Interval(0.2, 0.1, 0.3)),
    ),
)


def test_intervals_in_words() -> None:
    assert percent(Interval(0.7, 0.6, 0.8)) == "70.0 % [60.0, 80.0]"
    assert number(Interval(1.0, 0.5, 1.5)) == "1.00 [0.50, 1.50]"


def test_every_row_has_every_column_and_the_champion_no_lag() -> None:
    rows = arena_rows(RESULT)
    assert {len(row) for row in rows} == {len(HEADS)}
    assert rows[0][:3] == ("first", "70.0 % [60.0, 80.0]", "")
    assert rows[1][2] == "20.0 % [10.0, 30.0]"


def test_a_table_aligns_numbers_right() -> None:
    assert markdown_table(("a", "b"), [("x", "1")]) == "| a | b |\n|---|---:|\n| x | 1 |"


def test_what_the_table_needs_to_be_read() -> None:
    assert "1,234 customers kept aside, seeds 0, 1" in describe_arena(RESULT)
    assert "288.40" in describe_arena(RESULT)
