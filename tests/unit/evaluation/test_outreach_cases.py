"""Generated situations of an outreach, and the expectation that is written from the clauses."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from casewright.desks.retention.situation import Consent, Offer, OutreachChannel, OwnLimits, Situation
from casewright.domain.outreach import ContactHistory, CustomerProfile, Plan
from casewright.evaluation.outreach_cases import (
    Expected,
    OutreachCase,
    baseline_level,
    clock_changes,
    expect,
    forbidding_clauses,
    generate_cases,
    worst_case_minor,
)

NOON = datetime(2026, 6, 1, 6, tzinfo=UTC)
CASE = OutreachCase(
    CustomerProfile(0.6, 10, Plan.MONTHLY, 7_000),
    ContactHistory(),
    Situation(
        Consent.GIVEN,
        is_unsubscribed=False,
        channel=OutreachChannel.SMS,
        time_zone="Asia/Dhaka",
        budget_left_minor=2_000,
        has_complaint_room=True,
    ),
    NOON,
)


def test_the_same_seed_gives_the_same_cases() -> None:
    assert list(generate_cases(40, 5)) == list(generate_cases(40, 5))
    assert list(generate_cases(40, 5)) != list(generate_cases(40, 6))


def test_what_is_generated_has_every_outcome() -> None:
    outcomes = {expect(case, 1, is_learned=True).outcome for case in generate_cases(100, 5)}
    assert outcomes == {"contact", "deferred", "no_contact"}


def test_the_worst_case_is_worked_out_with_fractions() -> None:
    assert [worst_case_minor(CASE, level) for level in range(4)] == [300, 1_020, 1_989, 3_927]


@pytest.mark.parametrize(
    ("proposed", "expected"),
    [
        (None, Expected("no_contact")),
        (0, Expected("contact", 0)),
        (2, Expected("contact", 2)),
        (3, Expected("contact", 2)),
    ],
)
def test_twenty_pay_for_a_middle_discount(proposed: int | None, expected: Expected) -> None:
    assert expect(CASE, proposed, is_learned=True) == expected


def test_in_the_evening_a_contact_is_put_off_to_nine() -> None:
    evening = replace(CASE, as_of=datetime(2026, 6, 1, 14, 0, 30, tzinfo=UTC))
    assert expect(evening, 1, is_learned=True) == Expected(
        "deferred", None, datetime(2026, 6, 2, 3, 0, 30, tzinfo=UTC)
    )


def test_under_the_switch_the_baseline_is_the_most() -> None:
    held = replace(CASE, situation=replace(CASE.situation, is_kill_switch_on=True, budget_left_minor=9_999))
    assert baseline_level(held) == 2
    assert expect(held, 3, is_learned=False) == Expected("contact", 2)
    assert expect(held, 3, is_learned=True) == Expected("no_contact")


def test_an_own_ceiling_of_nothing_leaves_nothing() -> None:
    closed = replace(CASE, situation=replace(CASE.situation, limits=OwnLimits(Offer.NONE)))
    assert expect(closed, 3, is_learned=True) == Expected("no_contact")


def test_of_nothing_known_every_clause_forbids() -> None:
    nothing = OutreachCase(None, ContactHistory(), Situation(), NOON)
    assert list(forbidding_clauses(nothing, is_learned=True)) == [
        "RTN-1.2",
        "RTN-2.1",
        "RTN-2.2",
        "RTN-2.3",
        "RTN-3.3",
        "RTN-5.1",
        "RTN-5.2",
    ]


def test_clock_changes_are_those_of_the_year() -> None:
    assert clock_changes("America/New_York") == (
        datetime(2026, 3, 8, 6, tzinfo=UTC),
        datetime(2026, 11, 1, 5, tzinfo=UTC),
    )
    assert clock_changes("Asia/Dhaka") == ()
