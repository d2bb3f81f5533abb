"""T1: claim the key, the business keys and what the plan stands on, in one transaction.

Invariants: of many claims with one key exactly one is first; of many plans on one order only one is open at a
time; a plan on records that have moved since is told so, and leaves nothing behind. A claim takes the first
lease, so that an action without a holder is one whose holder has died. No money moves here.
"""

from dataclasses import dataclass, replace
from typing import Any, Never

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, select, update

from casewright.adapters.journal.action_reads import BY_KEY, read_result
from casewright.adapters.journal.chain import Head
from casewright.adapters.journal.leases import Claim, Lease, Probe, Withdrawn, list_resources
from casewright.adapters.journal.plan_documents import read_document, write_document
from casewright.adapters.journal.round_trips import SealedEntry, claim_at_once
from casewright.adapters.journal.statements import Statement
from casewright.adapters.journal.tables import ACTIONS, BUSINESS_KEYS, RESERVATIONS, insert_once
from casewright.adapters.journal.transfers import read_transfers
from casewright.adapters.store.shop_tables import REFUNDS, REPLACEMENTS
from casewright.adapters.store.shop_writes import StaleOrder, add_gift_card_entries, lock_order
from casewright.adapters.store.times import to_micros
from casewright.domain.action import ActionState
from casewright.ports.journal import ActionResult, KeyOutcome

