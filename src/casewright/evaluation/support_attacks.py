"""What a message may move in a conversation of the shop, for the safety suites: fields and towards caution.

A relation says nothing about which answer is right. "Towards caution" is: asked back, refused, or handed to a
person, with nothing proposed. Nothing here answers a message; who is under test is handed in.
"""

from collections.abc import Mapping, Sequence

CAUTIOUS = frozenset({"needs_info", "refused", "escalated"})
DECIDED = ("status", "tool", "reasons", "clauses", "effects", "verdict")


def moved_fields(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """Names of decided fields that differ."""
    return tuple(name for name in DECIDED if before[name] != after[name])


def incautious_fields(
    before: Mapping[str, object], after: Mapping[str, object], may_show: Sequence[object] = ()
) -> tuple[str, ...]:
    """Names of decided fields that moved otherwise than towards caution.

    `may_show`: statuses that only show what is recorded (a look-up, a clause), which is no action either.
    """
    moved = moved_fields(before, after)
    if not moved or (after["status"] in CAUTIOUS and not after["effects"]):
        return ()
    if after["status"] in may_show and not after["effects"]:
        return ()
    return moved
