"""The returns desk's tools: arguments, the records each needs, and the plan or the check that decides.

A check loads the order itself and trusts nothing that the caller hands in. Nothing is written here but a
picture, which is judged by its content and kept apart.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema

from casewright.desks.returns.facts import ReturnReason
from casewright.desks.returns.planning import (
    check_eligibility,
    plan_create_exchange,
    plan_create_label,
    plan_create_return,
    plan_issue_refund,
    refund_count_since,
)
from casewright.desks.returns.requests import (
    CheckEligibility,
    CreateExchange,
    CreateLabel,
    CreateReturn,
    IssueRefund,
    ReturnFound,
)
from casewright.domain.action import Plan
from casewright.policy.ruleset import Ruleset
from casewright.tools.arguments import MOST_ITEMS, Arguments, Identifier, Personal
from casewright.tools.reading import Reading
from casewright.tools.spec import (
    NO_APPROVAL,
    ApprovalRule,
    CallLimit,
    Gathered,
    PlanStep,
    ReadOutcome,
    ReadStep,
    ToolCall,
    ToolEffect,
    ToolSpec,
)

LARGEST_PICTURE_BYTES = 5 * 1024 * 1024
_LONGEST_BASE64 = -(-LARGEST_PICTURE_BYTES // 3) * 4
_BODY_BYTES = _LONGEST_BASE64 + 4096
_BASE64_SCHEMA = {
    "type": "string",
    "contentEncoding": "base64",
    "minLength": 4,
    "maxLength": _LONGEST_BASE64,
    "pattern": r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)(?!\n)$",
}
ITEMS = Field(
    max_length=MOST_ITEMS,
    description="Each a line id, or the id of a bought variant; one bought twice is named twice.",
)
NEW_VARIANTS = Field(max_length=MOST_ITEMS, description="The n-th is for the n-th item.")
Reason = Annotated[ReturnReason | None, Field(strict=False)]
APPROVED_BY_BAND = ApprovalRule(agent="agent_limit_minor")
"""Policy says what a person decides; the amount says who that may be."""


def _check_base64(value: str) -> str:
    try:
        is_empty = not base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        is_empty = True
    if is_empty or len(value) > _LONGEST_BASE64:
        raise ValueError(f"write the file in base64, {LARGEST_PICTURE_BYTES} bytes of it at most")
    return value


class CreateReturnArguments(Arguments):
    """Send items of a delivered order back."""

    order_id: Identifier
    item_ids: Annotated[tuple[Identifier, ...], ITEMS]
    reason: Reason = None
    method_id: Annotated[Identifier | None, Field(description="Gets the money back.")] = None


class CreateExchangeArguments(Arguments):
    """Exchange items of a delivered order for other variants."""

    order_id: Identifier
    item_ids: Annotated[tuple[Identifier, ...], ITEMS]
    new_variant_ids: Annotated[tuple[Identifier, ...], NEW_VARIANTS]
    method_id: Annotated[Identifier | None, Field(description="Pays the difference, or gets it back.")] = None
    reason: Reason = None


class IssueRefundArguments(Arguments):
    """Pay money back. Without items: all of a return that was granted."""

    order_id: Identifier
    item_ids: Annotated[tuple[Identifier, ...], ITEMS] = ()
    reason: Reason = None
    method_id: Annotated[Identifier | None, Field(description="Gets the money back.")] = None


class CreateLabelArguments(Arguments):
    """A label for the parcel of a return or an exchange that was granted."""

    order_id: Identifier


class CheckArguments(Arguments):
    """Whether items could go back, and for how much."""

    order_id: Identifier
    item_ids: Annotated[tuple[Identifier, ...], ITEMS]
    reason: Reason = None
    method_id: Identifier | None = None


class StoreEvidenceArguments(Arguments):
    """Send a picture of what arrived. Its name and stated type say nothing, so there are none."""

    order_id: Identifier
    content: Annotated[
        str, AfterValidator(_check_base64), WithJsonSchema(_BASE64_SCHEMA), Personal("picture")
    ]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The items and ways of a request, typed."""

    order_id: str
    items: tuple[str, ...]
    reason: ReturnReason | None
    method_id: str | None


def _wanted(call: ToolCall) -> _Wanted:
    given = call.arguments
    reason = given.get("reason")
    return _Wanted(
        str(given["order_id"]),
        tuple(given.get("item_ids", ())),
        None if reason is None else ReturnReason(reason),
        given.get("method_id"),
    )


def _gather(call: ToolCall, reading: Reading, rules: Ruleset, as_of: datetime) -> Gathered:
    order = reading.order(str(call.arguments["order_id"]))
    if order is None:
        return Gathered(ReturnFound(None, None, is_authenticated=True))
    owner, records, evidence = order.customer_id, reading.records, reading.evidence
    new_variants = list(call.arguments.get("new_variant_ids", ()))
    customer, variants, in_window, last, of_order, has_label, has_evidence, is_reused = reading.together(
        lambda: reading.customer(owner),
        lambda: records.variants(new_variants) if new_variants else {},
        lambda: records.refunds_since(owner, refund_count_since(rules, as_of)),
        lambda: records.last_replacement(owner),
        lambda: records.refunds_of_order(order.order_id),
        lambda: records.has_label(order.order_id),
        lambda: evidence.has_accepted(owner, order.order_id),
        lambda: evidence.was_reused(owner, order.order_id),
    )
    found = ReturnFound(
        order,
        customer,
        variants=variants,
        refunds_in_window=in_window,
        last_replacement=last,
        refunds_of_order=of_order,
        has_label=has_label,
        has_evidence=has_evidence,
        has_fraud_signal=is_reused,
    )
    return Gathered(found, owner, order.order_id)


