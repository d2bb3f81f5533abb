"""Passwords: free words, which only their place and their look tell ("password hunter2", "pass: blue").

Behind ":" or "=" any word is taken; behind "is" any word that is no ordinary continuation; elsewhere only one
that looks made up: letters mixed with digits or marks, capitals within a word, or a number that is no amount.
"""

import re
from collections.abc import Iterator

from casewright.text.sensitive.findings import OPAQUE
from casewright.text.sensitive.lexicon import Flag, Lexicon
from casewright.text.sensitive.reading import Placed
from casewright.text.sensitive.scan import Scan

_CHUNK = re.compile(r"\S+")
_QUOTED = re.compile(rf"\s*[\"'`]([^\s\"'`{OPAQUE}]{{3,40}}(?: [^\s\"'`{OPAQUE}]{{1,20}}){{0,3}})[\"'`]")
_OPENING = "\"'`([{<*"
_CLOSING = ".,;:)]}>\"'`।*"
_LEADING_LINK = re.compile(r"(?:[\"'`)\]]{0,2}(?::=|->|=>|[:=\-_/]|%3[ad])[\s\"'`(\[]{0,3}){1,4}")
_SIGNS = (":", "=", "->", "=>", "%3")
_RECORD = re.compile(
    r"(?:txn|trx|ord|order|inv|ref|agent|merchant|biller|case|ticket|jtx|id)[-_#/]?[a-z0-9\-]+$"
)
_NUMBERED_WORD = re.compile(r"[0-9.,]{1,9}[a-z\-]+$|[a-z]{2,5}-[0-9]+$|.*[:=/]")
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"[0-9]")
_MARK = re.compile(r"[@#$%^&*_!+](?=.)|(?<=[a-z0-9])[@#$%^&*!]+$")
_INNER_CAPITAL = re.compile(r".+[A-Z]")
_ID_LIKE = re.compile(r"[A-Z0-9\-]{6,}$")
_PREDICATES = ("ing", "ed", "tion", "ly")
_CHUNKS_AHEAD = 7
_CHUNKS_BACK = 6
_ALSO_AHEAD = 4
_REACH = 240
_REACH_BACK = 100
_LONGEST = 128
_SHORTEST = 3
_LOOSE_AHEAD = 3
_YEARS = range(1990, 2040)
_TIGHT_OR_SIGN, _TIGHT_OR_IS, _TIGHT, _LOOSE = 4, 3, 2, 1
_SERVED = (-1, -1)
"""Not a span: the cue's value was taken out before."""


def find_passwords(scan: Scan, lexicon: Lexicon, placed: Placed) -> Iterator[tuple[int, int]]:
    """Spans of the values that belong to a password's cue."""
    words = scan.words
    behind = list(_behind(scan, lexicon, words.end(placed.last - 1), is_weak=placed.cue.is_weak))
    yield from (span for span in behind if span != _SERVED)
    if not behind:
        yield from _before(scan, lexicon, words.starts[placed.first])


def _behind(scan: Scan, lexicon: Lexicon, start: int, *, is_weak: bool) -> Iterator[tuple[int, int]]:
    text = scan.text
    tie, loose, at = _TIGHT, 0, start
    stop = min(len(text), start + _REACH)
    for _ in range(_CHUNKS_AHEAD):
        link = _LEADING_LINK.match(text, at, min(stop, at + 16))
        if link:
            is_sign = at == start or any(sign in link[0] for sign in _SIGNS)
            tie = _TIGHT_OR_SIGN if is_sign and not loose else tie
            at = link.end()
        quoted = _QUOTED.match(text, at, stop) if tie >= _TIGHT_OR_IS or at == start else None
        if quoted and _is_taken(quoted[1], scan, quoted.start(1), lexicon, _TIGHT_OR_SIGN):
            yield quoted.span(1)
            return
        chunk = _CHUNK.search(text, at, stop)
        if chunk is None:
            return
        begin, end = _stripped(text, chunk.start(), chunk.end())
        core = text[begin:end]
        if OPAQUE in core:
            yield _SERVED
            return
        if core in lexicon.cues and tie < _TIGHT_OR_SIGN:
            return
        flag = lexicon.flags.get(core, 0)
        if not core or _is_link(core, flag):
            if flag & Flag.STRONG and not loose:
                tie = max(tie, _TIGHT if is_weak else _TIGHT_OR_IS)
            if not loose and any(sign in chunk[0] for sign in _SIGNS):
                tie = _TIGHT_OR_SIGN
        elif _is_value(scan, lexicon, core, begin, end, tie):
            yield begin, end
            yield from _also(scan, lexicon, end)
            return
        else:
            loose, tie = loose + 1, _LOOSE
            if loose > _LOOSE_AHEAD or chunk[0][-1] in ".?!।;":
                return
        at = chunk.end()


def _is_value(scan: Scan, lexicon: Lexicon, core: str, begin: int, end: int, tie: int) -> bool:
    if not _is_taken(core, scan, begin, lexicon, tie) or _is_money(lexicon, scan.text, core, end):
        return False
    is_plain = core.isalpha() and not _looks_made_up(core, scan, begin)
    return not (is_plain and tie == _TIGHT_OR_IS) or _ends_clause(scan.text, end, lexicon)


