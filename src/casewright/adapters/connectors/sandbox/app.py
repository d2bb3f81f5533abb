"""The sandbox services as one Starlette application, each under its own name with its own journal.

    POST /payments/transfers    POST /courier/deliveries    POST /mail/deliveries      `Idempotency-Key`
    GET  …/{key}                what has happened under a key; 409 while a request of that key is on its way
    GET  /<service>/journal     every effect once, with how often it was asked for
    GET | PUT | DELETE /faults  what goes wrong next: {"service", "fault", "count", "delay_s"}
    GET  /health

Invariant: the same key twice is one effect and one answer; the effect is on disk before the answer leaves; a
key with other arguments is refused. Nothing real moves here.
"""

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from casewright.adapters.connectors.sandbox.faults import LONGEST_DELAY_S, Fault, FaultPlan, PlannedFault
from casewright.adapters.connectors.sandbox.journal import Entry, SandboxJournal, digest_of
from casewright.adapters.connectors.sandbox.services import SERVICES, SandboxService, decide_state

FAULT_HEADER = "sandbox-fault"
MAX_BODY_BYTES = 64 * 1024
LONGEST_KEY = 255
_BEFORE = {Fault.TIMEOUT_BEFORE, Fault.ERROR_BEFORE, Fault.BREAK_BEFORE, Fault.DIE_BEFORE, Fault.BUSY}


class _Json(Response):
    """JSON in ASCII: whatever a caller has sent can be shown again, a lone surrogate too."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode("ascii")


class _Broken(Response):
    """Promises a longer answer than it sends, so that the server has to break the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"key": "', "more_body": True})


