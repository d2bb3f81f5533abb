"""Rows scored by features: what separates them, what excludes them, and when none is chosen."""

from datetime import UTC, datetime

import pytest

from casewright.domain.money import Money
from casewright.domain.record import Record, RecordKind, RecordStatus
from casewright.investigation.claims import read_claim, read_message
from casewright.investigation.matching import Expectation, Match, Points, match_records

ANY = Expectation(frozenset(), {})
TRANSFERS = Expectation(frozenset({RecordKind.TRANSFER}), {RecordStatus.COMPLETED: 8})


def _row(
    name: str,
    amount: int | None = 500,
    at: str = "2026-03-02T10:00:00",
    kind: RecordKind = RecordKind.TRANSFER,
    counterparty: str | None = "+8801711000001",
    status: RecordStatus | None = RecordStatus.COMPLETED,
) -> Record:
    money = Money(amount * 100) if amount is not None else None
    return Record(name, kind, status, money, counterparty, datetime.fromisoformat(at).replace(tzinfo=UTC))


def _match(message: str, *rows: Record, expected: Expectation = ANY) -> Match:
    claim = read_claim(read_message(message), rows)
    forward = match_records(claim, rows, expected, Points(), lambda name: frozenset({name.lower()}))
    backward = match_records(claim, rows[::-1], expected, Points(), lambda name: frozenset({name.lower()}))
    assert forward.record == backward.record, "the order of the rows must not matter"
    return forward


@pytest.mark.parametrize(
    ("message", "rows", "chosen"),
    [
        ("I sent 500 taka", (_row("A-1"), _row("A-2", 900)), "A-1"),
        (
            "500 taka around 2pm",
            (_row("A-1", at="2026-03-02T09:00:00"), _row("A-2", at="2026-03-02T14:10:00")),
            "A-2",
        ),
        (
            "500 taka at 11:55 pm",
            (_row("A-1", at="2026-03-02T00:02:00"), _row("A-2", at="2026-03-02T12:00:00")),
            "A-1",
        ),
        (
            "500 taka today",
            (_row("A-1", at="2026-03-01T10:00:00"), _row("A-2", at="2026-03-02T10:00:00")),
            "A-2",
        ),
        (
            "500 taka on Sunday",
            (_row("A-1", at="2026-03-01T10:00:00"), _row("A-2", at="2026-03-03T10:00:00")),
            "A-1",
        ),
        ("500 to 01711000002", (_row("A-1"), _row("A-2", counterparty="+8801711000002")), "A-2"),
        ("500, number ending 4455", (_row("A-1"), _row("A-2", counterparty="+8801711004455")), "A-2"),
        ("500 to the one with 4455", (_row("A-1"), _row("A-2", counterparty="+8801711004455")), "A-2"),
        ("about A-77 it is", (_row("A-77", 10), _row("A-2")), "A-77"),
        ("over 450 taka", (_row("A-1", 500), _row("A-2", 5000)), "A-1"),
    ],
)
def test_a_named_feature_separates_rows(message: str, rows: tuple[Record, ...], chosen: str) -> None:
    match = _match(message, *rows)
    assert match.record is not None
    assert match.record.record_id == chosen


def test_level_rows_are_never_guessed_between() -> None:
    match = _match("I sent 500 taka", _row("A-1"), _row("A-2", counterparty="+8801711000009"))
    assert (match.record, match.outcome) == (None, "not_separated")
    assert {row.record_id for row in match.level} == {"A-1", "A-2"}


def test_an_amount_in_no_row_is_said_to_be_absent() -> None:
    assert _match("I sent 700 taka", _row("A-1")).outcome == "amount_absent"


def test_a_row_of_a_kind_that_cannot_be_meant_is_out_unless_its_id_is_named() -> None:
    payment = _row("A-11", kind=RecordKind.PAYMENT)
    assert _match("I sent 500 taka", payment, expected=TRANSFERS).outcome == "none_fits"
    assert _match("I sent 500 taka, A-11", payment, expected=TRANSFERS).record == payment


def test_day_words_break_ties_and_never_exclude() -> None:
    assert _match("500 taka yesterday", _row("A-1")).outcome == "matched"


def test_a_row_without_time_or_counterparty_is_still_a_row() -> None:
    bare = Record("A-1", RecordKind.TRANSFER, RecordStatus.COMPLETED, Money(50_000))
    assert _match("500 taka at 2pm to 01711000001", bare).record == bare


def test_where_a_name_is_needed_the_only_row_is_not_enough() -> None:
    named = Expectation(frozenset(), {}, needs_name=True)
    assert _match("something is off", _row("A-1"), expected=named).outcome == "nothing_named"
    assert _match("it is 500 taka less", _row("A-1"), expected=named).outcome == "matched"
    assert _match("it is 500 taka less", _row("A-1", None), expected=named).outcome == "nothing_named"


def test_the_row_to_the_intended_number_is_not_the_wrong_one() -> None:
    rows = (_row("A-1", counterparty="+8801711000002"), _row("A-2", counterparty="+8801711000003"))
    match = _match("500 was meant for 01711000002 and went to the wrong number", *rows)
    assert match.record == rows[1]


def test_no_rows_say_so() -> None:
    assert _match("500 taka").outcome == "no_records"
