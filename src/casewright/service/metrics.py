"""Metrics: what the service counts, in the Prometheus text format.

Invariant: labels come from closed sets (case types, verdicts, rules, configured models, statuses), never
from a request. Children are looked up once per combination and kept. With several workers,
PROMETHEUS_MULTIPROC_DIR is set before this module is imported, and every worker answers for all of them.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from casewright.domain.answer import FindingCode, Try
from casewright.domain.reply import name_writer
from casewright.service.knowledge_metrics import KnowledgeMetrics
from casewright.service.retention_metrics import RetentionMetrics
from casewright.service.text_metrics import TextMetrics

if TYPE_CHECKING:
    from casewright.adapters.cache.lookups import CacheNumbers

MULTIPROCESS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LATENCY_BUCKETS_S = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 10.0)

_LOOKUP_OUTCOMES = ("hits", "joined", "misses", "shared_hits")

disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._cases = Counter(
            "casewright_cases",
            "Cases answered, by case type, verdict, human review and source of the text.",
            ("case_type", "verdict", "human_review", "text_source"),
            registry=self._registry,
        )
        self._blocked = Counter(
            "casewright_blocked_texts",
            "Texts of a model that the shield replaced by a template, by the rule they broke.",
            ("rule",),
            registry=self._registry,
        )
        self._responses = Counter(
            "casewright_responses",
            "Answers to POST /analyze-ticket, by status.",
            ("status",),
            registry=self._registry,
        )
        self._latency = Histogram(
            "casewright_case_seconds",
            "Time from the last byte of a ticket to its answer.",
            buckets=LATENCY_BUCKETS_S,
            registry=self._registry,
        )
        self._copilot = _CopilotCounters(self._registry)
        self.knowledge = KnowledgeMetrics(self._registry)
        """What is known, and its alarms."""
        self.text = TextMetrics(self._registry)
        """What text models try, and how they are."""
        self.outreach = RetentionMetrics(self._registry)
        """What is decided of outreach."""
        self._case_children: dict[tuple[object, ...], Counter] = {}
        self._response_children: dict[int, Counter] = {}

    def record_case(
        self, answer: Mapping[str, object], source: str, blocked: Sequence[str], seconds: float
    ) -> None:
        """Count one answered case. `answer` is the published verdict."""
        source = name_writer(source)
        key = (
            answer["case_type"],
            answer["evidence_verdict"],
            answer["human_review_required"],
            source,
        )
        child = self._case_children.get(key)
        if child is None:
            review = "true" if key[2] else "false"
            child = self._case_children[key] = self._cases.labels(str(key[0]), str(key[1]), review, source)
        child.inc()
        self._latency.observe(seconds)
        for rule in blocked:
            self._blocked.labels(rule).inc()

    def record_tries(self, tries: Sequence[Try]) -> None:
        """Count the rules of the shield that the tries of one text broke."""
        for tried in tries:
            for finding in tried.findings:
                if finding.code is FindingCode.SHIELD:
                    self._blocked.labels(finding.detail).inc()

    def record_response(self, status: int) -> None:
        """Count one answer to the analysis call."""
        child = self._response_children.get(status)
        if child is None:
            child = self._response_children[status] = self._responses.labels(str(status))
        child.inc()

    def record_answer(self, answer: Mapping[str, Any], caches: "Sequence[CacheNumbers]") -> None:
        """Count one answered question. `answer` is the published one; `caches` what they have done so far."""
        self._copilot.record(answer, caches)

    def render(self) -> bytes:
        """Everything counted, by all workers."""
        self.text.refresh()
        self.knowledge.refresh()
        if MULTIPROCESS_VARIABLE in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            return generate_latest(registry)
        return generate_latest(self._registry)


class _CopilotCounters:
    """Questions, and what became of their look-ups."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._answers = Counter(
            "casewright_copilot_answers",
            "Questions answered, by kind, source of the text, and whether the safest template had to.",
            ("kind", "text_source", "fallback"),
            registry=registry,
        )
        self._lookups = Counter(
            "casewright_lookups",
            "Look-ups by cache and outcome; shared hits are misses that another process had looked up.",
            ("cache", "outcome"),
            registry=registry,
        )
        self._entries = Gauge(
            "casewright_lookup_cache_entries",
            "Entries of a cache of look-ups.",
            ("cache",),
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._oldest = Gauge(
            "casewright_lookup_cache_oldest_seconds",
            "Age of the oldest entry of a cache when a question was last answered.",
            ("cache",),
            registry=registry,
            multiprocess_mode="livemax",
        )
        self._gate = threading.Lock()
        self._told: dict[tuple[str, str], int] = {}

    def record(self, answer: Mapping[str, Any], caches: "Sequence[CacheNumbers]") -> None:
        fallback = "true" if answer["review"]["is_fallback"] else "false"
        self._answers.labels(answer["kind"], name_writer(str(answer["source"])), fallback).inc()
        with self._gate:
            for cache in caches:
                for outcome in _LOOKUP_OUTCOMES:
                    place, now = (cache.name, outcome), getattr(cache, outcome)
                    self._lookups.labels(*place).inc(max(0, now - self._told.get(place, 0)))
                    self._told[place] = max(now, self._told.get(place, 0))
                self._entries.labels(cache.name).set(cache.size)
                self._oldest.labels(cache.name).set(cache.oldest_s)
