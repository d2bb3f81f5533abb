"""The load generator: what it sends, counts and refuses, against a small server on loopback."""

import json
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from casewright.domain.errors import Unavailable
from casewright.evaluation.http_load import LoadPlan, put_load, quantile, run_plan

BODIES = ('{"ticket_id": "T-1"}', '{"ticket_id": "টি-2"}')


class Echo(socketserver.StreamRequestHandler):
    """Answers each request on a connection with the server's status, in two pieces."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        while line := self.rfile.readline():
            assert line == b"POST /tickets HTTP/1.1\r\n"
            headers = {}
            while (header := self.rfile.readline()) != b"\r\n":
                name, _, value = header.partition(b":")
                headers[name.lower()] = value.strip()
            body = self.rfile.read(int(headers[b"content-length"]))
            server = self.server
            assert isinstance(server, Server)
            with server.lock:
                server.bodies.add(body.decode("utf-8"))
            self.wfile.write(b"HTTP/1.1 %d X\r\nx: y\r\nContent-Length: 2\r\n\r\n{" % server.status)
            self.wfile.write(b"}")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Echo)
        self.bodies: set[str] = set()
        self.lock = threading.Lock()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield running
        running.shutdown()


@pytest.mark.parametrize("clients", [1, 4])
def test_every_body_is_asked_and_every_answer_counted(server: Server, clients: int) -> None:
    outcome = run_plan(LoadPlan(server.port, "/tickets", BODIES, clients, seconds=0.2, warm_s=0.05))
    assert server.bodies == set(BODIES)
    assert outcome.requests > 10
    assert outcome.all_requests > outcome.requests
    assert outcome.failures == 0
    assert 0 < outcome.p50_us <= outcome.p95_us <= outcome.p99_us
    assert 0 < outcome.busy <= 1
    assert outcome.per_second == outcome.requests / outcome.seconds


@pytest.mark.parametrize("clients", [1, 4])
def test_an_answer_other_than_200_is_a_failure(server: Server, clients: int) -> None:
    server.status = 500
    outcome = run_plan(LoadPlan(server.port, "/tickets", BODIES, clients, seconds=0.1, warm_s=0.0))
    assert outcome.failures == outcome.requests > 0


def test_a_plan_runs_in_a_process_of_its_own(server: Server) -> None:
    assert put_load(LoadPlan(server.port, "/tickets", BODIES, 2, seconds=0.1)).requests > 0


@pytest.mark.parametrize("clients", [1, 2])
def test_a_server_that_hangs_up_is_an_error(clients: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            for _ in range(clients):
                listening.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        with pytest.raises(OSError):
            run_plan(LoadPlan(listening.getsockname()[1], "/", BODIES, clients, seconds=0.2))


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unavailable, match="the load generator ended with 1"):
        put_load(LoadPlan(port, "/", BODIES, seconds=0.1))


def test_the_module_reads_a_plan_and_prints_an_outcome(server: Server) -> None:
    plan = asdict(LoadPlan(server.port, "/tickets", BODIES, seconds=0.1, warm_s=0.0))
    done = subprocess.run(
        [sys.executable, "-m", "casewright.evaluation.http_load"],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["failures"] == 0


def test_a_quantile_is_the_nearest_rank() -> None:
    values = [float(value) for value in range(1, 101)]
    assert [quantile(values, percent) for percent in (50, 95, 99, 100)] == [50.0, 95.0, 99.0, 100.0]
    assert quantile([7.0], 99) == 7.0
    assert quantile([], 50) == 0.0
