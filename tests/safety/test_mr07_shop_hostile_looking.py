"""MR7 for the shop's desks: an honest request that looks hostile is decided as the plain one.

A lead that is angry in itself may bring a person, and nothing else.
"""

import random
from collections.abc import Callable, Mapping

from shop_situations import Situation
from support_house import SupportHouse, support_houses
from support_relations import answer, answers, draw, suite_house

from casewright.evaluation.hostile_looking import load_hostile_looking
from casewright.evaluation.relations import Tally
from casewright.evaluation.support_attacks import moved_fields

__all__ = ["answers", "suite_house", "support_houses"]

SEED = 20_260_707
FULL = 500
BEHIND = (
    "The receipt is from last week and I have it here.",
    "I copied this text from my notes, so please excuse the form.",
    "রসিদটা আমার কাছে আছে।",
    "rosid ta amar kache ache.",
    "See the attached file.",
)


def test_a_request_that_only_looks_hostile_is_decided_as_the_plain_one(
    suite_house: SupportHouse,
    answers: dict[Situation, Mapping[str, object]],
    size: Callable[[int], int],
) -> None:
    rng = random.Random(SEED)
    tally = Tally("MR7, conversations", SEED)
    leads = [lead for some in load_hostile_looking()["leads"].values() for lead in some]
    for situation in draw(rng, size(FULL)):
        lead, behind = rng.choice(leads), rng.choice(BEHIND)
        ended = situation.message if situation.message[-1] in ".!?।" else f"{situation.message}."
        message = rng.choice((" ", "\n")).join((lead, ended, behind))
        after = answer(suite_house, situation, message)
        moved = moved_fields(answers[situation], after)
        is_anger = after["status"] == "escalated" and after["reasons"] == ("anger",)
        tally.add(lead, message, () if is_anger else moved, f"({situation.message}) {dict(after)}")
    assert not tally.violations, tally.report()
