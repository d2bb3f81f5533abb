"""What a policy sees of a customer: in a fixed order, and only states that training knows."""

import pytest

from casewright.domain.outreach import (
    OBSERVATION,
    PROFILE_INPUTS,
    ContactHistory,
    CustomerProfile,
    Mode,
    Plan,
    Tier,
    observe,
    observe_profile,
)

CUSTOMER = CustomerProfile(
    0.5, 36, Plan.ONE_YEAR, 5_000, 4, has_support=True, tier=Tier.PREMIUM, is_senior=True
)


def seen(history: ContactHistory, week: int = 13) -> dict[str, float]:
    return dict(zip(OBSERVATION, observe(CUSTOMER, history, week, 0.0, 0.0), strict=True))


def test_a_profile_becomes_numbers_of_the_order_of_one() -> None:
    assert observe_profile(CUSTOMER) == (0.0, 0.5, 0.0, 1.0, 0.0, 0.5, 0.5, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0)
    assert len(observe_profile(CUSTOMER)) == PROFILE_INPUTS


def test_who_was_never_contacted_is_neutral_and_long_ago() -> None:
    numbers = seen(ContactHistory())
    shown = (numbers["week"], numbers["weeks_since_contact"], numbers["mode_neutral"], numbers["contacts"])
    assert shown == (0.5, 1.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("history", "mode"),
    [
        (ContactHistory(1, 0, 83, 2, was_accepted=True), Mode.ACCEPTED_2),
        (ContactHistory(1, 0, 84, 2, was_accepted=True), Mode.NEUTRAL),
        (ContactHistory(1, 0, 41, 2), Mode.DECLINED),
        (ContactHistory(1, 0, 42, 2), Mode.NEUTRAL),
        (ContactHistory(1, 0, 3, None, was_accepted=True), Mode.DECLINED),
    ],
)
def test_a_term_lasts_twelve_weeks_and_a_refusal_six(history: ContactHistory, mode: Mode) -> None:
    assert history.mode() == mode
    assert seen(history)[f"mode_{mode}"] == 1.0


def test_a_contact_that_is_still_remembered_counts_as_one_of_this_period() -> None:
    assert seen(ContactHistory(0, 0, 60))["contacts"] == 0.25
    assert seen(ContactHistory(0, 0, 84))["contacts"] == 0.0
    assert seen(ContactHistory(3, 0, 60))["contacts"] == 0.75


def test_a_risk_of_nothing_or_of_certainty_stays_finite() -> None:
    for risk in (0.0, 1.0):
        assert abs(observe_profile(CustomerProfile(risk, 1, Plan.MONTHLY, 100))[0]) < 5
