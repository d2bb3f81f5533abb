"""Bombs: texts made to be slow, strange or impossible to read, from the plainest (one digit, twenty thousand
times) to the desk's own words in long runs.

Every text comes from a generator that the caller seeds. None says anything about what the right answer is.
"""

import math
import random
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources

from casewright.evaluation.attacks import load_attacks
from casewright.evaluation.cases import load_golden_cases
from casewright.language.data_files import read_yaml
from casewright.language.normalise import normalise
from casewright.language.tokens import tokenise

LONGEST = 20_000
"""Characters: the limit of a complaint."""

UNITS: Mapping[str, tuple[str, ...]] = {
    "digits": (
        *("0", "1", "1,", "1.", "1-", "1/", "12 ", "9 ", "1 2 3 4 ", "01", "017", "+880", "01712345678 "),
        *("4111111111111111 ", "4111 1111 1111 1111 ", "৫", "৫০০ ", "१", "𝟏", "１", "²", "Ⅷ", "½"),
    ),
    "secrets": (
        *(
            "pin ",
            "pin: ",
            "pin is ",
            "otp ",
            "otp 1",
            "pin pin 1 ",
            "password ",
            "password: ",
            "cvv=",
            "পিন ",
        ),
        *("পিন", "ওটিপি ১ ", "bearer a", "key=", "sk-a", "eyJ", "eyJhbGciOi.", "-----BEGIN ", "token "),
    ),
    "quotes": (
        "a'",
        "'a",
        "'",
        '"',
        '"a',
        "`",
        "“",
        "’",
        "\\",
        '\\"',
        "(",
        "((",
        "[",
        "{",
        "{{",
        "{%",
        "}",
        "[[",
    ),
    "signs": (
        "@.",
        "@",
        "a@",
        "a@a.",
        "a@b.c ",
        "at dot ",
        "..",
        "...",
        "!",
        "?",
        "।",
        ",",
        ", ",
        ";",
        ":",
        "::",
    ),
    "runs": (
        "-",
        "- ",
        "--",
        "_",
        "a_",
        "~",
        "|",
        "a|",
        "*",
        "**",
        "#",
        "$",
        "%41",
        "%3a",
        "x=1&",
        "&amp;",
        "&#65;",
    ),
    "encodings": (
        "aGVsbG8gd29ybGQ",
        "QUJD",
        "A=",
        "==",
        "\\u0041",
        "\\x41",
        "4a",
        "0x41 ",
        "=?utf-8?b?",
        "+ADw-",
    ),
    "tags": (
        "<a>",
        "<",
        "</",
        "<!--",
        "<a b='",
        "[INST]",
        "```",
        "[pin]",
        "<|im_start|>",
        "]]>",
        "<![CDATA[",
        "${a}",
    ),
    "blanks": (" ", "\t", "\n", "\n\n", " \n", "\r", "\u00a0", "\u2028", "\v", "\f", "\x85", "\u3000"),
    "hidden": (
        *(
            "\u200b",
            "\u200ba",
            "\u202e",
            "\u2066",
            "\ufeff",
            "\u00ad",
            "\u034f",
            "\ufe0f",
            "\U000e0041",
            "a\u0301",
        ),
        *("\u0301", "\x00", "\x1a", "\x1b[31m", "\x7f", "\x08", "\u0000a", "\ufffd", "\ufffe", "\U0010ffff"),
    ),
    "surrogates": ("\ud800", "\udc00", "\udc00\ud800", "a\ud83d", "\udfffa"),
    "letters": (
        *(
            "a",
            "a ",
            "a-",
            "a.",
            "1a",
            "a1",
            "A1b2-",
            "é",
            "İ",
            "ß",
            "ﷺ",
            "ﬁ",
            "𝓅𝒾𝓃 ",
            "ｐｉｎ",
            "рin ",
            "ǅ",
            "ſ",
        ),
        *("আ", "আমার ", "া", "্", "ক্", "কি", "가", "\u1100\u1161", "漢", "ا", "שלום ", "नमस्ते ", "ไทย", "Ω", "ѐ"),
    ),
    "emoji": ("😀", "🏽", "👨‍👩‍👧", "🇧🇩", "1️⃣", "❤️", "😀 "),
    "numbers": (
        *("lakh ", "five ", "hundred thousand ", "five hundred ", "dedh lakh ", "panch hajar ", "পাঁচ হাজার "),
        *(
            "2pm ",
            "2:10 ",
            "10:10:10 ",
            "2-3 pm ",
            "12/12/2026 ",
            "2026-01-01 ",
            "12 jan ",
            "5 days ago ",
            "1k",
        ),
    ),
    "addresses": (
        "house 1, road 1, ",
        "12 Main Street, ",
        "road ",
        "http://",
        "http://a.b/",
        "www.a.",
        "://a:b@",
    ),
    "ids": (
        "TXN-",
        "TXN-9101 ",
        "ending 1 ",
        "number ending 4455 ",
        "GB82 WEST 1234 ",
        "1:1:",
        "a:",
        "1.1.1.1 ",
    ),
}
"""What floods are made of, by family."""

Bomb = Callable[[random.Random, int], str]


def make_bomb(rng: random.Random, longest: int = LONGEST) -> tuple[str, str]:
    """The name of a way, and a text of at most `longest` characters made in that way."""
    name = rng.choice(tuple(BOMBS))
    return name, BOMBS[name](rng, draw_length(rng, longest))[:longest]


def draw_length(rng: random.Random, longest: int) -> int:
    """Mostly short, as often in the tens as in the thousands, and sometimes just what is allowed."""
    if rng.random() < 0.1:
        return longest
    return int(math.exp(rng.uniform(0.0, math.log(max(2, longest)))))


