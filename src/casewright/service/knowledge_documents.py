"""Documents of knowledge as the doors show them: plain JSON values. It looks nothing up."""

from typing import TYPE_CHECKING, Any

from casewright.domain.knowledge import Document, FoundPassage, Passage, Retrieved

if TYPE_CHECKING:
    from casewright.adapters.knowledge.verification import Verification


def describe_document(document: Document, *, is_stale: bool) -> dict[str, Any]:
    """One version of a document, without its text."""
    return {
        "document_id": document.document_id,
        "version": document.version,
        "title": document.title,
        "kind": document.kind.value,
        "source": document.source,
        "content_hash": document.content_hash,
        "added_at": document.added_at.isoformat(timespec="seconds"),
        "valid_from": _day(document.valid_from),
        "valid_until": _day(document.valid_until),
        "review_by": _day(document.review_by),
        "is_stale": is_stale,
    }


def describe_passage(passage: Passage) -> dict[str, Any]:
    """A passage with everything that a citation needs."""
    return {
        "document_id": passage.document_id,
        "version": passage.version,
        "number": passage.number,
        "title": passage.title,
        "heading_path": list(passage.heading_path),
        "start": passage.start,
        "end": passage.end,
        "page": passage.page,
        "clause": passage.clause,
        "text": passage.text,
        "annotations": list(passage.annotations),
    }


def describe_found(found: Retrieved) -> dict[str, Any]:
    """What a search found, with its scores in millionths."""
    return {
        "is_abstaining": found.is_abstaining,
        "model": found.model,
        "generation": found.generation,
        "passages": [_describe_scored(each) for each in found.found],
    }


def describe_verification(verification: "Verification") -> dict[str, Any]:
    """What `verify` found."""
    return {
        "documents": verification.documents,
        "passages": verification.passages,
        "faults": [
            {
                "kind": fault.kind.value,
                "document_id": fault.document_id,
                "version": fault.version,
                "detail": fault.detail,
            }
            for fault in verification.faults
        ],
        "stale": [document.document_id for document in verification.stale],
        "lacking": dict(verification.lacking),
    }


def _describe_scored(found: FoundPassage) -> dict[str, Any]:
    return describe_passage(found.passage) | {
        "score_micro": found.score_micro,
        "lexical_micro": found.lexical_micro,
        "dense_micro": found.dense_micro,
    }


def _day(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())
