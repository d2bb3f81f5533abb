"""Verification: whether the knowledge of a tenant is whole, and which of its sources are stale.

It reads everything and repairs nothing. Vectors that are lacking are no fault: search does without them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import Connection, func, select

from casewright.adapters.knowledge.memory_index import is_in_force
from casewright.adapters.knowledge.rows import VISIBLE, read_document
from casewright.adapters.knowledge.tables import DOCUMENTS, PASSAGES, VECTORS
from casewright.adapters.store.engine import Database
from casewright.domain.knowledge import Document


class FaultKind(StrEnum):
    """What may be wrong with what is stored; none of it comes from a crash."""

    PASSAGES_MISSING = "passages_missing"
    PASSAGE_ALTERED = "passage_altered"
    """A passage is not the slice of its document that it says."""
    VERSIONS_OVERLAP = "versions_overlap"
    VECTOR_WRONG = "vector_wrong"
    """A vector has another length than the others of its model."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault and where it is."""

    kind: FaultKind
    document_id: str
    version: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found."""

    documents: int
    """Versions of documents."""
    passages: int
    faults: tuple[Fault, ...]
    stale: tuple[Document, ...]
    """In force, and to be reviewed by that day or before."""
    lacking: Mapping[str, int]
    """Passages without a vector, by model that has made any."""


def verify(database: Database, tenant: str, today: date) -> Verification:
    """Look at every document, passage and vector of a tenant."""
    return database.read(lambda connection: _verify(connection, tenant, today))


def list_stale(documents: tuple[Document, ...], today: date) -> tuple[Document, ...]:
    """Those in force whose day of review has come, longest overdue first."""
    due = [
        document
        for document in documents
        if document.review_by is not None and document.review_by <= today and is_in_force(document, today)
    ]
    return tuple(sorted(due, key=lambda document: (document.review_by or today, document.document_id)))


def _verify(connection: Connection, tenant: str, today: date) -> Verification:
    rows = connection.execute(
        select(*(DOCUMENTS.c[name] for name in VISIBLE), DOCUMENTS.c.passages)
        .where(DOCUMENTS.c.tenant == tenant)
        .order_by(DOCUMENTS.c.document_id, DOCUMENTS.c.version)
    ).all()
    documents = tuple(read_document(row) for row in rows)
    faults: list[Fault] = []
    passages = 0
    for row in rows:
        found = _check_passages(connection, tenant, row.document_id, row.version, row.passages)
        passages += row.passages
        faults += found
    faults += _check_versions(documents)
    lacking, wrong = _check_vectors(connection, tenant, passages)
    return Verification(len(documents), passages, (*faults, *wrong), list_stale(documents, today), lacking)


def _check_passages(
    connection: Connection, tenant: str, document_id: str, version: int, expected: int
) -> Iterator[Fault]:
    text = connection.execute(
        select(DOCUMENTS.c.text).where(
            DOCUMENTS.c.tenant == tenant,
            DOCUMENTS.c.document_id == document_id,
            DOCUMENTS.c.version == version,
        )
    ).scalar_one()
    rows = connection.execute(
        select(PASSAGES.c.number, PASSAGES.c.text, PASSAGES.c.first_char, PASSAGES.c.past_char).where(
            PASSAGES.c.tenant == tenant,
            PASSAGES.c.document_id == document_id,
            PASSAGES.c.version == version,
        )
    ).all()
    if sorted(row.number for row in rows) != list(range(expected)):
        detail = f"{len(rows)} of {expected}"
        yield Fault(FaultKind.PASSAGES_MISSING, document_id, version, detail)
    for row in rows:
        if text[row.first_char : row.past_char] != row.text:
            yield Fault(FaultKind.PASSAGE_ALTERED, document_id, version, f"passage {row.number}")


def _check_versions(documents: tuple[Document, ...]) -> Iterator[Fault]:
    """Of two versions the earlier must end where, or before, the later begins."""
    for earlier, later in pairwise(documents):
        if earlier.document_id != later.document_id:
            continue
        if later.valid_from is None or earlier.valid_until is None or earlier.valid_until > later.valid_from:
            yield Fault(FaultKind.VERSIONS_OVERLAP, later.document_id, later.version)


def _check_vectors(connection: Connection, tenant: str, passages: int) -> tuple[dict[str, int], list[Fault]]:
    sizes = connection.execute(
        select(VECTORS.c.model, func.length(VECTORS.c.vector).label("size"), func.count().label("count"))
        .where(VECTORS.c.tenant == tenant)
        .group_by(VECTORS.c.model, func.length(VECTORS.c.vector))
    ).all()
    lacking: dict[str, int] = {}
    for row in sizes:
        lacking[row.model] = lacking.get(row.model, passages) - row._mapping["count"]
    mixed = {row.model for row in sizes if sum(other.model == row.model for other in sizes) > 1}
    return lacking, [Fault(FaultKind.VECTOR_WRONG, "", 0, model) for model in sorted(mixed)]
