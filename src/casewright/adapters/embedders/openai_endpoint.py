"""Any server with the embeddings call of OpenAI's API, hosted or on one's own machine.

The model's identity is its name at that address. An address that is none, or that a key may not be sent to,
is a ConfigurationError at the start. After it whatever goes wrong is Unavailable, and on the log once until
it goes well again: no answer in time, a refusal, an answer of another shape. An answer has one deadline by
the wall clock and one size. No text and no key stands in an error.
"""

import math
import struct
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from casewright.adapters.connectors.link import Answer, ServiceAddress, ServiceLink, check_address
from casewright.adapters.gateway.deadline import call_within
from casewright.adapters.log import get_logger
from casewright.domain.errors import RetryableError, Unavailable
from casewright.ports.knowledge import Vector

MAX_IN_FLIGHT = 32
MAX_BODY_BYTES = 16 * 1024 * 1024
"""64 vectors of 4,096 numbers, written at length, are 6 MiB."""
QUERY_TIMEOUT_S = 2.5
"""So long somebody waits for the vector of a question: less than a look-up has, words remain."""
_BATCH = 64
_TIMEOUT_S = 20.0
_OK = 200


class OpenAiEmbedder:
    """The port `Embedder` over HTTP. `dimensions` is learnt from the first answer. Thread-safe."""

    def __init__(
        self, base_url: str, model: str, key: str | None = None, *, timeout_s: float = _TIMEOUT_S
    ) -> None:
        address = ServiceAddress("embeddings", base_url, key or None, timeout_s)
        check_address(address, variable="CASEWRIGHT_EMBEDDER")
        self.model = f"{model}@{base_url.rstrip('/')}"
        self._name = model
        self._url = f"{base_url.rstrip('/')}/embeddings"
        self._link = ServiceLink(address, most_bytes=MAX_BODY_BYTES)
        self._room = threading.BoundedSemaphore(MAX_IN_FLIGHT)
        self._dimensions = 0
        self._is_failing = False
        self._lock = threading.Lock()

    @property
    def dimensions(self) -> int:
        """Length of a vector; asks the server once."""
        if not self._dimensions:
            self.embed_query("length")
        return self._dimensions

    def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        """Unit vectors of passages. Raises Unavailable."""
        found: list[Vector] = []
        for start in range(0, len(texts), _BATCH):
            found.extend(self._ask(texts[start : start + _BATCH], self._link.address.timeout_s))
        return found

    def embed_query(self, text: str) -> Vector:
        """The unit vector of a query. Raises Unavailable."""
        return self._ask([text], min(QUERY_TIMEOUT_S, self._link.address.timeout_s))[0]

    def _ask(self, texts: Sequence[str], timeout_s: float) -> list[Vector]:
        try:
            vectors = self._read(self._post(texts, timeout_s), len(texts))
        except Unavailable as error:
            with self._lock:
                is_known, self._is_failing = self._is_failing, True
            if not is_known:
                get_logger().warning("no embeddings", reason=error.message)
            raise
        self._is_failing = False
        return vectors

    def _post(self, texts: Sequence[str], timeout_s: float) -> Answer:
        """The call, left behind at the deadline."""
        if not self._room.acquire(blocking=False):
            raise Unavailable(f"too many calls wait for the embeddings server at {self._url}")
        body = {"model": self._name, "input": list(texts), "encoding_format": "float"}

        def work() -> Answer | None:
            try:
                return self._link.query("/embeddings", body)
            except RetryableError:
                return None
            finally:
                self._room.release()

        def nothing() -> Answer | None:
            return None

        answer = call_within(work, timeout_s, late=nothing, failed=nothing)
        if answer is None:
            raise Unavailable(f"the embeddings server at {self._url} does not answer")
        return answer

    def _read(self, answer: Answer, count: int) -> list[Vector]:
        if answer.status != _OK:
            raise Unavailable(
                f"the embeddings server at {self._url} answered {answer.status} for the model "
                f"{self._name}: check the address, the model and its key"
            )
        try:
            vectors = _read_vectors(answer.document, count)
        except (ValueError, KeyError, TypeError, IndexError, OverflowError) as error:
            raise Unavailable(f"the server at {self._url} does not speak the embeddings call") from error
        self._agree(len(vectors[0]) // 4)
        return vectors

    def _agree(self, length: int) -> None:
        with self._lock:
            if self._dimensions not in (0, length):
                raise Unavailable(
                    f"the model {self._name} gives vectors of {length} numbers, before {self._dimensions}"
                )
            self._dimensions = length


def _read_vectors(document: Mapping[str, Any], count: int) -> list[Vector]:
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
