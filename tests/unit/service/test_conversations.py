"""Conversations: turns one after the other, an action once and after a yes, nobody sees another's."""

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from PIL import Image
from support_house import AT, TENANT, SupportHouse

from casewright.domain.conversation import ConversationState, Side
from casewright.domain.errors import NotFound
from casewright.domain.principal import Role, Scope
from casewright.domain.shop import OrderStatus
from casewright.investigation.shop_request import Intent
from casewright.service.support_acts import ActStatus


def test_an_order_is_cancelled_after_a_yes_and_not_before(support_house: SupportHouse) -> None:
    asker = support_house.customer(1)
    before = support_house.business_rows()
    first, reason = support_house.talk(asker, "please cancel ORD-1001", "I no longer need it")
    assert first.outcome.status is ActStatus.NEEDS_INFO
    assert first.outcome.slots.asked == "cancel_reason"
    assert reason.outcome.status is ActStatus.PROPOSED
    assert support_house.business_rows() == before
    assert support_house.gateway.moves == []
    yes = support_house.doors.support.take_turn(asker, "yes", reason.conversation.conversation_id)
    assert yes.outcome.status is ActStatus.DONE
    order = support_house.shop.records(TENANT).order("ORD-1001")
    assert order is not None
    assert order.status is OrderStatus.CANCELLED
    assert order.refunded_minor == order.paid_minor
    assert len(support_house.gateway.transfers) == 1
    assert "85.99 USD" in yes.outcome.words.text


def test_key_that_may_only_propose_hands_a_case_to_a_person(support_house: SupportHouse) -> None:
    asker = replace(support_house.customer(1), scopes=frozenset({Scope.READ, Scope.PROPOSE}))
    (result,) = support_house.talk(asker, "I want to talk to a person")
    assert (result.outcome.status, result.outcome.reasons) == (ActStatus.ESCALATED, ("person_requested",))
    (waiting,) = support_house.doors.queue(TENANT).waiting()
    assert waiting.record.customer_id == asker.customer_id


def test_payment_that_is_declined_is_told_as_such(support_house: SupportHouse) -> None:
    support_house.gateway.declines.add("card-1001")
    *_, yes = support_house.talk(support_house.customer(1), "cancel ORD-1001, ordered by mistake", "yes")
    assert (yes.outcome.status, yes.outcome.reasons) == (ActStatus.REFUSED, ("method_declined",))
    assert "payment service" in yes.outcome.words.text
    assert "rules" not in yes.outcome.words.text
    order = support_house.shop.records(TENANT).order("ORD-1001")
    assert order is not None
    assert order.status is OrderStatus.PENDING


def test_a_no_changes_nothing_and_a_later_yes_finds_nothing_to_confirm(support_house: SupportHouse) -> None:
    before = support_house.business_rows()
    *_, declined, yes = support_house.talk(
        support_house.customer(1), "cancel ORD-1001, ordered by mistake", "no", "yes"
    )
    assert declined.outcome.status is ActStatus.DONE
    assert yes.outcome.status is ActStatus.NEEDS_INFO
    assert support_house.business_rows() == before


def test_slots_carry_order_and_item_and_reason_through_the_turns(support_house: SupportHouse) -> None:
    order, item, reason = support_house.talk(
        support_house.customer(1), "I want to return something from ORD-1002", "the mug", "I changed my mind"
    )
    assert (order.outcome.slots.order_id, order.outcome.slots.asked) == ("ORD-1002", "lines")
    assert item.outcome.slots.asked == "reason"
    assert reason.outcome.status is ActStatus.PROPOSED
    assert reason.outcome.tool == "create_return"
    assert reason.outcome.effects[0].amount_minor == 1450


def test_another_customers_order_answers_like_one_that_does_not_exist(support_house: SupportHouse) -> None:
    (others,) = support_house.talk(support_house.customer(2), "cancel ORD-1001, I no longer need it")
    (none,) = support_house.talk(support_house.customer(2), "cancel ORD-9999, I no longer need it")
    for result in (others, none):
        assert result.outcome.status is ActStatus.REFUSED
        assert result.outcome.reasons == ("order_not_found",)
    assert others.outcome.words == none.outcome.words


