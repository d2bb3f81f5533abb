"""The published shapes of what the retention routes answer, for the OpenAPI document."""

from typing import Any

from casewright.api.tool_schemas import IDEMPOTENCY_KEY as _NEEDED_KEY
from casewright.ports.outreach import Arm

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_FLAG: Schema = {"type": "boolean"}


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


IDEMPOTENCY_KEY: Schema = {
    **_NEEDED_KEY,
    "required": False,
    "description": "With it the decision is kept and its budget reserved; without it nothing is written.",
}
RECOMMENDATION = _object(
    {
        "decision_id": _maybe(_TEXT),
        "is_live": _FLAG,
        "customer_id": _maybe(_TEXT),
        "decision": _object(
            {
                "contact": _FLAG,
                "offer_level": _maybe({"type": "integer", "minimum": 0, "maximum": 3}),
                "followup_days": {"type": "integer", "minimum": 1},
            }
        ),
        "outcome": {"enum": ["contact", "deferred", "no_contact"]},
        "not_before": _maybe(_TEXT),
        "scores": _object({"p_churn": _SHARE, "p_accept": {"type": "array", "items": _SHARE}}),
        "message": {"type": "string", "description": "Empty where nobody is contacted."},
        "safety": _object({"violations": _TEXTS, "applied_disclaimers": _TEXTS}),
        "assumed": {**_TEXTS, "description": "What a dry recommendation took for granted: check it."},
        "policy": _object(
            {
                "source": {"enum": ["learned", "baseline"]},
                "version": _TEXT,
                "arm": {"enum": [arm.value for arm in Arm]},
                "reason": _maybe(_TEXT),
            }
        ),
        "models": _object({"risk": _maybe(_TEXT), "acceptance": _maybe(_TEXT)}),
        "ruleset": _TEXT,
        "reasons": {"type": "array", "items": _object({"code": _TEXT, "text": _TEXT, "clause": _TEXT})},
        "reserved_minor": _COUNT,
        "overrides": _object({"applied": _TEXTS, "ignored": _TEXTS}),
    }
)
OUTCOME = _object(
    {
        "decision_id": _TEXT,
        "state": {"enum": ["quarantined", "released"]},
        "accepted": _maybe(_FLAG),
        "complained": _maybe(_FLAG),
        "churned": _maybe(_FLAG),
        "revenue_minor": _maybe({"type": "integer"}),
        "released_minor": _COUNT,
    }
)
