"""Tool calls as the doors publish them: the documents of answers and of the catalogue. Pure.

The one place that says which HTTP status an answer has. An answer that is a no is still an answer.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from casewright.service.tool_catalogue import describe_reason
from casewright.tools.answers import AnswerStatus, ToolAnswer
from casewright.tools.catalogue import Catalogue
from casewright.tools.committing import NOT_CONFIRMABLE
from casewright.tools.documents import build_answer_document
from casewright.tools.spec import ToolEffect, ToolSpec

ACCEPTED = frozenset({AnswerStatus.PROPOSED, AnswerStatus.UNDER_WAY})
"""Nothing has happened yet, or it is not known how it ended."""


def describe_answer(answer: ToolAnswer) -> dict[str, Any]:
    """The published answer: with each reason code in plain English."""
    document = build_answer_document(answer)
    document["reasons"] = [describe_reason(code) for code in answer.reason_codes]
    return document


def status_of_answer(answer: ToolAnswer) -> int:
    """200 answered, 202 proposed or under way, 409 not carried out as it was confirmed."""
    if NOT_CONFIRMABLE & set(answer.reason_codes):
        return 409
    return 202 if answer.status in ACCEPTED else 200


def describe_catalogue(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Every tool, with the schema of its arguments."""
    return [
        {
            "name": tool.name,
            "desk": tool.desk,
            "effect": tool.effect.value,
            "summary": tool.summary,
            "is_two_step": tool.is_two_step,
            "needs_idempotency_key": tool.effect is ToolEffect.WRITE,
            "roles": sorted(role.value for role in tool.roles),
            "arguments": schema_of(tool),
        }
        for tool in catalogue
    ]


@cache
def schema_of(tool: ToolSpec) -> dict[str, Any]:
    """The JSON schema of a tool's arguments, whole in itself."""
    schema = tool.arguments.model_json_schema()
    whole: dict[str, Any] = _resolve(schema, schema.pop("$defs", {}))
    return whole


def _resolve(schema: Any, definitions: dict[str, Any]) -> Any:
    """The schema with every reference replaced by what it names; the arguments of tools are not recursive."""
    if isinstance(schema, list):
        return [_resolve(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        named = definitions[str(schema["$ref"]).rsplit("/", 1)[-1]]
        others = {name: value for name, value in schema.items() if name != "$ref"}
        return _resolve({**named, **others}, definitions)
    return {name: _resolve(value, definitions) for name, value in schema.items()}


def largest_bodies(tools: Iterable[ToolSpec]) -> dict[str, int]:
    """Routes whose calls may be larger than the service's own limit, in bytes."""
    return {path_of(tool): tool.max_body_bytes for tool in tools if tool.max_body_bytes is not None}


def path_of(tool: ToolSpec) -> str:
    """The route of a tool."""
    return f"/tools/{tool.name}"
