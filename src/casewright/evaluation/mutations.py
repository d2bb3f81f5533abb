"""Changes of a ticket that mean nothing: order of rows, an unrelated row, other digits, hidden characters.

Each returns a request document. A right desk answers it as it answers the ticket it was made from.
"""

import random
from collections.abc import Callable, Mapping

from casewright.evaluation.cases import GoldenCase

Document = dict[str, object]
Mutation = Callable[[GoldenCase, random.Random], Document]

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_TO_BANGLA = {ord("0") + value: chr(0x09E6 + value) for value in range(10)}
_TO_FULL_WIDTH = {ord("0") + value: chr(0xFF10 + value) for value in range(10)}
_FROM_BANGLA = {0x09E6 + value: chr(ord("0") + value) for value in range(10)}
_BLANKS = ("  ", "\t", "\u00a0", " \u2009", "   ")
_OUT_OF_QUESTION: Mapping[str, tuple[str, ...]] = {
    "wrong_transfer": ("cash_in", "settlement", "payment"),
    "payment_failed": ("cash_in", "settlement"),
    "refund_request": ("cash_in", "settlement"),
    "duplicate_payment": ("cash_in", "settlement"),
    "merchant_settlement_delay": ("cash_in", "payment", "transfer"),
    "agent_cash_in_issue": ("payment", "transfer", "settlement"),
    "phishing_or_social_engineering": ("cash_in", "settlement"),
    "other": ("cash_in", "settlement"),
}
"""Kinds of row that a complaint of each type cannot be about."""


def shuffle_rows(case: GoldenCase, rng: random.Random) -> Document:
    """The rows in another order."""
    rows = list(case.rows or ())
    return case.ticket(rows=rng.sample(rows, len(rows))) if rows else case.ticket()


def add_unrelated_row(case: GoldenCase, rng: random.Random) -> Document:
    """One more row that the complaint cannot mean: of another kind, amount and party, older than the rest."""
    kinds = _OUT_OF_QUESTION[str(case.expected.get("case_type", "other"))]
    row = {
        "transaction_id": f"TXN-{rng.randrange(880_000, 890_000)}",
        "timestamp": f"2026-01-{rng.randrange(10, 28)}T{rng.randrange(10, 24)}:{rng.randrange(10, 60)}:00Z",
        "type": rng.choice(kinds),
        "amount": rng.randrange(6_001, 7_999) + 0.37,
        "counterparty": f"PARTY-{rng.randrange(7_000, 7_999)}",
        "status": "completed",
    }
    rows = [*(case.rows or ())]
    rows.insert(rng.randrange(len(rows) + 1), row)
    return case.ticket(rows=rows)


def write_bangla_digits(case: GoldenCase, rng: random.Random) -> Document:
    """Every digit of the message in Bangla."""
    return case.ticket(case.message.translate(_TO_BANGLA))


def write_full_width_digits(case: GoldenCase, rng: random.Random) -> Document:
    """Every digit of the message in full width."""
    return case.ticket(case.message.translate(_FROM_BANGLA).translate(_TO_FULL_WIDTH))


def write_latin_digits(case: GoldenCase, rng: random.Random) -> Document:
    """Every Bangla digit of the message in ASCII."""
    return case.ticket(case.message.translate(_FROM_BANGLA))


def hide_zero_width(case: GoldenCase, rng: random.Random) -> Document:
    """Invisible characters anywhere, also inside words and numbers."""
    share = rng.choice((0.05, 0.2, 0.6))
    return case.ticket(
        "".join(char + (rng.choice(ZERO_WIDTH) if rng.random() < share else "") for char in case.message)
    )


def change_case(case: GoldenCase, rng: random.Random) -> Document:
    """All capitals, all small, capitals at the start of words, or any mixture."""
    manner = rng.randrange(4)
    if manner == 0:
        return case.ticket(case.message.upper())
    if manner == 1:
        return case.ticket(case.message.lower())
    if manner == 2:
        return case.ticket(" ".join(word[:1].upper() + word[1:] for word in case.message.split(" ")))
    return case.ticket("".join(char.upper() if rng.random() < 0.5 else char.lower() for char in case.message))


def change_white_space(case: GoldenCase, rng: random.Random) -> Document:
    """Wider gaps of any kind, and blanks around the message. No gap is closed and no line is broken."""
    gaps = "".join(
        rng.choice(_BLANKS) if char == " " and rng.random() < 0.5 else char for char in case.message
    )
    return case.ticket(rng.choice(("", " ", "\n")) + gaps + rng.choice(("", " ", "\n", "\t ")))


def wrap_lines(case: GoldenCase, rng: random.Random) -> Document:
    """Lines broken at a width, as a mail program does."""
    width = rng.randrange(24, 60)
    lines, line = [], ""
    for word in case.message.split(" "):
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return case.ticket("\n".join((*lines, line)))


MUTATIONS: Mapping[str, Mutation] = {
    "rows shuffled": shuffle_rows,
    "unrelated row": add_unrelated_row,
    "Bangla digits": write_bangla_digits,
    "full-width digits": write_full_width_digits,
    "Latin digits": write_latin_digits,
    "zero-width characters": hide_zero_width,
    "case": change_case,
    "white space": change_white_space,
    "line breaks": wrap_lines,
}
