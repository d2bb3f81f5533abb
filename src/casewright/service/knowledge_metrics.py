"""Gauges of what is known: documents, and the alarms: stale sources, and questions without a source.

Invariant: reading them asks no database; the numbers are those that the knowledge last counted.
"""

from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Gauge


@dataclass(frozen=True, slots=True)
class KnowledgeNumbers:
    """Counts for the installation's own tenant."""

    documents: int
    """In force."""
    stale: int
    """Of these, those whose day of review has come."""
    gaps: int
    """Questions for which nothing was found."""


class KnowledgeMetrics:
    """Part of an application's metrics. Thread-safe."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._documents = _gauge(registry, "documents", "Documents in force.")
        self._stale = _gauge(registry, "stale_sources", "Documents in force whose day of review has come.")
        self._gaps = _gauge(registry, "gaps", "Questions for which nothing was found.")
        self._peek: Callable[[], KnowledgeNumbers | None] | None = None

    def watch(self, peek: Callable[[], KnowledgeNumbers | None] | None) -> None:
        """`peek` tells what was counted last; None: nothing yet, or nobody counts."""
        self._peek = peek

    def refresh(self) -> None:
        """Take over what was counted last."""
        numbers = None if self._peek is None else self._peek()
        if numbers is not None:
            self._documents.set(numbers.documents)
            self._stale.set(numbers.stale)
            self._gaps.set(numbers.gaps)


def _gauge(registry: CollectorRegistry, name: str, meaning: str) -> Gauge:
    return Gauge(f"casewright_knowledge_{name}", meaning, registry=registry, multiprocess_mode="mostrecent")
