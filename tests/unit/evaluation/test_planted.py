import random

import pytest

from casewright.evaluation.planted import ENCODINGS, VALUES, load_sentences, plant, stands_in


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("kind", VALUES)
def test_a_planted_value_stands_in_its_own_sentence(kind: str, encoding: str) -> None:
    for seed in range(10):
        planted = plant(kind, encoding, random.Random(seed))
        assert stands_in(planted.value, planted.sentence)
        assert planted == plant(kind, encoding, random.Random(seed))


@pytest.mark.parametrize(
    ("value", "text", "stands"),
    [
        ("4821", "my pin is 4821", True),
        ("4821", "my pin is 4-8-2-1", True),
        ("4821", "পিন ৪৮২১", True),
        ("4821", "4\u200b8\u200b2\u200b1", True),
        ("4821", "the amount is 14821 taka", False),
        ("4821", "48 and 21", False),
        ("4821", "TXN 20011 4821", True),
        ("482193", "ref 00482193", True),
        ("482193", "482 taka 193", False),
        ("Zubro@512xq", "zubro@512XQ", True),
        ("Zubro@512xq", "zubro 513xq", False),
        ("bade12@example.com", "bade12 at example.com", False),
        ("bade12@example.com", "BADE12@EXAMPLE.COM", True),
    ],
)
def test_a_value_is_found_through_disguises_and_not_in_other_numbers(
    value: str, text: str, stands: bool
) -> None:
    assert stands_in(value, text) is stands


def test_cards_have_a_right_check_digit() -> None:
    for seed in range(50):
        digits = [int(char) for char in VALUES["card"](random.Random(seed))]
        doubled = [sum(divmod(digit * 2, 10)) for digit in digits[-2::-2]]
        assert len(digits) == 16
        assert (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def test_every_kind_has_sentences_with_a_place_for_the_value() -> None:
    assert load_sentences().keys() == VALUES.keys()
    assert all("{value}" in sentence for sentences in load_sentences().values() for sentence in sentences)
