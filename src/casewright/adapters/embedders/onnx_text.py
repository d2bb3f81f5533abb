"""Texts through an ONNX model, one at a time: the same vector alone or in company, and the fastest on a core.

A padded batch is slower than its texts one by one, and with 8-bit activations it would give other vectors.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from casewright.adapters.model_files import hash_file
from casewright.domain.errors import ConfigurationError
from casewright.ports.knowledge import Vector

INSTALL = "pip install 'casewright[knowledge]'"


class OnnxText:
    """A tokenizer and a session, opened when first used, if the files have their hashes. Thread-safe.

    `hashes`: SHA-256 of the files by their names; `advice`: what to do where one differs.
    """

    def __init__(
        self,
        model: Path,
        tokenizer: Path,
        *,
        hashes: Mapping[str, str],
        advice: str,
        longest: int,
        pools: bool,
        threads: int = 1,
    ) -> None:
        self._files = model, tokenizer
        self._hashes = hashes
        self._advice = advice
        self._longest = longest
        self._pools = pools
        self._threads = threads
        self._opened: tuple[Any, Any] | None = None
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Unit vectors, in the order of the texts. Raises ConfigurationError without the packages."""
        session, tokenizer = self._open()
        return [self._embed_one(session, tokenizer, text) for text in texts]

    def _embed_one(self, session: Any, tokenizer: Any, text: str) -> Vector:
        import numpy as np

        ids = np.array([tokenizer.encode(text).ids], np.int64)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        if self._pools:
            hidden = session.run(None, feeds | {"token_type_ids": np.zeros_like(ids)})[0]
            vector = hidden[0].mean(axis=0)
            vector = vector / max(float(np.linalg.norm(vector)), 1e-12)
        else:
            vector = session.run(None, feeds)[0][0]
        return bytes(vector.astype("<f4").tobytes())

    def _open(self) -> tuple[Any, Any]:
        with self._lock:
            if self._opened is None:
                for file in self._files:
                    if hash_file(file) != self._hashes.get(file.name):
                        raise ConfigurationError(f"{file} is damaged: {self._advice}")
                self._opened = _open_files(*self._files, self._longest, self._threads)
            return self._opened


def _open_files(model: Path, tokenizer: Path, longest: int, threads: int) -> tuple[Any, Any]:
    try:
        import onnxruntime  # type: ignore[import-untyped]  # it ships no types
        from tokenizers import Tokenizer
    except ImportError as error:
        raise ConfigurationError(f"search by meaning needs packages of an extra: {INSTALL}") from error
    reader = Tokenizer.from_file(str(tokenizer))
    reader.no_padding()
    reader.enable_truncation(longest)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"]), reader
