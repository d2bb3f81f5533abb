"""The bench: what a deployment of this desk costs in time and memory, on tickets of its own golden cases.

Everything stays on loopback and ends by itself. Where another service is compared with, both are measured in
turns in the same run; of all rounds the median counts. Ratios travel between machines, absolute times do not.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from casewright.domain.errors import Unavailable
from casewright.evaluation.bench_measures import Measure, middle
from casewright.evaluation.bench_servers import COMMAND, Server, serve_ours, serve_peer
from casewright.evaluation.cases import GoldenCase, honest_cases
from casewright.evaluation.http_load import LoadOutcome, LoadPlan, put_load, quantile
from casewright.pipeline import CaseResult
from casewright.policy.proof import prove_policy
from casewright.policy.ruleset import FactSchema, Ruleset, RulesetSource

CLIENTS = 8
BATCH_ROUNDS = 3
IN_PROCESS, POLICY, HTTP, BATCH, START_UP, MEMORY = (
    "In process",
    "Policy",
    "HTTP",
    "Batch",
    "Start-up",
    "Memory",
)
IMPORTS = "casewright.pipeline, casewright.desks.disputes"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BenchSubject:
    """The desk under the bench, as an application runs it."""

    analyze: Callable[[object], CaseResult]
    respond: Callable[[CaseResult], Mapping[str, object]]
    ruleset: Ruleset
    source: RulesetSource
    schema: FactSchema


@dataclass(frozen=True, slots=True)
class BenchSizes:
    """How much is done of each. `QUICK` shows that everything runs; its numbers say little."""

    rounds: int = 5
    tickets: int = 3_000
    decisions: int = 20_000
    latency_s: float = 1.5
    throughput_s: float = 2.0
    batch_rows: int = 20_000
    starts: int = 5


QUICK = BenchSizes(
    rounds=2, tickets=100, decisions=500, latency_s=0.2, throughput_s=0.2, batch_rows=300, starts=1
)


def run_bench(subject: BenchSubject, sizes: BenchSizes, say: Say = lambda _: None) -> list[Measure]:
    """Every measure, in the order in which it is shown. Raises Unavailable where a server does not start."""
    cases = honest_cases()
    measures = []
    say("in process")
    measures += measure_in_process(subject, cases, sizes)
    say("policy")
    measures += measure_policy(subject, cases, sizes)
    with tempfile.TemporaryDirectory(prefix="casewright-bench-") as folder:
        home = Path(folder)
        say("HTTP, in turns with a trivial endpoint")
        http, memory = measure_http(cases, sizes, home)
        say("batch")
        batch = measure_batch(cases, sizes, home)
        say("start-up")
        start_up = measure_start_up(sizes, home)
    return [*measures, *http, *batch, *start_up, *memory]


def measure_in_process(
    subject: BenchSubject, cases: Sequence[GoldenCase], sizes: BenchSizes
) -> list[Measure]:
    """A decoded ticket to a published answer, in this process, every case in turn."""
    documents = [case.ticket() for case in cases]
    quantiles: dict[int, list[float]] = {50: [], 95: [], 99: []}
    rates = []
    for number in range(sizes.rounds + 1):
        took = []
        for place in range(sizes.tickets):
            document = documents[place % len(documents)]
            started = time.perf_counter()
            subject.respond(subject.analyze(document))
            took.append(time.perf_counter() - started)
        if number:  # the first round warms up
            rates.append(len(took) / sum(took))
            for percent, values in quantiles.items():
                values.append(quantile(took, percent) * 1000)
    bars = {50: 0.25}
    return [
        *(
            middle(IN_PROCESS, f"p{percent}", values, "ms", at_most=bars.get(percent))
            for percent, values in quantiles.items()
        ),
        middle(IN_PROCESS, "throughput, one thread", rates, "tickets/s"),
    ]


def measure_policy(subject: BenchSubject, cases: Sequence[GoldenCase], sizes: BenchSizes) -> list[Measure]:
    """A decision over the facts of the cases, and the whole proof."""
    facts = [subject.analyze(case.ticket()).investigation.facts for case in cases]
    decide = subject.ruleset.decide
    rounds = []
    for _ in range(sizes.rounds + 1):
        started = time.perf_counter()
        for place in range(sizes.decisions):
            decide(facts[place % len(facts)])
        rounds.append((time.perf_counter() - started) / sizes.decisions * 1e6)
    started = time.perf_counter()
    proof = prove_policy(subject.source, subject.schema)
    took = time.perf_counter() - started
    note = f"{proof.questions:,} questions" if proof.holds else "it does not hold"
    return [
        middle(POLICY, "a decision", rounds[1:], "µs", at_most=10),
        Measure(POLICY, "a whole proof", took, "s", at_most=10, note=note),
    ]


def measure_http(
    cases: Sequence[GoldenCase], sizes: BenchSizes, home: Path
) -> tuple[list[Measure], list[Measure]]:
    """Our service and the trivial endpoint in turns: the HTTP measures, and the memory of ours."""
    bodies = tuple(json.dumps(case.ticket(), ensure_ascii=False) for case in cases)
    alone: list[tuple[LoadOutcome, LoadOutcome]] = []
    together: list[tuple[LoadOutcome, LoadOutcome]] = []
    cpu: list[tuple[float, float]] = []
    with ExitStack() as stack:
        peer = stack.enter_context(serve_peer(home))
        ours = stack.enter_context(serve_ours(home))
        at_start = ours.rss_mb()
        for _ in range(sizes.rounds):
            pair = [_load(server, bodies, 1, sizes.latency_s) for server in (peer, ours)]
            alone.append((pair[0][0], pair[1][0]))
            pair = [_load(server, bodies, CLIENTS, sizes.throughput_s) for server in (peer, ours)]
            together.append((pair[0][0], pair[1][0]))
            cpu.append((pair[0][1], pair[1][1]))
        at_end = ours.rss_mb()
    memory = [
        Measure(MEMORY, f"serving process, {when}", value, "MiB")
        for when, value in (("when ready", at_start), ("after the load", at_end))
        if value is not None
    ]
    return [*_compare_latency(alone), *_compare_throughput(together, cpu)], memory


def _load(server: Server, bodies: tuple[str, ...], clients: int, seconds: float) -> tuple[LoadOutcome, float]:
    """The outcome, and the server's CPU microseconds per request (0 where nobody says)."""
    before = server.cpu_s()
    outcome = put_load(LoadPlan(server.port, server.path, bodies, clients, seconds, warm_s=min(0.3, seconds)))
    after = server.cpu_s()
    if outcome.failures or not outcome.requests:
        raise Unavailable(
            f"{outcome.failures} of {outcome.requests} requests of the bench were not answered 200"
        )
    if before is None or after is None:
        return outcome, 0.0
    return outcome, (after - before) / outcome.all_requests * 1e6


