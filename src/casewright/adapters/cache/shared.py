"""Results of look-ups that several processes share, in Redis.

Invariants: a key is a digest, so that no text of a question stands in Redis; Redis forgets what is too old
itself; what it does not know, cannot be read or was written by another version is simply not there.
"""

import hashlib
import json
from collections.abc import Hashable
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from casewright.adapters.cache.lookups import Aged

if TYPE_CHECKING:
    from redis import Redis

    from casewright.adapters.redis_link import RedisLink

T = TypeVar("T")
PREFIX = "casewright:lookup"
FORMAT = 1
"""Goes up with the form of what is kept."""


class RedisEntries(Generic[T]):
    """Entries of one kind. `kind` writes and reads a value as JSON."""

    def __init__(self, link: "RedisLink", name: str, lifetime_s: float, kind: TypeAdapter[T]) -> None:
        self._link = link
        self._name = name
        self._lifetime_ms = int(lifetime_s * 1000)
        self._kind = kind

    def get(self, key: Hashable) -> Aged[T] | None:
        """What is there, and how old it is."""
        place = self._place(key)

        def ask(redis: "Redis") -> tuple[bytes | None, int]:
            questions = redis.pipeline(transaction=False)
            questions.get(place)
            questions.pttl(place)
            written, left_ms = questions.execute()
            return written, left_ms

        written, left_ms = self._link.run(ask, lambda: (None, 0))
        if written is None or left_ms <= 0:
            return None
        try:
            value = self._kind.validate_json(written)
        except ValidationError:
            return None
        return Aged(value, max(0, self._lifetime_ms - left_ms) / 1000)

    def put(self, key: Hashable, value: T) -> None:
        """Keep a result for all."""
        written = self._kind.dump_json(value)
        place = self._place(key)
        self._link.run(lambda redis: redis.set(place, written, px=self._lifetime_ms), lambda: None)

    def _place(self, key: Hashable) -> str:
        text = json.dumps(key, ensure_ascii=False, separators=(",", ":"), default=str)
        return f"{PREFIX}:{FORMAT}:{self._name}:{hashlib.sha256(text.encode()).hexdigest()}"
