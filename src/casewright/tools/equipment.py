"""Equipment: everything outside that the executor works with, handed in once. It does nothing itself."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from casewright.domain.audit import AuditName
from casewright.ports.cases import CaseRecords
from casewright.ports.evidence import EvidenceFiles
from casewright.ports.journal import ActionJournal
from casewright.ports.knowledge import Retrieval
from casewright.ports.proposals import ProposalStore
from casewright.ports.shop import ShopRecords
from casewright.ports.vault import Vault
from casewright.runner import Clock
from casewright.tools.answers import ToolTrace
from casewright.tools.catalogue import Catalogue
from casewright.tools.spec import Rules


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a proposal is good."""

    to_confirm: timedelta = timedelta(minutes=15)
    to_approve: timedelta = timedelta(days=3)
    after_approval: timedelta = timedelta(days=1)


def forget_trace(trace: ToolTrace) -> None:
    """For callers that keep no traces."""


Record = Callable[[str, str, AuditName, Mapping[str, Any], datetime], None]
"""Tenant, case, name, document, moment."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """Safe to share between threads, as each part of it is."""

    catalogue: Catalogue
    shop: Callable[[str], ShopRecords]
    """Records by tenant."""
    vault: Callable[[str], Vault]
    cases: Callable[[str], CaseRecords]
    evidence: Callable[[str], EvidenceFiles]
    journal: ActionJournal
    proposals: ProposalStore
    rules: Callable[[str, str, datetime], Rules]
    """Ruleset by desk, tenant and moment."""
    record: Record
    """Puts what a person decided on the ledger."""
    now: Callable[[], datetime]
    timer: Clock
    new_id: Callable[[str], str]
    """Draws an id with its kind in front."""
    new_secret: Callable[[], str]
    """Draws what nobody can guess, in ASCII."""
    pool: Executor
    """For reads at the same time; never the pool that the calls themselves run in."""
    knowledge: Callable[[str], Retrieval] | None = None
    """Search over what is known, by tenant."""
    record_trace: Callable[[ToolTrace], None] = forget_trace
    lifetimes: Lifetimes = field(default_factory=Lifetimes)
