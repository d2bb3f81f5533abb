"""Memory index: the passages of one tenant in one state, searched in memory: BM25, and cosines without loss.

Right up to some 200,000 passages: exact, and nothing that could be out of step with the tables. Beyond that
the vectors are searched in a side file (`side_file`), which is only ever a copy. Invariants: an index never
changes; the passages of a day are loaded when that day is first asked for, and days on which the same
versions are in force share them. A key holds the day it was found for and its place on that day, so that it
stays good when a day is let go and loaded again. A search for vectors of another model is refused.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_

from casewright.adapters.knowledge.rows import read_passage
from casewright.adapters.knowledge.states import State, StatedIndex, VersionOf
from casewright.adapters.knowledge.store import passages_of
from casewright.adapters.knowledge.tables import PASSAGES, VECTORS
from casewright.adapters.knowledge.word_index import WordIndex, count_terms
from casewright.adapters.store.engine import Database
from casewright.domain.errors import ConfigurationError
from casewright.domain.knowledge import Document, Passage, SourceKind
from casewright.ports.knowledge import Scope, Vector, WordMatch

if TYPE_CHECKING:
    from numpy import ndarray

    from casewright.adapters.knowledge.side_files import SideFiles

_PLACE_BITS = 32
_MOST_VIEWS = 8
_MOST_DAYS = 400
_DOCUMENTS_AT_ONCE = 200
_NOT_ALLOWED = -2.0
"""Less than any cosine."""


@dataclass(frozen=True, slots=True)
class Part:
    """One version of a document, as it was loaded."""

    kind: SourceKind
    keys: tuple[int, ...]
    passages: tuple[Passage, ...]


class View:
    """The passages in force on a day. A place is an index into `passages`."""

    def __init__(self, parts: Sequence[Part], load: Callable[[str], dict[int, Vector]]) -> None:
        self.passages = [passage for part in parts for passage in part.passages]
        self.keys = [key for part in parts for key in part.keys]
        self._kinds = [part.kind for part in parts for _ in part.passages]
        self._among: dict[frozenset[SourceKind], frozenset[int] | None] = {}
        self._load = load
        self._matrices: dict[str, ndarray[Any, Any]] = {}
        self._gate = threading.Lock()

    @cached_property
    def words(self) -> WordIndex:
        """Their words."""
        return WordIndex(map(count_terms, self.passages))

    def among(self, kinds: frozenset[SourceKind]) -> frozenset[int] | None:
        """Places of passages of some kinds; None: all."""
        if kinds not in self._among:
            every = not kinds or kinds >= frozenset(self._kinds)
            places = (place for place, kind in enumerate(self._kinds) if kind in kinds)
            self._among[kinds] = None if every else frozenset(places)
        return self._among[kinds]

    def loaded_models(self) -> frozenset[str]:
        """Those whose vectors were asked for."""
        return frozenset(self._matrices)

    def matrix(self, model: str) -> "ndarray[Any, Any]":
        """One row for each passage."""
        import numpy

        with self._gate:
            if model not in self._matrices:
                vectors = self._load(model)
                joined = b"".join(vectors[key] for key in self.keys)
                flat = numpy.frombuffer(joined, dtype="<f4")
                self._matrices[model] = flat.reshape(len(self.keys), -1) if self.keys else flat
            return self._matrices[model]


class MemoryIndex(StatedIndex):
    """ports.knowledge.PassageIndex. Thread-safe."""

    def __init__(
        self,
        database: Database,
        tenant: str,
        state: State,
        parts: dict[VersionOf, Part],
        side_files: "SideFiles | None" = None,
    ) -> None:
        self._database = database
        self._tenant = tenant
        super().__init__(state)
        self._side_files = side_files
        self.parts = parts
        """Shared between states: a version, once loaded, never changes."""
        self._days: dict[date, frozenset[VersionOf]] = {}
        self._views: OrderedDict[frozenset[VersionOf], View] = OrderedDict()
        self._gate = threading.Lock()
        self._loading = threading.Lock()

    def match_words(
        self, weights: Mapping[str, float], scope: Scope, *, limit: int
    ) -> tuple[tuple[WordMatch, ...], float]:
        """BM25 of the best passages, best first, and the most that any passage could score for the query."""
        view = self.view(scope.as_of)
        best, bound = view.words.match(weights, limit=limit, among=view.among(scope.kinds))
        return tuple(WordMatch(_key(scope.as_of, place), score) for place, score in best), bound

    def nearest(
        self, model: str, vector: Vector, scope: Scope, *, limit: int
    ) -> tuple[tuple[int, float], ...]:
        """Keys and cosines of the most similar passages. Raises ConfigurationError for another model."""
        import numpy

        self._require(model)
        view = self.view(scope.as_of)
        if not view.passages:
            return ()
        matrix = view.matrix(model)
        wanted, among = _read_vector(vector, matrix), view.among(scope.kinds)
        if among is None and self._side_files is not None:
            found = self._side_files.search(model, self.generation, view.keys, matrix, wanted, limit)
            if found is not None:
                return tuple((_key(scope.as_of, place), cosine) for place, cosine in found)
        cosines = matrix @ wanted
        if among is not None:
            allowed = numpy.zeros(len(cosines), dtype=bool)
            allowed[list(among)] = True
            cosines = numpy.where(allowed, cosines, _NOT_ALLOWED)
        best = numpy.argpartition(-cosines, min(limit, len(cosines)) - 1)[:limit]
        ranked = sorted(
            ((float(cosines[place]), int(place)) for place in best), key=lambda each: (-each[0], each[1])
        )
        return tuple((_key(scope.as_of, place), cosine) for cosine, place in ranked if cosine > _NOT_ALLOWED)

    def similarities(self, model: str, vector: Vector, keys: Sequence[int]) -> list[float]:
        """Cosines of these passages, in their order."""
        self._require(model)
        if not keys:
            return []
        day, _ = _read_key(keys[0])
        places = [place for _, place in map(_read_key, keys)]
        matrix = self.view(day).matrix(model)
        return [float(cosine) for cosine in matrix[places] @ _read_vector(vector, matrix)]

    def passage(self, key: int) -> Passage:
        """The passage that a key names."""
        day, place = _read_key(key)
        return self.view(day).passages[place]

    def view(self, as_of: date) -> View:
        """What is in force on a day."""
        with self._gate:
            versions = self._versions_on(as_of)
            view = self._views.get(versions)
            if view is not None:
                self._views.move_to_end(versions)
                return view
        with self._loading:  # who searches a day that is there does not wait for the database
            self._load_parts(versions)
        with self._gate:
            return self._views.get(versions) or self._open_view(versions)

    def _versions_on(self, day: date) -> frozenset[VersionOf]:
        if day not in self._days:
            if len(self._days) >= _MOST_DAYS:
                self._days.clear()
            self._days[day] = frozenset(
                version for version, document in self.state.documents.items() if is_in_force(document, day)
            )
        return self._days[day]

    def _open_view(self, versions: frozenset[VersionOf]) -> View:
        ordered = [self.parts[version] for version in sorted(versions)]
        view = View(ordered, lambda model: self._load_vectors(model, versions))
        if len(self._views) >= _MOST_VIEWS:
            self._views.popitem(last=False)
        self._views[versions] = view
        return view

    def _require(self, model: str) -> None:
        if model not in self.state.models:
            raise ConfigurationError(
                f"the index has no vectors of the model {model}; run: casewright knowledge verify --repair"
            )

    def _load_parts(self, versions: frozenset[VersionOf]) -> None:
        lacking = sorted(version for version in versions if version not in self.parts)
        for start in range(0, len(lacking), _DOCUMENTS_AT_ONCE):
            some = lacking[start : start + _DOCUMENTS_AT_ONCE]
            statement = (
                passages_of(self._tenant)
                .where(tuple_(PASSAGES.c.document_id, PASSAGES.c.version).in_(some))
                .order_by(PASSAGES.c.document_id, PASSAGES.c.version, PASSAGES.c.number)
            )
            rows = self._rows(statement)
            found: dict[VersionOf, list[tuple[int, Passage]]] = {version: [] for version in some}
            for row in rows:
                found[row.document_id, row.version].append((row.passage_key, read_passage(row)))
            for version, keyed in found.items():
                passages = tuple(passage for _, passage in keyed)
                self.parts[version] = Part(
                    self.state.documents[version].kind,
                    tuple(key for key, _ in keyed),
                    passages,
                )

    def _load_vectors(self, model: str, versions: frozenset[VersionOf]) -> dict[int, Vector]:
        wanted = {key for version in versions for key in self.parts[version].keys}
        statement = select(VECTORS.c.passage_key, VECTORS.c.vector).where(
            VECTORS.c.tenant == self._tenant, VECTORS.c.model == model
        )
        return {row.passage_key: row.vector for row in self._rows(statement) if row.passage_key in wanted}

    def _rows(self, statement: Any) -> Sequence[Any]:
        return self._database.read(lambda connection: connection.execute(statement).all())


def is_in_force(document: Document, day: date) -> bool:
    """Whether this version is in force on a day."""
    has_begun = document.valid_from is None or document.valid_from <= day
    return has_begun and (document.valid_until is None or day < document.valid_until)


def _key(day: date, place: int) -> int:
    return (day.toordinal() << _PLACE_BITS) | place


def _read_key(key: int) -> tuple[date, int]:
    return date.fromordinal(key >> _PLACE_BITS), key & ((1 << _PLACE_BITS) - 1)


def _read_vector(vector: Vector, matrix: "ndarray[Any, Any]") -> "ndarray[Any, Any]":
    import numpy

    read = numpy.frombuffer(vector, dtype="<f4")
    if len(read) != matrix.shape[1]:
        raise ConfigurationError(
            f"a vector of {len(read)} numbers was asked for among vectors of {matrix.shape[1]}"
        )
    return read
