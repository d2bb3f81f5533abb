"""How many expected complaints may be risked, and slices that are fetched behind the requests."""

import math
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest

from casewright.adapters.journal.opening import open_ledger
from casewright.adapters.retention.budget import PeriodBudgets, complaint_limit_micros
from casewright.adapters.retention.budget_slices import BudgetSlices
from casewright.adapters.store.engine import Database, open_database
from casewright.domain.errors import Unavailable
from casewright.ports.outreach import PeriodState

AT = datetime(2026, 8, 3, 12, tzinfo=UTC)
FRESH = PeriodState(date(2026, 7, 2), 100_000, 50, 35_000_000)


@pytest.mark.parametrize(
    ("cap", "chance", "expected"),
    [
        (0, 0.01, -math.log(0.99)),  # none may come: P(X > 0) = 1 - exp(-x)
        (0, 0.5, math.log(2)),
        (1, 0.01, 0.148555),  # tables of the Poisson distribution
        (5, 0.01, 1.785280),
    ],
)
def test_expected_complaints_with_which_more_than_the_cap_are_unlikely(
    cap: int, chance: float, expected: float
) -> None:
    assert complaint_limit_micros(cap, chance) / 1e6 == pytest.approx(expected, abs=2e-5)


def test_a_large_cap_is_almost_its_own_limit() -> None:
    assert 0.99 < complaint_limit_micros(1_000_000, 0.01) / 1e12 < 1


@pytest.fixture
def opened(sqlite_url: str, tmp_path: Path) -> Iterator[tuple[Database, PeriodBudgets]]:
    database = open_database(sqlite_url)
    ledger = open_ledger(tmp_path, b"k" * 32)
    yield database, PeriodBudgets(database, ledger, "main")
    ledger.close()
    database.close()


def make_slices(budgets: PeriodBudgets) -> BudgetSlices:
    numbers = count(1)
    return BudgetSlices(
        budgets, holder="process_1", now=lambda: AT, new_id=lambda kind: f"{kind}_{next(numbers)}"
    )


def test_the_next_slice_is_there_before_the_last_one_is_spent(
    opened: tuple[Database, PeriodBudgets],
) -> None:
    _, budgets = opened
    slices = make_slices(budgets)
    first = slices.hold(FRESH, 100, 1_000)
    assert first is not None
    names = {first.slice_id}
    for _ in range(8):
        hold = slices.hold(FRESH, 100, 1_000)
        assert hold is not None
        names.add(hold.slice_id)
    for thread in threading.enumerate():
        if thread.name == "retention-slice":
            thread.join(30)
    state = budgets.period(FRESH.period)
    assert state is not None
    assert state.reserved_minor == 2_000  # a slice is 1,000: one is nearly spent, one waits
    slices.close()
    again = budgets.period(FRESH.period)
    assert again is not None
    assert again.reserved_minor == 0


def test_a_closed_process_takes_nothing_more(opened: tuple[Database, PeriodBudgets]) -> None:
    _, budgets = opened
    slices = make_slices(budgets)
    slices.close()
    assert slices.hold(FRESH, 100, 1_000) is None


def test_what_is_left_is_the_best_of_the_own_slice_and_what_is_free(
    opened: tuple[Database, PeriodBudgets],
) -> None:
    _, budgets = opened
    slices = make_slices(budgets)
    assert slices.left(FRESH) == (100_000, 35_000_000)
    slices.hold(FRESH, 99_500, 1_000)
    state = budgets.period(FRESH.period)
    assert state is not None
    assert slices.left(state)[0] == 500


def test_a_database_that_is_gone_is_told_and_nothing_is_held(
    opened: tuple[Database, PeriodBudgets],
) -> None:
    database, budgets = opened
    slices = make_slices(budgets)
    database.close()
    with pytest.raises(Unavailable):
        slices.hold(FRESH, 100, 1_000)
