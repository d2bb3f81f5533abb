"""An Olist-style folder: what its columns mean, and what happens to bad rows."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from casewright.adapters.importers.olist import load_vocabulary, read_olist
from casewright.adapters.importers.shop import ImportedShop, Problem
from casewright.domain.errors import ConfigurationError
from casewright.domain.shop import (
    Category,
    Fulfilment,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentMethod,
    PaymentRow,
)

FILES = {
    "orders": """\
"order_id","customer_id","order_status","order_purchase_timestamp","order_approved_at","order_delivered_carrier_date","order_delivered_customer_date","order_estimated_delivery_date"
o1,c1,delivered,2018-05-01 10:00:00,2018-05-01 10:10:00,2018-05-02 08:00:00,2018-05-06 17:30:00,2018-05-20 00:00:00
o2,c2,canceled,2018-06-01 09:00:00,,,,2018-06-20 00:00:00
o3,c3,shipped,2018-06-02 09:00:00,,2018-06-03 09:00:00,,2018-06-20 00:00:00
""",
    "order_items": """\
"order_id","order_item_id","product_id","seller_id","shipping_limit_date","price","freight_value"
o1,2,p2,s1,2018-05-05 00:00:00,10.00,2.50
o1,1,p1,s1,2018-05-05 00:00:00,58.90,13.29
o2,1,p2,s1,2018-06-05 00:00:00,10.00,2.50
o3,1,p3,s1,2018-06-05 00:00:00,7.05,0.00
""",
    "customers": """\
"customer_id","customer_unique_id","customer_zip_code_prefix","customer_city","customer_state"
c1,u1,"01001","Cidade Exemplo",SP
c2,u1,"01002","Cidade Exemplo",SP
c3,u2,"20001","Vila Modelo",RJ
""",
    "order_payments": """\
"order_id","payment_sequential","payment_type","payment_installments","payment_value"
o1,2,voucher,1,4.69
o1,1,credit_card,3,80.00
o2,1,boleto,1,12.50
o3,1,debit_card,1,7.05
o3,2,not_defined,1,0.00
""",
    "products": """\
