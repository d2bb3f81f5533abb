"""The business database: one object for SQLite and PostgreSQL, which reads snapshots and writes durably.

Invariants: `read` sees one snapshot and cannot write; `write` is one transaction, on disk when it returns and
wholly absent when it raises. SQLite: WAL, synchronous FULL, foreign keys, one writer (`group_commit`).
PostgreSQL: a pool; READ COMMITTED for writes, REPEATABLE READ for reads. It knows no table.

A work is a function of its connection. It may be run again (after a deadlock, or when a pooled connection
turns out to be dead), so it has no effect but through the connection, and never commits or rolls back itself.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from casewright.adapters.store.database_errors import describe_vanished, is_to_be_repeated, is_vanished
from casewright.adapters.store.group_commit import GroupCommitWriter
from casewright.adapters.store.migrating import migrate
from casewright.domain.errors import ConfigurationError, OutcomeUnknown

T = TypeVar("T")
Dialect = Literal["sqlite", "postgresql"]
BUSY_TIMEOUT_MS = 15_000
POOL_TIMEOUT_S = 15
CONNECT_TIMEOUT_S = 10
TRIES = 6


class Database:
    """Reads and writes of one database; safe to use from many threads."""

    def __init__(self, dialect: Dialect, engine: Engine, writer: GroupCommitWriter | None) -> None:
        self.dialect = dialect
        self.engine = engine
        """For migrations, tests and imports of the schema; works go through `read` and `write`."""
        self._writer = writer
        self._reader = engine
        if dialect == "postgresql":
            self._reader = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    def read(self, work: Callable[[Connection], T]) -> T:
        """What the work makes of one snapshot. Raises Unavailable, and what the work raises."""
        return _run_in(self._reader, work)

    def write(self, work: Callable[[Connection], T], *, waits_for_disk: bool = True) -> T:
        """Run the work in one transaction; durable when this returns.

        Without waiting for the disk a killed process still loses nothing of it, and a power cut at most what
        was written within the last moments (SQLite 50 ms, PostgreSQL three times `wal_writer_delay`).
        Raises Unavailable where surely nothing was written, OutcomeUnknown where the connection broke
        during the commit itself (PostgreSQL only), and what the work raises.
        """
        if self._writer is not None:
            return self._writer.write(work, waits_for_disk=waits_for_disk)
        return _run_in(self.engine, work if waits_for_disk else _without_disk(work))

    def close(self) -> None:
        """Finish the writes that were handed in, and let go of every connection."""
        if self._writer is not None:
            self._writer.close()
        self.engine.dispose()


def open_database(url: str, *, pool_size: int = 8) -> Database:
    """Open the database, create it where it is SQLite and absent, and bring its tables up to date.

    `sqlite:////folder/casewright.db` or `postgresql+psycopg://user@host/name`. Several processes may do so at
    once. Raises ConfigurationError for an address that cannot be used, Unavailable where nobody answers.
    """
    parsed = _parse_url(url)
    backend = parsed.get_backend_name()
    try:
        if backend == "sqlite":
            return _open_sqlite(parsed, pool_size)
        if backend == "postgresql":
            return _open_postgresql(parsed, pool_size)
    except (DBAPIError, sqlite3.Error) as error:
        raise describe_vanished(error) from error
    raise ConfigurationError(f"database_url: {backend} is not supported; use sqlite or postgresql")


def _parse_url(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        raise ConfigurationError(
            "database_url is no address of a database; write sqlite:////folder/casewright.db"
            " or postgresql+psycopg://user:password@host/name"
        ) from None


def _open_sqlite(url: URL, pool_size: int) -> Database:
    if not url.database or url.database == ":memory:":
        raise ConfigurationError("database_url: SQLite needs a file, such as sqlite:////folder/casewright.db")
    path = Path(url.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"database_url: {path.parent} cannot be made: {error.strerror}") from error
    writing = _make_sqlite_engine(url, 1, "BEGIN IMMEDIATE")
    migrate(writing, lock_file=path.with_name(f"{path.name}.lock"))
    reading = _make_sqlite_engine(url, pool_size, "BEGIN", "PRAGMA query_only = ON")
    return Database("sqlite", reading, GroupCommitWriter(writing))


def _make_sqlite_engine(url: URL, pool_size: int, begin: str, *pragmas: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "isolation_level": None, "cached_statements": 512},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        for pragma in (
            f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
            *pragmas,
        ):
            connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _open_postgresql(url: URL, pool_size: int) -> Database:
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=POOL_TIMEOUT_S,
            hide_parameters=True,
            connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "casewright"},
        )
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "database_url: PostgreSQL needs its driver; run: pip install 'casewright[postgres]'"
        ) from error
    _keep_nul_out(engine)
    migrate(engine)
    return Database("postgresql", engine, None)


def _keep_nul_out(engine: Engine) -> None:
    """PostgreSQL holds no NUL in a text: what a caller sends with one is looked up, and kept, with U+FFFD."""
    from psycopg.types.string import StrDumperUnknown

    class NulSafeDumper(StrDumperUnknown):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\x00", "\ufffd"))

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.adapters.register_dumper(str, NulSafeDumper)


def _run_in(engine: Engine, work: Callable[[Connection], T]) -> T:
    """One transaction; again after a deadlock or on a fresh connection, as long as nothing was committed."""
    for attempt in range(1, TRIES + 1):
        is_committing = False
        try:
            with engine.connect() as connection, connection.begin() as transaction:
                value = work(connection)
                is_committing = True
                transaction.commit()
                return value
        except (PoolTimeout, sqlite3.Error) as error:  # no connection could be had
            raise describe_vanished(error) from error
        except DBAPIError as error:
            if is_committing and error.connection_invalidated and not _is_read_only(engine):
                raise OutcomeUnknown(
                    "the connection to the database broke during the commit", code="store_outcome_unknown"
                ) from error
            may_repeat = is_to_be_repeated(error) or error.connection_invalidated
            if may_repeat and attempt < TRIES:
                continue
            if is_vanished(error):
                raise describe_vanished(error) from error
            raise
    raise AssertionError("the last try returns or raises")


def _without_disk(work: Callable[[Connection], T]) -> Callable[[Connection], T]:
    def relaxed(connection: Connection) -> T:
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        return work(connection)

    return relaxed


def _is_read_only(engine: Engine) -> bool:
    return bool(engine.get_execution_options().get("postgresql_readonly")) or engine.name == "sqlite"
