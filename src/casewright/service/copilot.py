"""The copilot: a question of the staff in, a decided, reviewed and cited answer out, and kept.

    redact → remember → answer (look up, decide, write, review) → keep turn, case and entries → publish

Staff only; a conversation is its owner's alone. What is remembered between turns are ids and codes. A turn
that another one has overtaken is answered again, by templates, so that two at once are two turns in a row and
no model is asked twice for one of them. Progress is told as it happens; the answer only when it is kept.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from casewright.answering import (
    AnswerJudge,
    AnswerResult,
    AnswerRoad,
    AnswerWriter,
    answer_question,
)
from casewright.desk import Desk, Question
from casewright.domain.copilot import CopilotConversation, CopilotTurn, ListedConversation
from casewright.domain.errors import Conflict, MeaninglessRequest, NotFound, NotPermitted, TooLarge
from casewright.domain.principal import Principal
from casewright.policy.records import Replay
from casewright.policy.ruleset import Ruleset
from casewright.ports.cases import CaseRecords, CaseState, StoredCase
from casewright.ports.copilot import CopilotRecords
from casewright.runner import Clock, Emit, Gather, Submit
from casewright.service.copilot_documents import (
    build_case_document,
    build_ledger_events,
    describe_answer,
    replay_case_document,
)
from casewright.service.copilot_lookups import CopilotLookUps
from casewright.service.copilot_warm_up import warm_up_copilot
from casewright.text.redaction import redact

LONGEST_QUESTION = 2_000
_TRIES = 6
"""For a turn that others overtake."""
_SENTENCE = re.compile(r"\S.*?(?:[.!?।](?=\s)|\n|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CopilotKit:
    """What the copilot works with, handed in once; safe to share between threads."""

    desk: Desk
    rules: Callable[[str, str, datetime], Ruleset]
    """By desk, tenant and moment."""
    look_ups: CopilotLookUps
    records: Callable[[str], CopilotRecords]
    """By tenant."""
    cases: Callable[[str], CaseRecords]
    now: Callable[[], datetime]
    new_id: Callable[[str], str]
    timer: Clock
    gather: Gather
    as_of: date | None = None
    """Date of the policy in force; None: the day of the question."""
    writer: AnswerWriter | None = None
    """None: templates write."""
    judge: AnswerJudge | None = None
    submit: Submit | None = None
    """Where a writer that does not answer is left behind."""
    text_deadline_s: float | None = None
    """For all the model writes of one question; None: what the table of the answer gives."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question, answered and kept."""

    result: AnswerResult
    document: Mapping[str, Any]
    """The published answer."""


