"""Plans of the orders desk: a request, the records and the policy in; a change, or why not, out. Pure.

Policy decides first, on typed facts alone; only an allowed action gets a change. A plan of any other outcome
has reasons and nothing else. Nothing moves here: the journal carries a plan out.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from casewright.desks.orders.facts import (
    build_facts,
    customer_of,
    order_total,
    payers_of,
    visible_customer,
    visible_order,
)
from casewright.desks.orders.lines import Swap, match_lines, match_swaps, swap_difference
from casewright.desks.orders.money import (
    Movement,
    calls_of,
    charge,
    effects_of,
    entries_of,
    refund,
    rows_of,
)
from casewright.desks.orders.requests import (
    CancelOrder,
    CreateEscalation,
    CreateOrder,
    CreateReplacement,
    Found,
    ModifyAddress,
    ModifyCustomerAddress,
    ModifyItems,
    ModifyPayment,
    OrderRequest,
    Request,
)
from casewright.domain.action import (
    Change,
    Effect,
    EscalationRecord,
    OutboxMessage,
    Plan,
    ReplacementRecord,
)
from casewright.domain.decision import Decision
from casewright.domain.shop import Customer, Order, OrderLine, OrderStatus, PaymentMethod
from casewright.policy.ruleset import Ruleset

ALLOW = "allow"
_FLAGS = ("is_refused", "needs_info", "needs_person")


def refund_count_since(ruleset: Ruleset, as_of: datetime) -> datetime:
    """From when on refunds count towards the customer's limit: for `Found.refunds_in_window`."""
    return as_of - timedelta(days=int(ruleset.parameters["refund_limit_days"]))


def decide(request: Request, found: Found, ruleset: Ruleset, as_of: datetime) -> Plan:
    """The decision and its reasons, before anything is planned. An allowed plan still lacks its change."""
    return plan_of_decision(ruleset.decide_to_keep(build_facts(request, found, ruleset, as_of)))


def plan_of_decision(decision: Decision) -> Plan:
    """A plan with the reasons of a no: every rule that was broken, every thing that is missing."""
    outcome = str(decision.outcome["outcome"])
    if outcome == ALLOW:
        return Plan(decision, outcome)
    broken = [row.reason for row in decision.fired if any(row.outcome.get(flag) is True for flag in _FLAGS)]
    if not broken:
        broken = [row.reason for row in decision.fired if row.table == "outcome"]
    return Plan(decision, outcome, tuple(dict.fromkeys(broken)))


def cited_clauses(plan: Plan) -> tuple[str, ...]:
    """The clauses that a plan rests on: of the broken rules for a no, of the allowance for a yes."""
    rows = [
        row
        for row in plan.decision.fired
        if (row.reason in plan.reasons if plan.reasons else row.table == "outcome")
    ]
    return tuple(dict.fromkeys(row.clause for row in rows))


def plan_cancel(request: CancelOrder, found: Found, ruleset: Ruleset, as_of: datetime) -> Plan:
    """Cancel a pending order; each method gets its net payment back."""
    plan = decide(request, found, ruleset, as_of)
    if not plan.is_allowed:
        return plan
    order, customer = _order_and_customer(request, found)
    movements = tuple(
        refund(_method(customer, method_id), net, order.currency, f"refund-{number}")
        for number, (method_id, net) in enumerate(payers_of(order).items(), start=1)
    )
    after = replace(order, status=OrderStatus.CANCELLED, cancel_reason=request.reason)
    done = Effect("order_cancelled", f"Order {order.order_id} is cancelled.", target=order.order_id)
    return _with_change(plan, after, customer, movements, (done,), f"cancel:{order.order_id}")


def plan_modify_address(request: ModifyAddress, found: Found, ruleset: Ruleset, as_of: datetime) -> Plan:
    """Send a pending order to another address."""
    plan = decide(request, found, ruleset, as_of)
    if not plan.is_allowed:
        return plan
    order = _order(request, found)
    after = replace(order, address_token=request.address_token)
    done = Effect(
        "address_changed", f"Order {order.order_id} goes to the new address.", target=order.order_id
    )
    return _with_change(plan, after, customer_of(order, found), (), (done,))


