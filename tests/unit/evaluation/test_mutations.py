import random
from dataclasses import replace
from typing import Any

import pytest

from casewright.evaluation.cases import GoldenCase
from casewright.evaluation.mutations import MUTATIONS
from casewright.language.normalise import normalise

ROWS = tuple(
    {"transaction_id": f"TXN-{number}", "type": "transfer", "amount": number, "status": "completed"}
    for number in range(1, 6)
)
CASE = GoldenCase(
    name="en-one",
    file="en",
    rule="a rule",
    message="I sent 1200 to a wrong number at 3 pm, ১২ taka fee.",
    rows=ROWS,
    expected={"case_type": "wrong_transfer"},
)


def mutate(name: str, case: GoldenCase = CASE, seed: int = 1) -> dict[str, Any]:
    return MUTATIONS[name](case, random.Random(seed))


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_repeats_with_its_seed_and_keeps_message_and_rows_readable(name: str) -> None:
    document = mutate(name)
    assert document == mutate(name)
    form = " ".join(normalise(document["complaint"]).text.split())
    assert form == " ".join(normalise(CASE.message).text.split())
    ids = {row["transaction_id"] for row in document["transaction_history"]}
    assert ids >= {row["transaction_id"] for row in ROWS}


def test_shuffling_keeps_every_row() -> None:
    seen = {
        tuple(row["transaction_id"] for row in mutate("rows shuffled", seed=seed)["transaction_history"])
        for seed in range(9)
    }
    assert len(seen) > 1
    assert all(sorted(order) == [f"TXN-{number}" for number in range(1, 6)] for order in seen)


def test_a_history_without_rows_has_nothing_to_shuffle() -> None:
    assert "transaction_history" not in mutate("rows shuffled", replace(CASE, rows=None))


def test_an_unrelated_row_is_of_a_kind_that_the_complaint_cannot_mean() -> None:
    for seed in range(20):
        (row,) = [row for row in mutate("unrelated row", seed=seed)["transaction_history"] if row not in ROWS]
        assert row["type"] in ("cash_in", "settlement", "payment")
        assert row["timestamp"] < "2026-02"


def test_digits_are_written_in_the_named_script() -> None:
    assert "১২০০" in mutate("Bangla digits")["complaint"]
    assert "１２００" in mutate("full-width digits")["complaint"]
    assert "12 taka" in mutate("Latin digits")["complaint"]


def test_lines_are_broken_only_where_a_blank_was() -> None:
    wrapped = mutate("line breaks")["complaint"]
    assert "\n" in wrapped
    assert wrapped.replace("\n", " ") == CASE.message
