"""Cosine of two texts: by the installation's embedder where there is one, else by their words."""

import math
import struct
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from casewright.evaluation.answers.support import read_statement
from casewright.ports.knowledge import Embedder, Vector


class TermSimilarity:
    """Cosine of counted stems, damped by logarithm. Deterministic, needs nothing."""

    name = "terms.v1"

    def __call__(self, left: str, right: str) -> float:
        ours, theirs = _weights(read_statement(left).stems), _weights(read_statement(right).stems)
        dot = sum(weight * theirs.get(root, 0.0) for root, weight in ours.items())
        norms = math.hypot(*ours.values()) * math.hypot(*theirs.values())
        return dot / norms if norms else 0.0


@dataclass(frozen=True, slots=True)
class EmbeddedSimilarity:
    """Cosine of two embeddings, cut at zero."""

    embedder: Embedder

    @property
    def name(self) -> str:
        return self.embedder.model

    def __call__(self, left: str, right: str) -> float:
        ours, theirs = map(_floats, self.embedder.embed_passages([left, right]))
        return min(1.0, max(0.0, sum(a * b for a, b in zip(ours, theirs, strict=True))))


def _weights(stems: Iterable[str]) -> dict[str, float]:
    return {root: 1.0 + math.log(count) for root, count in Counter(stems).items()}


def _floats(vector: Vector) -> tuple[float, ...]:
    return struct.unpack(f"<{len(vector) // 4}f", vector)
