"""Whether customers still look as they did when a model was trained: PSI and KS per input, and of the score.

The reference is a histogram kept with the model, never its customers. Invariant: `has_drifted` needs both a
shift worth acting on (PSI from 0.1) and more of it than chance gives to samples of these sizes, so that a
small sample of the same law is not called drift. Population stability index: Siddiqi 2006; under no drift it
is distributed as chi-squared times (1/n + 1/m) (Yurdakul and Naranjo 2020).
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Cells = Sequence[float | str | None]
SCORE = "score"
PSI_WATCHED, PSI_DRIFTED = 0.1, 0.25
_BINS, _GRID = 10, 100
_LEAST_SHARE = 1e-4
_Z = 3.09
"""Normal quantile: one false alarm in 1,000 inputs."""


@dataclass(frozen=True, slots=True)
class InputDrift:
    """One input, then and now."""

    name: str
    psi: float
    """Population stability index over deciles of then, or over kinds; a blank is a bin of its own."""
    ks: float | None
    """Largest distance of the distribution functions, on the reference's percentiles; None for kinds."""
    psi_by_chance: float
    """What 999 of 1,000 samples of the same law stay below."""
    has_drifted: bool

    @property
    def state(self) -> str:
        """`steady`, `watched` (PSI 0.1 to 0.25) or `drifted`."""
        if not self.has_drifted:
            return "steady"
        return "drifted" if self.psi >= PSI_DRIFTED else "watched"


def build_reference(columns: Mapping[str, Cells], scores: Floats) -> dict[str, Any]:
    """How each input and the score lie, as a document of histograms."""
    named = {**columns, SCORE: scores.tolist()}
    return {name: _describe(cells) for name, cells in named.items()}


def measure_drift(
    reference: Mapping[str, Any], columns: Mapping[str, Cells], scores: Floats
) -> tuple[InputDrift, ...]:
    """Every input of the reference that the new table has, and the score; the most shifted first."""
    named = {**columns, SCORE: scores.tolist()}
    found = [_compare(name, reference[name], named[name]) for name in reference if name in named]
    return tuple(sorted(found, key=lambda each: -each.psi))


def _describe(cells: Cells) -> dict[str, Any]:
    blanks = sum(cell is None for cell in cells) / len(cells)
    document: dict[str, Any] = {"rows": len(cells), "blank": round(blanks, 9)}
    if any(isinstance(cell, str) for cell in cells):
        counted = Counter(cell for cell in cells if isinstance(cell, str))
        return {**document, "kinds": {kind: round(counted[kind] / len(cells), 9) for kind in sorted(counted)}}
    values = _numbers(cells)
    if not len(values):
        return {**document, "kinds": {}}
    grid = np.quantile(values, np.linspace(0, 1, _GRID + 1)[1:-1])
    edges = np.unique(np.quantile(values, np.linspace(0, 1, _BINS + 1)[1:-1]))
    return {
        **document,
        "edges": [float(f"{each:.9g}") for each in edges],
        "shares": [round(float(each), 9) for each in _histogram(values, edges, len(cells))],
        "grid": [float(f"{each:.9g}") for each in grid],
        "at_most": [round(float(each), 9) for each in _at_most(values, grid)],
    }


def _compare(name: str, then: Mapping[str, Any], cells: Cells) -> InputDrift:
    blanks = sum(cell is None for cell in cells) / len(cells)
    ks = None
    if "kinds" in then:
        counted = Counter(cells)
        now = [counted[kind] / len(cells) for kind in then["kinds"]]
        before, after = [*then["kinds"].values(), 0.0], [*now, max(0.0, 1 - sum(now) - blanks)]
    else:
        values, edges = _numbers(cells), np.array(then["edges"])
        before, after = then["shares"], _histogram(values, edges, len(cells)).tolist()
        if len(values):
            ks = float(np.abs(_at_most(values, np.array(then["grid"])) - np.array(then["at_most"])).max())
    psi, used = _stability(np.array([*before, then["blank"]]), np.array([*after, blanks]))
    chance = _chi_squared_top(max(used - 1, 1)) * (1 / then["rows"] + 1 / len(cells))
    return InputDrift(name, psi, ks, chance, psi >= PSI_WATCHED and psi > chance)


def _stability(before: Floats, after: Floats) -> tuple[float, int]:
    """PSI, and the number of bins that hold anything."""
    used = (before > 0) | (after > 0)
    old, new = np.maximum(before[used], _LEAST_SHARE), np.maximum(after[used], _LEAST_SHARE)
    return float(((new - old) * np.log(new / old)).sum()), int(used.sum())


def _chi_squared_top(freedom: int) -> float:
    """The 99.9 % point of chi-squared, by Wilson and Hilferty's cube."""
    part = 2 / (9 * freedom)
    return float(freedom * (1 - part + _Z * math.sqrt(part)) ** 3)


def _histogram(values: Floats, edges: Floats, rows: int) -> Floats:
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    return np.asarray(counts / rows, dtype=np.float64)


def _at_most(values: Floats, grid: Floats) -> Floats:
    found = np.searchsorted(np.sort(values), grid, side="right") / len(values)
    return np.asarray(found, dtype=np.float64)


def _numbers(cells: Cells) -> Floats:
    return np.array([cell for cell in cells if isinstance(cell, int | float)], dtype=np.float64)
