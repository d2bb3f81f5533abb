"""Read tolerantly: what is refused, and all that is not."""

import pytest

from casewright.desks.disputes.request import (
    MAX_COMPLAINT_CHARS,
    MAX_COUNTERPARTY_CHARS,
    MAX_ROWS,
    read_amount,
    read_ticket,
)
from casewright.domain.case import Channel, Language, UserType
from casewright.domain.errors import CasewrightError, MalformedRequest, MeaninglessRequest, TooLarge
from casewright.domain.money import Money
from casewright.domain.record import RecordKind, RecordStatus

TICKET = {"ticket_id": "T-1", "complaint": "Money gone"}
ROW = {
    "transaction_id": "TXN-1",
    "timestamp": "2026-03-02T10:00:00Z",
    "type": "transfer",
    "amount": 500,
    "counterparty": "+8801711000001",
    "status": "completed",
}


@pytest.mark.parametrize(
    ("document", "error", "code"),
    [
        ([], MalformedRequest, "not_an_object"),
        ("text", MalformedRequest, "not_an_object"),
        (None, MalformedRequest, "not_an_object"),
        ({"complaint": "x"}, MalformedRequest, "invalid_ticket_id"),
        ({"ticket_id": 7, "complaint": "x"}, MalformedRequest, "invalid_ticket_id"),
        ({"ticket_id": "T"}, MalformedRequest, "invalid_complaint"),
        ({"ticket_id": "T", "complaint": None}, MalformedRequest, "invalid_complaint"),
        ({"ticket_id": "T", "complaint": " \n\t"}, MeaninglessRequest, "blank_complaint"),
        ({"ticket_id": "T", "complaint": "\u200b\u200d"}, MeaninglessRequest, "blank_complaint"),
        ({"ticket_id": "T", "complaint": "x" * (MAX_COMPLAINT_CHARS + 1)}, TooLarge, "complaint_too_long"),
    ],
)
def test_only_this_is_refused(document: object, error: type[CasewrightError], code: str) -> None:
    with pytest.raises(error) as refused:
        read_ticket(document)
    assert refused.value.code == code


def test_a_blank_ticket_id_is_echoed() -> None:
    assert read_ticket({**TICKET, "ticket_id": ""}).case_id == ""


def test_optional_fields_are_read() -> None:
    case = read_ticket(
        {**TICKET, "language": "bn", "channel": "EMAIL", "user_type": "agent", "metadata": {"a": 1}}
    )
    assert (case.language_hint, case.channel, case.user_type) == (Language.BN, Channel.EMAIL, UserType.AGENT)


@pytest.mark.parametrize("value", ["klingon", 7, None, [], {}, True])
def test_a_wrong_optional_field_counts_as_absent(value: object) -> None:
    case = read_ticket(
        {**TICKET, "language": value, "channel": value, "user_type": value, "campaign_context": value}
    )
    assert (case.language_hint, case.channel, case.user_type) == (None, None, None)


def test_a_whole_row_is_read() -> None:
    (record,) = read_ticket({**TICKET, "transaction_history": [ROW]}).records
    assert (record.kind, record.status, record.amount) == (
        RecordKind.TRANSFER,
        RecordStatus.COMPLETED,
        Money(50_000),
    )
    assert record.occurred_at is not None
    assert record.occurred_at.isoformat() == "2026-03-02T10:00:00+00:00"


@pytest.mark.parametrize("missing", ["timestamp", "type", "amount", "counterparty", "status"])
def test_a_row_without_one_field_is_still_a_row(missing: str) -> None:
    row = {name: value for name, value in ROW.items() if name != missing}
    assert len(read_ticket({**TICKET, "transaction_history": [row]}).records) == 1


@pytest.mark.parametrize(
    "row",
    [
        7,
        None,
        "row",
        {},
        {**ROW, "transaction_id": 9},
        {**ROW, "transaction_id": " "},
        {**ROW, "amount": "n/a"},
    ],
)
def test_a_row_that_cannot_be_read_is_skipped_with_a_reason(row: object) -> None:
    case = read_ticket({**TICKET, "transaction_history": [row, ROW]})
    assert [record.record_id for record in case.records] == ["TXN-1"]
    assert case.problems == ("row_skipped",)


@pytest.mark.parametrize(("history", "problems"), [(None, ()), ([], ()), ("rows", ("history_unreadable",))])
def test_no_history_is_no_error(history: object, problems: tuple[str, ...]) -> None:
    case = read_ticket({**TICKET, "transaction_history": history})
    assert (case.records, case.problems) == ((), problems)


def test_a_repeated_row_counts_once_and_another_row_of_the_same_id_stays() -> None:
    case = read_ticket({**TICKET, "transaction_history": [ROW, ROW, {**ROW, "amount": 7}]})
    assert [record.amount for record in case.records] == [Money(50_000), Money(700)]
    assert case.problems == ("row_repeated",)


def test_a_very_long_history_is_cut() -> None:
    rows = [{**ROW, "transaction_id": f"TXN-{number}"} for number in range(MAX_ROWS + 5)]
    case = read_ticket({**TICKET, "transaction_history": rows})
    assert len(case.records) == MAX_ROWS
    assert case.problems == ("history_truncated",)


@pytest.mark.parametrize(
    ("value", "minor"),
    [
        (500, 50_000),
        (500.5, 50_050),
        ("1,500.50 BDT", 150_050),
        ("৫০০", 50_000),
        ("Tk 2,00,000", 20_000_000),
        ("৳ 500/-", 50_000),
        ("approx. 500 taka only", 50_000),
        ("BDT500", 50_000),
        ("OTP-482193", None),
        ("my pin is 4821", None),
        ("4000-1234-5678-9010", None),
        (0, 0),
        (-20, -2_000),
        (1e400, None),
        (float("nan"), None),
        (10**40, None),
        ("n/a", None),
        (True, None),
        ({}, None),
    ],
)
def test_an_amount_is_a_number_or_text_with_one(value: object, minor: int | None) -> None:
    amount = read_amount(value)
    assert (amount.minor if amount else None) == minor


def test_a_time_without_a_zone_is_taken_at_face_value_and_a_broken_one_is_absent() -> None:
    rows = [
        {**ROW, "timestamp": "2026-03-02T10:00:00"},
        {**ROW, "transaction_id": "TXN-2", "timestamp": "soon"},
    ]
    first, second = read_ticket({**TICKET, "transaction_history": rows}).records
    assert first.occurred_at is not None
    assert first.occurred_at.hour == 10
    assert second.occurred_at is None


@pytest.mark.parametrize(
    ("counterparty", "is_kept"), [("A" * 200, True), ("A" * 201, False), ("  ", False), (7, False)]
)
def test_a_counterparty_that_cannot_be_one_is_absent_and_the_row_stays(
    counterparty: object, is_kept: bool
) -> None:
    case = read_ticket({**TICKET, "transaction_history": [{**ROW, "counterparty": counterparty}]})
    assert MAX_COUNTERPARTY_CHARS == 200
    assert (case.records[0].counterparty is not None) is is_kept
