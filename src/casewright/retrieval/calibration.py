"""Calibration: the score below which an index cites nothing, with each embedder that it can be searched with.

Questions that no support desk's documents answer are asked; what they find is found by chance. The threshold
is a little above nearly all of it. It is measured again when the index has changed.
"""

from datetime import date

from casewright.domain.knowledge import Query
from casewright.ports.knowledge import PassageIndex
from casewright.retrieval.abstention import LEAST_THRESHOLD_MICRO, load_probes
from casewright.retrieval.retriever import Embedders, rank

QUANTILE = 0.95
"""Of the questions by model that find less than the threshold."""


def calibrate(index: PassageIndex, embedders: Embedders, as_of: date) -> dict[str | None, int]:
    """The threshold for each model that answers questions on this index; None: words alone."""
    scores: dict[str | None, list[int]] = {}
    for text in load_probes()["off_topic"]:
        model, ranked = rank(index, embedders, Query(text, as_of), limit=10)
        scores.setdefault(model, []).append(ranked[0].score_micro if ranked else 0)
    return {model: max(_find_quantile(found) + 1, LEAST_THRESHOLD_MICRO) for model, found in scores.items()}


def _find_quantile(scores: list[int]) -> int:
    return sorted(scores)[int(QUANTILE * (len(scores) - 1))]
