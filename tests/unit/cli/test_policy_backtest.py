"""`casewright policy backtest`: the decisions that a shop has stored, through a draft of its policy."""

import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from support_house import SupportHouse, SupportHouses, support_house, support_houses
from typer.testing import CliRunner

from casewright.adapters.store.cases import StoredCases
from casewright.cli.policy import app
from casewright.service.shop import Shop

__all__ = ["SupportHouses", "support_house", "support_houses"]

ASKED = (
    (1, "k-1", {"order_id": "ORD-1002", "item_ids": ["2"], "reason": "changed_mind"}),  # a mug, 14.50, day 6
    (3, "k-2", {"order_id": "ORD-1005", "item_ids": ["2"], "reason": "changed_mind"}),  # a lamp, 39.00, day 3
    (2, "k-3", {"order_id": "ORD-1004", "item_ids": ["1"], "reason": "changed_mind"}),  # day 60: too late
    (2, "k-4", {"order_id": "ORD-1003", "item_ids": ["1"], "reason": "changed_mind"}),  # 1,299.00: a person
)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The returns policy with a window of four days."""
    place = tmp_path / "draft"
    packaged = Path(str(resources.files("casewright.desks.returns.policy").joinpath("policy.md"))).parent
    shutil.copytree(packaged, place, ignore=shutil.ignore_patterns("__pycache__", "*.py", "policy.lock"))
    parameters = place / "parameters.yaml"
    text = parameters.read_text("utf-8")
    old = "  clause: RET-2.1\n  values: {2016-01-01: 30}"
    assert old in text
    parameters.write_text(text.replace(old, old.replace("30", "4")), "utf-8")
    return place


def run(monkeypatch: pytest.MonkeyPatch, home: Path, *arguments: str) -> Any:
    monkeypatch.setenv("CASEWRIGHT_HOME", str(home))
    return CliRunner().invoke(app, ["backtest", "returns", *arguments])


def ask(shop: Shop, house: SupportHouse) -> None:
    for customer, key, wanted in ASKED:
        shop.tools.call(house.customer(customer), "create_return", wanted, key=key)


def test_stored_cases_flip_by_reason_with_their_money(
    support_house: SupportHouse, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(support_house.shop, support_house)
    ran = run(monkeypatch, support_house.home, "--new", str(draft), "--json")
    assert ran.exit_code == 1, ran.output
    report = json.loads(ran.output)
    assert (report["cases"], report["flips"], report["decided_otherwise_before"]) == (4, 1, 0)
    (group,) = report["by_reason"]
    assert group["reasons_now"] == ["outside_return_window"]
    assert group["changes"]["outcome"] == ["approve_return_and_refund", "deny"]
    assert (group["stake_minor"], group["moved_minor"]) == (1450, -1450)
    assert (report["released_minor"], report["withheld_minor"]) == (0, 1450)
    told = run(monkeypatch, support_house.home, "--new", str(draft))
    assert "Went out before, and does not now: 14.50" in told.output


def test_the_same_policy_flips_nothing_and_ends_with_0(
    support_house: SupportHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(support_house.shop, support_house)
    own = Path(str(resources.files("casewright.desks.returns.policy").joinpath("policy.md"))).parent
    ran = run(monkeypatch, support_house.home, "--new", str(own))
    assert ran.exit_code == 0, ran.output
    assert "4 case(s): 0 flip(s)" in ran.output
    late = run(monkeypatch, support_house.home, "--new", str(own), "--since", "2027-01-01")
    assert "0 case(s)" in late.output


def test_a_stored_decision_keeps_its_facts_and_no_word_of_anybody(support_house: SupportHouse) -> None:
    asker = support_house.customer(1)
    wanted = ASKED[0][2]
    support_house.shop.tools.call(asker, "create_return", wanted, key="k", case_id="case-1")
    kept = StoredCases(support_house.database, "main").find("case-1")
    assert kept is not None
    assert kept.decision is not None
    facts = kept.decision["facts"]
    assert (facts["reason"], facts["days_since_delivery"], facts["amount_minor"]) == ("changed_mind", 6, 1450)
    assert kept.decision["decision"]["outcome"] == "approve_return_and_refund"


def test_lines_of_a_file_are_run_too_and_what_fits_no_more_is_counted(
    draft: Path, tmp_path: Path, support_house: SupportHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(support_house.shop, support_house)
    cases = StoredCases(support_house.database, "main").of_customer("CUS-1001")
    facts = dict(cases[0].decision or {})["facts"]
    lines = tmp_path / "cases.jsonl"
    lines.write_text("\n".join(map(json.dumps, (facts, {**facts, "colour": "red"}, {}))), "utf-8")
    ran = run(monkeypatch, support_house.home, "--new", str(draft), "--facts", str(lines), "--json")
    report = json.loads(ran.output)
    assert (ran.exit_code, report["cases"], report["withheld_minor"]) == (1, 1, 1450)
    assert report["skipped"] == {
        "without_facts": 1,
        "facts_of_another_version": 1,
        "first_fault": "line 2: 'colour' is not a fact of this desk",
    }
    lines.write_text("{no", "utf-8")
    bad = run(monkeypatch, support_house.home, "--new", str(draft), "--facts", str(lines))
    assert (bad.exit_code, "line 1 is not JSON" in bad.output) == (2, True)
