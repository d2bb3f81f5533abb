"""`casewright bench retain`: how fast `POST /retain` answers, and whether its hard limits hold under load.

Invariant: it works on scratch data of its own and never opens the database of this installation.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from casewright.cli.bench_results import RESULTS, show_measures

if TYPE_CHECKING:
    from casewright.adapters.store.engine import Database
    from casewright.domain.principal import Principal
    from casewright.evaluation.bench_measures import Measure
    from casewright.evaluation.retention.serving_sweep import SweepClock, SweepSizes
    from casewright.service.premises import Premises
    from casewright.service.retention import Retention

NAME, DOCS = "serving", Path("docs/retention.md")
STARTS = datetime(2026, 2, 2, 8, tzinfo=UTC)
CHUNK = 100_000
PLENTY_MINOR = 10**12


def run_retain(
    quick: Annotated[
        bool, typer.Option("--quick", help="A little of everything, to see that it runs.")
    ] = False,
    sweep: Annotated[
        int, typer.Option(help="Live decisions to put to the hard limits in this process; 0: none.", min=0)
    ] = 0,
    crowd: Annotated[
        int, typer.Option(help="The same over HTTP, with 32 clients at once; 0: none.", min=0)
    ] = 0,
    latency: Annotated[bool, typer.Option(help="Whether latency is measured.")] = True,
    policy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An exported policy. [default: the shipped one]")
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help=f"Folder for the JSON. [default: {RESULTS}/retention; a quick run writes none]",
        ),
    ] = None,
    scratch: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for scratch data. [default: the system's]")
    ] = None,
) -> None:
    """Measure `POST /retain`, dry and live, in this process and over HTTP.

    Examples: casewright bench retain --quick · casewright bench retain --sweep 1000000 --crowd 20000
    """
    measures: list[Measure] = []
    facts: dict[str, Any] = {}
    if latency:
        measures += _measure_latency(policy, scratch, quick=quick)
    if sweep:
        measures += _sweep(sweep, policy, scratch, facts)
    if crowd:
        measures += _crowd(crowd, policy, scratch, facts)
    show_measures(measures)
    _publish(measures, facts, quick=quick, results=results)


@dataclass(frozen=True, slots=True)
class _Scratch:
    """An installation in a folder that goes at the end."""

    home: Path
    premises: "Premises"
    retention: "Retention"
    principal: "Principal"
    database: "Database"
    clock: "SweepClock | None"

    def decide(self, body: dict[str, Any], key: str | None) -> Mapping[str, Any]:
        return self.retention.recommend(self.principal, body, key).document

    def look(self) -> object:
        """At what stands for somebody who was contacted."""
        from casewright.adapters.retention.store import StoredOutreach

        stored = StoredOutreach(self.database, self.premises.shop().parts.ledger, self.principal.tenant)
        return stored.standing("in-0-0", STARTS.date(), self.principal.subject_id, "0-0")

    def report(self, decision_id: str, *, is_accepted: bool) -> None:
        from casewright.ports.outreach import OutcomeReport

        self.retention.report_outcome(self.principal, decision_id, OutcomeReport(was_accepted=is_accepted))

    def excess(self) -> tuple[int, int]:
        return _read_excess(self.database)

    def turn(self, *, is_on: bool) -> None:
        from casewright.adapters import clock
        from casewright.adapters.retention.store import StoredOutreach

        ledger = self.premises.shop().parts.ledger
        tell = self.clock or clock.now
        StoredOutreach(self.database, ledger, self.principal.tenant).set_switch(
            is_on=is_on, by="bench", at=tell()
        )


@contextmanager
def _open_scratch(
    scratch: Path | None, policy: Path | None, clock: "SweepClock | None" = None, **settings: Any
) -> Iterator[_Scratch]:
    from casewright.adapters.retention.draws import SeededDraws
    from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role
    from casewright.service.premises import Premises
    from casewright.service.retention_opening import open_retention
    from casewright.settings import load_settings

    with tempfile.TemporaryDirectory(prefix="casewright-bench-", dir=scratch) as folder:
        home = Path(folder)
        own = {"database_url": None, "redis_url": None, "text_models": (), "home": home, **settings}
        chosen = load_settings(home=home).model_copy(update=own | {"retention_policy": policy})
        premises = Premises(chosen)
        try:
            ledger = premises.shop().parts.ledger
            draw = None if clock is None else SeededDraws(42)
            retention = open_retention(chosen, premises.database(), ledger, now=clock, draw=draw)
            principal = Principal("bench", Role.AGENT, chosen.tenant, "bench", SCOPES_OF_ROLE[Role.AGENT])
            yield _Scratch(home, premises, retention, principal, premises.database(), clock)
            retention.close()
        finally:
            premises.close()


def _measure_latency(policy: Path | None, scratch: Path | None, *, quick: bool) -> "list[Measure]":
    from casewright.domain.principal import Role, Scope
    from casewright.evaluation.bench_servers import serve_ours
    from casewright.evaluation.retention.bench_serving import (
        DRY,
        LIVE,
        ON_DISK,
        QUICK_SERVING,
        ServingSizes,
        measure_flush,
        measure_in_process,
        measure_over_http,
        measure_standing,
    )

    sizes = QUICK_SERVING if quick else ServingSizes()
    plenty: dict[str, Any] = {"retention_budget_minor": PLENTY_MINOR, "retention_complaint_cap": 1_000_000}
    inside: list[Measure] = []
    outside: list[Measure] = []
    for kinds, waits in (((DRY, LIVE), False), ((ON_DISK,), True)):
        chosen = plenty | {"retention_waits_for_disk": waits}
        with _open_scratch(scratch, policy, **chosen) as opened:
            inside += [] if inside else [measure_flush(opened.home)]
            inside += measure_in_process(opened.decide, kinds, sizes, _say)
            if not waits:
                inside.append(measure_standing(opened.look, sizes))
        with _open_scratch(scratch, policy) as opened:
            book, tenant = opened.premises.gatehouse().book, opened.principal.tenant
            key = book.add_key(tenant, "bench", Role.AGENT, [Scope.READ, Scope.CONFIRM], days=1).secret
            more = {} if policy is None else {"retention_policy": str(policy.absolute())}
            settings = {name: str(value).lower() for name, value in chosen.items()} | more
            with serve_ours(
                opened.home, tenant=tenant, embedder="none", log_level="error", **settings
            ) as server:
                _wait_until_warm(server.port, key)
                outside += measure_over_http(server, f"X-API-Key: {key}", kinds, sizes, _say)
    return inside + outside


def _wait_until_warm(port: int, key: str) -> None:
    """The first request opens the desk; it is not what is measured."""
    import httpx2

    from casewright.evaluation.retention.bench_serving import PATH, build_body

    url = f"http://127.0.0.1:{port}{PATH}"
    httpx2.post(url, json=build_body("warm"), headers={"x-api-key": key}, timeout=120).raise_for_status()


def _sweep(count: int, policy: Path | None, scratch: Path | None, facts: dict[str, Any]) -> "list[Measure]":
    """In chunks, each on a database of its own, so that none grows without end."""
    from casewright.evaluation.retention.bench_serving import limits_measures
    from casewright.evaluation.retention.serving_sweep import Oracle, SweepClock, SweepTally, run_sweep

    whole = SweepTally()
    for seed, start in enumerate(range(0, count, CHUNK), 1):
        sizes = _sizes(min(CHUNK, count - start))
        clock = SweepClock(STARTS)
        with _open_scratch(scratch, policy, clock, **_limits_of(sizes, is_tight=seed % 2 == 0)) as opened:
            _say(f"sweep {seed}: {sizes.decisions:,} decisions")
            tally = run_sweep(opened, clock, Oracle(sizes.baseline_level), sizes, seed=seed, say=_say)
            opened.retention.close()
            _add(whole, tally, opened.excess())
    facts["sweep"] = _describe(whole)
    return limits_measures("in process", whole)


def _crowd(count: int, policy: Path | None, scratch: Path | None, facts: dict[str, Any]) -> "list[Measure]":
    from casewright.adapters import clock
    from casewright.domain.principal import Role, Scope
    from casewright.evaluation.bench_servers import serve_ours
    from casewright.evaluation.retention.bench_serving import limits_measures
    from casewright.evaluation.retention.serving_sweep import Oracle, run_crowd

    sizes = _sizes(count, customers=max(1, count // 8))
    with _open_scratch(scratch, policy) as opened:
        tenant = opened.principal.tenant
        issued = opened.premises.gatehouse().book.add_key(
            tenant, "bench", Role.AGENT, [Scope.READ, Scope.CONFIRM], days=1
        )
        more = {} if policy is None else {"retention_policy": str(policy.absolute())}
        settings = {name: str(value) for name, value in _limits_of(sizes).items()} | more
        with serve_ours(opened.home, tenant=tenant, embedder="none", log_level="error", **settings) as server:
            _wait_until_warm(server.port, issued.secret)
            oracle = Oracle(sizes.baseline_level)
            served = _OverHttp(f"http://127.0.0.1:{server.port}", issued.secret, opened.database)
            _say(f"crowd: {sizes.decisions:,} decisions, 32 clients at once")
            tally = run_crowd(served, oracle, sizes, clients=32, seed=7, now=clock.now)
            served.close()
    facts["crowd"] = _describe(tally)
    return limits_measures("over HTTP", tally)


class _OverHttp:
    """The serving path over HTTP."""

    def __init__(self, url: str, key: str, database: "Database") -> None:
        import httpx2

        self._database = database

        limits = httpx2.Limits(max_connections=32, max_keepalive_connections=32)
        self._client = httpx2.Client(base_url=url, headers={"x-api-key": key}, timeout=60, limits=limits)

    def decide(self, body: dict[str, Any], key: str | None) -> Mapping[str, Any]:
        headers = {"idempotency-key": key} if key else {}
        answer = self._client.post("/retain", json=body, headers=headers)
        answer.raise_for_status()
        document: dict[str, Any] = answer.json()
        return document

    def report(self, decision_id: str, *, is_accepted: bool) -> None:
        answer = self._client.post(f"/retain/{decision_id}/outcome", json={"accepted": is_accepted})
        answer.raise_for_status()

    def excess(self) -> tuple[int, int]:
        return _read_excess(self._database)

    def close(self) -> None:
        self._client.close()


def _sizes(decisions: int, customers: int | None = None) -> "SweepSizes":
    """20 decisions of each customer in 300 days, so that every limit is met."""
    from casewright.adapters import clock
    from casewright.bootstrap import load_ruleset
    from casewright.evaluation.retention.serving_sweep import STREAMS, SweepSizes

    offer = str(load_ruleset("retention", clock.today()).parameters["baseline_offer"])
    people = customers or max(8, decisions // 20)
    step_s = 300 * 86_400 * STREAMS / decisions
    phase = max(1, min(SweepSizes(decisions, people).phase, decisions // STREAMS // 4))
    return SweepSizes(decisions, people, int(offer[-1]), step_s, phase=phase)


def _limits_of(sizes: "SweepSizes", *, is_tight: bool = False) -> dict[str, Any]:
    """A budget that lasts for most contacts, or for few of them."""
    each = 800 if is_tight else 8_000
    return {
        "retention_budget_minor": sizes.customers * each,
        "retention_complaint_cap": max(10, sizes.customers // (60 if is_tight else 6)),
    }


def _read_excess(database: "Database") -> tuple[int, int]:
    """By how much decisions have spent and risked more than their periods allow, by their rows."""
    from sqlalchemy import text

    statement = text(
        "SELECT p.budget_minor, p.complaint_limit_micros, SUM(d.reserved_minor - d.released_minor),"
        " SUM(d.complaint_micros), p.reserved_minor FROM retention_periods p JOIN retention_decisions d"
        " ON d.tenant = p.tenant AND d.period = p.period GROUP BY p.tenant, p.period"
    )
    rows = database.read(lambda connection: connection.execute(statement).all())
    over = sum(max(0, int(row[2]) - row[0], row[4] - row[0]) for row in rows)
    return over, sum(max(0, int(row[3]) - row[1]) for row in rows)


def _add(whole: Any, part: Any, excess: tuple[int, int]) -> None:
    whole.overspent_minor = max(whole.overspent_minor, part.overspent_minor, excess[0])
    whole.overrisked_micros = max(whole.overrisked_micros, part.overrisked_micros, excess[1])
    whole.decisions += part.decisions
    whole.contacts += part.contacts
    for name in ("offers", "outcomes", "sources", "forbidden", "violations"):
        getattr(whole, name).update(getattr(part, name))


def _describe(tally: Any) -> dict[str, Any]:
    names = ("offers", "outcomes", "sources", "forbidden", "violations")
    return {
        "decisions": tally.decisions,
        "contacts": tally.contacts,
        **{name: dict(sorted(getattr(tally, name).items())) for name in names},
    }


def _publish(measures: "list[Measure]", facts: dict[str, Any], *, quick: bool, results: Path | None) -> None:
    """The JSON holds what was measured last of each group; the page shows all of it."""
    from importlib.metadata import version

    from casewright.adapters.clock import today
    from casewright.evaluation.bench_measures import build_document, build_table, rewrite_table, write_results

    folder = results or (None if quick else RESULTS / "retention")
    if folder is None or not measures:
        return
    about = {"measured_on": today().isoformat(), "is_quick": quick, "version": version("casewright"), **facts}
    name = NAME if any(measure.group != "Hard limits" for measure in measures) else "hard_limits"
    typer.echo(f"Wrote {write_results(folder, name, build_document(measures, about))}.", err=True)
    if results is None and DOCS.is_file():
        mark = f"<!-- bench retain {name}: {{}} -->"
        rewrite_table(
            DOCS,
            f"Measured on {about['measured_on']}.\n\n{build_table(measures)}",
            mark.format("begin"),
            mark.format("end"),
        )


def _say(step: str) -> None:
    typer.echo(f"… {step}", err=True)
