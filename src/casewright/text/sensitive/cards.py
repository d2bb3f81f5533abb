"""Payment card numbers: 13 to 19 digits, however they are spaced.

A number counts when its check digit (Luhn) and its issuer's prefix hold, when it is written in the groups of
a card with an issuer's prefix, or when the text calls it a card. Masked numbers ("4111 **** 1111") are left.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from casewright.text.sensitive.findings import Finding, Kind
from casewright.text.sensitive.scan import Chain, Scan
from casewright.text.sensitive.wordlists import load_data, whole_words

_ISSUER = re.compile(
    r"4|5[0-8]|6[0-9]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|30[0-59]|3[4-9]|1800|2131|220[0-4]|9792"
)
_LENGTHS = {
    "4": (16, 13, 19),
    "3": (15, 16, 14, 19),
    "5": (16, 19, 18, 17, 15, 14, 13),
    "6": (16, 19, 18, 17, 15, 14, 13),
}
_OTHER_LENGTHS = (16, 19, 15)
_WORDS = load_data("redaction_cues")
_CUE = re.compile(whole_words(_WORDS["card"]))
_NOT_A_CARD = re.compile(whole_words(_WORDS["not_card"]))
_RECORD = re.compile(whole_words(_WORDS["not_card_number"]) + r"[^0-9\x1a]{0,25}\Z")
_GROUP = re.compile(r"[0-9]+")
_LIST_MARKS = frozenset(",/:;|")
_MIXED_MARKS = frozenset(",/:;|()-")
_CODE_BEHIND = re.compile(
    r"[\s,;|/\-]{1,3}(?:exp[a-z]{0,5}[ :.]{0,2}|valid[a-z ]{0,6}[ :.]{0,2})?"
    r"(?:0?[1-9]|1[0-2])[ ]?[/\-|][ ]?(?:20)?[2-4][0-9]"
    r"[\s,;|/\-]{1,3}(?:(?:cvv|cvc)2?[ :.]{0,2})?([0-9]{3,4})(?![0-9])"
)
"""A card's expiry and security code right behind its number."""
_DEVICE = re.compile(r"imei[^0-9\x1a]{0,20}\Z")
_CUE_REACH = 48
_FEWEST, _MOST = 13, 19
_FEWEST_CUED = 12  # Maestro
_LONGEST_CUED_CHAIN = 64
_GROUPINGS = frozenset(
    {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (6, 13), (4, 4, 4, 1), (4, 4, 5)}
)

_IDENTITY_REACH = 24
_IDENTITY_CUE = re.compile(r"(?:nid|national id|voter id|এনআইডি|জাতীয় পরিচয়|ভোটার)[^0-9\n\x1a]*\n?\Z")
"""As far as `identities` looks for the number that the word names, and no farther: over no other value."""


def find_cards(scan: Scan) -> Iterator[Finding]:
    """Every card number of the text."""
    for chain in scan.chains:
        if len(chain.digits) >= _FEWEST_CUED:
            for start, end in _windows(chain, scan.text):
                first = chain.starts[start]
                if _IDENTITY_CUE.search(scan.text[max(0, first - _IDENTITY_REACH) : first]):
                    continue  # named as an identity number, whatever its digits add up to
                yield scan.finding(Kind.CARD, chain.starts[start], chain.ends[end])
                code = _CODE_BEHIND.match(scan.text, chain.ends[end])
                if code:
                    yield scan.finding(Kind.CVV, *code.span(1))


def _windows(chain: Chain, text: str) -> Iterator[tuple[int, int]]:
    """Disjoint card numbers of a chain, as positions in its digits."""
    sums = _luhn_sums(chain.digits)
    free = 0
    is_short = len(chain.digits) <= _LONGEST_CUED_CHAIN
    cue = is_short and _cue_near(chain, text)
    for start in chain.starts:
        if start < free:
            continue
        end = _checked_end(chain, start, sums, text, has_cue=cue)
        if not end and is_short:
            end = _grouped_end(chain, start, text, has_cue=cue)
        if end:
            free = end
            yield start, end


