"""The numbers of a text as a credential may be written: in one piece, digit by digit, in groups, in words.

Also what the marks right beside a number say: an amount, a time, a date, a piece of an id. The words around
it are weighed elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from casewright.text.sensitive.lexicon import Flag, Lexicon
from casewright.text.sensitive.scan import Scan

_MOST_DIGITS = 12
_FEWEST_PARTS = 3
_SEPARATORS = frozenset("-.,_/*|+~:;'\"`()[]")
_WIDEST_GAP = 3
_DATE = re.compile(
    r"(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}([-/.])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2}))(?![0-9])"
)
_AMOUNT = re.compile(r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?![0-9])")
_DATE_REACH = 8


@dataclass(slots=True)
class Number:
    """A number made of words `first` to `last` (exclusive); `start` and `end` index the text."""

    first: int
    last: int
    start: int
    end: int
    count: int
    """How many digits it has."""
    value: int
    """Its value if written in one piece, else -1."""
    is_apart: bool = False
    """Written digit by digit, in groups, or in words."""
    is_like_amount: bool = False
    """Written like "1,249"."""

    @property
    def is_round(self) -> bool:
        """Ends in two zeros, as amounts do and codes seldom."""
        return not self.is_apart and self.value % 100 == 0


def read_numbers(scan: Scan, lexicon: Lexicon) -> dict[int, Number]:
    """All numbers, by the index of their first word."""
    words = scan.words.words
    spoken = lexicon.spoken
    found: dict[int, Number] = {}
    index, count = 0, len(words)
    while index < count:
        word = words[index]
        if word[0].isdigit() and word.isascii():
            number = _joined(scan, index, lexicon) if len(word) <= _FEWEST_PARTS else None
            if number is None:
                start = scan.words.starts[index]
                value = int(word) if len(word) <= 18 else 1
                number = Number(index, index + 1, start, start + len(word), len(word), value)
            found[index] = number
            index = number.last
        elif word in spoken or lexicon.flags.get(word, 0) & Flag.SPOKEN_MULTIPLIER:
            spoken_number = _joined(scan, index, lexicon)
            if spoken_number is None:
                index += 1
            else:
                found[index] = spoken_number
                index = spoken_number.last
        else:
            index += 1
    return found


_MULTIPLIERS = {"double": 2, "dbl": 2, "triple": 3}


def _joined(scan: Scan, first: int, lexicon: Lexicon) -> Number | None:
    """A number of several words: "1 2 3 4", "44 55 66", "445-566", "one two 3 four"."""
    parts = list(_parts(scan, first, lexicon))
    if not parts:
        return None
    words, starts = scan.words.words, scan.words.starts
    sizes = [size for _, size in parts]
    is_digits = all(words[at].isdigit() for at, _ in parts)
    if is_digits and max(sizes) > 1:
        parts = parts[: _equal_groups(sizes)]
    if (is_digits and max(sizes) == 1) or not is_digits:
        total = sum(size for _, size in parts)
        if len(parts) < 2 or total < _FEWEST_PARTS:
            return None
        if (
            not is_digits
            and len(parts) < _FEWEST_PARTS
            and any(words[at].isdigit() or size < 2 for at, size in parts)
        ):
            return None
    if len(parts) < 2:
        return None
    last = parts[-1][0]
    start, end = starts[first], starts[last] + len(words[last])
    total = sum(size for _, size in parts)
    return Number(
        first,
        last + 1,
        start,
        end,
        total,
        -1,
        is_apart=True,
        is_like_amount=_AMOUNT.fullmatch(scan.text, start, end) is not None,
    )


def _equal_groups(sizes: list[int]) -> int:
    """How many leading groups form one code: equal ones of two or three digits, or a few short ones."""
    same = 1
    while (
        same < len(sizes) and sizes[same] == sizes[0] and sizes[0] in (2, 3) and sum(sizes[: same + 1]) <= 8
    ):
        same += 1
    if same > 1:
        return same
    if 2 <= len(sizes) <= 4 and sum(sizes) in (4, 5, 6, 8) and max(sizes) <= 3:
        return len(sizes)
    return 1


def _parts(scan: Scan, first: int, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Neighbouring pieces (word index, digits in it) from `first` on."""
    words, starts, spoken = scan.words.words, scan.words.starts, lexicon.spoken
    index, total, times, end = first, 0, 1, -1
    while index < len(words) and total < _MOST_DIGITS:
        word = words[index]
        if end >= 0 and starts[index] - end > _WIDEST_GAP:
            return
        if word[0].isdigit() and word.isascii() and len(word) <= _FEWEST_PARTS:
            if total >= _FEWEST_PARTS and _begins_quantity(scan, index, lexicon):
                return
            size = len(word)
        elif word in spoken:
            size = spoken[word]
            if size == 0:  # a ten: "thirty four" has two digits, and so has "thirty"
                follows = words[index + 1] if index + 1 < len(words) else ""
                size = 1 if spoken.get(follows) == 1 else 2
        elif word in _MULTIPLIERS and index + 1 < len(words):
            times = _MULTIPLIERS[word]
            index += 1
            continue
        elif word in _SEPARATORS and total and not (size > 1 and _divides(scan, index)):
            index += 1
            continue
        else:
            return
        total += size * times
        yield index, size * times
        times = 1
        end = starts[index] + len(word)
        index += 1


