"""Signing in over HTTP: the cookie, the token, the headers, and an admin's routes."""

import json
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from casewright.adapters.log import configure_logging
from casewright.api.app import build_http_door
from casewright.bootstrap import Application, build_application
from casewright.domain.principal import Role, Scope
from casewright.settings import Settings

PASSWORD = "four words make sense"
ORIGIN = "https://testserver"
COOKIE = "__Host-casewright"


@pytest.fixture(scope="module")
def application() -> Application:
    configure_logging("error")
    return build_application(Settings())


@pytest.fixture
def door(application: Application, house: Any) -> Any:
    return build_http_door(application, open_gatehouse=lambda: house.gatehouse)


@pytest.fixture
def client(door: Any) -> Any:
    return TestClient(door, base_url=ORIGIN)


@pytest.fixture
def boss(house: Any) -> Any:
    return house.gatehouse.book.add_user("main", "boss", PASSWORD, Role.ADMIN)


def sign_in(client: Any, login: str = "boss", password: str = PASSWORD, **headers: str) -> Any:
    return client.post("/session", json={"login": login, "password": password}, headers=headers)


def as_page(client: Any, login: str = "boss") -> dict[str, str]:
    """Sign in, and the headers that a page of the site sends with a write."""
    return {"origin": ORIGIN, "x-csrf-token": sign_in(client, login).json()["csrf_token"]}


def code_of(response: Any) -> str:
    assert response.headers["cache-control"] == "no-store"
    assert set(response.json()) == {"error"}
    return str(response.json()["error"]["code"])


def test_cookie_is_bound_to_host_https_and_site_and_its_secret_stands_nowhere_else(
    client: Any, boss: Any
) -> None:
    response = sign_in(client)
    assert response.status_code == 201
    cookie = response.headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    secret, _, attributes = rest.partition("; ")
    assert name == COOKIE
    assert attributes == "Path=/; Secure; HttpOnly; SameSite=Strict"
    assert len(secret) == len("main.") + 43
    assert secret not in response.text
    assert response.headers["cache-control"] == "no-store"
    assert response.json() == {
        "subject_id": boss.user_id,
        "session_id": response.json()["session_id"],
        "tenant": "main",
        "role": "admin",
        "scopes": ["admin", "approve", "confirm", "on_behalf", "propose", "read"],
        "customer_id": None,
        "expires_at": "2026-03-03T00:00:00Z",
        "csrf_token": response.json()["csrf_token"],
    }


def test_every_no_is_one_answer(client: Any, house: Any, boss: Any) -> None:
    disabled = house.gatehouse.book.add_user("main", "ben", PASSWORD, Role.AGENT)
    house.gatehouse.book.change_user("main", disabled.user_id, is_disabled=True)
    answers = [sign_in(client, "boss", "wrong"), sign_in(client, "nobody"), sign_in(client, "ben")]
    for answer in answers:
        assert (answer.status_code, code_of(answer)) == (401, "wrong_login_or_password")
        assert "set-cookie" not in answer.headers
    assert len({answer.json()["error"]["message"] for answer in answers}) == 1


def test_too_many_guesses_are_429_and_say_when(client: Any, boss: Any) -> None:
    for _ in range(5):
        assert sign_in(client, password="wrong").status_code == 401
    late = sign_in(client)
    assert (late.status_code, code_of(late)) == (429, "too_many_attempts")
    assert late.headers["retry-after"] == "900"


@pytest.mark.parametrize(
    "body",
    [
        {"login": "boss"},
        {"login": "boss", "password": PASSWORD, "admin": True},
        {"login": 7, "password": PASSWORD},
        {"login": "boss", "password": "x" * 1025},
        [],
    ],
)
def test_body_that_does_not_fit_is_422_and_not_repeated(client: Any, boss: Any, body: Any) -> None:
    response = client.post("/session", json=body)
    assert (response.status_code, code_of(response)) == (422, "invalid_arguments")
    assert PASSWORD not in response.text
    assert "xxx" not in response.text


def test_body_that_is_no_json_or_has_another_type_is_refused(client: Any, boss: Any) -> None:
    good = json.dumps({"login": "boss", "password": PASSWORD})
    as_form = client.post("/session", content=good, headers={"content-type": "text/plain"})
    assert as_form.status_code == 422
    assert (
        client.post("/session", content="{", headers={"content-type": "application/json"}).status_code == 422
    )


def test_page_of_another_site_cannot_sign_anybody_in(client: Any, boss: Any) -> None:
    response = sign_in(client, origin="https://evil.example")
    assert (response.status_code, code_of(response)) == (403, "wrong_origin")
    assert sign_in(client, origin=ORIGIN).status_code == 201


