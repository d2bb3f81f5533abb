"""Budget of one provider: requests and tokens per minute, cost per day, over rolling windows.

A call reserves its estimate before it is made and settles the difference after it, so that parallel calls
cannot overrun a limit together. This one is of one process; `shared_budget` holds one for many.
"""

import threading
from dataclasses import dataclass
from typing import Protocol

MINUTE_S = 60.0
DAY_S = 86_400.0
BUCKETS = 60


@dataclass(frozen=True, slots=True)
class BudgetLimits:
    """None means no limit."""

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    cost_micros_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """A reservation that was granted."""

    lease_id: str = ""
    """Of a reservation that other processes know of; empty: this process alone."""


OWN_LEASE = Lease()


class BudgetShare(Protocol):
    """A budget, of one process or of many. Thread-safe; neither method raises."""

    def reserve(
        self, now_s: float, tokens: int, cost_micros: int, *, hold_s: float = MINUTE_S
    ) -> Lease | None:
        """Take the estimate out of every window, or nothing at all when one of them would overrun.

        A lease that is not settled counts as a call in flight for `hold_s`.
        """
        ...

    def settle(self, now_s: float, tokens: int, cost_micros: int, lease: Lease = OWN_LEASE) -> None:
        """Add what the call took beyond its estimate (negative: it took less), and end the lease."""
        ...


class _RollingSum:
    """Total of the last `span_s` seconds in buckets; up to one bucket more than the span counts."""

    def __init__(self, span_s: float) -> None:
        self._width_s = span_s / BUCKETS
        self._buckets: dict[int, int] = {}

    def add(self, now_s: float, amount: int) -> None:
        bucket = int(now_s // self._width_s)
        self._buckets[bucket] = self._buckets.get(bucket, 0) + amount

    def total(self, now_s: float) -> int:
        oldest = int(now_s // self._width_s) - BUCKETS
        for bucket in [key for key in self._buckets if key < oldest]:
            del self._buckets[bucket]
        return sum(self._buckets.values())


class Budget:
    """Thread-safe."""

    def __init__(self, limits: BudgetLimits) -> None:
        self._lock = threading.Lock()
        self._requests = (_RollingSum(MINUTE_S), limits.requests_per_minute)
        self._tokens = (_RollingSum(MINUTE_S), limits.tokens_per_minute)
        self._cost = (_RollingSum(DAY_S), limits.cost_micros_per_day)

    def reserve(
        self, now_s: float, tokens: int, cost_micros: int, *, hold_s: float = MINUTE_S
    ) -> Lease | None:
        """See `BudgetShare.reserve`."""
        parts = ((self._requests, 1), (self._tokens, tokens), (self._cost, cost_micros))
        with self._lock:
            if any(limit is not None and window.total(now_s) + n > limit for (window, limit), n in parts):
                return None
            for (window, _), n in parts:
                window.add(now_s, n)
            return OWN_LEASE

    def settle(self, now_s: float, tokens: int, cost_micros: int, lease: Lease = OWN_LEASE) -> None:
        """See `BudgetShare.settle`."""
        with self._lock:
            self._tokens[0].add(now_s, tokens)
            self._cost[0].add(now_s, cost_micros)

    def undo(self, now_s: float, tokens: int, cost_micros: int) -> None:
        """The call was not made after all."""
        with self._lock:
            self._requests[0].add(now_s, -1)
        self.settle(now_s, -tokens, -cost_micros)
