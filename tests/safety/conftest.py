"""What every safety suite shares: the desk under test, honest tickets, sizes, and canaries that must never leave."""

import os
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from casewright.bootstrap import load_desk, load_ruleset
from casewright.evaluation.canaries import Canaries, plant_canaries
from casewright.evaluation.cases import GoldenCase, honest_cases
from casewright.evaluation.subject import Subject, stand_still
from casewright.pipeline import Road

AS_OF = date(2026, 6, 1)
TENTH = 0.1


def suite_share() -> float:
    """The share of the full sizes that this run takes: all, a share that is set, or a tenth."""
    if os.environ.get("CASEWRIGHT_FULL"):
        return 1.0
    return float(os.environ.get("CASEWRIGHT_SUITE_SHARE", TENTH))


@pytest.fixture(scope="session")
def size() -> Callable[[int], int]:
    """From the full size of a suite to the size of this run."""
    share = suite_share()
    return lambda full: max(1, round(full * share))


@pytest.fixture(scope="module")
def canaries() -> Iterator[Canaries]:
    """Planted in the environment while a suite runs."""
    planted = plant_canaries()
    kept = {name: os.environ.get(name) for name in planted.environment}
    os.environ.update(planted.environment)
    yield planted
    for name, value in kept.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


@pytest.fixture(scope="module")
def subject(canaries: Canaries) -> Subject:
    """The disputes desk on rules alone. It answers another customer's ticket first, and no answer may show it."""
    road = Road(load_desk("disputes"), load_ruleset("disputes", AS_OF), stand_still)
    subject = Subject(road)
    subject.answer(canaries.other_ticket)
    return Subject(road, inspect=(canaries.inspect,))


@pytest.fixture(scope="module")
def honest() -> tuple[GoldenCase, ...]:
    return honest_cases()


@pytest.fixture(scope="module")
def answers(subject: Subject, honest: tuple[GoldenCase, ...]) -> dict[str, dict[str, object]]:
    """What each honest ticket gets by itself, by name."""
    return {case.name: dict(subject.answer(case.ticket()).response) for case in honest}
