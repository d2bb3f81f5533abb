"""Facts of a wanted action on an order: what the records say about the request, typed. Pure; decides nothing.

An order or a profile that the asker may not see leaves the same facts as one that does not exist. A fact is
None where it does not belong to the action, or where the records cannot tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from casewright.desks.orders.lines import match_lines, match_swaps, swap_difference
from casewright.desks.orders.requests import (
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
    OrderRequest,
    ReplacementReason,
    Request,
)
from casewright.domain.shop import Category, Customer, MethodKind, Order, OrderStatus
from casewright.policy.ruleset import Ruleset

REASON_MARK = "|"
"""Between the accepted reasons in the parameter `accepted_cancel_reasons`."""


class OrderAction(StrEnum):
    """What is wanted: the name of the tool."""

    CANCEL_ORDER = "cancel_order"
    MODIFY_ADDRESS = "modify_address"
    MODIFY_PAYMENT = "modify_payment"
    MODIFY_ITEMS = "modify_items"
    CREATE_REPLACEMENT = "create_replacement"
    CREATE_ORDER = "create_order"
    MODIFY_CUSTOMER_ADDRESS = "modify_customer_address"
    CREATE_ESCALATION = "create_escalation"


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Typed input of the orders tables. Counts are pieces, days whole and elapsed, money minor units."""

    action: OrderAction
    is_authenticated: bool
    """A customer or staff asks; who it is, the session has shown."""
    is_order_found: bool | None = None
    """The order that is named exists for the asker. None: the action names none."""
    is_customer_found: bool | None = None
    """The profile that is named exists for the asker. None: the action names none."""
    order_status: OrderStatus | None = None
    # cancel
    is_reason_accepted: bool | None = None
    """The reason is one of the accepted ones, letter by letter."""
    # money
    are_payments_clear: bool | None = None
    """No method got back more than it paid, and each that paid is still the customer's."""
    has_one_payer: bool | None = None
    """Exactly one method has paid, less what went back."""
    is_payment_modified: bool | None = None
    """The payment was moved to another method before."""
    is_method_owned: bool | None = None
    """The method is one of the customer's own."""
    is_method_unchanged: bool | None = None
    """The method is the one that pays already."""
    is_gift_card_short: bool | None = None
    """A gift card is to pay, and holds less than it must. False where no gift card pays."""
    is_refund_to_payer: bool | None = None
    """The method has paid at least what goes back to it. True where nothing goes back."""
    is_refund_within_paid: bool | None = None
    """All methods together have paid at least what goes back."""
    amount_minor: int | None = field(default=None, metadata={"min": 0})
    """The value of the goods that a replacement sends out."""
    # items
    item_count: int | None = field(default=None, metadata={"min": 0})
    """How many items are named."""
    is_count_matched: bool | None = None
    """As many new variants as items."""
    are_items_in_order: bool | None = None
    """Each item has a line of its own."""
    has_same_item: bool | None = None
    """A line would be swapped for the variant that it is."""
    has_other_product: bool | None = None
    """A line would be swapped for a variant of another product."""
    are_variants_available: bool | None = None
    """Every variant that is to be sent exists and is in stock."""
    has_address: bool | None = None
    """There is an address to send to."""
    # replacement
    replacement_reason: ReplacementReason | None = None
    category: Category | None = None
    is_final_sale: bool | None = None
    is_line_refunded: bool | None = None
    """The money of a line that is named has gone back: `refunds_of_order`."""
    days_since_handover: int | None = field(default=None, metadata={"min": 0})
    """Since delivery; for an order on its way, since shipping. None: the records hold no such date."""
    days_since_last_replacement: int | None = field(default=None, metadata={"min": 0})
    """Of the same customer, whatever the order. None: there was none."""
    refunds_in_window: int = field(default=0, metadata={"min": 0})
    """Of the same customer, whatever the order."""
    has_evidence: bool = False
    has_fraud_signal: bool = False
    is_approved: bool = False
    """A named person has approved this very action."""
    # escalation
    escalation_reason: EscalationReason | None = None


