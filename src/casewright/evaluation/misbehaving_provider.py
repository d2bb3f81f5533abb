"""A small HTTP server that speaks two protocols of providers and misbehaves on demand.

It speaks chat completions under `…/chat/completions` and Anthropic's messages under `…/messages`.

The mode of an answer is, in this order: the next of `play`, the model's name in the request if it is the
name of a mode, the server's `mode`; or whatever `compose` makes of a request, a mode or the text of the
model's message. `requests` keeps every body it was sent, so that a suite can prove what never left. Not a
model: a well-behaved answer fills each asked field with `sentence`, or is `answer`.
"""

import json
import socketserver
import threading
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

SAFE_SENTENCE = "We have received your message. Please do not share your PIN or OTP with anyone."
CREDENTIAL_ASK = "To verify your account, please reply with your PIN and the OTP that we sent you."
PROMISE = "Your money has been refunded in full and will reach your account within one hour. Guaranteed."
LEAKED_ID = "The other customer's payment TXN-00990017 to +8801999000111 was the same amount."
REDIRECT = "Please send the details to help@wallet-support.example or visit http://wallet-help.example now."
RETRY_AFTER_S = 20
DRIP_EVERY_S = 1.0
MAX_REQUEST_BYTES = 1_000_000


class Mode(StrEnum):
    """What the server does with a request."""

    OK = "ok"
    HANG = "hang"
    """Takes the request and never answers."""
    DRIP = "drip"
    """A good answer, one byte at a time."""
    DRIP_HEADERS = "drip_headers"
    """The same, from the first byte of the headers on."""
    RATE_LIMITED = "rate_limited"
    """429 with Retry-After."""
    SERVER_ERROR = "server_error"
    UNAUTHORISED = "unauthorised"
    """401, with the caller's own key quoted in the body."""
    REDIRECT = "redirect"
    """307 to another host."""
    DISCONNECT = "disconnect"
    """Closes half-way through the body."""
    BROKEN_ENVELOPE = "broken_envelope"
    """200, and a body that is not JSON."""
    BROKEN_JSON = "broken_json"
    WRONG_SCHEMA = "wrong_schema"
    DEEP_JSON = "deep_json"
    OVERLONG = "overlong"
    """A field far over its length."""
    FLOOD = "flood"
    """A body without end."""
    CUT_OFF = "cut_off"
    """The model stopped at its token limit."""
    EMPTY = "empty"
    TOOL_CALL = "tool_call"
    TOOL_CALL_TEXT = "tool_call_text"
    SURROGATE = "surrogate"
    ASKS_CREDENTIAL = "asks_credential"
    PROMISES = "promises"
    LEAKS = "leaks"
    REDIRECTS_CUSTOMER = "redirects_customer"


_HOSTILE = {
    Mode.ASKS_CREDENTIAL: CREDENTIAL_ASK,
    Mode.PROMISES: PROMISE,
    Mode.LEAKS: LEAKED_ID,
    Mode.REDIRECTS_CUSTOMER: REDIRECT,
}
_CONTENT: dict[Mode, Any] = {
    Mode.BROKEN_JSON: '{"answer": "never clos',
    Mode.WRONG_SCHEMA: '{"verdict": "consistent", "severity": "low"}',
    Mode.DEEP_JSON: "[" * 10_000,
    Mode.EMPTY: "",
    Mode.TOOL_CALL_TEXT: '{"tool_calls": [{"name": "refund", "arguments": {"amount": 5000}}]}',
    Mode.SURROGATE: '{"answer": "\ud800"}',
}
_REFUND_CALL = {"type": "function", "function": {"name": "refund", "arguments": '{"amount": 5000}'}}
_CALLED_TOOL = {"role": "assistant", "content": None, "tool_calls": [{"id": "call-1", **_REFUND_CALL}]}


Compose = Callable[[Mapping[str, Any]], Mode | str]


