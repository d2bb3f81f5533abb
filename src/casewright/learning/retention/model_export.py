"""A chosen model as the folder that a serving process reads; `adapters.retention.models` says what is in it.

Invariant: the same table, settings and libraries give the same bytes; there is no date in any file.
"""

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from casewright.adapters.retention.inputs import ModelInputs
from casewright.adapters.retention.models import (
    BOOSTER,
    CARD,
    FORMAT,
    MODEL,
    REFERENCE,
    ExportedModel,
    hash_files,
    read_model,
)
from casewright.evaluation.retention.drift import build_reference
from casewright.learning.retention.selection import SHARES, Selection

_LIBRARIES = ("numpy", "scikit-learn", "xgboost-cpu")


def export_model(
    folder: Path,
    name: str,
    inputs: ModelInputs,
    selection: Selection,
    columns: Mapping[str, Sequence[float | str | None]],
    facts: Mapping[str, Any],
) -> ExportedModel:
    """Write the folder and read it back. `facts` go into the card: data, outcome, measures."""
    calibration = selection.calibration
    model = {
        "format": FORMAT,
        "name": name,
        "inputs": inputs.to_json(),
        "booster_share": SHARES[selection.chosen.candidate],
        "linear": {
            "intercept": selection.parts.linear.intercept,
            "weights": selection.parts.linear.weights.tolist(),
            "centres": selection.parts.linear.centres.tolist(),
        },
        "calibration": {
            "method": str(calibration.method),
            "slope": calibration.slope,
            "offset": calibration.offset,
            "before": list(calibration.points[0]),
            "after": list(calibration.points[1]),
        },
    }
    read = {column: columns[column] for column in columns if column in set(inputs.sources)}
    files = {
        MODEL: _dump(model),
        BOOSTER: selection.parts.booster,
        REFERENCE: _dump(build_reference(read, selection.predicted)),
    }
    digest = hash_files(files)
    card = {
        "name": name,
        "version": f"{name}+sha256:{digest[:12]}",
        "sha256": digest,
        **facts,
        "libraries": {library: version(library) for library in _LIBRARIES},
    }
    folder.mkdir(parents=True, exist_ok=True)
    for part, content in {**files, CARD: _dump(card)}.items():
        (folder / part).write_bytes(content)
    return read_model(folder, name)


def _dump(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
