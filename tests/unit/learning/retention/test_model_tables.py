"""The page's tables say what the documents say."""

from casewright.learning.retention.model_tables import (
    build_candidates_table,
    build_mistakes_table,
    build_uplift_tables,
)


def candidate(name: str, auc: float) -> dict[str, object]:
    return {
        "candidate": name,
        "calibration": "none",
        "auc": auc,
        "auc_by_fold": [0.84, 0.86],
        "brier": 0.13312,
        "ece": 0.01,
        "ece_equal_mass": 0.02,
        "ece_mean_of_folds": 0.03,
    }


def document(auc: float) -> dict[str, object]:
    return {
        "run": {"rows": 7_043, "seed": 42, "cpu_s": 2.44},
        "chosen": candidate("blend of both", auc),
        "candidates": [candidate("booster", 0.84), candidate("blend of both", auc)],
        "intervals_95": {"auc": [0.8387, 0.8598]},
        "one_row": {"row_us": 36.4, "xgboost_booster_alone_us": 94.1},
    }


def test_the_chosen_candidate_is_marked_and_the_bar_is_judged() -> None:
    table = build_candidates_table(document(0.8502))
    assert "| booster | none | 0.8400 | 0.1331 | 0.0100 |  |" in table
    assert "| blend of both | none | 0.8502 | 0.1331 | 0.0100 | chosen |" in table
    assert "| ≥ 0.848 | ≤ 0.135 | ≤ 0.025 | met |" in table
    assert "7,043 rows, seed 42, 2.4 CPU-s. 95 % intervals of the chosen one: AUC 0.8387 to 0.8598." in table
    assert "One row: 36 µs" in table
    assert "≤ 0.025 | missed |" in build_candidates_table(document(0.8479))


def test_mistakes_are_marked() -> None:
    rows = [
        {"name": "plain", "auc": 0.8, "brier": 0.1, "ece": 0.01, "is_mistaken": False},
        {"name": "weighted", "auc": 0.8, "brier": 0.2, "ece": 0.14, "is_mistaken": True},
    ]
    lines = build_mistakes_table({"mistakes": rows}).splitlines()
    assert lines[2:] == [
        "| plain | 0.8000 | 0.1000 | 0.0100 |  |",
        "| weighted | 0.8000 | 0.2000 | 0.1400 | mistaken |",
    ]


def test_ours_are_bold_and_the_best_of_each_side_are_compared() -> None:
    learners = [
        {"name": "T-learner", "is_ours": True, "value": 0.004, "low": 0.001, "high": 0.006, "cpu_s": 0.1},
        {"name": "their T", "is_ours": False, "value": 0.003, "low": 0.001, "high": 0.005, "cpu_s": 0.2},
    ]
    against = {
        "ours": "T-learner",
        "peers": "their T",
        "lies": "within",
        "difference": 0.001,
        "difference_95": [-0.0005, 0.002],
    }
    campaign = {"people": 3_000, "treated_share": 0.664, "learners": learners, "against_peers": against}
    text = build_uplift_tables({"campaigns": {"any": campaign}})
    assert text.startswith("All treatments together; 3,000 people, 66.4% of them treated.")
    assert "| **T-learner** | 4.00 | 1.00 to 6.00 | 0.10 |" in text
    assert "| their T | 3.00 | 1.00 to 5.00 | 0.20 |" in text
    assert text.endswith(
        "Our best, T-learner, lies within the interval of the peers' best, their T; the difference is 1.00"
        " (-0.50 to 2.00)."
    )
