"""Reliability diagrams and uplift curves as SVG files; by the extra `eval`.

Invariant: the same numbers give the same bytes: no date, no random ids. Nothing here computes a measure.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from casewright.evaluation.retention.reliability import ReliabilityBin
from casewright.evaluation.retention.svg_figures import Axes, Figure, save_figure
from casewright.evaluation.retention.uplift_metrics import UpliftCurves

_SIZE = (6.4, 4.8)


def draw_reliability(path: Path, title: str, series: Mapping[str, Sequence[ReliabilityBin]]) -> None:
    """Predicted against observed, by name of the model; a point's area is its share of rows."""
    figure, axes = _start(title, "predicted probability", "share that came true")
    axes.plot([0, 1], [0, 1], color="0.6", linestyle="--", linewidth=1, label="perfect")
    for name, bins in series.items():
        rows = sum(each.rows for each in bins)
        across, up = [each.predicted for each in bins], [each.observed for each in bins]
        (line,) = axes.plot(across, up, linewidth=1.2, label=name)
        axes.scatter(across, up, s=[20 + 400 * each.rows / rows for each in bins], color=line.get_color())
    _save(figure, axes, path)


def draw_qini(path: Path, title: str, curves: Mapping[str, UpliftCurves], unit: str) -> None:
    """Qini curves by name of the learner, and the line of a random ranking."""
    figure, axes = _start(title, "share of people, best first", f"{unit}: won per treated person")
    _draw_curves(axes, {name: (each.share.tolist(), each.qini.tolist()) for name, each in curves.items()})
    _save(figure, axes, path)


def draw_uplift(path: Path, title: str, curves: Mapping[str, UpliftCurves], unit: str) -> None:
    """Uplift curves by name of the learner: what treating the best share gains per person."""
    figure, axes = _start(title, "share of people treated, best first", f"gain in {unit} per person")
    _draw_curves(axes, {name: (each.share.tolist(), each.uplift.tolist()) for name, each in curves.items()})
    _save(figure, axes, path)


def _draw_curves(axes: Axes, curves: Mapping[str, tuple[list[float], list[float]]]) -> None:
    end = next((up[-1] for _, up in curves.values()), 0.0)
    axes.plot([0, 1], [0, end], color="0.6", linestyle="--", linewidth=1, label="random")
    for name, (across, up) in curves.items():
        axes.plot(across, up, linewidth=1.2, label=name)


def _start(title: str, across: str, up: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.add_subplot()
    axes.set(title=title, xlabel=across, ylabel=up)
    axes.grid(visible=True, alpha=0.25)
    return figure, axes


def _save(figure: Figure, axes: Axes, path: Path) -> None:
    axes.legend(fontsize="small")
    save_figure(figure, path)
