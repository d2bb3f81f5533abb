"""PIN, one-time code, CVV: a number tied to the word that names it, before or after, in any of three languages.

The tie has three strengths. Tight: nothing but "is", "number", "my" and marks between. Linked: verbs of saying
or receiving between as well. Loose: any words of the clause. A tight number is taken whatever it looks like; a
loose one only when it cannot be an amount. Numbers that carry a currency, a unit, a record's name or a date's
form are never taken. A missed secret is worse than a damaged number, but a warning without a value
("nobody asked for my PIN, I sent 5000") must stay as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from casewright.text.sensitive.findings import OPAQUE, Finding, Kind
from casewright.text.sensitive.lexicon import Cue, Flag, Lexicon, load_lexicon
from casewright.text.sensitive.numbers import Number, is_marked, read_numbers
from casewright.text.sensitive.passwords import find_passwords
from casewright.text.sensitive.scan import Scan

_REACH_RIGHT = 14
_REACH_LEFT = 9
_LOOSE_REACH = 10
_DIRECT = {Kind.PIN: (3, 12), Kind.OTP: (3, 10), Kind.CVV: (3, 4), Kind.PASSWORD: (3, 12)}
_USUAL = {Kind.PIN: (4, 8), Kind.OTP: (4, 8), Kind.CVV: (3, 4), Kind.PASSWORD: (4, 12)}
_TIGHT, _LINKED, _LOOSE = 3, 2, 1
_YEARS = range(1990, 2040)
_SURE_OTP_DIGITS = 6
_MARKS = frozenset(".,;:!?-_/\\|'\"`()[]{}<>=~*#&+")


@dataclass(frozen=True, slots=True)
class Placed:
    """A cue in the text: words `first` to `last` (exclusive)."""

    cue: Cue
    first: int
    last: int


@dataclass(slots=True)
class Reading:
    """A text's words, their flags, numbers and cues, and what has been taken so far."""

    scan: Scan
    lexicon: Lexicon
    flags: list[int]
    numbers: dict[int, Number]
    cue_at: dict[int, Placed]
    taken: dict[int, Kind] = field(default_factory=dict)
    """First word of a taken number -> its kind."""
    served: set[int] = field(default_factory=set)
    """First words of cues whose value has been found."""
    number_ending: dict[int, Number] = field(init=False)
    cue_ending: dict[int, Placed] = field(init=False)

    def __post_init__(self) -> None:
        self.number_ending = {number.last: number for number in self.numbers.values()}
        self.cue_ending = {placed.last: placed for placed in self.cue_at.values()}

    def has(self, index: int, flag: int) -> bool:
        """Whether the word carries the flag; False outside the text."""
        return 0 <= index < len(self.flags) and bool(self.flags[index] & flag)


def find_credentials(scan: Scan) -> Iterator[Finding]:
    """Every PIN, one-time code, CVV and password of the text."""
    lexicon = load_lexicon()
    text = scan.text
    if not any(hint in text for hint in lexicon.hints):
        return
    placed = _place_cues(scan.words.words, lexicon)
    if not any(item.cue.kind for item in placed):
        return
    get = lexicon.flags.get
    reading = Reading(
        scan,
        lexicon,
        [get(word, 0) for word in scan.words.words],
        read_numbers(scan, lexicon),
        {item.first: item for item in placed},
    )
    for item in placed:
        if item.cue.kind is Kind.PASSWORD:
            for start, end in find_passwords(scan, lexicon, item.first, item.last):
                yield scan.finding(Kind.PASSWORD, start, end)
    for item in placed:
        if item.cue.kind and reading.numbers:
            _read_right(reading, item)
    for item in placed:
        if item.cue.kind and reading.numbers:
            _read_left(reading, item)
    for first, kind in reading.taken.items():
        number = reading.numbers[first]
        yield scan.finding(kind, number.start, number.end)


def _place_cues(words: list[str], lexicon: Lexicon) -> list[Placed]:
    placed: list[Placed] = []
    cues = lexicon.cues
    free = 0
    for index, word in enumerate(words):
        if word not in cues or index < free:
            continue
        for cue in cues[word]:
            last = _match_end(words, index, cue.parts)
            if last:
                placed.append(Placed(cue, index, last))
                free = last
                break
    return placed


def _match_end(words: list[str], index: int, parts: tuple[str, ...]) -> int:
    at = index
    for number, part in enumerate(parts):
        if number and at < len(words) and words[at] in "-_" and part not in "-_":
            at += 1
        if at >= len(words) or words[at] != part:
            return 0
        at += 1
    return at


@dataclass(slots=True)
class _Tie:
    """What stands between a cue and the word now looked at."""

    level: int = _TIGHT
    strong_at: int = -9
    give_at: int = -9
    has_noun: bool = False
    has_verb: bool = False
    is_stopped: bool = False


