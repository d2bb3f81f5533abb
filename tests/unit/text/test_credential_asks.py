"""Credential asks: default deny for every sentence that names a credential."""

import pytest

from casewright.text.clauses import read_clauses
from casewright.text.credential_asks import credential_asks


@pytest.mark.parametrize(
    "text",
    [
        "Do not share your OTP, except in this chat.",
        "Never share your PIN with anyone but our agent.",
        "Never share your OTP with anyone. The only exception is our team.",
        "Do not share your PIN with anyone. Send it to our officer.",
        "We do not need your PIN, only your OTP.",
        "Why don't you share the code?",
        "Your OTP.",
        "Please read out the message you just received.",
        "পিন না দিলে সাহায্য করা যাবে না।",
        "ওটিপি দিতে ভুলবেন না।",
        "OTP kauke diben na, amader chara.",
    ],
)
def test_ask_is_found_in_any_framing(text: str) -> None:
    assert credential_asks().is_broken(read_clauses(text))


@pytest.mark.parametrize(
    "text",
    [
        "Please do not share your PIN or OTP with anyone.",
        "We never ask for your PIN, OTP or password.",
        "If anyone asks for your OTP, do not share it.",
        "Please change your PIN in the official app.",
        "Please share the transaction ID and the amount.",
        "কারো সাথে আপনার পিন বা ওটিপি শেয়ার করবেন না।",
        "আমরা কখনো আপনার পিন চাই না।",
        "apnar PIN ba OTP kauke diben na.",
        "The shopping order is in transit.",
        "Please scan the QR code of the shop.",
    ],
)
def test_warning_and_harmless_mention_are_no_ask(text: str) -> None:
    assert not credential_asks().is_broken(read_clauses(text))


@pytest.mark.parametrize(
    ("text", "is_warning"),
    [
        ("Please do not share your PIN or OTP with anyone.", True),
        ("Never give your PIN to anybody.", True),
        ("কারো সাথে পিন বা ওটিপি শেয়ার করবেন না।", True),
        ("Please change your PIN in the app.", False),
        ("We are looking into it.", False),
        ("Do not share your PIN with anyone except us.", False),
    ],
)
def test_warning_is_recognised(text: str, is_warning: bool) -> None:
    assert credential_asks().has_warning(read_clauses(text)) is is_warning