class Sandbox:
    """The services' state: journals, planned faults, and keys on their way."""

    def __init__(
        self, folder: Path, *, token: str | None = None, die: Callable[[], None] | None = None
    ) -> None:
        """`die` kills the process for the two faults of that name; without it they are refused."""
        self.faults = FaultPlan()
        self.journals = {
            service.name: SandboxJournal(folder / f"{service.name}.sqlite") for service in SERVICES
        }
        self._token = token
        self._die = die
        self._on_their_way: set[tuple[str, str]] = set()

    def close(self) -> None:
        for journal in self.journals.values():
            journal.close()

    def build_app(self) -> Starlette:
        """The application that answers for this state."""
        routes = [
            Route("/health", self._show_health, methods=["GET"]),
            Route("/faults", self._list_faults, methods=["GET"]),
            Route("/faults", self._plan_fault, methods=["PUT"]),
            Route("/faults", self._clear_faults, methods=["DELETE"]),
        ]
        for service in SERVICES:
            base = f"/{service.name}"
            routes += [
                Route(f"{base}/{service.path}", partial(self._take, service), methods=["POST"]),
                Route(f"{base}/{service.path}/{{key:path}}", partial(self._find, service), methods=["GET"]),
                Route(f"{base}/journal", partial(self._show_journal, service), methods=["GET"]),
            ]
        return Starlette(routes=routes, exception_handlers={HTTPException: _answer_error})

    async def _take(self, service: SandboxService, request: Request) -> Response:
        self._let_in(request)
        key = request.headers.get("idempotency-key", "")
        if not 1 <= len(key) <= LONGEST_KEY:
            raise _refusal(400, "missing_idempotency_key", "send an Idempotency-Key of 1 to 255 characters")
        document = await _read_body(request)
        problem = service.find_problem(document)
        if problem is not None:
            raise _refusal(422, "invalid_arguments", problem)
        if (service.name, key) in self._on_their_way:
            raise _refusal(409, "in_progress", "another request of this key is on its way")
        planned = self._choose_fault(service, request)
        self._on_their_way.add((service.name, key))
        try:
            entry = await self._carry_out(service, key, document, planned)
        finally:
            self._on_their_way.discard((service.name, key))
        return await self._respond(service, request, entry, document, planned)

    async def _carry_out(
        self, service: SandboxService, key: str, document: Mapping[str, Any], planned: PlannedFault | None
    ) -> Entry | None:
        """The entry of the key once it is on disk; None where a fault stands before the effect."""
        fault = planned.fault if planned else None
        if planned and fault is Fault.SLOW:
            await asyncio.sleep(planned.delay_s)
        if fault is Fault.DIE_BEFORE and self._die:
            self._die()
        if fault in _BEFORE:
            return None
        state, code = decide_state(service, document, fault)
        entry = await asyncio.wrap_future(
            self.journals[service.name].record(key, document, state=state, code=code)
        )
        if fault is Fault.DUPLICATE:
            again = self.journals[service.name].record(key, document, state=state, code=code)
            await asyncio.wrap_future(again)
        if fault is Fault.DIE_AFTER and self._die:
            self._die()
        return entry

    async def _respond(
        self,
        service: SandboxService,
        request: Request,
        entry: Entry | None,
        document: Mapping[str, Any],
        planned: PlannedFault | None,
    ) -> Response:
        fault = planned.fault if planned else None
        if fault in {Fault.TIMEOUT_AFTER, Fault.TIMEOUT_BEFORE}:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            return Response(status_code=500)
        if fault in {Fault.ERROR_AFTER, Fault.ERROR_BEFORE}:
            raise _refusal(500, "server_error", "an error on demand")
        if fault in {Fault.BREAK_AFTER, Fault.BREAK_BEFORE}:
            return _Broken()
        if fault is Fault.BROKEN_ANSWER:
            return Response("<html>gateway</html>", media_type="text/html")
        if entry is None:
            raise _refusal(429, "busy", "come again")
        if entry.digest != digest_of(document):
            raise _refusal(422, "idempotency_key_reused", "this key has been used with other arguments")
        status = (201 if entry.is_new else 200) if entry.state == "done" else service.declined_status
        return _Json(service.answer(entry), status_code=status)

    async def _find(self, service: SandboxService, request: Request) -> Response:
        self._let_in(request)
        key = request.path_params["key"]
        entry = self.journals[service.name].find(key)
        if entry is not None:
            return _Json(service.answer(entry))
        if (service.name, key) in self._on_their_way:
            raise _refusal(409, "in_progress", "a request of this key is on its way")
        raise _refusal(404, service.missing_code, "nothing has happened under this key")

    async def _show_journal(self, service: SandboxService, request: Request) -> Response:
        self._let_in(request)
        journal = self.journals[service.name]
        after, limit = (
            _read_number(request, name, default) for name, default in (("after", 0), ("limit", 1000))
        )
        entries = journal.entries(after=after, limit=limit)
        shown = [{"seq": entry.seq, "requests": entry.requests, **_show(service, entry)} for entry in entries]
        return _Json({"count": journal.count(), "effects": shown})

    async def _show_health(self, _: Request) -> Response:
        return _Json({"status": "ok", "services": [service.name for service in SERVICES]})

    async def _list_faults(self, request: Request) -> Response:
        self._let_in(request)
        return _Json({"faults": [_show_fault(planned) for planned in self.faults.planned()]})

    async def _plan_fault(self, request: Request) -> Response:
        self._let_in(request)
        planned = self._read_fault(await _read_body(request))
        self.faults.add(planned)
        return _Json(_show_fault(planned))

    async def _clear_faults(self, request: Request) -> Response:
        self._let_in(request)
        self.faults.clear()
        return Response(status_code=204)

    def _choose_fault(self, service: SandboxService, request: Request) -> PlannedFault | None:
        named = request.headers.get(FAULT_HEADER)
        if named is None:
            return self.faults.take(service.name)
        return self._read_fault({"service": service.name, "fault": named})

    def _read_fault(self, document: Mapping[str, Any]) -> PlannedFault:
        service, fault = document.get("service"), document.get("fault")
        count, delay_s = document.get("count", 1), document.get("delay_s", 1.0)
        if set(document) - {"service", "fault", "count", "delay_s"} or service not in tuple(self.journals):
            raise _refusal(422, "invalid_arguments", f"service is one of {', '.join(self.journals)}")
        if fault not in tuple(Fault):
            raise _refusal(422, "invalid_arguments", f"fault is one of {', '.join(Fault)}")
        if count is not None and (type(count) is not int or count < 1):
            raise _refusal(422, "invalid_arguments", "count is a whole number from 1, or null for all")
        if type(delay_s) not in {int, float} or not 0 <= delay_s <= LONGEST_DELAY_S:
            raise _refusal(422, "invalid_arguments", f"delay_s is 0 to {LONGEST_DELAY_S:.0f} seconds")
        if fault in {Fault.DIE_AFTER, Fault.DIE_BEFORE} and self._die is None:
            raise _refusal(422, "invalid_arguments", "this sandbox shares its process and does not kill it")
        return PlannedFault(service, Fault(fault), count, float(delay_s))

    def _let_in(self, request: Request) -> None:
        if self._token is None:
            return
        sent = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(sent, f"Bearer {self._token}".encode()):
            raise _refusal(401, "unauthorised", "send the sandbox's bearer token")


async def _read_body(request: Request) -> dict[str, Any]:
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > MAX_BODY_BYTES:
            raise _refusal(413, "too_large", f"send at most {MAX_BODY_BYTES} bytes")
    try:
        document = json.loads(received, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise _refusal(400, "malformed_request", "send a JSON object")
    return document


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _read_number(request: Request, name: str, default: int) -> int:
    written = request.query_params.get(name, str(default))
    if not (written.isascii() and written.isdigit() and len(written) < 10):
        raise _refusal(422, "invalid_arguments", f"{name} is a whole number")
    return int(written)


def _show(service: SandboxService, entry: Entry) -> dict[str, Any]:
    return {"state": entry.state, "code": entry.code, "request": entry.document, **service.answer(entry)}


def _show_fault(planned: PlannedFault) -> dict[str, Any]:
    return {
        "service": planned.service,
        "fault": planned.fault,
        "count": planned.count,
        "delay_s": planned.delay_s,
    }


def _refusal(status: int, code: str, message: str) -> HTTPException:
    headers = {"Retry-After": "1"} if status == 429 else None
    return HTTPException(status, json.dumps({"error": {"code": code, "message": message}}), headers)


async def _answer_error(_: Request, error: Exception) -> Response:
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    if not detail.startswith("{"):
        detail = json.dumps({"error": {"code": f"http_{status}", "message": detail}})
    return Response(
        detail,
        status_code=status,
        media_type="application/json",
        headers=dict(error.headers or {}) if isinstance(error, HTTPException) else None,
    )
