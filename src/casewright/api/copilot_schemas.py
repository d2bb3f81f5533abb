"""The published shapes of what the copilot's routes answer, for the OpenAPI document."""

from typing import Any

from casewright.answering import ANSWERING
from casewright.api.tool_schemas import response
from casewright.domain.answer import FindingCode
from casewright.runner import StepStatus

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_SECONDS: Schema = {"type": "number", "minimum": 0}
_YES_OR_NO: Schema = {"type": "boolean"}


def _object(properties: Schema, title: str | None = None) -> Schema:
    """`title`: the name under which it is published."""
    return {
        **({"title": title} if title else {}),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


_DECISION = _object(
    {"ruleset_id": _TEXT, "outcome": {"type": "object"}, "reasons": _TEXTS, "clauses": _TEXTS},
    "CopilotDecision",
)
_CITATION = _object(
    {
        "document_id": _TEXT,
        "version": _COUNT,
        "title": _TEXT,
        "heading_path": _TEXTS,
        "start": _COUNT,
        "end": _COUNT,
        "page": _maybe({"type": "integer", "minimum": 1}),
        "clause": _maybe(_TEXT),
    },
    "Citation",
)
_KEPT: Schema = {
    "message": _TEXT,
    "rationale": _TEXT,
    "citations": {"type": "array", "items": _CITATION},
    "tools_used": _TEXTS,
    "irrelevant": _YES_OR_NO,
    "source": {"type": "string", "description": "`template` or `model:<provider>/<model>`."},
    "kind": _TEXT,
    "decision": _maybe(_DECISION),
    "decisions": {"type": "array", "items": _DECISION},
    "review": _object(
        {
            "tries": _COUNT,
            "is_fallback": _YES_OR_NO,
            "findings": {
                "type": "array",
                "items": _object(
                    {
                        "try": {"type": "integer", "minimum": 1},
                        "code": {"enum": [code.value for code in FindingCode]},
                        "detail": _TEXT,
                    }
                ),
            },
        }
    ),
    "conversation_id": _TEXT,
    "case_id": _TEXT,
}
COPILOT_ANSWER = _object({**_KEPT, "request_id": _TEXT}, "CopilotAnswer")
COPILOT_CONVERSATION = _object(
    {
        "conversation_id": _TEXT,
        "opened_at": _TEXT,
        "changed_at": _TEXT,
        "turns": {
            "type": "array",
            "items": _object(
                {
                    "number": {"type": "integer", "minimum": 1},
                    "at": _TEXT,
                    "question": {"type": "string", "description": "Redacted."},
                    "answer": _object(_KEPT, "KeptCopilotAnswer"),
                }
            ),
        },
    },
    "CopilotConversation",
)
COPILOT_CONVERSATIONS = _object(
    {
        "conversations": {
            "type": "array",
            "items": _object(
                {
                    "conversation_id": _TEXT,
                    "opened_at": _TEXT,
                    "changed_at": _TEXT,
                    "turns": {"type": "integer", "minimum": 1},
                    "question": {"type": "string", "description": "The first one, redacted."},
                }
            ),
        },
        "next": {**_maybe(_TEXT), "description": "For `after` of the next page; null: there is none."},
    },
    "CopilotConversations",
)
CACHES = _object(
    {
        "caches": {
            "type": "array",
            "items": _object(
                {
                    "name": _TEXT,
                    "hits": _COUNT,
                    "joined": _COUNT,
                    "misses": _COUNT,
                    "shared_hits": _COUNT,
                    "hit_rate": {"type": "number", "minimum": 0, "maximum": 1},
                    "size": _COUNT,
                    "oldest_s": _SECONDS,
                    "lifetime_s": _SECONDS,
                }
            ),
        }
    },
    "LookUpCaches",
)


def _event(kind: str, data: Schema, description: str) -> Schema:
    held = {"type": "string", "contentMediaType": "application/json", "contentSchema": data}
    return {**_object({"event": {"const": kind}, "data": held}), "description": description}


_STEP = {
    **_object(
        {
            "step": {"enum": [step.name for step in ANSWERING.steps]},
            "status": {"enum": list(StepStatus)},
            "took_us": _COUNT,
        },
        "CopilotStep",
    ),
    "additionalProperties": True,
    "description": "A step of the answer, with codes of what it did, such as `kind` and `tools`.",
}
_SENTENCE = _object({"text": _TEXT}, "CopilotSentence")
_EVENTS = [
    _event("step", _STEP, "As each step is done."),
    _event("sentence", _SENTENCE, "Each sentence, once the answer is reviewed and kept."),
    _event("answer", COPILOT_ANSWER, "The answer, whole: the last event."),
    _event(
        "error",
        {"$ref": "#/components/schemas/Error"},
        "What went wrong after the first event: the last one.",
    ),
]


def answer_or_events() -> Schema:
    """The answer in its two forms."""
    described = response("The answer; or, streamed, events of its steps and sentences.", COPILOT_ANSWER)
    described["content"]["text/event-stream"] = {"itemSchema": {"anyOf": _EVENTS}}
    return described
