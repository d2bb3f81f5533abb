"""Fusion: the scores of words and of vectors, to one.

A convex combination of BM25, divided by its upper bound for the query, and of the cosine, laid between the
least and the greatest of the candidates. Ranks are not used: they would give a search that finds nothing as
much weight as one that does.
"""

from collections.abc import Mapping
from dataclasses import dataclass

MILLION = 1_000_000
LEXICAL_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its scores, in millionths."""

    key: int
    score_micro: int
    lexical_micro: int
    dense_micro: int | None = None


def fuse(
    lexical: Mapping[int, float], bound: float, dense: Mapping[int, float] | None
) -> tuple[Candidate, ...]:
    """Candidates, best first; of equals the one with the lower key. Without `dense`, words decide alone."""
    found = []
    for key in dense if dense is not None else lexical:
        words = lexical.get(key, 0.0) / bound if bound else 0.0
        cosine = dense[key] if dense is not None else None
        score = words if cosine is None else LEXICAL_SHARE * words + (1 - LEXICAL_SHARE) * max(cosine, 0.0)
        found.append(
            Candidate(
                key,
                round(score * MILLION),
                round(words * MILLION),
                None if cosine is None else round(cosine * MILLION),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.score_micro, each.key)))
