"""Plots are made of the JSON alone, and the same bytes each time."""

from pathlib import Path

from casewright.evaluation.retention.arena_plots import PLOTS, draw_results

INTERVAL = {"mean": 0.5, "low": 0.4, "high": 0.6}
COHORTS = {"share": 0.7, "most_budget": 1.1, "most_complaints": 0.9}
BLOCK = {"title": "One decision", "truth": 270.0, "estimates": [{"method": "DR", "interval": INTERVAL}]}
DOCUMENTS = {
    "arena": {
        "scored": [{"name": "a", "share": INTERVAL, "budget_used": INTERVAL, "complaints_used": INTERVAL}]
    },
    "stress": {"shifts": [{"shift": "none", "open": COHORTS, "shielded": COHORTS}]},
    "ope": {"one_decision": BLOCK, "sequential": BLOCK},
}


def test_every_result_has_its_plots_and_they_replay(tmp_path: Path) -> None:
    assert set(DOCUMENTS) == set(PLOTS)
    for name, document in DOCUMENTS.items():
        first = [path.read_bytes() for path in draw_results(name, document, tmp_path / "a")]
        second = [path.read_bytes() for path in draw_results(name, document, tmp_path / "b")]
        assert first == second
        assert all(plot.startswith(b"<?xml") for plot in first)
