"""Choosing: which of the clients that were listed a reply picks; whether it is a reply to the list at all.

A client is picked only where the words name exactly one: its id, a word that its name alone has, or its
place in the list. Every word of the reply must be accounted for; "one", "any", "neither", "not" and "other"
pick nobody. Pure; no record is read, so an industry or an amount picks nobody either.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from casewright.desks.sales.name_units import split_name
from casewright.desks.sales.names import Name
from casewright.desks.sales.vocabulary import WORD, load_vocabulary
from casewright.language.data_files import load_packaged
from casewright.language.normalise import normalise

_LISTS = load_packaged("casewright.desks.sales", "choosing.yaml")
_PART = re.compile(r"[,;:.!?()\n–—।]+(?=\s|$)|\s[-–—]+\s")
_FILLER = frozenset(_LISTS["filler"].split())
_DENIALS = frozenset(_LISTS["denials"].split())
_DOUBTS = frozenset(_LISTS["doubts"].split())
_CORRECTING = frozenset(_LISTS["correcting"].split())
_POINTING = frozenset(_LISTS["pointing"].split())
_NUMBERED = frozenset(_LISTS["numbered"].split())
_POLITE = frozenset(_LISTS["polite"].split())
_OPENERS = frozenset(_LISTS["openers"].split())
_NUMBERS = frozenset(_LISTS["numbers"].split())
_PAIRS = frozenset(_LISTS["pairs"].split())
_ALIKE = {
    "northern": "north",
    "southern": "south",
    "eastern": "east",
    "western": "west",
    "american": "us",
    "usa": "us",
    "british": "uk",
}
_LETTERS = re.compile(r"[^a-z0-9\u0980-\u09ff]")
_SHORT = 3


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a reply. `named`: the places it names; None where it names none."""

    words: tuple[str, ...]
    is_denied: bool
    named: frozenset[int] | None
    is_clear: bool
    """Every word is accounted for."""


def choose(text: str, offered: Sequence[Name]) -> str | None:
    """The id of the one that a reply picks; None where it does not name exactly one."""
    by_id = _LETTERS.sub("", normalise(text).text)
    places = [place for place, (one, _) in enumerate(offered) if _LETTERS.sub("", one.casefold()) == by_id]
    if len(places) == 1 and not by_id.isdigit():
        return offered[places[0]][0]
    words = _own_words(offered)
    parts = [_read_part(part, offered, words) for part in _parts(text)]
    if not parts or not all(part.is_clear for part in parts):
        return None
    denied = [part.named for part in parts if part.is_denied]
    picked = [part.named for part in parts if not part.is_denied and part.named is not None]
    is_other = any("other" in part.words for part in parts)
    if any(named is None or len(named) != 1 for named in denied):
        return None
    rejected: Set[int] = frozenset().union(*(named or () for named in denied))
    if is_other:
        left = set(range(len(offered))) - rejected
        return offered[left.pop()][0] if len(offered) == 2 and len(rejected) == 1 and not picked else None
    if not picked:
        return None
    both = frozenset.intersection(*picked) - rejected
    return offered[next(iter(both))][0] if len(both) == 1 else None


def is_reply(text: str, offered: Sequence[Name]) -> bool:
    """Whether a text that picks nobody still speaks of what was listed, and is no question of its own."""
    words = [match.group() for match in WORD.finditer(normalise(text).text)]
    if not words or words[:2] == ["which", "one"]:
        return bool(words)
    if words[0] in _OPENERS:
        return False
    own = {word for some in _own_words(offered) for word in some}
    return len(words) <= _SHORT or not (
        _POINTING | _DOUBTS | own | load_vocabulary().choices.keys()
    ).isdisjoint(words)


def is_denied(text: str) -> bool:
    """Whether a reply turns something down or leaves it open."""
    return not (_DENIALS | _DOUBTS).isdisjoint(match.group() for match in WORD.finditer(normalise(text).text))


def tells_place(text: str, offered: Sequence[Name]) -> bool:
    """Whether a place in the list is told by a word that is in no name."""
    own = {word for some in _own_words(offered) for word in some} | {"one"}
    places = load_vocabulary().choices.keys() - own
    return not places.isdisjoint(match.group() for match in WORD.finditer(normalise(text).text))


