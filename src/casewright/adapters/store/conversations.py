"""Conversations in the business database: ports.conversations for one tenant.

Invariants: every statement names the tenant, and the owner where one is given; a turn is kept together with
the state that it led to, or not at all; two turns that were read at one version cannot both be kept.
"""

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casewright.adapters.store.conversation_tables import CONVERSATIONS, TURNS
from casewright.adapters.store.engine import Database
from casewright.adapters.store.metadata import read_json, write_json
from casewright.adapters.store.times import from_micros, to_micros
from casewright.domain.conversation import Conversation, ConversationState, Side, Slots, Turn

SLOTS_VERSION = 1
DETAIL_VERSION = 1
_FIRST: dict[str, Any] = {
    "sqlite": sqlite.insert(CONVERSATIONS).on_conflict_do_nothing().returning(CONVERSATIONS.c.version),
    "postgresql": postgresql.insert(CONVERSATIONS)
    .on_conflict_do_nothing()
    .returning(CONVERSATIONS.c.version),
}
_SLOT_NAMES = frozenset(field.name for field in fields(Slots))
_LISTED = frozenset({"line_ids", "refused"})


class StoredConversations:
    """One tenant's conversations."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def find(self, conversation_id: str, owner: str | None) -> Conversation | None:
        """A conversation of that owner; of anybody's, where none is named."""
        wanted = select(CONVERSATIONS).where(self._is(conversation_id, owner))
        row = self._database.read(lambda connection: connection.execute(wanted).first())
        return None if row is None else _read(row)

    def turns(self, conversation_id: str, *, limit: int = 500) -> tuple[Turn, ...]:
        """The last turns, in order."""
        wanted = (
            select(TURNS)
            .where(TURNS.c.tenant == self._tenant, TURNS.c.conversation_id == conversation_id)
            .order_by(TURNS.c.number.desc())
            .limit(limit)
        )
        rows = self._database.read(lambda connection: connection.execute(wanted).all())
        return tuple(_read_turn(row) for row in reversed(rows))

    def save(self, conversation: Conversation, turns: Sequence[Turn]) -> bool:
        """Keep state and turns together; False where another turn came first."""
        return self._database.write(lambda connection: self._save(connection, conversation, turns))

    def delete(self, conversation_id: str, owner: str | None) -> bool:
        """Remove a conversation with its turns."""

        def work(connection: Connection) -> bool:
            found = connection.execute(
                select(CONVERSATIONS.c.version).where(self._is(conversation_id, owner)).with_for_update()
            ).first()
            if found is None:
                return False
            connection.execute(
                delete(TURNS).where(
                    TURNS.c.tenant == self._tenant, TURNS.c.conversation_id == conversation_id
                )
            )
            connection.execute(delete(CONVERSATIONS).where(self._is(conversation_id, owner)))
            return True

        return self._database.write(work)

    def _is(self, conversation_id: str, owner: str | None) -> Any:
        named = and_(
            CONVERSATIONS.c.tenant == self._tenant, CONVERSATIONS.c.conversation_id == conversation_id
        )
        return named if owner is None else and_(named, CONVERSATIONS.c.owner == owner)

    def _save(self, connection: Connection, conversation: Conversation, turns: Sequence[Turn]) -> bool:
        row = self._row(conversation)
        if conversation.version == 0:
            kept = len(connection.execute(_FIRST[connection.dialect.name], row).all())
        else:
            moved = (
                update(CONVERSATIONS)
                .where(
                    self._is(conversation.conversation_id, conversation.owner),
                    CONVERSATIONS.c.version == conversation.version,
                )
                .values(row)
            )
            kept = connection.execute(moved).rowcount
        if kept != 1:
            return False
        if turns:
            connection.execute(insert(TURNS), [self._turn(conversation, turn) for turn in turns])
        return True

    def _row(self, conversation: Conversation) -> dict[str, Any]:
        return {
            "tenant": self._tenant,
            "conversation_id": conversation.conversation_id,
            "owner": conversation.owner,
            "customer_id": conversation.customer_id,
            "case_id": conversation.case_id,
            "state": conversation.state.value,
            "slots": write_json({"schema_version": SLOTS_VERSION, **asdict(conversation.slots)}),
            "failed_turns": conversation.failed_turns,
            "turns": conversation.turns,
            "version": conversation.version + 1,
            "opened_at": to_micros(conversation.opened_at),
            "changed_at": to_micros(conversation.changed_at),
        }

    def _turn(self, conversation: Conversation, turn: Turn) -> dict[str, Any]:
        return {
            "tenant": self._tenant,
            "conversation_id": conversation.conversation_id,
            "number": turn.number,
            "speaker": turn.speaker.value,
            "text": turn.text,
            "detail": write_json({"schema_version": DETAIL_VERSION, **turn.detail}),
            "at": to_micros(turn.at),
        }


def _read(row: Row[Any]) -> Conversation:
    return Conversation(
        conversation_id=row.conversation_id,
        owner=row.owner,
        case_id=row.case_id,
        opened_at=from_micros(row.opened_at),
        changed_at=from_micros(row.changed_at),
        customer_id=row.customer_id,
        state=ConversationState(row.state),
        slots=_read_slots(read_json(row.slots)),
        failed_turns=row.failed_turns,
        turns=row.turns,
        version=row.version,
    )


def _read_slots(document: dict[str, Any]) -> Slots:
    known: dict[str, Any] = {name: value for name, value in document.items() if name in _SLOT_NAMES}
    return Slots(**known | {name: tuple(known.get(name, ())) for name in _LISTED})


def _read_turn(row: Row[Any]) -> Turn:
    detail = {name: value for name, value in read_json(row.detail).items() if name != "schema_version"}
    return Turn(row.number, Side(row.speaker), from_micros(row.at), row.text, detail)
