"""The uplift tree on tables small enough to work out by hand."""

import numpy as np

from casewright.learning.retention.uplift_tree import TreeSettings, cut_bins, fit_forest

ONE = TreeSettings(trees=1, depth=1, least_arm_rows=2, shrink_rows=0.0)


def small_table() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of 0 in the second column nobody gains; of 1, treated all win and controls none. The first is noise."""
    second = np.repeat([0.0, 1.0], 8)
    treated = np.tile([1.0, 0.0], 8)
    rows = np.column_stack([np.tile([0.0, 0.0, 1.0, 1.0], 4), second])
    return rows, treated, treated * second


def test_the_split_with_the_greatest_difference_of_effects_is_taken() -> None:
    rows, treated, outcome = small_table()
    forest = fit_forest(rows, treated, outcome, ONE)
    assert forest.trees[0].column.tolist() == [1, -1, -1]
    assert forest.predict(rows).tolist() == [0.0] * 8 + [1.0] * 8


def test_a_leaf_leans_on_its_parent_by_its_rows() -> None:
    rows, treated, outcome = small_table()
    settings = TreeSettings(trees=1, depth=1, least_arm_rows=2, shrink_rows=8.0)
    # the root's effect is 1/2; leaves of 8 rows lean half on it
    assert fit_forest(rows, treated, outcome, settings).predict(rows)[[0, 15]].tolist() == [0.25, 0.75]


def test_no_leaf_has_fewer_of_an_arm_than_the_least() -> None:
    rows, treated, outcome = small_table()
    settings = TreeSettings(trees=1, depth=2, least_arm_rows=5, shrink_rows=0.0)
    assert fit_forest(rows, treated, outcome, settings).predict(rows).tolist() == [0.5] * 16


def test_a_column_that_never_changes_is_never_split() -> None:
    rows, treated, outcome = small_table()
    rows[:, 1] = 3.0
    assert set(fit_forest(rows, treated, outcome, ONE).trees[0].column.tolist()) <= {-1, 0}


def test_bins_count_the_cuts_below_a_value() -> None:
    assert cut_bins(np.array([[0.5], [1.0], [1.5], [9.0]]), (np.array([1.0, 2.0]),))[:, 0].tolist() == [
        0,
        0,
        1,
        2,
    ]
