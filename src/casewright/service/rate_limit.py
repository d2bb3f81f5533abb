"""Rate limit: how often one caller may ask, counted in this process.

Several workers count apart, so the limit of the service is at most the setting times the workers. Whoever
asks too often is told when to come back.
"""

import math
from collections.abc import Callable

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from casewright.domain.errors import ConfigurationError


class RateLimit:
    """`rate` is written as `60/minute`. `clock` gives seconds since the epoch."""

    def __init__(self, rate: str, clock: Callable[[], float]) -> None:
        try:
            self._rate = parse(rate)
        except ValueError as error:
            raise ConfigurationError(
                f"rate_limit: {rate!r} is no rate; write for example 60/minute"
            ) from error
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._clock = clock

    def take(self, caller: str) -> int:
        """Count one request: 0 if it may go on, else the seconds until the next one may."""
        if self._limiter.hit(self._rate, caller):
            return 0
        reset_at = self._limiter.get_window_stats(self._rate, caller).reset_time
        return max(1, math.ceil(reset_at - self._clock()))
