"""Statements of the journal that run straight on SQLite's driver.

SQLite has one writer, so what a statement costs in that thread is what all callers share; the driver needs a
tenth of the time that SQLAlchemy takes around it. Invariant: such a statement has texts and whole numbers as
parameters and nothing to convert. On PostgreSQL it is run by SQLAlchemy, like every other.
"""

import sqlite3
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Connection, Executable
from sqlalchemy.dialects import sqlite


class Statement:
    """One statement, compiled once. `columns` are those that an insert or update writes."""

    def __init__(self, clause: Executable, *columns: str) -> None:
        self._clause = clause.execution_options(preserve_rowcount=True)
        compiled = cast("Any", clause).compile(dialect=sqlite.dialect(), column_keys=columns or None)
        self._text = str(compiled)
        self._names: tuple[str, ...] = tuple(compiled.positiontup)
        self._fixed: dict[str, Any] = {
            name: value
            for name, value in compiled.construct_params(_check=False).items()
            if value is not None
        }

    def change(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it; how many rows it has changed."""
        if connection.dialect.name == "sqlite":
            return self._run(connection, values).rowcount
        return connection.execute(self._clause, values).rowcount

    def finds(self, connection: Connection, values: Mapping[str, Any]) -> bool:
        """Whether it returns a row."""
        if connection.dialect.name == "sqlite":
            return self._run(connection, values).fetchone() is not None
        return connection.execute(self._clause, values).first() is not None

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> sqlite3.Cursor:
        raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
        fixed = self._fixed
        return raw.execute(
            self._text, [values[name] if name in values else fixed[name] for name in self._names]
        )
