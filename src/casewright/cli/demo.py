"""`casewright demo`: sample tickets, a sample shop, clients, customers at risk: no key, no network."""

from typing import Annotated

import typer

app = typer.Typer(add_completion=False)
SAMPLES = ("casewright.desks.disputes", "samples/tickets.jsonl")


@app.command()
def show_demo(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON verdict per line.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each rule that fired, with its clause.")
    ] = False,
) -> None:
    """See every desk at work: tickets, orders and returns, a manager briefed, customers at risk.

    The evidence behind each verdict is shown; the shop's ledger is verified.

    Example: casewright demo --explain
    """
    from importlib import resources
    from importlib.util import find_spec

    from casewright.bootstrap import build_application
    from casewright.cli.console import make_console, write_json
    from casewright.cli.evidence import show_case
    from casewright.service.documents import parse_document
    from casewright.settings import Settings, load_settings

    settings = load_settings()
    application = build_application(settings.model_copy(update={"text_models": ()}))
    package, name = SAMPLES
    lines = resources.files(package).joinpath(name).read_bytes().splitlines()
    console = make_console()
    for line in filter(None, lines):
        document = parse_document(line)
        result = application.analyze_ticket(document)
        if as_json:
            write_json(application.respond(result))
        else:
            show_case(console, application, result, explain=explain, complaint=result.case.message)
    if not as_json:
        from casewright.cli.demo_shop import show_shop_demo

        is_sound = show_shop_demo(console, settings)
        if find_spec("rapidfuzz") is not None:
            from casewright.cli.demo_sales import show_sales_demo

            is_sound = show_sales_demo(console, settings) and is_sound
        else:
            console.print("The sales desk needs an extra:  pip install 'casewright[knowledge]'")
        from casewright.cli.demo_retention import show_retention_demo

        is_sound = show_retention_demo(console, settings) and is_sound
        default = Settings.model_fields["port"].default
        port = settings.port or default
        console.print(f"To serve this over HTTP:  casewright serve   then open http://127.0.0.1:{port}/")
        console.print("To try a ticket of your own:  casewright investigate ticket.json --explain")
        console.print("To try the shop over HTTP:    casewright demo-data   and see docs/shop.md")
        console.print("To ask the sales desk:        casewright demo-data   and casewright ask")
        console.print("To train a contact policy:    casewright retention train   and see docs/retention.md")
        if not is_sound:
            raise typer.Exit(1)
