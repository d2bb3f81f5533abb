"""Tools over HTTP: `POST /tools/<name>`, the proposals that writes make, and the approvals some wait for.

    200  answered: done, or a no with its reason codes (`status` says which)
    202  a proposal, or an action whose end is not known yet
    409  not carried out as it was confirmed: the answer says why, with the new proposal where there is one

Who asks comes from the session or the key. A body is read after that, and validated by the tool. The work
blocks, so it runs in a bounded pool of threads; what finds no room is told to come back.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from casewright.api.principals import principal_of
from casewright.api.problems import error_responses, json_response
from casewright.api.tool_schemas import (
    ANSWER,
    CATALOGUE,
    IDEMPOTENCY_KEY,
    PROPOSAL,
    PROPOSALS,
    response,
)
from casewright.domain.errors import ConfigurationError, NotPermitted, Unavailable
from casewright.domain.principal import Principal, Scope
from casewright.service.documents import parse_document
from casewright.service.shop import Shop
from casewright.service.tool_calls import (
    describe_answer,
    describe_catalogue,
    path_of,
    schema_of,
    status_of_answer,
)
from casewright.tools.answers import ToolAnswer
from casewright.tools.catalogue import Catalogue
from casewright.tools.documents import build_proposal_document
from casewright.tools.spec import ToolEffect, ToolSpec

T = TypeVar("T")
CALL_THREADS = 16
MOST_WAITING = 256
_READ_ERRORS = (400, 401, 403, 404, 413, 422, 429, 503)
_WRITE_ERRORS = (400, 401, 403, 404, 409, 413, 422, 429, 503)
Asker = Annotated[Principal, Depends(principal_of)]
ProposalId = Annotated[str, Field(max_length=64)]


class Body(BaseModel):
    """A request's body: no field is read that is not named, no type is guessed."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class CommitBody(Body):
    """POST /proposals/{proposal_id}/commit."""

    confirmation: str = Field(max_length=128, description="As the proposal showed it in this session.")


class DecisionBody(Body):
    """POST /approvals/{proposal_id}."""

    decision: Literal["approve", "reject"]
    note: str = Field("", max_length=500, description="Why, for the record.")


class CallPool:
    """Threads for calls that block, and how many more may wait for one."""

    def __init__(self, threads: int = CALL_THREADS, most_waiting: int = MOST_WAITING) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="tools")
        self._room = threads + most_waiting
        self._taken = 0

    async def run(self, call: Callable[[], T]) -> T:
        """The call's result. Raises Unavailable where there is no room, and what the call raises."""
        if self._taken >= self._room:
            raise Unavailable("Too much is asked at once; try again in a moment.", code="busy")
        self._taken += 1  # on the event loop only
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, call)
        finally:
            self._taken -= 1

    def close(self) -> None:
        """Finish what runs."""
        self._threads.shutdown(wait=True)


def build_tools_router(catalogue: Catalogue, pool: CallPool) -> APIRouter:
    """One route for each tool, and the catalogue."""
    router = APIRouter(prefix="/tools", tags=["tools"], responses=error_responses(*_READ_ERRORS))

    @router.get("", summary="Every tool", responses={200: response("The tools.", CATALOGUE)})
    async def list_tools(principal: Asker) -> Response:
        _require(principal, Scope.READ)
        return json_response(200, {"tools": describe_catalogue(catalogue)})

    for tool in catalogue:
        router.routes.append(_build_route(router, tool, pool))
    return router


