"""The bench of `POST /retain`: latency in this process and over HTTP, dry and live, and its hard limits.

A live answer leaves when its decision has reached the system, so that a killed process loses none, and is on
disk within 50 ms; where that is wanted, it is on disk first. So what this disk takes to flush is measured
beside both. Processor time is told apart from wall time: the machine may have other work.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from casewright.evaluation.bench_measures import Measure, middle
from casewright.evaluation.bench_servers import Server
from casewright.evaluation.http_load import LoadPlan, put_load, quantile
from casewright.evaluation.retention.serving_sweep import Body, SweepTally

Say = Callable[[str], None]
Decide = Callable[[Body, str | None], object]
IN_PROCESS, OVER_HTTP, LIMITS = "In this process", "Over HTTP", "Hard limits"
ALONE_P50_MS, EIGHT_P95_MS = 2.0, 50.0
PATH = "/retain"


@dataclass(frozen=True, slots=True)
class ServingSizes:
    """How much is asked. `QUICK_SERVING` shows that everything runs; its numbers say little."""

    rounds: int = 5
    answers: int = 400
    seconds: float = 4.0
    warm_s: float = 1.0


QUICK_SERVING = ServingSizes(rounds=1, answers=20, seconds=0.4, warm_s=0.1)


def build_body(name: str) -> Body:
    """Somebody at risk whom nothing forbids to contact, where it is noon now."""
    ahead = 12 - time.gmtime().tm_hour
    return {
        "customer_id": name,
        "churn_risk": 0.8,
        "tenure_months": 5,
        "plan": "monthly",
        "monthly_spend": 70.5,
        "contacts_7d": 0,
        "consent": True,
        "channel": "email",
        "timezone": f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT",
    }


DRY, LIVE, ON_DISK = "dry", "live", "live, on disk first"


def measure_in_process(
    decide: Decide, kinds: tuple[str, ...], sizes: ServingSizes, say: Say
) -> list[Measure]:
    """Answers of these kinds, without HTTP."""
    measures = []
    for name in kinds:
        say(f"{sizes.rounds * sizes.answers} decisions, {name}")
        middles, tails, worked = [], [], []
        for turn in range(sizes.rounds):
            took = []
            began = time.process_time()
            for number in range(sizes.answers):
                body = build_body(f"in-{turn}-{number}")
                asked_at = time.perf_counter()
                decide(body, None if name == DRY else f"{turn}-{number}")
                took.append((time.perf_counter() - asked_at) * 1e3)
            worked.append((time.process_time() - began) / sizes.answers * 1e3)
            middles.append(median(took))
            tails.append(quantile(took, 99))
        measures += [
            middle(IN_PROCESS, f"{name}, p50", middles, "ms"),
            middle(IN_PROCESS, f"{name}, p99", tails, "ms"),
            middle(IN_PROCESS, f"{name}, processor time", worked, "ms", note="all threads"),
        ]
    return measures


def measure_standing(look: Callable[[], object], sizes: ServingSizes) -> Measure:
    """One look at all that a decision rests on, the kill switch among it: what obeying at once costs."""
    rounds = []
    for _ in range(sizes.rounds):
        began = time.process_time()
        for _ in range(sizes.answers):
            look()
        rounds.append((time.process_time() - began) / sizes.answers * 1e6)
    return middle(
        IN_PROCESS,
        "kill switch, customer, contacts, budget and key, one look",
        rounds,
        "µs",
        note="processor time",
    )


def measure_over_http(
    server: Server, header: str, kinds: tuple[str, ...], sizes: ServingSizes, say: Say
) -> list[Measure]:
    """Answers of these kinds, for one client and for eight. Raises Unavailable where nobody answers."""
    measures: list[Measure] = []
    for clients in (1, 8):
        for name in kinds:
            say(f"{clients} client{'s' if clients > 1 else ''}, {name}")
            half, tail, worked, failures = [], [], [], 0
            for turn in range(sizes.rounds):
                plan = _plan(server, header, clients, sizes, f"c{clients}-{turn}", is_live=name != DRY)
                before = server.cpu_s()
                load = put_load(plan)
                after = server.cpu_s()
                half.append(load.p50_us / 1e3)
                tail.append(load.p95_us / 1e3)
                failures += load.failures
                if before is not None and after is not None and load.all_requests:
                    worked.append((after - before) / load.all_requests * 1e3)
            who = f"{clients} client{'s' if clients > 1 else ''}, {name}"
            measures += [
                middle(OVER_HTTP, f"{who}, p50", half, "ms", at_most=_bar(name, clients)),
                middle(OVER_HTTP, f"{who}, p95", tail, "ms", at_most=EIGHT_P95_MS if clients == 8 else None),
                Measure(OVER_HTTP, f"{who}, failures", failures, "", at_most=0),
            ]
            if worked:
                measures.append(middle(OVER_HTTP, f"{who}, processor time of the server", worked, "ms"))
    return measures


def _bar(name: str, clients: int) -> float | None:
    """One client does not wait for a disk, unless it is asked to."""
    return ALONE_P50_MS if clients == 1 and name != ON_DISK else None


def _plan(
    server: Server, header: str, clients: int, sizes: ServingSizes, name: str, *, is_live: bool
) -> LoadPlan:
    count = int((sizes.seconds + sizes.warm_s) * 1500) + 50
    bodies = tuple(json.dumps(build_body(f"{name}-{number}")) for number in range(count))
    return LoadPlan(
        server.port,
        PATH,
        bodies,
        clients,
        sizes.seconds,
        sizes.warm_s,
        headers=(header,),
        key_prefix=f"{name}-" if is_live else "",
    )


def measure_flush(folder: Path, times: int = 100) -> Measure:
    """What this disk takes for one flush."""
    took = []
    path = folder / "flush.probe"
    handle = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        for _ in range(times):
            os.write(handle, b"x" * 4096)
            began = time.perf_counter()
            os.fsync(handle)
            took.append((time.perf_counter() - began) * 1e3)
    finally:
        os.close(handle)
        path.unlink()
    return Measure(IN_PROCESS, "one flush of this disk, p50", median(took), "ms", note="4 KiB and fsync")


def limits_measures(name: str, tally: SweepTally) -> list[Measure]:
    """What a sweep has shown."""
    tested = ", ".join(f"{rule} {count:,}" for rule, count in sorted(tally.forbidden.items()))
    wrong = ", ".join(f"{rule} {count:,}" for rule, count in sorted(tally.violations.items()))
    return [
        Measure(LIMITS, f"{name}: decisions", tally.decisions, "", note=f"{tally.contacts:,} contacts"),
        Measure(
            LIMITS,
            f"{name}: violations",
            sum(tally.violations.values()),
            "",
            at_most=0,
            note=wrong or f"put to the test: {tested}",
        ),
        Measure(LIMITS, f"{name}: spent over the budget", tally.overspent_minor / 100, "", at_most=0),
        Measure(LIMITS, f"{name}: risked over the bound", tally.overrisked_micros / 1e6, "", at_most=0),
    ]