_INSERT_ACTION = Statement(insert_once(ACTIONS))
_INSERT_BUSINESS_KEY = Statement(insert_once(BUSINESS_KEYS))
_INSERT_RESERVATION = Statement(insert_once(RESERVATIONS))
_OF_TENANT: BindParameter[str] = bindparam("of_tenant")
_BUSINESS_HOLDER = (
    select(BUSINESS_KEYS.c.action_id, ACTIONS.c.state)
    .join(
        ACTIONS,
        (ACTIONS.c.tenant == BUSINESS_KEYS.c.tenant) & (ACTIONS.c.action_id == BUSINESS_KEYS.c.action_id),
    )
    .where(BUSINESS_KEYS.c.tenant == _OF_TENANT, BUSINESS_KEYS.c.business_key == bindparam("of_key"))
)
_HOLDER = (
    select(RESERVATIONS.c.action_id, ACTIONS.c.state)
    .join(
        ACTIONS,
        (ACTIONS.c.tenant == RESERVATIONS.c.tenant) & (ACTIONS.c.action_id == RESERVATIONS.c.action_id),
    )
    .where(RESERVATIONS.c.tenant == _OF_TENANT, RESERVATIONS.c.resource == bindparam("of_resource"))
)
_IS_RESERVED = Statement(
    select(RESERVATIONS.c.action_id).where(
        RESERVATIONS.c.tenant == _OF_TENANT, RESERVATIONS.c.resource == bindparam("of_resource")
    )
)
_TAKE = (
    update(ACTIONS)
    .where(ACTIONS.c.tenant == _OF_TENANT, ACTIONS.c.action_id == bindparam("of_action"))
    .values(fence=ACTIONS.c.fence + 1, due_at=bindparam("until"))
)
_REFUNDS = (
    select(func.count())
    .select_from(REFUNDS)
    .where(
        REFUNDS.c.tenant == _OF_TENANT,
        REFUNDS.c.customer_id == bindparam("of_customer"),
        REFUNDS.c.at >= bindparam("since"),
    )
)
_LAST_REPLACEMENT = select(func.max(REPLACEMENTS.c.at)).where(
    REPLACEMENTS.c.tenant == _OF_TENANT, REPLACEMENTS.c.customer_id == bindparam("of_customer")
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A claim that is the first of its key."""

    head: Head | None = None
    """Where the case's chain stands, if the entry was entered at once."""


def claim_open(connection: Connection, claim: Claim, sealed: SealedEntry, at: Probe) -> Lease | ActionResult:
    """Claim an action that calls the gateway: the lease, or what its key meant instead.

    `sealed` is its entry for where the chain most likely stands; the lease's `head` tells whether it was
    entered. Raises Withdrawn, ChangeRefused: the transaction must be rolled back.
    """
    lease = claim.lease()
    document = write_document(lease.document)
    values = _describe(claim, ActionState.STARTED, document=document, due_at=to_micros(claim.until))
    taken = _take_all(connection, claim, values, sealed, "t1", at)
    if taken is None:
        return _meet_key(connection, claim)
    _check_history(connection, claim)
    cards, action_id = claim.plan.change.gift_cards, claim.action_id
    add_gift_card_entries(
        connection, lease.tenant, cards, action_id=action_id, at=claim.at, only_charges=True
    )
    at("t1.ground_checked")
    return replace(lease, head=taken.head)


def claim_whole(
    connection: Connection, claim: Claim, state: ActionState, result: str, at: Probe
) -> Lease | ActionResult | Taken:
    """Claim an action that ends in this very transaction: Taken where it is ours, else as `claim_open`.

    Raises Withdrawn, ChangeRefused: the transaction must be rolled back.
    """
    values = _describe(claim, state, result=result, finished_at=to_micros(claim.at))
    taken = _take_all(connection, claim, values, None, "whole", at)
    if taken is None:
        return _meet_key(connection, claim)
    if claim.plan.is_allowed:
        _check_history(connection, claim)
    return taken


def take_over(connection: Connection, row: Row[Any], until: int) -> Lease:
    """The next lease of an open action whose last one has lapsed; the caller's transaction holds its row."""
    document, transfers = read_document(row.document), read_transfers(row.transfers)
    key = {"of_tenant": row.tenant, "of_action": row.action_id}
    connection.execute(_TAKE, key | {"until": until})
    return Lease(
        row.tenant,
        row.action_id,
        row.case_id,
        row.tool,
        row.subject_id,
        row.digest,
        fence=row.fence + 1,
        tries=row.tries,
        state=ActionState(row.state),
        document=document,
        transfers=transfers,
        is_takeover=True,
    )


def _describe(
    claim: Claim,
    state: ActionState,
    *,
    document: str | None = None,
    result: str = "{}",
    due_at: int | None = None,
    finished_at: int | None = None,
) -> dict[str, Any]:
    """The row of an action."""
    request = claim.request
    return {
        "tenant": request.tenant,
        "action_id": claim.action_id,
        "subject_id": request.subject_id,
        "key": request.key,
        "digest": claim.digest,
        "case_id": request.case_id,
        "tool": request.tool,
        "state": state.value,
        "document": document,
        "transfers": "[]",
        "result": result,
        "fence": 1,
        "due_at": due_at,
        "tries": 0,
        "trouble": None,
        "claimed_at": to_micros(claim.at),
        "finished_at": finished_at,
    }


def _take_all(
    connection: Connection,
    claim: Claim,
    values: dict[str, Any],
    sealed: SealedEntry | None,
    part: str,
    at: Probe,
) -> Taken | None:
    """Claim the key, the business keys and the resources, and look whether the order is still the same.

    None, and nothing taken, for a key that is taken. A refusal takes its key only. Raises Withdrawn where
    another action has one of the others, StaleOrder.
    """
    if not claim.plan.is_allowed:
        is_first = _INSERT_ACTION.change(connection, values) == 1
        at(f"{part}.key_claimed")
        return Taken() if is_first else None
    if connection.dialect.name == "postgresql":
        return _take_in_one_round_trip(connection, claim, values, sealed, part, at)
    if _INSERT_ACTION.change(connection, values) != 1:
        return None
    at(f"{part}.key_claimed")
    _take_business_keys(connection, claim)
    at(f"{part}.business_keys_claimed")
    if values["due_at"] is None:
        _require_unreserved(connection, claim)
    else:
        _reserve(connection, claim)
    at(f"{part}.reserved")
    order = claim.plan.change.order
    if order is not None:
        lock_order(connection, claim.request.tenant, order.order_id, order.version)
    return Taken()


def _take_in_one_round_trip(
    connection: Connection,
    claim: Claim,
    values: dict[str, Any],
    sealed: SealedEntry | None,
    part: str,
    at: Probe,
) -> Taken | None:
    keys, resources = sorted(set(claim.plan.business_keys)), list_resources(claim.plan)
    order = claim.plan.change.order
    order_id = None if order is None else order.order_id
    row = claim_at_once(
        connection, values, business_keys=keys, resources=resources, order_id=order_id, sealed=sealed
    )
    if not row.actions:
        return None
    for place in ("key_claimed", "business_keys_claimed", "reserved"):
        at(f"{part}.{place}")
    tenant = claim.request.tenant
    for key in keys:
        if key not in row.keys_taken:
            _withdraw_key(connection, tenant, key)
    for resource in resources:
        if resource not in row.resources_taken:
            _withdraw_resource(connection, tenant, resource)
    if order is not None and row.version != order.version:
        raise StaleOrder(f"order {order.order_id} is no longer at version {order.version}")
    return Taken(sealed.entry.head if sealed is not None and row.moved else None)


def _meet_key(connection: Connection, claim: Claim) -> Lease | ActionResult:
    """What a key means that was claimed before."""
    request = claim.request
    row = connection.execute(
        BY_KEY.with_for_update(),
        {"of_tenant": request.tenant, "of_subject": request.subject_id, "of_key": request.key},
    ).one()
    if row.digest != claim.digest:
        return ActionResult(row.action_id, KeyOutcome.REUSED, ActionState(row.state))
    if row.due_at is not None and row.due_at <= to_micros(claim.at):
        return take_over(connection, row, to_micros(claim.until))
    return read_result(row)


def _take_business_keys(connection: Connection, claim: Claim) -> None:
    tenant = claim.request.tenant
    for key in sorted(set(claim.plan.business_keys)):
        values = {"tenant": tenant, "business_key": key, "action_id": claim.action_id}
        if _INSERT_BUSINESS_KEY.change(connection, values) == 0:
            _withdraw_key(connection, tenant, key)


def _reserve(connection: Connection, claim: Claim) -> None:
    tenant = claim.request.tenant
    for resource in list_resources(claim.plan):
        values = {"tenant": tenant, "resource": resource, "action_id": claim.action_id}
        if _INSERT_RESERVATION.change(connection, values) == 0:
            _withdraw_resource(connection, tenant, resource)


def _withdraw_key(connection: Connection, tenant: str, key: str) -> Never:
    holder = connection.execute(_BUSINESS_HOLDER, {"of_tenant": tenant, "of_key": key}).first()
    raise Withdrawn(_met(holder, KeyOutcome.ALREADY_DONE))


def _withdraw_resource(connection: Connection, tenant: str, resource: str) -> Never:
    holder = connection.execute(_HOLDER, {"of_tenant": tenant, "of_resource": resource}).first()
    raise Withdrawn(_met(holder, KeyOutcome.IN_PROGRESS))


def _require_unreserved(connection: Connection, claim: Claim) -> None:
    """With one writer nobody can reserve in between: to look is enough."""
    for resource in list_resources(claim.plan):
        place = {"of_tenant": claim.request.tenant, "of_resource": resource}
        if _IS_RESERVED.finds(connection, place):
            _withdraw_resource(connection, claim.request.tenant, resource)


def _met(holder: Row[Any] | None, outcome: KeyOutcome) -> ActionResult:
    if holder is None:  # it has let go this moment
        return ActionResult("", KeyOutcome.IN_PROGRESS, ActionState.CLAIMED)
    return ActionResult(holder.action_id, outcome, ActionState(holder.state))


def _check_history(connection: Connection, claim: Claim) -> None:
    """Whether the customer's history is still the one that the plan was made on."""
    tenant, plan = claim.request.tenant, claim.plan
    history = plan.history
    if history is None:
        return
    place = {"of_tenant": tenant, "of_customer": history.customer_id}
    if plan.change.refund is not None:
        since = to_micros(history.refunds_since)
        if connection.execute(_REFUNDS, place | {"since": since}).scalar_one() != history.refunds:
            raise Withdrawn(stale(claim))
    if plan.change.replacement is not None:
        last = connection.execute(_LAST_REPLACEMENT, place).scalar()
        if last != to_micros(history.last_replacement_at):
            raise Withdrawn(stale(claim))


def stale(claim: Claim) -> ActionResult:
    """The plan stands on records that have moved on; nothing was written."""
    return ActionResult("", KeyOutcome.STALE, ActionState.REFUSED)
