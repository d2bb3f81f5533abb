"""Who asks, at the door: scopes, and a service that was built without accounts."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI, Request

from casewright.api.principals import gatehouse_of, is_key_presented, requires
from casewright.domain.errors import ConfigurationError, NotAuthenticated, NotPermitted
from casewright.domain.principal import Role, Scope


def request_with(house: Any = None, method: str = "GET", **headers: str) -> Request:
    app = FastAPI()
    if house is not None:
        app.state.open_gatehouse = lambda: house.gatehouse
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": method, "path": "/", "headers": raw, "app": app})


def test_every_scope_asked_for_must_be_there(house: Any) -> None:
    issued = house.gatehouse.book.add_key("main", "bot", Role.AGENT, [Scope.READ, Scope.PROPOSE], days=1)
    request = request_with(house, method="POST", x_api_key=issued.secret)
    principal = asyncio.run(requires(Scope.READ, Scope.PROPOSE)(request))
    assert principal.subject_id == issued.key.key_id
    with pytest.raises(NotPermitted, match="confirm, admin"):
        asyncio.run(requires(Scope.READ, Scope.CONFIRM, Scope.ADMIN)(request))


def test_nobody_is_not_authenticated(house: Any) -> None:
    with pytest.raises(NotAuthenticated):
        asyncio.run(requires()(request_with(house)))


def test_service_without_accounts_says_so() -> None:
    with pytest.raises(ConfigurationError):
        asyncio.run(gatehouse_of(request_with()))


def test_only_a_key_of_an_account_is_one() -> None:
    assert is_key_presented(request_with(x_api_key=" cw_main_x "))
    assert is_key_presented(request_with(authorization="BEARER cw_main_x"))
    assert not is_key_presented(request_with(x_api_key="static", authorization="Bearer cw_main_x"))
    assert not is_key_presented(request_with(authorization="Basic cw_main_x"))
    assert not is_key_presented(request_with())
