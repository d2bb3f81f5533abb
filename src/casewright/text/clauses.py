"""Clauses: a text as sentences of plain words, the form that the rules of the shield read.

The spaced form of a sentence starts and ends with a space and has one space between words; a change of
script starts a new word; contractions are written out ("don't" becomes "do not"); hyphens, quotes and
brackets fall away; commas stay. Letters spelled one by one ("o t p", "p.i.n") are joined. A sentence
chopped into fragments ("We. Will. Refund.") is read once more as a whole.

Not done here: any judgement about the words.
"""

import re
from dataclasses import dataclass

from casewright.language.normalise import normalise

_END = re.compile(r"[.!?;।॥…•]+|\n\s*\n")
_BROKEN_WORD = re.compile(r"(?<![a-z'])(re|un)[ \-]+(?=[a-z]{3})")
_ABBREVIATIONS = re.compile(r"\b(?:e\.g\.|i\.e\.)")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|[\u0980-\u09ff\u200c\u200d]+|[0-9]+|[,/&:+%@]")
_SPELLED = re.compile(
    r"(?<![a-z'0-9])[a-z](?:[ \t.\-_*/|,:~·•'\"]{1,3}[a-z](?![a-z])){2,}(?![a-z'])",
)
_SPELLED_BANGLA = re.compile(
    r"ও[\s.\-_]+টি[\s.\-_]+পি(?=[^\u0980-\u09ff]|টি|র|$)|পি[\s.\-_]+ন(?=[^\u0980-\u09ff]|$)"
)
_SPLIT_BANGLA = re.compile(
    r"(?<![\u0980-\u09ff])(?:[\u0985\u0987-\u0994](?<!ই)-(?=[\u0980-\u09ff])|[এও]\s+ই(?![\u0980-\u09ff]))"
)
_LONE_LETTERS = re.compile(r"(?<![a-z0-9'])(?![ap]\.m)[a-z][ .\-]{1,3}[a-z](?![a-z'])")
_NOT_LETTER = re.compile(r"[^a-z]")
_NOT_BANGLA = re.compile(r"[\s.\-_]+")
_CONTRACTIONS = {
    "can't": "can not",
    "cannot": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "ain't": "is not",
    "let's": "let us",
    "dont": "do not",
    "doesnt": "does not",
    "didnt": "did not",
    "cant": "can not",
    "wont": "will not",
    "shouldnt": "should not",
    "mustnt": "must not",
    "couldnt": "could not",
    "wouldnt": "would not",
    "isnt": "is not",
    "hasnt": "has not",
    "havent": "have not",
    "neednt": "need not",
    "youll": "you will",
    "theyll": "they will",
    "youre": "you are",
    "weve": "we have",
    "ive": "i have",
    "thats": "that",
    "pls": "please",
    "plz": "please",
    "u": "you",
    "ur": "your",
}
_ENDINGS = (
    ("n't", " not"),
    ("'ll", " will"),
    ("'ve", " have"),
    ("'re", " are"),
    ("'d", " would"),
    ("'m", " am"),
)
_DASH = re.compile(r"\s-+\s|--+")
_SIGNS = frozenset(",/&:+%@")
_MAX_WORDS = 150
_MAX_SENTENCES = 60
_SHORT = 3
_MAX_LONE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in spaced form, and whether it ends in a question mark."""

    text: str
    is_question: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The sentences of a text; `is_spelled` where letters or words stood one by one."""

    text: str
    sentences: tuple[Sentence, ...]
    is_spelled: bool
    is_unreadable: bool


def read_clauses(text: str) -> Reading:
    """Read a text whose facts are masked."""
    flat = _DASH.sub(" , ", _ABBREVIATIONS.sub("for example", normalise(text).text))
    flat = _BROKEN_WORD.sub(r"\1", flat)
    joined = _SPELLED.sub(lambda match: _NOT_LETTER.sub("", match.group()), flat)
    joined = _SPELLED_BANGLA.sub(lambda match: _NOT_BANGLA.sub("", match.group()), joined)
    sentences = []
    position = 0
    for end in _END.finditer(joined):
        sentences.append(_read_sentence(joined[position : end.start()], is_question="?" in end.group()))
        position = end.end()
    sentences.append(_read_sentence(joined[position:]))
    kept = tuple(dict.fromkeys(sentence for sentence in sentences if sentence.text != "  "))
    lone_words = sum(len(_words_only(sentence)) == 1 for sentence in kept)
    joins = tuple(_join_fragments(kept))
    return Reading(
        text=joined,
        sentences=kept + joins + tuple(_without_commas(kept + joins)),
        is_spelled=joined != flat
        or _SPLIT_BANGLA.search(flat) is not None
        or _LONE_LETTERS.search(flat) is not None
        or lone_words > _MAX_LONE_WORDS,
        is_unreadable=len(kept) > _MAX_SENTENCES
        or any(sentence.text.count(" ") > _MAX_WORDS for sentence in kept),
    )


def _join_fragments(sentences: tuple[Sentence, ...]) -> list[Sentence]:
    """Sentences of a few words, read as one with what stands around them."""
    is_short = [len(_words_only(sentence)) <= _SHORT for sentence in sentences]
    joined: list[Sentence] = []
    start = 0
    for index in range(1, len(sentences) + 1):
        if index < len(sentences) and (is_short[index] or is_short[index - 1]):
            continue
        if index - start > 1:
            run = sentences[start:index]
            joined.append(Sentence("".join(part.text.rstrip() for part in run) + " ", run[-1].is_question))
        start = index
    return joined


def _words_only(sentence: Sentence) -> list[str]:
    return [word for word in sentence.text.split() if word not in _SIGNS]


def _without_commas(sentences: tuple[Sentence, ...]) -> list[Sentence]:
    """Sentences with signs between most words ("we, will, refund"), read once more without them."""
    found = []
    for sentence in sentences:
        kept = _words_only(sentence)
        if (len(sentence.text.split()) - len(kept)) * 3 >= len(kept):
            found.append(Sentence(" " + " ".join(kept) + " ", sentence.is_question))
    return found


def _read_sentence(text: str, *, is_question: bool = False) -> Sentence:
    words = [_plain(word) if "'" in word or word in _CONTRACTIONS else word for word in _WORD.findall(text)]
    return Sentence(" " + " ".join(words) + " ", is_question)


def _plain(word: str) -> str:
    whole = _CONTRACTIONS.get(word)
    if whole is not None:
        return whole
    for ending, plain in _ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + plain
    return word.removesuffix("'s")
