"""Knowledge: documents, and passages of them to retrieve and cite. A passage explains; it decides nothing."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class SourceKind(StrEnum):
    """What a document is for; a search may be narrowed to some of these."""

    POLICY = "policy"
    """Clauses of a desk's own policy."""
    PLAYBOOK = "playbook"
    FAQ = "faq"
    GUIDE = "guide"


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one source. Old versions stay, so that an old decision cites the text of its day."""

    document_id: str
    version: int
    """From 1, by one with each change of the content."""
    title: str
    kind: SourceKind
    source: str
    """Where it came from: a path below the folder that was added, or a name such as `orders/policy.md`."""
    content_hash: str
    """`sha256:` and hexadecimal digits, of the bytes that were read."""
    added_at: datetime
    valid_from: date | None = None
    """None: always."""
    valid_until: date | None = None
    """The first day on which it is no longer in force; None: open."""
    review_by: date | None = None
    """The day from which the source counts as stale; None: never."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that can be cited. `start` and `end` are characters of the document's text."""

    document_id: str
    version: int
    number: int
    """Its place in the document, from 0."""
    title: str
    """The document's."""
    text: str
    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    """From 1, where the source has pages."""
    clause: str | None = None
    """Id of a numbered clause, which is one passage."""
    annotations: tuple[str, ...] = ()
    """What was noticed in it, such as `injection`: a model reads it fenced, and it decides nothing."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What an answer points to."""

    document_id: str
    version: int
    title: str
    heading_path: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    page: int | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage with its scores in millionths: fused, of the words, of the vectors (None: no embedder)."""

    passage: Passage
    score_micro: int
    lexical_micro: int
    dense_micro: int | None = None

    @property
    def citation(self) -> Citation:
        """How an answer cites it."""
        found = self.passage
        return Citation(
            found.document_id,
            found.version,
            found.title,
            found.heading_path,
            found.start,
            found.end,
            found.page,
            found.clause,
        )


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `text` is redacted by who asks."""

    text: str = field(repr=False)
    as_of: date
    """Documents in force on this day are searched, in their version of that day."""
    kinds: frozenset[SourceKind] = frozenset()
    """Empty: all."""
    limit: int = 5


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The best passages, best first; none where nothing reaches the threshold."""

    found: tuple[FoundPassage, ...] = ()
    model: str | None = None
    """Identity of the embedder; None: words alone."""
    generation: int = 0
    """State of the index that was searched."""

    @property
    def is_abstaining(self) -> bool:
        """Nothing is similar enough to be cited."""
        return not self.found