def _ends_clause(text: str, end: int, lexicon: Lexicon) -> bool:
    """Whether nothing, a mark, or a new clause follows ("password is blue, help me")."""
    if text[end : end + 1] not in ("", " "):
        return True
    follows = _CHUNK.search(text, end, end + 24)
    return follows is None or follows[0].rstrip(",.") in lexicon.clause_openers or not follows[0][0].isalnum()


def _also(scan: Scan, lexicon: Lexicon, at: int) -> Iterator[tuple[int, int]]:
    """A second password right after the first ("abc123 and xyz789", "from abc123 to xyz789")."""
    text = scan.text
    for _ in range(_ALSO_AHEAD):
        chunk = _CHUNK.search(text, at, at + 40)
        if chunk is None:
            return
        begin, end = _stripped(text, chunk.start(), chunk.end())
        core = text[begin:end]
        if (
            _is_link(core, lexicon.flags.get(core, 0) | (Flag.LINK if not core else 0))
            or core in lexicon.clause_openers
        ):
            at = chunk.end()
            continue
        if OPAQUE not in core and not core.isdigit() and _is_taken(core, scan, begin, lexicon, _LOOSE):
            yield begin, end
        return


def _before(scan: Scan, lexicon: Lexicon, stop: int) -> Iterator[tuple[int, int]]:
    """The value in front of the cue ("hunter2 is my password")."""
    text = scan.text
    low = max(0, stop - _REACH_BACK)
    is_strong = False
    for chunk in reversed(list(_CHUNK.finditer(text, low, stop))[-_CHUNKS_BACK:]):
        begin, end = _stripped(text, chunk.start(), chunk.end())
        core = text[begin:end]
        if OPAQUE in core or (chunk.start() == low and low):
            return
        flag = lexicon.flags.get(core, 0)
        ends_clause = chunk[0][-1] in ".?!।"
        if not core or _is_link(core, flag):
            is_strong = is_strong or bool(flag & Flag.STRONG)
            if ends_clause:
                return
            continue
        if not is_strong and chunk.end() < stop - 1 and (ends_clause or chunk[0][-1] == ","):
            return
        is_quoted = begin > 0 and text[begin - 1] in "\"'`" and text[end : end + 1] in ("'", '"', "`")
        made_up = _is_taken(core, scan, begin, lexicon, _TIGHT) and (is_strong or not core.isdigit())
        if (made_up or (is_quoted and is_strong)) and not _is_money(lexicon, text, core, end):
            yield begin, end
        return


def _is_link(core: str, flag: int) -> bool:
    if flag & (Flag.STRONG | Flag.LINK):
        return True
    return bool(flag & Flag.VERB) and not flag & (Flag.MONEY_VERB | Flag.CHANGE)


def _stripped(text: str, begin: int, end: int) -> tuple[int, int]:
    """Without the quotes and brackets around it and the marks behind it."""
    while begin < end and text[begin] in _OPENING:
        begin += 1
    while end > begin and text[end - 1] in _CLOSING:
        end -= 1
    return begin, end


def _is_taken(core: str, scan: Scan, begin: int, lexicon: Lexicon, tie: int) -> bool:
    """Whether a word may be the password, by its look and by how it is tied to the cue."""
    if not _SHORTEST <= len(core) <= _LONGEST or core in lexicon.not_passwords:
        return False
    if tie == _TIGHT_OR_SIGN:
        return _LETTER.search(core) is not None or _DIGIT.search(core) is not None
    if _RECORD.match(core):
        return False
    if tie == _TIGHT_OR_IS and not (core.isascii() and core.isalpha() and core.endswith(_PREDICATES)):
        return _LETTER.search(core) is not None or _DIGIT.search(core) is not None
    if not _looks_made_up(core, scan, begin) or (tie == _LOOSE and core.isdigit()):
        return False
    return tie > _LOOSE or not _ID_LIKE.match(_written(scan, begin, core))


def _looks_made_up(core: str, scan: Scan, begin: int) -> bool:
    """Letters with digits or marks, capitals within a word, or a number that is neither round nor a year."""
    if len(core) <= _SHORTEST:
        return False
    if core.isdigit():
        number = int(core[:9])
        return number % 100 != 0 and number not in _YEARS
    if core.isascii() and core.isalpha():
        written = _written(scan, begin, core)
        return not written.isupper() and _INNER_CAPITAL.match(written) is not None
    if _NUMBERED_WORD.match(core) or core[0] in "#@":
        return False
    has_letter = _LETTER.search(core) is not None
    has_digit = _DIGIT.search(core) is not None
    return (has_letter and has_digit) or (
        (has_letter or has_digit) and _MARK.search(core.rstrip("!?")) is not None
    )


def _written(scan: Scan, begin: int, core: str) -> str:
    low, high = scan.span(begin, begin + len(core))
    return scan.original[low:high]


def _is_money(lexicon: Lexicon, text: str, core: str, end: int) -> bool:
    """A number with a currency, a unit or a verb of money behind it."""
    if not core[0].isdigit() or not core.replace(",", "").replace(".", "").isdigit():
        return False
    follows = _CHUNK.search(text, end, end + 24)
    flag = lexicon.flags.get(follows[0].rstrip(".,!?"), 0) if follows else 0
    return bool(flag & (Flag.CURRENCY | Flag.UNIT | Flag.SCALE | Flag.MONEY_VERB))
