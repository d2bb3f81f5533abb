"""Results by profile are computed once, and looked up."""

import numpy as np

from casewright.domain.outreach import PROFILE_INPUTS
from casewright.evaluation.retention.profile_table import ProfileTable


def test_a_profile_is_computed_once_and_found_again_in_any_order() -> None:
    asked: list[int] = []

    def compute(profiles: np.ndarray) -> np.ndarray:
        asked.append(len(profiles))
        return profiles[:, 0] * 10

    table = ProfileTable(compute)
    profiles = np.arange(4 * PROFILE_INPUTS, dtype=np.float32).reshape(4, PROFILE_INPUTS)
    first = table.columns(profiles[[2, 0, 2]])
    assert table.results is not None
    assert table.results[first].tolist() == [260, 0, 260]
    second = table.columns(profiles[[3, 2, 1, 0]])
    assert table.results[second].tolist() == [390, 260, 130, 0]
    assert asked == [2, 2]
