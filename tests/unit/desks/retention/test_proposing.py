"""From probabilities and a draw to one proposal."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from casewright.bootstrap import load_ruleset
from casewright.desks.retention.facts import RetentionFacts
from casewright.desks.retention.proposing import BASELINE_VERSION, allowed_offers, propose, propose_baseline
from casewright.desks.retention.situation import Consent, Offer, OutreachChannel
from casewright.ports.retention import ActionProbabilities

RULESET = load_ruleset("retention", date(2026, 6, 1))
OPEN = RetentionFacts(
    is_kill_switch_on=False,
    is_customer_known=True,
    consent=Consent.GIVEN,
    is_unsubscribed=False,
    channel=OutreachChannel.APP,
    is_quiet_hour=False,
    minutes_until_allowed=0,
    affordable=Offer.LEVEL_3,
    has_complaint_room=True,
    churn_risk_permille=700,
)
OBSERVATION = (0.0,) * 24


@dataclass
class Fixed:
    """Always the same probabilities; keeps what it was asked."""

    offers: tuple[float, ...]
    delays: tuple[float, ...] = (0.25, 0.25, 0.25, 0.25)
    version: str = "fixed"
    asked: list[tuple[bool, ...]] = field(default_factory=list)

    def probabilities(self, observation: Sequence[float], allowed: Sequence[bool]) -> ActionProbabilities:
        self.asked.append(tuple(allowed))
        return ActionProbabilities(self.offers, self.delays)


EVEN = (0.2, 0.2, 0.2, 0.2, 0.2)


@pytest.mark.parametrize(
    ("draw", "level", "days"),
    [
        (0.0, None, 7),  # no contact takes [0, 0.1), help [0.1, 0.3), the discounts [0.3, 0.6), [0.6, 1)
        (0.04, None, 14),  # 0.04 of 0.1 is 0.4 of what is left for the delay: [0.25, 0.5) is the second
        (0.1, 0, 7),
        (0.29, 0, 56),
        (0.301, 1, 7),
        (0.59, 1, 56),
        (0.601, 3, 7),
        (0.999999, 3, 56),
        (1.0, 3, 56),
        (7.0, 3, 56),
        (-1.0, None, 7),
    ],
)
def test_a_draw_picks_offer_and_delay(draw: float, level: int | None, days: int) -> None:
    proposal = propose(OPEN, OBSERVATION, Fixed((0.1, 0.2, 0.3, 0.0, 0.4)), draw, RULESET)
    assert (proposal.offer_level, proposal.followup_days) == (level, days)
    assert (proposal.model_version, proposal.is_learned) == ("fixed", True)


def test_a_proposal_has_the_probability_with_which_it_was_drawn() -> None:
    policy = Fixed((0.1, 0.2, 0.3, 0.0, 0.4), (0.5, 0.5, 0.0, 0.0))
    proposal = propose(OPEN, OBSERVATION, policy, 0.75, RULESET)
    assert (proposal.offer_level, proposal.probabilities) == (3, (0.1, 0.2, 0.3, 0.0, 0.4))
    assert proposal.probability == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({}, (True, True, True, True, True)),
        ({"affordable": Offer.LEVEL_1}, (True, True, True, False, False)),
        ({"own_ceiling": Offer.LEVEL_0}, (True, True, False, False, False)),
        ({"affordable": Offer.NONE}, (True, False, False, False, False)),
        ({"consent": None}, (True, False, False, False, False)),
        ({"days_since_contact": 3, "contacts_period": 1}, (True, False, False, False, False)),
        ({"is_quiet_hour": True, "minutes_until_allowed": 60}, (True, True, True, True, True)),
    ],
)
def test_a_policy_is_told_what_the_tables_allow(change: dict[str, object], allowed: tuple[bool, ...]) -> None:
    facts = replace(OPEN, **change)  # type: ignore[arg-type]
    assert allowed_offers(facts, RULESET) == allowed
    policy = Fixed((1.0, 0.0, 0.0, 0.0, 0.0))
    propose(facts, OBSERVATION, policy, 0.5, RULESET)
    assert policy.asked == [allowed]


@pytest.mark.parametrize(
    "policy",
    [
        Fixed((0.5, 0.5)),
        Fixed((0.3, 0.3, 0.3, 0.3, 0.3)),
        Fixed((1.2, -0.2, 0.0, 0.0, 0.0)),
        Fixed((float("nan"),) * 5),
        Fixed((float("inf"), 0.0, 0.0, 0.0, 0.0)),
        Fixed(EVEN, (1.0,)),
        Fixed(EVEN, (0.0, 0.0, 0.0, 0.0)),
        Fixed(()),
    ],
    ids=lambda policy: f"{policy.offers} {policy.delays}",
)
def test_a_policy_that_answers_nonsense_is_replaced_by_the_baseline(policy: Fixed) -> None:
    assert propose(OPEN, OBSERVATION, policy, 0.9, RULESET) == propose_baseline(OPEN, RULESET)


def test_a_policy_that_wants_what_it_may_not_is_replaced_by_the_baseline() -> None:
    facts = replace(OPEN, affordable=Offer.LEVEL_1)
    assert not propose(facts, OBSERVATION, Fixed(EVEN), 0.9, RULESET).is_learned


def test_under_the_switch_a_policy_is_not_even_asked() -> None:
    policy = Fixed(EVEN)
    proposal = propose(replace(OPEN, is_kill_switch_on=True), OBSERVATION, policy, 0.9, RULESET)
    assert policy.asked == []
    assert (proposal.model_version, proposal.is_learned) == (BASELINE_VERSION, False)


def test_nobody_proposes_to_learn_from_a_stranger() -> None:
    policy = Fixed(EVEN)
    assert not propose(replace(OPEN, is_customer_known=False), (), policy, 0.9, RULESET).is_learned
    assert policy.asked == []


@pytest.mark.parametrize(("permille", "level"), [(324, None), (325, 2), (None, None)])
def test_the_baseline_is_a_threshold_of_risk(permille: int | None, level: int | None) -> None:
    proposal = propose_baseline(replace(OPEN, churn_risk_permille=permille), RULESET)
    assert (proposal.offer_level, proposal.probability, proposal.followup_days) == (level, 1.0, 7)
    assert proposal.probabilities[0 if level is None else 1 + level] == 1.0
