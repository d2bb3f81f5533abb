"""Acts of a conversation: from the chosen step through the tools to what is answered, for every door.

    ask    →  the question            act  →  propose, refuse with its clause, ask what is missing, escalate
    yes    →  the proposal carried out once    person, anger, two failed turns  →  the queue

Nothing is decided here: the tools' policy decides, and an escalation is an action of the journal like any
other. A reply is a template that has passed the shield, or the bare one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from casewright.domain.action import Effect
from casewright.domain.case import Language
from casewright.domain.conversation import Slots
from casewright.domain.errors import NotFound, NotPermitted
from casewright.domain.proposal import ProposalState
from casewright.investigation.shop_choice import (
    Act,
    Ask,
    Choice,
    ListOrders,
    Missing,
    NoSuchOrder,
    ShowOrder,
)
from casewright.investigation.shop_request import ShopRequest
from casewright.service.support_calls import TurnTools
from casewright.text.shield import ShieldContext, check
from casewright.tools.answers import AnswerStatus, ToolAnswer
from casewright.writing import shop_replies
from casewright.writing.shop_replies import Words

ORDER_NOT_FOUND = "order_not_found"
PAYMENT_DECLINED = "payment_declined"
_APPROVED = "approve_"
_ESCALATION_REASONS: Mapping[str, str] = {
    "fraud_signal": "fraud_signal",
    "refund_limit_reached": "refund_limit_reached",
    "above_automatic_limit": "above_automatic_limit",
    "payments_unclear": "payments_unclear",
    "delivery_date_unknown": "records_incomplete",
    "promised_date_unknown": "records_incomplete",
    "facts_unknown": "records_incomplete",
}
"""Which reason a person reads where policy leaves a case to one; the first that applies."""
_OTHERWISE = "approval_needed"
_ASKED_FOR = frozenset({"evidence_missing", "reason_missing"})
"""Not told beside a no: what is sent in does not help it."""
_WITHOUT_RETURN = frozenset({"missing_item", "late_delivery"})
"""Reasons for which nothing comes back."""
_MOST_SUMMARY = 480
_MOST_QUERY = 180
_POLICY_WORDS: Mapping[str, str] = {
    "cancel": "cancelled accepted pending",
    "batil": "cancelled accepted pending",
    "বাতিল": "cancelled accepted pending",
    "ক্যান্সে": "cancelled accepted pending",
    "exchang": "exchange variant",
    "এক্সচে": "exchange variant",
    "replac": "replacement again",
    "রিপ্লে": "replacement again",
    "refund": "refunded money amount",
    "রিফান্": "refunded money amount",
    "return": "returned window",
    "ferot": "returned window",
    "ফেরত": "returned window",
    "electronic": "electronics",
    "ইলেকট্র": "electronics",
    "cosmetic": "personal care",
    "কসমেটি": "personal care",
    "food": "perishable",
    "perish": "perishable",
    "খাবার": "perishable",
    "sale": "final sale",
    "shipping": "shipping",
    "deliver": "delivery late",
    "ডেলিভ": "delivery late",
    "photo": "picture evidence",
    "pictur": "picture evidence",
    "ছবি": "picture evidence",
    "person": "person decides",
}
"""What to look for in the policy when a word of the question begins so."""


class ActStatus(StrEnum):
    """What came of a turn; the values are published."""

    DONE = "done"
    PROPOSED = "proposed"
    REFUSED = "refused"
    NEEDS_INFO = "needs_info"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a turn, and the words for it."""

    status: ActStatus
    words: Words
    slots: Slots
    tool: str | None = None
    reasons: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    verdict: str | None = None
    """What the returns policy said of goods that come back: `approve_refund`, `deny`, …"""
    is_escalated: bool = False
    """A person has the case from now on."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Lets words out: through the shield, in the customer's language."""

    language: Language
    channels: frozenset[str] = frozenset()
    desks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The templates of each tool's desk, by tool."""

    def passes(self, words: Words) -> bool:
        """Whether a text may leave."""
        context = ShieldContext(
            words.facts, self.channels, words.language, is_refund_recorded=words.states_refund
        )
        return not check(words.text, context)

    def let_out(self, *candidates: Words) -> Words:
        """The first text that may leave; where none may, the bare one."""
        return next((words for words in candidates if self.passes(words)), shop_replies.bare(self.language))

    def refusal(self, reasons: Sequence[str], clauses: Sequence[str], tool: str | None = None) -> Words:
        """A no with its reasons, in the words of the tool's desk, and its clauses."""
        sentences = self.desks.get(tool or "", {}).get("reasons")
        told = [code for code in reasons if code not in _ASKED_FOR] or list(reasons)
        return self.let_out(
            shop_replies.say_refusal(self.language, told, clauses, sentences),
            shop_replies.say_refusal(self.language, told, clauses),
            shop_replies.say_refusal(self.language, (), ()),
        )

    def plan(self, answer: ToolAnswer, stage: str, *, before: str | None = None) -> Words:
        """What a tool will do or has done, in the words of its desk."""
        desk = self.desks.get(answer.tool)
        if desk is None or (stage != "under_way" and answer.tool not in desk[stage]):
            return shop_replies.bare(self.language)
        proposal = answer.proposal
        effects = proposal.effects if proposal is not None else answer.effects
        after = {"proposed": "confirm", "done": "satisfied"}.get(stage)
        order_id = proposal.order_id if proposal is not None else None
        full = shop_replies.say_plan(
            self.language, desk, answer.tool, stage, effects, order_id=order_id, before=before, after=after
        )
        plain = shop_replies.say_plan(
            self.language, desk, answer.tool, stage, (), order_id=None, before=before, after=after
        )
        return self.let_out(full, plain)


