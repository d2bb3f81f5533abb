"""A question on one screen: it goes in; a decided, reviewed and cited answer and the record of how come out.

    route → look up (at once) → facts → decide by policy → write → review → record

The decision is made before any text is written, and no text can reach back into it: words of the question
select a record among names and a kind of answer, nothing else. Look-ups, clock and models are arguments. The
steps are those of `ANSWERING`; the one way back leads from the review to the writing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from casewright.desk import Answerable, Desk, LookedUp, Names, Question, Wanted
from casewright.domain.answer import Draft, Finding, Memory, Offer, Reviewed
from casewright.domain.audit import AuditEvent, AuditName
from casewright.domain.client import Client
from casewright.domain.decision import Decision
from casewright.domain.errors import ConfigurationError, RetryableError
from casewright.domain.knowledge import Query, Retrieved
from casewright.policy.ruleset import Ruleset
from casewright.ports.web_search import WebResult
from casewright.reflection.checks import check_draft
from casewright.reflection.loop import Judge, review
from casewright.runner import (
    Clock,
    Emit,
    Gather,
    Graph,
    Run,
    Stage,
    Step,
    StepRecord,
    Submit,
    describe_steps,
    one_by_one,
)

CLIENT_LOOKUP = "client_lookup"
PLAYBOOK_SEARCH = "playbook_search"
WEB_SEARCH = "web_search"

AnswerWriter = Callable[[Answerable, Question, tuple[Finding, ...]], Offer]
"""A model's hand: what may be said and what the last review found in; a draft out, or why there is none."""
AnswerJudge = Callable[[Answerable, Question], Judge]
"""A model's opinion of the drafts for one question."""
ANSWERING = Graph(
    "answering",
    (
        Step("route", Stage.COMPUTE),
        Step("look_up", Stage.READ, timeout_s=5.0),
        Step("decide", Stage.COMPUTE),
        Step("bound", Stage.COMPUTE),
        Step("write", Stage.WRITE, timeout_s=8.0),
        Step("review", Stage.REVIEW),
    ),
    retry=("review", "write"),
)
"""The road of a question. `bound` says what an answer may state; who calls records the run."""


@dataclass(frozen=True, slots=True)
class LookUps:
    """The tools of one tenant: read-only, and cached by who hands them in."""

    names: Names
    client: Callable[[str], Client | None]
    playbook: Callable[[Query], Retrieved]
    web: Callable[[str], tuple[WebResult, ...]] | None = None
    """None: web search is off."""


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
    judge: AnswerJudge | None = None
    submit: Submit | None = None
    """Where a writer that does not answer is left behind at the deadline; None: it has one of its own."""
    text_deadline_s: float | None = None
    """For all tries of the text together; None: what the table gives."""
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
    steps: tuple[StepRecord, ...] = ()
    """The journal of the run."""
    evidence: tuple[str, ...] = ()
    """What the answer rests on beside the passages, in sentences."""

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
    run = Run(ANSWERING, road.clock, emit=road.emit)

    def route() -> Wanted:
        read = hook.route(question, road.look_ups.names)
        run.note(kind=read.kind, tools=read.tools)
        return read

    def decide() -> tuple[tuple[Any, ...], tuple[Decision, ...]]:
        facts = hook.build_facts(wanted, looked_up, road.ruleset, question.as_of)
        return facts, tuple(road.ruleset.decide(one) for one in facts)

    wanted = run.do("route", route)
    looked_up = _look_up(wanted, road, run)
    facts, decisions = run.do("decide", decide)
    answerable = run.do(
        "bound",
        lambda: hook.write(
            wanted, looked_up, facts, decisions, road.ruleset, question.as_of, question.memory
        ),
    )
    reviewed = _review(answerable, question, road, run)
    return AnswerResult(
        question,
        wanted,
        looked_up,
        facts,
        decisions,
        reviewed,
        answerable.memory,
        run.timings_us,
        tuple(run.records),
        answerable.evidence,
    )


def _review(answerable: Answerable, question: Question, road: AnswerRoad, run: Run) -> Reviewed:
    """The model's words where they pass the review; the template's where there is no model or it has none."""
    writer, judge = road.writer, road.judge

    def write(told: tuple[Finding, ...]) -> Offer:
        offer = None if writer is None else writer(answerable, question, told)
        return answerable.draft if offer is None and not told else offer

    def check(draft: Draft) -> tuple[Finding, ...]:
        return check_draft(draft, answerable.bounds)

    deadline_s = run.deadline_s("write") if road.text_deadline_s is None else road.text_deadline_s
    is_whole_safe = writer is not None and not check(answerable.draft)
    return review(
        write,
        answerable.draft if is_whole_safe else answerable.fallback,
        check,
        None if judge is None or writer is None else judge(answerable, question),
        clock=road.clock,
        deadline_s=deadline_s or 0.0,
        take=run.do,
        submit=road.submit if writer is not None else None,
    )


def _look_up(wanted: Wanted, road: AnswerRoad, run: Run) -> LookedUp:
    """All look-ups at once. One that gives no answer is named; the others count."""
    tools = road.look_ups
    calls: list[Callable[[], Any]] = []
    names: list[str] = []
    if CLIENT_LOOKUP in wanted.tools:
        for client_id in wanted.client_ids:
            calls.append(partial(tools.client, client_id))
            names.append(CLIENT_LOOKUP)
    if PLAYBOOK_SEARCH in wanted.tools and wanted.query is not None:
        calls.append(partial(tools.playbook, wanted.query))
        names.append(PLAYBOOK_SEARCH)
        if tools.web is not None:  # beside the playbook, where an installation has it on
            calls.append(partial(tools.web, wanted.query.text))
            names.append(WEB_SEARCH)
    found = list(zip(names, run.read("look_up", calls, road.gather), strict=True))
    return LookedUp(
        clients=tuple(one for _, one in found if isinstance(one, Client)),
        retrieved=next((one for _, one in found if isinstance(one, Retrieved)), Retrieved()),
        web=next((one for name, one in found if name == WEB_SEARCH and isinstance(one, tuple)), ()),
        failed=tuple(dict.fromkeys(name for name, one in found if isinstance(one, RetryableError))),
    )


def read_events(result: AnswerResult, case_id: str) -> tuple[AuditEvent, ...]:
    """The run as audit events, every try that its review refused among them: codes and facts only."""
    took, reviewed = result.timings_us, result.reviewed
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
        *(
            AuditEvent(
                AuditName.REPLY_BLOCKED,
                case_id,
                {
                    "try": number,
                    "source": tried.source,
                    "findings": tuple(f"{one.code}:{one.detail}" for one in tried.findings),
                },
            )
            for number, tried in enumerate(reviewed.tries, 1)
            if tried.findings
        ),
        AuditEvent(
            AuditName.REPLY_WRITTEN,
            case_id,
            {
                "source": result.draft.source,
                "tries": len(reviewed.tries),
                "is_fallback": reviewed.is_fallback,
            },
            took.get("write", 0),
        ),
        describe_steps(ANSWERING, result.steps, case_id),
    )
