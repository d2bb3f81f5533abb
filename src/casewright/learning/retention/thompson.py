"""Thompson sampling: a Bayesian linear model of what each arm brings, learned while it decides.

For every arm a ridge regression of a window's return, outlay and complaints on the profile. Each decision
draws what the arms bring from the posterior (Agrawal, Goyal 2013), takes off the prices of both limits, and
takes the best. The prices follow what was used, round by round. A window is 13 weeks: two a period.

Invariant: the learner sees training customers alone, and of them only what was done and what came of it. With
sampled rewards one churn swamps an effect of a few dollars: it learns little, which is what this baseline
shows.
"""

from dataclasses import dataclass, field

import numpy as np

from casewright.domain.outreach import OBSERVATION, PERIOD_WEEKS, PROFILE_INPUTS
from casewright.evaluation.retention.baselines_scored import NEUTRAL, ScoredPolicy
from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.policies import OFFERS, Indices, Prices
from casewright.evaluation.retention.simulator import Simulator
from casewright.evaluation.retention.world import QUARTER_WEEKS, World

WINDOW_WEEKS = 13
_RIDGE = 10.0
_TARGETS = 3
_RISK = OBSERVATION.index("risk_log_odds")
_SPEND = OBSERVATION.index("spend")


@dataclass
class LinearArms:
    """Posterior of each arm, k inputs with the constant first: precision, and weighted targets."""

    precision: Floats = field(
        default_factory=lambda: np.tile(np.eye(1 + PROFILE_INPUTS) * _RIDGE, (OFFERS, 1, 1))
    )
    weighted: Floats = field(default_factory=lambda: np.zeros((OFFERS, 1 + PROFILE_INPUTS, _TARGETS)))
    squares: float = 1.0
    count: int = 1

    def learn(self, profiles: Floats, arms: Indices, targets: Floats) -> None:
        """Add rows: profiles (n, F), arms (n,), and what each brought, cost and drew of complaints (n, 3)."""
        rows, means = _with_constant(profiles), self.means()
        targets = targets / _units(profiles)
        for arm in range(OFFERS):
            own = arms == arm
            self.precision[arm] += rows[own].T @ rows[own]
            self.weighted[arm] += rows[own].T @ targets[own]
            self.squares += float(((targets[own, 0] - rows[own] @ means[arm][:, 0]) ** 2).sum())
        self.count += len(arms)

    def means(self) -> Floats:
        """(OFFERS, k, 3) posterior means."""
        return np.asarray(np.linalg.solve(self.precision, self.weighted))

    def scores(self, profiles: Floats) -> Floats:
        """(3, 4, n): by level, what a contact brings more than none before its outlay, outlay, complaints."""
        means = self.means()
        found = np.einsum("nk,akt->tan", _with_constant(profiles), means[1:] - means[:1])
        found *= _units(profiles).T[:, None, :]
        found[1:] = np.maximum(found[1:], 0.0)
        found[0] += found[1]
        return np.asarray(found)

    def draw(self, profiles: Floats, rng: np.random.Generator) -> Floats:
        """(4, n): one draw from the posterior for each row, less its mean."""
        rows = _with_constant(profiles)
        variance = self.squares / self.count
        spread = []
        for arm in range(OFFERS):
            solved = np.linalg.solve(self.precision[arm], rows.T)
            spread.append(np.sqrt(np.maximum((rows.T * solved).sum(axis=0) * variance, 0.0)))
        normal = rng.normal(size=(OFFERS, len(rows))) * np.array(spread) * _units(profiles)[:, 0]
        return np.asarray(normal[1:] - normal[:1])


def learn_arms(
    world: World, rounds: int, seed: int, *, is_sampled: bool, prices: Prices = (1.5, 40.0)
) -> tuple[LinearArms, Prices]:
    """Decide and learn for `rounds` periods of a world; gives the posterior and the last prices."""
    arms, log_prices = LinearArms(), np.log(np.array(prices))
    worth = world.tail().astype(np.float64)
    alone = _value_alone(world, worth)
    for turn in range(rounds):
        simulator = Simulator(world, np.random.default_rng([seed, turn, 1]), is_sampled=is_sampled)
        rng = np.random.default_rng([seed, turn, 2])
        policy = thompson_policy("", arms, (float(np.exp(log_prices[0])), float(np.exp(log_prices[1]))))
        used = np.zeros(2)
        seen = [
            _play_window(simulator, policy, alone, worth if week == 0 else None, rng, used)
            for week in range(0, PERIOD_WEEKS, WINDOW_WEEKS)
        ]
        for profiles, chosen, targets in seen:
            arms.learn(profiles, chosen, targets)
        shares = used / len(world) / np.array([world.budget, world.complaint_cap])
        log_prices += np.clip(shares - 1, -1, 1) * 0.5 / (1 + turn / 8)
    return arms, (float(np.exp(log_prices[0])), float(np.exp(log_prices[1])))


def thompson_policy(name: str, arms: LinearArms, prices: Prices) -> ScoredPolicy:
    """Draws from the posterior as it is; it learns no further."""
    return ScoredPolicy(name, arms.scores, prices, most_contacts=2, noise=arms.draw)


def _play_window(
    simulator: Simulator,
    policy: ScoredPolicy,
    alone: Floats,
    worth: Floats | None,
    rng: np.random.Generator,
    used: Floats,
) -> tuple[Floats, Indices, Floats]:
    """One decision about everybody who is there, and what came of it until the window's end.

    `alone` is what the estimated risk lets expect without a contact: arms are learned as differences from it,
    since they meet different customers. `worth` is what being still there counts for, the same after both
    windows; None where the simulator adds it. Rows are those about whom there was a choice: while something
    runs, saying nothing is no arm.
    """
    there = simulator.weight > 0
    start = np.maximum(simulator.weight.astype(np.float64), 1e-9)
    observation, mask = simulator.observation.copy(), simulator.offer_mask()
    chosen = policy.decide(observation, mask, rng).offers.astype(np.int64)
    targets = np.zeros((simulator.count, _TARGETS))
    none = np.zeros(simulator.count, dtype=np.int64)
    for week in range(WINDOW_WEEKS):
        step = simulator.step(chosen if week == 0 else none, none)
        targets += np.stack([step.reward, step.outlay, step.complaints], axis=1)
    if worth is not None:
        targets[:, 0] += simulator.weight * worth
    used += targets[:, 1:].sum(axis=0)
    rows = np.flatnonzero(there & mask[:, 1] & (observation[:, NEUTRAL] > 0))
    targets = targets[rows] / start[rows, None]
    targets[:, 0] -= alone[rows]
    return observation[rows, :PROFILE_INPUTS], chosen[rows], targets


def _value_alone(world: World, worth: Floats) -> Floats:
    risk = 1 / (1 + np.exp(-2 * world.inputs[:, _RISK].astype(np.float64)))
    hazard = np.maximum(1 - (1 - risk) ** (1 / QUARTER_WEEKS), 1e-6)
    kept = (1 - hazard) ** WINDOW_WEEKS
    return np.asarray(world.margin * (1 - kept) / hazard + kept * worth)


def _units(profiles: Floats) -> Floats:
    """(n, 3): money is learned per unit of spend, since what a customer brings grows with it."""
    spend = np.maximum(profiles[:, _SPEND].astype(np.float64), 1e-2)
    return np.stack([spend, spend, np.ones(len(spend))], axis=1)


def _with_constant(profiles: Floats) -> Floats:
    return np.concatenate([np.ones((len(profiles), 1)), profiles.astype(np.float64)], axis=1)