def take_step(choice: Choice, request: ShopRequest, tools: TurnTools, speaker: Speaker) -> Outcome:
    """Do what was chosen."""
    step, slots = choice.step, choice.slots
    if isinstance(step, Ask):
        words = shop_replies.ask(
            step.what.value, speaker.language, order=slots.order_id or "", options=step.options
        )
        plain = shop_replies.ask(step.what.value, speaker.language, order=slots.order_id or "")
        return Outcome(ActStatus.NEEDS_INFO, speaker.let_out(words, plain), slots)
    if isinstance(step, NoSuchOrder):
        refused = replace(slots, refused=(ORDER_NOT_FOUND,))
        words = speaker.refusal((ORDER_NOT_FOUND,), ())
        return Outcome(ActStatus.REFUSED, words, refused, "lookup_order", (ORDER_NOT_FOUND,))
    if isinstance(step, ShowOrder):
        tools.call("lookup_order", {"order_id": step.order.order_id})
        words = shop_replies.say_status(speaker.language, step.order.order_id, step.order.status.value)
        return Outcome(ActStatus.DONE, speaker.let_out(words), replace(slots, intent=None), "lookup_order")
    if isinstance(step, ListOrders):
        return _list_orders(slots, tools, speaker)
    return _act(step, slots, request, tools, speaker)


def _list_orders(slots: Slots, tools: TurnTools, speaker: Speaker) -> Outcome:
    answer = tools.call("list_orders", {"limit": shop_replies.MOST_ORDERS})
    orders = [(str(each["order_id"]), str(each["status"])) for each in answer.result.get("orders", [])]
    words = shop_replies.say_orders(speaker.language, orders)
    return Outcome(ActStatus.DONE, speaker.let_out(words), replace(slots, intent=None), "list_orders")


def _act(step: Act, slots: Slots, request: ShopRequest, tools: TurnTools, speaker: Speaker) -> Outcome:
    verdict: str | None = None
    tool = step.tool
    if tool in {"issue_refund", "create_return"}:
        checked = tools.call("check_eligibility", step.arguments)
        verdict = str(checked.result.get("outcome") or "refuse")
        reasons = tuple(map(str, checked.result.get("reasons", ()))) or checked.reason_codes
        if verdict.startswith(_APPROVED):
            tool = "issue_refund" if verdict == "approve_refund" else "create_return"
            tools.call("compute_refund", step.arguments)
        elif verdict == "escalate":
            tool = "issue_refund" if step.arguments.get("reason") in _WITHOUT_RETURN else "create_return"
        else:
            told = ToolAnswer(tool, _status_of(verdict), reasons, clauses=checked.clauses)
            return _answer(told, slots, request, tools, speaker, verdict)
    return _answer(tools.call(tool, step.arguments), slots, request, tools, speaker, verdict)


