"""Counters of text models: every attempt by provider, and whether each provider is asked now.

Invariant: labels are configured names and outcomes; what a server calls itself is no label.
"""

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

if TYPE_CHECKING:
    from casewright.adapters.redis_link import RedisLink
    from casewright.ports.text_model import Attempt, ProviderHealth, WatchedTextModel

SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 60.0)
_PROVIDER = ("provider", "model")


class TextMetrics:
    """Part of an application's metrics. Thread-safe."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._attempts = Counter(
            "casewright_text_attempts",
            "Attempts at a text, by provider, model and outcome; those that were skipped too.",
            (*_PROVIDER, "outcome"),
            registry=registry,
        )
        self._tokens = Counter(
            "casewright_text_tokens",
            "Tokens of calls to text models, read (in) and written (out).",
            (*_PROVIDER, "direction"),
            registry=registry,
        )
        self._cost = Counter(
            "casewright_text_cost_micros",
            "Cost of calls to text models, in millionths of the currency of their prices.",
            _PROVIDER,
            registry=registry,
        )
        self._seconds = Histogram(
            "casewright_text_seconds",
            "Time of a call to a text model.",
            _PROVIDER,
            buckets=SECONDS,
            registry=registry,
        )
        self._up = Gauge(
            "casewright_text_provider_up",
            "1 while a provider is asked, 0 while it is left alone after failures.",
            _PROVIDER,
            registry=registry,
            multiprocess_mode="livemin",
        )
        self._redis_up = Gauge(
            "casewright_redis_up",
            "1 while Redis answers, 0 while what it is used for is kept in process because it does not.",
            ("use",),
            registry=registry,
            multiprocess_mode="livemin",
        )
        self._redis_failures = Counter(
            "casewright_redis_failures", "Calls to Redis that failed.", ("use",), registry=registry
        )
        self._model: WatchedTextModel | None = None

    def watch(self, model: "WatchedTextModel") -> None:
        """Count what this text model tries from now on."""
        self._model = model
        self.refresh()
        model.watch(self.record)

    def watch_redis(self, link: "RedisLink", use: str) -> None:
        """Count what fails on this link from now on; `use` says what it serves, such as `budgets`."""
        self._redis_up.labels(use).set(float(link.is_there))
        link.watch(lambda is_there: self._record_redis(use, is_there))

    def record(self, attempt: "Attempt") -> None:
        """Count one attempt."""
        named = (attempt.provider, attempt.model)
        self._attempts.labels(*named, attempt.outcome.value).inc()
        if not attempt.outcome.is_skipped:
            self._tokens.labels(*named, "in").inc(attempt.tokens_in)
            self._tokens.labels(*named, "out").inc(attempt.tokens_out)
            self._cost.labels(*named).inc(attempt.cost_micros)
            self._seconds.labels(*named).observe(attempt.took_ms / 1000)
        self.refresh()

    def refresh(self) -> None:
        """Ask again how the providers are."""
        for health in self._model.health() if self._model is not None else ():
            self._show(health)

    def _show(self, health: "ProviderHealth") -> None:
        self._up.labels(health.provider, health.model).set(float(not health.is_open))

    def _record_redis(self, use: str, is_there: bool) -> None:
        self._redis_up.labels(use).set(float(is_there))
        if not is_there:
            self._redis_failures.labels(use).inc()
