"""Facts of an outreach: what is proposed, whether the customer may be contacted, and what is left to spend.
Pure.

Invariants: no text and no float; a probability is in thousandths, money in minor units. What is not known is
None, and the tables then let no contact through. Facts hold no verdict.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from casewright.desks.retention.costs import highest_affordable
from casewright.desks.retention.quiet_hours import QuietHours, find_zone
from casewright.desks.retention.situation import Consent, Offer, OutreachChannel, Situation
from casewright.domain.outreach import ContactHistory, CustomerProfile, Mode, RetentionProposal
from casewright.policy.ruleset import Ruleset

_THOUSAND = 1000
_MINUTE_S = 60
_ROUNDING = 1e-9


class ProposalSource(StrEnum):
    """Who proposed."""

    LEARNED = "learned"
    BASELINE = "baseline"


_AT_LEAST_ZERO = {"min": 0}


@dataclass(frozen=True, slots=True)
class RetentionFacts:
    """Typed input of the retention tables. The defaults are those of a customer of whom nothing is known."""

    # what is proposed
    proposal: Offer = Offer.NONE
    proposal_source: ProposalSource = ProposalSource.BASELINE
    proposal_followup_days: int | None = field(default=None, metadata=_AT_LEAST_ZERO)
    """Days until the next decision, as proposed."""
    is_kill_switch_on: bool = True
    """The learned policy is stopped, by the desk's switch or for the whole installation."""
    # who
    is_customer_known: bool = False
    consent: Consent | None = None
    is_unsubscribed: bool | None = None
    channel: OutreachChannel | None = None
    """By which the customer agreed to be contacted; unknown where there is none."""
    # when
    is_quiet_hour: bool | None = None
    """By the clock of the recipient; unknown where their time zone is."""
    minutes_until_allowed: int | None = field(default=None, metadata=_AT_LEAST_ZERO)
    """From `as_of` to the first instant that is not quiet, rounded up; unknown where none comes."""
    # how often
    contacts_7d: int = field(default=0, metadata=_AT_LEAST_ZERO)
    """Over all channels."""
    contacts_period: int = field(default=0, metadata=_AT_LEAST_ZERO)
    """In the budget period, over all channels."""
    days_since_contact: int | None = field(default=None, metadata=_AT_LEAST_ZERO)
    """Whole days; unknown where there has been no contact."""
    is_own_limit_reached: bool = False
    """A limit that the caller set for this request, narrower than the policy's."""
    own_ceiling: Offer = Offer.LEVEL_3
    """The highest offer that the caller allows."""
    # what it may cost
    affordable: Offer | None = None
    """The highest offer whose worst case the budget that is left covers; unknown where the budget is."""
    has_complaint_room: bool | None = None
    """One more contact keeps complaints within their cap."""
    # what the baseline reads
    is_contact_fresh: bool = False
    """The last contact's offer still runs, or it was turned down lately."""
    churn_risk_permille: int | None = field(default=None, metadata={"min": 0, "max": 1000})
    """To leave within the quarter, in thousandths, rounded down."""


def build_facts(
    profile: CustomerProfile | None,
    history: ContactHistory,
    situation: Situation,
    ruleset: Ruleset,
    as_of: datetime,
) -> RetentionFacts:
    """Everything but the proposal. A `profile` of None is a customer nobody knows.

    `as_of` is aware; of a time without its zone it is unknown whether it is quiet.
    """
    quiet, minutes = _quiet_facts(situation.time_zone, ruleset.parameters, as_of)
    days = history.days_since_contact
    return RetentionFacts(
        is_kill_switch_on=situation.is_kill_switch_on,
        is_customer_known=profile is not None,
        consent=situation.consent,
        is_unsubscribed=situation.is_unsubscribed,
        channel=situation.channel,
        is_quiet_hour=quiet,
        minutes_until_allowed=minutes,
        contacts_7d=max(history.contacts_7d, 0),
        contacts_period=max(history.contacts, 0),
        days_since_contact=None if days is None else max(days, 0),
        is_own_limit_reached=situation.limits.is_reached(history),
        own_ceiling=situation.limits.highest_offer,
        affordable=highest_affordable(profile, situation.budget_left_minor, ruleset.parameters),
        has_complaint_room=situation.has_complaint_room,
        is_contact_fresh=history.mode() is not Mode.NEUTRAL,
        churn_risk_permille=_permille(profile),
    )


def put_proposal(facts: RetentionFacts, proposal: RetentionProposal) -> RetentionFacts:
    """The facts with a proposal in them. An offer level that does not exist proposes nothing."""
    return replace(
        facts,
        proposal=Offer.of_level(proposal.offer_level),
        proposal_source=ProposalSource.LEARNED if proposal.is_learned else ProposalSource.BASELINE,
        proposal_followup_days=max(proposal.followup_days, 0),
    )


def _permille(profile: CustomerProfile | None) -> int | None:
    if profile is None or not math.isfinite(profile.churn_risk):
        return None
    return math.floor(min(max(profile.churn_risk, 0.0), 1.0) * _THOUSAND + _ROUNDING)


def _quiet_facts(
    zone_name: str | None, parameters: Mapping[str, object], as_of: datetime
) -> tuple[bool | None, int | None]:
    zone = find_zone(zone_name)
    if zone is None or as_of.utcoffset() is None:
        return None, None
    hours = QuietHours.of(parameters)
    allowed = hours.next_allowed(as_of, zone)
    is_quiet = hours.is_quiet(as_of, zone)
    if allowed is None:
        return is_quiet, None
    return is_quiet, math.ceil((allowed - as_of).total_seconds() / _MINUTE_S)
