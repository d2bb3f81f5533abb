"""Who may ask for what: every route of the application, everybody, own and other's and absent objects.

The routes come from the application, the expectations from `matrix.yaml`, written by hand. A route that does
not stand there fails. Another's object and one that does not exist are answered alike: status, body, headers.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

TABLE: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("matrix.yaml").read_text("utf-8"))
OWN, OTHERS, ABSENT = "A", "B", "Z"
CUSTOMERS = {"owner": (OWN, OTHERS), "other": (OTHERS, OWN)}
STAFF = ("agent", "supervisor", "admin")
ABOUT_AN_OBJECT = [
    route for route, row in TABLE.items() if re.search(r"\{(X|\w+_id)\}", f"{route} {row.get('body')}")
]
DRAWN = ("proposal", "conversation", "escalation", "document", "user", "key")
MADE_ANEW = frozenset({"proposal", "conversation", "escalation", "document"})
OF_A_TENANT = ("user", "key", "document")
"""Belong to no customer: the other one is another tenant's."""
UNLISTED_METHODS = frozenset({"HEAD", "OPTIONS"})
PAGES = ("/", "/docs", "/static/", "/openapi.json", "/metrics")
"""They hold nothing of anybody's, so they may be kept."""


def walk(routes: Iterable[Any]) -> Iterator[str]:
    """Method and path of every route, however it was added; one of an unknown kind is an error."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from walk(included.routes)
        else:
            yield from (
                f"{method} {route.path}" for method in route.methods if method not in UNLISTED_METHODS
            )


def test_every_route_stands_in_the_table_and_nothing_else(house: Any) -> None:
    served = sorted(walk(house.door.routes))
    assert sorted(TABLE) == served
    assert len(set(served)) == len(served)
    described = house.door.openapi()["paths"]
    assert {f"{method.upper()} {path}" for path, ways in described.items() for method in ways} <= set(served)


def ask(house: Any, route: str, actor: str, letter: str, body: Any = None) -> Any:
    """The route asked by somebody about the object of that letter; with its own body, or another one."""
    row = TABLE[route]
    method, _, path = route.partition(" ")
    template_of_body = body or row.get("body")
    template = f"{path} {template_of_body}"
    for place in MADE_ANEW:
        if f"{{{place}_id}}" in template:
            house.refresh(place)
    own = CUSTOMERS.get(actor, ("S",))[0]
    sent = fill(house, template_of_body, letter, own)
    path = fill(house, path, letter, own)
    response = house.send(actor, method, path, sent, is_keyed=row.get("is_keyed", False))
    if row.get("ends_session"):
        house.sign_in(actor)
    return response


def fill(house: Any, template: Any, letter: str, own: str) -> Any:
    if isinstance(template, dict):
        return {name: fill(house, value, letter, own) for name, value in template.items()}
    if isinstance(template, list):
        return [fill(house, value, letter, own) for value in template]
    if not isinstance(template, str):
        return template
    text = template.replace("{X}", letter).replace("{x}", letter.lower()).replace("{O}", own)
    text = text.replace("{N}", str(1 + "ABZ".index(letter))).replace("{unique}", str(next(house.numbers)))
    for place in DRAWN:
        if f"{{{place}_id}}" in text:
            text = text.replace(f"{{{place}_id}}", house.drawn[place][letter])
    return text


def outcome(response: Any) -> str:
    """The status, and what the answer says in one word: `200 done`, `404 not_found`."""
    if not response.headers.get("content-type", "").startswith("application/json"):
        return str(response.status_code)
    document = response.json()
    word = ""
    if isinstance(document, dict):
        error, act = document.get("error"), document.get("action_result")
        if isinstance(error, dict):
            word = error["code"]
        elif isinstance(act, dict):
            word = act["reason_codes"][0] if act["reason_codes"] else act["status"]
        elif "final_action" in document:
            word = document["final_action"]
        elif "tool" in document and "status" in document:
            word = document["reason_codes"][0] if document["reason_codes"] else document["status"]
    return f"{response.status_code} {word}".strip()


def show(house: Any, response: Any, letter: str) -> tuple[int, str, dict[str, str]]:
    """What somebody sees, with everything named after the letter put down to X, and drawn ids hidden."""
    text = response.text
    for place in DRAWN:
        if letter in house.drawn[place]:
            text = text.replace(house.drawn[place][letter], f"<{place}>")
    text = re.sub(r"\b(ORD|CUS|card|gift)-" + letter, r"\1-X", text)
    text = re.sub(r'"request_id":"[^"]*"', '"request_id":""', text)
    text = re.sub(r"\b(conv|prp|act|escalation|case)[_-][0-9a-f]{8,}", r"\1_drawn", text)
    headers = {
        name: value
        for name, value in response.headers.items()
        if name not in {"x-request-id", "date", "location"}
    }
    return response.status_code, text, headers


def expected(route: str, actor: str) -> tuple[str, str | None]:
    """What is written for that actor: about an own object, and about a hidden one."""
    row = TABLE[route]
    if "open" in row:
        return str(row["open"]), None
    if actor == "anonymous":
        return str(row.get("anonymous", "401 not_authenticated")), None
    group = "customer" if actor in CUSTOMERS else "staff" if actor in (*STAFF, "stranger") else actor
    written = row[actor] if actor in row else row[group]
    own, _, hidden = str(written).partition("|")
    return own.strip(), hidden.strip() or None


@pytest.mark.parametrize("route", TABLE)
def test_everybody_gets_what_is_written(house: Any, route: str) -> None:
    wrong = []
    for actor in ("owner", "other", *STAFF, "proposer", "anonymous"):
        letter = CUSTOMERS.get(actor, (OWN,))[0]
        response = ask(house, route, actor, letter)
        own, _ = expected(route, actor)
        if outcome(response) != own:
            wrong.append(f"{actor}: {outcome(response)}, expected {own}: {response.text[:300]}")
        require_headers(route, response)
    assert wrong == []


@pytest.mark.parametrize("route", ABOUT_AN_OBJECT)
def test_another_s_object_answers_exactly_like_an_absent_one(house: Any, route: str) -> None:
    for actor, (_, others) in CUSTOMERS.items():
        require_alike(house, route, actor, others)
    require_alike(house, route, "stranger", OWN)
    require_alike(house, route, "anonymous", OWN)
    if any(f"{{{place}_id}}" in route for place in OF_A_TENANT):
        require_alike(house, route, "admin", OTHERS)


@pytest.mark.parametrize("route", [route for route, row in TABLE.items() if "|" in str(row.get("staff", ""))])
def test_staff_serve_every_customer_of_their_tenant_and_are_told_what_is_absent(
    house: Any, route: str
) -> None:
    is_of_a_tenant = any(f"{{{place}_id}}" in route for place in OF_A_TENANT)
    for actor in STAFF:
        own, hidden = expected(route, actor)
        if not is_of_a_tenant:
            assert outcome(ask(house, route, actor, OTHERS)) == own
        assert outcome(ask(house, route, actor, ABSENT)) == (hidden or own)


def require_alike(house: Any, route: str, actor: str, others: str) -> None:
    for body in (None, *TABLE[route].get("also", ())):
        hidden = show(house, ask(house, route, actor, others, body), others)
        absent = show(house, ask(house, route, actor, ABSENT, body), ABSENT)
        assert hidden == absent, f"{actor} can tell another's object from none: {body}"
    _, written = expected(route, actor)
    if written is not None:
        assert outcome(ask(house, route, actor, others)) == written


def require_headers(route: str, response: Any) -> None:
    headers = response.headers
    policy = headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    if not route.split(" ")[1].startswith(PAGES[2:]) and route.split(" ")[1] not in PAGES:
        assert headers["cache-control"] == "no-store"
