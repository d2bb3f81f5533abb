"""Telephone numbers: Bangladesh's first, then international and the common national forms.

Local patterns decide. Only an international number with more digits behind it asks the numbering plans of
`phonenumbers`, which is imported then and not before, because it is slow. Short codes (999, 16247) are left.
"""

import re
from collections.abc import Iterator

from casewright.text.sensitive.findings import Finding, Kind
from casewright.text.sensitive.scan import Chain, Scan
from casewright.text.sensitive.wordlists import load_data, whole_words

_BANGLADESH = re.compile(r"(?=((?:(?:00)?88)?01[3-9][0-9]{8}|(?:00)?8800?1[3-9][0-9]{8}|09[36][0-9]{8,9}))")
_NATIONAL_MOBILE = re.compile(r"1[3-9][0-9]{8}")
_PLUS = re.compile(
    r"(?<![0-9+])(?:\+[ (]{0,2}(?=[1-9])|\(\+(?=[1-9])|00(?=[1-9]))[0-9]"
    r"(?:[ \-./()]{0,3}[0-9]){7,16}(?![0-9])"
    r"(?: ?(?:x|ext\.?|extension) ?[0-9]{1,6})?"
)
_NORTH_AMERICA = re.compile(
    r"(?<![0-9a-z.\-/])(?:(?:\+|00)?1[ \-.]{1,2})?(?:\([2-9][0-9]{2}\)[ \-.]{0,2}|[2-9][0-9]{2}[ \-.])"
    r"[0-9]{3}[ \-.]?[0-9]{4}(?![0-9]|[\-./][0-9])(?: ?(?:x|ext\.?|extension) ?[0-9]{1,6})?"
)
_TRUNK = re.compile(
    r"(?<![0-9a-z.\-/+])\(?0[1-9][0-9]{0,4}\)?(?:[ \-.]{1,2}[0-9]{2,8}){1,4}(?![0-9]|[\-./][0-9])"
)
_PARENTHESES = re.compile(r"(?<![0-9a-z])\(0[0-9]{1,5}\) ?[0-9]{3,8}(?:[ \-][0-9]{2,6}){0,2}(?![0-9])")
_PLAIN_TRUNK = re.compile(r"(?<![0-9a-z.\-/+])07[0-9]{9}(?![0-9a-z])")
_DATE = re.compile(
    r"\(?[0-9]{1,2}(?:([\-./])[0-9]{1,2}\1(?:19|20)?[0-9]{2}| [0-9]{1,2} (?:19|20)[0-9]{2})(?![0-9])"
)
_POSTAL = re.compile(r"[0-9]{5}-[0-9]{4}")
_WORDS = load_data("redaction_cues")
_NEAR = r"[^0-9\n\x1a]{0,24}\Z"
_CUE = re.compile(whole_words(_WORDS["phone"]) + _NEAR)
_NUMBER_CUE = re.compile(whole_words(_WORDS["number"]) + r"[^0-9\n\x1a]{0,12}\Z")
_RECORD = re.compile(whole_words(_WORDS["not_phone"]) + _NEAR)
_MONEY_AFTER = re.compile(r"\s?" + whole_words(_WORDS["money_after"]))
_LONG_RUN = re.compile(r"(?<![0-9a-z])[0-9](?:[ \-.()]{0,2}[0-9]){6,14}(?![0-9a-z])")
_GROUP = re.compile(r"[0-9]+")
_BANGLADESH_LENGTH = 13
_BANGLADESH_GROUPS = 1
"""A chain of one group that is a number of Bangladesh holds no other number."""
_LONG_WITH_MORE = 13
"""Digits from which on an international number may have an amount behind it."""
_MOST_QUESTIONS = 8
_SEPARATORS = frozenset(" -.()\t_*")
_LOOK_BACK = 40


def find_phones(scan: Scan) -> Iterator[Finding]:
    """Every telephone number of the text."""
    text = scan.text
    if "+" in text or "00" in text:
        for count, match in enumerate(_PLUS.finditer(text)):
            end = _international_end(match) if count < _MOST_QUESTIONS else match.end()
            yield scan.finding(Kind.PHONE, match.start(), end)
    known: set[int] = set()
    for chain in scan.chains:
        for start, end in _bangladesh(chain, text):
            known.add(chain.starts[start])
            yield scan.finding(Kind.PHONE, _with_plus(text, chain.starts[start]), chain.ends[end])
    if any(chain.start not in known or len(chain.starts) > _BANGLADESH_GROUPS for chain in scan.chains):
        for start, end in _national(text):
            yield scan.finding(Kind.PHONE, start, end)
        for start, end in _cued(text, known):
            yield scan.finding(Kind.PHONE, start, end)


