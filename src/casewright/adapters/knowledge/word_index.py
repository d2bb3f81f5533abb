"""Word index: BM25 over passages in memory, in plain Python; faster where NumPy is there, which need not be.

Robertson and Zaragoza 2009, with the idf of Lucene, which is never negative. What a posting adds to a score
is worked out when the index is built, so that a query adds up and multiplies once per posting. A passage's
words are those of its title, its headings and its text.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from heapq import nlargest
from importlib.util import find_spec
from math import log

from casewright.domain.knowledge import Passage
from casewright.retrieval.chunking import embedded_text
from casewright.retrieval.terms import read_terms

K1 = 1.2
B = 0.75
DOZEN = 12
TermCounts = Mapping[str, int]
_HAS_NUMPY = find_spec("numpy") is not None


def count_terms(passage: Passage) -> dict[str, int]:
    """How often each word stands in a passage, its title and its headings."""
    return Counter(read_terms(embedded_text(passage)))


def weigh(in_passages: int, of_passages: int) -> float:
    """Inverse document frequency of a term."""
    return log(1 + (of_passages - in_passages + 0.5) / (in_passages + 0.5))


def saturate(times: int, length: int, mean_length: float) -> float:
    """What the times a term stands in a passage count for, at most K1 + 1."""
    return times * (K1 + 1) / (times + K1 * (1 - B + B * length / mean_length))


def upper_bound(weights: Mapping[str, float], frequencies: Mapping[str, int], of_passages: int) -> float:
    """The most that a passage could score for the DOZEN words that weigh most.

    No passage holds more of a long query. A word that no passage has counts like the rarest.
    """
    each = (weight * weigh(frequencies.get(term, 0) or 1, of_passages) for term, weight in weights.items())
    return sum(nlargest(DOZEN, each)) * (K1 + 1)


class WordIndex:
    """Passages by their place in a list. Thread-safe once built."""

    def __init__(self, passages: Iterable[TermCounts]) -> None:
        lengths = array("I")
        self._places: dict[str, array[int]] = {}
        self._impacts: dict[str, array[float]] = {}
        for place, counts in enumerate(passages):
            lengths.append(sum(counts.values()))
            for term, times in counts.items():
                if term not in self._places:
                    self._places[term], self._impacts[term] = array("I"), array("f")
                self._places[term].append(place)
                self._impacts[term].append(times)
        self._size = len(lengths)
        mean = (sum(lengths) / self._size if self._size else 0.0) or 1.0
        for term, impacts in self._impacts.items():
            for number, place in enumerate(self._places[term]):
                impacts[number] = saturate(int(impacts[number]), lengths[place], mean)

    def match(
        self, weights: Mapping[str, float], *, limit: int, among: frozenset[int] | None = None
    ) -> tuple[list[tuple[int, float]], float]:
        """Places and scores of the best, best first, and the most that any passage could score."""
        frequencies = {term: len(self._places.get(term, ())) for term in weights}
        factors = {
            term: weight * weigh(frequencies[term], self._size)
            for term, weight in weights.items()
            if frequencies[term]
        }
        add_up = self._add_up_fast if _HAS_NUMPY else self._add_up
        return add_up(factors, limit, among), upper_bound(weights, frequencies, self._size)

    def _add_up(
        self, factors: Mapping[str, float], limit: int, among: frozenset[int] | None
    ) -> list[tuple[int, float]]:
        scores: dict[int, float] = {}
        for term, factor in factors.items():
            for place, impact in zip(self._places[term], self._impacts[term], strict=True):
                scores[place] = scores.get(place, 0.0) + factor * impact
        if among is not None:
            scores = {place: score for place, score in scores.items() if place in among}
        return nlargest(limit, scores.items(), key=lambda item: (item[1], -item[0]))

    def _add_up_fast(
        self, factors: Mapping[str, float], limit: int, among: frozenset[int] | None
    ) -> list[tuple[int, float]]:
        """The same numbers by NumPy, some twenty times as fast in a large index."""
        import numpy

        scores = numpy.zeros(self._size)
        for term, factor in factors.items():
            places = numpy.frombuffer(self._places[term], dtype=self._places[term].typecode)
            scores[places] += factor * numpy.frombuffer(self._impacts[term], "f").astype("d")
        if among is not None:
            allowed = numpy.zeros(self._size, dtype=bool)
            allowed[list(among)] = True
            scores[~allowed] = 0.0
        found = numpy.flatnonzero(scores)
        if len(found) > limit:
            least = numpy.partition(scores[found], len(found) - limit)[len(found) - limit]
            found = found[scores[found] >= least]
        ranked = sorted((-float(scores[place]), int(place)) for place in found)[:limit]
        return [(place, -score) for score, place in ranked]
