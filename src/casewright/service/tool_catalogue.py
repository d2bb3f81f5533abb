"""The tools of this installation, from the desks that act; and what their reason codes mean in plain English.

Importing this costs the desks and pydantic, and no database: the doors describe their routes by it.
"""

from collections.abc import Mapping
from functools import cache

from casewright.desks.orders.reasons import REASONS as ORDER_REASONS
from casewright.desks.orders.tools import ORDER_TOOLS
from casewright.desks.returns.reasons import REASONS as RETURN_REASONS
from casewright.desks.returns.tools import RETURN_TOOLS
from casewright.tools.catalogue import Catalogue
from casewright.tools.shop_reads import SHOP_READS

TOOL_REASONS: Mapping[str, str] = {
    "customer_not_found": "There is no such customer.",
    "case_not_found": "There is no such case.",
    "clause_not_found": "The policy in force has no such clause.",
    "confirmation_required": "The proposal needs its confirmation, in the session that it was shown to.",
    "confirmation_stale": "The records or the policy have moved on; confirm the new proposal instead.",
    "confirmation_consumed": "The proposal was carried out before; it is not done again.",
    "approval_required": "Somebody with a sufficient band must approve it first.",
    "approval_rejected": "The approval was refused.",
    "already_done": "This was done before.",
    "call_limit_reached": "The tool was called too often; try again later.",
    "declined": "The outside service refused it.",
    "method_declined": "The payment service refused this way to pay.",
    "no_approval_rule": "Nothing says who may allow this, so nobody may.",
}
"""Reasons of the executor itself; the desks have their own."""


@cache
def build_catalogue() -> Catalogue:
    """Every tool."""
    return Catalogue((*SHOP_READS, *ORDER_TOOLS, *RETURN_TOOLS))


def describe_reason(code: str) -> str:
    """A reason code in one line of plain English."""
    for reasons in (TOOL_REASONS, ORDER_REASONS, RETURN_REASONS):
        if code in reasons:
            return reasons[code]
    return code.replace("_", " ").capitalize() + "."
