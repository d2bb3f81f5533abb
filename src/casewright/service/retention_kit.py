"""What the retention desk works with, and one try at a decision: parts, rules and models, handed in.

Nothing here decides or touches the world.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from casewright.desks.retention.deciding import Decided
from casewright.desks.retention.replies import OutreachMessage
from casewright.desks.retention.situation import Situation
from casewright.domain.outreach import ContactHistory, CustomerProfile
from casewright.policy.ruleset import Ruleset
from casewright.ports.outreach import BudgetHolds, OutcomeStore, OutreachStore, PeriodState
from casewright.ports.retention import AcceptanceModel, ContactPolicy, RiskModel
from casewright.service.retention_customers import Overrides


@dataclass(frozen=True, slots=True)
class ServedPolicies:
    """What was loaded, and why what is missing is missing."""

    champion: ContactPolicy | None = None
    challenger: ContactPolicy | None = None
    risk: RiskModel | None = None
    acceptance: AcceptanceModel | None = None
    missing: str | None = None
    """Code: why no learned policy serves."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """By setting: why what it names cannot be read."""

    @property
    def is_risk_unread(self) -> bool:
        """Whether a risk model was named that cannot be read."""
        return "retention_risk_model" in self.unread


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """What an operator chose."""

    budget_minor: int
    complaint_cap: int
    complaint_limit_micros: int
    complaint_permille: int
    """Expected complaints of 1,000 first contacts."""
    period_start: date
    period_days: int = 182
    forces_baseline: bool = False
    challenger_share: float = 0.0
    holdout_share: float = 0.0
    channels: frozenset[str] = frozenset()

    def period_of(self, now: datetime) -> PeriodState:
        """The period of that moment, as it is before anybody has spent anything."""
        passed = (now.date() - self.period_start).days // self.period_days
        first = self.period_start + timedelta(days=passed * self.period_days)
        return PeriodState(first, self.budget_minor, self.complaint_cap, self.complaint_limit_micros)


@dataclass(frozen=True, slots=True)
class RetentionParts:
    """What belongs to one tenant."""

    store: OutreachStore
    outcomes: OutcomeStore
    holds: BudgetHolds


@dataclass(frozen=True, slots=True)
class RetentionKit:
    """Everything that touches the world."""

    parts: Callable[[str], RetentionParts]
    ruleset: Callable[[str, datetime], Ruleset]
    policies: ServedPolicies
    rules: RetentionRules
    now: Callable[[], datetime]
    micros: Callable[[datetime], int]
    draw: Callable[[], float]
    place: Callable[[str, str], float]
    """Tenant and customer to a number in [0, 1) that stays."""
    new_id: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Judged:
    """One try: what was decided, on what, and in which words."""

    decided: Decided
    profile: CustomerProfile
    history: ContactHistory
    situation: Situation
    overrides: Overrides
    assumed: tuple[str, ...]
    message: OutreachMessage | None
    blocked_words: tuple[str, ...]
    policy: ContactPolicy | None
    state: PeriodState
    complaint_micros: int
    p_accept: tuple[float, ...]
    risk_version: str | None
    """None: the caller gave the risk."""
    is_baseline_asked_for: bool = False
    """By this request alone: the switch is off."""
