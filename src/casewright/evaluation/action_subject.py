"""A small shop and plans over it, for tests and benches of the journal, and services that live in memory.

The plans are made here, not by a desk: what is under test is that each happens once. `MemoryGateway` and
`MemoryConnector` keep the contracts of ports.connectors, with faults on demand.
"""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from casewright.adapters.store.engine import Database
from casewright.adapters.store.shop_imports import CustomerRow, insert_customers
from casewright.adapters.store.shop_writes import insert_orders
from casewright.domain.action import (
    Change,
    Effect,
    GatewayCall,
    GatewayOperation,
    OutboxMessage,
    Plan,
)
from casewright.domain.decision import Decision, FiredRow
from casewright.domain.errors import CasewrightError
from casewright.domain.shop import (
    Customer,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentMethod,
    PaymentRow,
)
from casewright.ports.connectors import Transfer, TransferState
from casewright.ports.journal import ActionRequest

TENANT = "main"
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
PRICE_MINOR = 1999
GIFT_MINOR = 501
DECISION = Decision(
    "orders@2026-01-01+sha256:0",
    {"outcome": "allow"},
    (FiredRow("cancel", "ORD-1", {"outcome": "allow"}, "", "ORD-1.1"),),
)


def make_order(number: int) -> Order:
    """Order `o<number>` of customer `c<number>`: one line, paid by card and by gift card."""
    line = OrderLine(f"l{number}", "v1", "p1", "Cotton T-Shirt", PRICE_MINOR + GIFT_MINOR)
    payments = (
        PaymentRow(PaymentKind.PAYMENT, f"card_{number}", PRICE_MINOR),
        PaymentRow(PaymentKind.PAYMENT, f"gift_{number}", GIFT_MINOR),
    )
    return Order(
        f"o{number}",
        f"c{number}",
        OrderStatus.PENDING,
        (line,),
        payments,
        placed_at=AT,
    )


def plant_shop(database: Database, numbers: range, tenant: str = TENANT) -> None:
    """Insert those orders and their customers."""
    customers = [
        CustomerRow(
            Customer(
                f"c{number}",
                (
                    PaymentMethod(f"card_{number}", MethodKind.CARD),
                    PaymentMethod(f"gift_{number}", MethodKind.GIFT_CARD, balance_minor=1000),
                ),
            )
        )
        for number in numbers
    ]
    orders = [make_order(number) for number in numbers]

    def work(connection: Any) -> None:
        insert_customers(connection, tenant, customers, at=AT)
        insert_orders(connection, tenant, orders)

    database.write(work)


def plan_cancel(order: Order, *, parts: int = 1) -> Plan:
    """Cancel an order: refund its card by the gateway, in `parts` calls."""
    card, customer_id = order.payments[0], order.customer_id
    share = card.amount_minor // parts
    amounts = [share] * (parts - 1) + [card.amount_minor - share * (parts - 1)]
    payload = {"order_id": order.order_id, "email_token": "email_a", "amount_minor": card.amount_minor}
    return Plan(
        DECISION,
        "allow",
        change=Change(
            order=replace(order, status=OrderStatus.CANCELLED, cancel_reason="no longer needed"),
            payments=tuple(PaymentRow(PaymentKind.REFUND, card.method_id, amount) for amount in amounts),
        ),
        calls=tuple(
            GatewayCall(GatewayOperation.REFUND, card.method_id, amount, order.currency, str(number))
            for number, amount in enumerate(amounts, start=1)
        ),
        outbox=(OutboxMessage("mail", "order_cancelled", payload | {"customer_id": customer_id}),),
        effects=(Effect("refund", "19.99 USD back to the card", card.amount_minor, "USD", card.method_id),),
        business_keys=(f"cancel:{order.order_id}",),
        amount_minor=card.amount_minor,
    )


def plan_address(order: Order, address: str = "address_b") -> Plan:
    """Another address for an order: no gateway call."""
    payload = {"order_id": order.order_id, "address_token": address}
    return Plan(
        DECISION,
        "allow",
        change=Change(order=replace(order, address_token=address)),
        outbox=(OutboxMessage("courier", "address_changed", payload),),
        effects=(Effect("address", "the parcel goes to the new address", target=order.order_id),),
    )


def plan_refusal(order: Order) -> Plan:
    """A business no."""
    fired = (FiredRow("cancel", "ORD-2", {"outcome": "refuse"}, "order_not_pending", "ORD-1.2"),)
    decision = Decision(DECISION.ruleset_id, {"outcome": "refuse"}, fired)
    return Plan(decision, "refuse", ("order_not_pending",))


def make_request(
    plan: Plan, number: int, *, key: str | None = None, tool: str = "cancel_order", **more: Any
) -> ActionRequest:
    """The request of customer `c<number>` for a plan, under `key-<number>` where none is given."""
    values: dict[str, Any] = {
        "tenant": TENANT,
        "case_id": f"case-{number}",
        "tool": tool,
        "key": key or f"key-{number}",
        "subject_id": f"c{number}",
        "arguments": {"order_id": f"o{number}"},
        "plan": plan,
        "confirmed_by": f"c{number}",
    }
    return ActionRequest(**(values | more))


class MemoryGateway:
    """A payment gateway in memory, with its own journal. Errors in `before` and `after` are raised once each.

    One raised before leaves nothing behind; one raised after hides what has happened.
    """

    def __init__(self) -> None:
        self.transfers: dict[str, Transfer] = {}
        self.asked: list[str] = []
        self.moves: list[str] = []
        self.before: deque[CasewrightError | None] = deque()
        self.after: deque[CasewrightError | None] = deque()
        self.declines: set[str] = set()
        """Methods that are declined."""
        self._gate = threading.Lock()

    def move(self, call: GatewayCall, *, key: str) -> Transfer:
        """Refund or charge, once per key."""
        with self._gate:
            self.moves.append(key)
            _raise_next(self.before)
            transfer = self.transfers.get(key)
            if transfer is None:
                is_declined = call.method_id in self.declines
                state = TransferState.DECLINED if is_declined else TransferState.DONE
                code = "method_declined" if is_declined else None
                transfer = Transfer(key, state, f"tr_{len(self.transfers)}", call.amount_minor, code)
                self.transfers[key] = transfer
            _raise_next(self.after)
            return transfer

    def find(self, key: str) -> Transfer | None:
        """What has happened under a key."""
        with self._gate:
            self.asked.append(key)
            return self.transfers.get(key)


class MemoryConnector:
    """Courier and mail in memory; `faults` are raised once each, in order, before anything happens."""

    def __init__(self) -> None:
        self.delivered: dict[str, tuple[str, Mapping[str, Any]]] = {}
        self.calls: list[str] = []
        self.faults: deque[CasewrightError | None] = deque()
        self._gate = threading.Lock()

    def deliver(self, kind: str, payload: Mapping[str, Any], *, key: str) -> Mapping[str, Any]:
        """Deliver once per key."""
        with self._gate:
            self.calls.append(key)
            _raise_next(self.faults)
            self.delivered.setdefault(key, (kind, payload))
            return {"tracking_id": f"T{list(self.delivered).index(key)}"}


def _raise_next(faults: "deque[CasewrightError | None]") -> None:
    fault = faults.popleft() if faults else None
    if fault is not None:
        raise fault
