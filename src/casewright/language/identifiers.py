"""Identifiers: phones, endings ("the number ending 4455"), ids ("TXN-9101"), cards, codes and short codes.

All of them are digits that are not money. Phones are given in national form (01XXXXXXXXX); of the rest only
ids and endings are read, codes and cards are passed over. Nothing here redacts: secrets are `text`'s.
"""

from dataclasses import dataclass
from typing import Final

from casewright.language.numbers import has_currency_after
from casewright.language.passage import Passage, build_passage
from casewright.language.tokens import Tokens
from casewright.language.vocabulary import (
    CALL,
    CASE_ENDING,
    CLASSIFIER,
    CLOCK,
    CREDENTIAL,
    CURRENCY,
    DATE_WORD,
    DIGIT_WORD,
    DURATION,
    END_AFTER,
    ENDING_CUE,
    FILLER,
    FOREIGN_CURRENCY,
    GLUED_CURRENCY,
    ID_CUE,
    LAST_CUE,
    MERIDIEM,
    MINE,
    MONTH,
    NUMBER_WORD,
    NUMERAL,
    ORDINAL,
    PERCENT,
    SCALE,
    SOFT_ID_CUE,
    TIMES,
    WITH_AFTER,
)

_PHONE_DIGITS: Final = 11
_MAX_PHONE_TOKENS: Final = 12
_NEAR: Final = 6
"""How many tokens back a cue may stand."""
_SUFFIXES: Final = (
    CURRENCY | GLUED_CURRENCY | SCALE | MERIDIEM | ORDINAL | CLOCK | CLASSIFIER | TIMES | DURATION
    | CASE_ENDING | MONTH | DATE_WORD | FOREIGN_CURRENCY | PERCENT | DIGIT_WORD | NUMBER_WORD | WITH_AFTER
    | END_AFTER
)  # fmt: skip
"""What may be glued to a number without making an id of it."""
_MASKS: Final = frozenset("*•x●#")
_JOINERS: Final = frozenset("-_/=")


@dataclass(frozen=True, slots=True)
class Identifier:
    """An id as the customer wrote it, lower case ("txn-9101"), at tokens [first, last)."""

    text: str
    first: int
    last: int


def read_identifiers(tokens: Tokens) -> tuple[Identifier, ...]:
    """Ids of letters and digits in one piece, in order: "txn-9101", "trx12345", "8n7a6d5c"."""
    if not any("0" <= word < ":" for word in tokens.words):
        return ()
    passage = build_passage(tokens)
    found: list[Identifier] = []
    position = 0
    for index in range(passage.count):
        if index < position or not passage.is_digits(index):
            continue
        piece = find_id(passage, index)
        if piece is not None:
            first, position = piece
            if first < position:
                text = passage.text[passage.starts[first] : passage.ends[position - 1]]
                found.append(Identifier(text.lstrip("#"), first, position))
    return tuple(found)


def read_phone(passage: Passage, index: int) -> tuple[str, int] | None:
    """A mobile number that starts at a token: its national form and the token after it."""
    head = passage.words[index]
    has_plus = passage.word(index - 1) == "+"
    is_short = len(head) == 10 and head[0] == "1"
    if not head.isdigit() or not (head[0] == "0" or head[:2] == "88" or has_plus or is_short):
        return None
    digits = head
    at = index + 1
    limit = min(passage.count, index + _MAX_PHONE_TOKENS)
    while True:
        national = _national_form(digits)
        if national is not None and not (passage.is_glued(at) and passage.is_digits(at)):
            return national, at
        if len(digits) > _PHONE_DIGITS + 4:
            return None
        while at < limit and passage.words[at] in ("-", "(", ")", "."):
            at += 1
        if at >= limit or not passage.is_plain_digits(at):
            return None
        digits += passage.words[at]
        at += 1


def _national_form(digits: str) -> str | None:
    if len(digits) < 10:
        return None
    for prefix in ("0088", "88"):
        if digits.startswith(prefix):
            digits = digits[len(prefix) :]
            break
    if len(digits) == _PHONE_DIGITS - 1 and digits[0] == "1":
        digits = "0" + digits
    is_mobile = len(digits) == _PHONE_DIGITS and digits[:2] == "01" and digits[2] in "3456789"
    return digits if is_mobile else None


