"""Request fuzzing: requests made from honest tickets, bent in structure, text, encoding, bytes and headers.

An attempt is a function of a seed and a number, so that a failing one is made again from those two. Secrets
are planted where no answer and no log line may repeat them. It sends nothing and judges nothing:
`request_contract` judges.
"""

import base64
import random
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from casewright.evaluation.cases import load_golden_cases
from casewright.evaluation.planted import ENCODINGS, VALUES, load_sentences, stands_in
from casewright.evaluation.request_bombs import LONGEST
from casewright.evaluation.request_envelopes import (
    ENVELOPES,
    Header,
    draw_headers,
    encode_document,
    fill_to,
)
from casewright.evaluation.request_structures import STRUCTURES, Document, rows_of

MAX_BODY_BYTES = 256 * 1024
SECRET_KINDS = ("pin", "otp", "password", "cvv", "card")
_SHOWN_BYTES = 600
_MANY = 4_000
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "language": ("en", "bn", "mixed", "EN ", "fr"),
    "channel": ("in_app_chat", "call_center", "email", "merchant_portal", "field_agent", "pigeon"),
    "user_type": ("customer", "merchant", "agent", "unknown", "robot"),
    "campaign_context": ("", "winter_cashback"),
}
_FRAMES: Mapping[str, tuple[str, ...]] = {
    "pin": ("PIN-{}", "pin={}", "PIN {}", "my pin is {}"),
    "otp": ("OTP-{}", "otp: {}", "my OTP {}", "ওটিপি {}"),
    "password": ("password={}", "{} is my password", "PASSWORD-{}"),
    "cvv": ("CVV-{}", "cvv {}", "my cvv is {}"),
    "card": ("CARD-{}", "my card {}", "card number {}", "{}"),
}
"""How a secret stands in a field that is no sentence."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request. `pieces` is in how many parts its body arrives."""

    seed: int
    number: int
    recipe: tuple[str, ...]
    body: bytes
    headers: tuple[Header, ...] = ()
    secrets: tuple[str, ...] = ()
    pieces: int = 1

    def describe(self) -> str:
        """What it takes to send it again: seed, number, how it was made, headers, and the body."""
        shown = "base64 " + base64.b64encode(self.body).decode("ascii")
        if len(self.body) > _SHOWN_BYTES:
            packed = base64.b64encode(zlib.compress(self.body, 9)).decode("ascii")
            kept = packed if len(packed) <= _MANY else f"{packed[:_MANY]}… (whole: draw it again)"
            shown = f"{len(self.body)} bytes, zlib in base64 {kept}"
        recipe = " > ".join(self.recipe)
        return f"attempt {self.number} of seed {self.seed} ({recipe}; {str(self.headers)[:300]}): {shown}"


def draw_attempt(seed: int, number: int) -> Attempt:
    """The attempt of that number."""
    rng = random.Random(f"{seed}/{number}")
    recipe: list[str] = []
    document = _draw_ticket(rng)
    for name in _some(rng, STRUCTURES, (0.25, 0.4, 0.25, 0.1)):
        recipe.append(name)
        STRUCTURES[name](document, rng)
    headers = draw_headers(rng)
    secrets = _plant_secrets(document, headers, rng, recipe)
    body = encode_document(document, rng)
    for name in _some(rng, ENVELOPES, (0.6, 0.32, 0.08)):
        recipe.append(name)
        body = ENVELOPES[name](body, rng)
    if rng.random() < 0.04:
        recipe.append("filled to the limit")
        body = fill_to(body, MAX_BODY_BYTES + rng.choice((-1, 0, 0, 1, 100)))
    pieces = rng.choice((1, 1, 1, 2, 7))
    return Attempt(seed, number, tuple(recipe), body, tuple(headers), secrets, pieces)


def _some(rng: random.Random, table: Mapping[str, object], weights: tuple[float, ...]) -> list[str]:
    """None, one, two … names of a table, as often as the weights say."""
    count = rng.choices(range(len(weights)), weights)[0]
    return rng.choices(tuple(table), k=count)


