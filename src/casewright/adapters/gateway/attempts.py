"""Ledger of attempts, in process: the newest rows, and totals per provider for metrics.

It holds numbers and codes only, as an `Attempt` does. It is not durable: a store that keeps rows takes
its place as the gateway's `record`.
"""

import threading
from collections import deque
from dataclasses import dataclass

from casewright.ports.text_model import Attempt

NEWEST_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over every attempt of one kind since the start."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost_micros: int = 0
    took_ms: int = 0


class AttemptLedger:
    """Thread-safe; its `record` is what a gateway takes."""

    def __init__(self, newest_rows: int = NEWEST_ROWS) -> None:
        self._lock = threading.Lock()
        self._rows: deque[Attempt] = deque(maxlen=newest_rows)
        self._totals: dict[tuple[str, str, str], Totals] = {}

    def record(self, attempt: Attempt) -> None:
        key = (attempt.provider, attempt.model, attempt.outcome.value)
        with self._lock:
            self._rows.append(attempt)
            before = self._totals.get(key, Totals())
            self._totals[key] = Totals(
                before.calls + 1,
                before.tokens_in + attempt.tokens_in,
                before.tokens_out + attempt.tokens_out,
                before.cost_micros + attempt.cost_micros,
                before.took_ms + attempt.took_ms,
            )

    def rows(self) -> tuple[Attempt, ...]:
        """The newest rows, oldest first."""
        with self._lock:
            return tuple(self._rows)

    def totals(self) -> dict[tuple[str, str, str], Totals]:
        """By provider, model and outcome."""
        with self._lock:
            return dict(self._totals)
