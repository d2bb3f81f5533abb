"""What is kept of questions and answers. Every method belongs to one tenant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from casewright.domain.audit import AuditEvent
from casewright.domain.copilot import CopilotConversation, CopilotTurn, ListedConversation
from casewright.ports.cases import StoredCase


class CopilotRecords(Protocol):
    """Conversations of one tenant, with the case and the ledger entries of each answer."""

    def find(self, conversation_id: str, owner: str) -> CopilotConversation | None:
        """A conversation of that owner; another's is not found."""
        ...

    def turns(self, conversation_id: str, *, limit: int = 200) -> tuple[CopilotTurn, ...]:
        """Its last turns, in order. Whose it is has been asked before, by `find`."""
        ...

    def owned_by(
        self, owner: str, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> tuple[ListedConversation, ...]:
        """Conversations of that owner, those that changed last first.

        `after`: moment of change and id of the one behind which the list goes on.
        """
        ...

    def keep(
        self,
        conversation: CopilotConversation,
        turn: CopilotTurn,
        case: StoredCase,
        events: Sequence[AuditEvent],
    ) -> bool:
        """Keep a turn with its case and entries, all or none; the conversation moves to `version` + 1.

        False where another turn was kept since the conversation was read; then nothing is kept.
        """
        ...

    def delete(self, conversation_id: str, owner: str) -> bool:
        """Remove a conversation and its turns; the cases and their ledger stay. False where there is none."""
        ...
