"""Vocabulary: what single words say about numbers, times and days, read from the data files.

One table answers for a token with everything the readers need (`Word`), so that a text is looked up once.
Phrases of several tokens, and the order of words, are the grammar's business, not this module's.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from casewright.language.data_files import load_mapping
from casewright.language.normalise import normalise

# Roles: bits of Word.roles. The first block makes a token worth reading from.
NUMERAL: Final = 1 << 0
"""A number word; its value is `number`, in hundredths."""
SCALE: Final = 1 << 1
OFFSET: Final = 1 << 2
"""sare, poune, sowa: changes the numeral after it by `number` hundredths."""
DAYPART: Final = 1 << 3
DAY: Final = 1 << 4
WEEKDAY: Final = 1 << 5
WEEKDAY_SHORT: Final = 1 << 6
MONTH: Final = 1 << 7
DAY_UNIT: Final = 1 << 8
QUARTER: Final = 1 << 9
ANCHOR: Final = (1 << 10) - 1

TENS: Final = 1 << 10
"""An English ten, which takes a unit: twenty five."""
SCALED: Final = 1 << 11
"""A scale is inside the word: pachsho."""
FRACTION: Final = 1 << 12
"""Only with a scale or a clock: der hajar, der ta."""
AMBIGUOUS: Final = 1 << 13
BANGLA: Final = 1 << 14
"""A Bangla word in either script."""
GLUED_SCALE: Final = 1 << 15
CURRENCY: Final = 1 << 16
GLUED_CURRENCY: Final = 1 << 17
FOREIGN_CURRENCY: Final = 1 << 18
VAGUE: Final = 1 << 19
ARTICLE: Final = 1 << 20
CONJUNCTION: Final = 1 << 21
TIMES: Final = 1 << 22
TIMES_IDIOM: Final = 1 << 23
DURATION: Final = 1 << 24
MINUTE: Final = 1 << 25
WORKING: Final = 1 << 26
AGO: Final = 1 << 27
PERCENT: Final = 1 << 28
COUNTED: Final = 1 << 29
ORDINAL: Final = 1 << 30
CASE_ENDING: Final = 1 << 31
CREDENTIAL: Final = 1 << 32
FILLER: Final = 1 << 33
MINE: Final = 1 << 34
CALL: Final = 1 << 35
ID_CUE: Final = 1 << 36
SOFT_ID_CUE: Final = 1 << 37
NUMBER_WORD: Final = 1 << 38
DIGIT_WORD: Final = 1 << 39
LAST_CUE: Final = 1 << 40
ENDING_CUE: Final = 1 << 41
END_AFTER: Final = 1 << 42
WITH_AFTER: Final = 1 << 43
YEAR_WORD: Final = 1 << 44
YEAR_BEFORE: Final = 1 << 45
RANGE_WORD: Final = 1 << 46
GREETING: Final = 1 << 47
THIS: Final = 1 << 48
LAST: Final = 1 << 49
COMING: Final = 1 << 50
WEEKDAY_BEFORE: Final = 1 << 51
DATE_WORD: Final = 1 << 52
MERIDIEM: Final = 1 << 53
CLOCK: Final = 1 << 54
CLASSIFIER: Final = 1 << 55
CLOCK_CUE: Final = 1 << 56
ROUGHLY_AFTER: Final = 1 << 57
APPROXIMATELY: Final = 1 << 58
AT: Final = 1 << 59
PAST: Final = 1 << 60
TODAY_DAYPART: Final = 1 << 61
TIMES_INSIDE: Final = 1 << 62
"""A numeral with its count word in one: duibar."""
DAYS_INSIDE: Final = 1 << 63
"""A numeral with its day word in one: ekdin."""

_CUE_ROLES: Final = {
    "currency": CURRENCY,
    "glued_currency": GLUED_CURRENCY,
    "foreign_currency": FOREIGN_CURRENCY,
    "vague": VAGUE,
    "article": ARTICLE,
    "conjunction": CONJUNCTION,
    "times": TIMES,
    "times_idiom": TIMES_IDIOM,
    "duration": DURATION,
    "minute": MINUTE,
    "working": WORKING,
    "ago": AGO,
    "percent": PERCENT,
    "counted": COUNTED,
    "ordinal": ORDINAL,
    "case_ending": CASE_ENDING,
    "credential": CREDENTIAL,
    "filler": FILLER,
    "mine": MINE,
    "call": CALL,
    "id_cue": ID_CUE,
    "soft_id_cue": SOFT_ID_CUE,
    "number_word": NUMBER_WORD,
    "digit_word": DIGIT_WORD,
    "last_cue": LAST_CUE,
    "ending_cue": ENDING_CUE,
    "end_after": END_AFTER,
    "with_after": WITH_AFTER,
    "year_word": YEAR_WORD,
    "year_before": YEAR_BEFORE,
    "range_word": RANGE_WORD,
}
_CLOCK_ROLES: Final = {
    "clock": CLOCK,
    "classifier": CLASSIFIER,
    "clock_cue": CLOCK_CUE,
    "roughly_after": ROUGHLY_AFTER,
    "approximately": APPROXIMATELY,
    "at_words": AT,
}
_TIME_LISTS: Final = {
    "greetings": GREETING,
    "this_words": THIS,
    "last_words": LAST,
    "coming": COMING,
    "weekday_before": WEEKDAY_BEFORE,
    "date_words": DATE_WORD,
    "today_dayparts": TODAY_DAYPART,
    "quarter": QUARTER,
}


@dataclass(slots=True)
class Word:
    """Everything one word may say. A field counts only where its role bit is set."""

    roles: int = 0
    number: int = 0
    """NUMERAL, OFFSET: value in hundredths."""
    second: int = 0
    """NUMERAL: a second reading of the spelling, in hundredths (0: none)."""
    scale: int = 0
    daypart: int = 0
    """DAYPART: index into Vocabulary.dayparts."""
    value: int = 0
    """DAY: days before; WEEKDAY: 0 = Monday; MONTH: 1..12; DAY_UNIT: days; MERIDIEM: minutes; PAST: sign."""


@dataclass(frozen=True, slots=True)
class Daypart:
    """A part of the day: minutes since midnight of its middle, half its width, and how it reads an hour."""

    middle: int
    half_width: int
    reading: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words, and the few tables that go with them."""

    words: dict[str, Word]
    dayparts: tuple[Daypart, ...]
    short_codes: frozenset[str]
    called_codes: frozenset[str]


