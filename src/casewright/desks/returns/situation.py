"""The situation of one request: which lines, which method, how much, and the facts for the tables. Pure.

Invariant: another customer's order gives the same situation as one that does not exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casewright.desks.returns.amounts import NOTHING, RefundAmount, compute_amount, refundable_minor
from casewright.desks.returns.facts import PolicyScope, ReturnAction, ReturnReason, ReturnsFacts
from casewright.desks.returns.lines import in_order, match_lines, original_methods
from casewright.desks.returns.requests import (
    CheckEligibility,
    CreateExchange,
    CreateLabel,
    CreateReturn,
    IssueRefund,
    ReturnFound,
)
from casewright.domain.shop import Category, Customer, MethodKind, Order, OrderLine, OrderStatus, Variant
from casewright.policy.ruleset import Ruleset

AnyRequest = CreateReturn | CreateExchange | IssueRefund | CreateLabel | CheckEligibility
_ACTIONS: dict[type, ReturnAction] = {
    CreateReturn: ReturnAction.RETURN,
    CreateExchange: ReturnAction.EXCHANGE,
    IssueRefund: ReturnAction.REFUND,
    CreateLabel: ReturnAction.LABEL,
    CheckEligibility: ReturnAction.CHECK,
}
_ARRIVED = frozenset(
    {
        OrderStatus.DELIVERED,
        OrderStatus.RETURN_REQUESTED,
        OrderStatus.EXCHANGE_REQUESTED,
        OrderStatus.REPLACEMENT_REQUESTED,
    }
)


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a plan needs beside the decision. Without `order` only the facts count."""

    facts: ReturnsFacts
    order: Order | None = None
    lines: tuple[OrderLine, ...] = ()
    """In the order's own sequence."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Of an exchange: (line id, new variant id), in the same sequence."""
    method_id: str | None = None
    is_method_named: bool = False
    """By the request, or by the return that was granted; else it is the default."""
    amount: RefundAmount = NOTHING
    difference_minor: int = 0


def read_situation(
    request: AnyRequest,
    found: ReturnFound,
    ruleset: Ruleset,
    as_of: datetime,
    *,
    action: ReturnAction | None = None,
) -> Situation:
    """The situation of a request at a time. `action` is told by the request unless given."""
    action = action or _ACTIONS[type(request)]
    scope = PolicyScope(str(ruleset.parameters["policy_scope"]))
    order, customer = found.order, found.customer
    if not found.is_authenticated:
        return Situation(ReturnsFacts(action, scope, is_authenticated=False))
    if (
        order is None
        or customer is None
        or order.order_id != request.order_id
        or order.customer_id != customer.customer_id
    ):
        return Situation(ReturnsFacts(action, scope))
    lines, named = _named_lines(request, order)
    asked = None if isinstance(request, CreateLabel) else request.reason
    is_granted = action is ReturnAction.LABEL or _is_granted(action, order)
    reason = _effective_reason(action, asked, order if is_granted else None)
    pairs, exchange, difference = _exchange(request, found, named)
    named_method = _named_method(request, order)
    method = named_method or _default_method(customer, order)
    grants = ruleset.decide_table("shipping", {"scope": scope, "reason": reason})
    if action is ReturnAction.LABEL:
        amount = NOTHING
    elif action is ReturnAction.EXCHANGE:
        amount = RefundAmount(max(0, -difference))
    else:
        amount = compute_amount(
            order, lines, found.refunds_of_order, refunds_shipping=bool(grants["refunds_shipping"])
        )
    refunded = {line for refund in found.refunds_of_order for line in refund.line_ids}
    facts = ReturnsFacts(
        action=action,
        scope=scope,
        reason=reason,
        is_order_found=True,
        status=order.status,
        is_return_granted=is_granted,
        is_within_return=_is_within(order, lines),
        has_refunded_line=any(line.line_id in refunded for line in lines),
        has_label=found.has_label,
        is_refund_left=refundable_minor(order) > 0,
        amount_minor=amount.total_minor,
        refunds_in_window=found.refunds_in_window,
        has_fraud_signal=found.has_fraud_signal,
        has_evidence=found.has_evidence,
        **_item_facts(request, lines, named),
        **_method_facts(request, found, order, method, difference),
        **exchange,
        **_date_facts(order, as_of),
    )
    return Situation(facts, order, lines, pairs, method, named_method is not None, amount, difference)


def _named_lines(
    request: AnyRequest, order: Order
) -> tuple[tuple[OrderLine, ...], tuple[OrderLine, ...] | None]:
    """The lines in the order's sequence, and in the request's (None: an item is not in the order)."""
    granted: Sequence[str] = ()
    if order.returned is not None:
        granted = order.returned.line_ids
    elif order.exchanged is not None:
        granted = tuple(line for line, _ in order.exchanged.pairs)
    if isinstance(request, CreateLabel):
        named = match_lines(order, granted)
    elif isinstance(request, IssueRefund) and not request.items and order.returned is not None:
        named = match_lines(order, order.returned.line_ids)
    else:
        named = match_lines(order, request.items)
    return in_order(order, named or ()), named


