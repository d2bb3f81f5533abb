"""POST /analyze-ticket: one ticket in, one verdict out; the one hot route, so plain ASGI without a framework.

Invariant: every answer is the published verdict, or an error in the service's one shape. Without a text
model the pure core runs here, on the event loop; with one, in a bounded pool of threads, because a model
may take seconds.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from starlette.types import Receive, Scope, Send

from casewright.adapters.log import describe_exception
from casewright.api.answers import request_id_of, send_json
from casewright.domain.errors import CasewrightError, MalformedRequest, RetryableError, TooLarge
from casewright.service.decision_log import EVENT, build_decision_line
from casewright.service.documents import parse_document
from casewright.service.error_map import (
    INTERNAL_CODE,
    INTERNAL_MESSAGE,
    RETRY_AFTER_S,
    build_domain_error,
    build_error,
)
from casewright.service.log_labels import label_for_log
from casewright.service.metrics import Metrics

if TYPE_CHECKING:
    from casewright.bootstrap import Application
    from casewright.pipeline import CaseResult

PATH = "/analyze-ticket"
RecordLine = Callable[[str, dict[str, Any]], None]
"""Puts one line on the log: the event, and its fields."""
_RETRY_AFTER = ((b"retry-after", str(RETRY_AFTER_S).encode("ascii")),)


class AnalyzeTicket:
    """The route as an ASGI application. `pool` is None where no text model is configured."""

    def __init__(
        self,
        application: "Application",
        metrics: Metrics,
        log: Any,
        pool: ThreadPoolExecutor | None = None,
        record_line: RecordLine | None = None,
    ) -> None:
        self._application = application
        self._metrics = metrics
        self._log = log
        self._record_line: RecordLine = record_line or (lambda event, line: log.info(event, **line))
        self._pool = pool
        self._max_body_bytes = application.settings.max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await read_body(scope, receive, self._max_body_bytes)
            if body is None:
                return
            started = time.perf_counter()
            document = _parse(scope, body)
            if self._pool is None:
                result = self._application.analyze_ticket(document)
            else:
                loop = asyncio.get_running_loop()
                result = await loop.run_in_executor(self._pool, self._application.analyze_ticket, document)
            answer = self._application.respond(result)
        except CasewrightError as error:
            await self._refuse(scope, send, error)
            return
        except Exception as error:  # The last resort of this route: answered 500, logged, and raised again.
            await self._fail(scope, send, error)
            raise
        await send_json(send, 200, answer)
        self._record(scope, result, answer, time.perf_counter() - started)

    def _record(self, scope: Scope, result: "CaseResult", answer: dict[str, Any], seconds: float) -> None:
        self._metrics.record_response(200)
        self._metrics.record_case(answer, result.reply.source, result.reply.blocked, seconds)
        line = build_decision_line(result, answer, request_id_of(scope), int(seconds * 1_000_000))
        self._record_line(EVENT, line)

    async def _refuse(self, scope: Scope, send: Send, error: CasewrightError) -> None:
        request_id = request_id_of(scope)
        status, body = build_domain_error(error, request_id)
        await send_json(send, status, body, _RETRY_AFTER if isinstance(error, RetryableError) else ())
        self._metrics.record_response(status)
        record = self._log.error if status >= 500 else self._log.info
        record("ticket refused", request_id=label_for_log(request_id), status=status, code=error.code)

    async def _fail(self, scope: Scope, send: Send, error: Exception) -> None:
        request_id = request_id_of(scope)
        await send_json(send, 500, build_error(INTERNAL_CODE, INTERNAL_MESSAGE, request_id))
        self._metrics.record_response(500)
        self._log.error("unexpected error", request_id=label_for_log(request_id), **describe_exception(error))


async def read_body(scope: Scope, receive: Receive, max_bytes: int) -> bytes | None:
    """The whole body, or None when the caller hung up. Raises TooLarge once it is known to be too large."""
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    if declared.isdigit() and int(declared[:20]) > max_bytes:
        raise _too_large(max_bytes)
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        body: bytes = message.get("body", b"")
        if len(body) > max_bytes:
            raise _too_large(max_bytes)
        return body
    chunks = bytearray()
    while message["type"] == "http.request":
        chunks += message.get("body", b"")
        if len(chunks) > max_bytes:
            raise _too_large(max_bytes)
        if not message.get("more_body", False):
            return bytes(chunks)
        message = await receive()
    return None


def _too_large(max_bytes: int) -> TooLarge:
    return TooLarge(f"The body is larger than {max_bytes} bytes; send less.", code="body_too_large")


def _parse(scope: Scope, body: bytes) -> object:
    try:
        return parse_document(body)
    except MalformedRequest:
        for name, value in scope["headers"]:
            if name == b"content-encoding" and value.strip().lower() != b"identity":
                raise MalformedRequest(
                    "A compressed body is not read; send the JSON as it is, without Content-Encoding.",
                    code="encoded_body",
                ) from None
        raise
