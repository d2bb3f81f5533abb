"""Support over HTTP: whole cases, turns of a conversation, and the queue of those that wait for a person.

    POST   /agent/respond          one case, one answer
    POST   /support/resolve        one turn; the conversation's id carries it on
    GET    /conversation/{id}      its turns       DELETE: it is gone for good
    GET    /escalations            for staff, with the clock of each       POST …/assign, …/resolve

The first three are kept to the letter for older callers. Who asks comes from the session or the key; a
`user_id` counts only for a key that may act for customers. Another's conversation answers like none.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from casewright.api.principals import requires
from casewright.api.problems import error_responses, in_words, json_response
from casewright.api.support_schemas import (
    AGENT_ANSWER,
    CONVERSATION,
    ESCALATION,
    ESCALATIONS,
    RESOLUTION,
)
from casewright.api.tool_schemas import response
from casewright.api.tools import CallPool, opener_of
from casewright.domain.conversation import Conversation, Turn
from casewright.domain.errors import Conflict, NotFound, NotPermitted, TooLarge
from casewright.domain.principal import Principal, Role, Scope
from casewright.investigation.shop_request import ReturnReason
from casewright.ports.escalations import QueuedEscalation
from casewright.service.conversations import Reword, TurnResult
from casewright.service.one_shot import OneShot, OneShotAnswer
from casewright.service.support import SupportDoors, build_support
from casewright.service.support_acts import ActStatus
from casewright.text.redaction import redact
from casewright.tools.arguments import PostalAddress
from casewright.tools.documents import build_effect, show_moment

LONGEST_MESSAGE = 8_000
MOST_ATTACHMENTS = 5
MOST_EARLIER = 50
CASE_BODY_BYTES = {"/agent/respond": 36 * 1024 * 1024}
"""The one route that may bring pictures."""
_ERRORS = (400, 401, 403, 404, 409, 413, 422, 429, 503)
_BLANK_FREE = in_words(r"\S", "is blank; write something")
_ID_FORM = in_words(r"^[^\u0000-\u001f\u007f]+$", "has a character that no id has, such as a line break")
_CASE_ID = in_words(
    r"^[A-Za-z0-9#][A-Za-z0-9_.:#/-]*$",
    "has Latin letters, digits and `_.:#/-`, and begins with a letter, a digit or `#`",
)
_DIGITS = in_words(r"^[0-9]{4}$", "is the last four digits of a phone number, such as 4471")
_REASONS = tuple(reason.value for reason in ReturnReason)
_Message = Annotated[
    str,
    Field(
        min_length=1,
        pattern=_BLANK_FREE,
        description=f"Longer than {LONGEST_MESSAGE} characters is answered with 413.",
    ),
]
REPLY_SOURCE = "x-reply-source"
_NO_HEADER = re.compile(r"[^!-~]")
Proposing = Annotated[Principal, Depends(requires(Scope.PROPOSE))]
Reading = Annotated[Principal, Depends(requires(Scope.READ))]
ConversationId = Annotated[str, Field(max_length=64)]
EscalationId = Annotated[str, Field(max_length=64)]
_Id = Annotated[str, Field(min_length=1, max_length=64, pattern=_ID_FORM)]


class Body(BaseModel):
    """A request's body: no field is read that is not named, no type is guessed."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class Attachment(Body):
    """A file with the case. It counts by its content alone."""

    content: str = Field(min_length=4, max_length=7_000_000, description="The file in base64.")
    filename: str | None = Field(None, max_length=255, description="Not read.")
    media_type: str | None = Field(None, max_length=100, description="Not read.")


class EarlierMessage(Body):
    """What was said before this message."""

    role: Literal["customer", "user", "agent", "assistant"]
    content: str = Field(max_length=LONGEST_MESSAGE)


class AgentCase(Body):
    """POST /agent/respond."""

    case_id: str = Field(min_length=1, max_length=64, pattern=_CASE_ID)
    customer_message: _Message
    order_id: _Id | None = Field(None, description="Comes before `email`, and that before `phone_last4`.")
    email: Annotated[str, Field(min_length=3, max_length=254)] | None = None
    phone_last4: Annotated[str, Field(pattern=_DIGITS)] | None = None
    reason: Literal[_REASONS] | None = None  # type: ignore[valid-type]  # the desk's own list, not a copy
    attachments: Annotated[
        list[Attachment | Annotated[str, Field(max_length=2_000)]], Field(max_length=MOST_ATTACHMENTS)
    ] = []
    conversation: Annotated[list[EarlierMessage], Field(max_length=MOST_EARLIER)] = []


class ResolveBody(Body):
    """POST /support/resolve."""

    user_input: _Message
    user_id: _Id | None = Field(None, description="Honoured only for a key that may act for customers.")
    conversation_id: _Id | None = None
    address: PostalAddress | None = Field(
        None, description="Where an order is to go now. Words of the message are never read as an address."
    )