def test_signing_in_again_rotates_the_session(client: Any, boss: Any) -> None:
    sign_in(client)
    former = client.cookies[COOKIE]
    sign_in(client)
    assert client.cookies[COOKIE] != former
    old = TestClient(client.app, base_url=ORIGIN, cookies={COOKIE: former})
    assert old.get("/session").status_code == 401


def test_session_shows_who_is_signed_in_and_ends_on_the_server(client: Any, boss: Any) -> None:
    headers = as_page(client)
    secret = client.cookies[COOKIE]
    shown = client.get("/session")
    assert shown.json()["csrf_token"] == headers["x-csrf-token"]
    assert shown.headers["cache-control"] == "no-store"
    ended = client.delete("/session", headers=headers)
    assert (ended.status_code, ended.content) == (204, b"")
    assert "Max-Age=0" in ended.headers["set-cookie"]
    again = TestClient(client.app, base_url=ORIGIN, cookies={COOKIE: secret})
    refused = again.get("/session")
    assert (refused.status_code, code_of(refused)) == (401, "not_authenticated")
    assert refused.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "wrong_origin"),
        ({"origin": "https://evil.example"}, "wrong_origin"),
        ({"origin": "null"}, "wrong_origin"),
        ({"origin": "https://testserver.evil.example"}, "wrong_origin"),
        ({"origin": "https://[broken"}, "wrong_origin"),
        ({"origin": ORIGIN}, "csrf_token_missing"),
        ({"origin": ORIGIN, "x-csrf-token": "0" * 64}, "csrf_token_missing"),
    ],
)
def test_write_with_a_cookie_needs_the_origin_and_the_token(
    client: Any, boss: Any, headers: dict[str, str], code: str
) -> None:
    as_page(client)
    for method, path in (("DELETE", "/session"), ("POST", "/admin/users"), ("PATCH", "/admin/users/x")):
        response = client.request(method, path, headers=headers, json={})
        assert (response.status_code, code_of(response)) == (403, code)
    assert client.get("/session").status_code == 200


def test_token_of_another_session_does_not_count(client: Any, boss: Any) -> None:
    other = as_page(TestClient(client.app, base_url=ORIGIN))
    as_page(client)
    assert client.delete("/session", headers=other).status_code == 403


def test_password_is_changed_by_who_knows_it_and_every_session_ends(client: Any, boss: Any) -> None:
    headers = as_page(client)
    body = {"current_password": "wrong", "new_password": "another four plain words"}
    wrong = client.post("/session/password", json=body, headers=headers)
    assert (wrong.status_code, code_of(wrong)) == (401, "wrong_login_or_password")
    weak = client.post(
        "/session/password",
        json={"current_password": PASSWORD, "new_password": "short"},
        headers=headers,
    )
    assert (weak.status_code, code_of(weak)) == (422, "weak_password")
    done = client.post("/session/password", json={**body, "current_password": PASSWORD}, headers=headers)
    assert done.status_code == 204
    assert client.get("/session").status_code == 401
    assert sign_in(client).status_code == 401
    assert sign_in(client, password="another four plain words").status_code == 201


def test_key_stands_for_itself_needs_no_token_and_has_no_session(client: Any, house: Any) -> None:
    issued = house.gatehouse.book.add_key("main", "bot", Role.ADMIN, [Scope.READ, Scope.ADMIN], days=1)
    for headers in ({"x-api-key": issued.secret}, {"authorization": f"bearer {issued.secret}"}):
        shown = client.get("/session", headers=headers).json()
        assert (shown["subject_id"], shown["scopes"]) == (issued.key.key_id, ["admin", "read"])
        assert "csrf_token" not in shown
        assert client.get("/admin/keys", headers=headers).status_code == 200
        ended = client.delete("/session", headers=headers)
        assert (ended.status_code, code_of(ended)) == (403, "no_session")
    assert client.get("/session", headers={"x-api-key": issued.secret + "x"}).status_code == 401


def test_wrong_key_beside_a_good_cookie_is_nobody(client: Any, boss: Any) -> None:
    as_page(client)
    assert client.get("/session", headers={"x-api-key": "cw_main_wrong"}).status_code == 401
    assert client.get("/session", headers={"authorization": "Basic abc"}).status_code == 200


