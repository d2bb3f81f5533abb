"""What `/metrics` says of outreach: decisions by outcome, source, arm and mode, and money reserved.

Invariant: labels come from closed sets, never from a request.
"""

from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter

DRY, LIVE, REPLAYED = "dry", "live", "replayed"


class RetentionMetrics:
    """The counters of one application."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._decisions = Counter(
            "casewright_outreach_decisions",
            "Answers to POST /retain, by outcome, who proposed, arm, and whether they were kept.",
            ("outcome", "source", "arm", "mode"),
            registry=registry,
        )
        self._reserved = Counter(
            "casewright_outreach_reserved_minor",
            "Worst cases of live offers, reserved from the budget, in minor units.",
            registry=registry,
        )
        self._children: dict[tuple[str, ...], Counter] = {}

    def record(self, answer: Mapping[str, Any], *, is_replayed: bool) -> None:
        """Count one published answer."""
        mode = REPLAYED if is_replayed else LIVE if answer["is_live"] else DRY
        key = (answer["outcome"], answer["policy"]["source"], answer["policy"]["arm"], mode)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = self._decisions.labels(*key)
        child.inc()
        if mode == LIVE and answer["reserved_minor"]:
            self._reserved.inc(answer["reserved_minor"])