def skip_partial_phone(passage: Passage, index: int) -> tuple[str, int] | None:
    """A masked phone or card ("017****4455", "xx4455"): its visible tail, or "", and the token after it."""
    word = passage.words[index]
    at = index + 1
    while at < passage.count and passage.is_glued(at) and _is_mask(passage.words[at]):
        at += 1
    if at - index > 1 and (at - index > 2 or len(passage.words[index + 1]) > 1 or word[0] == "0"):
        if passage.is_plain_digits(at) and passage.is_glued(at):
            return passage.words[at], at + 1
        return "", at
    if word[:2] == "01" and len(word) >= 3 and word.isdigit():
        while passage.word(at) == "." and passage.is_glued(at):
            at += 1
        if at - index > 2 and passage.is_plain_digits(at) and passage.is_glued(at):
            return passage.words[at], at + 1
        return "", at
    before = passage.word(index - 1)
    if word.isdigit() and len(word) <= 6 and passage.is_glued(index) and _is_mask(before):
        is_run = len(before) > 1 or (_is_mask(passage.word(index - 2)) and passage.is_glued(index - 1))
        return (word, index + 1) if is_run else None
    return None


def _is_mask(word: str) -> bool:
    return bool(word) and word[0] in _MASKS and word == word[0] * len(word)


def skip_card(passage: Passage, index: int) -> int | None:
    """The token after a run of digit groups as long as a card or account number, or None."""
    digits = 0
    at = index
    while passage.is_plain_digits(at) and (at == index or 3 <= len(passage.words[at]) <= 7):
        digits += len(passage.words[at])
        at += 1
        if passage.word(at) == "-" and passage.is_glued(at) and passage.is_plain_digits(at + 1):
            at += 1
        elif at < passage.count and passage.is_plain_digits(at):
            gap = passage.starts[at] - passage.ends[at - 1]
            if gap != 1 or len(passage.words[at]) != 4 or len(passage.words[at - 1]) != 4:
                break
    return at if digits >= 12 else None


def find_id(passage: Passage, index: int) -> tuple[int, int] | None:
    """The span of the id that the number at a token is a part of, or None if it stands for itself."""
    if not (_is_id_head(passage, index) or _is_id_tail(passage, index)):
        return None
    first, last = index, index + 1
    while passage.is_glued(first) and _is_id_part(passage, first - 1):
        first -= 1
    while passage.is_glued(last) and _is_id_part(passage, last):
        last += 1
    while passage.words[last - 1] in _JOINERS and last > index + 1:
        last -= 1
    return first, last


def _is_id_part(passage: Passage, index: int) -> bool:
    word = passage.words[index]
    return word in _JOINERS or word == "#" or word[0].isalnum()


def _is_id_head(passage: Passage, index: int) -> bool:
    """Whether letters, or letters and a joiner, are glued before the number."""
    if not passage.is_glued(index):
        return False
    before = passage.words[index - 1]
    if before == "#":
        return True
    has_joiner = before in _JOINERS and passage.is_glued(index - 1)
    before_index = index - 2 if has_joiner else index - 1
    if not passage.is_letters(before_index):
        return False
    roles = passage.roles(before_index)
    if roles & (CURRENCY | FOREIGN_CURRENCY | GLUED_CURRENCY):
        return False
    return passage.words[before_index].isascii() or before_index == index - 1


def _is_id_tail(passage: Passage, index: int) -> bool:
    """Whether letters that are no suffix of a number are glued after it."""
    behind = index + 1
    if not passage.is_glued(behind) or not passage.is_letters(behind):
        return False
    if not passage.words[behind].isascii():
        return False
    suffix = passage.words[behind]
    roles = passage.roles(behind)
    if (
        roles & (GLUED_CURRENCY | CASE_ENDING)
        and passage.is_glued(behind + 1)
        and passage.is_digits(behind + 1)
    ):
        return True
    return not roles & _SUFFIXES and suffix != "x"


