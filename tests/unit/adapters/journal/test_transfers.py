from dataclasses import replace

from casewright.adapters.journal.transfers import (
    build_result,
    is_partial,
    list_moved_payments,
    next_call,
    read_transfers,
    write_transfers,
)
from casewright.domain.action import ActionState, GatewayCall, GatewayOperation
from casewright.domain.shop import PaymentKind, PaymentRow
from casewright.evaluation.action_subject import make_order, plan_cancel, plan_refusal
from casewright.ports.connectors import Transfer, TransferState

CHARGE = GatewayCall(GatewayOperation.CHARGE, "m1", 500, "USD", "1")
REFUND = GatewayCall(GatewayOperation.REFUND, "m2", 300, "USD", "2")
PLAN = replace(plan_cancel(make_order(1)), calls=(CHARGE, REFUND))


def done(part: str, amount: int = 500) -> Transfer:
    return Transfer(f"a:{part}", TransferState.DONE, "tr", amount)


def declined(part: str) -> Transfer:
    return Transfer(f"a:{part}", TransferState.DECLINED, "", 300, "method_declined")


def test_calls_are_made_in_order_and_each_once() -> None:
    assert next_call(PLAN, {}) == CHARGE
    assert next_call(PLAN, {"1": done("1")}) == REFUND
    assert next_call(PLAN, {"1": done("1"), "2": done("2")}) is None


def test_after_a_decline_charges_are_undone_and_nothing_more_is_tried() -> None:
    undo = GatewayCall(GatewayOperation.REFUND, "m1", 500, "USD", "1:undo")
    assert next_call(PLAN, {"1": done("1"), "2": declined("2")}) == undo
    assert next_call(PLAN, {"1": done("1"), "2": declined("2"), "1:undo": done("1:undo")}) is None
    assert next_call(PLAN, {"1": declined("1")}) is None


def test_refunds_that_happened_are_never_undone() -> None:
    plan = replace(PLAN, calls=(REFUND, CHARGE))
    assert next_call(plan, {"2": done("2"), "1": declined("1")}) is None
    assert is_partial(plan, {"2": done("2"), "1": declined("1")})


def test_an_action_is_partial_while_money_of_it_has_moved() -> None:
    assert is_partial(PLAN, {"1": done("1"), "2": declined("2"), "1:undo": declined("1:undo")})
    assert not is_partial(PLAN, {"1": done("1"), "2": declined("2"), "1:undo": done("1:undo")})
    assert not is_partial(PLAN, {"1": declined("1")})


def test_every_transfer_that_happened_is_a_payment() -> None:
    transfers = {"1": done("1"), "2": declined("2"), "1:undo": done("1:undo")}
    assert list_moved_payments(PLAN, transfers) == (
        PaymentRow(PaymentKind.PAYMENT, "m1", 500),
        PaymentRow(PaymentKind.REFUND, "m1", 500),
    )


def test_transfers_survive_the_way_into_the_database_and_back_in_order() -> None:
    transfers = {"2": done("2"), "1": declined("1")}
    again = read_transfers(write_transfers(transfers))
    assert again == transfers
    assert list(again) == ["2", "1"]


def test_the_answer_of_a_failed_action_says_why_and_names_no_effect() -> None:
    result = build_result(PLAN, ActionState.FAILED, {"1": declined("1")})
    assert (result["outcome"], result["reasons"], result["effects"]) == ("failed", ["method_declined"], [])
    assert (result["amount_minor"], result["made"]) == (0, {})


def test_the_answer_of_a_refusal_has_reasons_and_clauses() -> None:
    result = build_result(plan_refusal(make_order(1)), ActionState.REFUSED, {})
    assert (result["outcome"], result["reasons"]) == ("refuse", ["order_not_pending"])
    assert result["clauses"] == ["ORD-1.2"]
