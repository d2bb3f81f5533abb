"""Names: which client a few words mean, and which ones they could mean; never a silent pick.

A name is found by its words: whole or in part, misspelt by a letter or two, joined or set apart, in any case
and without accents. Whoever explains more of what was written wins; where two explain the same, or only a
misspelling tells them apart, nobody is picked and all are candidates. A name written in full is taken, and
its near-namesakes are told.

Pure: the same words and names always give the same answer. It reads no record and decides nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from casewright.desks.sales.name_units import (
    Distance,
    Hit,
    NameIndex,
    Openness,
    build_index,
    find_hits,
    name_words,
)
from casewright.language.normalise import normalise

Name = tuple[str, str]
"""Id and name of a client."""
_WORD = re.compile(r"[a-z0-9\u0980-\u09ff]+(?:'[a-z0-9]+)*")
_ID_WORDS = frozenset({"client", "id", "customer", "account"})
_BEFORE_ID = frozenset({"to", "for", "with", "about", "of"})
_LONG_ID = 4
_TELLING = 100
"""The least weight of evidence for a name that is not written in full."""
_MOST_CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class ClientMatch:
    """`client_id`: the one that is meant. `candidates`: the plausible ones to ask about. Neither: nobody."""

    client_id: str | None = None
    candidates: tuple[Name, ...] = ()
    near: tuple[Name, ...] = ()
    """Clients whose names differ by a letter or two from the one that was written in full."""
    first: int = 0
    last: int = 0
    """The words [first, last) are the name."""

    @property
    def is_nobody(self) -> bool:
        return self.client_id is None and not self.candidates


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one client's name explains of the text."""

    client: int
    places: frozenset[int]
    weight: int
    is_whole: bool
    """Every word of the name is there but its legal form."""
    opens: bool
    """Its first telling word is among those."""
    distance: Distance

    @property
    def is_exact(self) -> bool:
        return self.distance <= Distance.FORM


def match_client(words: str, names: Sequence[Name]) -> ClientMatch:
    """Which client a name means, as somebody wrote it: all of `words` is taken for a name."""
    written = tuple(_WORD.findall(normalise(words).text))
    found = find_clients(written, [Openness.NAME] * len(written), names)
    if len(found) == 1:
        return found[0]
    every = (one.candidates or tuple(name for name in names if name[0] == one.client_id) for one in found)
    return ClientMatch(
        candidates=tuple(dict.fromkeys(name for some in every for name in some))[:_MOST_CANDIDATES]
    )


def find_clients(
    words: Sequence[str], open_at: Sequence[Openness], names: Sequence[Name]
) -> tuple[ClientMatch, ...]:
    """Every client that a text names, in the order of the text.

    `words` are in matching form; `open_at` tells of each how much it may be part of a name.
    """
    index = _index(tuple(names))
    readings = _readings(index, words, open_at)
    found: list[ClientMatch] = list(_by_id(index, words))
    taken = {place for one in found for place in range(one.first, one.last)}
    while readings := [one for one in readings if taken.isdisjoint(one.places)]:
        best = max(readings, key=_rank)
        rivals = [one for one in readings if not best.places.isdisjoint(one.places) and one is not best]
        found.append(_resolve(index, words, best, rivals))
        taken |= best.places
    return tuple(_once(sorted(found, key=lambda one: one.first)))


@lru_cache(maxsize=16)
def _index(names: tuple[Name, ...]) -> NameIndex:
    return build_index(names)


def _by_id(index: NameIndex, words: Sequence[str]) -> Iterable[ClientMatch]:
    """Ids as they are written: `C-104` is two words. An id of digits alone needs a word before it."""
    for first in range(len(words)):
        for last in range(first + 1, min(first + 4, len(words)) + 1):
            written = "".join(words[first:last])
            place = index.ids.get(written)
            if place is not None and _may_be_id(written, words[first - 1] if first else ""):
                yield ClientMatch(index.names[place][0], first=first, last=last)


