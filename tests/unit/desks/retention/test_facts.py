"""From customer, history and situation to facts."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from casewright.bootstrap import load_ruleset
from casewright.desks.retention.facts import ProposalSource, RetentionFacts, build_facts, put_proposal
from casewright.desks.retention.situation import Consent, Offer, OutreachChannel, OwnLimits, Situation
from casewright.domain.outreach import ContactHistory, CustomerProfile, Plan, RetentionProposal

RULESET = load_ruleset("retention", date(2026, 6, 1))
NOON = datetime(2026, 6, 1, 6, tzinfo=UTC)
ANNE = CustomerProfile(0.4567, 10, Plan.MONTHLY, 7_000)
USUAL = Situation(
    Consent.GIVEN,
    is_unsubscribed=False,
    channel=OutreachChannel.EMAIL,
    time_zone="Asia/Dhaka",
    budget_left_minor=1_000,
    has_complaint_room=True,
)


def test_every_fact_comes_from_what_was_handed_over() -> None:
    history = ContactHistory(
        contacts=2, contacts_7d=0, days_since_contact=20, last_offer=1, was_accepted=True
    )
    situation = replace(USUAL, is_kill_switch_on=True, limits=OwnLimits(Offer.LEVEL_2, contacts_period=2))
    assert build_facts(ANNE, history, situation, RULESET, NOON) == RetentionFacts(
        is_kill_switch_on=True,
        is_customer_known=True,
        consent=Consent.GIVEN,
        is_unsubscribed=False,
        channel=OutreachChannel.EMAIL,
        is_quiet_hour=False,
        minutes_until_allowed=0,
        contacts_7d=0,
        contacts_period=2,
        days_since_contact=20,
        is_own_limit_reached=True,
        own_ceiling=Offer.LEVEL_2,
        affordable=Offer.LEVEL_0,
        has_complaint_room=True,
        is_contact_fresh=True,
        churn_risk_permille=456,
    )


def test_facts_without_any_knowledge_forbid_a_contact() -> None:
    outcome = RULESET.decide(replace(RetentionFacts(), proposal=Offer.LEVEL_1)).outcome
    assert (outcome["is_blocked"], outcome["outcome"]) == (True, "no_contact")


@pytest.mark.parametrize(
    ("instant", "is_quiet", "minutes"),
    [
        (datetime(2026, 6, 1, 13, 59, 59, tzinfo=UTC), False, 0),
        (datetime(2026, 6, 1, 14, 0, tzinfo=UTC), True, 780),
        (datetime(2026, 6, 2, 2, 59, 1, tzinfo=UTC), True, 1),
    ],
)
def test_minutes_until_quiet_hours_are_over_are_rounded_up(
    instant: datetime, is_quiet: bool, minutes: int
) -> None:
    facts = build_facts(ANNE, ContactHistory(), USUAL, RULESET, instant)
    assert (facts.is_quiet_hour, facts.minutes_until_allowed) == (is_quiet, minutes)


def test_without_a_zone_nothing_is_known_of_quiet_hours() -> None:
    facts = build_facts(ANNE, ContactHistory(), replace(USUAL, time_zone="Mars/Olympus"), RULESET, NOON)
    assert (facts.is_quiet_hour, facts.minutes_until_allowed) == (None, None)


def test_a_time_without_its_zone_is_not_read_on_the_servers_clock() -> None:
    facts = build_facts(ANNE, ContactHistory(), USUAL, RULESET, NOON.replace(tzinfo=None))
    assert (facts.is_quiet_hour, facts.minutes_until_allowed) == (None, None)


@pytest.mark.parametrize(
    ("risk", "permille"),
    [(0.0, 0), (0.2999, 299), (0.3, 300), (0.57, 570), (1.0, 1000), (-2.0, 0), (3.0, 1000), (float("nan"), None), (float("inf"), None)],
)  # fmt: skip
def test_risk_is_in_whole_thousandths(risk: float, permille: int | None) -> None:
    facts = build_facts(replace(ANNE, churn_risk=risk), ContactHistory(), USUAL, RULESET, NOON)
    assert facts.churn_risk_permille == permille


def test_counts_below_zero_are_zero() -> None:
    facts = build_facts(ANNE, ContactHistory(-1, -2, -3), USUAL, RULESET, NOON)
    assert (facts.contacts_period, facts.contacts_7d, facts.days_since_contact) == (0, 0, 0)


def test_a_proposal_becomes_three_facts_and_changes_no_other() -> None:
    bare = build_facts(ANNE, ContactHistory(), USUAL, RULESET, NOON)
    learned = put_proposal(bare, RetentionProposal(2, 14, 0.1, "v1"))
    assert (learned.proposal, learned.proposal_source, learned.proposal_followup_days) == (
        Offer.LEVEL_2,
        ProposalSource.LEARNED,
        14,
    )
    assert (
        replace(
            learned, proposal=bare.proposal, proposal_source=bare.proposal_source, proposal_followup_days=None
        )
        == bare
    )
    baseline = put_proposal(bare, RetentionProposal(7, -3, 1.0, "v1", is_learned=False))
    assert (baseline.proposal, baseline.proposal_source, baseline.proposal_followup_days) == (
        Offer.NONE,
        ProposalSource.BASELINE,
        0,
    )
