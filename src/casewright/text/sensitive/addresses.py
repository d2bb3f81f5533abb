"""Postal addresses: Bangladesh's house and road, street lines of Britain, America and Europe, and cued ones.

Two parts of an address side by side are one ("house 12, road 5"); a single part needs a place beside it or the
word for it before. A street line needs a number and a street's word. A town alone, or a postcode's area, is no
address. Names of streets are told by their capitals, so these patterns read the original text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from casewright.language.normalise import normalise
from casewright.text.sensitive.findings import OPAQUE, Finding, Kind
from casewright.text.sensitive.scan import Scan
from casewright.text.sensitive.street_lines import find_street_lines

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BANGLA = "\u0980-\u09e5\u09f0-\u09ff"
_LETTER_NAMES = "(?:এ|বি|সি|ডি|ই|এফ|জি|এইচ|আই|জে|কে|এল|এম|এন)"
_CASE_ENDINGS = ("র", "ের", "য়", "তে")
_PART_REACH = 60
_CLUSTER_GAP = 26
_CUE_GAP = 48
_LONGEST = 160
_STOP_WORDS = (
    "and|for|but|please|pls|so|because|my|i|is|was|not|ar|kintu|on|by|se|we|he|she|they|it|phone|mobile|email|as|since|to|from|with"
    "|this|that|amar|ami|theke|thaki|number|call|order|er|এবং|কিন্তু|আমার|আমি|ফোন|মোবাইল|নম্বর|থেকে|এ|তে|টাকা"
)


@dataclass(frozen=True, slots=True)
class Patterns:
    """Compiled from `data/redaction_addresses.yaml`."""

    part: re.Pattern[str]
    label: re.Pattern[str]
    places: frozenset[str]
    tail: re.Pattern[str]
    sure_cue: re.Pattern[str]
    likely_cue: re.Pattern[str]
    part_hints: tuple[str, ...]
    label_hints: tuple[str, ...]


def _words(text: str) -> str:
    return "|".join(sorted(text.split(), key=len, reverse=True))


def _joined(text: str) -> str:
    return re.sub(r"\s*\|\s*", "|", " ".join(text.split()))


def _hints(words: Mapping[str, str]) -> tuple[str, ...]:
    """The words, and of a word of one or two letters the forms it is written in."""
    found: list[str] = []
    for word in " ".join((words["latin"], normalise(words["bangla"]).text)).split():
        found += (
            [word] if len(word) > 2 or not word.isascii() else [word + mark for mark in " .-#:0123456789"]
        )
    return tuple(hint for hint in found if not any(other != hint and other in hint for other in found))


@cache
def _load() -> Patterns:
    source = resources.files("casewright.text").joinpath("data/redaction_addresses.yaml").read_text("utf-8")
    data = yaml.load(source, Loader=_LOADER)  # noqa: S506 - a safe loader
    return _compile(data)


def _compile(data: Mapping[str, dict[str, str]]) -> Patterns:
    latin, bangla = _words(data["numbered"]["latin"]), _words(normalise(data["numbered"]["bangla"]).text)
    value = rf"[0-9]{{1,4}}(?:[/\-][0-9a-z{_BANGLA}]{{1,3}}|[a-z](?![a-z])|[ ]?[a-z](?=[ ]?,))?(?![0-9])"
    letter = rf"(?:[ ]?[.:#\-,][ ]?|[ ])(?:[a-zক-হ](?![a-z0-9'{_BANGLA}])|{_LETTER_NAMES}(?![{_BANGLA}]))"
    number_word = r"(?:no|number|num|nong|nombor|nambar|নং|নম্বর|নাম্বার)"
    part = (
        rf"(?<![a-z{_BANGLA}])(?:{latin}|{bangla})(?:[ ]?{number_word}(?![a-z]))?(?:[ ]?[.:#\-,]?[ ]?{value}|{letter})"
        rf"|(?<![a-z{_BANGLA}])[hr][\-#.][ ]?{value}"
        rf"|(?<![0-9a-z,.])[0-9]{{1,4}}(?:/[0-9a-z]{{1,3}})?(?:st|nd|rd|th)?[ ]?(?:{number_word}[ ]|ম[ ])?(?:{latin}|{bangla})(?![a-z{_BANGLA}])"
    )
    named = f"{_words(data['named']['latin'])}|{_words(normalise(data['named']['bangla']).text)}"
    label = rf"(?<![a-z{_BANGLA}])(?:{named})(?:[ ]?[:\-.][ ]?|[ ])[a-z{_BANGLA}]{{3,20}}"
    places = f"{_words(data['places']['latin'])}|{_words(normalise(data['places']['bangla']).text)}"
    going_on = _words(normalise(str(data["going_on"])).text)
    tail = (
        rf"(?:[ ]?[,\-/|;][ ]?|[ ]|\n)(?:(?:{places})(?:[ ]?[-–][ ]?[0-9]{{1,4}}|[ ][0-9]{{1,2}}(?![0-9]))?(?![a-z{_BANGLA}])"
        rf"|(?:north|south|east|west|new|old|{going_on}|{number_word})(?![a-z{_BANGLA}])|[0-9]{{4}}(?=[ ]?[,.।\n]|$))"
        rf"|[ ]?,[ ]?(?!(?:{_STOP_WORDS})(?![a-z{_BANGLA}]))[a-z{_BANGLA}]{{3,20}}(?:[ ](?!(?:{_STOP_WORDS})(?![a-z{_BANGLA}]))[a-z{_BANGLA}]{{3,20}}){{0,2}}(?=[ ]?[,.।\n]|[ ]?-[ ]?[0-9]{{4}}|$)"
        rf"|[ ]?-[ ]?[0-9]{{4}}(?![0-9])"
    )
    link = r"(?:[ ]?(?:is|was|are|were|:|=|-|ta|ti|holo|hocche|hochche|chilo|হলো|হল|হচ্ছে|ছিল|ঃ|\n|to|at|with|on|of|as|in|amar|my|new|current|the|here|e|it's|now|,|;|should be|changed|updated|be)){0,6}[ \n]{0,3}"
    sure = rf"(?<![a-z{_BANGLA}])(?:{data['sure_cues']['latin']}|{normalise(str(data['sure_cues']['bangla'])).text})(?![a-z])(?:es)?(?:[ ]of[ ][^,.:;\n]{{1,50}}?(?=[ ]is))?{link}"  # type: ignore[str-bytes-safe]
    likely = rf"(?<![a-z{_BANGLA}])(?:{_joined(normalise(str(data['likely_cues'])).text)})(?![a-z])[ ]?(?:the|this|my|address|:)?[ ]?"
    return Patterns(
        part=re.compile(part),
        label=re.compile(label),
        places=frozenset(places.split("|")),
        tail=re.compile(tail),
        sure_cue=re.compile(sure),
        likely_cue=re.compile(likely),
        part_hints=_hints(data["numbered"]),
        label_hints=_hints(data["named"]),
    )


def find_addresses(scan: Scan) -> Iterator[Finding]:
    """Every postal address of the text."""
    patterns = _load()
    text = scan.text
    for start, end in find_street_lines(scan.original):
        yield Finding(Kind.ADDRESS, start, end)
    parts: list[tuple[int, int]] = []
    for hints, pattern in ((patterns.part_hints, patterns.part), (patterns.label_hints, patterns.label)):
        if any(hint in text for hint in hints):
            parts += [match.span() for match in pattern.finditer(text)]
    for start, end in _clusters(sorted(parts), text, patterns):
        yield scan.finding(Kind.ADDRESS, start, end)
    for start, end in _cued(scan, patterns):
        yield scan.finding(Kind.ADDRESS, start, end)


def _clusters(parts: list[tuple[int, int]], text: str, patterns: Patterns) -> Iterator[tuple[int, int]]:
    """Parts side by side, with the places around them."""
    index = 0
    while index < len(parts):
        start, end = parts[index]
        count = 1
        index += 1
        while index < len(parts) and _are_neighbours(text, end, parts[index][0]):
            if parts[index][0] >= end:
                count += 1
            end = max(end, parts[index][1])
            index += 1
        wide_start, wide_end, places = _with_places(text, start, end, patterns)
        if count + places >= 2:
            yield wide_start, wide_end


def _are_neighbours(text: str, end: int, start: int) -> bool:
    between = text[end:start]
    return (
        len(between) <= _CLUSTER_GAP
        and not any(mark in between for mark in ".!?।;" + OPAQUE)
        or len(between.strip(" .,\n")) == 0
    )


_BARE_NUMBER = re.compile(
    rf"(?<![0-9a-z.,/{_BANGLA}-])(?:[0-9]{{1,3}}|[0-9]{{1,4}}/[0-9a-z{_BANGLA}]{{1,2}}),[ ]$"
)


def _with_places(text: str, start: int, end: int, patterns: Patterns) -> tuple[int, int, int]:
    count = 0
    low = max(0, start - 24)
    before = _PLACE_BEFORE.search(text, low, start)
    if before and _is_place(before[1], patterns):
        start, count = before.start(), 1
    number = _BARE_NUMBER.search(text, max(0, start - 12), start)
    if number:
        start = number.start()
    for _ in range(6):
        more = patterns.tail.match(text, end)
        if more is None:
            break
        count += _has_place(more[0], patterns)
        end = more.end()
    return start, end, count


_PLACE_BEFORE = re.compile(rf"([a-z{_BANGLA}]+)[ ,\-0-9এ]{{0,12}}$")
_WORD = re.compile(rf"[a-z{_BANGLA}]+")


def _has_place(value: str, patterns: Patterns) -> bool:
    return any(_is_place(word, patterns) for word in _WORD.findall(value))


def _is_place(word: str, patterns: Patterns) -> bool:
    """A place's name, in Bangla with its case ending or without."""
    if word in patterns.places:
        return True
    if not word.endswith(_CASE_ENDINGS):
        return False
    return any(word.endswith(ending) and word[: -len(ending)] in patterns.places for ending in _CASE_ENDINGS)