def _begins_quantity(scan: Scan, index: int, lexicon: Lexicon) -> bool:
    """Whether a piece is the beginning of what stands behind it: "2 lac", "6k", "1,25,000", "3 march"."""
    words, text, start = scan.words.words, scan.text, scan.words.starts[index]
    end = start + len(words[index])
    if text[start - 1 : start] != " ":
        return False
    if _GROUPED.match(text, start):
        return True
    following = words[index + 1] if index + 1 < len(words) else ""
    return bool(lexicon.flag(following) & (Flag.SCALE | Flag.MONTH)) and text[end : end + 2].strip() != ""


def _divides(scan: Scan, index: int) -> bool:
    """Whether a mark divides groups of digits ("10:45", "20, 11") rather than joining them ("44-55")."""
    mark = scan.words.words[index]
    return mark in ":/" or (
        mark in ",;." and scan.text[scan.words.end(index) : scan.words.end(index) + 1] == " "
    )


def is_marked(scan: Scan, number: Number, flags: list[int], cue_end: int) -> bool:
    """Whether the marks around the number make it an amount, a time, a date or a piece of an id."""
    text, start, end = scan.text, number.start, number.end
    before = text[start - 1] if start else " "
    after = text[end : end + 2]
    if before in "+$৳€£" or (before in "*#" and start - cue_end > 2):
        return True
    if after[:1] in ("#", "%") or after in ("xx", "**", "/-"):
        return True
    if (
        _follows_unit(scan, number, flags)
        or _is_date(text, start, end)
        or _is_time(text, start, end, cue_end)
    ):
        return True
    if number.is_apart and not number.is_like_amount:
        return False
    is_grouped = after[:1] in (".", ",") and after[1:].isdigit() and not text[end + 1 : end + 5].isdigit()
    is_tail = (
        before in ".," and start >= 2 and text[start - 2].isdigit() and start > cue_end and number.count <= 3
    )
    if is_grouped or is_tail:
        return True
    is_word = number.first > 0 and flags[number.first - 1] & (Flag.STRONG | Flag.LINK) and before.isalpha()
    may_be_id = (before.isalpha() or before in "-_/") and start > cue_end and not is_word
    return may_be_id and _is_id(text, start, cue_end)


def _is_time(text: str, start: int, end: int, cue_end: int) -> bool:
    """Part of "10:45": a colon between this number and another of at most two digits."""
    if text[end : end + 1] == ":" and text[end + 1 : end + 3].isdigit():
        return True
    return start >= 2 and text[start - 1] == ":" and text[start - 2].isdigit() and start > cue_end


def _follows_unit(scan: Scan, number: Number, flags: list[int]) -> bool:
    if number.last >= len(flags) or not flags[number.last] & (Flag.CURRENCY | Flag.UNIT | Flag.SCALE):
        return False
    words = scan.words.words
    follows = words[number.last + 1] if number.last + 1 < len(words) else ""
    if (
        words[number.last] in ("taka", "tk", "bdt", "টাকা", "$", "৳")
        and follows.isdigit()
        and len(follows) >= 3
    ):
        return False  # "pin 1234 tk 5000": the currency belongs to the next number
    return not (flags[number.last] & Flag.SCALE and len(words[number.last]) == 1 and not number.value >= 0)


def _is_id(text: str, start: int, cue_end: int) -> bool:
    """Letters joined to the number, by a hyphen or directly, and not the cue itself."""
    if text[start - 3 : start - 2] == "%":
        return False  # "otp%3D1234"
    low = start
    while low > max(cue_end, 0) and (
        (text[low - 1].isascii() and text[low - 1].isalnum()) or text[low - 1] in "-_/"
    ):
        low -= 1
    prefix = text[low:start]
    return (
        low > cue_end - 1 and low != cue_end and any(char.isalpha() for char in prefix) and start - low >= 2
    )


def _is_date(text: str, start: int, end: int) -> bool:
    around = text[max(0, start - _DATE_REACH) : end + _DATE_REACH]
    if "-" not in around and "/" not in around and "." not in around:
        return False
    shift = max(0, start - _DATE_REACH)
    return any(
        match.start() + shift < end and match.end() + shift > start and _is_day_and_month(match[0])
        for match in _DATE.finditer(around)
    )


def _is_day_and_month(written: str) -> bool:
    first, second, third = (int(part) for part in re.split(r"[-/.]", written))
    day_month = (second, third) if first > 31 else (first, second)
    return 1 <= min(day_month) <= 12 and max(day_month) <= 31
