"""Which words of a sentence are negated.

English negates forward ("did not receive the money"), Bangla backward ("টাকা পাইনি", "taka pai nai"). Both
stop at a clause's edge. A word may also carry its own negative ending; the lexicon says so.
"""

from collections.abc import Sequence

FORWARD_REACH = 6
BACKWARD_REACH = 3
_EDGES = frozenset(",;:.!?।-\n()")


def mark_negated(
    words: Sequence[str],
    masks: Sequence[int],
    own: Sequence[bool],
    *,
    forward: int,
    backward: int,
    edge: int,
) -> list[bool]:
    """One flag a word. `forward`, `backward` and `edge` are the concept bits of negators and clause edges."""
    negated = list(own)
    count = len(words)
    grammar = forward | backward | edge
    for index, is_negative in enumerate(own):
        if is_negative and index and words[index - 1] not in _EDGES and not masks[index - 1] & grammar:
            negated[index - 1] = True
    negators = forward | backward
    for index, mask in enumerate(masks):
        if not mask & negators:
            continue
        if mask & forward:
            for at in range(index + 1, min(count, index + 1 + FORWARD_REACH)):
                if words[at] in _EDGES or masks[at] & edge:
                    break
                negated[at] = not own[at]
        else:
            for at in range(index - 1, max(-1, index - 1 - BACKWARD_REACH), -1):
                if words[at] in _EDGES or masks[at] & edge:
                    break
                negated[at] = True
    return negated
