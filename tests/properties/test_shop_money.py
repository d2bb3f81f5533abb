"""Money in the business database, over generated histories of changes: nothing below zero, nothing made up.

A tenth of the histories by default, all of them with CASEWRIGHT_FULL=1.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from casewright.adapters.store.engine import Database, open_database
from casewright.adapters.store.shop_imports import CustomerRow, insert_customers
from casewright.adapters.store.shop_reads import read_whole_order
from casewright.adapters.store.shop_tables import GIFT_CARD_ENTRIES
from casewright.adapters.store.shop_writes import (
    ChangeRefused,
    GiftCardShort,
    RefundTooLarge,
    StaleOrder,
    apply_change,
    insert_orders,
    return_gift_card_entries,
)
from casewright.domain.action import Change, GiftCardEntry
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

HISTORIES = 10_000 if os.environ.get("CASEWRIGHT_FULL") else 1_000
AT = datetime(2026, 3, 1, tzinfo=UTC)
SEED = 7
CARDS = ("gift_a", "gift_b")
OPENING = 1_000


class Undo(Exception):
    """Takes a history back, so that the next one begins with an empty shop."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("money")
    database = open_database(f"sqlite:///{folder}/casewright.db")
    yield database
    database.close()


def open_shop(connection: Connection) -> Order:
    methods = [PaymentMethod(card, MethodKind.GIFT_CARD, balance_minor=OPENING) for card in CARDS]
    customer = Customer("ann", (PaymentMethod("card", MethodKind.CARD), *methods))
    insert_customers(connection, "main", [CustomerRow(customer)], at=AT)
    order = Order(
        "o1",
        "ann",
        OrderStatus.PENDING,
        (OrderLine("l1", "v1", "p1", "Mug", 2_000),),
        (PaymentRow(PaymentKind.PAYMENT, "card", 2_000),),
    )
    insert_orders(connection, "main", [order])
    return order


def draw_change(draw: random.Random, order: Order) -> Change:
    """Anything that a plan could hold, allowed or not."""
    payments = [
        PaymentRow(draw.choice(tuple(PaymentKind)), draw.choice(("card", *CARDS)), draw.randrange(1_500))
        for _ in range(draw.randrange(3))
    ]
    entries = [GiftCardEntry(draw.choice(CARDS), draw.randrange(-900, 600)) for _ in range(draw.randrange(3))]
    version = order.version if draw.random() < 0.9 else order.version + draw.choice((-1, 1))
    return Change(
        order=replace(order, status=draw.choice(tuple(OrderStatus)), version=version),
        payments=tuple(payments),
        gift_cards=tuple(entries),
    )


def expect(change: Change, order: Order, balances: dict[str, int]) -> type[ChangeRefused] | None:
    """What must become of a change, by the rules alone."""
    assert change.order is not None
    if change.order.version != order.version:
        return StaleOrder
    sign = {PaymentKind.PAYMENT: 1, PaymentKind.REFUND: -1}
    moved = sum(sign[row.kind] * row.amount_minor for row in change.payments)
    if order.paid_minor - order.refunded_minor + moved < 0:
        return RefundTooLarge
    held = dict(balances)
    for entry in change.gift_cards:
        held[entry.method_id] += entry.amount_minor
        if held[entry.method_id] < 0:
            return GiftCardShort
    return None


def read_balances(connection: Connection) -> dict[str, int]:
    """The sums of the ledgers, each checked against the running balance of every row."""
    entries = GIFT_CARD_ENTRIES.c
    balances = dict.fromkeys(CARDS, 0)
    for row in connection.execute(select(GIFT_CARD_ENTRIES).order_by(entries.method_id, entries.number)):
        balances[row.method_id] += row.amount_minor
        assert row.balance_after_minor == balances[row.method_id] >= 0
    return balances


def live_through(connection: Connection, draw: random.Random, refusals: dict[str, int]) -> None:
    """One history: some changes, each checked against the rules."""
    order = open_shop(connection)
    balances = read_balances(connection)
    for number in range(draw.randrange(1, 8)):
        change = draw_change(draw, order)
        expected = expect(change, order, balances)
        point = connection.begin_nested()
        refused: type[ChangeRefused] | None = None
        try:
            apply_change(connection, "main", change, action_id=f"a{number}", at=AT)
        except ChangeRefused as error:
            point.rollback()
            refusals[error.code] = refusals.get(error.code, 0) + 1
            refused = type(error)
        else:
            point.commit()
            for entry in change.gift_cards:
                balances[entry.method_id] += entry.amount_minor
            assert change.order is not None
            action = tuple(replace(row, action_id=f"a{number}") for row in change.payments)
            order = replace(change.order, version=order.version + 1, payments=(*order.payments, *action))
        assert refused is expected, change
        assert read_whole_order(connection, "main", "o1") == order
        assert order.refunded_minor <= order.paid_minor
        assert read_balances(connection) == balances
        if draw.random() < 0.1 and all(
            balances[entry.method_id] - entry.amount_minor >= 0 for entry in change.gift_cards
        ):
            give_back(connection, f"a{number}", balances)


def give_back(connection: Connection, action_id: str, balances: dict[str, int]) -> None:
    """A failed action's entries go back, once."""
    entries = GIFT_CARD_ENTRIES.c
    done = connection.execute(
        select(entries.method_id, entries.amount_minor).where(entries.action_id == action_id)
    ).all()
    point = connection.begin_nested()
    try:
        return_gift_card_entries(connection, "main", action_id=action_id, at=AT)
        return_gift_card_entries(connection, "main", action_id=action_id, at=AT)
    except GiftCardShort:
        point.rollback()
        return
    point.commit()
    for row in done:
        balances[row.method_id] -= row.amount_minor
    assert read_balances(connection) == balances


def test_no_history_breaks_a_rule_of_money_and_what_is_refused_changes_nothing(shop: Database) -> None:
    refusals: dict[str, int] = {}

    def run_history(seed: int) -> None:
        def work(connection: Connection) -> None:
            live_through(connection, random.Random(seed), refusals)
            raise Undo

        with pytest.raises(Undo):
            shop.write(work)

    for number in range(HISTORIES):
        run_history(SEED * 1_000_000 + number)
    assert set(refusals) == {"confirmation_stale", "amount_exceeds_paid", "gift_card_insufficient"}
    assert min(refusals.values()) > HISTORIES // 20
