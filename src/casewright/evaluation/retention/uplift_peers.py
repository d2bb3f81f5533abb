"""CausalML's and EconML's uplift learners on the folds of a comparison, run as a program by their own Python.

    python uplift_peers.py IN.npz OUT.npz

IN holds rows (n, columns), treated (n,), outcome (n,) and fold (n,); OUT gets the scores of each learner, out
of fold, and its processor seconds. It imports NumPy and the peers alone, so that an environment without
Casewright runs it. Invariant: what is installed decides who takes part; a learner that fails is told.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

Fit = Callable[[Any, Any, Any], Callable[[Any], Any]]
SEED = 42
_TREES = {"n_estimators": 50, "max_depth": 3, "learning_rate": 0.1, "subsample": 0.8, "min_child_weight": 100}


def list_causalml() -> dict[str, Fit]:
    """CausalML's meta-learners on linear and boosted bases, and its uplift forest."""
    from causalml.inference.meta import BaseDRRegressor, BaseSRegressor, BaseTRegressor, BaseXRegressor
    from causalml.inference.tree import UpliftRandomForestClassifier
    from sklearn.linear_model import Ridge
    from xgboost import XGBRegressor

    def meta(kind: Any, base: Callable[[], Any], needs_propensity: bool) -> Fit:
        def fit(rows: Any, treated: Any, outcome: Any) -> Callable[[Any], Any]:
            share = float(treated.mean())
            more: dict[str, Any] = {"p": np.full(len(rows), share)} if needs_propensity else {}
            if kind is BaseDRRegressor:
                more["seed"] = SEED
            model = kind(learner=base(), control_name=0)
            model.fit(X=rows, treatment=treated.astype(int), y=outcome, **more)

            def predict(others: Any) -> Any:
                given = {"p": np.full(len(others), share)} if needs_propensity else {}
                return np.ravel(model.predict(X=others, **given))

            return predict

        return fit

    def forest(rows: Any, treated: Any, outcome: Any) -> Callable[[Any], Any]:
        model = UpliftRandomForestClassifier(
            control_name="0", n_estimators=20, max_depth=4, min_samples_leaf=300, n_jobs=1, random_state=SEED
        )
        model.fit(X=rows, treatment=treated.astype(int).astype(str), y=outcome.astype(int))
        return lambda others: np.ravel(model.predict(others))

    def boosted() -> Any:
        return XGBRegressor(n_jobs=1, random_state=SEED, **_TREES)

    learners: dict[str, Fit] = {
        "CausalML T-learner, ridge": meta(BaseTRegressor, Ridge, needs_propensity=False),
        "CausalML X-learner, ridge": meta(BaseXRegressor, Ridge, needs_propensity=True),
        "CausalML DR-learner, ridge": meta(BaseDRRegressor, Ridge, needs_propensity=True),
        "CausalML S-learner, boosted": meta(BaseSRegressor, boosted, needs_propensity=False),
        "CausalML T-learner, boosted": meta(BaseTRegressor, boosted, needs_propensity=False),
        "CausalML X-learner, boosted": meta(BaseXRegressor, boosted, needs_propensity=True),
        "CausalML uplift forest": forest,
    }
    return learners


def list_econml() -> dict[str, Fit]:
    """EconML's meta-learners, doubly robust learners and causal forest."""
    from econml.dml import CausalForestDML
    from econml.dr import LinearDRLearner
    from econml.metalearners import SLearner, TLearner, XLearner
    from sklearn.dummy import DummyClassifier
    from sklearn.linear_model import Ridge
    from xgboost import XGBRegressor

    def boosted() -> Any:
        return XGBRegressor(n_jobs=1, random_state=SEED, **_TREES)

    def propensity() -> Any:
        return DummyClassifier(strategy="prior")

    def adapt(build: Callable[[], Any]) -> Fit:
        def fit(rows: Any, treated: Any, outcome: Any) -> Callable[[Any], Any]:
            model = build()
            model.fit(outcome, treated.astype(int), X=rows)
            return lambda others: np.ravel(model.effect(others))

        return fit

    def forest() -> Any:
        return CausalForestDML(
            model_y=boosted(),
            model_t=propensity(),
            discrete_treatment=True,
            n_estimators=100,
            max_depth=4,
            min_samples_leaf=200,
            cv=2,
            n_jobs=1,
            random_state=SEED,
        )

    return {
        "EconML T-learner, ridge": adapt(lambda: TLearner(models=Ridge())),
        "EconML X-learner, ridge": adapt(lambda: XLearner(models=Ridge(), propensity_model=propensity())),
        "EconML linear DR-learner": adapt(
            lambda: LinearDRLearner(
                model_propensity=propensity(), model_regression=Ridge(), cv=2, random_state=SEED
            )
        ),
        "EconML S-learner, boosted": adapt(lambda: SLearner(overall_model=boosted())),
        "EconML T-learner, boosted": adapt(lambda: TLearner(models=boosted())),
        "EconML causal forest": adapt(forest),
    }


def run_learner(fit: Fit, rows: Any, treated: Any, outcome: Any, fold: Any) -> tuple[Any, float]:
    """Scores out of fold, shape (n,), and processor seconds."""
    scores = np.zeros(len(rows))
    start = time.process_time()
    for each in np.unique(fold):
        test = fold == each
        scores[test] = fit(rows[~test], treated[~test], outcome[~test])(rows[test])
    return scores, time.process_time() - start


def run_peers(source: str, target: str) -> None:
    """Every learner of every peer that is installed."""
    data = np.load(source)
    columns = (data["rows"], data["treated"], data["outcome"], data["fold"])
    found: dict[str, Any] = {}
    facts: dict[str, Any] = {"seconds": {}, "failed": {}, "versions": {}}
    for package, list_learners in (("causalml", list_causalml), ("econml", list_econml)):
        try:
            facts["versions"][package] = version(package)
            learners = list_learners()
        except (ImportError, PackageNotFoundError) as error:
            facts["failed"][package] = str(error)
            continue
        for name, fit in learners.items():
            print(f"… {name}", file=sys.stderr, flush=True)  # noqa: T201 - a program of its own
            try:
                found[name], facts["seconds"][name] = run_learner(fit, *columns)
            except (ValueError, TypeError, AttributeError, RuntimeError, KeyError) as error:
                facts["failed"][name] = f"{type(error).__name__}: {error}"
    np.savez(target, facts=np.array(json.dumps(facts)), **found)


if __name__ == "__main__":
    run_peers(sys.argv[1], sys.argv[2])
