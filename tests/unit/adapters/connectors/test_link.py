"""A link: what is known after a call, time-outs that hold, and a token that stays where it belongs."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from casewright.adapters.connectors.link import (
    MAX_ANSWER_BYTES,
    Answer,
    ServiceAddress,
    ServiceLink,
    check_address,
    find_address,
)
from casewright.domain.errors import ConfigurationError, OutcomeUnknown, Unavailable

TOKEN = "a-token-of-this-test"
PATIENT_S = 30.0
Serve = Callable[[socket.socket], None]


@contextmanager
def serving(answer: Serve) -> Iterator[str]:
    """A server that reads one whole request, then does what it is told with the connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            connection, _ = listener.accept()
            with connection:
                received = b""
                while b"\r\n\r\n" not in received:
                    received += connection.recv(65_536)
                answer(connection)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(PATIENT_S)


def call(url: str, timeout_s: float = PATIENT_S) -> Answer:
    link = ServiceLink(ServiceAddress("payments", url, TOKEN, timeout_s))
    try:
        return link.post("/transfers", {"a": 1}, key="k")
    finally:
        link.close()


def drip(connection: socket.socket, first: bytes, stop: threading.Event) -> None:
    """Headers or a body without end, a byte now and then: no single read ever takes long."""
    try:
        connection.sendall(first)
        while not stop.wait(0.05):
            connection.sendall(b"x")
    except OSError:
        return


@pytest.mark.parametrize(
    "first",
    [b"HTTP/1.1 200 OK\r\nX-Padding: ", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"],
    ids=["headers", "body"],
)
def test_an_answer_that_drips_is_cut_at_the_time_out(first: bytes) -> None:
    stop = threading.Event()
    with serving(lambda connection: drip(connection, first, stop)) as url:
        with pytest.raises(OutcomeUnknown, match="no answer in time"):
            call(url, timeout_s=1.5)
        stop.set()


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}",
        b"this is not HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b"x" * (MAX_ANSWER_BYTES + 1),
    ],
    ids=["nothing", "half a line", "half a body", "noise", "too long"],
)
def test_a_call_that_was_sent_and_not_answered_whole_is_in_doubt(sent: bytes) -> None:
    with serving(lambda connection: connection.sendall(sent)) as url, pytest.raises(OutcomeUnknown) as raised:
        call(url)
    assert TOKEN not in str(raised.value)
    assert TOKEN not in repr(raised.value.__context__)


def test_a_whole_answer_is_read_whatever_its_status_and_body() -> None:
    for status, body, document in (
        (200, b'{"a": 1}', {"a": 1}),
        (503, b'{"error": {"code": "x"}}', {"error": {"code": "x"}}),
        (200, b"[1]", {}),
        (200, b"\xff", {}),
        (302, b"[" * 10_000, {}),
    ):
        head = f"HTTP/1.1 {status} X\r\nLocation: /elsewhere\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        with serving(lambda connection, sent=head + body: connection.sendall(sent)) as url:  # type: ignore[misc]
            assert call(url) == Answer(status, document)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://nowhere.invalid", "https://127.0.0.1:1"])
def test_where_nothing_could_be_sent_nothing_is_in_doubt(url: str) -> None:
    link = ServiceLink(ServiceAddress("payments", url, None, PATIENT_S))
    with pytest.raises(Unavailable):
        link.post("/transfers", {}, key="k")
    link.close()


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"error": {"code": "x"}}, "x"),
        ({"error": {"code": 7}}, None),
        ({"error": "x"}, None),
        ({"error": {"code": ""}}, None),
        ({}, None),
    ],
)
def test_an_error_code_is_read_where_there_is_one(document: dict[str, object], code: str | None) -> None:
    assert Answer(422, document).error_code == code


def test_an_address_is_read_from_the_environment_and_its_repr_hides_the_token() -> None:
    environment = {
        "CASEWRIGHT_PAYMENTS_URL": "https://pay.example.com/v1",
        "CASEWRIGHT_PAYMENTS_TOKEN": TOKEN,
        "CASEWRIGHT_PAYMENTS_TIMEOUT_S": "2.5",
    }
    address = find_address("payments", environment)
    assert address == ServiceAddress("payments", "https://pay.example.com/v1", TOKEN, 2.5)
    assert TOKEN not in repr(address)
    assert find_address("mail", environment) is None


@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan", "inf", "121"])
def test_a_time_out_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(ConfigurationError, match="CASEWRIGHT_MAIL_TIMEOUT_S"):
        find_address(
            "mail", {"CASEWRIGHT_MAIL_URL": "http://127.0.0.1:1", "CASEWRIGHT_MAIL_TIMEOUT_S": value}
        )


@pytest.mark.parametrize(
    "url",
    [
        "pay.example.com",
        "ftp://pay.example.com",
        "https://",
        "https://a:b@pay.example.com",
        "https://x/?a=1",
        "http://[",
        "",
    ],
)
def test_an_address_that_cannot_be_called_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError):
        check_address(ServiceAddress("payments", url))


def test_a_token_leaves_this_machine_over_https_only() -> None:
    with pytest.raises(ConfigurationError, match="https") as raised:
        check_address(ServiceAddress("payments", "http://pay.example.com", TOKEN))
    assert TOKEN not in str(raised.value)
    check_address(ServiceAddress("payments", "https://pay.example.com", TOKEN))
    check_address(ServiceAddress("payments", "http://127.0.0.1:8090/payments", TOKEN))
    check_address(ServiceAddress("payments", "http://pay.example.com"))


def test_a_token_that_no_header_carries_is_refused_without_being_shown() -> None:
    with pytest.raises(ConfigurationError) as raised:
        check_address(ServiceAddress("payments", "https://pay.example.com", "line\nfeed"))
    assert "feed" not in str(raised.value)
