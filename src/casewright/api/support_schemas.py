"""The published shapes of what the support routes answer, for the OpenAPI document."""

from typing import Any

from casewright.api.tool_schemas import EFFECT
from casewright.domain.conversation import ConversationState, Side
from casewright.investigation.shop_request import PUBLISHED_INTENTS
from casewright.service.one_shot import FINAL_ACTIONS
from casewright.service.support_acts import ActStatus
from casewright.service.support_calls import CallStatus

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_MAYBE_TEXT: Schema = {"anyOf": [_TEXT, {"type": "null"}]}


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


AGENT_ANSWER = _object(
    {
        "customer_reply": _TEXT,
        "internal_case_summary": _TEXT,
        "next_action_plan": _TEXT,
        "final_action": {"enum": list(FINAL_ACTIONS)},
        "tool_trace": {
            "type": "array",
            "items": _object(
                {
                    "tool_name": _TEXT,
                    "request": {"type": "object"},
                    "response": {"type": "object"},
                    "status": {"enum": [status.value for status in CallStatus]},
                    "note": _TEXT,
                }
            ),
        },
    }
)
RESOLUTION = _object(
    {
        "intent": {"enum": [intent.value for intent in PUBLISHED_INTENTS]},
        "action_result": _object(
            {
                "status": {"enum": [status.value for status in ActStatus]},
                "tool": _MAYBE_TEXT,
                "reason_codes": _TEXTS,
                "effects": {"type": "array", "items": EFFECT},
            }
        ),
        "response": _TEXT,
        "conversation_id": _TEXT,
        "needs_clarification": {"type": "boolean"},
        "clarification_prompt": _MAYBE_TEXT,
    }
)
CONVERSATION = _object(
    {
        "conversation_id": _TEXT,
        "state": {"enum": [state.value for state in ConversationState]},
        "opened_at": _TEXT,
        "changed_at": _TEXT,
        "turns": {
            "type": "array",
            "items": _object(
                {
                    "number": {"type": "integer"},
                    "speaker": {"enum": [side.value for side in Side]},
                    "at": _TEXT,
                    "text": _TEXT,
                    "intent": _MAYBE_TEXT,
                    "status": _MAYBE_TEXT,
                    "reason_codes": _TEXTS,
                }
            ),
        },
    }
)
ESCALATION = _object(
    {
        "escalation_id": _TEXT,
        "case_id": _TEXT,
        "queue": _TEXT,
        "reason": _TEXT,
        "summary": _TEXT,
        "owner": _MAYBE_TEXT,
        "order_id": _MAYBE_TEXT,
        "customer_id": _MAYBE_TEXT,
        "opened_at": _TEXT,
        "due_at": _TEXT,
        "is_overdue": {"type": "boolean"},
        "minutes_left": {"type": "integer"},
        "closed_at": _MAYBE_TEXT,
        "resolution": _MAYBE_TEXT,
    }
)
ESCALATIONS = _object({"escalations": {"type": "array", "items": ESCALATION}})
