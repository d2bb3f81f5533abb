"""A real server spoken to over bare sockets: broken framing, odd pieces, slow and vanishing callers."""

import contextlib
import json
import random
import socket
import struct
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from casewright.evaluation.request_contract import HttpAnswer, find_faults, find_logged, read_answer
from casewright.evaluation.request_fuzz import Attempt, draw_attempt

SEED = 20_260_403
FULL = 2_000
QUARTER = 0.25
LIMIT_S = 3.0
PATIENCE_S = 5.0
NEVER_SENT = 0.15
"""A caller who leaves something out waits this long for an answer before it hangs up."""
ANSWERED = frozenset({200, 400, 404, 405, 408, 411, 413, 414, 417, 422, 431, 501})
PLAIN_REFUSAL = b"Invalid HTTP request received."
"""What the server's own HTTP parser says of what is no HTTP."""
FINE = b'{"ticket_id": "FINE-1", "complaint": "I sent 500 taka to a wrong number"}'


def head(
    *lines: bytes, method: bytes = b"POST", path: bytes = b"/analyze-ticket", version: bytes = b"1.1"
) -> bytes:
    """A request's head."""
    first = method + b" " + path + b" HTTP/" + version
    return b"\r\n".join((first, b"Host: localhost", *lines)) + b"\r\n\r\n"


class Caller:
    """One connection: what is sent on it, and what comes back until nothing more is due."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.waited = 0.0

    def send(self, *pieces: bytes, pause_s: float = 0.0) -> None:
        """Send pieces; a server that has hung up already is left alone."""
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                self.socket.sendall(piece)
                if pause_s:
                    time.sleep(pause_s)

    def read(self, answers: int = 1, patience_s: float = PATIENCE_S) -> None:
        """Read until so many answers are whole, the server hangs up, or patience is at its end."""
        started = time.perf_counter()
        self.socket.settimeout(patience_s)
        with contextlib.suppress(ConnectionError, TimeoutError):
            while len(final_answers(self.received)) < answers:
                received = self.socket.recv(65_536)
                if not received:
                    break
                self.received += received
        self.waited = time.perf_counter() - started

    def vanish(self) -> None:
        """Cut the connection without a word."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def split_answers(received: bytes) -> list[HttpAnswer]:
    """The whole answers at the front of what was received."""
    answers = []
    while b"\r\n\r\n" in received:
        start, _, rest = received.partition(b"\r\n\r\n")
        status_line, *lines = start.split(b"\r\n")
        headers = tuple(
            (name.strip().lower(), value.strip())
            for name, _, value in (line.partition(b":") for line in lines)
        )
        status = int(status_line.split(b" ")[1])
        length = next((int(value) for name, value in headers if name == b"content-length"), 0)
        if (b"transfer-encoding", b"chunked") in headers:
            body, end, rest = rest.partition(b"0\r\n\r\n")
            if not end:
                break
            length, body = 0, b"".join(body.split(b"\r\n")[1::2])
        else:
            body = rest[:length]
            if len(body) < length:
                break
        answers.append(HttpAnswer(status, headers, body))
        received = rest[length:]
    return answers


def final_answers(received: bytes) -> list[HttpAnswer]:
    """The whole answers, without the ones that only ask to go on."""
    return [answer for answer in split_answers(received) if answer.status >= 200]


def sized(body: bytes) -> bytes:
    """The header with the body's right length."""
    return b"Content-Length: %d" % len(body)


def split_at_random(data: bytes, rng: random.Random, most: int = 6) -> list[bytes]:
    """The same bytes in a few pieces."""
    cuts = sorted(rng.randrange(len(data) + 1) for _ in range(rng.randrange(most)))
    return [
        data[first:last] for first, last in zip([0, *cuts], [*cuts, len(data)], strict=True) if first < last
    ]


def chunked(body: bytes, rng: random.Random, extension: bytes = b"") -> list[bytes]:
    """The body in chunks of HTTP's own kind."""
    chunks = [b"%x%s\r\n%s\r\n" % (len(piece), extension, piece) for piece in split_at_random(body, rng, 12)]
    return [*chunks, b"0\r\n\r\n"]


# --- manners: each sends one attempt's body in its own way, and says how many answers are due


