"""A learned contact policy that serves: a small network's exported weights, in plain NumPy.

The file is a NumPy archive without pickles: the layers, and a header in JSON with the names of the inputs,
the prices that were tuned for the budget, and the SHA-256 of all that. Invariant: a file that was altered, or
that was trained on other inputs, is not loaded. Nothing here trains or draws: probabilities come out.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

from casewright.domain.errors import ConfigurationError
from casewright.domain.outreach import FOLLOW_UP_DAYS, OBSERVATION, OFFER_LEVELS
from casewright.ports.retention import ActionProbabilities

try:
    import numpy as np
    import numpy.typing as npt
except ImportError as error:  # pragma: no cover - the base installation has no NumPy
    raise ConfigurationError(
        "learned retention policies need NumPy: pip install 'casewright[retention]'"
    ) from error

OFFERS, DELAYS = 1 + OFFER_LEVELS, len(FOLLOW_UP_DAYS)
FORMAT = 1
SHIPPED = "policy.npz"
Floats = npt.NDArray[np.float32]
Layers = tuple[tuple[Floats, Floats], ...]
"""(weights (inputs, outputs), bias (outputs,)) of each layer; tanh between them."""


@dataclass(frozen=True, slots=True)
class NumpyPolicy:
    """Implements `ports.retention.ContactPolicy`: about 9 µs a row; `probabilities_of` reads many at once."""

    layers: Layers
    version: str = "untrained"
    budget_price: float = 0.0
    """What `observe` is told of the budget: value that a unit of outlay must earn. 0: no prices are known."""
    complaint_price: float = 0.0
    """Likewise, value that a complaint costs."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What else the header says: how it was trained, prices by budget."""

    def probabilities(self, observation: Sequence[float], allowed: Sequence[bool]) -> ActionProbabilities:
        """Of each offer (no contact first) and of each delay. Raises ValueError where nothing is allowed."""
        row: Any = np.array(observation, dtype=np.float32)
        *inner, (weights, bias) = self.layers
        for inner_weights, inner_bias in inner:
            row = np.tanh(row @ inner_weights + inner_bias)
        scores = (row @ weights + bias).tolist()
        offers = [
            math.exp(score) if is_allowed else 0.0
            for score, is_allowed in zip(_below_zero(scores[:OFFERS], allowed), allowed, strict=True)
        ]
        delays = [math.exp(score) for score in _below_zero(scores[OFFERS:], (True,) * DELAYS)]
        of_offers, of_delays = sum(offers), sum(delays)
        return ActionProbabilities(
            tuple(each / of_offers for each in offers), tuple(each / of_delays for each in delays)
        )

    def probabilities_of(self, observations: Floats, allowed: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """(n, 5) of each offer and (n, 4) of each delay, for n rows and their masks (n, 5)."""
        scores = run_layers(self.layers, observations)
        return masked_softmax(scores[:, :OFFERS], allowed), masked_softmax(scores[:, OFFERS:])


def prices_at(policy: NumpyPolicy, budget_share: float) -> tuple[float, float]:
    """Both prices for a share of the budget that the policy was trained for, from those tuned beside it.

    Between two tuned shares the logarithms are interpolated. Raises ConfigurationError outside of them.
    """
    rows = [tuple(map(float, row)) for row in policy.facts.get("prices_by_budget", ())]
    if not rows or not rows[0][0] <= budget_share <= rows[-1][0]:
        tuned = f"{rows[0][0]:g} to {rows[-1][0]:g}" if rows else "no other"
        raise ConfigurationError(
            f"this policy has prices for {tuned} times its budget, not {budget_share:g}; train for that"
            " budget: casewright retention train --budget-share …"
        )
    shares = [row[0] for row in rows]
    budget, complaint = (
        float(np.exp(np.interp(budget_share, shares, np.log([max(row[column], 1e-9) for row in rows]))))
        for column in (1, 2)
    )
    return budget, complaint


def run_layers(layers: Layers, rows: Floats) -> Floats:
    """The network's outputs, (n, outputs)."""
    *inner, (weights, bias) = layers
    for inner_weights, inner_bias in inner:
        rows = rows @ inner_weights
        rows += inner_bias
        np.tanh(rows, out=rows)
    return np.asarray(rows @ weights + bias, dtype=np.float32)


def masked_softmax(scores: Floats, allowed: npt.NDArray[np.bool_] | None = None) -> Floats:
    """Probabilities along the last axis; exactly 0 where not allowed."""
    if allowed is not None:
        scores = np.where(allowed, scores, np.float32(-np.inf))
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


def _below_zero(scores: Sequence[float], allowed: Sequence[bool]) -> list[float]:
    """Scores less the greatest that is allowed, so that no exponential overflows."""
    top = max(score for score, is_allowed in zip(scores, allowed, strict=True) if is_allowed)
    return [min(score - top, 0.0) for score in scores]


def write_policy(target: Path | BinaryIO, layers: Layers, facts: Mapping[str, Any]) -> str:
    """Write the archive; the version that it got. `facts` go into the header, as JSON."""
    if not isinstance(target, Path):
        return _write(target, layers, facts)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        return _write(file, layers, facts)


def _write(file: BinaryIO, layers: Layers, facts: Mapping[str, Any]) -> str:
    header = {**facts, "format": FORMAT, "inputs": list(OBSERVATION)}
    digest = _hash(header, layers)
    version = f"{facts.get('name', 'ppo')}+sha256:{digest[:12]}"
    stored = json.dumps({**header, "sha256": digest, "version": version})
    arrays = {
        f"{kind}{index}": part
        for index, layer in enumerate(layers)
        for kind, part in zip("wb", layer, strict=True)
    }
    np.savez(file, allow_pickle=False, header=np.frombuffer(stored.encode(), dtype=np.uint8), **arrays)
    return version


def read_policy(path: Path | None = None) -> NumpyPolicy:
    """The policy of that file, or the shipped one. Raises ConfigurationError where it is not as written."""
    shipped = resources.files("casewright.adapters.retention") / "data" / SHIPPED
    try:
        source = path or shipped
        with source.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            header = json.loads(archive["header"].tobytes())
            count = sum(name.startswith("w") for name in archive.files)
            layers = tuple((archive[f"w{index}"], archive[f"b{index}"]) for index in range(count))
            if not isinstance(header, dict):
                raise TypeError("a header is names and values")
    except OSError as error:
        what = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise ConfigurationError(f"{path or SHIPPED} cannot be read: {what}") from None
    except (ValueError, TypeError, AttributeError, KeyError, EOFError, BadZipFile):
        raise ConfigurationError(
            f"{path or SHIPPED} is not an exported policy; casewright retention train and export write them"
        ) from None
    return _checked(header, layers, str(path or SHIPPED))


def _checked(header: dict[str, Any], layers: Layers, where: str) -> NumpyPolicy:
    digest, version = header.pop("sha256", ""), header.pop("version", "")
    if header.get("format") != FORMAT or tuple(header.get("inputs", ())) != OBSERVATION:
        raise ConfigurationError(
            f"{where} was trained on other inputs than are read now; train again: casewright retention train"
        )
    if _hash(header, layers) != digest:
        raise ConfigurationError(f"{where} is not as it was written (its SHA-256 differs); export it again")
    if layers[0][0].shape[0] != len(OBSERVATION) or layers[-1][1].shape[0] != OFFERS + DELAYS:
        raise ConfigurationError(f"{where} has other inputs or actions than a retention policy")
    return NumpyPolicy(
        layers,
        str(version),
        float(header.get("budget_price", 0)),
        float(header.get("complaint_price", 0)),
        header,
    )


def _hash(header: Mapping[str, Any], layers: Layers) -> str:
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    for layer in layers:
        for part in layer:
            digest.update(repr(part.shape).encode() + np.ascontiguousarray(part, dtype=np.float32).tobytes())
    return digest.hexdigest()
