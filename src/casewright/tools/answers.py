"""What a tool call comes back with: an answer for the caller, and a trace for the record.

An answer is a value, also where it is a no. The trace holds redacted arguments and times, never a personal
value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from casewright.domain.action import Effect
from casewright.domain.proposal import Proposal


class AnswerStatus(StrEnum):
    """How it went."""

    DONE = "done"
    PROPOSED = "proposed"
    """Nothing has happened yet: the proposal waits for its confirmation, or first for an approval."""
    REFUSED = "refused"
    NEEDS_INFO = "needs_info"
    ESCALATED = "escalated"
    """Policy leaves it to a person; nothing has happened."""
    UNDER_WAY = "under_way"
    """Started, and the outside service has not said how it ended; it will be asked, never told twice."""
    FAILED = "failed"
    """The outside service refused for good; nothing moved."""


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """One answer. `confirmation` stands only where the caller may confirm the proposal."""

    tool: str
    status: AnswerStatus
    reason_codes: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    clauses: tuple[str, ...] = ()
    result: Mapping[str, Any] = field(default_factory=dict)
    proposal: Proposal | None = None
    confirmation: str | None = None
    action_id: str | None = None
    is_replayed: bool = False


@dataclass(frozen=True, slots=True)
class ToolTrace:
    """One call on the record: arguments redacted, times in microseconds by step."""

    tool: str
    tenant: str
    subject_id: str
    arguments: Mapping[str, Any]
    outcome: str
    """An AnswerStatus, or the code of the error that it ended with."""
    reason_codes: tuple[str, ...]
    called_at: datetime
    timings_us: Mapping[str, int]
    note: str = ""
