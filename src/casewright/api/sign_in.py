"""Signing in and out over HTTP, and the accounts of a tenant for its admins.

The session's secret travels in the cookie alone, and the answer's body holds only what a page may know. A
wrong password, an unknown login and a disabled account answer alike. Answers are never stored.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from casewright.api.perimeter import SESSION_COOKIE
from casewright.api.principals import (
    gatehouse_of,
    is_key_presented,
    principal_of,
    require_own_page,
    requires,
)
from casewright.api.problems import error_responses, json_response
from casewright.domain.errors import Conflict, NotAuthenticated, NotPermitted, TooManyRequests
from casewright.domain.principal import Principal, Role, Scope
from casewright.ports.accounts import ApiKey, User
from casewright.service.access import csrf_token_of
from casewright.service.gatehouse import Gatehouse
from casewright.service.password_rule import LONGEST_PASSWORD
from casewright.service.sign_in import LONGEST_LOGIN, Refusal, RefusalCode

T = TypeVar("T")
_ERRORS = (400, 401, 403, 404, 409, 413, 422, 429, 503)
_COOKIE_FORM = "{name}={value}; Path=/; Secure; HttpOnly; SameSite=Strict"
_FORGET = _COOKIE_FORM.format(name=SESSION_COOKIE, value="") + "; Max-Age=0"
_Password = Annotated[SecretStr, Field(min_length=1, max_length=LONGEST_PASSWORD)]
Signed = Annotated[Principal, Depends(principal_of)]
Admin = Annotated[Principal, Depends(requires(Scope.ADMIN))]


class Body(BaseModel):
    """A request's body: no field is read that is not named, no type is guessed."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class SignInBody(Body):
    """POST /session."""

    tenant: str | None = Field(None, max_length=63, description="None: this installation's own.")
    login: str = Field(min_length=1, max_length=LONGEST_LOGIN)
    password: _Password


class NewPasswordBody(Body):
    """POST /session/password."""

    current_password: _Password
    new_password: _Password


class UserBody(Body):
    """POST /admin/users."""

    login: str = Field(min_length=1, max_length=LONGEST_LOGIN)
    password: _Password
    role: Role
    customer_id: str | None = Field(None, max_length=128)


class UserChangeBody(Body):
    """PATCH /admin/users/{user_id}; what is left out stays."""

    role: Role | None = None
    is_disabled: bool | None = None
    password: _Password | None = None


class KeyBody(Body):
    """POST /admin/keys."""

    label: str = Field(max_length=64)
    role: Role
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope))
    days: int = Field(90, ge=1, le=366)
    customer_id: str | None = Field(None, max_length=128)


def build_session_router() -> APIRouter:
    """Sign in, see who one is, change the password, sign out."""
    router = APIRouter(prefix="/session", tags=["session"], responses=error_responses(*_ERRORS))

    @router.post("", summary="Sign in", status_code=201)
    async def sign_in(body: SignInBody, request: Request) -> Response:
        if "origin" in request.headers:
            require_own_page(request, None)
        gatehouse = await gatehouse_of(request)
        result = await run_in_threadpool(
            gatehouse.sign_in.sign_in,
            body.tenant or gatehouse.tenant,
            body.login,
            body.password.get_secret_value(),
            address=_address_of(request),
            former=request.cookies.get(SESSION_COOKIE),
        )
        if isinstance(result, Refusal):
            raise _refusal_error(result)
        document = _describe_principal(result.principal) | {
            "expires_at": _iso(result.expires_at),
            "csrf_token": result.csrf_token,
        }
        cookie = _COOKIE_FORM.format(name=SESSION_COOKIE, value=result.secret)
        return json_response(201, document, **{"set-cookie": cookie})

    @router.get("", summary="Who is signed in")
    async def show_session(principal: Signed, request: Request) -> Response:
        document = _describe_principal(principal)
        if not is_key_presented(request):
            document["csrf_token"] = csrf_token_of(request.cookies[SESSION_COOKIE])
        return json_response(200, document)

    @router.delete("", summary="Sign out", status_code=204)
    async def sign_out(principal: Signed, request: Request) -> Response:
        _require_person(request)
        gatehouse = await gatehouse_of(request)
        await run_in_threadpool(gatehouse.sign_in.sign_out, request.cookies[SESSION_COOKIE])
        return Response(None, 204, {"set-cookie": _FORGET, "cache-control": "no-store"})

    @router.post("/password", summary="Change the own password; every session ends", status_code=204)
    async def change_password(body: NewPasswordBody, principal: Signed, request: Request) -> Response:
        _require_person(request)
        gatehouse = await gatehouse_of(request)
        refusal = await run_in_threadpool(
            gatehouse.sign_in.change_password,
            principal,
            body.current_password.get_secret_value(),
            body.new_password.get_secret_value(),
            address=_address_of(request),
        )
        if refusal is not None:
            raise _refusal_error(refusal)
        return Response(None, 204, {"set-cookie": _FORGET, "cache-control": "no-store"})

    return router


