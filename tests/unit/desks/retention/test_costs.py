"""What an offer may cost at worst, worked out by hand."""

import pytest

from casewright.desks.retention.costs import highest_affordable, offer_percent, worst_case_cost_minor
from casewright.desks.retention.situation import Offer
from casewright.domain.outreach import CustomerProfile, Plan

NUMBERS = {
    "offer_percent_1": 5,
    "offer_percent_2": 10,
    "offer_percent_3": 20,
    "offer_term_weeks": 12,
    "help_cost_minor": 300,
    "contact_cost_minor": 50,
}


def customer(spend: int) -> CustomerProfile:
    return CustomerProfile(0.5, 10, Plan.MONTHLY, spend)


@pytest.mark.parametrize(
    ("offer", "spend", "cost"),
    [
        (Offer.NONE, 7_000, 0),
        (Offer.LEVEL_0, 7_000, 300),
        (Offer.LEVEL_1, 7_000, 1_020),  # 12 weeks of 70.00 a month are 193.85; 5 % of that is 9.69
        (Offer.LEVEL_2, 7_000, 1_989),
        (Offer.LEVEL_3, 7_000, 3_927),
        (Offer.LEVEL_3, 0, 50),
        (Offer.LEVEL_1, 1, 51),  # a fraction of a unit is a unit
        (Offer.LEVEL_1, -500, 50),
    ],
)
def test_worst_case_is_contact_and_discount_for_the_whole_term(offer: Offer, spend: int, cost: int) -> None:
    assert worst_case_cost_minor(offer, spend, NUMBERS) == cost


@pytest.mark.parametrize(
    ("budget", "highest"),
    [
        (None, None),
        (-1, Offer.NONE),
        (299, Offer.NONE),
        (300, Offer.LEVEL_0),
        (1_019, Offer.LEVEL_0),
        (1_020, Offer.LEVEL_1),
        (1_989, Offer.LEVEL_2),
        (3_926, Offer.LEVEL_2),
        (3_927, Offer.LEVEL_3),
    ],
)
def test_affordable_is_what_the_budget_covers_with_all_lower_offers(
    budget: int | None, highest: Offer | None
) -> None:
    assert highest_affordable(customer(7_000), budget, NUMBERS) is highest


def test_a_small_discount_is_not_affordable_where_help_is_not() -> None:
    """Of a bill of 10.00, 5 % for the term are 1.89 with the contact: less than help, which costs 3.00."""
    assert worst_case_cost_minor(Offer.LEVEL_1, 1_000, NUMBERS) == 189
    assert highest_affordable(customer(1_000), 299, NUMBERS) is Offer.NONE


def test_of_an_unknown_customer_nothing_is_known_to_be_affordable() -> None:
    assert highest_affordable(None, 10_000, NUMBERS) is None


def test_help_and_no_contact_have_no_discount() -> None:
    assert [offer_percent(offer, NUMBERS) for offer in Offer] == [0, 0, 5, 10, 20]
