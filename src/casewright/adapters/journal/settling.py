"""T3: how an open action moves on and ends: result, business rows, ledger and outbox in one transaction.

Invariants: only the holder of the newest lease writes; an action ends once; what has moved at the gateway is
on the order's payments and in the ledger whatever becomes of the rest. It calls no gateway.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, update

from casewright.adapters.journal.chain import Head
from casewright.adapters.journal.leases import Lease, Probe, list_resources
from casewright.adapters.journal.ledger import Ledger
from casewright.adapters.journal.round_trips import Ending, SealedEntry, close_at_once, finish_at_once
from casewright.adapters.journal.statements import Statement
from casewright.adapters.journal.tables import ACTIONS, BUSINESS_KEYS, OUTBOX, RESERVATIONS
from casewright.adapters.journal.transfers import (
    build_result,
    is_partial,
    list_moved_payments,
    list_transfers,
    write_transfers,
)
from casewright.adapters.store.metadata import write_json
from casewright.adapters.store.shop_reads import read_whole_order
from casewright.adapters.store.shop_writes import apply_change, return_gift_card_entries
from casewright.adapters.store.times import to_micros
from casewright.domain.action import ActionState, Change, EscalationRecord, RefundRecord
from casewright.domain.audit import AuditName
from casewright.domain.shop import PaymentKind, PaymentRow

SCHEMA_VERSION = 1
PARTIAL_QUEUE = "payments"
PARTIAL_DUE_IN = timedelta(hours=4)
_HELD = (
    (ACTIONS.c.tenant == bindparam("of_tenant"))
    & (ACTIONS.c.action_id == bindparam("of_action"))
    & (ACTIONS.c.fence == bindparam("of_fence"))
    & ACTIONS.c.due_at.is_not(None)
)
_PROGRESS = update(ACTIONS).where(_HELD)
_RELEASE = Statement(
    delete(RESERVATIONS).where(
        RESERVATIONS.c.tenant == bindparam("of_tenant"),
        RESERVATIONS.c.resource == bindparam("of_resource"),
        RESERVATIONS.c.action_id == bindparam("of_action"),
    )
)
_FREE_KEY = delete(BUSINESS_KEYS).where(
    BUSINESS_KEYS.c.tenant == bindparam("of_tenant"),
    BUSINESS_KEYS.c.business_key == bindparam("of_key"),
    BUSINESS_KEYS.c.action_id == bindparam("of_action"),
)
_QUEUE = Statement(insert(OUTBOX), *OUTBOX.columns.keys())
_END = Statement(
    update(ACTIONS).where(_HELD),
    *("state", "document", "transfers", "result", "due_at", "trouble", "finished_at"),
)
_NAMES = {
    ActionState.STARTED: AuditName.ACTION_STARTED,
    ActionState.DONE: AuditName.ACTION_DONE,
    ActionState.REFUSED: AuditName.ACTION_REFUSED,
    ActionState.FAILED: AuditName.ACTION_FAILED,
    ActionState.UNKNOWN: AuditName.ACTION_UNKNOWN,
}


class LeaseLost(Exception):
    """Rolls a write back whose lease another has taken over; never leaves the journal."""


def end_action(
    connection: Connection, lease: Lease, ledger: Ledger, state: ActionState, *, now: datetime, at: Probe
) -> tuple[Head, dict[str, Any]]:
    """T3: the action is done, or has failed for good. Gives the ledger's head and the stored answer.

    Raises LeaseLost, ChangeRefused: the transaction must be rolled back.
    """
    result = build_result(lease.plan, state, lease.transfers)
    values = {
        "state": state.value,
        "transfers": write_transfers(lease.transfers),
        "result": write_json(result),
    }
    if connection.dialect.name == "postgresql":
        head = _close_in_one_round_trip(connection, lease, ledger, state, values, now, at)
        _write_change(connection, lease, state, now)
        at("t3.change_applied")
        return head, result
    finished_at = to_micros(now)
    key = {"of_tenant": lease.tenant, "of_action": lease.action_id, "of_fence": lease.fence}
    nothing = {"document": None, "due_at": None, "trouble": None}
    if _END.change(connection, values | key | nothing | {"finished_at": finished_at}) != 1:
        raise LeaseLost(lease.action_id)
    at("t3.result_stored")
    _write_change(connection, lease, state, now)
    at("t3.change_applied")
    return finish(connection, lease, ledger, state, now=now, part="t3", at=at), result


def finish(
    connection: Connection,
    lease: Lease,
    ledger: Ledger,
    state: ActionState,
    *,
    now: datetime,
    part: str,
    at: Probe,
) -> Head:
    """The end of an action, whatever it was: ledger, outbox, and what was reserved is free again.

    `part` is where it ends: `t3`, or `whole` for one that began in this very transaction.
    """
    is_reserved = part == "t3"
    ending = _list_ending(lease, state, now)
    if connection.dialect.name == "postgresql":
        sealed = seal_entry(lease, ledger, state, now=now)
        is_entered = finish_at_once(connection, sealed, ending)
        head = sealed.entry.head if is_entered else write_entry(connection, lease, ledger, state, now=now)
        _tell(at, part)
        return head
    head = write_entry(connection, lease, ledger, state, now=now)
    at(f"{part}.ledger_written")
    for message in ending.messages:
        _QUEUE.change(connection, message)
    at(f"{part}.outbox_queued")
    for resource in ending.resources if is_reserved else ():
        key = {"of_tenant": lease.tenant, "of_resource": resource, "of_action": lease.action_id}
        _RELEASE.change(connection, key)
    at(f"{part}.released")
    return head


def _close_in_one_round_trip(
    connection: Connection,
    lease: Lease,
    ledger: Ledger,
    state: ActionState,
    values: dict[str, Any],
    now: datetime,
    at: Probe,
) -> Head:
    sealed = seal_entry(lease, ledger, state, now=now)
    is_held, is_entered = close_at_once(
        connection, values | {"fence": lease.fence}, sealed, _list_ending(lease, state, now)
    )
    if not is_held:
        raise LeaseLost(lease.action_id)
    at("t3.result_stored")
    head = sealed.entry.head if is_entered else write_entry(connection, lease, ledger, state, now=now)
    _tell(at, "t3")
    return head


def _tell(at: Probe, part: str) -> None:
    for place in ("ledger_written", "outbox_queued", "released"):
        at(f"{part}.{place}")


def _list_ending(lease: Lease, state: ActionState, now: datetime) -> Ending:
    messages = [] if state is ActionState.FAILED else list_messages(lease, now)
    return Ending(lease.action_id, list_resources(lease.plan), messages)


def _write_change(connection: Connection, lease: Lease, state: ActionState, now: datetime) -> None:
    if state is ActionState.DONE:
        apply_change(connection, lease.tenant, lease.plan.change, action_id=lease.action_id, at=now)
    else:
        _keep_what_moved(connection, lease, now)
        _free_business_keys(connection, lease)


def keep_progress(connection: Connection, lease: Lease, until: datetime) -> None:
    """One part of several has been answered: keep it, and renew the lease. Raises LeaseLost."""
    _write_held(connection, lease, transfers=write_transfers(lease.transfers), due_at=to_micros(until))


def park(
    connection: Connection,
    lease: Lease,
    ledger: Ledger,
    state: ActionState,
    *,
    trouble: str,
    due_at: datetime,
    now: datetime,
) -> Head | None:
    """Let go of an action that cannot end now; it is due again then. Raises LeaseLost.

    `unknown` goes on the record when it begins, not at every try.
    """
    _write_held(
        connection,
        lease,
        state=state.value,
        transfers=write_transfers(lease.transfers),
        due_at=to_micros(due_at),
        tries=lease.tries + 1,
        trouble=trouble,
    )
    if state is not ActionState.UNKNOWN or lease.state is ActionState.UNKNOWN:
        return None
    return write_entry(connection, lease, ledger, state, now=now, trouble=trouble)


def write_entry(
    connection: Connection,
    lease: Lease,
    ledger: Ledger,
    state: ActionState,
    *,
    now: datetime,
    trouble: str | None = None,
) -> Head:
    """The ledger's entry of what an action has come to."""
    document = _describe(lease, trouble)
    place = (lease.tenant, lease.case_id)
    return ledger.append(connection, *place, _NAMES[state], document, at=now, after=lease.head)