def _checked_end(
    chain: Chain, start: int, sums: tuple[list[int], list[int]], text: str, *, has_cue: bool
) -> int:
    """Where a number with an issuer's prefix and a right check digit ends; 0 if none begins here."""
    digits = chain.digits
    if not _ISSUER.match(digits, start):
        return 0
    lengths = _LENGTHS.get(digits[start], _OTHER_LENGTHS)
    for length in (*lengths, _FEWEST_CUED) if has_cue else lengths:
        end = start + length
        if (
            end in chain.ends
            and _passes_luhn(sums, start, end)
            and not _DEVICE.search(text, max(0, chain.starts[start] - 24), chain.starts[start])
            and (has_cue or _is_plausible(chain, start, end, text))
        ):
            return end
    return 0


def _grouped_end(chain: Chain, start: int, text: str, *, has_cue: bool) -> int:
    """Where a number ends that only its groups, or the text around it, show to be a card; 0 if none."""
    is_issued = bool(_ISSUER.match(chain.digits, start))
    if not (has_cue or is_issued):
        return 0
    for length in range(_MOST, _FEWEST - 1, -1):
        end = start + length
        if end not in chain.ends or not _shape(chain, start, end, text):
            continue
        if has_cue or (length in (15, 16) and _grouping(chain, start, end) in _GROUPINGS):
            first = chain.starts[start]
            return 0 if _RECORD.search(text, max(0, first - 40), first) else end
    return 0


def _grouping(chain: Chain, start: int, end: int) -> tuple[int, ...]:
    cuts = [at for at in range(start, end + 1) if at in chain.starts or at in chain.ends]
    return tuple(b - a for a, b in pairwise(cuts))


def _shape(chain: Chain, start: int, end: int, text: str) -> bool:
    """One run, the groups of a card, or equal small groups: not a row of unrelated numbers."""
    groups = _grouping(chain, start, end)
    if len(groups) == 1:
        return not _is_inside_a_code(text, chain.starts[start], chain.ends[end])
    written = text[chain.starts[start] : chain.ends[end]]
    if "." in written and set(written) & _MIXED_MARKS:
        return False
    if max(groups) > 1 and (
        set(written) & _LIST_MARKS or all(part.endswith("00") for part in _GROUP.findall(written))
    ):
        return False
    return groups in _GROUPINGS or (len(set(groups[:-1])) == 1 and groups[0] <= 4 and groups[-1] <= 4)


def _is_plausible(chain: Chain, start: int, end: int, text: str) -> bool:
    if _shape(chain, start, end, text):
        return True
    groups = _grouping(chain, start, end)
    written = text[chain.starts[start] : chain.ends[end]]
    if len(groups) == 1 or max(groups) > 6 or set(written) & (_LIST_MARKS | {"."}):
        return False
    round_groups = [part for part in _GROUP.findall(written) if part.endswith("00")]
    return len(round_groups) <= 1


def _is_inside_a_code(text: str, start: int, end: int) -> bool:
    """Part of a longer code of letters and digits, such as a hash or an order id."""
    before = re.search(r"[a-z0-9]*[a-z][a-z0-9]*[-_]?\Z", text[max(0, start - 24) : start])
    if before and (re.search(r"[0-9]", before[0]) or _RECORD.search(text, max(0, start - 12), start)):
        return True
    after = re.match(r"[-_]?[a-z0-9]*[a-z][a-z0-9]*", text[end : end + 24])
    return bool(after and re.search(r"[0-9]", after[0]))


def _cue_near(chain: Chain, text: str) -> bool:
    around = text[max(0, chain.start - _CUE_REACH) : chain.start] + " " + text[chain.end : chain.end + 24]
    return bool(_CUE.search(around)) and not _NOT_A_CARD.search(around)


def _luhn_sums(digits: str) -> tuple[list[int], list[int]]:
    """Running sums with every even, and with every odd, position doubled."""
    even, odd = [0], [0]
    even_total = odd_total = 0
    for index, digit in enumerate(digits):
        value = ord(digit) - 48
        doubled = value * 2 - 9 if value > 4 else value * 2
        if index & 1:
            even_total += value
            odd_total += doubled
        else:
            even_total += doubled
            odd_total += value
        even.append(even_total)
        odd.append(odd_total)
    return even, odd


def _passes_luhn(sums: tuple[list[int], list[int]], start: int, end: int) -> bool:
    """ISO/IEC 7812-1 annex B: the last digit is not doubled, every second one before it is."""
    totals = sums[end & 1]
    return (totals[end] - totals[start]) % 10 == 0
