"""The second opinion on hard limits finds each violation that is planted, and no other."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casewright.evaluation.retention.serving_sweep import Oracle, draw_customer

NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)
GOOD: dict[str, Any] = {"customer_id": "c1", "consent": True, "channel": "sms", "timezone": "UTC"}


def contact(level: int = 1, source: str = "learned") -> dict[str, Any]:
    return {
        "outcome": "contact",
        "decision": {"contact": True, "offer_level": level},
        "policy": {"source": source},
        "safety": {"applied_disclaimers": ["offer_terms", "unsubscribe"]},
        "reserved_minor": 100,
    }


def judge(
    body: dict[str, Any], at: datetime = NOON, *, is_switched: bool = False, **more: Any
) -> dict[str, int]:
    oracle = Oracle(1)
    oracle.judge(body, contact(**more), at, is_switched=is_switched, is_live=True)
    return dict(oracle.tally.violations)


def test_a_contact_that_is_allowed_is_no_violation() -> None:
    assert judge(GOOD) == {}
    assert judge(GOOD, is_switched=True, source="baseline") == {}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"consent": None}, "consent"),
        ({"consent": False}, "consent"),
        ({"unsubscribed": True}, "unsubscribed"),
        ({"channel": None}, "channel"),
        ({"timezone": None}, "zone"),
        ({"timezone": "Asia/Tokyo"}, "quiet_hours"),
        ({"contacts_7d": 1}, "weekly_cap"),
        ({"days_since_last_contact": 13}, "cooldown_said"),
    ],
)
def test_each_rule_is_seen(change: dict[str, Any], rule: str) -> None:
    assert judge({**GOOD, **change}) == {rule: 1}


def test_a_second_contact_too_soon_and_a_fifth_in_a_period_are_seen() -> None:
    oracle = Oracle(1)
    for day in (0, 13, 40, 60, 90):
        oracle.judge(GOOD, contact(), NOON + timedelta(days=day), is_switched=False, is_live=True)
    assert dict(oracle.tally.violations) == {"cooldown": 1, "period_cap": 1}


def test_the_kill_switch_is_seen() -> None:
    assert judge(GOOD, is_switched=True) == {"kill_switch": 1}
    assert judge(GOOD, is_switched=True, source="baseline", level=2) == {"kill_switch": 1}


def test_customers_are_the_same_for_the_same_seed() -> None:
    assert draw_customer(random.Random(1), "a") == draw_customer(random.Random(1), "a")
