"""The public churn table (one row a customer, columns `customerID` to `Churn`) read as a population.

Every problem is told with its line and column. The risk of a customer is estimated from the other customers
alone (out of fold), so that no customer's own outcome stands in what a policy sees.
"""

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt

from casewright.domain.errors import ConfigurationError
from casewright.domain.outreach import Plan, Tier
from casewright.evaluation.retention.population import Population

_PLANS = {"Month-to-month": Plan.MONTHLY, "One year": Plan.ONE_YEAR, "Two year": Plan.TWO_YEAR}
_TIERS = {"No": Tier.BASIC, "DSL": Tier.STANDARD, "Fiber optic": Tier.PREMIUM}
_SERVICES = (
    "PhoneService",
    "MultipleLines",
    "OnlineSecurity",
    "OnlineBackup",
    "DeviceProtection",
    "StreamingTV",
    "StreamingMovies",
)
_KINDS = {
    "Contract": tuple(_PLANS),
    "InternetService": tuple(_TIERS),
    "SeniorCitizen": ("0", "1"),
    "Churn": ("Yes", "No"),
}
_NEEDED = (
    "customerID",
    "tenure",
    "Contract",
    "MonthlyCharges",
    "InternetService",
    "TechSupport",
    "PaymentMethod",
    "SeniorCitizen",
    "Churn",
    *_SERVICES,
)
_FOLDS = 5
_FEWEST = 20 * _FOLDS


def read_churn_population(path: Path, seed: int = 42) -> Population:
    """The customers of a churn table, each with an out-of-fold risk. Raises ConfigurationError."""
    rows = _read_rows(path)
    unrated = _as_population(rows)
    churned = np.array([row["Churn"] == "Yes" for _, row in rows])
    _check_outcomes(path, churned)
    risk = _risk_out_of_fold(unrated, churned, seed)
    return Population(
        unrated.customer_ids,
        risk,
        *(getattr(unrated, name) for name in tuple(Population.__dataclass_fields__)[2:]),
    )


def _check_outcomes(path: Path, churned: npt.NDArray[np.bool_]) -> None:
    """Raises ConfigurationError where no risk can be estimated from these outcomes."""
    count, left = len(churned), int(churned.sum())
    if count < _FEWEST:
        raise ConfigurationError(
            f"{path}: {count} rows are too few to estimate risks; {_FEWEST} are the fewest"
        )
    if left in (0, count):
        raise ConfigurationError(
            f"{path}: Churn is {'Yes' if left else 'No'} for everybody; risks are estimated from some who"
            " left and some who stayed"
        )
    if min(left, count - left) < _FOLDS:
        raise ConfigurationError(
            f"{path}: Churn is {'Yes' if left < _FOLDS else 'No'} for {min(left, count - left)} of {count:,}"
            f" customers; risks need {_FOLDS} of each outcome"
        )


def _read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = list(reader.fieldnames or ())
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ConfigurationError(f"{path}: line 1: these columns stand twice: {', '.join(twice)}")
            missing = [name for name in _NEEDED if name not in names]
            if missing:
                raise ConfigurationError(f"{path}: these columns are missing: {', '.join(missing)}")
            rows = [(reader.line_num, row) for row in reader]
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: there is no such file; give the table with --data") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{path}: cannot be read as a table of commas ({error})") from error
    problems = [problem for line, row in rows for problem in _problems(line, row)]
    problems += _repeated_ids(rows)
    if problems:
        more = f"; and {len(problems) - 5} more" if len(problems) > 5 else ""
        raise ConfigurationError(f"{path}: {'; '.join(problems[:5])}{more}")
    return rows


def _repeated_ids(rows: list[tuple[int, dict[str, str]]]) -> list[str]:
    """Ids that stand on two lines: told by line, since an id is a person's."""
    first: dict[str, int] = {}
    return [
        f"line {line}, customerID: is that of line {before} again"
        for line, row in rows
        if row["customerID"] and (before := first.setdefault(row["customerID"], line)) != line
    ]


def _problems(line: int, row: dict[str, str]) -> list[str]:
    if None in row or None in row.values():
        return [f"line {line}: has not as many cells as the header"]
    found = [
        f"line {line}, {name}: {row[name]!r} is none of {', '.join(kinds)}"
        for name, kinds in _KINDS.items()
        if row[name] not in kinds
    ]
    for name, most in (("tenure", 1_200.0), ("MonthlyCharges", 1e7)):
        try:
            is_right = 0 <= float(row[name]) <= most
        except (TypeError, ValueError):
            is_right = False
        if not is_right:
            found.append(f"line {line}, {name}: {row[name]!r} is no number from 0")
    if not row["customerID"]:
        found.append(f"line {line}, customerID: is empty")
    return found


def _as_population(rows: list[tuple[int, dict[str, str]]]) -> Population:
    def column(values: list[float]) -> npt.NDArray[np.float32]:
        return np.array(values, dtype=np.float32)

    def codes(values: list[int]) -> npt.NDArray[np.int8]:
        return np.array(values, dtype=np.int8)

    table = [row for _, row in rows]
    return Population(
        tuple(row["customerID"] for row in table),
        column([0.5] * len(table)),
        column([float(row["tenure"]) for row in table]),
        codes([tuple(Plan).index(_PLANS[row["Contract"]]) for row in table]),
        column([float(row["MonthlyCharges"]) for row in table]),
        codes(
            [
                sum(row[name] == "Yes" for name in _SERVICES) + (row["InternetService"] != "No")
                for row in table
            ]
        ),
        codes([row["TechSupport"] == "Yes" for row in table]),
        codes(["automatic" in row["PaymentMethod"].lower() for row in table]),
        codes([tuple(Tier).index(_TIERS[row["InternetService"]]) for row in table]),
        codes([row["SeniorCitizen"] == "1" for row in table]),
    )


def _risk_out_of_fold(
    population: Population, churned: npt.NDArray[np.bool_], seed: int
) -> npt.NDArray[np.float32]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    inputs = population.inputs()[:, 1:]
    tenure = population.tenure_months[:, None]
    wide = np.concatenate(
        [inputs, np.log1p(tenure), 1 / (1 + tenure), inputs[:, 1:4] * inputs[:, 4:5]], axis=1
    )
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1_000))
    found = cross_val_predict(model, wide.astype(np.float64), churned, cv=folds, method="predict_proba")
    return np.asarray(found[:, 1], dtype=np.float32)
