"""Values: every number, percentage, date, time and id that a text states, by what it means.

"120k", "1,20,000", "১২০,০০০", "one hundred and twenty thousand", "1.2 lakh" are one value; "20 %" is not 20,
and "15 March 2026" is 2026-03-15. Two texts state the same where their values are equal: nothing is rounded.

Not done here: what a number counts, and names (the shield's whitelist reads words).
"""

import re
from collections.abc import Generator, Iterator, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from casewright.language.normalise import normalise
from casewright.language.numbers import UNIT, read_number
from casewright.language.passage import Passage, build_passage
from casewright.language.tokens import tokenise
from casewright.language.vocabulary import CONJUNCTION, NUMERAL, OFFSET, SCALE

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan জানুয়ারি জানুয়ারী",
            "february feb ফেব্রুয়ারি ফেব্রুয়ারী",
            "march mar মার্চ",
            "april apr এপ্রিল",
            "may মে",
            "june jun জুন",
            "july jul জুলাই",
            "august aug আগস্ট আগষ্ট",
            "september sept sep সেপ্টেম্বর",
            "october oct অক্টোবর",
            "november nov নভেম্বর",
            "december dec ডিসেম্বর",
        ),
        1,
    )
    for name in normalise(names).text.split()
}
_SCALES: Final = {
    1_000: "k thousand thousands হাজার hajar hazar",
    100_000: "lakh lakhs lac lacs লাখ লক্ষ",
    1_000_000: "m mn mio million millions মিলিয়ন",
    10_000_000: "cr crore crores কোটি",
    1_000_000_000: "b bn billion billions বিলিয়ন",
    100: "hundred শত শ শো",
}
_SCALE_OF: Final = {word: scale for scale, words in _SCALES.items() for word in normalise(words).text.split()}
_MONTH: Final = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?![a-z\u0980-\u09ff])\.?"
_SCALE: Final = "(?:" + "|".join(sorted(_SCALE_OF, key=len, reverse=True)) + r")(?![a-z\u0980-\u09ff])"
_BEFORE: Final = r"(?<![a-z0-9\u0980-\u09ff])"
_NUMBER: Final = r"[0-9]+(?:,[0-9]{2,3})*(?:\.[0-9]+)?"
_PERCENT: Final = r"(?: ?%| ?-?per ?cent(?:age points?)?(?![a-z])| percentage points?| ?pct(?![a-z])| ?শতাংশ)"
_DAY: Final = r"[0-3]?[0-9](?:st|nd|rd|th)?"
_PATTERN: Final = re.compile(
    rf"(?P<iso>{_BEFORE}(?P<y>[12][0-9]{{3}})[-/.](?P<m>[01]?[0-9])[-/.](?P<d>[0-3]?[0-9])(?![0-9]))"
    rf"|(?P<slash>{_BEFORE}(?P<s1>[0-3]?[0-9])(?P<sep>[-/.])(?P<s2>[0-3]?[0-9])(?P=sep)"
    r"(?P<sy>[12][0-9]{3}|[0-9]{2})(?![0-9]))"
    rf"|(?P<dmy>{_BEFORE}(?P<d1>{_DAY})[ -](?:of )?(?P<m1>{_MONTH})"
    rf"(?:[ ,-]{{0,2}}(?P<y1>[12][0-9]{{3}})(?![0-9]))?)"
    rf"|(?P<mdy>{_BEFORE}(?P<m2>{_MONTH})[ -](?P<d2>{_DAY})(?![0-9])(?:,? (?P<y2>[12][0-9]{{3}})(?![0-9]))?)"
    rf"|(?P<my>{_BEFORE}(?P<m3>{_MONTH})(?:,? (?:of )?(?P<y3>[12][0-9]{{3}}))(?![0-9]))"
    rf"|(?P<yq>{_BEFORE}(?P<y4>[12][0-9]{{3}})[ -]?q(?P<q1>[1-4])(?![a-z0-9]))"
    rf"|(?P<qy>{_BEFORE}q(?P<q2>[1-4])(?:[ -]?(?:of )?(?P<y5>[12][0-9]{{3}}))?(?![a-z0-9]))"
    rf"|(?P<clock>{_BEFORE}[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9]))"
    rf"|(?P<id>{_BEFORE}(?!(?:under|over|mid|pre|post|sub|non|early|late|near)-)"
    r"[a-z][a-z0-9]*(?:[-_#/][a-z0-9]+)*)"
    rf"|(?P<range>{_BEFORE}(?P<r1>{_NUMBER})(?: ?- ?| to )(?P<r2>{_NUMBER})"
    rf"(?:(?: ?(?P<rscale>{_SCALE}))(?P<rp>{_PERCENT})?|(?P<rp2>{_PERCENT})))"
    rf"|(?P<number>{_BEFORE}(?P<n>[0-9]{{1,3}}(?: [0-9]{{3}})+(?![0-9])|{_NUMBER})"
    rf"(?P<scales>(?:[ -]?{_SCALE})*)"
    rf"(?P<percent>{_PERCENT})?(?P<times> ?x(?![a-z]))?(?P<rest>(?<! )[a-z]+[0-9][a-z0-9]*)?)"
)
_HAS_DIGIT: Final = re.compile("[0-9]")
_IDIOMS: Final = frozenset({"b2b", "b2c", "d2c"})
_CLAIMS: Final = {
    "double": "2x", "doubles": "2x", "doubled": "2x", "doubling": "2x", "twice": "2x", "twofold": "2x",
    "triple": "3x", "triples": "3x", "tripled": "3x", "tripling": "3x", "thrice": "3x", "threefold": "3x",
    "quadruple": "4x", "quadrupled": "4x", "fourfold": "4x", "tenfold": "10x",
    "half": "1/2", "halve": "1/2", "halved": "1/2", "halves": "1/2", "dozen": "12", "dozens": "12",
    "দ্বিগুণ": "2x", "তিনগুণ": "3x", "অর্ধেক": "1/2",
}  # fmt: skip
_WORD: Final = re.compile(r"[a-z]+|[\u0980-\u09ff]+")
_PERCENT_BEHIND: Final = re.compile(_PERCENT)
_CURRENCY: Final = re.compile(
    r"(?P<usd>[$]|(?<![a-z])(?:us ?dollars?|dollars?|usd)(?![a-z]))"
    r"|(?P<eur>€|(?<![a-z])(?:euros?|eur)(?![a-z]))"
    r"|(?P<gbp>£|(?<![a-z])(?:gbp|pounds?|sterling)(?![a-z]))"
    r"|(?P<inr>₹|(?<![a-z])(?:inr|rupees?|rs)(?![a-z]))"
    r"|(?P<bdt>৳|(?<![a-z])(?:bdt|tk|taka)(?![a-z])|টাকা)|(?P<jpy>¥|(?<![a-z])(?:jpy|yen)(?![a-z]))"
)
_Found = tuple[str, tuple[str, ...], int, int, bool]
_SIGNS: Final = "$€£৳~"
_LONGEST: Final = 8_000