@cache
def load_vocabulary() -> Vocabulary:
    """The packaged vocabulary, built once."""
    return _Builder().build()


class _Builder:
    def __init__(self) -> None:
        self.words: dict[str, Word] = {}
        self.cues = load_mapping("cues.yaml")
        self.times = load_mapping("times.yaml")
        self.numbers = load_mapping("numbers.yaml")

    def build(self) -> Vocabulary:
        self._add_numerals()
        self._add_cues()
        dayparts = self._add_times()
        return Vocabulary(
            words=self.words,
            dayparts=dayparts,
            short_codes=frozenset(map(str, self.cues["short_codes"])),
            called_codes=frozenset(map(str, self.cues["called_codes"])),
        )

    def _word(self, text: str, roles: int) -> Word:
        word = self.words.setdefault(normalise(text).text, Word())
        word.roles |= roles
        return word

    # -- numbers

    def _add_numerals(self) -> None:
        numbers = self.numbers
        never = set(numbers["never"])
        small: list[tuple[str, int]] = []
        for text, value in numbers["english"]["units"].items():
            self._word(text, NUMERAL).number = value * 100
        for text, value in numbers["english"]["tens"].items():
            self._word(text, NUMERAL | TENS).number = value * 100
        for text, value in self._bangla_numerals():
            if text not in never:
                self._word(text, NUMERAL | BANGLA).number = value * 100
                if value <= numbers["glued_up_to"]:
                    small.append((text, value * 100))
        for value, texts in numbers["fractions"].items():
            for text in texts:
                self._word(text, NUMERAL | FRACTION | (0 if text == "half" else BANGLA)).number = value
                if value > 100:
                    small.append((text, value))
        for value, texts in numbers["offsets"].items():
            for text in texts:
                self._word(text, OFFSET | BANGLA).number = value
        for text, value in numbers["second_reading"].items():
            self._word(text, NUMERAL).second = value * 100
        self._add_scales()
        self._add_glued(small)
        for text in numbers["ambiguous"]:
            self._word(text, AMBIGUOUS)

    def _bangla_numerals(self) -> list[tuple[str, int]]:
        numerals: dict[str, int] = {}
        for value, texts in self.numbers["bangla"].items():
            for text in texts:
                numerals.setdefault(text, value)
                numerals.setdefault(text.replace("ঁ", ""), value)
        swaps = self.numbers["banglish_spellings"]
        spelled = [(text, value) for value, texts in self.numbers["banglish"].items() for text in texts]
        for text, value in spelled:
            numerals.setdefault(text, value)
        for text, value in spelled:
            variants = [text]
            for written, also in swaps:
                variants += [variant.replace(written, also) for variant in variants if written in variant]
            for variant in variants:
                numerals.setdefault(variant, value)
        return list(numerals.items())

    def _add_scales(self) -> None:
        ending_set = self.cues["ending_sets"]["noun"]
        for value, by_language in self.numbers["scales"].items():
            for text in by_language["english"]:
                self._word(text, SCALE).scale = value
            for text in (*by_language["bangla"], *by_language["banglish"]):
                self._word(text, SCALE | BANGLA).scale = value
                if value > 100:
                    for inflected in _inflect(text, ending_set):
                        self._word(inflected, SCALE | BANGLA).scale = value
        for text in self.numbers["glued_scales"]:
            self._word(text, GLUED_SCALE)

    def _add_glued(self, small: list[tuple[str, int]]) -> None:
        """Numerals with a scale, a clock word, a count word or a day word in one word."""
        glue: list[tuple[str, int, int]] = [
            (ending, NUMERAL | SCALED | BANGLA, scale)
            for scale, endings in self.numbers["glued"].items()
            for ending in endings
        ]
        times = self.times
        glue += [(ending, NUMERAL | BANGLA | CLOCK, 1) for ending in times["glued_clock"]]
        glue += [(ending, NUMERAL | BANGLA | CLASSIFIER, 1) for ending in times["glued_classifier"]]
        glue += [(ending, NUMERAL | BANGLA | TIMES_INSIDE, 1) for ending in times["glued_times"]]
        glue += [(ending, NUMERAL | BANGLA | DAYS_INSIDE, 1) for ending in times["glued_day_units"]]
        never = set(self.numbers["never"])
        for text, value in small:
            for ending, roles, scale in glue:
                joined = normalise(text + ending).text
                if joined.isascii() != (text + ending).isascii() or text.isascii() != ending.isascii():
                    continue
                if joined not in never and joined not in self.words:
                    word = self._word(joined, roles)
                    word.number = value * scale

    # -- cues and times

    def _add_cues(self) -> None:
        for name, role in _CUE_ROLES.items():
            self._add_group(self.cues[name], role)

    def _add_group(self, group: dict[str, Any], role: int) -> list[Word]:
        words = [self._word(text, role) for text in group.get("plain", ())]
        ending_set = self.cues["ending_sets"][group.get("endings", "noun")]
        for text in group.get("inflected", ()):
            words += [self._word(form, role) for form in (text, *_inflect(text, ending_set))]
        return words

    def _add_times(self) -> tuple[Daypart, ...]:
        times = self.times
        names = list(times["dayparts"])
        for name, group in times["daypart_words"].items():
            forms = [*group["plain"], *_forms(group["inflected"], times["daypart_ending_set"])]
            for text in forms:
                self._word(text, DAYPART).daypart = names.index(name)
        for days, group in times["days_ago"].items():
            forms = [*group["plain"], *_forms(group["inflected"], times["day_ending_set"])]
            for text in forms:
                self._word(text, DAY).value = days
        for index, group in times["weekdays"].items():
            forms = [*group["plain"], *_forms(group["inflected"], times["day_ending_set"])]
            for text in forms:
                self._word(text, WEEKDAY).value = index
            for text in group["short"]:
                self._word(text, WEEKDAY_SHORT).value = index
        for key, role in (("months", MONTH), ("day_units", DAY_UNIT | DURATION)):
            for value, texts in times[key].items():
                for text in texts:
                    self._word(text, role).value = value
        for text, value in (*times["meridiem"].items(), *times["past_words"].items()):
            self._word(text, MERIDIEM if text in times["meridiem"] else PAST).value = value
        for key, role in _CLOCK_ROLES.items():
            group = times[key]
            self._add_group(group, role)
        for key, role in _TIME_LISTS.items():
            for text in times[key]:
                self._word(text, role)
        return tuple(Daypart(**times["dayparts"][name]) for name in names)


def _inflect(text: str, ending_set: dict[str, list[str]]) -> list[str]:
    return [text + ending for ending in ending_set["latin" if text.isascii() else "bangla"]]


def _forms(texts: list[str], ending_set: dict[str, list[str]]) -> list[str]:
    return [form for text in texts for form in (text, *_inflect(text, ending_set))]
