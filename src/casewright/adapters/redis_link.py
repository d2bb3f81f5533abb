"""Link to Redis: what processes share, with a way on when it is away.

Invariants: `run` never raises for what Redis does, and costs little when it is away: after a failure it is
left alone for a while, and whoever asks works in process. The outage is told once, and counted. Nothing
is lost with it. Budgets and cached look-ups rest on it, and a client in a look-up is a fact of a decision:
whoever may write to it is trusted, and what is kept has the mark of its database in its key.
"""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from casewright.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from redis import Redis

INSTALL = "pip install 'casewright[redis]'"
TIMEOUT_S = 0.05
"""Per answer: Redis is near, or it is of no use for what takes milliseconds."""
AWAY_FOR_S = 5.0
ResultT = TypeVar("ResultT")


class RedisLink:
    """Thread-safe. `tell` hears of each outage and each return; `clock` is monotonic, in seconds."""

    def __init__(
        self,
        client: "Redis",
        *,
        tell: Callable[[bool], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        away_for_s: float = AWAY_FOR_S,
    ) -> None:
        from redis import RedisError

        self._client = client
        self._failures_of_redis = (RedisError, OSError)
        self._tell = tell or (lambda is_there: None)
        self._clock = clock
        self._away_for_s = away_for_s
        self._lock = threading.Lock()
        self._away_until_s: float | None = None
        self._is_there = True
        self._observers: tuple[Callable[[bool], None], ...] = ()
        self.failures = 0
        """How many calls have failed since the start."""

    @property
    def is_there(self) -> bool:
        """Whether the last call got an answer; True before the first."""
        return self._is_there

    def run(self, work: "Callable[[Redis], ResultT]", otherwise: Callable[[], ResultT]) -> ResultT:
        """What `work` returns; what `otherwise` returns where Redis is away."""
        away_until_s = self._away_until_s
        if away_until_s is not None and self._clock() < away_until_s:
            return otherwise()
        try:
            done = work(self._client)
        except self._failures_of_redis:
            self._note(is_there=False)
            return otherwise()
        if away_until_s is not None:
            self._note(is_there=True)
        return done

    def watch(self, observe: Callable[[bool], None]) -> None:
        """Let `observe` hear of every failure (False), and of the first success after one (True)."""
        with self._lock:
            self._observers = (*self._observers, observe)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _note(self, *, is_there: bool) -> None:
        with self._lock:
            has_changed = is_there is not self._is_there
            self._is_there = is_there
            self._away_until_s = None if is_there else self._clock() + self._away_for_s
            self.failures += 0 if is_there else 1
        if has_changed:
            self._tell(is_there)
        for observe in self._observers:
            observe(is_there)


def open_redis_link(
    url: str,
    *,
    tell: Callable[[bool], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
    timeout_s: float = TIMEOUT_S,
) -> RedisLink:
    """A link to the Redis at `url`; it need not be there yet. Values come and go as bytes.

    Raises ConfigurationError where the extra is missing, or the address is none.
    """
    try:
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ImportError:
        raise ConfigurationError(
            f"redis_url is set, but the Redis client is not installed; run: {INSTALL}"
        ) from None
    try:
        client = Redis.from_url(
            url,
            socket_timeout=timeout_s,
            socket_connect_timeout=timeout_s,
            retry=Retry(NoBackoff(), 0),
            health_check_interval=0,
        )
    except ValueError:
        raise ConfigurationError(
            "redis_url is no address of a Redis; write redis://host:6379/0, rediss://… or unix:///path"
        ) from None
    return RedisLink(client, tell=tell, clock=clock)


def tell_log(is_there: bool) -> None:
    """Write an outage, and its end, to the log."""
    from casewright.adapters.log import get_logger

    log = get_logger()
    if is_there:
        log.info("redis is back; limits and caches are shared again")
    else:
        log.warning("redis does not answer; limits and caches are kept in this process until it does")
