"""Proximal policy optimisation under two limits, in one file.

From the papers: clipped ratio, minibatch epochs and entropy bonus (Schulman et al. 2017), generalised
advantages (Schulman et al. 2016), value clipping and advantage scaling (as in most implementations), action
masks for hard rules, and Lagrange multipliers for limits on average (duals.py).

What is left out or put in, and why:
- No churn is drawn. Survival is a weight on rewards, so an episode never ends early; one lost customer drowns
  nothing, and an advantage counts as far as the customer is still there.
- No discount within the period: a budget period ends, and its last reward holds what comes after.
- No observation normalisation: the inputs are of the order of one by construction, and serve as they are.
- No weeks without a decision: rows are decisions. Rewards between two decisions of a customer belong to the
  first (a semi-Markov problem); waiting weeks cost neither forward pass nor gradient.
- No early stop by divergence: the learning rate falls to zero instead, which replays exactly.
- The critic is for training alone, so it also sees what the simulator hides (asymmetric actor-critic, Pinto
  et al. 2018), and learns the residual to a baseline that is known exactly: what saying nothing would bring.
- Luck is taken out: whether an offer was accepted moves a return far more than which offer it was. A second
  part of the critic predicts the difference, and (accepted − its probability) × difference is subtracted: a
  control variate of mean zero, so unbiased however wrong the prediction (as Burch et al. 2018 do in games).
- Both limits share one critic, which reads their prices: value − price × outlay − price × complaints.

Prices may be drawn per customer around the multipliers and shown to the actor (`price_share`): then one
network serves every budget, and a changed budget changes two numbers.
Invariant: the same seed gives the same weights on the same machine; a servable actor never reads `hidden`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch

from casewright.adapters.retention.weights import Layers, masked_softmax, run_layers
from casewright.learning.retention.duals import Dual
from casewright.learning.retention.networks import WeightAverage, build_network, layers_of

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
PRICES = 2
_NEVER = -1e9


class Week(Protocol):
    """What one step brought, by customer."""

    @property
    def reward(self) -> Floats: ...
    @property
    def outlay(self) -> Floats: ...
    @property
    def complaints(self) -> Floats: ...
    @property
    def weight(self) -> Floats: ...
    @property
    def was_accepted(self) -> Bools: ...
    @property
    def is_last(self) -> bool: ...


class Problem(Protocol):
    """Customers in lockstep, as evaluation/retention/simulator.py has them."""

    count: int
    observation: Floats
    weight: Floats

    def reset(self) -> Floats: ...
    def is_due(self) -> Bools: ...
    def offer_mask(self) -> Bools: ...
    def step(self, offers: npt.NDArray[np.integer], delays: npt.NDArray[np.integer]) -> Week: ...


@dataclass(frozen=True, slots=True)
class Setting:
    """A problem, and what only the trainer may know about it."""

    problem: Problem
    hidden: Floats
    """(n, H) what the critic sees besides the observation."""
    baseline: Floats
    """(T, n) value of saying nothing from each week on, of a customer who is there; zeros where unknown."""
    accept: Floats | None
    """(n, offers) probability that each offer is accepted, 0 of no contact; None: luck is left in."""
    budget: float
    """Outlay allowed in an episode, per customer."""
    complaint_cap: float
    """Complaints allowed in an episode, per customer."""


@dataclass(frozen=True, slots=True)
class PpoConfig:
    """How the learner learns. Defaults are those of train.yaml, which says where each comes from."""

    iterations: int = 120
    actor_layers: tuple[int, ...] = (64, 64)
    critic_layers: tuple[int, ...] = (64, 64)
    actor_rate: float = 2e-3
    critic_rate: float = 2e-3
    epochs: int = 4
    minibatch: int = 4096
    clip: float = 0.2
    value_clip: float = 0.5
    trace: float = 0.9
    """λ of the generalised advantages, per decision."""
    offer_entropy: float = 0.01
    delay_entropy: float = 0.005
    """Entropy bonuses at the start, in deviations of the advantage; they fall to zero with the rate."""
    most_gradient: float = 1.0
    first_contact_share: float = 0.3
    """Probability of a contact before anything is learned."""
    averaged_share: float = 0.3
    """Last share of the iterations whose weights are averaged."""
    price_share: float = 0.0
    """Share of customers whose prices are drawn around the multipliers; above 0, the actor reads prices."""
    price_spread: float = 0.7
    """Standard deviation of the log of those prices."""
    sees_hidden: bool = False
    """The actor sees what the simulator hides: a reference that cannot be served."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What an actor does, and what it is shown."""

    heads: tuple[int, int]
    """Offers, and delays."""
    sees_prices: bool = False
    sees_hidden: bool = False


