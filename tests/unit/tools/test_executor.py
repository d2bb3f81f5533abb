"""The executor: what each kind of call comes back with, and what an idempotency key means."""

from dataclasses import replace
from typing import Any

import pytest

from casewright.domain.errors import MalformedRequest, MeaninglessRequest, NotFound, NotPermitted
from casewright.domain.principal import Principal, Role
from casewright.tools.answers import AnswerStatus
from casewright.tools.arguments import InvalidArguments

CANCEL = {"order_id": "ORD-1001", "reason": "no longer needed"}


def test_read_answers_at_once_and_needs_no_key(shop_world: Any) -> None:
    answer = shop_world.shop.tools.call(shop_world.customer(1), "lookup_order", {"order_id": "ORD-1001"})
    assert answer.status is AnswerStatus.DONE
    assert [order["order_id"] for order in answer.result["orders"]] == ["ORD-1001"]


def test_two_step_write_proposes_and_moves_nothing(shop_world: Any) -> None:
    before = shop_world.order("ORD-1001")
    answer = shop_world.shop.tools.call(shop_world.customer(1), "cancel_order", CANCEL, key="k1")
    assert answer.status is AnswerStatus.PROPOSED
    assert answer.confirmation is not None
    assert answer.proposal.order_version == before.version
    assert "order_cancelled" in [effect.kind for effect in answer.effects]
    assert shop_world.order("ORD-1001") == before
    assert shop_world.gateway.moves == []


def test_refused_write_names_every_broken_rule_and_cites_the_clauses(shop_world: Any) -> None:
    answer = shop_world.shop.tools.call(
        shop_world.customer(1), "cancel_order", {"order_id": "ORD-1002", "reason": "bored"}, key="k1"
    )
    assert answer.status is AnswerStatus.REFUSED
    assert set(answer.reason_codes) == {"order_not_pending", "reason_not_accepted"}
    assert {"ORD-2.1", "ORD-2.2"} <= set(answer.clauses)
    assert answer.proposal is None


