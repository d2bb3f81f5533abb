"""Outcomes: what a plan or a journal's result means for the caller. Pure."""

from dataclasses import replace

from casewright.domain.action import ActionState, Plan
from casewright.domain.errors import Conflict, MeaninglessRequest
from casewright.domain.principal import Principal, Scope
from casewright.domain.proposal import Proposal, ProposalState
from casewright.ports.journal import ActionResult, KeyOutcome
from casewright.tools.answers import AnswerStatus, ToolAnswer
from casewright.tools.confirmations import confirmation_of
from casewright.tools.documents import read_effect
from casewright.tools.proposing import Planned

ESCALATE = "escalate"
UNTOLD = frozenset({"fraud_signal"})
"""Reasons for people of the shop alone."""
DECLINED = "declined"
"""How the journal's stored answer marks a part that the outside service refused."""
_STATUS_BY_OUTCOME = {"request_info": AnswerStatus.NEEDS_INFO, ESCALATE: AnswerStatus.ESCALATED}
_STATUS_BY_STATE = {
    ActionState.DONE: AnswerStatus.DONE,
    ActionState.REFUSED: AnswerStatus.REFUSED,
    ActionState.FAILED: AnswerStatus.FAILED,
}


def refuse(tool: str, *reasons: str) -> ToolAnswer:
    """A no with these reason codes."""
    return ToolAnswer(tool, AnswerStatus.REFUSED, reasons)


def read_refusal(planned: Planned, *, is_for_staff: bool = False) -> ToolAnswer | None:
    """What policy has against the plan, and the clauses of that; None where it allows it.

    A customer is not told what makes a person look twice, unless nothing else is left to say.
    """
    plan = planned.plan
    if plan.is_allowed:
        return None
    told = plan.reasons if is_for_staff else tuple(code for code in plan.reasons if code not in UNTOLD)
    told = told or plan.reasons
    rows = [row for row in plan.decision.fired if row.reason in told and row.clause]
    clauses = tuple(dict.fromkeys(row.clause for row in rows)) or planned.clauses
    status = _STATUS_BY_OUTCOME.get(plan.outcome, AnswerStatus.REFUSED)
    return ToolAnswer(planned.tool, status, told, clauses=clauses)


def show_proposal(proposal: Proposal, principal: Principal) -> ToolAnswer:
    """The proposal, with its confirmation where this session may give it."""
    may_confirm = proposal.state is ProposalState.OPEN and principal.may(Scope.CONFIRM)
    return ToolAnswer(
        proposal.tool,
        AnswerStatus.PROPOSED,
        proposal.reasons,
        proposal.effects,
        proposal.clauses,
        proposal=proposal,
        confirmation=confirmation_of(proposal, principal.session_id) if may_confirm else None,
    )


def read_result(tool: str, done: ActionResult, plan: Plan | None = None) -> ToolAnswer:
    """What the journal says. Raises as `reused_key` and `in_progress` do."""
    if done.key_outcome is KeyOutcome.REUSED:
        raise reused_key()
    if done.key_outcome in {KeyOutcome.IN_PROGRESS, KeyOutcome.STALE}:
        raise in_progress()
    if done.key_outcome is KeyOutcome.ALREADY_DONE:
        if not done.state.is_final:  # another key's, and it may fail yet
            raise in_progress()
        return refuse(tool, KeyOutcome.ALREADY_DONE.value)
    result = dict(done.result)
    effects = plan.effects if plan else tuple(read_effect(each) for each in result.get("effects", ()))
    return ToolAnswer(
        tool,
        _STATUS_BY_STATE.get(done.state, AnswerStatus.UNDER_WAY),
        _read_reasons(done),
        effects,
        result=result,
        action_id=done.action_id,
        is_replayed=done.key_outcome is KeyOutcome.REPLAYED,
    )


def _read_reasons(done: ActionResult) -> tuple[str, ...]:
    """Why it was not done: policy's reasons of a no; of a failure what the outside service said."""
    if done.state is ActionState.REFUSED:
        return tuple(str(code) for code in done.result.get("reasons", ()))
    if done.state is not ActionState.FAILED:
        return ()
    parts = done.result.get("transfers", ())
    codes = (str(part["code"] or DECLINED) for part in parts if part["state"] == DECLINED)
    return tuple(dict.fromkeys(codes)) or (DECLINED,)


def show_done(proposal: Proposal, done: ActionResult) -> ToolAnswer:
    """What became of a proposal that was carried out; of one that failed, nothing has."""
    answer = read_result(proposal.tool, done)
    effects = () if answer.status is AnswerStatus.FAILED else proposal.effects
    return replace(answer, effects=effects, clauses=proposal.clauses, proposal=proposal)


def reused_key() -> MeaninglessRequest:
    """The error of a key that stands for another request."""
    return MeaninglessRequest(
        "This Idempotency-Key was used with other arguments; take a new key for a new request.",
        code="idempotency_key_reused",
    )


def in_progress() -> Conflict:
    """The error of a call that is being carried out right now."""
    return Conflict("A call with this key is being carried out; ask again in a moment.", code="in_progress")
