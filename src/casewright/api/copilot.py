"""The copilot over HTTP, for staff: a question answered at once or as a stream, and one's conversations.

    POST   /copilot/ask                    {question, conversation_id?, stream?}
    GET    /copilot/conversations          one's own, by pages
    GET    /copilot/conversations/{id}     its turns       DELETE: it is gone; its cases stay
    GET    /copilot/cache                  what the caches of this process have done

`stream: true`, or `Accept: text/event-stream`, gives server-sent events. Another person's conversation
answers like none. The work blocks, so it runs in a bounded pool of threads.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from casewright.adapters.log import describe_exception, get_logger
from casewright.api.answers import request_id_of
from casewright.api.copilot_schemas import (
    CACHES,
    COPILOT_CONVERSATION,
    COPILOT_CONVERSATIONS,
    answer_or_events,
)
from casewright.api.event_stream import MEDIA_TYPE, Emit, stream_work
from casewright.api.principals import requires
from casewright.api.problems import error_responses, in_words, json_response
from casewright.api.tool_schemas import response
from casewright.api.tools import CallPool
from casewright.domain.errors import CasewrightError, ConfigurationError, TooManyRequests
from casewright.domain.principal import Principal, Scope
from casewright.service.copilot import LONGEST_QUESTION, Answered, Copilot, require_question, require_staff
from casewright.service.copilot_documents import (
    PLACE,
    describe_caches,
    describe_conversation,
    describe_conversations,
    read_place,
)
from casewright.service.error_map import INTERNAL_CODE, INTERNAL_MESSAGE, build_domain_error, build_error
from casewright.service.log_labels import label_for_log
from casewright.service.metrics import Metrics
from casewright.service.rate_limit import RateLimit

_ERRORS = (400, 401, 403, 404, 409, 413, 422, 429, 503)
MOST_LISTED = 100
"""Conversations of one page."""
_PLACE = in_words(PLACE, "is no `next` of a list of conversations; leave it out for the first page")
ConversationId = Annotated[str, Field(max_length=64)]


def _staff_with(scope: Scope) -> Callable[[Request], Any]:
    permitted = requires(scope)

    async def staff(request: Request) -> Principal:
        principal = await permitted(request)
        require_staff(principal)
        return principal

    return staff


Asking = Annotated[Principal, Depends(_staff_with(Scope.READ))]
Forgetting = Annotated[Principal, Depends(_staff_with(Scope.PROPOSE))]


class AskBody(BaseModel):
    """POST /copilot/ask."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    question: str = Field(
        min_length=1,
        pattern=in_words(r"\S", "is blank; write something"),
        description=f"Longer than {LONGEST_QUESTION} characters is answered with 413.",
    )
    conversation_id: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    stream: bool = False


def build_copilot_router(
    pool: CallPool, metrics: Metrics | None = None, limit: RateLimit | None = None
) -> APIRouter:
    """The copilot's routes. `limit` counts questions per person."""
    router = APIRouter(prefix="/copilot", tags=["copilot"], responses=error_responses(*_ERRORS))

    @router.post("/ask", summary="Ask about a client or the playbook", responses={200: answer_or_events()})
    async def ask(body: AskBody, principal: Asking, request: Request) -> Response:
        require_question(body.question)
        _take(limit, principal)
        open_copilot = copilot_opener_of(request)
        request_id = request_id_of(request.scope)

        def answer(emit: Emit | None = None) -> Answered:
            copilot = open_copilot()
            answered = copilot.ask(
                principal, body.question, body.conversation_id, emit=_mark(emit, request_id)
            )
            if metrics is not None:
                metrics.record_answer(answered.document, copilot.cache_numbers())
            return answered

        if body.stream or MEDIA_TYPE in request.headers.get("accept", "").lower():
            return await stream_work(
                lambda emit: pool.run(lambda: answer(emit)),
                lambda error: _describe_error(error, request_id),
            )
        answered = await pool.run(answer)
        return json_response(200, {**answered.document, "request_id": request_id})

    @router.get(
        "/cache",
        summary="What the caches of this process have done",
        responses={200: response("The caches.", CACHES)},
    )
    async def show_caches(principal: Asking, request: Request) -> Response:
        open_copilot = copilot_opener_of(request)
        numbers = await pool.run(lambda: open_copilot().cache_numbers())
        return json_response(200, describe_caches(numbers))

    _add_conversations(router, pool)
    return router


def _add_conversations(router: APIRouter, pool: CallPool) -> None:
    """What a person sees and removes of their own."""

    @router.get(
        "/conversations",
        summary="One's own conversations, those that changed last first",
        responses={200: response("A page of them.", COPILOT_CONVERSATIONS)},
    )
    async def list_own(
        principal: Asking,
        request: Request,
        limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = MOST_LISTED // 2,
        after: Annotated[str | None, Query(pattern=_PLACE, description="`next` of the page before.")] = None,
    ) -> Response:
        open_copilot = copilot_opener_of(request)
        place = None if after is None else read_place(after)
        listed = await pool.run(lambda: open_copilot().conversations(principal, limit=limit + 1, after=place))
        return json_response(200, describe_conversations(listed, limit))

    @router.get(
        "/conversations/{conversation_id}",
        summary="One's own conversation and its turns",
        responses={200: response("The conversation.", COPILOT_CONVERSATION)},
    )
    async def show(conversation_id: ConversationId, principal: Asking, request: Request) -> Response:
        open_copilot = copilot_opener_of(request)
        found, turns = await pool.run(lambda: open_copilot().show(principal, conversation_id))
        return json_response(200, describe_conversation(found, turns))

    @router.delete(
        "/conversations/{conversation_id}", summary="Remove one's own conversation", status_code=204
    )
    async def forget(conversation_id: ConversationId, principal: Forgetting, request: Request) -> Response:
        open_copilot = copilot_opener_of(request)
        await pool.run(lambda: open_copilot().forget(principal, conversation_id))
        return Response(None, 204, {"cache-control": "no-store"})


def copilot_opener_of(request: Request) -> Callable[[], Copilot]:
    """What opens the copilot of this application, at the first call; it blocks then."""
    open_copilot: Callable[[], Copilot] | None = getattr(request.app.state, "open_copilot", None)
    if open_copilot is None:
        raise ConfigurationError("this service was built without a copilot")
    return open_copilot


def _take(limit: RateLimit | None, principal: Principal) -> None:
    wait_s = 0 if limit is None else limit.take(f"{principal.tenant}|{principal.subject_id}")
    if wait_s:
        raise TooManyRequests(f"Too many questions; try again in {wait_s} s.", retry_after_s=wait_s)


def _mark(emit: Emit | None, request_id: str) -> Emit | None:
    """The answer that leaves names its request, in a stream too."""
    if emit is None:
        return None
    return lambda kind, data: emit(kind, {**data, "request_id": request_id} if kind == "answer" else data)


def _describe_error(error: Exception, request_id: str) -> dict[str, object]:
    """What a stream says of an error; one that nobody expected is logged by type and place."""
    if isinstance(error, CasewrightError):
        return build_domain_error(error, request_id)[1]
    label = label_for_log(request_id)
    get_logger().error("unexpected error", request_id=label, **describe_exception(error))
    return build_error(INTERNAL_CODE, INTERNAL_MESSAGE, request_id)
