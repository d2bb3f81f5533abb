"""A period of a policy, by hand where rates are certain."""

from dataclasses import dataclass

import numpy as np
import pytest
from small_world import certain_world, small_world

from casewright.evaluation.retention.baselines import ThresholdRule
from casewright.evaluation.retention.policies import NoContact, RandomContacts
from casewright.evaluation.retention.rollout import late_labels, run_period
from casewright.evaluation.retention.simulator import STATES


def test_nobody_contacted_earns_the_margin_of_every_week() -> None:
    outcome = run_period(NoContact(), certain_world(), 1)
    assert outcome.value == pytest.approx(np.full(10, 260.0), rel=1e-5)
    assert outcome.outlay.sum() == outcome.complaints.sum() == outcome.contacts.sum() == 0
    assert outcome.revenue_at_end == pytest.approx(outcome.revenue_at_start)


def test_one_accepted_offer_costs_its_contact_and_twelve_weeks() -> None:
    outcome = run_period(ThresholdRule("all", 2, -1.0, most_contacts=1), certain_world(), 1)
    assert outcome.outlay == pytest.approx(np.full(10, 12.5), rel=1e-5)
    assert outcome.value == pytest.approx(np.full(10, 247.5), rel=1e-5)
    assert outcome.complaints == pytest.approx(np.full(10, 0.1), rel=1e-5)


def test_the_same_seed_gives_the_same_numbers() -> None:
    first, second = (run_period(RandomContacts(0.1), small_world(), 3) for _ in range(2))
    assert np.array_equal(first.value, second.value)
    assert not np.array_equal(first.value, run_period(RandomContacts(0.1), small_world(), 4).value)


def test_without_consent_nobody_is_contacted() -> None:
    outcome = run_period(RandomContacts(1.0), small_world(), 3, consent=np.zeros(300, dtype=bool))
    assert outcome.contacts.sum() == 0


def test_hard_limits_hold_whatever_a_policy_wants() -> None:
    assert run_period(RandomContacts(1.0), small_world(), 3).contacts.max() <= 4


def test_an_acceptance_that_is_not_known_yet_looks_like_a_refusal() -> None:
    seen = late_labels(4)
    accepted = int(STATES.accepted[0, 2])
    assert STATES.mode[accepted] == 3
    assert STATES.mode[seen[accepted]] == 5
    assert STATES.contacts[seen[accepted]] == 1
    later = accepted
    for _ in range(4):
        later = int(STATES.after_week[later])
    assert seen[later] == later


@dataclass
class Closed:
    complaint_draws: None = None
    weeks: int = 0

    def admit(self, simulator, offers, delays, urgency):  # type: ignore[no-untyped-def]
        return np.zeros_like(offers), delays

    def record(self, simulator, step) -> None:  # type: ignore[no-untyped-def]
        self.weeks += 1


def test_a_closed_gate_lets_nothing_through_and_hears_of_every_week() -> None:
    gate = Closed()
    assert run_period(RandomContacts(1.0), small_world(), 3, gate=gate).contacts.sum() == 0
    assert gate.weeks == 26
