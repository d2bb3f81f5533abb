"""The retention desk of this installation, opened: policy, models, budget and records of one database, wired.

It opens no database and no ledger: they are handed in; which policies serve is `retention_policies`' matter.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from casewright.domain.errors import CasewrightError, ConfigurationError
from casewright.service.retention import DESK, Retention
from casewright.service.retention_kit import RetentionKit, RetentionParts, RetentionRules
from casewright.service.retention_policies import load_policies, tell_opened
from casewright.service.shop import RulesetShelf

if TYPE_CHECKING:
    from casewright.adapters.journal.ledger import Ledger
    from casewright.adapters.store.engine import Database
    from casewright.settings import Settings

COMPLAINT_CHANCE = 0.01
"""With which more complaints than the cap may come, where they are as frequent as expected."""


def open_retention(
    settings: "Settings",
    database: "Database",
    ledger: "Ledger",
    *,
    now: Callable[[], datetime] | None = None,
    draw: Callable[[], float] | None = None,
    serves: bool = False,
) -> Retention:
    """The retention desk over an open database; `now` and `draw` are the system's where they are not given.

    `serves`: a service goes on without what cannot be read, and logs what it has loaded. Raises PolicyError,
    and ConfigurationError unless it serves.
    """
    from casewright.adapters import clock, ids
    from casewright.adapters.journal.opening import load_ledger_key
    from casewright.adapters.retention.draws import SystemDraws, place_customer
    from casewright.adapters.store.times import to_micros

    tell = now or clock.now
    given = settings.ledger_key.get_secret_value() if settings.ledger_key else None
    key = load_ledger_key(database, settings.home, given=given)
    shelf = RulesetShelf(settings.as_of)
    parts = _PartsOfTenants(database, ledger, waits_for_disk=settings.retention_waits_for_disk)
    policies, rules = load_policies(settings), read_rules(settings)
    if serves:
        tell_opened(policies, rules)
    elif policies.unread:
        raise ConfigurationError("; ".join(policies.unread.values()))
    kit = RetentionKit(
        parts=parts,
        ruleset=lambda tenant, at: shelf(DESK, tenant, at),
        policies=policies,
        rules=rules,
        now=tell,
        micros=to_micros,
        draw=draw or SystemDraws(),
        place=lambda tenant, customer_id: place_customer(key, tenant, customer_id),
        new_id=ids.new_id,
    )
    return Retention(kit, parts.close)


class _PartsOfTenants:
    """What belongs to each tenant, opened when one first asks."""

    def __init__(self, database: "Database", ledger: "Ledger", *, waits_for_disk: bool) -> None:
        self._waits_for_disk = waits_for_disk
        self._database = database
        self._ledger = ledger
        self._open: dict[str, RetentionParts] = {}
        self._gate = threading.Lock()

    def __call__(self, tenant: str) -> RetentionParts:
        found = self._open.get(tenant)
        if found is not None:
            return found
        with self._gate:
            if tenant not in self._open:
                self._open[tenant] = self._build(tenant)
            return self._open[tenant]

    def close(self) -> None:
        """Give back what is held; without a database the leases end it."""
        with self._gate:
            for each in self._open.values():
                with suppress(CasewrightError):
                    each.holds.close()

    def _build(self, tenant: str) -> RetentionParts:
        from casewright.adapters import clock, ids
        from casewright.adapters.retention.budget import PeriodBudgets
        from casewright.adapters.retention.budget_slices import BudgetSlices
        from casewright.adapters.retention.store import StoredOutreach
        from casewright.adapters.retention.store_outcomes import StoredOutcomes

        holds = BudgetSlices(
            PeriodBudgets(self._database, self._ledger, tenant),
            holder=ids.new_id("process"),
            now=clock.now,  # a lease runs by the world's clock, whatever day is decided on
            new_id=ids.new_id,
        )
        return RetentionParts(
            StoredOutreach(self._database, self._ledger, tenant, waits_for_disk=self._waits_for_disk),
            StoredOutcomes(self._database, self._ledger, tenant),
            holds,
        )


def read_rules(settings: "Settings") -> RetentionRules:
    """What the settings say of budgets and shares."""
    from casewright.adapters.retention.budget import complaint_limit_micros

    cap = settings.retention_complaint_cap
    return RetentionRules(
        budget_minor=settings.retention_budget_minor,
        complaint_cap=cap,
        complaint_limit_micros=complaint_limit_micros(cap, COMPLAINT_CHANCE),
        complaint_permille=settings.retention_complaint_permille,
        period_start=settings.retention_period_start,
        forces_baseline=settings.force_baseline,
        challenger_share=settings.retention_challenger_share,
        holdout_share=settings.retention_holdout_share,
        channels=frozenset(settings.official_channels),
    )
