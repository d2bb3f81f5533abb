"""The nouns of retention: a customer as a policy sees one, offers, a proposal, and what was decided.

Invariant: nothing here is text that somebody wrote, and nothing here needs NumPy: a learned policy reads
`observe`'s numbers in the order of `OBSERVATION`, when it is trained and when it serves.
"""

import math
from dataclasses import dataclass, field
from enum import StrEnum

WEEK_DAYS = 7
PERIOD_WEEKS = 26
"""Length of a budget period, in weeks: budget, contacts and complaints are counted within it."""
TERM_WEEKS = 12
"""How long an accepted offer runs."""
ANNOYED_WEEKS = 6
"""How long a contact that was not accepted is remembered."""
OFFER_LEVELS = 4
"""0 is help without a discount; 1 to 3 are discounts, rising."""
FOLLOW_UP_DAYS = (7, 14, 28, 56)
"""When the next decision about a customer is due, by index."""
MOST_CONTACTS = 4
"""Contacts that a period may hold."""
_LEAST_RISK = 1e-4


class Plan(StrEnum):
    """What binds a customer."""

    MONTHLY = "monthly"
    ONE_YEAR = "one_year"
    TWO_YEAR = "two_year"


class Tier(StrEnum):
    """The grade of what a customer has."""

    BASIC = "basic"
    STANDARD = "standard"
    PREMIUM = "premium"


class Mode(StrEnum):
    """Where a customer stands with the last contact: its term still runs, or it was turned down lately."""

    NEUTRAL = "neutral"
    ACCEPTED_0 = "accepted_0"
    ACCEPTED_1 = "accepted_1"
    ACCEPTED_2 = "accepted_2"
    ACCEPTED_3 = "accepted_3"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class CustomerProfile:
    """What is known of a customer that changes slowly."""

    churn_risk: float
    """Calibrated probability, in (0, 1), to leave within the quarter (13 weeks) if nobody gets in touch."""
    tenure_months: int
    plan: Plan
    monthly_spend_minor: int
    """In minor units of the operator's currency."""
    services: int = 1
    has_support: bool = False
    pays_automatically: bool = False
    tier: Tier = Tier.STANDARD
    is_senior: bool = False


@dataclass(frozen=True, slots=True)
class ContactHistory:
    """What was said to a customer in this period."""

    contacts: int = 0
    contacts_7d: int = 0
    days_since_contact: int | None = None
    """None: never, or longer ago than anybody counts."""
    last_offer: int | None = None
    """Level of the last contact's offer; None where it is not known."""
    was_accepted: bool = False

    def mode(self) -> Mode:
        """Where the customer stands with the last contact."""
        if self.days_since_contact is None:
            return Mode.NEUTRAL
        weeks = self.days_since_contact // WEEK_DAYS
        if self.was_accepted and self.last_offer is not None:
            return Mode(f"accepted_{self.last_offer}") if weeks < TERM_WEEKS else Mode.NEUTRAL
        return Mode.DECLINED if weeks < ANNOYED_WEEKS else Mode.NEUTRAL


@dataclass(frozen=True, slots=True)
class RetentionProposal:
    """What a learned policy proposes, before any rule has been asked."""

    offer_level: int | None
    """None: no contact."""
    followup_days: int
    probability: float
    """With which this very action was drawn, for later evaluation."""
    model_version: str
    probabilities: tuple[float, ...] = field(default=())
    """Of no contact and of each offer level, in that order."""
    is_learned: bool = True
    """Else the policy's baseline table proposed."""


OBSERVATION = (
    "risk_log_odds",
    "tenure",
    "plan_monthly",
    "plan_one_year",
    "plan_two_year",
    "spend",
    "services",
    "has_support",
    "pays_automatically",
    "tier_basic",
    "tier_standard",
    "tier_premium",
    "is_senior",
    "week",
    "weeks_since_contact",
    "mode_neutral",
    "mode_accepted_0",
    "mode_accepted_1",
    "mode_accepted_2",
    "mode_accepted_3",
    "mode_declined",
    "contacts",
    "budget_price",
    "complaint_price",
)
"""Names of a policy's inputs, in their order. The first 13 are the profile's."""
PROFILE_INPUTS = 13
SPEND_UNIT_MINOR = 10_000
"""Spend is observed in hundreds of major units."""


def observe_profile(profile: CustomerProfile) -> tuple[float, ...]:
    """The first inputs of a policy, each of the order of one."""
    risk = min(max(profile.churn_risk, _LEAST_RISK), 1 - _LEAST_RISK)
    return (
        math.log(risk / (1 - risk)) / 2,
        min(profile.tenure_months, 72) / 72,
        *(float(profile.plan == plan) for plan in Plan),
        profile.monthly_spend_minor / SPEND_UNIT_MINOR,
        profile.services / 8,
        float(profile.has_support),
        float(profile.pays_automatically),
        *(float(profile.tier == tier) for tier in Tier),
        float(profile.is_senior),
    )


def observe(
    profile: CustomerProfile,
    history: ContactHistory,
    week: int,
    budget_price: float = 0.0,
    complaint_price: float = 0.0,
) -> tuple[float, ...]:
    """A policy's whole input, in the order of `OBSERVATION`.

    `week` is the week of the budget period, from 0; prices are the multipliers of the two limits. A contact
    of the last period that is still remembered counts as one of this: no policy has learned other states.
    """
    days = history.days_since_contact
    weeks = TERM_WEEKS if days is None else min(days // WEEK_DAYS, TERM_WEEKS)
    contacts = max(history.contacts, 1) if weeks < TERM_WEEKS else history.contacts
    mode = history.mode()
    return (
        *observe_profile(profile),
        min(week, PERIOD_WEEKS) / PERIOD_WEEKS,
        weeks / TERM_WEEKS,
        *(float(mode == each) for each in Mode),
        min(contacts, MOST_CONTACTS) / MOST_CONTACTS,
        math.log1p(max(budget_price, 0.0)),
        math.log1p(max(complaint_price, 0.0)),
    )
