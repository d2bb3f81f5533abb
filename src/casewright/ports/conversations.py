"""Where conversations are kept. Each object is made for one tenant, so that no call can forget it."""

from collections.abc import Sequence
from typing import Protocol

from casewright.domain.conversation import Conversation, Turn


class Conversations(Protocol):
    """One tenant's conversations; another owner's is not found."""

    def find(self, conversation_id: str, owner: str | None) -> Conversation | None:
        """A conversation of that owner. `owner` None is for staff, who may see every one of the tenant."""
        ...

    def turns(self, conversation_id: str, *, limit: int = 500) -> tuple[Turn, ...]:
        """Its last turns, in order. Whose it is has been asked before, by `find`."""
        ...

    def save(self, conversation: Conversation, turns: Sequence[Turn]) -> bool:
        """Keep the conversation at `version` + 1 with its new turns, in one transaction.

        False where somebody else has kept a turn since it was read; then nothing is kept.
        """
        ...

    def delete(self, conversation_id: str, owner: str | None) -> bool:
        """Remove a conversation and its turns for good; False where there is none of that owner."""
        ...
