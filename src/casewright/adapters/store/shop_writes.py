"""Writes of a shop's business rows, inside a caller's transaction: a whole Change, or what an import brings.

Invariants: an order changes only from the version that the change was planned on, and its version goes up by
one with every change; a gift card's balance never goes below zero; what went back of an order never exceeds
what was paid for it. What breaks one of these raises, and the caller's transaction takes everything back.
It decides nothing and reads no clock: the journal calls it with the action's id and moment.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Insert,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from casewright.adapters.store.metadata import write_json
from casewright.adapters.store.shop_rows import read_line, write_line, write_order, write_payment
from casewright.adapters.store.shop_tables import (
    CUSTOMERS,
    ESCALATIONS,
    GIFT_CARD_ENTRIES,
    LABELS,
    ORDER_LINES,
    ORDERS,
    PAYMENT_METHODS,
    PAYMENTS,
    REFUNDS,
    REPLACEMENTS,
)
from casewright.adapters.store.times import to_micros
from casewright.domain.action import Change, GiftCardEntry
from casewright.domain.errors import TerminalError
from casewright.domain.shop import Customer, Order, PaymentKind, PaymentRow

_TENANT: BindParameter[str] = bindparam("of_tenant")
_ORDER_ID: BindParameter[str] = bindparam("of_order")
_FIXED = frozenset({"tenant", "order_id", "customer_id", "version"})

_UPDATE_ORDER = (
    update(ORDERS)
    .where(
        ORDERS.c.tenant == _TENANT,
        ORDERS.c.order_id == _ORDER_ID,
        ORDERS.c.version == bindparam("of_version"),
    )
    .values(
        {column.name: bindparam(column.name) for column in ORDERS.c if column.name not in _FIXED}
        | {"version": ORDERS.c.version + 1}
    )
)
_LOCK_ORDER = (
    select(ORDERS.c.version)
    .where(ORDERS.c.tenant == _TENANT, ORDERS.c.order_id == _ORDER_ID)
    .with_for_update()
)
_LINES = (
    select(ORDER_LINES)
    .where(ORDER_LINES.c.tenant == _TENANT, ORDER_LINES.c.order_id == _ORDER_ID)
    .order_by(ORDER_LINES.c.position)
)
_DELETE_LINES = delete(ORDER_LINES).where(
    ORDER_LINES.c.tenant == _TENANT, ORDER_LINES.c.order_id == _ORDER_ID
)
_PAYMENT_TOTALS = select(
    func.count().label("rows"),
    func.coalesce(
        func.sum(
            case((PAYMENTS.c.kind == "payment", PAYMENTS.c.amount_minor), else_=-PAYMENTS.c.amount_minor)
        ),
        0,
    ).label("net_minor"),
).where(PAYMENTS.c.tenant == _TENANT, PAYMENTS.c.order_id == _ORDER_ID)
_UPDATE_CUSTOMER = (
    update(CUSTOMERS)
    .where(CUSTOMERS.c.tenant == _TENANT, CUSTOMERS.c.customer_id == bindparam("of_customer"))
    .values(
        {
            name: bindparam(name)
            for name in ("name_token", "email_token", "phone_token", "address_token", "timezone")
        }
    )
)
_LOCK_CARDS = (
    select(PAYMENT_METHODS.c.method_id)
    .where(
        PAYMENT_METHODS.c.tenant == _TENANT,
        PAYMENT_METHODS.c.kind == "gift_card",
        PAYMENT_METHODS.c.method_id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(PAYMENT_METHODS.c.method_id)
    .with_for_update()
)
_LAST_ENTRY = (
    select(GIFT_CARD_ENTRIES.c.number, GIFT_CARD_ENTRIES.c.balance_after_minor)
    .where(GIFT_CARD_ENTRIES.c.tenant == _TENANT, GIFT_CARD_ENTRIES.c.method_id == bindparam("of_method"))
    .order_by(GIFT_CARD_ENTRIES.c.number.desc())
    .limit(1)
)
_INSERT_LINE, _INSERT_PAYMENT, _INSERT_ENTRY = (
    insert(ORDER_LINES),
    insert(PAYMENTS),
    insert(GIFT_CARD_ENTRIES),
)


class ChangeRefused(TerminalError):
    """The records no longer allow what was planned; nothing of the change was kept."""

    code = "change_refused"


class StaleOrder(ChangeRefused):
    """The order is gone, or has changed since the change was planned: plan again."""

    code = "confirmation_stale"


class GiftCardShort(ChangeRefused):
    """The gift card no longer holds what would be taken from it."""

    code = "gift_card_insufficient"


class RefundTooLarge(ChangeRefused):
    """More would go back than was paid."""

    code = "amount_exceeds_paid"


def apply_change(
    connection: Connection, tenant: str, change: Change, *, action_id: str, at: datetime
) -> None:
    """Write a whole Change. `change.payments` belong to `change.order`, or else to `change.new_order`.

    Raises StaleOrder, GiftCardShort, RefundTooLarge; the caller's transaction must then be rolled back.
    """
    if change.order is not None:
        _update_order(connection, tenant, change.order)
        _add_payments(connection, tenant, change.order.order_id, change.payments, action_id)
    if change.new_order is not None:
        own = change.payments if change.order is None else ()
        insert_orders(connection, tenant, [change.new_order], action_id=action_id)
        _add_payments(connection, tenant, change.new_order.order_id, own, action_id)
    elif change.payments and change.order is None:
        raise ValueError("payments of a change belong to its order, and it has none")
    if change.customer is not None:
        _update_customer(connection, tenant, change.customer)
    if change.gift_cards:
        add_gift_card_entries(connection, tenant, change.gift_cards, action_id=action_id, at=at)
    for statement, values in _list_records(change):
        connection.execute(
            statement, {"tenant": tenant, "action_id": action_id, "at": to_micros(at), **values}
        )


def lock_order(connection: Connection, tenant: str, order_id: str, version: int) -> None:
    """Hold an order at its version until the transaction ends. Raises StaleOrder."""
    found = connection.execute(_LOCK_ORDER, {"of_tenant": tenant, "of_order": order_id}).scalar()
    if found != version:
        raise StaleOrder(f"order {order_id} is no longer at version {version}")


def add_gift_card_entries(
    connection: Connection,
    tenant: str,
    entries: Sequence[GiftCardEntry],
    *,
    action_id: str,
    at: datetime,
    only_charges: bool = False,
) -> None:
    """Append to the ledgers of gift cards, in the order given. Raises GiftCardShort.

    The same entry of the same action counts once: a charge that was held when an action was claimed
    (`only_charges`) is not taken again when its change is applied.
    """
    cards = sorted({entry.method_id for entry in entries if not only_charges or entry.amount_minor < 0})
    if not cards:
        return
    known = set(connection.execute(_LOCK_CARDS, {"of_tenant": tenant, "ids": cards}).scalars())
    for part, entry in enumerate(entries):
        if only_charges and entry.amount_minor >= 0:
            continue
        if entry.method_id not in known:
            raise GiftCardShort(f"{entry.method_id} is no gift card")
        _add_entry(connection, tenant, entry, part, action_id, to_micros(at))


def return_gift_card_entries(connection: Connection, tenant: str, *, action_id: str, at: datetime) -> int:
    """Take back what an action that has failed had done to gift cards; how many entries that were.

    Each is answered by its opposite under `<action id>:returned`; a second call adds nothing.
    """
    done = GIFT_CARD_ENTRIES.c
    rows = connection.execute(
        select(done.method_id, done.amount_minor)
        .where(done.tenant == tenant, done.action_id == action_id)
        .order_by(done.part)
    ).all()
    opposite = [GiftCardEntry(row.method_id, -row.amount_minor) for row in rows]
    add_gift_card_entries(connection, tenant, opposite, action_id=f"{action_id}:returned", at=at)
    return len(rows)


def insert_orders(
    connection: Connection, tenant: str, orders: Iterable[Order], *, action_id: str | None = None
) -> int:
    """Insert whole orders at the version they carry; how many. Raises RefundTooLarge, IntegrityError."""
    rows: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    payments: list[dict[str, Any]] = []
    for order in orders:
        if order.refunded_minor > order.paid_minor:
            raise RefundTooLarge(f"order {order.order_id}: more went back than was paid")
        rows.append(write_order(tenant, order))
        lines += [write_line(tenant, order.order_id, place, line) for place, line in enumerate(order.lines)]
        payments += [
            write_payment(tenant, order.order_id, place, payment, action_id)
            for place, payment in enumerate(order.payments)
        ]
    for statement, values in ((insert(ORDERS), rows), (_INSERT_LINE, lines), (_INSERT_PAYMENT, payments)):
        if values:
            connection.execute(statement, values)
    return len(rows)


def _update_order(connection: Connection, tenant: str, order: Order) -> None:
    key = {"of_tenant": tenant, "of_order": order.order_id}
    values = {name: value for name, value in write_order(tenant, order).items() if name not in _FIXED}
    done = connection.execute(_UPDATE_ORDER, {**key, "of_version": order.version, **values})
    if done.rowcount != 1:
        raise StaleOrder(f"order {order.order_id} is no longer at version {order.version}")
    if tuple(map(read_line, connection.execute(_LINES, key))) != order.lines:
        connection.execute(_DELETE_LINES, key)
        lines = [write_line(tenant, order.order_id, place, line) for place, line in enumerate(order.lines)]
        if lines:
            connection.execute(_INSERT_LINE, lines)


def _add_payments(
    connection: Connection, tenant: str, order_id: str, payments: Sequence[PaymentRow], action_id: str
) -> None:
    if not payments:
        return
    key = {"of_tenant": tenant, "of_order": order_id}
    before = connection.execute(_PAYMENT_TOTALS, key).one()
    signs = {PaymentKind.PAYMENT: 1, PaymentKind.REFUND: -1}
    if before.net_minor + sum(signs[payment.kind] * payment.amount_minor for payment in payments) < 0:
        raise RefundTooLarge(f"order {order_id}: more would go back than was paid")
    connection.execute(
        _INSERT_PAYMENT,
        [
            write_payment(tenant, order_id, before.rows + number, payment, action_id)
            for number, payment in enumerate(payments)
        ],
    )


def _update_customer(connection: Connection, tenant: str, customer: Customer) -> None:
    done = connection.execute(
        _UPDATE_CUSTOMER,
        {
            "of_tenant": tenant,
            "of_customer": customer.customer_id,
            "name_token": customer.name_token,
            "email_token": customer.email_token,
            "phone_token": customer.phone_token,
            "address_token": customer.address_token,
            "timezone": customer.timezone,
        },
    )
    if done.rowcount != 1:
        raise StaleOrder(f"customer {customer.customer_id} is gone")


def _add_entry(
    connection: Connection, tenant: str, entry: GiftCardEntry, part: int, action_id: str, at: int
) -> None:
    done = GIFT_CARD_ENTRIES.c
    is_there = connection.execute(
        select(done.number).where(
            done.tenant == tenant,
            done.action_id == action_id,
            done.method_id == entry.method_id,
            done.part == part,
        )
    ).first()
    if is_there is not None:
        return
    last = connection.execute(_LAST_ENTRY, {"of_tenant": tenant, "of_method": entry.method_id}).first()
    number, balance = (0, 0) if last is None else (last.number, last.balance_after_minor)
    if balance + entry.amount_minor < 0:
        raise GiftCardShort(f"gift card {entry.method_id} holds {balance}, not {-entry.amount_minor}")
    connection.execute(
        _INSERT_ENTRY,
        {
            "tenant": tenant,
            "method_id": entry.method_id,
            "number": number + 1,
            "amount_minor": entry.amount_minor,
            "balance_after_minor": balance + entry.amount_minor,
            "action_id": action_id,
            "part": part,
            "at": at,
        },
    )


def _list_records(change: Change) -> list[tuple[Insert, dict[str, Any]]]:
    """What is appended besides the order: each a statement and its own columns."""
    records: list[tuple[Insert, dict[str, Any]]] = []
    if (refund := change.refund) is not None:
        values: dict[str, Any] = {
            "refund_id": refund.refund_id,
            "order_id": refund.order_id,
            "customer_id": refund.customer_id,
            "amount_minor": refund.amount_minor,
            "reason": refund.reason,
            "line_ids": write_json(list(refund.line_ids)),
            "shipping_minor": refund.shipping_minor,
        }
        records.append((insert(REFUNDS), values))
    if (again := change.replacement) is not None:
        values = {
            "replacement_id": again.replacement_id,
            "order_id": again.order_id,
            "customer_id": again.customer_id,
            "line_id": again.line_id,
        }
        records.append((insert(REPLACEMENTS), values))
    if (label := change.label) is not None:
        values = {
            "label_id": label.label_id,
            "order_id": label.order_id,
            "line_ids": write_json(list(label.line_ids)),
            "tracking_id": label.tracking_id,
        }
        records.append((insert(LABELS), values))
    if (escalation := change.escalation) is not None:
        values = {
            "escalation_id": escalation.escalation_id,
            "case_id": escalation.case_id,
            "queue": escalation.queue,
            "reason": escalation.reason,
            "summary": escalation.summary,
            "owner": escalation.owner,
            "order_id": escalation.order_id,
            "customer_id": escalation.customer_id,
            "due_at": to_micros(escalation.due_at),
        }
        records.append((insert(ESCALATIONS), values))
    return records
