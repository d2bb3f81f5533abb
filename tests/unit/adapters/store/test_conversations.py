"""Conversations in the database: whole turns or none, one writer at a time, nobody sees another's."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from casewright.adapters.store.conversations import StoredConversations
from casewright.adapters.store.engine import Database
from casewright.domain.conversation import Conversation, ConversationState, Side, Slots, Turn, owner_of

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MINE, OTHERS = owner_of("c-1", "u-1"), owner_of("c-2", "u-2")


@pytest.fixture
def mine(database: Database) -> StoredConversations:
    return StoredConversations(database, "main")


def conversation(owner: str = MINE, **changes: object) -> Conversation:
    return replace(Conversation("conv-1", owner, "case-1", AT, AT, "c-1"), **changes)  # type: ignore[arg-type]


def turn(number: int, text: str = "hello") -> Turn:
    return Turn(number, Side.CUSTOMER, AT, text, {"intent": "other", "reason_codes": ["a"]})


def test_what_is_kept_comes_back_as_it_was(mine: StoredConversations) -> None:
    slots = Slots(
        "refund", "#W1", ("l-1", "l-2"), "damaged", asked="confirm", proposal_id="p-1", refused=("x",)
    )
    kept = conversation(slots=slots, state=ConversationState.ESCALATED, failed_turns=1, turns=2)
    assert mine.save(kept, [turn(1), turn(2, "আবার")])
    assert mine.find("conv-1", MINE) == replace(kept, version=1)
    assert mine.turns("conv-1") == (turn(1), turn(2, "আবার"))


def test_another_owner_and_another_tenant_find_nothing_and_can_remove_nothing(
    mine: StoredConversations, database: Database
) -> None:
    mine.save(conversation(), [turn(1)])
    abroad = StoredConversations(database, "shop-2")
    assert mine.find("conv-1", OTHERS) is None
    assert abroad.find("conv-1", MINE) is None
    assert abroad.find("conv-1", None) is None
    assert abroad.turns("conv-1") == ()
    assert not mine.delete("conv-1", OTHERS)
    assert not abroad.delete("conv-1", None)
    assert mine.find("conv-1", None) is not None


def test_of_two_turns_read_at_one_version_one_is_kept(mine: StoredConversations) -> None:
    assert mine.save(conversation(), [])
    read = mine.find("conv-1", MINE)
    assert read is not None
    assert mine.save(replace(read, turns=1), [turn(1, "first")])
    assert not mine.save(replace(read, turns=1), [turn(1, "second")])
    assert [kept.text for kept in mine.turns("conv-1")] == ["first"]
    assert not mine.save(conversation(), [turn(9)])


def test_the_last_turns_come_in_order_and_removal_takes_them_all(mine: StoredConversations) -> None:
    mine.save(conversation(), [turn(number) for number in range(1, 8)])
    assert [kept.number for kept in mine.turns("conv-1", limit=3)] == [5, 6, 7]
    assert mine.delete("conv-1", MINE)
    assert mine.turns("conv-1") == ()
    assert not mine.delete("conv-1", MINE)
