"""Postal addresses: Bangladesh's house and road, and whatever the word "address" announces.

Two parts of an address side by side are one ("house 12, road 5"); a single part needs a place beside it or
the word for it before. A town alone is no address. Street lines of other countries: `street_lines`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from casewright.text.sensitive.findings import OPAQUE, Finding, Kind
from casewright.text.sensitive.scan import Scan
from casewright.text.sensitive.street_lines import find_street_lines
from casewright.text.sensitive.wordlists import BANGLA, alternatives, load_data, words

_NUMBER_WORD = "(?:no|number|num|nong|nombor|nambar|নং|নম্বর|নাম্বার)"
_LETTER_NAMES = "(?:এ|বি|সি|ডি|ই|এফ|জি|এইচ|আই|জে|কে|এল|এম|এন)"
_SHORT_LABELS = r"(?:po|ps|p\.o\.?|p\.s\.?)"
_CASE_ENDINGS = ("র", "ের", "য়", "তে")
_START = rf"(?<![a-z{BANGLA}])"
_END = rf"(?![a-z{BANGLA}])"
_PART_REACH = 60
_CLUSTER_GAP = 26
_CLUSTER_ENDS = frozenset(".!?।;%" + OPAQUE)
_WORDS_BETWEEN = 2
_WORD = re.compile(rf"[a-z{BANGLA}]+")
_LONGEST = 160
_SHORTEST = 5
_TAIL_PIECES = 6


ADDRESS_HINTS = (
    "addr",
    "adress",
    "thik",
    "tika",
    "ঠিকানা",
    "ড্রেস",
    "village",
    "vill",
    "thana",
    "upazil",
    "upozil",
    "গ্রাম",
    "থানা",
    "জেলা",
)
"""One of these stands in every text with an address that holds no digit."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """Compiled from `data/redaction_addresses.yaml`."""

    part: re.Pattern[str]
    """A word and its number: "house 12", "5 no road"."""
    label: re.Pattern[str]
    """A word and a name: "village Kalipur"."""
    places: frozenset[str]
    tail: re.Pattern[str]
    """What may go on behind a part."""
    sure_cue: re.Pattern[str]
    likely_cue: re.Pattern[str]
    end: re.Pattern[str]
    """Where an announced address ends."""
    part_hints: tuple[str, ...]
    label_hints: tuple[str, ...]


@cache
def _load() -> Patterns:
    data = load_data("redaction_addresses")
    numbered, named, places = (_both(data[section]) for section in ("numbered", "named", "places"))
    cues = data["sure_cues"]
    sure = f"(?:{alternatives(cues['latin'])}|{alternatives(cues['bangla'])})"
    link = rf"(?:[ ]?(?:{alternatives(data['cue_links'])}|\n)){{0,6}}[ \n]{{0,3}}"
    likely = rf"{_START}(?:{alternatives(data['likely_cues'])})(?![a-z])[ ]?(?:the|this|my|address|:)?[ ]?"
    return Patterns(
        part=re.compile(_part(numbered)),
        label=re.compile(
            rf"{_START}(?:(?:{named})(?:[ ]?[:\-.][ ]?|[ ])|{_SHORT_LABELS}[ ]?:[ ]?)[a-z{BANGLA}]{{3,20}}"
        ),
        places=frozenset(places.split("|")),
        tail=re.compile(_tail(places, words(data["going_on"]), alternatives(data["never_going_on"]))),
        sure_cue=re.compile(rf"{_START}{sure}(?![a-z])(?:es)?(?:[ ]of[ ][^,.:;\n]{{1,50}}?(?=[ ]is))?{link}"),
        likely_cue=re.compile(likely),
        end=re.compile(
            rf"[!?।;{OPAQUE}]|\.(?=\s|$)(?<!\bst\.)(?<!\brd\.)(?<!\bno\.)(?<!\bapt\.)(?<!\bave\.)(?<!\bdr\.)"
            rf"|\n(?![a-z0-9{BANGLA}][^\n]{{2,40}}(?:\n|$))|,?[ ](?:{alternatives(data['ending'])}){_END}"
        ),
        part_hints=(*_hints(numbered), "h-", "h#", "h."),
        label_hints=(*_hints(named), "po:", "ps:", "p.o", "p.s"),
    )


def _both(section: Mapping[str, str]) -> str:
    return f"{words(section['latin'])}|{words(section['bangla'])}"


def _part(numbered: str) -> str:
    value = rf"[0-9]{{1,4}}(?:[/\-][0-9a-z{BANGLA}]{{1,3}}|[a-z](?![a-z])|[ ]?[a-z](?=[ ]?,))?(?![0-9])"
    letter = rf"(?:[ ]?[.:#\-,][ ]?|[ ])(?:[a-zক-হ](?![a-z0-9'{BANGLA}])|{_LETTER_NAMES}(?![{BANGLA}]))"
    return (
        rf"{_START}(?:{numbered})(?:[ ]?{_NUMBER_WORD}(?![a-z]))?(?:[ ]?[.:#\-,]?[ ]?{value}|{letter})"
        rf"|{_START}[hr][\-#.][ ]?{value}"
        rf"|(?<![0-9a-z,.])[0-9]{{1,4}}(?:/[0-9a-z]{{1,3}})?(?:st|nd|rd|th)?[ ]?(?:{_NUMBER_WORD}[ ]|ম[ ])?"
        rf"(?:{numbered}){_END}"
    )


def _tail(places: str, going_on: str, never: str) -> str:
    money = "(?:taka|tk|bdt|/-|টাকা|৳)"
    name = rf"(?!(?:{never}){_END})[a-z{BANGLA}]{{3,20}}"
    return (
        r"(?:[ ]?[,\-/|;][ ]?|[ ]|\n)"
        rf"(?:(?:{places})(?:[ ]?-[ ]?[0-9]{{1,4}}|[ ][0-9]{{1,2}}(?![0-9])"
        rf"|[ ][0-9]{{4}}(?![0-9]|[ ]?{money}))?{_END}"
        rf"|(?:north|south|east|west|new|old|{going_on}|{_NUMBER_WORD}){_END}|[0-9]{{4}}(?=[ ]?[,.।\n]|$))"
        rf"|[ ]?,[ ]?{name}(?:[ ]{name}){{0,2}}(?=[ ]?[,.।\n]|[ ]?-[ ]?[0-9]{{4}}|$)"
        r"|[ ]?-[ ]?[0-9]{4}(?![0-9])"
    )


def _hints(group: str) -> tuple[str, ...]:
    """The words, and of a word of one or two letters the forms it is written in."""
    found: list[str] = []
    for word in group.split("|"):
        is_short = len(word) <= 2 and word.isascii()
        found += [word + mark for mark in " .-#:0123456789"] if is_short else [word]
    return tuple(hint for hint in found if not any(other != hint and other in hint for other in found))


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
    """Overlapping, or with little more than marks and two words between."""
    between = text[end:start]
    if not between.strip(" .,\n"):
        return True
    if len(between) > _CLUSTER_GAP or any(mark in between for mark in _CLUSTER_ENDS):
        return False
    return len(_WORD.findall(between)) <= _WORDS_BETWEEN


_BARE_NUMBER = re.compile(
    rf"(?<![0-9a-z.,/{BANGLA}-])(?:[0-9]{{1,3}}|[0-9]{{1,4}}/[0-9a-z{BANGLA}]{{1,2}}),[ ]\Z"
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
    for _ in range(_TAIL_PIECES):
        more = patterns.tail.match(text, end)
        if more is None:
            break
        count += _has_place(more[0], patterns)
        end = more.end()
    return start, end, count


_PLACE_BEFORE = re.compile(rf"([a-z{BANGLA}]+)[ ,\-0-9এ]{{0,12}}\Z")


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
            end = _segment_end(text, start, patterns)
            if end - start >= _SHORTEST and _is_address(
                scan, text[start:end], start, end, patterns, is_sure=is_sure
            ):
                free = end
                yield start, end


def _segment_end(text: str, start: int, patterns: Patterns) -> int:
    stop = min(len(text), start + _LONGEST)
    found = patterns.end.search(text, start, stop)
    end = found.start() if found else stop
    while end > start and text[end - 1] in " ,.-\n":
        end -= 1
    return end


_DIGIT = re.compile(r"[0-9]")
_HOUSE_NUMBER = re.compile(
    rf"^(?:[#(\"']?[0-9]{{1,5}}[a-z]?(?:[/\-][0-9a-z]{{1,4}})?[ ,]+[a-z{BANGLA}]"
    rf"|[a-z{BANGLA}' .\-]{{3,40}},? ?[0-9]{{1,5}}[a-z]?(?:$|[,\n]))"
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
        or (
            patterns.part.search(value, 0, _PART_REACH) is not None
            and (is_sure or has_comma or _has_place(value, patterns))
        )
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
