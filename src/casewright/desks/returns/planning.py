"""Plans of the returns desk: a request, its records, the ruleset and a time in; a Plan or an Eligibility out.

Invariants: pure and total. A plan that is refused or denied holds every broken rule and changes nothing; one
that is left to a person (`escalate`) holds its reasons and all that it would do. Money goes back at most once
for a line, and never more than was paid, for the order and for each method. Nothing moves here: the journal
carries a plan out.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from casewright.desks.returns.amounts import allocate
from casewright.desks.returns.facts import PolicyScope
from casewright.desks.returns.requests import (
    CheckEligibility,
    CreateExchange,
    CreateLabel,
    CreateReturn,
    Eligibility,
    IssueRefund,
    ReturnFound,
)
from casewright.desks.returns.situation import AnyRequest, Situation, read_situation
from casewright.domain.action import (
    Change,
    CustomerHistory,
    Effect,
    GatewayCall,
    GatewayOperation,
    GiftCardEntry,
    LabelRecord,
    OutboxMessage,
    Plan,
    RefundRecord,
)
from casewright.domain.decision import Decision
from casewright.domain.money import format_minor
from casewright.domain.shop import (
    ExchangeRequest,
    MethodKind,
    Order,
    OrderStatus,
    PaymentKind,
    PaymentRow,
    ReturnRequest,
)
from casewright.policy.ruleset import Ruleset

RULE_TABLES = frozenset({"order_life", "eligibility", "limits"})
"""The tables whose rows are broken rules; the others sum up."""
ESCALATE = "escalate"
_APPROVED = "approve_"
GIVEN_NO_REASON = "none_given"


def refund_count_since(ruleset: Ruleset, as_of: datetime) -> datetime:
    """From when on refunds count towards the customer's limit."""
    return as_of - timedelta(days=int(ruleset.parameters["refund_limit_days"]))


def cited_clauses(decision: Decision) -> tuple[str, ...]:
    """The clauses of the broken rules; where none is broken, those that the approval rests on."""
    rules = [row.clause for row in decision.fired if row.table in RULE_TABLES]
    return tuple(dict.fromkeys(rules or [row.clause for row in decision.fired]))


def check_eligibility(
    request: CheckEligibility, found: ReturnFound, ruleset: Ruleset, as_of: datetime
) -> Eligibility:
    """Whether the items could go back, or be paid back. Changes nothing and promises nothing."""
    situation, decision = _decide(request, found, ruleset, as_of)
    outcome = str(decision.outcome.get("outcome") or ESCALATE)
    is_payable = outcome.startswith(_APPROVED) or outcome == ESCALATE
    amount = situation.amount
    return Eligibility(
        decision=decision,
        outcome=outcome,
        reasons=_broken(decision),
        clauses=cited_clauses(decision),
        item_minor=amount.item_minor if is_payable else 0,
        shipping_minor=amount.shipping_minor if is_payable else 0,
        amount_minor=amount.total_minor if is_payable else 0,
        currency=situation.order.currency if situation.order else "USD",
    )


def compute_refund(
    request: CheckEligibility, found: ReturnFound, ruleset: Ruleset, as_of: datetime
) -> Eligibility:
    """How much would go back: the amounts of the same check, so that no sum is named that policy denies."""
    return check_eligibility(request, found, ruleset, as_of)


def plan_create_return(request: CreateReturn, found: ReturnFound, ruleset: Ruleset, as_of: datetime) -> Plan:
    """Record which lines come back and where the money goes. No money moves yet."""
    situation, decision = _decide(request, found, ruleset, as_of)
    order = situation.order
    if not _may_be_done(decision) or order is None or situation.method_id is None:
        return _refused(decision)
    reason = situation.facts.reason
    returned = ReturnRequest(
        tuple(line.line_id for line in situation.lines), situation.method_id, reason.value if reason else None
    )
    amount = situation.amount.total_minor
    money = f"{_money(order, amount)} to {returned.method_id}"
    text = f"Return {_items(situation)} of order {order.order_id}; {money}"
    return Plan(
        decision=decision,
        outcome=_outcome(decision),
        reasons=_broken(decision),
        change=Change(order=replace(order, status=OrderStatus.RETURN_REQUESTED, returned=returned)),
        effects=(
            Effect("return_requested", text, amount, order.currency, returned.method_id),
            Effect("order_status", f"Order {order.order_id} becomes return requested", target=order.order_id),
        ),
        outbox=_notice(order, found, "return_requested", amount),
        business_keys=(f"return:{order.order_id}",),
        amount_minor=amount,
    )


