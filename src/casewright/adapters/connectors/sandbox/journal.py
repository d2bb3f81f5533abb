"""A sandbox service's own journal: one SQLite file, one row per key, durable when `record` answers.

Invariant: the first request of a key makes its row; every later one is counted on it and changes nothing
else. One thread writes, and commits together what waits together (`synchronous` is FULL). The tables are the
sandbox's own: the shop's database knows nothing of them.
"""

import hashlib
import json
import queue
import sqlite3
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casewright.domain.errors import ConfigurationError

MAX_GROUP = 256
_SCHEMA = """
CREATE TABLE IF NOT EXISTS effects (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  digest TEXT NOT NULL,
  document TEXT NOT NULL,
  state TEXT NOT NULL,
  code TEXT,
  requests INTEGER NOT NULL DEFAULT 1
)
"""
_COLUMNS = "seq, key, digest, document, state, code, requests"


@dataclass(frozen=True, slots=True)
class Entry:
    """One key: what was asked, what came of it, and how often it was asked."""

    seq: int
    key: str
    digest: str
    document: Mapping[str, Any]
    state: str
    code: str | None
    requests: int
    is_new: bool = False


def digest_of(document: Mapping[str, Any]) -> str:
    """Tells one request from another, whatever the order of its fields."""
    return hashlib.sha256(_encode(document).encode("utf-8")).hexdigest()


class SandboxJournal:
    """The journal of one service. Thread-safe; close it at the end."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._reading = _connect(path)
        except (OSError, sqlite3.Error) as error:
            raise ConfigurationError(
                f"{path} cannot be used as a journal: {error}; choose another --data"
            ) from None
        self._path = path
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[tuple[tuple[Any, ...], Future[Entry]] | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name=f"sandbox-{path.stem}", daemon=True)
        self._writer.start()

    def record(
        self, key: str, document: Mapping[str, Any], *, state: str = "done", code: str | None = None
    ) -> "Future[Entry]":
        """The entry of the key, made if it is not there; known once it is on disk."""
        future: Future[Entry] = Future()
        self._waiting.put(((key, digest_of(document), _encode(document), state, code), future))
        return future

    def find(self, key: str) -> Entry | None:
        with self._lock:
            return _find(self._reading, key)

    def entries(self, *, after: int = 0, limit: int = 1000) -> list[Entry]:
        """Effects in the order in which they happened, from the one behind `after`."""
        with self._lock:
            rows = self._reading.execute(
                f"SELECT {_COLUMNS} FROM effects WHERE seq > ? ORDER BY seq LIMIT ?",  # noqa: S608  # nosec B608 - constant columns
                (after, limit),
            ).fetchall()
        return [_entry(row) for row in rows]

    def count(self) -> int:
        with self._lock:
            return int(self._reading.execute("SELECT count(*) FROM effects").fetchone()[0])

    def close(self) -> None:
        """Write what waits, then stop."""
        self._waiting.put(None)
        self._writer.join()
        self._reading.close()

    def _write(self) -> None:
        connection = _connect(self._path)
        is_open = True
        while is_open:
            group = [self._waiting.get()]
            while len(group) < MAX_GROUP and not self._waiting.empty():
                group.append(self._waiting.get())
            asked = [item for item in group if item is not None]
            is_open = len(asked) == len(group)
            _commit(connection, asked)
        connection.close()


def _commit(connection: sqlite3.Connection, asked: list[tuple[tuple[Any, ...], "Future[Entry]"]]) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        entries = [_insert(connection, row) for row, _ in asked]
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        for _, future in asked:
            future.set_exception(error)
        return
    for (_, future), entry in zip(asked, entries, strict=True):
        future.set_result(entry)


def _insert(connection: sqlite3.Connection, row: tuple[Any, ...]) -> Entry:
    made = connection.execute(
        "INSERT INTO effects (key, digest, document, state, code) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO NOTHING",
        row,
    ).rowcount
    if not made:
        connection.execute("UPDATE effects SET requests = requests + 1 WHERE key = ?", row[:1])
    found = _find(connection, row[0], is_new=bool(made))
    if found is None:
        raise sqlite3.IntegrityError("a key just written is not there")
    return found


def _find(connection: sqlite3.Connection, key: str, *, is_new: bool = False) -> Entry | None:
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM effects WHERE key = ?",  # noqa: S608  # nosec B608 - constant columns
        (key,),
    ).fetchone()
    return None if row is None else _entry(row, is_new=is_new)


def _entry(row: tuple[Any, ...], *, is_new: bool = False) -> Entry:
    seq, key, digest, document, state, code, requests = row
    return Entry(seq, key, digest, json.loads(document), state, code, requests, is_new)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(_SCHEMA)
    return connection


def _encode(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
