"""Keys of names: forms in which two names are compared as wholes, and which names stand near each other.

Near are names within two changes of letters (with or without their legal forms), of the same words in
another order, set apart or joined, or of the same sound in Bangla and Latin letters. Computed for one name
at a time and kept with the list. It says what is near, never who is meant.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from casewright.domain.errors import ConfigurationError
from casewright.language.normalise import normalise

_MOST_CHANGES = 2
_SHORTEST_SOUND = 3
_TOKEN = re.compile(r"[a-z0-9\u0980-\u09ff]+|[&+]")
_BANGLA = {
    **dict.fromkeys("কখ", "k"),
    **dict.fromkeys("গঘ", "g"),
    **dict.fromkeys("চছ", "c"),
    **dict.fromkeys("জঝয", "j"),
    **dict.fromkeys("টঠতথৎ", "t"),
    **dict.fromkeys("ডঢদধ", "d"),
    **dict.fromkeys("ঙঞণনং", "n"),
    **dict.fromkeys("শষস", "s"),
    **dict.fromkeys("বভ", "b"),
    **dict.fromkeys("র\u09dc\u09dd", "r"),
    "প": "p",
    "ফ": "f",
    "ম": "m",
    "ল": "l",
    **dict.fromkeys("অআইঈউঊএঐওঔ", "a"),
    **{digit: str(value) for value, digit in enumerate("০১২৩৪৫৬৭৮৯")},
}
_LATIN = (
    ("ph", "f"),
    ("ch", "C"),
    ("ck", "k"),
    ("x", "ks"),
    ("c", "k"),
    ("q", "k"),
    ("z", "j"),
    ("v", "b"),
    ("C", "c"),
)
_SILENT = re.compile(r"(?<!^)[aeiouyw]|h")


def strict_key(name: str) -> str:
    """A name as it is written in full: letters, digits and "&", without case, accents and other signs."""
    return " ".join(_TOKEN.findall(normalise(name).text.replace("'", ""))).replace("+", "&")


@lru_cache(maxsize=4_096)
def sound_of(word: str) -> str:
    """The consonants of a word, roughly as they sound; the same in Bangla and in Latin letters."""
    if not word.isascii():
        word = re.sub("[\u09a1\u09a2]\u09bc", "\u09b0", word.replace("\u09cd\u09af", ""))
        latin = "".join(_BANGLA.get(letter, "") for letter in word)
        latin = latin[:1] + latin[1:].replace("a", "")
    else:
        latin = word
        for written, sound in _LATIN:
            latin = latin.replace(written, sound)
        if latin[:1] in ("y", "i") and latin[1:2] in tuple("aeou"):
            latin = "j" + latin[1:]
        latin = re.sub("^w", "b", re.sub("^[aeiou]", "a", latin))
        latin = _SILENT.sub("", latin)
    return re.sub(r"(.)\1+", r"\1", latin)


@dataclass(slots=True)
class NearNames:
    """Which names of a list stand near each other."""

    forms: tuple[tuple[str, ...], ...]
    """Of each name its letters joined, with and without the legal forms."""
    orders: tuple[str, ...]
    sounds: tuple[str, ...]
    _by_length: dict[int, tuple[list[str], list[int]]] = field(default_factory=dict)
    _same: dict[str, list[int]] = field(default_factory=dict)
    _known: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, forms in enumerate(self.forms):
            for form in forms:
                keys, owners = self._by_length.setdefault(len(form), ([], []))
                keys.append(form)
                owners.append(place)
            for key in self._keys(place):
                self._same.setdefault(key, []).append(place)

    def of(self, place: int) -> tuple[int, ...]:
        """The names near one, itself left out."""
        known = self._known.get(place)
        if known is None:
            found = dict.fromkeys(other for key in self._keys(place) for other in self._same[key])
            for form in self.forms[place]:
                found |= dict.fromkeys(self._within(form))
            found.pop(place, None)
            known = self._known[place] = tuple(found)
        return known

    def _keys(self, place: int) -> Iterable[str]:
        yield f"order {self.orders[place]}"
        if len(self.sounds[place]) >= _SHORTEST_SOUND:
            yield f"sound {self.sounds[place]}"

    def _within(self, form: str) -> Iterable[int]:
        for length in range(len(form) - _MOST_CHANGES, len(form) + _MOST_CHANGES + 1):
            keys, owners = self._by_length.get(length, ([], []))
            for _, at in near_words(form, keys, _MOST_CHANGES):
                yield owners[at]


def near_words(word: str, known: Sequence[str], limit: int) -> list[tuple[str, int]]:
    """The known words within so many changes of letters, and their places."""
    try:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA
    except ImportError as error:
        raise ConfigurationError(
            "names are matched with rapidfuzz: pip install 'casewright[knowledge]'"
        ) from error
    if not known:
        return []
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=limit, limit=None)
    return [(near, at) for near, _, at in found]
