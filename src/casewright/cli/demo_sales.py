"""The sales desk's part of the demo: sample clients and playbook in a temporary folder, and an account
manager's questions, answered by the same copilot that HTTP callers ask.

Nothing stays behind, nothing of this installation is touched, and no text model is asked.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.rule import Rule

from casewright.cli.console import say_beside
from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role

if TYPE_CHECKING:
    from casewright.service.copilot import Copilot
    from casewright.settings import Settings

MANAGER = Principal("account_manager", Role.AGENT, "main", "demo", SCOPES_OF_ROLE[Role.AGENT])
SCENES = (
    (
        "A recommendation: the spend rule beats the industry's lead",
        "What should I pitch to Voltberry Devices?",
    ),
    (
        "A typing error, and a client whom nobody has met for long",
        "What do we pitch to Nimbus Noodels next week?",
    ),
    ("A name that fits several clients is asked back, never guessed", "What can I offer Voltberry?"),
    ("A rule of the playbook", "Which formats may an education client at 120k get?"),
    ("A topic that is closed until Finance approves", "What will 2026 Q3 pricing be?"),
    ("A question for somebody else, with no look-up", "Who won the football yesterday?"),
)


def show_sales_demo(console: Console, settings: "Settings") -> bool:
    """Ask the questions; whether every answer was reviewed and kept."""
    console.print()
    console.print(Rule("An account manager's co-pilot: the sales desk", align="left", style="dim"))
    console.print("What may be pitched is decided by policy; the playbook's passages are cited.")
    with _open_copilot(settings) as ask:
        shown = [_show(console, title, question, ask(question)) for title, question in SCENES]
        return all(shown)


def _show(console: Console, title: str, question: str, answer: Mapping[str, Any]) -> bool:
    console.print()
    console.print(title, style="bold")
    say_beside(console, "asked", question)
    for line in str(answer["message"]).splitlines():
        say_beside(console, "answer", line)
    if answer["rationale"]:
        say_beside(console, "why", str(answer["rationale"]))
    cited = [citation["clause"] or citation["title"] for citation in answer["citations"]]
    if cited:
        say_beside(console, "cites", ", ".join(dict.fromkeys(map(str, cited))))
    say_beside(console, "looked up", ", ".join(answer["tools_used"]) or "nothing")
    return bool(answer["message"]) and not answer["review"]["findings"]


@contextmanager
def _open_copilot(settings: "Settings") -> "Iterator[Callable[[str], Mapping[str, Any]]]":
    from casewright.adapters import clock
    from casewright.adapters.importers.sample_clients import build_sample_clients
    from casewright.adapters.store.client_records import StoredClients
    from casewright.cli.importing_sales import read_currency
    from casewright.service.premises import Premises

    with tempfile.TemporaryDirectory(prefix="casewright-demo-") as folder:
        own = {
            "home": Path(folder),
            "database_url": None,
            "redis_url": None,
            "text_models": (),
            "web_search_url": None,
            "tenant": MANAGER.tenant,
        }
        premises = Premises(settings.model_copy(update=own))
        try:
            now = clock.now()
            day = settings.as_of or now.date()
            clients = build_sample_clients(day, currency=read_currency(None))
            StoredClients(premises.database(), MANAGER.tenant).put(clients, at=now)
            premises.knowledge().add_shipped(MANAGER.tenant)
            copilot = premises.copilot()
            yield lambda question: _ask(copilot, question)
        finally:
            premises.close()


def _ask(copilot: "Copilot", question: str) -> Mapping[str, Any]:
    return copilot.ask(MANAGER, question).document
