"""What the safety suites of conversations share: one answer as its decided fields, and a fresh house per suite."""

import random
from collections.abc import Iterator, Mapping

import pytest
from shop_situations import SITUATIONS, Situation
from support_house import SupportHouse, SupportHouses

from casewright.service.conversations import TurnResult

__all__ = ["answers", "decided", "suite_house"]


def decided(result: TurnResult) -> Mapping[str, object]:
    """The decided fields of a turn: everything but its words and its drawn ids."""
    outcome = result.outcome
    return {
        "status": outcome.status.value,
        "tool": outcome.tool,
        "reasons": outcome.reasons,
        "clauses": outcome.clauses,
        "effects": tuple(
            (effect.kind, effect.amount_minor, effect.currency, effect.target)
            for effect in outcome.effects
            if effect.kind not in {"escalated", "order_placed"}
        ),
        "verdict": outcome.verdict,
    }


@pytest.fixture(scope="module")
def suite_house(support_houses: SupportHouses) -> Iterator[SupportHouse]:
    """One house for a whole suite: nothing in it is ever confirmed."""
    with support_houses.open() as opened:
        yield opened


@pytest.fixture(scope="module")
def answers(suite_house: SupportHouse) -> dict[Situation, Mapping[str, object]]:
    """What each situation gets by itself."""
    return {situation: answer(suite_house, situation, situation.message) for situation in SITUATIONS}


def answer(house: SupportHouse, situation: Situation, message: str) -> Mapping[str, object]:
    """The decided fields of a message in a new conversation of the situation's customer."""
    (result,) = house.talk(house.customer(situation.customer), message)
    return decided(result)


def draw(rng: random.Random, count: int) -> Iterator[Situation]:
    """`count` situations, each about equally often."""
    for number in range(count):
        if number % len(SITUATIONS) == 0:
            turn = rng.sample(SITUATIONS, len(SITUATIONS))
        yield turn[number % len(SITUATIONS)]
