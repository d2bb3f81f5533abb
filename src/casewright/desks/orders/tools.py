"""The orders desk's write tools: arguments, the records each needs, and the plan that decides.

Ids of what is made follow from the call's reference, so that planning twice makes the same. Nothing is
written here.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from casewright.desks.orders.planning import (
    plan_cancel,
    plan_create_escalation,
    plan_create_order,
    plan_create_replacement,
    plan_modify_address,
    plan_modify_customer_address,
    plan_modify_items,
    plan_modify_payment,
    refund_count_since,
)
from casewright.desks.orders.requests import (
    Asker,
    CancelOrder,
    CreateEscalation,
    CreateOrder,
    CreateReplacement,
    EscalationReason,
    Found,
    ModifyAddress,
    ModifyCustomerAddress,
    ModifyItems,
    ModifyPayment,
    ReplacementReason,
)
from casewright.domain.action import Plan, RefundRecord
from casewright.domain.shop import Customer, Order, Product, Variant
from casewright.policy.ruleset import Ruleset
from casewright.text.redaction import redact
from casewright.tools.arguments import (
    MOST_ITEMS,
    Arguments,
    Identifier,
    LineOfText,
    Personal,
    PostalAddress,
    Said,
)
from casewright.tools.reading import Reading
from casewright.tools.spec import (
    NO_APPROVAL,
    ApprovalRule,
    Gathered,
    GatherStep,
    PlanStep,
    ToolCall,
    ToolEffect,
    ToolSpec,
)

ITEMS = Field(
    max_length=MOST_ITEMS,
    description="Each a line id, or the id of a bought variant; one bought twice is named twice.",
)
NEW_VARIANTS = Field(max_length=MOST_ITEMS, description="The n-th is for the n-th item.")
APPROVED_BY_BAND = ApprovalRule(agent="agent_limit_minor")
"""Policy says what a person decides; the amount says who that may be."""


class CancelOrderArguments(Arguments):
    """Cancel a pending order."""

    order_id: Identifier
    reason: Annotated[
        str,
        LineOfText(100, least=1),
        Field(description="In the policy's words (ORD-2.2): `no longer needed` or `ordered by mistake`."),
    ]


class ModifyAddressArguments(Arguments):
    """Send a pending order elsewhere."""

    order_id: Identifier
    address: Annotated[PostalAddress, Personal("address")]


class ModifyPaymentArguments(Arguments):
    """Pay a pending order by another of the customer's methods."""

    order_id: Identifier
    method_id: Identifier


class ModifyItemsArguments(Arguments):
    """Swap items of a pending order for other variants, all at once."""

    order_id: Identifier
    item_ids: Annotated[tuple[Identifier, ...], ITEMS]
    new_variant_ids: Annotated[tuple[Identifier, ...], NEW_VARIANTS]
    method_id: Annotated[Identifier, Field(description="Pays the difference, or gets it back.")]


class CreateReplacementArguments(Arguments):
    """Send one item again, free."""

    order_id: Identifier
    item_id: Identifier
    reason: Annotated[ReplacementReason | None, Field(strict=False)] = None


class CreateOrderArguments(Arguments):
    """Buy one piece of each variant; the same one twice is two pieces."""

    variant_ids: Annotated[tuple[Identifier, ...], Field(max_length=MOST_ITEMS)]
    method_id: Identifier
    address: Annotated[PostalAddress | None, Personal("address")] = None
    customer_id: Annotated[Identifier | None, Field(description="For staff: whose order it is.")] = None


class ModifyCustomerAddressArguments(Arguments):
    """Change the address of a profile."""

    address: Annotated[PostalAddress, Personal("address")]
    customer_id: Annotated[Identifier | None, Field(description="For staff: whose profile it is.")] = None


class CreateEscalationArguments(Arguments):
    """Hand a matter to a person."""

    reason: Annotated[EscalationReason, Field(strict=False)]
    summary: Annotated[str, Said(), LineOfText(500, least=1)]
    order_id: Identifier | None = None


def _asker(call: ToolCall) -> Asker:
    return Asker(call.customer_id, call.is_staff)


def _gathered(found: Found) -> Gathered:
    order, customer = found.order, found.customer
    owner = order.customer_id if order else customer.customer_id if customer else None
    return Gathered(found, owner, order.order_id if order else None)


