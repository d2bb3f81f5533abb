"""Planned faults: in their order, counted, and of one service only."""

from casewright.adapters.connectors.sandbox.faults import Fault, FaultPlan, PlannedFault


def test_faults_come_in_their_order_as_often_as_planned() -> None:
    plan = FaultPlan()
    plan.add(PlannedFault("mail", Fault.BUSY, 2))
    plan.add(PlannedFault("mail", Fault.SLOW, 1))
    plan.add(PlannedFault("courier", Fault.DECLINE, 1))
    taken = [plan.take("mail") for _ in range(4)]
    assert [planned and planned.fault for planned in taken] == [Fault.BUSY, Fault.BUSY, Fault.SLOW, None]
    assert [planned.service for planned in plan.planned()] == ["courier"]


def test_a_fault_without_a_count_stays_until_it_is_taken_back() -> None:
    plan = FaultPlan()
    plan.add(PlannedFault("mail", Fault.BUSY, None))
    assert all(plan.take("mail") for _ in range(5))
    plan.clear()
    assert plan.take("mail") is None
