"""Reading: what a call may see, and that independent reads run at the same time."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from casewright.domain.principal import Role
from casewright.tools.equipment import Equipment
from casewright.tools.planning import Planner
from casewright.tools.reading import Reading


@pytest.fixture
def reading(shop_world: Any) -> Reading:
    """Customer 1's."""
    return planner_of(shop_world).reading(shop_world.customer(1), "CUS-1001")


def planner_of(world: Any) -> Planner:
    equipment: Equipment = world.shop.tools._with
    return Planner(equipment)


def test_own_objects_are_seen_and_others_are_as_if_they_were_not(reading: Reading) -> None:
    assert reading.order("ORD-1001") is not None
    assert reading.order("ORD-1003") is None
    assert reading.customer("CUS-1002") is None
    own = reading.customer()
    assert own is not None
    assert own.customer_id == "CUS-1001"


def test_staff_see_the_whole_tenant_and_nobody_in_particular(shop_world: Any) -> None:
    staff = planner_of(shop_world).reading(shop_world.staff(Role.AGENT), None)
    assert staff.order("ORD-1003") is not None
    assert staff.customer() is None
    assert not staff.is_owner("CUS-1001")


def test_only_the_customer_in_person_owns_the_values(shop_world: Any, reading: Reading) -> None:
    assert reading.is_owner("CUS-1001")
    assert not reading.is_owner("CUS-1002")
    agent = replace(shop_world.staff(Role.AGENT), customer_id="CUS-1001")
    assert not planner_of(shop_world).reading(agent, "CUS-1001").is_owner("CUS-1001")


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


def test_independent_reads_run_at_the_same_time_and_answer_in_order(
    reading: Reading, pool: ThreadPoolExecutor
) -> None:
    meeting = threading.Barrier(3, timeout=30)  # nobody passes until all three are there
    together = replace(reading, pool=pool).together(
        *(lambda number=number: (meeting.wait(), number)[1] for number in range(3))
    )
    assert together == (0, 1, 2)


def test_error_of_any_read_is_raised(reading: Reading, pool: ThreadPoolExecutor) -> None:
    def fail() -> None:
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        replace(reading, pool=pool).together(lambda: 1, fail)


def test_no_reads_are_no_results(reading: Reading) -> None:
    assert reading.together() == ()
    assert reading.values(None, "") == {}
