"""The contract of ShopRecords and of whole changes, run on SQLite and on PostgreSQL.

Fixtures (tests/conftest.py): `database` open on both, `database_url`, `sqlite_url`, `postgres_url`;
`new_sqlite`, `new_postgres`, `new_durable_postgres` for any number of them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import IntegrityError

from casewright.adapters.store.engine import Database
from casewright.adapters.store.shop_imports import (
    CustomerRow,
    delete_shop,
    insert_customers,
    insert_products,
    is_empty,
)
from casewright.adapters.store.shop_reads import StoredShop, read_whole_order
from casewright.adapters.store.shop_tables import ESCALATIONS, GIFT_CARD_ENTRIES, LABELS, ORDERS
from casewright.adapters.store.shop_writes import (
    GiftCardShort,
    RefundTooLarge,
    StaleOrder,
    add_gift_card_entries,
    apply_change,
    insert_orders,
    lock_order,
    return_gift_card_entries,
)
from casewright.domain.action import (
    Change,
    EscalationRecord,
    GiftCardEntry,
    LabelRecord,
    RefundRecord,
    ReplacementRecord,
)
from casewright.domain.shop import (
    Category,
    Customer,
    ExchangeRequest,
    Fulfilment,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentMethod,
    PaymentRow,
    Product,
    ReturnRequest,
    Variant,
)
from casewright.ports.shop import ShopRecords

AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
ANN = Customer(
    "ann",
    (
        PaymentMethod("card_1", MethodKind.CARD, "Visa 4242"),
        PaymentMethod("gift_1", MethodKind.GIFT_CARD, "Gift card", 5000),
        PaymentMethod("gift_2", MethodKind.GIFT_CARD, "Gift card", 0),
    ),
    name_token="name_a",
    email_token="email_a",
    phone_token="phone_a",
    address_token="address_a",
    timezone="Asia/Dhaka",
)
BOB = Customer("bob", (PaymentMethod("card_2", MethodKind.CARD),))
SHIRT = Product(
    "p_shirt",
    "Cotton T-Shirt",
    variants=(
        Variant("v_red", "p_shirt", 2500, options={"colour": "red", "size": "M"}),
        Variant("v_blue", "p_shirt", 2700, is_available=False, options={"size": "M", "colour": "blue"}),
    ),
)
SOAP = Product(
    "p_soap",
    "হাতে তৈরি সাবান 100%",
    Category.PERSONAL_CARE,
    is_final_sale=True,
    variants=(Variant("v_soap", "p_soap", 300),),
)
ORDER = Order(
    "o1",
    "ann",
    OrderStatus.PENDING,
    lines=(
        OrderLine("l1", "v_red", "p_shirt", "Cotton T-Shirt", 2500, {"size": "M"}),
        OrderLine("l2", "v_red", "p_shirt", "Cotton T-Shirt", 2500, {"size": "M"}),
    ),
    payments=(
        PaymentRow(PaymentKind.PAYMENT, "card_1", 4000),
        PaymentRow(PaymentKind.PAYMENT, "gift_1", 1500),
    ),
    currency="USD",
    shipping_minor=500,
    merchant="main",
    placed_at=AT - timedelta(days=9),
    shipped_at=AT - timedelta(days=7),
    promised_at=AT - timedelta(days=2),
    delivered_at=AT - timedelta(days=3),
    address_token="address_a",
    fulfilments=(Fulfilment(("t1", "t2"), ("l1", "l2")),),
)


def blind(kind: str, value: str) -> str:
    return f"{kind}~{value}"


def fill(connection: Connection, tenant: str) -> None:
    rows = [
        CustomerRow(ANN, blind("email", "ann@example.com"), blind("phone_last4", "1234")),
        CustomerRow(BOB, blind("email", "bob@example.com"), blind("phone_last4", "1234")),
    ]
    assert insert_customers(connection, tenant, rows, at=AT) == 2
    assert insert_products(connection, tenant, [SHIRT, SOAP]) == 2
    assert insert_orders(connection, tenant, [ORDER]) == 1


@pytest.fixture
def shop(database: Database) -> ShopRecords:
    """The records of tenant `main`, with two customers, two products and one order."""
    database.write(lambda connection: fill(connection, "main"))
    return StoredShop(database, "main", blind)


Apply = Callable[..., None]


@pytest.fixture
def apply(database: Database) -> Apply:
    """Apply a change in its own transaction."""

    def run(change: Change, action_id: str = "a1", at: datetime = AT) -> None:
        database.write(
            lambda connection: apply_change(connection, "main", change, action_id=action_id, at=at)
        )

    return run


def balance(shop: ShopRecords, method_id: str) -> int | None:
    customer = shop.customer("ann")
    assert customer is not None
    method = customer.find_method(method_id)
    assert method is not None
    return method.balance_minor


def test_what_was_inserted_is_read_again_unchanged(shop: ShopRecords) -> None:
    assert shop.order("o1") == ORDER
    assert shop.customer("ann") == ANN
    assert shop.customer("bob") == BOB
    assert shop.product("p_shirt") == SHIRT
    assert shop.product("p_soap") == SOAP


def test_what_is_not_there_is_none_or_nothing(shop: ShopRecords) -> None:
    assert shop.order("o9") is None
    assert shop.customer("zoe") is None
    assert shop.product("p9") is None
    assert shop.orders_of("bob") == ()
    assert shop.variants(["v9"]) == {}
    assert shop.variants([]) == {}
    assert shop.last_replacement("ann") is None
    assert shop.refunds_since("ann", AT - timedelta(days=3650)) == 0


def test_another_tenants_rows_are_not_found(shop: ShopRecords, database: Database) -> None:
    other = StoredShop(database, "other", blind)
    assert other.order("o1") is None
    assert other.customer("ann") is None
    assert other.orders_of("ann") == ()
    assert other.product("p_shirt") is None
    assert other.variants(["v_red"]) == {}
    assert other.find_customers(email="ann@example.com") == ()
    assert other.find_products("shirt") == ()


def test_two_tenants_may_use_the_same_ids(shop: ShopRecords, database: Database) -> None:
    database.write(lambda connection: fill(connection, "other"))
    cancelled = Change(order=replace(ORDER, status=OrderStatus.CANCELLED))
    database.write(lambda connection: apply_change(connection, "other", cancelled, action_id="a1", at=AT))
    assert shop.order("o1") == ORDER


def test_orders_of_a_customer_come_newest_first_and_undated_ones_last(
    shop: ShopRecords, database: Database
) -> None:
    older = replace(ORDER, order_id="o0", placed_at=AT - timedelta(days=90))
    undated = replace(ORDER, order_id="o2", placed_at=None)
    database.write(lambda connection: insert_orders(connection, "main", [undated, older]))
    assert [order.order_id for order in shop.orders_of("ann")] == ["o1", "o0", "o2"]
    assert shop.orders_of("ann", limit=1) == (ORDER,)


def test_customers_are_found_by_mail_address_whatever_its_case_and_by_the_last_digits(
    shop: ShopRecords,
) -> None:
    assert shop.find_customers(email=" Ann@Example.com ") == ("ann",)
    assert shop.find_customers(phone_last4="1234") == ("ann", "bob")
    assert shop.find_customers(email="bob@example.com", phone_last4="1234") == ("bob",)
    assert shop.find_customers(email="bob@example.com", phone_last4="9999") == ()
    assert shop.find_customers(email="%") == ()
    assert shop.find_customers() == ()


def test_products_are_found_by_every_word_of_their_name(shop: ShopRecords) -> None:
    assert shop.find_products("shirt cotton") == (SHIRT,)
    assert shop.find_products("COTT") == (SHIRT,)
    assert shop.find_products("সাবান") == (SOAP,)
    assert shop.find_products("100%") == (SOAP,)
    assert shop.find_products("otton") == ()
    assert shop.find_products("cotton soap") == ()
    assert shop.find_products("%") == ()
    assert shop.find_products("_otton") == ()
    assert shop.find_products("") == ()


def test_products_are_limited(shop: ShopRecords, database: Database) -> None:
    many = [Product(f"p{number}", f"Mug {number}") for number in range(5)]
    database.write(lambda connection: insert_products(connection, "main", many))
    assert [product.name for product in shop.find_products("mug", limit=3)] == ["Mug 0", "Mug 1", "Mug 2"]


def test_variants_are_read_by_id_and_unknown_ones_left_out(shop: ShopRecords) -> None:
    assert shop.variants(["v_blue", "v9", "v_blue"]) == {"v_blue": SHIRT.variants[1]}


def test_a_change_writes_the_order_and_raises_its_version_by_one(shop: ShopRecords, apply: Apply) -> None:
    wanted = replace(
        ORDER,
        status=OrderStatus.EXCHANGE_REQUESTED,
        lines=(replace(ORDER.lines[1], variant_id="v_blue", price_minor=2700), ORDER.lines[0]),
        address_token="address_b",
        is_payment_modified=True,
        cancel_reason="no longer needed",
        returned=ReturnRequest(("l1",), "card_1", "damaged"),
        exchanged=ExchangeRequest((("l2", "v_blue"),), "card_1", -200),
    )
    apply(Change(order=wanted))
    assert shop.order("o1") == replace(wanted, version=2)


def test_a_change_planned_on_an_older_version_is_refused_and_changes_nothing(
    shop: ShopRecords, apply: Apply
) -> None:
    apply(Change(order=replace(ORDER, status=OrderStatus.CANCELLED)))
    late = Change(
        order=replace(ORDER, status=OrderStatus.PROCESSED),
        payments=(PaymentRow(PaymentKind.REFUND, "card_1", 10),),
        gift_cards=(GiftCardEntry("gift_1", 10),),
    )
    with pytest.raises(StaleOrder):
        apply(late, "a2")
    assert shop.order("o1") == replace(ORDER, status=OrderStatus.CANCELLED, version=2)
    assert balance(shop, "gift_1") == 5000


def test_a_change_of_another_tenants_order_is_refused(shop: ShopRecords, database: Database) -> None:
    change = Change(order=replace(ORDER, status=OrderStatus.CANCELLED))
    with pytest.raises(StaleOrder):
        database.write(lambda connection: apply_change(connection, "other", change, action_id="a", at=AT))
    assert shop.order("o1") == ORDER


def test_new_payments_follow_the_old_ones_and_carry_their_action(shop: ShopRecords, apply: Apply) -> None:
    refunds = (
        PaymentRow(PaymentKind.REFUND, "card_1", 4000),
        PaymentRow(PaymentKind.REFUND, "gift_1", 1500),
    )
    apply(
        Change(
            order=replace(ORDER, status=OrderStatus.CANCELLED),
            payments=refunds,
            gift_cards=(GiftCardEntry("gift_1", 1500),),
        )
    )
    order = shop.order("o1")
    assert order is not None
    assert order.payments == (*ORDER.payments, *(replace(row, action_id="a1") for row in refunds))
    assert order.net_by_method() == {"card_1": 0, "gift_1": 0}
    assert balance(shop, "gift_1") == 6500


def test_more_cannot_go_back_than_was_paid(shop: ShopRecords, apply: Apply) -> None:
    change = Change(order=ORDER, payments=(PaymentRow(PaymentKind.REFUND, "card_1", 5501),))
    with pytest.raises(RefundTooLarge):
        apply(change)
    assert shop.order("o1") == ORDER
    apply(Change(order=ORDER, payments=(PaymentRow(PaymentKind.REFUND, "card_1", 5500),)))


def test_an_order_that_gave_back_more_than_was_paid_is_not_inserted(shop: ShopRecords, apply: Apply) -> None:
    wrong = replace(ORDER, order_id="o5", payments=(PaymentRow(PaymentKind.REFUND, "card_1", 1),))
    with pytest.raises(RefundTooLarge):
        apply(Change(new_order=wrong))
    assert shop.order("o5") is None


def test_a_new_order_takes_its_payments_from_itself_or_from_the_change(
    shop: ShopRecords, apply: Apply
) -> None:
    payment = PaymentRow(PaymentKind.PAYMENT, "card_1", 900)
    new = replace(ORDER, order_id="o7", payments=())
    apply(Change(new_order=replace(new, payments=(payment,))), "a7")
    apply(Change(new_order=replace(new, order_id="o8"), payments=(payment,)), "a8")
    assert shop.order("o7") == replace(new, payments=(replace(payment, action_id="a7"),))
    assert shop.order("o8") == replace(new, order_id="o8", payments=(replace(payment, action_id="a8"),))


def test_payments_without_their_order_are_a_mistake(apply: Apply) -> None:
    with pytest.raises(ValueError, match="belong to its order"):
        apply(Change(payments=(PaymentRow(PaymentKind.REFUND, "card_1", 1),)))


def test_a_gift_card_never_goes_below_zero(shop: ShopRecords, apply: Apply) -> None:
    apply(Change(gift_cards=(GiftCardEntry("gift_1", -5000),)), "a1")
    assert balance(shop, "gift_1") == 0
    with pytest.raises(GiftCardShort):
        apply(Change(gift_cards=(GiftCardEntry("gift_1", -1),)), "a2")
    apply(Change(gift_cards=(GiftCardEntry("gift_2", 30), GiftCardEntry("gift_2", -30))), "a3")
    assert balance(shop, "gift_2") == 0


def test_the_database_itself_refuses_a_negative_balance(shop: ShopRecords, database: Database) -> None:
    row = {
        "tenant": "main",
        "method_id": "gift_1",
        "number": 2,
        "amount_minor": -6000,
        "balance_after_minor": -1000,
        "action_id": "a9",
        "part": 0,
        "at": 0,
    }
    with pytest.raises(IntegrityError):
        database.write(lambda connection: connection.execute(GIFT_CARD_ENTRIES.insert(), row))


@pytest.mark.parametrize("method_id", ["card_1", "nobodys"])
def test_only_gift_cards_have_a_ledger(shop: ShopRecords, apply: Apply, method_id: str) -> None:
    with pytest.raises(GiftCardShort):
        apply(Change(gift_cards=(GiftCardEntry(method_id, 100),)))


def test_a_charge_held_earlier_by_the_same_action_is_not_taken_twice(
    shop: ShopRecords, apply: Apply, database: Database
) -> None:
    held = [GiftCardEntry("gift_1", -1200)]
    database.write(lambda connection: add_gift_card_entries(connection, "main", held, action_id="a1", at=AT))
    assert balance(shop, "gift_1") == 3800
    apply(Change(gift_cards=tuple(held)), "a1")
    assert balance(shop, "gift_1") == 3800


def test_what_a_failed_action_took_from_gift_cards_is_returned_once(
    shop: ShopRecords, database: Database
) -> None:
    held = [GiftCardEntry("gift_1", -1200), GiftCardEntry("gift_1", -300)]
    database.write(lambda connection: add_gift_card_entries(connection, "main", held, action_id="a1", at=AT))
    for _ in range(2):
        returned = database.write(
            lambda connection: return_gift_card_entries(connection, "main", action_id="a1", at=AT)
        )
        assert returned == 2
        assert balance(shop, "gift_1") == 5000


def test_callers_at_once_cannot_overdraw_a_gift_card(shop: ShopRecords, apply: Apply) -> None:
    callers, refused = 8, []
    start = Barrier(callers)

    def spend(number: int) -> None:
        start.wait()
        try:
            apply(Change(gift_cards=(GiftCardEntry("gift_1", -900),)), f"spend{number}")
        except GiftCardShort as error:
            refused.append(error)

    run_all([Thread(target=spend, args=(number,)) for number in range(callers)])
    assert balance(shop, "gift_1") == 500
    assert len(refused) == 3


def test_of_callers_at_once_with_one_version_one_wins(shop: ShopRecords, apply: Apply) -> None:
    callers, lost = 8, []
    start = Barrier(callers)

    def cancel(number: int) -> None:
        start.wait()
        try:
            apply(Change(order=replace(ORDER, cancel_reason=f"reason {number}")), f"cancel{number}")
        except StaleOrder as error:
            lost.append(error)

    run_all([Thread(target=cancel, args=(number,)) for number in range(callers)])
    assert len(lost) == callers - 1
    order = shop.order("o1")
    assert order is not None
    assert order.version == 2


def run_all(threads: list[Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_a_locked_order_must_be_at_its_version(shop: ShopRecords, database: Database) -> None:
    database.write(lambda connection: lock_order(connection, "main", "o1", 1))
    with pytest.raises(StaleOrder):
        database.write(lambda connection: lock_order(connection, "main", "o1", 2))
    with pytest.raises(StaleOrder):
        database.write(lambda connection: lock_order(connection, "main", "o9", 1))


def test_a_customer_keeps_methods_when_the_address_changes(shop: ShopRecords, apply: Apply) -> None:
    apply(Change(customer=replace(ANN, methods=(), address_token="address_b")))
    assert shop.customer("ann") == replace(ANN, address_token="address_b")
    assert shop.find_customers(email="ann@example.com") == ("ann",)
    with pytest.raises(StaleOrder):
        apply(Change(customer=Customer("zoe")))


def test_refunds_count_from_a_moment_on_and_by_customer(shop: ShopRecords, apply: Apply) -> None:
    for number, days in enumerate((31, 30, 1)):
        refund = RefundRecord(f"r{number}", "o1", "ann", 100, "damaged", ("l1",))
        apply(Change(refund=refund), f"a{number}", AT - timedelta(days=days))
    assert shop.refunds_since("ann", AT - timedelta(days=30)) == 2
    assert shop.refunds_since("ann", AT) == 0
    assert shop.refunds_since("bob", AT - timedelta(days=365)) == 0


def test_the_last_replacement_is_the_newest(shop: ShopRecords, apply: Apply) -> None:
    apply(Change(replacement=ReplacementRecord("x1", "o1", "ann", "l1")), "a1", AT)
    apply(Change(replacement=ReplacementRecord("x2", "o1", "ann", "l2")), "a2", AT - timedelta(days=20))
    assert shop.last_replacement("ann") == AT
    assert shop.last_replacement("bob") is None


def test_labels_and_escalations_are_kept(shop: ShopRecords, apply: Apply, database: Database) -> None:
    due = AT + timedelta(hours=4)
    apply(
        Change(
            label=LabelRecord("lab1", "o1", ("l1", "l2")),
            escalation=EscalationRecord("e1", "c1", "refunds", "refund_limit_reached", "Two refunds", due),
        )
    )
    assert (shop.has_label("o1"), shop.has_label("o2")) == (True, False)
    label = database.read(lambda connection: connection.execute(select(LABELS)).one())
    escalation = database.read(lambda connection: connection.execute(select(ESCALATIONS)).one())
    assert (label.line_ids, label.tracking_id, label.action_id) == ('["l1","l2"]', None, "a1")
    assert (escalation.queue, escalation.owner, escalation.closed_at) == ("refunds", None, None)
    assert escalation.due_at - escalation.at == 4 * 3600 * 1_000_000


def test_a_change_is_written_whole_or_not_at_all(shop: ShopRecords, apply: Apply) -> None:
    refund = RefundRecord("r1", "o1", "ann", 100, "damaged")
    apply(Change(refund=refund), "a1")
    whole = Change(
        order=replace(ORDER, status=OrderStatus.RETURN_REQUESTED),
        payments=(PaymentRow(PaymentKind.REFUND, "gift_1", 100),),
        gift_cards=(GiftCardEntry("gift_1", 100),),
        refund=refund,
    )
    with pytest.raises(IntegrityError):
        apply(whole, "a2")
    assert shop.order("o1") == ORDER
    assert balance(shop, "gift_1") == 5000


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE orders SET shipping_minor = -1",
        "UPDATE order_lines SET price_minor = -1",
        "UPDATE variants SET price_minor = -1",
        "UPDATE payments SET amount_minor = -1",
        "UPDATE payments SET kind = 'gift'",
        "UPDATE orders SET customer_id = 'nobody'",
        "UPDATE orders SET version = 0",
        "DELETE FROM customers",
    ],
)
def test_the_database_refuses_what_must_never_be(
    shop: ShopRecords, database: Database, statement: str
) -> None:
    with pytest.raises(IntegrityError):
        database.write(lambda connection: connection.execute(text(statement)))
    assert shop.order("o1") == ORDER


def test_an_import_that_meets_a_row_that_is_there_inserts_nothing(
    shop: ShopRecords, database: Database
) -> None:
    def again(connection: Connection) -> None:
        insert_orders(connection, "main", [replace(ORDER, order_id="o3")])
        insert_orders(connection, "main", [ORDER])

    with pytest.raises(IntegrityError):
        database.write(again)
    assert shop.order("o3") is None


def test_a_shop_is_deleted_for_its_tenant_only(shop: ShopRecords, apply: Apply, database: Database) -> None:
    database.write(lambda connection: fill(connection, "other"))
    apply(
        Change(
            refund=RefundRecord("r1", "o1", "ann", 100, "damaged"),
            replacement=ReplacementRecord("x1", "o1", "ann", "l1"),
            label=LabelRecord("lab1", "o1", ("l1",)),
        )
    )
    database.write(lambda connection: delete_shop(connection, "main"))
    assert database.read(lambda connection: is_empty(connection, "main"))
    assert not database.read(lambda connection: is_empty(connection, "other"))
    assert database.read(lambda connection: read_whole_order(connection, "main", "o1")) is None
    assert database.read(lambda connection: read_whole_order(connection, "other", "o1")) == ORDER


def test_a_read_is_one_snapshot(shop: ShopRecords, apply: Apply, database: Database) -> None:
    def look_twice(connection: Connection) -> tuple[int, int]:
        count = select(func.max(ORDERS.c.version))
        before = connection.execute(count).scalar_one()
        apply(Change(order=ORDER))
        return before, connection.execute(count).scalar_one()

    assert database.read(look_twice) == (1, 1)
    assert database.read(lambda connection: connection.execute(select(ORDERS.c.version)).scalar()) == 2
