"""Reads of actions: by key, by id, and those that have not ended.

Nothing is written, and nothing here is locked.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from casewright.adapters.journal.tables import ACTIONS
from casewright.adapters.store.metadata import read_json
from casewright.adapters.store.times import from_micros
from casewright.domain.action import ActionState
from casewright.ports.journal import ActionResult, KeyOutcome

_OF_TENANT: BindParameter[str] = bindparam("of_tenant")
BY_KEY = select(ACTIONS).where(
    ACTIONS.c.tenant == _OF_TENANT,
    ACTIONS.c.subject_id == bindparam("of_subject"),
    ACTIONS.c.key == bindparam("of_key"),
)
_BY_ID = select(ACTIONS).where(ACTIONS.c.tenant == _OF_TENANT, ACTIONS.c.action_id == bindparam("of_action"))
_OPEN = (
    select(ACTIONS)
    .where(ACTIONS.c.due_at.is_not(None))
    .order_by(ACTIONS.c.claimed_at)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An action that has not ended, for people."""

    tenant: str
    action_id: str
    tool: str
    state: ActionState
    tries: int
    trouble: str | None
    claimed_at: datetime


def read_result(row: Row[Any], outcome: KeyOutcome | None = None) -> ActionResult:
    """How the action of a row ended, or where it stands."""
    state = ActionState(row.state)
    if outcome is None:
        outcome = KeyOutcome.REPLAYED if state.is_final else KeyOutcome.IN_PROGRESS
    return ActionResult(row.action_id, outcome, state, read_json(row.result))


def find_by_key(connection: Connection, tenant: str, subject_id: str, key: str) -> Row[Any] | None:
    """The action that a key stands for."""
    return connection.execute(BY_KEY, {"of_tenant": tenant, "of_subject": subject_id, "of_key": key}).first()


def get_action(connection: Connection, tenant: str, action_id: str) -> Row[Any]:
    """The row of an action that is known to be there."""
    return connection.execute(_BY_ID, {"of_tenant": tenant, "of_action": action_id}).one()


def list_open_actions(connection: Connection, most: int = 1000) -> list[OpenAction]:
    """The open actions, oldest first."""
    return [
        OpenAction(
            row.tenant,
            row.action_id,
            row.tool,
            ActionState(row.state),
            row.tries,
            row.trouble,
            from_micros(row.claimed_at),
        )
        for row in connection.execute(_OPEN, {"most": most})
    ]
