"""Conversations: one turn in, one answer out, kept; resumable by id, and one customer's own.

    redact, annotate → read → choose from the customer's own records → tools and their policy → reply → keep

Who asks comes from the session or key. What is kept is redacted, and annotations are kept beside it: they
decide nothing. A turn that was read at an older state than the kept one is read again, so that two at once
are two turns in a row. A case that a person has is that person's until it is closed: nothing is done here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from casewright.domain.conversation import Conversation, ConversationState, Side, Slots, Turn, owner_of
from casewright.domain.errors import Conflict, NotFound
from casewright.domain.principal import Principal, Scope
from casewright.intake.annotation import annotate
from casewright.investigation.claims import read_message
from casewright.investigation.shop_choice import Choice, Shelf, choose_intent, choose_step
from casewright.investigation.shop_request import Intent, ShopRequest, order_key, read_shop_request
from casewright.ports.conversations import Conversations
from casewright.ports.escalations import EscalationQueue
from casewright.ports.shop import ShopRecords
from casewright.service.support_acts import (
    ActStatus,
    Outcome,
    Speaker,
    answer_policy,
    confirm,
    escalate,
    take_step,
)
from casewright.service.support_calls import TracedCall, TurnTools
from casewright.text.known_values import hide_known
from casewright.text.redaction import redact
from casewright.tools.committing import ProposalDesk
from casewright.tools.executor import ToolExecutor
from casewright.writing import shop_replies

MOST_ORDERS = 50
_TRIES = 6
"""For a turn that others overtake. One that has carried something out is kept however long it takes."""
_FAILED_TURNS = 2
"""So many turns in a row that were not understood bring a person in."""
_MOST_SAID = 240


class Reword(Protocol):
    """A reply in other words, or as it was. `said` is the message, redacted; settled: it tells a decision."""

    def __call__(self, words: shop_replies.Words, said: str, *, is_settled: bool) -> shop_replies.Words: ...


@dataclass(frozen=True, slots=True)
class SupportKit:
    """What conversations work with, handed in once; safe to share between threads."""

    executor: ToolExecutor
    proposals: ProposalDesk
    conversations: Callable[[str], Conversations]
    """By tenant."""
    queue: Callable[[str], EscalationQueue]
    """By tenant."""
    shop: Callable[[str], ShopRecords]
    """By tenant."""
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    channels: frozenset[str] = frozenset()
    desks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The templates of each tool's desk, by tool."""
    detects: bool = True
    """Off only to prove that nothing depends on the detectors."""
    known_values: Callable[[str, str], Mapping[str, Sequence[str]]] = lambda _tenant, _customer_id: {}
    """What is known of a customer of a tenant, by kind: it is not kept in what customers write."""
    reword: Reword | None = None
    """Puts a reply into a model's words, through its review; None: templates speak."""


@dataclass(frozen=True, slots=True)
class TurnResult:
    """One turn, answered and kept."""

    conversation: Conversation
    intent: Intent
    outcome: Outcome
    trace: tuple[TracedCall, ...]
    annotations: tuple[str, ...] = ()
    failed_turns: int = 0
    has_committed: bool = False
    """Something was carried out: the answer stands, whatever turn was kept meanwhile."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was read: the redacted text for keeping, the reading for choosing."""

    text: str
    request: ShopRequest
    annotations: tuple[str, ...]
    address: Mapping[str, Any] | None = None
    """What came in the field for a new address; it is kept in the vault, if anywhere."""


