"""The bench of training: our loop with both limits, and Stable-Baselines3's PPO on the task without limits.

Both learn in the same simulator, from the same customers, for the same number of steps, one after the other
in one process, in processor time. The task without limits has fixed prices in its reward. Ours runs twice
there: as it is, and without what the peer has not (no critic that sees more, no luck taken out, no baseline),
so that the base can be compared. Invariant: the peer is optional; where it is not installed, its measures are
left out, and the bench says so.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any

import numpy as np

from casewright.adapters.retention.weights import DELAYS, OFFERS
from casewright.domain.outreach import OBSERVATION, PERIOD_WEEKS
from casewright.evaluation.bench_measures import Measure
from casewright.evaluation.retention.population import draw_population
from casewright.evaluation.retention.programme import nothing_said
from casewright.evaluation.retention.simulator import Simulator
from casewright.evaluation.retention.world import World, build_world, read_law
from casewright.learning.retention.duals import PidDual
from casewright.learning.retention.ppo import ConstrainedPpo, Setting, play
from casewright.learning.retention.training import (
    build_setting,
    hidden_features,
    judge,
    train_policy,
    tune_prices,
    tuning_world,
    worlds_of,
)
from casewright.learning.retention.training_config import TrainingConfig, read_training_config

PRICES = (1.5, 20.0)
"""Of outlay and complaints in the task without limits."""
PEER = "stable_baselines3"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TrainingSizes:
    """How much is trained."""

    customers: int = 8000
    peer_customers: int = 2000
    peer_iterations: int = 30
    iterations: int = 100
    """Episodes of the training with both limits; the configured ones take about a minute longer, and their
    measures stand in the run card of the shipped policy."""


QUICK_TRAINING = TrainingSizes(customers=600, peer_customers=200, peer_iterations=2, iterations=4)


def run_training_bench(sizes: TrainingSizes, seed: int, tell: Tell) -> list[Measure]:
    """Every measure."""
    config = read_training_config()
    tell("our loop, both limits")
    measures = _measure_ours(sizes, config, seed)
    if find_spec(PEER) is None:
        tell("Stable-Baselines3 is not installed: pip install 'casewright[bench-retention]'; left out")
        return measures
    return [*measures, *_measure_peer(sizes, config, seed, tell)]


def _measure_ours(sizes: TrainingSizes, config: TrainingConfig, seed: int) -> list[Measure]:
    group = "Training with both limits"
    law, population = read_law(), draw_population(sizes.customers, seed)
    aside = population.is_kept_aside()
    customers = population.take(~aside)
    whole = replace(config, ppo=replace(config.ppo, iterations=sizes.iterations))
    began = time.perf_counter()
    trained = train_policy(worlds_of(customers, law, whole, seed), whole, seed)
    tuning = tuning_world(customers, law, whole, seed)
    prices = tune_prices(trained, tuning, whole, seed)
    wall_s = time.perf_counter() - began
    world = build_world(population, law, seed).take(aside)
    judged = judge(trained, world, prices, whole, seed)
    share = judged.share * 100
    return [
        Measure(group, "customer-weeks", trained.steps / trained.cpu_s, "/CPU-s", at_least=130_000),
        Measure(group, "training", trained.cpu_s, "CPU-s", at_most=60, note=f"{sizes.iterations} episodes"),
        Measure(group, "training and tuning, wall", wall_s / 60, "min"),
        Measure(group, "share of the bound, kept aside", share, "%", at_least=60),
        Measure(group, "budget used, kept aside", judged.budget_used, "×"),
        Measure(group, "complaint cap used, kept aside", judged.complaints_used, "×"),
    ]


def _measure_peer(sizes: TrainingSizes, config: TrainingConfig, seed: int, tell: Tell) -> list[Measure]:
    group = "The same task without limits"
    law = read_law()
    world = build_world(draw_population(sizes.peer_customers, seed + 1), law, seed)
    judging = build_world(draw_population(sizes.peer_customers, seed + 2), law, seed)
    steps = len(world) * PERIOD_WEEKS * sizes.peer_iterations
    measures = []
    for name, is_plain in (("ours", False), ("ours, without what the peer has not", True)):
        tell(name)
        rate, gain = _learn_ours(world, judging, sizes.peer_iterations, config, seed, is_plain=is_plain)
        measures.append(Measure(group, f"{name}: customer-weeks", rate, "/CPU-s"))
        measures.append(Measure(group, f"{name}: gain per customer over silence", gain, "major units"))
    tell("Stable-Baselines3's PPO")
    rate, gain = _learn_peer(world, judging, steps, config, seed)
    measures.append(Measure(group, "Stable-Baselines3: customer-weeks", rate, "/CPU-s"))
    measures.append(Measure(group, "Stable-Baselines3: gain per customer over silence", gain, "major units"))
    note = f"{steps:,} customer-weeks each"
    return [replace(measure, note=note) for measure in measures]


def _learn_ours(
    world: World, judging: World, iterations: int, config: TrainingConfig, seed: int, *, is_plain: bool
) -> tuple[float, float]:
    """Customer-weeks a CPU-second, and the priced gain per customer over silence."""
    duals = tuple(PidDual(unit, kp=0.0, ki=0.0, start=1.0) for unit in PRICES)
    settings = replace(config.ppo, iterations=iterations, price_share=0.0)
    hidden = hidden_features(world).shape[1]
    task = replace(config, critic_sees_hidden=False, has_baseline=False, takes_out_luck=False)
    task = task if is_plain else config
    began = time.process_time()
    learner = ConstrainedPpo(settings, len(OBSERVATION), hidden, (OFFERS, DELAYS), (duals[0], duals[1]), seed)

    def setting(iteration: int) -> Setting:
        return build_setting(world, np.random.default_rng([seed, iteration]), task)

    layers = learner.train(setting, lambda iteration, rollout: None)
    rate = learner.steps / (time.process_time() - began)
    prices = np.tile(np.array(PRICES, dtype=np.float32), (len(judging), 1))
    found = build_setting(judging, np.random.default_rng([seed, 3]), config)
    rollout = play(layers, found, learner.sight, prices, np.random.default_rng([seed, 4]))
    return rate, float(rollout.rewards.sum(axis=0).mean()) - nothing_said(judging)


def _learn_peer(
    world: World, judging: World, steps: int, config: TrainingConfig, seed: int
) -> tuple[float, float]:
    import torch
    from stable_baselines3 import PPO

    from casewright.learning.retention.bench_peer import build_peer_environment

    torch.set_num_threads(1)
    began = time.process_time()
    environment = build_peer_environment(world, PRICES, seed)
    model = PPO(
        "MlpPolicy",
        environment,
        learning_rate=lambda left: config.ppo.actor_rate * left,
        n_steps=PERIOD_WEEKS,
        batch_size=config.ppo.minibatch,
        n_epochs=config.ppo.epochs,
        gamma=1.0,
        gae_lambda=config.ppo.trace,
        clip_range=config.ppo.clip,
        ent_coef=config.ppo.offer_entropy,
        policy_kwargs={"net_arch": {"pi": [*config.ppo.actor_layers], "vf": [*config.ppo.critic_layers]}},
        seed=seed,
        device="cpu",
    )
    model.learn(steps)
    rate = steps / (time.process_time() - began)
    return rate, _gain_of_peer(model, judging, seed)


def _gain_of_peer(model: Any, judging: World, seed: int) -> float:
    from casewright.evaluation.retention.environments import priced_reward
    from casewright.learning.retention.bench_peer import read_peer_actions

    simulator = Simulator(judging, np.random.default_rng([seed, 3]), prices=PRICES)
    total, is_last = 0.0, False
    while not is_last:
        actions, _ = model.predict(simulator.observation, deterministic=False)
        step = simulator.step(*read_peer_actions(actions))
        total, is_last = total + float(priced_reward(step, PRICES).mean()), step.is_last
    return total - nothing_said(judging)
