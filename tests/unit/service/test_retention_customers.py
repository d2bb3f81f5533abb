"""Profile, history and situation: the more cautious of what is said and what is counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casewright.desks.retention.situation import Consent, Offer, OutreachChannel
from casewright.domain.outreach import ContactHistory
from casewright.ports.outreach import Contacts
from casewright.service.retention_customers import (
    Narrowed,
    build_history,
    build_situation,
    counted,
    read_overrides,
)
from casewright.service.retention_fields import Asked

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
DAY = 86_400_000_000
NOW_US = 1_785_758_400_000_000
POLICY = Narrowed(14, 1, 4, Offer.LEVEL_3, 100_000)


def ago(*days: int) -> Contacts:
    return Contacts(
        1, tuple(NOW_US - each * DAY for each in sorted(days, reverse=True)), 2, was_accepted=True
    )


@pytest.mark.parametrize(
    ("contacts", "facts", "expected"),
    [
        (Contacts(), {}, ContactHistory()),
        (ago(20, 3), {}, ContactHistory(2, 1, 3, 2, was_accepted=True)),
        (ago(20), {"contacts_7d": 2}, ContactHistory(2, 2, 20, 2, was_accepted=True)),
        (ago(20), {"days_since_last_contact": 5}, ContactHistory(1, 1, 5)),
        (ago(20), {"days_since_last_contact": 90}, ContactHistory(1, 0, 20, 2, was_accepted=True)),
        (Contacts(), {"days_since_last_contact": 40}, ContactHistory(1, 0, 40)),
        (Contacts(), {"days_since_last_contact": 400}, ContactHistory(0, 0, 400)),
        (ago(200, 183, 181), {}, ContactHistory(1, 0, 181, 2, was_accepted=True)),
        (
            Contacts(),
            {"days_since_last_contact": 8, "last_offer_level": 1, "last_offer_accepted": True, "contacts": 3},
            ContactHistory(3, 0, 8, 1, was_accepted=True),
        ),
    ],
)
def test_the_more_of_the_two_and_the_later(
    contacts: Contacts, facts: dict[str, Any], expected: ContactHistory
) -> None:
    assert build_history(contacts, facts, NOW_US) == expected


def test_a_contact_counts_for_182_days() -> None:
    kept = counted(ago(182, 181, 1), NOW_US)
    assert kept.moments == (NOW_US - 181 * DAY, NOW_US - DAY)


def test_overrides_that_narrow_hold() -> None:
    given = {
        "cooldown_days": 30,
        "max_contacts_7d": 0,
        "max_contacts": 4,
        "max_offer_level": 1,
        "budget": 500,
        "force_baseline": True,
    }
    found = read_overrides(given, POLICY)
    assert found.ignored == ()
    assert set(found.applied) == set(given)
    assert (found.limits.cooldown_days, found.limits.contacts_7d, found.limits.contacts_period) == (30, 0, 4)
    assert (found.limits.highest_offer, found.budget_minor, found.forces_baseline) == (
        Offer.LEVEL_1,
        500,
        True,
    )


def test_overrides_that_would_widen_are_left_out_and_named() -> None:
    given = {
        "cooldown_days": 13,
        "max_contacts_7d": 2,
        "max_contacts": 5,
        "max_offer_level": 3,
        "budget": 100_001,
        "force_baseline": False,
    }
    found = read_overrides(given, Narrowed(14, 1, 4, Offer.LEVEL_2, 100_000))
    assert found.applied == ()
    assert set(found.ignored) == set(given)
    assert found.limits.highest_offer is Offer.LEVEL_2
    assert (found.limits.cooldown_days, found.budget_minor, found.forces_baseline) == (None, None, False)


def test_a_live_decision_assumes_nothing() -> None:
    situation, assumed = build_situation(Asked({}), {}, is_opted_out=False, is_live=True, as_of=NOW)
    assert assumed == ()
    assert (situation.consent, situation.channel, situation.time_zone) == (None, None, None)
    assert situation.is_unsubscribed is False


@pytest.mark.parametrize("hour", range(24))
def test_a_dry_one_takes_what_is_unknown_for_granted_and_says_so(hour: int) -> None:
    at = NOW + timedelta(hours=hour)
    situation, assumed = build_situation(Asked({}), {}, is_opted_out=False, is_live=False, as_of=at)
    assert assumed == ("consent", "channel", "timezone")
    assert (situation.consent, situation.channel) == (Consent.GIVEN, OutreachChannel.EMAIL)
    from zoneinfo import ZoneInfo

    assert situation.time_zone is not None
    assert at.astimezone(ZoneInfo(situation.time_zone)).hour == 12


@pytest.mark.parametrize("is_live", [True, False])
def test_a_no_is_never_taken_for_a_yes(is_live: bool) -> None:
    facts = {"consent": False, "unsubscribed": False}
    situation, _ = build_situation(Asked({}), facts, is_opted_out=True, is_live=is_live, as_of=NOW)
    assert (situation.consent, situation.is_unsubscribed) == (Consent.WITHDRAWN, True)
