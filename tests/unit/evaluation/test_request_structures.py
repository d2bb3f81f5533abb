"""Structures: each bends a document in place, and nothing that it makes is beyond JSON."""

import json
import random

import pytest

from casewright.evaluation.request_structures import FIELDS, STRUCTURES, as_literal, draw_junk, rows_of

TICKET = {
    "ticket_id": "T-1",
    "complaint": "I sent 500 taka to the wrong number",
    "transaction_history": [{"transaction_id": "TXN-1", "amount": 500, "type": "transfer"}],
}


def _bent(name: str, seed: int) -> dict[str, object]:
    document: dict[str, object] = json.loads(json.dumps(TICKET))
    STRUCTURES[name](document, random.Random(seed))
    return document


@pytest.mark.parametrize("name", STRUCTURES)
def test_every_way_changes_the_document_and_leaves_it_json(name: str) -> None:
    documents = [_bent(name, seed) for seed in range(30)]
    assert any(document != TICKET for document in documents)
    assert all(json.dumps(document) for document in documents)


def test_a_giant_history_has_hundreds_of_rows() -> None:
    assert max(len(rows_of(_bent("giant history", seed))) for seed in range(40)) > 500


def test_a_complaint_may_be_a_character_too_long() -> None:
    lengths = {len(str(_bent("bomb for a complaint", seed)["complaint"])) for seed in range(3_000)}
    assert max(lengths) == 20_001


def test_a_dropped_field_is_gone() -> None:
    assert {
        name
        for seed in range(60)
        for name in FIELDS
        if name in TICKET and name not in _bent("field dropped", seed)
    } == {
        "ticket_id",
        "complaint",
        "transaction_history",
    }


def test_rows_are_made_where_there_are_none() -> None:
    document: dict[str, object] = {"transaction_history": "none"}
    rows_of(document).append(1)
    assert document == {"transaction_history": [1]}


def test_junk_is_of_every_type() -> None:
    rng = random.Random(3)
    kinds = {type(draw_junk(rng)) for _ in range(500)}
    assert {bool, int, float, str, list, dict, type(None)} <= kinds
    assert as_literal("1e400") == "@@raw:1e400@@"
