"""Decision: what the policy's tables made of the facts, with everything needed to replay it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = bool | int | str | None
"""What a fact or an outcome may be: no free text, no float."""


@dataclass(frozen=True, slots=True)
class FiredRow:
    """One row of one table that matched."""

    table: str
    row: str
    outcome: Mapping[str, Value]
    reason: str
    clause: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A function of facts, ruleset and date; of nothing else."""

    ruleset_id: str
    outcome: Mapping[str, Value]
    fired: tuple[FiredRow, ...]
    facts: Mapping[str, Value] = field(default_factory=dict)
    """What it was made of, where it is kept for later; empty where the caller keeps the facts itself."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Reason codes in firing order, each once."""
        return tuple(dict.fromkeys(row.reason for row in self.fired if row.reason))
