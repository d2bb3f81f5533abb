"""Exported policies: what serves is what was written, one row is as many rows, and nothing altered is loaded."""

import io
import json
import math
from pathlib import Path

import numpy as np
import pytest

from casewright.adapters.retention.weights import (
    Layers,
    NumpyPolicy,
    masked_softmax,
    prices_at,
    read_policy,
    write_policy,
)
from casewright.domain.errors import ConfigurationError
from casewright.domain.outreach import OBSERVATION

INPUTS, ACTIONS = len(OBSERVATION), 9


def make_layers(seed: int = 0, scale: float = 1.0) -> Layers:
    rng = np.random.default_rng(seed)
    sizes = ((INPUTS, 8), (8, ACTIONS))
    return tuple(
        (scale * rng.normal(size=size).astype(np.float32), rng.normal(size=size[1]).astype(np.float32))
        for size in sizes
    )


def test_probabilities_by_hand() -> None:
    """Without weights the biases alone speak: ln 2 for one offer doubles it."""
    layers = make_layers(scale=0.0)
    bias = np.array([0, math.log(2), 0, 0, 0, 0, 0, math.log(3), 0], dtype=np.float32)
    policy = NumpyPolicy(((layers[0][0], np.zeros(8, np.float32)), (layers[1][0], bias)))
    found = policy.probabilities((0.0,) * INPUTS, (True, True, False, False, True))
    assert found.offers == pytest.approx((0.25, 0.5, 0, 0, 0.25), abs=1e-6)
    assert found.delays == pytest.approx((1 / 6, 1 / 6, 0.5, 1 / 6), abs=1e-6)


def test_one_row_and_many_rows_agree_and_what_is_barred_is_exactly_nothing() -> None:
    rng = np.random.default_rng(2)
    policy = NumpyPolicy(make_layers(scale=3.0))
    rows = rng.normal(size=(50, INPUTS)).astype(np.float32)
    allowed = rng.random((50, 5)) < 0.5
    allowed[:, 0] = True
    offers, delays = policy.probabilities_of(rows, allowed)
    assert (offers[~allowed] == 0).all()
    for row, mask, of_offers, of_delays in zip(rows, allowed, offers, delays, strict=True):
        one = policy.probabilities(tuple(row.tolist()), tuple(mask.tolist()))
        assert one.offers == pytest.approx(of_offers, abs=1e-5)
        assert one.delays == pytest.approx(of_delays, abs=1e-5)
        assert sum(one.offers) == pytest.approx(1)
        assert all(chance == 0 for chance, may in zip(one.offers, mask, strict=True) if not may)


def test_scores_of_any_size_give_probabilities() -> None:
    scores = np.array([[1e30, -1e30, 0.0, 1e30, 5.0]], dtype=np.float32)
    assert masked_softmax(scores, np.array([[True, True, True, False, True]])).tolist() == [[1, 0, 0, 0, 0]]
    policy = NumpyPolicy(make_layers(scale=1e20))
    assert sum(policy.probabilities((1.0,) * INPUTS, (True,) * 5).offers) == pytest.approx(1)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    layers = make_layers()
    version = write_policy(
        tmp_path / "a" / "policy.npz", layers, {"budget_price": 1.5, "complaint_price": 20.0}
    )
    policy = read_policy(tmp_path / "a" / "policy.npz")
    assert (policy.version, policy.budget_price, policy.complaint_price) == (version, 1.5, 20.0)
    assert version.startswith("ppo+sha256:")
    assert all(np.array_equal(a, b) for a, b in zip(sum(policy.layers, ()), sum(layers, ()), strict=True))


def test_the_same_weights_are_the_same_bytes() -> None:
    first, again = io.BytesIO(), io.BytesIO()
    assert write_policy(first, make_layers(), {"seed": 1}) == write_policy(again, make_layers(), {"seed": 1})
    assert first.getvalue() == again.getvalue()


def rewrite(path: Path, change: str) -> None:
    """Alter a written policy as somebody might."""
    with np.load(path, allow_pickle=False) as archive:
        arrays = {name: archive[name].copy() for name in archive.files}
    header = json.loads(arrays["header"].tobytes())
    if change == "weight":
        arrays["w0"][3, 2] += 1e-3
    elif change == "price":
        header["budget_price"] = 0.0
    elif change == "inputs":
        header["inputs"][0] = "age"
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    np.savez(path, allow_pickle=False, **arrays)


@pytest.mark.parametrize(
    ("change", "said"), [("weight", "SHA-256"), ("price", "SHA-256"), ("inputs", "other inputs")]
)
def test_an_altered_policy_is_not_loaded(tmp_path: Path, change: str, said: str) -> None:
    path = tmp_path / "policy.npz"
    write_policy(path, make_layers(), {"budget_price": 1.5})
    rewrite(path, change)
    with pytest.raises(ConfigurationError, match=said):
        read_policy(path)


@pytest.mark.parametrize("content", [b"", b"not a policy", b"PK\x03\x04 cut off", b"\x93NUMPY\x01\x00"])
def test_a_file_that_is_no_policy_is_told_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.npz"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"mine\.npz is not an exported policy"):
        read_policy(path)
    with pytest.raises(ConfigurationError, match="absent"):
        read_policy(tmp_path / "absent.npz")


def test_prices_between_two_tuned_budgets_are_interpolated_and_beyond_them_refused() -> None:
    policy = NumpyPolicy(make_layers(), facts={"prices_by_budget": [[0.5, 4.0, 10.0], [1.0, 1.0, 10.0]]})
    assert prices_at(policy, 0.75) == pytest.approx((2.0, 10.0))
    assert prices_at(policy, 1.0) == pytest.approx((1.0, 10.0))
    with pytest.raises(ConfigurationError, match="--budget-share"):
        prices_at(policy, 0.4)


def test_the_shipped_policy_is_whole_and_was_trained_on_the_inputs_that_are_observed() -> None:
    policy = read_policy()
    assert policy.budget_price > 0
    assert policy.facts["data"]["source"] == "synthetic"
    assert sum(policy.probabilities((0.1,) * INPUTS, (True,) * 5).offers) == pytest.approx(1)