def _gather_order(call: ToolCall, reading: Reading, rules: Ruleset, as_of: datetime) -> Gathered:
    order = reading.order(str(call.arguments["order_id"]))
    if order is None:
        return Gathered(Found())
    return _gathered(Found(order, reading.customer(order.customer_id)))


def _gather_swap(call: ToolCall, reading: Reading, rules: Ruleset, as_of: datetime) -> Gathered:
    order, variants = reading.together(
        lambda: reading.order(str(call.arguments["order_id"])),
        lambda: reading.records.variants(call.arguments["new_variant_ids"]),
    )
    if order is None:
        return Gathered(Found())
    refunds = reading.records.refunds_of_order(order.order_id)
    customer = reading.customer(order.customer_id)
    return _gathered(Found(order, customer, variants, refunded_line_ids=_lines_of(refunds)))


def _lines_of(refunds: Iterable[RefundRecord]) -> frozenset[str]:
    return frozenset(line_id for refund in refunds for line_id in refund.line_ids)


def _gather_replacement(call: ToolCall, reading: Reading, rules: Ruleset, as_of: datetime) -> Gathered:
    order = reading.order(str(call.arguments["order_id"]))
    if order is None:
        return Gathered(Found())
    owner, records, evidence = order.customer_id, reading.records, reading.evidence
    customer, variants, last, refunds, of_order, has_evidence, is_reused = reading.together(
        lambda: reading.customer(owner),
        lambda: records.variants([line.variant_id for line in order.lines]),
        lambda: records.last_replacement(owner),
        lambda: records.refunds_since(owner, refund_count_since(rules, as_of)),
        lambda: records.refunds_of_order(order.order_id),
        lambda: evidence.has_accepted(owner, order.order_id),
        lambda: evidence.was_reused(owner, order.order_id),
    )
    found = Found(
        order,
        customer,
        variants,
        last_replacement=last,
        refunds_in_window=refunds,
        refunded_line_ids=_lines_of(of_order),
        has_evidence=has_evidence,
        has_fraud_signal=is_reused,
    )
    return _gathered(found)


def _gather_purchase(call: ToolCall, reading: Reading, rules: Ruleset, as_of: datetime) -> Gathered:
    wanted: list[str] = list(call.arguments["variant_ids"])
    found: tuple[Customer | None, dict[str, Variant]] = reading.together(
        lambda: reading.customer(call.arguments["customer_id"]),
        lambda: dict(reading.records.variants(wanted)),
    )
    customer, variants = found
    product_ids = sorted({variant.product_id for variant in variants.values()})
    products: tuple[Product | None, ...] = reading.together(
        *(_product(reading, product_id) for product_id in product_ids)
    )
    by_id = {product.product_id: product for product in products if product is not None}
    return _gathered(Found(None, customer, variants, by_id))


def _product(reading: Reading, product_id: str) -> Callable[[], Product | None]:
    return lambda: reading.records.product(product_id)


def _gather_profile(call: ToolCall, reading: Reading, rules: Ruleset, as_of: datetime) -> Gathered:
    return _gathered(Found(customer=reading.customer(call.arguments["customer_id"])))


def _gather_matter(call: ToolCall, reading: Reading, rules: Ruleset, as_of: datetime) -> Gathered:
    order_id = call.arguments["order_id"]
    order: Order | None = None if order_id is None else reading.order(str(order_id))
    return _gathered(Found(order, reading.customer(order.customer_id if order else None)))


def _approved(call: ToolCall, found: Found) -> Found:
    return replace(found, is_approved=call.is_approved)


def _plan_cancel(call: ToolCall, found: Found, rules: Ruleset, as_of: datetime) -> Plan:
    wanted = call.arguments
    request = CancelOrder(_asker(call), str(wanted["order_id"]), str(wanted["reason"]))
    return plan_cancel(request, _approved(call, found), rules, as_of)


def _plan_address(call: ToolCall, found: Found, rules: Ruleset, as_of: datetime) -> Plan:
    wanted = call.arguments
    request = ModifyAddress(_asker(call), str(wanted["order_id"]), wanted["address"] or "")
    return plan_modify_address(request, _approved(call, found), rules, as_of)


def _plan_payment(call: ToolCall, found: Found, rules: Ruleset, as_of: datetime) -> Plan:
    wanted = call.arguments
    request = ModifyPayment(_asker(call), str(wanted["order_id"]), str(wanted["method_id"]))
    return plan_modify_payment(request, _approved(call, found), rules, as_of)


