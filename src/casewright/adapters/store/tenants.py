"""Tenants: who they are, and whether anything is kept of one.

A tenant has no row of its own: it is there once something is its.
"""

from sqlalchemy import Connection, Text, column, func, inspect, select, table

from casewright.adapters.store.engine import Database


def has_rows(database: Database, tenant: str) -> bool:
    """Whether any table holds a row of the tenant."""

    def work(connection: Connection) -> bool:
        for name in _tables(connection):
            whose = column("tenant", Text)
            wanted = select(whose).select_from(table(name, whose)).where(whose == tenant).limit(1)
            if connection.execute(wanted).first() is not None:
                return True
        return False

    return database.read(work)


def list_tenants(database: Database) -> tuple[str, ...]:
    """Everyone of whom any table holds a row, by name; it leaps from one to the next over their rows."""

    def work(connection: Connection) -> tuple[str, ...]:
        found: set[str] = set()
        for name in _tables(connection):
            whose = column("tenant", Text)
            wanted = select(func.min(whose)).select_from(table(name, whose))
            last = connection.execute(wanted).scalar()
            while last is not None:
                found.add(last)
                last = connection.execute(wanted.where(whose > last)).scalar()
        return tuple(sorted(found))

    return database.read(work)


def _tables(connection: Connection) -> list[str]:
    """Tables whose rows are a tenant's."""
    tables = inspect(connection)
    return [
        name
        for name in tables.get_table_names()
        if any(each["name"] == "tenant" for each in tables.get_columns(name))
    ]
