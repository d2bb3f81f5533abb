"""Answers: JSON over plain ASGI, for the routes and wrappers that do without a framework's response.

It builds no answer: what is sent comes from the service, and is encoded there.
"""

from collections.abc import Sequence

from starlette.types import Scope, Send

from casewright.service.documents import encode_json

Headers = Sequence[tuple[bytes, bytes]]
REQUEST_ID = "casewright.request_id"
"""Key of the request's id in an ASGI scope; set by the perimeter."""
_JSON_HEADERS = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))


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
