"""Tools over HTTP: statuses, shapes and headers; who asks is told by the key alone."""

import asyncio
import base64
import io
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from casewright.adapters.log import configure_logging
from casewright.api.app import build_http_door
from casewright.api.perimeter import SESSION_COOKIE
from casewright.api.tools import CallPool
from casewright.bootstrap import build_application
from casewright.domain.errors import Unavailable
from casewright.domain.principal import SCOPES_OF_ROLE, Role, Scope
from casewright.domain.shop import OrderStatus
from casewright.service.access import csrf_token_of
from casewright.service.gatehouse import open_gatehouse
from casewright.service.sign_in import SignedIn

PASSWORD = "a long enough pass phrase"
CANCEL = {"order_id": "ORD-1001", "reason": "no longer needed"}
Ask = Callable[..., Any]


@pytest.fixture
def ask(shop_world: Any) -> Iterator[Ask]:
    """Ask over HTTP as somebody: `ask("customer-1", "POST", path, body, key)`."""
    configure_logging("error")
    gatehouse = open_gatehouse(shop_world.settings, shop_world.shop.database)
    door = build_http_door(
        build_application(shop_world.settings),
        open_gatehouse=lambda: gatehouse,
        open_shop=lambda: shop_world.shop,
    )
    secrets: dict[str, str] = {}

    def secret_of(who: str) -> str:
        if who not in secrets:
            role, _, number = who.partition("-")
            is_customer = role in ("customer", "model")
            scopes = {Scope.READ, Scope.PROPOSE} if role == "model" else SCOPES_OF_ROLE[Role(role)]
            issued = gatehouse.book.add_key(
                "main",
                "test",
                Role.CUSTOMER if is_customer else Role(role),
                scopes,
                days=1,
                customer_id=f"CUS-{1000 + int(number)}" if is_customer else None,
            )
            secrets[who] = issued.secret
        return secrets[who]

    def sign_in(who: str) -> dict[str, str]:
        """The headers of a signed-in person's page."""
        if who not in secrets:
            gatehouse.book.add_user("main", f"{who}@example.com", PASSWORD, Role(who.partition("-")[0]))
            signed = gatehouse.sign_in.sign_in("main", f"{who}@example.com", PASSWORD, address="192.0.2.1")
            assert isinstance(signed, SignedIn)
            secrets[who] = signed.secret
        token = csrf_token_of(secrets[who])
        cookie = f"{SESSION_COOKIE}={secrets[who]}"
        return {"cookie": cookie, "x-csrf-token": token, "origin": "http://testserver"}

    with TestClient(door, raise_server_exceptions=False) as client:

        def send(
            who: str | None, method: str, path: str, body: object = None, key: str | None = None, **more: Any
        ) -> Any:
            headers = {"content-type": "application/json"}
            if who is not None and who.endswith("-person"):
                headers |= sign_in(who)
            elif who is not None:
                headers["x-api-key"] = secret_of(who)
            if key is not None:
                headers["idempotency-key"] = key
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            return client.request(method, path, content=content, headers=headers | more)

        yield send


def test_read_is_answered_with_200(ask: Ask) -> None:
    response = ask("customer-1", "POST", "/tools/lookup_order", {"order_id": "ORD-1001"})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["result"]["orders"][0]["order_id"] == "ORD-1001"


def test_two_step_write_is_answered_with_202_then_committed_with_200(ask: Ask, shop_world: Any) -> None:
    proposed = ask("customer-1", "POST", "/tools/cancel_order", CANCEL, "k1")
    assert proposed.status_code == 202
    proposal = proposed.json()["proposal"]
    assert proposed.headers["location"] == f"/proposals/{proposal['proposal_id']}"
    assert shop_world.order("ORD-1001").status is OrderStatus.PENDING
    path = f"/proposals/{proposal['proposal_id']}/commit"
    done = ask("customer-1", "POST", path, {"confirmation": proposal["confirmation"]})
    assert (done.status_code, done.json()["status"]) == (200, "done")
    assert shop_world.order("ORD-1001").status is OrderStatus.CANCELLED
    again = ask("customer-1", "POST", path, {"confirmation": proposal["confirmation"]})
    assert (again.status_code, again.json()["reason_codes"]) == (409, ["confirmation_consumed"])
    replayed = ask("customer-1", "POST", "/tools/cancel_order", CANCEL, "k1")
    assert (replayed.status_code, replayed.json()["status"]) == (200, "done")