def _fill(unit: str, length: int) -> str:
    return (unit * (length // max(1, len(unit)) + 1))[:length]


def _draw_unit(rng: random.Random) -> str:
    return rng.choice(UNITS[rng.choice(tuple(UNITS))])


def _flood(rng: random.Random, length: int) -> str:
    """One unit, again and again."""
    return _fill(_draw_unit(rng), length)


def _broken_flood(rng: random.Random, length: int) -> str:
    """A flood that something else begins and ends, so that a greedy reader has to give back."""
    return (
        f"{_draw_unit(rng)} {_fill(_draw_unit(rng), length)}{rng.choice(('!', ' x', '1', '@', '-', '।', ''))}"
    )


def _two_floods(rng: random.Random, length: int) -> str:
    """Two units in turn, or one after the other."""
    first, second = _draw_unit(rng), _draw_unit(rng)
    if rng.random() < 0.5:
        return _fill(first + second, length)
    return _fill(first, length // 2) + _fill(second, length - length // 2)


def _runs_of_words(rng: random.Random, length: int) -> str:
    """A few of the desk's own words, each in a long run: every choice among them is open to a reader."""
    words = rng.sample(load_words(), rng.randrange(2, 6))
    return " ".join(_fill(f"{word} ", length // len(words)).rstrip() for word in words)


def _runs_of_a_signal(rng: random.Random, length: int) -> str:
    """The words of one of the desk's signals, each in a long run, the last one out of reach."""
    surfaces = load_surfaces()
    concepts = [name for name in rng.choice(load_signal_lines()) if surfaces.get(name)]
    words = [rng.choice(surfaces[name]) for name in concepts] or ["money"]
    if rng.random() < 0.5:
        words.reverse()
    last = words.pop() if len(words) > 1 else ""
    runs = [_fill(f"{word} ", length // len(words)).rstrip() for word in words]
    if rng.random() < 0.3:
        return _fill(" ".join(words) + " ", length)
    return " ".join((last, "zz " * 15, *runs))


def _words_in_turn(rng: random.Random, length: int) -> str:
    """A few of the desk's own words, over and over, with no end of a sentence."""
    return _fill(" ".join(rng.choices(load_words(), k=rng.randrange(1, 7))) + " ", length)


def _word_salad(rng: random.Random, length: int) -> str:
    """The desk's own words in any order, and any mark between them."""
    gaps = (" ", " ", " ", "  ", ". ", "\n", ", ", "-", "")
    words = load_words()
    parts: list[str] = []
    size = 0
    while size < length:
        parts += (rng.choice(words), rng.choice(gaps))
        size += len(parts[-2]) + len(parts[-1])
    return "".join(parts)


def _any_characters(rng: random.Random, length: int) -> str:
    """Code points of everything that there is, surrogates among them."""
    ends = (0x7F, 0x2FF, 0x9FF, 0x2FFF, 0xFFFF, 0x10FFFF)
    return "".join(chr(rng.randrange(rng.choice(ends) + 1)) for _ in range(min(length, 4_000)))


def _stacked_marks(rng: random.Random, length: int) -> str:
    """One letter under a tower of accents."""
    marks = ("\u0301", "\u0323", "\u09cd", "\u20dd", "\u0345", "\u1ab0", "\u0f39")
    return "e" + "".join(rng.choices(marks, k=max(0, length - 1)))


def _nested(rng: random.Random, length: int) -> str:
    """Brackets and tags that open and open, and may or may not close."""
    opening, closing = rng.choice(
        (("(", ")"), ("[", "]"), ("{", "}"), ("<a>", "</a>"), ('"', '"'), ("<!--", "-->"))
    )
    depth = length // (len(opening) + len(closing))
    return opening * depth + "pin 1234" * rng.randrange(2) + closing * rng.choice((0, depth, depth // 2))


BOMBS: Mapping[str, Bomb] = {
    "flood": _flood,
    "broken flood": _broken_flood,
    "two floods": _two_floods,
    "runs of words": _runs_of_words,
    "runs of a signal": _runs_of_a_signal,
    "words in turn": _words_in_turn,
    "word salad": _word_salad,
    "any characters": _any_characters,
    "stacked marks": _stacked_marks,
    "nested": _nested,
}


@cache
def load_words() -> tuple[str, ...]:
    """Words and signs of the golden cases and of the packaged attacks: what the readers' tables are about."""
    words: set[str] = set()
    for text in (
        *(case.message for case in load_golden_cases()),
        *(attack.text for attack in load_attacks()),
    ):
        words.update(tokenise(normalise(text).text).words)
    return tuple(sorted(words))


@cache
def load_surfaces() -> Mapping[str, tuple[str, ...]]:
    """The words of each concept of the lexicon, in every language."""
    surfaces: dict[str, tuple[str, ...]] = {}
    for entry in resources.files("casewright.language").joinpath("data/lexicon").iterdir():
        if entry.name.endswith(".yaml"):
            for concept, by_language in read_yaml(entry.read_text("utf-8")).items():
                words = " ".join(map(str, by_language.values())).replace("*", "").split()
                spoken = (word.replace("_", " ").strip() for word in words)
                surfaces[concept] = (*surfaces.get(concept, ()), *filter(None, spoken))
    return dict(sorted(surfaces.items()))


@cache
def load_signal_lines() -> tuple[tuple[str, ...], ...]:
    """The concepts that each line of the desk's signals wants."""
    text = resources.files("casewright.investigation").joinpath("data/signals.yaml").read_text("utf-8")
    lines = [line for lines in read_yaml(text).values() for line in lines]
    return tuple(
        tuple(word.split("|")[0].rstrip("+-") for word in str(line).split() if word[0].isalpha())
        for line in lines
    )
