"""Small networks for actor and critic: made from a NumPy generator, and read back as plain layers.

Invariant: the same generator gives the same weights, whatever else has drawn from PyTorch's own.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch

from casewright.adapters.retention.weights import Layers


def build_network(
    sizes: Sequence[int], rng: np.random.Generator, *, last_gain: float, centre: np.ndarray | None = None
) -> torch.nn.Sequential:
    """Linear layers of these sizes with tanh between: orthogonal of gain 5/3, the last of `last_gain`.

    At `centre` (inputs,) the first layer gives zeros, so that no input far from 0 saturates it.
    """
    parts: list[torch.nn.Module] = []
    last = len(sizes) - 2
    for index, (inputs, outputs) in enumerate(pairwise(sizes)):
        layer = torch.nn.Linear(inputs, outputs)
        gain = last_gain if index == last else 5 / 3
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(gain * _orthogonal(outputs, inputs, rng)))
            layer.bias.zero_()
            if index == 0 and centre is not None:
                layer.bias.copy_(-layer.weight @ torch.from_numpy(centre.astype(np.float32)))
        parts += [layer] if index == last else [layer, torch.nn.Tanh()]
    return torch.nn.Sequential(*parts)


def _orthogonal(rows: int, columns: int, rng: np.random.Generator) -> np.ndarray:
    square = rng.normal(size=(max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(square)
    q *= np.sign(np.diag(r))
    return np.asarray(q if rows >= columns else q.T, dtype=np.float32)


def layers_of(network: torch.nn.Sequential) -> Layers:
    """The network as NumPy layers, sharing memory with it: what trains is what acts."""
    return tuple(
        (part.weight.detach().numpy().T, part.bias.detach().numpy())
        for part in network
        if isinstance(part, torch.nn.Linear)
    )


class WeightAverage:
    """The mean of a network's weights over the last part of a training, which acts better than the last."""

    def __init__(self) -> None:
        self._sums: list[tuple[np.ndarray, np.ndarray]] = []
        self._count = 0

    def add(self, layers: Layers) -> None:
        """Count these weights in."""
        self._count += 1
        if not self._sums:
            self._sums = [(w.astype(np.float64), b.astype(np.float64)) for w, b in layers]
            return
        for (weights, bias), (w, b) in zip(self._sums, layers, strict=True):
            weights += w
            bias += b

    def mean(self) -> Layers:
        """The mean; weights in rows as they serve."""
        return tuple(
            (
                np.ascontiguousarray(weights / self._count, dtype=np.float32),
                np.asarray(bias / self._count, dtype=np.float32),
            )
            for weights, bias in self._sums
        )
