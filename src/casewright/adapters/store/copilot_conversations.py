"""Copilot conversations in the business database.

Invariants: every statement names the tenant; two turns that were read at one version cannot both be kept.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from casewright.adapters.store.client_tables import COPILOT_CONVERSATIONS, COPILOT_TURNS
from casewright.adapters.store.engine import Database
from casewright.adapters.store.metadata import read_json, write_json
from casewright.adapters.store.times import from_micros, to_micros
from casewright.domain.answer import Memory
from casewright.domain.copilot import CopilotConversation, CopilotTurn, ListedConversation

MEMORY_VERSION = 1
ANSWER_VERSION = 1
_TABLE, _TURNS = COPILOT_CONVERSATIONS.c, COPILOT_TURNS.c
_IS = and_(_TABLE.tenant == bindparam("of_tenant"), _TABLE.conversation_id == bindparam("of_conversation"))
_IS_OWN = and_(_IS, _TABLE.owner == bindparam("of_owner"))
_TURNS_OF = and_(
    _TURNS.tenant == bindparam("of_tenant"), _TURNS.conversation_id == bindparam("of_conversation")
)
_FIND = select(COPILOT_CONVERSATIONS).where(_IS_OWN)
_LOCK = select(_TABLE.version).where(_IS_OWN).with_for_update()
_LAST_TURNS = select(COPILOT_TURNS).where(_TURNS_OF).order_by(_TURNS.number.desc()).limit(bindparam("most"))
_OWNED = (
    select(_TABLE.conversation_id, _TABLE.opened_at, _TABLE.changed_at, _TABLE.turns, _TURNS.question)
    .join(
        COPILOT_TURNS,
        and_(
            _TURNS.tenant == _TABLE.tenant,
            _TURNS.conversation_id == _TABLE.conversation_id,
            _TURNS.number == 1,
        ),
    )
    .where(_TABLE.tenant == bindparam("of_tenant"), _TABLE.owner == bindparam("of_owner"))
    .order_by(_TABLE.changed_at.desc(), _TABLE.conversation_id.desc())
    .limit(bindparam("most"))
)
_OWNED_AFTER = _OWNED.where(
    tuple_(_TABLE.changed_at, _TABLE.conversation_id)
    < tuple_(bindparam("after_change"), bindparam("after_conversation"))
)
_FIRST: dict[str, Any] = {
    name: statement.on_conflict_do_nothing().returning(_TABLE.version)
    for name, statement in (
        ("sqlite", sqlite.insert(COPILOT_CONVERSATIONS)),
        ("postgresql", postgresql.insert(COPILOT_CONVERSATIONS)),
    )
}
_MOVE = (
    update(COPILOT_CONVERSATIONS)
    .where(_IS_OWN, _TABLE.version == bindparam("read_version"))
    .values({name: bindparam(name) for name in ("memory", "turns", "version", "changed_at")})
)
_INSERT_TURN = insert(COPILOT_TURNS)
_DELETE_TURNS = delete(COPILOT_TURNS).where(_TURNS_OF)
_DELETE = delete(COPILOT_CONVERSATIONS).where(_IS_OWN)
_FIELDS = {field.name for field in fields(Memory)}


class StoredCopilotConversations:
    """One tenant's conversations."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def find(self, conversation_id: str, owner: str) -> CopilotConversation | None:
        """A conversation of that owner."""
        wanted = self._wanted(conversation_id, owner)
        row = self._database.read(lambda connection: connection.execute(_FIND, wanted).first())
        return None if row is None else _read(row)

    def turns(self, conversation_id: str, *, limit: int = 200) -> tuple[CopilotTurn, ...]:
        """The last turns, in order."""
        wanted = {"of_tenant": self._tenant, "of_conversation": conversation_id, "most": limit}
        rows = self._database.read(lambda connection: connection.execute(_LAST_TURNS, wanted).all())
        return tuple(_read_turn(row) for row in reversed(rows))

    def owned_by(
        self, owner: str, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> tuple[ListedConversation, ...]:
        """Conversations of that owner, those that changed last first."""
        wanted: dict[str, Any] = {"of_tenant": self._tenant, "of_owner": owner, "most": limit}
        statement = _OWNED
        if after is not None:
            statement = _OWNED_AFTER
            wanted |= {"after_change": to_micros(after[0]), "after_conversation": after[1]}
        rows = self._database.read(lambda connection: connection.execute(statement, wanted).all())
        return tuple(
            ListedConversation(
                row.conversation_id,
                from_micros(row.opened_at),
                from_micros(row.changed_at),
                row.turns,
                row.question,
            )
            for row in rows
        )

    def save_in(self, connection: Connection, conversation: CopilotConversation, turn: CopilotTurn) -> bool:
        """Keep the conversation and its new turn in the caller's transaction; False where one came first."""
        row = {
            "memory": write_json({"schema_version": MEMORY_VERSION, **asdict(conversation.memory)}),
            "turns": conversation.turns,
            "version": conversation.version + 1,
            "changed_at": to_micros(conversation.changed_at),
        }
        wanted = self._wanted(conversation.conversation_id, conversation.owner)
        if conversation.version == 0:
            first = row | {
                "tenant": self._tenant,
                "conversation_id": conversation.conversation_id,
                "owner": conversation.owner,
                "opened_at": to_micros(conversation.opened_at),
            }
            kept = len(connection.execute(_FIRST[connection.dialect.name], first).all())
        else:
            kept = connection.execute(_MOVE, wanted | row | {"read_version": conversation.version}).rowcount
        if kept != 1:
            return False
        connection.execute(_INSERT_TURN, self._turn(conversation.conversation_id, turn))
        return True

    def delete(self, conversation_id: str, owner: str) -> bool:
        """Remove a conversation with its turns."""
        wanted = self._wanted(conversation_id, owner)

        def work(connection: Connection) -> bool:
            if connection.execute(_LOCK, wanted).first() is None:
                return False
            connection.execute(_DELETE_TURNS, wanted)
            connection.execute(_DELETE, wanted)
            return True

        return self._database.write(work)

    def _wanted(self, conversation_id: str, owner: str) -> dict[str, Any]:
        return {"of_tenant": self._tenant, "of_conversation": conversation_id, "of_owner": owner}

    def _turn(self, conversation_id: str, turn: CopilotTurn) -> dict[str, Any]:
        return {
            "tenant": self._tenant,
            "conversation_id": conversation_id,
            "number": turn.number,
            "case_id": turn.case_id,
            "question": turn.question,
            "answer": write_json({"schema_version": ANSWER_VERSION, **turn.answer}),
            "at": to_micros(turn.at),
        }


def _read(row: Row[Any]) -> CopilotConversation:
    return CopilotConversation(
        conversation_id=row.conversation_id,
        owner=row.owner,
        opened_at=from_micros(row.opened_at),
        changed_at=from_micros(row.changed_at),
        memory=_read_memory(read_json(row.memory)),
        turns=row.turns,
        version=row.version,
    )


def _read_memory(document: Mapping[str, Any]) -> Memory:
    """What this version knows of it; lists were tuples."""
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in document.items()
        if name in _FIELDS
    }
    return Memory(**known)


def _read_turn(row: Row[Any]) -> CopilotTurn:
    answer = {name: value for name, value in read_json(row.answer).items() if name != "schema_version"}
    return CopilotTurn(row.number, row.case_id, from_micros(row.at), row.question, answer)