@dataclass(frozen=True, slots=True)
class Value:
    """Something counted, dated or numbered, at characters [start, end) of the text as it came.

    `keys`: each of its readings; one that is known is enough. Where `needs_all`, none may be unknown.
    """

    kind: str
    """number, percentage, date, time, id, currency, or claim (of a multiple: "double")."""
    keys: tuple[str, ...]
    start: int
    end: int
    needs_all: bool = False


def read_values(text: str) -> tuple[Value, ...]:
    """Every value that a text states, in its order."""
    normalised = normalise(text[:_LONGEST])
    flat, offsets = normalised.text, normalised.offsets
    found: list[_Found] = []
    taken = bytearray(len(flat) + 1)
    for match in _PATTERN.finditer(flat):
        if match["id"] is not None and not _HAS_DIGIT.search(match["id"]):
            continue
        found.extend(_read_match(match))
        for index in range(match.start(), match.end()):
            taken[index] = 1
    found.extend(_read_words(flat, taken))
    found = _joined(sorted(found, key=lambda item: item[2]), flat)
    found += [
        ("currency", (f"m:{match.lastgroup}",), match.start(), match.end(), False)
        for match in _CURRENCY.finditer(flat)
    ]
    values = []
    for kind, keys, start, end, needs_all in sorted(found, key=lambda item: item[2]):
        first = offsets[start]
        while first > 0 and text[first - 1] in _SIGNS:
            first -= 1
        values.append(Value(kind, keys, first, offsets[end], needs_all))
    return tuple(values)


