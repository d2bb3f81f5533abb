"""Attribution: a number that a rule names is no number of a record.

Passages may say "under 150k" or "more than 90 days ago"; an answer may repeat that, and must not turn it
into the spend or the meeting of a client. Where a sentence speaks of a record, a value that only passages
hold needs a word of comparison beside it.

Not done here: whether the comparison is right; the policy decides, and the required elements say so.
"""

import re
from collections.abc import Iterable, Set
from typing import Final

from casewright.reflection.values import Value

_RECORD: Final = re.compile(
    r"\b(?:spen(?:d|ds|t|ding)|ytd|budgets?|revenue|meetings?|met|contacted)\b", re.IGNORECASE
)
_RULE: Final = re.compile(
    r"\b(?:under|below|above|over|past|beyond|within|than|less|more|least|most|exceed(?:s|ed|ing)?|pass(?:es|ed|ing)?"
    r"|reach(?:es|ed|ing)?|from|to|until|up|between|exactly|threshold|line|limit|mark|minimum|maximum|bands?|rules?"
    r"|older|newer|every|per|clauses?|playbook|any|if)\b",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"[.!?;।](?=\s|$)|\n")
_WORDS_BEFORE: Final = re.compile(r"(?:\S+\s+){0,5}\S*$")
_WORDS_AFTER: Final = re.compile(r"^\S*(?:\s+\S+){0,3}")
_KINDS: Final = frozenset({"number", "date", "percentage"})


def misattributed(text: str, held: Iterable[Value], facts: Set[str]) -> bool:
    """Whether a value that no fact holds is told as one of a record."""
    for value in held:
        if value.kind not in _KINDS or not facts.isdisjoint(value.keys):
            continue
        begin = max((end.end() for end in _SENTENCE_END.finditer(text, 0, value.start)), default=0)
        stop = _SENTENCE_END.search(text, value.end)
        before, after = text[begin : value.start], text[value.end : stop.start() if stop else len(text)]
        if not _RECORD.search(before) and not _RECORD.search(after):
            continue
        near = (_WORDS_BEFORE.search(before), _WORDS_AFTER.search(after))
        if not any(found is not None and _RULE.search(found.group()) for found in near):
            return True
    return False
