"""Risk and acceptance models that serve: an exported folder, read once, then a row in well under 0.1 ms.

A folder holds `model.json` (inputs, the linear part, calibration), `booster.json` (XGBoost's own file),
`reference.json` (how the inputs lay when it was trained) and `card.json` (where it comes from, and the
SHA-256 of the others). The booster's trees are walked in NumPy: XGBoost's call for one row costs more than
that, and a serving process then needs no XGBoost. Invariant: a folder that was altered is not loaded. Nothing
here trains.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from casewright.adapters.retention.inputs import ModelInputs, profile_features
from casewright.domain.errors import ConfigurationError, MeaninglessRequest
from casewright.domain.outreach import OFFER_LEVELS, CustomerProfile

INSTALL = "pip install 'casewright[retention]'"

try:
    import numpy as np
    import numpy.typing as npt
except ImportError as error:  # pragma: no cover - the base installation has no NumPy
    raise ConfigurationError(f"models of risk and acceptance need NumPy: {INSTALL}") from error

FORMAT = 1
MODEL, BOOSTER, REFERENCE, CARD = "model.json", "booster.json", "reference.json", "card.json"
RISK, ACCEPTANCE = "risk", "acceptance"
LEVEL = "offer_level"
"""The acceptance model's input for the offer: a kind, "0" to "3"."""
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
_CHUNK = 2_048
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Trees:
    """A booster's trees in flat arrays of shape (trees * nodes,); a leaf leads to itself."""

    feature: Ints
    threshold: npt.NDArray[np.float32]
    below: Ints
    above: Ints
    missing: Ints
    value: npt.NDArray[np.float32]
    roots: Ints
    depth: int
    start: float
    """Log-odds before the first tree."""

    def margins(self, rows: Floats) -> Floats:
        """Log-odds, shape (n,), of rows (n, columns); NaN is a missing value."""
        parts = [self._walk(rows[at : at + _CHUNK]) for at in range(0, len(rows), _CHUNK)]
        return np.concatenate(parts)

    def _walk(self, rows: Floats) -> Floats:
        narrow = rows.astype(np.float32)
        columns = np.arange(len(rows))[:, None]
        has_gaps = bool(np.isnan(narrow).any())
        node = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            found = narrow[columns, self.feature[node]]
            following = np.where(found < self.threshold[node], self.below[node], self.above[node])
            node = np.where(np.isnan(found), self.missing[node], following) if has_gaps else following
        added: Floats = self.value[node].sum(axis=1, dtype=np.float64)
        return self.start + added


@dataclass(frozen=True, slots=True)
class Linear:
    """A logistic regression on the columns, their roots and logarithms."""

    intercept: float
    weights: Floats
    """Shape (3 * columns,): of the columns, of their square roots, of log(1 + column)."""
    centres: Floats
    """What is taken off each of them; a missing value stands there."""

    def margins(self, rows: Floats) -> Floats:
        """Log-odds, shape (n,), of rows (n, columns)."""
        added: Floats = self.parts(rows).sum(axis=1)
        return self.intercept + added

    def parts(self, rows: Floats) -> Floats:
        """What each column adds, shape (n, 3 * columns)."""
        return np.nan_to_num((widen(rows) - self.centres) * self.weights)


def widen(rows: Floats) -> Floats:
    """The linear part's columns: (n, c) to (n, 3 c). Below 0, root and logarithm are those of 0."""
    least = np.maximum(rows, 0)
    return np.concatenate([rows, np.sqrt(least), np.log1p(least)], axis=1)


