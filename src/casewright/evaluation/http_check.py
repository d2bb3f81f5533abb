"""HTTP check: asks any service that keeps the disputes contract, and probes the contract's status codes.

It works on a base address alone: ours, a colleague's, a deployment. It sends nothing but the cases it is
given and probes of its own.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx2

from casewright.domain.errors import Unavailable
from casewright.evaluation.labelled_cases import Answer

ANALYZE = "/analyze-ticket"
TIMEOUT_S = 30.0
_FINE = b'{"ticket_id": "PROBE-1", "complaint": "I sent 700 taka to a wrong number."}'


@dataclass(frozen=True, slots=True)
class Probe:
    """One request, and the status that the contract gives it."""

    name: str
    method: str
    path: str
    body: bytes
    status: int


PROBES = (
    Probe("health", "GET", "/health", b"", 200),
    Probe("a ticket", "POST", ANALYZE, _FINE, 200),
    Probe("a body that is empty", "POST", ANALYZE, b"", 400),
    Probe("a body that is not JSON", "POST", ANALYZE, b'{"ticket_id": "PROBE-2", ', 400),
    Probe("a body that is not an object", "POST", ANALYZE, b"[]", 400),
    Probe("no ticket_id", "POST", ANALYZE, b'{"complaint": "My payment failed."}', 400),
    Probe("no complaint", "POST", ANALYZE, b'{"ticket_id": "PROBE-3"}', 400),
    Probe("a complaint that is a number", "POST", ANALYZE, b'{"ticket_id": "PROBE-4", "complaint": 7}', 400),
    Probe("a blank complaint", "POST", ANALYZE, b'{"ticket_id": "PROBE-5", "complaint": "  "}', 422),
    Probe(
        "a complaint over 20,000 characters",
        "POST",
        ANALYZE,
        b'{"ticket_id": "PROBE-6", "complaint": "' + b"a " * 10_001 + b'"}',
        413,
    ),
    Probe(
        "a body over 256 KiB",
        "POST",
        ANALYZE,
        b'{"ticket_id": "PROBE-7", "complaint": "ok", "metadata": "' + b"a" * (256 * 1024) + b'"}',
        413,
    ),
    Probe("an optional field of a wrong type", "POST", ANALYZE, _FINE[:-1] + b', "channel": 7}', 200),
)


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What came back for one probe."""

    probe: Probe
    status: int
    is_json: bool

    @property
    def is_right(self) -> bool:
        """The status of the contract, and a body that can be read."""
        return self.status == self.probe.status and self.is_json


class HttpService:
    """One service under test. Raises Unavailable where it does not answer at all."""

    def __init__(self, url: str, api_key: str | None = None) -> None:
        headers = {"X-API-Key": api_key} if api_key else {}
        self._url = url.rstrip("/")
        self._client = httpx2.Client(base_url=self._url, headers=headers, timeout=TIMEOUT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def ask(self, document: Mapping[str, Any]) -> Answer:
        """Send one ticket."""
        started = time.perf_counter()
        response = self._send("POST", ANALYZE, json=document)
        return Answer(response.status_code, _read_object(response), time.perf_counter() - started)

    def probe(self) -> list[ProbeResult]:
        """Send every probe."""
        results = []
        for probe in PROBES:
            response = self._send(probe.method, probe.path, content=probe.body, headers=_JSON)
            results.append(ProbeResult(probe, response.status_code, bool(_read_object(response))))
        return results

    def _send(self, method: str, path: str, **options: Any) -> httpx2.Response:
        try:
            return self._client.request(method, path, **options)
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            raise Unavailable(
                f"{self._url} does not answer ({type(error).__name__}); is it served, and the address right?"
            ) from None


_JSON = {"content-type": "application/json"}


def _read_object(response: httpx2.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
