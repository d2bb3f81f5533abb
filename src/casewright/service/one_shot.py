"""One case, one answer: the older endpoint that is told everything at once and keeps no conversation.

It goes the same way as a turn of a conversation: the same reading, the same choice from the customer's own
records, the same tools. Money and goods are proposed, never moved here: the answer says whose word is wanted.
The same case asked again with the same words is the same request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from casewright.domain.conversation import Slots, owner_of
from casewright.domain.errors import MeaninglessRequest
from casewright.domain.principal import Principal, Scope
from casewright.domain.reply import TEMPLATE_SOURCE
from casewright.investigation.shop_choice import NoSuchOrder, Shelf, choose_intent, choose_step
from casewright.investigation.shop_request import Intent, ReturnReason, ShopRequest, read_shop_request
from casewright.service.conversations import Message, Support, person_reason
from casewright.service.support_acts import (
    ORDER_NOT_FOUND,
    ActStatus,
    Outcome,
    Speaker,
    answer_policy,
    escalate,
    summarise,
    take_step,
)
from casewright.service.support_calls import TracedCall, TurnTools
from casewright.tools.arguments import digest_of

FINAL_ACTIONS = (
    "approve_return_and_refund",
    "approve_refund",
    "request_info",
    "deny",
    "escalate",
    "refuse",
)
_MOST_SAID = 240
_APPROVED_BY_TOOL = {
    "create_return": "approve_return_and_refund",
    "issue_refund": "approve_refund",
    "cancel_order": "approve_refund",
}
_NEXT: Mapping[str, str] = {
    "approve_return_and_refund": "Have the customer confirm proposal {proposal}; label and refund follow the"
    " granted return.",
    "approve_refund": "Have the customer confirm proposal {proposal}; nothing has moved before that.",
    "confirm": "Have the customer confirm proposal {proposal}; nothing has moved before that.",
    "request_info": "Ask the customer for what is missing, and send the case again with it.",
    "deny": "Tell the customer the clause; another resolution faces the same checks.",
    "escalate": "A person takes the case from the queue, and decides within its time.",
    "refuse": "Tell the customer why; nothing was changed.",
    "informed": "Nothing more: the question was answered.",
}


@dataclass(frozen=True, slots=True)
class OneShot:
    """One case as it was sent. `attachments` are contents in base64; a None is one without content."""

    case_id: str
    customer_message: str
    order_id: str | None = None
    email: str | None = None
    phone_last4: str | None = None
    reason: str | None = None
    attachments: tuple[str | None, ...] = ()
    earlier: tuple[str, ...] = ()
    """What the customer wrote before, oldest first."""


@dataclass(frozen=True, slots=True)
class OneShotAnswer:
    """The published answer."""

    customer_reply: str
    internal_case_summary: str
    next_action_plan: str
    final_action: str
    tool_trace: tuple[TracedCall, ...] = field(default_factory=tuple)
    source: str = TEMPLATE_SOURCE
    """Who put the reply into words."""


class OneShotDesk:
    """Answers whole cases. Safe to share between threads."""

    def __init__(self, support: Support) -> None:
        self._support = support

    def respond(self, principal: Principal, case: OneShot) -> OneShotAnswer:
        """Answer one case. Raises MeaninglessRequest for a reason that is none."""
        if case.reason is not None and case.reason not in set(ReturnReason):
            raise MeaninglessRequest(
                f"reason is one of {', '.join(ReturnReason)}; leave it out where it is not known.",
                code="unknown_reason",
            )
        read = self._support.read(case.customer_message)
        request, slots = _fill(read, case)
        read = self._support.hide_known(principal, replace(read, request=request))
        owner = owner_of(principal.customer_id, principal.subject_id)
        chain = f"case:{digest_of(owner, case.case_id)[:24]}"
        turn_key = digest_of(
            chain,
            case.customer_message,
            case.order_id,
            case.reason,
            list(case.attachments),
            list(case.earlier),
        )
        speaker = self._support.speaker(request)
        tools = self._support.tools(principal, chain, turn_key)
        tools.case_name = case.case_id
        outcome = self._answer(case, read, request, slots, tools, speaker)
        return _publish(self._support.voice(outcome, read), tools)

    def _answer(
        self,
        case: OneShot,
        read: Message,
        request: ShopRequest,
        slots: Slots,
        tools: TurnTools,
        speaker: Speaker,
    ) -> Outcome:
        found = self._look_up(case, request, tools)
        said = read.text[:_MOST_SAID]
        reason = person_reason(request)
        if reason is not None:
            return escalate(reason, slots, said, tools, speaker)
        intent = choose_intent(request, slots)
        if intent is Intent.POLICY_QUESTION:
            return answer_policy(request, slots, tools, speaker)
        if found is not None and not found:
            step = NoSuchOrder()
            choice = choose_step(request, slots, Shelf(None))
            return take_step(replace(choice, step=step), request, tools, speaker)
        if found:
            request, slots = _settle(request, slots, found)
        shelf = self._support.shelf(tools.principal, request, intent)
        choice = choose_step(request, slots, shelf)
        if choice.slots.order_id is not None:
            self._keep_evidence(case.attachments, choice.slots.order_id, tools)
        if intent in {Intent.RETURN, Intent.REFUND, Intent.EXCHANGE}:
            tools.call("get_policy", {"desk": "returns"})
        outcome = take_step(choice, request, tools, speaker)
        if outcome.status is ActStatus.PROPOSED and outcome.tool == "create_return":
            tools.skip("create_label", "after the customer has confirmed the return")
            tools.skip("issue_refund", "after the return is granted")
        return outcome

    def _look_up(
        self, case: OneShot, request: ShopRequest, tools: TurnTools
    ) -> Sequence[Mapping[str, Any]] | None:
        """The orders that the case names by id, mail or phone, as far as the asker may see them.

        None where it names nothing. For staff who act for nobody yet, the customer of what was found is whom
        the case is about from here on.
        """
        named = request.order_ids[0] if len(request.order_ids) == 1 else None
        way: dict[str, str] | None = None
        if case.order_id is not None:
            way = {"order_id": case.order_id}
        elif case.email is not None:
            way = {"email": case.email}
        elif case.phone_last4 is not None:
            way = {"phone_last4": case.phone_last4}
        elif named is not None and tools.principal.customer_id is None:
            way = {"order_id": named}
        if way is None:
            return None
        try:
            orders = list(tools.call("lookup_order", way).result.get("orders", []))
        except MeaninglessRequest:
            return []  # what cannot be an id or an address is nobody's
        principal = tools.principal
        customers = {str(order["customer_id"]) for order in orders}
        if principal.customer_id is None and principal.may(Scope.ON_BEHALF) and len(customers) == 1:
            tools.principal = replace(principal, customer_id=customers.pop())
        return orders

    def _keep_evidence(self, attachments: Sequence[str | None], order_id: str, tools: TurnTools) -> None:
        for content in attachments:
            if content is None:
                tools.skip("store_evidence", "an attachment without content is no evidence")
                continue
            try:
                tools.call("store_evidence", {"order_id": order_id, "content": content})
            except MeaninglessRequest:
                continue  # no file at all; it is on the trace, and the policy asks for a picture


def _fill(read: Message, case: OneShot) -> tuple[ShopRequest, Slots]:
    """The request with what the case says beside the message, and the slots of what was said earlier."""
    request = read.request
    slots = Slots()
    for text in case.earlier:
        before = read_shop_request(text)
        slots = replace(
            slots,
            intent=before.intent.value if before.intent not in _NOT_KEPT else slots.intent,
            reason=before.reason.value if before.reason else slots.reason,
            cancel_reason=before.cancel_reason.value if before.cancel_reason else slots.cancel_reason,
        )
        if before.order_ids and not request.order_ids and case.order_id is None:
            request = replace(request, order_ids=before.order_ids)
    if case.order_id is not None:
        request = replace(request, order_ids=(case.order_id,))
    if case.reason is not None:
        request = replace(request, reason=ReturnReason(case.reason))
        if request.intent is Intent.OTHER and slots.intent is None:
            request = replace(request, intent=Intent.REFUND)
    return request, slots


_NOT_KEPT = frozenset({Intent.OTHER, Intent.ESCALATE, Intent.POLICY_QUESTION})


def _settle(
    request: ShopRequest, slots: Slots, found: Sequence[Mapping[str, Any]]
) -> tuple[ShopRequest, Slots]:
    """One order found by mail or phone is the one that is meant, where the message names no other."""
    if len(found) == 1 and len(request.order_ids) == 0:
        return request, replace(slots, order_id=str(found[0]["order_id"]))
    return request, slots


def _publish(outcome: Outcome, tools: TurnTools) -> OneShotAnswer:
    action = final_action(outcome)
    plan = action
    if action == "request_info":
        if outcome.status is ActStatus.PROPOSED:
            plan = "confirm"
        elif outcome.status is ActStatus.DONE:
            plan = "informed"
    proposal = outcome.slots.proposal_id or "(none)"
    parts = [
        summarise(outcome.slots, ""),
        f"outcome {outcome.verdict or outcome.status.value}",
        f"reasons {', '.join(outcome.reasons)}" if outcome.reasons else "",
        f"clauses {', '.join(outcome.clauses[:6])}" if outcome.clauses and action != "request_info" else "",
    ]
    return OneShotAnswer(
        customer_reply=outcome.words.text,
        internal_case_summary="; ".join(part for part in parts if part) + ".",
        next_action_plan=_NEXT[plan].format(proposal=proposal),
        final_action=action,
        tool_trace=tuple(tools.trace),
        source=outcome.words.source,
    )


def final_action(outcome: Outcome) -> str:
    """The published action of an outcome. A question that was answered asks for nothing: `request_info`."""
    if outcome.is_escalated:
        return "escalate"
    if outcome.status is ActStatus.PROPOSED:
        return _APPROVED_BY_TOOL.get(outcome.tool or "", "request_info")
    if outcome.status is ActStatus.REFUSED:
        is_denied = outcome.verdict == "deny" and ORDER_NOT_FOUND not in outcome.reasons
        return "deny" if is_denied else "refuse"
    return "request_info"
