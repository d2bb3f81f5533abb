"""System routes: is it alive, is it ready, what has it counted.

`/health` is the public contract's, to the letter; `/healthz` touches nothing; `/readyz` names each
dependency and its state.
"""

from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool

from casewright.adapters import clock
from casewright.service.documents import encode_json
from casewright.service.metrics import CONTENT_TYPE, Metrics
from casewright.service.readiness import READY, describe_dependencies, describe_rulesets

if TYPE_CHECKING:
    from casewright.bootstrap import Application

_OK = b'{"status":"ok"}'


def build_system_router(application: "Application", metrics: Metrics) -> APIRouter:
    """The routes for whoever runs the service."""
    router = APIRouter(tags=["system"])

    @router.get(
        "/health", summary="The service answers", response_class=Response, responses=_status(_OK_SCHEMA)
    )
    async def health() -> Response:
        return _json(_OK)

    @router.get(
        "/healthz", summary="The process is alive", response_class=Response, responses=_status(_OK_SCHEMA)
    )
    async def healthz() -> Response:
        return _json(_OK)

    @router.get(
        "/readyz",
        summary="Every dependency and its state",
        response_class=Response,
        responses=_status(_READY_SCHEMA)
        | {503: {"description": "Not ready.", "content": _content(_READY_SCHEMA)}},
    )
    async def readyz() -> Response:
        day = application.settings.as_of or clock.today()
        rulesets = await run_in_threadpool(describe_rulesets, day)
        dependencies = {**rulesets, **describe_dependencies(application)}
        is_ready = all(dependency["state"] == READY for dependency in dependencies.values())
        document = {"status": "ready" if is_ready else "not_ready", "dependencies": dependencies}
        return _json(encode_json(document), 200 if is_ready else 503)

    @router.get(
        "/metrics",
        summary="Counters, in the Prometheus text format",
        response_class=Response,
        responses={
            200: {"description": "The counters.", "content": {"text/plain": {"schema": {"type": "string"}}}}
        },
    )
    async def read_metrics() -> Response:
        return Response(metrics.render(), headers={"content-type": CONTENT_TYPE})

    return router


_OK_SCHEMA: dict[str, object] = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"const": "ok"}},
    "additionalProperties": False,
}
_READY_SCHEMA: dict[str, object] = {
    "type": "object",
    "required": ["status", "dependencies"],
    "properties": {
        "status": {"enum": ["ready", "not_ready"]},
        "dependencies": {"type": "object", "additionalProperties": {"type": "object", "required": ["state"]}},
    },
}


def _content(schema: dict[str, object]) -> dict[str, object]:
    return {"application/json": {"schema": schema}}


def _status(schema: dict[str, object]) -> dict[int | str, dict[str, object]]:
    return {200: {"description": "As it stands.", "content": _content(schema)}}


def _json(body: bytes, status: int = 200) -> Response:
    return Response(body, status, {"content-type": "application/json", "cache-control": "no-store"})