def _own_words(offered: Sequence[Name]) -> list[frozenset[str]]:
    """The words of each name."""
    return [frozenset(_ALIKE.get(word, word) for word in split_name(name)) for _, name in offered]


def _parts(text: str) -> list[tuple[str, ...]]:
    """The reply cut at signs, and at "but" after a denial; "no" alone, before a sign, is no part."""
    found = []
    plain = normalise(text).text
    head, _, tail = plain.partition(" but ")
    if tail and not _DENIALS.isdisjoint(head.split()):
        plain = f"{head}, {tail}"
    for piece in _PART.split(plain):
        words = tuple(match.group() for match in WORD.finditer(piece))
        if words and not (len(words) == 1 and words[0] in _DENIALS):
            found.append(words)
    return found


def _read_part(written: tuple[str, ...], offered: Sequence[Name], own: Sequence[frozenset[str]]) -> _Part:
    is_numbered = any(word in _NUMBERED and _is_number(after) for word, after in _pairs(written))
    denials = [word for word in written if word in _DENIALS and not (word == "no" and is_numbered)]
    words = tuple(word for word in written if word not in denials)
    is_alone = not set(words[1:]) - _POLITE
    named: list[frozenset[int]] = []
    ordinals, is_clear, at = 0, not any(word in _DOUBTS for word in words if not _has(word, own)), 0
    while at < len(words):
        length, by_id = _id_at(words, at, offered)
        word = words[at]
        before = words[at - 1] if at else ""
        place = _place_of(word, before, len(offered), is_alone=is_alone)
        held = _holders(word, own)
        if by_id is not None:
            named.append(by_id)
            at += length - 1
        elif place is not None:
            ordinals += 1
            named.append(frozenset({place}) & (held or frozenset({place})))
        elif held and (word not in _FILLER or len(words) == 1) and word not in (*_NUMBERS, "other"):
            named.append(held)
        elif word not in _FILLER and word != "other":
            is_clear = False
        at += 1
    is_clear = is_clear and ordinals <= 1 and len(denials) <= 1 and _CORRECTING.isdisjoint(denials)
    is_telling = [one for one in named if len(one) < len(offered)]
    if len(offered) == 1:
        is_telling = named
    both = frozenset.intersection(*is_telling) if is_telling else None
    return _Part(words, bool(denials), both, is_clear)


def _pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    return list(pairwise(words))


def _is_number(word: str) -> bool:
    return word.isdigit() or word in _NUMBERS


def _has(word: str, own: Sequence[frozenset[str]]) -> bool:
    return bool(_holders(word, own))


def _holders(word: str, own: Sequence[frozenset[str]]) -> frozenset[int]:
    """Whose names have the word; "skylark's" may be Skylark's or Skylarks."""
    forms = {word, word.replace("'", ""), word.removesuffix("'s")}
    forms = {_ALIKE.get(form, form) for form in forms}
    return frozenset(place for place, words in enumerate(own) if not forms.isdisjoint(words))


def _id_at(words: Sequence[str], at: int, offered: Sequence[Name]) -> tuple[int, frozenset[int] | None]:
    """An id that stands there, in up to three words; one of digits alone only as the number it is."""
    for length in (3, 2, 1):
        joined = "".join(words[at : at + length])
        if at + length <= len(words) and not joined.isdigit() and any(map(str.isdigit, joined)):
            for place, (client_id, _) in enumerate(offered):
                if _LETTERS.sub("", client_id.casefold()) == joined:
                    return length, frozenset({place})
    return 0, None


def _place_of(word: str, before: str, size: int, *, is_alone: bool) -> int | None:
    """The place in the list that a word tells; a bare number only by itself or after "number"."""
    word = word.removesuffix("টা").removesuffix("টি")
    choice = load_vocabulary().choices.get(word)
    if choice is None or (word in _PAIRS and size != 2):
        return None
    if _is_number(word):
        is_told = before in _NUMBERED or (is_alone and word != "one") or (before == "the" and word.isdigit())
        if not is_told:
            return None
    place = choice - 1 if choice > 0 else size - 1
    return place if place < size else None
