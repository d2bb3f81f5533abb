"""What stands around a number."""

from casewright.text.sensitive.findings import Kind
from casewright.text.sensitive.lexicon import load_lexicon
from casewright.text.sensitive.numbers import Number
from casewright.text.sensitive.reading import Reading, is_code_like, is_surely_a_code, read
from casewright.text.sensitive.scan import Scan


def _read(text: str) -> Reading:
    reading = read(Scan.of(text), load_lexicon())
    assert reading is not None
    return reading


def _number(reading: Reading, written: str) -> Number:
    return next(number for at, number in reading.numbers.items() if reading.words[at] == written)


def test_a_text_that_names_no_credential_has_no_reading() -> None:
    assert read(Scan.of("shopping for 5000 taka"), load_lexicon()) is None
    assert read(Scan.of("a safety pin for 50 taka"), load_lexicon()) is None


def test_a_records_name_or_an_ending_protects_a_number() -> None:
    for text in (
        "pin order 5521",
        "pin ticket no 5521",
        "pin ending 5521",
        "pin last 4 digits 5521",
        "pin tk 5521",
    ):
        reading = _read(text)
        assert reading.is_protected(_number(reading, "5521"), 1), text
    reading = _read("pin is 5521")
    assert not reading.is_protected(_number(reading, "5521"), 1)


def test_money_behind_a_number_is_seen_within_its_clause() -> None:
    gone = _read("otp 4785 taka gone")
    assert gone.is_money_next(_number(gone, "4785"))
    stopped = _read("otp 4785. taka gone")
    assert not stopped.is_money_next(_number(stopped, "4785"))


def test_a_deduction_is_a_verb_of_money_in_the_passive() -> None:
    reading = _read("otp 4785 was deducted")
    assert reading.is_deducted(_number(reading, "4785"))


def test_a_word_of_place_is_no_setting() -> None:
    reading = _read("otp from 4785 to 4786")
    assert reading.is_after_place(2, 1)
    assert not _read("pin to 4785").is_after_place(2, 1)


def test_six_digits_are_a_code_even_when_round() -> None:
    assert is_code_like(Number(0, 1, 0, 6, 6, 445500))
    assert not is_code_like(Number(0, 1, 0, 4, 4, 5000))
    assert is_surely_a_code(Kind.OTP, Number(0, 1, 0, 6, 6, 445566))
    assert not is_surely_a_code(Kind.PIN, Number(0, 1, 0, 6, 6, 445566))
