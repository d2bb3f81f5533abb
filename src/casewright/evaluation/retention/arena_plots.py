"""Plots of arena, stress tests and off-policy estimates, as SVG, from the JSON that their commands wrote.

Invariant: the same results give the same bytes: no date, no random ids. Nothing here computes a measure.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from casewright.evaluation.retention.svg_figures import Axes, Figure, save_figure

Document = Mapping[str, Any]
_BLUE, _RED, _GREY = "#4878a8", "#aa3333", "#555555"


def draw_arena(path: Path, document: Document) -> None:
    """Shares of the bound with their intervals, a bar for each policy."""
    rows = sorted(document["scored"], key=lambda row: row["share"]["mean"])
    figure, axes = _start(9.0, 0.4 * len(rows) + 1.4)
    shares = [100 * row["share"]["mean"] for row in rows]
    below = [100 * (row["share"]["mean"] - row["share"]["low"]) for row in rows]
    above = [100 * (row["share"]["high"] - row["share"]["mean"]) for row in rows]
    axes.barh(
        [row["name"] for row in rows], shares, xerr=[below, above], color=_BLUE, ecolor=_GREY, capsize=2
    )
    axes.axvline(0, color=_GREY, linewidth=0.8)
    axes.set(title="Same customers, same seeds", xlabel="share of the full-information bound, %")
    save_figure(figure, path)


def draw_limits(path: Path, document: Document) -> None:
    """What each policy used of both limits, beside its share of the bound."""
    figure, axes = _start(8.0, 5.0)
    shares = [100 * row["share"]["mean"] for row in document["scored"]]
    for mark, name in (("o", "budget_used"), ("^", "complaints_used")):
        used = [row[name]["mean"] for row in document["scored"]]
        axes.scatter(used, shares, marker=mark, label=name.replace("_", " "))
    axes.axvline(1.0, color=_RED, linewidth=0.8)
    axes.set(title="Limits", xlabel="realised over allowed", ylabel="share of the bound, %")
    axes.legend()
    save_figure(figure, path)


def draw_stress(path: Path, document: Document) -> None:
    """Value under each shift, open and shielded, and the greatest use of a limit in any cohort."""
    rows = document["shifts"]
    figure = Figure(figsize=(10.0, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    names = [row["shift"] for row in rows]
    for offset, kind, colour in ((-0.2, "open", _GREY), (0.2, "shielded", _BLUE)):
        places = [index + offset for index in range(len(rows))]
        left.barh(places, [100 * row[kind]["share"] for row in rows], height=0.38, color=colour, label=kind)
        worst = [max(row[kind]["most_budget"], row[kind]["most_complaints"]) for row in rows]
        right.barh(places, worst, height=0.38, color=colour, label=kind)
    for axes in (left, right):
        axes.set_yticks(range(len(rows)), names)
        axes.invert_yaxis()
    left.set(title="Value", xlabel="share of the unshifted bound, %")
    right.set(title="Worst cohort", xlabel="greatest use of a limit, realised over allowed")
    right.axvline(1.0, color=_RED, linewidth=0.8)
    left.legend()
    save_figure(figure, path)


def draw_estimates(path: Path, document: Document) -> None:
    """Off-policy estimates of one log with their intervals, and the truth."""
    blocks = [document["one_decision"], document["sequential"]]
    figure = Figure(figsize=(10.0, 4.0), layout="constrained")
    for axes, block in zip(figure.subplots(1, 2), blocks, strict=True):
        rows = block["estimates"]
        values = [row["interval"]["mean"] for row in rows]
        below = [row["interval"]["mean"] - row["interval"]["low"] for row in rows]
        above = [row["interval"]["high"] - row["interval"]["mean"] for row in rows]
        axes.errorbar(values, range(len(rows)), xerr=[below, above], fmt="o", color=_BLUE, capsize=3)
        axes.set_yticks(range(len(rows)), [row["method"] for row in rows])
        axes.axvline(block["truth"], color=_RED, linewidth=0.8)
        axes.set(title=block["title"], xlabel="value per customer")
    save_figure(figure, path)


PLOTS: dict[str, tuple[tuple[str, Callable[[Path, Document], None]], ...]] = {
    "arena": (("arena", draw_arena), ("limits", draw_limits)),
    "stress": (("stress", draw_stress),),
    "ope": (("ope", draw_estimates),),
}
"""By the name of the results: the plots that are made of them, by file name."""


def draw_results(name: str, document: Document, folder: Path) -> list[Path]:
    """All plots of these results; the files that were written."""
    paths = []
    for stem, draw in PLOTS[name]:
        path = folder / f"{stem}.svg"
        draw(path, document)
        paths.append(path)
    return paths


def _start(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()
