"""Retriever: a query to the passages worth citing, from words and vectors together, or to none.

Where query and passages share no words only vectors count; without an embedder that can read the query, or
while it cannot be asked, only words count. Below the threshold of the index nothing is cited.
It keeps no state: the index, in its present state, is asked for with each query.
"""

from collections.abc import Callable
from dataclasses import dataclass

from casewright.domain.errors import RetryableError
from casewright.domain.knowledge import FoundPassage, Query, Retrieved
from casewright.ports.knowledge import Embedder, PassageIndex, Scope
from casewright.retrieval.abstention import USUAL_THRESHOLD_MICRO, ordinary_cosine
from casewright.retrieval.fusion import Candidate, WindowScores, fuse
from casewright.retrieval.queries import ReadQuery, Transliterate, Window, read_query

CANDIDATES = 200
BANGLA_CORPUS_MICRO = 100_000
"""From this share of passages in Bangla on, English queries are embedded by the multilingual model, too."""


@dataclass(frozen=True, slots=True)
class Embedders:
    """What an installation reads queries with; None: not installed, or not wanted."""

    english: Embedder | None = None
    multilingual: Embedder | None = None
    transliterate: Transliterate | None = None
    """Bangla in Latin letters to Bangla script."""

    def choose(self, query: ReadQuery, index: PassageIndex) -> Embedder | None:
        """The one that reads both the query and the passages, and whose vectors the index has."""
        wanted = (self.english, self.multilingual)
        if query.is_bangla:
            wanted = (None, self.multilingual)
        elif index.bangla_micro >= BANGLA_CORPUS_MICRO:
            wanted = (self.multilingual, self.english)
        return next((each for each in wanted if each is not None and each.model in index.models), None)


class Retriever:
    """Search over the passages of one tenant: the port `Retrieval`. Thread-safe."""

    def __init__(self, index: Callable[[], PassageIndex], embedders: Embedders) -> None:
        self._index = index
        self._embedders = embedders

    def search(self, query: Query) -> Retrieved:
        """The best passages at or above the threshold, best first."""
        index = self._index()
        try:
            model, ranked = rank(index, self._embedders, query)
        except RetryableError:  # without the embedder, words alone; without the index, this raises again
            words_alone = Embedders(transliterate=self._embedders.transliterate)
            model, ranked = rank(index, words_alone, query)
        threshold = index.threshold_micro(model)
        least = USUAL_THRESHOLD_MICRO if threshold is None else threshold
        found = tuple(
            FoundPassage(index.passage(each.key), each.score_micro, each.lexical_micro, each.dense_micro)
            for each in ranked[: query.limit]
            if each.score_micro >= least
        )
        return Retrieved(found, model, index.generation)


def rank(
    index: PassageIndex, embedders: Embedders, query: Query, *, limit: int = CANDIDATES
) -> tuple[str | None, tuple[Candidate, ...]]:
    """Every candidate with its scores, best first, whatever the threshold; and the embedder that was used."""
    scope = Scope(query.as_of, query.kinds)
    read = read_query(query.text, embedders.transliterate)
    embedder = embedders.choose(read, index)
    found = [_match(index, window, scope, limit) for window in read.windows]
    if embedder is None:
        return None, fuse(found)
    vectors = [embedder.embed_query(window.dense_text) for window in read.windows]
    nearest = [dict(index.nearest(embedder.model, vector, scope, limit=limit)) for vector in vectors]
    keys = {key for cosines in nearest for key in cosines} | {key for each in found for key in each.lexical}
    for vector, cosines in zip(vectors, nearest, strict=True):
        lacking = sorted(keys - cosines.keys())
        cosines.update(zip(lacking, index.similarities(embedder.model, vector, lacking), strict=True))
    windows = [
        WindowScores(each.lexical, each.bound, dense) for each, dense in zip(found, nearest, strict=True)
    ]
    return embedder.model, fuse(windows, ordinary_cosine(embedder))


def _match(index: PassageIndex, window: Window, scope: Scope, limit: int) -> WindowScores:
    matches, bound = index.match_words(window.weights, scope, limit=limit)
    return WindowScores({match.key: match.score for match in matches}, bound)
