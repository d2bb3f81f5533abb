"""The tool calls of one turn of a conversation: made through the executor, keyed, and written down.

Invariant: a write's key follows from the turn and from what is asked, so that the same turn asked twice does
one thing. The trace names tools, codes, ids and amounts; nothing personal and nothing that a customer wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from casewright.domain.errors import CasewrightError
from casewright.domain.principal import Principal
from casewright.text.redaction import redact_value
from casewright.tools.answers import AnswerStatus, ToolAnswer
from casewright.tools.arguments import digest_of
from casewright.tools.committing import ProposalDesk
from casewright.tools.executor import ToolExecutor

_SHOWN = frozenset(
    {"outcome", "amount_minor", "item_minor", "shipping_minor", "currency", "evidence_id", "order_id"}
    | {"ruleset_id", "reasons", "state", "escalation_id"}
)
CONFIRMED = "confirmed by the customer"
_HIDDEN = frozenset({"content", "address", "email", "phone_last4", "summary"})


class CallStatus(StrEnum):
    """How a call went, as it is published."""

    OK = "ok"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class TracedCall:
    """One entry of the trace."""

    tool_name: str
    request: Mapping[str, Any]
    response: Mapping[str, Any]
    status: CallStatus
    note: str = ""


@dataclass(slots=True)
class TurnTools:
    """The tools of one turn, for one principal."""

    executor: ToolExecutor
    proposals: ProposalDesk
    principal: Principal
    case_id: str
    turn_key: str
    """Names this turn, and is the same when the turn is asked again."""
    case_name: str = ""
    """What the customer knows the case by; the ledger's name of it where there is no other."""
    trace: list[TracedCall] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.case_name = self.case_name or self.case_id

    def call(self, tool: str, arguments: Mapping[str, Any], *, note: str = "") -> ToolAnswer:
        """Call a tool. Raises what the executor raises, with the failure on the trace."""
        key = f"turn-{digest_of(self.turn_key, tool, dict(arguments))}"
        try:
            answer = self.executor.call(self.principal, tool, dict(arguments), key=key, case_id=self.case_id)
        except CasewrightError as error:
            self._note(tool, arguments, {"code": error.code}, CallStatus.ERROR, note)
            raise
        self._note(tool, arguments, show_answer(answer), CallStatus.OK, note)
        return answer

    def commit(self, proposal_id: str) -> ToolAnswer:
        """Carry out the proposal that the customer has just said yes to, in this session."""
        shown = self.proposals.show(self.principal, proposal_id)
        answer = self.proposals.commit(self.principal, proposal_id, shown.confirmation or "")
        request = {"proposal_id": proposal_id}
        self._note(answer.tool, request, show_answer(answer), CallStatus.OK, CONFIRMED)
        return answer

    @property
    def has_committed(self) -> bool:
        """Whether something was carried out that must not be asked for again."""
        return any(call.note == CONFIRMED and call.status is CallStatus.OK for call in self.trace)

    def skip(self, tool: str, note: str) -> None:
        """Write down a call that is left for later, and why."""
        self.trace.append(TracedCall(tool, {}, {}, CallStatus.SKIPPED, note))

    def _note(
        self,
        tool: str,
        arguments: Mapping[str, Any],
        response: Mapping[str, Any],
        status: CallStatus,
        note: str,
    ) -> None:
        shown = {
            name: f"[{name}]" if name in _HIDDEN else redact_value(value) for name, value in arguments.items()
        }
        self.trace.append(TracedCall(tool, shown, response, status, note))


def show_answer(answer: ToolAnswer) -> dict[str, Any]:
    """What a trace may show of an answer."""
    shown: dict[str, Any] = {"status": answer.status.value, "reason_codes": list(answer.reason_codes)}
    if answer.clauses and answer.tool != "get_policy":
        shown["clauses"] = list(answer.clauses)
    shown |= {name: value for name, value in answer.result.items() if name in _SHOWN}
    orders = answer.result.get("orders")
    if isinstance(orders, list):
        shown["orders"] = [{"order_id": each["order_id"], "status": each["status"]} for each in orders]
    if answer.proposal is not None:
        shown["proposal_id"] = answer.proposal.proposal_id
        shown["amount_minor"] = answer.proposal.amount_minor
    if answer.action_id is not None:
        shown["action_id"] = answer.action_id
    if answer.status is AnswerStatus.UNDER_WAY:
        shown["note"] = "started; the outside service has not said how it ended"
    return shown