def seal_entry(lease: Lease, ledger: Ledger, state: ActionState, *, now: datetime) -> SealedEntry:
    """The same entry, made ready for where the chain most likely stands."""
    after = lease.head or ledger.guess(lease.tenant, lease.case_id)
    return ledger.seal(after, _NAMES[state], _describe(lease, None), at=now)


def list_messages(lease: Lease, now: datetime) -> list[dict[str, Any]]:
    """Rows of the outbox for the plan's messages; their ids follow from the action's."""
    moment = to_micros(now)
    return [
        {
            "tenant": lease.tenant,
            "outbox_id": f"{lease.action_id}:out{number}",
            "case_id": lease.case_id,
            "action_id": lease.action_id,
            "connector": message.connector,
            "kind": message.kind,
            "payload": write_json(dict(message.payload)),
            "state": "queued",
            "fence": 0,
            "due_at": moment,
            "tries": 0,
            "trouble": None,
            "answer": None,
            "queued_at": moment,
            "finished_at": None,
        }
        for number, message in enumerate(lease.plan.outbox, start=1)
    ]


def _write_held(connection: Connection, lease: Lease, **values: Any) -> None:
    key = {"of_tenant": lease.tenant, "of_action": lease.action_id, "of_fence": lease.fence}
    if connection.execute(_PROGRESS, key | values).rowcount != 1:
        raise LeaseLost(lease.action_id)


