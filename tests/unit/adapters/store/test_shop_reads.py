"""Look-ups go by an index on what they look for, whatever the number of rows of the tenant."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from casewright.adapters.store.cases import StoredCases
from casewright.adapters.store.engine import Database, open_database
from casewright.adapters.store.shop_reads import StoredShop, fold_email

SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = open_database(sqlite_url)
    yield database
    database.close()


def explain(database: Database, look_up: Callable[[StoredShop, StoredCases], object]) -> list[str]:
    """How SQLite carries out the first statement of a look-up."""
    seen: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        seen.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    look_up(StoredShop(database, "main", lambda _, value: value), StoredCases(database, "main"))
    event.remove(database.engine, "before_cursor_execute", note)
    statement, parameters = next(item for item in seen if item[0].startswith("SELECT"))
    rows = database.read(
        lambda connection: connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    )
    return [str(row[3]) for row in rows]


@pytest.mark.parametrize(
    ("look_up", "goes_by"),
    [
        (lambda shop, _: shop.order("o1"), "tenant=? AND order_id=?"),
        (lambda shop, _: shop.orders_of("ann"), "tenant=? AND customer_id=?"),
        (lambda shop, _: shop.customer("ann"), "tenant=? AND customer_id=?"),
        (lambda shop, _: shop.find_customers(email="a@b"), "tenant=? AND email_index=?"),
        (lambda shop, _: shop.find_customers(phone_last4="1234"), "tenant=? AND phone_last4_index=?"),
        (lambda shop, _: shop.variants(["v1", "v2"]), "tenant=? AND variant_id=?"),
        (lambda shop, _: shop.product("p1"), "tenant=? AND product_id=?"),
        (lambda shop, _: shop.refunds_since("ann", SINCE), "tenant=? AND customer_id=? AND at>?"),
        (lambda shop, _: shop.last_replacement("ann"), "tenant=? AND customer_id=?"),
        (lambda shop, _: shop.has_label("o1"), "tenant=? AND order_id=?"),
        (lambda _, cases: cases.find("c1"), "tenant=? AND case_id=?"),
        (lambda _, cases: cases.of_customer("ann"), "tenant=? AND customer_id=?"),
    ],
)
def test_a_look_up_goes_by_what_it_looks_for(
    database: Database, look_up: Callable[[StoredShop, StoredCases], object], goes_by: str
) -> None:
    plan = explain(database, look_up)
    assert not [step for step in plan if step.startswith("SCAN")]
    assert goes_by in plan[0]


def test_a_mail_address_is_folded_before_it_is_indexed() -> None:
    assert fold_email("  Ann.Lee@Example.COM ") == "ann.lee@example.com"
