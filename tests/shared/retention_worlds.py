"""Tiny worlds written by hand: every rate is a round number."""

from typing import Any

import numpy as np

from casewright.domain.outreach import OFFER_LEVELS, PROFILE_INPUTS
from casewright.evaluation.retention.world import TYPES, World


def tiny_world(count: int = 1, **changes: Any) -> World:
    """Customers who leave with 0.1 a week, earn 10, and accept every offer at no effect; a tail of one week."""

    def full(value: Any, *shape: int) -> Any:
        return np.ascontiguousarray(np.broadcast_to(np.float32(value), (count, *shape)))

    values = {
        "hazard": 0.1,
        "accept": 1.0,
        "relief": 0.0,
        "annoyance": 0.0,
        "complaint": 0.0,
        "margin": 10.0,
        "discount": [0.0, 1.0, 2.0, 4.0],
    } | changes
    wide = ("accept", "relief", "discount")
    arrays = {
        name: full(value, *((OFFER_LEVELS,) if name in wide else ()))
        for name, value in values.items()
        if name not in ("contact_cost", "tail_weeks", "budget", "complaint_cap")
    }
    return World(
        inputs=full(0.0, PROFILE_INPUTS),
        hidden=full(0.0, len(TYPES) + 1),
        contact_cost=np.array(values.get("contact_cost", [3.0, 0.5, 0.5, 0.5]), dtype=np.float32),
        tail_weeks=values.get("tail_weeks", 1),
        budget=values.get("budget", 5.0),
        complaint_cap=values.get("complaint_cap", 0.1),
        **arrays,
    )