def test_other_customers_order_answers_exactly_like_one_that_does_not_exist(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    for tool, extra in (
        ("cancel_order", {"reason": "no longer needed"}),
        ("create_label", {}),
        ("lookup_order", {}),
        ("check_eligibility", {"item_ids": ["1"]}),
        ("create_return", {"item_ids": ["1"], "reason": "changed_mind"}),
    ):
        key = None if tool in ("lookup_order", "check_eligibility") else tool
        others, absent = (
            shop_world.shop.tools.call(
                asker, tool, {"order_id": order_id, **extra}, key=key and f"{key}-{order_id}"
            )
            for order_id in ("ORD-1003", "ORD-9999")
        )
        assert others == absent
        assert others.reason_codes == ("order_not_found",)


def test_write_without_a_key_is_refused_before_anything_is_read(shop_world: Any) -> None:
    with pytest.raises(MalformedRequest, match="Idempotency-Key") as caught:
        shop_world.shop.tools.call(shop_world.customer(1), "cancel_order", CANCEL)
    assert caught.value.code == "idempotency_key_missing"


def test_same_key_and_arguments_give_the_stored_proposal(shop_world: Any) -> None:
    first = shop_world.shop.tools.call(shop_world.customer(1), "cancel_order", CANCEL, key="k1")
    again = shop_world.shop.tools.call(shop_world.customer(1), "cancel_order", dict(CANCEL), key="k1")
    assert again.is_replayed
    assert again.proposal == first.proposal
    assert again.confirmation == first.confirmation


def test_same_key_and_arguments_give_the_stored_no_even_when_it_would_now_be_a_yes(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    wrong = {**CANCEL, "reason": "bored"}
    first = shop_world.shop.tools.call(asker, "cancel_order", wrong, key="k1")
    again = shop_world.shop.tools.call(asker, "cancel_order", wrong, key="k1")
    assert again.is_replayed
    assert again.reason_codes == first.reason_codes == ("reason_not_accepted",)


def test_same_key_with_other_arguments_or_another_tool_is_an_error(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    shop_world.shop.tools.call(asker, "cancel_order", CANCEL, key="k1")
    for tool, arguments in (
        ("cancel_order", {**CANCEL, "order_id": "ORD-1002"}),
        ("create_label", {"order_id": "ORD-1001"}),
    ):
        with pytest.raises(MeaninglessRequest) as caught:
            shop_world.shop.tools.call(asker, tool, arguments, key="k1")
        assert caught.value.code == "idempotency_key_reused"


def test_two_customers_may_use_the_same_key(shop_world: Any) -> None:
    first = shop_world.shop.tools.call(shop_world.customer(1), "cancel_order", CANCEL, key="k1")
    other = shop_world.shop.tools.call(
        shop_world.customer(4), "cancel_order", {**CANCEL, "order_id": "ORD-1008"}, key="k1"
    )
    assert first.status is other.status is AnswerStatus.PROPOSED


ADDRESS = {"address1": "1 New Road", "city": "Exampleton", "state": "CA", "country": "USA", "zip": "90001"}


def test_direct_write_happens_once_and_is_replayed_under_its_key(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    arguments = {"address": ADDRESS}
    first = shop_world.shop.tools.call(asker, "modify_customer_address", arguments, key="k1")
    again = shop_world.shop.tools.call(asker, "modify_customer_address", arguments, key="k1")
    assert first.status is again.status is AnswerStatus.DONE
    assert first.action_id == again.action_id
    assert again.is_replayed
    profile = shop_world.shop.tools.call(asker, "get_customer", {}).result
    assert profile["address"]["address1"] == "1 New Road"


def test_personal_values_reach_neither_proposal_nor_trace(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    answer = shop_world.shop.tools.call(
        asker, "modify_address", {"order_id": "ORD-1001", "address": ADDRESS}, key="k1"
    )
    assert answer.status is AnswerStatus.PROPOSED
    kept = repr(answer.proposal) + repr(shop_world.traces)
    assert "New Road" not in kept
    assert shop_world.traces[-1].arguments["address"] == "[address]"


def test_same_key_with_another_address_is_an_error_though_the_address_is_not_kept(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    arguments = {"order_id": "ORD-1001", "address": ADDRESS}
    shop_world.shop.tools.call(asker, "modify_address", arguments, key="k1")
    other = {**arguments, "address": {**ADDRESS, "zip": "90002"}}
    with pytest.raises(MeaninglessRequest):
        shop_world.shop.tools.call(asker, "modify_address", other, key="k1")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({}, {"order_id", "reason"}),
        ({**CANCEL, "user_id": "CUS-1001"}, {"user_id"}),
        ({"order_id": 7, "reason": None}, {"order_id", "reason"}),
        ([], {"(body)"}),
        ("cancel it", {"(body)"}),
        ({**CANCEL, "order_id": "ORD-1001\n"}, {"order_id"}),
    ],
)
def test_invalid_arguments_are_named_field_by_field(
    shop_world: Any, arguments: object, named: set[str]
) -> None:
    with pytest.raises(InvalidArguments) as caught:
        shop_world.shop.tools.call(shop_world.customer(1), "cancel_order", arguments, key="k1")
    assert set(caught.value.fields) == named
    assert caught.value.code == "invalid_arguments"


def test_unknown_tool_and_tool_of_another_desk_are_refused(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    with pytest.raises(NotFound):
        shop_world.shop.tools.call(asker, "drop_tables", {}, key="k1")
    with pytest.raises(NotPermitted):
        shop_world.shop.tools.call(asker, "cancel_order", CANCEL, key="k1", desk="returns")
    with pytest.raises(NotPermitted):
        shop_world.shop.tools.call(asker, "cancel_order", CANCEL, key="k1", desk="disputes")


def test_key_that_may_only_propose_calls_no_direct_write(shop_world: Any) -> None:
    model = shop_world.proposing(1)
    proposed = shop_world.shop.tools.call(model, "cancel_order", CANCEL, key="k1")
    assert proposed.status is AnswerStatus.PROPOSED
    assert proposed.confirmation is None
    with pytest.raises(NotPermitted):
        shop_world.shop.tools.call(model, "modify_customer_address", {"address": ADDRESS}, key="k2")


def test_customers_account_without_a_customer_sees_nothing(shop_world: Any) -> None:
    known = shop_world.customer(1)
    nobody = Principal("usr_x", Role.CUSTOMER, "main", "ses_x", known.scopes, None)
    with pytest.raises(NotPermitted):
        shop_world.shop.tools.call(nobody, "list_orders", {})


def test_another_tenant_sees_nothing(shop_world: Any) -> None:
    known = shop_world.customer(1)
    stranger = Principal("usr_1", Role.CUSTOMER, "other", "ses_1", known.scopes, "CUS-1001")
    answer = shop_world.shop.tools.call(stranger, "lookup_order", {"order_id": "ORD-1001"})
    assert answer.reason_codes == ("order_not_found",)


def test_too_many_calls_of_a_write_are_refused_until_the_window_has_passed(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    for number in range(120):
        shop_world.shop.tools.call(asker, "create_label", {"order_id": "ORD-1001"}, key=f"k{number}")
    answer = shop_world.shop.tools.call(asker, "create_label", {"order_id": "ORD-1001"}, key="one-more")
    assert answer.reason_codes == ("call_limit_reached",)
    shop_world.later(hours=2)
    answer = shop_world.shop.tools.call(asker, "create_label", {"order_id": "ORD-1001"}, key="one-more")
    assert answer.reason_codes != ("call_limit_reached",)


def test_key_that_acts_for_customers_meets_the_limit_of_each_customer_too(shop_world: Any) -> None:
    """120 of one customer over two keys are all; another customer of the same keys is served."""
    agent = shop_world.staff(Role.AGENT)
    first = replace(agent, subject_id="key-1", customer_id="CUS-1001", is_key=True)
    second = replace(agent, subject_id="key-2", customer_id="CUS-1001", is_key=True)

    def ask(asker: Principal, key: str) -> tuple[str, ...]:
        arguments = {"order_id": "ORD-1001"}
        codes: tuple[str, ...] = shop_world.shop.tools.call(
            asker, "create_label", arguments, key=key
        ).reason_codes
        return codes

    for number in range(60):
        assert ask(first, f"k{number}") == ask(second, f"k{number}") == ("no_return_requested",)
    for asker in (first, second):
        assert ask(asker, "one-more") == ("call_limit_reached",)
    assert ask(replace(first, customer_id="CUS-1002"), "other-customer") == ("order_not_found",)
    assert ask(replace(first, customer_id=None), "nobody") == ("no_return_requested",)
    shop_world.later(hours=2)
    assert ask(second, "one-more") == ("no_return_requested",)


def test_every_call_leaves_a_trace_with_its_outcome_and_times(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    shop_world.shop.tools.call(asker, "lookup_order", {"order_id": "ORD-1001"})
    with pytest.raises(NotFound):
        shop_world.shop.tools.call(asker, "drop_tables", {})
    shop_world.shop.tools.call(asker, "cancel_order", CANCEL, key="k1")
    assert [(trace.tool, trace.outcome) for trace in shop_world.traces] == [
        ("lookup_order", "done"),
        ("(unknown)", "unknown_tool"),
        ("cancel_order", "proposed"),
    ]
    assert {"admit", "gather", "plan", "call"} <= set(shop_world.traces[-1].timings_us)
