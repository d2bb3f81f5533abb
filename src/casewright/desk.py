"""The contract of a desk: what is particular to it, declared in one value.

A desk never owns the road: reading, investigating, deciding, writing and recording are the pipeline's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from casewright.domain.action import Plan
from casewright.domain.answer import Bounds, Draft, Memory
from casewright.domain.case import Case, Language
from casewright.domain.client import Client
from casewright.domain.decision import Decision, Value
from casewright.domain.errors import ConfigurationError
from casewright.domain.knowledge import Query, Retrieved
from casewright.investigation.claims import Claim
from casewright.investigation.matching import Match
from casewright.policy.ruleset import Ruleset
from casewright.ports.web_search import WebResult


@dataclass(frozen=True, slots=True)
class Investigation:
    """What build_facts found: the typed facts, the row they are about, and the way there."""

    facts: Any
    """The desk's own frozen dataclass of facts; no free text in it."""
    match: Match


class FactsBuilder(Protocol):
    """Pure: claim and records in, facts out. `proposal` is a type that a model proposed, already checked."""

    def __call__(
        self, case: Case, claim: Claim, ruleset: Ruleset, *, proposal: str | None = None
    ) -> Investigation: ...


@dataclass(frozen=True, slots=True)
class TextFields:
    """The words of one reply before they leave, and every fact they may state."""

    fields: Mapping[str, str]
    whitelist: frozenset[str]
    language: Language
    is_refund_recorded: bool = False
    """The records hold a completed refund or reversal, so that a text may state it."""


class TextWriter(Protocol):
    """Pure: the desk's safe template texts. `is_bare` leaves out everything that came from a record."""

    def __call__(
        self,
        case: Case,
        claim: Claim,
        investigation: Investigation,
        decision: Decision,
        *,
        is_bare: bool = False,
    ) -> TextFields: ...


@dataclass(frozen=True, slots=True)
class TextPurpose:
    """A text that the desk publishes: what it is for, and who reads it."""

    name: str
    purpose: str
    audience: Literal["customer", "agent"]
    required: tuple[str, ...] = ()
    max_chars: int = 600


class Planner(Protocol):
    """Pure: one wanted action, the records it is about, the policy and the time in; a plan out.

    `request` and `found` are the desk's own frozen dataclasses. Nothing moves; a no is a plan with reasons.
    """

    def __call__(self, request: Any, found: Any, ruleset: Ruleset, as_of: datetime) -> Plan: ...


Names = Callable[[], Sequence[tuple[str, str]]]
"""Id and name of every client of the tenant."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody of the staff asks, on which day, and what the conversation was about before."""

    text: str = field(repr=False)
    as_of: date
    memory: Memory = field(default_factory=Memory)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question as it was read: its kind and the look-ups that it needs."""

    kind: str
    asked: Any
    """The desk's own frozen dataclass: codes, ids and numbers, no text of the question."""
    tools: tuple[str, ...] = ()
    """Look-ups that belong to the question, by name, in a fixed order."""
    client_ids: tuple[str, ...] = ()
    """Records that are fetched by `client_lookup`."""
    query: Query | None = None
    """What `playbook_search`, and `web_search` where it is on, look for."""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What the look-ups brought: data, never instructions."""

    clients: tuple[Client, ...] = ()
    """Those that exist, in the order in which they were asked for."""
    retrieved: Retrieved = field(default_factory=Retrieved)
    web: tuple[WebResult, ...] = ()
    failed: tuple[str, ...] = ()
    """Tools that gave no answer in time."""


@dataclass(frozen=True, slots=True)
class Answerable:
    """What may be said: the template's answer, the safest one, the bounds, and what is remembered."""

    draft: Draft
    fallback: Draft
    bounds: Bounds
    memory: Memory
    statements: tuple[str, ...] = ()
    """What a model is handed to put into words: facts and rules in plain sentences."""
    evidence: tuple[str, ...] = ()
    """What the answer rests on beside the passages, in sentences: for whoever judges it."""


@dataclass(frozen=True, slots=True)
class AnswerHook:
    """What is particular to a desk that answers questions. All three are pure and do nothing in the world."""

    route: Callable[[Question, Names], Wanted]
    build_facts: Callable[[Wanted, LookedUp, Ruleset, date], tuple[Any, ...]]
    """One facts object for each decision that the answer rests on; none where nothing is decided."""
    write: Callable[[Wanted, LookedUp, Sequence[Any], Sequence[Decision], Ruleset, date, Memory], Answerable]


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk. `needs` names the record kinds to read when a case does not bring its own.

    A desk that reads cases has `build_facts` and `replies`; a desk that acts has `plans`.
    """

    name: str
    case_types: tuple[str, ...]
    needs: tuple[str, ...]
    facts_type: type
    ruleset: str
    """Package of the policy files."""
    reasons: Mapping[str, str]
    """Reason code to one line of plain English."""
    outcome_fields: tuple[str, ...]
    """Outcomes of the tables that are published."""
    build_facts: FactsBuilder | None = None
    replies: TextWriter | None = None
    plans: Mapping[str, Planner] = field(default_factory=dict)
    """An acting desk's write tools, by name."""
    text_fields: tuple[TextPurpose, ...] = ()
    tools: tuple[str, ...] = ()
    moves_money: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Outcomes, with those of their values by which the money of a case moves at once."""
    wants_proposal: Callable[[Claim, Mapping[str, Value], Ruleset], bool] | None = None
    """Whether the guarded type proposal may be asked for, by claim and first outcome."""
    propose: Callable[..., object] | None = None
    """A learned policy's hook: puts a proposal into the facts, which the tables may only narrow."""
    answer: AnswerHook | None = None
    """A question-and-answer desk's hook: no actions."""

    def reading(self) -> tuple[FactsBuilder, TextWriter]:
        """What run_case needs. Raises ConfigurationError for a desk that only acts."""
        if self.build_facts is None or self.replies is None:
            raise ConfigurationError(f"the desk {self.name!r} acts on requests; it reads no cases")
        return self.build_facts, self.replies

    def describe_reasons(self, codes: Sequence[str]) -> tuple[str, ...]:
        """The reason codes in plain English."""
        return tuple(self.reasons.get(code, code) for code in codes)
