"""Link to one outside service over HTTP: one call, one time-out, and the truth about what is known then.

    nothing was sent                 Unavailable      refused, unresolvable, no TLS, no room in the pool
    sent, and no whole answer        OutcomeUnknown   time-out, broken connection, answer cut off or too long
    a whole answer                   Answer           whatever its status

Invariant: the bearer token leaves in the `Authorization` header only; it stands in no error, `repr` or log,
and goes in the clear to this machine only. Every call has a connection of its own: on a kept one, a server
that hangs up while idle would leave in doubt what it has taken. It retries nothing: the journal and the
outbox do.
"""

import contextlib
import json
import re
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx2

from casewright.domain.errors import ConfigurationError, OutcomeUnknown, Unavailable, Undeliverable

MAX_ANSWER_BYTES = 256 * 1024
MAX_CONNECTIONS = 256
DEFAULT_TIMEOUT_S = 10.0
LONGEST_TIMEOUT_S = 120.0
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class ServiceAddress:
    """Where a service is, and what opens it."""

    name: str
    """`payments`, `courier` or `mail`."""
    base_url: str
    token: str | None = field(default=None, repr=False)
    timeout_s: float = DEFAULT_TIMEOUT_S
    """For the whole call, from the connection to the last byte of the answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer; `document` is empty where the body is no JSON object."""

    status: int
    document: Mapping[str, Any] = field(default_factory=dict)

    @property
    def error_code(self) -> str | None:
        """`code` of `{"error": {"code": …}}`."""
        error = self.document.get("error")
        code = error.get("code") if isinstance(error, dict) else None
        return code if isinstance(code, str) and code else None


def find_address(name: str, environment: Mapping[str, str]) -> ServiceAddress | None:
    """The address of a service from `CASEWRIGHT_<NAME>_URL`, `…_TOKEN` and `…_TIMEOUT_S`; None: not set.

    Raises ConfigurationError, never with the token in it.
    """
    prefix = f"CASEWRIGHT_{name.upper()}"
    base_url = environment.get(f"{prefix}_URL", "").strip()
    if not base_url:
        return None
    token = environment.get(f"{prefix}_TOKEN", "").strip() or None
    written = environment.get(f"{prefix}_TIMEOUT_S", "").strip() or str(DEFAULT_TIMEOUT_S)
    try:
        timeout_s = float(written)
    except ValueError:
        timeout_s = 0.0
    if not 0 < timeout_s <= LONGEST_TIMEOUT_S:
        raise ConfigurationError(
            f"{prefix}_TIMEOUT_S is {written!r}; write seconds above 0 and up to {LONGEST_TIMEOUT_S:.0f}"
        )
    address = ServiceAddress(name, base_url, token, timeout_s)
    check_address(address, variable=f"{prefix}_URL")
    return address


def check_address(address: ServiceAddress, *, variable: str = "the address") -> None:
    """Raises ConfigurationError for an address that cannot be called, or not safely."""
    try:
        parts = urlsplit(address.base_url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ConfigurationError(
            f"{variable}: write an address such as https://{address.name}.example.com/v1"
        )
    if parts.username or parts.password:
        raise ConfigurationError(f"{variable} holds a login; put the token into its own variable")
    if address.token is None:
        return
    if not re.fullmatch(r"[\x21-\x7e]+", address.token):
        raise ConfigurationError(f"the token of {address.name} has characters that no header may carry")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ConfigurationError(
            f"{variable}: a token is sent over https only, or on this machine; write https://"
        )


class ServiceLink:
    """Calls to one service. Thread-safe; close it at the end."""

    def __init__(self, address: ServiceAddress, *, most_bytes: int = MAX_ANSWER_BYTES) -> None:
        check_address(address)
        self.address = address
        self._most_bytes = most_bytes
        self._base_url = address.base_url.rstrip("/")
        limits = httpx2.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=0)
        is_near = _is_loopback(urlsplit(address.base_url).hostname or "")
        self._client = httpx2.Client(limits=limits, follow_redirects=False, trust_env=not is_near)

    def post(self, path: str, document: Mapping[str, Any], *, key: str) -> Answer:
        """One POST with an idempotency key. Raises Unavailable and OutcomeUnknown as this module says."""
        if not _KEY.fullmatch(key):
            raise Undeliverable(f"{self.address.name}: a key has 1 to 255 visible ASCII characters")
        body = json.dumps(document, ensure_ascii=True, separators=(",", ":"), sort_keys=True, allow_nan=False)
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        return self._call("POST", path, headers, body.encode("utf-8"))

    def get(self, path: str) -> Answer:
        """One GET, which changes nothing, so that every failure is Unavailable."""
        return self._read("GET", path, {}, None)

    def query(self, path: str, document: Mapping[str, Any]) -> Answer:
        """One POST that only asks and changes nothing, so that every failure is Unavailable."""
        body = json.dumps(document, ensure_ascii=True, separators=(",", ":"), sort_keys=True, allow_nan=False)
        return self._read("POST", path, {"Content-Type": "application/json"}, body.encode("utf-8"))

    def close(self) -> None:
        self._client.close()

    def _read(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        try:
            return self._call(method, path, headers, body)
        except OutcomeUnknown as error:
            raise Unavailable(error.message) from None

    def _call(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        if self.address.token is not None:
            headers["Authorization"] = f"Bearer {self.address.token}"
        watch = _Watch(self.address.timeout_s)
        failure = ""
        try:
            with (
                watch,
                self._client.stream(
                    method,
                    self._base_url + path,
                    headers=headers | {"Connection": "close", "Accept-Encoding": "identity"},
                    content=body,
                    timeout=self.address.timeout_s,
                    extensions={"trace": watch.follow},
                ) as response,
            ):
                return Answer(
                    response.status_code, _read_document(_read_body(response, watch, self._most_bytes))
                )
        except httpx2.TimeoutException:
            failure = "no answer in time"
        except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
            # Only the kind of the error goes on: its text may quote headers.
            failure = "no answer in time" if watch.is_over else type(error).__name__
        if watch.is_sent:
            raise OutcomeUnknown(f"{self.address.name}: {failure}; it may or may not have acted")
        raise Unavailable(f"{self.address.name} cannot be reached: {failure}")


class _Watch:
    """Ends a call at its deadline by shutting its socket down, and knows whether anything was sent.

    The time-outs of the client are per read: an answer that comes byte by byte would never meet them.
    """

    def __init__(self, timeout_s: float) -> None:
        self._deadline_s = time.monotonic() + timeout_s
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(timeout_s, self._cut)
        self._timer.daemon = True
        self._is_cut = False
        self.is_sent = False

    def __enter__(self) -> "_Watch":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._socket = None

    @property
    def is_over(self) -> bool:
        return self._is_cut or time.monotonic() >= self._deadline_s

    def follow(self, event: str, info: Mapping[str, object]) -> None:
        if event.endswith("send_request_headers.started"):
            self.is_sent = True
        elif event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            stream = info["return_value"]
            found = stream.get_extra_info("socket") if hasattr(stream, "get_extra_info") else None
            with self._lock:
                self._socket = found if isinstance(found, socket.socket) else None
                if self._is_cut:
                    self._shut_down()

    def _cut(self) -> None:
        with self._lock:
            self._is_cut = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _read_body(response: httpx2.Response, watch: _Watch, most_bytes: int) -> bytes:
    received = bytearray()
    for chunk in response.iter_raw():
        received += chunk
        if len(received) > most_bytes:
            raise httpx2.ReadError("the answer is too long")
        if watch.is_over:
            raise httpx2.ReadTimeout("the answer took too long")
    return bytes(received)


def _read_document(body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
