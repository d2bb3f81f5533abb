"""Reading a τ²-bench retail folder: amounts in cents, sequences without an order sorted, whose call it is."""

import json
from pathlib import Path
from typing import Any

import pytest

from casewright.domain.errors import ConfigurationError
from casewright.evaluation.tau_set import TauCall, TauSet, normalise_order, read_tau_set

SHOP: dict[str, Any] = {
    "products": {},
    "users": {"ann": {"user_id": "ann", "payment_methods": {"g": {"source": "gift_card", "balance": 14.04}}}},
    "orders": {
        "#1": {
            "order_id": "#1",
            "user_id": "ann",
            "items": [{"item_id": "i", "price": 342.81, "options": {"amount": "2"}}],
            "payment_history": [{"amount": 0.1}, {"amount": 7}],
        }
    },
}


def write(folder: Path, **files: Any) -> TauSet:
    for name, document in {"db": SHOP, **files}.items():
        (folder / f"{name}.json").write_text(json.dumps(document))
    return read_tau_set(folder)


def test_amounts_become_cents_exactly_and_words_stay(tmp_path: Path) -> None:
    tau = write(tmp_path, gold_writes_a={"tasks": []})
    order = tau.orders["#1"]
    assert order["items"][0]["price"] == 34281
    assert order["items"][0]["options"] == {"amount": "2"}
    assert [row["amount"] for row in order["payment_history"]] == [10, 700]
    assert tau.users["ann"]["payment_methods"]["g"]["balance"] == 1404
    assert order["cancel_reason"] is None


def test_every_file_of_the_names_counts(tmp_path: Path) -> None:
    case = {
        "id": "c",
        "expect": "allow",
        "session_user": "ann",
        "call": {"name": "get_user_details", "arguments": {"user_id": "ann"}},
    }
    task = {"id": 7, "session_user": ["ann"], "writes": [], "final": {"fixed": {}}}
    tau = write(
        tmp_path,
        gold_writes_a={"tasks": [task]},
        gold_writes_b={"tasks": [{**task, "id": 8}]},
        refusals_x={"cases": [case]},
    )
    assert [each.task_id for each in tau.tasks] == ["7", "8"]
    assert tau.tasks[0].session_user == "ann"
    assert tau.cases[0].call.is_permitted
    assert tau.session_users() == ("ann",)


def test_owner_of_a_call_is_the_orders_or_the_user_it_names(tmp_path: Path) -> None:
    tau = write(tmp_path, gold_writes_a={"tasks": []})
    assert tau.owner_of(TauCall("x", {"order_id": "#1"})) == "ann"
    assert tau.owner_of(TauCall("x", {"user_id": "ann"})) == "ann"
    assert tau.owner_of(TauCall("x", {"order_id": "#9"})) is None


def test_items_of_returns_and_exchanges_are_sorted_and_payments_are_not() -> None:
    order = normalise_order({"return_items": ["b", "a"], "payment_history": [2, 1], "unknown": 1})
    assert order["return_items"] == ["a", "b"]
    assert order["payment_history"] == [2, 1]
    assert "unknown" not in order


@pytest.mark.parametrize("text", ["", "[]", "{", '{"orders": {}}'])
def test_shop_that_is_none_is_said_with_its_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "gold_writes_a.json").write_text('{"tasks": []}')
    (tmp_path / "db.json").write_text(text)
    with pytest.raises(ConfigurationError, match=str(tmp_path)):
        read_tau_set(tmp_path)
