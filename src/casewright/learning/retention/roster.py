"""Who meets in the arena: every baseline, tuned on training customers, and the learned policies.

Tuning customers are the training customers, several times over, each time with another hidden side, so that
no baseline is tuned to one draw. Trials come from training customers alone. Invariant: no customer that was
kept aside is read here; the same seed gives the same roster.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from casewright.adapters.retention.weights import prices_at, read_policy
from casewright.evaluation.retention.baselines import tune_prices, tune_random, tune_threshold
from casewright.evaluation.retention.baselines_programme import ProgrammePolicy, belief_in
from casewright.evaluation.retention.policies import NetworkPolicy, NoContact, Prices, RetentionPolicy
from casewright.evaluation.retention.population import Population
from casewright.evaluation.retention.trial import Trial, draw_trial
from casewright.evaluation.retention.world import Law, World, build_world, expected_world
from casewright.learning.retention.learned_world import LearnedLaw, PriceList, learn_law
from casewright.learning.retention.thompson import learn_arms, thompson_policy
from casewright.learning.retention.uplift import Learner
from casewright.learning.retention.uplift_policy import learn_uplift_scores, uplift_policy

TRIAL_ROWS = 50_000
TUNING_COPIES = 4
THOMPSON_ROUNDS = 20
FIRST_PRICES: Prices = (1.5, 40.0)
UPLIFT = (Learner.T, Learner.S, Learner.X, Learner.DR)
_TUNING, _TRIAL = 20_001, 20_003
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where a comparison takes place: who is trained on, who is kept aside, and the law of both."""

    law: Law
    training: Population
    aside: Population
    world: World
    """Of the customers kept aside: the arena's."""
    tuning: World
    """Of training customers, several times over."""
    trial_world: World
    """Of training customers: where trials are run."""
    seed: int

    @property
    def price_list(self) -> PriceList:
        """What the operator knows without a trial."""
        law = self.law
        return PriceList(
            law.discount, law.contact_cost, law.margin_share, law.tail_weeks, law.budget, law.complaint_cap
        )

    def draw_trial(self, rows: int = TRIAL_ROWS) -> Trial:
        """A randomised trial among training customers."""
        return draw_trial(self.trial_world, rows, self.seed + _TRIAL)


def build_grounds(population: Population, law: Law, seed: int) -> Grounds:
    """Split the customers by their ids, and draw the hidden sides."""
    is_aside = population.is_kept_aside()
    training, aside = population.take(~is_aside), population.take(is_aside)
    copies = training.take(np.tile(np.arange(len(training)), TUNING_COPIES))
    world = build_world(population, law, seed)
    return Grounds(
        law,
        training,
        aside,
        world.take(is_aside),
        build_world(copies, law, seed * 100_003 + _TUNING),
        world.take(~is_aside),
        seed,
    )


def rule_baselines(grounds: Grounds, tell: Tell = lambda name: None) -> list[RetentionPolicy]:
    """No contact, random, and the two threshold rules."""
    world, seed = grounds.tuning, grounds.seed
    tell("threshold rules")
    return [
        NoContact(),
        tune_random(world, seed),
        tune_threshold("propensity threshold", world, seed),
        tune_threshold("risk × value", world, seed, is_by_value=True),
    ]


def learned_baselines(
    grounds: Grounds, learned: LearnedLaw, trial: Trial, tell: Tell = lambda name: None
) -> list[RetentionPolicy]:
    """Uplift learners, Thompson sampling, and dynamic programming in the learned world."""
    policies: list[RetentionPolicy] = []
    for learner in UPLIFT:
        tell(f"uplift: {learner.value}")
        scores = learn_uplift_scores(trial, grounds.price_list, learner, grounds.seed)
        start = uplift_policy(f"uplift, {learner.value}", scores, FIRST_PRICES)
        policies.append(tune_prices(start, grounds.tuning, grounds.seed))
    for is_sampled, words in ((True, "sampled rewards"), (False, "expected rewards")):
        tell(f"Thompson sampling, {words}")
        arms, prices = learn_arms(grounds.tuning, THOMPSON_ROUNDS, grounds.seed, is_sampled=is_sampled)
        start = thompson_policy(f"Thompson, {words}", arms, prices)
        policies.append(tune_prices(start, grounds.tuning, grounds.seed))
    tell("dynamic programming in the learned world")
    policies.append(learned_programme(grounds, learned))
    return policies


def learned_programme(grounds: Grounds, learned: LearnedLaw) -> ProgrammePolicy:
    """Dynamic programming in the learned world; its two prices are set by what training customers used."""
    start = ProgrammePolicy("programme in the learned world", learned.world, FIRST_PRICES)
    return tune_prices(start, grounds.tuning, grounds.seed)


def references(grounds: Grounds, tell: Tell = lambda name: None) -> list[RetentionPolicy]:
    """What cannot be served: the programme that knows every mean rate, and the one that sees what is hidden.

    Their prices are tuned on training customers too; each then meets the arena with a belief in its
    customers.
    """
    tell("references")
    mean = belief_in(expected_world(grounds.aside, grounds.law))
    mean_training = belief_in(expected_world(grounds.training, grounds.law))
    prices = tune_prices(
        ProgrammePolicy("certainty-equivalent programme", mean_training, FIRST_PRICES),
        grounds.trial_world,
        grounds.seed,
    ).prices
    seen = tune_prices(
        ProgrammePolicy("", belief_in(grounds.trial_world), FIRST_PRICES), grounds.trial_world, grounds.seed
    ).prices
    return [
        ProgrammePolicy("certainty-equivalent programme (reference)", mean, prices),
        ProgrammePolicy("programme that sees what is hidden (reference)", belief_in(grounds.world), seen),
    ]


def network_policy(name: str, path: Path | None, budget: float | None = None) -> NetworkPolicy:
    """An exported network at the prices that it was exported with; None takes the shipped one.

    With a budget (per customer, in major units) at those that were tuned for it. Raises ConfigurationError
    where the file is no policy, or has no prices for that budget.
    """
    network = read_policy(path)
    if budget is not None:
        share = round(budget / (network.facts.get("budget_per_customer") or budget), 9)
        return NetworkPolicy(name, network, prices_at(network, share))
    return NetworkPolicy(name, network, (network.budget_price, network.complaint_price))


def learn_from_trial(grounds: Grounds) -> tuple[Trial, LearnedLaw]:
    """The trial, and the world that it teaches."""
    trial = grounds.draw_trial()
    return trial, learn_law(trial, grounds.price_list)
