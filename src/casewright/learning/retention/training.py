"""Training a contact policy: worlds for the learner, prices for what it learned, and a judgement on others.

Nothing here looks at customers who are kept aside before the judgement, and the judgement changes nothing.
Invariant: same configuration, population, law and seed, same weights and same prices.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from casewright.adapters.retention.weights import DELAYS, OFFERS, Layers
from casewright.domain.outreach import OBSERVATION, PERIOD_WEEKS
from casewright.evaluation.retention.population import Population
from casewright.evaluation.retention.programme import full_information_bound, nothing_said
from casewright.evaluation.retention.simulator import Simulator
from casewright.evaluation.retention.world import Law, World, build_world
from casewright.learning.retention.duals import AdamDual, Dual, DualRule, PidDual
from casewright.learning.retention.ppo import ConstrainedPpo, Floats, Rollout, Setting, Sight, play
from casewright.learning.retention.training_config import DualConfig, TrainingConfig

Prices = tuple[float, float]
Worlds = Callable[[int], World]
"""The world of an iteration."""
Watch = Callable[[int, Rollout, Prices], None]
_LEAST_PRICE = 1e-3
_GAINS = np.array([1.5, 3.0])
"""Of the search for prices: complaints answer to their price less than outlay does."""
_TUNING, _JUDGING = 10_001, 10_002


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training gives."""

    layers: Layers
    sight: Sight
    prices: Prices
    """The multipliers at the end; 0 where the actor sees none."""
    most_prices: Prices
    """Prices which few of the customers met in training had."""
    steps: int
    """Customer-weeks simulated."""
    cpu_s: float
    curves: tuple[tuple[float, float, float, float, float], ...]
    """By iteration: value per customer, shares of budget and complaint cap used, both prices."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a policy did in a world."""

    value: float
    """Mean per customer, in major units."""
    share: float
    """Of the way from no contact to the full-information bound."""
    budget_used: float
    """Realised over allowed, as of complaints."""
    complaints_used: float


def hidden_features(world: World) -> Floats:
    """(n, 16) what a critic may know besides the observation, each of the order of one."""
    margin = world.margin[:, None] / max(float(world.margin.mean()), 1e-6)
    columns = [world.hidden, 2 * world.accept, world.relief, margin, np.log(world.hazard)[:, None] / 4 + 1]
    return np.concatenate(columns, axis=1).astype(np.float32)


def value_of_silence(world: World) -> Floats:
    """(T, n) what a customer who is there is worth from each week on, if nobody gets in touch."""
    stay = 1 - world.hazard.astype(np.float64)
    value = world.tail().astype(np.float64)
    by_week = np.zeros((PERIOD_WEEKS, len(world)), dtype=np.float32)
    for week in reversed(range(PERIOD_WEEKS)):
        value = world.margin + stay * value
        by_week[week] = value
    return by_week


def build_setting(world: World, rng: np.random.Generator, config: TrainingConfig) -> Setting:
    """An episode's problem in that world, with the configured limits."""
    knows = config.critic_sees_hidden or config.ppo.sees_hidden
    hidden = hidden_features(world)
    return Setting(
        Simulator(world, rng),
        hidden if knows else np.zeros_like(hidden),
        value_of_silence(world) if config.has_baseline else np.zeros((PERIOD_WEEKS, len(world)), np.float32),
        np.pad(world.accept, ((0, 0), (1, 0))) if config.takes_out_luck else None,
        world.budget * config.budget_share,
        world.complaint_cap * config.complaint_share,
    )


def worlds_of(population: Population, law: Law, config: TrainingConfig, seed: int) -> Worlds:
    """Worlds of these customers by iteration; one alone where the configuration says so."""

    def draw(iteration: int) -> World:
        return build_world(population, law, seed * 100_003 + (iteration if config.redraws_world else 0))

    return draw


