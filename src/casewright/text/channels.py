"""Channels: a reply sends the customer to official places only, and never asks for a payment.

Official links, numbers and addresses are masked before this module reads; a link, a messenger, an unknown
phone or a wish for money that is left over is a violation. Warnings ("do not click unknown links") are cut
out first.
"""

import re
from functools import cache

from casewright.text.clauses import Reading
from casewright.text.phrasebook import Phrasebook, excise, load_document, word_set

_ADDRESS = re.compile(
    r"://|\bwww\b|\bhxxps?\b|\bxn--|[a-z0-9]@[a-z0-9]|(?<![a-z0-9])@[a-z]"
    r"|[a-z0-9](?:\.|\s?\[\.\]\s?|\s?\(dot\)\s?|\sdot\s)(?:com|net|org|ly|me|xyz|info|site|online|app|link|io|co|bd|top|club|shop|click|gg|to"
    r"|in|pk|biz|help|support|live|page|dev|ru|cn|tk|ml|test|example|invalid|gov|edu|mobi|pro|vip|zip)(?![a-z])"
)
_INTERNAL_CONTACTS = "foreignphone"


class Channels:
    """Compiled patterns of `data/shield_channels.yaml`."""

    def __init__(self) -> None:
        book = Phrasebook("shield_channels.yaml")
        self._messengers = word_set(load_document("shield_channels.yaml"), "messengers")
        self._warnings = book.patterns("warnings")
        self._unofficial = book.any_of("unofficial")
        self._other_party = book.any_of("other_party")
        self._payment = book.any_of("payment")

    def is_unofficial(self, reading: Reading, *, is_internal: bool) -> bool:
        """Whether the text leads anywhere but to an official channel."""
        if _ADDRESS.search(reading.text):
            return True
        return any(self._leads_away(sentence.text, is_internal=is_internal) for sentence in reading.sentences)

    def _leads_away(self, text: str, *, is_internal: bool) -> bool:
        if not self._messengers.isdisjoint(text.split()):
            return True
        if is_internal:
            text = text.replace(_INTERNAL_CONTACTS, "number")
        text = excise(text, self._warnings)
        if not is_internal and self._other_party.search(text):
            return True
        return self._unofficial.search(text) is not None

    def asks_for_payment(self, reading: Reading) -> bool:
        """Whether the text wants money from the customer."""
        return any(
            self._payment.search(excise(sentence.text, self._warnings)) for sentence in reading.sentences
        )


@cache
def channels() -> Channels:
    """The packaged rule, compiled at first use."""
    return Channels()
