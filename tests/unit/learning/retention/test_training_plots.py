"""Curves: one file, the same bytes for the same numbers."""

from pathlib import Path

from casewright.learning.retention.training_plots import draw_training

CURVES = [(270.0 + week, 1.2, 0.8, 1.0, 20.0) for week in range(5)]


def test_the_same_curves_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        draw_training(tmp_path / "plots" / name, CURVES)
    assert (tmp_path / "plots" / "a.svg").read_bytes() == (tmp_path / "plots" / "b.svg").read_bytes()


def test_every_panel_has_its_title(tmp_path: Path) -> None:
    draw_training(tmp_path / "a.svg", CURVES)
    drawn = (tmp_path / "a.svg").read_text("utf-8")
    assert all(
        title in drawn for title in ("value per customer", "used of what is allowed", "price of the budget")
    )
