"""The reply is in the customer's language."""

import pytest

from casewright.domain.case import Language
from casewright.text.reply_language import is_in_language


@pytest.mark.parametrize(
    ("text", "language", "fits"),
    [
        ("We are looking into it.", Language.EN, True),
        ("আমরা বিষয়টি দেখছি।", Language.EN, False),
        ("আমরা বিষয়টি দেখছি।", Language.BN, True),
        ("আপনার PIN বা OTP কাউকে দেবেন না।", Language.BN, True),
        ("We are looking into it.", Language.BN, False),
        ("We are looking into it.", Language.MIXED, True),
        ("আমরা বিষয়টি দেখছি।", Language.MIXED, True),
    ],
)
def test_language_of_the_reply(text: str, language: Language, fits: bool) -> None:
    assert is_in_language(text, language) is fits
