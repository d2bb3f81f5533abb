"""The one writer of an SQLite file: works of many threads share one durable commit.

Invariants: a work that returns is on disk; a work that raises leaves nothing behind and disturbs no other
of its group; works run one after the other, in the order of arrival. It does not retry: what SQLite could
not write is told to every caller of the group.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
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
        self._thread = threading.Thread(target=self._run, name="casewright-writer", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run the work in the writer's thread, and return when it is durable. Raises what the work raised."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a work that writes may not start another write; use its own connection")
        job = _Job(work)
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
        self._engine.dispose()

    def _gather(self, expected: int) -> tuple[list[_Job], bool]:
        """The next group, and whether more may come.

        Takes what waits. Where the last group was of several, its callers are likely to come again at once:
        they are waited for, but never longer than LONGEST_WAIT_S; a lone caller never waits.
        """
        job = self._jobs.get()
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

    def _carry_out(self, group: list[_Job]) -> None:
        with _Kept() as whole, self._engine.connect() as connection, connection.begin():
            raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
            for job in group:
                raw.execute("SAVEPOINT work")
                with job.kept:
                    job.value = job.work(connection)
                if job.kept.error is not None:
                    raw.execute("ROLLBACK TO work")
                raw.execute("RELEASE work")
        for job in group:
            error = job.kept.error or whole.error
            if error is not None:
                job.done.set_exception(error)
            else:
                job.done.set_result(job.value)
