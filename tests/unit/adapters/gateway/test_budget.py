import threading

from casewright.adapters.gateway.budget import Budget, BudgetLimits, Lease


def test_without_limits_everything_is_let_through() -> None:
    assert Budget(BudgetLimits()).reserve(0, 10**9, 10**9)


def test_requests_come_back_after_the_minute() -> None:
    budget = Budget(BudgetLimits(requests_per_minute=1))
    assert budget.reserve(0, 0, 0)
    assert not budget.reserve(59, 0, 0)
    assert budget.reserve(61, 0, 0)


def test_a_refused_reservation_takes_nothing() -> None:
    budget = Budget(BudgetLimits(requests_per_minute=1, tokens_per_minute=100))
    assert not budget.reserve(0, 101, 0)
    assert budget.reserve(0, 100, 0)


def test_what_was_not_used_is_free_again() -> None:
    budget = Budget(BudgetLimits(tokens_per_minute=100))
    assert budget.reserve(0, 100, 0)
    budget.settle(1, -60, 0)
    assert budget.reserve(2, 60, 0)
    assert not budget.reserve(3, 1, 0)


def test_cost_is_counted_over_a_day() -> None:
    budget = Budget(BudgetLimits(cost_micros_per_day=1000))
    assert budget.reserve(0, 0, 1000)
    assert not budget.reserve(86_399, 0, 1)
    assert budget.reserve(90_000, 0, 1)


def test_parallel_reservations_cannot_overrun_a_limit_together() -> None:
    budget = Budget(BudgetLimits(tokens_per_minute=500))
    granted: list[Lease | None] = []
    threads = [threading.Thread(target=lambda: granted.append(budget.reserve(0, 100, 0))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(lease is not None for lease in granted) == 5


def test_a_call_that_was_not_made_took_nothing() -> None:
    budget = Budget(BudgetLimits(requests_per_minute=1, tokens_per_minute=100, cost_micros_per_day=5))
    assert budget.reserve(0, 100, 5)
    budget.undo(0, 100, 5)
    assert budget.reserve(0, 100, 5)