class AssignBody(Body):
    """POST /escalations/{id}/assign; without an owner, to the one who asks."""

    owner: _Id | None = None


class ResolutionBody(Body):
    """POST /escalations/{id}/resolve."""

    resolution: str = Field(min_length=1, max_length=300, description="What was done; kept redacted.")


def build_support_router(
    pool: CallPool, channels: frozenset[str] = frozenset(), reword: Reword | None = None
) -> APIRouter:
    """Whole cases and conversations. `channels` are the official ones that a reply may name; `reword` puts
    replies into a model's words, and the header X-Reply-Source says whose words a reply has."""
    router = APIRouter(tags=["support"], responses=error_responses(*_ERRORS))

    @router.post(
        "/agent/respond",
        summary="Answer one case",
        responses={200: response("The answer.", AGENT_ANSWER)},
    )
    async def respond(body: AgentCase, principal: Proposing, request: Request) -> Response:
        _require_short(body.customer_message)
        doors_of = _opener(request, channels, reword)
        answer = await pool.run(lambda: doors_of().one_shot.respond(principal, _read_case(body)))
        return json_response(200, describe_one_shot(answer), **_name_source(answer.source))

    @router.post(
        "/support/resolve",
        summary="Answer one message of a conversation",
        responses={200: response("The answer.", RESOLUTION)},
    )
    async def resolve(body: ResolveBody, principal: Proposing, request: Request) -> Response:
        _require_short(body.user_input)
        doors_of = _opener(request, channels, reword)

        def answer() -> TurnResult:
            support = doors_of().support
            asker = support.act_for(principal, body.user_id)
            address = None if body.address is None else body.address.model_dump(mode="json")
            return support.take_turn(asker, body.user_input, body.conversation_id, address=address)

        result = await pool.run(answer)
        return json_response(200, describe_turn(result), **_name_source(result.outcome.words.source))

    @router.get(
        "/conversation/{conversation_id}",
        summary="A conversation and its turns",
        responses={200: response("The conversation.", CONVERSATION)},
    )
    async def show(conversation_id: ConversationId, principal: Reading, request: Request) -> Response:
        doors_of = _opener(request, channels)
        found, turns = await pool.run(lambda: doors_of().support.show(principal, conversation_id))
        return json_response(200, describe_conversation(found, turns))

    @router.delete(
        "/conversation/{conversation_id}", summary="Remove a conversation for good", status_code=204
    )
    async def forget(conversation_id: ConversationId, principal: Proposing, request: Request) -> Response:
        doors_of = _opener(request, channels)
        await pool.run(lambda: doors_of().support.forget(principal, conversation_id))
        return Response(None, 204, {"cache-control": "no-store"})

    return router


def build_escalations_router(pool: CallPool) -> APIRouter:
    """The queue, for staff."""
    router = APIRouter(prefix="/escalations", tags=["escalations"], responses=error_responses(*_ERRORS))

    @router.get(
        "",
        summary="What waits for a person, the one that is due first in front",
        responses={200: response("The queue.", ESCALATIONS)},
    )
    async def list_waiting(
        principal: Reading,
        request: Request,
        queue: Annotated[str | None, Field(max_length=40)] = None,
        mine: bool = False,
    ) -> Response:
        _require_staff(principal)
        open_shop = opener_of(request)

        def find() -> list[dict[str, Any]]:
            shop = open_shop()
            waiting = build_support(shop).queue(principal.tenant)
            at = shop.now()
            owner = principal.subject_id if mine else None
            return [describe_escalation(each, at) for each in waiting.waiting(queue=queue, owner=owner)]

        return json_response(200, {"escalations": await pool.run(find)})

    @router.post(
        "/{escalation_id}/assign",
        summary="Give a case to a person",
        responses={200: response("As it stands now.", ESCALATION)},
    )
    async def assign(
        escalation_id: EscalationId, body: AssignBody, principal: Proposing, request: Request
    ) -> Response:
        _require_staff(principal)
        owner = body.owner or principal.subject_id
        if owner != principal.subject_id and principal.role not in (Role.SUPERVISOR, Role.ADMIN):
            raise NotPermitted("Only a supervisor gives a case to somebody else.", code="not_permitted")
        return await _change(pool, request, principal, escalation_id, owner=owner)

    @router.post(
        "/{escalation_id}/resolve",
        summary="Close a case",
        responses={200: response("As it stands now.", ESCALATION)},
    )
    async def close(
        escalation_id: EscalationId, body: ResolutionBody, principal: Proposing, request: Request
    ) -> Response:
        _require_staff(principal)
        resolution = redact(body.resolution).text
        return await _change(pool, request, principal, escalation_id, resolution=resolution)

    return router


