"""A training's curves as one SVG file; by the extra `eval`.

Invariant: the same numbers give the same bytes. Nothing here computes a measure.
"""

from collections.abc import Sequence
from pathlib import Path

from casewright.evaluation.retention.svg_figures import Figure, save_figure

_PANELS = (
    ("value per customer", ((0, "value"),)),
    ("used of what is allowed", ((1, "budget"), (2, "complaints"))),
    ("price of the budget", ((3, "budget"),)),
    ("price of a complaint", ((4, "complaints"),)),
)


def draw_training(path: Path, curves: Sequence[Sequence[float]]) -> None:
    """Four panels over the iterations: value, limits used, and both prices."""
    figure = Figure(figsize=(9.6, 6.4), layout="constrained")
    for axes, (title, lines) in zip(figure.subplots(2, 2).ravel(), _PANELS, strict=True):
        for column, label in lines:
            axes.plot([row[column] for row in curves], linewidth=1.2, label=label)
        if len(lines) > 1:
            axes.axhline(1.0, color="0.6", linestyle="--", linewidth=1)
            axes.legend(fontsize="small")
        axes.set(title=title, xlabel="iteration")
        axes.grid(visible=True, alpha=0.25)
    save_figure(figure, path)
