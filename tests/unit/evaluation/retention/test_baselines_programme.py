"""Dynamic programming as a policy."""

import numpy as np
from small_world import certain_world, small_world

from casewright.evaluation.retention.baselines_programme import ProgrammePolicy, belief_in, read_states
from casewright.evaluation.retention.policies import NoContact
from casewright.evaluation.retention.programme import solve
from casewright.evaluation.retention.rollout import run_period
from casewright.evaluation.retention.simulator import Simulator


def test_states_are_read_back_from_observations() -> None:
    simulator = Simulator(small_world(), np.random.default_rng(0))
    rng = np.random.default_rng(1)
    for _ in range(20):
        simulator.step(rng.integers(0, 5, 300), np.zeros(300, dtype=np.int8))
        assert np.array_equal(read_states(simulator.observation), simulator.state)


def test_where_contact_cannot_help_nobody_is_contacted() -> None:
    world = certain_world()
    policy = ProgrammePolicy("dp", belief_in(world), (0.0, 0.0))
    assert run_period(policy, world, 1).contacts.sum() == 0


def test_who_sees_what_is_hidden_earns_what_the_programme_promises() -> None:
    world, prices = small_world(), (1.0, 20.0)
    outcome = run_period(ProgrammePolicy("dp", belief_in(world), prices), world, 1)
    priced = outcome.value - prices[0] * outcome.outlay - prices[1] * outcome.complaints
    promised = solve(world, prices).value
    assert abs(priced.mean() - promised.mean()) < 0.01 * promised.mean()
    assert outcome.value.mean() > run_period(NoContact(), world, 1).value.mean()


def test_a_belief_gives_the_rows_that_are_asked_for_in_their_order() -> None:
    world = small_world()
    asked = world.inputs[[5, 2, 9]]
    assert np.array_equal(belief_in(world)(asked).margin, world.margin[[5, 2, 9]])


def test_other_prices_keep_the_belief() -> None:
    policy = ProgrammePolicy("dp", belief_in(small_world()), (1.0, 1.0))
    assert policy.at_prices((2.0, 3.0)).prices == (2.0, 3.0)
    assert policy.at_prices((2.0, 3.0)).belief is policy.belief
