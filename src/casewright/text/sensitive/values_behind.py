"""The value behind a cue: "my pin is 1234", "the code they sent was 998877", "He asked. I told him 4321."

The tie between cue and number has three strengths. Tight: nothing between but "is", "number", "my" and marks.
Linked: verbs of saying or receiving as well. Loose: any words of the clause.
"""

import re
from dataclasses import dataclass

from casewright.text.sensitive.findings import OPAQUE, Kind
from casewright.text.sensitive.lexicon import Flag
from casewright.text.sensitive.numbers import Number
from casewright.text.sensitive.reading import Placed, Reading, is_code_like, is_surely_a_code

DIRECT_DIGITS = {Kind.PIN: (3, 12), Kind.OTP: (3, 10), Kind.CVV: (3, 4), Kind.PASSWORD: (3, 12)}
"""Fewest and most digits of a value that is tied tightly."""
USUAL_DIGITS = {Kind.PIN: (4, 8), Kind.OTP: (4, 8), Kind.CVV: (3, 4), Kind.PASSWORD: (4, 12)}
"""Fewest and most digits of a value that is tied less tightly."""
YEARS = range(1990, 2040)

_FEWEST_DIGITS = 3
_REACH = 14
_LOOSE_REACH = 10
_TOLD_REACH = 4
_TIGHT, _LINKED, _LOOSE = 3, 2, 1
_NEVER = -99
_MIXED = re.compile(r"(?=[0-9]{0,8}[a-z])(?=[a-z]{0,8}[0-9])[a-z0-9]{4,8}(?![a-z0-9])")
_COUNTED = re.compile(r"[0-9]{1,2}[a-z]{1,4}|[0-9]{3,8}[a-z]{1,2}")
"""A number with a unit or an ending on it: "10am", "2bar", "1234ta"."""
_LETTERS = re.compile(r"[a-z]+")


@dataclass(slots=True)
class _Tie:
    """What stands between a cue and the word now looked at."""

    level: int = _TIGHT
    strong_at: int = _NEVER
    give_at: int = _NEVER
    has_noun: bool = False
    has_verb: bool = False
    has_word: bool = False
    is_stopped: bool = False
    is_change: bool = False


def take_behind(reading: Reading, placed: Placed, kind: Kind) -> None:
    """Takes the numbers behind a cue."""
    tie = _Tie()
    words, numbers = reading.words, reading.numbers
    taken: Number | None = None
    index = placed.last
    end = min(len(words), placed.last + _REACH)
    while index < end:
        if tie.level == _TIGHT and words[index][0].isalnum():
            mixed = _mixed_end(reading, index)
            if mixed:
                reading.codes.append((kind, reading.scan.words.starts[index], mixed))
                reading.served.add(placed.first)
                return
        number = numbers.get(index)
        if number is not None:
            if number.count <= 2 and reading.has(number.last, Flag.DIGIT):
                index = number.last + 1  # "PIN of 4 digits"
                continue
            if _is_value(reading, placed, kind, number, tie, taken):
                reading.taken[number.first] = kind
                reading.served.add(placed.first)
                taken, tie = number, _Tie(level=_LINKED)
                end = min(len(words), number.last + _REACH)
            else:
                tie.level = _LOOSE
                if reading.has(index - 1, Flag.CURRENCY | Flag.MONEY_NOUN):
                    tie.has_noun = False  # the word belongs to this amount
            index = number.last
            continue
        other = reading.cue_at.get(index)
        if other is not None and other.cue.kind is not None:
            if not other.cue.is_weak or taken is not None:
                return
            index = other.last
            continue
        if words[index][0] == OPAQUE:
            return
        _loosen(tie, words[index], reading.flags[index], index)
        index += 1


def _mixed_end(reading: Reading, index: int) -> int:
    """Where a code of letters and digits ends that begins at a word ("l2E4", "A7K2P9"); 0 if none does."""
    text, start = reading.scan.text, reading.scan.words.starts[index]
    is_word = len(reading.words[index]) > 1 and reading.has(index, Flag.STRONG | Flag.LINK)
    if is_word or (start and text[start - 1].isalnum()):
        return 0
    code = _MIXED.match(text, start)
    if code is None or _COUNTED.fullmatch(code[0]) or len(max(_LETTERS.findall(code[0]), key=len)) > 2:
        return 0
    return code.end()


