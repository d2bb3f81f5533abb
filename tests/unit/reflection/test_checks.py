"""The checks of an answer: what is honest passes, what is foreign, forbidden, restricted or unsafe does not."""

from dataclasses import replace
from pathlib import Path

import pytest
from planted_world import BOUNDS, CLAUSE, draft, plant

from casewright.domain.answer import Bounds, Element, Finding, FindingCode
from casewright.domain.knowledge import Citation
from casewright.reflection.checks import check_draft, is_final

HONEST = [
    line
    for line in (Path(__file__).parent / "answers" / "honest.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
ANSWER = "Meadow & Pine Foods: lead with in-store digital screens, then mobile app banners."


def codes(message: str, bounds: Bounds = BOUNDS) -> set[str]:
    return {finding.code.value for finding in check_draft(draft(message), bounds)}


def test_of_a_hundred_honest_answers_two_at_most_are_held_back() -> None:
    held = [(line, check_draft(draft(line), BOUNDS)) for line in HONEST]
    blocked = [item for item in held if item[1]]
    assert len(HONEST) >= 100
    assert len(blocked) <= 2, blocked


def test_of_five_hundred_answers_with_a_foreign_fact_none_passes() -> None:
    passed = [
        (value, message)
        for value, message in plant(500, HONEST, seed=20_260_301)
        if not check_draft(draft(message), BOUNDS)
    ]
    assert passed == []