def plan_modify_payment(request: ModifyPayment, found: Found, ruleset: Ruleset, as_of: datetime) -> Plan:
    """Move the payment to another method: the new one pays the total, the old one gets it back."""
    plan = decide(request, found, ruleset, as_of)
    if not plan.is_allowed:
        return plan
    order, customer = _order_and_customer(request, found)
    [(old_id, net)] = payers_of(order).items()
    movements = (
        charge(_method(customer, request.method_id), net, order.currency, "charge"),
        refund(_method(customer, old_id), net, order.currency, "refund"),
    )
    after = replace(order, is_payment_modified=True)
    done = Effect(
        "payment_changed",
        f"Order {order.order_id} is paid by {request.method_id} instead of {old_id}.",
        target=order.order_id,
    )
    return _with_change(plan, after, customer, movements, (done,), f"modify_payment:{order.order_id}")


def plan_modify_items(request: ModifyItems, found: Found, ruleset: Ruleset, as_of: datetime) -> Plan:
    """Swap lines for other variants, all at once; the method pays the difference or gets it back."""
    plan = decide(request, found, ruleset, as_of)
    if not plan.is_allowed:
        return plan
    order, customer = _order_and_customer(request, found)
    swaps = match_swaps(order, request.item_ids, request.new_variant_ids, found.variants) or ()
    difference = swap_difference(swaps)
    method = _method(customer, request.method_id)
    movements: tuple[Movement, ...] = ()
    if difference > 0:
        movements = (charge(method, difference, order.currency, "difference"),)
    elif difference < 0:
        movements = (refund(method, -difference, order.currency, "difference"),)
    new = {swap.line.line_id: _swapped(swap) for swap in swaps}
    lines = tuple(new.get(line.line_id, line) for line in order.lines)
    after = replace(order, status=OrderStatus.PENDING_ITEMS_MODIFIED, lines=lines)
    done = tuple(
        Effect(
            "item_changed",
            f"Line {swap.line.line_id}: variant {swap.line.variant_id} becomes {swap.variant.variant_id}.",
            target=swap.line.line_id,
        )
        for swap in swaps
    )
    return _with_change(plan, after, customer, movements, done, f"modify_items:{order.order_id}")


def plan_create_replacement(
    request: CreateReplacement, found: Found, ruleset: Ruleset, as_of: datetime
) -> Plan:
    """Send one line again, free. A key names the customer's last replacement: of two at once, one is done."""
    plan = decide(request, found, ruleset, as_of)
    if not plan.is_allowed:
        return plan
    order = _order(request, found)
    line = (match_lines(order, (request.item_id,)) or ())[0]
    record = ReplacementRecord(request.replacement_id, order.order_id, order.customer_id, line.line_id)
    shipment = OutboxMessage(
        "courier",
        "replacement_shipment",
        {
            "replacement_id": record.replacement_id,
            "order_id": order.order_id,
            "line_id": line.line_id,
            "variant_id": line.variant_id,
            "address_token": order.address_token,
        },
    )
    done = Effect(
        "replacement_sent",
        f"Line {line.line_id} (variant {line.variant_id}) of order {order.order_id} is sent again, free.",
        target=line.line_id,
    )
    after = replace(order, status=OrderStatus.REPLACEMENT_REQUESTED)
    last = found.last_replacement.isoformat() if found.last_replacement else "none"
    plan = _with_change(
        plan,
        after,
        customer_of(order, found),
        (),
        (done,),
        f"replace:{order.order_id}:{line.line_id}",
        f"replace:{order.customer_id}:after:{last}",
        value_minor=line.price_minor,
    )
    change = replace(plan.change, replacement=record)
    return replace(plan, change=change, outbox=(shipment, *plan.outbox))


def plan_create_order(request: CreateOrder, found: Found, ruleset: Ruleset, as_of: datetime) -> Plan:
    """Place and pay a new order. Its first payment stands in the order itself."""
    plan = decide(request, found, ruleset, as_of)
    customer = visible_customer(request, found)
    if not plan.is_allowed or customer is None:
        return plan
    total = order_total(request, found, ruleset)
    currency = str(ruleset.parameters["currency"])
    method = _method(customer, request.method_id)
    movements = (charge(method, total, currency, "charge"),) if total else ()
    order = Order(
        order_id=request.order_id,
        customer_id=customer.customer_id,
        status=OrderStatus.PENDING,
        lines=tuple(
            _new_line(number, variant_id, found)
            for number, variant_id in enumerate(request.variant_ids, start=1)
        ),
        payments=rows_of(movements),
        currency=currency,
        shipping_minor=int(ruleset.parameters["shipping_fee_minor"]),
        merchant=ruleset.policy.tenant or "main",
        placed_at=as_of,
        address_token=request.address_token or customer.address_token,
    )
    done = Effect(
        "order_placed",
        f"Order {order.order_id} is placed with {len(order.lines)} item(s).",
        target=order.order_id,
    )
    return replace(
        plan,
        change=Change(new_order=order, gift_cards=entries_of(movements)),
        calls=calls_of(movements),
        outbox=_notice(done.kind, customer, order, total),
        effects=(done, *effects_of(movements)),
        business_keys=(f"create_order:{order.order_id}",),
        amount_minor=total,
    )