def train_policy(worlds: Worlds, config: TrainingConfig, seed: int, watch: Watch | None = None) -> Trained:
    """Learn in these worlds."""
    began = time.process_time()
    duals = (
        _build_dual(config.duals, config.duals.budget_unit),
        _build_dual(config.duals, config.duals.complaint_unit),
    )
    learner = ConstrainedPpo(
        config.ppo, len(OBSERVATION), hidden_features(worlds(0)).shape[1], (OFFERS, DELAYS), duals, seed
    )
    curves = []

    def setting(iteration: int) -> Setting:
        return build_setting(worlds(iteration), np.random.default_rng([seed, iteration, 13]), config)

    def record(iteration: int, rollout: Rollout) -> None:
        prices = (duals[0].price, duals[1].price)
        curves.append((rollout.value, *rollout.used, *prices))
        if watch is not None:
            watch(iteration, rollout, prices)

    layers = learner.train(setting, record)
    prices = (duals[0].price, duals[1].price) if learner.sight.sees_prices else (0.0, 0.0)
    reach = float(np.exp(2 * config.ppo.price_spread))
    most = (reach * prices[0], reach * max(prices[1], config.duals.complaint_unit / 10))
    return Trained(
        layers, learner.sight, prices, most, learner.steps, time.process_time() - began, tuple(curves)
    )


def _build_dual(config: DualConfig, unit: float) -> Dual:
    if config.rule == DualRule.ADAM:
        return AdamDual(unit, rate=config.rate, start=config.start)
    return PidDual(unit, config.kp, config.ki, config.kd, config.smoothing, config.start)


def tuning_world(population: Population, law: Law, config: TrainingConfig, seed: int) -> World:
    """Training customers several times over, each time with another hidden side."""
    copies = np.tile(np.arange(len(population)), config.tuning.copies)
    return build_world(population.take(copies), law, seed * 100_003 + _TUNING)


def tune_prices(trained: Trained, world: World, config: TrainingConfig, seed: int) -> Prices:
    """The prices at which both limits are just kept, less the headroom: damped steps on their logarithms.

    A limit that stays slack gets a price near 0. No price rises far above those that the network met; where
    the limit on complaints needs more, the budget's price helps. An actor that sees no prices keeps its own.
    """
    if not trained.sight.sees_prices:
        return trained.prices
    log_prices = np.log(np.maximum(trained.prices, _LEAST_PRICE))
    most = np.log(np.maximum(trained.most_prices, 2 * _LEAST_PRICE))
    found = []
    for turn in range(config.tuning.rounds):
        prices = (float(np.exp(log_prices[0])), float(np.exp(log_prices[1])))
        used = np.array(_play(trained, world, prices, config, [seed, turn, 17]).used)
        step = np.clip(used / (1 - config.tuning.headroom) - 1, -0.5, 0.5) * _GAINS / (1 + turn / 8)
        if log_prices[1] >= most[1]:
            step[0] = max(step)
        log_prices = np.clip(log_prices + step, np.log(_LEAST_PRICE), most)
        found.append(log_prices)
    last = np.exp(np.mean(found[-max(1, len(found) // 3) :], axis=0))
    return (float(last[0]), float(last[1]))


def tune_frontier(
    trained: Trained,
    world: World,
    config: TrainingConfig,
    seed: int,
    tell: Callable[[int], None] = lambda done: None,
) -> dict[float, Prices]:
    """Prices for each configured share of the budget; a changed budget changes two numbers.

    `tell` is told how many shares are done.
    """
    frontier: dict[float, Prices] = {}
    for share in sorted(config.tuning.budgets, key=lambda each: abs(each - 1)):
        nearest = min(frontier, key=lambda each: abs(each - share), default=None)
        start = trained if nearest is None else replace(trained, prices=frontier[nearest])
        changed = replace(config, budget_share=config.budget_share * share)
        frontier[share] = tune_prices(start, world, changed, seed)
        tell(len(frontier))
    return frontier


def judge(
    trained: Trained, world: World, prices: Prices, config: TrainingConfig, seed: int, episodes: int = 4
) -> Judgement:
    """The policy in a world, over some episodes, beside what could be had there."""
    runs = [_play(trained, world, prices, config, [seed, turn, _JUDGING]) for turn in range(episodes)]
    value = float(np.mean([run.value for run in runs]))
    used = np.mean([run.used for run in runs], axis=0)
    limited = replace(
        world,
        budget=world.budget * config.budget_share,
        complaint_cap=world.complaint_cap * config.complaint_share,
    )
    least, most = nothing_said(world), full_information_bound(limited).value
    return Judgement(value, (value - least) / (most - least), float(used[0]), float(used[1]))


def _play(trained: Trained, world: World, prices: Prices, config: TrainingConfig, seed: list[int]) -> Rollout:
    setting = build_setting(world, np.random.default_rng([*seed, 1]), config)
    everywhere = np.tile(np.array(prices, dtype=np.float32), (len(world), 1))
    return play(trained.layers, setting, trained.sight, everywhere, np.random.default_rng([*seed, 2]))
