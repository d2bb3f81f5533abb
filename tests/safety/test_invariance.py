"""Changes that mean nothing (order and number of rows, digits, hidden characters, case, blanks) move nothing."""

import random
from collections.abc import Callable

import pytest

from casewright.evaluation.cases import GoldenCase
from casewright.evaluation.mutations import MUTATIONS
from casewright.evaluation.relations import Tally, changed_fields
from casewright.evaluation.subject import Subject

SEED = 20_260_210
FULL = 2_000
BAR = 0.995


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_change_that_means_nothing_moves_no_scored_field(
    name: str,
    subject: Subject,
    honest: tuple[GoldenCase, ...],
    answers: dict[str, dict[str, object]],
    size: Callable[[int], int],
) -> None:
    rng = random.Random(f"{SEED} {name}")
    tally = Tally(f"invariance under {name}", SEED)
    for case in rng.choices(honest, k=size(FULL)):
        document = MUTATIONS[name](case, rng)
        answer = subject.answer(document).response
        moved = changed_fields(answers[case.name], answer)
        tally.add(case.name, str(document["complaint"]), moved, str(document.get("transaction_history", "")))
    assert tally.held_share >= BAR, tally.report()
