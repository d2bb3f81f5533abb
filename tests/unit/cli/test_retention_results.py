"""Where results of the evaluating commands go."""

import json
from pathlib import Path

from casewright.cli import retention_results
from casewright.cli.retention_results import build_grounds_of, facts_of, rewrite_page, write_results


def test_numbers_are_rounded_and_written_as_json(tmp_path: Path) -> None:
    write_results("simulate", tmp_path, {"a": 1 / 3, "b": [{"c": 2 / 3}], "d": (1,)})
    written = json.loads((tmp_path / "simulate.json").read_text("utf-8"))
    assert written == {"a": 0.333333, "b": [{"c": 0.666667}], "d": [1]}


def test_only_the_default_folder_rewrites_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- retention x: begin -->\nold\n<!-- retention x: end -->\n", "utf-8")
    rewrite_page("x", tmp_path, "new", page)
    assert "old" in page.read_text("utf-8")
    rewrite_page("x", retention_results.OUT, "new", page)
    assert page.read_text("utf-8") == "<!-- retention x: begin -->\nnew\n<!-- retention x: end -->\n"


def test_facts_say_what_the_numbers_depend_on() -> None:
    facts = facts_of(build_grounds_of(None, 200, 7), "arena", None)
    assert facts["made_by"] == "casewright retention arena"
    assert facts["training"] + facts["kept_aside"] == 200
    assert facts["seed"] == 7


def test_a_share_of_the_budget_changes_the_limit_and_nothing_else() -> None:
    whole, half = build_grounds_of(None, 200, 7), build_grounds_of(None, 200, 7, 0.5)
    assert half.world.budget == half.tuning.budget == whole.world.budget / 2
    assert half.world.complaint_cap == whole.world.complaint_cap
    assert (half.world.hazard == whole.world.hazard).all()
