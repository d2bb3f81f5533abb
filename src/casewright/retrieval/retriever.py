"""Retriever: a query to the passages worth citing, from words and vectors together, or to none.

The score of a passage is a convex combination of two numbers between 0 and 1: its BM25 divided by the most
that any passage could reach for this query, and its cosine laid between what is ordinary and what is best.
Where query and corpus share no words the first is 0 everywhere and only vectors count; without an embedder
that can read the query only words count. Below the threshold of the index nothing is cited.
It keeps no state: the index, in its present state, is asked for with each query.
"""

from collections.abc import Callable
from dataclasses import dataclass

from casewright.domain.knowledge import FoundPassage, Query, Retrieved
from casewright.ports.knowledge import Embedder, PassageIndex, Scope
from casewright.retrieval.fusion import Candidate, fuse
from casewright.retrieval.queries import ReadQuery, read_query

CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Embedders:
    """The embedders of an installation; None: not installed, or not wanted."""

    english: Embedder | None = None
    multilingual: Embedder | None = None

    def choose(self, query: ReadQuery, index: PassageIndex) -> Embedder | None:
        """The one that reads both the query and the passages, and whose vectors the index has."""
        is_bangla = query.is_bangla or index.bangla_micro >= BANGLA_CORPUS_MICRO
        wanted = (self.multilingual,) if is_bangla else (self.english, self.multilingual)
        return next((each for each in wanted if each is not None and each.model in index.models), None)


BANGLA_CORPUS_MICRO = 100_000
"""From this share of passages in Bangla on, English queries are embedded by the multilingual model, too."""


class Retriever:
    """Search over the passages of one tenant: the port `Retrieval`. Thread-safe."""

    def __init__(self, index: Callable[[], PassageIndex], embedders: Embedders) -> None:
        self._index = index
        self._embedders = embedders

    def search(self, query: Query) -> Retrieved:
        """The best passages at or above the threshold, best first."""
        index = self._index()
        model, ranked = rank(index, self._embedders, query)
        threshold = index.threshold_micro(model) or 0
        kept = ranked[: query.limit]
        found = tuple(
            FoundPassage(
                index.passage(each.key),
                each.score_micro,
                each.lexical_micro,
                each.dense_micro,
            )
            for each in kept
            if each.score_micro >= threshold
        )
        return Retrieved(found, model, index.generation)


def rank(
    index: PassageIndex, embedders: Embedders, query: Query, *, limit: int = CANDIDATES
) -> tuple[str | None, tuple[Candidate, ...]]:
    """Every candidate with its scores, best first, whatever the threshold; and the embedder that was used."""
    scope = Scope(query.as_of, query.kinds)
    read = read_query(query.text)
    words, bound = index.match_words(read.weights, scope, limit=limit)
    lexical = {match.key: match.score for match in words}
    embedder = embedders.choose(read, index)
    if embedder is None:
        return None, fuse(lexical, bound, None)
    vector = embedder.embed_query(read.dense_text)
    dense = dict(index.nearest(embedder.model, vector, scope, limit=limit))
    missing = [key for key in lexical if key not in dense]
    dense.update(zip(missing, index.similarities(embedder.model, vector, missing), strict=True))
    return embedder.model, fuse(lexical, bound, dense)
