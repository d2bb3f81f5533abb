import random

from casewright.evaluation.relations import Tally, changed_fields, draw_pairs, incautious_fields

BEFORE: dict[str, object] = {
    "relevant_transaction_id": "TXN-1",
    "evidence_verdict": "consistent",
    "case_type": "wrong_transfer",
    "severity": "high",
    "department": "dispute_resolution",
    "human_review_required": False,
}


def test_equal_answers_have_no_changed_field() -> None:
    assert changed_fields(BEFORE, dict(BEFORE)) == ()


def test_changed_fields_are_named_in_the_order_of_the_contract() -> None:
    after = BEFORE | {"severity": "low", "relevant_transaction_id": None}
    assert changed_fields(BEFORE, after) == ("relevant_transaction_id", "severity")


def test_only_the_named_fields_are_compared() -> None:
    assert changed_fields(BEFORE, BEFORE | {"severity": "low"}, ("case_type",)) == ()


def test_letting_a_row_go_and_calling_a_person_is_caution() -> None:
    after = BEFORE | {
        "relevant_transaction_id": None,
        "evidence_verdict": "insufficient_data",
        "human_review_required": True,
    }
    assert incautious_fields(BEFORE, after) == ()


def test_another_row_a_better_verdict_a_type_or_less_review_is_no_caution() -> None:
    reviewed = BEFORE | {"human_review_required": True, "evidence_verdict": "insufficient_data"}
    assert incautious_fields(reviewed, BEFORE) == ("evidence_verdict", "human_review_required")
    assert incautious_fields(BEFORE, BEFORE | {"relevant_transaction_id": "TXN-2"}) == (
        "relevant_transaction_id",
    )
    assert incautious_fields(BEFORE, BEFORE | {"case_type": "other", "severity": "critical"}) == (
        "case_type",
        "severity",
    )


def test_a_tally_reports_counts_seed_groups_and_the_smallest_case() -> None:
    tally = Tally("a relation", 7)
    tally.add("first", "a long text", ["severity"], "(one)")
    tally.add("first", "short", ["case_type"], "(two)")
    tally.add("second", "fine", [])
    report = tally.report()
    assert "2 of 3 tries broke it (seed 7)" in report
    assert "smallest: 'short' moved case_type (two)" in report
    assert "2  first" in report
    assert "second" not in report
    assert round(tally.held_share, 3) == 0.333


def test_a_tally_without_violations_says_so_in_one_line() -> None:
    tally = Tally("a relation", 7)
    assert tally.held_share == 0.0
    tally.add("first", "fine", [])
    assert tally.report() == "a relation: 0 of 1 tries broke it (seed 7)"


def test_pairs_take_every_item_equally_often_and_repeat_with_the_seed() -> None:
    left, right = ["a", "b"], [1, 2, 3]
    pairs = list(draw_pairs(random.Random(1), left, right, 6))
    assert pairs == list(draw_pairs(random.Random(1), left, right, 6))
    assert sorted(pair[0] for pair in pairs) == ["a", "a", "a", "b", "b", "b"]
    assert sorted(pair[1] for pair in pairs) == [1, 1, 2, 2, 3, 3]