@dataclass(frozen=True, slots=True)
class Calibration:
    """From the log-odds of the blend to a probability: as they are, a line, or steps joined by lines."""

    method: str = "none"
    slope: float = 1.0
    offset: float = 0.0
    points: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())
    """Of the isotonic map: probabilities before and after, rising."""

    def apply(self, margins: Floats) -> Floats:
        """Probabilities in (0, 1), of the shape of `margins`."""
        found: Floats = 1 / (1 + np.exp(-(self.slope * margins + self.offset)))
        if self.method == "isotonic":
            found = np.interp(found, *self.points)
        return np.clip(found, _LEAST, 1 - _LEAST)


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """A blend of a booster and a logistic regression, in log-odds, with its calibration."""

    inputs: ModelInputs
    linear: Linear
    trees: Trees
    booster_share: float
    """Weight of the booster's log-odds, 0 to 1; the rest is the linear part's."""
    calibration: Calibration
    version: str
    card: Mapping[str, Any] = field(default_factory=dict)
    reference: Mapping[str, Any] = field(default_factory=dict)
    booster: bytes = b""
    """XGBoost's own file, for contributions."""

    def probabilities(self, rows: Floats) -> Floats:
        """Shape (n,), of rows (n, columns) as `inputs` makes them."""
        margins = (1 - self.booster_share) * self.linear.margins(rows)
        if self.booster_share:
            margins = margins + self.booster_share * self.trees.margins(rows)
        return self.calibration.apply(margins)

    def probability(self, features: Mapping[str, float | str]) -> float:
        """Of one customer."""
        return float(self.probabilities(np.array([self.inputs.row(features)]))[0])

    def contributions(self, rows: Floats) -> dict[str, Floats]:
        """What each input adds to the log-odds before calibration, each of shape (n,); `base` is the rest.

        Exact: TreeSHAP of the booster (Lundberg et al. 2020, XGBoost's `pred_contribs`) and the linear terms.
        Needs XGBoost; ConfigurationError where it is missing.
        """
        try:
            import xgboost
        except ImportError as error:
            raise ConfigurationError(f"contributions need XGBoost: {INSTALL}") from error
        booster = xgboost.Booster(model_file=bytearray(self.booster))
        booster.set_param({"nthread": 1})
        of_trees = booster.predict(xgboost.DMatrix(rows, nthread=1), pred_contribs=True)
        of_line = self.linear.parts(rows)
        count, share = len(self.inputs.columns), self.booster_share
        base = np.full(len(rows), (1 - share) * self.linear.intercept) + share * of_trees[:, -1]
        added: dict[str, Floats] = {}
        for place, source in enumerate(self.inputs.sources):
            line = of_line[:, place::count].sum(axis=1)
            added[source] = added.get(source, 0) + (1 - share) * line + share * of_trees[:, place]
        return {**added, "base": base}


@dataclass(frozen=True, slots=True)
class ServedRisk:
    """Implements `ports.retention.RiskModel`."""

    model: ExportedModel

    @property
    def version(self) -> str:
        """Name and hash of the exported folder."""
        return self.model.version

    def predict(self, features: dict[str, float | str]) -> float:
        """Calibrated probability to leave; what is missing is taken as typical.

        Raises MeaninglessRequest where everything is: an average would look like an estimate.
        """
        known = self.model.inputs.sources
        if not any(name in features for name in known):
            names = ", ".join(dict.fromkeys(known))
            raise MeaninglessRequest(f"features: the risk model reads {names}; none of them is given")
        wrong = [
            f"features.{name}: is a number for the risk model"
            if isinstance(given, str)
            else f"features.{name}: lies at 0 or above"
            for name in self.model.inputs.numbers
            if (given := features.get(name)) is not None
            and (isinstance(given, str) or self._is_below(name, given))
        ]
        if wrong:
            raise MeaninglessRequest(f"{'; '.join(wrong)}.", code="invalid_arguments")
        return self.model.probability(features)

    def _is_below(self, name: str, given: float) -> bool:
        """Whether a number is negative, where none of those that the model was trained on is."""
        seen = self.model.reference.get(name, {}).get("grid") or (0.0,)
        return given < 0 <= seen[0]

    def remarks(self, features: Mapping[str, float | str]) -> dict[str, str]:
        """By column: `not_read`, or `unknown_kind` for a kind that the model never saw."""
        inputs = self.model.inputs
        kinds = {name: {*known, *self.model.reference.get(name, ())} for name, known in inputs.kinds}
        found = {
            name: "unknown_kind"
            for name, known in kinds.items()
            if name in features and features[name] not in known
        }
        return {name: "not_read" for name in features if name not in inputs.sources} | found

    def predict_profile(self, profile: CustomerProfile) -> float:
        """For a customer as the desk reads one: for models of the profile's inputs, as the shipped one is."""
        return self.model.probability(profile_features(profile))


@dataclass(frozen=True, slots=True)
class ServedAcceptance:
    """Implements `ports.retention.AcceptanceModel`."""

    model: ExportedModel

    @property
    def version(self) -> str:
        """Name and hash of the exported folder."""
        return self.model.version

    def predict(self, profile: CustomerProfile) -> tuple[float, ...]:
        """Probability that an offer of each level is accepted, level 0 first."""
        features = profile_features(profile)
        levels = [self.model.inputs.row({**features, LEVEL: str(level)}) for level in range(OFFER_LEVELS)]
        return tuple(self.model.probabilities(np.array(levels)).tolist())


def read_risk_model(folder: Path | None = None) -> ServedRisk:
    """The model of that folder, or the shipped one. Raises ConfigurationError where it is not as written."""
    return ServedRisk(read_model(folder or _shipped(RISK), RISK))


