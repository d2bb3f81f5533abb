"""Manner: how a question is asked, by its small words: for yes or no, or for a list of clients."""

from collections.abc import Set

from casewright.desks.sales.asked import LISTING
from casewright.desks.sales.reading import Reading

_AUXILIARIES = frozenset(
    [
        "is",
        "are",
        "am",
        "was",
        "were",
        "do",
        "does",
        "did",
        "can",
        "could",
        "may",
        "might",
        "shall",
        "should",
        "would",
        "will",
        "has",
        "have",
        "had",
        "must",
        "isn't",
        "aren't",
        "don't",
        "doesn't",
        "didn't",
        "can't",
        "couldn't",
        "shouldn't",
        "won't",
        "wouldn't",
        "hasn't",
        "haven't",
    ]
)
_ASKING = frozenset(
    {"what", "which", "who", "whom", "whose", "when", "where", "how", "why", "what's", "ki", "keno"}
)
_LISTED = frozenset({"clients", "customers", "accounts", "spenders", "spender", "advertisers"})
_LISTING = frozenset(
    [
        "which",
        "list",
        "show",
        "name",
        "many",
        "biggest",
        "largest",
        "smallest",
        "top",
        "highest",
        "lowest",
        "most",
        "least",
        "all",
        "who",
        "whose",
        "compare",
        "rank",
        "sort",
        "overdue",
    ]
)


_SUPPOSED = frozenset(
    {
        *("assume", "assuming", "suppose", "supposing", "imagine", "pretend", "if", "approved", "approves"),
        *("agreed", "confirmed", "signed", "promised", "told", "said", "says", "insists", "demands"),
    }
)
_OURS = frozenset({"my", "our", "we", "i", "haven't", "hasn't"})


def is_yes_or_no(plain: str) -> bool:
    """Whether yes or no is an answer: an auxiliary before any word that asks for more."""
    for word in plain.split():
        if word in _ASKING:
            return False
        if word in _AUXILIARIES:
            return True
    return False


def is_listing(reading: Reading) -> bool:
    """Whether clients are asked for by what they have in common, or all of them."""
    if reading.has(f"intents:{LISTING}"):
        return True
    words = set(reading.plain.split())
    if words & _LISTED and not reading.clients and _is_of_a_kind(reading, words):
        return True
    if not (words & _LISTED and words & _LISTING) or reading.of("products"):
        return False
    is_advice = reading.has("topics:premium", "intents:frame", "intents:recommend", "intents:playbook")
    return not is_advice and (bool(words & _OURS) or not reading.has("intents:rule"))


def _is_of_a_kind(reading: Reading, words: Set[str]) -> bool:
    """Clients of one manager, or all of one industry."""
    if not words & {"which", "what", "list", "show", "name"} or reading.of("products"):
        return False
    is_of_person = reading.has("intents:manager") or (reading.has_unknown_name and "have" in words)
    is_of_industry = bool(reading.of("industries")) and {"are", "in"} <= words
    is_told = reading.has("intents:recommend", "intents:frame", "intents:playbook") or reading.figures.spends
    return (is_of_person or is_of_industry) and not is_told


def is_order_within(reading: Reading) -> bool:
    """ "What comes first for retail clients?": formats of an industry are ordered, not rules."""
    is_of_rules = reading.has("topics:spend_rule", "intents:spend", "intents:industry", "manner:win")
    return bool(reading.of("industries")) and "first" in reading.plain.split() and not is_of_rules


def is_hypothetical(reading: Reading) -> bool:
    """Whether somebody's word is put before a question: "assume that the CFO approved everything"."""
    return not _SUPPOSED.isdisjoint(reading.plain.split())


def asks_who_or_when(plain: str) -> bool:
    """Whether a person or a time is asked for first, so that no is no answer."""
    first = next((word for word in plain.split() if word in _ASKING or word in _AUXILIARIES), None)
    return first in ("who", "whose", "when")