def test_admin_adds_changes_and_lists_users(client: Any, boss: Any) -> None:
    headers = as_page(client)
    body = {"login": "Ana@Example.com", "password": PASSWORD, "role": "agent"}
    added = client.post("/admin/users", json=body, headers=headers)
    assert added.status_code == 201
    ana = added.json()
    assert ana == {
        "user_id": ana["user_id"],
        "role": "agent",
        "customer_id": None,
        "is_disabled": False,
        "created_at": "2026-03-02T12:00:00Z",
    }
    taken = client.post("/admin/users", json=body, headers=headers)
    assert (taken.status_code, code_of(taken)) == (409, "login_taken")
    listed = client.get("/admin/users").json()["users"]
    assert {user["login"] for user in listed} == {"boss", "Ana@Example.com"}
    place = f"/admin/users/{ana['user_id']}"
    assert client.get(place).json() == ana
    changed = client.patch(place, json={"role": "supervisor", "is_disabled": True}, headers=headers)
    assert changed.json() == {**ana, "role": "supervisor", "is_disabled": True}
    assert sign_in(TestClient(client.app, base_url=ORIGIN), "ana@example.com").status_code == 401
    absent = client.patch("/admin/users/absent", json={"is_disabled": True}, headers=headers)
    assert (absent.status_code, code_of(absent)) == (404, "not_found")


def test_admin_cannot_disable_or_demote_himself(client: Any, boss: Any) -> None:
    headers = as_page(client)
    for body in ({"role": "agent"}, {"is_disabled": True}):
        response = client.patch(f"/admin/users/{boss.user_id}", json=body, headers=headers)
        assert (response.status_code, code_of(response)) == (409, "own_account")
    assert client.get("/session").status_code == 200


def test_admin_makes_a_key_that_is_shown_once_and_revokes_it(client: Any, boss: Any) -> None:
    headers = as_page(client)
    body = {"label": "bot", "role": "agent", "scopes": ["propose"], "days": 30}
    made = client.post("/admin/keys", json=body, headers=headers)
    assert made.status_code == 201
    key = made.json().pop("key")
    (listed,) = client.get("/admin/keys").json()["keys"]
    assert listed == {
        "key_id": made.json()["key_id"],
        "label": "bot",
        "role": "agent",
        "scopes": ["propose"],
        "customer_id": None,
        "created_at": "2026-03-02T12:00:00Z",
        "expires_at": "2026-04-01T12:00:00Z",
        "revoked_at": None,
    }
    assert client.get("/session", headers={"x-api-key": key}).status_code == 200
    revoked = client.delete(f"/admin/keys/{listed['key_id']}", headers=headers)
    assert revoked.json()["revoked_at"] == "2026-03-02T12:00:00Z"
    assert client.get("/session", headers={"x-api-key": key}).status_code == 401
    assert client.delete("/admin/keys/absent", headers=headers).status_code == 404


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR])
def test_nobody_else_may_see_or_change_accounts(client: Any, house: Any, role: Role) -> None:
    house.gatehouse.book.add_user("main", "ana", PASSWORD, role)
    headers = as_page(client, "ana")
    for method, path in (
        ("GET", "/admin/users"),
        ("POST", "/admin/users"),
        ("GET", "/admin/users/absent"),
        ("PATCH", "/admin/users/absent"),
        ("GET", "/admin/keys"),
        ("POST", "/admin/keys"),
        ("DELETE", "/admin/keys/absent"),
    ):
        response = client.request(method, path, headers=headers, json={})
        assert (response.status_code, code_of(response)) == (403, "missing_scope")


def test_static_keys_guard_as_before_and_sessions_and_account_keys_pass_to_their_routes(
    application: Application, house: Any, boss: Any
) -> None:
    static = "static-key-0123456789"
    settings = Settings(api_keys=(static,))  # type: ignore[arg-type]
    door = build_http_door(replace(application, settings=settings), open_gatehouse=lambda: house.gatehouse)
    client = TestClient(door, base_url=ORIGIN)
    assert client.get("/metrics").status_code == 401
    assert client.get("/admin/users").status_code == 401
    as_page(client)
    assert client.get("/admin/users").status_code == 200
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"x-api-key": static}).status_code == 200
    issued = house.gatehouse.book.add_key("main", "bot", Role.ADMIN, [Scope.ADMIN], days=1)
    other = TestClient(door, base_url=ORIGIN, headers={"x-api-key": issued.secret})
    assert other.get("/admin/users").status_code == 200
    assert other.get("/metrics").status_code == 401
    names_nobody = TestClient(door, base_url=ORIGIN, headers={"x-api-key": static})
    assert names_nobody.get("/admin/users").status_code == 401
    assert names_nobody.get("/session").status_code == 401


def test_without_a_gatehouse_there_is_no_session_route(application: Application) -> None:
    client = TestClient(build_http_door(application), base_url=ORIGIN)
    assert client.post("/session", json={}).status_code == 404


def test_other_method_is_told_every_method_of_the_path(client: Any, house: Any) -> None:
    response = client.put("/session")
    assert (response.status_code, code_of(response)) == (405, "method_not_allowed")
    assert response.headers["allow"] == "DELETE, GET, POST"
    assert client.delete("/admin/users").headers["allow"] == "GET, POST"
