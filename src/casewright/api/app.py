"""The HTTP door: one ASGI application from an Application.

Invariant: no answer leaves without a request id and the security headers, and no error in another shape
than the service's; what went wrong inside is logged by type and place, and not shown.
"""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from casewright.adapters.clock import now
from casewright.adapters.ids import new_request_id
from casewright.adapters.log import describe_exception, get_line_log, get_logger
from casewright.api.analyze import PATH, AnalyzeTicket
from casewright.api.answers import request_id_of
from casewright.api.openapi import build_operation, build_schemas, name_shapes
from casewright.api.pages import build_page_routes
from casewright.api.perimeter import BodyGate, HotPath, KeyGate, PathGate, Perimeter, RateGate
from casewright.api.problems import allowed_methods, answer_problems
from casewright.api.sign_in import build_admin_router, build_session_router
from casewright.api.system import build_system_router
from casewright.ports.text_model import WatchedTextModel
from casewright.service.access import KeyRing
from casewright.service.documents import encode_json
from casewright.service.error_map import CODES_BY_STATUS, INTERNAL_CODE, INTERNAL_MESSAGE, build_error
from casewright.service.gatehouse import Gatehouse
from casewright.service.log_labels import label_for_log
from casewright.service.metrics import Metrics
from casewright.service.rate_limit import RateLimit
from casewright.service.readiness import describe_dependencies
from casewright.service.warm_up import warm_up

if TYPE_CHECKING:
    from casewright.bootstrap import Application
    from casewright.service.conversations import Reword
    from casewright.service.copilot import Copilot
    from casewright.service.knowledge import Knowledge
    from casewright.service.knowledge_metrics import KnowledgeNumbers
    from casewright.service.retention import Retention
    from casewright.service.rewording import Rewording
    from casewright.service.shop import Shop
    from casewright.settings import Settings

NAME = "casewright"
DESCRIPTION = "Cases resolved: decided by policy, acted on once, answered safely, all on the record."


class HttpDoor(FastAPI):
    """FastAPI, with our perimeter around everything it does, its own last-resort error answer included."""

    def __init__(self, settings: "Settings", analyze: ASGIApp, **options: Any) -> None:
        super().__init__(docs_url=None, redoc_url=None, redirect_slashes=False, **options)
        self.settings = settings
        self.larger_bodies: Mapping[str, int] = {}
        """Paths whose bodies may be larger than the service's limit, and how large."""
        self._analyze = analyze
        self.router.routes.append(Route(PATH, analyze, methods=["POST"], include_in_schema=False))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ever; but the hot path without what the framework asks itself before every request."""
        stack = self.middleware_stack
        if stack is None or scope["type"] != "http" or scope["path"] != PATH:
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        await stack(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """The hot path and the framework, inside rate limit, API keys, CORS, request id and headers."""
        settings = self.settings
        framework: ASGIApp = PathGate(super().build_middleware_stack())
        framework = BodyGate(framework, settings.max_body_bytes, self.larger_bodies)
        stack: ASGIApp = HotPath(framework, "POST", PATH, self._analyze)
        if settings.rate_limit:
            stack = RateGate(stack, RateLimit(settings.rate_limit, lambda: now().timestamp()))
        if settings.api_keys:
            stack = KeyGate(stack, KeyRing(key.get_secret_value() for key in settings.api_keys))
        if settings.cors_origins:
            stack = CORSMiddleware(
                stack,
                allow_origins=settings.cors_origins,
                allow_methods=("GET", "POST", "PATCH", "DELETE"),
                allow_headers=(
                    "content-type",
                    "x-api-key",
                    "authorization",
                    "x-request-id",
                    "idempotency-key",
                ),
                expose_headers=("x-request-id", "retry-after"),
            )
        return Perimeter(stack, new_request_id)

    def openapi(self) -> dict[str, Any]:
        """The published document: the system's routes, and the hot route described by hand."""
        if self.openapi_schema is None:
            document = get_openapi(
                title=self.title, version=self.version, description=self.description, routes=self.routes
            )
            limit = self.settings.max_complaint_chars
            document["paths"] = {PATH: build_operation(limit), **document.get("paths", {})}
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas.update(name_shapes(document["paths"]) | build_schemas(limit))
            self.openapi_schema = document
        return self.openapi_schema


def build_http_door(
    application: "Application",
    *,
    open_gatehouse: Callable[[], Gatehouse] | None = None,
    open_shop: "Callable[[], Shop] | None" = None,
    open_copilot: "Callable[[], Copilot] | None" = None,
    open_knowledge: "Callable[[], Knowledge] | None" = None,
    peek_knowledge: "Callable[[], KnowledgeNumbers | None] | None" = None,
    open_retention: "Callable[[], Retention] | None" = None,
    prepare: Callable[[], None] = lambda: None,
    close: Callable[[], None] | None = None,
) -> HttpDoor:
    """The ASGI application of everything that is asked over HTTP.

    Each `open_…` is called by the first request that needs it: who is there, a tool, a question, a look into
    what is known, an outreach; without one there is none of that. `peek_knowledge` tells /metrics what was
    counted last. `prepare` is called once tickets can be read, and blocks nobody; `close` is called last.
    """
    settings = application.settings
    metrics = Metrics()
    log = get_logger()
    _watch_model(metrics, application.road.model)
    pool = _open_pool(application)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warm_up(application)
        log.info("serving", version=version(NAME), dependencies=describe_dependencies(application))
        prepare()
        yield
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)
        if close is not None:
            await run_in_threadpool(close)
        log.info("stopped")

    door = HttpDoor(
        settings,
        AnalyzeTicket(application, metrics, log, pool, get_line_log()),
        title="Casewright",
        version=version(NAME),
        description=DESCRIPTION,
        lifespan=lifespan,
    )
    door.include_router(build_system_router(application, metrics))
    door.router.routes.extend(build_page_routes())
    if open_gatehouse is not None:
        _mount_accounts(door, open_gatehouse)
    if open_shop is not None:
        channels = frozenset(settings.official_channels)
        _mount_tools(door, open_shop, channels, _make_rewording(application, metrics, pool, channels))
    if open_copilot is not None:
        _mount_copilot(door, open_copilot, metrics)
    if open_knowledge is not None:
        _mount_knowledge(door, open_knowledge)
        metrics.knowledge.watch(peek_knowledge)
    _mount_retention(door, open_retention, metrics)
    _answer_errors(door, log)
    answer_problems(door, log)
    return door


