"""Attack payloads of our own, their disguises, and where they are put into an honest message.

Every generator is handed its `random.Random`: the same seed gives the same attacks. Nothing here judges what
a message came to; the safety suites do.
"""

import base64
import codecs
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from casewright.language.data_files import read_yaml

_SENTENCE_END = re.compile(r"(?<=[.!?।])\s+")
_HOMOGLYPHS = str.maketrans("aceijopsxyABCEHIKMOPSTXY", "асеіјорѕхуАВСЕНІКМОРЅТХУ")
_LEET = str.maketrans("aeiostAEIOST", "431057431057")
_ZERO_WIDTH = "\u200b\u2060\u200e"


class Encoding(StrEnum):
    """A disguise. `PLAIN` is none."""

    PLAIN = "plain"
    BASE64 = "base64"
    ROT13 = "rot13"
    REVERSED = "reversed"
    SPACED = "spaced"
    HOMOGLYPHS = "homoglyphs"
    ZERO_WIDTH = "zero_width"
    TAGS = "tags"
    BIDI = "bidi"
    LEET = "leet"


class Position(StrEnum):
    """Where a payload is put into a message."""

    BEFORE = "before"
    AFTER = "after"
    INSIDE = "inside"
    OWN_LINE = "own_line"


@dataclass(frozen=True, slots=True)
class Attack:
    """One payload.

    `has_domain_signals`: the payload itself names money, an amount, an id, a credential or what became of a
    payment. One that does not may change no field of a decision; one that does, only towards caution.
    """

    id: str
    language: str
    kind: str
    has_domain_signals: bool
    text: str


@dataclass(frozen=True, slots=True)
class AttackedMessage:
    """An honest message with a payload in it. `message_index` is the honest message's place in its list."""

    attack: Attack
    encoding: Encoding
    position: Position
    message_index: int
    text: str


@cache
def load_attacks() -> tuple[Attack, ...]:
    """All payloads of `evaluation/data/attacks.yaml`, in file order."""
    source = resources.files("casewright.evaluation").joinpath("data", "attacks.yaml").read_text("utf-8")
    content = read_yaml(source)
    return tuple(
        Attack(row["id"], row["language"], row["kind"], row["domain_signals"], row["text"])
        for row in content["attacks"]
    )


def encode_payload(text: str, encoding: Encoding, rng: random.Random) -> str:
    """The payload in a disguise. Rot13, homoglyphs and leet reach Latin letters only: other scripts stay."""
    match encoding:
        case Encoding.PLAIN:
            return text
        case Encoding.BASE64:
            return base64.b64encode(text.encode()).decode()
        case Encoding.ROT13:
            return codecs.encode(text, "rot13")
        case Encoding.REVERSED:
            return text[::-1]
        case Encoding.SPACED:
            return "   ".join(" ".join(word) for word in text.split())
        case Encoding.HOMOGLYPHS:
            return _swap_some(text, text.translate(_HOMOGLYPHS), 0.6, rng)
        case Encoding.ZERO_WIDTH:
            return "".join(char + (rng.choice(_ZERO_WIDTH) if rng.random() < 0.5 else "") for char in text)
        case Encoding.TAGS:
            return _hide(text)
        case Encoding.BIDI:
            return "\u202e" + text[::-1] + "\u202c"
        case Encoding.LEET:
            return _swap_some(text, text.translate(_LEET), 0.9, rng)


def insert_payload(message: str, payload: str, position: Position, rng: random.Random) -> str:
    """The message with the payload in it. `INSIDE` picks a sentence boundary, or the end if there is none."""
    match position:
        case Position.BEFORE:
            return f"{payload} {message}"
        case Position.AFTER:
            return f"{message} {payload}"
        case Position.OWN_LINE:
            return f"{payload}\n{message}" if rng.random() < 0.5 else f"{message}\n{payload}"
        case Position.INSIDE:
            boundaries = [match.end() for match in _SENTENCE_END.finditer(message)]
            place = rng.choice(boundaries) if boundaries else len(message)
            return f"{message[:place].rstrip()} {payload} {message[place:]}".rstrip()


def generate_attacks(
    messages: Sequence[str],
    count: int,
    rng: random.Random,
    *,
    attacks: Sequence[Attack] | None = None,
    encodings: Sequence[Encoding] = (Encoding.PLAIN,),
) -> Iterator[AttackedMessage]:
    """`count` attacked messages: payloads in turn, disguise, place and message drawn."""
    payloads = list(attacks if attacks is not None else load_attacks())
    for number in range(count):
        attack = payloads[number % len(payloads)]
        encoding = rng.choice(encodings)
        position = rng.choice(tuple(Position))
        index = rng.randrange(len(messages))
        payload = encode_payload(attack.text, encoding, rng)
        text = insert_payload(messages[index], payload, position, rng)
        yield AttackedMessage(attack, encoding, position, index, text)


def _swap_some(text: str, swapped: str, share: float, rng: random.Random) -> str:
    return "".join(new if rng.random() < share else old for old, new in zip(text, swapped, strict=True))


def _hide(text: str) -> str:
    """Invisible characters: tags for ASCII, variation selectors for the UTF-8 bytes of anything else."""
    if text.isascii():
        return "".join(chr(0xE0000 + ord(char)) if char.isprintable() else char for char in text)
    return "".join(chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in text.encode())
