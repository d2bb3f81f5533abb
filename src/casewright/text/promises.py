"""Promises: no reply promises or confirms money, an unblocking or an outcome.

Sentence by sentence. Nouns that only name a request, hedges ("any eligible amount will be returned through
official channels") and negations ("we cannot promise a refund") are cut out; what is left over must not
match a promise or a confirmation. A completed refund may be stated when the records hold one.

Not done here: deadlines and amounts, which the whitelist of facts covers.
"""

from functools import cache

from casewright.text.clauses import Reading, Sentence
from casewright.text.phrasebook import Phrasebook, excise

_BARE_WORDS = 4


class Promises:
    """Compiled patterns of `data/shield_promises.yaml`."""

    def __init__(self) -> None:
        book = Phrasebook("shield_promises.yaml")
        self._request = book.any_of("request")
        self._hedged = book.patterns("hedged")
        self._recorded = book.patterns("recorded")
        self._internal = book.patterns("internal")
        self._promise = book.patterns("promise") + book.patterns("bangla") + book.patterns("banglish")
        self._confirmed = book.patterns("confirmed")
        self._bare = book.any_of("bare")

    def is_broken(self, reading: Reading, *, is_refund_recorded: bool, is_internal: bool) -> bool:
        """Whether any sentence promises or confirms an outcome."""
        return any(
            self._is_promise(sentence, is_refund_recorded=is_refund_recorded, is_internal=is_internal)
            for sentence in reading.sentences
        )

    def _is_promise(self, sentence: Sentence, *, is_refund_recorded: bool, is_internal: bool) -> bool:
        text = self._request.sub("request", sentence.text)
        if is_refund_recorded:
            text = excise(text, self._recorded)
        if is_internal:
            text = excise(text, self._internal)
        text = excise(text, self._hedged)
        if any(pattern.search(text) for pattern in self._promise + self._confirmed):
            return True
        return (
            not is_internal
            and len(sentence.text.split()) <= _BARE_WORDS
            and self._bare.search(text) is not None
        )


@cache
def promises() -> Promises:
    """The packaged rule, compiled at first use."""
    return Promises()
