"""Answers on the record: turn, case and ledger entries of one answer, in one transaction.

Invariant: an answer is kept whole or not at all, and its chain holds ids and codes only.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from casewright.adapters.journal.chain import Head
from casewright.adapters.journal.ledger import Ledger
from casewright.adapters.store.cases import write_case
from casewright.adapters.store.copilot_conversations import StoredCopilotConversations
from casewright.adapters.store.engine import Database
from casewright.domain.audit import AuditEvent
from casewright.domain.copilot import CopilotConversation, CopilotTurn
from casewright.ports.cases import StoredCase


class AnswerRecords:
    """ports.copilot of one tenant over the business database and its ledger."""

    def __init__(self, database: Database, ledger: Ledger, tenant: str) -> None:
        self._database = database
        self._ledger = ledger
        self._tenant = tenant
        kept = StoredCopilotConversations(database, tenant)
        self._kept = kept
        self.find = kept.find
        self.turns = kept.turns
        self.owned_by = kept.owned_by
        self.delete = kept.delete

    def keep(
        self,
        conversation: CopilotConversation,
        turn: CopilotTurn,
        case: StoredCase,
        events: Sequence[AuditEvent],
    ) -> bool:
        """Keep all of it, durably; False where another turn came first, and then nothing."""

        def work(connection: Connection) -> Head | None:
            if not self._kept.save_in(connection, conversation, turn):
                return None
            write_case(connection, self._tenant, case)
            head: Head | None = None
            for event in events:
                head = self._ledger.append(
                    connection,
                    self._tenant,
                    case.case_id,
                    event.name,
                    event.data,
                    at=turn.at,
                    after=head,
                )
            return head

        head = self._database.write(work)
        if head is not None:
            self._ledger.note(head)
        return head is not None
