"""The value before a cue: "1234 is my pin", "4321 আমার পিন", "I gave 5521 when they asked for the pin"."""

from dataclasses import dataclass

from casewright.text.sensitive.findings import OPAQUE, Kind
from casewright.text.sensitive.lexicon import Flag
from casewright.text.sensitive.numbers import Number
from casewright.text.sensitive.reading import Placed, Reading, is_code_like, is_surely_a_code
from casewright.text.sensitive.values_behind import DIRECT_DIGITS, USUAL_DIGITS, YEARS

_REACH = 9
_NAMING_REACH = 6
_CLAUSE_ENDS = frozenset(".,;!?)।\n")
_MARKS = frozenset(".,;:!?-_/\\|'\"`()[]{}<>=~*#&+")


@dataclass(slots=True)
class _Tie:
    """What stands between a number and the cue behind it."""

    is_tight: bool = True
    is_strong: bool = False
    has_comma: bool = False
    has_pronoun: bool = False
    has_give: bool = False


def take_before(reading: Reading, placed: Placed, kind: Kind) -> None:
    """Takes the number in front of a cue."""
    tie = _Tie()
    index = placed.first
    floor = max(0, placed.first - _REACH)
    while index > floor:
        number = reading.number_ending.get(index)
        if number is None:
            index -= 1
            if not _loosen(reading, tie, index):
                return
        elif number.count <= 2 and reading.has(number.last, Flag.DIGIT):
            index = number.first  # "4321, my 4 digit PIN"
        else:
            if number.first not in reading.taken and _is_value(reading, placed, kind, number, tie):
                _take(reading, number, kind)
            return


def _take(reading: Reading, number: Number, kind: Kind) -> None:
    """Takes a number, and those of its size that are listed in front of it ("5567 or 5576 is my PIN")."""
    reading.taken[number.first] = kind
    at = number.first - 1
    while reading.has(at, Flag.JOIN):
        at -= 1
    other = reading.number_ending.get(at + 1)
    if other is None or at + 1 == number.first or other.first in reading.taken:
        return
    if other.count == number.count and is_code_like(other) and not reading.is_protected(other, 0):
        _take(reading, other, kind)


def _ends_clause(reading: Reading, index: int) -> bool:
    """Whether the cue is an apposition ("I saw 3302, my PIN") and not the subject of what follows."""
    return index >= len(reading.words) or reading.words[index] in _CLAUSE_ENDS


def _loosen(reading: Reading, tie: _Tie, index: int) -> bool:
    """Accounts for one word between value and cue; False where the search ends."""
    word, flag = reading.words[index], reading.flags[index]
    if (
        index in reading.cue_at
        or word[0] in (OPAQUE, "\n", ".")
        or (flag & Flag.STOP and not flag & Flag.LINK)
    ):
        return False
    other = reading.cue_ending.get(index + 1)
    if other is not None and other.cue.kind is not None:
        return False
    tie.is_strong = tie.is_strong or bool(flag & Flag.STRONG)
    tie.has_pronoun = tie.has_pronoun or bool(flag & Flag.PRONOUN)
    tie.has_give = tie.has_give or bool(flag & Flag.GIVE)
    tie.has_comma = tie.has_comma or word in ",;)"
    if not flag & (Flag.STRONG | Flag.LINK) and word not in _MARKS and word not in ("for", "এবং"):
        tie.is_tight = False
    return bool(flag & Flag.VERB) or not flag & (Flag.MONEY_NOUN | Flag.MONEY_VERB)


def _is_value(reading: Reading, placed: Placed, kind: Kind, number: Number, tie: _Tie) -> bool:
    """Whether a number in front of a cue is the cue's value."""
    if number.count < 3 or reading.is_protected(number, 0):
        return False
    if tie.has_comma and not (tie.has_pronoun or _ends_clause(reading, placed.last)):
        return False
    is_named = reading.has(number.last, Flag.STRONG) and placed.first - number.last <= _NAMING_REACH
    is_tight = tie.is_tight or (tie.is_strong and is_named)
    low, high = DIRECT_DIGITS[kind] if is_tight and tie.is_strong else USUAL_DIGITS[kind]
    if not low <= number.count <= high:
        return False
    if is_tight and tie.is_strong:
        return True
    if not is_code_like(number) or reading.has(number.first - 1, Flag.PLACE):
        return False
    if is_tight:
        if placed.first in reading.served or (placed.cue.is_weak and number.last != placed.first):
            return False
        return not reading.has(number.first - 1, Flag.MONEY_VERB) and number.value not in YEARS
    if tie.has_give and is_surely_a_code(kind, number):
        return True
    beside = (number.first - 1, number.first - 2, number.last, number.last + 1)
    return not placed.cue.is_weak and any(reading.has(at, Flag.GIVE) for at in beside)