def test_business_no_is_an_answer_with_reasons_in_plain_english(ask: Ask) -> None:
    response = ask("customer-1", "POST", "/tools/cancel_order", {**CANCEL, "order_id": "ORD-1002"}, "k1")
    assert response.status_code == 200
    answer = response.json()
    assert (answer["status"], answer["reason_codes"]) == ("refused", ["order_not_pending"])
    assert len(answer["reasons"]) == 1
    assert answer["reasons"][0].endswith(".")


@pytest.mark.parametrize(
    ("who", "path", "body", "key", "status", "code"),
    [
        (None, "/tools/lookup_order", {"order_id": "ORD-1001"}, None, 401, "not_authenticated"),
        ("customer-1", "/tools/cancel_order", CANCEL, None, 400, "idempotency_key_missing"),
        ("customer-1", "/tools/cancel_order", CANCEL, "x" * 256, 400, "idempotency_key_invalid"),
        ("customer-1", "/tools/cancel_order", b"{", "k", 400, "invalid_json"),
        ("customer-1", "/tools/cancel_order", b"", "k", 400, "empty_body"),
        ("customer-1", "/tools/cancel_order", [], "k", 422, "invalid_arguments"),
        ("customer-1", "/tools/cancel_order", {"order_id": "ORD-1001"}, "k", 422, "invalid_arguments"),
        (
            "customer-1",
            "/tools/cancel_order",
            {**CANCEL, "user_id": "CUS-1002"},
            "k",
            422,
            "invalid_arguments",
        ),
        ("customer-1", "/tools/lookup_order", {}, None, 422, "invalid_arguments"),
        (
            "customer-1",
            "/tools/lookup_order",
            {"order_id": "ORD-1001", "email": "a@example.com"},
            None,
            422,
            "invalid_arguments",
        ),
        ("customer-1", "/tools/drop_tables", {}, "k", 404, "not_found"),
        ("model-1", "/tools/modify_customer_address", {"address": {}}, "k", 403, "not_permitted"),
        (
            "customer-1",
            "/proposals/prp_absent/commit",
            {"confirmation": "0"},
            None,
            404,
            "proposal_not_found",
        ),
        ("customer-1", "/proposals/prp_absent/commit", {}, None, 422, "invalid_arguments"),
        ("customer-1", "/proposals/prp_absent/commit", {"confirmation": 7}, None, 422, "invalid_arguments"),
        ("customer-1", "/approvals/prp_absent", {"decision": "approve"}, None, 403, "not_permitted"),
        ("agent-person", "/approvals/prp_absent", {"decision": "approve"}, None, 404, "proposal_not_found"),
        ("agent-1", "/approvals/prp_absent", {"decision": "approve"}, None, 403, "not_permitted"),
        ("agent-person", "/approvals/prp_absent", {"decision": "maybe"}, None, 422, "invalid_arguments"),
    ],
)
def test_errors_have_the_services_one_shape(
    ask: Ask, who: str | None, path: str, body: object, key: str | None, status: int, code: str
) -> None:
    response = ask(who, "POST", path, body, key)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert set(response.json()["error"]) == {"code", "message", "request_id"}


def test_invalid_arguments_are_named_and_their_values_are_not_repeated(ask: Ask) -> None:
    body = {"order_id": "ORD-1001", "reason": 4111111111111111, "my pin is 4821": True}
    response = ask("customer-1", "POST", "/tools/cancel_order", body, "k1")
    message = response.json()["error"]["message"]
    assert "reason" in message
    assert "4111" not in message
    assert "4821" not in message


def test_key_used_for_something_else_is_told_apart_with_422(ask: Ask) -> None:
    ask("customer-1", "POST", "/tools/cancel_order", CANCEL, "k1")
    response = ask("customer-1", "POST", "/tools/cancel_order", {**CANCEL, "order_id": "ORD-1002"}, "k1")
    assert (response.status_code, response.json()["error"]["code"]) == (422, "idempotency_key_reused")


