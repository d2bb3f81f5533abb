"""The risk and acceptance models that ship: trained on tables drawn from the synthetic population, by seed.

A customer of the churn table leaves with the risk that the population gives; a contact of the contact table
offers a level at random, and is accepted as the frozen law says. Invariant: the same seed and libraries give
the same bytes, so that what ships can be made again and compared. No real customer stands behind any of it.
"""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np

from casewright.adapters.retention.inputs import profile_features
from casewright.adapters.retention.model_table import Cell, ModelTable
from casewright.adapters.retention.models import ACCEPTANCE, LEVEL, RISK
from casewright.domain.outreach import OFFER_LEVELS
from casewright.evaluation.retention.population import draw_population
from casewright.evaluation.retention.world import build_world, read_law
from casewright.learning.retention.acceptance import OUTCOME, train_acceptance
from casewright.learning.retention.blend import BlendSettings
from casewright.learning.retention.risk import TrainedModel, train_risk

CUSTOMERS = 20_000
LEFT = "churned"
_ID = "customer_id"


def draw_churn_table(seed: int = 42, customers: int = CUSTOMERS) -> ModelTable:
    """Made-up customers and whether each left within the quarter."""
    population = draw_population(customers, seed)
    left = np.random.default_rng([seed, 21]).random(customers) < population.risk
    rows = [profile_features(population.profile(each)) for each in range(customers)]
    return _as_table(rows, left.astype(float).tolist(), population.customer_ids)


def draw_contact_table(seed: int = 42, customers: int = CUSTOMERS) -> ModelTable:
    """Made-up contacts, one a customer, each with an offer level drawn at random."""
    population = draw_population(customers, seed)
    world = build_world(population, read_law(), seed)
    rng = np.random.default_rng([seed, 22])
    levels = rng.integers(OFFER_LEVELS, size=customers)
    accepted = rng.random(customers) < world.accept[np.arange(customers), levels]
    rows = [
        {LEVEL: str(levels[each]), **profile_features(population.profile(each))} for each in range(customers)
    ]
    return _as_table(rows, accepted.astype(float).tolist(), population.customer_ids)


def make_models(
    folder: Path, seed: int = 42, customers: int = CUSTOMERS, tell: Callable[[int], None] = lambda _done: None
) -> tuple[TrainedModel, TrainedModel]:
    """Train and export both under `folder`; `tell` hears how many of the two are done."""
    settings = BlendSettings(seed=seed)
    facts = {"data": "synthetic population", "population_seed": seed}
    made_by = {"trained_by": "casewright retention make-models"}
    risk = train_risk(
        draw_churn_table(seed, customers), folder / RISK, settings, {"outcome": LEFT, **facts, **made_by}
    )
    tell(1)
    law = {"law": read_law().version[:12]}
    acceptance, _ = train_acceptance(
        draw_contact_table(seed, customers),
        folder / ACCEPTANCE,
        settings=settings,
        facts={"outcome": OUTCOME, **facts, **law, **made_by},
    )
    tell(2)
    return risk, acceptance


def write_table(path: Path, table: ModelTable, outcome: str) -> None:
    """A table as a file of commas, as the training commands read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([_ID, *table.columns, outcome])
        for index, customer in enumerate(table.ids):
            cells = ["" if cells[index] is None else cells[index] for cells in table.columns.values()]
            writer.writerow([customer, *cells, int(table.outcome[index])])


def _as_table(rows: list[dict[str, float | str]], outcome: list[float], ids: tuple[str, ...]) -> ModelTable:
    columns: dict[str, tuple[Cell, ...]] = {name: tuple(row[name] for row in rows) for name in rows[0]}
    return ModelTable(tuple(outcome), columns, (), (), ids)