def _international_end(match: re.Match[str]) -> int:
    """The end of the number itself: an amount may stand right behind it."""
    whole = match[0]
    groups = list(_GROUP.finditer(whole))
    if len(groups) == 1 or "x" in whole:
        return match.end()
    count = 0
    digits = "".join(group[0] for group in groups).removeprefix("00")
    if digits.startswith("8801"):
        for group in groups:
            count += len(group[0])
            if count - whole.startswith("00") * 2 == _BANGLADESH_LENGTH:
                return match.start() + group.end()
    if len(digits) < _LONG_WITH_MORE:
        return match.end()
    import phonenumbers

    for group in reversed(groups):
        candidate = re.sub(r"\(0\)|[^0-9+]", "", whole[: group.end()]).removeprefix("00")
        try:
            number = phonenumbers.parse(candidate if candidate.startswith("+") else f"+{candidate}")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return match.start() + group.end()
    return match.end()


def _bangladesh(chain: Chain, text: str) -> Iterator[tuple[int, int]]:
    digits = chain.digits
    if "1" not in digits and "9" not in digits:
        return
    free = 0
    for match in _BANGLADESH.finditer(digits):
        start, end = match.span(1)
        if start >= free and start in chain.starts:
            if end not in chain.ends and end - 1 in chain.ends and digits[start : start + 2] == "09":
                end -= 1
            if end in chain.ends and _is_one_number(chain, start, end, text):
                free = end
                yield start, end


def _is_one_number(chain: Chain, start: int, end: int, text: str) -> bool:
    first, last = chain.starts[start], chain.ends[end]
    between = text[first:last]
    marks = {mark for mark in between if not mark.isdigit()}
    if not marks <= _SEPARATORS:
        return len(between) >= 2 * (end - start) - 1  # every digit apart
    if not marks and first and text[first - 1].isascii() and text[first - 1].isalpha():
        return not re.search(r"[0-9][a-z]+\Z", text[max(0, first - 24) : first])  # not inside a hash or an id
    return True


def _with_plus(text: str, start: int) -> int:
    while start and text[start - 1] in "+(":
        start -= 1
    return start


def _national(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_NORTH_AMERICA, _PARENTHESES, _TRUNK, _PLAIN_TRUNK):
        for match in pattern.finditer(text):
            if _may_be_phone(match[0]) and not _RECORD.search(
                text, max(0, match.start() - _LOOK_BACK), match.start()
            ):
                yield match.span()


def _cued(text: str, known: set[int]) -> Iterator[tuple[int, int]]:
    """Numbers that only the word before them makes a telephone number."""
    for match in _LONG_RUN.finditer(text):
        start, end = match.span()
        if start in known or _MONEY_AFTER.match(text, end):
            continue
        low = max(0, start - _LOOK_BACK)
        is_mobile = _NATIONAL_MOBILE.fullmatch(re.sub(r"[^0-9]", "", match[0])) is not None
        if (_CUE.search(text, low, start) or (is_mobile and _NUMBER_CUE.search(text, low, start))) and not (
            _RECORD.search(text, low, start) or _DATE.match(match[0]) or _is_dotted(match[0])
        ):
            yield start, end


def _may_be_phone(written: str) -> bool:
    """Enough digits, and neither a date nor a row of round amounts."""
    number = re.split(r"x|ext", written)[0]
    groups = re.findall(r"[0-9]+", number)
    count = sum(map(len, groups))
    if not 9 <= count <= 14 or _DATE.match(written) or _POSTAL.fullmatch(written) or _is_dotted(number):
        return False
    if len(groups) == 1:
        return True
    return any(int(group) % 100 for group in groups[1:])


def _is_dotted(written: str) -> bool:
    """Dots mixed with other marks, or several in a row: a version or a clause, not a telephone number."""
    return "." in written and (".." in written or ".)" in written or "-" in written)