def _plan_items(call: ToolCall, found: Found, rules: Ruleset, as_of: datetime) -> Plan:
    wanted = call.arguments
    request = ModifyItems(
        _asker(call),
        str(wanted["order_id"]),
        tuple(wanted["item_ids"]),
        tuple(wanted["new_variant_ids"]),
        str(wanted["method_id"]),
    )
    return plan_modify_items(request, _approved(call, found), rules, as_of)


def _plan_replacement(call: ToolCall, found: Found, rules: Ruleset, as_of: datetime) -> Plan:
    wanted = call.arguments
    reason = ReplacementReason(wanted["reason"]) if wanted["reason"] is not None else None
    request = CreateReplacement(
        _asker(call), str(wanted["order_id"]), str(wanted["item_id"]), reason, _made("replacement", call)
    )
    return plan_create_replacement(request, _approved(call, found), rules, as_of)


def _plan_purchase(call: ToolCall, found: Found, rules: Ruleset, as_of: datetime) -> Plan:
    wanted = call.arguments
    request = CreateOrder(
        _asker(call),
        _named_customer(call),
        tuple(wanted["variant_ids"]),
        str(wanted["method_id"]),
        _made("order", call),
        wanted["address"],
    )
    return plan_create_order(request, _approved(call, found), rules, as_of)


def _plan_profile(call: ToolCall, found: Found, rules: Ruleset, as_of: datetime) -> Plan:
    request = ModifyCustomerAddress(_asker(call), _named_customer(call), call.arguments["address"] or "")
    return plan_modify_customer_address(request, found, rules, as_of)


def _plan_escalation(call: ToolCall, found: Found, rules: Ruleset, as_of: datetime) -> Plan:
    wanted = call.arguments
    request = CreateEscalation(
        _asker(call),
        call.case_id,
        EscalationReason(wanted["reason"]),
        redact(str(wanted["summary"])).text,
        _made("escalation", call),
        wanted["order_id"],
    )
    return plan_create_escalation(request, found, rules, as_of)


def _named_customer(call: ToolCall) -> str:
    return str(call.arguments["customer_id"] or call.customer_id or "")


def _made(kind: str, call: ToolCall) -> str:
    """The id of what this call makes."""
    return f"{kind}-{call.ref[:16]}"


def _write(
    name: str,
    summary: str,
    arguments: type[Arguments],
    gather: GatherStep,
    plan: PlanStep,
    *,
    approval: ApprovalRule = APPROVED_BY_BAND,
    is_two_step: bool = True,
    is_harmless: bool = False,
) -> ToolSpec:
    return ToolSpec(
        name,
        "orders",
        summary,
        ToolEffect.WRITE,
        arguments,
        desks=frozenset({"returns"}) if name == "create_escalation" else frozenset(),
        gather=gather,
        plan=plan,
        approval=approval,
        is_two_step=is_two_step,
        is_harmless=is_harmless,
    )


ORDER_TOOLS: tuple[ToolSpec, ...] = (
    _write("cancel_order", "Cancel a pending order.", CancelOrderArguments, _gather_order, _plan_cancel),
    _write(
        "modify_address",
        "Send a pending order to another address.",
        ModifyAddressArguments,
        _gather_order,
        _plan_address,
        approval=NO_APPROVAL,
    ),
    _write(
        "modify_payment",
        "Pay a pending order by another method.",
        ModifyPaymentArguments,
        _gather_order,
        _plan_payment,
    ),
    _write(
        "modify_items",
        "Swap items of a pending order, once.",
        ModifyItemsArguments,
        _gather_swap,
        _plan_items,
    ),
    _write(
        "create_replacement",
        "Send one item again, free.",
        CreateReplacementArguments,
        _gather_replacement,
        _plan_replacement,
    ),
    _write("create_order", "Place an order.", CreateOrderArguments, _gather_purchase, _plan_purchase),
    _write(
        "modify_customer_address",
        "Change the address of a profile.",
        ModifyCustomerAddressArguments,
        _gather_profile,
        _plan_profile,
        approval=NO_APPROVAL,
        is_two_step=False,
    ),
    _write(
        "create_escalation",
        "Hand a matter to a person.",
        CreateEscalationArguments,
        _gather_matter,
        _plan_escalation,
        approval=NO_APPROVAL,
        is_two_step=False,
        is_harmless=True,
    ),
)
