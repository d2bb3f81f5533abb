"""What is true of every customer, and hidden from whoever decides: how each would leave, accept and complain.

A world is drawn by seed from a population and a law (`data/world.yaml`, frozen in `data/world.lock`): each
customer has a type, whose probability depends on what can be observed, and the type's responses with some
scatter. Invariant: the same population, law and seed give the same world, bit for bit.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from casewright.domain.errors import ConfigurationError
from casewright.domain.outreach import OBSERVATION, OFFER_LEVELS, PROFILE_INPUTS
from casewright.evaluation.retention.population import Floats, Population

TYPES = ("price", "service", "stays", "leaves", "sleeping_dog")
QUARTER_WEEKS = 13
_WEEKS_A_MONTH = 52 / 12
_MOST_HAZARD = 0.5
_PACKAGE = "casewright.evaluation.retention.data"


@dataclass(frozen=True, slots=True)
class Law:
    """The law by which worlds are drawn; see `data/world.yaml`, where each number has its meaning."""

    type_scores: npt.NDArray[np.float64]
    """(1 + PROFILE_INPUTS, 5): constant and slopes of each type's score, before `sharpness`."""
    sharpness: float
    accept: npt.NDArray[np.float64]
    """(5, 4) log odds of acceptance by type and level."""
    relief: npt.NDArray[np.float64]
    """(5, 4) log hazard ratio while an accepted offer runs."""
    annoyance: npt.NDArray[np.float64]
    """(5,) log hazard ratio after a contact that was not accepted."""
    complaint: npt.NDArray[np.float64]
    """(5,) probability of a complaint at a first contact."""
    hazard: npt.NDArray[np.float64]
    """(5,) factor on the hazard that the estimated risk implies."""
    scatter: Mapping[str, float]
    """Standard deviations of the customers' own deviations: hazard, accept, relief."""
    discount: npt.NDArray[np.float64]
    """(4,) share of the spend that each level costs while it runs."""
    contact_cost: npt.NDArray[np.float64]
    """(4,) cost of a contact by level, in major units."""
    margin_share: float
    tail_weeks: int
    """Weeks after the period whose margin counts too."""
    budget: float
    """Outlay allowed in the period, per customer, in major units."""
    complaint_cap: float
    """Complaints allowed in the period, per customer."""
    version: str
    """Hash of the canonical content."""


@dataclass(frozen=True, slots=True)
class World:
    """What is true of n customers. Rates are per week, money is in major units; arrays are float32."""

    inputs: Floats
    """(n, PROFILE_INPUTS): what can be observed."""
    hidden: Floats
    """(n, 6): the type, one-hot, and the log of hazard over implied hazard. For critics and bounds alone."""
    hazard: Floats
    """(n,) probability to leave in a week when nothing was said."""
    accept: Floats
    """(n, 4)"""
    relief: Floats
    """(n, 4) log hazard ratio, at most 0."""
    annoyance: Floats
    """(n,) log hazard ratio, at least 0."""
    complaint: Floats
    """(n,)"""
    margin: Floats
    """(n,) earned in a week that the customer stays."""
    discount: Floats
    """(n, 4) cost in a week by level."""
    contact_cost: Floats
    """(4,)"""
    tail_weeks: int
    budget: float
    complaint_cap: float

    def __len__(self) -> int:
        return len(self.hazard)

    def take(self, chosen: npt.NDArray[Any]) -> "World":
        """The customers at these indices, or where a mask of shape (n,) holds."""
        names = (
            "inputs",
            "hidden",
            "hazard",
            "accept",
            "relief",
            "annoyance",
            "complaint",
            "margin",
            "discount",
        )
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})

    def tail(self) -> Floats:
        """(n,) margin expected after the period from a customer who is still there."""
        stay = 1 - self.hazard
        return np.asarray(self.margin * (1 - stay**self.tail_weeks) / self.hazard, dtype=np.float32)


def read_law(name: str = "world.yaml") -> Law:
    """The packaged law. Raises ConfigurationError where it is not the frozen one."""
    text = resources.files(_PACKAGE).joinpath(name).read_text("utf-8")
    law = build_law(yaml.safe_load(text))
    frozen = resources.files(_PACKAGE).joinpath("world.lock").read_text("utf-8").split()[0]
    if law.version != frozen:
        raise ConfigurationError(
            f"the simulator's law {name} is not the frozen one: {law.version[:12]} for {frozen[:12]}"
        )
    return law