def _read_right(reading: Reading, placed: Placed) -> None:
    """Takes the numbers behind a cue."""
    kind = placed.cue.kind or Kind.OTP
    tie = _Tie()
    is_weak = placed.cue.is_weak
    words, flags, numbers = reading.scan.words.words, reading.flags, reading.numbers
    taken: Number | None = None
    index = placed.last
    end = min(len(words), placed.last + _REACH_RIGHT)
    while index < end:
        number = numbers.get(index)
        if number is not None:
            if reading.has(number.last, Flag.DIGIT) and number.count <= 2:
                index = number.last + 1
                continue
            if _is_wanted(reading, placed, kind, number, tie, taken, is_weak=is_weak):
                reading.taken[number.first] = kind
                reading.served.add(placed.first)
                taken = number
                tie = _Tie(level=_LINKED)
                end = min(len(words), number.last + _REACH_RIGHT)
            else:
                tie.level = min(tie.level, _LOOSE)
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
        _loosen(tie, words, flags, index, placed.last)
        index += 1


def _loosen(tie: _Tie, words: list[str], flags: list[int], index: int, cue_last: int) -> None:
    """Accounts for one word between cue and value."""
    flag = flags[index]
    if flag & Flag.GIVE:
        tie.give_at = index
    if flag & Flag.STRONG:
        tie.strong_at = index
        return
    word = words[index]
    if flag & Flag.STOP:
        at = index + 2 if index + 1 < len(words) and words[index + 1][0] == "\n" else index + 1
        if not (index == cue_last and at < len(words) and words[at].isdigit()):
            tie.is_stopped, tie.level = True, _LOOSE
        return
    if flag & Flag.LINK:
        return
    if flag & (Flag.VERB | Flag.GIVE) or word[0] == "\n":
        tie.level = min(tie.level, _LINKED)
        if flag & Flag.MONEY_VERB:
            tie.has_verb = True
        return
    tie.level = _LOOSE
    if flag & Flag.MONEY_NOUN:
        tie.has_noun = True
    if flag & Flag.MONEY_VERB:
        tie.has_verb = True


def _is_wanted(
    reading: Reading,
    placed: Placed,
    kind: Kind,
    number: Number,
    tie: _Tie,
    taken: Number | None,
    *,
    is_weak: bool,
) -> bool:
    """Whether a number behind a cue is the cue's value."""
    cue_end = reading.scan.words.end(placed.last - 1)
    if is_marked(reading.scan, number, reading.flags, cue_end) or _names_a_record(
        reading, number.first, placed.last
    ):
        return False
    if taken is not None:
        return _continues(reading, number, taken, tie)
    index = number.first
    is_strong = index - tie.strong_at <= 2
    low, high = _USUAL[kind]
    is_usual = low <= number.count <= high
    is_code_like = not number.is_round or number.count == _SURE_OTP_DIGITS
    if tie.is_stopped:
        is_told = (
            index - tie.give_at <= 2
            or (is_strong and reading.has(tie.strong_at - 1, Flag.PRONOUN))
            or (is_strong and words_joined(reading, tie.strong_at))
        )
        return is_told and is_usual and is_code_like and not tie.has_noun
    if tie.has_noun:
        return False
    low_direct, high_direct = _DIRECT[kind]
    if is_weak:
        low_direct, high_direct = low, high
    if tie.level == _TIGHT:
        fits = low_direct <= number.count <= high_direct
        if is_strong:
            return fits
        return (
            fits
            and not _is_deducted(reading, number)
            and not (number.is_round and _money_follows(reading, number))
        )
    if tie.level == _LINKED:
        is_amount = not is_strong and (
            _money_follows(reading, number) or not is_code_like or _after_place(reading, index)
        )
        return is_usual and not is_amount
    if is_strong:
        return is_usual and is_code_like
    if is_weak and index - tie.give_at > 2 and not is_strong:
        return False
    return (
        is_usual
        and is_code_like
        and not (number.is_apart and number.is_like_amount)
        and not tie.has_verb
        and not _money_follows(reading, number)
        and not _after_place(reading, index)
        and number.value not in _YEARS
        and index - placed.last <= _LOOSE_REACH
    )


def words_joined(reading: Reading, index: int) -> bool:
    """Whether the strong word is a contraction that names the credential again ("it's")."""
    return "'" in reading.scan.words.words[index]


def _continues(reading: Reading, number: Number, taken: Number, tie: _Tie) -> bool:
    """Whether a number goes on the list that another began ("1234, 5678 and 9012", "not 1234 but 5678")."""
    if tie.has_noun or tie.has_verb or tie.is_stopped or _money_follows(reading, number):
        return False
    if number.count == taken.count:
        return not number.is_round or tie.level > _LOOSE
    between = range(taken.last, number.first)
    return (
        len(between) <= 2
        and all(reading.has(at, Flag.JOIN) for at in between)
        and number.count >= 4
        and not number.is_round
    )