@lru_cache(maxsize=256)
def known_keys(text: str) -> frozenset[str]:
    """What a fact or a passage supports: its values, and the coarser forms of its dates."""
    keys: set[str] = set()
    for value in read_values(text):
        for key in value.keys:
            keys.add(key)
            keys.update(_coarser(key))
    return frozenset(keys)


def divide_values(text: str, known: Set[str]) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """The values of a text that are known, and those that are not."""
    held: list[Value] = []
    missing: list[Value] = []
    for value in read_values(text):
        hits = [key in known for key in value.keys]
        is_held = all(hits) if value.needs_all else any(hits)
        (held if is_held else missing).append(value)
    return tuple(held), tuple(missing)


def _coarser(key: str) -> Iterator[str]:
    """What follows from a full date: its year and month, its day without the year, its month, its year."""
    if not key.startswith("d:") or key.count("-") != 2:
        return
    year, month, day = key[2:].split("-")
    if year == "?":
        return
    yield f"d:{year}-{month}"
    yield f"d:?-{month}-{day}"
    yield f"n:{int(year)}"


def _read_match(match: re.Match[str]) -> Iterator[_Found]:
    part = match.groupdict()
    start, end = match.span()
    kind = match.lastgroup or ""
    for name in ("iso", "slash", "dmy", "mdy", "my", "yq", "qy", "clock", "id", "range", "number"):
        if part[name] is not None:
            kind = name
            break
    if kind in ("iso", "slash", "dmy", "mdy", "my", "yq", "qy"):
        keys = _date_keys(kind, part)
        yield ("date", keys or (f"raw:{match.group()}",), start, end, kind == "slash")
    elif kind == "clock":
        yield ("time", (f"t:{match.group().lstrip('0')}",), start, end, False)
    elif kind == "id":
        if match.group() not in _IDIOMS:
            yield ("id", (_id_key(match.group()),), start, end, False)
    elif kind == "range":
        yield from _read_range(part, start, end)
    elif part["rest"]:
        yield ("id", (_id_key(match.group()),), start, end, False)
    else:
        value = _decimal(part["n"])
        for scale in re.findall(r"[^ -]+", part["scales"] or ""):
            value *= _SCALE_OF[scale]
        if part["times"]:
            yield ("claim", (f"c:{value:f}x",), start, end, False)
            return
        is_percent = bool(part["percent"])
        yield (
            "percentage" if is_percent else "number",
            (_key(value, is_percent=is_percent),),
            start,
            end,
            False,
        )


def _read_range(part: dict[str, str | None], start: int, end: int) -> Iterator[_Found]:
    """ "150-300k": the scale stands once, for both ends."""
    scale = _SCALE_OF.get(part["rscale"] or "", 1)
    is_percent = bool(part["rp"] or part["rp2"])
    low, high = _decimal(part["r1"] or "0"), _decimal(part["r2"] or "0")
    kind = "percentage" if is_percent else "number"
    middle = start + len(part["r1"] or "")
    yield (kind, (_key(low * scale, is_percent=is_percent),), start, middle, False)
    yield (kind, (_key(high * scale, is_percent=is_percent),), middle, end, False)


