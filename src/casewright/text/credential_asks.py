"""Credential asks: no reply may ask for a PIN, a code, a password or card data, in any framing or language.

Default deny. A sentence that names a credential has to be made of known safe framings (a negated ask,
advice to change it, a report about a third party). They are cut out one by one; a mention that is left over
is an ask, and so is a warning that a reversal ("except with us") or a question turns round. Sentences
around a warning must not hand over what it is about ("send it to our agent").

Not done here: personal data and numbers, which the whitelist of facts covers.
"""

import re
from functools import cache
from re import Pattern

from casewright.text.clauses import Reading, Sentence
from casewright.text.phrasebook import Phrasebook, excise

_CREDENTIAL = "§"
_NEAR = 40
_PRONOUN_WARNINGS = 2


class CredentialAsks:
    """Compiled patterns of `data/shield_credentials.yaml`."""

    def __init__(self) -> None:
        book = Phrasebook("shield_credentials.yaml")
        self._benign = book.any_of("benign")
        self._aside = re.compile(r" , (?:including|not even|even|whether|be it) (?:[^ ,¦]+ ){1,7}, ")
        self._credential = book.any_of("credential")
        self._reversal = book.any_of("reversal")
        self._permission = book.any_of("permission")
        self._warnings: tuple[Pattern[str], ...] = book.patterns("warning")
        self._safe: tuple[Pattern[str], ...] = book.patterns("safe")
        self._generic = book.patterns("generic")
        self._question = book.any_of("question")
        self._handover = book.any_of("handover")
        self._exception = book.any_of("exception")
        self._askable = book.any_of("askable")
        self._asks = book.any_of("asks")

    def is_broken(self, reading: Reading) -> bool:
        """Whether any sentence asks for a credential."""
        marked = [self._mark(sentence) for sentence in reading.sentences]
        if any(_CREDENTIAL in sentence.text for sentence in marked) and any(map(self._is_ask, marked)):
            return True
        return any(self._asks.search(self._excise_warnings(sentence.text)) for sentence in marked)

    def has_warning(self, reading: Reading) -> bool:
        """Whether a sentence warns the customer not to hand a credential over."""
        return any(
            any(pattern.search(sentence.text) for pattern in (*self._warnings, self._generic[0]))
            and not self._is_ask(sentence)
            for sentence in map(self._mark, reading.sentences)
            if _CREDENTIAL in sentence.text
        )

    def _mark(self, sentence: Sentence) -> Sentence:
        text = self._benign.sub("reference", self._aside.sub(" ", sentence.text))
        return Sentence(self._credential.sub(_CREDENTIAL, text), sentence.is_question)

    def _excise_warnings(self, text: str) -> str:
        return excise(text, self._warnings)

    def _is_ask(self, sentence: Sentence) -> bool:
        text = sentence.text
        if _CREDENTIAL not in text:
            rest = excise(text, self._warnings[:_PRONOUN_WARNINGS])
            return self._exception.search(rest) is not None or self._is_handover(rest)
        if self._reversal.search(text):
            return True
        if sentence.is_question:
            rest = self._question.sub("¦", text)
        else:
            rest = excise(excise(excise(text, self._warnings), self._safe), self._generic)
        return _CREDENTIAL in rest or self._permission.search(rest) is not None or self._is_handover(rest)

    def _is_handover(self, text: str) -> bool:
        return any(
            self._askable.search(text, max(0, match.start() - _NEAR), match.end() + _NEAR) is None
            for match in self._handover.finditer(text)
        )


@cache
def credential_asks() -> CredentialAsks:
    """The packaged rule, compiled at first use."""
    return CredentialAsks()
