"""Committing: from a confirmed proposal to an action, and the approvals that some wait for.

Everything is checked again before anything moves: who confirms and in which session, whether it was used,
whether records and policy still come to what was shown. What went stale gets a new proposal in its place.
Taking a proposal and carrying it out are two steps; a process that dies between them loses nothing, because
the journal does each key once, whoever asks.
"""

from dataclasses import replace
from datetime import datetime

from casewright.domain.audit import AuditName
from casewright.domain.errors import Conflict, NotFound, NotPermitted
from casewright.domain.principal import Principal, Role, Scope
from casewright.domain.proposal import Approval, Proposal, ProposalState
from casewright.ports.journal import ActionRequest, ActionResult, KeyOutcome
from casewright.runner import Journal
from casewright.text.redaction import redact
from casewright.tools.answers import ToolAnswer, ToolTrace
from casewright.tools.case_keeping import keep_case
from casewright.tools.confirmations import is_confirmed
from casewright.tools.documents import build_stored_answer
from casewright.tools.equipment import Equipment
from casewright.tools.outcomes import in_progress, read_result, refuse, reused_key, show_done, show_proposal
from casewright.tools.planning import Planner
from casewright.tools.proposing import Asked, Planned, build_proposal, is_same, may_approve

REQUIRED, STALE, CONSUMED = "confirmation_required", "confirmation_stale", "confirmation_consumed"
APPROVAL_REQUIRED, APPROVAL_REJECTED = "approval_required", "approval_rejected"
NOT_CONFIRMABLE = frozenset({REQUIRED, STALE, CONSUMED, APPROVAL_REQUIRED, APPROVAL_REJECTED})
"""Reasons for which a proposal is not carried out as it was confirmed, whatever policy says of the action."""