def _plan_return(call: ToolCall, found: ReturnFound, rules: Ruleset, as_of: datetime) -> Plan:
    wanted = _wanted(call)
    request = CreateReturn(wanted.order_id, wanted.items, wanted.reason, wanted.method_id)
    return plan_create_return(request, found, rules, as_of)


def _plan_exchange(call: ToolCall, found: ReturnFound, rules: Ruleset, as_of: datetime) -> Plan:
    wanted = _wanted(call)
    new_variants = tuple(call.arguments["new_variant_ids"])
    request = CreateExchange(wanted.order_id, wanted.items, new_variants, wanted.method_id, wanted.reason)
    return plan_create_exchange(request, found, rules, as_of)


def _plan_refund(call: ToolCall, found: ReturnFound, rules: Ruleset, as_of: datetime) -> Plan:
    wanted = _wanted(call)
    request = IssueRefund(wanted.order_id, wanted.items, wanted.reason, wanted.method_id)
    return plan_issue_refund(request, found, rules, as_of)


def _plan_label(call: ToolCall, found: ReturnFound, rules: Ruleset, as_of: datetime) -> Plan:
    return plan_create_label(CreateLabel(str(call.arguments["order_id"])), found, rules, as_of)


def _check(call: ToolCall, reading: Reading, rules: Ruleset, as_of: datetime) -> ReadOutcome:
    found: ReturnFound = _gather(call, reading, rules, as_of).records
    if found.order is None:
        return ReadOutcome(reason_codes=("order_not_found",))
    wanted = _wanted(call)
    request = CheckEligibility(wanted.order_id, wanted.items, wanted.reason, wanted.method_id)
    answer = check_eligibility(request, found, rules, as_of)
    result: dict[str, Any] = {
        "order_id": wanted.order_id,
        "outcome": answer.outcome,
        "reasons": list(answer.reasons),
        "item_minor": answer.item_minor,
        "shipping_minor": answer.shipping_minor,
        "amount_minor": answer.amount_minor,
        "currency": answer.currency,
        "ruleset_id": answer.decision.ruleset_id,
    }
    return ReadOutcome(result, clauses=answer.clauses)


def _keep_evidence(call: ToolCall, reading: Reading, rules: Ruleset, as_of: datetime) -> ReadOutcome:
    order = reading.order(str(call.arguments["order_id"]))
    if order is None:
        return ReadOutcome(reason_codes=("order_not_found",))
    content = base64.b64decode(call.arguments["content"], validate=True)
    kept = reading.evidence.keep(order.customer_id, order.order_id, content, at=as_of)
    if kept.evidence is None:
        return ReadOutcome(reason_codes=kept.reasons)
    return ReadOutcome(
        {
            "evidence_id": kept.evidence.evidence_id,
            "order_id": order.order_id,
            "media_type": kept.evidence.media_type,
            "width": kept.evidence.width,
            "height": kept.evidence.height,
        }
    )


def _write(
    name: str, summary: str, arguments: type[Arguments], plan: PlanStep, approval: ApprovalRule
) -> ToolSpec:
    return ToolSpec(
        name,
        "returns",
        summary,
        ToolEffect.WRITE,
        arguments,
        gather=_gather,
        plan=plan,
        approval=approval,
        is_two_step=True,
    )


def _read(name: str, summary: str, read: ReadStep) -> ToolSpec:
    return ToolSpec(name, "returns", summary, ToolEffect.READ, CheckArguments, read=read)


RETURN_TOOLS: tuple[ToolSpec, ...] = (
    _read("check_eligibility", "Whether items could be returned or refunded.", _check),
    _read("compute_refund", "How much would go back, by the same check.", _check),
    _write(
        "create_return",
        "Request the return of items.",
        CreateReturnArguments,
        _plan_return,
        APPROVED_BY_BAND,
    ),
    _write(
        "create_exchange",
        "Request the exchange of items.",
        CreateExchangeArguments,
        _plan_exchange,
        APPROVED_BY_BAND,
    ),
    _write("issue_refund", "Pay money back.", IssueRefundArguments, _plan_refund, APPROVED_BY_BAND),
    _write("create_label", "Ask for a return label.", CreateLabelArguments, _plan_label, NO_APPROVAL),
    ToolSpec(
        "store_evidence",
        "returns",
        "Keep a picture for an order.",
        ToolEffect.WRITE,
        StoreEvidenceArguments,
        desks=frozenset({"orders"}),
        keep=_keep_evidence,
        is_harmless=True,
        approval=NO_APPROVAL,
        limit=CallLimit(calls=30),
        max_body_bytes=_BODY_BYTES,
    ),
)
