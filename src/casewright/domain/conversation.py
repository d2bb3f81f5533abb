"""Conversation: one matter talked over in turns, resumable by id, and one customer's own.

Turns are kept redacted. The slots hold what was understood so far: ids, codes and reasons, never a sentence
of the customer's, so that nothing said in an earlier turn can speak again in a later one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class ConversationState(StrEnum):
    """Where a conversation stands."""

    OPEN = "open"
    ESCALATED = "escalated"
    """A person has it: what the customer writes is kept for that person, and nothing is done here. The first
    message after that person has closed the case is answered here again."""


class Side(StrEnum):
    CUSTOMER = "customer"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of one side. `detail` holds codes: intent, status, tool, reason codes, annotations."""

    number: int
    speaker: Side
    at: datetime
    text: str
    """Redacted."""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slots:
    """What was understood so far. Everything in it is an id of a record or a code."""

    intent: str | None = None
    order_id: str | None = None
    line_ids: tuple[str, ...] = ()
    reason: str | None = None
    cancel_reason: str | None = None
    wanted: str | None = None
    asked: str | None = None
    """What the last reply asked for: order, lines, reason, variant, method, evidence or confirm."""
    product_id: str | None = None
    """What is to be bought."""
    variant_id: str | None = None
    """Which form of it, or what an item is to be exchanged for."""
    proposal_id: str | None = None
    """The write that waits for a yes."""
    refused: tuple[str, ...] = ()
    """Reason codes of the last no."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation. `version` goes up with every turn that is kept, and a turn names the one it read."""

    conversation_id: str
    owner: str
    """Whose it is, as `owner_of` names it."""
    case_id: str
    opened_at: datetime
    changed_at: datetime
    customer_id: str | None = None
    state: ConversationState = ConversationState.OPEN
    slots: Slots = field(default_factory=Slots)
    failed_turns: int = 0
    """How many of the last turns in a row were not understood."""
    turns: int = 0
    version: int = 0


def owner_of(customer_id: str | None, subject_id: str) -> str:
    """Whose a conversation is: the customer's, or, where it is about nobody in particular, the caller's."""
    return f"customer:{customer_id}" if customer_id is not None else f"subject:{subject_id}"
