"""`casewright bench text-models` and `local-model`: what failing providers cost, what ours would write.

Invariant: nothing leaves this machine, and nothing that a model writes here reaches anybody.
"""

from pathlib import Path
from typing import Annotated

import typer

from casewright.cli.bench_results import RESULTS, publish_measures, show_measures

DOCS = Path("docs/text-models.md")
_Quick = Annotated[bool, typer.Option("--quick", help="A little of everything, to see that it runs.")]
_Results = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help=f"Folder for the JSON. [default: {RESULTS}; a quick run writes none]"),
]


def run_text_models(quick: _Quick = False, results: _Results = None) -> None:
    """Measure what a provider costs that hangs, drips, refuses or answers rubbish, for every kind.

    Example: casewright bench text-models --quick
    """
    from casewright.cli.local_replies import sales_lines
    from casewright.evaluation.bench_text_models import QUICK_TEXT, TextBenchSizes, run_text_bench

    sizes = QUICK_TEXT if quick else TextBenchSizes()
    measures = run_text_bench(
        sizes,
        lambda step: typer.echo(f"… {step}", err=True),
        lambda deadline_s, submit: sales_lines(deadline_s, submit)[0],
    )
    show_measures(measures)
    publish_measures("text-models", measures, quick=quick, results=results, docs=DOCS)


def run_local_model(
    name: Annotated[
        str, typer.Option("--model", help="A local model, by its folder in models/.")
    ] = "smollm2",
    replies: Annotated[int, typer.Option(min=1, max=10_000, help="So many replies.")] = 100,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Threads that compute.")] = 1,
    deadline_s: Annotated[float, typer.Option("--deadline", min=1, max=120, help="Seconds per reply.")] = 8.0,
    quick: _Quick = False,
    results: _Results = None,
) -> None:
    """Measure what the local model would write, over every kind of case; promoted or not, it serves nobody.

    Fetch it first: casewright models fetch llm

    Example: casewright bench local-model --replies 20
    """
    import time

    from casewright.adapters import clock
    from casewright.adapters.local_model import find_local_file, import_library
    from casewright.bootstrap import load_desk, load_ruleset
    from casewright.cli.local_replies import sales_lines, shop_lines
    from casewright.evaluation.bench_local_model import QUICK_REPLIES, dispute_replies, run_local_bench
    from casewright.pipeline import Road
    from casewright.settings import load_settings

    import_library()
    settings = load_settings()
    file = find_local_file(settings.home, name)
    ruleset = load_ruleset("disputes", settings.as_of or clock.today())
    measures = run_local_bench(
        file,
        {
            "disputes": dispute_replies(Road(load_desk("disputes"), ruleset, time.perf_counter)),
            "orders": shop_lines("orders", deadline_s),
            "returns": shop_lines("returns", deadline_s),
            "sales": sales_lines(deadline_s),
        },
        replies=QUICK_REPLIES if quick else replies,
        threads=threads,
        deadline_s=deadline_s,
        tell=lambda step: typer.echo(f"… {step}", err=True),
    )
    show_measures(measures)
    facts: dict[str, object] = {
        "model": file.name,
        "model_version": file.version,
        "is_promoted": file.is_promoted,
        "threads": threads,
        "deadline_s": deadline_s,
    }
    publish_measures("local-model", measures, quick=quick, results=results, docs=DOCS, more=facts)
