"""Knowledge: what retrieval asks of an embedder and of a store of passages.

Every method of a store or a search belongs to one tenant. A vector is the bytes of little-endian 32-bit
floats of unit length; an index refuses vectors of another model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from casewright.domain.knowledge import Document, Passage, Query, Retrieved, SourceKind

Vector = bytes


class Embedder(Protocol):
    """Texts to vectors. Thread-safe. Raises Unavailable where a server does not answer."""

    @property
    def model(self) -> str:
        """Its identity: name and a hash of what computes, so that another build is another model."""
        ...

    @property
    def dimensions(self) -> int: ...

    def embed_passages(self, texts: Sequence[str]) -> list[Vector]: ...

    def embed_query(self, text: str) -> Vector: ...


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A source that was read and cut, to be stored. Passages carry the version 0 until then."""

    document_id: str
    title: str
    kind: SourceKind
    source: str
    content_hash: str
    text: str
    """The whole text that the spans of the passages count in."""
    passages: tuple[Passage, ...]
    valid_from: date | None = None
    valid_until: date | None = None
    review_by: date | None = None


class Stored(StrEnum):
    """What became of a document that was put."""

    ADDED = "added"
    REPLACED = "replaced"
    """A new version; the one before it ends where this begins."""
    UNCHANGED = "unchanged"


class KnowledgeStore(Protocol):
    """Documents and passages of one tenant. A put is whole or absent; every write is on the audit record."""

    def put(
        self,
        document: NewDocument,
        vectors: Mapping[str, Sequence[Vector]],
        *,
        by: str,
        at: datetime,
    ) -> Stored:
        """Keep a document. `vectors` holds one vector per passage for each model, by the model's identity."""
        ...

    def retire(self, document_id: str, *, by: str, at: datetime) -> bool:
        """End a document from that day on. False where there is none in force."""
        ...

    def documents(self, *, as_of: date | None = None) -> tuple[Document, ...]:
        """All versions, or those in force on a day."""
        ...

    def generation(self) -> int:
        """Grows with every change."""
        ...

    def note_gap(self, question: str, *, at: datetime) -> None:
        """Count a redacted question for which nothing was found."""
        ...

    def gaps(self, *, limit: int = 100) -> tuple[tuple[str, int], ...]:
        """Questions without a source and how often each came, most often first."""
        ...


@dataclass(frozen=True, slots=True)
class Scope:
    """What of an index is searched: documents in force on a day, of some kinds (empty: all)."""

    as_of: date
    kinds: frozenset[SourceKind] = frozenset()


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A passage that shares words with a query. `key` names it within one state of the index."""

    key: int
    score: float


class PassageIndex(Protocol):
    """The passages of one tenant in one state, to search. Thread-safe; a change of the store is a new one.

    A key is valid within the index that gave it. The words of a passage are those of its title, its heading
    path and its text, as `retrieval.terms` reads them; its vectors are of `embedded_text(passage)`.
    """

    @property
    def generation(self) -> int: ...

    @property
    def models(self) -> frozenset[str]:
        """Embedders of which every passage has a vector."""
        ...

    @property
    def bangla_micro(self) -> int:
        """Share of the passages that are in Bangla, in either script, in millionths."""
        ...

    def match_words(
        self, weights: Mapping[str, float], scope: Scope, *, limit: int
    ) -> tuple[tuple[WordMatch, ...], float]:
        """BM25 of the best passages, best first, and the most that a passage could score for the query.

        The bound counts the dozen words that weigh most: no passage holds more of a long query. A word that
        the index lacks counts in it like the rarest.
        """
        ...

    def nearest(
        self, model: str, vector: Vector, scope: Scope, *, limit: int
    ) -> tuple[tuple[int, float], ...]:
        """Keys and cosines of the most similar passages. Raises ConfigurationError for another model."""
        ...

    def similarities(self, model: str, vector: Vector, keys: Sequence[int]) -> list[float]:
        """Cosines of these passages, in their order."""
        ...

    def passage(self, key: int) -> Passage: ...

    def threshold_micro(self, model: str | None) -> int | None:
        """The calibrated score below which nothing is cited, with this embedder; None: never calibrated."""
        ...


class Retrieval(Protocol):
    """Search over one tenant's passages. Thread-safe."""

    def search(self, query: Query) -> Retrieved: ...