def _is_granted(action: ReturnAction, order: Order) -> bool:
    is_open = order.status is OrderStatus.RETURN_REQUESTED and order.returned is not None
    return is_open and action is ReturnAction.REFUND


def _is_within(order: Order, lines: Sequence[OrderLine]) -> bool:
    return order.returned is None or all(line.line_id in order.returned.line_ids for line in lines)


def _effective_reason(
    action: ReturnAction, asked: ReturnReason | None, granted: Order | None
) -> ReturnReason | None:
    if granted is not None and granted.returned is not None:
        recorded = granted.returned.reason
        return ReturnReason(recorded) if recorded in tuple(ReturnReason) else None
    if asked is None and action is ReturnAction.EXCHANGE:
        return ReturnReason.CHANGED_MIND
    return asked


def _item_facts(
    request: AnyRequest, lines: Sequence[OrderLine], named: Sequence[OrderLine] | None
) -> dict[str, Any]:
    categories = {line.category for line in lines}
    return {
        "is_empty": named is not None and not named and not isinstance(request, CreateLabel),
        "are_items_found": named is not None,
        "has_electronics": Category.ELECTRONICS in categories,
        "has_other_category": bool(categories - {Category.ELECTRONICS}),
        "has_perishable": Category.PERISHABLE in categories,
        "has_personal_care": Category.PERSONAL_CARE in categories,
        "has_final_sale": any(line.is_final_sale for line in lines),
    }


def _named_method(request: AnyRequest, order: Order) -> str | None:
    """The method of the request, else that of the granted return."""
    if isinstance(request, CreateLabel):
        return None
    if request.method_id is not None:
        return request.method_id
    return order.returned.method_id if order.returned is not None else None


def _default_method(customer: Customer, order: Order) -> str | None:
    """The first original method; one that is no gift card, as all money would go to a gift card."""
    originals = original_methods(order)
    found = {method_id: customer.find_method(method_id) for method_id in originals}
    others = [
        method_id
        for method_id, method in found.items()
        if method is None or method.kind is not MethodKind.GIFT_CARD
    ]
    return next(iter(others or originals), None)


def _method_facts(
    request: AnyRequest, found: ReturnFound, order: Order, method_id: str | None, difference: int
) -> dict[str, Any]:
    if isinstance(request, CreateLabel) or method_id is None or found.customer is None:
        return {}
    method = found.customer.find_method(method_id)
    is_original = method_id in original_methods(order)
    is_gift_card = method is not None and method.kind is MethodKind.GIFT_CARD
    balance = (method.balance_minor or 0) if method is not None else 0
    targets = [method]
    if isinstance(request, IssueRefund) and not is_gift_card:
        targets += [found.customer.find_method(payer) for payer in original_methods(order)]
    return {
        "is_method_owned": None not in targets,
        "is_method_allowed": is_original or is_gift_card,
        "is_difference_covered": not is_gift_card or balance >= difference,
    }


def _exchange(
    request: AnyRequest, found: ReturnFound, named: Sequence[OrderLine] | None
) -> tuple[tuple[tuple[str, str], ...], dict[str, Any], int]:
    """The pairs, the facts about the new variants, and the price difference (what the customer pays)."""
    if not isinstance(request, CreateExchange):
        return (), {}, 0
    is_matched = len(request.items) == len(request.new_variants)
    if named is None or not is_matched:
        return (), {"is_count_matched": is_matched}, 0
    wanted = list(zip(named, request.new_variants, strict=True))
    variants: list[tuple[OrderLine, Variant | None]] = [
        (line, found.variants.get(new)) for line, new in wanted
    ]
    facts = {
        "has_same_item": any(line.variant_id == new for line, new in wanted),
        "has_different_product": any(new and new.product_id != line.product_id for line, new in variants),
        "has_unavailable": any(new is None or not new.is_available for _, new in variants),
    }
    difference = sum(new.price_minor - line.price_minor for line, new in variants if new is not None)
    by_line = {line.line_id: new for line, new in wanted}
    order = found.order
    rows = order.lines if order is not None else ()
    pairs = tuple((line.line_id, by_line[line.line_id]) for line in rows if line.line_id in by_line)
    return pairs, facts, difference


def _date_facts(order: Order, as_of: datetime) -> dict[str, Any]:
    delivered = order.delivered_at
    is_delivered = order.status in _ARRIVED and (delivered is None or delivered <= as_of)
    days = (as_of - delivered) // timedelta(days=1) if delivered is not None and is_delivered else None
    is_late: bool | None = None
    if order.promised_at is not None:
        is_late = (delivered if delivered is not None and is_delivered else as_of) > order.promised_at
    return {"is_delivered": is_delivered, "days_since_delivery": days, "is_late": is_late}
