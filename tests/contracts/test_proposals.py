"""The contract of proposals and keyed calls, on both databases: every step that could be taken twice is taken once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from casewright.adapters.store.engine import Database
from casewright.adapters.store.proposals import StoredProposals
from casewright.domain.action import Effect
from casewright.domain.principal import Role
from casewright.domain.proposal import Approval, KeyedCall, Proposal, ProposalState
from casewright.ports.proposals import ProposalStore

AT = datetime(2026, 6, 1, 12, 0, 0, 123456, tzinfo=UTC)
CALL = KeyedCall("main", "usr_1", "k1", "cancel_order", "f1", AT)
PROPOSAL = Proposal(
    proposal_id="prp_1",
    tenant="main",
    tool="cancel_order",
    key="k1",
    subject_id="usr_1",
    customer_id="CUS-1",
    case_id="order:O-1",
    arguments={"order_id": "O-1", "reason": "no longer needed"},
    digest="d1",
    outcome="allow",
    reasons=(),
    effects=(Effect("refund", "Refund 10.00 USD to card-1", 1000, "USD", "card-1"), Effect("x", "y")),
    clauses=("ORD-2.1", "ORD-2.3"),
    amount_minor=1000,
    order_id="O-1",
    order_version=3,
    ruleset_id="orders@2026-01-01+sha256:0",
    nonce="n1",
    created_at=AT,
    expires_at=AT + timedelta(minutes=15),
)
BANDS = (Role.AGENT, Role.SUPERVISOR)
AWAITING = replace(PROPOSAL, state=ProposalState.AWAITING_APPROVAL, approval=Approval(Role.AGENT))


@pytest.fixture
def store(database: Database) -> ProposalStore:
    return StoredProposals(database)


def keep(store: ProposalStore, proposal: Proposal = PROPOSAL) -> None:
    store.record_call(replace(CALL, key=proposal.key, proposal_id=proposal.proposal_id), proposal)


def test_what_is_recorded_comes_back_equal(store: ProposalStore) -> None:
    call = replace(CALL, proposal_id="prp_1")
    assert store.record_call(call, PROPOSAL) == call
    assert store.find_call("main", "usr_1", "k1") == call
    assert store.find("main", "prp_1") == PROPOSAL


def test_stored_answer_comes_back_equal(store: ProposalStore) -> None:
    call = replace(
        CALL, answer={"schema_version": 1, "status": "refused", "reason_codes": ["order_not_found"]}
    )
    store.record_call(call)
    assert store.find_call("main", "usr_1", "k1") == call


def test_first_record_of_a_key_stands_and_the_second_proposal_is_not_kept(store: ProposalStore) -> None:
    keep(store)
    second = replace(PROPOSAL, proposal_id="prp_2")
    kept = store.record_call(replace(CALL, proposal_id="prp_2"), second)
    assert kept.proposal_id == "prp_1"
    assert store.find("main", "prp_2") is None


def test_keys_are_told_apart_by_tenant_and_subject(store: ProposalStore) -> None:
    keep(store)
    assert store.find_call("other", "usr_1", "k1") is None
    assert store.find_call("main", "usr_2", "k1") is None
    assert store.find("other", "prp_1") is None


def test_many_at_once_record_one(store: ProposalStore) -> None:
    def record(number: int) -> str | None:
        proposal = replace(PROPOSAL, proposal_id=f"prp_{number}")
        return store.record_call(replace(CALL, proposal_id=proposal.proposal_id), proposal).proposal_id

    with ThreadPoolExecutor(16) as threads:
        assert len(set(threads.map(record, range(32)))) == 1


def test_calls_are_counted_by_subject_tool_and_time(store: ProposalStore) -> None:
    for number in range(3):
        store.record_call(replace(CALL, key=f"k{number}", called_at=AT + timedelta(minutes=number)))
    store.record_call(replace(CALL, key="other", tool="create_return"))
    assert store.count_calls("main", "usr_1", "cancel_order", AT) == 3
    assert store.count_calls("main", "usr_1", "cancel_order", AT + timedelta(minutes=1)) == 2
    assert store.count_calls("main", "usr_2", "cancel_order", AT) == 0


def test_calls_are_counted_by_customer_whoever_made_them(store: ProposalStore) -> None:
    for number, subject in enumerate(("key_1", "key_2", "key_1")):
        at = AT + timedelta(minutes=number)
        call = replace(CALL, subject_id=subject, key=f"k{number}", called_at=at, customer_id="CUS-1")
        store.record_call(call)
    store.record_call(replace(CALL, key="other", customer_id="CUS-2"))
    assert store.find_call("main", "key_2", "k1") == replace(
        CALL, subject_id="key_2", key="k1", called_at=AT + timedelta(minutes=1), customer_id="CUS-1"
    )
    assert store.count_customer_calls("main", "CUS-1", "cancel_order", AT) == 3
    assert store.count_customer_calls("main", "CUS-1", "cancel_order", AT + timedelta(minutes=1)) == 2
    assert store.count_customer_calls("main", "CUS-1", "create_return", AT) == 0
    assert store.count_customer_calls("other", "CUS-1", "cancel_order", AT) == 0


@pytest.mark.parametrize("step", ["consume", "replace", "decide"])
def test_one_of_many_at_once_takes_a_step(store: ProposalStore, step: str) -> None:
    keep(store, AWAITING if step == "decide" else PROPOSAL)
    steps: dict[str, Callable[[int], bool]] = {
        "consume": lambda n: store.consume("main", "prp_1", confirmed_by=f"usr_{n}"),
        "replace": lambda n: store.replace(PROPOSAL, replace(PROPOSAL, proposal_id=f"prp_new_{n}")),
        "decide": lambda n: store.decide(
            "main", "prp_1", Approval(Role.AGENT, f"usr_{n}", n % 2 == 0, AT), expires_at=AT
        ),
    }
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(steps[step], range(32))).count(True) == 1


def test_consumed_proposal_names_who_confirmed(store: ProposalStore) -> None:
    keep(store)
    assert store.consume("main", "prp_1", confirmed_by="usr_9")
    found = store.find("main", "prp_1")
    assert found is not None
    assert (found.state, found.confirmed_by) == (ProposalState.CONSUMED, "usr_9")


def test_replaced_proposal_leads_to_the_new_one_and_so_does_its_key(store: ProposalStore) -> None:
    keep(store)
    new = replace(PROPOSAL, proposal_id="prp_2", digest="d2", order_version=4)
    assert store.replace(PROPOSAL, new)
    old = store.find("main", "prp_1")
    call = store.find_call("main", "usr_1", "k1")
    assert old is not None
    assert call is not None
    assert (old.state, old.replaced_by) == (ProposalState.REPLACED, "prp_2")
    assert call.proposal_id == "prp_2"
    assert store.find("main", "prp_2") == new
    assert not store.consume("main", "prp_1", confirmed_by="usr_1")


def test_consumed_proposal_may_be_replaced_because_its_action_may_never_have_begun(
    store: ProposalStore,
) -> None:
    keep(store)
    store.consume("main", "prp_1", confirmed_by="usr_1")
    assert store.replace(PROPOSAL, replace(PROPOSAL, proposal_id="prp_2"))


@pytest.mark.parametrize(("grants", "state"), [(True, ProposalState.OPEN), (False, ProposalState.REJECTED)])
def test_decided_approval_opens_or_closes_the_proposal(
    store: ProposalStore, grants: bool, state: ProposalState
) -> None:
    keep(store, AWAITING)
    assert not store.consume("main", "prp_1", confirmed_by="usr_1")
    approval = Approval(Role.AGENT, "usr_2", grants, AT, "as discussed")
    assert store.decide("main", "prp_1", approval, expires_at=AT + timedelta(days=1))
    found = store.find("main", "prp_1")
    assert found is not None
    assert (found.state, found.approval) == (state, approval)
    assert found.expires_at == AT + timedelta(days=1)


def test_awaiting_lists_the_tenants_own_oldest_first(store: ProposalStore) -> None:
    for number, at in ((1, AT + timedelta(hours=1)), (2, AT)):
        keep(store, replace(AWAITING, proposal_id=f"prp_{number}", key=f"k{number}", created_at=at))
    keep(store, replace(PROPOSAL, proposal_id="prp_open", key="open"))
    store.record_call(
        replace(CALL, tenant="other", proposal_id="prp_x"),
        replace(AWAITING, tenant="other", proposal_id="prp_x"),
    )
    waiting = store.awaiting("main", at=AT, needed=BANDS)
    assert [proposal.proposal_id for proposal in waiting] == ["prp_2", "prp_1"]
    assert store.awaiting("main", at=AT, needed=BANDS, limit=1) == waiting[:1]


def test_awaiting_leaves_out_what_expired_and_what_another_band_decides(store: ProposalStore) -> None:
    keep(store, replace(AWAITING, proposal_id="prp_old", key="old", expires_at=AT))
    high = replace(AWAITING, proposal_id="prp_high", key="high", approval=Approval(Role.SUPERVISOR))
    keep(store, high)
    keep(store, replace(AWAITING, proposal_id="prp_low", key="low", created_at=AT + timedelta(hours=1)))
    low = store.awaiting("main", at=AT, needed=(Role.AGENT,), limit=1)
    assert [proposal.proposal_id for proposal in low] == ["prp_low"]
    assert store.awaiting("main", at=AT, needed=(Role.SUPERVISOR,)) == (high,)
    assert store.awaiting("main", at=AT, needed=()) == ()


def test_first_ending_of_a_call_stands(store: ProposalStore) -> None:
    keep(store)
    store.settle("main", "usr_1", "k1", {"status": "refused"})
    store.settle("main", "usr_1", "k1", {"status": "done"})
    call = store.find_call("main", "usr_1", "k1")
    assert call is not None
    assert call.answer == {"status": "refused"}