def build_admin_router() -> APIRouter:
    """Users and keys of the admin's own tenant."""
    router = APIRouter(prefix="/admin", tags=["admin"], responses=error_responses(*_ERRORS))

    @router.get("/users", summary="Every account")
    async def list_users(admin: Admin, request: Request) -> Response:
        users = await _ask(request, lambda house: house.book.users(admin.tenant))
        return json_response(200, {"users": [_describe_user(user) | {"login": name} for user, name in users]})

    @router.post("/users", summary="Add an account", status_code=201)
    async def add_user(body: UserBody, admin: Admin, request: Request) -> Response:
        password = body.password.get_secret_value()
        user = await _ask(
            request,
            lambda house: house.book.add_user(
                admin.tenant, body.login, password, body.role, body.customer_id
            ),
        )
        return json_response(201, _describe_user(user))

    @router.get("/users/{user_id}", summary="One account")
    async def show_user(user_id: str, admin: Admin, request: Request) -> Response:
        user = await _ask(request, lambda house: house.book.user(admin.tenant, user_id))
        return json_response(200, _describe_user(user))

    @router.patch("/users/{user_id}", summary="Change an account; its sessions end")
    async def change_user(user_id: str, body: UserChangeBody, admin: Admin, request: Request) -> Response:
        if user_id == admin.subject_id and (body.role is not None or body.is_disabled):
            raise Conflict("Another admin must change your role or disable you.", code="own_account")
        password = body.password.get_secret_value() if body.password else None
        user = await _ask(
            request,
            lambda house: house.book.change_user(
                admin.tenant, user_id, role=body.role, is_disabled=body.is_disabled, password=password
            ),
        )
        return json_response(200, _describe_user(user))

    @router.get("/keys", summary="Every API key, without the keys themselves")
    async def list_keys(admin: Admin, request: Request) -> Response:
        keys = await _ask(request, lambda house: house.book.keys(admin.tenant))
        return json_response(200, {"keys": [_describe_key(key) for key in keys]})

    @router.post("/keys", summary="Make an API key; it is shown this once", status_code=201)
    async def add_key(body: KeyBody, admin: Admin, request: Request) -> Response:
        issued = await _ask(
            request,
            lambda house: house.book.add_key(
                admin.tenant, body.label, body.role, body.scopes, days=body.days, customer_id=body.customer_id
            ),
        )
        return json_response(201, _describe_key(issued.key) | {"key": issued.secret})

    @router.delete("/keys/{key_id}", summary="Revoke an API key for good")
    async def revoke_key(key_id: str, admin: Admin, request: Request) -> Response:
        key = await _ask(request, lambda house: house.book.revoke_key(admin.tenant, key_id))
        return json_response(200, _describe_key(key))

    return router


async def _ask(request: Request, question: Callable[[Gatehouse], T]) -> T:
    gatehouse = await gatehouse_of(request)
    return await run_in_threadpool(question, gatehouse)


def _require_person(request: Request) -> None:
    if is_key_presented(request):
        raise NotPermitted("An API key has no session; an admin revokes it.", code="no_session")


def _refusal_error(refusal: Refusal) -> Exception:
    if refusal.code is RefusalCode.TOO_MANY:
        return TooManyRequests(
            f"Too many attempts to sign in; try again in {refusal.retry_after_s} s.",
            retry_after_s=refusal.retry_after_s,
            code=refusal.code,
        )
    return NotAuthenticated("The login or the password is wrong.", code=refusal.code)


def _address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def _describe_principal(principal: Principal) -> dict[str, Any]:
    return {
        "subject_id": principal.subject_id,
        "session_id": principal.session_id,
        "tenant": principal.tenant,
        "role": principal.role,
        "scopes": sorted(principal.scopes),
        "customer_id": principal.customer_id,
    }


def _describe_user(user: User) -> dict[str, Any]:
    return {
        "user_id": user.user_id,
        "role": user.role,
        "customer_id": user.customer_id,
        "is_disabled": user.is_disabled,
        "created_at": _iso(user.created_at),
    }


def _describe_key(key: ApiKey) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "label": key.label,
        "role": key.role,
        "scopes": sorted(key.scopes),
        "customer_id": key.customer_id,
        "created_at": _iso(key.created_at),
        "expires_at": _iso(key.expires_at),
        "revoked_at": _iso(key.revoked_at) if key.revoked_at else None,
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
