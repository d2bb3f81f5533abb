"""The published shapes of what the tools answer, for the OpenAPI document."""

from typing import Any

from casewright.domain.proposal import ProposalState
from casewright.tools.answers import AnswerStatus

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


EFFECT = _object(
    {
        "kind": _TEXT,
        "summary": _TEXT,
        "amount_minor": _nullable({"type": "integer"}),
        "currency": _nullable(_TEXT),
        "target": _nullable(_TEXT),
    }
)
APPROVAL = _object(
    {
        "needed": _TEXT,
        "is_granted": _nullable({"type": "boolean"}),
        "approver_id": _nullable(_TEXT),
        "decided_at": _nullable(_TEXT),
    }
)
PROPOSAL = _object(
    {
        "proposal_id": _TEXT,
        "tool": _TEXT,
        "state": {"enum": [state.value for state in ProposalState]},
        "outcome": _TEXT,
        "reason_codes": _TEXTS,
        "effects": {"type": "array", "items": EFFECT},
        "clauses": _TEXTS,
        "amount_minor": {"type": "integer"},
        "order_id": _nullable(_TEXT),
        "order_version": _nullable({"type": "integer"}),
        "digest": _TEXT,
        "created_at": _TEXT,
        "expires_at": _TEXT,
        "replaced_by": _nullable(_TEXT),
        "approval": _nullable(APPROVAL),
        "confirmation": _nullable(_TEXT),
    }
)
ANSWER = _object(
    {
        "tool": _TEXT,
        "status": {"enum": [status.value for status in AnswerStatus]},
        "reason_codes": _TEXTS,
        "reasons": _TEXTS,
        "effects": {"type": "array", "items": EFFECT},
        "clauses": _TEXTS,
        "result": {"type": "object"},
        "action_id": _nullable(_TEXT),
        "is_replayed": {"type": "boolean"},
        "proposal": _nullable(PROPOSAL),
    }
)
CATALOGUE = _object(
    {
        "tools": {
            "type": "array",
            "items": _object(
                {
                    "name": _TEXT,
                    "desk": _TEXT,
                    "effect": {"enum": ["read", "write"]},
                    "summary": _TEXT,
                    "is_two_step": {"type": "boolean"},
                    "needs_idempotency_key": {"type": "boolean"},
                    "roles": _TEXTS,
                    "arguments": {"type": "object"},
                }
            ),
        }
    }
)
PROPOSALS = _object({"proposals": {"type": "array", "items": PROPOSAL}})

IDEMPOTENCY_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "New for each new request; the same again when a request is repeated.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]{1,255}$"},
}


def response(description: str, schema: Schema) -> Schema:
    """One answer of a route."""
    return {"description": description, "content": {"application/json": {"schema": schema}}}