class Copilot:
    """Answers questions. Safe to share between threads."""

    def __init__(self, kit: CopilotKit, close: Callable[[], None] = lambda: None) -> None:
        self._with = kit
        self.close = close
        self.cache_numbers = kit.look_ups.numbers
        self.forget_look_ups = kit.look_ups.forget

    def ask(
        self,
        principal: Principal,
        text: str,
        conversation_id: str | None = None,
        *,
        emit: Emit | None = None,
    ) -> Answered:
        """Answer one question, and tell `emit` of steps, sentences and the answer.

        Raises NotPermitted for who is no staff, TooLarge, MeaninglessRequest, NotFound for a conversation
        that is another's or none, Conflict where too many turns of one conversation come at once, and what
        `emit` raises.
        """
        require_staff(principal)
        require_question(text)
        kit = self._with
        question = redact(text).text
        new_id, case_id = kit.new_id("conv"), kit.new_id("case")
        for turn in range(_TRIES):
            conversation = self._open(principal, conversation_id, new_id)
            at = kit.now()
            ruleset = kit.rules(kit.desk.name, principal.tenant, at)
            asked = Question(question, kit.as_of or at.date(), conversation.memory)
            result = answer_question(asked, self._road(principal, ruleset, emit, is_first=turn == 0))
            document = self._keep(principal, conversation, result, case_id, ruleset)
            if document is not None:
                answered = Answered(result, document)
                if emit is not None:
                    tell_answer(answered, emit)
                return answered
        raise Conflict(
            "Other questions of this conversation are being answered; try again.", code="in_progress"
        )

    def warm_up(self, tenant: str) -> None:
        """Load what a first question would have waited for; nothing is looked up, and nothing is kept."""
        kit, at = self._with, self._with.now()
        ruleset = kit.rules(kit.desk.name, tenant, at)
        warm_up_copilot(kit.desk, ruleset, kit.as_of or at.date(), kit.timer)

    def has_clients(self, tenant: str) -> bool:
        """Whether the tenant has any client."""
        return bool(self._with.look_ups.of(tenant).names())

    def conversations(
        self, principal: Principal, *, limit: int = 50, after: tuple[datetime, str] | None = None
    ) -> tuple[ListedConversation, ...]:
        """One's own conversations, those that changed last first; `after` is where the last list ended."""
        require_staff(principal)
        records = self._with.records(principal.tenant)
        return records.owned_by(principal.subject_id, limit=limit, after=after)

    def show(
        self, principal: Principal, conversation_id: str
    ) -> tuple[CopilotConversation, tuple[CopilotTurn, ...]]:
        """One's own conversation with its turns. Raises NotFound."""
        require_staff(principal)
        records = self._with.records(principal.tenant)
        found = records.find(conversation_id, principal.subject_id)
        if found is None:
            raise _no_conversation()
        return found, records.turns(conversation_id)

    def forget(self, principal: Principal, conversation_id: str) -> None:
        """Remove one's own conversation; its cases stay. Raises NotFound."""
        require_staff(principal)
        if not self._with.records(principal.tenant).delete(conversation_id, principal.subject_id):
            raise _no_conversation()

    def replay(self, principal: Principal, case_id: str) -> tuple[Replay, ...]:
        """The decisions of an answer made again. Raises NotFound for a case that is none of this desk."""
        require_staff(principal)
        kit = self._with
        case = kit.cases(principal.tenant).find(case_id)
        if case is None or case.desk != kit.desk.name or case.decision is None:
            raise NotFound("There is no such case.", code="case_not_found")
        day = date.fromisoformat(case.decision["as_of"])
        moment = datetime.combine(day, case.opened_at.timetz())
        return replay_case_document(case.decision, kit.rules(kit.desk.name, principal.tenant, moment))

    def _open(self, principal: Principal, conversation_id: str | None, new_id: str) -> CopilotConversation:
        if conversation_id is None:
            at = self._with.now()
            return CopilotConversation(new_id, principal.subject_id, at, at)
        found = self._with.records(principal.tenant).find(conversation_id, principal.subject_id)
        if found is None:
            raise _no_conversation()
        return found

    def _road(
        self, principal: Principal, ruleset: Ruleset, emit: Emit | None, *, is_first: bool
    ) -> AnswerRoad:
        """The model writes the first time alone: the one deadline of its texts holds for the question."""
        kit = self._with

        def tell_step(kind: str, data: Mapping[str, object]) -> None:
            if emit is not None and kind == "step":  # words are told once they are kept
                emit(kind, data)

        return AnswerRoad(
            desk=kit.desk,
            ruleset=ruleset,
            clock=kit.timer,
            look_ups=kit.look_ups.of(principal.tenant),
            gather=kit.gather,
            writer=kit.writer if is_first else None,
            judge=kit.judge,
            submit=kit.submit,
            text_deadline_s=kit.text_deadline_s,
            emit=tell_step,
        )

    def _keep(
        self,
        principal: Principal,
        conversation: CopilotConversation,
        result: AnswerResult,
        case_id: str,
        ruleset: Ruleset,
    ) -> Mapping[str, Any] | None:
        """The published answer once turn, case and entries are kept; None where another turn came first."""
        kit, at = self._with, self._with.now()
        conversation_id = conversation.conversation_id
        document = describe_answer(result, conversation_id=conversation_id, case_id=case_id)
        case = StoredCase(
            case_id,
            kit.desk.name,
            str(result.kind),
            CaseState.RESOLVED,
            at,
            at,
            decision=build_case_document(result, ruleset),
        )
        after = replace(conversation, changed_at=at, memory=result.memory, turns=conversation.turns + 1)
        turn = CopilotTurn(after.turns, case_id, at, result.question.text, document)
        events = build_ledger_events(
            result, case_id, by=principal.subject_id, conversation_id=conversation_id
        )
        kept = kit.records(principal.tenant).keep(after, turn, case, events)
        return document if kept else None


def tell_answer(answered: Answered, emit: Emit) -> None:
    """The sentences of an answer, and the answer."""
    for sentence in split_sentences(str(answered.document["message"])):
        emit("sentence", {"text": sentence})
    emit("answer", answered.document)


def split_sentences(text: str) -> list[str]:
    """Sentences and lines of a text, in order and whole."""
    return [found.group().strip() for found in _SENTENCE.finditer(text) if found.group().strip()]


def require_question(text: str) -> None:
    """Raises MeaninglessRequest or TooLarge."""
    if not text.strip():
        raise MeaninglessRequest("The question is empty; ask something.", code="empty_question")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise MeaninglessRequest("The question is not UTF-8 text; send it as UTF-8.", code="not_utf8")
    if len(text) > LONGEST_QUESTION:
        raise TooLarge(
            f"The question is longer than {LONGEST_QUESTION} characters.", code="question_too_long"
        )


def require_staff(principal: Principal) -> None:
    """Raises NotPermitted for who is no staff."""
    if not principal.is_staff:
        raise NotPermitted("The copilot is for staff.")


def _no_conversation() -> NotFound:
    return NotFound("There is no such conversation.", code="conversation_not_found")
