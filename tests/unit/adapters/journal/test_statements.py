import pytest
from sqlalchemy import bindparam, insert, select, update

from casewright.adapters.journal.statements import Statement
from casewright.adapters.journal.tables import RESERVATIONS, insert_once
from casewright.adapters.store.engine import Database

ROW = {"tenant": "t", "resource": "order:1", "action_id": "a"}
ONCE = Statement(insert_once(RESERVATIONS))
INSERT = Statement(insert(RESERVATIONS), "tenant", "resource", "action_id")
RENAME = Statement(update(RESERVATIONS).where(RESERVATIONS.c.resource == bindparam("of")), "action_id")
FIND = Statement(select(RESERVATIONS.c.action_id).where(RESERVATIONS.c.action_id == bindparam("of")))


@pytest.fixture
def ready(database: Database) -> Database:
    database.write(lambda each: INSERT.change(each, ROW))
    return database


def test_an_insert_once_tells_whether_it_was_the_first(ready: Database) -> None:
    assert ready.write(lambda each: ONCE.change(each, ROW)) == 0
    assert ready.write(lambda each: ONCE.change(each, ROW | {"resource": "order:2"})) == 1


def test_an_update_tells_how_many_rows_it_changed(ready: Database) -> None:
    assert ready.write(lambda each: RENAME.change(each, {"of": "order:1", "action_id": "b"})) == 1
    assert ready.write(lambda each: RENAME.change(each, {"of": "order:9", "action_id": "b"})) == 0
    assert ready.read(lambda each: FIND.finds(each, {"of": "b"}))
    assert not ready.read(lambda each: FIND.finds(each, {"of": "a"}))