def read_acceptance_model(folder: Path | None = None) -> ServedAcceptance:
    """The model of that folder, or the shipped one. Raises ConfigurationError where it is not as written."""
    model = read_model(folder or _shipped(ACCEPTANCE), ACCEPTANCE)
    known = dict(model.inputs.kinds).get(LEVEL, ())
    if known != tuple(str(level) for level in range(OFFER_LEVELS)):
        raise ConfigurationError(
            f"{folder}: the model knows the levels {', '.join(known) or 'of no offer'}, and offers have 0 to"
            f" {OFFER_LEVELS - 1}; train it on contacts whose {LEVEL} is one of those"
        )
    return ServedAcceptance(model)


def read_model(folder: Path | Traversable, name: str) -> ExportedModel:
    """An exported folder of that name (`risk`, `acceptance`). Raises ConfigurationError."""
    try:
        files = {part: (folder / part).read_bytes() for part in (MODEL, BOOSTER, REFERENCE, CARD)}
        card = json.loads(files[CARD])
        document = json.loads(files[MODEL])
        digest = hash_files(files)
        if card["sha256"] != digest:
            raise ConfigurationError(
                f"{folder}: not as it was written (its SHA-256 differs from the card's); export it again"
            )
        if (document["format"], document["name"]) != (FORMAT, name):
            raise ConfigurationError(f"{folder}: holds no model of {name}, but one of {document['name']}")
        reference = json.loads(files[REFERENCE])
        return _build(document, files[BOOSTER], card, reference)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        hint = "give a folder that `casewright retention train-risk` or `train-accept` has written"
        raise ConfigurationError(f"{folder} holds no model that can be read ({error!r}); {hint}") from None


def hash_files(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the model's files, without the card."""
    digest = hashlib.sha256()
    for name in (MODEL, BOOSTER, REFERENCE):
        digest.update(hashlib.sha256(files[name]).digest())
    return digest.hexdigest()


def parse_trees(booster: Mapping[str, Any]) -> Trees:
    """From XGBoost's JSON of a `binary:logistic` booster without categorical splits."""
    learner = booster["learner"]
    start = float(str(learner["learner_model_param"]["base_score"]).strip("[]"))
    trees = learner["gradient_booster"]["model"]["trees"]
    most = max((len(tree["left_children"]) for tree in trees), default=1)
    size = max(len(trees), 1) * most
    itself = np.arange(size)
    feature, value = np.zeros(size, dtype=np.intp), np.zeros(size, dtype=np.float32)
    threshold = np.full(size, np.inf, dtype=np.float32)
    below, above, missing = itself.copy(), itself.copy(), itself.copy()
    for number, tree in enumerate(trees):
        for node, left in enumerate(tree["left_children"]):
            place, right = number * most + node, tree["right_children"][node]
            if left < 0:
                value[place] = tree["split_conditions"][node]
                continue
            feature[place], threshold[place] = tree["split_indices"][node], tree["split_conditions"][node]
            below[place], above[place] = number * most + left, number * most + right
            missing[place] = below[place] if tree["default_left"][node] else above[place]
    depth = max((_depth(tree["left_children"], tree["right_children"]) for tree in trees), default=0)
    roots = np.arange(max(len(trees), 1)) * most
    odds = math.log(start / (1 - start))
    return Trees(feature, threshold, below, above, missing, value, roots, depth, odds)


def _depth(left: Sequence[int], right: Sequence[int], node: int = 0) -> int:
    if left[node] < 0:
        return 0
    return 1 + max(_depth(left, right, left[node]), _depth(left, right, right[node]))


def _build(
    document: Mapping[str, Any], booster: bytes, card: Mapping[str, Any], reference: Mapping[str, Any]
) -> ExportedModel:
    line, calibration = document["linear"], document["calibration"]
    inputs = ModelInputs.from_json(document["inputs"])
    linear = Linear(float(line["intercept"]), np.array(line["weights"]), np.array(line["centres"]))
    if linear.weights.shape != (3 * len(inputs.columns),) or linear.centres.shape != linear.weights.shape:
        raise ConfigurationError("the linear part has other columns than the inputs")
    return ExportedModel(
        inputs,
        linear,
        parse_trees(json.loads(booster)),
        float(document["booster_share"]),
        Calibration(
            calibration["method"],
            float(calibration["slope"]),
            float(calibration["offset"]),
            (tuple(calibration["before"]), tuple(calibration["after"])),
        ),
        str(card["version"]),
        card,
        reference,
        booster,
    )


def _shipped(name: str) -> Traversable:
    return resources.files("casewright.adapters.retention") / "data" / name