def _status_of(verdict: str) -> AnswerStatus:
    return AnswerStatus.NEEDS_INFO if verdict == "request_info" else AnswerStatus.REFUSED


def _answer(
    answer: ToolAnswer,
    slots: Slots,
    request: ShopRequest,
    tools: TurnTools,
    speaker: Speaker,
    verdict: str | None,
) -> Outcome:
    """What a tool's answer means for the conversation."""
    proposal = answer.proposal
    if answer.status is AnswerStatus.PROPOSED and proposal is not None:
        if proposal.state is ProposalState.AWAITING_APPROVAL:
            return _hand_over(answer, slots, request, tools, speaker, verdict)
        kept = replace(slots, proposal_id=proposal.proposal_id, asked="confirm", refused=())
        return Outcome(
            ActStatus.PROPOSED,
            speaker.plan(answer, "proposed"),
            kept,
            answer.tool,
            answer.reason_codes,
            answer.clauses,
            answer.effects,
            verdict,
        )
    if answer.status is AnswerStatus.ESCALATED:
        return _hand_over(answer, slots, request, tools, speaker, verdict)
    if answer.status is AnswerStatus.NEEDS_INFO:
        what = Missing.REASON.value if "reason_missing" in answer.reason_codes else "evidence"
        words = speaker.let_out(shop_replies.ask(what, speaker.language))
        return Outcome(
            ActStatus.NEEDS_INFO,
            words,
            replace(slots, asked=what),
            answer.tool,
            answer.reason_codes,
            answer.clauses,
            verdict=verdict,
        )
    return finish(answer, slots, speaker, verdict)


def finish(answer: ToolAnswer, slots: Slots, speaker: Speaker, verdict: str | None = None) -> Outcome:
    """What came of something that was carried out, or was refused."""
    ended = replace(slots, proposal_id=None, asked=None)
    if answer.status is AnswerStatus.DONE:
        done = replace(ended, intent=None, asked="satisfied", refused=())
        return Outcome(
            ActStatus.DONE,
            speaker.plan(answer, "done"),
            done,
            answer.tool,
            answer.reason_codes,
            answer.clauses,
            answer.effects,
            verdict,
        )
    if answer.status is AnswerStatus.UNDER_WAY:
        words = speaker.plan(answer, "under_way")
        return Outcome(
            ActStatus.DONE, words, replace(ended, intent=None), answer.tool, ("under_way",), answer.clauses
        )
    refused = replace(ended, refused=answer.reason_codes)
    if answer.status is AnswerStatus.FAILED:  # no rule stood in the way: the codes are another service's
        words = speaker.refusal((PAYMENT_DECLINED,), (), answer.tool)
    else:
        words = speaker.refusal(answer.reason_codes, answer.clauses, answer.tool)
    return Outcome(
        ActStatus.REFUSED,
        words,
        refused,
        answer.tool,
        answer.reason_codes,
        answer.clauses,
        verdict=verdict,
    )


def confirm(slots: Slots, tools: TurnTools, speaker: Speaker) -> Outcome:
    """Carry out what waits for a yes. What went stale is shown again and waits again."""
    if slots.proposal_id is None:
        words = speaker.let_out(shop_replies.say("nothing_waits", speaker.language))
        return Outcome(ActStatus.NEEDS_INFO, words, replace(slots, asked=None))
    try:
        answer = tools.commit(slots.proposal_id)
    except (NotFound, NotPermitted) as error:
        words = speaker.refusal((error.code,), ())
        ended = replace(slots, proposal_id=None, asked=None)
        return Outcome(ActStatus.REFUSED, words, ended, reasons=(error.code,))
    renewed = answer.proposal
    if answer.confirmation is not None and renewed is not None and renewed.state is ProposalState.OPEN:
        words = speaker.plan(answer, "proposed", before="renewed")
        kept = replace(slots, proposal_id=renewed.proposal_id, asked="confirm")
        return Outcome(
            ActStatus.PROPOSED,
            words,
            kept,
            answer.tool,
            answer.reason_codes,
            renewed.clauses,
            renewed.effects,
        )
    return finish(answer, slots, speaker)


