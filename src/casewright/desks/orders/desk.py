"""The orders desk, declared: it acts on requests, and reads no cases of its own."""

from casewright.desk import Desk
from casewright.desks.orders.facts import OrderAction, OrderFacts
from casewright.desks.orders.planning import (
    plan_cancel,
    plan_create_escalation,
    plan_create_order,
    plan_create_replacement,
    plan_modify_address,
    plan_modify_customer_address,
    plan_modify_items,
    plan_modify_payment,
)
from casewright.desks.orders.reasons import REASONS

DESK = Desk(
    name="orders",
    case_types=tuple(OrderAction),
    needs=("orders", "customers", "variants", "products", "replacements", "refunds", "evidence"),
    facts_type=OrderFacts,
    ruleset="casewright.desks.orders.policy",
    reasons=REASONS,
    outcome_fields=("outcome", "queue", "service_level_minutes"),
    moves_money={"outcome": frozenset({"allow"})},
    plans={
        OrderAction.CANCEL_ORDER: plan_cancel,
        OrderAction.MODIFY_ADDRESS: plan_modify_address,
        OrderAction.MODIFY_PAYMENT: plan_modify_payment,
        OrderAction.MODIFY_ITEMS: plan_modify_items,
        OrderAction.CREATE_REPLACEMENT: plan_create_replacement,
        OrderAction.CREATE_ORDER: plan_create_order,
        OrderAction.MODIFY_CUSTOMER_ADDRESS: plan_modify_customer_address,
        OrderAction.CREATE_ESCALATION: plan_create_escalation,
    },
    tools=tuple(OrderAction),
)
