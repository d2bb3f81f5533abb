"""An uplift tree and a forest of them, in NumPy: leaves hold the difference of means of treated and controls.

Splits maximise the squared distance of the two sides' effects, weighted by their rows (the Euclidean
criterion of Rzepakowski and Jaroszewicz 2012, as causal trees use it), among bins of equal mass. One level is
grown at a time, all its nodes by one count per column. Left out: pruning by a test (least leaves do that
work), honest halves, and more than two arms.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
_BINS = 12


@dataclass(frozen=True, slots=True)
class TreeSettings:
    """How trees are grown."""

    trees: int = 12
    depth: int = 3
    least_arm_rows: int = 150
    """Of each arm in a leaf."""
    row_share: float = 0.5
    column_share: float = 0.8
    shrink_rows: float = 600.0
    """A leaf's effect counts as much as that of its parent at this many rows."""
    seed: int = 42


@dataclass(frozen=True, slots=True)
class UpliftTree:
    """Nodes in the order of a heap: node i leads to 2 i + 1 (at most the cut) and 2 i + 2."""

    column: Ints
    """-1: a leaf."""
    cut: Ints
    """Greatest bin of the left side."""
    effect: Floats

    def predict(self, bins: Ints) -> Floats:
        """Effect for rows (n, columns) of bins, shape (n,)."""
        node = np.zeros(len(bins), dtype=np.intp)
        rows = np.arange(len(bins))
        for _ in range(int(np.log2(len(self.column) + 1))):
            column = self.column[node]
            is_inner = column >= 0
            following = 2 * node + 1 + (bins[rows, column] > self.cut[node])
            node = np.where(is_inner, following, node)
        found: Floats = self.effect[node]
        return found


@dataclass(frozen=True, slots=True)
class UpliftForest:
    """The mean of its trees."""

    edges: tuple[Floats, ...]
    trees: tuple[UpliftTree, ...]

    def predict(self, rows: Floats) -> Floats:
        """Effect for rows (n, columns), shape (n,)."""
        bins = cut_bins(rows, self.edges)
        found: Floats = np.mean([tree.predict(bins) for tree in self.trees], axis=0)
        return found


def fit_forest(rows: Floats, treated: Floats, outcome: Floats, settings: TreeSettings) -> UpliftForest:
    """Trees on halves of the rows, each of a share of the columns; with one tree, on all of both."""
    rng = np.random.default_rng(settings.seed)
    edges = tuple(_edges(rows[:, each]) for each in range(rows.shape[1]))
    bins = cut_bins(rows, edges)
    trees = []
    for _ in range(settings.trees):
        some, columns = np.arange(len(rows)), np.arange(rows.shape[1])
        if settings.trees > 1:
            some = rng.permutation(len(rows))[: round(settings.row_share * len(rows))]
            columns = np.sort(rng.permutation(columns)[: max(1, round(settings.column_share * len(columns)))])
        trees.append(_grow(bins[some], treated[some], outcome[some], columns, settings))
    return UpliftForest(edges, tuple(trees))


def cut_bins(rows: Floats, edges: tuple[Floats, ...]) -> Ints:
    """Rows (n, columns) as numbers of bins."""
    found = [np.searchsorted(cuts, rows[:, each], side="left") for each, cuts in enumerate(edges)]
    return np.stack(found, axis=1).astype(np.intp)


def _edges(values: Floats) -> Floats:
    cuts = np.unique(np.quantile(values, np.linspace(0, 1, _BINS + 1)[1:-1], method="lower"))
    return np.asarray(cuts[cuts < values.max()], dtype=np.float64)


def _grow(bins: Ints, treated: Floats, outcome: Floats, columns: Ints, settings: TreeSettings) -> UpliftTree:
    size = 2 ** (settings.depth + 1) - 1
    column, cut = np.full(size, -1, dtype=np.intp), np.zeros(size, dtype=np.intp)
    effect = np.zeros(size)
    node = np.zeros(len(bins), dtype=np.intp)
    mass = np.stack([treated, 1 - treated, treated * outcome, (1 - treated) * outcome])
    for level in range(settings.depth + 1):
        first, count = 2**level - 1, 2**level
        is_here = node >= first
        place = node[is_here] - first
        here = mass[:, is_here]
        totals = np.stack([np.bincount(place, each, count).astype(np.float64) for each in here])
        _set_effects(effect, totals, first, settings)
        if level == settings.depth:
            break
        best, best_cut, best_column = np.zeros(count), np.zeros(count, np.intp), np.full(count, -1, np.intp)
        for each in columns:
            gains, cuts = _best_cuts(bins[is_here, each], place, here, totals, settings.least_arm_rows)
            is_better = gains > best
            best, best_cut = np.where(is_better, gains, best), np.where(is_better, cuts, best_cut)
            best_column = np.where(is_better, each, best_column)
        column[first : first + count], cut[first : first + count] = best_column, best_cut
        moving = np.flatnonzero(is_here)
        moving = moving[best_column[place] >= 0]
        own = node[moving]
        node[moving] = 2 * own + 1 + (bins[moving, column[own]] > cut[own])
    return UpliftTree(column, cut, effect)


def _set_effects(effect: Floats, totals: Floats, first: int, settings: TreeSettings) -> None:
    found = totals[2] / np.maximum(totals[0], 1) - totals[3] / np.maximum(totals[1], 1)
    nodes = np.arange(first, first + totals.shape[1])
    if first == 0:
        effect[nodes] = found
        return
    rows = totals[0] + totals[1]
    share = rows / np.maximum(rows + settings.shrink_rows, 1)
    effect[nodes] = share * found + (1 - share) * effect[(nodes - 1) // 2]


def _best_cuts(
    bins: Ints, place: Ints, mass: Floats, totals: Floats, least: int
) -> tuple[Floats, npt.NDArray[np.intp]]:
    """For one column, the gain and the cut of each node of a level; gain 0 where no cut is allowed."""
    nodes, width = totals.shape[1], int(bins.max(initial=0)) + 1
    if width < 2:
        return np.zeros(nodes), np.zeros(nodes, dtype=np.intp)
    at = place * width + bins
    counted = [np.bincount(at, each, nodes * width).reshape(nodes, width) for each in mass]
    left = np.cumsum(np.stack(counted), axis=2)[:, :, :-1]
    right = totals[:, :, None] - left
    effects = [side[2] / np.maximum(side[0], 1) - side[3] / np.maximum(side[1], 1) for side in (left, right)]
    rows_left, rows_right = left[0] + left[1], right[0] + right[1]
    gains = rows_left * rows_right / np.maximum(rows_left + rows_right, 1) * (effects[0] - effects[1]) ** 2
    is_allowed = np.minimum(left[:2].min(axis=0), right[:2].min(axis=0)) >= least
    gains = np.where(is_allowed, gains, 0.0)
    cuts = gains.argmax(axis=1)
    return gains[np.arange(nodes), cuts], cuts