_ACTIONS: Mapping[type, OrderAction] = {
    CancelOrder: OrderAction.CANCEL_ORDER,
    ModifyAddress: OrderAction.MODIFY_ADDRESS,
    ModifyPayment: OrderAction.MODIFY_PAYMENT,
    ModifyItems: OrderAction.MODIFY_ITEMS,
    CreateReplacement: OrderAction.CREATE_REPLACEMENT,
    CreateOrder: OrderAction.CREATE_ORDER,
    ModifyCustomerAddress: OrderAction.MODIFY_CUSTOMER_ADDRESS,
    CreateEscalation: OrderAction.CREATE_ESCALATION,
}


def build_facts(request: Request, found: Found, ruleset: Ruleset, as_of: datetime) -> OrderFacts:
    """The facts of one request at one time. Whose records they are is judged here, whatever was handed in."""
    action = _ACTIONS[type(request)]
    if not request.asker.is_known:
        return OrderFacts(action, is_authenticated=False)
    if isinstance(request, CreateOrder):
        return OrderFacts(action, is_authenticated=True, **_of_new_order(request, found, ruleset))
    if isinstance(request, ModifyCustomerAddress):
        is_found = visible_customer(request, found) is not None
        return OrderFacts(action, is_authenticated=True, is_customer_found=is_found)
    if isinstance(request, CreateEscalation):
        is_known = None if request.order_id is None else visible_order(request, found) is not None
        return OrderFacts(
            action, is_authenticated=True, is_order_found=is_known, escalation_reason=request.reason
        )
    order = visible_order(request, found)
    if order is None:
        return OrderFacts(action, is_authenticated=True, is_order_found=False)
    return OrderFacts(
        action,
        is_authenticated=True,
        is_order_found=True,
        order_status=order.status,
        **_of_order(request, order, found, ruleset, as_of),
    )


def visible_order(request: OrderRequest | CreateEscalation, found: Found) -> Order | None:
    """The order that is named, if it exists for the asker."""
    order = found.order
    if order is None or order.order_id != request.order_id:
        return None
    return order if request.asker.may_see(order.customer_id) else None


def visible_customer(request: CreateOrder | ModifyCustomerAddress, found: Found) -> Customer | None:
    """The customer who is named, if the profile exists for the asker."""
    customer = found.customer
    if customer is None or customer.customer_id != request.customer_id:
        return None
    return customer if request.asker.may_see(customer.customer_id) else None


def customer_of(order: Order, found: Found) -> Customer | None:
    """The order's own customer; never another one who was handed in."""
    customer = found.customer
    return customer if customer is not None and customer.customer_id == order.customer_id else None


def _of_order(
    request: OrderRequest, order: Order, found: Found, ruleset: Ruleset, as_of: datetime
) -> dict[str, Any]:
    customer = customer_of(order, found)
    if isinstance(request, CancelOrder):
        accepted = str(ruleset.parameters["accepted_cancel_reasons"]).split(REASON_MARK)
        return {
            "is_reason_accepted": request.reason in accepted,
            "are_payments_clear": _are_payments_clear(order, customer),
        }
    if isinstance(request, ModifyPayment):
        return _of_payment(request, order, customer)
    if isinstance(request, ModifyItems):
        return _of_items(request, order, customer, found)
    if isinstance(request, CreateReplacement):
        return _of_replacement(request, order, found, as_of)
    return {}


def _are_payments_clear(order: Order, customer: Customer | None) -> bool:
    return all(
        net == 0 or (net > 0 and customer is not None and customer.find_method(method_id) is not None)
        for method_id, net in order.net_by_method().items()
    )


def payers_of(order: Order) -> dict[str, int]:
    """The methods that have paid, less what went back to each: only those with something left."""
    return {method_id: net for method_id, net in order.net_by_method().items() if net > 0}


def _is_gift_card_short(customer: Customer | None, method_id: str, due_minor: int) -> bool | None:
    """None where the method is not the customer's: nothing is known of it."""
    method = customer.find_method(method_id) if customer is not None else None
    if method is None:
        return None
    return method.kind is MethodKind.GIFT_CARD and due_minor > 0 and (method.balance_minor or 0) < due_minor


def _is_owned(customer: Customer | None, method_id: str) -> bool:
    return customer is not None and customer.find_method(method_id) is not None


def _of_payment(request: ModifyPayment, order: Order, customer: Customer | None) -> dict[str, Any]:
    payers = payers_of(order)
    return {
        "are_payments_clear": _are_payments_clear(order, customer),
        "has_one_payer": len(payers) == 1,
        "is_payment_modified": order.is_payment_modified,
        "is_method_owned": _is_owned(customer, request.method_id),
        "is_method_unchanged": request.method_id in payers,
        "is_gift_card_short": _is_gift_card_short(customer, request.method_id, sum(payers.values())),
    }


