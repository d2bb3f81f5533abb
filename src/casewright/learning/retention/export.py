"""What a training leaves behind: the policy that serves, a run card in JSON, and its curves.

Invariant: the run card says with which population (by SHA-256 of what is observed, never by id), law, seed,
configuration and libraries the policy was made, and what it cost; the same training gives the same policy,
byte for byte. A policy that saw what a simulator hides is not exported.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from casewright.adapters.retention.weights import SHIPPED, write_policy
from casewright.domain.errors import ConfigurationError
from casewright.evaluation.bench_measures import describe_machine
from casewright.evaluation.retention.population import Population
from casewright.evaluation.retention.world import Law
from casewright.learning.retention.training import Judgement, Prices, Trained
from casewright.learning.retention.training_config import TrainingConfig

CARD, CURVES = "run_card.json", "curves.svg"


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run: with what, and what came of it."""

    trained: Trained
    frontier: dict[float, Prices]
    """Prices by share of the budget; that of 1 serves."""
    judged: Judgement
    """On customers who were kept aside."""
    config: TrainingConfig
    seed: int
    law: Law
    data: dict[str, Any]


def describe_population(population: Population, source: str) -> dict[str, Any]:
    """Which customers, without naming any. `source` is `synthetic` or the kind of table."""
    kept = int(population.is_kept_aside().sum())
    digest = hashlib.sha256(population.inputs().tobytes()).hexdigest()
    return {"source": source, "customers": len(population), "kept_aside": kept, "observed_sha256": digest}


def write_run(folder: Path, run: Run) -> list[Path]:
    """Write policy, card and curves; the files written. Curves need matplotlib, and are left out without."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    card = _build_card(run)
    if not run.trained.sight.sees_hidden:
        path = folder / SHIPPED
        card["policy"] = write_policy(path, run.trained.layers, _build_header(run))
        written.append(path)
    path = folder / CARD
    path.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", "utf-8")
    written.append(path)
    try:
        from casewright.learning.retention.training_plots import draw_training
    except ConfigurationError:
        return written
    draw_training(folder / CURVES, run.trained.curves)
    return [*written, folder / CURVES]


def _build_header(run: Run) -> dict[str, Any]:
    """What travels with the weights: nothing that differs from run to run."""
    prices = run.frontier[1.0]
    return {
        "name": "ppo",
        "trained_by": "casewright retention train",
        "seed": run.seed,
        "law": run.law.version,
        "data": run.data,
        "budget_price": prices[0],
        "complaint_price": prices[1],
        "budget_per_customer": run.law.budget * run.config.budget_share,
        "complaints_per_customer": run.law.complaint_cap * run.config.complaint_share,
        "prices_by_budget": [[share, *each] for share, each in sorted(run.frontier.items())],
        "config_sha256": hashlib.sha256(
            json.dumps(run.config.as_document(), sort_keys=True).encode()
        ).hexdigest(),
    }


def _build_card(run: Run) -> dict[str, Any]:
    trained = run.trained
    return {
        **_build_header(run),
        "is_servable": not trained.sight.sees_hidden,
        "kept_aside": {name: round(value, 4) for name, value in asdict(run.judged).items()},
        "customer_weeks": trained.steps,
        "cpu_s": round(trained.cpu_s, 1),
        "customer_weeks_per_cpu_s": round(trained.steps / max(trained.cpu_s, 1e-9)),
        "config": run.config.as_document(),
        "machine": describe_machine(),
        "libraries": {name: version(name) for name in ("numpy", "torch")},
        "curves": {
            "columns": ["value", "budget_used", "complaints_used", "budget_price", "complaint_price"],
            "by_iteration": [[round(each, 4) for each in row] for row in trained.curves],
        },
    }