class Support:
    """Holds conversations. Safe to share between threads."""

    def __init__(self, kit: SupportKit) -> None:
        self._with = kit

    def act_for(self, principal: Principal, user_id: str | None) -> Principal:
        """The principal, acting for a named customer where its key may do so; otherwise as it came.

        Raises NotFound where such a key names somebody who is no customer.
        """
        if user_id is None or not principal.is_staff or not principal.may(Scope.ON_BEHALF):
            return principal
        if self._with.shop(principal.tenant).customer(user_id) is None:
            raise NotFound("There is no such customer.", code="customer_not_found")
        return replace(principal, customer_id=user_id)

    def take_turn(
        self,
        principal: Principal,
        message: str,
        conversation_id: str | None = None,
        *,
        address: Mapping[str, Any] | None = None,
    ) -> TurnResult:
        """Answer one message, with the new address that came beside it, if one did. Raises NotFound for a
        conversation that is another's or none, Conflict where too many turns of one come at once."""
        read = replace(self.hide_known(principal, self.read(message)), address=address)
        new_id = self._with.new_id()
        result: TurnResult | None = None
        tries = 0
        while tries < _TRIES or (result is not None and result.has_committed):
            tries += 1
            conversation = self._open(principal, conversation_id, new_id)
            if result is None or not result.has_committed:
                result = self._answer(principal, conversation, read)
            else:
                result = self._keep(conversation, result)
            if self._with.conversations(principal.tenant).save(
                result.conversation, self._turns(conversation, read, result)
            ):
                return replace(
                    result, conversation=replace(result.conversation, version=conversation.version + 1)
                )
        raise Conflict(
            "Other messages of this conversation are being answered; try again.", code="in_progress"
        )

    def show(self, principal: Principal, conversation_id: str) -> tuple[Conversation, tuple[Turn, ...]]:
        """A conversation with its turns: one's own, or for staff any of the tenant. Raises NotFound."""
        kept = self._with.conversations(principal.tenant)
        found = kept.find(conversation_id, self._owner(principal, sees_all=principal.is_staff))
        if found is None:
            raise _no_conversation()
        return found, kept.turns(conversation_id)

    def forget(self, principal: Principal, conversation_id: str) -> None:
        """Remove a conversation for good: one's own, or for admins any of the tenant. Raises NotFound."""
        sees_all = principal.may(Scope.ADMIN)
        owner = self._owner(principal, sees_all=sees_all)
        if not self._with.conversations(principal.tenant).delete(conversation_id, owner):
            raise _no_conversation()

    def read(self, message: str) -> Message:
        """A message, redacted, annotated and read."""
        annotations: tuple[str, ...] = ()
        if self._with.detects:
            reading = read_message(message)
            annotations = tuple(kind.value for kind in annotate(reading.normalised, reading.tokens).kinds)
        return Message(redact(message).text, read_shop_request(message), annotations)

    def hide_known(self, principal: Principal, read: Message) -> Message:
        """The message without the name and address of the customer whom it is about, for keeping."""
        records = self._with.shop(principal.tenant)
        customer_id = principal.customer_id or self._customer_of_order(principal, read.request, records)
        if customer_id is None:
            return read
        known = self._with.known_values(principal.tenant, customer_id)
        return replace(read, text=hide_known(read.text, known))

    def shelf(
        self, principal: Principal, request: ShopRequest, intent: Intent, product_id: str | None = None
    ) -> Shelf:
        """The records that a choice is made from: the own ones of whom this is about, and no others."""
        records = self._with.shop(principal.tenant)
        customer_id = principal.customer_id or self._customer_of_order(principal, request, records)
        if customer_id is None:
            return Shelf(None)
        customer = records.customer(customer_id)
        if customer is None:
            return Shelf(None)
        orders = records.orders_of(customer_id, limit=MOST_ORDERS)
        products = {}
        if intent is Intent.EXCHANGE:
            wanted = dict.fromkeys(line.product_id for order in orders for line in order.lines)
            found = (records.product(product_id) for product_id in list(wanted)[:MOST_ORDERS])
            products = {product.product_id: product for product in found if product is not None}
        elif intent is Intent.PLACE_ORDER:
            kept = records.product(product_id) if product_id is not None else None
            products = {} if kept is None else {kept.product_id: kept}
            words = [word for word in request.words if word not in request.meaningless and len(word) > 2]
            for word in words[:8]:
                for product in records.find_products(word, limit=20):
                    products[product.product_id] = product
        return Shelf(customer, orders, products)

    def speaker(self, request: ShopRequest) -> Speaker:
        """Whoever answers this message, in its language."""
        language = shop_replies.reply_language(request.language, is_romanised=request.is_romanised)
        return Speaker(language, self._with.channels, self._with.desks)

    def tools(self, principal: Principal, case_id: str, turn_key: str) -> TurnTools:
        """The tools of one turn."""
        return TurnTools(self._with.executor, self._with.proposals, principal, case_id, turn_key)

    def voice(self, outcome: Outcome, read: Message) -> Outcome:
        """The outcome, said in a model's words where there is one and its words pass; else as it was."""
        if self._with.reword is None:
            return outcome
        is_settled = outcome.status is not ActStatus.NEEDS_INFO
        return replace(outcome, words=self._with.reword(outcome.words, read.text, is_settled=is_settled))

    def _customer_of_order(
        self, principal: Principal, request: ShopRequest, records: ShopRecords
    ) -> str | None:
        """For staff who act for nobody yet: the customer of the order that is named."""
        if not (principal.is_staff and principal.may(Scope.ON_BEHALF)):
            return None
        for written in request.order_ids:
            for order_id in (written, f"#{order_key(written)}", order_key(written)):
                order = records.order(order_id)
                if order is not None:
                    return order.customer_id
        return None

    def _owner(self, principal: Principal, *, sees_all: bool) -> str | None:
        return None if sees_all else owner_of(principal.customer_id, principal.subject_id)

    def _open(self, principal: Principal, conversation_id: str | None, new_id: str) -> Conversation:
        owner = owner_of(principal.customer_id, principal.subject_id)
        if conversation_id is None:
            at = self._with.now()
            return Conversation(new_id, owner, new_id, at, at, principal.customer_id)
        found = self._with.conversations(principal.tenant).find(conversation_id, owner)
        if found is None:
            raise _no_conversation()
        return self._resumed(principal, found)

    def _resumed(self, principal: Principal, conversation: Conversation) -> Conversation:
        """The conversation, back from a person who has closed all that was handed over of it.

        What was wanted is settled by then; of which order it was is still known.
        """
        if conversation.state is not ConversationState.ESCALATED:
            return conversation
        if self._with.queue(principal.tenant).is_with_person(conversation.case_id):
            return conversation
        slots = replace(conversation.slots, intent=None, asked=None, proposal_id=None, refused=())
        return replace(conversation, state=ConversationState.OPEN, slots=slots, failed_turns=0)

    def _answer(self, principal: Principal, conversation: Conversation, read: Message) -> TurnResult:
        request, slots = read.request, conversation.slots
        speaker = self.speaker(request)
        turn_key = f"{conversation.conversation_id}:{conversation.turns + 1}"
        tools = self.tools(principal, conversation.case_id, turn_key)
        intent = choose_intent(request, slots)
        failed = 0
        if conversation.state is ConversationState.ESCALATED:
            words = speaker.let_out(shop_replies.say("taken_over", speaker.language))
            outcome = Outcome(ActStatus.ESCALATED, words, slots, is_escalated=True)
        else:
            outcome, is_failed = self._decide(intent, read, slots, tools, speaker)
            failed = conversation.failed_turns + 1 if is_failed else 0
            if failed >= _FAILED_TURNS:
                outcome = escalate("failed_turns", outcome.slots, read.text[:_MOST_SAID], tools, speaker)
        outcome = self.voice(outcome, read)
        result = TurnResult(
            conversation, intent, outcome, tuple(tools.trace), read.annotations, failed, tools.has_committed
        )
        return self._keep(conversation, result)

    def _keep(self, before: Conversation, result: TurnResult) -> TurnResult:
        """The result with the conversation as it stands after this turn."""
        outcome = result.outcome
        after = replace(
            before,
            changed_at=self._with.now(),
            state=ConversationState.ESCALATED if outcome.is_escalated else before.state,
            slots=outcome.slots,
            failed_turns=result.failed_turns,
            turns=before.turns + 2,
        )
        return replace(result, conversation=after)

    def _decide(
        self, intent: Intent, read: Message, slots: Slots, tools: TurnTools, speaker: Speaker
    ) -> tuple[Outcome, bool]:
        """What comes of a message; and whether it was not understood."""
        request, said = read.request, read.text[:_MOST_SAID]
        reason = person_reason(request)
        if reason is not None:
            return escalate(reason, slots, said, tools, speaker), False
        if request.answer is not None and request.intent is Intent.OTHER:
            answered = self._hear_answer(request.answer, slots, tools, speaker)
            if answered is not None:
                return answered, False
        if intent is Intent.POLICY_QUESTION:
            return answer_policy(request, slots, tools, speaker), False
        if intent is Intent.OTHER and {"greets", "thanks"} & request.signals.keys():
            kind = "closing" if "thanks" in request.signals else "greeting"
            words = speaker.let_out(shop_replies.say(kind, speaker.language))
            return Outcome(
                ActStatus.NEEDS_INFO if kind == "greeting" else ActStatus.DONE, words, slots
            ), False
        shelf = self.shelf(tools.principal, request, intent, slots.product_id)
        choice: Choice = choose_step(request, slots, replace(shelf, address=read.address))
        outcome = take_step(choice, request, tools, speaker)
        is_stuck = outcome.status is ActStatus.NEEDS_INFO and outcome.slots.asked != "confirm"
        return outcome, is_stuck and not choice.has_learnt

    def _hear_answer(self, is_yes: bool, slots: Slots, tools: TurnTools, speaker: Speaker) -> Outcome | None:
        """A brief yes or no to what was asked; None where nothing was."""
        if slots.asked == "confirm":
            if is_yes:
                return confirm(slots, tools, speaker)
            words = speaker.let_out(shop_replies.say("declined", speaker.language))
            return Outcome(ActStatus.DONE, words, replace(slots, intent=None, proposal_id=None, asked=None))
        if slots.asked == "satisfied":
            kind = "closing" if is_yes else "not_satisfied"
            words = speaker.let_out(shop_replies.say(kind, speaker.language))
            status = ActStatus.DONE if is_yes else ActStatus.NEEDS_INFO
            return Outcome(status, words, replace(slots, asked=None))
        return confirm(slots, tools, speaker) if is_yes and slots.asked is None else None

    def _turns(self, before: Conversation, read: Message, result: TurnResult) -> tuple[Turn, Turn]:
        outcome, number, at = result.outcome, before.turns + 1, result.conversation.changed_at
        detail: dict[str, Any] = {
            "intent": result.intent.published.value,
            "status": outcome.status.value,
            "tool": outcome.tool,
            "reason_codes": list(outcome.reasons),
            "clauses": list(outcome.clauses),
        }
        if outcome.words.tries:
            detail["source"] = outcome.words.source
            detail["tries"] = [
                {"source": each.source, "findings": [f"{one.code}:{one.detail}" for one in each.findings]}
                for each in outcome.words.tries
            ]
        return (
            Turn(number, Side.CUSTOMER, at, read.text, {"annotations": list(read.annotations)}),
            Turn(number + 1, Side.DESK, at, outcome.words.text, detail),
        )


def person_reason(request: ShopRequest) -> str | None:
    """Why a person is called at once, whatever else is wanted; None where no person is."""
    for signal, reason in (
        ("self_harm", "self_harm"),
        ("person", "person_requested"),
        ("legal_threat", "legal_threat"),
        ("angry", "anger"),
    ):
        if signal in request.signals:
            return reason
    return None


def _no_conversation() -> NotFound:
    return NotFound("There is no such conversation.", code="conversation_not_found")
