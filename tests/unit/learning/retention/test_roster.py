"""Who meets in the arena: nobody kept aside is trained or tuned on."""

import numpy as np
import pytest
from small_world import small_grounds

from casewright.adapters.retention.weights import prices_at, read_policy
from casewright.domain.errors import ConfigurationError
from casewright.evaluation.retention.baselines import limits_used
from casewright.evaluation.retention.world import read_law
from casewright.learning.retention.learned_world import learn_law
from casewright.learning.retention.roster import (
    TUNING_COPIES,
    learned_programme,
    network_policy,
    references,
    rule_baselines,
)


def test_customers_are_split_by_their_ids() -> None:
    grounds = small_grounds()
    assert len(grounds.training) + len(grounds.aside) == 600
    assert not grounds.training.is_kept_aside().any()
    assert grounds.aside.is_kept_aside().all()
    assert len(grounds.tuning) == TUNING_COPIES * len(grounds.training)


def test_the_arenas_world_is_of_those_kept_aside() -> None:
    grounds = small_grounds()
    assert np.array_equal(grounds.world.inputs, grounds.aside.inputs())
    assert np.array_equal(grounds.trial_world.inputs, grounds.training.inputs())


def test_copies_of_a_customer_differ_in_what_is_hidden_alone() -> None:
    tuning, count = small_grounds().tuning, len(small_grounds().training)
    assert np.array_equal(tuning.inputs[:count], tuning.inputs[count : 2 * count])
    assert not np.array_equal(tuning.hidden[:count], tuning.hidden[count : 2 * count])


def test_rules_are_tuned_to_keep_both_limits() -> None:
    grounds = small_grounds()
    policies = rule_baselines(grounds)
    assert [policy.name for policy in policies] == [
        "no contact",
        "random",
        "propensity threshold",
        "risk × value",
    ]
    for policy in policies[2:]:
        assert max(limits_used(policy, grounds.tuning, grounds.seed)[1:]) <= 1.0


def test_references_and_the_learned_programme_keep_the_limits_in_training() -> None:
    grounds = small_grounds()
    seeing = references(grounds)[1]
    assert "reference" in seeing.name
    learned = learn_law(grounds.draw_trial(4_000), grounds.price_list)
    assert max(limits_used(learned_programme(grounds, learned), grounds.tuning, grounds.seed)[1:]) <= 1.0


def test_the_shipped_network_enters_at_its_own_prices() -> None:
    policy = network_policy("shipped", None)
    assert policy.prices == (policy.network.budget_price, policy.network.complaint_price)


def test_a_network_meets_another_budget_at_the_prices_tuned_for_it() -> None:
    law = read_law()
    whole, half = network_policy("a", None, law.budget), network_policy("a", None, law.budget / 2)
    assert whole.prices == pytest.approx(network_policy("a", None).prices)
    assert half.prices == pytest.approx(prices_at(read_policy(), 0.5))
    with pytest.raises(ConfigurationError, match="train for that budget"):
        network_policy("a", None, law.budget * 10)