def _may_be_id(written: str, before: str) -> bool:
    """Digits alone are an id where something says so; a few of them only after such a word as `client`."""
    if not written.isdigit():
        return True
    return before in _ID_WORDS or (before in _BEFORE_ID and len(written) >= _LONG_ID)


def _readings(index: NameIndex, words: Sequence[str], open_at: Sequence[Openness]) -> list[_Reading]:
    by_client: dict[int, list[Hit]] = {}
    for hit in find_hits(index, words, open_at):
        by_client.setdefault(hit.client, []).append(hit)
    readings = []
    for client, hits in by_client.items():
        for run in _runs(hits):
            reading = _read_run(index, client, run)
            openness = max(open_at[place] for place in reading.places)
            if _is_told(reading, openness):
                readings.append(reading)
    return readings


def _is_told(reading: _Reading, openness: Openness) -> bool:
    """Whether there is enough of a name: more of it where its words could be any others."""
    if (
        reading.is_exact
        and openness >= Openness.CUED
        and (reading.is_whole or reading.weight > _TELLING + 50)
    ):
        return True
    if reading.weight < _TELLING:
        return False
    return openness is Openness.NAME or (openness is Openness.WORD and reading.opens)


def _runs(hits: list[Hit]) -> Iterable[list[Hit]]:
    """Hits that stand side by side, one word between them at most."""
    run: list[Hit] = []
    end = 0
    for hit in sorted(hits, key=lambda one: (one.first, one.last)):
        if run and hit.first > end + 1:
            yield run
            run = []
        run.append(hit)
        end = max(end, hit.last) if len(run) > 1 else hit.last
    yield run


def _read_run(index: NameIndex, client: int, run: list[Hit]) -> _Reading:
    """The hits of a run that together explain most; each word and each part of the name once."""
    weights = index.weights[client]
    places: set[int] = set()
    parts: set[int] = set()
    worst = Distance.EXACT
    for hit in sorted(run, key=lambda one: (one.distance, -sum(weights[one.part : one.part_end]), one.first)):
        here, there = range(hit.first, hit.last), range(hit.part, hit.part_end)
        if places.isdisjoint(here) and parts.isdisjoint(there):
            places.update(here)
            parts.update(there)
            worst = max(worst, hit.distance)
    weight = sum(weights[part] for part in parts)
    return _Reading(
        client, frozenset(places), weight, index.is_whole(client, parts), index.opens(client, parts), worst
    )


def _rank(one: _Reading) -> tuple[int, int, int, int]:
    return (one.weight, -int(one.distance), one.is_whole, -min(one.places))


def _resolve(index: NameIndex, words: Sequence[str], best: _Reading, rivals: list[_Reading]) -> ClientMatch:
    first, last = min(best.places), max(best.places) + 1
    plausible, near = [best], []
    for one in rivals:
        if one.places < best.places:
            continue
        if best.is_whole and best.is_exact and not one.is_exact:
            near.append(index.names[one.client])
        else:
            plausible.append(one)
    if len(plausible) > 1 or _goes_on(index, words, best, last):
        plausible.sort(key=lambda one: (one.distance, index.names[one.client][1]))
        names = dict.fromkeys(index.names[one.client] for one in plausible)
        last += _goes_on(index, words, best, last)
        return ClientMatch(candidates=tuple(names)[:_MOST_CANDIDATES], first=first, last=last)
    return ClientMatch(index.names[best.client][0], near=tuple(dict.fromkeys(near)), first=first, last=last)


def _goes_on(index: NameIndex, words: Sequence[str], best: _Reading, last: int) -> bool:
    """Whether the name as written has a word of the trade that the client's has not: "Delta Motors" is not
    "Delta Foods"."""
    if last >= len(words) or words[last] not in name_words("trade") | name_words("legal"):
        return False
    return words[last] not in name_words("connectors") and words[last] not in index.parts[best.client]


def _once(found: Iterable[ClientMatch]) -> Iterable[ClientMatch]:
    seen: set[object] = set()
    for one in found:
        key = one.client_id or one.candidates
        if key not in seen:
            seen.add(key)
            yield one
