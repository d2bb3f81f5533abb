"""Circuit breaker of one provider: closed, open until a time, half-open with one probe.

Two failures in a row open it, a 429 opens it at once. It never sleeps and reads no clock: `now_s` is an
argument.
"""

import threading
from dataclasses import dataclass

FAILURES_TO_OPEN = 2
COOL_DOWN_S = 30.0
LONGEST_RATE_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Permit:
    """The right to make one call. Reports on a permit of an earlier state of the breaker change nothing."""

    generation: int
    probe_due_s: float | None = None
    """Of a probe: the time from which it was due."""


class Breaker:
    """Thread-safe. Every permit is answered by one of `succeed`, `fail`, `limit`, `leave`.

    While a probe is under way the breaker is open for another cool-down, so that a probe whose report gets
    lost cannot keep it open for ever.
    """

    def __init__(self, cool_down_s: float = COOL_DOWN_S) -> None:
        self._cool_down_s = cool_down_s
        self._lock = threading.Lock()
        self._generation = 0
        self._failures = 0
        self._open_until_s: float | None = None

    def may_enter(self, now_s: float) -> bool:
        """Whether `enter` would give a permit now."""
        with self._lock:
            return self._may_enter(now_s)

    def enter(self, now_s: float) -> Permit | None:
        """A permit, or None while the breaker is open (or its one probe is under way)."""
        with self._lock:
            if not self._may_enter(now_s):
                return None
            permit = Permit(self._generation, self._open_until_s)
            if permit.probe_due_s is not None:
                self._open_until_s = now_s + self._cool_down_s
            return permit

    def leave(self, permit: Permit) -> None:
        """The call was not made after all."""
        with self._lock:
            if permit.generation == self._generation and permit.probe_due_s is not None:
                self._open_until_s = permit.probe_due_s

    def succeed(self, permit: Permit) -> None:
        """The provider works: close."""
        with self._lock:
            if permit.generation == self._generation:
                self._failures = 0
                if permit.probe_due_s is not None:
                    self._open_until_s = None

    def fail(self, permit: Permit, now_s: float) -> None:
        """One failure more; a failed probe, or the second in a row, opens."""
        with self._lock:
            if permit.generation != self._generation:
                return
            self._failures += 1
            if permit.probe_due_s is not None or self._failures >= FAILURES_TO_OPEN:
                self._open(now_s + self._cool_down_s)

    def limit(self, now_s: float, retry_after_s: float | None) -> None:
        """A 429: open for what the provider asks, at most a minute; a minute if it does not say."""
        asked_s = LONGEST_RATE_LIMIT_S if retry_after_s is None else retry_after_s
        with self._lock:
            self._open(now_s + min(LONGEST_RATE_LIMIT_S, asked_s))

    def _may_enter(self, now_s: float) -> bool:
        return self._open_until_s is None or now_s >= self._open_until_s

    def _open(self, until_s: float) -> None:
        self._generation += 1
        self._failures = 0
        self._open_until_s = until_s