def _build_route(router: APIRouter, tool: ToolSpec, pool: CallPool) -> APIRoute:
    is_write = tool.effect is ToolEffect.WRITE

    async def call_tool(principal: Asker, request: Request) -> Response:
        open_shop = opener_of(request)
        key = request.headers.get("idempotency-key") if is_write else None
        document = parse_document(await request.body())
        answer = await pool.run(lambda: open_shop().tools.call(principal, tool.name, document, key=key))
        return answer_response(answer)

    answers: dict[int | str, dict[str, Any]] = {200: response("Answered: done, or a no.", ANSWER)}
    if is_write:
        answers[202] = response("A proposal, or an end that is not known yet.", ANSWER)
    errors = error_responses(*(_WRITE_ERRORS if is_write else _READ_ERRORS))
    return APIRoute(
        path_of(tool),
        call_tool,
        methods=["POST"],
        name=tool.name,
        operation_id=tool.name,
        summary=tool.summary,
        description=tool.arguments.__doc__,
        tags=["tools"],
        response_class=Response,
        responses={**errors, **answers},
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": schema_of(tool)}},
            },
            **({"parameters": [IDEMPOTENCY_KEY]} if is_write else {}),
        },
    )


def build_proposals_router(pool: CallPool) -> APIRouter:
    """Show and commit proposals; list and decide approvals."""
    router = APIRouter(tags=["proposals"], responses=error_responses(*_WRITE_ERRORS))

    @router.get(
        "/proposals/{proposal_id}",
        summary="One proposal, with a confirmation where this session may give it",
        responses={200: response("The proposal.", ANSWER)},
    )
    async def show_proposal(proposal_id: ProposalId, principal: Asker, request: Request) -> Response:
        _require(principal, Scope.READ)
        open_shop = opener_of(request)
        answer = await pool.run(lambda: open_shop().proposals.show(principal, proposal_id))
        return json_response(200, describe_answer(answer))

    @router.post(
        "/proposals/{proposal_id}/commit",
        summary="Carry a proposal out, once",
        responses={
            200: response("Carried out, or a no.", ANSWER),
            202: response("Under way: how it ended is not known yet.", ANSWER),
            409: response("Not as it was confirmed.", {"anyOf": [ANSWER, _error_schema()]}),
        },
    )
    async def commit_proposal(
        proposal_id: ProposalId, body: CommitBody, principal: Asker, request: Request
    ) -> Response:
        open_shop = opener_of(request)
        answer = await pool.run(
            lambda: open_shop().proposals.commit(principal, proposal_id, body.confirmation)
        )
        return answer_response(answer)

    @router.get(
        "/approvals",
        summary="What awaits an approval",
        responses={200: response("Oldest first.", PROPOSALS)},
    )
    async def list_approvals(principal: Asker, request: Request) -> Response:
        open_shop = opener_of(request)
        waiting = await pool.run(lambda: open_shop().proposals.awaiting(principal))
        return json_response(200, {"proposals": [build_proposal_document(proposal) for proposal in waiting]})

    @router.post(
        "/approvals/{proposal_id}",
        summary="Approve or reject",
        responses={200: response("As it stands now.", PROPOSAL)},
    )
    async def decide_approval(
        proposal_id: ProposalId, body: DecisionBody, principal: Asker, request: Request
    ) -> Response:
        open_shop = opener_of(request)
        grants = body.decision == "approve"
        proposal = await pool.run(
            lambda: open_shop().proposals.decide(principal, proposal_id, grants=grants, note=body.note)
        )
        return json_response(200, build_proposal_document(proposal))

    return router


def answer_response(answer: ToolAnswer) -> Response:
    """The answer with its status, and where its proposal is."""
    own = {} if answer.proposal is None else {"location": f"/proposals/{answer.proposal.proposal_id}"}
    return json_response(status_of_answer(answer), describe_answer(answer), **own)


def opener_of(request: Request) -> Callable[[], Shop]:
    """What opens the shop of this application, at the first call; it blocks then."""
    open_shop: Callable[[], Shop] | None = getattr(request.app.state, "open_shop", None)
    if open_shop is None:
        raise ConfigurationError("this service was built without a shop")
    return open_shop


def _require(principal: Principal, scope: Scope) -> None:
    if not principal.may(scope):
        raise NotPermitted(f"This needs the scope {scope}.", code="missing_scope")


def _error_schema() -> dict[str, Any]:
    content: dict[str, Any] = error_responses(409)[409]["content"]["application/json"]["schema"]
    return content
