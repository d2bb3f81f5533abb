"""Detection: the language of a complaint, by the words that only one of the languages uses.

English, Bangla (its own script), or mixed: Bangla in Latin letters ("Banglish"), or both scripts in quantity.
What it is for is the language of the reply. A text with no letters is English. Names, abbreviations and words
that both languages use do not count. Other languages are not told apart: they come out as English.
"""

from dataclasses import dataclass
from functools import cache
from itertools import chain

from casewright.domain.case import Language
from casewright.language.data_files import load_mapping
from casewright.language.tokens import Tokens

_MIXED_LATIN_SHARE = 0.4
"""From this share of Latin words on, a text in Bangla script is mixed."""
_MOSTLY_BANGLA_SHARE = 0.45
"""From this share of Bangla among the telling words on, a mixed text is answered in Bangla."""
_ENGLISH_BELOW_SHARE = 0.2
"""Below this share, a few Bangla words do not make an English text mixed."""
_ENOUGH = 4
"""So many telling words of one language, and none of the other, need no look at verb endings."""
_SHORTEST_INFLECTED = 5


@dataclass(frozen=True, slots=True)
class Detected:
    """The language of a text.

    `is_romanised`: a mixed text that is mostly Bangla, in Latin letters or in both scripts; its reply is in
    Bangla script. A mixed text that is mostly English is answered in English.
    """

    language: Language
    is_romanised: bool


@dataclass(frozen=True, slots=True)
class _Markers:
    banglish: frozenset[str]
    english: frozenset[str]
    neutral: frozenset[str]
    known: frozenset[str]
    endings: tuple[str, ...]


_ENGLISH = Detected(Language.EN, is_romanised=False)
_BANGLA = Detected(Language.BN, is_romanised=False)


def detect_language(tokens: Tokens) -> Detected:
    """The language of a tokenised text."""
    markers = _load_markers()
    words = tokens.words
    if tokens.text.isascii():
        return _detect_latin(words, markers)
    bangla = [word for word in words if "\u0980" <= word < "\u0a00" and word != "৳"]
    if not bangla:
        return _detect_latin(words, markers)
    latin = [word for word in words if "a" <= word < "{" and word not in markers.neutral]
    if len(latin) < _MIXED_LATIN_SHARE * (len(latin) + len(bangla)):
        return _BANGLA
    english = sum(map(markers.english.__contains__, latin))
    if len(bangla) <= _ENGLISH_BELOW_SHARE * english and not _count_banglish(latin, markers):
        return _ENGLISH
    share = (len(bangla) + _count_banglish(latin, markers)) / (len(bangla) + len(latin))
    is_mostly_bangla = share >= _MOSTLY_BANGLA_SHARE or english * 2 <= len(bangla)
    return Detected(Language.MIXED, is_romanised=is_mostly_bangla)


def _detect_latin(words: tuple[str, ...], markers: _Markers) -> Detected:
    english = sum(map(markers.english.__contains__, words))
    banglish = sum(map(markers.banglish.__contains__, words))
    if min(english, banglish) or max(english, banglish) < _ENOUGH:
        banglish = _count_banglish(words, markers)
    if not banglish:
        return _ENGLISH
    share = banglish / (banglish + english)
    if share < _ENGLISH_BELOW_SHARE or (banglish == 1 and english > 1):
        return _ENGLISH
    return Detected(Language.MIXED, is_romanised=share >= _MOSTLY_BANGLA_SHARE)


def _count_banglish(words: tuple[str, ...] | list[str], markers: _Markers) -> int:
    """Words of the list, and words with the ending of a Bangla verb."""
    listed = sum(map(markers.banglish.__contains__, words))
    endings, known = markers.endings, markers.known
    return listed + sum(
        len(word) >= _SHORTEST_INFLECTED and word.endswith(endings) for word in words if word not in known
    )


@cache
def _load_markers() -> _Markers:
    content = load_mapping("detection.yaml")
    banglish = frozenset(chain.from_iterable(content["banglish"]))
    english = frozenset(chain.from_iterable(content["english"]))
    neutral = frozenset(content["neutral"])
    return _Markers(
        banglish=banglish - neutral,
        english=english,
        neutral=neutral,
        known=banglish | english | neutral | frozenset(content["not_banglish"]),
        endings=tuple(content["banglish_endings"]),
    )
