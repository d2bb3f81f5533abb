"""Migrating: an up-to-date database costs one look, and only one process works on a file at a time."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from casewright.adapters.store.engine import open_database
from casewright.adapters.store.migrating import list_revisions
from casewright.domain.errors import ConfigurationError


def test_revisions_are_listed_oldest_first() -> None:
    revisions = list_revisions()
    assert revisions[0] == "0001_shop"
    assert revisions == sorted(revisions)


def test_an_up_to_date_database_opens_without_alembic(sqlite_url: str) -> None:
    program = """
import sys
from casewright.adapters.store.engine import open_database
open_database(sys.argv[1]).close()
sys.exit("alembic" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program, sqlite_url], env=dict(os.environ), check=False)
    assert done.returncode == 0


def test_a_start_waits_for_the_process_that_migrates(tmp_path: Path) -> None:
    lock = tmp_path / "casewright.db.lock"
    program = """
import sys
from casewright.adapters.store.engine import open_database
print("trying", flush=True)
open_database(sys.argv[1]).close()
"""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        starting = subprocess.Popen(
            [sys.executable, "-c", program, f"sqlite:///{tmp_path}/casewright.db"],
            env=dict(os.environ),
            stdout=subprocess.PIPE,
        )
        assert starting.stdout is not None
        assert starting.stdout.readline() == b"trying\n"
        with pytest.raises(subprocess.TimeoutExpired):
            starting.wait(0.5)
        assert not (tmp_path / "casewright.db").exists()
    assert starting.wait(60) == 0
    starting.stdout.close()
    assert (tmp_path / "casewright.db").exists()


def test_a_lock_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "casewright.db.lock").mkdir()
    with pytest.raises(ConfigurationError, match=r"casewright\.db\.lock cannot be written"):
        open_database(f"sqlite:///{tmp_path}/casewright.db")