async def _change(
    pool: CallPool,
    request: Request,
    principal: Principal,
    escalation_id: str,
    *,
    owner: str | None = None,
    resolution: str | None = None,
) -> Response:
    open_shop = opener_of(request)

    def change() -> dict[str, Any]:
        shop = open_shop()
        queue = build_support(shop).queue(principal.tenant)
        at = shop.now()
        if resolution is not None:
            is_changed = queue.resolve(escalation_id, resolution, at)
        else:
            is_changed = queue.assign(escalation_id, owner or "")
        found = queue.find(escalation_id)
        if found is None:
            raise NotFound("There is no such case in the queue.", code="escalation_not_found")
        if not is_changed:
            raise Conflict("The case is closed.", code="already_closed")
        return describe_escalation(found, at)

    return json_response(200, await pool.run(change))


def describe_one_shot(answer: OneShotAnswer) -> dict[str, Any]:
    """The published answer of POST /agent/respond."""
    return {
        "customer_reply": answer.customer_reply,
        "internal_case_summary": answer.internal_case_summary,
        "next_action_plan": answer.next_action_plan,
        "final_action": answer.final_action,
        "tool_trace": [
            {
                "tool_name": call.tool_name,
                "request": dict(call.request),
                "response": dict(call.response),
                "status": call.status.value,
                "note": call.note,
            }
            for call in answer.tool_trace
        ],
    }


def describe_turn(result: TurnResult) -> dict[str, Any]:
    """The published answer of POST /support/resolve."""
    outcome = result.outcome
    is_unclear = outcome.status is ActStatus.NEEDS_INFO
    return {
        "intent": result.intent.published.value,
        "action_result": {
            "status": outcome.status.value,
            "tool": outcome.tool,
            "reason_codes": list(outcome.reasons),
            "effects": [build_effect(effect) for effect in outcome.effects],
        },
        "response": outcome.words.text,
        "conversation_id": result.conversation.conversation_id,
        "needs_clarification": is_unclear,
        "clarification_prompt": outcome.words.text if is_unclear else None,
    }


def describe_conversation(conversation: Conversation, turns: tuple[Turn, ...]) -> dict[str, Any]:
    """A conversation as it is shown."""
    return {
        "conversation_id": conversation.conversation_id,
        "state": conversation.state.value,
        "opened_at": show_moment(conversation.opened_at),
        "changed_at": show_moment(conversation.changed_at),
        "turns": [
            {
                "number": turn.number,
                "speaker": turn.speaker.value,
                "at": show_moment(turn.at),
                "text": turn.text,
                "intent": turn.detail.get("intent"),
                "status": turn.detail.get("status"),
                "reason_codes": list(turn.detail.get("reason_codes", ())),
            }
            for turn in turns
        ],
    }


def describe_escalation(escalation: QueuedEscalation, at: datetime) -> dict[str, Any]:
    """A case in the queue with its clock, as it stands at `at`."""
    record = escalation.record
    ends = escalation.closed_at or at
    return {
        "escalation_id": record.escalation_id,
        "case_id": record.case_id,
        "queue": record.queue,
        "reason": record.reason,
        "summary": record.summary,
        "owner": record.owner,
        "order_id": record.order_id,
        "customer_id": record.customer_id,
        "opened_at": show_moment(escalation.opened_at),
        "due_at": show_moment(record.due_at),
        "is_overdue": ends > record.due_at,
        "minutes_left": int((record.due_at - ends).total_seconds() // 60),
        "closed_at": show_moment(escalation.closed_at) if escalation.closed_at else None,
        "resolution": escalation.resolution,
    }


def _opener(
    request: Request, channels: frozenset[str], reword: Reword | None = None
) -> Callable[[], SupportDoors]:
    open_shop = opener_of(request)

    def open_support() -> SupportDoors:
        return build_support(open_shop(), channels=channels, reword=reword)

    return open_support


def _name_source(source: str) -> dict[str, str]:
    """Whose words a reply has; a provider may call its model anything."""
    return {REPLY_SOURCE: _NO_HEADER.sub("", source)[:200]}


def _read_case(body: AgentCase) -> OneShot:
    return OneShot(
        case_id=body.case_id,
        customer_message=body.customer_message,
        order_id=body.order_id,
        email=body.email,
        phone_last4=body.phone_last4,
        reason=body.reason,
        attachments=tuple(
            each.content if isinstance(each, Attachment) else None for each in body.attachments
        ),
        earlier=tuple(each.content for each in body.conversation if each.role in ("customer", "user")),
    )


def _require_short(text: str) -> None:
    if len(text) > LONGEST_MESSAGE:
        raise TooLarge(f"The message is longer than {LONGEST_MESSAGE} characters.", code="message_too_long")


def _require_staff(principal: Principal) -> None:
    if not principal.is_staff:
        raise NotPermitted("The queue is for staff.")