def _compare_latency(pairs: Sequence[tuple[LoadOutcome, LoadOutcome]]) -> list[Measure]:
    ratios = [ours.p50_us / peer.p50_us for peer, ours in pairs]
    return [
        *(
            middle(HTTP, f"p{percent}, one client", [_in_ms(ours, percent) for _, ours in pairs], "ms")
            for percent in (50, 95, 99)
        ),
        middle(HTTP, "p50 of the trivial endpoint", [_in_ms(peer, 50) for peer, _ in pairs], "ms"),
        middle(HTTP, "p50, ours to the trivial endpoint's", ratios, "×", at_most=3),
    ]


def _in_ms(outcome: LoadOutcome, percent: int) -> float:
    value: float = getattr(outcome, f"p{percent}_us")
    return value / 1000


def _compare_throughput(
    pairs: Sequence[tuple[LoadOutcome, LoadOutcome]], cpu: Sequence[tuple[float, float]]
) -> list[Measure]:
    ratios = [ours.per_second / peer.per_second for peer, ours in pairs]
    clients = f"{CLIENTS} keep-alive clients"
    busy = median(peer.busy for peer, _ in pairs)
    measures = [
        middle(HTTP, f"throughput, {clients}", [ours.per_second for _, ours in pairs], "requests/s"),
        middle(HTTP, "p99 under that load", [_in_ms(ours, 99) for _, ours in pairs], "ms"),
        middle(
            HTTP, "throughput of the trivial endpoint", [peer.per_second for peer, _ in pairs], "requests/s"
        ),
        middle(HTTP, "throughput, ours to the trivial endpoint's", ratios, "×", at_least=0.35),
        Measure(HTTP, "load generator, share of a core at its busiest", busy, ""),
    ]
    if all(both for pair in cpu for both in pair):
        measures.append(middle(HTTP, "CPU per request", [ours for _, ours in cpu], "µs"))
        measures.append(
            middle(HTTP, "CPU per request of the trivial endpoint", [peer for peer, _ in cpu], "µs")
        )
    return measures


