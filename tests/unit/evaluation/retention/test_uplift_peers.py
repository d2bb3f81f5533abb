"""The program that runs the peers: scores out of fold, what failed is told. The peers themselves run in the bench."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from casewright.evaluation.retention import uplift_peers


def difference(rows: Any, treated: Any, outcome: Any) -> Any:
    """The same effect for all: that of the rows it was fitted on."""
    effect = outcome[treated > 0].mean() - outcome[treated == 0].mean()
    return lambda others: np.full(len(others), effect)


def refuse(rows: Any, treated: Any, outcome: Any) -> Any:
    raise ValueError("too few rows")


def write_source(folder: Path) -> Path:
    path = folder / "in.npz"
    np.savez(
        path,
        rows=np.arange(8.0)[:, None],
        treated=np.tile([1.0, 0.0], 4),
        outcome=np.array([1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0]),
        fold=np.repeat([0, 1], 4),
    )
    return path


def test_each_row_is_scored_by_a_model_of_the_other_folds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uplift_peers, "version", lambda package: "1.0")
    monkeypatch.setattr(uplift_peers, "list_causalml", lambda: {"mean": difference, "broken": refuse})
    monkeypatch.setattr(uplift_peers, "list_econml", dict)
    uplift_peers.run_peers(str(write_source(tmp_path)), str(tmp_path / "out.npz"))
    with np.load(tmp_path / "out.npz") as found:
        # the first fold's own effect is 1, the second's 0: each is scored with the other's
        assert found["mean"].tolist() == [0.0] * 4 + [1.0] * 4
        facts = json.loads(str(found["facts"]))
        assert set(found.files) == {"mean", "facts"}
    assert facts["failed"] == {"broken": "ValueError: too few rows"}
    assert facts["versions"] == {"causalml": "1.0", "econml": "1.0"}
    assert list(facts["seconds"]) == ["mean"]


def test_a_peer_that_is_not_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_missing(package: str) -> str:
        raise uplift_peers.PackageNotFoundError(package)

    monkeypatch.setattr(uplift_peers, "version", is_missing)
    uplift_peers.run_peers(str(write_source(tmp_path)), str(tmp_path / "out.npz"))
    with np.load(tmp_path / "out.npz") as found:
        assert set(json.loads(str(found["facts"]))["failed"]) == {"causalml", "econml"}