@pytest.mark.parametrize(
    "then",
    [
        "then replace it",
        "then store credit",
        "ok then exchange it",
        "then give me a refund",
        "then cancel it",
    ],
)
def test_a_denial_is_not_walked_round(support_house: SupportHouse, then: str) -> None:
    before = support_house.business_rows()
    denied, after = support_house.talk(
        support_house.customer(2), "I want to return ORD-1004, I changed my mind", then
    )
    assert denied.outcome.status is ActStatus.REFUSED
    assert "outside_return_window" in denied.outcome.reasons
    assert denied.outcome.clauses
    assert after.outcome.status in {ActStatus.REFUSED, ActStatus.NEEDS_INFO}
    assert after.outcome.slots.proposal_id is None
    assert support_house.business_rows() == before


@pytest.mark.parametrize("then", ["then replace it", "then store credit", "exchange it for size L"])
def test_a_final_sale_stays_one_whatever_is_asked_for(support_house: SupportHouse, then: str) -> None:
    asker = support_house.customer(3)
    denied, after = support_house.talk(asker, "Refund ORD-1006, it is not as described", then)
    assert denied.outcome.reasons == ("final_sale",)
    assert after.outcome.status is ActStatus.REFUSED
    assert "final_sale" in after.outcome.reasons


def test_two_turns_that_are_not_understood_bring_a_person_with_a_clock(support_house: SupportHouse) -> None:
    first, second = support_house.talk(support_house.customer(6), "florb grint", "wub wub my PIN is 4821")
    assert first.outcome.status is ActStatus.NEEDS_INFO
    assert second.outcome.is_escalated
    assert second.outcome.reasons == ("failed_turns",)
    (waiting,) = support_house.doors.queue(TENANT).waiting()
    assert waiting.record.reason == "failed_turns"
    assert waiting.record.queue
    assert waiting.record.case_id == second.conversation.case_id
    assert waiting.record.due_at > waiting.opened_at
    assert "4821" not in waiting.record.summary


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("I want to talk to a human", "person_requested"),
        ("You are thieves, this is a disgrace!", "anger"),
        ("I will take you to court over ORD-1001", "legal_threat"),
        ("I want to kill myself over this", "self_harm"),
    ],
)
def test_a_person_is_called_for(support_house: SupportHouse, message: str, reason: str) -> None:
    (result,) = support_house.talk(support_house.customer(1), message)
    assert result.outcome.status is ActStatus.ESCALATED
    (waiting,) = support_house.doors.queue(TENANT).waiting()
    assert waiting.record.reason == reason


def test_nothing_more_is_done_about_a_case_that_a_person_has(support_house: SupportHouse) -> None:
    before_orders = support_house.business_rows()["orders"]
    *_, last = support_house.talk(
        support_house.customer(1), "give me a human", "cancel ORD-1001, I no longer need it", "yes"
    )
    assert last.conversation.state is ConversationState.ESCALATED
    assert last.outcome.status is ActStatus.ESCALATED
    assert support_house.business_rows()["orders"] == before_orders
    assert len(support_house.doors.queue(TENANT).waiting()) == 1


def test_a_conversation_is_answered_again_once_its_escalation_is_resolved(
    support_house: SupportHouse,
) -> None:
    asker, support = support_house.customer(1), support_house.doors.support
    *_, held = support_house.talk(asker, "I want to talk to a person about ORD-1001", "where is ORD-1001?")
    assert held.outcome.status is ActStatus.ESCALATED
    name, queue = held.conversation.conversation_id, support_house.doors.queue(TENANT)
    (waiting,) = queue.waiting()
    assert queue.assign(waiting.record.escalation_id, "staff-1")
    assert support.take_turn(asker, "yes", name).outcome.status is ActStatus.ESCALATED
    assert queue.resolve(waiting.record.escalation_id, "called the customer", AT)
    answered = support.take_turn(asker, "where is ORD-1001?", name)
    assert (answered.outcome.status, answered.outcome.tool) == (ActStatus.DONE, "lookup_order")
    assert answered.conversation.state is ConversationState.OPEN
    assert support.show(asker, name)[0].state is ConversationState.OPEN
    assert support.take_turn(asker, "I want to talk to a person", name).outcome.is_escalated
    assert [each.record.case_id for each in queue.waiting()] == [waiting.record.case_id]


