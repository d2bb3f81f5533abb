"""The published description of POST /analyze-ticket, as tolerant as its reader.

Invariant: whatever the request schema allows is answered with 200, and whatever it forbids with 400, 413 or
422, so that a fuzzer that takes the document at its word finds no difference. Optional fields therefore
allow anything, and name beside that what is understood.
"""

from typing import Any

from casewright.desks.disputes.facts import CaseType
from casewright.domain.case import Channel, Language, UserType
from casewright.domain.record import RecordKind, RecordStatus

Schema = dict[str, Any]

BLANK_RANGES = (
    (0x0009, 0x000D),
    (0x001C, 0x0020),
    (0x0085, 0x0085),
    (0x00A0, 0x00A0),
    (0x00AD, 0x00AD),
    (0x0300, 0x036F),
    (0x0600, 0x0605),
    (0x061C, 0x061C),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x115F, 0x1160),
    (0x1680, 0x1680),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x2000, 0x200F),
    (0x2028, 0x202F),
    (0x205F, 0x206F),
    (0x20D0, 0x20FF),
    (0x3000, 0x3000),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF9, 0xFFFB),
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x13438),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
"""Characters that say nothing: white space, and what normalisation drops. First and last of each range."""
_VERDICTS = ("consistent", "inconsistent", "insufficient_data")
_SEVERITIES = ("low", "medium", "high", "critical")
_DEPARTMENTS = (
    "customer_support",
    "dispute_resolution",
    "payments_ops",
    "merchant_operations",
    "agent_operations",
    "fraud_risk",
)
EXAMPLE: Schema = {
    "ticket_id": "DEMO-1",
    "complaint": "I sent 1250 taka to a wrong number this morning, please help.",
    "language": "en",
    "channel": "in_app_chat",
    "user_type": "customer",
    "transaction_history": [
        {
            "transaction_id": "TXN-D1",
            "timestamp": "2026-03-02T09:40:00Z",
            "type": "transfer",
            "amount": 1250,
            "counterparty": "+8801300000001",
            "status": "completed",
        }
    ],
}


def build_operation(max_complaint_chars: int) -> Schema:
    """The path item of the hot route."""
    return {
        "post": {
            "tags": ["disputes"],
            "operationId": "analyze_ticket",
            "summary": "Decide one ticket",
            "description": (
                "Compares a complaint with the rows of the customer's ledger, decides by policy, and drafts "
                "a reply. What cannot be understood in an optional field counts as absent."
            ),
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {"$ref": "#/components/schemas/Ticket"},
                        "example": EXAMPLE,
                    }
                },
            },
            "responses": {
                "200": _response("The verdict.", "Verdict"),
                "400": _response("Not JSON, not an object, or a required field missing or of a wrong type."),
                "401": _response("API keys are on, and none that is accepted was sent."),
                "413": _response(
                    f"The body, or the complaint ({max_complaint_chars} characters), is over its limit."
                ),
                "422": _response("The complaint is blank."),
                "429": _response("A rate limit is on, and was reached; see Retry-After."),
                "500": _response("Something went wrong on our side."),
                "503": _response("Something we need is gone or slow; see Retry-After."),
            },
        }
    }


def name_shapes(paths: Schema) -> dict[str, Schema]:
    """Every object of the path items that has a title, by its title; a reference takes its place."""
    named: dict[str, Schema] = {}

    def walk(part: Any) -> Any:
        if isinstance(part, list):
            return [walk(each) for each in part]
        if not isinstance(part, dict):
            return part
        part = {name: walk(each) for name, each in part.items()}
        title = part.get("title")
        if part.get("type") == "object" and isinstance(title, str) and "properties" in part:
            named[title] = part
            return {"$ref": f"#/components/schemas/{title}"}
        return part

    for path, item in paths.items():
        paths[path] = walk(item)
    return named


def build_schemas(max_complaint_chars: int) -> dict[str, Schema]:
    """The schemas that the path items refer to."""
    return {
        "Ticket": {
            "type": "object",
            "required": ["ticket_id", "complaint"],
            "properties": {
                "ticket_id": {"type": "string", "description": "Echoed as it is."},
                "complaint": {
                    "type": "string",
                    "minLength": 1,
                    "pattern": blank_free_pattern(),
                    "description": (
                        "English, Bangla, or Bangla in Latin letters. Longer than "
                        f"{max_complaint_chars} characters is answered with 413."
                    ),
                },
                "language": _hint("A hint; may be wrong.", Language),
                "channel": _hint("Where the complaint came in.", Channel),
                "user_type": _hint("Who complains.", UserType),
                "campaign_context": {"description": "Free text; not read."},
                "transaction_history": {
                    "description": "Rows of the ledger. One that cannot be read is skipped, with a reason.",
                    "anyOf": [{"type": "array", "items": {"$ref": "#/components/schemas/Row"}}, {}],
                },
                "metadata": {"description": "Not trusted; not read."},
            },
        },
        "Row": {
            "description": "One transaction. Anything is accepted; this is what is understood.",
            "anyOf": [{"type": "object", "properties": _row_properties()}, {}],
        },
        "Verdict": {
            "type": "object",
            "additionalProperties": False,
            "required": list(_verdict_properties()),
            "properties": _verdict_properties(),
        },
        "Error": {
            "type": "object",
            "required": ["error"],
            "additionalProperties": False,
            "properties": {
                "error": {
                    "type": "object",
                    "required": ["code", "message", "request_id"],
                    "additionalProperties": False,
                    "properties": {
                        "code": {"type": "string", "description": "Stable; for programs."},
                        "message": {
                            "type": "string",
                            "description": "What is wrong and what to do; for people.",
                        },
                        "request_id": {"type": "string", "description": "Quote it when you ask us."},
                    },
                }
            },
        },
    }


def blank_free_pattern() -> str:
    """A pattern that finds one character that says something."""
    return "[^" + "".join(f"{_escape(first)}-{_escape(last)}" for first, last in BLANK_RANGES) + "]"


def _escape(code_point: int) -> str:
    return f"\\u{code_point:04x}" if code_point <= 0xFFFF else chr(code_point)


def _row_properties() -> dict[str, Schema]:
    return {
        "transaction_id": {"type": "string"},
        "timestamp": {"type": "string", "description": "ISO 8601; without a zone it is read as UTC."},
        "type": {"enum": [kind.value for kind in RecordKind]},
        "amount": {
            "description": "BDT, as a number or as text.",
            "anyOf": [{"type": "number"}, {"type": "string"}],
        },
        "counterparty": {
            "type": "string",
            "description": "A phone number, or a MERCHANT-, BILLER- or AGENT- id.",
        },
        "status": {"enum": [status.value for status in RecordStatus]},
    }


def _verdict_properties() -> dict[str, Schema]:
    return {
        "ticket_id": {"type": "string"},
        "relevant_transaction_id": {"type": ["string", "null"]},
        "evidence_verdict": {"enum": list(_VERDICTS)},
        "case_type": {"enum": [case_type.value for case_type in CaseType]},
        "severity": {"enum": list(_SEVERITIES)},
        "department": {"enum": list(_DEPARTMENTS)},
        "agent_summary": {"type": "string"},
        "recommended_next_action": {"type": "string"},
        "customer_reply": {"type": "string"},
        "human_review_required": {"type": "boolean"},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "reason_codes": {"type": "array", "items": {"type": "string"}},
    }


def _hint(description: str, kind: type[Language] | type[Channel] | type[UserType]) -> Schema:
    return {"description": description, "anyOf": [{"enum": [member.value for member in kind]}, {}]}


def _response(description: str, schema: str = "Error") -> Schema:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }
