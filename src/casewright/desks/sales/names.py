"""Names: which client a few words mean, and which ones they could mean; never a silent pick.

A name written in full is taken, and so is an id; its near-namesakes are told. Other words are explained by
names: whole or in part, misspelt by a letter or two, joined or set apart, in any case or accents. One is
picked where it explains all that the others do and more, no name stands near it, and nothing beside the
words makes it another name; otherwise everybody who could be meant is a candidate.

Pure: the same words and names always give the same answer. It reads no record and decides nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from casewright.desks.sales.name_units import (
    FULL,
    Distance,
    Hit,
    NameIndex,
    Openness,
    Written,
    build_index,
    find_hits,
    name_words,
)
from casewright.language.normalise import normalise

Name = tuple[str, str]
"""Id and name of a client."""
_WORD = re.compile(r"[a-z0-9\u0980-\u09ff\u200c\u200d]+(?:'[a-z0-9]+)*")
_TELLING = 100
"""The least weight of evidence for a name that is not written in full."""
_MOST_CANDIDATES = 6
_BREAK = re.compile(r"[,;:!?\n|/–—।]|\.\s|\)")
_ID_BEFORE = frozenset({"client", "id", "customer", "account", "number", "no"})
_LONGEST_ID = 4
_LONGEST_NUMBER = 3
_SHORTEST_ID = 3
"""A number of fewer digits counts something, unless a word before it says whom it names."""
_YEAR_DIGITS = 4
_SENTENCE_SIGNS = frozenset({"", ",", ":", "-", "?", ".", "!", ";", '"', "'"})
_INNER_SIGNS = frozenset({",", ".", "/", "-", "%"})
"""What joins digits to what is behind them."""


@dataclass(frozen=True, slots=True)
class ClientMatch:
    """`client_id`: the one that is meant. `candidates`: the plausible ones to ask about. Neither: nobody."""

    client_id: str | None = None
    candidates: tuple[Name, ...] = ()
    near: tuple[Name, ...] = ()
    """Clients whose names are near the one that was written in full."""
    first: int = 0
    last: int = 0
    """The words [first, last) are the name."""
    is_by_id: bool = False

    @property
    def is_nobody(self) -> bool:
        return self.client_id is None and not self.candidates


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one client's name explains of the text."""

    client: int
    places: frozenset[int]
    exact: frozenset[int]
    """Places of words that stand in the name as they are."""
    telling: frozenset[int]
    """Places of words that stand for telling ones."""
    weight: int
    openness: Openness
    """Of the words that tell most."""
    is_whole: bool
    """Every word of the name is there but its legal form."""
    opens: bool
    """Its first telling word is among those."""
    is_changed: bool
    """A telling word is explained by a change of it alone."""
    distance: Distance

    @property
    def is_exact(self) -> bool:
        return self.distance <= Distance.FORM


def match_client(words: str, names: Sequence[Name]) -> ClientMatch:
    """Which client a name means, as somebody wrote it: all of `words` is taken for a name."""
    text = normalise(words).text
    found_words = list(_WORD.finditer(text))
    size = len(found_words)
    ends = [0, *(word.end() for word in found_words)]
    raws = tuple(word.group() for word in found_words)
    written = Written(
        words=tuple(raw.removesuffix("'s") for raw in raws),
        open_at=(Openness.NAME,) * size,
        raws=raws,
        gaps=tuple(text[end : word.start()] for end, word in zip(ends, found_words, strict=False)),
        capitals=(True,) * size,
        known=(False,) * size,
    )
    found = find_clients(written, names)
    if len(found) == 1:
        one = found[0]
        left = {*written.words[: one.first], *written.words[one.last :]} - name_words("connectors")
        if one.client_id is None or one.is_by_id or not left:
            return one
    every = (one.candidates or tuple(name for name in names if name[0] == one.client_id) for one in found)
    return ClientMatch(
        candidates=tuple(dict.fromkeys(name for some in every for name in some))[:_MOST_CANDIDATES]
    )


def find_clients(written: Written, names: Sequence[Name]) -> tuple[ClientMatch, ...]:
    """Every client that a text names, in the order of the text."""
    index = _index(tuple(names))
    in_full = list(_in_full(index, written))
    taken = {place for first, last, _ in in_full for place in range(first, last)}
    found = [one for one in _by_id(index, written) if taken.isdisjoint(range(one.first, one.last))]
    taken |= {place for one in found for place in range(one.first, one.last)}
    found += [_settle_exact(index, written, *one, taken) for one in in_full]
    left = tuple("" if place in taken else word for place, word in enumerate(written.words))
    readings = [one for one in _readings(index, replace(written, words=left)) if _is_told(one)]
    while readings := [one for one in readings if taken.isdisjoint(one.places)]:
        match = _settle(index, written, max(readings, key=_rank), taken)
        found.append(match)
        taken |= set(range(match.first, match.last)) | max(readings, key=_rank).places
    return tuple(_once(_with_ids(written, sorted(found, key=lambda one: one.first))))


@lru_cache(maxsize=16)
def _index(names: tuple[Name, ...]) -> NameIndex:
    return build_index(names)


def _in_full(index: NameIndex, written: Written) -> Iterable[tuple[int, int, list[int]]]:
    """Names that are written in full, the longest first where they overlap."""
    size, first = len(written.words), 0
    while first < size:
        for last in range(min(size, first + index.longest), first, -1):
            clients = [
                client
                for key in dict.fromkeys(written.keys(first, last))
                for client in index.exact.get(key, ())
            ]
            if clients and max(written.open_at[first:last]) > Openness.CLOSED:
                yield first, last, list(dict.fromkeys(clients))
                first = last - 1
                break
        first += 1


def _settle_exact(
    index: NameIndex, written: Written, first: int, last: int, clients: list[int], taken: set[int]
) -> ClientMatch:
    """A name in full is meant, unless two have it or the text goes on with it."""
    goes_on = 0 if last in taken else _goes_on(index, written, first, last, clients[0], is_exact=True)
    start = first - (first - 1 not in taken and _comes_before(written, first))
    end = last + goes_on
    clients = list(dict.fromkeys((*clients, *_possessive_twins(index, written, first, last, clients[0]))))
    if len(clients) == 1 and (start, end) == (first, last):
        near = tuple(index.names[one] for one in _related(index, clients[0], written.key(first, last)))
        return ClientMatch(index.names[clients[0]][0], near=near[:_MOST_CANDIDATES], first=first, last=last)
    if (start, end) != (first, last):
        others = _rivals(index, written, start, end)
        clients = [*clients, *(one.client for one in others), *index.near.of(clients[0])]
    return _ask(index, clients, start, end)


def _possessive_twins(
    index: NameIndex, written: Written, first: int, last: int, client: int
) -> Iterable[int]:
    """ "Skylark's Mobile" may be Skylark Mobile or Skylarks Mobile, unless a name is written so."""
    own = normalise(index.names[client][1]).text.split()
    forms = [
        {word, f"{word}s"} if raw.endswith("'s") and raw not in own else {word.replace("'", "")}
        for word, raw in zip(written.words[first:last], written.raws[first:last], strict=True)
    ]
    if all(len(some) == 1 for some in forms):
        return
    little = name_words("legal") | name_words("connectors")
    forms = [some for some in forms if some.isdisjoint(little)]
    for other in index.near.of(client):
        core = [word for word in index.parts[other] if word not in little]
        if len(core) == len(forms) and all(map(set.__contains__, forms, core)):
            yield other


def _related(index: NameIndex, client: int, key: str) -> Iterable[int]:
    """Names near one that is written in full, and those that go on after it."""
    found = dict.fromkeys(index.near.of(client))
    if key in index.openings:
        head = f"{key} "
        found |= {
            client: None
            for name, clients in index.exact.items()
            if name.startswith(head)
            for client in clients
        }
    return found


def _ask(index: NameIndex, clients: Iterable[int], first: int, last: int) -> ClientMatch:
    candidates = tuple(dict.fromkeys(index.names[client] for client in clients))
    return ClientMatch(candidates=candidates[:_MOST_CANDIDATES], first=first, last=last)


def _by_id(index: NameIndex, written: Written) -> Iterable[ClientMatch]:
    """Ids as they are written: `C-104` is two words. Digits or letters alone need a word or sign before."""
    words, size = written.words, len(written.words)
    first = 0
    while first < size:
        for last in range(min(first + _LONGEST_ID, size), first, -1):
            joined = "".join(words[first:last])
            place = index.ids.get(joined)
            if place is None:
                continue
            is_said = bool(first and words[first - 1] in _ID_BEFORE) or written.gaps[first][-1:] in ("(", "#")
            is_set_apart = any(not gap.strip() for gap in written.gaps[first + 1 : last])
            if joined.isdigit():
                is_plain = last - first > 1 or not _is_number_of_client(written, first)
            else:
                is_plain = joined.isalpha() or (is_set_apart and all(written.known[first:last]))
            if (
                is_said or not (is_plain or _heads_name(written, last, is_set_apart))
            ) or last - first == size:
                yield ClientMatch(index.names[place][0], first=first, last=last, is_by_id=True)
                first = last - 1
                break
        first += 1


def _is_number_of_client(written: Written, place: int) -> bool:
    """Whether a number alone stands where a client is named, and not where something is counted."""
    words, size = written.words, len(written.words)
    number, after = words[place], words[place + 1] if place + 1 < size else ""
    first, before = ("", "", *words)[place : place + 2]
    is_bare = written.gaps[place].strip() in _SENTENCE_SIGNS and (
        not after or (written.known[place + 1] and written.gaps[place + 1] not in _INNER_SIGNS)
    )
    if not is_bare or after in name_words("counted"):
        return False
    if len(number) < _SHORTEST_ID or (len(number) == _YEAR_DIGITS and number.startswith("20")):
        return size == 1 or before in ("for", "about")
    if before == "of":
        return first not in name_words("amounts") or name_words("any").isdisjoint(words[:place][-4:])
    if before in ("to", "with", "and"):
        return first not in name_words("amounts") | {"up"} and not first.isdigit()
    return before not in name_words("before_amount")


def _heads_name(written: Written, last: int, is_set_apart: bool) -> bool:
    """ "A 1 Traders" is a name and no id."""
    if last >= len(written.words) or not _is_joined(written, last):
        return False
    word = written.words[last]
    is_trade = word in name_words("trade") | name_words("legal") and word not in name_words("connectors")
    return is_trade or (is_set_apart and written.open_at[last] is Openness.NAME)


def _readings(
    index: NameIndex, written: Written, *, is_loose: bool = False, slack: int = 0
) -> list[_Reading]:
    by_client: dict[int, list[Hit]] = {}
    for hit in find_hits(index, written.words, written.open_at, is_loose=is_loose, slack=slack):
        by_client.setdefault(hit.client, []).append(hit)
    return [
        _read_run(index, client, run, written.open_at)
        for client, hits in by_client.items()
        if sum(index.weights[client][hit.part] for hit in hits) >= _TELLING
        or any(hit.part_end - hit.part > 1 for hit in hits)
        for run in _runs(hits)
    ]


def _is_told(one: _Reading) -> bool:
    """Whether there is enough of a name: more of it where its words could be any others."""
    if one.openness < Openness.CUED:
        return False
    if one.is_exact and (one.is_whole or one.weight > _TELLING + 50):
        return True
    if one.weight < _TELLING:
        return False
    return one.openness is Openness.NAME or (one.openness is Openness.WORD and one.opens)


def _runs(hits: list[Hit]) -> Iterable[list[Hit]]:
    """Hits that stand side by side, one word between them at most."""
    run: list[Hit] = []
    end = 0
    for hit in sorted(hits, key=lambda one: (one.first, one.last)):
        if run and hit.first > end + 1:
            yield run
            run, end = [], 0
        run.append(hit)
        end = max(end, hit.last)
    yield run


def _read_run(index: NameIndex, client: int, run: list[Hit], open_at: Sequence[Openness]) -> _Reading:
    """The hits of a run that together explain most; each word and each part of the name once."""
    weights = index.weights[client]
    places: set[int] = set()
    parts: set[int] = set()
    exact: set[int] = set()
    telling: set[int] = set()
    worst, openness, is_changed = Distance.EXACT, Openness.CLOSED, False
    for hit in sorted(run, key=lambda one: (one.distance, -sum(weights[one.part : one.part_end]), one.first)):
        here, there = range(hit.first, hit.last), range(hit.part, hit.part_end)
        if not (places.isdisjoint(here) and parts.isdisjoint(there)):
            continue
        places.update(here)
        parts.update(there)
        worst = max(worst, hit.distance)
        if hit.distance is Distance.EXACT and index.parts[client][hit.part] not in name_words("connectors"):
            exact.update(here)
        is_telling = any(weights[part] == FULL for part in there)
        telling.update(here if is_telling else ())
        is_changed = is_changed or (is_telling and hit.distance > Distance.FORM)
        openness = max(openness, min(open_at[hit.first : hit.last]) if is_telling else Openness.CLOSED)
    is_whole = index.is_whole(client, parts)
    if is_whole:
        openness = max(openness, *(open_at[place] for place in places))
    weight = sum(weights[part] for part in parts)
    return _Reading(
        client,
        frozenset(places),
        frozenset(exact),
        frozenset(telling),
        weight,
        openness,
        is_whole,
        index.opens(client, parts),
        is_changed,
        worst,
    )


def _rank(one: _Reading) -> tuple[int, int, int, int]:
    return (one.weight, -int(one.distance), one.is_whole, -min(one.places))


def _settle(index: NameIndex, written: Written, best: _Reading, taken: set[int]) -> ClientMatch:
    """One that is not written in full: picked where nobody else could be meant."""
    first, last = min(best.places), max(best.places) + 1
    start = first - (first - 1 not in taken and _comes_before(written, first))
    goes_on = 0 if last in taken else _goes_on(index, written, first, last, best.client, is_exact=False)
    end = last + goes_on
    slack = int(best.is_changed)
    rivals = [one for one in _rivals(index, written, start, end, slack) if one.client != best.client]
    rivals = [one for one in rivals if not _outdoes(best, one)]
    near = index.near.of(best.client)
    is_alone = not rivals and not near and (start, end) == (first, last)
    if is_alone and best.distance is not Distance.SOUND and not _leaves_out(written, best):
        return ClientMatch(index.names[best.client][0], first=first, last=last)
    return _ask(index, (best.client, *near, *(one.client for one in rivals)), start, end)


def _outdoes(best: _Reading, other: _Reading) -> bool:
    """Whether one explains all that another does, and a word that the other does not explain by any change.

    Where a telling word is misspelt, only another telling word counts.
    """
    if not (best.exact >= other.exact and best.places >= other.places):
        return False
    return bool(best.telling - other.places) or (not best.is_changed and bool(best.exact - other.places))


def _leaves_out(written: Written, best: _Reading) -> bool:
    """Whether a word amid the name is none of it."""
    between = set(range(min(best.places), max(best.places))) - best.places
    return any(written.words[place] not in name_words("connectors") for place in between)


def _rivals(index: NameIndex, written: Written, first: int, last: int, slack: int = 0) -> list[_Reading]:
    """Everybody of whom these words hold something telling, the best first."""
    part = replace(
        written,
        words=written.words[first:last],
        open_at=(Openness.NAME,) * (last - first),
    )
    found = [
        replace(
            one,
            places=frozenset(place + first for place in one.places),
            exact=frozenset(place + first for place in one.exact),
        )
        for one in _readings(index, part, is_loose=True, slack=slack)
        if one.weight >= _TELLING and one.openness > Openness.CLOSED
    ]
    return sorted(found, key=_rank, reverse=True)


def _is_joined(written: Written, place: int) -> bool:
    """Whether a word goes on from the one before: no sign of a sentence between, but that of an initial."""
    gap = written.gaps[place]
    return not _BREAK.search(gap) or (gap == ". " and len(written.words[place - 1]) == 1)


def _goes_on(
    index: NameIndex, written: Written, first: int, last: int, client: int, *, is_exact: bool
) -> int:
    """How many words behind the name make it another one: "Delta Motors" is not "Delta Foods"."""
    words, size = written.words, len(written.words)
    if last >= size:
        return 0
    if written.raws[last - 1].endswith("'s"):
        is_opening = written.key(first, last)[:-1] in index.openings
        return int(is_opening and _is_joined(written, last) and _reaches(index, written, first, last))
    skipped = int(words[last] == "of" and last + 1 < size and written.capitals[last + 1])
    place = last + skipped
    word = words[place]
    is_legal = word in name_words("legal") and word not in name_words("connectors")
    if not (_is_joined(written, place) or (is_legal and written.gaps[place].strip() == ",")):
        return 0
    if word in index.parts[client] and not is_exact:
        return 0
    is_opening = is_exact and written.key(first, last) in index.openings
    is_number = word.isdigit() and len(word) <= _LONGEST_NUMBER
    if is_number:
        unit = place + 1 < size and written.known[place + 1] and not written.gaps[place + 1].strip()
        goes = not unit or is_opening
    elif is_legal or word in name_words("trade"):
        goes = True
    elif word in name_words("places"):
        goes = not written.known[place] or written.capitals[place] or is_opening
    else:
        is_name = written.open_at[place] is Openness.NAME and not written.known[place]
        goes = is_name and (written.capitals[place] or not is_exact or is_opening)
        goes = goes or (is_opening and not written.known[place])
        goes = goes or (is_opening and _reaches(index, written, first, place))
        goes = goes or (len(word) == 1 and word.isascii() and written.capitals[place])
    return (1 + skipped) if goes else 0


def _reaches(index: NameIndex, written: Written, first: int, place: int) -> bool:
    """Whether a longer name has the word at a place too, as it stands or changed."""
    return any(place in one.places for one in _rivals(index, written, first, place + 1))


def _comes_before(written: Written, first: int) -> int:
    """1 where the word before the name makes it another one: "North Delta" is not "Delta"."""
    place = first - 1
    if place < 0 or not _is_joined(written, first) or written.raws[place].endswith("'s"):
        return 0
    word = written.words[place]
    if word in name_words("connectors") | {"a", "i"} and not written.capitals[place]:
        return 0
    if word in name_words("places") and not written.known[place]:
        return 1
    if written.known[place] or not written.capitals[place]:
        return 0
    return int(written.open_at[place] is Openness.NAME or len(word) == 1)


def _with_ids(written: Written, found: Sequence[ClientMatch]) -> Iterable[ClientMatch]:
    """A name beside an id, as options are printed, is the id's client."""
    for place, one in enumerate(found):
        beside = [other for other in found[max(0, place - 1) : place + 2] if other is not one]
        by_id = next((other for other in beside if other.is_by_id and _touch(written, one, other)), None)
        if (
            one.is_by_id
            or by_id is None
            or by_id.client_id not in (one.client_id, *(client_id for client_id, _ in one.candidates))
        ):
            yield one


def _touch(written: Written, one: ClientMatch, other: ClientMatch) -> bool:
    first, second = sorted((one, other), key=lambda match: match.first)
    return first.last == second.first


def _once(found: Iterable[ClientMatch]) -> Iterable[ClientMatch]:
    seen: set[object] = set()
    for one in found:
        key = one.client_id or one.candidates
        if key not in seen:
            seen.add(key)
            yield one