def plan_modify_customer_address(
    request: ModifyCustomerAddress, found: Found, ruleset: Ruleset, as_of: datetime
) -> Plan:
    """Change the address of a profile."""
    plan = decide(request, found, ruleset, as_of)
    customer = visible_customer(request, found)
    if not plan.is_allowed or customer is None:
        return plan
    done = Effect(
        "profile_address_changed",
        f"The address of customer {customer.customer_id} is changed.",
        target=customer.customer_id,
    )
    after = replace(customer, address_token=request.address_token)
    return replace(plan, change=Change(customer=after), effects=(done,))


def plan_create_escalation(
    request: CreateEscalation, found: Found, ruleset: Ruleset, as_of: datetime
) -> Plan:
    """Hand a case to a person: the queue and the clock are the policy's, the owner is found there."""
    plan = decide(request, found, ruleset, as_of)
    if not plan.is_allowed:
        return plan
    order = visible_order(request, found) if request.order_id is not None else None
    minutes = plan.decision.outcome["service_level_minutes"]
    due_at = as_of + timedelta(minutes=int(minutes or 0))
    record = EscalationRecord(
        escalation_id=request.escalation_id,
        case_id=request.case_id,
        queue=str(plan.decision.outcome["queue"]),
        reason=request.reason.value,
        summary=request.summary,
        due_at=due_at,
        order_id=request.order_id,
        customer_id=order.customer_id if order is not None else request.asker.customer_id,
    )
    done = Effect(
        "escalated",
        f"A person of the queue {record.queue} takes over case {record.case_id}.",
        target=record.escalation_id,
    )
    return replace(plan, change=Change(escalation=record), effects=(done,))


def _order(request: OrderRequest, found: Found) -> Order:
    """The order of an allowed plan: the facts have shown that it is there."""
    order = visible_order(request, found)
    if order is None:
        raise LookupError(request.order_id)
    return order


def _order_and_customer(request: OrderRequest, found: Found) -> tuple[Order, Customer | None]:
    order = _order(request, found)
    return order, customer_of(order, found)


def _method(customer: Customer | None, method_id: str) -> PaymentMethod:
    """A method of an allowed plan: the facts have shown that it is the customer's."""
    method = customer.find_method(method_id) if customer is not None else None
    if method is None:
        raise LookupError(method_id)
    return method


def _swapped(swap: Swap) -> OrderLine:
    return replace(
        swap.line,
        variant_id=swap.variant.variant_id,
        price_minor=swap.variant.price_minor,
        options=dict(swap.variant.options),
    )


def _new_line(number: int, variant_id: str, found: Found) -> OrderLine:
    variant = found.variants[variant_id]
    product = found.products[variant.product_id]
    return OrderLine(
        line_id=str(number),
        variant_id=variant_id,
        product_id=product.product_id,
        name=product.name,
        price_minor=variant.price_minor,
        options=dict(variant.options),
        category=product.category,
        is_final_sale=product.is_final_sale,
    )


def _with_change(
    plan: Plan,
    order: Order,
    customer: Customer | None,
    movements: Sequence[Movement],
    done: tuple[Effect, ...],
    *business_keys: str,
    value_minor: int = 0,
) -> Plan:
    """The allowed plan of a change to one order. `value_minor`: goods that leave without money moving."""
    refunded = sum(row.amount_minor for row in rows_of(movements) if row.kind.value == "refund")
    charged = sum(row.amount_minor for row in rows_of(movements)) - refunded
    amount = max(refunded, charged, value_minor)
    return replace(
        plan,
        change=Change(order=order, payments=rows_of(movements), gift_cards=entries_of(movements)),
        calls=calls_of(movements),
        outbox=_notice(done[0].kind, customer, order, amount),
        effects=(*done, *effects_of(movements)),
        business_keys=business_keys,
        amount_minor=amount,
    )


def _notice(
    kind: str, customer: Customer | None, order: Order, amount_minor: int
) -> tuple[OutboxMessage, ...]:
    """A mail to the customer about what was done, where there is an address to write to."""
    if customer is None or customer.email_token is None:
        return ()
    payload = {
        "email_token": customer.email_token,
        "customer_id": customer.customer_id,
        "order_id": order.order_id,
        "amount_minor": amount_minor,
        "currency": order.currency,
    }
    return (OutboxMessage("mail", kind, payload),)
