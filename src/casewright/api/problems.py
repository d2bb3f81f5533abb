"""Problems on the framework's routes: our own errors and bodies that do not fit, in the service's one shape.

Invariant: no value that was sent comes back in an error, only the name of its field; an error of ours that is
not the caller's doing is logged and not described.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from casewright.api.answers import request_id_of
from casewright.domain.errors import (
    CasewrightError,
    ConfigurationError,
    PolicyError,
    RetryableError,
    TooManyRequests,
)
from casewright.service.documents import encode_json
from casewright.service.error_map import RETRY_AFTER_S, build_domain_error, build_error
from casewright.service.log_labels import label_for_log

INVALID_ARGUMENTS = "invalid_arguments"
NOT_JSON = "The body is not announced as JSON; send Content-Type: application/json."
_MOST_NAMED = 20
"""Problems told at once; a body may have thousands."""


_ERROR_SCHEMA: dict[str, object] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "request_id"],
            "properties": {name: {"type": "string"} for name in ("code", "message", "request_id")},
            "additionalProperties": False,
        }
    },
    "additionalProperties": False,
}
_MEANINGS = {
    400: "The body is not what the contract says.",
    401: "Nobody has said who is asking.",
    403: "Whoever asks may not do this.",
    404: "There is no such thing, or it is another's.",
    409: "Something else happens, or has happened, first.",
    413: "Over a stated limit.",
    422: "Arguments that cannot be, or nothing can be decided from them.",
    429: "Asked too often; Retry-After says when to come back.",
    503: "Busy, or something outside is gone; try again.",
}


_PATTERNS: dict[str, str] = {}
"""What each pattern of a body or a parameter asks for, in words."""


def in_words(pattern: str, words: str) -> str:
    """The pattern, whose mismatch is told to callers in these words: "write a day as 2026-05-31"."""
    _PATTERNS[pattern] = words
    return pattern


def error_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, for the published description."""
    content = {"application/json": {"schema": _ERROR_SCHEMA}}
    return {status: {"description": _MEANINGS[status], "content": content} for status in statuses}


def json_response(status: int, document: object, **headers: str) -> Response:
    """A JSON answer that nobody stores."""
    own = {"content-type": "application/json", "cache-control": "no-store"}
    return Response(encode_json(document), status, {**own, **headers})


def answer_problems(door: FastAPI, log: Any) -> None:
    """Register the answers to errors of ours and to bodies that do not fit."""

    async def answer_our_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, CasewrightError)  # noqa: S101 - registered for this class only
        request_id = request_id_of(request.scope)
        status, body = build_domain_error(error, request_id)
        if status >= 500:
            # What is wrong with files of ours is told to whoever runs this; no text of a caller stands in it.
            detail = error.message if isinstance(error, PolicyError | ConfigurationError) else None
            label = label_for_log(request_id)
            log.error("request failed", request_id=label, status=status, code=error.code, detail=detail)
        return json_response(status, body, **_headers_of(error, status))

    async def answer_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
        problems = error.errors()
        is_unread = bool(problems) and problems[0]["type"] == "model_attributes_type"
        is_json = "json" in request.headers.get("content-type", "").lower()
        message = describe_invalid(problems) if is_json or not is_unread else NOT_JSON
        return json_response(422, build_error(INVALID_ARGUMENTS, message, request_id_of(request.scope)))

    door.add_exception_handler(CasewrightError, answer_our_error)
    door.add_exception_handler(RequestValidationError, answer_invalid)


def allowed_methods(routes: Iterable[Any], path: str) -> str:
    """Every method that some route of this path takes, for the Allow header: several routes share a path."""
    methods: set[str] = set()
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            methods.update(filter(None, allowed_methods(included.routes, path).split(", ")))
        elif route.path_regex.match(path):
            methods |= route.methods
    return ", ".join(sorted(methods))


def describe_invalid(problems: Sequence[dict[str, Any]]) -> str:
    """Which fields are wrong, and how; without what stood in them."""
    named = [f"{_place(problem['loc'])}: {_sentence(problem)}" for problem in problems[:_MOST_NAMED]]
    rest = len(problems) - len(named)
    return "; ".join(named) + (f"; and {rest} more" if rest else "")


def _headers_of(error: CasewrightError, status: int) -> dict[str, str]:
    if status == 401:
        return {"www-authenticate": "Bearer"}
    if isinstance(error, TooManyRequests):
        return {"retry-after": str(error.retry_after_s)}
    return {"retry-after": str(RETRY_AFTER_S)} if isinstance(error, RetryableError) else {}


def _place(parts: Sequence[object]) -> str:
    """`body.lines.0.reason`. A name that the caller made up is not repeated, unless it is a plain word."""
    shown = [str(part) for part in parts]
    return ".".join(
        part if (part.isidentifier() and len(part) <= 40) or part.isdigit() else "?" for part in shown
    )


def _sentence(problem: dict[str, Any]) -> str:
    """What is wrong. Only types whose message is made of the model alone keep their own message."""
    kind = str(problem["type"])
    if kind == "extra_forbidden":
        return "there is no such field"
    if kind == "missing":
        return "is required"
    if kind == "json_invalid":
        return "is not JSON"
    if kind in {"model_attributes_type", "model_type"}:
        return "is not a JSON object"
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(problem.get("ctx", {}).get("pattern", ""), "is not written as it has to be")
    if kind in {"value_error", "assertion_error"}:
        return "is not allowed"
    return str(problem["msg"])[:200]
