"""Committing: a confirmation is good once, for what was shown, in its session; and approvals by named staff."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from casewright.adapters.journal.ledger import read_entries
from casewright.domain.errors import Conflict, NotFound, NotPermitted, OutcomeUnknown, Unavailable
from casewright.domain.principal import Role
from casewright.domain.proposal import ProposalState
from casewright.domain.shop import OrderStatus
from casewright.tools.answers import AnswerStatus, ToolAnswer

CANCEL = {"order_id": "ORD-1001", "reason": "no longer needed"}
LAPTOP = {"order_id": "ORD-1003", "item_ids": ["1"], "reason": "changed_mind", "method_id": "card-1002"}


def propose(
    world: Any, asker: Any, tool: str = "cancel_order", key: str = "k1", **arguments: Any
) -> ToolAnswer:
    answer: ToolAnswer = world.shop.tools.call(asker, tool, arguments or CANCEL, key=key)
    assert answer.status is AnswerStatus.PROPOSED, answer.reason_codes
    return answer


def commit(world: Any, asker: Any, answer: ToolAnswer, confirmation: str | None = None) -> ToolAnswer:
    assert answer.proposal is not None
    done: ToolAnswer = world.shop.proposals.commit(
        asker, answer.proposal.proposal_id, confirmation or answer.confirmation
    )
    return done


def test_confirmed_proposal_is_carried_out(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    proposed = propose(shop_world, asker)
    done = commit(shop_world, asker, proposed)
    assert done.status is AnswerStatus.DONE
    assert done.effects == proposed.effects
    order = shop_world.order("ORD-1001")
    assert order.status is OrderStatus.CANCELLED
    assert order.paid_minor == order.refunded_minor
    assert len(shop_world.gateway.transfers) == 1


def test_confirmation_is_used_once(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    proposed = propose(shop_world, asker)
    first = commit(shop_world, asker, proposed)
    again = commit(shop_world, asker, proposed)
    assert again.reason_codes == ("confirmation_consumed",)
    assert again.action_id == first.action_id
    assert len(shop_world.gateway.transfers) == 1


def test_what_another_key_has_begun_is_neither_done_twice_nor_called_done(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    first, second = propose(shop_world, asker), propose(shop_world, asker, key="k2")
    shop_world.gateway.before.append(Unavailable("away"))
    assert commit(shop_world, asker, first).status is AnswerStatus.UNDER_WAY
    with pytest.raises(Conflict) as caught:
        commit(shop_world, asker, second)
    assert caught.value.code == "in_progress"
    shop_world.gateway.declines.add("card-1001")
    shop_world.later(minutes=5)
    shop_world.shop.parts.worker.run_once()
    shop_world.gateway.declines.clear()
    assert commit(shop_world, asker, second).status is AnswerStatus.DONE
    assert shop_world.order("ORD-1001").status is OrderStatus.CANCELLED


def test_key_of_a_committed_proposal_answers_with_what_was_done(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    done = commit(shop_world, asker, propose(shop_world, asker))
    again = shop_world.shop.tools.call(asker, "cancel_order", CANCEL, key="k1")
    assert again.status is AnswerStatus.DONE
    assert again.is_replayed
    assert again.action_id == done.action_id


@pytest.mark.parametrize("presented", ["0" * 64, "", "ünïcode", "a b"])
def test_wrong_confirmation_carries_nothing_out(shop_world: Any, presented: str) -> None:
    asker = shop_world.customer(1)
    proposed = propose(shop_world, asker)
    assert proposed.proposal is not None
    answer = shop_world.shop.proposals.commit(asker, proposed.proposal.proposal_id, presented)
    assert answer.reason_codes == ("confirmation_required",)
    assert shop_world.order("ORD-1001").status is OrderStatus.PENDING


def test_confirmation_of_another_session_is_not_good(shop_world: Any) -> None:
    proposed = propose(shop_world, shop_world.customer(1, "phone"))
    answer = commit(shop_world, shop_world.customer(1, "laptop"), proposed)
    assert answer.reason_codes == ("confirmation_required",)
    assert shop_world.order("ORD-1001").status is OrderStatus.PENDING


def test_other_session_of_the_same_customer_gets_its_own_confirmation(shop_world: Any) -> None:
    proposed = propose(shop_world, shop_world.customer(1, "phone"))
    laptop = shop_world.customer(1, "laptop")
    assert proposed.proposal is not None
    shown = shop_world.shop.proposals.show(laptop, proposed.proposal.proposal_id)
    assert shown.confirmation not in (None, proposed.confirmation)
    assert commit(shop_world, laptop, shown).status is AnswerStatus.DONE


def test_proposal_of_another_customer_does_not_exist(shop_world: Any) -> None:
    proposed = propose(shop_world, shop_world.customer(1))
    stranger = shop_world.customer(2)
    with pytest.raises(NotFound) as others:
        commit(shop_world, stranger, proposed)
    with pytest.raises(NotFound) as absent:
        shop_world.shop.proposals.commit(stranger, "prp_absent", "0" * 64)
    assert (others.value.code, others.value.message) == (absent.value.code, absent.value.message)


def test_key_that_may_only_propose_cannot_confirm_and_is_shown_no_confirmation(shop_world: Any) -> None:
    model = shop_world.proposing(1)
    proposed = propose(shop_world, model)
    assert proposed.proposal is not None
    assert proposed.confirmation is None
    assert shop_world.shop.proposals.show(model, proposed.proposal.proposal_id).confirmation is None
    with pytest.raises(NotPermitted):
        shop_world.shop.proposals.commit(model, proposed.proposal.proposal_id, "0" * 64)


def test_customer_confirms_what_a_model_proposed(shop_world: Any) -> None:
    proposed = propose(shop_world, shop_world.proposing(1))
    customer = shop_world.customer(1)
    assert proposed.proposal is not None
    shown = shop_world.shop.proposals.show(customer, proposed.proposal.proposal_id)
    assert commit(shop_world, customer, shown).status is AnswerStatus.DONE


def test_order_that_moved_on_makes_the_confirmation_stale_and_a_new_proposal(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    proposed = propose(shop_world, asker)
    address = {"address1": "1 New Road", "city": "Exampleton", "country": "USA"}
    moved = propose(shop_world, asker, "modify_address", "k2", order_id="ORD-1001", address=address)
    commit(shop_world, asker, moved)
    stale = commit(shop_world, asker, proposed)
    assert stale.reason_codes == ("confirmation_stale",)
    assert stale.proposal is not None
    assert proposed.proposal is not None
    assert stale.proposal.order_version == (proposed.proposal.order_version or 0) + 1
    assert shop_world.order("ORD-1001").status is OrderStatus.PENDING
    assert commit(shop_world, asker, proposed).proposal == stale.proposal
    assert commit(shop_world, asker, stale).status is AnswerStatus.DONE


def test_stale_proposal_whose_action_is_no_longer_allowed_says_both(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    first = propose(shop_world, asker)
    second = propose(shop_world, asker, key="k2")
    commit(shop_world, asker, first)
    answer = commit(shop_world, asker, second)
    assert answer.reason_codes == ("confirmation_stale", "order_not_pending")
    assert len(shop_world.gateway.transfers) == 1


def test_expired_proposal_is_replaced_by_a_new_one(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    proposed = propose(shop_world, asker)
    shop_world.later(minutes=16)
    expired = commit(shop_world, asker, proposed)
    assert expired.reason_codes == ("confirmation_stale",)
    assert commit(shop_world, asker, expired).status is AnswerStatus.DONE


def test_64_commits_at_once_have_one_effect(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    proposed = propose(shop_world, asker)

    def try_once(_: int) -> str:
        try:
            answer = commit(shop_world, asker, proposed)
        except Conflict as error:
            return error.code
        return ",".join(answer.reason_codes) or answer.status.value

    with ThreadPoolExecutor(64) as threads:
        outcomes = list(threads.map(try_once, range(64)))
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "in_progress", "confirmation_consumed"}
    assert len(shop_world.gateway.transfers) == 1
    order = shop_world.order("ORD-1001")
    assert order.refunded_minor == order.paid_minor


def test_64_calls_at_once_with_one_key_make_one_proposal(shop_world: Any) -> None:
    asker = shop_world.customer(1)

    def try_once(_: int) -> str:
        answer = shop_world.shop.tools.call(asker, "cancel_order", CANCEL, key="k1")
        return str(answer.proposal.proposal_id)

    with ThreadPoolExecutor(64) as threads:
        assert len(set(threads.map(try_once, range(64)))) == 1


def test_gateway_that_leaves_it_open_is_not_told_twice(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    proposed = propose(shop_world, asker)
    shop_world.gateway.after.append(OutcomeUnknown("no answer"))
    answer = commit(shop_world, asker, proposed)
    assert answer.status is AnswerStatus.UNDER_WAY
    with pytest.raises(Conflict) as caught:
        commit(shop_world, asker, proposed)
    assert caught.value.code == "in_progress"
    assert len(shop_world.gateway.transfers) == 1


def test_declined_refund_fails_and_is_answered_the_same_under_its_key(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    shop_world.gateway.declines.add("card-1001")
    answer = commit(shop_world, asker, propose(shop_world, asker))
    assert answer.status is AnswerStatus.FAILED
    assert answer.effects == ()
    assert shop_world.order("ORD-1001").status is OrderStatus.PENDING
    again = shop_world.shop.tools.call(asker, "cancel_order", CANCEL, key="k1")
    assert again.status is AnswerStatus.FAILED


def test_process_that_died_before_the_journal_had_it_leaves_a_proposal_that_can_be_confirmed(
    shop_world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker = shop_world.customer(1)
    proposed = propose(shop_world, asker)
    journal = shop_world.shop.parts.journal

    def die(request: object) -> object:
        raise Unavailable("gone")

    with monkeypatch.context() as patch:
        patch.setattr(journal, "execute", die)
        with pytest.raises(Unavailable):
            commit(shop_world, asker, proposed)
    assert commit(shop_world, asker, proposed).status is AnswerStatus.DONE
    assert len(shop_world.gateway.transfers) == 1


def test_amount_above_the_automatic_limit_waits_for_a_named_person(shop_world: Any) -> None:
    asker = shop_world.customer(2)
    proposed = propose(shop_world, asker, "create_return", **LAPTOP)
    assert proposed.proposal is not None
    assert proposed.proposal.state is ProposalState.AWAITING_APPROVAL
    assert proposed.reason_codes == ("above_automatic_limit",)
    assert proposed.confirmation is None
    agent = shop_world.staff(Role.AGENT)
    assert [waiting.proposal_id for waiting in shop_world.shop.proposals.awaiting(agent)] == [
        proposed.proposal.proposal_id
    ]
    shop_world.shop.proposals.decide(agent, proposed.proposal.proposal_id, grants=True)
    shown = shop_world.shop.proposals.show(asker, proposed.proposal.proposal_id)
    done = commit(shop_world, asker, shown)
    assert done.status is AnswerStatus.DONE
    assert shop_world.order("ORD-1003").status is OrderStatus.RETURN_REQUESTED


def test_unapproved_and_rejected_proposals_are_not_carried_out(shop_world: Any) -> None:
    from casewright.tools.confirmations import confirmation_of

    asker = shop_world.customer(2)
    proposed = propose(shop_world, asker, "create_return", **LAPTOP)
    assert proposed.proposal is not None
    guessed = confirmation_of(proposed.proposal, asker.session_id)
    assert commit(shop_world, asker, proposed, guessed).reason_codes == ("approval_required",)
    agent = shop_world.staff(Role.AGENT)
    shop_world.shop.proposals.decide(agent, proposed.proposal.proposal_id, grants=False, note="no")
    assert commit(shop_world, asker, proposed, guessed).reason_codes == ("approval_rejected",)
    assert shop_world.order("ORD-1003").status is OrderStatus.DELIVERED


def test_agent_may_not_approve_above_the_agents_limit_but_a_supervisor_may(shop_world: Any) -> None:
    from casewright.tools.spec import ApprovalRule

    limits = {"automatic_limit_minor": 50_000, "agent_limit_minor": 200_000}
    rule = ApprovalRule("automatic_limit_minor", "agent_limit_minor")
    assert rule.needed_role(50_000, limits) is None
    assert rule.needed_role(50_001, limits) is Role.AGENT
    assert rule.needed_role(200_000, limits) is Role.AGENT
    assert rule.needed_role(200_001, limits) is Role.SUPERVISOR


def test_who_asked_may_not_approve(shop_world: Any) -> None:
    supervisor = shop_world.staff(Role.SUPERVISOR)
    proposed = propose(shop_world, supervisor, "create_return", **LAPTOP)
    assert proposed.proposal is not None
    with pytest.raises(NotPermitted) as caught:
        shop_world.shop.proposals.decide(supervisor, proposed.proposal.proposal_id, grants=True)
    assert caught.value.code == "approver_is_requester"


def test_who_approved_may_not_confirm(shop_world: Any) -> None:
    asker, agent = shop_world.staff(Role.AGENT, "asks"), shop_world.staff(Role.AGENT, "approves")
    proposed = propose(shop_world, asker, "create_return", **LAPTOP)
    assert proposed.proposal is not None
    shop_world.shop.proposals.decide(agent, proposed.proposal.proposal_id, grants=True)
    shown = shop_world.shop.proposals.show(agent, proposed.proposal.proposal_id)
    with pytest.raises(NotPermitted) as caught:
        commit(shop_world, agent, shown)
    assert caught.value.code == "approver_confirms"


@pytest.mark.parametrize("who", ["customer", "proposing"])
def test_nobody_but_staff_decides_on_approvals(shop_world: Any, who: str) -> None:
    asker = shop_world.customer(2)
    proposed = propose(shop_world, asker, "create_return", **LAPTOP)
    assert proposed.proposal is not None
    person = getattr(shop_world, who)(2)
    with pytest.raises(NotPermitted):
        shop_world.shop.proposals.decide(person, proposed.proposal.proposal_id, grants=True)
    with pytest.raises(NotPermitted):
        shop_world.shop.proposals.awaiting(person)


def test_approval_is_decided_once_and_not_after_it_expired(shop_world: Any) -> None:
    asker, agent = shop_world.customer(2), shop_world.staff(Role.AGENT)
    proposed = propose(shop_world, asker, "create_return", **LAPTOP)
    assert proposed.proposal is not None
    shop_world.shop.proposals.decide(agent, proposed.proposal.proposal_id, grants=False)
    with pytest.raises(Conflict) as caught:
        shop_world.shop.proposals.decide(agent, proposed.proposal.proposal_id, grants=True)
    assert caught.value.code == "already_decided"
    late = propose(shop_world, asker, "create_return", "k2", **LAPTOP)
    assert late.proposal is not None
    shop_world.later(days=4)
    with pytest.raises(Conflict) as caught:
        shop_world.shop.proposals.decide(agent, late.proposal.proposal_id, grants=True)
    assert caught.value.code == "proposal_expired"
    assert shop_world.shop.proposals.awaiting(agent) == ()


def test_note_of_an_approval_is_kept_redacted(shop_world: Any) -> None:
    asker, agent = shop_world.customer(2), shop_world.staff(Role.AGENT)
    proposed = propose(shop_world, asker, "create_return", **LAPTOP)
    assert proposed.proposal is not None
    decided = shop_world.shop.proposals.decide(
        agent, proposed.proposal.proposal_id, grants=True, note="called back, mail ann@example.com"
    )
    assert decided.approval is not None
    assert "ann@example.com" not in decided.approval.note
    assert decided.approval.approver_id == agent.subject_id


def test_approved_action_names_approver_and_confirmer_in_the_ledger(shop_world: Any) -> None:
    asker, agent = shop_world.customer(2), shop_world.staff(Role.AGENT)
    proposed = propose(shop_world, asker, "create_return", **LAPTOP)
    assert proposed.proposal is not None
    shop_world.shop.proposals.decide(agent, proposed.proposal.proposal_id, grants=True)
    commit(shop_world, asker, shop_world.shop.proposals.show(asker, proposed.proposal.proposal_id))
    approval, action = shop_world.shop.database.read(
        lambda connection: list(read_entries(connection, "main", "order:ORD-1003"))
    )
    assert approval.name == "case:approval:granted"
    assert agent.subject_id in action.body
    assert asker.subject_id in action.body


@pytest.mark.parametrize(
    ("grants", "name"), [(True, "case:approval:granted"), (False, "case:approval:rejected")]
)
def test_what_a_person_decided_is_on_the_ledger_at_once(shop_world: Any, grants: bool, name: str) -> None:
    proposed = propose(shop_world, shop_world.customer(2), "create_return", **LAPTOP)
    assert proposed.proposal is not None
    agent = shop_world.staff(Role.AGENT)
    shop_world.shop.proposals.decide(agent, proposed.proposal.proposal_id, grants=grants, note="seen")
    case_id = proposed.proposal.case_id
    (entry,) = shop_world.shop.database.read(lambda each: read_entries(each, "main", case_id))
    assert entry.name == name
    assert agent.subject_id in entry.body
    assert proposed.proposal.digest in entry.body
