"""Numbers as credentials are written, and what the marks beside them say."""

import pytest

from casewright.text.sensitive.lexicon import load_lexicon
from casewright.text.sensitive.numbers import Number, is_marked, read_numbers
from casewright.text.sensitive.scan import Scan


def _numbers(text: str) -> list[tuple[str, int]]:
    scan = Scan.of(text)
    return [
        (scan.text[number.start : number.end], number.count)
        for number in read_numbers(scan, load_lexicon()).values()
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234", ("1234", 4)),
        ("১২৩৪", ("1234", 4)),
        ("1 2 3 4", ("1 2 3 4", 4)),
        ("1-2-3-4", ("1-2-3-4", 4)),
        ("44 55 66", ("44 55 66", 6)),
        ("445-566", ("445-566", 6)),
        ("one two three four", ("one two three four", 4)),
        ("এক দুই তিন চার", ("এক দুই তিন চার", 4)),
        ("ek dui tin char", ("ek dui tin char", 4)),
        ("double two nine one", ("double two nine one", 4)),
        ("twelve thirty four", ("twelve thirty four", 4)),
        ("one 2 three 4", ("one 2 three 4", 4)),
    ],
)
def test_a_code_is_read_however_it_is_written(text: str, expected: tuple[str, int]) -> None:
    assert _numbers(text)[0] == expected


@pytest.mark.parametrize("text", ["12 বার", "11:20, 11:21", "two of them", "4455 7812"])
def test_neighbours_that_are_no_code_stay_apart(text: str) -> None:
    assert all(count <= 4 for _, count in _numbers(text))
    assert not any(" " in written for written, _ in _numbers(text))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("pin 5000 taka", 1),
        ("pin $5000", 2),
        ("pin 5000/-", 1),
        ("pin 4 times", 1),
        ("otp 10:45", 1),
        ("pin 12/05/2024", 1),
        ("pin for txn-9101", 4),
        ("pin 20%", 1),
        ("otp +88017XXXXX455", 2),
        ("pin 3 hajar", 1),
    ],
)
def test_marks_make_a_number_something_else(text: str, at: int) -> None:
    scan, lexicon = Scan.of(text), load_lexicon()
    number = read_numbers(scan, lexicon)[at]
    flags = [lexicon.flags.get(word, 0) for word in scan.words.words]
    assert is_marked(scan, number, flags, cue_end=3)


@pytest.mark.parametrize(
    "text", ["pin-1234", "pin=1234", "pin1234", "pin#1234", "otp%3d1234", "pin 1234 tk 5000"]
)
def test_a_number_glued_to_its_cue_is_free(text: str) -> None:
    scan, lexicon = Scan.of(text), load_lexicon()
    number = next(iter(read_numbers(scan, lexicon).values()))
    flags = [lexicon.flags.get(word, 0) for word in scan.words.words]
    assert not is_marked(scan, number, flags, cue_end=3)


def test_round_is_what_ends_in_two_zeros_in_one_piece() -> None:
    assert Number(0, 1, 0, 4, 4, 5000).is_round
    assert not Number(0, 1, 0, 4, 4, 5021).is_round
    assert not Number(0, 4, 0, 7, 4, -1, is_apart=True).is_round
