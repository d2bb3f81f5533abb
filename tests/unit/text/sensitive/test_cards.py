"""Card numbers: check digit, issuer, groups, cue. The numbers are the issuers' published test numbers."""

import pytest

from casewright.text.sensitive.cards import find_cards
from casewright.text.sensitive.scan import Scan


def _found(text: str) -> list[str]:
    return [text[item.start : item.end] for item in find_cards(Scan.of(text))]


@pytest.mark.parametrize(
    "number",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "378282246310005",
        "3782 822463 10005",
        "30569309025904",
        "6011111111111117",
        "3530111333300000",
        "5555555555554444",
        "2223003122003222",
        "4222222222222",
    ],
)
def test_a_number_with_issuer_and_check_digit_is_found(number: str) -> None:
    assert _found(f"paid with {number} yesterday") == [number]


def test_a_wrong_check_digit_needs_the_groups_of_a_card_or_the_word() -> None:
    assert _found("paid with 4111111111111112") == []
    assert _found("my card 4111111111111112") == ["4111111111111112"]
    assert _found("paid with 4111 1111 1111 1112") == ["4111 1111 1111 1112"]


@pytest.mark.parametrize(
    "text",
    [
        "5000 4000 3000 2000",
        "2000, 2002, 2004, 2005",
        "tracking 9400110200881234567890",
        "timestamp 1700000000000",
        "IMEI 356938035643809",
        "sha 9f86d081884c7d659a2feaa0c55ad015",
        "card ending 4455",
        "4111 **** **** 1111",
        "order 4111 1111 1111 1112",
        "versions 4.0...3.4.1) (2024-12-24",
    ],
)
def test_what_is_no_card_stays(text: str) -> None:
    assert _found(text) == []


def test_an_amount_beside_the_number_stays() -> None:
    assert _found("4111 1111 1111 1111 5000 taka") == ["4111 1111 1111 1111"]


def test_the_code_behind_number_and_expiry_is_found() -> None:
    assert _found("4111111111111111, 04/27, 223") == ["4111111111111111", "223"]
    assert _found("4111111111111111|04|2027|1234") == ["4111111111111111", "1234"]


def test_two_cards_side_by_side_are_two() -> None:
    assert _found("4111111111111111 5555555555554444") == ["4111111111111111", "5555555555554444"]
