"""What the retention desk keeps: who was contacted when, what a period may still spend, what was decided.

Every method belongs to one tenant. Invariants: a key of a subject names one decision for good; a contact is
kept only if nobody has contacted the customer since the standing was read, and only on a slice of the budget
that is still open. Moments are microseconds since 1970.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol


class Arm(StrEnum):
    """Which policy a customer's decisions come from, by a keyed hash of the customer's id."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"
    HOLDOUT = "holdout"
    """Nobody is contacted: what happens without us."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """What was said to a customer, as far as it still counts. Version 0: nothing was."""

    version: int = 0
    moments: tuple[int, ...] = ()
    """Of the contacts, oldest first."""
    last_offer: int | None = None
    was_accepted: bool | None = None


@dataclass(frozen=True, slots=True)
class PeriodState:
    """A budget period: what may be spent and risked, and what is held already."""

    period: date
    """Its first day."""
    budget_minor: int
    complaint_cap: int
    """Complaints that may come."""
    complaint_limit_micros: int
    """Expected complaints that may be risked, in millionths."""
    reserved_minor: int = 0
    complaint_reserved_micros: int = 0
    complaints: int = 0
    """That have come."""

    @property
    def free_minor(self) -> int:
        return max(0, self.budget_minor - self.reserved_minor)

    @property
    def free_micros(self) -> int:
        return max(0, self.complaint_limit_micros - self.complaint_reserved_micros)

    @property
    def is_capped(self) -> bool:
        return self.complaints >= self.complaint_cap


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """What an idempotency key has been used for."""

    decision_id: str
    fingerprint: str
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """All that is kept and bears on one decision, of one snapshot."""

    is_switched: bool = False
    """The desk's kill switch is on."""
    contacts: Contacts = field(default_factory=Contacts)
    customer: Mapping[str, Any] | None = None
    """Facts of an imported customer."""
    is_opted_out: bool = False
    period: PeriodState | None = None
    """None: nobody has spent anything yet."""
    earlier: EarlierDecision | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A part of a slice, taken for one decision."""

    slice_id: str
    period: date
    amount_minor: int
    complaint_micros: int


@dataclass(frozen=True, slots=True)
class LiveDecision:
    """One decision to keep."""

    decision_id: str
    subject_id: str
    key: str
    fingerprint: str
    customer_id: str
    period: date
    decided_at: int
    arm: Arm
    offer_level: int | None
    """None: no contact."""
    followup_days: int
    hold: Hold | None
    contacts: Contacts
    """As they were read: a contact is kept only on these."""
    contacts_after: Contacts
    ruleset: str
    policy_version: str
    record: Mapping[str, Any]
    """What learning needs: observation, probabilities, draws."""
    answer: Mapping[str, Any]
    entry: Mapping[str, Any]
    """For the ledger: whole numbers and codes."""


class Keeping(StrEnum):
    """How an attempt to keep a decision ended."""

    KEPT = "kept"
    COLLIDED = "collided"
    """Somebody has contacted this customer in the meantime."""
    RECALLED = "recalled"
    """The slice of the budget is closed."""
    KEY_TAKEN = "key_taken"


@dataclass(frozen=True, slots=True)
class OutcomeReport:
    """What came of a decision; what is not known yet is None."""

    was_accepted: bool | None = None
    has_complained: bool | None = None
    has_churned: bool | None = None
    revenue_minor: int | None = None
    has_unsubscribed: bool = False


@dataclass(frozen=True, slots=True)
class KeptOutcome:
    """The outcome of a decision as it stands now."""

    decision_id: str
    state: str
    report: OutcomeReport
    released_minor: int
    """Of the budget: what the decision had reserved and did not need."""
    is_news: bool = True
    """Whether the report said anything that was not known."""


class OutreachStore(Protocol):
    """Contacts, switch and decisions of one tenant."""

    def standing(
        self, customer_id: str | None, period: date, subject_id: str = "", key: str | None = None
    ) -> Standing: ...

    def keep(self, decision: LiveDecision) -> Keeping:
        """In one transaction, on disk when it returns KEPT; nothing is written otherwise."""
        ...

    def set_switch(self, *, is_on: bool, by: str, at: datetime) -> None: ...


class OutcomeStore(Protocol):
    """What came of the decisions of one tenant."""

    def report(self, decision_id: str, said: OutcomeReport, *, source: str, at: datetime) -> KeptOutcome:
        """Raises NotFound, and Conflict where something else is known already."""
        ...


class BudgetHolds(Protocol):
    """The budget as one process takes parts of it."""

    def left(self, state: PeriodState) -> tuple[int, int]:
        """Minor units, and expected complaints in millionths, that could be held for one decision now."""
        ...

    def hold(self, state: PeriodState, amount_minor: int, complaint_micros: int) -> Hold | None:
        """Take a part; None where there is no more."""
        ...

    def put_back(self, hold: Hold) -> None:
        """It was not needed."""
        ...

    def settle(self, hold: Hold) -> None:
        """The decision is kept."""
        ...

    def drop(self, slice_id: str) -> None:
        """This slice is closed: nothing more may be taken from it."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...
