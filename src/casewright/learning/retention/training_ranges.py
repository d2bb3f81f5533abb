"""In which range each number of a training's configuration makes sense.

Invariant: every number of the configuration has a range here, and all that are outside are told at once.
Nothing is corrected.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Range(NamedTuple):
    """From `least` to `most`; without its ends where it is open."""

    least: float
    most: float
    is_open: bool = False

    def holds(self, value: float) -> bool:
        """Whether the value lies within; nan does not."""
        return self.least < value < self.most if self.is_open else self.least <= value <= self.most

    def __str__(self) -> str:
        words = f"from {self.least:,} to {self.most:,}"
        return f"between {self.least:,} and {self.most:,}" if self.is_open else words


_SHARE, _SHARE_INSIDE, _BUDGET = Range(0, 1), Range(0, 1, is_open=True), Range(0.01, 100)
_RATE, _UNIT, _GAIN, _BONUS = Range(1e-9, 1), Range(1e-6, 1_000_000), Range(0, 100), Range(0, 100)
RANGES: dict[str, Range] = {
    "customers": Range(100, 10_000_000),
    "budget_share": _BUDGET,
    "complaint_share": _BUDGET,
    "ppo, iterations": Range(1, 1_000_000),
    "ppo, actor_layers": Range(1, 4_096),
    "ppo, critic_layers": Range(1, 4_096),
    "ppo, actor_rate": _RATE,
    "ppo, critic_rate": _RATE,
    "ppo, epochs": Range(1, 1_000),
    "ppo, minibatch": Range(16, 10_000_000),
    "ppo, clip": _SHARE_INSIDE,
    "ppo, value_clip": Range(1e-6, 1_000_000),
    "ppo, trace": _SHARE,
    "ppo, offer_entropy": _BONUS,
    "ppo, delay_entropy": _BONUS,
    "ppo, most_gradient": Range(1e-6, 1_000_000),
    "ppo, first_contact_share": _SHARE_INSIDE,
    "ppo, averaged_share": Range(0.001, 1),
    "ppo, price_share": _SHARE,
    "ppo, price_spread": Range(0, 5),
    "duals, budget_unit": _UNIT,
    "duals, complaint_unit": _UNIT,
    "duals, kp": _GAIN,
    "duals, ki": _GAIN,
    "duals, kd": _GAIN,
    "duals, smoothing": Range(0, 0.999),
    "duals, start": Range(0, 1_000_000),
    "duals, rate": _RATE,
    "tuning, copies": Range(1, 1_000),
    "tuning, rounds": Range(1, 10_000),
    "tuning, headroom": Range(0, 0.9),
    "tuning, budgets": _BUDGET,
}
"""By place. A list's range is that of each of its numbers."""


def range_problems(document: Mapping[str, Any], where: str = "") -> Iterator[str]:
    """What is outside of its range, with its place; `document` as `TrainingConfig.as_document` gives it."""
    for name, value in document.items():
        place = f"{where}, {name}" if where else name
        if isinstance(value, Mapping):
            yield from range_problems(value, place)
        elif place in RANGES:
            values = value if isinstance(value, list | tuple) else (value,)
            yield from (
                f"{place} has to be {RANGES[place]}, not {each!r}"
                for each in values
                if not RANGES[place].holds(each)
            )
            if not values:
                yield f"{place} needs at least one number"
