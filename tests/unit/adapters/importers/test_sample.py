"""The sample shop: the same for the same seed, with everything a demo names, and plainly invented."""

from datetime import UTC, datetime, timedelta

from casewright.adapters.importers.sample import build_sample_shop
from casewright.domain.shop import Category, Order, OrderStatus

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
SHOP = build_sample_shop(NOON)
ORDERS = {item.order.order_id: item.order for item in SHOP.orders}


def days_since_delivery(order: Order) -> int:
    assert order.delivered_at is not None
    return (NOON - order.delivered_at) // timedelta(days=1)


def test_the_same_seed_and_day_give_the_same_shop_and_another_seed_another() -> None:
    again, other = build_sample_shop(NOON), build_sample_shop(NOON, seed=8)
    assert again == SHOP
    assert other != SHOP
    assert [item.person for item in again.customers] == [item.person for item in SHOP.customers]


def test_every_status_and_every_category_is_there() -> None:
    assert {order.status for order in ORDERS.values()} == set(OrderStatus)
    assert {product.category for product in SHOP.products} == set(Category)
    assert any(product.is_final_sale for product in SHOP.products)
    assert any(not item.is_available for product in SHOP.products for item in product.variants)


def test_the_orders_of_the_showcase_stand_where_the_demo_needs_them() -> None:
    assert ORDERS["ORD-1001"].status is OrderStatus.PENDING
    assert days_since_delivery(ORDERS["ORD-1002"]) == 6
    laptop = ORDERS["ORD-1003"]
    assert (laptop.lines[0].category, laptop.lines[0].price_minor) == (Category.ELECTRONICS, 129_900)
    assert days_since_delivery(laptop) == 5
    assert days_since_delivery(ORDERS["ORD-1004"]) == 60
    assert ORDERS["ORD-1005"].lines[0].category is Category.PERISHABLE
    assert ORDERS["ORD-1006"].lines[0].is_final_sale
    late = ORDERS["ORD-1007"]
    assert late.status is OrderStatus.SHIPPED
    assert late.promised_at is not None
    assert late.promised_at < NOON
    assert [line.variant_id for line in ORDERS["ORD-1009"].lines] == ["PRD-103-1", "PRD-103-1"]
    assert ORDERS["ORD-1008"].net_by_method() == {"gift-1004": 10_000, "card-1004": 26_899}


def test_a_customer_of_the_showcase_has_had_two_refunds_within_thirty_days() -> None:
    refunds = [item for item in SHOP.refunds if item.record.customer_id == "CUS-1008"]
    assert len(refunds) == 2
    assert all(NOON - timedelta(days=30) < item.at < NOON for item in refunds)
    assert sum(item.record.amount_minor for item in refunds) == ORDERS["ORD-1017"].refunded_minor


def test_an_order_whose_line_was_sent_again_says_so_in_the_records_too() -> None:
    assert {item.record.order_id for item in SHOP.replacements} == {
        order.order_id for order in ORDERS.values() if order.status is OrderStatus.REPLACEMENT_REQUESTED
    }


def test_people_are_invented_and_reachable_nowhere() -> None:
    for item in SHOP.customers:
        person = item.person
        assert person.email is not None
        assert person.email.endswith("@example.com")
        assert person.phone is not None
        assert person.phone.startswith("+120255501")
    assert len({item.person.email for item in SHOP.customers}) == len(SHOP.customers)


def test_there_are_as_many_customers_as_asked_for_and_never_fewer_than_the_showcase() -> None:
    assert len(build_sample_shop(NOON, customers=200).customers) == 200
    assert len(build_sample_shop(NOON, customers=1).customers) == 9
