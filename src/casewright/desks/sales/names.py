"""Names: which client a few words mean, and which ones they could mean; never a silent pick.

Pure: the same words and names always give the same answer. It reads no record and decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Name = tuple[str, str]
"""Id and name of a client."""


@dataclass(frozen=True, slots=True)
class ClientMatch:
    """`client_id`: the one that is meant. `candidates`: the plausible ones to ask about. Neither: nobody."""

    client_id: str | None = None
    candidates: tuple[Name, ...] = ()

    @property
    def is_nobody(self) -> bool:
        return self.client_id is None and not self.candidates


def match_client(words: str, names: Sequence[Name]) -> ClientMatch:
    """Which client a name means, as somebody wrote it."""
    wanted = words.casefold().split()
    found = tuple(one for one in names if one[1].casefold().split() == wanted)
    return ClientMatch(found[0][0]) if len(found) == 1 else ClientMatch(candidates=found)
