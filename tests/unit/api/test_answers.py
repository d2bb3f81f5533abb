"""Sending JSON over plain ASGI."""

import asyncio
from typing import Any

from casewright.api.answers import REQUEST_ID, request_id_of, send_json


def test_answer_is_whole_typed_and_not_stored() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(send_json(send, 418, {"a": "ক"}, ((b"x-more", b"1"),)))
    start, body = sent
    assert start["status"] == 418
    assert dict(start["headers"]) == {
        b"content-type": b"application/json",
        b"cache-control": b"no-store",
        b"content-length": b"11",
        b"x-more": b"1",
    }
    assert body["body"] == '{"a":"ক"}'.encode()


def test_request_id_outside_the_perimeter_is_empty() -> None:
    assert request_id_of({}) == ""
    assert request_id_of({REQUEST_ID: "r-1"}) == "r-1"
