"""Facts that compare claim and records: established recipients, duplicates, the amount at stake."""

from datetime import date

import pytest

from casewright.bootstrap import load_ruleset
from casewright.desks.disputes.facts import CaseType, DisputeFacts, DuplicateEvidence, build_facts
from casewright.desks.disputes.request import read_ticket
from casewright.investigation.claims import read_claim, read_message

RULESET = load_ruleset("disputes", date(2026, 6, 1))


def _row(
    name: str,
    at: str,
    amount: int = 500,
    counterparty: str = "B-1",
    status: str = "completed",
    kind: str = "payment",
):  # type: ignore[no-untyped-def]
    return {
        "transaction_id": name,
        "timestamp": f"2026-03-02T{at}Z",
        "type": kind,
        "amount": amount,
        "counterparty": counterparty,
        "status": status,
    }


def _facts(
    complaint: str, rows: list[dict[str, object]], proposal: str | None = None
) -> tuple[DisputeFacts, str | None]:
    case = read_ticket({"ticket_id": "T", "complaint": complaint, "transaction_history": rows})
    claim = read_claim(read_message(case.message), case.records)
    found = build_facts(case, claim, RULESET, proposal=proposal)
    record = found.match.record
    return found.facts, record.record_id if record else None


@pytest.mark.parametrize(
    ("rows", "evidence", "chosen"),
    [
        ([_row("A-1", "10:00:00"), _row("A-2", "10:10:00")], DuplicateEvidence.PAIR, "A-2"),
        ([_row("A-1", "10:00:00"), _row("A-2", "10:10:01")], DuplicateEvidence.APART, "A-2"),
        ([_row("A-1", "10:00:00"), _row("A-2", "10:00:00")], DuplicateEvidence.PAIR, "A-2"),
        ([_row(f"A-{n}", f"10:00:0{n}") for n in (1, 2, 3)], DuplicateEvidence.PAIR, "A-3"),
        ([_row("A-1", "10:00:00")], DuplicateEvidence.SINGLE, "A-1"),
        (
            [_row("A-1", "10:00:00", status="failed"), _row("A-2", "10:01:00")],
            DuplicateEvidence.MIXED_STATUS,
            "A-2",
        ),
        (
            [_row("A-1", "10:00:00"), _row("A-2", "10:01:00", counterparty="B-2")],
            DuplicateEvidence.NONE,
            None,
        ),
        (
            [
                _row("A-1", "10:00:00"),
                _row("A-2", "10:01:00"),
                _row("A-3", "11:00:00", counterparty="B-2"),
                _row("A-4", "11:01:00", counterparty="B-2"),
            ],
            DuplicateEvidence.NONE,
            None,
        ),
        ([], DuplicateEvidence.NONE, None),
    ],
)
def test_duplicate_is_two_equal_completed_payments_within_ten_minutes(
    rows: list[dict[str, object]], evidence: DuplicateEvidence, chosen: str | None
) -> None:
    for order in (rows, rows[::-1]):
        facts, record_id = _facts("I was charged 500 twice", order)
        assert (facts.duplicate_evidence, record_id) == (evidence, chosen)


def _transfers(count: int, status: str = "completed") -> list[dict[str, object]]:
    return [
        _row(
            f"A-{n}",
            f"1{n}:00:00",
            500 + n,
            "+8801711000001",
            "completed" if n == count else status,
            "transfer",
        )
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("complaint", "rows", "is_established"),
    [
        ("I sent 503 to the wrong person", _transfers(3), True),
        ("I sent 502 to the wrong person", _transfers(2), False),
        ("I sent 501 to the wrong person", _transfers(3), False),
        ("I sent 503 to the wrong person", _transfers(3, "failed"), False),
    ],
)
def test_established_recipient_was_paid_twice_before(
    complaint: str, rows: list[dict[str, object]], is_established: bool
) -> None:
    assert _facts(complaint, rows)[0].is_established_recipient is is_established


def test_level_rows_to_an_established_recipient_give_the_newest() -> None:
    rows = [_row(f"A-{n}", f"1{n}:00:00", 500, "+8801711000001", "completed", "transfer") for n in (1, 2, 3)]
    facts, record_id = _facts("I sent 500 to the wrong person", rows)
    assert (facts.is_established_recipient, record_id) == (True, "A-3")


def test_level_rows_stay_open_where_the_claim_is_that_it_was_not_received() -> None:
    rows = [_row(f"A-{n}", f"1{n}:00:00", 500, "+8801711000001", "completed", "transfer") for n in (1, 2, 3)]
    assert _facts("I sent 500 to my sister and she did not get it", rows)[1] is None


@pytest.mark.parametrize(
    ("complaint", "amount", "at_stake"),
    [("I sent 500 to the wrong person", 500, 50_000), ("I sent 700 to the wrong person", 500, 70_000)],
)
def test_the_amount_at_stake_is_the_row_s_or_the_one_named(
    complaint: str, amount: int, at_stake: int
) -> None:
    rows = [_row("A-1", "10:00:00", amount, "+8801711000001", kind="transfer")]
    assert _facts(complaint, rows)[0].amount_minor == at_stake


def test_a_proposal_becomes_a_fact_and_moves_no_evidence() -> None:
    rows = [_row("A-1", "10:00:00", 500, "+8801711000001", kind="transfer")]
    plain, _ = _facts("I sent 500 to the wrong person", rows)
    proposed, record_id = _facts("I sent 500 to the wrong person", rows, "refund_request")
    assert proposed.proposed_case_type is CaseType.REFUND_REQUEST
    assert record_id == "A-1"
    assert proposed.match_outcome == plain.match_outcome
