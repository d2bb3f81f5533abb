"""What redaction costs on hostile texts of 40,000 characters: bounded, and no square of the length.

Every pattern meets its own kind of poison: a unit that makes it begin everywhere and end nowhere, repeated.
Time is processor time, the least of several runs, so that a busy machine does not fail the test.
"""

import random
import time
from collections.abc import Callable

import pytest

from casewright.text.redaction import redact

LENGTH = 40_000
ENDS_WITHIN_S = 3.0
"""Seconds of work, some thirty times what it takes; a pattern gone wrong costs a hundredfold and more."""

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
    assert _least_s(lambda: redact(text), 1) <= ENDS_WITHIN_S


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_mixed_poison_costs_bounded_time(seed: int) -> None:
    rng = random.Random(seed)
    text = "".join(rng.choice(POISON) for _ in range(LENGTH // 4))[:LENGTH]
    assert _least_s(lambda: redact(text), 1) <= ENDS_WITHIN_S


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
