"""Outreach over HTTP, for staff and their keys: a decision about one customer, and what came of it.

    POST /retain                          an id or facts; kept with an Idempotency-Key, dry without
    POST /retain/{decision_id}/outcome    accepted, complained, churned, revenue, unsubscribed

The same key gives the same answer, marked `Idempotent-Replayed: true`. The work blocks, so it runs in a
bounded pool of threads; who asks is found out there too, first of all.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response

from casewright.api.principals import asking_of, principal_of
from casewright.api.problems import error_responses, json_response
from casewright.api.retention_schemas import IDEMPOTENCY_KEY, OUTCOME, RECOMMENDATION
from casewright.api.tool_schemas import response
from casewright.api.tools import CallPool
from casewright.domain.errors import ConfigurationError, MeaninglessRequest
from casewright.domain.principal import Principal
from casewright.ports.outreach import OutcomeReport
from casewright.service.documents import parse_document
from casewright.service.retention import Recommended, Retention
from casewright.service.retention_fields import body_schema
from casewright.service.retention_metrics import RetentionMetrics

_ERRORS = (400, 401, 403, 404, 409, 413, 422, 429, 503)
REPLAYED = "idempotent-replayed"
MOST_REVENUE_MINOR = 10**15
Asker = Annotated[Principal, Depends(principal_of)]
DecisionId = Annotated[str, Field(max_length=64)]


class OutcomeBody(BaseModel):
    """POST /retain/{decision_id}/outcome: what is known; the rest is left out, and may be told later."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    accepted: bool | None = None
    complained: bool | None = None
    churned: bool | None = None
    revenue_minor: int | None = Field(None, ge=-MOST_REVENUE_MINOR, le=MOST_REVENUE_MINOR)
    unsubscribed: bool = False


def build_retention_router(pool: CallPool, metrics: RetentionMetrics | None = None) -> APIRouter:
    """The routes of the retention desk."""
    router = APIRouter(prefix="/retain", tags=["retention"], responses=error_responses(*_ERRORS))

    @router.post(
        "",
        summary="Whom to contact, with what, when",
        responses={200: response("The decision.", RECOMMENDATION)},
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": body_schema()}},
            },
            "parameters": [IDEMPOTENCY_KEY],
        },
    )
    async def retain(request: Request) -> Response:
        open_retention, asking = retention_opener_of(request), asking_of(request)
        key = request.headers.get("idempotency-key")
        body = await request.body()

        def answer() -> Recommended:
            principal = asking()
            return open_retention().recommend(principal, parse_document(body), key)

        answered = await pool.run(answer)
        if metrics is not None:
            metrics.record(answered.document, is_replayed=answered.is_replayed)
        own = {REPLAYED: "true"} if answered.is_replayed else {}
        return json_response(200, answered.document, **own)

    @router.post(
        "/{decision_id}/outcome",
        summary="What came of a decision",
        responses={200: response("As it is known now.", OUTCOME)},
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": OutcomeBody.model_json_schema()}},
            },
        },
    )
    async def report_outcome(decision_id: DecisionId, principal: Asker, request: Request) -> Response:
        open_retention = retention_opener_of(request)
        body = read_outcome(await request.body())
        report = OutcomeReport(
            body.accepted, body.complained, body.churned, body.revenue_minor, body.unsubscribed
        )
        if report == OutcomeReport():
            raise MeaninglessRequest(
                "Say what came of it: accepted, complained, churned, revenue_minor or unsubscribed.",
                code="nothing_reported",
            )
        kept = await pool.run(lambda: open_retention().report_outcome(principal, decision_id, report))
        return json_response(200, kept)

    return router


def read_outcome(body: bytes) -> OutcomeBody:
    """What is reported. Raises MalformedRequest for no JSON, RequestValidationError for what is wrong."""
    document = parse_document(body)
    try:
        return OutcomeBody.model_validate(document)
    except ValidationError as error:
        found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors(include_url=False)]
        raise RequestValidationError(found) from None


def retention_opener_of(request: Request) -> Callable[[], Retention]:
    """What opens the retention desk of this application, at the first call; it blocks then."""
    open_retention: Callable[[], Retention] | None = getattr(request.app.state, "open_retention", None)
    if open_retention is None:
        raise ConfigurationError("this service was built without a retention desk")
    return open_retention