def test_a_conversation_stays_with_the_person_while_one_of_its_escalations_is_open(
    support_house: SupportHouse,
) -> None:
    asker, support = support_house.customer(1), support_house.doors.support
    (first,) = support_house.talk(asker, "I want to talk to a person")
    name, queue = first.conversation.conversation_id, support_house.doors.queue(TENANT)
    arguments = {"reason": "anger", "summary": "called twice"}
    tools, case_id = support_house.shop.tools, first.conversation.case_id
    tools.call(support_house.staff(), "create_escalation", arguments, key="by-staff", case_id=case_id)
    one, other = queue.waiting()
    assert queue.resolve(one.record.escalation_id, "done", AT)
    assert support.take_turn(asker, "where is ORD-1001?", name).outcome.status is ActStatus.ESCALATED
    assert queue.resolve(other.record.escalation_id, "done", AT)
    assert support.take_turn(asker, "where is ORD-1001?", name).outcome.status is ActStatus.DONE


def test_a_wish_from_before_a_person_took_over_is_not_carried_on(support_house: SupportHouse) -> None:
    asker, support = support_house.customer(1), support_house.doors.support
    *_, held = support_house.talk(asker, "cancel ORD-1001", "give me a human")
    name, queue = held.conversation.conversation_id, support_house.doors.queue(TENANT)
    (waiting,) = queue.waiting()
    assert queue.resolve(waiting.record.escalation_id, "kept the order", AT)
    later = support.take_turn(asker, "I no longer need it", name)
    assert later.outcome.slots.intent is None
    assert later.outcome.status is ActStatus.NEEDS_INFO
    assert support.take_turn(asker, "where is it?", name).outcome.tool == "lookup_order"


def test_what_needs_an_approval_waits_for_it_in_the_queue(support_house: SupportHouse) -> None:
    before = support_house.business_rows()
    (result,) = support_house.talk(
        support_house.customer(2), "return the laptop of ORD-1003, changed my mind"
    )
    assert result.outcome.status is ActStatus.ESCALATED
    assert result.outcome.reasons == ("above_automatic_limit",)
    (waiting,) = support_house.doors.queue(TENANT).waiting()
    assert waiting.record.reason == "above_automatic_limit"
    after = support_house.business_rows()
    assert {name for name in after if after[name] != before[name]} == {"escalations"}
    supervisor = support_house.staff(Role.SUPERVISOR)
    assert [proposal.tool for proposal in support_house.shop.proposals.awaiting(supervisor)] == [
        "create_return"
    ]


def test_turns_are_kept_redacted_and_in_order(support_house: SupportHouse) -> None:
    asker = support_house.customer(1)
    (result,) = support_house.talk(asker, "my card 4111 1111 1111 1111 paid for ORD-1001, where is it?")
    conversation, turns = support_house.doors.support.show(asker, result.conversation.conversation_id)
    assert [turn.speaker for turn in turns] == [Side.CUSTOMER, Side.DESK]
    assert "4111" not in turns[0].text
    assert turns[1].text == result.outcome.words.text
    assert conversation.version == 1


def test_anothers_conversation_is_none(support_house: SupportHouse) -> None:
    (result,) = support_house.talk(support_house.customer(1), "hello")
    name, support = result.conversation.conversation_id, support_house.doors.support
    other = support_house.customer(2)
    for refused in (
        lambda: support.show(other, name),
        lambda: support.forget(other, name),
        lambda: support.take_turn(other, "yes", name),
    ):
        with pytest.raises(NotFound):
            refused()
    assert support.show(support_house.staff(), name)[0].conversation_id == name
    with pytest.raises(NotFound):
        support.forget(support_house.staff(), name)
    support.forget(support_house.customer(1), name)
    with pytest.raises(NotFound):
        support.show(support_house.customer(1), name)


