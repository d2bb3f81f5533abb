"""The arena: shares of the bound, paired."""

import numpy as np
import pytest
from small_world import certain_world, small_world

from casewright.evaluation.retention.arena import mean_outcome, run_arena
from casewright.evaluation.retention.baselines import ThresholdRule
from casewright.evaluation.retention.baselines_programme import ProgrammePolicy, belief_in
from casewright.evaluation.retention.policies import NoContact, RandomContacts


def test_no_contact_is_zero_and_who_sees_everything_is_near_one() -> None:
    world = small_world()
    told: list[int] = []
    seeing = ProgrammePolicy("seeing", belief_in(world), (1.0, 30.0))
    policies = [seeing, NoContact(), RandomContacts(0.02)]
    result = run_arena(policies, world, range(2), "seeing", told.append)
    by_name = {each.name: each for each in result.scored}
    assert by_name["no contact"].share.mean == 0.0
    assert by_name["seeing"].share.mean > 0.5 > by_name["random"].share.mean
    assert by_name["seeing"].behind_best is None
    assert by_name["no contact"].behind_best is not None
    assert by_name["no contact"].behind_best.mean == pytest.approx(by_name["seeing"].share.mean)
    assert result.scored[0].name == "seeing"
    assert told == [1, 2, 3]


def test_measures_by_hand_where_rates_are_certain() -> None:
    outcome = mean_outcome(ThresholdRule("all", 2, -1.0, most_contacts=1), certain_world(), [1, 2])
    assert outcome.outlay == pytest.approx(np.full(10, 12.5), rel=1e-5)


def test_seeds_are_averaged_customer_by_customer() -> None:
    world = small_world()
    both = mean_outcome(RandomContacts(0.1), world, [1, 2]).value
    apart = [mean_outcome(RandomContacts(0.1), world, [seed]).value for seed in (1, 2)]
    assert np.allclose(both, (apart[0] + apart[1]) / 2)


def test_the_result_is_a_document() -> None:
    document = run_arena([NoContact()], small_world(), [1], "no contact").as_document()
    assert document["scored"][0]["share"] == {"mean": 0.0, "low": 0.0, "high": 0.0}