def _open_pool(application: "Application") -> ThreadPoolExecutor | None:
    """Threads for tickets whose text a model writes; None where none does."""
    if application.road.model is None:
        return None
    return ThreadPoolExecutor(application.settings.text_threads, thread_name_prefix="ticket")


def _make_rewording(
    application: "Application",
    metrics: Metrics,
    pool: ThreadPoolExecutor | None,
    channels: frozenset[str],
) -> "Rewording | None":
    model = application.road.model
    if model is None or pool is None:
        return None
    from casewright.service.rewording import Rewording

    deadline_s = application.settings.text_deadline_s
    return Rewording(model, time.monotonic, deadline_s, channels, pool.submit, count=metrics.record_tries)


def _watch_model(metrics: Metrics, model: object) -> None:
    if isinstance(model, WatchedTextModel):
        metrics.text.watch(model)
        if (redis := getattr(model, "redis", None)) is not None:
            metrics.text.watch_redis(redis, "budgets")


def _mount_accounts(door: HttpDoor, open_gatehouse: Callable[[], Gatehouse]) -> None:
    door.state.open_gatehouse = open_gatehouse
    door.include_router(build_session_router())
    door.include_router(build_admin_router())


def _mount_tools(
    door: HttpDoor,
    open_shop: "Callable[[], Shop]",
    channels: frozenset[str],
    reword: "Reword | None",
) -> None:
    from casewright.api.support import CASE_BODY_BYTES, build_escalations_router, build_support_router
    from casewright.api.tools import CallPool, build_proposals_router, build_tools_router
    from casewright.service.tool_calls import largest_bodies
    from casewright.service.tool_catalogue import build_catalogue

    catalogue, pool = build_catalogue(), CallPool()
    door.state.open_shop = open_shop
    door.larger_bodies = largest_bodies(catalogue) | CASE_BODY_BYTES
    door.include_router(build_tools_router(catalogue, pool))
    door.include_router(build_proposals_router(pool))
    # A model may take seconds: replies that wait for one have threads of their own.
    slow_pool = pool if reword is None else CallPool(door.settings.text_threads)
    door.include_router(build_support_router(slow_pool, channels, reword))
    door.include_router(build_escalations_router(pool))


def _mount_copilot(door: HttpDoor, open_copilot: "Callable[[], Copilot]", metrics: Metrics) -> None:
    from casewright.api.copilot import build_copilot_router
    from casewright.api.tools import CallPool

    rate = door.settings.copilot_rate_limit
    limit = RateLimit(rate, lambda: now().timestamp()) if rate else None
    door.state.open_copilot = open_copilot
    door.include_router(build_copilot_router(CallPool(), metrics, limit))


def _mount_knowledge(door: HttpDoor, open_knowledge: "Callable[[], Knowledge]") -> None:
    from casewright.api.knowledge import CALL_THREADS, DOCUMENT_BODY_BYTES, build_knowledge_router
    from casewright.api.tools import CallPool

    door.state.open_knowledge = open_knowledge
    door.larger_bodies = {**door.larger_bodies, **DOCUMENT_BODY_BYTES}
    door.include_router(build_knowledge_router(CallPool(CALL_THREADS)))


def _mount_retention(
    door: HttpDoor, open_retention: "Callable[[], Retention] | None", metrics: Metrics
) -> None:
    if open_retention is None:
        return
    from casewright.api.retention import build_retention_router
    from casewright.api.tools import CallPool

    door.state.open_retention = open_retention
    door.include_router(build_retention_router(CallPool(), metrics.outreach))


def _answer_errors(door: HttpDoor, log: Any) -> None:
    async def answer_http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
        code = CODES_BY_STATUS.get(error.status_code, "refused")
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["allow"] = allowed_methods(door.routes, request.scope["path"])
            headers.pop("Allow", None)
        return _error(request, error.status_code, code, str(error.detail), headers)

    async def answer_unexpected(request: Request, error: Exception) -> Response:
        request_id = label_for_log(request_id_of(request.scope))
        log.error("unexpected error", request_id=request_id, **describe_exception(error))
        return _error(request, 500, INTERNAL_CODE, INTERNAL_MESSAGE, None)

    door.add_exception_handler(HTTPException, answer_http_error)
    door.add_exception_handler(Exception, answer_unexpected)


def _error(request: Request, status: int, code: str, message: str, headers: Any) -> Response:
    body = encode_json(build_error(code, message, request_id_of(request.scope)))
    own = {"content-type": "application/json", "cache-control": "no-store"}
    return Response(body, status, {**own, **(headers or {})})
