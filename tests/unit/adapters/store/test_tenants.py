"""Tenants are found by the rows that are theirs, each once and by name."""

from datetime import UTC, datetime

from casewright.adapters.retention.customers import put_customers
from casewright.adapters.store.engine import open_database
from casewright.adapters.store.tenants import has_rows, list_tenants

NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)


def test_tenants_are_listed_each_once(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    before = list_tenants(database)
    for tenant in ("oak", "ash", "oak"):
        put_customers(database, tenant, [("c-1", {}, {}), ("c-2", {}, {})], at=NOON)
    assert before == ()
    assert list_tenants(database) == ("ash", "oak")
    assert has_rows(database, "oak")
    assert not has_rows(database, "elm")
    database.close()
