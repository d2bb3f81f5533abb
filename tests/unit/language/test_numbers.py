"""Single numbers, as far as they reach."""

import pytest

from casewright.language.normalise import normalise
from casewright.language.numbers import UNIT, has_currency_after, parse_digits, read_number
from casewright.language.passage import Passage, build_passage
from casewright.language.tokens import tokenise


def passage_of(text: str) -> Passage:
    return build_passage(tokenise(normalise(text).text))


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("5000", (5000,)),
        ("1,50,000", (150_000,)),
        ("150,000", (150_000,)),
        ("10,00,000", (1_000_000,)),
        ("5,000.50", (5000.5,)),
        ("2.5", (2.5,)),
        ("0.125", (0.125,)),
        ("5.000", (5000,)),
        ("1.250.000", (1_250_000,)),
        ("12.04.2026", ()),
        ("1500,2000", (1500, 2000)),
        ("1,5000", (1, 5000)),
        ("9" * 16, ()),
        ("9" * 400, ()),
        ("1,1,1", (1, 1, 1)),
    ],
)
def test_digits_in_every_grouping(word: str, values: tuple[float, ...]) -> None:
    assert tuple(value / UNIT for value in parse_digits(word)) == values


@pytest.mark.parametrize(
    ("text", "value", "last"),
    [
        ("5 hajar 2 bar", 5000, 2),
        ("5 hajar 500 taka", 5500, 3),
        ("2 lakh 5000 taka", 205_000, 3),
        ("5 thousand and 300 taka", 5000, 2),
        ("two thousand and five hundred", 2500, 5),
        ("two thousand and five thousand", 2000, 2),
        ("five hundred thousand", 500_000, 3),
        ("one hundred twenty five", 125, 4),
        ("twenty-five", 25, 3),
        ("five six", 5, 1),
        ("one and a half lakh", 150_000, 5),
        ("1 and half lakh", 150_000, 4),
        ("one and a house", 1, 1),
        ("5'sho", 500, 3),
        ("sare tin ta", 3.5, 2),
        ("poune lakh", 75_000, 2),
        ("sowa lakh", 125_000, 2),
        ("পাঁচ হাজার পাঁচশ", 5500, 3),
        ("এক লাখ পঁচিশ হাজার পাঁচশ", 125_500, 5),
        ("নিরানব্বই হাজার", 99_000, 2),
        ("niranobboi hajar", 99_000, 2),
        ("5 k mone hoy", 5, 1),
        ("5 k taka", 5000, 2),
        ("5 so onno", 5, 1),
        ("5 so taka", 500, 2),
        ("pach so", 500, 2),
        ("pachhajar duisho", 5200, 2),
        ("eksho bish", 120, 2),
        ("5 000 taka", 5000, 2),
        ("half", 0, 0),
        ("share the news", 0, 0),
        ("share 5 thousand", 0, 0),
        ("hajar hajar", 1000, 1),
        ("few thousand", 0, 0),
    ],
)
def test_a_number_reaches_as_far_as_it_makes_sense(text: str, value: float, last: int) -> None:
    number = read_number(passage_of(text), 0)
    assert ((number.value / UNIT, number.last) if number else (0, 0)) == (value, last)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("taka", True),
        ("টাকার", True),
        ("tk", True),
        ("(taka)", True),
        ("৳", True),
        ("t", False),
        ("taken", False),
        ("/-", False),
    ],
)
def test_currency_words(text: str, expected: bool) -> None:
    assert has_currency_after(passage_of(text), 0) is expected


def test_signs_of_money_must_be_glued_to_the_number() -> None:
    assert has_currency_after(passage_of("500/-"), 1)
    assert has_currency_after(passage_of("500t"), 1)
    assert not has_currency_after(passage_of("500 / -"), 1)


def test_every_bangla_numeral_up_to_ninety_nine_is_known() -> None:
    words = passage_of("এক").vocabulary.words.values()
    values = {word.number // 100 for word in words if word.roles & 1 and word.number % 100 == 0}
    assert values >= set(range(1, 100))
