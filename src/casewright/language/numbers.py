"""Numbers: one number in digits, in words of three languages, or with scales ("5k", "সাড়ে তিন হাজার").

Values are integers in ten-thousandths, so that every fraction people say is exact. Reads what the number is,
never what it counts: that "2" in "2 pm" is an hour is the business of `times` and `quantities`.
"""

from dataclasses import dataclass
from typing import Final

from casewright.language.passage import Passage
from casewright.language.vocabulary import (
    AMBIGUOUS,
    ARTICLE,
    BANGLA,
    CLASSIFIER,
    CLOCK,
    CONJUNCTION,
    CURRENCY,
    DAYS_INSIDE,
    FRACTION,
    GLUED_CURRENCY,
    GLUED_SCALE,
    NUMERAL,
    OFFSET,
    SCALE,
    SCALED,
    TENS,
    TIMES_INSIDE,
    VAGUE,
    Word,
)

UNIT: Final = 10_000
"""One, in the ten-thousandths that values are counted in."""
_PER_HUNDREDTH: Final = UNIT // 100
_MAX_DIGITS: Final = 15
_NO_SCALE: Final = 10**12
_PLAIN_NUMERAL: Final = NUMERAL | SCALE | SCALED | FRACTION | OFFSET
_INSIDE: Final = CLOCK | CLASSIFIER | TIMES_INSIDE | DAYS_INSIDE


@dataclass(slots=True)
class Number:
    """A number at tokens [first, last)."""

    value: int
    """In ten-thousandths."""
    first: int
    last: int
    is_scaled: bool = False
    is_digits: bool = False
    is_ambiguous: bool = False
    """Only English-looking words carry it ("at", "sat")."""
    needs_currency: bool = False
    """A bare scale ("হাজার টাকা"): an amount only with a currency."""
    second: int = 0
    """A second reading of the same spelling, in ten-thousandths (0: none)."""


def parse_digits(word: str) -> tuple[int, ...]:
    """Values in ten-thousandths of one digit token: several where commas list them ("1500,2000"), () if none.

    Both groupings are read ("1,50,000", "150,000"); three decimals alone are a grouping too ("5.000").
    """
    if len(word) > _MAX_DIGITS + 6:
        return ()
    if word.isdigit():
        return (int(word) * UNIT,) if len(word) <= _MAX_DIGITS else ()
    if "," in word:
        groups = word.split(",")
        whole = _join_groups(groups)
        if whole is not None:
            return (whole,)
        return tuple(value for group in groups for value in parse_digits(group))
    parts = word.split(".")
    if len(parts) > 2:
        return _parse_point_groups(parts)
    major, minor = parts
    if len(minor) == 3 and len(major) <= 3 and major[0] != "0":
        return (int(major + minor) * UNIT,)
    if len(major) > _MAX_DIGITS:
        return ()
    return (int(major) * UNIT + int((minor + "0000")[:4]),)


def _parse_point_groups(parts: list[str]) -> tuple[int, ...]:
    if all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3:
        return (int("".join(parts)) * UNIT,)
    return ()


def _join_groups(groups: list[str]) -> int | None:
    """One value of comma groups, or None where they are not groups of one number."""
    tail, _, decimals = groups[-1].partition(".")
    middles = groups[1:-1]
    heads = (groups[0], *middles)
    if len(tail) != 3 or not all(head.isdigit() and len(head) <= 3 for head in heads):
        return None
    if any(len(middle) < 2 for middle in middles) or not (decimals.isdigit() or not decimals):
        return None
    return int("".join((*heads, tail))) * UNIT + int((decimals + "0000")[:4])


def has_currency_after(passage: Passage, index: int) -> bool:
    """Whether a currency word or "/-" starts at a token."""
    roles = passage.roles(index)
    if roles & CURRENCY:
        return True
    if roles & GLUED_CURRENCY:
        return passage.is_glued(index)
    word = passage.word(index)
    if word == "/":
        return (
            passage.is_glued(index) and passage.word(index + 1) in ("-", "=") and passage.is_glued(index + 1)
        )
    if word in ("(", "-", ".") and passage.roles(index + 1) & CURRENCY:
        return word == "(" or passage.is_glued(index + 1)
    return False


def read_number(passage: Passage, index: int) -> Number | None:
    """The longest number that starts at a token, or None."""
    word = passage.words[index]
    if "0" <= word < ":" and _stands_alone(passage, index + 1):
        values = parse_digits(word)
        return Number(values[0], index, index + 1, is_digits=True) if len(values) == 1 else None
    entry = passage.entries[index]
    if entry is not None and entry.roles & _PLAIN_NUMERAL == NUMERAL and _stands_alone(passage, index + 1):
        return Number(
            entry.number * _PER_HUNDREDTH,
            index,
            index + 1,
            is_ambiguous=bool(entry.roles & AMBIGUOUS),
            second=entry.second * _PER_HUNDREDTH,
        )
    return _NumberReading(passage, index).read()