def _draw_ticket(rng: random.Random) -> Document:
    document = rng.choice(load_golden_cases()).ticket()
    for name, values in _CHOICES.items():
        if rng.random() < 0.2:
            document[name] = rng.choice(values)
    if rng.random() < 0.2:
        document["metadata"] = {"app_version": "4.2.1", "device": {"os": "android", "tags": ["a", 1, None]}}
    return document


def _plant_secrets(
    document: Document, headers: list[Header], rng: random.Random, recipe: list[str]
) -> tuple[str, ...]:
    """Plants up to two secrets, of which nothing that the request says besides gives a digit away."""
    secrets: list[str] = []
    for _ in range(rng.choice((0, 1, 1, 2))):
        kind = rng.choice(SECRET_KINDS)
        said = f"{document} {headers}"
        value = VALUES[kind](rng)
        while stands_in(value, said):
            value = VALUES[kind](rng)
        disguised = ENCODINGS[rng.choice(tuple(ENCODINGS))](value, rng)
        sentence = rng.choice(load_sentences()[kind]).format(value=disguised)
        place = rng.choice(tuple(PLACES))
        if PLACES[place](document, headers, rng, sentence, rng.choice(_FRAMES[kind]).format(disguised)):
            recipe.append(f"{kind} in {place}")
            secrets.append(value)
    return tuple(secrets)


# --- places: each puts a sentence, or a shorter text, where it belongs, and says whether it could


def _in_complaint(
    document: Document, headers: list[Header], rng: random.Random, sentence: str, short: str
) -> bool:
    message = document.get("complaint")
    if not isinstance(message, str):
        return False
    message = message[: LONGEST - len(sentence) - 2]
    gap = rng.choice((" ", "\n", ". "))
    document["complaint"] = rng.choice((f"{message}{gap}{sentence}", f"{sentence}{gap}{message}"))[:LONGEST]
    return True


def _in_optional_field(
    document: Document, headers: list[Header], rng: random.Random, sentence: str, short: str
) -> bool:
    names = ("language", "channel", "user_type", "campaign_context", "note", short)
    document[rng.choice(names)] = rng.choice((sentence, short))
    return True


def _in_metadata(
    document: Document, headers: list[Header], rng: random.Random, sentence: str, short: str
) -> bool:
    document["metadata"] = rng.choice(
        ({"note": sentence}, {sentence: True}, [short], sentence, {"a": {"b": [{"c": short}]}})
    )
    return True


def _in_row(document: Document, headers: list[Header], rng: random.Random, sentence: str, short: str) -> bool:
    rows = [row for row in rows_of(document) if isinstance(row, dict)]
    if not rows:
        return False
    name = rng.choice(("timestamp", "type", "amount", "counterparty", "counterparty", "status", "note"))
    rng.choice(rows)[name] = rng.choice((sentence, short, short))
    return True


def _in_ticket_id(
    document: Document, headers: list[Header], rng: random.Random, sentence: str, short: str
) -> bool:
    document["ticket_id"] = short
    return True


def _in_transaction_id(
    document: Document, headers: list[Header], rng: random.Random, sentence: str, short: str
) -> bool:
    rows = [row for row in rows_of(document) if isinstance(row, dict)]
    if rows:
        rng.choice(rows)["transaction_id"] = short
    return bool(rows)


def _in_header(
    document: Document, headers: list[Header], rng: random.Random, sentence: str, short: str
) -> bool:
    names = (
        b"authorization",
        b"cookie",
        b"user-agent",
        b"referer",
        b"x-api-key",
        b"x-forwarded-for",
        b"x-note",
    )
    headers.append((rng.choice(names), rng.choice((sentence, short)).encode("utf-8")))
    return True


PLACES: Mapping[str, Callable[[Document, list[Header], random.Random, str, str], bool]] = {
    "complaint": _in_complaint,
    "optional field": _in_optional_field,
    "metadata": _in_metadata,
    "row": _in_row,
    "ticket id": _in_ticket_id,
    "transaction id": _in_transaction_id,
    "header": _in_header,
}
