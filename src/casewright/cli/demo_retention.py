"""The retention desk's part of the demo: made-up customers in a temporary folder, and what the shipped policy
proposes for each, narrowed by the desk's tables; the kill switch at the end.

Nothing stays behind, nothing of this installation is touched, and nobody is contacted.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.rule import Rule

from casewright.cli.console import say_beside
from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role

if TYPE_CHECKING:
    from casewright.service.premises import Premises
    from casewright.service.retention import Retention
    from casewright.settings import Settings

STAFF = Principal("outreach", Role.AGENT, "main", "demo", SCOPES_OF_ROLE[Role.AGENT])
_DRAW = 0.5
"""Every draw of the demo, so that it shows the same each time."""
_NOON = time(12, tzinfo=ZoneInfo("Asia/Dhaka"))
_AT_RISK: Mapping[str, object] = {
    "customer_id": "made-up-1",
    "churn_risk": 0.62,
    "tenure_months": 5,
    "plan": "monthly",
    "monthly_spend": 84.5,
    "tier": "premium",
    "contacts_7d": 0,
    "consent": True,
    "channel": "sms",
    "timezone": "Asia/Dhaka",
    "language": "en",
}
SCENES: tuple[tuple[str, str, Mapping[str, object]], ...] = (
    ("At risk, and likely to stay for a discount: kept, its worst case reserved", "demo-1", {}),
    ("The same key again: the same answer, nothing reserved twice", "demo-1", {}),
    ("The same customer a moment later: the cooldown stands in the way", "demo-2", {}),
    (
        "Little risk, bound for two years: a discount would be given away",
        "demo-3",
        {"customer_id": "made-up-2", "churn_risk": 0.04, "tenure_months": 60, "plan": "two_year"},
    ),
    ("Consent withdrawn: nobody may get in touch", "demo-4", {"customer_id": "made-up-3", "consent": False}),
    (
        "Night where the customer is: put off until the morning there",
        "demo-5",
        {"customer_id": "made-up-4", "timezone": "America/New_York"},
    ),
)


def show_retention_demo(console: Console, settings: "Settings") -> bool:
    """Decide about each customer; whether every decision was kept and the switch obeyed."""
    console.print()
    console.print(Rule("Whom to contact: the retention desk", align="left", style="dim"))
    console.print("A learned policy proposes; the tables may only narrow. Nobody is really contacted.")
    with _open_desk(settings) as (premises, desk):
        for title, key, changes in SCENES:
            _show(console, title, desk.recommend(STAFF, dict(_AT_RISK) | dict(changes), key).document)
        _turn_switch_on(premises)
        title = "The kill switch is turned: from the next request on, a plain threshold proposes"
        last = desk.recommend(STAFF, dict(_AT_RISK) | {"customer_id": "made-up-5"}, "demo-6").document
        _show(console, title, last)
        return bool(last["policy"]["source"] == "baseline")


def _show(console: Console, title: str, answer: Mapping[str, Any]) -> None:
    decision, policy = answer["decision"], answer["policy"]
    console.print()
    console.print(title, style="bold")
    said = f"contact with offer level {decision['offer_level']}" if decision["contact"] else answer["outcome"]
    later = answer["not_before"] and f"; not before {answer['not_before']}"
    say_beside(console, "decision", f"{said}, next decision in {decision['followup_days']} days{later or ''}")
    say_beside(console, "proposed by", f"{policy['source']} ({policy['version']})")
    if answer["scores"]["p_accept"]:
        chances = ", ".join(f"{chance:.2f}" for chance in answer["scores"]["p_accept"])
        say_beside(console, "accepts", f"{chances}, by offer level")
    for reason in answer["reasons"]:
        say_beside(console, reason["clause"], reason["text"])
    if answer["message"]:
        say_beside(console, "message", answer["message"])
    if answer["reserved_minor"]:
        say_beside(console, "reserved", f"{answer['reserved_minor'] / 100:.2f}, the worst case")


def _turn_switch_on(premises: "Premises") -> None:
    from casewright.adapters import clock
    from casewright.adapters.retention.store import StoredOutreach

    stored = StoredOutreach(premises.database(), premises.shop().parts.ledger, STAFF.tenant)
    stored.set_switch(is_on=True, by=STAFF.subject_id, at=clock.now())


@contextmanager
def _open_desk(settings: "Settings") -> "Iterator[tuple[Premises, Retention]]":
    from casewright.adapters import clock
    from casewright.service.premises import Premises
    from casewright.service.retention_opening import open_retention

    with tempfile.TemporaryDirectory(prefix="casewright-demo-") as folder:
        own = {
            "home": Path(folder),
            "database_url": None,
            "redis_url": None,
            "text_models": (),
            "tenant": STAFF.tenant,
            "force_baseline": False,
            "retention_policy": None,
            "retention_budget_minor": 100_000,
        }
        premises = Premises(settings.model_copy(update=own))
        desk = None
        try:
            noon = datetime.combine(settings.as_of or clock.today(), _NOON)
            desk = open_retention(
                settings.model_copy(update=own),
                premises.database(),
                premises.shop().parts.ledger,
                now=lambda: noon,
                draw=lambda: _DRAW,
            )
            yield premises, desk
        finally:
            if desk is not None:
                desk.close()
            premises.close()
