"""`casewright bench copilot`: how long a recommendation takes, cached and not, and what the cache costs.

Invariant: it works on scratch data of its own and never opens the database of this installation.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casewright.cli.bench_results import RESULTS, publish_measures, show_measures

if TYPE_CHECKING:
    from casewright.evaluation.bench_copilot import CopilotSubject


def run_copilot(
    quick: Annotated[bool, typer.Option("--quick", help="A few answers, to see that it runs.")] = False,
    results: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help=f"Folder for the JSON. [default: {RESULTS}; a quick run writes none]"
        ),
    ] = None,
    scratch: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder for the scratch data. [default: the system's for such files]"
        ),
    ] = None,
) -> None:
    """Measure recommendations over the sample clients and playbook, without a text model.

    Example: casewright bench copilot --quick
    """
    from casewright.evaluation.bench_copilot import QUICK_COPILOT, CopilotSizes, run_copilot_bench

    with open_subject(scratch) as subject:
        sizes = QUICK_COPILOT if quick else CopilotSizes()
        measures = run_copilot_bench(subject, sizes, lambda step: typer.echo(f"… {step}", err=True))
    show_measures(measures)
    publish_measures("copilot", measures, quick=quick, results=results)


@contextmanager
def open_subject(scratch: Path | None) -> "Iterator[CopilotSubject]":
    """The copilot over the sample data, in a folder that goes at the end."""
    from casewright.adapters import clock
    from casewright.adapters.importers.sample_clients import build_sample_clients
    from casewright.adapters.store.client_records import StoredClients
    from casewright.cli.importing_sales import read_currency
    from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role
    from casewright.evaluation.bench_copilot import CopilotSubject
    from casewright.service.premises import Premises
    from casewright.settings import load_settings

    with tempfile.TemporaryDirectory(prefix="casewright-bench-", dir=scratch) as folder:
        home = Path(folder)
        settings = load_settings(home=home).model_copy(
            update={"database_url": None, "redis_url": None, "text_models": (), "home": home}
        )
        premises = Premises(settings)
        try:
            clients = build_sample_clients(clock.today(), currency=read_currency(None))
            StoredClients(premises.database(), settings.tenant).put(clients, at=clock.now())
            premises.knowledge().prepare(settings.tenant)
            copilot = premises.copilot()
            asker = Principal("bench", Role.AGENT, settings.tenant, "bench", SCOPES_OF_ROLE[Role.AGENT])

            def ask(question: str) -> Mapping[str, int]:
                return copilot.ask(asker, question).result.timings_us

            questions = tuple(f"What should I pitch to {client.name}?" for client in clients[:20])
            yield CopilotSubject(ask, copilot.forget_look_ups, copilot.cache_numbers, questions)
        finally:
            premises.close()
