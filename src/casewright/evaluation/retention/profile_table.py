"""Results by profile: computed once for each profile that is met, and looked up from then on.

Invariant: a lookup gives what computing anew would give, whichever profiles were met before.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from casewright.domain.outreach import PROFILE_INPUTS
from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.policies import Indices

_MARK = np.random.default_rng(5).normal(size=PROFILE_INPUTS)
"""A profile's mark is its product with these: the same for the same profile, another for another."""


class ProfileTable:
    """`compute` gives, for profiles (m, PROFILE_INPUTS), an array whose last axis is m."""

    def __init__(self, compute: Callable[[Floats], npt.NDArray[Any]]) -> None:
        self._compute = compute
        self._marks: Floats = np.zeros(0)
        self._places: Indices = np.zeros(0, dtype=np.int64)
        self.results: npt.NDArray[Any] | None = None

    def columns(self, profiles: Floats) -> Indices:
        """(n,) where in the last axis of `results` these profiles stand."""
        marks = (profiles.astype(np.float64) * _MARK).sum(axis=1)
        place = np.searchsorted(self._marks, marks)
        known = place < len(self._marks)
        known[known] = self._marks[place[known]] == marks[known]
        if not known.all():
            self._add(profiles[~known], marks[~known])
            place = np.searchsorted(self._marks, marks)
        found: Indices = self._places[place]
        return found

    def _add(self, profiles: Floats, marks: Floats) -> None:
        fresh, first = np.unique(marks, return_index=True)
        more = self._compute(profiles[first])
        start = 0 if self.results is None else self.results.shape[-1]
        self.results = more if self.results is None else np.concatenate([self.results, more], axis=-1)
        joined = np.concatenate([self._marks, fresh])
        places = np.concatenate([self._places, start + np.arange(len(fresh))])
        order = np.argsort(joined)
        self._marks, self._places = joined[order], places[order]
