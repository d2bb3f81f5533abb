"""One budget of many processes: taken whole or not at all, and each its own where Redis is away."""

import threading
from collections.abc import Callable

import pytest

from casewright.adapters.gateway.budget import BudgetLimits, Lease
from casewright.adapters.gateway.shared_budget import SharedBudget
from casewright.adapters.redis_link import RedisLink, open_redis_link
from casewright.evaluation.local_redis import LocalRedis

Open = Callable[..., SharedBudget]


@pytest.fixture
def link(redis_url: str) -> RedisLink:
    return open_redis_link(redis_url, timeout_s=30)


def two(link: RedisLink, in_flight: int = 100, **limits: int) -> tuple[SharedBudget, SharedBudget]:
    """The same budget, in two processes as it were."""
    bounds = BudgetLimits(**limits)
    return SharedBudget(link, "p", bounds, in_flight), SharedBudget(link, "p", bounds, in_flight)


def test_what_one_process_took_another_has_not(link: RedisLink) -> None:
    first, second = two(link, requests_per_minute=3)
    assert first.reserve(0, 10, 0)
    assert second.reserve(0, 10, 0)
    assert first.reserve(0, 10, 0)
    assert second.reserve(0, 10, 0) is None


def test_tokens_and_cost_are_shared_and_what_was_not_used_is_free_again(link: RedisLink) -> None:
    first, second = two(link, tokens_per_minute=100, cost_micros_per_day=1_000)
    lease = first.reserve(0, 100, 1_000)
    assert lease is not None
    assert second.reserve(0, 1, 0) is None
    assert second.reserve(0, 0, 1) is None
    first.settle(0, -60, -900, lease)
    assert second.reserve(0, 60, 900)
    assert first.reserve(0, 1, 0) is None


def test_a_refused_reservation_takes_nothing_here_or_there(link: RedisLink) -> None:
    first, second = two(link, requests_per_minute=2, tokens_per_minute=100)
    assert first.reserve(0, 100, 0)
    assert second.reserve(0, 1, 0) is None
    assert second.reserve(0, 0, 0)


def test_calls_in_flight_are_counted_over_all_processes(link: RedisLink) -> None:
    first, second = two(link, in_flight=1)
    lease = first.reserve(0, 1, 0)
    assert lease is not None
    assert second.reserve(0, 1, 0) is None
    first.settle(0, 0, 0, lease)
    assert second.reserve(0, 1, 0)


def test_a_process_that_died_holds_its_calls_no_longer_than_they_may_last(link: RedisLink) -> None:
    first, second = two(link, in_flight=1)
    assert first.reserve(0, 1, 0, hold_s=0.01)
    give_up_after, found = 3_000, None
    while found is None and give_up_after:
        threading.Event().wait(0.01)
        found, give_up_after = second.reserve(0, 1, 0), give_up_after - 1
    assert found is not None


def test_budgets_of_other_names_are_others(link: RedisLink) -> None:
    bounds = BudgetLimits(requests_per_minute=1)
    assert SharedBudget(link, "p", bounds, 9).reserve(0, 1, 0)
    assert SharedBudget(link, "q", bounds, 9).reserve(0, 1, 0)


def test_parallel_reservations_cannot_overrun_a_limit_together(link: RedisLink) -> None:
    both = two(link, tokens_per_minute=500)
    granted: list[Lease | None] = []
    threads = [
        threading.Thread(target=lambda share=both[number % 2]: granted.append(share.reserve(0, 100, 0)))
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(lease is not None for lease in granted) == 5


def test_without_redis_each_process_goes_on_from_what_it_has_used_itself() -> None:
    with LocalRedis() as server:
        link = open_redis_link(server.url, timeout_s=30)
        first, second = two(link, requests_per_minute=2)
        lease = first.reserve(0, 1, 0)
        assert lease is not None
        server.stop()
        first.settle(0, 0, 0, lease)
        assert first.reserve(0, 1, 0) == Lease()
        assert first.reserve(0, 1, 0) is None
        assert [second.reserve(0, 1, 0) for _ in range(3)] == [Lease(), Lease(), None]
        assert not link.is_there