def is_cued_id(passage: Passage, index: int) -> bool:
    """Whether an id word stands before the number: "trx id 9101", "order no 8812", "agent 318".

    After a word that is not always an id word, a round number stays an amount: "order 500".
    """
    at = index - 1
    has_number_word = False
    while at >= 0 and index - at <= 4:
        roles = passage.roles(at)
        if roles & ID_CUE:
            return True
        if roles & SOFT_ID_CUE:
            word = passage.words[index]
            is_direct = at == index - 1 or (at == index - 2 and passage.words[index - 1] in "#:")
            return has_number_word or (is_direct and word.isdigit() and not word.endswith(("00", "50")))
        if not roles & (FILLER | NUMBER_WORD) or passage.words[at] in (",", "'"):
            return False
        has_number_word = has_number_word or bool(roles & NUMBER_WORD) or passage.words[at] == "#"
        at -= 1
    return False


def is_credential(passage: Passage, index: int) -> bool:
    """Whether the digits are a PIN, OTP or password by the words around them."""
    word = passage.words[index]
    if not (word.isdigit() and 3 <= len(word) <= 8):
        return False
    at = index - 1
    while at >= 0 and index - at <= _NEAR:
        roles = passage.roles(at)
        if roles & CREDENTIAL:
            return True
        if not roles & (FILLER | MINE) and passage.words[at] not in _JOINERS:
            break
        at -= 1
    at = index + 1
    while passage.roles(at) & MINE and at - index <= 4:
        at += 1
    return bool(passage.roles(at) & CREDENTIAL) and (at - index > 1 or not word.endswith("00"))


def is_short_code(passage: Passage, index: int) -> bool:
    """Whether the digits are a helpline ("16247", "call 999") or a USSD code ("*247#")."""
    word = passage.words[index]
    if passage.is_glued(index) and passage.words[index - 1] == "*":
        return True
    if word in passage.vocabulary.short_codes:
        return True
    if word not in passage.vocabulary.called_codes:
        return False
    near = (index - 2, index - 1, index + 1, index + 2)
    return any(passage.roles(at) & CALL for at in near)


def read_ending(passage: Passage, index: int) -> tuple[str, int] | None:
    """The last digits of a number ("ending 4455", "শেষ ৪ ডিজিট ৪৪৫৫"), and the token after them."""
    word = passage.words[index]
    if not (word.isdigit() and 2 <= len(word) <= 6) or has_currency_after(passage, index + 1):
        return None
    if _has_ending_cue_before(passage, index) or _has_ending_cue_after(passage, index):
        return word, index + 1
    return None


def _has_ending_cue_before(passage: Passage, index: int) -> bool:
    word = passage.words[index]
    has_digit_word = False
    at = index - 1
    while at >= 0 and index - at <= _NEAR:
        roles = passage.roles(at)
        if (
            roles & NUMBER_WORD
            and index - at > 2
            and passage.words[index - 2] == passage.words[index - 1] == "."
        ):
            return True  # "number ...4455"
        if roles & ENDING_CUE:
            return has_digit_word or index - at > 1 or not word.endswith("00")
        if roles & LAST_CUE:
            is_locative = bool(passage.roles(at + 1) & CASE_ENDING) and at + 1 < index
            return has_digit_word or (is_locative and not word.endswith("00"))
        is_count = (passage.is_plain_digits(at) and len(passage.words[at]) == 1) or roles & NUMERAL
        if not (roles & (FILLER | DIGIT_WORD) or is_count):
            return False
        says_how_many = bool(is_count) and _small_count(passage, at) == len(word)
        has_digit_word = has_digit_word or bool(roles & DIGIT_WORD) or says_how_many
        at -= 1
    return False


def _small_count(passage: Passage, index: int) -> int:
    """The value of a one-digit number or a number word."""
    if passage.is_plain_digits(index):
        return int(passage.words[index])
    entry = passage.entry(index)
    return entry.number // 100 if entry is not None else 0


def _has_ending_cue_after(passage: Passage, index: int) -> bool:
    at = index + 1
    if passage.roles(at) & WITH_AFTER and passage.roles(at + 1) & (END_AFTER | ENDING_CUE):
        return True
    length = len(passage.words[index])
    if passage.roles(at) & NUMBER_WORD and 3 <= length <= 5 and passage.word(at) != "no":
        return not passage.is_digits(at + 1)
    if passage.roles(at) & LAST_CUE and length >= 3:
        at += 1
        while passage.is_plain_digits(at) or passage.roles(at) & NUMERAL:
            at += 1
        return bool(passage.roles(at) & DIGIT_WORD)
    return False
