"""MR10: mutations of unsafe replies, as a compromised writer would send them; none passes the shield.

5,000 mutations with CASEWRIGHT_FULL=1, a seeded tenth otherwise.
"""

import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from casewright.domain.case import Language
from casewright.text.shield import ShieldContext, check

REPLIES = Path(__file__).parents[1] / "unit" / "text" / "shield_replies"
SIZE = 5_000 if os.environ.get("CASEWRIGHT_FULL") == "1" else 500
SEED = 20_260_101
CONTEXT = ShieldContext(
    facts=frozenset({"1200", "2", "TXN-9101", "+8801700000001", "MERCHANT-77"}),
    allowed_channels=frozenset({"16247", "https://help.casewright.example", "support@casewright.example"}),
    language=Language.MIXED,
    max_chars=4_000,
)
SAFE_EN = (
    "Please do not share your PIN or OTP with anyone.",
    "We have noted your concern about transaction TXN-9101.",
    "Thank you for your patience.",
    "We never ask for your PIN, OTP or password.",
    "We cannot promise a refund at this stage.",
    "Our team will review the case and contact you through official channels.",
)
SAFE_BN = (
    "অনুগ্রহ করে কারো সাথে আপনার পিন বা ওটিপি শেয়ার করবেন না।",
    "আপনার অভিযোগটি আমরা পেয়েছি।",
    "আমাদের দল বিষয়টি যাচাই করে অফিসিয়াল চ্যানেলে জানাবে।",
)
OPENINGS = (
    "Dear customer, ", "Kindly note: ", "With respect, ", "We are sorry for the trouble. ", "Hello! ", "As a courtesy, ",
    "For your safety, ", "In order to help you faster, ", "Thank you for contacting us. ", "Important: ",
)  # fmt: skip
CLOSINGS = (
    " Thank you.",
    " Please.",
    " We appreciate your cooperation.",
    " Regards, Customer Support",
    " It only takes a moment of care.",
)
HOMOGLYPHS = str.maketrans({"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "i": "і", "O": "О", "P": "Р"})
LEET = str.maketrans({"o": "0", "i": "1", "e": "3", "a": "4", "s": "5", "O": "0", "I": "1", "S": "5"})
INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e")


def upper(text: str, _: random.Random) -> str:
    return text.upper()


def lower(text: str, _: random.Random) -> str:
    return text.lower()


def mixed_case(text: str, rng: random.Random) -> str:
    return "".join(char.upper() if rng.random() < 0.4 else char.lower() for char in text)


def title_case(text: str, _: random.Random) -> str:
    return text.title() if text.isascii() else text


def wide_spaces(text: str, rng: random.Random) -> str:
    return "".join(char + (" " * rng.randint(1, 3) if char == " " else "") for char in text)


def tabs_and_lines(text: str, rng: random.Random) -> str:
    return "".join(rng.choice("\n\t ") if char == " " else char for char in text)


def zero_width(text: str, rng: random.Random) -> str:
    return "".join(char + (rng.choice(INVISIBLE) if rng.random() < 0.3 else "") for char in text)


def homoglyphs(text: str, rng: random.Random) -> str:
    return "".join(char.translate(HOMOGLYPHS) if rng.random() < 0.6 else char for char in text)


def leet(text: str, rng: random.Random) -> str:
    return "".join(char.translate(LEET) if rng.random() < 0.5 else char for char in text)


def full_width(text: str, _: random.Random) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def spaced_letters(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    index = rng.randrange(len(words))
    words[index] = rng.choice(" .-").join(words[index])
    return " ".join(words)


def no_full_stops(text: str, _: random.Random) -> str:
    return text.rstrip(".!।")


def excited(text: str, _: random.Random) -> str:
    return text.replace(".", "!!").replace("।", "!")


def dots(text: str, _: random.Random) -> str:
    return text.replace(".", "...").replace(", ", "... ")


def quoted(text: str, _: random.Random) -> str:
    return f'"{text}"'


def bracketed(text: str, _: random.Random) -> str:
    return f"({text})"


def chopped(text: str, _: random.Random) -> str:
    return text.replace(" ", ". ")


def comma_chopped(text: str, _: random.Random) -> str:
    return text.replace(" ", ", ")


def hyphened(text: str, _: random.Random) -> str:
    return text.replace(" ", "-")


def warned_before(text: str, rng: random.Random) -> str:
    return f"{rng.choice(SAFE_EN + SAFE_BN)} {text}"


def warned_after(text: str, rng: random.Random) -> str:
    return f"{text} {rng.choice(SAFE_EN + SAFE_BN)}"


def surrounded(text: str, rng: random.Random) -> str:
    around = [text, *rng.sample(SAFE_EN, 2), rng.choice(SAFE_BN)]
    rng.shuffle(around)
    return " ".join(around)


def polite(text: str, rng: random.Random) -> str:
    return rng.choice(OPENINGS) + text


def closed(text: str, rng: random.Random) -> str:
    return text + rng.choice(CLOSINGS)


Mutation = Callable[[str, random.Random], str]
MUTATIONS: tuple[Mutation, ...] = (
    upper, lower, mixed_case, title_case, wide_spaces, tabs_and_lines, zero_width, homoglyphs, leet, full_width, spaced_letters,
    no_full_stops, excited, dots, quoted, bracketed, chopped, comma_chopped, hyphened, warned_before, warned_after, surrounded,
    polite, closed,
)  # fmt: skip


def unsafe_replies() -> list[str]:
    lines = (REPLIES / "unsafe.txt").read_text(encoding="utf-8").splitlines()
    skipped = "# rule: wrong_language"
    found, is_kept = [], True
    for line in lines:
        if line.startswith("# rule: "):
            is_kept = line != skipped
        elif line and is_kept:
            found.append(line)
    return found


def mutants(size: int) -> list[tuple[str, str]]:
    rng = random.Random(SEED)
    replies = unsafe_replies()
    found = []
    for index in range(size):
        reply = replies[index % len(replies)]
        text = reply
        names = []
        for mutation in rng.sample(MUTATIONS, rng.choice((1, 1, 2))):
            text = mutation(text, rng)
            names.append(mutation.__name__)
        found.append(("+".join(names), text))
    return found


@pytest.mark.parametrize("language", [Language.EN, Language.BN, Language.MIXED])
def test_no_mutation_of_an_unsafe_reply_passes(language: Language) -> None:
    context = replace(CONTEXT, language=language)
    passed = [(name, text) for name, text in mutants(SIZE) if not check(text, context)]
    assert passed == []


def test_safe_lines_used_as_wrapping_pass_alone() -> None:
    assert [text for text in SAFE_EN + SAFE_BN if check(text, CONTEXT)] == []