def _cued(scan: Scan, patterns: Patterns) -> Iterator[tuple[int, int]]:
    text = scan.text
    free = 0
    for pattern, is_sure in ((patterns.sure_cue, True), (patterns.likely_cue, False)):
        for cue in pattern.finditer(text):
            start = cue.end()
            if text[start : start + 1] in ("", OPAQUE) or start < free:
                continue
            end = _segment_end(text, start)
            if end - start >= 5 and _is_address(scan, text[start:end], start, end, patterns, is_sure=is_sure):
                free = end
                yield start, end


_SEGMENT_END = re.compile(
    rf"[!?।;{OPAQUE}]|\.(?=\s|$)(?<!\bst\.)(?<!\brd\.)(?<!\bno\.)(?<!\bapt\.)(?<!\bave\.)(?<!\bdr\.)(?<!\bmr\.)|\n(?![a-z0-9\u0980-\u09ff][^\n]{{2,40}}(?:\n|$))"
    rf"|,?[ ](?:and|but|please|because|so|my|i|for|is|was|which|where|phone|mobile|email|amar|ami|kintu|ar|thaki|e thaki|theke|he|she|they|we|it|instead|never|did|didn't|has|hasn't|have|haven't|will|came|got|who|arrived|today|tomorrow|yesterday|now|asap|aj|kal|আজ|কাল|before|since|until|এবং|কিন্তু|আমার|আমি|ফোন|মোবাইল|থেকে|থাকি|এ থাকি)(?![a-z{_BANGLA}])"
)


