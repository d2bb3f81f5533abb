"""Credentials of a text, of every kind at once."""

import pytest

from casewright.text.sensitive.credentials import find_credentials
from casewright.text.sensitive.scan import Scan


def _found(text: str) -> list[tuple[str, str]]:
    found = sorted(find_credentials(Scan.of(text)), key=lambda item: item.start)
    return [(str(item.kind), text[item.start : item.end]) for item in found]


def test_each_value_takes_the_kind_of_its_cue() -> None:
    assert _found("PIN 2580, OTP 661902, CVV 737, password hunter2") == [
        ("pin", "2580"),
        ("otp", "661902"),
        ("cvv", "737"),
        ("password", "hunter2"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "G-448210 is your Google verification code",
        "Use 330198 to log in. Never share it.",
        "<#> 773311 is your OTP",
        "Your code is: 55812",
    ],
)
def test_messages_that_bring_codes_are_known(text: str) -> None:
    assert [kind for kind, _ in _found(text)] == ["otp"]


@pytest.mark.parametrize(
    "text",
    [
        "he asked for my PIN",
        "nobody asked for my pin, I sent 5000 taka",
        "nobody asked for my pin, I sent 4750",
        "otp dei nai, 2000 taka gese",
        "never share your OTP",
        "OTP not received 3 times",
        "what is the pin code of my area 1207",
        "shopping for 5521 taka",
        "promo code 445566 does not work",
        "পিন চেয়েছিল, ৪৭৮৫ টাকা গেছে",
    ],
)
def test_a_mention_without_a_value_stays(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("card er cvv 574 2 lac taka vul number e gese", "574"),
        ("cvv 663 1,25,000 taka kete nise", "663"),
        ("cvv 737 6k taka gese", "737"),
        ("cvv 4 6 4 ৩ মার্চের ঘটনা", "4 6 4"),
        ("The CVV is 343. ৩ মার্চের ঘটনা", "343"),
        ("cvv 5 7 4 2 din age", "5 7 4 2"),
        ("cvv 57-42", "57-42"),
    ],
)
def test_a_code_ends_where_an_amount_or_a_date_begins(text: str, value: str) -> None:
    assert _found(text) == [("cvv", value)]