def _loosen(tie: _Tie, word: str, flag: int, index: int) -> None:
    """Accounts for one word between cue and value."""
    if word[0].isalpha():
        tie.has_word = True
    if flag & Flag.CHANGE:
        tie.is_change = True
    if flag & Flag.GIVE:
        tie.give_at = index
    if flag & Flag.STRONG:
        tie.strong_at = index
    elif flag & Flag.STOP:
        tie.is_stopped, tie.give_at, tie.strong_at = True, _NEVER, _NEVER
        tie.level = _LOOSE if tie.has_word else min(tie.level, _LINKED)
    elif flag & Flag.LINK:
        pass
    elif flag & (Flag.VERB | Flag.GIVE) or word[0] == "\n":
        tie.level = min(tie.level, _LINKED)
        tie.has_verb = tie.has_verb or bool(flag & Flag.MONEY_VERB)
    else:
        tie.level = _LOOSE
        tie.has_noun = tie.has_noun or bool(flag & Flag.MONEY_NOUN)
        tie.has_verb = tie.has_verb or bool(flag & Flag.MONEY_VERB)


def _is_value(
    reading: Reading, placed: Placed, kind: Kind, number: Number, tie: _Tie, taken: Number | None
) -> bool:
    """Whether a number behind a cue is the cue's value."""
    if number.count < _FEWEST_DIGITS or reading.is_protected(number, placed.last):
        return False
    if taken is not None:
        return _continues(reading, number, taken, tie)
    if tie.has_noun:
        return False
    low, high = USUAL_DIGITS[kind]
    is_usual = low <= number.count <= high
    is_strong = number.first - tie.strong_at <= 2
    if tie.is_stopped and tie.has_word:
        return is_usual and is_code_like(number) and _is_named_again(reading, number.first, tie)
    if tie.level == _TIGHT:
        low, high = USUAL_DIGITS[kind] if placed.cue.is_weak else DIRECT_DIGITS[kind]
        is_amount = reading.is_deducted(number) or (number.is_round and reading.is_money_next(number, 2))
        return low <= number.count <= high and (is_strong or not is_amount)
    if not is_usual or number.is_like_amount:
        return False
    if tie.level == _LINKED:
        is_there = reading.is_after_place(number.first, placed.last) and not tie.is_change
        is_amount = not is_code_like(number) or number.value in YEARS or reading.is_money_next(number)
        is_amount = is_amount and not is_surely_a_code(kind, number)
        return is_strong or not (is_there or is_amount)
    return is_code_like(number) and (is_strong or _is_loosely_tied(reading, placed, kind, number, tie))


def _is_loosely_tied(reading: Reading, placed: Placed, kind: Kind, number: Number, tie: _Tie) -> bool:
    if kind is Kind.PASSWORD:
        return False
    is_sure = is_surely_a_code(kind, number)
    if placed.cue.is_weak and not is_sure and number.first - tie.give_at > 2:
        return False
    if number.first - placed.last > _LOOSE_REACH or number.value in YEARS:
        return False
    if tie.has_verb and not is_sure:
        return False
    if reading.is_after_place(number.first, placed.last) and not tie.is_change:
        return False
    return not reading.is_money_next(number)


def _is_named_again(reading: Reading, index: int, tie: _Tie) -> bool:
    """In a later sentence: "I told him 4321", "it was 4321", "New: 4321"."""
    if index - tie.give_at <= 2:
        return True
    at = tie.strong_at
    if index - at > 2:
        return False
    is_label = reading.words[at] in (":", "=") and reading.has(at - 1, Flag.LINK)
    is_pronoun = "'" in reading.words[at] or reading.has(at - 1, Flag.PRONOUN)
    return is_label or is_pronoun or at - tie.give_at <= _TOLD_REACH


def _continues(reading: Reading, number: Number, taken: Number, tie: _Tie) -> bool:
    """Whether a number goes on the list that another began ("1234, 5678 and 9012", "not 1234 but 5678")."""
    between = range(taken.last, number.first)
    is_listed = all(reading.has(at, Flag.JOIN | Flag.LINK) for at in between)
    if tie.has_noun or tie.has_verb or tie.is_stopped or reading.is_money_next(number, 1 if is_listed else 3):
        return False
    if reading.has(number.last, Flag.PLACE) or number.is_like_amount:
        return False
    if number.count == taken.count:
        return not number.is_round or tie.level > _LOOSE
    is_joined = 1 <= len(between) <= 2 and all(reading.has(at, Flag.JOIN) for at in between)
    return is_joined and number.count >= 4 and not number.is_round