def test_a_name_in_the_body_counts_for_a_key_that_may_act_for_customers_only(
    support_house: SupportHouse,
) -> None:
    support = support_house.doors.support
    customer = support_house.customer(2)
    assert support.act_for(customer, "CUS-1001") is customer
    bare = replace(support_house.staff(), scopes=frozenset({Scope.READ, Scope.PROPOSE, Scope.CONFIRM}))
    assert support.act_for(bare, "CUS-1001") is bare
    acting = support.act_for(support_house.staff(), "CUS-1001")
    assert acting.customer_id == "CUS-1001"
    (result,) = support_house.talk(acting, "where is ORD-1001?")
    assert result.outcome.status is ActStatus.DONE
    with pytest.raises(NotFound):
        support.act_for(support_house.staff(), "CUS-nobody")


def test_twenty_times_yes_at_once_is_one_effect(support_house: SupportHouse) -> None:
    asker = support_house.customer(1)
    (proposed,) = support_house.talk(asker, "cancel ORD-1001, I no longer need it")
    name = proposed.conversation.conversation_id

    def say_yes(_: int) -> str:
        try:
            return support_house.doors.support.take_turn(asker, "yes", name).outcome.status.value
        except Exception as error:  # noqa: BLE001 - what came of each is compared below
            return type(error).__name__

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(say_yes, range(20)))
    assert statuses.count("done") >= 1
    assert len(support_house.gateway.transfers) == 1
    order = support_house.shop.records(TENANT).order("ORD-1001")
    assert order is not None
    assert order.refunded_minor == order.paid_minor
    assert set(statuses) <= {"done", "refused", "needs_info", "Conflict"}


def test_what_is_bought_is_chosen_and_paid_by_the_customers_own_means(support_house: SupportHouse) -> None:
    asker = support_house.customer(8)
    product, method, done = support_house.talk(
        asker, "I'd like to order a desk lamp in brass", "pay by gift card", "yes"
    )
    assert product.intent is method.intent is Intent.PLACE_ORDER
    assert product.outcome.slots.asked == "method"
    assert done.outcome.status in {ActStatus.DONE, ActStatus.REFUSED, ActStatus.NEEDS_INFO}
    if done.outcome.status is ActStatus.DONE:
        assert done.outcome.tool == "create_order"


def test_a_question_on_the_rules_is_answered_by_their_clauses(support_house: SupportHouse) -> None:
    english, bangla = support_house.talk(
        support_house.customer(1), "What is your return policy?", "কত দিনের মধ্যে ফেরত দেওয়া যায়?"
    )
    for result in (english, bangla):
        assert result.intent is Intent.POLICY_QUESTION
        assert result.outcome.status is ActStatus.DONE
        assert result.outcome.clauses[0] in result.outcome.words.text


def test_a_question_in_bangla_is_answered_in_the_clauses_bangla_words(support_house: SupportHouse) -> None:
    for message in ("কত দিনের মধ্যে ফেরত দেওয়া যায়?", "product ferot deyar niyom ki?"):
        (result,) = support_house.talk(support_house.customer(1), message)
        assert result.outcome.words.text == (
            "পণ্য ফেরতের একটি সময়সীমা আছে, পৌঁছানোর দিন থেকে গোনা। একটি দিন গোনা হয় তার 24 ঘণ্টা শেষ হলে, তাই শেষ"
            " দিনটি পুরোটাই সময়সীমার মধ্যে। (RET-2.1)"
        )


def test_a_picture_that_was_sent_in_between_is_seen_at_the_next_message(support_house: SupportHouse) -> None:
    asker = support_house.customer(5)
    (asked,) = support_house.talk(asker, "The mug of ORD-1009 came cracked, refund please")
    assert asked.outcome.slots.asked == "evidence"
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 40, 90)).save(picture, "PNG")
    content = base64.b64encode(picture.getvalue()).decode()
    support_house.shop.tools.call(
        asker, "store_evidence", {"order_id": "ORD-1009", "content": content}, key="picture-1"
    )
    sent = support_house.doors.support.take_turn(
        asker, "I have uploaded it", asked.conversation.conversation_id
    )
    assert sent.outcome.status is ActStatus.PROPOSED
    assert sent.conversation.failed_turns == 0
