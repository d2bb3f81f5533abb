"""Street lines of Britain, America and Europe: a number, a name, the word for a street, town and postcode.

Names of streets are told by their capitals, so this module reads the original text and answers in its
indices. Military addresses, post boxes, "town, state ZIP" and British postcodes count on their own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from casewright.text.sensitive.wordlists import load_data

_LONGEST = 160
_TAIL_PIECES = 6
_SHORT_WORD = 4
_NUMBER = r"(?<![\w.,/$#\-])[0-9]{1,6}[A-Za-z]?(?:[-/](?:[0-9]{1,5}[A-Za-z]?|[A-Za-z]))?,?[ ]"
_NAME = r"(?:[A-ZÀ-Þ][\w'’.\-]{0,24}|[0-9]{1,3}(?:st|nd|rd|th))[ ]"
_PROPER = r"[A-ZÀ-Þ][\w'’\-]{1,24}"
_FRENCH = "rue|avenue|av\\.|boulevard|bd|chemin|place|allée|allee|impasse|quai|route|cours|square|via|calle"
_POSTCODE = (
    r"(?:[BEGLMNSW][0-9]{1,2}|(?:A[BL]|B[ABDHLNRST]|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]|F[KY]|G[LUY]|H[ADGPRSUX]"
    r"|I[GMPV]|JE|K[ATWY]|L[ADELNSU]|M[EKL]|N[EGNPRW]|O[LX]|P[AEHLOR]|RG|RH|RM|S[AEGKLMNOPRSTWY]|T[ADFNQRSW]|UB"
    r"|W[ADFNRSVC]|YO|ZE)[0-9]{1,2}|[EW]C?[0-9][A-Z]|[NS][EW]?1?[0-9][A-Z]|SW[0-9][A-Z])"
    r"[ ][0-9][ABD-HJLNP-UW-Z]{2}(?![\w\-])"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A form of line; it is looked for where one of its hints (lower case) stands in the text."""

    pattern: re.Pattern[str]
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """All forms, and what may follow one."""

    forms: tuple[Line, ...]
    tail: re.Pattern[str]
    plain: re.Pattern[str]
    """Ends in a word that hardly means anything but a street."""


def find_street_lines(text: str) -> Iterator[tuple[int, int]]:
    """Spans of address lines with the town, state, postcode or country behind them."""
    if _CAPITAL.search(text) is None and _PLAIN.search(text) is None:
        return
    lines = _load()
    lower = text.lower()
    for line in lines.forms:
        if line.hints and not any(hint in lower for hint in line.hints):
            continue
        for match in line.pattern.finditer(text):
            if _YEAR.match(match[0]) and not lines.plain.search(match[0]):
                continue  # "2021 Anthony Green"
            end = match.end()
            for _ in range(_TAIL_PIECES):
                more = lines.tail.match(text, end)
                if more is None or more.end() - match.start() > _LONGEST:
                    break
                end = more.end()
            yield match.start(), end - (text[end - 1] == "." and text[end : end + 1] in ("", " ", "\n"))


_CAPITAL = re.compile(r"[0-9][^a-z]{0,40}[A-ZÀ-Þ]|[A-ZÀ-Þ][\w .'’,]{0,80}[0-9]")
_YEAR = re.compile(r"(?:19[5-9]|20[0-3])[0-9][ ,\-]")
_PLAIN = re.compile(r"[0-9][A-Za-z]?,?[ ][a-z]")


def _words(text: object) -> str:
    return "|".join(sorted(str(text).split(), key=len, reverse=True))


def _alternatives(text: object) -> str:
    """As they are written: these patterns read the original text, capitals and accents and all."""
    return re.sub(r"\s*\|\s*", "|", " ".join(str(text).split()))


@cache
def _load() -> Lines:
    data = load_data("redaction_addresses")
    states = _alternatives(data["states"])
    return Lines(
        (*_numbered(data), *_named(data), *_coded(states)),
        _tail(states),
        re.compile(rf"(?i:{_words(data['plain_streets'])})\.?$"),
    )


def _numbered(data: Mapping[str, object]) -> tuple[Line, ...]:
    """Lines that begin with the number: "12 Main Street", "3 rue de Lille"."""
    never = _words(data["never_in_a_street"])
    small = rf"(?:(?!(?:{never})[ ])[a-z'’.\-]{{2,24}}[ ]){{1,3}}(?:{_words(data['plain_streets'])})(?!\w)\.?"
    capital = rf"(?:{_NAME}){{1,4}}(?i:{_words(data['streets'])})(?!\w)\.?"
    single = rf"(?:{_NAME}){{0,2}}(?i:broadway|boulevard|blvd)(?!\w)\.?"
    french = (
        rf"(?:(?:bis|ter)[ ])?,?(?i:{_FRENCH})[ ](?:(?:de|du|des|la|le|les|l'|d'|della|di)[ ]?){{0,3}}"
        rf"{_PROPER}(?:[ \-]{_PROPER}){{0,3}}"
    )
    return (Line(re.compile(rf"{_NUMBER}(?:{capital}|(?:[NSEW]\.?[ ])?{small}|{single}|{french})")),)


