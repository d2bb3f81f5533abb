"""Servers under the bench: started, watched and ended."""

import os
import socket
import sys
from pathlib import Path

import pytest

from casewright.domain.errors import Unavailable
from casewright.evaluation import bench_servers
from casewright.evaluation.bench_servers import Server, read_memory_mb, serve_peer


def test_a_server_is_ready_and_watched_while_it_runs_and_gone_after(tmp_path: Path) -> None:
    with serve_peer(tmp_path) as server:
        assert 0 < server.ready_s < 60
        assert (server.rss_mb() or 0) > 10
        assert (server.cpu_s() or 0) > 0
        socket.create_connection(("127.0.0.1", server.port), timeout=2).close()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", server.port), timeout=2)


def test_a_server_that_ends_at_its_start_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_servers, "COMMAND", (sys.executable, "-c", "raise SystemExit(3)"))
    with (
        pytest.raises(Unavailable, match="ended at its start with 3"),
        bench_servers.serve_ours(tmp_path),
    ):
        pass


def test_what_the_kernel_does_not_say_is_none() -> None:
    nobody = Server(port=1, path="/", pid=2**22 + 1, ready_s=0.0)
    assert nobody.rss_mb() is None
    assert nobody.cpu_s() is None
    assert read_memory_mb(os.getpid(), "NoSuchField") is None
