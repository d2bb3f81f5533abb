"""From what is asked and what stands to what the desk decides on: profile, history, situation. Pure.

Invariants: of what a caller says and what is counted here, the more cautious holds; an override that would
widen the policy is named and left out. In a dry recommendation what nobody knows of consent, channel and time
zone is assumed, and said to be; a live decision assumes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from casewright.desks.retention.situation import Consent, Offer, OutreachChannel, OwnLimits, Situation
from casewright.domain.case import Language
from casewright.domain.outreach import PERIOD_WEEKS, WEEK_DAYS, ContactHistory, CustomerProfile
from casewright.ports.outreach import Contacts
from casewright.service.retention_fields import Asked, plan_and_tier

_DAY_US = 86_400_000_000
COUNTED_US = PERIOD_WEEKS * WEEK_DAYS * _DAY_US
"""How long a contact counts: any 26 weeks hold no more than the limit, whenever a budget period begins."""
_NOON = 12
_SPEND, _OFFERS = "monthly_spend", tuple(Offer)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The policy's own numbers that an override is compared with."""

    cooldown_days: int
    contacts_7d: int
    contacts_period: int
    highest_offer: Offer
    budget_minor: int

    @classmethod
    def of(cls, parameters: Mapping[str, object], budget_minor: int) -> "Narrowed":
        """Of a ruleset's parameters."""
        return cls(
            int(str(parameters["cooldown_days"])),
            int(str(parameters["contacts_7d_limit"])),
            int(str(parameters["contacts_period_limit"])),
            Offer(str(parameters["highest_offer"])),
            budget_minor,
        )


@dataclass(frozen=True, slots=True)
class Overrides:
    """What of a caller's limits holds, and what was left out because it would widen."""

    limits: OwnLimits
    budget_minor: int | None
    forces_baseline: bool
    applied: tuple[str, ...]
    ignored: tuple[str, ...]


def build_profile(facts: Mapping[str, Any], churn_risk: float) -> CustomerProfile:
    """What is known of a customer; what is left out has the profile's defaults."""
    plan, tier = plan_and_tier(facts)
    return CustomerProfile(
        churn_risk=churn_risk,
        tenure_months=facts.get("tenure_months", 0),
        plan=plan,
        monthly_spend_minor=facts.get(_SPEND, 0),
        services=facts.get("services", 1),
        has_support=facts.get("has_support", False),
        pays_automatically=facts.get("pays_automatically", False),
        tier=tier,
        is_senior=facts.get("is_senior", False),
    )


def counted(contacts: Contacts, now_us: int) -> Contacts:
    """Without the contacts that no longer count."""
    return replace(contacts, moments=tuple(each for each in contacts.moments if now_us - each < COUNTED_US))


def build_history(contacts: Contacts, facts: Mapping[str, Any], now_us: int) -> ContactHistory:
    """Contacts counted here and those that the caller knows of: the more of the two, and the later."""
    moments = [each for each in contacts.moments if now_us - each < COUNTED_US]
    days = [max(0, now_us - moments[-1]) // _DAY_US] if moments else []
    said = facts.get("days_since_last_contact")
    in_week = max(sum(now_us - each < WEEK_DAYS * _DAY_US for each in moments), facts.get("contacts_7d", 0))
    if said is not None:
        days.append(said)
        if said < WEEK_DAYS:
            in_week = max(in_week, 1)
    since = min(days, default=None)
    is_own = bool(moments) and (said is None or said >= days[0])
    last, accepted = contacts.last_offer, bool(contacts.was_accepted)
    if not is_own:
        last, accepted = facts.get("last_offer_level"), facts.get("last_offer_accepted", False)
    is_recent = since is not None and since < PERIOD_WEEKS * WEEK_DAYS
    return ContactHistory(
        contacts=max(len(moments), facts.get("contacts", 0), in_week, int(is_recent)),
        contacts_7d=in_week,
        days_since_contact=since,
        last_offer=last,
        was_accepted=accepted,
    )


def read_overrides(given: Mapping[str, Any], policy: Narrowed) -> Overrides:
    """Which limits narrow the policy, and which would widen it."""
    applied: list[str] = []
    ignored: list[str] = []

    def narrower(name: str, *, is_narrower: bool) -> Any:
        if name not in given:
            return None
        (applied if is_narrower else ignored).append(name)
        return given[name] if is_narrower else None

    cooldown = narrower("cooldown_days", is_narrower=given.get("cooldown_days", 0) >= policy.cooldown_days)
    in_week = narrower("max_contacts_7d", is_narrower=given.get("max_contacts_7d", 0) <= policy.contacts_7d)
    in_period = narrower("max_contacts", is_narrower=given.get("max_contacts", 0) <= policy.contacts_period)
    level = given.get("max_offer_level", 0)
    highest = narrower(
        "max_offer_level",
        is_narrower=_OFFERS.index(Offer.of_level(level)) <= _OFFERS.index(policy.highest_offer),
    )
    budget = narrower("budget", is_narrower=given.get("budget", 0) <= policy.budget_minor)
    forces = narrower("force_baseline", is_narrower=given.get("force_baseline", False))
    limits = OwnLimits(
        highest_offer=policy.highest_offer if highest is None else Offer.of_level(highest),
        contacts_7d=in_week,
        contacts_period=in_period,
        cooldown_days=cooldown,
    )
    return Overrides(limits, budget, bool(forces), tuple(applied), tuple(ignored))


def build_situation(
    asked: Asked, facts: Mapping[str, Any], *, is_opted_out: bool, is_live: bool, as_of: datetime
) -> tuple[Situation, tuple[str, ...]]:
    """What is known about contacting somebody, and the names of what was assumed."""
    assumed: list[str] = []

    def known(name: str, otherwise: Any) -> Any:
        if name in facts:
            return facts[name]
        if is_live:
            return None
        assumed.append(name)
        return otherwise

    consent = known("consent", otherwise=True)
    is_unsubscribed: bool | None = facts.get("unsubscribed")
    if is_opted_out:
        is_unsubscribed = True
    elif is_unsubscribed is None:
        is_unsubscribed = False  # the list of those who did is ours, and was read
    channel = known("channel", OutreachChannel.EMAIL.value)
    zone = known("timezone", _zone_at_noon(as_of))
    situation = Situation(
        consent=None if consent is None else Consent.GIVEN if consent else Consent.WITHDRAWN,
        is_unsubscribed=is_unsubscribed,
        channel=None if channel is None else OutreachChannel(channel),
        time_zone=zone,
        language=Language(facts.get("language", Language.EN.value)),
    )
    return situation, tuple(assumed)


def _zone_at_noon(as_of: datetime) -> str:
    """A zone in which it is about noon: no hour is quiet there."""
    ahead = _NOON - (as_of - timedelta(0)).utctimetuple().tm_hour
    return "Etc/GMT" if ahead == 0 else f"Etc/GMT{-ahead:+d}"