def build_law(document: Mapping[str, Any]) -> Law:
    """A law from its document. Raises ConfigurationError for an unknown input or a missing part."""
    try:
        types = [document["types"][name] for name in TYPES]
        scores = np.zeros((1 + PROFILE_INPUTS, len(TYPES)))
        for column, each in enumerate(types):
            for name, slope in each["score"].items():
                row = 0 if name == "constant" else 1 + OBSERVATION[:PROFILE_INPUTS].index(name)
                scores[row, column] = slope
        money = document["money"]
        return Law(
            scores,
            float(document["sharpness"]),
            np.array([each["accept"] for each in types], dtype=np.float64).reshape(len(TYPES), OFFER_LEVELS),
            np.array([each["relief"] for each in types], dtype=np.float64).reshape(len(TYPES), OFFER_LEVELS),
            np.array([each["annoyance"] for each in types], dtype=np.float64),
            np.array([each["complaint"] for each in types], dtype=np.float64),
            np.array([each["hazard"] for each in types], dtype=np.float64),
            {name: float(value) for name, value in document["scatter"].items()},
            np.array(money["discount_percent"], dtype=np.float64) / 100,
            np.array(money["contact_cost"], dtype=np.float64),
            float(money["margin_share"]),
            int(money["tail_weeks"]),
            float(document["limits"]["budget"]),
            float(document["limits"]["complaints"]),
            hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest(),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise ConfigurationError(f"the simulator's law cannot be read: {error!r}") from error


def type_probabilities(inputs: Floats, law: Law) -> npt.NDArray[np.float64]:
    """(n, 5) probability of each type, given what can be observed."""
    scores = law.sharpness * (law.type_scores[0] + inputs.astype(np.float64) @ law.type_scores[1:])
    scores -= scores.max(axis=1, keepdims=True)
    weights = np.exp(scores)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def build_world(population: Population, law: Law, seed: int = 42) -> World:
    """Draw what is true of each customer."""
    rng = np.random.default_rng([seed, 7])
    count, inputs = len(population), population.inputs()
    chances = type_probabilities(inputs, law)
    kinds = (rng.random((count, 1)) > np.cumsum(chances, axis=1)).sum(axis=1).clip(0, len(TYPES) - 1)
    own = {name: rng.normal(0, law.scatter[name], count) for name in ("hazard", "accept", "relief")}
    return _world_of(population, law, kinds, own)


def _world_of(
    population: Population, law: Law, kinds: npt.NDArray[np.int64], own: Mapping[str, npt.NDArray[np.float64]]
) -> World:
    spend = population.spend.astype(np.float64) / _WEEKS_A_MONTH
    implied = implied_hazard(population.risk)
    ratio = np.log(law.hazard[kinds]) + own["hazard"]
    accept = 1 / (1 + np.exp(-(law.accept[kinds] + own["accept"][:, None])))
    arrays = {
        "inputs": population.inputs(),
        "hidden": np.concatenate([np.eye(len(TYPES))[kinds], ratio[:, None]], axis=1),
        "hazard": np.clip(implied * np.exp(ratio), 1e-5, _MOST_HAZARD),
        "accept": accept,
        "relief": law.relief[kinds] * np.exp(own["relief"])[:, None],
        "annoyance": law.annoyance[kinds],
        "complaint": law.complaint[kinds],
        "margin": spend * law.margin_share,
        "discount": spend[:, None] * law.discount,
        "contact_cost": law.contact_cost,
    }
    typed = {name: np.ascontiguousarray(value, dtype=np.float32) for name, value in arrays.items()}
    return World(**typed, tail_weeks=law.tail_weeks, budget=law.budget, complaint_cap=law.complaint_cap)


def implied_hazard(risk: Floats) -> npt.NDArray[np.float64]:
    """(n,) weekly probability to leave that a quarter's risk implies, if it is the same every week."""
    return np.asarray(1 - (1 - risk.astype(np.float64)) ** (1 / QUARTER_WEEKS))


def worlds_of_types(
    population: Population, law: Law, rng: np.random.Generator | None = None
) -> tuple[list[World], npt.NDArray[np.float64]]:
    """The worlds in which everybody is of one type, and (n, 5) the types' probabilities.

    Own deviations are drawn by `rng`; without one there are none.
    """
    count = len(population)
    worlds = []
    for kind in range(len(TYPES)):
        own = {
            name: np.zeros(count) if rng is None else rng.normal(0, law.scatter[name], count)
            for name in ("hazard", "accept", "relief")
        }
        worlds.append(_world_of(population, law, np.full(count, kind), own))
    return worlds, type_probabilities(population.inputs(), law)


def expected_world(population: Population, law: Law) -> World:
    """The world in which every rate is its mean given what is observed: what a perfect estimate would be."""
    worlds, chances = worlds_of_types(population, law)

    def mean(name: str) -> Floats:
        stacked = np.stack([getattr(world, name) for world in worlds], axis=-1).astype(np.float64)
        weights = chances if stacked.ndim == 2 else chances[:, None, :]
        return np.asarray((stacked * weights).sum(axis=-1), dtype=np.float32)

    taken = np.stack([world.accept for world in worlds], axis=-1) * chances[:, None, :]
    ratio = np.stack([np.exp(world.relief.astype(np.float64)) for world in worlds], axis=-1)
    relief = np.log((ratio * taken).sum(axis=-1) / taken.sum(axis=-1)).astype(np.float32)
    return replace(
        worlds[0],
        hidden=mean("hidden"),
        hazard=mean("hazard"),
        accept=mean("accept"),
        relief=relief,
        annoyance=mean("annoyance"),
        complaint=mean("complaint"),
    )
