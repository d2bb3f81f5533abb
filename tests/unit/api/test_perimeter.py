"""The wrappers, each alone: what they add, whom they let through."""

import asyncio
from typing import Any

import pytest

from casewright.api.answers import request_id_of, send_json
from casewright.api.perimeter import CALLER, BodyGate, HotPath, KeyGate, PathGate, Perimeter, RateGate
from casewright.service.access import KeyRing
from casewright.service.rate_limit import RateLimit

KEY = "a-key-of-the-service"


def call(
    app: Any,
    path: str = "/x",
    headers: Any = (),
    kind: str = "http",
    address: str = "10.0.0.1",
    method: str = "GET",
) -> Any:
    """The status, headers and scope of one request."""
    sent: list[Any] = []
    scope: dict[str, Any] = {
        "type": kind,
        "path": path,
        "headers": list(headers),
        "client": (address, 1),
        "method": method,
    }

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    start = next((message for message in sent if message["type"] == "http.response.start"), None)
    return (start["status"], dict(start["headers"]), scope) if start else (None, {}, scope)


async def inner(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send_json(send, 200, {"id": request_id_of(scope)})


def test_perimeter_draws_an_id_and_adds_the_headers() -> None:
    status, headers, scope = call(Perimeter(inner, lambda: "drawn"))
    assert status == 200
    assert headers[b"x-request-id"] == b"drawn"
    assert request_id_of(scope) == "drawn"
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert b"script-src 'self'" in headers[b"content-security-policy"]


@pytest.mark.parametrize("given", [b"abc", b"A.b_c-9", b"x" * 64])
def test_sane_request_id_is_kept(given: bytes) -> None:
    assert (
        call(Perimeter(inner, lambda: "drawn"), headers=[(b"x-request-id", given)])[1][b"x-request-id"]
        == given
    )


@pytest.mark.parametrize("given", [b"", b"a b", b".a", b"x" * 65, b"\xff", b"a\r\nb"])
def test_any_other_request_id_is_replaced(given: bytes) -> None:
    headers = call(Perimeter(inner, lambda: "drawn"), headers=[(b"x-request-id", given)])[1]
    assert headers[b"x-request-id"] == b"drawn"


def test_wrappers_leave_the_lifespan_alone() -> None:
    limit = RateLimit("1/hour", lambda: 0.0)
    for app in (Perimeter(inner, str), KeyGate(inner, KeyRing([KEY])), RateGate(inner, limit)):
        assert call(app, kind="lifespan")[0] is None


def test_hot_call_goes_straight_and_everything_else_the_long_way() -> None:
    async def straight(scope: Any, receive: Any, send: Any) -> None:
        await send_json(send, 299, {})

    app = HotPath(inner, "POST", "/hot", straight)
    assert call(app, "/hot", method="POST")[0] == 299
    assert call(app, "/hot")[0] == 200
    assert call(app, "/hot/", method="POST")[0] == 200
    assert call(app, "/hot", kind="lifespan")[0] is None


@pytest.mark.parametrize(
    "header",
    [
        (b"x-api-key", KEY.encode()),
        (b"authorization", b"Bearer " + KEY.encode()),
        (b"authorization", b"bearer  " + KEY.encode()),
    ],
)
def test_accepted_key_lets_through_and_names_the_caller(header: tuple[bytes, bytes]) -> None:
    status, _, scope = call(KeyGate(inner, KeyRing([KEY])), headers=[header])
    assert status == 200
    assert scope[CALLER].startswith("key-")


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"x-api-key", b"wrong")],
        [(b"authorization", b"Basic " + KEY.encode())],
        [(b"x-api-key", b"\xff")],
    ],
)
def test_without_an_accepted_key_it_is_401(headers: Any) -> None:
    status, answer, _ = call(KeyGate(inner, KeyRing([KEY])), headers=headers)
    assert status == 401
    assert answer[b"www-authenticate"] == b"Bearer"


@pytest.mark.parametrize("path", ["/health", "/healthz", "/readyz", "/", "/static/page.css"])
def test_health_and_page_files_need_no_key(path: str) -> None:
    assert call(KeyGate(inner, KeyRing([KEY])), path)[0] == 200


@pytest.mark.parametrize(
    "path", ["/metrics", "/docs", "/openapi.json", "/analyze-ticket", "/healthz/", "//", ""]
)
def test_everything_else_needs_one(path: str) -> None:
    assert call(KeyGate(inner, KeyRing([KEY])), path)[0] == 401


def test_requests_are_counted_per_address_and_health_is_not() -> None:
    gate = RateGate(inner, RateLimit("1/hour", lambda: 0.0))
    assert call(gate)[0] == 200
    status, headers, _ = call(gate)
    assert status == 429
    assert int(headers[b"retry-after"]) > 0
    assert call(gate, address="10.0.0.2")[0] == 200
    assert call(gate, "/health")[0] == 200


def pour(app: Any, *chunks: bytes, declared: int | None = None) -> list[Any]:
    """What is sent to a caller whose body comes in these chunks."""
    sent: list[Any] = []
    coming = [
        {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
        for number, chunk in enumerate(chunks, 1)
    ]
    headers = [] if declared is None else [(b"content-length", str(declared).encode())]

    async def receive() -> Any:
        return coming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app({"type": "http", "path": "/x", "headers": headers}, receive, send))
    return sent


async def gather(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the body it got, or with a hung up caller."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            await send_json(send, 400, "hung up")
            return
        body += message["body"]
        if not message["more_body"]:
            await send_json(send, 200, body.decode())
            return


def test_body_of_the_limit_passes_and_one_byte_more_does_not() -> None:
    gate = BodyGate(gather, 8)
    assert pour(gate, b"1234", b"5678")[0]["status"] == 200
    for sent in (pour(gate, b"1234", b"56789"), pour(gate, b"1", b"2", b"3" * 7), pour(gate, declared=9)):
        assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
        assert sent[0]["status"] == 413
        assert b"body_too_large" in sent[1]["body"]


def test_refusal_of_a_body_is_sent_once_and_nothing_behind_it() -> None:
    sent = pour(BodyGate(gather, 2), b"12", b"3")
    assert b"hung up" not in b"".join(message.get("body", b"") for message in sent)


def test_account_key_or_session_passes_the_gate_to_routes_that_ask_who_it_is() -> None:
    gate = KeyGate(inner, KeyRing([KEY]))
    own_key = [(b"x-api-key", b"cw_main_anything")]
    cookie = [(b"cookie", b"a=b; __Host-casewright=main.x")]
    for headers in (own_key, cookie):
        for path in (
            "/tools/lookup_order",
            "/admin/users",
            "/proposals/p/commit",
            "/approvals",
            "/tools",
            "/escalations",
        ):
            assert call(gate, path, headers)[0] == 200
        for path in ("/metrics", "/analyze-ticket", "/toolsx", "/nowhere"):
            assert call(gate, path, headers)[0] == 401
    assert call(gate, "/tools/lookup_order")[0] == 401
    assert call(gate, "/session")[0] == 200


@pytest.mark.parametrize("path", ["/a/\x00", "/a\nb", "/\ud800", "/a\u2028"])
def test_path_with_control_characters_is_none(path: str) -> None:
    assert call(PathGate(inner), path)[0] == 404
    assert call(PathGate(inner), "/conversation/ক-1 %00")[0] == 200
