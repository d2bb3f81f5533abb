"""ToolSpec: what one tool is, said where it is defined: effect, arguments, who may call it, and its approval.

A read has a `read` step. A write has `gather` (records, through ports) and `plan` (pure: facts to a Plan of
the desk's policy), or, where it only keeps a file, `keep`; the executor does everything else. A write without
an approval rule is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from casewright.domain.action import Plan
from casewright.domain.principal import Role
from casewright.tools.arguments import Arguments, Document
from casewright.tools.reading import Reading

EVERYBODY = frozenset(Role)
STAFF = frozenset({Role.AGENT, Role.SUPERVISOR, Role.ADMIN})


class ToolEffect(StrEnum):
    READ = "read"
    WRITE = "write"


class Rules(Protocol):
    """A compiled ruleset, as far as tools look into it; the desk's own functions know all of it."""

    @property
    def id(self) -> str: ...

    @property
    def parameters(self) -> Mapping[str, Any]: ...

    @property
    def clauses(self) -> Mapping[str, Any]: ...


RANK = {Role.CUSTOMER: 0, Role.AGENT: 1, Role.SUPERVISOR: 2, Role.ADMIN: 3}
"""Roles by how much they may approve."""


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Up to which amount whose word is needed. A limit names a parameter of the desk's policy, or is None.

    None means: no limit of that band. A named parameter that the policy does not hold means: refuse.
    """

    automatic: str | None = None
    """Up to here nobody's beside the confirmation."""
    agent: str | None = None
    """Up to here an agent's; above it a supervisor's."""

    def needed_role(self, amount_minor: int, parameters: Mapping[str, Any]) -> Role | None:
        """The least role that must approve; None: the amount passes. KeyError: there is no such limit."""
        if self.automatic is None or amount_minor <= int(parameters[self.automatic]):
            return None
        return self.least_role(amount_minor, parameters)

    def least_role(self, amount_minor: int, parameters: Mapping[str, Any]) -> Role:
        """The least role whose band covers the amount, where somebody must approve in any case."""
        if self.agent is None or amount_minor <= int(parameters[self.agent]):
            return Role.AGENT
        return Role.SUPERVISOR


NO_APPROVAL = ApprovalRule()
"""For what moves nothing that a limit could hold: the confirmation alone is needed."""


@dataclass(frozen=True, slots=True)
class CallLimit:
    """How often one subject may ask for a write within so many seconds; and, where it acts on behalf of a
    customer, how often that customer may, by all who act for them."""

    calls: int = 120
    window_s: int = 3600


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """What a read tool found; with `reason_codes` it is a no, and the result is empty or says the rest."""

    result: Mapping[str, Any] = field(default_factory=dict)
    reason_codes: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call as the steps see it. Personal values are vault tokens already, but in `gather`, where they
    are left out."""

    arguments: Document
    customer_id: str | None
    """Whose objects may be touched; None: any of the tenant's, for staff."""
    is_staff: bool
    case_id: str
    ref: str
    """The same for every plan of one request, and for no other: ids of what is made are derived from it."""
    is_approved: bool = False
    """A named person with a sufficient band approved, or is being asked to approve, this very action."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The records of one write, as the desk's plan function wants them, and what they are about."""

    records: Any
    customer_id: str | None = None
    """Whom it concerns; None where nothing was found. Personal values are kept as that customer's."""
    order_id: str | None = None


ReadStep = Callable[[ToolCall, Reading, Any, datetime], ReadOutcome]
"""Answer from the records that the reading may see, by the ruleset of the tool's desk."""
GatherStep = Callable[[ToolCall, Reading, Any, datetime], Gathered]
"""The records that the plan needs; what another customer owns is not found."""
KeepStep = Callable[[ToolCall, Reading, Any, datetime], ReadOutcome]
"""A write beside the business rows that is idempotent by its content; carried out where it stands."""
PlanStep = Callable[[ToolCall, Any, Any, datetime], Plan]
"""Pure: the desk's policy on one wanted action, with the records found for it and the ruleset."""


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """One tool."""

    name: str
    desk: str
    """Whose policy decides."""
    summary: str
    effect: ToolEffect
    arguments: type[Arguments]
    roles: frozenset[Role] = EVERYBODY
    desks: frozenset[str] = frozenset()
    """The other desks whose conversations may call it."""
    read: ReadStep | None = None
    gather: GatherStep | None = None
    plan: PlanStep | None = None
    keep: KeepStep | None = None
    is_two_step: bool = False
    """Prepared as a proposal and carried out by a confirmation."""
    is_harmless: bool = False
    """Of a write that happens at once: it moves nothing and changes no order or profile, so that who may only
    propose may call it too."""
    approval: ApprovalRule | None = None
    limit: CallLimit = field(default_factory=CallLimit)
    idempotency_fields: tuple[str, ...] = ()
    """The arguments that make two requests under one key the same; none named: all of them."""
    max_body_bytes: int | None = None
    """Where a call may be larger than the service's own limit."""

    def __post_init__(self) -> None:
        given = (self.read is not None, self.gather is not None and self.plan is not None, bool(self.keep))
        fitting = (
            (True, False, False)
            if self.effect is ToolEffect.READ
            else (False, not self.keep, bool(self.keep))
        )
        if given != fitting:
            raise TypeError(f"{self.name}: a read has `read`; a write has `gather` and `plan`, or `keep`")

    def is_allowed_for(self, desk: str) -> bool:
        """Whether a conversation of that desk may call it."""
        return desk == self.desk or desk in self.desks