def test_others_order_and_absent_order_answer_alike(ask: Ask) -> None:
    for path, extra in (("/tools/lookup_order", {}), ("/tools/cancel_order", {"reason": "no longer needed"})):
        others = ask("customer-1", "POST", path, {"order_id": "ORD-1003", **extra}, "k1")
        absent = ask("customer-1", "POST", path, {"order_id": "ORD-9999", **extra}, "k2")
        assert (others.status_code, others.json()) == (absent.status_code, absent.json())


def test_proposal_of_another_customer_answers_like_one_that_does_not_exist(ask: Ask) -> None:
    proposal = ask("customer-1", "POST", "/tools/cancel_order", CANCEL, "k1").json()["proposal"]
    for method, suffix, body in (("GET", "", None), ("POST", "/commit", {"confirmation": "0"})):
        others = ask("customer-2", method, f"/proposals/{proposal['proposal_id']}{suffix}", body)
        absent = ask("customer-2", method, f"/proposals/prp_absent{suffix}", body)
        assert others.status_code == absent.status_code == 404
        assert others.json()["error"]["message"] == absent.json()["error"]["message"]


def test_model_proposes_and_the_customer_confirms(ask: Ask) -> None:
    proposal = ask("model-1", "POST", "/tools/cancel_order", CANCEL, "k1").json()["proposal"]
    assert proposal["confirmation"] is None
    path = f"/proposals/{proposal['proposal_id']}"
    assert ask("model-1", "POST", f"{path}/commit", {"confirmation": "0"}).status_code == 403
    shown = ask("customer-1", "GET", path).json()
    done = ask("customer-1", "POST", f"{path}/commit", {"confirmation": shown["proposal"]["confirmation"]})
    assert (done.status_code, done.json()["status"]) == (200, "done")


def test_approval_over_http(ask: Ask) -> None:
    body = {"order_id": "ORD-1003", "item_ids": ["1"], "reason": "changed_mind"}
    waiting = ask("customer-2", "POST", "/tools/create_return", body, "k1")
    assert waiting.status_code == 202
    proposal = waiting.json()["proposal"]
    assert (proposal["state"], proposal["approval"]["needed"]) == ("awaiting_approval", "agent")
    listed = ask("agent-person", "GET", "/approvals").json()["proposals"]
    assert [each["proposal_id"] for each in listed] == [proposal["proposal_id"]]
    path = f"/approvals/{proposal['proposal_id']}"
    assert ask("agent-1", "POST", path, {"decision": "approve"}).status_code == 403  # a key is nobody
    decided = ask("agent-person", "POST", path, {"decision": "approve", "note": "known customer"})
    assert (decided.status_code, decided.json()["state"]) == (200, "open")
    assert ask("agent-person", "POST", path, {"decision": "approve"}).status_code == 409
    shown = ask("customer-2", "GET", f"/proposals/{proposal['proposal_id']}").json()["proposal"]
    commit = {"confirmation": shown["confirmation"]}
    done = ask("customer-2", "POST", f"/proposals/{proposal['proposal_id']}/commit", commit)
    assert (done.status_code, done.json()["status"]) == (200, "done")


def test_catalogue_lists_every_tool_with_its_schema(ask: Ask) -> None:
    tools = {tool["name"]: tool for tool in ask("customer-1", "GET", "/tools").json()["tools"]}
    assert len(tools) == 22
    assert tools["cancel_order"]["effect"] == "write"
    assert tools["cancel_order"]["arguments"]["additionalProperties"] is False
    assert "$ref" not in json.dumps(tools)


