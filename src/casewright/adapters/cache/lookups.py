"""Cache of look-ups: results with a time to live, one look-up for identical ones under way, and its numbers.

Invariants: what is as old as `lifetime_s` is absent; "not found" is a result like any other; a failed
look-up is no result, and fails for everybody who waited for it; what was looked up before a `forget` is not
kept after it. Set and get cost the same however many entries there are: all live equally long, so the order
in which they came is the order in which they go. Thread-safe; tasks of an event loop come through threads.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from casewright.domain.errors import Unavailable

T = TypeVar("T")
MOST_ENTRIES = 100_000
PATIENCE_S = 30.0
"""The longest that anybody waits for a look-up that another makes."""


@dataclass(frozen=True, slots=True)
class CacheNumbers:
    """What a cache has done since the start of the process, and what it holds."""

    name: str
    hits: int
    misses: int
    joined: int
    """Waited for an identical look-up under way."""
    shared_hits: int
    """Of the misses: found in the cache that processes share."""
    size: int
    oldest_s: float
    """Age of the oldest entry; 0 without one."""
    lifetime_s: float

    @property
    def hit_permille(self) -> int:
        """Look-ups that needed no source, in thousandths of all; 0 before the first."""
        asked = self.hits + self.joined + self.misses
        return (self.hits + self.joined + self.shared_hits) * 1000 // asked if asked else 0


@dataclass(frozen=True, slots=True)
class Aged(Generic[T]):
    """A value and how old it is."""

    value: T
    age_s: float


class SharedEntries(Protocol[T]):
    """Entries that several processes share. Neither method raises: without an answer there is nothing."""

    def get(self, key: Hashable) -> Aged[T] | None: ...

    def put(self, key: Hashable, value: T) -> None: ...


class _Flight(Generic[T]):
    """One look-up under way."""

    __slots__ = ("error", "landed", "value")

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.value: T | None = None
        self.error: BaseException | None = None


class LookupCache(Generic[T]):
    """Look-ups of one kind. `clock` gives seconds that only go forward.

    `family`: of the entries whose keys have one family only the newest is kept, such as that of the last
    generation. Whoever has waited `patience_s` for another's look-up gets Unavailable, and the next one looks
    up anew.
    """

    def __init__(
        self,
        name: str,
        lifetime_s: float,
        clock: Callable[[], float],
        *,
        most: int = MOST_ENTRIES,
        shared: SharedEntries[T] | None = None,
        family: Callable[[Hashable], Hashable] | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.name = name
        self._lifetime_s = lifetime_s
        self._clock = clock
        self._most = most
        self._shared = shared
        self._family = family
        self._newest: dict[Hashable, Hashable] = {}
        self._patience_s = patience_s
        self._gate = threading.Lock()
        self._entries: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self._flights: dict[Hashable, _Flight[T]] = {}
        self._epoch = 0
        self._hits = self._misses = self._joined = self._shared_hits = 0

    def find(self, key: Hashable, look_up: Callable[[], T]) -> T:
        """The kept result, or that of one look-up, whoever makes it. Raises what it raises, Unavailable."""
        with self._gate:
            entry = self._fresh(key)
            if entry is not None:
                self._hits += 1
                return entry[1]
            flight = self._flights.get(key)
            leads = flight is None
            if flight is None:
                flight = self._flights[key] = _Flight()
                self._misses += 1
            else:
                self._joined += 1
            epoch = self._epoch
        if leads:
            return self._lead(key, look_up, flight, epoch)
        if not flight.landed.wait(self._patience_s):
            self._leave(key, flight)
            raise Unavailable(f"A look-up ({self.name}) takes too long; try again.")
        if flight.error is not None:
            raise flight.error
        return flight.value  # type: ignore[return-value]  # set before it landed

    def get(self, key: Hashable) -> Aged[T] | None:
        """What is kept, without looking up; counted as neither hit nor miss."""
        with self._gate:
            entry = self._fresh(key)
            return None if entry is None else Aged(entry[1], self._clock() - entry[0])

    def put(self, key: Hashable, value: T, *, age_s: float = 0.0) -> None:
        """Keep a result."""
        with self._gate:
            self._keep(key, value, age_s)

    def forget(self) -> None:
        """Drop everything: the source has changed. Look-ups under way are answered and not kept."""
        with self._gate:
            self._entries.clear()
            self._newest.clear()
            self._flights.clear()
            self._epoch += 1

    def numbers(self) -> CacheNumbers:
        """Hits, misses, size and age."""
        with self._gate:
            now = self._clock()
            self._drop_old(now)
            oldest = next(iter(self._entries.values()), None)
            return CacheNumbers(
                self.name,
                self._hits,
                self._misses,
                self._joined,
                self._shared_hits,
                len(self._entries),
                0.0 if oldest is None else now - oldest[0],
                self._lifetime_s,
            )

    def _lead(self, key: Hashable, look_up: Callable[[], T], flight: _Flight[T], epoch: int) -> T:
        try:
            found = None if self._shared is None else self._shared.get(key)
            value = look_up() if found is None else found.value
        except BaseException as error:
            flight.error = error
            self._land(key, flight)
            raise
        flight.value = value
        with self._gate:
            self._shared_hits += found is not None
            is_current = self._epoch == epoch
            if is_current:
                self._keep(key, value, 0.0 if found is None else found.age_s)
        self._land(key, flight)
        if found is None and is_current and self._shared is not None:
            self._shared.put(key, value)
        return value

    def _land(self, key: Hashable, flight: _Flight[T]) -> None:
        self._leave(key, flight)
        flight.landed.set()

    def _leave(self, key: Hashable, flight: _Flight[T]) -> None:
        with self._gate:
            if self._flights.get(key) is flight:
                del self._flights[key]

    def _fresh(self, key: Hashable) -> tuple[float, T] | None:
        entry = self._entries.get(key)
        if entry is None or self._clock() - entry[0] >= self._lifetime_s:
            return None
        return entry

    def _keep(self, key: Hashable, value: T, age_s: float) -> None:
        now = self._clock()
        if self._family is not None:
            family = self._family(key)
            self._entries.pop(self._newest.get(family), None)
            self._newest[family] = key
        self._entries.pop(key, None)
        self._entries[key] = (now - age_s, value)
        self._drop_old(now)

    def _drop_old(self, now: float) -> None:
        """Entries that are too old, or too many, from the front: each is dropped once."""
        entries = self._entries
        while entries:
            first = next(iter(entries))
            if len(entries) <= self._most and now - entries[first][0] < self._lifetime_s:
                return
            entries.popitem(last=False)
