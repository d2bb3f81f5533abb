"""An embedder without a model: texts that share words are similar. Deterministic, and it needs no package."""

import math
import zlib
from array import array
from collections.abc import Sequence

from casewright.retrieval.terms import read_terms


class ToyEmbedder:
    def __init__(self, model: str = "toy@1", dimensions: int = 32) -> None:
        self._model = model
        self._dimensions = dimensions
        self.embedded = 0

    @property
    def model(self) -> str:
        return self._model

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def embed_passages(self, texts: Sequence[str]) -> list[bytes]:
        self.embedded += len(texts)
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> bytes:
        sums = [0.0] * self._dimensions
        for term in read_terms(text):
            sums[zlib.crc32(term.encode()) % self._dimensions] += 1.0
        length = math.sqrt(sum(each * each for each in sums)) or 1.0
        return array("f", (each / length for each in sums)).tobytes()
