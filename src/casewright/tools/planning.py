"""Planning: records gathered, personal values sealed, and the desk's policy asked; nothing is carried out.

Where policy leaves an action to a person, the plan that says what would be done (or, where it says nothing,
the plan as if that person had approved) can be proposed, and waits for a named approval.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from casewright.domain.principal import Principal
from casewright.domain.proposal import Proposal
from casewright.runner import Journal
from casewright.text.known_values import hide_known
from casewright.text.redaction import redact
from casewright.tools.admission import Request
from casewright.tools.answers import ToolAnswer
from casewright.tools.arguments import Arguments, digest_of, replace_personal, said_fields
from casewright.tools.equipment import Equipment
from casewright.tools.outcomes import ESCALATE, read_refusal, refuse
from casewright.tools.proposing import Planned, find_needed_role
from casewright.tools.reading import Reading
from casewright.tools.spec import Gathered, Rules, ToolCall, ToolSpec

ALLOW = "allow"
NO_APPROVAL_RULE = "no_approval_rule"


class Planner:
    """Makes plans of writes."""

    def __init__(self, equipment: Equipment) -> None:
        self._with = equipment

    def reading(self, principal: Principal, customer_id: str | None) -> Reading:
        """The tenant's records, bounded to one customer's where one is named."""
        tenant = principal.tenant
        return Reading(
            principal,
            customer_id,
            self._with.shop(tenant),
            self._with.vault(tenant),
            self._with.cases(tenant),
            self._with.evidence(tenant),
            lambda desk: self._with.rules(desk, tenant, self._with.now()),
            self._with.pool,
            partial(self._with.knowledge, tenant) if self._with.knowledge else None,
        )

    def plan(self, request: Request, at: datetime, steps: Journal) -> tuple[Planned, ToolAnswer | None]:
        """The plan of a new request, and the no where there is one."""
        principal, tool = request.principal, request.tool
        rules = self._with.rules(tool.desk, principal.tenant, at)
        bare = ToolCall(
            arguments=replace_personal(request.arguments, lambda kind, text: None),
            customer_id=principal.customer_id,
            is_staff=principal.is_staff,
            case_id=request.case_id or "",
            ref=digest_of(principal.tenant, principal.subject_id, request.key),
        )
        found = self._gather(tool, bare, principal, rules, at)
        steps.done("gather")
        call = replace(
            bare,
            arguments=self._seal(principal.tenant, request.arguments, found.customer_id),
            case_id=request.case_id or _name_case(found, principal),
        )
        outcome = self._decide(tool, call, found, rules, at)
        steps.done("plan")
        return outcome

    def plan_again(
        self, proposal: Proposal, principal: Principal, at: datetime
    ) -> tuple[Planned, ToolAnswer | None]:
        """The plan of a proposal as records and policy stand now, with the rights of who asked for it."""
        tool = self._with.catalogue.find(proposal.tool)
        rules = self._with.rules(tool.desk, proposal.tenant, at)
        call = ToolCall(
            arguments=proposal.arguments,
            customer_id=proposal.customer_id,
            is_staff=proposal.customer_id is None,
            case_id=proposal.case_id,
            ref=digest_of(proposal.tenant, proposal.subject_id, proposal.key),
        )
        asker = replace(principal, tenant=proposal.tenant, customer_id=proposal.customer_id)
        return self._decide(tool, call, self._gather(tool, call, asker, rules, at), rules, at)

    def _gather(
        self, tool: ToolSpec, call: ToolCall, principal: Principal, rules: Rules, at: datetime
    ) -> Gathered:
        assert tool.gather is not None  # noqa: S101 - a ToolSpec of a write has it
        return tool.gather(call, self.reading(principal, call.customer_id), rules, at)

    def _seal(self, tenant: str, arguments: Arguments, customer_id: str | None) -> dict[str, Any]:
        vault = self._with.vault(tenant)

        def put(kind: str, text: str) -> str | None:
            return None if customer_id is None else vault.put(customer_id, kind, text)

        document = replace_personal(arguments, put)
        for name in said_fields(type(arguments)):
            known = {} if customer_id is None else vault.export(customer_id)
            document[name] = hide_known(redact(str(document[name])).text, known)
        return document

    def _decide(
        self, tool: ToolSpec, call: ToolCall, found: Gathered, rules: Rules, at: datetime
    ) -> tuple[Planned, ToolAnswer | None]:
        assert tool.plan is not None  # noqa: S101 - a ToolSpec of a write has it
        planned = Planned(tool.name, call.arguments, call.case_id, tool.plan(call, found.records, rules, at))
        refusal = read_refusal(planned, is_for_staff=call.is_staff)
        if refusal is None:
            return _with_needed_role(tool, planned, rules.parameters, is_escalated=False)
        if planned.plan.outcome != ESCALATE or not tool.is_two_step:
            return planned, refusal
        approved = planned.plan
        if not approved.effects:
            approved = tool.plan(replace(call, is_approved=True), found.records, rules, at)
            if not approved.is_allowed:
                return planned, refusal
        planned = replace(planned, plan=replace(approved, outcome=ALLOW), escalated_for=planned.plan.reasons)
        return _with_needed_role(tool, planned, rules.parameters, is_escalated=True)


def _with_needed_role(
    tool: ToolSpec, planned: Planned, parameters: Mapping[str, Any], *, is_escalated: bool
) -> tuple[Planned, ToolAnswer | None]:
    if tool.approval is None:
        return planned, refuse(tool.name, NO_APPROVAL_RULE)
    try:
        needed = find_needed_role(planned.plan, tool.approval, parameters, is_escalated=is_escalated)
    except KeyError:
        return planned, refuse(tool.name, NO_APPROVAL_RULE)
    if needed is not None and not tool.is_two_step:
        return planned, refuse(tool.name, NO_APPROVAL_RULE)
    return replace(planned, needed_role=needed), None


def _name_case(found: Gathered, principal: Principal) -> str:
    """The ledger chain of a call that belongs to no conversation: its order's, or else its customer's."""
    if found.order_id is not None:
        return f"order:{found.order_id}"
    if found.customer_id is not None:
        return f"customer:{found.customer_id}"
    return f"subject:{principal.subject_id}"
