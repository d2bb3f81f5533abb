"""MR6 for the shop's desks: with every detector switched off the decisions are the same."""

import random
from collections.abc import Callable

from shop_situations import SITUATIONS
from support_house import SupportHouse, support_houses
from support_relations import decided, suite_house

from casewright.evaluation.attacks import Encoding, generate_attacks
from casewright.evaluation.relations import Tally
from casewright.evaluation.support_attacks import moved_fields

__all__ = ["suite_house", "support_houses"]

SEED = 20_260_706
FULL = 5_000


def test_attacked_messages_are_decided_alike_with_and_without_detectors(
    suite_house: SupportHouse, size: Callable[[int], int]
) -> None:
    rng = random.Random(SEED)
    blind = suite_house.on(detects=False)
    tally = Tally("MR6, conversations", SEED)
    messages = [situation.message for situation in SITUATIONS]
    noticed = 0
    for attacked in generate_attacks(messages, size(FULL), rng, encodings=tuple(Encoding)):
        asker = suite_house.customer(SITUATIONS[attacked.message_index].customer)
        (seeing,) = suite_house.talk(asker, attacked.text)
        (unseeing,) = blind.talk(asker, attacked.text)
        tally.add(attacked.attack.id, attacked.text, moved_fields(decided(seeing), decided(unseeing)))
        noticed += bool(seeing.annotations)
        assert not unseeing.annotations
    assert not tally.violations, tally.report()
    assert noticed > tally.tries // 4, "the detectors noticed too little to prove anything"
