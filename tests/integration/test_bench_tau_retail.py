"""`casewright bench tau-retail` on a small set written by hand, through a real service; and on the shared one."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CASEWRIGHT_SHARED_DATA", ROOT.parent / "shared" / "data")) / "tau_retail"
HOME = {
    "address1": "1 Elm Row",
    "address2": "",
    "city": "Exampleton",
    "country": "USA",
    "state": "CA",
    "zip": "1",
}
MOVED = {**HOME, "address1": "2 Oak Row"}


def user(user_id: str, *orders: str) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "name": {"first_name": "Pat", "last_name": user_id.title()},
        "address": HOME,
        "email": f"{user_id}@example.com",
        "payment_methods": {
            f"card_{user_id}": {
                "source": "credit_card",
                "id": f"card_{user_id}",
                "brand": "visa",
                "last_four": "0001",
            },
            f"gift_{user_id}": {"source": "gift_card", "id": f"gift_{user_id}", "balance": 20},
        },
        "orders": list(orders),
    }


def item(item_id: str, price: float, colour: str) -> dict[str, Any]:
    return {
        "name": "Mug",
        "product_id": "p1",
        "item_id": item_id,
        "price": price,
        "options": {"colour": colour},
    }


def order(order_id: str, user_id: str, status: str, *items: dict[str, Any]) -> dict[str, Any]:
    total = round(sum(each["price"] for each in items), 2)
    return {
        "order_id": order_id,
        "user_id": user_id,
        "address": HOME,
        "items": list(items),
        "status": status,
        "fulfillments": [],
        "payment_history": [
            {"transaction_type": "payment", "amount": total, "payment_method_id": f"card_{user_id}"}
        ],
    }


BLUE, RED, GREEN = item("i1", 10.1, "blue"), item("i2", 12.35, "red"), item("i3", 9.99, "green")
SHOP = {
    "products": {
        "p1": {
            "name": "Mug",
            "product_id": "p1",
            "variants": {
                each["item_id"]: {
                    "item_id": each["item_id"],
                    "options": each["options"],
                    "available": True,
                    "price": each["price"],
                }
                for each in (BLUE, RED, GREEN)
            },
        }
    },
    "users": {"ann": user("ann", "#1", "#2"), "bob": user("bob", "#3")},
    "orders": {
        "#1": order("#1", "ann", "pending", BLUE, BLUE),
        "#2": order("#2", "ann", "delivered", BLUE, RED),
        "#3": order("#3", "bob", "pending", RED),
    },
}


def cents(document: Any) -> Any:
    if isinstance(document, dict):
        return {
            name: round(value * 100) if name in ("price", "amount", "balance") else cents(value)
            for name, value in document.items()
        }
    return [cents(value) for value in document] if isinstance(document, list) else document


def final(order_id: str, **changes: Any) -> dict[str, Any]:
    state = {"orders": {order_id: {**cents(SHOP["orders"][order_id]), **changes}}}
    return {"fixed": state, "tau2": deepcopy(state)}


def call(name: str, **arguments: Any) -> dict[str, Any]:
    return {"name": name, "arguments": arguments}


PAID_1 = {"transaction_type": "payment", "amount": 2020, "payment_method_id": "card_ann"}
TASKS = [
    {
        "id": "cancel",
        "session_user": "ann",
        "writes": [
            {**call("cancel_pending_order", order_id="#1", reason="no longer needed"), "ok": True},
            {**call("cancel_pending_order", order_id="#1", reason="no longer needed"), "ok": False},
        ],
        "final": final(
            "#1",
            status="cancelled",
            cancel_reason="no longer needed",
            payment_history=[PAID_1, {**PAID_1, "transaction_type": "refund"}],
        ),
    },
    {
        "id": "swap one of two alike",
        "session_user": "ann",
        "writes": [
            {
                **call(
                    "modify_pending_order_items",
                    order_id="#1",
                    item_ids=["i1"],
                    new_item_ids=["i2"],
                    payment_method_id="gift_ann",
                ),
                "ok": True,
            }
        ],
        "final": {
            version: {
                "orders": {
                    "#1": {
                        **cents(SHOP["orders"]["#1"]),
                        "status": "pending (item modified)",
                        "items": cents([RED, BLUE]),
                        "payment_history": [
                            PAID_1,
                            {
                                "transaction_type": "payment",
                                "amount": 225,
                                "payment_method_id": "gift_ann",
                            },
                        ],
                    }
                },
                "users": {
                    "ann": {
                        **cents(SHOP["users"]["ann"]),
                        "payment_methods": {
                            **cents(SHOP["users"]["ann"]["payment_methods"]),
                            "gift_ann": {"source": "gift_card", "id": "gift_ann", "balance": 1775},
                        },
                    }
                },
            }
            for version in ("fixed", "tau2")
        },
    },
    {"id": "nothing to do", "session_user": [], "writes": [], "final": {"fixed": {}, "tau2": {}}},
]
CASES = [
    {
        "id": "address after items",
        "category": "after",
        "expect": "refuse",
        "session_user": "ann",
        "setup": [
            call(
                "modify_pending_order_items",
                order_id="#1",
                item_ids=["i1", "i1"],
                new_item_ids=["i2", "i3"],
                payment_method_id="card_ann",
            )
        ],
        "call": call("modify_pending_order_address", order_id="#1", **MOVED),
    },
    {
        "id": "other customer's order",
        "category": "other",
        "expect": "refuse",
        "session_user": "ann",
        "setup": [],
        "call": call("cancel_pending_order", order_id="#3", reason="no longer needed"),
    },
    {
        "id": "nobody is signed in",
        "category": "anonymous",
        "expect": "refuse",
        "session_user": None,
        "setup": [],
        "call": call("get_user_details", user_id="ann"),
    },
    {
        "id": "own return",
        "category": "ok",
        "expect": "allow",
        "session_user": "ann",
        "setup": [],
        "call": call(
            "return_delivered_order_items", order_id="#2", item_ids=["i2"], payment_method_id="card_ann"
        ),
    },
]
Write = Callable[..., Path]


@pytest.fixture
def write_set(tmp_path: Path) -> Write:
    """A folder with the small set, or with other tasks and cases."""

    def write(tasks: Any = TASKS, cases: Any = CASES) -> Path:
        (tmp_path / "db.json").write_text(json.dumps(SHOP))
        (tmp_path / "gold_writes_small.json").write_text(json.dumps({"tasks": tasks}))
        (tmp_path / "refusals_small.json").write_text(json.dumps({"cases": cases}))
        return tmp_path

    return write


def run_bench(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CASEWRIGHT_")}
    command = [
        sys.executable,
        "-m",
        "casewright.main",
        "bench",
        "tau-retail",
        "--data",
        str(folder),
        *options,
    ]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=600, cwd=folder.parent, env=environment
    )


def test_set_that_is_met_passes_and_the_report_counts_it(write_set: Write, tmp_path: Path) -> None:
    run = run_bench(write_set(), "--json", str(tmp_path / "report.json"))
    assert run.returncode == 0, run.stdout + run.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["tasks"], report["tasks_equal_fixed"], report["tasks_equal_tau2"]) == (3, 3, 3)
    assert (report["writes"], report["writes_right"]) == (3, 3)
    assert (report["forbidden"], report["forbidden_refused"], report["forbidden_unchanged"]) == (3, 3, 3)
    assert (report["permitted"], report["permitted_allowed"]) == (1, 1)
    assert report["misses"] == []
    assert report["verdicts"]["nobody is signed in"] == "not_authenticated"


def test_every_miss_is_named_and_ends_with_1(write_set: Write) -> None:
    wrong_state, wrong_verdict = deepcopy(TASKS[0]), deepcopy(TASKS[0])
    wrong_state["id"] = "a cent too much"
    wrong_state["final"]["fixed"]["orders"]["#1"]["payment_history"][1]["amount"] = 2021
    wrong_verdict["id"] = "wrong verdict"
    wrong_verdict["writes"][1]["ok"] = True
    cases = [
        {**CASES[3], "id": "must be refused", "expect": "refuse"},
        {**CASES[1], "id": "must be allowed", "expect": "allow"},
    ]
    run = run_bench(write_set([wrong_state, wrong_verdict], cases))
    assert run.returncode == 1, run.stdout + run.stderr
    misses = [line for line in run.stdout.splitlines() if line.startswith("MISS ")]
    assert [line.split(":")[0] for line in misses] == [
        "MISS state a cent too much",
        "MISS write wrong verdict[1] cancel_pending_order",
        "MISS forbidden must be refused",
        "MISS state must be refused",
        "MISS permitted must be allowed",
    ]
    assert "expected 2021, found 2020" in misses[0]


def test_change_beside_the_point_is_a_miss(write_set: Write) -> None:
    task = deepcopy(TASKS[1])
    for state in task["final"].values():
        state["users"].clear()
    run = run_bench(write_set([task], []))
    assert run.returncode == 1
    assert "users.ann.payment_methods.gift_ann" in run.stdout


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("db.json", None),
        ("db.json", "{"),
        ("db.json", '{"orders": {}, "products": {}}'),
        ("gold_writes_small.json", '{"tasks": [{"id": 1}]}'),
        ("refusals_small.json", "[]"),
    ],
)
def test_folder_that_cannot_be_read_ends_with_2_and_a_sentence(
    write_set: Write, name: str, text: str | None
) -> None:
    folder = write_set()
    if text is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(text)
    run = run_bench(folder)
    assert run.returncode == 2
    assert run.stderr.startswith("casewright: ")
    assert "Traceback" not in run.stderr


def test_folder_without_a_set_ends_with_2(write_set: Write) -> None:
    folder = write_set()
    for path in (*folder.glob("gold*"), *folder.glob("refusals*")):
        path.unlink()
    run = run_bench(folder)
    assert run.returncode == 2
    assert "gold_writes_*.json" in run.stderr


@pytest.mark.skipif(
    not (SHARED / "db.json").is_file(), reason="the development data are not beside this checkout"
)
@pytest.mark.skipif(not os.environ.get("CASEWRIGHT_FULL"), reason="half a minute: run by make test-all")
def test_shared_set_is_met_completely() -> None:
    run = run_bench(SHARED)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
