"""The journal of one run: named steps, how long each took, and what it put on the record.

The clock is an argument; nothing here reads one.
"""

from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds that only go forward."""


class Journal:
    """Steps of one case in order, with their times in microseconds."""

    __slots__ = ("_clock", "_last", "timings_us")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = clock()
        self.timings_us: dict[str, int] = {}

    def done(self, step: str) -> int:
        """Close a step: the time since the one before it, in microseconds."""
        now = self._clock()
        took = int((now - self._last) * 1_000_000)
        self._last = now
        self.timings_us[step] = self.timings_us.get(step, 0) + took
        return took
