"""A small churn table by seed, as a file and as columns: nobody real stands in it."""

from pathlib import Path

import numpy as np


def write_churn(path: Path, rows: int = 600, seed: int = 1, shift: float = 0.0) -> Path:
    """Those with short tenure and monthly plans leave; one blank charge."""
    rng = np.random.default_rng(seed)
    tenure = np.floor(rng.gamma(2, 12, rows) + shift)
    yearly = rng.random(rows) < 0.4
    senior = rng.random(rows) < 0.2
    chance = 1 / (1 + np.exp(-(0.6 - tenure / 15 - 1.2 * yearly + 0.4 * senior)))
    left = rng.random(rows) < chance
    lines = ["customerID,tenure,Contract,SeniorCitizen,Method,TotalCharges,Churn"]
    for at in range(rows):
        contract, method = ("One year" if yearly[at] else "Month-to-month"), "abc"[at % 3]
        charges = "" if at == 0 else f"{tenure[at] * 40:.2f}"
        outcome = "Yes" if left[at] else "No"
        lines.append(f"m{at:04d},{tenure[at]:.0f},{contract},{senior[at]:d},{method},{charges},{outcome}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
