"""Training in the world that a trial taught."""

from dataclasses import replace

from small_world import small_grounds

from casewright.learning.retention.learned_training import train_in_learned_world
from casewright.learning.retention.learned_world import learn_law
from casewright.learning.retention.training_config import read_training_config


def test_both_policies_come_at_both_prices() -> None:
    grounds = small_grounds(300)
    learned = learn_law(grounds.draw_trial(2_000), grounds.price_list)
    config = read_training_config()
    config = replace(config, ppo=replace(config.ppo, iterations=2), tuning=replace(config.tuning, rounds=2))
    policies, cpu_s = train_in_learned_world(grounds, learned, config)
    assert [policy.name for policy in policies] == [
        "PPO from the learned world, prices by learned use",
        "PPO from the learned world, prices by true use",
        "programme from the learned world, prices by learned use",
        "programme from the learned world, prices by true use",
    ]
    assert cpu_s > 0
