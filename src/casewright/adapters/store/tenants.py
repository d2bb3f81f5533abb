"""Tenants: whether anything is kept of one. It has no row of its own: it is there once something is its."""

from sqlalchemy import Connection, Text, column, inspect, select, table

from casewright.adapters.store.engine import Database


def has_rows(database: Database, tenant: str) -> bool:
    """Whether any table holds a row of the tenant."""

    def work(connection: Connection) -> bool:
        tables = inspect(connection)
        for name in tables.get_table_names():
            if any(each["name"] == "tenant" for each in tables.get_columns(name)):
                whose = column("tenant", Text)
                wanted = select(whose).select_from(table(name, whose)).where(whose == tenant).limit(1)
                if connection.execute(wanted).first() is not None:
                    return True
        return False

    return database.read(work)
