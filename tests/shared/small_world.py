"""A few customers in the frozen simulator, and customers whose rates are written by hand."""

from dataclasses import replace
from functools import cache

import numpy as np

from casewright.evaluation.retention.population import draw_population
from casewright.evaluation.retention.world import World, build_world, read_law
from casewright.learning.retention.roster import Grounds, build_grounds


@cache
def small_world(count: int = 300, seed: int = 7) -> World:
    return build_world(draw_population(count, seed), read_law(), seed)


@cache
def small_grounds(count: int = 600, seed: int = 7) -> Grounds:
    return build_grounds(draw_population(count, seed), read_law(), seed)


def certain_world(count: int = 10, accept: float = 1.0) -> World:
    """Nobody leaves, everybody accepts; help costs 3, and level 2 costs 1 a week."""
    world = small_world().take(np.arange(count))

    def full(value: float, *shape: int) -> np.ndarray:
        return np.full(shape, value, dtype=np.float32)

    return replace(
        world,
        hazard=full(1e-9, count),
        accept=full(accept, count, 4),
        relief=full(0.0, count, 4),
        annoyance=full(0.0, count),
        complaint=full(0.1, count),
        margin=full(10.0, count),
        discount=np.tile(np.array([0.0, 0.5, 1.0, 2.0], dtype=np.float32), (count, 1)),
        contact_cost=np.array([3.0, 0.5, 0.5, 0.5], dtype=np.float32),
        tail_weeks=0,
    )
