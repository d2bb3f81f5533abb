"""Uplift learners on one randomised campaign, all on the same folds: ours, and the peers where there are any.

Every score is out of fold. Intervals are over rows drawn again, on the same rows for all, so that differences
are paired. Invariant: peers run in their own process, by whatever Python has them, on the very same numbers.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from casewright.adapters.retention.inputs import infer_inputs
from casewright.adapters.retention.model_table import ModelTable
from casewright.domain.errors import ConfigurationError
from casewright.evaluation.retention import uplift_peers
from casewright.evaluation.retention.uplift_metrics import QiniEstimate, estimate_qini
from casewright.learning.retention.blend import build_matrix
from casewright.learning.retention.uplift import Learner, fit_uplift

Floats = npt.NDArray[np.float64]
FOLDS = 5
PEERS_INSTALL = "pip install 'casewright[bench-retention]'"
_PEERS_LIMIT_S = 3_600


@dataclass(frozen=True, slots=True)
class Campaign:
    """A randomised table: n rows of inputs, who was treated, what came of it."""

    columns: tuple[str, ...]
    rows: Floats
    numbers: int
    """How many of the leading columns are numbers."""
    treated: Floats
    outcome: Floats
    fold: npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Scored:
    """One learner on one campaign."""

    name: str
    is_ours: bool
    qini: QiniEstimate
    cpu_s: float
    """Processor seconds to fit and score all folds."""
    scores: Floats
    drawn: Floats
    """The coefficient in each bootstrap round."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All learners on one campaign, the best first."""

    scored: tuple[Scored, ...]
    peers: Mapping[str, Any] = field(default_factory=dict)
    """Versions, and who failed and why; empty where none were asked for."""

    def best(self, *, is_ours: bool) -> Scored | None:
        """The best of ours, or of the peers."""
        return next((each for each in self.scored if each.is_ours == is_ours), None)


def build_campaign(
    table: ModelTable, treatment: str, control: str, unused: Collection[str], arm: str | None, seed: int = 42
) -> Campaign:
    """Whoever got `arm` (None: any but `control`) against `control`, in folds drawn by seed.

    Raises ConfigurationError where the treatment column or one of its kinds is not there.
    """
    if treatment not in table.columns:
        raise ConfigurationError(f"no column {treatment!r}; there are: {', '.join(table.columns)}")
    given = np.array([str(cell) for cell in table.columns[treatment]], dtype=object)
    kinds = sorted(set(given))
    for name in (control, arm):
        if name is not None and name not in kinds:
            raise ConfigurationError(
                f"column {treatment}: nobody has {name!r}; there are: {', '.join(kinds)}"
            )
    if arm == control:
        raise ConfigurationError(f"column {treatment}: {control!r} is the control; name another as the arm")
    kept = np.flatnonzero((given == control) | (given == arm if arm else given != control))
    columns = {name: cells for name, cells in table.columns.items() if name not in (treatment, *unused)}
    inputs = infer_inputs(columns)
    fold = np.random.default_rng(seed).permutation(len(kept)) % FOLDS
    treated = (given[kept] != control).astype(np.float64)
    rows = build_matrix(inputs, columns)[kept]
    outcome = np.array(table.outcome)[kept]
    return Campaign(inputs.columns, rows, len(inputs.numbers), treated, outcome, fold)


def compare_learners(
    campaign: Campaign,
    learners: Collection[Learner] = tuple(Learner),
    peer_python: Path | None = None,
    seed: int = 42,
    rounds: int = 300,
    tell: Callable[[int], None] = lambda _done: None,
) -> Comparison:
    """Judge learners; `peer_python` runs the peers too. `tell` hears how many learners are done."""
    scores: dict[str, Floats] = {}
    seconds: dict[str, float] = {}
    for done, learner in enumerate(learners, start=1):
        scores[learner], seconds[learner] = score_out_of_fold(campaign, learner, seed)
        tell(done)
    ours = set(scores)
    facts: dict[str, Any] = {}
    if peer_python is not None:
        others, facts = run_peers(campaign, peer_python)
        scores |= others
        seconds |= facts["seconds"]
    estimates, drawn = estimate_qini(scores, campaign.treated, campaign.outcome, seed, rounds)
    scored = [
        Scored(name, name in ours, estimates[name], seconds[name], scores[name], drawn[name])
        for name in scores
    ]
    return Comparison(tuple(sorted(scored, key=lambda each: -each.qini.value)), facts)


def score_out_of_fold(campaign: Campaign, learner: Learner, seed: int = 42) -> tuple[Floats, float]:
    """Effects (n,), each from a model that has not seen the row, and processor seconds."""
    scores = np.zeros(len(campaign.outcome))
    rows, treated, outcome = campaign.rows, campaign.treated, campaign.outcome
    start = time.process_time()
    with threadpool_limits(1):
        for fold in range(FOLDS):
            test = campaign.fold == fold
            effect = fit_uplift(learner, rows[~test], treated[~test], outcome[~test], campaign.numbers, seed)
            scores[test] = effect(rows[test])
    return scores, time.process_time() - start


def run_peers(campaign: Campaign, python: Path | None = None) -> tuple[dict[str, Floats], dict[str, Any]]:
    """Scores of the peers by name, and their facts. Raises ConfigurationError where they do not run."""
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.npz", Path(folder) / "out.npz"
        np.savez(
            source,
            rows=np.nan_to_num(campaign.rows),
            treated=campaign.treated,
            outcome=campaign.outcome,
            fold=campaign.fold,
        )
        program = [str(python or sys.executable), uplift_peers.__file__, str(source), str(target)]
        one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        try:
            run = subprocess.run(  # noqa: S603 - our own program, by a Python that the caller names
                program,
                check=False,
                env=one_thread,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=_PEERS_LIMIT_S,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ConfigurationError(f"--peer-python: {program[0]} does not run the peers: {error}") from None
        if run.returncode != 0 or not target.is_file():
            last = run.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise ConfigurationError(f"the peers failed under {program[0]}: {' '.join(last)}")
        with np.load(target) as found:
            facts = json.loads(str(found["facts"]))
            scores = {name: found[name] for name in found.files if name != "facts"}
    if not scores:
        raise ConfigurationError(
            f"{program[0]} has neither CausalML nor EconML ({'; '.join(facts['failed'].values())});"
            f" in an environment of its own: {PEERS_INSTALL}, then --peer-python PATH"
        )
    return scores, facts
