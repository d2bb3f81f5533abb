"""Error map: the one place that says how an error is answered over HTTP.

Invariant: the body is `{"error": {"code", "message", "request_id"}}`, with the message of our own errors
and a fixed one for anything else: never a trace, never text of a customer.
"""

from casewright.domain.errors import (
    CasewrightError,
    Conflict,
    MalformedRequest,
    MeaninglessRequest,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    RetryableError,
    TooLarge,
    TooManyRequests,
    Unavailable,
)

STATUS_BY_TYPE: dict[type[CasewrightError], int] = {
    MalformedRequest: 400,
    MeaninglessRequest: 422,
    NotAuthenticated: 401,
    NotPermitted: 403,
    NotFound: 404,
    Conflict: 409,
    TooLarge: 413,
    TooManyRequests: 429,
    Unavailable: 503,
    RetryableError: 503,
}
INTERNAL_CODE = "internal_error"
INTERNAL_MESSAGE = (
    "Something went wrong on our side; try again, and quote the request id if it happens again."
)
CODES_BY_STATUS = {
    400: "malformed_request",
    401: "unauthorised",
    404: "not_found",
    405: "method_not_allowed",
    429: "too_many_requests",
}
RETRY_AFTER_S = 1


def status_of(error: CasewrightError) -> int:
    """The HTTP status of an error; 500 for one that is not the caller's doing."""
    for kind in type(error).__mro__:
        if kind in STATUS_BY_TYPE:
            return STATUS_BY_TYPE[kind]
    return 500


def build_error(code: str, message: str, request_id: str) -> dict[str, object]:
    """The body of an error."""
    return {"error": {"code": code, "message": message, "request_id": request_id}}


def build_domain_error(error: CasewrightError, request_id: str) -> tuple[int, dict[str, object]]:
    """Status and body for an error of ours; what is wrong inside is not described outside."""
    status = status_of(error)
    if status == 500:
        return status, build_error(INTERNAL_CODE, INTERNAL_MESSAGE, request_id)
    return status, build_error(error.code, error.message, request_id)
