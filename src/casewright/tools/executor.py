"""The executor: the one way to call a tool, for HTTP, Python and whatever comes.

    allow-list → role and scope → arguments → records, bounded to whom it is for → policy
    read: the answer      two-step write: a proposal      direct write: the journal carries it out

Who asks is an argument of its own, never among the tool's. A business no is an answer, kept under its
idempotency key like any other. Every call leaves a trace. Nothing is moved here: the journal does that.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from casewright.domain.errors import CasewrightError
from casewright.domain.principal import Principal
from casewright.domain.proposal import KeyedCall
from casewright.ports.journal import ActionRequest
from casewright.runner import Journal
from casewright.tools.admission import Request, authorise, build_fingerprint, check_key, show_arguments
from casewright.tools.answers import AnswerStatus, ToolAnswer, ToolTrace
from casewright.tools.arguments import Arguments, digest_of, parse_arguments, replace_personal, to_document
from casewright.tools.case_keeping import keep_case
from casewright.tools.documents import build_stored_answer, read_stored_answer
from casewright.tools.equipment import Equipment
from casewright.tools.outcomes import (
    in_progress,
    read_result,
    refuse,
    reused_key,
    show_done,
    show_proposal,
)
from casewright.tools.planning import NO_APPROVAL_RULE, Planner
from casewright.tools.proposing import Asked, Planned, build_proposal
from casewright.tools.spec import ToolCall, ToolEffect, ToolSpec

CALL_LIMIT_REACHED = "call_limit_reached"


class ToolExecutor:
    """Calls tools. Safe to share between threads."""

    def __init__(self, equipment: Equipment) -> None:
        self._with = equipment
        self._planner = Planner(equipment)

    def call(
        self,
        principal: Principal,
        name: str,
        arguments: object,
        *,
        key: str | None = None,
        case_id: str | None = None,
        desk: str | None = None,
    ) -> ToolAnswer:
        """Call a tool for somebody. `key` is the idempotency key that every write needs; `case_id` the ledger
        chain, and `desk` the desk, of the conversation that this is part of, if any.

        Raises NotFound, NotPermitted, InvalidArguments, MalformedRequest (`idempotency_key_missing`),
        MeaninglessRequest (`idempotency_key_reused`), Conflict (`in_progress`), Unavailable.
        """
        steps = Journal(self._with.timer)
        at = self._with.now()
        shown: Mapping[str, Any] = {}
        try:
            tool = self._with.catalogue.find(name, desk=desk)
            authorise(principal, tool)
            parsed = parse_arguments(name, tool.arguments, arguments)
            shown = show_arguments(parsed)
            if tool.effect is ToolEffect.READ:
                answer = self._read(principal, tool, parsed, case_id, at)
            else:
                answer = self._write(self._admit(principal, tool, parsed, key, case_id), at, steps)
        except CasewrightError as error:
            steps.done("call")
            self._trace(principal, name, shown, error.code, (error.code,), at, steps)
            raise
        steps.done("call")
        self._trace(principal, name, shown, answer.status.value, answer.reason_codes, at, steps)
        return answer

    def _admit(
        self, principal: Principal, tool: ToolSpec, parsed: Arguments, key: str | None, case_id: str | None
    ) -> Request:
        checked = check_key(key)
        indexed = replace_personal(parsed, self._with.vault(principal.tenant).index)
        fingerprint = build_fingerprint(principal, tool, indexed)
        return Request(principal, tool, parsed, checked, case_id, fingerprint)

    def _read(
        self, principal: Principal, tool: ToolSpec, parsed: Arguments, case_id: str | None, at: datetime
    ) -> ToolAnswer:
        assert tool.read is not None  # noqa: S101 - a ToolSpec of a read has it
        document = to_document(parsed)
        call = ToolCall(
            document, principal.customer_id, principal.is_staff, case_id or "", digest_of(document)
        )
        rules = self._with.rules(tool.desk, principal.tenant, at)
        reading = self._planner.reading(principal, principal.customer_id)
        found = tool.read(call, reading, rules, at)
        status = AnswerStatus.REFUSED if found.reason_codes else AnswerStatus.DONE
        return ToolAnswer(tool.name, status, found.reason_codes, clauses=found.clauses, result=found.result)

    def _write(self, request: Request, at: datetime, steps: Journal) -> ToolAnswer:
        principal = request.principal
        stored = self._with.proposals.find_call(principal.tenant, principal.subject_id, request.key)
        if stored is not None:
            return self._replay(request, stored)
        if self._is_over_limit(request, at):
            return refuse(request.tool.name, CALL_LIMIT_REACHED)
        steps.done("admit")
        if request.tool.keep is not None:
            return self._keep(request, at)
        planned, refusal = self._planner.plan(request, at, steps)
        call = KeyedCall(
            principal.tenant,
            principal.subject_id,
            request.key,
            request.tool.name,
            request.fingerprint,
            at,
            answer=build_stored_answer(refusal) if refusal else None,
            customer_id=principal.customer_id,
        )
        if refusal is None and request.tool.is_two_step:
            answer = self._propose(request, planned, call)
        else:
            kept = self._with.proposals.record_call(call)
            if kept != call:
                return self._replay(request, kept)
            answer = refusal or self._carry_out(request, planned)
        keep_case(
            self._with.cases(principal.tenant),
            answer,
            planned.plan,
            case_id=planned.case_id,
            customer_id=principal.customer_id,
            at=at,
        )
        return answer

    def _keep(self, request: Request, at: datetime) -> ToolAnswer:
        """Let the tool keep what it was handed, and the answer under the key; twice is the same as once."""
        principal, tool = request.principal, request.tool
        if tool.approval is None:
            return refuse(tool.name, NO_APPROVAL_RULE)
        assert tool.keep is not None  # noqa: S101 - the caller has looked
        document = to_document(request.arguments)
        call = ToolCall(
            document, principal.customer_id, principal.is_staff, request.case_id or "", request.fingerprint
        )
        rules = self._with.rules(tool.desk, principal.tenant, at)
        reading = self._planner.reading(principal, principal.customer_id)
        kept = tool.keep(call, reading, rules, at)
        status = AnswerStatus.REFUSED if kept.reason_codes else AnswerStatus.DONE
        answer = ToolAnswer(tool.name, status, kept.reason_codes, clauses=kept.clauses, result=kept.result)
        called = KeyedCall(
            principal.tenant,
            principal.subject_id,
            request.key,
            tool.name,
            request.fingerprint,
            at,
            answer=build_stored_answer(answer),
            customer_id=principal.customer_id,
        )
        stored = self._with.proposals.record_call(called)
        return answer if stored == called else self._replay(request, stored)

    def _is_over_limit(self, request: Request, at: datetime) -> bool:
        limit, principal = request.tool.limit, request.principal
        since = at - timedelta(seconds=limit.window_s)
        tenant, tool, proposals = principal.tenant, request.tool.name, self._with.proposals
        if proposals.count_calls(tenant, principal.subject_id, tool, since) >= limit.calls:
            return True
        if not principal.is_staff or principal.customer_id is None:
            return False
        return proposals.count_customer_calls(tenant, principal.customer_id, tool, since) >= limit.calls

    def _propose(self, request: Request, planned: Planned, call: KeyedCall) -> ToolAnswer:
        principal = request.principal
        proposal = build_proposal(
            Asked(principal.tenant, request.key, principal.subject_id, principal.customer_id),
            planned,
            proposal_id=self._with.new_id("prp"),
            nonce=self._with.new_secret(),
            at=call.called_at,
            lifetimes=self._with.lifetimes,
        )
        kept = self._with.proposals.record_call(replace(call, proposal_id=proposal.proposal_id), proposal)
        if kept.proposal_id != proposal.proposal_id:
            return self._replay(request, kept)
        return show_proposal(proposal, principal)

    def _carry_out(self, request: Request, planned: Planned) -> ToolAnswer:
        principal = request.principal
        done = self._with.journal.execute(
            ActionRequest(
                tenant=principal.tenant,
                case_id=planned.case_id,
                tool=request.tool.name,
                key=request.key,
                subject_id=principal.subject_id,
                arguments=planned.arguments,
                plan=planned.plan,
                confirmed_by=principal.subject_id,
            )
        )
        return replace(read_result(request.tool.name, done, planned.plan), clauses=planned.clauses)

    def _replay(self, request: Request, stored: KeyedCall) -> ToolAnswer:
        """What stands under the key; a call that was cut short before the journal had it goes on."""
        principal = request.principal
        if stored.fingerprint != request.fingerprint or stored.tool != request.tool.name:
            raise reused_key()
        if stored.answer is not None:
            return read_stored_answer(stored.answer)
        done = self._with.journal.find(principal.tenant, principal.subject_id, request.key)
        if stored.proposal_id is None:
            if done is not None:
                return replace(read_result(request.tool.name, done), is_replayed=True)
            planned, refusal = self._planner.plan(request, stored.called_at, Journal(self._with.timer))
            return refusal or self._carry_out(request, planned)
        proposal = self._with.proposals.find(principal.tenant, stored.proposal_id)
        if proposal is None:
            raise in_progress()
        if done is not None:
            return replace(show_done(proposal, done), is_replayed=True)
        return replace(show_proposal(proposal, principal), is_replayed=True)

    def _trace(
        self,
        principal: Principal,
        name: str,
        shown: Mapping[str, Any],
        outcome: str,
        reasons: tuple[str, ...],
        at: datetime,
        steps: Journal,
    ) -> None:
        known = name if any(tool.name == name for tool in self._with.catalogue) else "(unknown)"
        self._with.record_trace(
            ToolTrace(
                known, principal.tenant, principal.subject_id, shown, outcome, reasons, at, steps.timings_us
            )
        )