@dataclass(slots=True)
class Rollout:
    """One episode of everybody. Rows are decisions, week by week."""

    observations: Floats
    critic_inputs: Floats
    masks: Bools
    offers: npt.NDArray[np.int64]
    delays: npt.NDArray[np.int64]
    log_probabilities: Floats
    weights: Floats
    baseline: Floats
    luck: Floats
    """Accepted or not, less the probability of that."""
    is_decision: Bools
    """(T, n)"""
    rewards: Floats
    """(T, n) less both prices' worth, weighted by survival."""
    value: float
    """Mean unpriced value per customer."""
    used: tuple[float, float]
    """Shares of budget and complaint cap that were used, at the multipliers' own prices."""


def generalised_advantages(
    rewards: Floats, values: Floats, fortune: Floats, is_decision: Bools, trace: float
) -> Floats:
    """GAE over decisions with gaps; everything (T, n) and already weighted by survival.

    A decision's reward is the sum up to the customer's next decision, less what was luck (`fortune`); after
    the last week nothing follows.
    """
    advantages = np.zeros_like(rewards)
    count = rewards.shape[1]
    gathered, next_value, next_advantage = (np.zeros(count, dtype=np.float32) for _ in range(3))
    for week in reversed(range(len(rewards))):
        gathered += rewards[week]
        decides = is_decision[week]
        advantage = gathered + next_value - values[week] - fortune[week] + trace * next_advantage
        advantages[week] = np.where(decides, advantage, 0)
        next_value = np.where(decides, values[week], next_value)
        next_advantage = np.where(decides, advantage, next_advantage)
        gathered[decides] = 0
    return advantages


