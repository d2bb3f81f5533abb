"""What an offer may cost at worst: that it is accepted at once and runs its whole term. Pure, in minor units.

Source: cost = contact + percent × monthly spend × term, with 52 weeks to 12 months; fractions are rounded up,
so that what is reserved is never less than what is spent.
"""

from collections.abc import Mapping

from casewright.desks.retention.situation import OFFERS, Offer
from casewright.domain.outreach import CustomerProfile

_MONTHS, _WEEKS, _PERCENT = 12, 52, 100
_PERCENTS = {
    Offer.LEVEL_1: "offer_percent_1",
    Offer.LEVEL_2: "offer_percent_2",
    Offer.LEVEL_3: "offer_percent_3",
}


def offer_percent(offer: Offer, parameters: Mapping[str, object]) -> int:
    """The discount of an offer, in percent of the monthly bill; 0 for help and for no contact."""
    name = _PERCENTS.get(offer)
    return 0 if name is None else _number(parameters, name)


def worst_case_cost_minor(offer: Offer, monthly_spend_minor: int, parameters: Mapping[str, object]) -> int:
    """What a contact with this offer may cost at most; 0 without a contact."""
    if offer is Offer.NONE:
        return 0
    share = offer_percent(offer, parameters) * _number(parameters, "offer_term_weeks") * _MONTHS
    discount = -(-max(monthly_spend_minor, 0) * share // (_PERCENT * _WEEKS))
    contact = "help_cost_minor" if offer is Offer.LEVEL_0 else "contact_cost_minor"
    return _number(parameters, contact) + discount


def highest_affordable(
    profile: CustomerProfile | None, budget_left_minor: int | None, parameters: Mapping[str, object]
) -> Offer | None:
    """The highest offer that the budget covers with all lower ones; None where customer or budget is unknown.

    So what is lowered can be paid too, although help may cost more than a small discount.
    """
    if profile is None or budget_left_minor is None:
        return None
    affordable = Offer.NONE
    for offer in OFFERS[1:]:
        if worst_case_cost_minor(offer, profile.monthly_spend_minor, parameters) > budget_left_minor:
            break
        affordable = offer
    return affordable


def _number(parameters: Mapping[str, object], name: str) -> int:
    return int(str(parameters[name]))
