"""Bring a database's tables up to date on start: the packaged Alembic revisions, under a lock.

Invariants: several processes may start at once, and one of them migrates; a revision is applied whole or not
at all; a database from a newer version is refused, never touched. A revision's id is its file's name, so that
an up-to-date database costs one look and no import of Alembic.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from casewright.domain.errors import ConfigurationError

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "casewright_version"
_READ_VERSION = text("SELECT version_num FROM casewright_version")
_ADVISORY_LOCK = 0x43415345_57524754
"""Number of the PostgreSQL lock around migrations: any number that nobody else takes ("CASEWRGT")."""


def list_revisions() -> list[str]:
    """Ids of the packaged revisions, oldest first."""
    return sorted(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def migrate(engine: Engine, lock_file: Path | None = None) -> None:
    """Apply what is missing. `lock_file`: beside an SQLite file, to let only one process do so.

    Raises ConfigurationError for a database that a newer version has written.
    """
    head = list_revisions()[-1:]
    if lock_file is None:
        with engine.connect() as connection:
            current = _read_version(connection)
        if [current] != head:
            with engine.begin() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
                _upgrade(connection)
        return
    with _hold(lock_file):
        _use_write_ahead_log(engine)
        with engine.begin() as connection:
            if [_read_version(connection)] != head:
                _upgrade(connection)


def _read_version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(_READ_VERSION).scalar()


def _upgrade(connection: Connection) -> None:
    current = _read_version(connection)
    revisions = list_revisions()
    if current is not None and current not in revisions:
        raise ConfigurationError(
            f"the database is at revision {current}, which this version does not know;"
            " install the version that wrote it, or a newer one"
        )
    if not revisions or current == revisions[-1]:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _use_write_ahead_log(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        mode = cursor.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        cursor.close()
    finally:
        raw.close()
    if mode != "wal":
        raise ConfigurationError(
            f"the file system of {engine.url.database} does not allow SQLite's write-ahead log;"
            " use a local disk"
        )


@contextmanager
def _hold(path: Path) -> Iterator[None]:
    """An exclusive lock that the operating system lets go when the process ends, however it ends."""
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
