"""Reply language: a customer who writes Bangla is answered in Bangla letters, others in English.

Counts letters; ids, amounts and official addresses are masked before, and the loan words that both
languages write in Latin letters (PIN, OTP, SMS) do not count.
"""

import re

from casewright.domain.case import Language

_BANGLA = re.compile(r"[\u0980-\u09ff]")
_LATIN = re.compile(r"[A-Za-z]")
_LOANS = re.compile(
    r"\b(?:PIN|OTP|SMS|ID|CVV|recordid|officialchannel|foreignphone|BDT|QR|TXN)\b", re.IGNORECASE | re.ASCII
)
_BANGLA_SHARE = 0.6
_ENGLISH_SHARE = 0.2


def is_in_language(skeleton: str, language: Language) -> bool:
    """Whether a masked text is in the language of the reply; `mixed` takes either."""
    bangla = len(_BANGLA.findall(skeleton))
    if language is Language.EN:
        return bangla == 0 or bangla <= _ENGLISH_SHARE * (bangla + len(_LATIN.findall(skeleton)))
    if language is Language.BN:
        latin = len(_LATIN.findall(_LOANS.sub("", skeleton)))
        return bangla > 0 and bangla >= _BANGLA_SHARE * (bangla + latin)
    return True
