"""Rows of the knowledge tables, to and from documents and passages. It reads and writes no database."""

from datetime import date
from typing import Any

from sqlalchemy import Row

from casewright.adapters.store.metadata import read_json, write_json
from casewright.adapters.store.times import from_micros
from casewright.domain.case import Language
from casewright.domain.knowledge import Document, Passage, SourceKind
from casewright.intake.annotation import annotate
from casewright.language.detect import detect_language
from casewright.language.normalise import normalise
from casewright.language.tokens import tokenise
from casewright.ports.knowledge import NewDocument

VISIBLE = (
    "document_id",
    "version",
    "title",
    "kind",
    "source",
    "content_hash",
    "added_at",
    "valid_from",
    "valid_until",
    "review_by",
)
"""The columns of a document without its text."""


def read_document(row: Row[Any]) -> Document:
    """A document, from the columns of VISIBLE."""
    return Document(
        row.document_id,
        row.version,
        row.title,
        SourceKind(row.kind),
        row.source,
        row.content_hash,
        from_micros(row.added_at),
        read_day(row.valid_from),
        read_day(row.valid_until),
        read_day(row.review_by),
    )


def read_passage(row: Row[Any]) -> Passage:
    """A passage, from its own columns and the document's title."""
    return Passage(
        row.document_id,
        row.version,
        row.number,
        row.title,
        row.text,
        row.first_char,
        row.past_char,
        tuple(read_json(row.heading_path)),
        row.page,
        row.clause,
        tuple(read_json(row.annotations)),
    )


def write_passage(tenant: str, version: int, passage: Passage, *, is_trusted: bool = False) -> dict[str, Any]:
    """The row of a passage, with what is noticed in it; a policy that ships gives orders by its nature."""
    kinds, is_bangla = _look_at(passage.text)
    kinds = () if is_trusted else kinds
    return {
        "tenant": tenant,
        "document_id": passage.document_id,
        "version": version,
        "number": passage.number,
        "text": passage.text,
        "first_char": passage.start,
        "past_char": passage.end,
        "heading_path": write_json(list(passage.heading_path)),
        "page": passage.page,
        "clause": passage.clause,
        "annotations": write_json(list(kinds)),
        "is_bangla": int(is_bangla),
    }


def same_source(row: Row[Any], document: NewDocument) -> bool:
    """Whether the stored version says the same as the document, in force for the same days."""
    if document.valid_from is not None and write_day(document.valid_from) != row.valid_from:
        return False
    return (
        row.content_hash,
        row.title,
        row.kind,
        row.source,
        row.valid_until,
        row.review_by,
        row.passages,
    ) == (
        document.content_hash,
        document.title,
        document.kind.value,
        document.source,
        write_day(document.valid_until),
        write_day(document.review_by),
        len(document.passages),
    )


def write_day(day: date | None) -> str | None:
    """A day as it is stored."""
    return None if day is None else day.isoformat()


def read_day(text: str | None) -> date | None:
    """What `write_day` wrote."""
    return None if text is None else date.fromisoformat(text)


def _look_at(text: str) -> tuple[tuple[str, ...], bool]:
    """What the annotation notices, and whether it is Bangla in either script."""
    normalised = normalise(text)
    tokens = tokenise(normalised.text)
    kinds = annotate(normalised, tokens).kinds
    return tuple(kind.value for kind in kinds), detect_language(tokens).language is not Language.EN
