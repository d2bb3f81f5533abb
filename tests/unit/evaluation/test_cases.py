from casewright.evaluation.cases import GoldenCase, honest_cases, load_golden_cases

CASE = GoldenCase(
    name="en-one",
    file="en",
    rule="a rule",
    message="My payment failed.",
    rows=({"transaction_id": "TXN-1", "amount": 500},),
    user_type="merchant",
)


def test_a_ticket_holds_the_message_the_writer_and_the_rows() -> None:
    assert CASE.ticket() == {
        "ticket_id": "T-1001",
        "complaint": "My payment failed.",
        "user_type": "merchant",
        "transaction_history": [{"transaction_id": "TXN-1", "amount": 500}],
    }


def test_another_message_or_other_rows_take_the_place_of_the_case_s_own() -> None:
    document = CASE.ticket("Other.", [])
    assert (document["complaint"], document["transaction_history"]) == ("Other.", [])


def test_rows_of_a_ticket_are_copies() -> None:
    rows = CASE.ticket()["transaction_history"]
    assert isinstance(rows, list)
    rows[0]["amount"] = 1
    assert CASE.rows == ({"transaction_id": "TXN-1", "amount": 500},)


def test_an_absent_history_stays_absent() -> None:
    case = GoldenCase(name="x", file="en", rule="", message="Hi.", rows=None)
    assert "transaction_history" not in case.ticket()
    assert "user_type" not in case.ticket()


def test_golden_cases_are_read_with_the_columns_of_the_contract() -> None:
    cases = {case.name: case for case in load_golden_cases()}
    rows = cases["en-wrong-transfer-amount-and-time"].rows
    assert rows is not None
    assert rows[0] == {
        "transaction_id": "TXN-20011",
        "timestamp": "2026-03-02T15:12:00Z",
        "type": "transfer",
        "amount": 4600,
        "counterparty": "+8801300000001",
        "status": "completed",
    }


def test_honest_cases_leave_the_adversarial_file_out() -> None:
    files = {case.file for case in honest_cases()}
    assert files == {"en", "bn", "banglish"}
