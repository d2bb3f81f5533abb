"""Abstention: from which score on a passage is cited.

Every model spreads its cosines differently (those of one lie between 0.8 and 0.95), so nothing here is a
fixed cosine: what unrelated texts get is measured with each model, and the threshold with each model on each
index, by questions that no support desk's documents answer.
"""

from functools import cache
from itertools import product
from struct import unpack

from casewright.language.data_files import load_packaged
from casewright.ports.knowledge import Embedder, Vector

USUAL_THRESHOLD_MICRO = 120_000
"""Where an index was never calibrated."""
LEAST_THRESHOLD_MICRO = 80_000
"""However little the questions of a calibration find."""


_MEASURED: dict[str, float] = {}
"""Of each model that was asked for, once in a process."""


def ordinary_cosine(embedder: Embedder) -> float:
    """The mean cosine of queries and passages that have nothing to do with one another."""
    if embedder.model not in _MEASURED:
        _MEASURED[embedder.model] = _measure(embedder)
    return _MEASURED[embedder.model]


def _measure(embedder: Embedder) -> float:
    lists = load_probes()
    queries = [embedder.embed_query(text) for text in lists["unrelated_queries"]]
    passages = embedder.embed_passages(lists["unrelated_passages"])
    cosines = [_cosine(query, passage) for query, passage in product(queries, passages)]
    return sum(cosines) / len(cosines)


@cache
def load_probes() -> dict[str, tuple[str, ...]]:
    """The packaged texts that models and indexes are measured with."""
    lists: dict[str, list[str]] = load_packaged("casewright.retrieval", "data/probes.yaml")
    return {name: tuple(texts) for name, texts in lists.items()}


def _cosine(one: Vector, other: Vector) -> float:
    form = f"<{len(one) // 4}f"
    return float(sum(a * b for a, b in zip(unpack(form, one), unpack(form, other), strict=True)))
