"""Manner: how a question is asked, by its small words: for yes or no, or for a list of clients."""

from collections.abc import Sequence, Set

from casewright.desks.sales.asked import LISTING
from casewright.desks.sales.reading import Reading

AUXILIARIES = frozenset(
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
_IN_GENERAL = frozenset(
    {"generally", "general", "normally", "usually", "typically", "overall", "everybody", "everyone"}
)
_EVERY_CLIENT = frozenset({"clients", "customers", "accounts", "advertisers", "prospects"})
_ONE_CLIENT = frozenset({"client", "customer", "account", "advertiser", "prospect"})
_ANY = frozenset({"a", "an", "any", "each", "every", "another", "some"})
_FORMATS = frozenset({"format", "formats", "product", "products", "ads", "packages"})
_POINTING = frozenset({"it", "this", "that", "they", "he", "she", "those", "these"})
_OF_PERSONS = [["manager"], ["owner"], ["lead"], ["mgr"], ["person"], ["rep"], ["executive"]]
_OURS = frozenset({"my", "our", "we", "i", "haven't", "hasn't"})


def is_yes_or_no(plain: str) -> bool:
    """Whether yes or no is an answer: an auxiliary before any word that asks for more."""
    for word in plain.split():
        if word in _ASKING:
            return False
        if word in AUXILIARIES:
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
    if reading.has("intents:manager") and reading.has_unknown_name:
        return True
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


def is_open_question(plain: str) -> bool:
    """Whether a word asks for more than yes or no, before any auxiliary. "Ki" asks for either."""
    first = next((word for word in plain.split() if word in _ASKING or word in AUXILIARIES), "ki")
    return first in _ASKING and first != "ki"


def _is_definition(reading: Reading, words: Sequence[str]) -> bool:
    """ "What is branded content?": the format itself is asked about."""
    is_what = words[:1] == ["what's"] or words[:2] in (["what", "is"], ["what", "are"])
    is_more = reading.of("intents") or reading.has("references:references")
    return is_what and bool(reading.of("products")) and not is_more


def is_in_general(reading: Reading) -> bool:
    """Whether a question is about clients as such: "a client who …", "clients under 150k", "in general"."""
    words = reading.plain.split()
    if not _IN_GENERAL.isdisjoint(words):
        return True
    if words[:1] and words[0] in AUXILIARIES and words[1:2] and words[1] in _POINTING:
        return False
    if _is_definition(reading, words):
        return True
    if any(noun in _EVERY_CLIENT for noun in words) and "other" not in words:
        return True
    return any(
        noun in _ONE_CLIENT
        and not _ANY.isdisjoint(words[max(0, place - 2) : place])
        and words[place + 1 : place + 2] not in _OF_PERSONS
        for place, noun in enumerate(words)
    )


def asks_closed(reading: Reading) -> bool:
    """Whether it is asked what is closed: "what can't I pitch?", "which formats are forbidden?" """
    is_of_formats = reading.has("manner:forbidden") and not _FORMATS.isdisjoint(reading.plain.split())
    return (reading.has("manner:closed") or is_of_formats) and not reading.of("products")
