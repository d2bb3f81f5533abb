"""Reading: the records of one tool call, seen through the eyes of whom it is made for.

Invariant: another customer's object answers exactly like one that does not exist, because it is dropped here
and nowhere else. Independent reads run at the same time in a bounded pool of threads. It writes nothing but
personal values into the vault.
"""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import date
from typing import Any

from casewright.domain.errors import ConfigurationError, Unavailable
from casewright.domain.knowledge import Query, SourceKind
from casewright.domain.principal import Principal, Role
from casewright.domain.shop import Customer, Order
from casewright.ports.cases import CaseRecords
from casewright.ports.evidence import EvidenceFiles
from casewright.ports.knowledge import Retrieval
from casewright.ports.shop import ShopRecords
from casewright.ports.vault import Vault

_MOST_CLAUSES = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """`customer_id` bounds what is seen: one customer's own objects; None: the whole tenant's, for staff."""

    principal: Principal
    customer_id: str | None
    records: ShopRecords
    vault: Vault
    cases: CaseRecords
    evidence: EvidenceFiles
    rules_of: Callable[[str], Any]
    """The ruleset of a desk, now."""
    pool: Executor
    knowledge: Callable[[], Retrieval] | None = None
    """Opens the search over what is known; None: there is none."""

    def together(self, *reads: Callable[[], Any]) -> tuple[Any, ...]:
        """The results of independent reads, in order; the first error of any is raised."""
        if len(reads) < 2:
            return tuple(read() for read in reads)
        later: list[Future[Any]] = [self.pool.submit(read) for read in reads[1:]]
        first = reads[0]()
        return (first, *(future.result() for future in later))

    def order(self, order_id: str) -> Order | None:
        """An order, if it exists and may be seen."""
        order = self.records.order(order_id)
        return order if order is not None and self.may_see(order.customer_id) else None

    def customer(self, customer_id: str | None = None) -> Customer | None:
        """A customer, if it exists and may be seen; without an id, the one this call is made for."""
        wanted = customer_id if customer_id is not None else self.customer_id
        if wanted is None or not self.may_see(wanted):
            return None
        return self.records.customer(wanted)

    def clauses_about(self, words: str, desks: Collection[str], as_of: date) -> tuple[str, ...]:
        """Ids of these desks' clauses that a search finds, best first; none where it cannot be asked."""
        if self.knowledge is None:
            return ()
        query = Query(words, as_of, frozenset({SourceKind.POLICY}), _MOST_CLAUSES)
        try:
            found = self.knowledge().search(query).found
        except (ConfigurationError, Unavailable):
            return ()
        policies = tuple(f"{desk}:policy." for desk in desks)
        named = (each.passage for each in found if each.passage.document_id.startswith(policies))
        return tuple(dict.fromkeys(passage.clause for passage in named if passage.clause))

    def may_see(self, customer_id: str) -> bool:
        """Whether that customer's objects are this call's to see."""
        return self.customer_id is None or self.customer_id == customer_id

    def values(self, *tokens: str | None) -> Mapping[str, str]:
        """The values of vault tokens; erased ones are absent."""
        wanted = [token for token in tokens if token]
        return self.vault.resolve(wanted) if wanted else {}

    def is_owner(self, customer_id: str) -> bool:
        """Whether the customer asks in person, and so may read the own personal values."""
        return self.principal.role is Role.CUSTOMER and self.principal.customer_id == customer_id
