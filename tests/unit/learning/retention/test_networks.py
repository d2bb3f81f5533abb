"""Networks: made by a generator, exported as they compute."""

import numpy as np
import torch

from casewright.adapters.retention.weights import run_layers
from casewright.learning.retention.networks import WeightAverage, build_network, layers_of


def test_exported_layers_compute_what_the_network_does() -> None:
    rng = np.random.default_rng(1)
    network = build_network((24, 64, 64, 9), rng, last_gain=1.0)
    rows = rng.normal(size=(500, 24)).astype(np.float32)
    ours = run_layers(layers_of(network), rows)
    theirs = network(torch.from_numpy(rows)).detach().numpy()
    assert np.abs(ours - theirs).max() < 1e-5


def test_the_same_generator_gives_the_same_weights_whatever_else_was_drawn() -> None:
    first = build_network((4, 8, 2), np.random.default_rng(3), last_gain=0.5)
    torch.rand(7)
    again = build_network((4, 8, 2), np.random.default_rng(3), last_gain=0.5)
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), again.parameters(), strict=True))


def test_weights_are_orthogonal_and_the_centre_gives_zeros() -> None:
    centre = np.array([3.0, -1.0, 0.5, 2.0])
    network = build_network((4, 8, 2), np.random.default_rng(3), last_gain=0.5, centre=centre)
    first = layers_of(network)[0][0]
    assert np.allclose(first @ first.T, np.eye(4) * 25 / 9, atol=1e-5)
    assert np.abs(run_layers(layers_of(network), centre.astype(np.float32)[None])).max() < 1e-5


def test_the_average_is_of_what_was_added_when_it_was_added() -> None:
    average, weights, bias = WeightAverage(), np.ones((2, 3), dtype=np.float32), np.zeros(3, dtype=np.float32)
    for value in (1.0, 4.0):
        weights[:], bias[:] = value, 2 * value
        average.add(((weights, bias),))
    ((mean, of_bias),) = average.mean()
    assert (mean == 2.5).all()
    assert (of_bias == 5.0).all()
