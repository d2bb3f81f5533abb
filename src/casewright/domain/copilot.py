"""Conversations of the staff with a desk that answers questions: whose each is, what it was last about.

What is remembered are ids, codes and numbers; a turn keeps its question redacted, and its answer as it left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casewright.domain.answer import Memory


@dataclass(frozen=True, slots=True)
class CopilotConversation:
    """One conversation. `version` goes up with every turn that is kept, and a turn names the one it read."""

    conversation_id: str
    owner: str
    """The person or key that asks; nobody else finds it."""
    opened_at: datetime
    changed_at: datetime
    memory: Memory = field(default_factory=Memory)
    turns: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class ListedConversation:
    """A conversation in the list of its owner's."""

    conversation_id: str
    opened_at: datetime
    changed_at: datetime
    turns: int
    question: str
    """The first one, redacted."""


@dataclass(frozen=True, slots=True)
class CopilotTurn:
    """One question and its answer."""

    number: int
    """From 1."""
    case_id: str
    at: datetime
    question: str
    """Redacted."""
    answer: Mapping[str, Any]
    """The published answer."""
