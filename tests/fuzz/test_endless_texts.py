"""Complaints and rows of the greatest size: every unit that a flood can be made of, every signal's words in long
runs, and numbers by the thousand against a thousand rows. Nothing takes a second, and nothing is kept.
"""

import json
import random
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from casewright.evaluation.request_bombs import BOMBS, LONGEST, UNITS, load_words
from casewright.evaluation.request_fuzz import Attempt

SEED = 20_260_404
FULL = 1_500
ROWS = 1_000
HEADERS = ((b"host", b"localhost"), (b"content-type", b"application/json"))
KEPT_BYTES = 3_000_000


def _attempt(number: int, complaint: str, rows: object = None) -> Attempt:
    ticket = {"ticket_id": "T-1", "complaint": complaint[:LONGEST], "transaction_history": rows}
    body = json.dumps(ticket, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return Attempt(SEED, number, ("endless",), body, HEADERS)


def _faults(door: Any, *attempts: Attempt) -> str:
    return "\n".join(
        "; ".join(faults) + "\n  " + attempt.describe()
        for attempt in attempts
        if (faults := door.examine(attempt))
    )


def _rows(**fixed: object) -> list[dict[str, object]]:
    kinds = ("transfer", "payment", "cash_in", "cash_out", "settlement", "refund")
    states = ("completed", "failed", "pending", "reversed")
    return [
        {
            "transaction_id": f"TXN-{number}",
            "timestamp": f"2026-04-{number % 28 + 1:02}T{number % 24:02}:08:22Z",
            "type": kinds[number % len(kinds)],
            "amount": 100 + number % 50,
            "counterparty": (f"+8801719{number:06}", "MERCHANT-ABC", f"AGENT-{number}")[number % 3],
            "status": states[number % len(states)],
        }
        | fixed
        for number in range(ROWS)
    ]


def _numbers(form: str) -> str:
    """The form again and again, each time with another number."""
    return " ".join(
        form.format(n=number, hour=number % 12 + 1, day=number % 28 + 1) for number in range(3_000)
    )


NUMBERS = {
    "amounts": _numbers("{n} taka"),
    "ids": _numbers("TXN-{n}"),
    "phones": _numbers("01719{n:06}"),
    "endings": _numbers("number ending {n:04}"),
    "times": _numbers("{hour}:10pm"),
    "days": _numbers("{day} april"),
    "days ago": _numbers("{day} days ago"),
    "intentions": _numbers("meant for 01719{n:06}"),
    "intentions first": "intended meant supposed correct number " * 200 + _numbers("01719{n:06}"),
    "everything": _numbers("{hour}pm {n} tk 01719{n:06} ending {n:04} TXN-{n},"),
    "a sentence": "I sent it to the wrong number " + _numbers("{n} taka at {hour}:10pm to 01719{n:06}"),
    "one digit": "1" * LONGEST,
}
LEDGERS: dict[str, list[dict[str, object]]] = {
    "mixed": _rows(),
    "alike": _rows(amount=500, counterparty="+8801700000001", type="transfer", status="completed"),
    "one id": _rows(transaction_id="TXN-1"),
    "no amounts": [
        {"transaction_id": f"TXN-{number}", "timestamp": "2026-04-14T10:00:00Z"} for number in range(ROWS)
    ],
    "digits for ids": [{"transaction_id": "1" * length} for length in range(3, 600)],
    "long counterparties": [
        {"transaction_id": f"T-{number}", "counterparty": "AB-" * 60} for number in range(ROWS)
    ],
    "one huge counterparty": [{"transaction_id": "T-1", "counterparty": "AB-CD-" * 35_000}],
    "one huge id": [{"transaction_id": "TXN-" + "9" * 200_000}],
}


@pytest.mark.parametrize("family", UNITS)
def test_a_flood_of_any_unit_is_answered_in_time(family: str, door: Any) -> None:
    floods = [(unit * LONGEST)[:LONGEST] for unit in UNITS[family]]
    broken = [
        f"<a b='{unit} {flood}"[: LONGEST - 2] + " !"
        for unit, flood in zip(UNITS[family], floods, strict=True)
    ]
    assert not _faults(door, *(_attempt(number, text) for number, text in enumerate((*floods, *broken))))


def test_texts_of_the_greatest_length_are_answered_in_time(
    door: Any, size: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    rng = random.Random(SEED)
    names = tuple(BOMBS)
    texts = (BOMBS[names[number % len(names)]](rng, LONGEST) for number in range(size(FULL)))
    assert not _faults(door, *(_attempt(number, text) for number, text in enumerate(texts)))
    record_property("tries", door.report())


@pytest.mark.parametrize("ledger", LEDGERS)
def test_endless_numbers_against_a_thousand_rows_are_answered_in_time(ledger: str, door: Any) -> None:
    rows = LEDGERS[ledger]
    assert not _faults(door, *(_attempt(number, text, rows) for number, text in enumerate(NUMBERS.values())))


def test_what_was_sent_is_not_kept(door: Any) -> None:
    """Words, row ids and counterparties that never come again: a memo of them would fill the memory."""
    words = load_words()

    def send(first: int, last: int) -> None:
        for number in range(first, last):
            text = f"{words[number % len(words)]}{number}" + "".join(words[number : number + 30]) * 200
            rows = [
                {"transaction_id": f"{number}-" + "x" * 60_000, "counterparty": f"A-{number}" + "y" * 60_000}
            ]
            door.call(_attempt(number, text.replace(" ", ""), rows))
            door.log.seek(0)
            door.log.truncate()

    send(0, 20)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        send(20, 120)
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert kept < KEPT_BYTES, f"{kept} bytes are kept of 100 tickets"
