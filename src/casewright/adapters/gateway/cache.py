"""Cache of shielded results, and single flight for identical requests under way.

Keys are hashes: no text of a message is kept as a key. Values are only ever stored after validation and
shield.
"""

import threading
from collections import OrderedDict

from pydantic import BaseModel

from casewright.ports.text_model import Written


class ResultCache:
    """Bounded, least recently used out first; what is older than `lifetime_s` is absent. Thread-safe."""

    def __init__(self, size: int, lifetime_s: float) -> None:
        self._size = size
        self._lifetime_s = lifetime_s
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, tuple[float, Written[BaseModel]]] = OrderedDict()

    def get(self, key: str, now_s: float) -> Written[BaseModel] | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            if now_s >= entry[0]:
                del self._entries[key]
                return None
            self._entries.move_to_end(key)
            return entry[1]

    def put(self, key: str, written: Written[BaseModel], now_s: float) -> None:
        with self._lock:
            self._entries[key] = (now_s + self._lifetime_s, written)
            self._entries.move_to_end(key)
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)


class Flight:
    """One request under way, and those who wait for its result."""

    def __init__(self) -> None:
        self._landed = threading.Event()
        self._written: Written[BaseModel] | None = None

    def land(self, written: Written[BaseModel] | None) -> None:
        self._written = written
        self._landed.set()

    def wait(self, timeout_s: float) -> Written[BaseModel] | None:
        """The leader's result; None when it did not come in time."""
        return self._written if self._landed.wait(timeout_s) else None


class Flights:
    """Identical requests share one call. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flights: dict[str, Flight] = {}

    def join(self, key: str) -> tuple[Flight, bool]:
        """The flight of this key, and whether the caller leads it (and so must `finish` it)."""
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None:
                return flight, False
            flight = self._flights[key] = Flight()
            return flight, True

    def finish(self, key: str, written: Written[BaseModel] | None) -> None:
        with self._lock:
            flight = self._flights.pop(key)
        flight.land(written)
