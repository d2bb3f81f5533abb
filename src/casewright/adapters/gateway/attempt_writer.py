"""Writer of the ledger of attempts: rows are handed in without waiting, and kept by a thread of its own.

Invariants: no reply waits for the ledger, and none fails because of it. Where the database is away or slow,
rows are lost beyond a bound, and how many is counted and told; where it is there, none is, and `close` keeps
what was handed in. Rows older than the retention go once a day.
"""

import queue
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from casewright.adapters.gateway.attempt_store import KeptAttempt
from casewright.domain.errors import CasewrightError
from casewright.ports.text_model import Attempt

WAITING_MAX = 10_000
BATCH_MAX = 500
PURGE_EVERY_S = 86_400.0
_CLOSES_WITHIN_S = 10.0


class AttemptRows(Protocol):
    """Where rows are kept."""

    def add(self, kept: list[KeptAttempt]) -> None: ...

    def purge(self, before: datetime) -> int: ...


class AttemptWriter:
    """`open_rows` is called by the writer's own thread, when there is something to keep. Thread-safe.

    `tell` hears how many rows were lost.
    """

    def __init__(
        self,
        open_rows: Callable[[], AttemptRows],
        *,
        now: Callable[[], datetime],
        keep_days: int,
        tell: Callable[[int], None] | None = None,
    ) -> None:
        self._open_rows = open_rows
        self._now = now
        self._keep = timedelta(days=keep_days)
        self._tell = tell or (lambda lost: None)
        self._waiting: queue.Queue[KeptAttempt | None] = queue.Queue(WAITING_MAX)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._purge_at_s = 0.0
        self.lost = 0
        """How many rows were lost since the start."""

    def record(self, attempt: Attempt) -> None:
        """Hand in a call that was made; one that was skipped is no row."""
        if attempt.outcome.is_skipped:
            return
        try:
            self._waiting.put_nowait(KeptAttempt(self._now(), attempt))
        except queue.Full:
            self._lose(1)
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="text-attempts", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Keep what was handed in, and stop."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is None:
            return
        until_s = time.monotonic() + _CLOSES_WITHIN_S
        try:
            self._waiting.put(None, timeout=_CLOSES_WITHIN_S)
        except queue.Full:  # the database hangs, and so would whoever waits for it
            return
        thread.join(max(0.0, until_s - time.monotonic()))

    def _run(self) -> None:
        try:
            self._keep_all()
        finally:  # where it ends early, the next row starts another
            with self._lock:
                if self._thread is threading.current_thread():
                    self._thread = None

    def _keep_all(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, is_last = [first], False
            while len(batch) < BATCH_MAX and not is_last:
                try:
                    following = self._waiting.get_nowait()
                except queue.Empty:
                    break
                is_last = following is None
                batch += [following] if following is not None else []
            self._keep_rows(batch)
            if is_last:
                return

    def _keep_rows(self, batch: list[KeptAttempt]) -> None:
        try:
            rows = self._open_rows()
            rows.add(batch)
            if time.monotonic() >= self._purge_at_s:
                self._purge_at_s = time.monotonic() + PURGE_EVERY_S
                rows.purge(self._now() - self._keep)
        except (CasewrightError, SQLAlchemyError, OSError):
            self._lose(len(batch))

    def _lose(self, rows: int) -> None:
        with self._lock:
            self.lost += rows
        self._tell(rows)
