"""PIN, one-time code, CVV, password: a value tied to the word that names it, in English, Bangla or Banglish.

A number tied tightly is taken whatever it looks like; one tied loosely only when it cannot be an amount. A
number that carries a currency, a unit, a record's name or a date's form is never taken. A missed secret is
worse than a damaged number, but a warning without a value ("nobody asked for my PIN, I sent 5000") stays.
"""

import re
from collections.abc import Iterator

from casewright.text.sensitive.findings import Finding, Kind
from casewright.text.sensitive.lexicon import load_lexicon
from casewright.text.sensitive.passwords import find_passwords
from casewright.text.sensitive.reading import read
from casewright.text.sensitive.scan import Scan
from casewright.text.sensitive.values_before import take_before
from casewright.text.sensitive.values_behind import take_behind
from casewright.text.sensitive.wordlists import alternatives, load_data

_DIGIT = re.compile(r"[0-9]")
_QUANTITY = (
    rf"(?:,[0-9]{{2,3}}(?![0-9])|\s?(?:{alternatives(load_data('redaction_cues')['quantity_after'])}))"
)
_CVV = re.compile(
    r"(?<![a-z])(?:cv[vc]2?|সিভিভি|সিভিসি)(?:\s*(?:is|was|:|=|no|number|code|holo|hocche|হলো|হল|নম্বর|কোড|ta|টা))*"
    r"\s*([0-9]{3}(?:-?[0-9])?(?![0-9]|-[0-9](?![0-9]))"
    r"|[0-9]{2}[- ][0-9]{1,2}(?![0-9]|[- ][0-9](?![0-9]))|[0-9][- ][0-9]{2,3}(?![0-9])"
    rf"|[0-9](?:[- ][0-9]){{2,3}}(?![0-9]|{_QUANTITY}|[- ][0-9](?![0-9])(?!{_QUANTITY})))"
)
"""A card's code right behind its name: three or four digits, whatever follows; "2 lac" is no part of it."""
_OTP = re.compile(
    r"(?<![a-z])(?:otp|ওটিপি)(?:\s*(?:is|was|:|=|code|ase|asche|asce|esechhe|eseche|holo|hocche|এসেছে|আসছে|হলো|হল|কোড|ta|টা))+"
    r"\s*([0-9]{6})(?![0-9])"
)
"""Six digits said to be the one-time code."""
_SMS = re.compile(
    r"(?<![a-z])(?:use|enter|type) ([0-9]{4,8}) (?:to|as|for) (?:log|sign|verify|confirm|complete|your|reset"
    r"|access|continue)|(?<![a-z0-9])(?:g|fb)-([0-9]{4,8})(?= is)"
)
"""One-time codes in the words of the messages that bring them, without the word "code"."""


def find_credentials(scan: Scan) -> Iterator[Finding]:
    """Every PIN, one-time code, CVV and password of the text, each once."""
    yield from dict.fromkeys(_find(scan))


def _find(scan: Scan) -> Iterator[Finding]:
    lexicon = load_lexicon()
    text = scan.text
    for match in _SMS.finditer(text):
        yield scan.finding(Kind.OTP, *match.span(match.lastindex or 1))
    for pattern, kind in ((_CVV, Kind.CVV), (_OTP, Kind.OTP)):
        for match in pattern.finditer(text):
            yield scan.finding(kind, *match.span(1))
    if not any(hint in text for hint in lexicon.hints):
        return
    reading = read(scan, lexicon)
    if reading is None:
        return
    cues = [(placed, placed.cue.kind) for placed in reading.cue_at.values() if placed.cue.kind is not None]
    for placed, kind in cues:
        if kind is Kind.PASSWORD:
            for start, end in find_passwords(scan, lexicon, placed):
                yield scan.finding(Kind.PASSWORD, start, end)
    if not _DIGIT.search(text) and not reading.numbers:
        return
    for placed, kind in cues:
        take_behind(reading, placed, kind)
    for placed, kind in cues:
        take_before(reading, placed, kind)
    for kind, start, end in reading.codes:
        yield scan.finding(kind, start, end)
    for first, kind in reading.taken.items():
        number = reading.numbers[first]
        yield scan.finding(kind, number.start, number.end)
