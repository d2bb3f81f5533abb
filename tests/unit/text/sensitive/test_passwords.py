"""Passwords, which only their place and look tell."""

import pytest

from casewright.text.redaction import redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password hunter2", "password [password]"),
        ("password: blue", "password: [password]"),
        ("password = 'blue sky 9'", "password = '[password]'"),
        ("my password is sunshine", "my password is [password]"),
        ("my password is sunshine please help", "my password is [password] please help"),
        ("Tiger@99 is my password", "[password] is my password"),
        ("password from Abc@1234 to Xyz@9876", "password from [password] to [password]"),
        ("user=ali; password=Qw3rty!!; amount=500", "user=ali; password=[password]; amount=500"),
        ("পাসওয়ার্ড হলো abc123", "পাসওয়ার্ড হলো [password]"),
        ("pass: 4821", "pass: [password]"),
        ("password MyDogRex", "password [password]"),
    ],
)
def test_a_password_is_taken(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "password is wrong",
        "password is not working",
        "I forgot my password",
        "password reset on 5 March 2024",
        "password changed, 5000 taka gone",
        "password is very weak and old",
        "the password of 8 to 16 characters",
        "password shared, order ORD-4471",
        "password reset, txn 8N7A6B5C4D",
        "পাসওয়ার্ড ভুল দেখাচ্ছে",
        "password kaj kore na",
        "why is my password not accepted",
        "I will pass the exam in 2024",
    ],
)
def test_talk_about_a_password_stays(text: str) -> None:
    assert redact(text).text == text