def measure_batch(cases: Sequence[GoldenCase], sizes: BenchSizes, home: Path) -> list[Measure]:
    """`casewright investigate` over a long file, from the start of the process to its end."""
    source = home / "tickets.jsonl"
    with source.open("w", encoding="utf-8") as handle:
        for number in range(sizes.batch_rows):
            document = cases[number % len(cases)].ticket() | {"ticket_id": f"T-{number}"}
            handle.write(json.dumps(document, ensure_ascii=False) + "\n")
    rates: dict[int, list[float]] = {1: [], 2: []}
    cpu: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(min(BATCH_ROUNDS, sizes.rounds)):
        for workers in rates:
            output = home / f"verdicts-{workers}.jsonl"
            command = [
                *COMMAND,
                "investigate",
                str(source),
                "--workers",
                str(workers),
                "--output",
                str(output),
            ]
            before = os.times()
            took = _time(command, home)
            after = os.times()
            used = after.children_user + after.children_system - before.children_user - before.children_system
            rates[workers].append(sizes.batch_rows / took)
            cpu[workers].append(used / sizes.batch_rows * 1e6)
    note = f"{sizes.batch_rows:,} tickets, start-up included"
    return [
        *(
            middle(BATCH, f"{workers} worker{'s' * (workers > 1)}", values, "tickets/s", note=note)
            for workers, values in rates.items()
        ),
        *(
            middle(BATCH, f"CPU per ticket, {workers} worker{'s' * (workers > 1)}", values, "µs")
            for workers, values in cpu.items()
        ),
    ]


def measure_start_up(sizes: BenchSizes, home: Path) -> list[Measure]:
    """From nothing to the first answer, to the help text, and to an imported desk."""
    ready = []
    for _ in range(sizes.starts):
        with serve_ours(home) as server:
            ready.append(server.ready_s)
    times = range(sizes.starts)
    clock = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
    imports = [float(_read([sys.executable, "-c", clock.format(IMPORTS)], home)) * 1000 for _ in times]
    script = Path(sys.executable).with_name("casewright")
    command = [str(script)] if script.exists() else list(COMMAND)
    return [
        middle(START_UP, "service ready", ready, "s", at_most=2),
        middle(
            START_UP,
            "casewright --help",
            [_time([*command, "--help"], home) * 1000 for _ in times],
            "ms",
            at_most=300,
        ),
        middle(START_UP, "import of the pipeline and the disputes desk", imports, "ms", at_most=150),
        middle(
            START_UP,
            "python -c pass, for comparison",
            [_time([sys.executable, "-c", "pass"], home) * 1000 for _ in times],
            "ms",
        ),
    ]


def _time(command: list[str], folder: Path) -> float:
    started = time.perf_counter()
    _read(command, folder)
    return time.perf_counter() - started


def _read(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=600)  # noqa: S603 - ours
    if done.returncode != 0:
        raise Unavailable(
            f"a command of the bench ended with {done.returncode}: {done.stderr[-400:].decode()}"
        )
    return done.stdout.decode()
