"""Manner: how a question is asked, by its small words: for yes or no, or for a list of clients."""

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
    if not (words & _LISTED and words & _LISTING) or reading.of("products"):
        return False
    is_advice = reading.has("topics:premium", "intents:frame", "intents:recommend", "intents:playbook")
    return not is_advice and (bool(words & _OURS) or not reading.has("intents:rule"))