def escalate(
    reason: str,
    slots: Slots,
    said: str,
    tools: TurnTools,
    speaker: Speaker,
    *,
    tool: str = "create_escalation",
) -> Outcome:
    """Hand the case to a person, with what was said (redacted already) and what was understood."""
    summary = summarise(slots, said)
    arguments: dict[str, Any] = {"reason": reason, "summary": summary}
    if slots.order_id is not None:
        arguments["order_id"] = slots.order_id
    try:
        answer = tools.call("create_escalation", arguments)
    except NotPermitted as error:
        words = speaker.refusal((error.code,), ())
        return Outcome(ActStatus.REFUSED, words, slots, "create_escalation", (error.code,))
    words = speaker.let_out(
        shop_replies.say("escalated", speaker.language, case=tools.case_name),
        shop_replies.say("taken_over", speaker.language),
    )
    is_done = answer.status is AnswerStatus.DONE
    return Outcome(
        ActStatus.ESCALATED if is_done else ActStatus.REFUSED,
        words if is_done else speaker.refusal(answer.reason_codes, answer.clauses),
        replace(slots, proposal_id=None, asked=None),
        tool,
        (reason,) if is_done else answer.reason_codes,
        answer.clauses,
        answer.effects,
        is_escalated=is_done,
    )


def _hand_over(
    answer: ToolAnswer,
    slots: Slots,
    request: ShopRequest,
    tools: TurnTools,
    speaker: Speaker,
    verdict: str | None,
) -> Outcome:
    """Policy leaves it to a person: the queue gets the case, and the proposal (if any) waits for approval."""
    codes = answer.proposal.reasons if answer.proposal is not None else answer.reason_codes
    codes = codes or answer.reason_codes
    reason = next((_ESCALATION_REASONS[code] for code in codes if code in _ESCALATION_REASONS), _OTHERWISE)
    handed = escalate(reason, slots, f"policy asks for a person: {', '.join(codes)}", tools, speaker)
    return replace(
        handed,
        tool=answer.tool,
        reasons=codes or handed.reasons,
        clauses=answer.clauses,
        effects=answer.effects,
        verdict=verdict or "escalate",
    )


def summarise(slots: Slots, said: str) -> str:
    """A line for the person who takes over: what was understood, and what was said (redacted already)."""
    known = [
        f"{name} {value}"
        for name, value in (
            ("wants", slots.intent),
            ("order", slots.order_id),
            ("items", ", ".join(slots.line_ids)),
            ("reason", slots.reason or slots.cancel_reason),
            ("refused before", ", ".join(slots.refused)),
        )
        if value
    ]
    line = "; ".join([*known, f"said: {said}"] if said else known) or "nothing was understood"
    printable = "".join(mark if mark.isprintable() else " " for mark in line)
    return " ".join(printable.split())[:_MOST_SUMMARY]


def answer_policy(request: ShopRequest, slots: Slots, tools: TurnTools, speaker: Speaker) -> Outcome:
    """The clauses on what was asked, found by what the message is about."""
    found = tools.call("search_knowledge", {"words": _policy_words(request), "limit": 3})
    passages = found.result.get("passages", [])
    ids = [str(passage["id"]) for passage in passages]
    key = "text" if speaker.language is Language.EN else f"text_{speaker.language.value}"
    texts = [str(passage.get(key, "")) for passage in passages]
    full, by_number = shop_replies.say_policy(speaker.language, ids, texts)
    return Outcome(
        ActStatus.DONE,
        speaker.let_out(full, by_number),
        replace(slots, asked=None),
        "search_knowledge",
        clauses=tuple(ids),
    )


def _policy_words(request: ShopRequest) -> str:
    """What to look for in the policy: words of ours, for those of the question that we know."""
    found = [
        words for name, words in _POLICY_WORDS.items() if any(word.startswith(name) for word in request.words)
    ]
    return " ".join(dict.fromkeys(" ".join(found or [_POLICY_WORDS["return"]]).split()))[:_MOST_QUERY]