def test_personal_values_are_whole_for_their_owner_and_masked_for_staff(ask: Ask) -> None:
    own = ask("customer-1", "POST", "/tools/get_customer", {}).json()["result"]
    seen = ask("agent-1", "POST", "/tools/get_customer", {"customer_id": "CUS-1001"}).json()["result"]
    assert own["email"].endswith("@example.com")
    assert seen["email"] == f"{own['email'][0]}***"
    assert seen["address"]["zip"] == f"{own['address']['zip'][0]}***"
    found = ask("agent-1", "POST", "/tools/lookup_order", {"email": own["email"]}).json()["result"]["orders"]
    assert "ORD-1001" in [order["order_id"] for order in found]
    stranger = ask("customer-2", "POST", "/tools/lookup_order", {"email": own["email"]})
    assert stranger.json()["reason_codes"] == ["order_not_found"]
    digits = {"phone_last4": own["phone"][-4:]}
    assert ask("customer-1", "POST", "/tools/lookup_order", digits).json()["status"] == "done"
    assert ask("customer-2", "POST", "/tools/lookup_order", digits).json()["status"] == "refused"


def picture(seed: int = 1) -> str:
    from PIL import Image

    image = Image.effect_noise((320, 240), 60 + seed).convert("RGB")
    with io.BytesIO() as file:
        image.save(file, "JPEG")
        return base64.b64encode(file.getvalue()).decode()


def test_evidence_is_kept_once_and_judged_by_its_content(ask: Ask) -> None:
    body = {"order_id": "ORD-1002", "content": picture()}
    kept = ask("customer-1", "POST", "/tools/store_evidence", body, "k1").json()
    assert kept["status"] == "done", kept
    again = ask("customer-1", "POST", "/tools/store_evidence", body, "k1").json()
    assert again["result"] == kept["result"]
    text = base64.b64encode(b"this is no picture at all").decode()
    refused = ask("customer-1", "POST", "/tools/store_evidence", {**body, "content": text}, "k2").json()
    assert refused["status"] == "refused"
    others = {"order_id": "ORD-1003", "content": picture(2)}
    answer = ask("customer-1", "POST", "/tools/store_evidence", others, "k3").json()
    assert answer["reason_codes"] == ["order_not_found"]


def test_evidence_may_be_larger_than_other_bodies_and_other_bodies_may_not(ask: Ask) -> None:
    large = base64.b64encode(bytes(600_000)).decode()
    kept = ask(
        "customer-1", "POST", "/tools/store_evidence", {"order_id": "ORD-1002", "content": large}, "k1"
    )
    assert kept.status_code == 200
    other = ask("customer-1", "POST", "/tools/cancel_order", {**CANCEL, "more": large}, "k2")
    assert other.status_code == 413
    endless = base64.b64encode(bytes(6_000_000)).decode()
    body = {"order_id": "ORD-1002", "content": endless}
    assert ask("customer-1", "POST", "/tools/store_evidence", body, "k3").status_code == 413


def test_call_that_finds_no_room_is_told_to_come_back() -> None:
    pool, gate = CallPool(threads=1, most_waiting=1), threading.Event()

    async def ask_three() -> list[Any]:
        calls = [asyncio.create_task(pool.run(lambda: gate.wait(60))) for _ in range(3)]
        done, _ = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        gate.set()
        await asyncio.wait(calls)
        return [task.exception() for task in done]

    [error] = asyncio.run(ask_three())
    pool.close()
    assert isinstance(error, Unavailable)
    assert error.code == "busy"


def test_a_case_can_be_looked_up_after_each_step(ask: Ask) -> None:
    case = {"case_id": "order:ORD-1001"}
    before = ask("customer-1", "POST", "/tools/get_case_status", case).json()
    assert before["reason_codes"] == ["case_not_found"]
    proposal = ask("customer-1", "POST", "/tools/cancel_order", CANCEL, "k1").json()["proposal"]
    waiting = ask("customer-1", "POST", "/tools/get_case_status", case).json()["result"]
    assert (waiting["state"], waiting["desk"], waiting["subject"]) == ("waiting", "orders", "cancel_order")
    commit = {"confirmation": proposal["confirmation"]}
    assert (
        ask("customer-1", "POST", f"/proposals/{proposal['proposal_id']}/commit", commit).status_code == 200
    )
    assert ask("customer-1", "POST", "/tools/get_case_status", case).json()["result"]["state"] == "resolved"
    others = ask("customer-2", "POST", "/tools/get_case_status", case).json()
    assert others["reason_codes"] == ["case_not_found"]