def draw_codes(probabilities: Floats, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """One index per row, by its probabilities; never one of probability 0, whatever the rounding."""
    cuts = np.cumsum(probabilities[:, :-1], axis=1)
    draws = rng.random((len(probabilities), 1), dtype=np.float32)
    codes: npt.NDArray[np.int64] = (draws >= cuts).sum(axis=1)
    impossible = probabilities[np.arange(len(codes)), codes] == 0
    codes[impossible] = probabilities[impossible].argmax(axis=1)
    return codes


def play(
    actor: Layers,
    setting: Setting,
    sight: Sight,
    prices: Floats,
    rng: np.random.Generator,
    counted: Bools | None = None,
) -> Rollout:
    """One episode of everybody at prices (n, 2); `used` is of those `counted`, or of all."""
    problem, first = setting.problem, sight.heads[0]
    seen_prices = np.log1p(prices)
    problem.reset()
    rows: list[tuple[npt.NDArray[np.generic], ...]] = []
    decisions, rewards, used = [], [], np.zeros((PRICES, problem.count), dtype=np.float32)
    value, is_last, week = np.zeros(problem.count, dtype=np.float32), False, 0
    while not is_last:
        due = problem.is_due()
        who = np.flatnonzero(due)
        critic_inputs = np.concatenate([problem.observation[who], setting.hidden[who]], axis=1)
        width = problem.observation.shape[1]
        critic_inputs[:, width - PRICES : width] = seen_prices[who]
        inputs = critic_inputs if sight.sees_hidden else critic_inputs[:, :width].copy()
        if not sight.sees_prices:
            inputs = inputs.copy()
            inputs[:, width - PRICES : width] = 0
        mask, scores = problem.offer_mask()[who], run_layers(actor, inputs)
        of_offers, of_delays = masked_softmax(scores[:, :first], mask), masked_softmax(scores[:, first:])
        offer, delay, each = draw_codes(of_offers, rng), draw_codes(of_delays, rng), np.arange(len(who))
        chance = np.log(of_offers[each, offer]) + np.log(of_delays[each, delay])
        weight = problem.weight[who].copy()
        offers, delays = np.zeros((2, problem.count), dtype=np.int64)
        offers[who], delays[who] = offer, delay
        step = problem.step(offers, delays)
        baseline, luck = setting.baseline[week][who], _luck_of(setting, step, who, offer)
        rows.append((inputs, critic_inputs, mask, offer, delay, chance, weight, baseline, luck))
        decisions.append(due)
        rewards.append(step.reward - prices[:, 0] * step.outlay - prices[:, 1] * step.complaints)
        value += step.reward
        used += (step.outlay, step.complaints)
        is_last, week = step.is_last, week + 1
    means = used[:, slice(None) if counted is None or not counted.any() else counted].mean(axis=1)
    shares = (float(means[0]) / setting.budget, float(means[1]) / setting.complaint_cap)
    names = tuple(Rollout.__dataclass_fields__)
    columns: dict[str, Any] = {
        name: np.concatenate(column) for name, column in zip(names, zip(*rows, strict=True), strict=False)
    }
    return Rollout(
        **columns,
        is_decision=np.array(decisions),
        rewards=np.array(rewards, dtype=np.float32),
        value=float(value.mean()),
        used=shares,
    )


class ConstrainedPpo:
    """Actor, critic and the multipliers of budget and complaints, which move after every episode."""

    def __init__(
        self,
        config: PpoConfig,
        inputs: int,
        hidden: int,
        heads: tuple[int, int],
        duals: tuple[Dual, Dual],
        seed: int,
    ) -> None:
        torch.set_num_threads(1)
        torch.use_deterministic_algorithms(mode=True)
        self.config, self.duals, self._heads = config, duals, heads
        self.sight = Sight(heads, config.price_share > 0, config.sees_hidden)
        self._rng = np.random.default_rng([seed, 11])
        shapes = np.random.default_rng([seed, 12])
        centre = np.zeros(inputs + hidden)
        centre[inputs - PRICES : inputs] = np.log1p([dual.price for dual in duals])
        seen = inputs + (hidden if config.sees_hidden else 0)
        self.actor = build_network(
            (seen, *config.actor_layers, sum(heads)),
            shapes,
            last_gain=0.01,
            centre=centre[:seen] if self.sight.sees_prices else None,
        )
        self.critic = build_network(
            (inputs + hidden, *config.critic_layers, 1 + heads[0]), shapes, last_gain=0.1, centre=centre
        )
        self._set_first_share(config.first_contact_share)
        self._actor_steps = torch.optim.Adam(
            self.actor.parameters(), lr=config.actor_rate, eps=1e-5, fused=True
        )
        self._critic_steps = torch.optim.Adam(
            self.critic.parameters(), lr=config.critic_rate, eps=1e-5, fused=True
        )
        self._average = WeightAverage()
        self._scale = 0.0
        self.steps = 0
        """Customer-weeks simulated so far."""

    def _set_first_share(self, share: float) -> None:
        """The first head's first action, no contact, starts with probability 1 − share."""
        *_, bias = self.actor.parameters()
        with torch.no_grad():
            bias[0] = float(np.log((1 - share) / share * (self._heads[0] - 1)))

    def train(self, setting: Callable[[int], Setting], watch: Callable[[int, Rollout], None]) -> Layers:
        """Learn for all iterations; the actor's averaged layers. `watch` sees each rollout."""
        config = self.config
        averaged_from = int(config.iterations * (1 - config.averaged_share))
        for iteration in range(config.iterations):
            left = 1 - iteration / config.iterations
            rollout = self.collect(setting(iteration))
            self.learn(rollout, left)
            for dual, used in zip(self.duals, rollout.used, strict=True):
                dual.update(used)
            if iteration >= averaged_from:
                self._average.add(layers_of(self.actor))
            watch(iteration, rollout)
        return self._average.mean()

    def collect(self, setting: Setting) -> Rollout:
        """Play one episode with the actor as it is."""
        prices, is_anchor = self._draw_prices(setting.problem.count)
        rollout = play(layers_of(self.actor), setting, self.sight, prices, self._rng, is_anchor)
        self.steps += rollout.is_decision.size
        return rollout

    def _draw_prices(self, count: int) -> tuple[Floats, Bools]:
        """(n, 2) prices, and who has exactly the multipliers' own."""
        prices = np.tile(np.array([dual.price for dual in self.duals], dtype=np.float32), (count, 1))
        others = self._rng.random(count) < self.config.price_share
        spread = self._rng.normal(0, self.config.price_spread, (count, PRICES))
        prices[others] *= np.exp(spread[others]).astype(np.float32)
        return prices, ~others

    def learn(self, rollout: Rollout, left: float) -> None:
        """Improve actor and critic on one rollout; `left` is the share of the training that remains."""
        config = self.config
        rows, weights = np.arange(len(rollout.offers)), rollout.weights
        output = run_layers(layers_of(self.critic), rollout.critic_inputs)
        if not self._scale:
            self._scale, output = self._first_scale(rollout), np.zeros_like(output)
        raw, lucky = output[:, 0], output[rows, 1 + rollout.offers] * rollout.luck
        values, fortune = np.zeros((2, *rollout.is_decision.shape), dtype=np.float32)
        values[rollout.is_decision] = (raw * self._scale + rollout.baseline) * weights
        fortune[rollout.is_decision] = lucky * self._scale * weights
        advantages = generalised_advantages(
            rollout.rewards, values, fortune, rollout.is_decision, config.trace
        )[rollout.is_decision]
        targets = advantages / (np.maximum(weights, 1e-3) * self._scale) + raw + lucky
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        for steps, rate in ((self._actor_steps, config.actor_rate), (self._critic_steps, config.critic_rate)):
            steps.param_groups[0]["lr"] = left * rate
        tensors = [
            torch.from_numpy(array)
            for array in (
                rollout.observations,
                rollout.critic_inputs,
                rollout.masks,
                rollout.offers,
                rollout.delays,
                rollout.log_probabilities,
                weights,
                advantages,
                raw,
                rollout.luck,
                targets,
            )
        ]
        count = len(advantages)
        parts = max(1, round(count / config.minibatch))
        for _ in range(config.epochs):
            order = torch.from_numpy(self._rng.permutation(count))
            for chosen in torch.tensor_split(order, parts):
                self._step([tensor[chosen] for tensor in tensors], left)

    def _first_scale(self, rollout: Rollout) -> float:
        """Standard deviation of the first episode's returns over the baseline: what one is to the critic."""
        returns = np.cumsum(rollout.rewards[::-1], axis=0)[::-1][rollout.is_decision]
        return float(np.std(returns - rollout.baseline * rollout.weights)) or 1.0

    def _step(self, batch: list[torch.Tensor], left: float) -> None:
        inputs, critic_inputs, masks, offers, delays, before, weights, advantages, old, luck, target = batch
        config, first = self.config, self._heads[0]
        scores = self.actor(inputs)
        of_offers = torch.log_softmax(scores[:, :first].masked_fill(~masks, _NEVER), dim=1)
        of_delays = torch.log_softmax(scores[:, first:], dim=1)
        chance = of_offers.gather(1, offers[:, None]) + of_delays.gather(1, delays[:, None])
        ratio = torch.exp(chance[:, 0] - before)
        clipped = ratio.clamp(1 - config.clip, 1 + config.clip)
        gain = torch.minimum(ratio * advantages, clipped * advantages).mean()
        spread = config.offer_entropy * _entropy(of_offers) + config.delay_entropy * _entropy(of_delays)
        self._descend(self.actor, self._actor_steps, -(gain + left * spread))
        output = self.critic(critic_inputs)
        value, lucky = output[:, 0], luck * output.gather(1, 1 + offers[:, None])[:, 0]
        near = old + (value - old).clamp(-config.value_clip, config.value_clip)
        loss = torch.maximum((value + lucky - target) ** 2, (near + lucky - target) ** 2)
        self._descend(self.critic, self._critic_steps, (weights * loss).mean())

    def _descend(self, network: torch.nn.Module, steps: torch.optim.Optimizer, loss: torch.Tensor) -> None:
        steps.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), self.config.most_gradient)
        steps.step()


def _luck_of(setting: Setting, step: Week, who: npt.NDArray[Any], offer: npt.NDArray[Any]) -> Floats:
    if setting.accept is None:
        return np.zeros(len(who), dtype=np.float32)
    return np.asarray(step.was_accepted[who] - setting.accept[who, offer], dtype=np.float32)


def _entropy(log_probabilities: torch.Tensor) -> torch.Tensor:
    return -(log_probabilities.exp() * log_probabilities).sum(dim=1).mean()