def _of_items(request: ModifyItems, order: Order, customer: Customer | None, found: Found) -> dict[str, Any]:
    lines = match_lines(order, request.item_ids)
    facts: dict[str, Any] = {
        "item_count": len(request.item_ids),
        "is_count_matched": len(request.item_ids) == len(request.new_variant_ids),
        "are_items_in_order": lines is not None,
        "are_variants_available": _are_available(request.new_variant_ids, found),
        "is_method_owned": _is_owned(customer, request.method_id),
    }
    if lines is None or not facts["is_count_matched"]:
        return facts
    pairs = tuple(zip(lines, request.new_variant_ids, strict=True))
    known = [(line, found.variants[new]) for line, new in pairs if new in found.variants]
    facts["is_line_refunded"] = any(line.line_id in found.refunded_line_ids for line in lines)
    facts["has_same_item"] = any(line.variant_id == new for line, new in pairs)
    facts["has_other_product"] = any(line.product_id != variant.product_id for line, variant in known)
    swaps = match_swaps(order, request.item_ids, request.new_variant_ids, found.variants)
    if swaps is None:
        return facts
    difference = swap_difference(swaps)
    back = max(0, -difference)
    return facts | {
        "is_gift_card_short": _is_gift_card_short(customer, request.method_id, difference),
        "is_refund_to_payer": order.net_by_method().get(request.method_id, 0) >= back,
        "is_refund_within_paid": order.paid_minor - order.refunded_minor >= back,
    }


def _are_available(variant_ids: tuple[str, ...], found: Found) -> bool:
    return all(
        variant_id in found.variants and found.variants[variant_id].is_available for variant_id in variant_ids
    )


def _of_replacement(
    request: CreateReplacement, order: Order, found: Found, as_of: datetime
) -> dict[str, Any]:
    lines = match_lines(order, (request.item_id,))
    handover = order.delivered_at if order.status is OrderStatus.DELIVERED else order.shipped_at
    facts: dict[str, Any] = {
        "are_items_in_order": lines is not None,
        "replacement_reason": request.reason,
        "days_since_handover": _days_between(handover, as_of),
        "days_since_last_replacement": _days_between(found.last_replacement, as_of),
        "refunds_in_window": found.refunds_in_window,
        "has_evidence": found.has_evidence,
        "has_fraud_signal": found.has_fraud_signal,
        "is_approved": found.is_approved,
        "has_address": order.address_token is not None,
    }
    if lines is None:
        return facts
    line = lines[0]
    return facts | {
        "are_variants_available": _are_available((line.variant_id,), found),
        "category": line.category,
        "is_final_sale": line.is_final_sale,
        "amount_minor": line.price_minor,
        "is_line_refunded": line.line_id in found.refunded_line_ids,
    }


def _days_between(earlier: datetime | None, as_of: datetime) -> int | None:
    """Whole days that have passed; None where there is no date, or it lies ahead."""
    if earlier is None or earlier > as_of:
        return None
    return (as_of - earlier).days


def _of_new_order(request: CreateOrder, found: Found, ruleset: Ruleset) -> dict[str, Any]:
    customer = visible_customer(request, found)
    if customer is None:
        return {"is_customer_found": False}
    are_available = _are_available(request.variant_ids, found) and all(
        found.variants[variant_id].product_id in found.products for variant_id in request.variant_ids
    )
    facts: dict[str, Any] = {
        "is_customer_found": True,
        "item_count": len(request.variant_ids),
        "are_variants_available": are_available,
        "is_method_owned": _is_owned(customer, request.method_id),
        "has_address": (request.address_token or customer.address_token) is not None,
        "has_fraud_signal": found.has_fraud_signal,
        "is_approved": found.is_approved,
    }
    if are_available:
        total = order_total(request, found, ruleset)
        facts["is_gift_card_short"] = _is_gift_card_short(customer, request.method_id, total)
    return facts


def order_total(request: CreateOrder, found: Found, ruleset: Ruleset) -> int:
    """What a new order costs: its variants and the shipping fee, in minor units."""
    goods = sum(found.variants[variant_id].price_minor for variant_id in request.variant_ids)
    return goods + int(ruleset.parameters["shipping_fee_minor"])