def plan_create_exchange(
    request: CreateExchange, found: ReturnFound, ruleset: Ruleset, as_of: datetime
) -> Plan:
    """Record the pairs, the method and the price difference. No money moves yet."""
    situation, decision = _decide(request, found, ruleset, as_of)
    order = situation.order
    if not _may_be_done(decision) or order is None or situation.method_id is None:
        return _refused(decision)
    difference = situation.difference_minor
    exchanged = ExchangeRequest(situation.pairs, situation.method_id, difference)
    swaps = ", ".join(f"{line} for variant {variant}" for line, variant in situation.pairs)
    if difference > 0:
        settled = f"{_money(order, difference)} to pay with {exchanged.method_id}"
    elif difference < 0:
        settled = f"{_money(order, -difference)} back to {exchanged.method_id}"
    else:
        settled = "no difference in price"
    return Plan(
        decision=decision,
        outcome=_outcome(decision),
        reasons=_broken(decision),
        change=Change(order=replace(order, status=OrderStatus.EXCHANGE_REQUESTED, exchanged=exchanged)),
        effects=(
            Effect(
                "exchange_requested",
                f"Exchange {swaps} in order {order.order_id}; {settled}",
                difference,
                order.currency,
                exchanged.method_id,
            ),
            Effect(
                "order_status", f"Order {order.order_id} becomes exchange requested", target=order.order_id
            ),
        ),
        outbox=_notice(order, found, "exchange_requested", difference),
        business_keys=(f"exchange:{order.order_id}",),
        amount_minor=abs(difference),
    )


def plan_issue_refund(request: IssueRefund, found: ReturnFound, ruleset: Ruleset, as_of: datetime) -> Plan:
    """Pay back, method by method: a gift card at once in its ledger, every other one through the gateway."""
    situation, decision = _decide(request, found, ruleset, as_of)
    order, customer = situation.order, found.customer
    if not _may_be_done(decision) or order is None or customer is None or situation.method_id is None:
        return _refused(decision)
    amount, chosen = situation.amount, situation.method_id
    method = customer.find_method(chosen) if situation.is_method_named else None
    shares = allocate(order, amount.total_minor, chosen if situation.is_method_named else None)
    lands_on_gift_card = method is not None and method.kind is MethodKind.GIFT_CARD
    calls: list[GatewayCall] = []
    cards: list[GiftCardEntry] = []
    effects: list[Effect] = []
    for payer, share in shares:
        target = chosen if lands_on_gift_card else payer
        own = customer.find_method(target)
        if own is not None and own.kind is MethodKind.GIFT_CARD:
            cards.append(GiftCardEntry(target, share))
        else:
            part = f"refund-{len(calls) + 1}"
            calls.append(GatewayCall(GatewayOperation.REFUND, target, share, order.currency, part))
        text = f"Refund {_money(order, share)} of order {order.order_id} to {target}"
        effects.append(Effect("refund", text, share, order.currency, target))
    line_ids = tuple(line.line_id for line in situation.lines)
    reason = situation.facts.reason
    record = RefundRecord(
        refund_id=f"refund-{order.order_id}-{order.version}",
        order_id=order.order_id,
        customer_id=order.customer_id,
        amount_minor=amount.total_minor,
        reason=reason.value if reason else GIVEN_NO_REASON,
        line_ids=line_ids,
        shipping_minor=amount.shipping_minor,
    )
    return Plan(
        decision=decision,
        outcome=_outcome(decision),
        reasons=_broken(decision),
        change=Change(
            order=order,
            payments=tuple(PaymentRow(PaymentKind.REFUND, payer, share) for payer, share in shares),
            gift_cards=tuple(cards),
            refund=record,
        ),
        calls=tuple(calls),
        effects=tuple(effects),
        outbox=_notice(order, found, "refund_issued", amount.total_minor),
        business_keys=tuple(f"refund:{order.order_id}:{line}" for line in line_ids),
        amount_minor=amount.total_minor,
        history=_history(situation, found, ruleset, as_of),
    )


