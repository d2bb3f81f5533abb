"""Any server with the embeddings call of OpenAI's API, hosted or on one's own machine.

The model's identity is its name at that address. A server that does not answer is Unavailable; a refusal or
an answer of the wrong shape is a ConfigurationError. No text and no key stands in an error.
"""

import math
import struct
import threading
from collections.abc import Sequence

import httpx2

from casewright.domain.errors import ConfigurationError, Unavailable
from casewright.ports.knowledge import Vector

_BATCH = 64
_TIMEOUT_S = 20.0
_RETRYABLE = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class OpenAiEmbedder:
    """The port `Embedder` over HTTP. `dimensions` is learnt from the first answer."""

    def __init__(
        self, base_url: str, model: str, key: str | None = None, *, timeout_s: float = _TIMEOUT_S
    ) -> None:
        self.model = f"{model}@{base_url.rstrip('/')}"
        self._name = model
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._url = f"{base_url.rstrip('/')}/embeddings"
        self._client = httpx2.Client(headers=headers, timeout=timeout_s, follow_redirects=False)
        self._dimensions = 0
        self._lock = threading.Lock()

    @property
    def dimensions(self) -> int:
        """Length of a vector; asks the server once."""
        if not self._dimensions:
            self.embed_query("length")
        return self._dimensions

    def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        """Unit vectors of passages."""
        found: list[Vector] = []
        for start in range(0, len(texts), _BATCH):
            found.extend(self._ask(texts[start : start + _BATCH]))
        return found

    def embed_query(self, text: str) -> Vector:
        """The unit vector of a query."""
        return self._ask([text])[0]

    def _ask(self, texts: Sequence[str]) -> list[Vector]:
        body = {"model": self._name, "input": list(texts), "encoding_format": "float"}
        try:
            answer = self._client.post(self._url, json=body)
        except httpx2.HTTPError as error:
            raise Unavailable(f"the embeddings server at {self._url} does not answer") from error
        if answer.status_code in _RETRYABLE:
            raise Unavailable(f"the embeddings server at {self._url} answered {answer.status_code}")
        if answer.status_code != httpx2.codes.OK:
            raise ConfigurationError(
                f"the embeddings server at {self._url} answered {answer.status_code} for the model "
                f"{self._name}: check the address, the model and its key"
            )
        try:
            vectors = _read_vectors(answer.json(), len(texts))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise ConfigurationError(
                f"the server at {self._url} does not speak the embeddings call"
            ) from error
        self._agree(len(vectors[0]) // 4)
        return vectors

    def _agree(self, length: int) -> None:
        with self._lock:
            if self._dimensions not in (0, length):
                raise ConfigurationError(
                    f"the model {self._name} gives vectors of {length} numbers, before {self._dimensions}"
                )
            self._dimensions = length


def _read_vectors(document: object, count: int) -> list[Vector]:
    if not isinstance(document, dict):
        raise TypeError("no object")
    rows = sorted(document["data"], key=lambda row: int(row["index"]))
    if [int(row["index"]) for row in rows] != list(range(count)):
        raise ValueError("not one vector for each text")
    vectors = [_unit([float(value) for value in row["embedding"]]) for row in rows]
    if len({len(vector) for vector in vectors}) != 1:
        raise ValueError("vectors of several lengths")
    return vectors


def _unit(values: list[float]) -> Vector:
    length = math.sqrt(math.fsum(value * value for value in values))
    if not values or not math.isfinite(length) or length == 0:
        raise ValueError("no direction")
    return struct.pack(f"<{len(values)}f", *(value / length for value in values))
