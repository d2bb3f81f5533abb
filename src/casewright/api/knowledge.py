"""Knowledge over HTTP, for staff: what is known, searched; added and retired by supervisors and admins.

    POST   /knowledge/search               the best passages for a question, with what an answer would cite
    GET    /knowledge/documents            in force, or every version
    POST   /knowledge/documents            add one, or replace it: whole or not at all
    GET    /knowledge/documents/{id}       one, with its passages         DELETE: it ends today
    GET    /knowledge/gaps                 questions for which nothing was found

The work blocks, so it runs in a bounded pool of threads. Every write is on the ledger.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from casewright.api.knowledge_schemas import DOCUMENT, DOCUMENT_ADDED, DOCUMENTS, FOUND, GAPS
from casewright.api.principals import requires
from casewright.api.problems import error_responses, in_words, json_response
from casewright.api.tool_schemas import response
from casewright.api.tools import CallPool
from casewright.domain.errors import ConfigurationError, Conflict, MeaninglessRequest, NotFound
from casewright.domain.knowledge import SourceKind
from casewright.domain.principal import Principal, Scope
from casewright.service.knowledge import Knowledge, clean_text, require_staff, require_writer
from casewright.service.knowledge_documents import describe_document, describe_found, describe_passage

PREFIX = "/knowledge"
DOCUMENT_BODY_BYTES = {f"{PREFIX}/documents": 1024 * 1024}
LONGEST_TEXT = 100_000
CALL_THREADS = 4
_ENDINGS = {"markdown": ".md", "html": ".html", "text": ".txt"}
_PART = r"[A-Za-z0-9\u0980-\u09ff][A-Za-z0-9\u0980-\u09ff._-]*"
_NAME = in_words(
    rf"^{_PART}(/{_PART})*$",
    "has letters, digits, `.`, `_`, `-`, and `/` between parts; each part begins with a letter or digit",
)
_DAY = in_words(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "write a day as year-month-day, such as 2026-05-31")
_WORD = in_words(r"[^\W_]", "has no word to look for; write at least one letter or digit")
_ERRORS = (400, 401, 403, 413, 422, 429, 503)
_OBJECT_ERRORS = (*_ERRORS, 404)


def _check_day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError(
            "no_such_day", "there is no such day; write one of the calendar, such as 2026-05-31"
        ) from None
    return value


Day = Annotated[
    str,
    Field(pattern=_DAY),
    AfterValidator(_check_day),
    WithJsonSchema({"type": "string", "format": "date"}),
]
Question = Annotated[
    str,
    Field(min_length=1, max_length=4_000, pattern=_WORD),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 4_000}),
]
"""It has a word. The schema does not say so: what a word is, each language of patterns says differently."""
Kind = Annotated[SourceKind, Field(strict=False)]
DocumentId = Annotated[str, Field(max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class SearchBody(_Body):
    """POST /knowledge/search."""

    query: Question
    limit: Annotated[int, Field(ge=1, le=50)] = 5
    kinds: Annotated[list[Kind], Field(max_length=len(SourceKind))] = []
    as_of: Day | None = None


class DocumentBody(_Body):
    """POST /knowledge/documents. A name that is there already gets a new version."""

    name: Annotated[str, Field(min_length=1, max_length=150, pattern=_NAME)]
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    format: Literal["markdown", "html", "text"] = "markdown"
    kind: Kind | None = None
    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    review_by: Day | None = None


def _permitted(scope: Scope, check: Callable[[Principal], None]) -> Callable[[Request], Any]:
    has_scope = requires(scope)

    async def permitted(request: Request) -> Principal:
        principal = await has_scope(request)
        check(principal)
        return principal

    return permitted


Reading = Annotated[Principal, Depends(_permitted(Scope.READ, require_staff))]
Writing = Annotated[Principal, Depends(_permitted(Scope.CONFIRM, require_writer))]


def build_knowledge_router(pool: CallPool) -> APIRouter:
    """The routes of what is known."""
    router = APIRouter(prefix=PREFIX, tags=["knowledge"], responses=error_responses(*_ERRORS))

    @router.post("/search", summary="Find passages", responses={200: response("The best first.", FOUND)})
    async def search(body: SearchBody, principal: Reading, request: Request) -> Response:
        opener = knowledge_opener_of(request)
        as_of = None if body.as_of is None else date.fromisoformat(body.as_of)
        found = await pool.run(
            lambda: opener().search(
                principal.tenant, body.query, as_of=as_of, kinds=frozenset(body.kinds), limit=body.limit
            )
        )
        return json_response(200, describe_found(found))

    @router.get(
        "/documents",
        summary="What is in force, or every version",
        responses={200: response("By id.", DOCUMENTS)},
    )
    async def list_documents(
        principal: Reading, request: Request, every: Annotated[bool, Query(alias="all")] = False
    ) -> Response:
        opener = knowledge_opener_of(request)
        shown = await pool.run(lambda: _list(opener(), principal.tenant, every=every))
        return json_response(200, {"documents": shown})

    @router.post(
        "/documents",
        summary="Add a document, or a new version of it",
        status_code=201,
        responses={201: response("As it is kept.", DOCUMENT_ADDED), **error_responses(409)},
    )
    async def add_document(body: DocumentBody, principal: Writing, request: Request) -> Response:
        opener = knowledge_opener_of(request)
        return json_response(201, await pool.run(lambda: _add(opener(), principal, body)))

    @router.get("/gaps", summary="Questions for which nothing was found", responses={200: response("", GAPS)})
    async def list_gaps(principal: Reading, request: Request) -> Response:
        opener = knowledge_opener_of(request)
        gaps = await pool.run(lambda: opener().store(principal.tenant).gaps())
        shown = [{"question": question, "times": times} for question, times in gaps]
        return json_response(200, {"gaps": shown})

    _add_object_routes(router, pool)
    return router


def _add_object_routes(router: APIRouter, pool: CallPool) -> None:
    @router.get(
        "/documents/{document_id}",
        summary="One document with its passages, in force or still to come",
        responses={**error_responses(*_OBJECT_ERRORS), 200: response("The document.", DOCUMENT)},
    )
    async def show_document(document_id: DocumentId, principal: Reading, request: Request) -> Response:
        opener = knowledge_opener_of(request)
        return json_response(200, await pool.run(lambda: _show(opener(), principal.tenant, document_id)))

    @router.delete(
        "/documents/{document_id}",
        summary="End a document today; what was decided before goes on citing it",
        status_code=204,
        responses=error_responses(*_OBJECT_ERRORS, 409),
    )
    async def retire_document(document_id: DocumentId, principal: Writing, request: Request) -> Response:
        opener = knowledge_opener_of(request)

        wanted = clean_text(document_id)
        retire = partial(_retire, opener, principal, wanted)
        if not await pool.run(retire):
            raise _not_found()
        return Response(None, 204, {"cache-control": "no-store"})


def knowledge_opener_of(request: Request) -> Callable[[], Knowledge]:
    """What opens the knowledge of this application, at the first call; it blocks then."""
    opener: Callable[[], Knowledge] | None = getattr(request.app.state, "open_knowledge", None)
    if opener is None:
        raise ConfigurationError("this service was built without knowledge")
    return opener


def _list(knowledge: Knowledge, tenant: str, *, every: bool) -> list[dict[str, Any]]:
    knowledge.prepare_behind(tenant)
    documents = knowledge.store(tenant).documents(as_of=None if every else knowledge.today())
    stale = set(knowledge.stale(tenant))
    return [describe_document(document, is_stale=document in stale) for document in documents]


def _show(knowledge: Knowledge, tenant: str, document_id: str) -> dict[str, Any]:
    """The version in force, or else the one to come: what was added and is not over is found by its id."""
    store, today, wanted = knowledge.store(tenant), knowledge.today(), clean_text(document_id)
    versions = [each for each in store.documents() if each.document_id == wanted]
    left = [each for each in versions if each.valid_until is None or each.valid_until > today]
    begun = [each for each in left if each.valid_from is None or each.valid_from <= today]
    if not left:
        raise _not_found()
    document = (begun or left)[-1]
    passages = store.passages(document.document_id, document.version)
    return describe_document(document, is_stale=document in knowledge.stale(tenant)) | {
        "passages": [describe_passage(passage) for passage in passages]
    }


def _retire(opener: Callable[[], Knowledge], principal: Principal, document_id: str) -> bool:
    return opener().retire(principal.tenant, document_id, principal.subject_id)


def _add(knowledge: Knowledge, principal: Principal, body: DocumentBody) -> dict[str, Any]:
    from casewright.adapters.knowledge.ingest import Choices, Source, name_document

    text = clean_text(body.text).encode("utf-8")
    choices = Choices(
        body.kind,
        None if body.title is None else clean_text(body.title),
        _day(body.valid_from),
        _day(body.valid_until),
        _day(body.review_by),
    )
    if choices.valid_until is not None and choices.valid_until <= knowledge.today():
        raise Conflict(
            "The document would be over when it is added; leave valid_until out, or name a later day.",
            code="already_over",
        )
    source = Source(body.name, lambda: text, _ENDINGS[body.format])
    ingested = knowledge.add(principal.tenant, [source], principal.subject_id, choices=choices)
    if ingested.problems:
        raise MeaninglessRequest(
            f"The text was not added: {ingested.problems[0].reason}.", code="document_unreadable"
        )
    became = "added" if ingested.added else "replaced" if ingested.replaced else "unchanged"
    document_id = name_document(body.name)
    versions = [
        document
        for document in knowledge.store(principal.tenant).documents()
        if document.document_id == document_id
    ]
    is_stale = versions[-1] in knowledge.stale(principal.tenant)
    return {"outcome": became, "document": describe_document(versions[-1], is_stale=is_stale)}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _not_found() -> NotFound:
    return NotFound("No such document is in force.")