def _stands_alone(passage: Passage, behind: int) -> bool:
    """Whether nothing at a token can go on a number in digits."""
    if behind >= passage.count:
        return True
    if passage.words[behind] in ("000", "-", "'"):
        return False
    entry = passage.entries[behind]
    return entry is None or not entry.roles & (SCALE | CONJUNCTION | NUMERAL)


class _NumberReading:
    """A scan over tokens: `group` is the part below the next scale, `total` what scales have closed."""

    __slots__ = (
        "at",
        "first",
        "group",
        "group_at",
        "has_hundred",
        "is_ambiguous",
        "is_bangla",
        "is_bare_scale",
        "is_digits",
        "last_scale",
        "passage",
        "scaled",
        "second",
        "total",
        "was_tens",
    )

    def __init__(self, passage: Passage, index: int) -> None:
        self.passage = passage
        self.first = self.at = self.group_at = index
        self.total = 0
        self.group = -1
        self.second = 0
        self.last_scale = _NO_SCALE
        self.scaled = self.has_hundred = self.was_tens = False
        self.is_digits = self.is_ambiguous = self.is_bangla = self.is_bare_scale = False

    def read(self) -> Number | None:
        passage = self.passage
        while self.at < passage.count:
            word = passage.words[self.at]
            if "0" <= word < ":":
                if not self._take_digits(word):
                    break
                continue
            entry = passage.entries[self.at]
            if entry is None or word in ("-", "'"):
                if not self._take_joiner(word):
                    break
            elif not self._take_word(entry):
                break
        return self._build()

    def _take_digits(self, word: str) -> bool:
        if self.group >= 0 or (self.total and (word[0] == "0" or not self._may_remain())):
            return False
        values = parse_digits(word)
        if len(values) != 1 or (self.total and values[0] >= self.last_scale * UNIT):
            return False
        self._start_group(values[0])
        self.is_digits = True
        passage = self.passage
        while passage.word(self.at) == "000" and not passage.is_glued(self.at) and "," not in word:
            self.group *= 1000  # thousands set apart by spaces: "5 000"
            self.at += 1
        return True

    def _may_remain(self) -> bool:
        """Whether digits after a scale may belong to the number: "5 hajar 500", "2 lakh 5000 taka"."""
        passage, at = self.passage, self.at
        word = passage.words[at]
        after = passage.roles(at + 1)
        if passage.words[at - 1] == ".":
            return False
        return (
            has_currency_after(passage, at + 1) or bool(after & SCALE) or (len(word) == 3 and word.isdigit())
        )

    def _start_group(self, value: int) -> None:
        self.group = value
        self.group_at = self.at
        self.has_hundred = self.was_tens = False
        self.at += 1

    def _take_word(self, entry: Word) -> bool:
        roles = entry.roles
        if roles & SCALE and not (roles & GLUED_SCALE and not self._is_tight_scale()):
            return self._take_scale(entry)
        if roles & NUMERAL and not self._is_article_only(roles):
            return self._take_numeral(entry)
        if roles & OFFSET and self.group < 0:
            return self._take_offset(entry)
        if roles & CONJUNCTION:
            return self._take_and()
        return False

    def _is_tight_scale(self) -> bool:
        """A "k" counts when glued to digits, or before a currency."""
        passage, at = self.passage, self.at
        if passage.is_digits(at - 1) and passage.is_glued(at):
            return True
        return self.group >= 0 and has_currency_after(passage, at + 1)

    def _is_article_only(self, roles: int) -> bool:
        return bool(roles & _INSIDE) and self.at != self.first and self.group >= 0

    def _take_numeral(self, entry: Word) -> bool:
        roles = entry.roles
        value = entry.number * _PER_HUNDREDTH
        if roles & FRACTION and value < UNIT:
            return self._take_half(value)
        if self.group < 0:
            if self.total and roles & AMBIGUOUS:
                return False
            self._start_group(value)
            self.was_tens = bool(roles & TENS)
            self.has_hundred = bool(roles & SCALED) and value < 1000 * UNIT
            if not self.total:
                self.is_ambiguous = bool(roles & AMBIGUOUS)
                self.second = entry.second * _PER_HUNDREDTH
            if roles & SCALED and value >= 1000 * UNIT:
                self._close(UNIT)
            self.scaled = self.scaled or bool(roles & SCALED)
            self.is_bangla = self.is_bangla or bool(roles & BANGLA)
            return not roles & _INSIDE
        fits = (self.was_tens and value < 10 * UNIT) or (self.has_hundred and value < 100 * UNIT)
        if not fits or roles & (SCALED | FRACTION | AMBIGUOUS) or (self.is_digits and not self.has_hundred):
            return False
        self.group += value
        self.was_tens = bool(roles & TENS)
        self.has_hundred = self.has_hundred and self.was_tens
        self.at += 1
        return not roles & _INSIDE

    def _close(self, scale_units: int) -> None:
        """A thousand or more inside the numeral's own word: pachhajar."""
        self.total += self.group
        self.last_scale = 1000 * scale_units // UNIT
        self.group = -1

    def _take_half(self, value: int) -> bool:
        passage, at = self.passage, self.at
        if self.group >= 0:
            return False
        behind = at + 1
        if passage.word(behind) in ("a", "an"):
            behind += 1
        if not passage.roles(behind) & SCALE:
            return False
        self._start_group(value)
        self.at = behind
        return True

    def _take_offset(self, entry: Word) -> bool:
        passage, behind = self.passage, self.at + 1
        after = passage.entry(behind)
        roles = after.roles if after is not None else 0
        offset = entry.number * _PER_HUNDREDTH
        if entry.roles & AMBIGUOUS and not (roles | passage.roles(behind + 1)) & BANGLA:
            return False
        if roles & SCALE and entry.number != 50:
            self._start_group(UNIT + offset)
            return True
        if passage.is_plain_digits(behind) and len(passage.words[behind]) <= 2:
            value = int(passage.words[behind]) * UNIT
        elif after is not None and roles & NUMERAL and not roles & (SCALED | FRACTION):
            value = after.number * _PER_HUNDREDTH
        elif after is not None and roles & SCALED and after.number * _PER_HUNDREDTH < 1000 * UNIT:
            value = after.number * _PER_HUNDREDTH  # "sare tinsho": three and a half hundred
            offset *= 100
            self.scaled = True
        else:
            return False
        self._start_group(value + offset)
        self.at = behind + 1
        self.is_bangla = True
        return not roles & _INSIDE

    def _take_scale(self, entry: Word) -> bool:
        scale = entry.scale
        if self.group < 0:
            if self.total or not self._may_start_with_scale():
                return False
            self.is_bare_scale = True
            self.group = UNIT
            self.group_at = self.at
        if scale == 100:
            return self._take_hundred(entry)
        if scale >= self.last_scale:
            self._roll_back()
            return False
        self.total += self.group * scale
        self.second *= scale
        self.last_scale = scale
        self.group = -1
        self.scaled = True
        self.is_digits = False
        self.at += 1
        return True

    def _take_hundred(self, entry: Word) -> bool:
        if self.has_hundred or self.group >= 100 * UNIT:
            return False
        if entry.roles & AMBIGUOUS and not self._is_sure_hundred():
            return False
        self.group *= 100
        self.second = 0
        self.has_hundred = True
        self.was_tens = False
        self.scaled = True
        self.at += 1
        return True

    def _is_sure_hundred(self) -> bool:
        """Whether an English-looking "so" is the hundred: "pach so", "5 so taka"."""
        if has_currency_after(self.passage, self.at + 1):
            return True
        return self.is_bangla and not self.is_ambiguous

    def _may_start_with_scale(self) -> bool:
        passage, at = self.passage, self.at
        if at != self.first:
            return False
        return not passage.roles(at - 1) & (VAGUE | SCALE)

    def _take_and(self) -> bool:
        """ "two hundred and fifty", "one and a half lakh"."""
        passage, behind = self.passage, self.at + 1
        if self.group >= 0 and not self.has_hundred:
            if passage.word(behind) in ("a", "an"):
                behind += 1
            half = passage.entry(behind)
            if half is None or not half.roles & FRACTION or half.number != 50:
                return False
            if not passage.roles(behind + 1) & SCALE:
                return False
            self.group += half.number * _PER_HUNDREDTH
            self.at = behind + 1
            return True
        roles = passage.roles(behind)
        if not self.scaled or not roles & NUMERAL or roles & (_INSIDE | FRACTION | AMBIGUOUS):
            return False
        self.at = behind
        return True

    def _take_joiner(self, word: str) -> bool:
        """Signs inside a number: "twenty-five", "পাঁচ'শ", "5'sho"."""
        passage, at = self.passage, self.at
        if self.group < 0 or not (passage.is_glued(at) and passage.is_glued(at + 1)):
            return False
        after = passage.entry(at + 1)
        if after is None:
            return False
        if word == "-" and self.was_tens and after.roles & NUMERAL and after.number < 1000:
            self.at += 1
            return True
        if word in ("'", "-") and after.roles & SCALE and after.scale == 100:
            self.at += 1
            return True
        return False

    def _roll_back(self) -> None:
        self.group = -1
        self.at = self.group_at

    def _build(self) -> Number | None:
        passage = self.passage
        if self.group >= 0 and self.total and not self._is_remainder_sound():
            self._roll_back()
        if self.group < 0 and not self.total:
            return None
        if passage.roles(self.at - 1) & CONJUNCTION and self.at - 1 > self.first:
            self.at -= 1
        group = max(self.group, 0)
        needs_currency = self.is_bare_scale and not passage.roles(self.first - 1) & ARTICLE
        return Number(
            value=self.total + group,
            first=self.first,
            last=self.at,
            is_scaled=self.scaled,
            is_digits=self.is_digits and not self.scaled,
            is_ambiguous=self.is_ambiguous,
            needs_currency=needs_currency,
            second=self.second + group if self.second and self.total else self.second,
        )

    def _is_remainder_sound(self) -> bool:
        if self.group >= self.last_scale * UNIT:
            return False
        if self.has_hundred or has_currency_after(self.passage, self.at):
            return True
        if self.is_digits:
            return self.group >= 100 * UNIT
        return self.group >= 20 * UNIT