def _segment_end(text: str, start: int) -> int:
    stop = min(len(text), start + _LONGEST)
    found = _SEGMENT_END.search(text, start, stop)
    end = found.start() if found else stop
    while end > start and text[end - 1] in " ,.-\n":
        end -= 1
    return end


_DIGIT = re.compile(r"[0-9]")
_HOUSE_NUMBER = re.compile(
    rf"^(?:[#(\"']?[0-9]{{1,5}}[a-z]?(?:[/\-][0-9a-z]{{1,4}})?[ ,]+[a-z{_BANGLA}]|[a-z{_BANGLA}' .\-]{{3,40}},? ?[0-9]{{1,5}}[a-z]?(?:$|[,\n]))"
)
_AMOUNT = re.compile(r"(?:taka|tk|bdt|টাকা|৳|\bdays?\b|\bminutes?\b|\bhours?\b|দিন|txn|trx|order|@)")


def _is_address(scan: Scan, value: str, start: int, end: int, patterns: Patterns, *, is_sure: bool) -> bool:
    """Whether what stands behind a cue holds enough of an address."""
    has_digit = _DIGIT.search(value) is not None
    has_comma = "," in value or "\n" in value
    if not has_digit and not (is_sure and has_comma):
        return False
    is_address = (
        (
            bool(_HOUSE_NUMBER.match(value))
            and _is_full(scan, value, start, end, patterns, has_comma, is_sure=is_sure)
        )
        or patterns.part.search(value, 0, _PART_REACH) is not None
        or (is_sure and has_comma and _has_place(value, patterns))
    )
    return is_address and _AMOUNT.search(value) is None


def _is_full(
    scan: Scan, value: str, start: int, end: int, patterns: Patterns, has_comma: bool, *, is_sure: bool
) -> bool:
    """More than a number and a word: capitals, a comma, or a known place."""
    if is_sure and has_comma:
        return True
    is_capitalised = _is_capitalised(scan, start, end)
    if is_capitalised and (is_sure or has_comma):
        return True
    return (is_capitalised or is_sure) and _has_place(value, patterns)


def _is_capitalised(scan: Scan, start: int, end: int) -> bool:
    low, high = scan.span(start, end)
    return bool(re.search(r"[A-ZÀ-Þ][a-zà-ÿ]", scan.original[low:high]))