def _named(data: Mapping[str, object]) -> tuple[Line, ...]:
    """Lines that end with the number: "Rue de Lille 3", "Hauptstraße 5"."""
    prefixed, joined = _alternatives(data["prefixed_streets"]), _alternatives(data["joined_streets"])
    small = "de|du|des|di|della|del|dei|la|le|les|el|los|las|do|da|dos|den|der|dem|d'|l'|y|et|e"
    first = (
        rf"(?<!\w)(?i:{prefixed})\.?[ ](?:(?:{small})[ ]){{0,3}}"
        rf"(?:{_PROPER}\.?[ ]?(?:(?:{small})[ ]|[a-zà-ÿ'’\-]{{3,20}}[ ])?){{1,4}},?[ ]?(?:n[°º.]?[ ]?)?"
        r"[0-9]{1,5}(?![0-9])[A-Za-z]?(?!\w)"
    )
    second = (
        rf"(?<!\w)[A-ZÀ-Þ][\w\-]{{1,28}}?(?:[ ]?(?:{joined})|[ ](?:u|út|utca|krt|tér|ring|Straße|Strasse|Str"
        r"|Allee|Weg|Platz)\.?)[ ]?[0-9]{1,4}(?:[ ]?[a-zA-Z])?(?!\w)"
    )
    hints = tuple(
        hint
        for word in prefixed.lower().split("|")
        for hint in ((word,) if len(word) > _SHORT_WORD else (f"{word} ", f"{word}. "))
    )
    return (
        Line(re.compile(first), hints),
        Line(
            re.compile(second),
            (*(re.sub(r"[^\w].*", "", word) for word in joined.split("|")), " u", " út", " krt", " tér"),
        ),
    )


def _coded(states: str) -> tuple[Line, ...]:
    """Boxes, flats, towns with a state and ZIP, postcodes."""
    return (
        Line(
            re.compile(
                r"(?<!\w)(?:PSC|CMR|Unit)[ ][0-9]{1,6},?[ ]Box[ ][0-9]{1,6}"
                r"|(?<!\w)US(?:NS|NV|CGC|S)[ ][A-Z][a-z]{1,20}(?=[\n, ]{1,2}[AFD]PO)"
                r"|(?<!\w)(?i:p\.?[ ]?o\.?[ ]?box|post office box)[ ]?#?[0-9]{1,7}(?![0-9])"
            ),
            ("box", "apo", "fpo", "dpo"),
        ),
        Line(
            re.compile(
                r"(?<!\w)(?:Flat|Studio|Suite|Apt\.?|Apartment|Unit)[ ][0-9]{1,5}[A-Za-z]?,?[\n ]"
                r"[A-Z0-9][\w'’ ]{2,40}(?=[\n,])"
            ),
            ("flat", "studio", "suite", "apt", "apartment", "unit"),
        ),
        Line(
            re.compile(
                rf"(?<!\w)(?:[A-Z][\w'’.\-]{{1,20}}[ ]){{0,2}}[A-Z][\w'’.\-]{{1,20}},?[ ](?:{states}),?[ ]"
                r"[0-9]{5}(?:-[0-9]{4})?(?![0-9\-])"
            )
        ),
        Line(re.compile(rf"(?<![\w\-]){_POSTCODE}")),
    )


def _tail(states: str) -> re.Pattern[str]:
    unit = r"(?:Apt|Suite|Ste|Unit|Flat|Apartment|Floor|Room|#)\.?[ ]?[A-Za-z]?[0-9]{1,6}[A-Za-z]?"
    town = r"(?:St\.[ ])?(?:[A-ZÀ-Þ][\w'’\-]{1,24}[ ]?){1,3}"
    code = (
        rf"(?:(?:{states})[ ,]{{1,2}}[0-9]{{5}}(?:-[0-9]{{4}})?|{_POSTCODE}"
        r"|[A-Z]{0,2}-?[0-9]{4,6}(?![0-9])(?:[ ][A-Z][\w\-]{1,24})?)"
    )
    follows = rf"[,.\n]|[ ](?:{states})[ ]|[ ]{_POSTCODE}|[ ]?$"
    return re.compile(
        rf"(?:,?[ ]|,?\n|,)(?:{unit}|{code}|(?<=[,\n ]){town}(?={follows})"
        r"|[A-Z]{2}(?=[ ,]))"
    )
