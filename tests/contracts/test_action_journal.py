"""The contract of ActionJournal, on SQLite and on PostgreSQL: each action happens once, and says how it stands."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from casewright.adapters.journal.tables import ACTIONS, BUSINESS_KEYS, OUTBOX, RESERVATIONS
from casewright.adapters.store.engine import Database
from casewright.domain.action import (
    ActionState,
    Change,
    CustomerHistory,
    EscalationRecord,
    GatewayCall,
    GatewayOperation,
    GiftCardEntry,
    Plan,
    RefundRecord,
    ReplacementRecord,
)
from casewright.domain.errors import OutcomeUnknown, Unavailable
from casewright.domain.shop import Order, OrderStatus, PaymentKind, PaymentRow
from casewright.evaluation.action_hands import LEASE, Hands
from casewright.evaluation.action_subject import (
    AT,
    DECISION,
    TENANT,
    make_order,
    make_request,
    plan_address,
    plan_cancel,
    plan_refusal,
    plant_shop,
)
from casewright.ports.journal import ActionJournal, ActionResult, KeyOutcome


@pytest.fixture
def hands(database: Database, tmp_path: Path) -> Iterator[Hands]:
    hands = Hands(database, tmp_path / "home")
    yield hands
    hands.parts.close()


def cancel(hands: Hands, number: int = 1, **more: object) -> ActionResult:
    return hands.journal.execute(make_request(plan_cancel(make_order(number)), number, **more))  # type: ignore[arg-type]


def test_it_is_an_action_journal(hands: Hands) -> None:
    journal: ActionJournal = hands.journal
    assert journal.find(TENANT, "c1", "key-1") is None


def test_a_first_action_moves_the_money_changes_the_order_and_is_on_the_ledger(hands: Hands) -> None:
    result = cancel(hands)
    assert (result.key_outcome, result.state) == (KeyOutcome.FIRST, ActionState.DONE)
    assert result.result["made"] == {"order_id": "o1"}
    assert result.result["clauses"] == ["ORD-1.1"]
    assert [each.amount_minor for each in hands.gateway.transfers.values()] == [1999]
    order = hands.order()
    assert (order.status, order.version, order.refunded_minor) == (OrderStatus.CANCELLED, 2, 1999)
    assert order.payments[-1].action_id == result.action_id
    assert hands.names() == ["case:action:started", "case:action:done"]
    assert hands.count(OUTBOX) == 1
    assert hands.count(RESERVATIONS) == 0


def test_the_gateway_is_called_with_the_actions_id_and_the_part(hands: Hands) -> None:
    result = cancel(hands)
    assert hands.gateway.moves == [f"{result.action_id}:1"]


def test_the_same_key_and_arguments_replay_the_stored_answer(hands: Hands) -> None:
    first = cancel(hands)
    again = cancel(hands)
    assert again == replace(first, key_outcome=KeyOutcome.REPLAYED)
    assert hands.journal.find(TENANT, "c1", "key-1") == again
    assert len(hands.gateway.moves) == 1


def test_the_same_key_with_other_arguments_is_reused_and_does_nothing(hands: Hands) -> None:
    cancel(hands)
    request = make_request(plan_cancel(make_order(1)), 1, arguments={"order_id": "o1", "reason": "other"})
    assert hands.journal.execute(request).key_outcome is KeyOutcome.REUSED
    assert len(hands.gateway.moves) == 1


def test_the_same_key_for_another_tool_is_reused(hands: Hands) -> None:
    cancel(hands)
    assert cancel(hands, tool="modify_address").key_outcome is KeyOutcome.REUSED


def test_the_same_key_of_another_subject_or_tenant_is_another_key(hands: Hands) -> None:
    cancel(hands)
    plant_shop(hands.database, range(1, 2), "other")
    assert cancel(hands, subject_id="c2", tenant="other").key_outcome is KeyOutcome.FIRST
    assert cancel(hands, 2, key="key-1").key_outcome is KeyOutcome.FIRST


def test_a_refusal_is_stored_under_its_key_and_moves_nothing(hands: Hands) -> None:
    request = make_request(plan_refusal(make_order(1)), 1)
    first = hands.journal.execute(request)
    assert (first.key_outcome, first.state) == (KeyOutcome.FIRST, ActionState.REFUSED)
    assert first.result["reasons"] == ["order_not_pending"]
    later = make_request(plan_cancel(make_order(1)), 1)
    assert hands.journal.execute(later) == replace(first, key_outcome=KeyOutcome.REPLAYED)
    assert hands.names() == ["case:action:refused"]
    assert hands.order() == make_order(1)
    assert hands.gateway.moves == []


def test_an_escalating_plan_writes_its_escalation(hands: Hands) -> None:
    escalation = EscalationRecord(
        "e1", "case-1", "returns", "refund_limit_reached", "…", AT, None, "o1", "c1"
    )
    plan = replace(plan_refusal(make_order(1)), outcome="escalate", change=Change(escalation=escalation))
    result = hands.journal.execute(make_request(plan, 1))
    assert result.state is ActionState.REFUSED
    assert result.result["made"] == {"escalation_id": "e1"}


def test_a_plan_left_to_a_person_does_nothing_of_what_it_would_do(hands: Hands) -> None:
    would = replace(plan_cancel(make_order(1)), outcome="escalate", reasons=("refund_limit_reached",))
    result = hands.journal.execute(make_request(would, 1))
    assert (result.state, result.result["effects"]) == (ActionState.REFUSED, [])
    assert hands.order() == make_order(1)
    assert (hands.count(OUTBOX), hands.count(BUSINESS_KEYS), hands.gateway.moves) == (0, 0, [])


def test_a_plan_without_gateway_calls_is_one_transaction(hands: Hands) -> None:
    result = hands.journal.execute(make_request(plan_address(make_order(1)), 1, tool="modify_address"))
    assert result.state is ActionState.DONE
    assert hands.order().address_token == "address_b"
    assert hands.places.count("whole.committed") == 1
    assert not [place for place in hands.places if place.startswith(("t1", "t2", "t3"))]
    assert hands.names() == ["case:action:done"]
    assert hands.count(RESERVATIONS) == 0


def test_a_business_key_stops_a_new_key(hands: Hands) -> None:
    first = cancel(hands)
    second = cancel(hands, key="another")
    assert (second.key_outcome, second.action_id) == (KeyOutcome.ALREADY_DONE, first.action_id)
    assert hands.journal.find(TENANT, "c1", "another") is None
    assert len(hands.gateway.moves) == 1


def test_a_plan_on_an_older_version_is_stale_and_its_key_stays_free(hands: Hands) -> None:
    hands.journal.execute(make_request(plan_address(make_order(1)), 1, key="a", tool="modify_address"))
    stale = cancel(hands)
    assert stale.key_outcome is KeyOutcome.STALE
    assert hands.journal.find(TENANT, "c1", "key-1") is None
    assert hands.gateway.moves == []
    fresh = hands.journal.execute(make_request(plan_cancel(hands.order()), 1))
    assert (fresh.key_outcome, fresh.state) == (KeyOutcome.FIRST, ActionState.DONE)


def test_a_stale_plan_without_gateway_calls_leaves_nothing(hands: Hands) -> None:
    hands.journal.execute(make_request(plan_address(make_order(1)), 1, key="a", tool="modify_address"))
    stale = hands.journal.execute(
        make_request(plan_address(make_order(1)), 1, key="b", tool="modify_address")
    )
    assert stale.key_outcome is KeyOutcome.STALE
    assert hands.count(OUTBOX) == 1


def park_unknown(hands: Hands) -> ActionResult:
    """An action whose money has moved, though nobody knows."""
    hands.gateway.after.append(OutcomeUnknown("no answer"))
    result = cancel(hands)
    assert result.state is ActionState.UNKNOWN
    return result


def test_a_time_out_is_unknown_and_is_asked_for_by_key_never_repeated_blindly(hands: Hands) -> None:
    parked = park_unknown(hands)
    assert cancel(hands).key_outcome is KeyOutcome.IN_PROGRESS
    assert hands.order().status is OrderStatus.PENDING
    hands.pass_time(seconds=5)
    hands.work()
    found = hands.journal.find(TENANT, "c1", "key-1")
    assert found is not None
    assert (found.action_id, found.state) == (parked.action_id, ActionState.DONE)
    assert len(hands.gateway.moves) == 1
    assert hands.gateway.asked == [f"{parked.action_id}:1"]
    assert hands.order().refunded_minor == 1999
    assert hands.names()[:3] == ["case:action:started", "case:action:unknown", "case:action:done"]


def test_unknown_that_did_not_happen_is_tried_again_with_the_same_key(hands: Hands) -> None:
    hands.gateway.before.append(OutcomeUnknown("no answer"))
    parked = cancel(hands)
    hands.pass_time(seconds=5)
    hands.work()
    assert hands.gateway.moves == [f"{parked.action_id}:1"] * 2
    assert len(hands.gateway.transfers) == 1
    assert hands.order().status is OrderStatus.CANCELLED


def test_a_gateway_that_is_away_leaves_the_action_claimed_for_later(hands: Hands) -> None:
    hands.gateway.before.append(Unavailable("away"))
    parked = cancel(hands)
    assert (parked.key_outcome, parked.state) == (KeyOutcome.FIRST, ActionState.CLAIMED)
    hands.work()
    assert hands.order().status is OrderStatus.PENDING
    hands.pass_time(seconds=5)
    hands.work()
    assert hands.order().status is OrderStatus.CANCELLED


def test_a_gateway_that_stays_away_is_tried_at_growing_distances(hands: Hands) -> None:
    hands.gateway.before.extend([Unavailable("away")] * 4)
    cancel(hands)
    tried = []
    for second in range(1, 40):
        hands.pass_time(seconds=1)
        before = len(hands.gateway.moves)
        hands.work()
        tried += [second] * (len(hands.gateway.moves) - before)
    assert tried == [1, 3, 7, 15]


def test_a_declined_call_fails_the_action_and_frees_what_it_held(hands: Hands) -> None:
    hands.gateway.declines.add("card_1")
    result = cancel(hands)
    assert result.state is ActionState.FAILED
    assert result.result["reasons"] == ["method_declined"]
    assert result.result["is_partial"] is False
    assert hands.order() == make_order(1)
    assert (hands.count(BUSINESS_KEYS), hands.count(RESERVATIONS), hands.count(OUTBOX)) == (0, 0, 0)
    assert hands.names() == ["case:action:started", "case:action:failed"]
    hands.gateway.declines.clear()
    assert cancel(hands).key_outcome is KeyOutcome.REPLAYED
    assert cancel(hands, key="another").state is ActionState.DONE


def two_methods(first: GatewayOperation, second: GatewayOperation) -> Plan:
    plan = plan_cancel(make_order(1))
    calls = (
        GatewayCall(first, "card_1", 700, "USD", "1"),
        GatewayCall(second, "card_x", 300, "USD", "2"),
    )
    return replace(plan, calls=calls)


def test_a_refund_that_happened_stays_on_the_order_when_a_later_part_is_declined(hands: Hands) -> None:
    hands.gateway.declines.add("card_x")
    plan = two_methods(GatewayOperation.REFUND, GatewayOperation.REFUND)
    result = hands.journal.execute(make_request(plan, 1))
    assert (result.state, result.result["is_partial"]) == (ActionState.FAILED, True)
    order = hands.order()
    assert (order.status, order.refunded_minor) == (OrderStatus.PENDING, 700)
    assert hands.count(BUSINESS_KEYS) == 0


def test_a_charge_that_happened_is_undone_when_a_later_part_is_declined(hands: Hands) -> None:
    hands.gateway.declines.add("card_x")
    plan = two_methods(GatewayOperation.CHARGE, GatewayOperation.REFUND)
    result = hands.journal.execute(make_request(plan, 1))
    assert (result.state, result.result["is_partial"]) == (ActionState.FAILED, False)
    assert hands.gateway.moves == [f"{result.action_id}:{part}" for part in ("1", "2", "1:undo")]
    order = hands.order()
    assert [(row.kind, row.amount_minor) for row in order.payments[2:]] == [
        (PaymentKind.PAYMENT, 700),
        (PaymentKind.REFUND, 700),
    ]


def test_several_parts_are_resumed_part_by_part(hands: Hands) -> None:
    hands.gateway.after.extend([None, OutcomeUnknown("no answer")])
    result = hands.journal.execute(make_request(plan_cancel(make_order(1), parts=3), 1))
    assert result.state is ActionState.UNKNOWN
    hands.pass_time(seconds=5)
    hands.work()
    assert hands.gateway.asked == [f"{result.action_id}:{part}" for part in ("2", "3")]
    assert hands.gateway.moves == [f"{result.action_id}:{part}" for part in ("1", "2", "3")]
    assert hands.order().refunded_minor == 1999
    assert [row.amount_minor for row in hands.order().payments[2:]] == [666, 666, 667]


class Stopped(BaseException):
    """Stands for the end of the process."""


def die_at(hands: Hands, place: str) -> Callable[[str], None]:
    def probe(name: str) -> None:
        if name == place:
            raise Stopped

    hands.journal._at = probe
    return probe


def test_an_action_whose_process_died_is_taken_over_when_its_lease_has_lapsed(hands: Hands) -> None:
    die_at(hands, "t2.after_call")
    with pytest.raises(Stopped):
        cancel(hands)
    die_at(hands, "nowhere")
    hands.work()
    assert hands.order().status is OrderStatus.PENDING
    assert cancel(hands).key_outcome is KeyOutcome.IN_PROGRESS
    hands.now += LEASE
    hands.work()
    assert hands.order().refunded_minor == 1999
    assert len(hands.gateway.moves) == 1


def test_a_caller_who_comes_again_after_the_lease_carries_the_action_on_itself(hands: Hands) -> None:
    die_at(hands, "t2.before_call")
    with pytest.raises(Stopped):
        cancel(hands)
    die_at(hands, "nowhere")
    hands.now += LEASE
    result = cancel(hands)
    assert (result.state, len(hands.gateway.transfers)) == (ActionState.DONE, 1)


def test_a_holder_taken_for_dead_writes_nothing_when_it_wakes(hands: Hands) -> None:
    def overtake(name: str) -> None:
        if name == "t3.before":
            hands.journal._at = hands.places.append
            hands.now += LEASE
            hands.work()

    hands.journal._at = overtake
    result = cancel(hands)
    assert (result.key_outcome, result.state) == (KeyOutcome.REPLAYED, ActionState.DONE)
    assert hands.order().refunded_minor == 1999
    assert hands.names()[:2] == ["case:action:started", "case:action:done"]
    assert hands.names().count("case:action:done") == 1


def test_an_open_action_keeps_every_other_off_its_order(hands: Hands) -> None:
    parked = park_unknown(hands)
    for plan, tool in ((plan_address(make_order(1)), "modify_address"), (plan_cancel(make_order(1)), "x")):
        other = replace(plan, business_keys=())
        met = hands.journal.execute(make_request(other, 1, key="another", tool=tool))
        assert (met.key_outcome, met.action_id) == (KeyOutcome.IN_PROGRESS, parked.action_id)
    hands.pass_time(seconds=5)
    hands.work()
    met = hands.journal.execute(make_request(plan_address(make_order(1)), 1, key="another"))
    assert met.key_outcome is KeyOutcome.STALE


def test_an_amount_that_differs_at_the_gateway_is_never_taken_for_done(hands: Hands) -> None:
    parked = park_unknown(hands)
    key = f"{parked.action_id}:1"
    hands.gateway.transfers[key] = replace(hands.gateway.transfers[key], amount_minor=1)
    hands.pass_time(seconds=5)
    hands.work()
    found = hands.journal.find(TENANT, "c1", "key-1")
    assert found is not None
    assert found.state is ActionState.UNKNOWN
    trouble = hands.database.read(lambda each: each.execute(select(ACTIONS.c.trouble)).scalar_one())
    assert trouble == "amount_differs"


def charge_gift_card(order: Order, amount_minor: int) -> Plan:
    """Half by card, half by gift card."""
    plan = plan_cancel(order)
    change = replace(plan.change, gift_cards=(GiftCardEntry("gift_1", -amount_minor),))
    return replace(plan, change=change)


def test_a_gift_cards_charge_is_held_from_the_claim_on_and_taken_once(hands: Hands) -> None:
    hands.gateway.after.append(OutcomeUnknown("no answer"))
    hands.journal.execute(make_request(charge_gift_card(make_order(1), 400), 1))
    assert hands.balance() == 600
    hands.pass_time(seconds=5)
    hands.work()
    assert hands.order().status is OrderStatus.CANCELLED
    assert hands.balance() == 600


def test_a_held_charge_goes_back_when_the_action_fails(hands: Hands) -> None:
    hands.gateway.declines.add("card_1")
    hands.journal.execute(make_request(charge_gift_card(make_order(1), 400), 1))
    assert hands.balance() == 1000


def test_a_gift_card_that_no_longer_holds_enough_makes_the_plan_stale_before_any_call(hands: Hands) -> None:
    result = hands.journal.execute(make_request(charge_gift_card(make_order(1), 1001), 1))
    assert result.key_outcome is KeyOutcome.STALE
    assert hands.gateway.moves == []


def refund(order: Order, number: int, *, counted: int) -> Plan:
    plan = plan_cancel(order)
    record = RefundRecord(f"r{number}", order.order_id, "c1", 1999, "damaged")
    history = CustomerHistory("c1", counted, AT - timedelta(days=30))
    return replace(plan, change=replace(plan.change, refund=record), history=history)


def test_of_two_refunds_planned_side_by_side_the_second_is_stale(hands: Hands) -> None:
    first = hands.journal.execute(make_request(refund(make_order(1), 1, counted=0), 1))
    second = hands.journal.execute(make_request(refund(make_order(2), 2, counted=0), 2))
    third = hands.journal.execute(make_request(refund(make_order(2), 3, counted=1), 2))
    assert [each.key_outcome for each in (first, second, third)] == [
        KeyOutcome.FIRST,
        KeyOutcome.STALE,
        KeyOutcome.FIRST,
    ]


def test_an_open_refund_keeps_the_customers_other_refunds_waiting(hands: Hands) -> None:
    hands.gateway.before.append(OutcomeUnknown("no answer"))
    hands.journal.execute(make_request(refund(make_order(1), 1, counted=0), 1))
    second = hands.journal.execute(make_request(refund(make_order(2), 2, counted=0), 2))
    assert second.key_outcome is KeyOutcome.IN_PROGRESS


def replacement(order: Order, number: int, last: datetime | None) -> Plan:
    plan = plan_address(order)
    record = ReplacementRecord(f"rp{number}", order.order_id, "c1", f"l{number}")
    history = CustomerHistory("c1", 0, AT, last)
    return replace(plan, change=replace(plan.change, replacement=record), history=history)


def test_a_replacement_planned_before_another_one_is_stale(hands: Hands) -> None:
    first = hands.journal.execute(make_request(replacement(make_order(1), 1, None), 1))
    second = hands.journal.execute(make_request(replacement(make_order(2), 2, None), 2))
    third = hands.journal.execute(make_request(replacement(make_order(2), 2, AT), 2))
    assert [each.key_outcome for each in (first, second, third)] == [
        KeyOutcome.FIRST,
        KeyOutcome.STALE,
        KeyOutcome.FIRST,
    ]


def test_a_new_order_is_made_once(hands: Hands) -> None:
    order = replace(make_order(1), order_id="o9", payments=(PaymentRow(PaymentKind.PAYMENT, "card_1", 2500),))
    plan = Plan(
        DECISION,
        "allow",
        change=Change(new_order=order),
        calls=(GatewayCall(GatewayOperation.CHARGE, "card_1", 2500, "USD", "1"),),
        business_keys=("create:o9",),
    )
    request = make_request(plan, 1, tool="create_order")
    assert hands.journal.execute(request).result["made"] == {"new_order_id": "o9"}
    assert hands.journal.execute(request).key_outcome is KeyOutcome.REPLAYED
    assert hands.order(9).payments[0].amount_minor == 2500


def run_at_once(works: list[Callable[[], None]]) -> None:
    threads = [Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()


def execute_at_once(hands: Hands, requests: list[object]) -> list[ActionResult]:
    results: list[ActionResult] = []
    barrier = Barrier(len(requests))

    def run(request: object) -> Callable[[], None]:
        def work() -> None:
            barrier.wait(60)
            results.append(hands.journal.execute(request))  # type: ignore[arg-type]

        return work

    run_at_once([run(request) for request in requests])
    assert len(results) == len(requests)
    return results


@pytest.mark.parametrize("calls_gateway", [True, False])
def test_64_concurrent_calls_with_one_key_are_one_effect(hands: Hands, calls_gateway: bool) -> None:
    plan = plan_cancel(make_order(1)) if calls_gateway else plan_address(make_order(1))
    results = execute_at_once(hands, [make_request(plan, 1)] * 64)
    outcomes = [each.key_outcome for each in results]
    assert outcomes.count(KeyOutcome.FIRST) == 1
    assert set(outcomes) <= {KeyOutcome.FIRST, KeyOutcome.IN_PROGRESS, KeyOutcome.REPLAYED}
    assert len({each.action_id for each in results}) == 1
    assert len(hands.gateway.moves) == (1 if calls_gateway else 0)
    assert (hands.order().version, hands.count(OUTBOX), hands.count(ACTIONS)) == (2, 1, 1)


def test_20_concurrent_calls_with_keys_of_their_own_for_one_thing_are_one_effect(hands: Hands) -> None:
    plan = plan_cancel(make_order(1))
    results = execute_at_once(hands, [make_request(plan, 1, key=f"k{number}") for number in range(20)])
    outcomes = [each.key_outcome for each in results]
    assert outcomes.count(KeyOutcome.FIRST) == 1
    assert set(outcomes) <= {KeyOutcome.FIRST, KeyOutcome.ALREADY_DONE}
    assert len(hands.gateway.moves) == 1


def test_20_concurrent_plans_of_different_kinds_on_one_order_change_it_one_version_at_a_time(
    hands: Hands,
) -> None:
    requests: list[object] = [
        make_request(replace(plan_cancel(make_order(1)), business_keys=()), 1, key=f"k{number}")
        if number % 2
        else make_request(plan_address(make_order(1)), 1, key=f"k{number}", tool="modify_address")
        for number in range(20)
    ]
    results = execute_at_once(hands, requests)
    outcomes = [each.key_outcome for each in results]
    assert outcomes.count(KeyOutcome.FIRST) == 1
    assert set(outcomes) <= {KeyOutcome.FIRST, KeyOutcome.IN_PROGRESS, KeyOutcome.STALE}
    assert hands.order().version == 2
    assert len(hands.gateway.moves) <= 1


def test_20_concurrent_refunds_of_one_customer_hold_the_limit_they_counted(hands: Hands) -> None:
    plant_shop(hands.database, range(10, 30))
    plans = [refund(make_order(number), number, counted=0) for number in range(10, 30)]
    results = execute_at_once(
        hands, [make_request(plan, number) for number, plan in enumerate(plans, start=10)]
    )
    assert [each.key_outcome for each in results].count(KeyOutcome.FIRST) == 1
    assert len(hands.gateway.moves) == 1
