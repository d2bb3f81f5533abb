from casewright.adapters.journal.ledger_ranges import split_marks

A, B, C = ("t", "a"), ("t", "b"), ("u", "a")
MARK = (1, "x")


def test_checkpoints_go_to_the_range_of_their_case() -> None:
    assert split_marks({C: MARK, A: MARK, B: MARK}, [("t", "b"), ("u", "")]) == [
        {A: MARK},
        {B: MARK},
        {C: MARK},
    ]


def test_a_range_may_be_empty() -> None:
    assert split_marks({C: MARK}, [("t", "b"), ("t", "c")]) == [{}, {}, {C: MARK}]
    assert split_marks({}, []) == [{}]
