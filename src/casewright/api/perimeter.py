"""Perimeter: what every HTTP request passes, each wrapper one concern, as plain ASGI because it is on the hot
path.

Outermost first: request id and security headers; then, where they are set, CORS, API keys and the rate limit;
then the hot path, and behind it the framework.
"""

import re
from collections.abc import Callable, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casewright.api.answers import REQUEST_ID, request_id_of, send_json
from casewright.service.access import KeyRing
from casewright.service.error_map import CODES_BY_STATUS, build_error
from casewright.service.rate_limit import RateLimit

OPEN_PATHS = frozenset({"/health", "/healthz", "/readyz"})
"""Never guarded: whoever watches the service holds no key."""
PAGE_PATHS = ("/static/",)
PRINCIPAL_PATHS = (
    "/admin/",
    "/agent/",
    "/approvals/",
    "/conversation/",
    "/copilot/",
    "/escalations/",
    "/proposals/",
    "/retain/",
    "/support/",
    "/tools/",
)
"""Routes that ask for a principal themselves: whoever presents a session or an account key goes on there."""
SIGN_IN_PATHS = frozenset({"/session", "/session/password"})
SESSION_COOKIE = "__Host-casewright"
"""The prefix binds it to this host, to HTTPS and to the whole site; a browser refuses any other."""
ACCOUNT_KEY_PREFIX = "cw_"
CALLER = "casewright.caller"
_REQUEST_ID_FORM = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Control characters, ends of lines, halves of characters. Not what is merely unprintable: the name of a
document may hold a letter that this version of Python does not know yet."""
_SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
)


class Perimeter:
    """Gives every request an id, and every answer that id and the security headers."""

    def __init__(self, app: ASGIApp, new_request_id: Callable[[], str]) -> None:
        self._app = app
        self._new_request_id = new_request_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _given_request_id(scope) or self._new_request_id().encode("ascii")
        scope[REQUEST_ID] = request_id.decode("ascii")

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", request_id),
                    *_SECURITY_HEADERS,
                ]
            await send(message)

        await self._app(scope, receive, send_marked)


class HotPath:
    """Takes one call of one path straight to its route, past the framework; the rest goes the long way."""

    def __init__(self, app: ASGIApp, method: str, path: str, route: ASGIApp) -> None:
        self._app = app
        self._method = method
        self._path = path
        self._route = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_hot = scope["type"] == "http" and scope["path"] == self._path and scope["method"] == self._method
        await (self._route if is_hot else self._app)(scope, receive, send)


class BodyGate:
    """Refuses a body over the limit, declared or not, before the framework has gathered it."""

    def __init__(self, app: ASGIApp, max_bytes: int, larger: Mapping[str, int] | None = None) -> None:
        """`larger`: paths whose bodies may be larger, and how large."""
        self._app = app
        self._max_bytes = max_bytes
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        max_bytes = max(self._max_bytes, self._larger.get(scope["path"], 0))
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
        if declared.isdigit() and int(declared[:20]) > max_bytes:
            await self._refuse(scope, send, max_bytes)
            return
        taken = 0

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            # The framework must not go on with half a body, so to it the caller has hung up.
            return message if taken <= max_bytes else {"type": "http.disconnect"}

        has_refused = False

        async def send_unless_refused(message: Message) -> None:
            nonlocal has_refused
            if taken <= max_bytes:
                await send(message)
            elif not has_refused:
                has_refused = True
                await self._refuse(scope, send, max_bytes)

        await self._app(scope, receive_counted, send_unless_refused)

    async def _refuse(self, scope: Scope, send: Send, max_bytes: int) -> None:
        message = f"The body is larger than {max_bytes} bytes; send less."
        await send_json(send, 413, build_error("body_too_large", message, request_id_of(scope)))


class PathGate:
    """Says of a path with control characters that there is none: no id has any."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _CONTROLS.search(scope["path"]):
            error = build_error(CODES_BY_STATUS[404], "There is no such path.", request_id_of(scope))
            await send_json(send, 404, error)
            return
        await self._app(scope, receive, send)


class KeyGate:
    """Lets through who presents an accepted key, as X-API-Key or bearer token; and anyone to open paths.

    What an account's session or key may do is not looked at here, but by the route.
    """

    def __init__(self, app: ASGIApp, keys: KeyRing) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        presented = _presented_key(scope)
        label = self._keys.find_label(presented)
        if label is None and not _asks_principal(scope, presented):
            message = "Send a valid API key in the X-API-Key header, or as a bearer token."
            error = build_error(CODES_BY_STATUS[401], message, request_id_of(scope))
            await send_json(send, 401, error, ((b"www-authenticate", b"Bearer"),))
            return
        scope[CALLER] = label or ""
        await self._app(scope, receive, send)


class RateGate:
    """Turns away who asks too often, counted per key and address."""

    def __init__(self, app: ASGIApp, limit: RateLimit) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        wait_s = self._limit.take(f"{scope.get(CALLER, '')}|{client[0] if client else ''}")
        if wait_s == 0:
            await self._app(scope, receive, send)
            return
        error = build_error(
            CODES_BY_STATUS[429], f"Too many requests; try again in {wait_s} s.", request_id_of(scope)
        )
        await send_json(send, 429, error, ((b"retry-after", str(wait_s).encode("ascii")),))


def _is_open(path: str) -> bool:
    """Health, and the files of the demo page, which hold nothing: its calls are guarded like any other."""
    return path in OPEN_PATHS or path == "/" or path.startswith(PAGE_PATHS)


def _asks_principal(scope: Scope, presented: str) -> bool:
    """Whether the route will find out who asks: it signs in, or a session or an account's key is there."""
    path = scope["path"]
    if path in SIGN_IN_PATHS:
        return True
    return f"{path}/".startswith(PRINCIPAL_PATHS) and (
        presented.startswith(ACCOUNT_KEY_PREFIX)
        or any(name == b"cookie" and SESSION_COOKIE.encode() in value for name, value in scope["headers"])
    )


def _given_request_id(scope: Scope) -> bytes | None:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            return value if _REQUEST_ID_FORM.fullmatch(value) else None
    return None


def _presented_key(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-api-key":
            return str(value, "latin-1").strip()
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            return str(value[7:], "latin-1").strip()
    return ""
