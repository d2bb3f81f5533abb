"""Telephone numbers of Bangladesh and elsewhere."""

import sys

import pytest

from casewright.text.sensitive.phones import find_phones
from casewright.text.sensitive.scan import Scan


def _found(text: str) -> list[str]:
    spans = sorted({(item.start, item.end) for item in find_phones(Scan.of(text))})
    kept = [
        span for span in spans if not any(o != span and o[0] <= span[0] and span[1] <= o[1] for o in spans)
    ]
    return [text[start:end] for start, end in kept]


@pytest.mark.parametrize(
    "number",
    [
        "01712345678",
        "+8801712345678",
        "8801712345678",
        "008801712345678",
        "01712-345678",
        "017 1234 5678",
        "+880 1712-345678",
        "+88 01712 345 678",
        "0 1 7 1 2 3 4 5 6 7 8",
        "+44 20 7946 0958",
        "+447911123456",
        "(555) 123-4567",
        "555-123-4567",
        "+1-202-555-0143",
        "0161 496 0789",
        "07700900456",
        "06 12 34 56 78",
        "09612345678",
    ],
)
def test_a_number_is_found_without_any_word_for_it(number: str) -> None:
    assert _found(f"see {number} please") == [number]


def test_other_numbers_need_the_word_for_it() -> None:
    assert _found("7946095812") == []
    assert _found("call me on 7946095812") == ["7946095812"]
    assert _found("my number 1712345678") == ["1712345678"]


def test_an_amount_behind_the_number_stays() -> None:
    assert _found("+8801712345678 500 taka") == ["+8801712345678"]
    assert _found("+44 7911 123456 5000 taka") == ["+44 7911 123456"]


@pytest.mark.parametrize(
    "text",
    [
        "helpline 16247 or 999",
        "order 123456789012",
        "sent 5000 at 10:45 on 12-05-2024 09:30",
        "txn 0171234567",
        "the number ending 4455",
        "017XXXXX455",
        "MA 02110-1301",
        "clause 252.227-7013",
        "1234567 taka",
        "call 5000000 taka",
    ],
)
def test_what_is_no_telephone_stays(text: str) -> None:
    assert _found(text) == []


def test_two_numbers_with_a_comma_are_two() -> None:
    assert _found("01712345678, 01812345678") == ["01712345678", "01812345678"]


def test_bangladesh_needs_no_numbering_plans() -> None:
    sys.modules.pop("phonenumbers", None)
    assert _found("+8801712345678 and +8801812 345678 500")
    assert "phonenumbers" not in sys.modules
