"""The calls of a plan and the gateway's answers: what comes next, what has moved, which answer is stored.

Pure. When one of several calls is declined, charges already made are undone, refunds already made stay: the
customer is never left poorer by an action that failed. Stored answers hold integers, text, lists and maps,
and no personal value: they are replayed under their key for ever.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from casewright.adapters.store.metadata import read_json, write_json
from casewright.domain.action import ActionState, Change, Effect, GatewayCall, GatewayOperation, Plan
from casewright.domain.shop import PaymentKind, PaymentRow
from casewright.ports.connectors import Transfer, TransferState

SCHEMA_VERSION = 1
UNDO = ":undo"
_PAYMENT_OF = {GatewayOperation.REFUND: PaymentKind.REFUND, GatewayOperation.CHARGE: PaymentKind.PAYMENT}


def next_call(plan: Plan, transfers: Mapping[str, Transfer]) -> GatewayCall | None:
    """The call to make next; None when there is none left."""
    calls = _undoing_calls(plan, transfers) if is_declined(transfers) else plan.calls
    return next((call for call in calls if call.part not in transfers), None)


def is_declined(transfers: Mapping[str, Transfer]) -> bool:
    """Whether one call of the action was refused for good, so that it fails as a whole."""
    return any(each.state is TransferState.DECLINED for each in transfers.values())


def list_moved_payments(plan: Plan, transfers: Mapping[str, Transfer]) -> tuple[PaymentRow, ...]:
    """A payment for every call that has had its effect, the undoing ones too."""
    return tuple(
        PaymentRow(_PAYMENT_OF[call.operation], call.method_id, call.amount_minor)
        for call in (*plan.calls, *_undoing_calls(plan, transfers))
        if call.part in transfers and transfers[call.part].state is TransferState.DONE
    )


def is_partial(plan: Plan, transfers: Mapping[str, Transfer]) -> bool:
    """Whether a failed action has left money moved: a person must look at it."""
    undone = {
        part.removesuffix(UNDO) for part, each in transfers.items() if part.endswith(UNDO) and _is_done(each)
    }
    return any(
        _is_done(transfers[call.part]) for call in plan.calls if call.part in transfers.keys() - undone
    )


def _undoing_calls(plan: Plan, transfers: Mapping[str, Transfer]) -> tuple[GatewayCall, ...]:
    return tuple(
        replace(call, operation=GatewayOperation.REFUND, part=f"{call.part}{UNDO}")
        for call in plan.calls
        if call.operation is GatewayOperation.CHARGE
        and call.part in transfers
        and _is_done(transfers[call.part])
    )


def _is_done(transfer: Transfer) -> bool:
    return transfer.state is TransferState.DONE


def write_transfers(transfers: Mapping[str, Transfer]) -> str:
    """Canonical JSON, in the order in which the parts were called."""
    return write_json(list_transfers(transfers))


def read_transfers(text: str) -> dict[str, Transfer]:
    """What `write_transfers` wrote."""
    return {
        each["part"]: Transfer(
            each["key"], TransferState(each["state"]), each["reference"], each["amount_minor"], each["code"]
        )
        for each in read_json(text)
    }


def list_transfers(transfers: Mapping[str, Transfer]) -> list[dict[str, Any]]:
    """The transfers as documents."""
    return [
        {
            "part": part,
            "key": each.key,
            "state": each.state.value,
            "reference": each.reference,
            "amount_minor": each.amount_minor,
            "code": each.code,
        }
        for part, each in transfers.items()
    ]


def build_result(plan: Plan, state: ActionState, transfers: Mapping[str, Transfer]) -> dict[str, Any]:
    """The answer that is stored under the key."""
    is_failed = state is ActionState.FAILED
    declined = [each.code or "declined" for each in transfers.values() if not _is_done(each)]
    return {
        "schema_version": SCHEMA_VERSION,
        "outcome": "failed" if is_failed else plan.outcome,
        "reasons": [*plan.reasons, *dict.fromkeys(declined)],
        "clauses": list(dict.fromkeys(row.clause for row in plan.decision.fired if row.clause)),
        "ruleset_id": plan.decision.ruleset_id,
        "amount_minor": 0 if is_failed else plan.amount_minor,
        "is_partial": is_failed and is_partial(plan, transfers),
        "effects": [] if is_failed else [_effect(each) for each in plan.effects],
        "transfers": list_transfers(transfers),
        "made": {} if is_failed else _list_made(plan.change),
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "kind": effect.kind,
        "summary": effect.summary,
        "amount_minor": effect.amount_minor,
        "currency": effect.currency,
        "target": effect.target,
    }


def _list_made(change: Change) -> dict[str, str]:
    """Ids of the records that the action has made or changed."""
    made: dict[str, str] = {}
    if change.order is not None:
        made["order_id"] = change.order.order_id
    if change.new_order is not None:
        made["new_order_id"] = change.new_order.order_id
    if change.refund is not None:
        made["refund_id"] = change.refund.refund_id
    if change.replacement is not None:
        made["replacement_id"] = change.replacement.replacement_id
    if change.label is not None:
        made["label_id"] = change.label.label_id
    if change.escalation is not None:
        made["escalation_id"] = change.escalation.escalation_id
    return made
