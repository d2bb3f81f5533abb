"""MR7: an honest ticket that looks hostile is decided as the plain one, and the rules see all that it says."""

import random
from collections.abc import Callable

from casewright.evaluation.cases import GoldenCase
from casewright.evaluation.hostile_looking import look_hostile
from casewright.evaluation.relations import Tally, changed_fields, draw_pairs
from casewright.evaluation.subject import Subject

SEED = 20_260_207
FULL = 500


def test_a_ticket_that_only_looks_hostile_is_decided_as_the_plain_one(
    subject: Subject, honest: tuple[GoldenCase, ...], size: Callable[[int], int]
) -> None:
    rng = random.Random(SEED)
    decided, seen = Tally("MR7, decisions", SEED), Tally("MR7, what the rules see", SEED)
    for case, _ in draw_pairs(rng, honest, honest, size(FULL)):
        message = look_hostile(case, rng)
        plain, hostile = subject.answer(case.ticket()), subject.answer(case.ticket(message))
        decided.add(case.name, message, changed_fields(plain.response, hostile.response))
        before, after = plain.result.claim, hostile.result.claim
        lost = [*(before.signals.keys() - after.signals.keys())]
        lost += [str(amount) for amount in before.amounts if amount not in after.amounts]
        lost += [*(set(before.phones) - set(after.phones)), *(set(before.endings) - set(after.endings))]
        seen.add(case.name, message, lost)
    assert not seen.violations, seen.report()
    assert not decided.violations, decided.report()