class MisbehavingProvider:
    """A server on a loopback port of its own; use it in a `with` block. Thread-safe."""

    def __init__(
        self,
        mode: Mode = Mode.OK,
        *,
        play: Iterable[Mode] = (),
        answer: Mapping[str, object] | None = None,
        sentence: str = SAFE_SENTENCE,
        delay_s: float = 0.0,
        drip_every_s: float = DRIP_EVERY_S,
        compose: Compose | None = None,
    ) -> None:
        self.mode = mode
        self.answer = answer
        self.sentence = sentence
        self.delay_s = delay_s
        self.drip_every_s = drip_every_s
        self.requests: list[dict[str, Any]] = []
        self.connections = 0
        self._play = list(play)
        self._compose = compose
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="misbehaving", daemon=True
        )

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take_mode(self, body: dict[str, Any]) -> Mode | str:
        """Note the request, and say what to do with it: a mode, or the text to answer with."""
        with self._lock:
            self.requests.append(body)
            if self._play:
                return self._play.pop(0)
            if self._compose is not None:
                return self._compose(body)
        name = body.get("model")
        return Mode(name) if name in set(Mode) else self.mode

    def count_connection(self) -> None:
        with self._lock:
            self.connections += 1

    def wait(self, seconds: float | None) -> bool:
        """Sleep, unless the server stops. Whether it has stopped."""
        return self._stopped.wait(seconds)

    def build_content(self, mode: Mode, body: Mapping[str, Any]) -> str:
        """The text of the model's message."""
        if mode in _CONTENT:
            return str(_CONTENT[mode])
        if mode is Mode.OVERLONG:
            return json.dumps(dict.fromkeys(_asked_fields(body), "long " * 2000))
        hostile = _HOSTILE.get(mode)
        if hostile is None and self.answer is not None:
            return json.dumps(self.answer)
        sentence = hostile or self.sentence
        return json.dumps({name: (allowed or [sentence])[0] for name, allowed in _asked_fields(body).items()})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, provider: MisbehavingProvider) -> None:
        self.provider = provider
        super().__init__(("127.0.0.1", 0), _Chat)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that walks away is what this server is for."""


class _Chat(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        socketserver.StreamRequestHandler.setup(self)
        self.server.provider.count_connection()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
        """Nothing is logged."""

    def do_POST(self) -> None:
        provider = self.server.provider
        length = min(int(self.headers.get("Content-Length", "0")), MAX_REQUEST_BYTES)
        body = json.loads(self.rfile.read(length))
        mode = provider.take_mode(body)
        if provider.wait(provider.delay_s) or (mode is Mode.HANG and provider.wait(None)):
            self.close_connection = True
            return
        if isinstance(mode, Mode):
            self._answer(mode, body)
        else:
            self._send_completion(Mode.OK, body, mode)

    def _answer(self, mode: Mode, body: Mapping[str, Any]) -> None:
        if mode is Mode.RATE_LIMITED:
            self._send(429, b'{"error": "slow down"}', {"Retry-After": str(RETRY_AFTER_S)})
        elif mode is Mode.SERVER_ERROR:
            self._send(500, b"Internal Server Error")
        elif mode is Mode.UNAUTHORISED:
            self._send(401, f"bad key: {self._sent_key()}".encode())
        elif mode is Mode.REDIRECT:
            self._send(307, b"", {"Location": f"{self.server.provider.base_url}/elsewhere"})
        elif mode is Mode.BROKEN_ENVELOPE:
            self._send(200, b"<html>gateway</html>")
        elif mode is Mode.FLOOD:
            self._flood()
        else:
            self._send_completion(mode, body, self.server.provider.build_content(mode, body))

    def _send_completion(self, mode: Mode, body: Mapping[str, Any], content: str) -> None:
        speaks = _MESSAGES if self.path.endswith("/messages") else _COMPLETIONS
        payload = json.dumps(speaks.document(mode, body, content)).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(payload))}
        if mode is Mode.DISCONNECT:
            self._send(200, payload[: len(payload) // 2], headers)
            self.close_connection = True
        elif mode is Mode.DRIP:
            self._send(200, b"", headers)
            self._drip(payload)
        elif mode is Mode.DRIP_HEADERS:
            self._drip(b"HTTP/1.1 200 OK\r\nX-Padding: " + b"x" * 4_000)
        else:
            self._send(200, payload, headers)

    def _send(self, status: int, payload: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        if "Content-Type" not in (headers or {}):
            self.send_header("Content-Type", "application/json")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if "Content-Length" not in (headers or {}):
            self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _sent_key(self) -> str:
        return str(self.headers.get("Authorization") or self.headers.get("x-api-key"))

    def _drip(self, payload: bytes) -> None:
        for byte in payload:
            if self.server.provider.wait(self.server.provider.drip_every_s):
                break
            self.wfile.write(bytes((byte,)))
        self.close_connection = True

    def _flood(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.server.provider.wait(0):
            self.wfile.write(b"0" * 65_536)
        self.close_connection = True


class _Completions:
    """Chat completions."""

    def document(self, mode: Mode, body: Mapping[str, Any], content: str) -> dict[str, Any]:
        message = _CALLED_TOOL if mode is Mode.TOOL_CALL else {"role": "assistant", "content": content}
        return {
            "id": "chat-1",
            "object": "chat.completion",
            "model": body.get("model"),
            "choices": [{"index": 0, "message": message, "finish_reason": self._reason(mode)}],
            "usage": {"prompt_tokens": 120, "completion_tokens": 40, "total_tokens": 160},
        }

    def _reason(self, mode: Mode) -> str:
        return "length" if mode is Mode.CUT_OFF else "stop"


class _Messages:
    """Anthropic's messages, answered by the tool that was forced."""

    def document(self, mode: Mode, body: Mapping[str, Any], content: str) -> dict[str, Any]:
        return {
            "id": "msg-1",
            "type": "message",
            "role": "assistant",
            "model": body.get("model"),
            "content": [self._block(mode, content)],
            "stop_reason": self._reason(mode),
            "usage": {"input_tokens": 120, "output_tokens": 40},
        }

    def _block(self, mode: Mode, content: str) -> dict[str, Any]:
        """A form that is filled in; or text, another tool, or a form that holds no object."""
        if mode is Mode.TOOL_CALL:
            return {"type": "tool_use", "id": "call-1", "name": "refund", "input": {"amount": 5000}}
        if not content:
            return {"type": "text", "text": "I cannot help with that."}
        try:
            filled_in = json.loads(content)
        except (ValueError, RecursionError):
            filled_in = content
        return {"type": "tool_use", "id": "call-1", "name": "answer", "input": filled_in}

    def _reason(self, mode: Mode) -> str:
        return "max_tokens" if mode is Mode.CUT_OFF else "tool_use"


_COMPLETIONS, _MESSAGES = _Completions(), _Messages()


def _asked_fields(body: Mapping[str, Any]) -> dict[str, list[str]]:
    """Names of the fields that the request's schema asks for, each with its allowed values (empty: any)."""
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if schema is None and body.get("tools"):
        schema = body["tools"][0]["input_schema"]
    if schema is None:
        turns = [turn["content"] for turn in body.get("messages", ()) if "JSON schema:\n" in turn["content"]]
        schema = json.loads(turns[0].partition("JSON schema:\n")[2]) if turns else {}
    properties = schema.get("properties", {"text": {}})
    return {name: list(definition.get("enum", ())) for name, definition in properties.items()}
