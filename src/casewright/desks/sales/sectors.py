"""Sectors: kinds of clients that the vocabulary does not name, told by where their words stand.

"A veterinary client", "zoo accounts", "pitch to a zoo": such words name an industry, for which the policy has
its clause of any other one. They are read after names and known words, and never take a word from either.
"""

from collections.abc import Sequence, Set

from casewright.desks.sales.vocabulary import SalesVocabulary, is_ordinary

_LONGEST = 3
"""The most words of one."""


def find_sector(
    known: SalesVocabulary,
    words: Sequence[str],
    capitals: Sequence[bool],
    taken: Set[int],
    *,
    is_ours: bool,
) -> frozenset[int]:
    """Places of the words that name an industry which is not listed; empty where none does.

    `taken` are places of names and known phrases. `is_ours`: the question speaks of pitches, formats or
    amounts, so that whom something is "for" may be an industry.
    """
    closed = known.stop | known.one_client | known.many_clients
    free = [
        place not in taken and word not in closed and word.isalpha() and word.isascii()
        for place, word in enumerate(words)
    ]
    for first in range(len(words)):
        last = first
        while last < len(words) and free[last] and last - first < _LONGEST:
            last += 1
        if last == first or (first and free[first - 1]):
            continue
        if _is_kind_of_client(known, words, capitals, first, last) or (
            is_ours and _is_audience(known, words, capitals, first, last)
        ):
            return frozenset(range(first, last))
    return frozenset()


def _is_kind_of_client(
    known: SalesVocabulary, words: Sequence[str], capitals: Sequence[bool], first: int, last: int
) -> bool:
    """ "A veterinary client", "zoo accounts": before a word for clients, and more than one could be meant."""
    if last >= len(words) or not set(words[first:last]).isdisjoint(known.describing):
        return False
    noun = words[last]
    is_any = first > 0 and words[first - 1] in known.articles
    if noun in known.one_client:
        return is_any
    return noun in known.many_clients and (is_any or not any(capitals[first:last]))


def _is_audience(
    known: SalesVocabulary, words: Sequence[str], capitals: Sequence[bool], first: int, last: int
) -> bool:
    """ "Pitch to a zoo", "formats for dog groomers at 200k": after "to" or "for", any of its kind."""
    phrase = words[first:last]
    if any(capitals[first:last]) or not set(phrase).isdisjoint(known.describing):
        return False
    before = words[first - 1] if first else ""
    is_any = before in known.articles
    if not is_any and not all(map(is_ordinary, phrase)):
        return False
    preposition = words[first - 2] if is_any and first > 1 else before
    is_many = phrase[-1].endswith("s") and not phrase[-1].endswith("ss")
    ends = last == len(words) or words[last] in known.after_audience or words[last][0].isdigit()
    return preposition in known.before_audience and (is_any or is_many) and ends
