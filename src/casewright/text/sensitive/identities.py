"""Numbers that name a person or an account: IBAN, national ids, bank accounts, network addresses.

An IBAN proves itself by its check digits, a social security number by its form. Every other number needs the
word for it close by, before or after.
"""

import re
from collections.abc import Iterator

from casewright.text.sensitive.findings import Finding, Kind
from casewright.text.sensitive.scan import Scan
from casewright.text.sensitive.wordlists import alternatives, load_data, whole_words

_IBAN_START = re.compile(r"(?<![a-z0-9])[a-z]{2}[0-9]{2}(?=[ \-]?[a-z0-9])")
_IBAN_BODY = re.compile(r"[a-z]{2}[0-9]{2}(?:[ \-]?[a-z0-9]){11,30}")
_IBAN_CUE = re.compile(r"iban[^0-9\x1a]{0,25}\Z")
_IBAN_LENGTHS = {
    length: codes.split()
    for length, codes in {
        15: "no",
        16: "be bi",
        18: "dk fi fo gl nl sd",
        19: "mk si",
        20: "at ba ee kz lt lu xk mn",
        21: "ch hr li lv",
        22: "bg bh cr de gb ge ie me rs va",
        23: "ae il om tl iq",
        24: "ad cz es md pk ro sa se sk tn vg",
        25: "ly pt st",
        26: "is tr",
        27: "bi fr gr it mc mr sm dj",
        28: "al az by cy do gt hu lb ni pl sv",
        29: "br eg ps qa ua",
        30: "jo kw mu",
        31: "mt sc",
        32: "lc",
        33: "ru",
    }.items()
}
_SSN = re.compile(r"(?<![0-9a-z\-])(?!000|666)[0-9]{3}([- ])(?!00)[0-9]{2}\1(?!0000)[0-9]{4}(?![0-9\-])")
_NINO = re.compile(
    r"(?<![a-z0-9])(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-tw-z][a-ceghj-nprstqw-z]"
    r"(?:[ ]?[0-9]{2}){3}[ ]?[a-d](?![a-z0-9])"
)
_WORDS = load_data("redaction_cues")
_ID_WORDS = whole_words(_WORDS["national_id"])
_DOCUMENT_WORDS = whole_words(_WORDS["document"])
_ACCOUNT_WORDS = whole_words(_WORDS["account"])
_HINTS = tuple(re.split(r"\|", alternatives(_WORDS["identity_hints"])))
_NEW = rf"(?!,[0-9]{{2,3}}(?![0-9])|\s?(?:{alternatives(_WORDS['quantity_after'])}))"
"""What stands behind a number's last digits and shows that they begin an amount or a count of their own."""
_NUMBER = rf"(?<![0-9a-z\-])[0-9](?:(?:[ \-]|\.(?! )){{0,2}}[0-9]){{7,16}}(?![0-9a-z]){_NEW}"
_FILLER = r"[^0-9\n\x1a]{0,28}?\n?"
_IS = r"(?:(?:is|was|ta|eta|e|holo|hocche|হলো|হচ্ছে)\s)?"
_CUED_ID = re.compile(rf"{_ID_WORDS}{_FILLER}({_NUMBER})")
_ID_BEFORE = re.compile(rf"({_NUMBER})[ ,(\-]{{0,3}}{_IS}(?:(?:my|the|amar|আমার|his|her|our)\s)?{_ID_WORDS}")
_CUED_DOCUMENT = re.compile(
    rf"{_DOCUMENT_WORDS}(?:\s?(?:number|no|num|id|নম্বর|নাম্বার|নং))?[\s:#.\-=]{{0,4}}{_IS}[\s:#]{{0,2}}"
    r"([a-z]{1,3}[ \-]?[0-9]{5,10}[a-z]?|(?=[a-z]{0,20}[0-9])[a-z0-9]{6,20}|[0-9](?:[ \-]?[0-9]){6,15})"
    r"(?![a-z0-9])"
)
_CUED_ACCOUNT = re.compile(
    rf"{_ACCOUNT_WORDS}[^0-9\n\x1a]{{0,20}}?((?<![0-9a-z\-])[0-9](?:[ \-]?[0-9]){{5,17}}(?![0-9a-z]){_NEW})"
)
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IP = re.compile(rf"(?<![0-9.])(?:{_OCTET}\.){{3}}{_OCTET}(?![0-9]|\.[0-9])")
_IP6 = re.compile(r"(?<![0-9a-z:])(?:[0-9a-f]{1,4}:){5,7}[0-9a-f]{1,4}(?![0-9a-z:])")
_VERSION = re.compile(r"(?:version|ver|v|app|release)[ .:]{0,2}\Z")
_MONEY_AFTER = re.compile(r"\s?" + whole_words(_WORDS["money_after"]))
_MOBILE = re.compile(r"(?:88[ \-]?)?01[3-9][ \-]?[0-9]{2}[ \-]?[0-9]{6}")
_IP_SHORTEST = 9


def find_identities(scan: Scan) -> Iterator[Finding]:
    """IBANs, national ids, bank accounts and network addresses of the text."""
    text = scan.text
    yield from _networks(scan)
    if not scan.chains:
        return
    for start, end in _ibans(text):
        yield scan.finding(Kind.IBAN, start, end)
    for pattern in (_SSN, _NINO):
        for match in pattern.finditer(text):
            yield scan.finding(Kind.NATIONAL_ID, *match.span())
    if not any(hint in text for hint in _HINTS):
        return
    for pattern, kind in (
        (_CUED_ID, Kind.NATIONAL_ID),
        (_ID_BEFORE, Kind.NATIONAL_ID),
        (_CUED_DOCUMENT, Kind.NATIONAL_ID),
        (_CUED_ACCOUNT, Kind.ACCOUNT),
    ):
        for match in pattern.finditer(text):
            if not _MONEY_AFTER.match(text, match.end(1)) and not _MOBILE.fullmatch(match[1]):
                yield scan.finding(kind, *match.span(1))


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    for match in _IBAN_START.finditer(text):
        start = match.start()
        body = _IBAN_BODY.match(text, start)
        if body is None:
            continue
        wanted = [length for length, codes in _IBAN_LENGTHS.items() if match[0][:2] in codes]
        for length in wanted:
            end = _end_after(text, start, length)
            if end and (_checks(text[start:end]) or _IBAN_CUE.search(text, max(0, start - 40), start)):
                yield start, end
                break


def _end_after(text: str, start: int, count: int) -> int:
    """Where the count-th letter or digit from `start` ends, if the word ends there as well."""
    at = start
    while count and at < len(text):
        if text[at].isalnum():
            count -= 1
        elif text[at] not in " -":
            return 0
        at += 1
    return at if not count and not text[at : at + 1].isalnum() else 0


def _checks(written: str) -> bool:
    """ISO 13616: country and check digits moved to the end, letters as numbers, remainder 1 by 97."""
    plain = "".join(char for char in written if char.isalnum())
    if not plain.isascii():
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def _networks(scan: Scan) -> Iterator[Finding]:
    text = scan.text
    if text.count(".") >= 3:
        for match in _IP.finditer(text):
            if (
                not _VERSION.search(text, max(0, match.start() - 12), match.start())
                and len(match[0]) >= _IP_SHORTEST
            ):
                yield scan.finding(Kind.IP, *match.span())
    if text.count(":") >= 5:
        for match in _IP6.finditer(text):
            yield scan.finding(Kind.IP, *match.span())
