"""What a training run leaves behind: numbers as JSON with a run card, and plots beside them.

Invariant: the run card says on which data (by SHA-256, never by path), with which seed and libraries, and
what it cost; the same numbers stand in the file and on the screen. No row of the data is written.
"""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from casewright.adapters.retention.model_table import ModelTable
from casewright.adapters.retention.models import ExportedModel
from casewright.domain.errors import ConfigurationError
from casewright.evaluation.bench_measures import describe_machine
from casewright.evaluation.retention.uplift_metrics import QiniEstimate, uplift_curves
from casewright.learning.retention.acceptance import LevelReliability
from casewright.learning.retention.mistakes import Measured
from casewright.learning.retention.risk import TrainedModel, describe_judged
from casewright.learning.retention.selection import Candidate
from casewright.learning.retention.uplift_comparison import Campaign, Comparison

_PLOTTED = 6
_TIMED_ROWS = 1_000


def build_run_card(command: str, data: Path, table: ModelTable, seed: int, cpu_s: float) -> dict[str, Any]:
    """What the numbers depend on."""
    return {
        "command": command,
        "data_sha256": hashlib.sha256(data.read_bytes()).hexdigest(),
        "rows": len(table),
        "rows_left_out": len(table.problems),
        "columns_left_out": list(table.left_out),
        "seed": seed,
        "cpu_s": round(cpu_s, 2),
        "machine": describe_machine(),
        "libraries": {name: version(name) for name in ("numpy", "scikit-learn", "xgboost-cpu")},
    }


def build_model_document(trained: TrainedModel, table: ModelTable, run: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of a risk or acceptance model."""
    chosen = trained.selection.chosen
    return {
        "run": dict(run),
        "version": trained.model.version,
        "chosen": describe_judged(chosen),
        "intervals_95": {name: list(pair) for name, pair in trained.selection.intervals.items()},
        "candidates": [describe_judged(each) for each in trained.selection.judged],
        "reliability": [asdict(each) for each in chosen.whole.bins],
        "mean_contributions_log_odds": trained.contributions,
        "one_row": time_one_row(trained.model, table),
    }


def time_one_row(model: ExportedModel, table: ModelTable) -> dict[str, float]:
    """Processor microseconds of one customer, from names to a probability; and of XGBoost's own call."""
    import xgboost

    asked = list(islice(table.rows(model.inputs.sources), _TIMED_ROWS))
    start = time.process_time()
    for features in asked:
        model.probability(features)
    ours = time.process_time() - start
    booster = xgboost.Booster(model_file=bytearray(model.booster))
    booster.set_param({"nthread": 1})
    row = np.array([model.inputs.row(asked[0])])
    start = time.process_time()
    for _ in asked:
        booster.inplace_predict(row)
    theirs = time.process_time() - start
    micro = 1e6 / len(asked)
    return {"row_us": round(ours * micro, 1), "xgboost_booster_alone_us": round(theirs * micro, 1)}


def describe_levels(levels: Sequence[LevelReliability]) -> list[dict[str, Any]]:
    """Acceptance by offer level, as a document."""
    return [asdict(each) for each in levels]


def describe_mistakes(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """Mistakes and what stands beside them, as a document."""
    return [asdict(each) for each in measured]


def draw_model(trained: TrainedModel, folder: Path, name: str) -> Path:
    """The reliability diagram: what was chosen, beside the logistic regression. Raises ConfigurationError."""
    from casewright.evaluation.retention.model_plots import draw_reliability

    chosen = trained.selection.chosen
    shown = {f"{chosen.candidate}, calibration {chosen.method}": chosen.whole.bins}
    for each in trained.selection.judged:
        if each.candidate == Candidate.LOGISTIC and each.method == "none" and each is not chosen:
            shown[f"{each.candidate}"] = each.whole.bins
    path = folder / f"{name}-reliability.svg"
    draw_reliability(path, f"Reliability of the model of {name}, out of fold", shown)
    return path


def build_comparison_document(comparison: Comparison, campaign: Campaign) -> dict[str, Any]:
    """Uplift learners on one campaign, and how our best stands to the peers' best."""
    ours, theirs = comparison.best(is_ours=True), comparison.best(is_ours=False)
    document: dict[str, Any] = {
        "people": len(campaign.outcome),
        "treated_share": round(float(campaign.treated.mean()), 6),
        "learners": [
            {"name": each.name, "is_ours": each.is_ours, "cpu_s": round(each.cpu_s, 3), **asdict(each.qini)}
            for each in comparison.scored
        ],
    }
    if ours is not None and theirs is not None:
        differences = sorted((ours.drawn - theirs.drawn).tolist())
        at = (round(0.025 * len(differences)), round(0.975 * len(differences)) - 1)
        document["against_peers"] = {
            "ours": ours.name,
            "peers": theirs.name,
            "lies": _place(ours.qini.value, theirs.qini),
            "difference": ours.qini.value - theirs.qini.value,
            "difference_95": [differences[each] for each in at],
            "versions": comparison.peers.get("versions", {}),
            "failed": comparison.peers.get("failed", {}),
        }
    return document


def _place(value: float, interval: QiniEstimate) -> str:
    if value < interval.low:
        return "below"
    return "within" if value <= interval.high else "above"


def draw_comparison(
    comparison: Comparison, campaign: Campaign, folder: Path, name: str, unit: str
) -> tuple[Path, ...]:
    """Qini and uplift curves of the best learners. Raises ConfigurationError without matplotlib."""
    from casewright.evaluation.retention.model_plots import draw_qini, draw_uplift

    ours = [each for each in comparison.scored if each.is_ours]
    theirs = [each for each in comparison.scored if not each.is_ours]
    shown = [*ours[:_PLOTTED], *theirs[:2]]
    curves = {each.name: uplift_curves(each.scores, campaign.treated, campaign.outcome) for each in shown}
    paths = folder / f"{name}-qini.svg", folder / f"{name}-uplift.svg"
    draw_qini(paths[0], "Qini curves, out of fold", curves, unit)
    draw_uplift(paths[1], "Uplift curves, out of fold", curves, unit)
    return paths


def write_document(path: Path, document: Mapping[str, Any]) -> None:
    """JSON, indented. Raises ConfigurationError where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise ConfigurationError(f"--out: {path} cannot be written: {error.strerror}") from None
