"""PPO and dynamic programming in the world that a trial taught, for a run in the true one.

Invariant: training reads the learned world alone. Prices are tuned there too, and (as an operator would
once the policy runs) by what training customers then really use; both are given.
"""

import numpy as np

from casewright.adapters.retention.weights import NumpyPolicy
from casewright.evaluation.retention.baselines import tune_prices
from casewright.evaluation.retention.baselines_programme import ProgrammePolicy
from casewright.evaluation.retention.policies import NetworkPolicy, Prices, RetentionPolicy
from casewright.learning.retention import training
from casewright.learning.retention.learned_world import LearnedLaw
from casewright.learning.retention.roster import FIRST_PRICES, TUNING_COPIES, Grounds
from casewright.learning.retention.training_config import TrainingConfig


def train_in_learned_world(
    grounds: Grounds, learned: LearnedLaw, config: TrainingConfig, watch: training.Watch | None = None
) -> tuple[list[RetentionPolicy], float]:
    """Both policies at both prices, and the processor seconds that PPO trained."""
    inputs = grounds.training.inputs()
    world = learned.world(inputs)
    trained = training.train_policy(lambda iteration: world, config, grounds.seed, watch)
    believed = learned.world(np.tile(inputs, (TUNING_COPIES, 1)))
    prices = training.tune_prices(trained, believed, config, grounds.seed)
    network = NetworkPolicy("", NumpyPolicy(trained.layers), prices)
    programme = ProgrammePolicy("", learned.world, FIRST_PRICES)
    programme = tune_prices(programme, world, grounds.seed)
    policies: list[RetentionPolicy] = []
    for name, policy in (("PPO", network), ("programme", programme)):
        tuned = tune_prices(policy, grounds.tuning, grounds.seed)
        for words, at in (("learned", policy.prices), ("true", tuned.prices)):
            policies.append(_named(policy, f"{name} from the learned world, prices by {words} use", at))
    return policies, trained.cpu_s


def _named(policy: NetworkPolicy | ProgrammePolicy, name: str, prices: Prices) -> RetentionPolicy:
    if isinstance(policy, NetworkPolicy):
        return NetworkPolicy(name, policy.network, prices)
    return ProgrammePolicy(name, policy.belief, prices)
