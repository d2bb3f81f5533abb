"""Principals at the HTTP door: who asks, from the session's cookie or an API key, and what that allows.

    principal: Annotated[Principal, Depends(requires(Scope.PROPOSE))]

Invariant: a cookie alone writes nothing: a write needs the same origin and the session's token as well, which
another site can neither read nor send. A key needs neither, since no browser sends it by itself. A route
that asks for no principal here is open, and stands so in the table of the authorisation tests.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from casewright.api.perimeter import ACCOUNT_KEY_PREFIX, SESSION_COOKIE
from casewright.domain.errors import ConfigurationError, NotAuthenticated, NotPermitted
from casewright.domain.principal import Principal, Scope
from casewright.service.access import is_csrf_token
from casewright.service.gatehouse import Gatehouse

CSRF_HEADER = "x-csrf-token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def principal_of(request: Request) -> Principal:
    """Who asks. Raises NotAuthenticated, and NotPermitted for a write that another site may have sent."""
    return await run_in_threadpool(asking_of(request))


def asking_of(request: Request) -> Callable[[], Principal]:
    """What finds out who asks; it blocks, and raises as `principal_of`.

    For a route whose work blocks too: one way to a thread and back, not two.
    """
    open_gatehouse = _gatehouse_opener_of(request)

    def ask() -> Principal:
        access = open_gatehouse().access
        if is_key_presented(request):
            principal = access.principal_of_key(_presented_key(request))
        else:
            secret = request.cookies.get(SESSION_COOKIE, "")
            principal = access.principal_of_session(secret)
            if principal is not None and request.method not in _SAFE_METHODS:
                require_own_page(request, secret)
        if principal is None:
            raise NotAuthenticated("Sign in, or send an API key as a bearer token or in X-API-Key.")
        return principal

    return ask


def requires(*scopes: Scope) -> Callable[[Request], Awaitable[Principal]]:
    """A dependency: the principal, who has every one of these scopes. Raises as `principal_of`."""

    async def permitted_principal(request: Request) -> Principal:
        principal = await principal_of(request)
        missing = [scope for scope in scopes if not principal.may(scope)]
        if missing:
            raise NotPermitted(f"This needs the scope {', '.join(missing)}.", code="missing_scope")
        return principal

    return permitted_principal


async def gatehouse_of(request: Request) -> Gatehouse:
    """The gatehouse of this application, opened by the first request that needs it."""
    return await run_in_threadpool(_gatehouse_opener_of(request))


def _gatehouse_opener_of(request: Request) -> Callable[[], Gatehouse]:
    open_gatehouse: Callable[[], Gatehouse] | None = getattr(request.app.state, "open_gatehouse", None)
    if open_gatehouse is None:
        raise ConfigurationError("this service was built without accounts")
    return open_gatehouse


def is_key_presented(request: Request) -> bool:
    """Whether an API key of an account was sent, right or wrong; then the cookie does not count."""
    return _presented_key(request).startswith(ACCOUNT_KEY_PREFIX)


def _presented_key(request: Request) -> str:
    key = request.headers.get("x-api-key")
    if key is not None:
        return key.strip()
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else ""


def require_own_page(request: Request, secret: str | None) -> None:
    """Raises NotPermitted unless a page of this host sent it, with the token of its session.

    `secret` is None where there is no session yet; then only the origin counts.
    """
    if not _is_same_origin(request):
        raise NotPermitted(
            "A write with a cookie must come from a page of this site: its Origin header says so.",
            code="wrong_origin",
        )
    if secret is not None and not is_csrf_token(secret, request.headers.get(CSRF_HEADER, "")):
        raise NotPermitted(
            "Send the session's csrf_token in the X-CSRF-Token header; GET /session tells it.",
            code="csrf_token_missing",
        )


def _is_same_origin(request: Request) -> bool:
    origin = request.headers.get("origin", "")
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"}
    return is_web and parts.netloc.lower() == request.headers.get("host", "").lower() != ""