def _date_keys(kind: str, part: dict[str, str | None]) -> tuple[str, ...]:
    if kind == "iso":
        return _full(part["y"], part["m"], part["d"])
    if kind == "slash":
        short = part["sy"] or ""
        year = f"20{short}" if len(short) == 2 else short
        readings = (*_full(year, part["s2"], part["s1"]), *_full(year, part["s1"], part["s2"]))
        return tuple(dict.fromkeys(readings))
    if kind in ("dmy", "mdy"):
        number = 1 if kind == "dmy" else 2
        day = re.sub("[a-z]", "", part[f"d{number}"] or "")
        return _full(part[f"y{number}"], str(_month(part[f"m{number}"])), day)
    if kind == "my":
        return (f"d:{part['y3']}-{_month(part['m3']):02}",)
    number = 1 if kind == "yq" else 2
    return (f"q:{part['y4' if kind == 'yq' else 'y5'] or '?'}-{part[f'q{number}']}",)


def _month(name: str | None) -> int:
    return _MONTHS[(name or "").rstrip(".")]


def _full(year: str | None, month: str | None, day: str | None) -> tuple[str, ...]:
    try:
        read = date(int(year or 2000), int(month or 0), int(day or 0))
    except ValueError:
        return ()
    return (f"d:{read.year if year else '?'}-{read.month:02}-{read.day:02}",)


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "").replace(" ", ""))


def _key(value: Decimal, *, is_percent: bool) -> str:
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return f"{'p' if is_percent else 'n'}:{plain.lstrip('0') or '0'}"


def _id_key(written: str) -> str:
    return "i:" + re.sub("[^a-z0-9]", "", written)


def _read_words(flat: str, taken: bytearray) -> Iterator[_Found]:
    """Numbers in words, and words that claim a multiple."""
    passage = build_passage(tokenise(flat))
    index = 0
    while index < passage.count:
        start = passage.starts[index]
        word = passage.words[index]
        if taken[start] or passage.is_digits(index):
            index += 1
            continue
        claim = _CLAIMS.get(word)
        if claim is not None and not _is_scaled(passage, index):
            yield ("claim", (f"c:{claim}", f"n:{claim}"), start, passage.ends[index], False)
            index += 1
            continue
        if not passage.roles(index) & (NUMERAL | SCALE | OFFSET):
            index += 1
            continue
        last = yield from _read_number_words(passage, index, flat)
        index = max(last, index + 1)


def _is_scaled(passage: Passage, index: int) -> bool:
    """Whether a word such as "half" belongs to a number: "half a million"."""
    number = read_number(passage, index)
    return number is not None and number.is_scaled


def _joined(found: list[_Found], flat: str) -> list[_Found]:
    """Numbers said in two parts as one: "1 lakh 20 thousand"."""
    joined: list[_Found] = []
    for item in found:
        if (
            joined
            and item[0] == joined[-1][0] == "number"
            and flat[joined[-1][3] : item[2]] in (" ", " and ")
        ):
            before = joined[-1]
            scale = _SCALE_OF.get(flat[before[2] : before[3]].rpartition(" ")[2], 0)
            low, high = Decimal(item[1][0][2:]), Decimal(before[1][0][2:])
            if low < scale and flat[item[3] - 1].isalpha():
                joined[-1] = ("number", (_key(high + low, is_percent=False),), before[2], item[3], False)
                continue
        joined.append(item)
    return joined


def _read_number_words(passage: Passage, index: int, flat: str) -> Generator[_Found, None, int]:
    number = read_number(passage, index)
    if number is None or number.is_ambiguous or number.last <= index:
        return index + 1
    words = passage.words[index : number.last]
    if (number.value == UNIT and not number.is_scaled) or not any(map(_WORD.fullmatch, words)):
        return number.last
    last = number.last
    value = Decimal(number.value) / UNIT
    while last < passage.count and passage.words[last] in _SCALE_OF and len(passage.words[last]) > 2:
        value *= _SCALE_OF[passage.words[last]]
        last += 1
    end = passage.ends[last - 1]
    if passage.roles(last - 1) & CONJUNCTION:
        end = passage.ends[last - 2]
    percent = _PERCENT_BEHIND.match(flat, end)
    if percent is not None:
        end = percent.end()
    key = _key(value, is_percent=percent is not None)
    yield ("percentage" if percent else "number", (key,), passage.starts[index], end, False)
    return last
