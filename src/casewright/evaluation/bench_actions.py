"""The exactly-once bench: refunds a second through our journal and through DBOS, side by side in one run.

Both sides run in processes of their own, in turn, on fresh durable databases of the same kind (SQLite with
synchronous FULL, PostgreSQL with fsync), with as many callers, against a gateway in memory that takes no
time. What the peer does is in `bench_actions_peer`. It also measures how fast a ledger is verified. Ratios of
one run are what counts: both sides share the machine with whatever else it does.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

from casewright.domain.errors import Unavailable
from casewright.evaluation.bench_measures import Measure, middle
from casewright.evaluation.local_postgres import LocalPostgres

Say = Callable[[str], None]
INSTALL_PEER = "pip install 'casewright[bench-dbos]'"
BARS = {"SQLite": 10, "PostgreSQL": 6}
LEAST_VERIFIED = 100_000
LONGEST_S = 1800
OURS, PEER = "casewright.evaluation.bench_actions_ours", "casewright.evaluation.bench_actions_peer"


@dataclass(frozen=True, slots=True)
class ActionSizes:
    """How much is done. `QUICK_ACTIONS` shows that everything runs; its numbers say little."""

    rounds: int = 3
    callers: int = 64
    ours: int = 3_000
    peer: int = 600
    pool: int = 20
    """Connections of either side: the peer's own default."""
    cases: int = 200_000
    """Of five entries each, for the verification."""


QUICK_ACTIONS = ActionSizes(rounds=1, callers=8, ours=40, peer=20, cases=200)
NewDatabase = Callable[[], str]


def run_action_bench(
    sizes: ActionSizes, say: Say = lambda _: None, folder: Path | None = None
) -> tuple[list[Measure], list[str]]:
    """The measures of SQLite and PostgreSQL, and what could not be measured and why."""
    missing: list[str] = []
    has_peer = find_spec("dbos") is not None
    if not has_peer:
        missing.append(f"DBOS: it is not installed; run: {INSTALL_PEER}")
    measures: list[Measure] = []
    with tempfile.TemporaryDirectory(prefix="casewright-bench-", dir=folder) as scratch:
        numbers = count(1)

        def new_file() -> str:
            return f"sqlite:///{scratch}/bench-{next(numbers)}.db"

        measures += _measure("SQLite", new_file, Path(scratch), sizes, say, has_peer=has_peer)
        try:
            with LocalPostgres(is_durable=True) as server:

                def new_database() -> str:
                    return server.create_database(f"bench_{next(numbers)}")

                measures += _measure("PostgreSQL", new_database, Path(scratch), sizes, say, has_peer=has_peer)
        except Unavailable as error:
            missing.append(f"PostgreSQL: {error.message}")
    return measures, missing


def _measure(
    name: str, new_database: NewDatabase, scratch: Path, sizes: ActionSizes, say: Say, *, has_peer: bool
) -> list[Measure]:
    ours: list[float] = []
    whole: list[float] = []
    peer: list[float] = []
    more = (str(sizes.callers), str(sizes.pool))
    for number in range(1, sizes.rounds + 1):
        say(f"{name}: round {number} of {sizes.rounds}, {sizes.ours} refunds by {sizes.callers} callers")
        home = scratch / f"home-{name}-{number}"
        done = _run(OURS, new_database(), str(home), str(sizes.ours), *more)
        ours.append(sizes.ours / done["took_s"])
        whole.append(sizes.ours / done["took_without_gateway_s"])
        if has_peer:
            say(f"{name}: round {number} of {sizes.rounds}, {sizes.peer} refunds by DBOS")
            done = _run(PEER, new_database(), new_database(), str(sizes.peer), *more)
            if done["done"] != sizes.peer + sizes.callers:
                raise AssertionError("the peer has not refunded every order once")
            peer.append(sizes.peer / done["took_s"])
    measures = [
        middle(name, "actions with a gateway call", ours, "/s", note=f"{sizes.callers} callers, durable"),
        middle(name, "actions without", whole, "/s"),
    ]
    if peer:
        ratios = [mine / theirs for mine, theirs in zip(ours, peer, strict=True)]
        measures += [
            middle(name, "the same action in DBOS", peer, "/s"),
            middle(name, "times DBOS", ratios, "×", at_least=BARS[name]),
        ]
    say(f"{name}: a ledger of {sizes.cases * 5} entries is filled and verified")
    found = _run(OURS, new_database(), str(scratch / f"ledger-{name}"), "verify", str(sizes.cases), "8")
    for processes, took_s in found["took_s"].items():
        bar = LEAST_VERIFIED if processes == "2" else None
        speed = found["entries"] / took_s
        measures.append(
            Measure(name, f"ledger entries verified, {processes} process(es)", speed, "/s", at_least=bar)
        )
    return measures


def _run(module: str, *arguments: str) -> dict[str, Any]:
    """One side in a process of its own. Raises Unavailable with the end of what it complained about."""
    command = [sys.executable, "-m", module, *arguments]
    try:
        done = subprocess.run(  # noqa: S603  our own module
            command, capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{module} has not ended within {LONGEST_S} s") from None
    if done.returncode:
        raise Unavailable(f"{module} ended with {done.returncode}: {done.stderr[-400:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
