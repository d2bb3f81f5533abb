"""What redaction costs: bounded on hostile texts of 40,000 characters, cheap on ordinary ones.

Every pattern meets its own kind of poison: a unit that makes it begin everywhere and end nowhere, repeated.
Time is processor time, the least of several runs, so that a busy machine does not fail the test.
"""

import random
import time
from collections.abc import Callable

import pytest

from casewright.text.redaction import redact

LENGTH = 40_000
HOSTILE_LIMIT_S = 0.1
ORDINARY_LIMIT_S = 150e-6
PHONE_LIMIT_S = 300e-6
NOTHING_LIMIT_S = 20e-6
SLACK = 12.0
"""Machines differ, and a neighbour on the same core costs cache; a pattern gone wrong costs a hundredfold."""

UNITS = """
1|1 |4 |4111 1111 1111 1111 |4111111111111111 |1-|1,|1:|1/|1/1/|1.1.1.|0 1 7 1 |01 |00|+1|+1 2 3 4 5 6 7 8 |(555) |555-|5555 |১ |১২৩৪৫
pin |pin 1234 |pin is |otp,|p i n |code |code 1 2 |%3d|pin%3d|one |one two |double |1234 my |1234 is my |told 1234 |is 1234 |last 4 digits
পিন |পিন ১২৩৪ |ওটিপি |password |password is |password a1b2c3 |pass:|hunter2 is |a1 |"a" |' |` |a|a@|@|a@a.|a.a@|at |a at b dot |a at b dot com
x[at]y[dot]|(at) |01712345678 |house |house 1 |house 1, |road 5 dhaka |dhaka, |address |address is 1 a, |live at 1 A, |1 A |1 A A A A A A |Aaaa
12 Main Street, New York, |Rue de A|Rue A a A a |SW1A 1AA |Flat 1 A|A A\n|village a, |ঠিকানা |বাসা ১২ |GB82 |gb82 west |gb82west12345698765432 |nid
nid 123456789 |passport a|account no |card 4|card 1111 1111 |sk-|eyj-|eyjaaaaaaaaaa.|-----begin private key-----|token |token: aaaaaaaa
bearer aaaaaaaaaaaaaaa |://|://a:b|a:|::|\n|-|- |(|[|[pin]|[pin] 1234 |[phone-1]|\u200b|\u200b1|ａ|é|\ud800|aaaa1|1a|abc-
""".replace("\n", "|").replace("\\n", "\n")
POISON = sorted({unit for unit in UNITS.split("|") if unit})


def _least_s(run: Callable[[], object], times: int) -> float:
    least = float("inf")
    for _ in range(times):
        start = time.process_time()
        run()
        least = min(least, time.process_time() - start)
    return least


@pytest.mark.parametrize("unit", POISON)
def test_a_repeated_poison_costs_bounded_time(unit: str) -> None:
    text = (unit * (LENGTH // len(unit) + 1))[:LENGTH]
    redact(text[:200])
    assert _least_s(lambda: redact(text), 3) <= HOSTILE_LIMIT_S * SLACK


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_mixed_poison_costs_bounded_time(seed: int) -> None:
    rng = random.Random(seed)
    text = "".join(rng.choice(POISON) for _ in range(LENGTH // 4))[:LENGTH]
    assert _least_s(lambda: redact(text), 3) <= HOSTILE_LIMIT_S * SLACK


def test_cost_grows_with_the_length_and_not_with_its_square() -> None:
    """Eight times the length may cost eight times, or three times that; the square would be sixty-four."""
    slow = []
    for unit in POISON:
        short, long = ((unit * (size // len(unit) + 1))[:size] for size in (LENGTH // 40, LENGTH // 5))
        ratio = _least_s(lambda text=long: redact(text), 2) / max(
            _least_s(lambda text=short: redact(text), 2), 0.0005
        )
        if ratio > 24:
            slow.append((unit, round(ratio, 1)))
    assert slow == []


ORDINARY = (
    "I sent 5000 taka to a wrong person yesterday around 2pm from my wallet. The transaction id is TXN-9101 and I"
    " have not received any help. Please reverse it as soon as possible, I need the money back now."
)
WITH_PHONE = (
    "I sent 5000 taka to the wrong number 01712345678 yesterday around 2pm. Nobody picks up the phone and I did not"
    " share my OTP. The transaction id is TXN-9101, please help me get it back."
)
WITHOUT_ANYTHING = (
    "my money has not come back and nobody answers me so please help as I need it and I am waiting for days without"
    " any reply from you"
)


@pytest.mark.parametrize(
    ("text", "limit_s"),
    [(ORDINARY, ORDINARY_LIMIT_S), (WITH_PHONE, PHONE_LIMIT_S), (WITHOUT_ANYTHING, NOTHING_LIMIT_S)],
)
def test_an_ordinary_complaint_costs_microseconds(text: str, limit_s: float) -> None:
    redact(text)
    rounds = 100
    least = _least_s(lambda: [redact(text) for _ in range(rounds)], 7) / rounds
    assert least <= limit_s * SLACK