def plan_create_label(request: CreateLabel, found: ReturnFound, ruleset: Ruleset, as_of: datetime) -> Plan:
    """Ask the courier for the label of a return or exchange granted before; once for an order."""
    situation, decision = _decide(request, found, ruleset, as_of)
    order = situation.order
    if not _may_be_done(decision) or order is None:
        return _refused(decision)
    line_ids = tuple(line.line_id for line in situation.lines)
    label = LabelRecord(f"label-{order.order_id}", order.order_id, line_ids)
    payload: dict[str, object] = {
        "label_id": label.label_id,
        "order_id": order.order_id,
        "line_ids": list(line_ids),
    }
    if order.address_token is not None:
        payload["address_token"] = order.address_token
    text = f"Label for {_items(situation)} of order {order.order_id}"
    return Plan(
        decision=decision,
        outcome=_outcome(decision),
        reasons=_broken(decision),
        change=Change(order=order, label=label),
        outbox=(OutboxMessage("courier", "return_label", payload),),
        effects=(Effect("label", text, target=label.label_id),),
        business_keys=(f"label:{order.order_id}",),
    )


def _decide(
    request: AnyRequest, found: ReturnFound, ruleset: Ruleset, as_of: datetime
) -> tuple[Situation, Decision]:
    situation = read_situation(request, found, ruleset, as_of)
    return situation, ruleset.decide_to_keep(situation.facts)


def _outcome(decision: Decision) -> str:
    """The plan's word for the policy's outcome: `allow` for every approval; a gap in the policy escalates."""
    outcome = str(decision.outcome.get("outcome") or ESCALATE)
    return "allow" if outcome.startswith(_APPROVED) else outcome


def _may_be_done(decision: Decision) -> bool:
    """Approved, or left to a person: that plan holds all it would do, and its reasons."""
    return _outcome(decision) in ("allow", ESCALATE) and decision.outcome.get("outcome") is not None


def _broken(decision: Decision) -> tuple[str, ...]:
    """Every broken rule, each once."""
    return tuple(dict.fromkeys(row.reason for row in decision.fired if row.table in RULE_TABLES))


def _refused(decision: Decision) -> Plan:
    """No change. A decision without an outcome (a gap in the policy) fails closed: a person looks."""
    return Plan(
        decision=decision,
        outcome=_outcome(decision),
        reasons=_broken(decision) or decision.reasons,
    )


def _history(
    situation: Situation, found: ReturnFound, ruleset: Ruleset, as_of: datetime
) -> CustomerHistory | None:
    """What the limit was checked against, so that two refunds at once cannot both be the last one allowed."""
    if situation.order is None or situation.facts.scope is PolicyScope.ORDER_LIFE:
        return None
    return CustomerHistory(
        situation.order.customer_id,
        found.refunds_in_window,
        refund_count_since(ruleset, as_of),
        found.last_replacement,
    )


def _items(situation: Situation) -> str:
    return ", ".join(f"item {line.line_id}" for line in situation.lines)


def _money(order: Order, amount_minor: int) -> str:
    return f"{format_minor(amount_minor)} {order.currency}"


def _notice(order: Order, found: ReturnFound, kind: str, amount_minor: int) -> tuple[OutboxMessage, ...]:
    """The confirmation by mail, where the customer has an address; it holds ids, amounts and a token."""
    token = found.customer.email_token if found.customer else None
    if token is None:
        return ()
    payload = {
        "order_id": order.order_id,
        "amount_minor": amount_minor,
        "currency": order.currency,
        "email_token": token,
    }
    return (OutboxMessage("mail", kind, payload),)


__all__ = [
    "RULE_TABLES",
    "check_eligibility",
    "cited_clauses",
    "compute_refund",
    "plan_create_exchange",
    "plan_create_label",
    "plan_create_return",
    "plan_issue_refund",
    "refund_count_since",
]