class ProposalDesk:
    """Shows, approves and commits proposals. Safe to share between threads."""

    def __init__(self, equipment: Equipment) -> None:
        self._with = equipment
        self._planner = Planner(equipment)

    def show(self, principal: Principal, proposal_id: str) -> ToolAnswer:
        """A proposal, with a confirmation for this session where it may give one. Raises NotFound."""
        return show_proposal(self._find(principal, proposal_id), principal)

    def commit(self, principal: Principal, proposal_id: str, confirmation: str | None) -> ToolAnswer:
        """Carry it out, once. Raises NotFound, NotPermitted, Conflict (`in_progress`), Unavailable."""
        steps, at = Journal(self._with.timer), self._with.now()
        proposal = self._find(principal, proposal_id)
        if not principal.may(Scope.CONFIRM):
            raise NotPermitted("This key may propose, and not confirm; the customer or an operator confirms.")
        if confirmation is None or not is_confirmed(proposal, principal.session_id, confirmation):
            answer = replace(refuse(proposal.tool, REQUIRED), proposal=proposal)
        else:
            answer = self._commit_confirmed(principal, proposal, at)
        steps.done("commit")
        self._with.record_trace(
            ToolTrace(
                proposal.tool,
                proposal.tenant,
                principal.subject_id,
                {"proposal_id": proposal.proposal_id},
                answer.status.value,
                answer.reason_codes,
                at,
                steps.timings_us,
                note="commit",
            )
        )
        return answer

    def _find(self, principal: Principal, proposal_id: str) -> Proposal:
        proposal = self._with.proposals.find(principal.tenant, proposal_id)
        if proposal is None or not _may_see(principal, proposal):
            raise NotFound("There is no such proposal.", code="proposal_not_found")
        return proposal

    def _commit_confirmed(self, principal: Principal, proposal: Proposal, at: datetime) -> ToolAnswer:
        approval = proposal.approval
        if approval is not None and approval.approver_id == principal.subject_id:
            raise NotPermitted("Who approved a proposal may not confirm it too.", code="approver_confirms")
        if proposal.state is ProposalState.AWAITING_APPROVAL:
            return replace(refuse(proposal.tool, APPROVAL_REQUIRED), proposal=proposal)
        if proposal.state is ProposalState.REJECTED:
            return replace(refuse(proposal.tool, APPROVAL_REJECTED), proposal=proposal)
        if proposal.state is ProposalState.REPLACED:
            return self._show_replacement(principal, proposal)
        ended = self._find_ending(proposal)
        if ended is not None:
            return ended
        planned, refusal = self._planner.plan_again(proposal, principal, at)
        is_expired = proposal.state is ProposalState.OPEN and at >= proposal.expires_at
        if refusal is not None or is_expired or not is_same(proposal, planned):
            # Another call may have carried it out meanwhile; then the records moved on by its own doing.
            return self._find_ending(proposal) or self._renew(principal, proposal, planned, refusal, at)
        self._with.proposals.consume(proposal.tenant, proposal.proposal_id, confirmed_by=principal.subject_id)
        return self._carry_out(principal, proposal, planned, at)

    def _find_ending(self, proposal: Proposal) -> ToolAnswer | None:
        """The answer for a proposal that was carried out already; None where the journal knows nothing."""
        done = self._with.journal.find(proposal.tenant, proposal.subject_id, proposal.key)
        return None if done is None else _say_consumed(proposal, done)

    def _carry_out(
        self, principal: Principal, proposal: Proposal, planned: Planned, at: datetime
    ) -> ToolAnswer:
        done = self._with.journal.execute(
            ActionRequest(
                tenant=proposal.tenant,
                case_id=proposal.case_id,
                tool=proposal.tool,
                key=proposal.key,
                subject_id=proposal.subject_id,
                arguments=proposal.arguments,
                plan=planned.plan,
                confirmed_by=principal.subject_id,
                approved_by=proposal.approval.approver_id if proposal.approval else None,
            )
        )
        if done.key_outcome is KeyOutcome.REPLAYED:
            return _say_consumed(proposal, done)
        if done.key_outcome is KeyOutcome.STALE:
            planned, refusal = self._planner.plan_again(proposal, principal, at)
            return self._renew(principal, proposal, planned, refusal, at)
        taken = replace(proposal, state=ProposalState.CONSUMED, confirmed_by=principal.subject_id)
        if done.key_outcome is KeyOutcome.ALREADY_DONE:
            answer = replace(read_result(proposal.tool, done), clauses=proposal.clauses)
            self._with.proposals.settle(
                proposal.tenant, proposal.subject_id, proposal.key, build_stored_answer(answer)
            )
            return replace(answer, proposal=taken)
        answer = show_done(taken, done)
        keep_case(
            self._with.cases(proposal.tenant),
            answer,
            planned.plan,
            case_id=proposal.case_id,
            customer_id=proposal.customer_id,
            at=at,
        )
        return answer

    def _renew(
        self,
        principal: Principal,
        old: Proposal,
        planned: Planned,
        refusal: ToolAnswer | None,
        at: datetime,
    ) -> ToolAnswer:
        """The records or the policy moved on: say so, with the new proposal if there can be one."""
        if refusal is not None:
            return replace(refusal, reason_codes=(STALE, *refusal.reason_codes))
        new = build_proposal(
            Asked(old.tenant, old.key, old.subject_id, old.customer_id),
            planned,
            proposal_id=self._with.new_id("prp"),
            nonce=self._with.new_secret(),
            at=at,
            lifetimes=self._with.lifetimes,
        )
        if self._with.proposals.replace(old, new):
            return _say_stale(principal, new)
        current = self._with.proposals.find(old.tenant, old.proposal_id)
        if current is None or current.state is not ProposalState.REPLACED:
            raise in_progress()
        return self._show_replacement(principal, current)

    def _show_replacement(self, principal: Principal, proposal: Proposal) -> ToolAnswer:
        newest = proposal
        while newest.replaced_by is not None:
            newer = self._with.proposals.find(newest.tenant, newest.replaced_by)
            if newer is None:
                break
            newest = newer
        return _say_stale(principal, newest)

    def awaiting(self, principal: Principal) -> tuple[Proposal, ...]:
        """What awaits an approval that this person's band covers, oldest first. Raises NotPermitted."""
        _require_approver(principal)
        needed = frozenset(role for role in Role if may_approve(principal.role, role))
        return self._with.proposals.awaiting(principal.tenant, at=self._with.now(), needed=needed)

    def decide(self, principal: Principal, proposal_id: str, *, grants: bool, note: str = "") -> Proposal:
        """Approve or reject. Raises NotFound, NotPermitted (the requester, too low a band), Conflict."""
        _require_approver(principal)
        proposal = self._find(principal, proposal_id)
        approval = proposal.approval
        if approval is None:
            raise Conflict("This proposal needs no approval.", code="no_approval_needed")
        if principal.subject_id == proposal.subject_id:
            raise NotPermitted("Somebody else than who asked must approve.", code="approver_is_requester")
        if not may_approve(principal.role, approval.needed):
            raise NotPermitted(
                f"This amount needs the approval of a {approval.needed.value}.", code="band_too_low"
            )
        at = self._with.now()
        if proposal.state is ProposalState.AWAITING_APPROVAL and at >= proposal.expires_at:
            raise Conflict("The proposal has expired; it must be asked for anew.", code="proposal_expired")
        decided = Approval(approval.needed, principal.subject_id, grants, at, redact(note).text)
        expires_at = at + self._with.lifetimes.after_approval
        if not self._with.proposals.decide(
            proposal.tenant, proposal.proposal_id, decided, expires_at=expires_at
        ):
            raise Conflict("Somebody has decided on this proposal already.", code="already_decided")
        self._with.record(
            proposal.tenant,
            proposal.case_id,
            AuditName.APPROVAL_GRANTED if grants else AuditName.APPROVAL_REJECTED,
            {
                "proposal_id": proposal.proposal_id,
                "tool": proposal.tool,
                "digest": proposal.digest,
                "amount_minor": proposal.amount_minor,
                "approver_id": principal.subject_id,
                "needed": approval.needed.value,
            },
            at,
        )
        return self._find(principal, proposal_id)


def _may_see(principal: Principal, proposal: Proposal) -> bool:
    """Who asked, the customer it concerns, and staff of the shop."""
    if principal.role is Role.CUSTOMER or principal.customer_id is not None:
        return principal.customer_id is not None and principal.customer_id == proposal.customer_id
    return principal.is_staff


def _require_approver(principal: Principal) -> None:
    if principal.is_key or not principal.is_staff or not principal.may(Scope.APPROVE):
        raise NotPermitted("Approvals are for signed-in staff whose role may approve.")


def _say_consumed(proposal: Proposal, done: ActionResult) -> ToolAnswer:
    """The confirmation was used before: the action as it stands, and that it was not done again."""
    if done.key_outcome is KeyOutcome.REUSED:
        raise reused_key()
    if not done.state.is_final:
        raise in_progress()
    answer = read_result(proposal.tool, replace(done, key_outcome=KeyOutcome.REPLAYED))
    return replace(
        refuse(proposal.tool, CONSUMED), result=answer.result, action_id=done.action_id, proposal=proposal
    )


def _say_stale(principal: Principal, newest: Proposal) -> ToolAnswer:
    shown = show_proposal(newest, principal)
    return replace(refuse(newest.tool, STALE), proposal=newest, confirmation=shown.confirmation)
