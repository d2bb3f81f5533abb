"""The published shapes of what the routes of knowledge answer, for the OpenAPI document."""

from typing import Any

from casewright.domain.knowledge import SourceKind

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_WHOLE: Schema = {"type": "integer"}
_MAYBE_TEXT: Schema = {"anyOf": [_TEXT, {"type": "null"}]}
_MAYBE_WHOLE: Schema = {"anyOf": [_WHOLE, {"type": "null"}]}
_MAYBE_DAY: Schema = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}


def _object(properties: Schema, title: str) -> Schema:
    """`title`: the name under which it is published."""
    return {
        "title": title,
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_DOCUMENT: Schema = {
    "document_id": _TEXT,
    "version": _WHOLE,
    "title": _TEXT,
    "kind": {"enum": [kind.value for kind in SourceKind]},
    "source": _TEXT,
    "content_hash": _TEXT,
    "added_at": _TEXT,
    "valid_from": _MAYBE_DAY,
    "valid_until": _MAYBE_DAY,
    "review_by": _MAYBE_DAY,
    "is_stale": {"type": "boolean"},
}
_PASSAGE: Schema = {
    "document_id": _TEXT,
    "version": _WHOLE,
    "number": _WHOLE,
    "title": _TEXT,
    "heading_path": _TEXTS,
    "start": _WHOLE,
    "end": _WHOLE,
    "page": _MAYBE_WHOLE,
    "clause": _MAYBE_TEXT,
    "text": _TEXT,
    "annotations": _TEXTS,
}
_SCORES: Schema = {"score_micro": _WHOLE, "lexical_micro": _WHOLE, "dense_micro": _MAYBE_WHOLE}

_DOCUMENT_SHAPE = _object(_DOCUMENT, "KnowledgeDocument")
DOCUMENTS = _object({"documents": _list(_DOCUMENT_SHAPE)}, "KnowledgeDocuments")
DOCUMENT = _object(
    _DOCUMENT | {"passages": _list(_object(_PASSAGE, "KnowledgePassage"))}, "KnowledgeDocumentWithPassages"
)
DOCUMENT_ADDED = _object(
    {"outcome": {"enum": ["added", "replaced", "unchanged"]}, "document": _DOCUMENT_SHAPE},
    "KnowledgeDocumentAdded",
)
FOUND = _object(
    {
        "is_abstaining": {"type": "boolean"},
        "model": _MAYBE_TEXT,
        "generation": _WHOLE,
        "passages": _list(_object(_PASSAGE | _SCORES, "FoundPassage")),
    },
    "FoundPassages",
)
GAPS = _object(
    {"gaps": _list(_object({"question": _TEXT, "times": _WHOLE}, "KnowledgeGap"))}, "KnowledgeGaps"
)
