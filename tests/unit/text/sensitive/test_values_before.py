"""Values before a cue."""

import pytest

from casewright.text.redaction import redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234 is my pin", "[pin] is my pin"),
        ("5000 is my pin", "[pin] is my pin"),
        ("4321 amar pin", "[pin] amar pin"),
        ("৪৩২১ আমার পিন", "[pin] আমার পিন"),
        ("I told him 5521 as the pin", "I told him [pin] as the pin"),
        ("I saw 3302, my PIN", "I saw [pin], my PIN"),
        ("it is 5567 or 5576, my pin", "it is [pin] or [pin], my pin"),
        ("I gave 5521 when they asked for the pin", "I gave [pin] when they asked for the pin"),
        ("1 2 3 4 is my pin", "[pin] is my pin"),
        ("they sent me 661204 as OTP", "they sent me [otp] as OTP"),
        ("4821, that is my pin", "[pin], that is my pin"),
    ],
)
def test_a_value_is_taken(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "I sent 4750, my pin is blocked",
        "paid 4750 my pin works",
        "in 2021 my pin worked",
        "order 5521 needs otp",
        "from 16247 my otp comes",
        "5000 taka and my pin",
        "3 times pin",
    ],
)
def test_an_amount_or_a_record_is_not(text: str) -> None:
    assert redact(text).text == text
