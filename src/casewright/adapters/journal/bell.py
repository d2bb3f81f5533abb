"""The bell: tells waiting workers that there is something in the outbox, so that they need not poll often.

On PostgreSQL by NOTIFY, sent after the commit from a connection of its own and at most every 20 ms: a NOTIFY
inside a transaction takes a lock that makes all commits queue up. On SQLite within the process. Invariant: a
bell that was not heard costs time and nothing else, because workers poll behind it.
"""

import threading
from typing import TYPE_CHECKING, Protocol

from casewright.adapters.store.engine import Database

if TYPE_CHECKING:
    import psycopg

CHANNEL = "casewright_outbox"
LEAST_GAP_S = 0.02


class Bell(Protocol):
    """Rung after a commit that has queued something."""

    def ring(self) -> None:
        """Wake whoever waits; returns at once."""
        ...

    def wait(self, timeout_s: float) -> bool:
        """Until it is rung, or the time is over; whether it was rung."""
        ...

    def close(self) -> None: ...


def make_bell(database: Database) -> Bell:
    """The bell that fits the database."""
    return PostgresBell(connection_string(database)) if database.dialect == "postgresql" else LocalBell()


def connection_string(database: Database) -> str:
    """The database's address as its own client library reads it; holds the password."""
    return database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


class LocalBell:
    """Within one process."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        """Wake whoever waits; returns at once."""
        self._rung.set()

    def wait(self, timeout_s: float) -> bool:
        """Until it is rung, or the time is over."""
        is_rung = self._rung.wait(timeout_s)
        self._rung.clear()
        return is_rung

    def close(self) -> None:
        """Wake whoever waits, for good."""
        self._rung.set()


class PostgresBell:
    """Across all processes of one database."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._rung = threading.Event()
        self._is_closed = threading.Event()
        self._gate = threading.Lock()
        self._ringer: threading.Thread | None = None
        self._listening: psycopg.Connection[tuple[object, ...]] | None = None

    def ring(self) -> None:
        """Wake whoever waits; returns at once."""
        self._rung.set()
        if self._ringer is None:
            with self._gate:
                if self._ringer is None and not self._is_closed.is_set():
                    self._ringer = threading.Thread(target=self._send, name="casewright-bell", daemon=True)
                    self._ringer.start()

    def wait(self, timeout_s: float) -> bool:
        """Until it is rung, or the time is over. For one thread of the process."""
        import psycopg

        try:
            if self._listening is None:
                self._listening = psycopg.connect(self._address, autocommit=True)
                self._listening.execute(f"LISTEN {CHANNEL}")
                return True  # what was queued before anybody listened
            return any(True for _ in self._listening.notifies(timeout=timeout_s, stop_after=1))
        except psycopg.Error:
            self._listening = None
            self._is_closed.wait(timeout_s)
            return False

    def close(self) -> None:
        """Send what was rung, and let go of the connections."""
        self._is_closed.set()
        self._rung.set()
        if self._ringer is not None:
            self._ringer.join()
        if self._listening is not None:
            self._listening.close()

    def _send(self) -> None:
        import psycopg

        connection: psycopg.Connection[tuple[object, ...]] | None = None
        while not self._is_closed.is_set():
            self._rung.wait()
            self._rung.clear()
            try:
                connection = connection or psycopg.connect(self._address, autocommit=True)
                connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
            except psycopg.Error:
                connection = None
            self._is_closed.wait(LEAST_GAP_S)
        if connection is not None:
            connection.close()
