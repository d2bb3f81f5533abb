"""A small web search of our own that misbehaves on demand: Tavily's and SearXNG's protocol on one port."""

import json
import threading
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class Mood(StrEnum):
    """What the server does with a request."""

    OK = "ok"
    HANG = "hang"
    DRIP = "drip"
    DRIP_HEADERS = "drip_headers"
    LIMITED = "limited"
    BROKEN = "broken"
    REDIRECT = "redirect"
    HALF = "half"
    NO_JSON = "no_json"
    DEEP_JSON = "deep_json"
    OTHER_SHAPE = "other_shape"
    FLOOD = "flood"


OTHER_SHAPES: tuple[Any, ...] = (
    [],
    {"results": None},
    {"results": "many"},
    {"results": {"url": "https://stats.example.com"}},
    {"results": [None, 7, "text", [], {}, {"url": 5}, {"url": None, "title": "t"}]},
    {"results": [{"url": "https://stats.example.com/a", "title": 5, "content": ["x"]}]},
)


class MisbehavingSearch:
    """A server on a loopback port of its own; use it in a `with` block."""

    def __init__(self, mood: Mood = Mood.OK, results: Any = ()) -> None:
        self.mood = mood
        self.document: Any = {"results": list(results)}
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(search: MisbehavingSearch) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
            """Nothing is logged."""

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

        def _answer(self, body: bytes) -> None:
            search.requests.append((self.path, dict(self.headers), body))
            payload = json.dumps(search.document).encode()
            mood = search.mood
            self.close_connection = True
            try:
                if mood is Mood.HANG:
                    search.stopped.wait()
                elif mood is Mood.DRIP_HEADERS:
                    self._drip(b"HTTP/1.1 200 OK\r\nX-Padding: " + b"x" * 10_000)
                elif mood is Mood.DRIP:
                    self._send(200, b"", len(payload))
                    self._drip(payload * 100)
                elif mood is Mood.LIMITED:
                    self._send(429, b"{}")
                elif mood is Mood.BROKEN:
                    self._send(500, b"Internal Server Error")
                elif mood is Mood.REDIRECT:
                    self._send(302, b"", location=f"{search.url}/elsewhere")
                elif mood is Mood.HALF:
                    self._send(200, payload[: len(payload) // 2], len(payload))
                elif mood is Mood.NO_JSON:
                    self._send(200, b"<html>search</html>")
                elif mood is Mood.DEEP_JSON:
                    self._send(200, b'{"results":' + b"[" * 100_000)
                elif mood is Mood.FLOOD:
                    self.send_response(200)
                    self.end_headers()
                    while not search.stopped.is_set():
                        self.wfile.write(b"0" * 65_536)
                else:
                    self._send(200, payload)
            except OSError:
                return

        def _send(
            self, status: int, payload: bytes, length: int | None = None, location: str | None = None
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload) if length is None else length))
            if location is not None:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(payload)

        def _drip(self, payload: bytes) -> None:
            for byte in payload:
                if search.stopped.wait(0.05):
                    return
                self.wfile.write(bytes((byte,)))

    return Handler
