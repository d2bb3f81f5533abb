"""A write that has returned is there after SIGKILL; one that has not is there whole or not at all.

Processes of several writing threads are killed at moments drawn by seed; rounds: a tenth by default.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from sqlalchemy import text

from casewright.adapters.store.engine import open_database

ROUNDS = 20 if os.environ.get("CASEWRIGHT_FULL") else 2
STARTS_WITHIN_S = 60
WRITER = """
import sys
from threading import Thread
from sqlalchemy import text
from casewright.adapters.store.engine import open_database

database = open_database(sys.argv[1])
ADD = text("INSERT INTO notes (word, half) VALUES (:word, :half)")

def write(name):
    for number in range(1_000_000):
        word = f"{name}-{number}"
        def work(connection):
            for half in (1, 2):
                connection.execute(ADD, {"word": word, "half": half})
        database.write(work)
        sys.stdout.write(f"{word}\\n")
        sys.stdout.flush()

for number in range(8):
    Thread(target=write, args=(f"{sys.argv[2]}-{number}",)).start()
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_a_killed_process_was_told_is_kept_and_nothing_is_half_written(
    kind: str, new_sqlite: Callable[[], str], request: pytest.FixtureRequest
) -> None:
    url = new_sqlite() if kind == "sqlite" else request.getfixturevalue("new_durable_postgres")()
    database = open_database(url)
    make = text("CREATE TABLE notes (word TEXT, half INTEGER, PRIMARY KEY (word, half))")
    database.write(lambda connection: connection.execute(make))
    database.close()
    draw = random.Random(11)
    told: set[str] = set()
    for number in range(ROUNDS):
        told |= write_until_killed(url, f"r{number}", draw.uniform(0.05, 0.4))
    database = open_database(url)
    rows = database.read(
        lambda connection: connection.execute(text("SELECT word, count(*) FROM notes GROUP BY word")).all()
    )
    database.close()
    assert told
    assert told <= {word for word, _ in rows}
    assert {halves for _, halves in rows} == {2}


def write_until_killed(url: str, name: str, seconds: float) -> set[str]:
    """The words whose writes had returned when the process was killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, url, name], stdout=subprocess.PIPE, env=dict(os.environ)
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first, "the writer did not start"
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.stdout.close()
    process.wait(STARTS_WITHIN_S)
    lines = (first + rest).decode("ascii").split("\n")
    return set(lines[:-1])  # the last one may be half a line
