"""Tools over both databases: one key is one proposal, one confirmation one effect, whoever calls at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from casewright.domain.errors import Conflict
from casewright.domain.principal import Role
from casewright.domain.shop import OrderStatus
from casewright.tools.answers import AnswerStatus

CANCEL = {"order_id": "ORD-1001", "reason": "no longer needed"}
ADDRESS = {"address1": "1 New Road", "city": "Exampleton", "country": "USA"}


def test_write_is_proposed_confirmed_and_answered_again_under_its_key(shop_world_on_both: Any) -> None:
    world = shop_world_on_both
    asker = world.customer(1)
    proposed = world.shop.tools.call(asker, "cancel_order", CANCEL, key="k1")
    done = world.shop.proposals.commit(asker, proposed.proposal.proposal_id, proposed.confirmation)
    assert done.status is AnswerStatus.DONE
    assert world.order("ORD-1001").status is OrderStatus.CANCELLED
    again = world.shop.tools.call(asker, "cancel_order", CANCEL, key="k1")
    assert (again.status, again.action_id) == (AnswerStatus.DONE, done.action_id)


def test_64_calls_with_one_key_and_64_commits_have_one_effect(shop_world_on_both: Any) -> None:
    world = shop_world_on_both
    asker = world.customer(1)

    def propose(_: int) -> Any:
        return world.shop.tools.call(asker, "cancel_order", CANCEL, key="k1")

    def commit(answer: Any) -> str:
        try:
            done = world.shop.proposals.commit(asker, answer.proposal.proposal_id, answer.confirmation)
        except Conflict as error:
            return error.code
        return ",".join(done.reason_codes) or str(done.status)

    with ThreadPoolExecutor(64) as threads:
        answers = list(threads.map(propose, range(64)))
        outcomes = list(threads.map(commit, answers))
    assert len({answer.proposal.proposal_id for answer in answers}) == 1
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "in_progress", "confirmation_consumed"}
    assert len(world.gateway.transfers) == 1
    assert world.order("ORD-1001").refunded_minor == world.order("ORD-1001").paid_minor


def test_64_direct_writes_with_one_key_have_one_effect(shop_world_on_both: Any) -> None:
    world = shop_world_on_both
    asker = world.customer(1)

    def write(_: int) -> str:
        try:
            answer = world.shop.tools.call(asker, "modify_customer_address", {"address": ADDRESS}, key="k1")
        except Conflict as error:
            return error.code
        return str(answer.action_id)

    with ThreadPoolExecutor(64) as threads:
        outcomes = set(threads.map(write, range(64))) - {"in_progress"}
    assert len(outcomes) == 1


def test_two_keys_for_one_cancellation_have_one_effect(shop_world_on_both: Any) -> None:
    world = shop_world_on_both
    asker = world.customer(1)
    proposals = [
        world.shop.tools.call(asker, "cancel_order", CANCEL, key=f"k{number}") for number in range(8)
    ]

    def commit(answer: Any) -> str:
        try:
            done = world.shop.proposals.commit(asker, answer.proposal.proposal_id, answer.confirmation)
        except Conflict as error:
            return error.code
        return str(done.status)

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(commit, proposals))
    assert outcomes.count("done") == 1
    assert len(world.gateway.transfers) == 1


def test_stale_confirmation_gets_a_new_proposal_once(shop_world_on_both: Any) -> None:
    world = shop_world_on_both
    asker = world.customer(1)
    old = world.shop.tools.call(asker, "cancel_order", CANCEL, key="k1")
    moved = world.shop.tools.call(
        asker, "modify_address", {"order_id": "ORD-1001", "address": ADDRESS}, key="k2"
    )
    world.shop.proposals.commit(asker, moved.proposal.proposal_id, moved.confirmation)

    def commit(_: int) -> str:
        answer = world.shop.proposals.commit(asker, old.proposal.proposal_id, old.confirmation)
        assert answer.reason_codes == ("confirmation_stale",)
        return str(answer.proposal.proposal_id)

    with ThreadPoolExecutor(16) as threads:
        assert len(set(threads.map(commit, range(16)))) == 1
    assert world.order("ORD-1001").status is OrderStatus.PENDING


def test_approval_is_decided_by_one_of_many_at_once(shop_world_on_both: Any) -> None:
    world = shop_world_on_both
    wanted = {"order_id": "ORD-1003", "item_ids": ["1"], "reason": "changed_mind"}
    waiting = world.shop.tools.call(world.customer(2), "create_return", wanted, key="k1")

    def decide(number: int) -> str:
        agent = world.staff(Role.AGENT, str(number))
        try:
            world.shop.proposals.decide(agent, waiting.proposal.proposal_id, grants=number % 2 == 0)
        except Conflict as error:
            return error.code
        return "decided"

    with ThreadPoolExecutor(16) as threads:
        outcomes = list(threads.map(decide, range(16)))
    assert outcomes.count("decided") == 1
