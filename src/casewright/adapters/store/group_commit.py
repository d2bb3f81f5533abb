"""The one writer of an SQLite file: works of many threads share one durable commit.

Invariants: a work that returns is on disk; a work that raises leaves nothing behind and disturbs no other
of its group; works run one after the other, in the order of arrival. It does not retry: what SQLite could
not write is told to every caller of the group.

A work may do without the disk: then it has reached the system when it returns, so that a killed process loses
nothing of it, and the disk within LONGEST_UNFLUSHED_S; a power cut may lose it, whole, with what came after.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from casewright.adapters.store.database_errors import describe_vanished, is_vanished
from casewright.domain.errors import Unavailable

T = TypeVar("T")
LARGEST_GROUP = 256
LONGEST_WAIT_S = 0.002
LONGEST_UNFLUSHED_S = 0.05
_FULL, _NORMAL = "PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL"


class _Kept:
    """Keeps whatever is raised inside it for those who wait: the writer's thread lives on."""

    error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, sqlite3.Error) or (isinstance(error, DBAPIError) and is_vanished(error)):
            self.error = describe_vanished(error)
            self.error.__cause__ = error
        else:
            self.error = error
        return True


@dataclass(slots=True)
class _Job:
    """One caller's work, and where the caller waits."""

    work: Callable[[Connection], Any]
    waits_for_disk: bool = True
    done: "Future[Any]" = field(default_factory=Future)
    kept: _Kept = field(default_factory=_Kept)
    value: Any = None


class GroupCommitWriter:
    """A thread that owns the only writing connection of this process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._is_closed = False
        self._is_full = True
        self._unflushed_since: float | None = None
        self._thread = threading.Thread(target=self._run, name="casewright-writer", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[Connection], T], *, waits_for_disk: bool = True) -> T:
        """Run the work in the writer's thread, and return when it is durable. Raises what the work raised."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a work that writes may not start another write; use its own connection")
        job = _Job(work, waits_for_disk)
        with self._gate:
            if self._is_closed:
                raise Unavailable("the database is closed", code="store_unavailable")
            self._jobs.put(job)
        return cast("T", job.done.result())

    def close(self) -> None:
        """Finish what was handed in, then stop."""
        with self._gate:
            if not self._is_closed:
                self._is_closed = True
                self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        expected = 1
        is_open = True
        while is_open:
            group, is_open = self._gather(expected)
            if group:
                self._carry_out(group)
            expected = len(group)
        if self._unflushed_since is not None:
            self._flush()
        self._engine.dispose()

    def _gather(self, expected: int) -> tuple[list[_Job], bool]:
        """The next group, and whether more may come.

        Takes what waits. Where the last group was of several, its callers are likely to come again at once:
        they are waited for, but never longer than LONGEST_WAIT_S; a lone caller never waits.
        """
        job = self._next()
        if job is None:
            return [], False
        group = [job]
        give_up_at = time.monotonic() + LONGEST_WAIT_S
        while len(group) < LARGEST_GROUP:
            patience_s = give_up_at - time.monotonic() if len(group) < expected else 0
            try:
                job = self._jobs.get(timeout=patience_s) if patience_s > 0 else self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                return group, False
            group.append(job)
        return group, True

    def _next(self) -> _Job | None:
        """The next job; what no disk has seen yet is flushed before a long wait."""
        if self._unflushed_since is not None:
            try:
                return self._jobs.get(timeout=LONGEST_UNFLUSHED_S)
            except Empty:
                self._flush()
        return self._jobs.get()

    def _flush(self) -> None:
        """Have the write-ahead log on disk; where that fails, the next commit does it or says so."""
        path = f"{self._engine.url.database}-wal"
        with suppress(OSError):
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
                self._unflushed_since = None
            finally:
                os.close(handle)

    def _choose_flushing(self, raw: sqlite3.Connection, group: list[_Job]) -> bool:
        """Whether this commit waits for the disk; one that does takes with it what came before."""
        since = self._unflushed_since
        is_late = since is not None and time.monotonic() - since > LONGEST_UNFLUSHED_S
        is_full = is_late or any(job.waits_for_disk for job in group)
        if is_full != self._is_full:
            raw.execute(_FULL if is_full else _NORMAL).close()
            self._is_full = is_full
        return is_full

    def _carry_out(self, group: list[_Job]) -> None:
        with _Kept() as whole, self._engine.connect() as connection:
            raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
            is_full = self._choose_flushing(raw, group)
            with connection.begin():
                _run_group(connection, raw, group)
            if is_full:
                self._unflushed_since = None
            elif self._unflushed_since is None:
                self._unflushed_since = time.monotonic()
        for job in group:
            error = job.kept.error or whole.error
            if error is not None:
                job.done.set_exception(error)
            else:
                job.done.set_result(job.value)


def _run_group(connection: Connection, raw: sqlite3.Connection, group: list[_Job]) -> None:
    """Each work in a savepoint of its own: one that raises leaves nothing, and the others go on."""
    for job in group:
        raw.execute("SAVEPOINT work")
        with job.kept:
            job.value = job.work(connection)
        if job.kept.error is not None:
            raw.execute("ROLLBACK TO work")
        raw.execute("RELEASE work")
