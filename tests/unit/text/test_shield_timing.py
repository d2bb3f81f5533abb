"""The shield answers adversarial texts in time: 20,000 characters in at most 100 ms."""

import time
from dataclasses import replace

import pytest

from casewright.domain.case import Language
from casewright.text.shield import ShieldContext, check

SIZE = 20_000
CONTEXT = ShieldContext(
    facts=frozenset({"1200"}), allowed_channels=frozenset({"16247"}), language=Language.MIXED, max_chars=SIZE
)
SHORT = replace(CONTEXT, max_chars=1_200)
UNITS = [
    "a", "A", "0", " ", ".", ",", "-", "'", "o t p ", "share ", "pin ", "your pin or otp ", "never share your pin or otp with anyone ",
    "do not ", "any eligible amount ", "will be ", "we will ", "the the the ", "a.b.", "A-B-", "1,2", "@a", "http://", "[", "<", "পি ন ", "পিন বা ",
    "টাকা ", "আমরা কখনো ", "না ", "অ", "\u200b", "whether a refund ", "please, ", "we, will, ", "re ", "dot com ", "if anyone asks ", "5 ", "AB12-",
    "never share your PIN. ", "Refund. ", "we will not promise a refund to the customer and ", "kauke pin ", "ferot ",
]  # fmt: skip


def elapsed_ms(text: str, context: ShieldContext) -> float:
    started = time.perf_counter()
    check(text, context)
    return (time.perf_counter() - started) * 1_000


@pytest.mark.parametrize("unit", UNITS)
def test_adversarial_text_is_answered_in_time(unit: str) -> None:
    check("We are looking into it.", CONTEXT)
    text = (unit * SIZE)[:SIZE]
    assert min(elapsed_ms(text, CONTEXT) for _ in range(3)) <= 100
    assert min(elapsed_ms(text, SHORT) for _ in range(3)) <= 1
