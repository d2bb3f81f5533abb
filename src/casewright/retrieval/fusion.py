"""Fusion: the scores of words and of vectors, to one.

A convex combination of two numbers between 0 and 1: BM25 divided by its upper bound for the query, and the
cosine laid between that of unrelated texts and 1. Ranks are not used: they would give a search that finds
nothing as much weight as one that does (Bruch, Gai and Ingber, 2023). What leaves out of the paper: the
bounds are those of theory for words and of the model for cosines, never the least and greatest of a result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MILLION = 1_000_000
LEXICAL_SHARE = 0.4
"""Weight of the words in a score; that of meaning is the rest."""
LEXICAL_SHARE_OF_PARTS = 0.6
"""The same for the parts of a long query: of their many words fewer are shared by chance."""
BEST_WINDOWS = 5
"""A passage's score for a long query is the mean of those for so many of its parts, its best ones."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its scores, in millionths."""

    key: int
    score_micro: int
    lexical_micro: int
    dense_micro: int | None = None


@dataclass(frozen=True, slots=True)
class WindowScores:
    """What one part of a query found. `dense`: a cosine for each candidate; None: no embedder."""

    lexical: Mapping[int, float]
    bound: float
    dense: Mapping[int, float] | None = None


def fuse(windows: Sequence[WindowScores], ordinary: float = 0.0) -> tuple[Candidate, ...]:
    """Candidates, best first; of equals the one with the lower key.

    `ordinary` is the model's cosine of unrelated texts. Without vectors words decide alone.
    """
    keys = {key for window in windows for key in (*window.lexical, *(window.dense or ()))}
    share = LEXICAL_SHARE if len(windows) == 1 else LEXICAL_SHARE_OF_PARTS
    found = [_weigh(key, windows, ordinary, share) for key in keys]
    return tuple(sorted(found, key=lambda each: (-each.score_micro, each.key)))


def _weigh(key: int, windows: Sequence[WindowScores], ordinary: float, share: float) -> Candidate:
    scores, lexical, dense = [], [], []
    for window in windows:
        words = min(1.0, window.lexical.get(key, 0.0) / window.bound) if window.bound else 0.0
        lexical.append(words)
        if window.dense is None:
            scores.append(words)
            continue
        cosine = window.dense.get(key, ordinary)
        dense.append(cosine)
        meaning = max(0.0, (cosine - ordinary) / (1 - ordinary))
        scores.append(share * words + (1 - share) * meaning)
    best = sorted(scores)[-BEST_WINDOWS:]
    return Candidate(
        key,
        round(sum(best) / len(best) * MILLION),
        round(max(lexical) * MILLION),
        round(max(dense) * MILLION) if dense else None,
    )