"product_id","product_category_name","product_weight_g"
p1,informatica_acessorios,100
p2,perfumaria,100
p3,,100
""",
}


def write_folder(folder: Path, **changes: str) -> Path:
    for name, content in (FILES | changes).items():
        (folder / f"olist_{name}_dataset.csv").write_text(content, "utf-8")
    return folder


def orders_of(shop: ImportedShop) -> dict[str, Order]:
    return {item.order.order_id: item.order for item in shop.orders}


def refusals(problems: tuple[Problem, ...]) -> list[tuple[str, int, str]]:
    return [(problem.source, problem.line, problem.row) for problem in problems]


def test_an_order_is_read_with_its_lines_money_and_dates(tmp_path: Path) -> None:
    shop, problems = read_olist(write_folder(tmp_path))
    assert problems == ()
    assert orders_of(shop)["o1"] == Order(
        order_id="o1",
        customer_id="u1",
        status=OrderStatus.DELIVERED,
        lines=(
            OrderLine("1", "p1", "p1", "informatica acessorios p1", 5890, category=Category.ELECTRONICS),
            OrderLine("2", "p2", "p2", "perfumaria p2", 1000, category=Category.PERSONAL_CARE),
        ),
        payments=(
            PaymentRow(PaymentKind.PAYMENT, "card_u1", 8000),
            PaymentRow(PaymentKind.PAYMENT, "gift_card_u1", 469),
        ),
        currency="BRL",
        shipping_minor=1579,
        placed_at=datetime(2018, 5, 1, 10, tzinfo=UTC),
        shipped_at=datetime(2018, 5, 2, 8, tzinfo=UTC),
        promised_at=datetime(2018, 5, 20, tzinfo=UTC),
        delivered_at=datetime(2018, 5, 6, 17, 30, tzinfo=UTC),
        fulfilments=(Fulfilment((), ("1", "2")),),
    )
    assert [orders_of(shop)[name].status for name in ("o2", "o3")] == [
        OrderStatus.CANCELLED,
        OrderStatus.SHIPPED,
    ]


def test_one_person_with_two_orders_is_one_customer_with_the_methods_and_address_last_used(
    tmp_path: Path,
) -> None:
    shop, _ = read_olist(write_folder(tmp_path))
    first, second = shop.customers
    assert first.customer.customer_id == "u1"
    assert first.customer.methods == (
        PaymentMethod("card_u1", MethodKind.CARD, "card"),
        PaymentMethod("gift_card_u1", MethodKind.GIFT_CARD, "voucher", 0),
        PaymentMethod("wallet_u1", MethodKind.WALLET, "bank slip"),
    )
    assert first.person.address == (
        '{"address1":"","address2":"","city":"Cidade Exemplo","state":"SP","country":"BR","zip":"01002"}'
    )
    assert second.customer.customer_id == "u2"


def test_products_have_the_price_last_sold_and_a_category_of_ours(tmp_path: Path) -> None:
    shop, _ = read_olist(write_folder(tmp_path))
    assert {(item.product_id, item.category, item.variants[0].price_minor) for item in shop.products} == {
        ("p1", Category.ELECTRONICS, 5890),
        ("p2", Category.PERSONAL_CARE, 1000),
        ("p3", Category.GENERAL, 705),
    }


def test_without_a_file_of_products_every_category_is_general(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "olist_products_dataset.csv").unlink()
    shop, problems = read_olist(folder)
    assert problems == ()
    assert {line.category for order in orders_of(shop).values() for line in order.lines} == {Category.GENERAL}


def test_short_names_and_columns_for_contact_are_taken(tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / f"{name}.csv").write_text(content, "utf-8")
    (tmp_path / "customers.csv").write_text(
        "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state,"
        "customer_name,customer_email,customer_phone\n"
        "c1,u1,1,Town,ST,Ada Example,ada@example.com,+12025550101\n",
        "utf-8",
    )
    shop, problems = read_olist(tmp_path)
    (customer,) = shop.customers
    assert (customer.person.name, customer.person.email) == ("Ada Example", "ada@example.com")
    assert customer.person.phone == "+12025550101"
    assert [problem.row for problem in problems] == ["order o2", "order o3"]


BAD_ROWS = [
    ("order_items", "o1,3,p1,s,x,free,0", ("item of order o1", 6)),
    ("order_items", "o1,1,p1,s,x,1.00,0", ("item of order o1", 6)),
    ("order_items", "o1,one,p1,s,x,1.00,0", ("item of order o1", 6)),
    ("order_items", "o1,3,p 1,s,x,1.00,0", ("item of order o1", 6)),
    ("order_payments", "o1,3,cowries,1,5.00", ("payment of order o1", 7)),
    ("order_payments", "o1,3,credit_card,1,-5.00", ("payment of order o1", 7)),
]


@pytest.mark.parametrize(("name", "row", "expected"), BAD_ROWS)
def test_an_order_with_a_bad_item_or_payment_is_refused_whole(
    tmp_path: Path, name: str, row: str, expected: tuple[str, int]
) -> None:
    shop, problems = read_olist(write_folder(tmp_path, **{name: FILES[name] + row + "\n"}))
    assert set(orders_of(shop)) == {"o2", "o3"}
    assert refusals(problems) == [
        (f"olist_{name}_dataset.csv", expected[1], expected[0]),
        ("olist_orders_dataset.csv", 2, "order o1"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("o4,c1,delivered,2018-05-01 10:00:00,,,,", "it has no items"),
        ("o1,c1,delivered,2018-05-01 10:00:00,,,,", "order_id stands in an earlier line too"),
        ("o4,nobody,delivered,2018-05-01 10:00:00,,,,", "its customer is not there, or was refused"),
        ("o4,c1,teleported,2018-05-01 10:00:00,,,,", "order_status is none of"),
        ("o1,c1,delivered,May,,,,", "order_purchase_timestamp is no time"),
    ],
)
def test_a_bad_order_is_refused_with_its_line_and_reason(tmp_path: Path, row: str, reason: str) -> None:
    shop, problems = read_olist(write_folder(tmp_path, orders=FILES["orders"] + row + "\n"))
    assert set(orders_of(shop)) == {"o1", "o2", "o3"}
    (problem,) = problems
    assert (problem.source, problem.line) == ("olist_orders_dataset.csv", 5)
    assert problem.reason.startswith(reason)


def test_no_problem_quotes_a_personal_value(tmp_path: Path) -> None:
    rows = FILES["customers"] + 'c4,u4,"01","Secret\x07Town",SP\nc1,u9,"01","Hidden Town",SP\n'
    shop, problems = read_olist(write_folder(tmp_path, customers=rows))
    assert [problem.line for problem in problems] == [5, 6]
    told = " ".join(problem.reason + problem.row for problem in problems) + repr(shop)
    assert "Town" not in told
    assert "Cidade" not in told


def test_a_folder_that_lacks_files_is_refused_with_their_names(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "olist_order_payments_dataset.csv").unlink()
    with pytest.raises(ConfigurationError, match=r"lacks olist_order_payments_dataset\.csv"):
        read_olist(folder)
    with pytest.raises(ConfigurationError, match="is no folder"):
        read_olist(folder / "olist_orders_dataset.csv")


def test_every_word_of_the_vocabulary_leads_to_one_of_ours() -> None:
    words = load_vocabulary()
    assert words.statuses["canceled"] is OrderStatus.CANCELLED
    assert words.payment_types["boleto"] is MethodKind.WALLET
    assert words.categories["telefonia"] is Category.ELECTRONICS
    assert words.categories["alimentos"] is Category.PERISHABLE
    assert words.categories["beleza_saude"] is Category.PERSONAL_CARE
