"""A question on one screen: it goes in; a decided, reviewed and cited answer and the record of how come out.

    route → look up (at once) → facts → decide by policy → write → review → record

The decision is made before any text is written, and no text can reach back into it: words of the question
select a record among names and a kind of answer, nothing else. Look-ups, clock and models are arguments.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casewright.desk import Answerable, Desk, LookedUp, Names, Question, Wanted
from casewright.domain.answer import Draft, Finding, Memory, Reviewed, Try
from casewright.domain.audit import AuditEvent, AuditName
from casewright.domain.client import Client
from casewright.domain.decision import Decision
from casewright.domain.errors import ConfigurationError, RetryableError
from casewright.domain.knowledge import Query, Retrieved
from casewright.policy.ruleset import Ruleset
from casewright.ports.web_search import WebResult
from casewright.runner import Clock, Journal

CLIENT_LOOKUP = "client_lookup"
PLAYBOOK_SEARCH = "playbook_search"
WEB_SEARCH = "web_search"

Emit = Callable[[str, Mapping[str, object]], None]
"""Where progress goes: `step`, `sentence` or `answer`, and its data."""
Gather = Callable[[Sequence[Callable[[], Any]]], Sequence[Any]]
"""Runs look-ups, at once where it can; results in the order of the calls."""
AnswerWriter = Callable[[Answerable, Question, tuple[Finding, ...]], Draft | None]
"""A model's hand: what may be said and what the last review found in; a draft out, or None."""


@dataclass(frozen=True, slots=True)
class LookUps:
    """The tools of one tenant: read-only, and cached by who hands them in."""

    names: Names
    client: Callable[[str], Client | None]
    playbook: Callable[[Query], Retrieved]
    web: Callable[[str], tuple[WebResult, ...]] | None = None
    """None: web search is off."""


def one_by_one(calls: Sequence[Callable[[], Any]]) -> Sequence[Any]:
    """Look-ups one after another: for tests, and where a thread costs more than it saves."""
    return [call() for call in calls]


@dataclass(frozen=True, slots=True)
class AnswerRoad:
    """What one deployment brings to every question."""

    desk: Desk
    ruleset: Ruleset
    clock: Clock
    look_ups: LookUps
    gather: Gather = one_by_one
    writer: AnswerWriter | None = None
    """None: templates write."""
    emit: Emit | None = None


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """Everything one run made, for the doors to publish, explain and record."""

    question: Question
    wanted: Wanted
    looked_up: LookedUp
    facts: tuple[Any, ...]
    decisions: tuple[Decision, ...]
    reviewed: Reviewed
    memory: Memory
    timings_us: Mapping[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.wanted.kind

    @property
    def draft(self) -> Draft:
        """The answer that leaves."""
        return self.reviewed.draft


def answer_question(question: Question, road: AnswerRoad) -> AnswerResult:
    """One question, whole. Raises nothing that a text could cause."""
    hook = road.desk.answer
    if hook is None:
        raise ConfigurationError(f"the desk {road.desk.name!r} answers no questions")
    journal = Journal(road.clock)
    wanted = hook.route(question, road.look_ups.names)
    _step(road, journal, "route", kind=wanted.kind, tools=wanted.tools)
    looked_up = _look_up(wanted, road)
    _step(road, journal, "look_up", failed=looked_up.failed)
    facts = hook.build_facts(wanted, looked_up, road.ruleset, question.as_of)
    decisions = tuple(road.ruleset.decide(one) for one in facts)
    _step(road, journal, "decide")
    answerable = hook.write(wanted, looked_up, facts, decisions, road.ruleset, question.as_of)
    reviewed = Reviewed(answerable.draft, (Try(answerable.draft.source),))
    _step(road, journal, "write")
    return AnswerResult(
        question, wanted, looked_up, facts, decisions, reviewed, answerable.memory, journal.timings_us
    )


def _step(road: AnswerRoad, journal: Journal, name: str, **data: object) -> None:
    took = journal.done(name)
    if road.emit is not None:
        road.emit("step", {"step": name, "took_us": took, **data})


def _look_up(wanted: Wanted, road: AnswerRoad) -> LookedUp:
    """All look-ups at once. One that gives no answer is named; the others count."""
    tools = road.look_ups
    calls: list[Callable[[], Any]] = []
    names: list[str] = []
    if CLIENT_LOOKUP in wanted.tools:
        for client_id in wanted.client_ids:
            calls.append(_fetch(tools.client, client_id))
            names.append(CLIENT_LOOKUP)
    if PLAYBOOK_SEARCH in wanted.tools and wanted.query is not None:
        calls.append(_fetch(tools.playbook, wanted.query))
        names.append(PLAYBOOK_SEARCH)
    if WEB_SEARCH in wanted.tools and tools.web is not None and wanted.query is not None:
        calls.append(_fetch(tools.web, wanted.query.text))
        names.append(WEB_SEARCH)
    found = list(zip(names, road.gather(calls), strict=True))
    return LookedUp(
        clients=tuple(one for _, one in found if isinstance(one, Client)),
        retrieved=next((one for _, one in found if isinstance(one, Retrieved)), Retrieved()),
        web=next((one for name, one in found if name == WEB_SEARCH and isinstance(one, tuple)), ()),
        failed=tuple(dict.fromkeys(name for name, one in found if isinstance(one, RetryableError))),
    )


def _fetch(tool: Callable[[Any], Any], argument: object) -> Callable[[], Any]:
    def call() -> Any:
        try:
            return tool(argument)
        except RetryableError as error:
            return error

    return call


def read_events(result: AnswerResult, case_id: str) -> tuple[AuditEvent, ...]:
    """The run as audit events: codes and facts only."""
    took = result.timings_us
    return (
        AuditEvent(
            AuditName.REQUEST_READ,
            case_id,
            {"kind": result.kind, "tools": result.wanted.tools},
            took.get("route", 0),
        ),
        *(
            AuditEvent(
                AuditName.DECISION_MADE,
                case_id,
                {"ruleset": one.ruleset_id, "outcome": one.outcome, "fired": one.fired},
                took.get("decide", 0),
            )
            for one in result.decisions
        ),
        AuditEvent(AuditName.REPLY_WRITTEN, case_id, {"source": result.draft.source}, took.get("write", 0)),
    )
