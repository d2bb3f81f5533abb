"""Settling: what stays of an action that failed with a part of its money moved."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from casewright.adapters.store.engine import open_database
from casewright.adapters.store.shop_reads import StoredShop
from casewright.domain.action import ActionState, GatewayCall, GatewayOperation, RefundRecord
from casewright.domain.shop import OrderStatus
from casewright.evaluation.action_hands import Hands
from casewright.evaluation.action_subject import TENANT, make_order, make_request, plan_cancel


@pytest.fixture
def hands(sqlite_url: str, tmp_path: Path) -> Iterator[Hands]:
    database = open_database(sqlite_url)
    hands = Hands(database, tmp_path / "home")
    yield hands
    hands.parts.close()
    database.close()


def refund_by_two(hands: Hands, *declined: str) -> tuple[RefundRecord, ...]:
    """What is kept of a refund of 1,000, 700 to one card and 300 to another, of which some are declined."""
    plan = plan_cancel(make_order(1))
    calls = tuple(
        GatewayCall(GatewayOperation.REFUND, method_id, amount, "USD", part)
        for part, method_id, amount in (("1", "card_1", 700), ("2", "card_x", 300))
    )
    record = RefundRecord("r1", "o1", "c1", 1000, "damaged", ("1",), 100)
    change = replace(plan.change, order=make_order(1), refund=record)
    hands.gateway.declines.update(declined)
    result = hands.journal.execute(make_request(replace(plan, calls=calls, change=change), 1))
    assert result.state is ActionState.FAILED
    return StoredShop(hands.database, TENANT, lambda kind, value: value).refunds_of_order("o1")


def test_refund_of_which_a_part_went_back_counts_so_that_its_lines_are_not_paid_again(hands: Hands) -> None:
    kept = refund_by_two(hands, "card_x")
    assert kept == (RefundRecord("r1", "o1", "c1", 700, "damaged", ("1",), 100),)
    assert (hands.order().status, hands.order().refunded_minor) == (OrderStatus.PENDING, 700)


def test_refund_of_which_nothing_went_back_does_not_count(hands: Hands) -> None:
    assert refund_by_two(hands, "card_1", "card_x") == ()
    assert hands.order().refunded_minor == 0
