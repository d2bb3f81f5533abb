"""Support over an open shop: conversations, whole cases, the queue of escalations. It wires, no more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from casewright.ports.escalations import EscalationQueue
from casewright.service.conversations import Reword, Support, SupportKit
from casewright.service.one_shot import OneShotDesk

if TYPE_CHECKING:
    from casewright.service.shop import Shop


@dataclass(frozen=True, slots=True)
class SupportDoors:
    """What the doors call."""

    support: Support
    one_shot: OneShotDesk
    queue: Callable[[str], EscalationQueue]
    """By tenant."""


def build_support(
    shop: "Shop",
    *,
    channels: frozenset[str] = frozenset(),
    detects: bool = True,
    reword: Reword | None = None,
) -> SupportDoors:
    """Support over a shop. Cheap: nothing is opened."""
    from casewright.adapters.ids import new_id
    from casewright.adapters.store.conversations import StoredConversations
    from casewright.adapters.store.escalation_queue import StoredEscalations

    support = Support(
        SupportKit(
            executor=shop.tools,
            proposals=shop.proposals,
            conversations=lambda tenant: StoredConversations(shop.database, tenant),
            queue=lambda tenant: StoredEscalations(shop.database, tenant),
            shop=shop.records,
            now=shop.now,
            new_id=lambda: new_id("conv"),
            channels=channels,
            desks=load_desk_templates(),
            detects=detects,
            known_values=lambda tenant, customer_id: shop.vault(tenant).export(customer_id),
            reword=reword,
        )
    )
    return SupportDoors(
        support, OneShotDesk(support), lambda tenant: StoredEscalations(shop.database, tenant)
    )


@cache
def load_desk_templates() -> Mapping[str, Mapping[str, Any]]:
    """The words of the desks, by the tool that they are about."""
    from casewright.desks.orders import replies as orders
    from casewright.desks.returns import replies as returns
    from casewright.service.tool_catalogue import build_catalogue

    templates = {"orders": orders.load_templates(), "returns": returns.load_templates()}
    return {tool.name: templates[tool.desk] for tool in build_catalogue()}