def _names_a_record(reading: Reading, index: int, floor: int) -> bool:
    """Whether the words before a number call it an id, an ending or an amount."""
    flags, words = reading.flags, reading.scan.words.words
    if reading.has(index - 1, Flag.CURRENCY) and index - 1 >= floor:
        return True
    at = index - 1
    steps = 0
    while at >= floor and steps < 6:
        flag = flags[at]
        if flag & Flag.ENDING:
            return True
        if flag & Flag.ID_NOUN:
            return steps <= 3
        if flag & Flag.LAST and any(flags[next_at] & Flag.DIGIT for next_at in range(at + 1, index)):
            return True
        if flag & Flag.MONEY_NOUN:
            return steps <= 2
        if (
            not flag & (Flag.STRONG | Flag.LINK | Flag.DIGIT)
            and not words[at].isdigit()
            and not flag & Flag.PLACE
        ):
            return False
        at -= 1
        steps += 1
    return False


def _money_follows(reading: Reading, number: Number) -> bool:
    return any(
        reading.has(at, Flag.MONEY_VERB | Flag.MONEY_NOUN)
        for at in (number.last, number.last + 1, number.last + 2)
    ) and not any(reading.has(at, Flag.STOP) or at in reading.cue_at for at in (number.last,))


def _is_deducted(reading: Reading, number: Number) -> bool:
    """Followed by what happens to money only ("4785 was deducted")."""
    at = number.last
    if reading.has(at, Flag.AUXILIARY):
        return any(reading.has(after, Flag.MONEY_VERB) for after in (at + 1, at + 2))
    return reading.has(at, Flag.DEDUCTION)


def _after_place(reading: Reading, index: int) -> bool:
    return reading.has(index - 1, Flag.PLACE)


def _read_left(reading: Reading, placed: Placed) -> None:
    """Takes the number in front of a cue ("1234 is my pin", "4321 আমার পিন")."""
    kind = placed.cue.kind or Kind.OTP
    words, flags = reading.scan.words.words, reading.flags
    is_tight, is_strong, has_comma, has_pronoun = True, False, False, False
    index = placed.first
    floor = max(0, placed.first - _REACH_LEFT)
    while index > floor:
        number = reading.number_ending.get(index)
        if number is not None:
            if number.first in reading.taken:
                return
            if number.count <= 2 and reading.has(number.last, Flag.DIGIT):
                index = number.first
                continue
            if _is_left_value(reading, placed, kind, number, is_tight=is_tight, is_strong=is_strong) and (
                not has_comma or has_pronoun
            ):
                reading.taken[number.first] = kind
            return
        index -= 1
        if index in reading.cue_at or words[index][0] == OPAQUE:
            return
        other = reading.cue_ending.get(index + 1)
        if other is not None and other.cue.kind is not None:
            return
        flag = flags[index]
        if flag & Flag.STOP and not flag & Flag.LINK or words[index] in ".\n":
            return
        is_strong = is_strong or bool(flag & Flag.STRONG)
        has_pronoun = has_pronoun or bool(flag & Flag.PRONOUN)
        has_comma = has_comma or words[index] in ",;)"
        if (
            not flag & (Flag.STRONG | Flag.LINK)
            and words[index] not in _MARKS
            and words[index] not in ("for", "এবং")
        ):
            is_tight = False
        if flag & (Flag.MONEY_NOUN | Flag.MONEY_VERB) and not flag & Flag.VERB:
            return


def _is_left_value(
    reading: Reading, placed: Placed, kind: Kind, number: Number, *, is_tight: bool, is_strong: bool
) -> bool:
    if is_marked(reading.scan, number, reading.flags, -1) or _names_a_record(reading, number.first, 0):
        return False
    low, high = _USUAL[kind]
    if is_tight and is_strong:
        low, high = _DIRECT[kind]
    if not low <= number.count <= high:
        return False
    if reading.has(number.first - 1, Flag.PLACE) and not is_strong:
        return False
    is_code_like = not number.is_round or number.count == _SURE_OTP_DIGITS
    if is_tight:
        if is_strong:
            return True
        if placed.first in reading.served:
            return False
        if placed.cue.is_weak and number.last != placed.first:
            return False
        is_paid = reading.has(number.first - 1, Flag.MONEY_VERB)
        return is_code_like and not is_paid and number.value not in _YEARS
    is_given = any(
        reading.has(at, Flag.GIVE)
        for at in (number.first - 1, number.first - 2, number.last, number.last + 1)
    )
    return is_given and is_code_like and not placed.cue.is_weak