def in_pieces(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    caller.send(*split_at_random(head(sized(attempt.body)) + attempt.body, rng))
    return 1


def slowly(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    caller.send(*split_at_random(head(sized(attempt.body)) + attempt.body, rng, 8), pause_s=0.02)
    return 1


def in_chunks(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    extension = rng.choice((b"", b"", b";name=value", b';a="' + b"b" * 200 + b'"'))
    caller.send(head(b"Transfer-Encoding: chunked"), *chunked(attempt.body, rng, extension))
    return 1


def with_secret_headers(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    told = [b"X-Note: %s" % secret.encode("ascii") for secret in attempt.secrets]
    told += [b"Cookie: pin=%s" % secret.encode("ascii") for secret in attempt.secrets]
    caller.send(head(sized(attempt.body), *told), attempt.body)
    return 1


def expecting_continue(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    caller.send(head(sized(attempt.body), b"Expect: 100-continue"), attempt.body, pause_s=0.005)
    return 1


def twice_at_once(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    whole = head(sized(attempt.body)) + attempt.body
    caller.send(whole + whole)
    return 2


def by_another_method(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    method = rng.choice((b"GET", b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE", b"HEAD", b"PROPFIND"))
    caller.send(head(b"Connection: close", method=method))
    return 2  # so until the server hangs up: a HEAD has a length and no body


def to_another_path(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    paths = (
        *(
            b"/",
            b"/analyze-ticket/",
            b"//analyze-ticket",
            b"/analyze-ticket?pin=%s",
            b"/%2e%2e/etc/passwd",
            b"*",
        ),
        *(
            b"/static/../../pyproject.toml",
            b"/\xff\xfe",
            b"/%ff%00",
            b"/" + b"a" * 20_000,
            b"http://evil.example/",
            b"/%s",
        ),
    )
    path = rng.choice(paths).replace(b"%s", "".join(attempt.secrets).encode("ascii"))
    caller.send(head(sized(FINE), b"Connection: close", path=path), FINE)
    return 2


def with_a_length_too_short(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    length = rng.randrange(max(1, len(attempt.body)))
    caller.send(head(b"Content-Length: %d" % length), attempt.body)
    return 1


def with_a_length_too_long(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    caller.send(head(b"Content-Length: %d" % (len(attempt.body) + rng.randrange(1, 2_000))), attempt.body)
    if rng.random() < 0.5:
        with contextlib.suppress(OSError):
            caller.socket.shutdown(socket.SHUT_WR)
    return 0


def with_a_wrong_length(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    lengths = (
        b"-1",
        b"abc",
        b"",
        b"+5",
        b"1e3",
        b"0x10",
        b"9" * 30,
        b"9" * 3_000,
        b"5, 5",
        b" ",
        b"\xd9\xa3",
        b"1 1",
    )
    caller.send(head(b"Content-Length: " + rng.choice(lengths)), attempt.body)
    return 0


def with_two_framings(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    lines = rng.choice(
        (
            (sized(attempt.body), b"Transfer-Encoding: chunked"),
            (b"Transfer-Encoding: chunked", sized(attempt.body)),
            (b"Content-Length: 3", sized(attempt.body)),
            (b"Transfer-Encoding: gzip, chunked",),
            (b"Transfer-Encoding: xchunked", sized(attempt.body)),
            (b"Transfer-Encoding:\x0bchunked",),
        )
    )
    caller.send(head(*lines), *chunked(attempt.body, rng))
    return 0


def in_broken_chunks(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    chunks = chunked(attempt.body, rng)
    broken = rng.choice(
        (b"zz\r\n", b"-1\r\n", b"f" * 40 + b"\r\n", b"5\nabcde\r\n", b"\r\n", b"3\r\nabcdef\r\n", b"")
    )
    chunks.insert(rng.randrange(len(chunks)), broken)
    caller.send(head(b"Transfer-Encoding: chunked"), *chunks)
    return 0


def over_the_limit_in_chunks(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    piece = b"%x\r\n%s\r\n" % (60_000, b" " * 60_000)
    caller.send(head(b"Transfer-Encoding: chunked"), *[piece] * 6, b"0\r\n\r\n")
    return 1


def as_no_http(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    garbage = (
        *(
            b"\r\n\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"\x00" * 500,
        ),
        *(
            b"POST\r\n\r\n",
            b"POST /analyze-ticket\r\n\r\n",
            b"POST /analyze-ticket HTTP/9.9\r\n\r\n",
            b"get / http/1.1\r\n\r\n",
        ),
        *(
            head(b"no colon"),
            head(b" folded: line"),
            head(b"A: \x00\x01"),
            head(b"X-Long: " + b"a" * 200_000),
        ),
        *(
            head(*(b"X-%d: 1" % number for number in range(3_000))),
            b"A" * 100_000,
            rng.randbytes(300),
            attempt.body,
        ),
        *(
            head(version=b"1.0"),
            head(version=b"0.9"),
            head().replace(b"\r\n", b"\n"),
            head(b"Upgrade: websocket", b"Connection: Upgrade"),
        ),
    )
    caller.send(rng.choice(garbage))
    return 0


def vanishing(caller: Caller, attempt: Attempt, rng: random.Random) -> int:
    whole = head(sized(attempt.body)) + attempt.body
    caller.send(whole[: rng.randrange(len(whole) + 1)])
    caller.vanish()
    return -1


MANNERS: tuple[Callable[[Caller, Attempt, random.Random], int], ...] = (
    *(in_pieces, in_pieces, slowly, in_chunks, with_secret_headers, expecting_continue, twice_at_once),
    *(
        by_another_method,
        to_another_path,
        with_a_length_too_short,
        with_a_length_too_long,
        with_a_wrong_length,
    ),
    *(with_two_framings, in_broken_chunks, over_the_limit_in_chunks, as_no_http, vanishing),
)


@pytest.fixture(scope="module")
def served(serve: Any) -> Any:
    return serve(log_level="debug")


def faults_of(caller: Caller, due: int, attempt: Attempt, manner: str) -> list[str]:
    """What is wrong with what came back on one connection."""
    answers = final_answers(caller.received)
    faults = [f"no answer: {caller.received[:200]!r}"] if due == 1 and not answers else []
    if due == 1 and caller.waited > LIMIT_S:
        faults.append(f"took {caller.waited:.2f} s")
    for answer in answers:
        if answer.status not in ANSWERED:
            faults.append(f"status {answer.status}: {answer.body[:200]!r}")
        elif answer.header(b"content-type").startswith(b"application/json") and answer.body:
            if answer.status == 200 and b"openapi" not in answer.body[:20]:
                faults += find_faults(
                    answer, attempt.body if b"FINE-1" not in answer.body else FINE, attempt.secrets
                )
            elif answer.status != 200:
                faults += find_faults(answer, b"", attempt.secrets, expected=frozenset({answer.status}))
        elif answer.status == 400 and answer.body != PLAIN_REFUSAL:
            faults.append(f"refused in words of its own: {answer.body[:200]!r}")
    told = caller.received.decode("utf-8", "replace")
    return faults + ["a trace"] * ("Traceback" in told) + ["no JSON"] * (due == 1 and not _are_json(answers))


def _are_json(answers: list[HttpAnswer]) -> bool:
    return all(read_answer(answer.body) is not None or answer.body == PLAIN_REFUSAL for answer in answers)


def test_no_bytes_on_a_socket_make_the_server_fail_hang_or_tell_a_secret(
    served: Any, size: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    url = urlsplit(served.url)
    found: list[str] = []
    slowest, logged = 0.0, len(served.lines)
    previous: tuple[str, ...] = ()
    tries = max(size(FULL), round(FULL * QUARTER))
    for number in range(tries):
        attempt = draw_attempt(SEED, number)
        rng = random.Random(f"{SEED}/socket/{number}")
        manner = MANNERS[number % len(MANNERS)]
        caller = Caller((str(url.hostname), int(url.port or 80)))
        due = manner(caller, attempt, rng)
        if due >= 0:
            caller.read(max(1, due), PATIENCE_S if due else NEVER_SENT)
            caller.socket.close()
        faults = faults_of(caller, due, attempt, manner.__name__)
        slowest = max(slowest, caller.waited if due == 1 else 0.0)
        lines = [line for line in served.lines[logged:] if line.startswith("{")]
        logged += len(lines)
        faults += find_logged(lines, {*attempt.secrets, *previous})
        previous = attempt.secrets  # its lines may have come late
        if faults:
            found.append(f"{manner.__name__}: {'; '.join(faults)}\n  {attempt.describe()}")
    record_property("tries", f"{tries} tries over a socket; slowest answer {slowest:.3f} s")
    assert served.process.poll() is None
    assert not found, f"{len(found)} attempts failed\n" + "\n".join(found[:5])


def test_afterwards_it_serves_as_before_and_its_log_is_clean(served: Any) -> None:
    url = urlsplit(served.url)
    caller = Caller((str(url.hostname), int(url.port or 80)))
    caller.send(head(sized(FINE)), FINE)
    caller.read()
    caller.socket.close()
    answer = split_answers(caller.received)[0]
    assert answer.status == 200
    assert json.loads(answer.body)["case_type"] == "wrong_transfer"
    lines = [line for line in served.log.splitlines() if line.startswith("{")]
    assert find_logged(lines, ()) == []
    assert "Traceback" not in served.log