def _free_business_keys(connection: Connection, lease: Lease) -> None:
    for key in sorted(set(lease.plan.business_keys)):
        place = {"of_tenant": lease.tenant, "of_key": key, "of_action": lease.action_id}
        connection.execute(_FREE_KEY, place)


def _keep_what_moved(connection: Connection, lease: Lease, now: datetime) -> None:
    """A failed action: what was held goes back, what has moved stays on the order and goes to a person."""
    return_gift_card_entries(connection, lease.tenant, action_id=lease.action_id, at=now)
    plan = lease.plan
    payments = list_moved_payments(plan, lease.transfers)
    wanted = plan.change.order
    order = read_whole_order(connection, lease.tenant, wanted.order_id) if wanted is not None else None
    escalation, refund = None, None
    if is_partial(plan, lease.transfers):
        refund = _keep_refund(plan.change.refund, payments)
        escalation = EscalationRecord(
            escalation_id=f"{lease.action_id}:partial",
            case_id=lease.case_id,
            queue=PARTIAL_QUEUE,
            reason="partial_transfer",
            summary=f"{lease.tool}: a part was declined after money had moved; the ledger names the parts.",
            due_at=now + PARTIAL_DUE_IN,
            order_id=order.order_id if order else None,
            customer_id=order.customer_id if order else None,
        )
    change = Change(
        order=order if payments else None,
        payments=payments if order else (),
        refund=refund,
        escalation=escalation,
    )
    apply_change(connection, lease.tenant, change, action_id=lease.action_id, at=now)


def _keep_refund(wanted: RefundRecord | None, payments: tuple[PaymentRow, ...]) -> RefundRecord | None:
    """A refund of which a part went back counts, with what went back: a person sees to the rest of its lines,
    or asking again would pay for them twice."""
    if wanted is None:
        return None
    back = sum(row.amount_minor for row in payments if row.kind is PaymentKind.REFUND)
    return replace(wanted, amount_minor=back, shipping_minor=min(wanted.shipping_minor, back))


def _describe(lease: Lease, trouble: str | None) -> dict[str, Any]:
    """What the ledger says of an action: ids, codes and amounts, nothing that a person has written."""
    plan = lease.plan
    order = plan.change.order or plan.change.new_order
    return {
        "schema_version": SCHEMA_VERSION,
        "action_id": lease.action_id,
        "tool": lease.tool,
        "subject_id": lease.subject_id,
        "confirmed_by": lease.document.confirmed_by,
        "approved_by": lease.document.approved_by,
        "arguments_digest": lease.digest,
        "ruleset_id": plan.decision.ruleset_id,
        "decision": dict(plan.decision.outcome),
        "rows": [f"{row.table}.{row.row}" for row in plan.decision.fired],
        "outcome": plan.outcome,
        "reasons": list(plan.reasons),
        "amount_minor": plan.amount_minor,
        "order_id": order.order_id if order else None,
        "order_version": order.version if order else None,
        "effects": [[each.kind, each.target, each.amount_minor, each.currency] for each in plan.effects],
        "transfers": list_transfers(lease.transfers),
        "messages": len(plan.outbox),
        "trouble": trouble,
    }
