"""A list of passages as an index: the words of the shipped word index, and vectors that a test gives."""

from collections.abc import Mapping, Sequence
from struct import pack, unpack

from casewright.adapters.knowledge.word_index import WordIndex, count_terms
from casewright.domain.errors import ConfigurationError
from casewright.domain.knowledge import Passage
from casewright.ports.knowledge import Scope, Vector, WordMatch


def make_vector(*values: float) -> Vector:
    return pack(f"<{len(values)}f", *values)


class PassageList:
    """The port `PassageIndex` over texts. A key is a place in the list."""

    generation = 3

    def __init__(
        self,
        texts: Sequence[str],
        vectors: Mapping[str, Sequence[Vector]] | None = None,
        *,
        bangla_micro: int = 0,
        thresholds: Mapping[str | None, int] | None = None,
    ) -> None:
        self.passages = [Passage("d", 1, place, "", text, 0, len(text)) for place, text in enumerate(texts)]
        self._words = WordIndex([count_terms(passage) for passage in self.passages])
        self._vectors = dict(vectors or {})
        self.bangla_micro = bangla_micro
        self._thresholds = dict(thresholds or {})

    @property
    def models(self) -> frozenset[str]:
        return frozenset(self._vectors)

    def match_words(
        self, weights: Mapping[str, float], scope: Scope, *, limit: int
    ) -> tuple[tuple[WordMatch, ...], float]:
        found, bound = self._words.match(weights, limit=limit)
        return tuple(WordMatch(place, score) for place, score in found), bound

    def nearest(
        self, model: str, vector: Vector, scope: Scope, *, limit: int
    ) -> tuple[tuple[int, float], ...]:
        cosines = self.similarities(model, vector, range(len(self.passages)))
        return tuple(sorted(enumerate(cosines), key=lambda each: -each[1])[:limit])

    def similarities(self, model: str, vector: Vector, keys: Sequence[int]) -> list[float]:
        if model not in self._vectors:
            raise ConfigurationError(f"no vectors of {model}")
        return [_multiply(vector, self._vectors[model][key]) for key in keys]

    def passage(self, key: int) -> Passage:
        return self.passages[key]

    def threshold_micro(self, model: str | None) -> int | None:
        return self._thresholds.get(model)


def _multiply(one: Vector, other: Vector) -> float:
    form = f"<{len(one) // 4}f"
    return float(sum(a * b for a, b in zip(unpack(form, one), unpack(form, other), strict=True)))
