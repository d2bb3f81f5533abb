"""Adversarial texts of 20,000 characters end: a pattern gone wrong would take minutes, not milliseconds."""

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
ENDS_WITHIN_S = 3.0
"""Seconds of work, some thirty times what it takes: it catches another order of cost, on any machine."""
UNITS = [
    "a", "A", "0", " ", ".", ",", "-", "'", "o t p ", "share ", "pin ", "your pin or otp ", "never share your pin or otp with anyone ",
    "do not ", "any eligible amount ", "will be ", "we will ", "the the the ", "a.b.", "A-B-", "1,2", "@a", "http://", "[", "<", "পি ন ", "পিন বা ",
    "টাকা ", "আমরা কখনো ", "না ", "অ", "\u200b", "whether a refund ", "please, ", "we, will, ", "re ", "dot com ", "if anyone asks ", "5 ", "AB12-",
    "never share your PIN. ", "Refund. ", "we will not promise a refund to the customer and ", "kauke pin ", "ferot ",
]  # fmt: skip


def work_s(text: str, context: ShieldContext) -> float:
    started = time.process_time()
    check(text, context)
    return time.process_time() - started


@pytest.mark.parametrize("unit", UNITS)
def test_adversarial_text_ends(unit: str) -> None:
    check("We are looking into it.", CONTEXT)
    text = (unit * SIZE)[:SIZE]
    assert work_s(text, CONTEXT) <= ENDS_WITHIN_S
    assert work_s(text, SHORT) <= ENDS_WITHIN_S
