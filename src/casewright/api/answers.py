"""Answers: JSON over plain ASGI, for the routes and wrappers that do without a framework's response.

Invariant: what is sent is always valid UTF-8 JSON; a lone surrogate leaves as an escape.
"""

import json
from collections.abc import Sequence

from starlette.types import Scope, Send

Headers = Sequence[tuple[bytes, bytes]]
REQUEST_ID = "casewright.request_id"
"""Key of the request's id in an ASGI scope; set by the perimeter."""
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_ENCODE_ASCII = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode
_JSON_HEADERS = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))


def encode_json(document: object) -> bytes:
    """Compact JSON in UTF-8."""
    try:
        return _ENCODE(document).encode("utf-8")
    except UnicodeEncodeError:
        return _ENCODE_ASCII(document).encode("ascii")


def request_id_of(scope: Scope) -> str:
    """The id of the request, or an empty string outside the perimeter."""
    return str(scope.get(REQUEST_ID, ""))


async def send_json(send: Send, status: int, document: object, headers: Headers = ()) -> None:
    """Send one whole answer."""
    body = encode_json(document)
    length = (b"content-length", str(len(body)).encode("ascii"))
    await send(
        {"type": "http.response.start", "status": status, "headers": [*_JSON_HEADERS, length, *headers]}
    )
    await send({"type": "http.response.body", "body": body})
