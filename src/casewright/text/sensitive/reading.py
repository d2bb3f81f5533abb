"""Reading: a text's words, what each may mean, its numbers and cues, and what stands around a number."""

from dataclasses import dataclass, field

from casewright.text.sensitive.findings import Kind
from casewright.text.sensitive.lexicon import Cue, Flag, Lexicon
from casewright.text.sensitive.numbers import Number, is_marked, read_numbers
from casewright.text.sensitive.scan import Scan

_RECORD_REACH = 6
_ID_REACH = 3
_MONEY_REACH = 2
_CODE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Placed:
    """A cue in the text: words `first` to `last` (exclusive)."""

    cue: Cue
    first: int
    last: int


@dataclass(slots=True)
class Reading:
    """A text as the search for credentials sees it, and what that search has taken so far."""

    scan: Scan
    lexicon: Lexicon
    words: list[str]
    flags: list[int]
    numbers: dict[int, Number]
    """By the index of the first word."""
    cue_at: dict[int, Placed]
    """By the index of the first word."""
    taken: dict[int, Kind] = field(default_factory=dict)
    """First word of a taken number -> its kind."""
    codes: list[tuple[Kind, int, int]] = field(default_factory=list)
    """Codes of letters and digits: kind, start and end in the text."""
    served: set[int] = field(default_factory=set)
    """First words of cues whose value was found behind them."""
    number_ending: dict[int, Number] = field(init=False)
    cue_ending: dict[int, Placed] = field(init=False)

    def __post_init__(self) -> None:
        self.number_ending = {number.last: number for number in self.numbers.values()}
        self.cue_ending = {placed.last: placed for placed in self.cue_at.values()}

    def has(self, index: int, flag: int) -> bool:
        """Whether the word carries the flag; False outside the text."""
        return 0 <= index < len(self.flags) and bool(self.flags[index] & flag)

    def is_protected(self, number: Number, floor: int) -> bool:
        """Whether marks, units or the words before it (from word `floor` on) make a number something else."""
        cue_end = self.scan.words.end(floor - 1) if floor else -1
        return is_marked(self.scan, number, self.flags, cue_end) or self._names_a_record(number.first, floor)

    def _names_a_record(self, index: int, floor: int) -> bool:
        """Whether the words before a number call it an id, an ending or an amount."""
        flags, words = self.flags, self.words
        if index - 1 >= floor and self.has(index - 1, Flag.CURRENCY):
            return True
        for steps, at in enumerate(range(index - 1, max(floor, index - _RECORD_REACH) - 1, -1)):
            flag = flags[at]
            if flag & Flag.ENDING:
                return True
            if flag & Flag.ID_NOUN:
                return steps <= _ID_REACH and not (self.has(at - 1, Flag.GIVE) or self.has(at - 2, Flag.GIVE))
            if flag & Flag.LAST and any(flags[after] & Flag.DIGIT for after in range(at + 1, index)):
                return True
            if flag & Flag.MONEY_NOUN:
                return steps <= _MONEY_REACH
            if not flag & (Flag.STRONG | Flag.LINK | Flag.DIGIT | Flag.PLACE) and not words[at].isdigit():
                return False
        return False

    def is_money_next(self, number: Number, reach: int = 3) -> bool:
        """Followed, in its own clause, by a word of money or of moving it."""
        if self.has(number.last, Flag.STOP) or number.last in self.cue_at:
            return False
        for at in range(number.last, number.last + reach):
            if self.has(at, Flag.MONEY_VERB | Flag.MONEY_NOUN):
                return True
            if at in self.numbers:
                return False
        return False

    def is_deducted(self, number: Number) -> bool:
        """Followed by what happens to money only ("4785 was deducted")."""
        at = number.last
        if self.has(at, Flag.AUXILIARY):
            return any(self.has(after, Flag.MONEY_VERB) for after in (at + 1, at + 2))
        return self.has(at, Flag.DEDUCTION)

    def is_after_place(self, index: int, cue_last: int) -> bool:
        """Behind a word of place or time ("from 16247"); "changed my PIN to 4512" is none."""
        is_setting = index - 1 == cue_last and self.words[cue_last] == "to"
        return self.has(index - 1, Flag.PLACE) and not is_setting


def is_code_like(number: Number) -> bool:
    """No round number: amounts end in zeros, codes seldom do. Six digits are a code all the same."""
    return not number.is_round or number.count == _CODE_DIGITS


def is_surely_a_code(kind: Kind, number: Number) -> bool:
    """Six digits that are not round, beside the word for a one-time code."""
    return kind is Kind.OTP and number.count == _CODE_DIGITS and not number.is_round


def read(scan: Scan, lexicon: Lexicon) -> Reading | None:
    """The reading of a text, or None if it names no credential."""
    words = scan.words.words
    placed = _place_cues(words, lexicon)
    if not any(item.cue.kind for item in placed):
        return None
    flags = [lexicon.flag(word) for word in words]
    return Reading(
        scan=scan,
        lexicon=lexicon,
        words=words,
        flags=flags,
        numbers=read_numbers(scan, lexicon),
        cue_at={item.first: item for item in placed},
    )


def _place_cues(words: list[str], lexicon: Lexicon) -> list[Placed]:
    placed: list[Placed] = []
    cues = lexicon.cues
    free = 0
    for index, word in enumerate(words):
        if word in cues and index >= free:
            match = cues.match(words, index)
            if match is not None:
                cue, free = match
                placed.append(Placed(cue, index, free))
    return placed
