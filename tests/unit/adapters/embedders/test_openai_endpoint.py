"""A server of embeddings: what is sent, what is read, and what each failure means."""

import contextlib
import json
import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from struct import unpack
from typing import Any

import pytest

from casewright.adapters.embedders import openai_endpoint
from casewright.adapters.embedders.openai_endpoint import OpenAiEmbedder
from casewright.adapters.gateway.deadline import THREAD_NAME
from casewright.domain.errors import ConfigurationError, Unavailable


class Server:
    """Answers embeddings of two numbers, in reverse order, unless told otherwise."""

    def __init__(self) -> None:
        self.status = 200
        self.body: bytes | None = None
        self.length = 2
        self.drips: threading.Event | None = None
        """Until it is set, the answer comes as spaces, one now and then."""
        self.received: list[tuple[dict[str, Any], str | None]] = []
        server = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.received.append((sent, self.headers.get("Authorization")))
                body = server.body if server.body is not None else server.answer(sent["input"])
                if server.drips is not None:
                    self.drip(server.drips)
                    return
                self.send_response(server.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def drip(self, until: threading.Event) -> None:
                with contextlib.suppress(OSError):
                    self.send_response(200)
                    self.end_headers()
                    while not until.wait(0.05):
                        self.wfile.write(b" ")

            def log_message(self, *arguments: Any) -> None:
                """Quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"

    def answer(self, texts: list[str]) -> bytes:
        rows = [
            {"index": place, "embedding": [3.0 + place] + [4.0] * (self.length - 1)}
            for place, _ in enumerate(texts)
        ]
        return json.dumps({"data": rows[::-1]}).encode()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.http.shutdown()
    thread.join()
    server.http.server_close()


def test_vectors_come_in_the_order_of_the_texts_and_at_unit_length(server: Server) -> None:
    embedder = OpenAiEmbedder(f"{server.url}/", "small", "k-1")
    first, second = embedder.embed_passages(["a", "b"])
    assert unpack("<2f", first) == pytest.approx((0.6, 0.8))
    assert unpack("<2f", second) == pytest.approx((math.sqrt(0.5), math.sqrt(0.5)))
    assert server.received == [
        ({"model": "small", "input": ["a", "b"], "encoding_format": "float"}, "Bearer k-1")
    ]
    assert (embedder.dimensions, embedder.model) == (2, f"small@{server.url}")


def test_many_texts_go_in_batches(server: Server) -> None:
    assert len(OpenAiEmbedder(server.url, "small").embed_passages(["x"] * 130)) == 130
    assert [len(sent["input"]) for sent, _ in server.received] == [64, 64, 2]
    assert server.received[0][1] is None


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_unavailable(server: Server, status: int) -> None:
    server.status = status
    with pytest.raises(Unavailable, match=str(status)):
        OpenAiEmbedder(server.url, "small").embed_query("a")


def test_a_refusal_says_what_to_check_and_shows_no_key(server: Server) -> None:
    server.status = 401
    with pytest.raises(Unavailable, match="answered 401 for the model small: check") as caught:
        OpenAiEmbedder(server.url, "small", "k-secret").embed_query("a")
    assert "k-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[]",
        b'{"data": []}',
        b'{"data": [{"index": 1, "embedding": [1]}]}',
        b'{"data": [{"index": 0, "embedding": []}]}',
        b'{"data": [{"index": 0, "embedding": [0, 0]}]}',
        b'{"data": [{"index": 0, "embedding": [1e999]}]}',
        b'{"data": [{"index": 0, "embedding": "AAAA"}]}',
        b'{"data": [{"index": 0, "embedding": [1' + b"0" * 400 + b"]}]}",
    ],
)
def test_an_answer_of_another_shape_is_no_embedding(server: Server, body: bytes) -> None:
    server.body = body
    with pytest.raises(Unavailable, match="embeddings call"):
        OpenAiEmbedder(server.url, "small").embed_query("a")


def test_a_model_that_changes_its_length_is_refused(server: Server) -> None:
    embedder = OpenAiEmbedder(server.url, "small")
    embedder.embed_query("a")
    server.length = 3
    with pytest.raises(Unavailable, match="3 numbers"):
        embedder.embed_query("a")


def test_a_server_that_is_not_there_is_unavailable(server: Server) -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        OpenAiEmbedder("http://127.0.0.1:9/v1", "small", timeout_s=5).embed_query("a")


def test_a_key_goes_over_https_or_to_this_machine_only() -> None:
    with pytest.raises(ConfigurationError, match="over https only") as caught:
        OpenAiEmbedder("http://vectors.example.com/v1", "small", "k-secret")
    assert "k-secret" not in str(caught.value)
    OpenAiEmbedder("https://vectors.example.com/v1", "small", "k-secret")
    OpenAiEmbedder("http://vectors.example.com/v1", "small")


def test_an_answer_without_end_is_cut_off(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_endpoint, "MAX_BODY_BYTES", 1_000)
    server.body = server.answer(["a"]) + b" " * 1_000
    with pytest.raises(Unavailable, match="does not answer"):
        OpenAiEmbedder(server.url, "small").embed_query("a")


def test_a_server_that_drips_is_left_behind_and_holds_no_call(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_endpoint, "MAX_IN_FLIGHT", 1)
    embedder = OpenAiEmbedder(server.url, "small", timeout_s=3)
    server.drips = threading.Event()
    try:
        with pytest.raises(Unavailable, match="does not answer"):
            embedder.embed_query("a")
        calls = [thread for thread in threading.enumerate() if thread.name == THREAD_NAME]
        for thread in calls:
            thread.join(30)
        assert not any(thread.is_alive() for thread in calls)
    finally:
        server.drips.set()
    server.drips = None
    server.status = 401
    with pytest.raises(Unavailable, match="401"):
        embedder.embed_query("a")


def test_a_failure_is_on_the_log_once_until_it_goes_well_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[str] = []

    class Log:
        def warning(self, event: str, *, reason: str) -> None:
            logged.append(reason)

    monkeypatch.setattr(openai_endpoint, "get_logger", Log)
    embedder = OpenAiEmbedder(server.url, "small")
    for status in (401, 401, 404, 200, 404):
        server.status = status
        with contextlib.suppress(Unavailable):
            embedder.embed_query("a")
    assert [reason.split(" answered ")[1][:3] for reason in logged] == ["401", "404"]
