"""Extracts: sentences of passages that answer what the policy has no rule about, and passages worth citing.

A passage explains; it decides nothing. A sentence that is addressed to a system is never quoted.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from casewright.desks.sales.vocabulary import load_vocabulary, split_words
from casewright.domain.knowledge import FoundPassage, Retrieved
from casewright.intake.annotation import Annotation, annotate
from casewright.language.normalise import normalise
from casewright.language.tokens import tokenise

_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*•#>|]|\d+[.)]\s))")
_HEADING_LINE = re.compile(r"(?:\A|(?<=\n\n))\n?([A-Z][^\s.!?।]*(?: [^\s.!?।]+){0,6})\n(?=[A-Z])")
"""A few words on a first line, before one that begins anew: pages of a document have such headings."""
_FIGURE = re.compile(r"[0-9:]")
_ENDS = frozenset(".!?।")
_LONGEST_HEADING = 7
_FEWEST_WORDS = 2
_SENTENCE_END = re.compile(r"(?<=[.!?।])\s+(?=[A-Z0-9\"'“(\u0980-\u09ff])")
_LEAST_COVER = 0.5
_MOST_QUOTED = 2
_MOST_CITED = 5
_LEAST_CITED = 0.5
_LONGEST = 400
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ers", "er", "ed", "es", "s", "ly")


def quote(
    retrieved: Retrieved,
    wanted: Sequence[str],
    beside: Sequence[str],
    *,
    least_words: int,
    may_leave: Callable[[str], bool],
) -> tuple[tuple[str, ...], tuple[FoundPassage, ...]]:
    """The sentences that hold most of the wanted words, and the passages that they stand in.

    Where none of them may leave, there is a passage without sentences. `beside` are words of what is known
    already: they choose between sentences that are equal otherwise.
    """
    stems, other = {stem(word) for word in wanted}, {stem(word) for word in beside}
    if len(stems) < least_words or not stems:
        return (), ()
    scored = []
    for place, found in enumerate(retrieved.found):
        for number, sentence in enumerate(sentences_of(found)):
            held = {stem(word) for word, _, _ in split_words(normalise(sentence).text)}
            hits = len(held & stems)
            if hits >= max(least_words, _LEAST_COVER * len(stems)):
                scored.append((-hits, -len(held & other), place, number, sentence, found))
    scored.sort(key=lambda one: one[:4])
    best: list[tuple[int, int, int, int, str, FoundPassage]] = []
    held_back: list[FoundPassage] = []
    for one in scored:
        if best and one[:2] != best[0][:2]:
            break
        if _is_addressed_to_system(one[4]):
            continue
        if may_leave(one[4]):
            best.append(one)
        else:
            held_back.append(one[5])
    if not best:
        return (), tuple(held_back[:1])
    whole = [one[4] for one in best if not any(_is_cut(one[4], other[4]) for other in best)]
    sentences = tuple(dict.fromkeys(whole))[:_MOST_QUOTED]
    return sentences, tuple(dict.fromkeys(one[5] for one in best if one[4] in sentences))


def _is_cut(sentence: str, other: str) -> bool:
    """Whether a sentence is another's beginning: passages overlap, and end anywhere."""
    return len(other) > len(sentence) and other.startswith(sentence)


def content_words(text: str) -> tuple[str, ...]:
    """The words of a question that say something beside the concepts that the policy knows."""
    known = load_vocabulary()
    words = text.split()
    covered = {
        place
        for tag in known.tag(words)
        if tag.group not in ("business", "matters", "off_topic") and tag.concept != "goal"
        for place in range(tag.first, tag.last)
    }
    return tuple(
        word
        for place, word in enumerate(words)
        if place not in covered
        and word not in known.stop
        and len(word) > 2
        and not any(map(str.isdigit, word))
    )


def choose_citations(
    retrieved: Retrieved, stated: Iterable[str], apart: frozenset[str] = frozenset()
) -> tuple[FoundPassage, ...]:
    """For each stated sentence the passage that says most of it; the best of all where none does.

    Passages under a heading of `apart`, in lower case, are about something else.
    """
    held = {
        found: _stems(found.passage.text)
        for found in retrieved.found
        if not apart.intersection(head.lower() for head in found.passage.heading_path)
    }
    chosen: dict[FoundPassage, None] = {}
    for sentence in stated:
        wanted = _stems(sentence)
        if not wanted:
            continue
        best = max(held, key=lambda found: len(wanted & held[found]), default=None)
        if best is not None and len(wanted & held[best]) >= _LEAST_CITED * len(wanted):
            chosen[best] = None
    return tuple(chosen)[:_MOST_CITED] or retrieved.found[:1]


def _stems(text: str) -> frozenset[str]:
    """The words that say something, without their endings; amounts as they stand."""
    stop = load_vocabulary().stop
    words = (word for word, _, _ in split_words(normalise(text).text))
    return frozenset(stem(word) for word in words if word not in stop)


def sentences_of(found: FoundPassage) -> tuple[str, ...]:
    """The whole sentences of a passage: no headings, and no halves at its beginning."""
    text = found.passage.text.removeprefix(found.passage.title)
    blocks = [
        " ".join(block.split()).lstrip("-*•#> ").strip()
        for block in _BLOCK.split(_HEADING_LINE.sub("", text))
    ]
    sentences = [
        one.strip() for block in blocks if not _is_heading(block) for one in _SENTENCE_END.split(block)
    ]
    if found.passage.start and sentences and sentences[0][:1].islower():
        sentences = sentences[1:]
    return tuple(one for one in sentences if len(one.split()) > _FEWEST_WORDS and len(one) <= _LONGEST)


def _is_heading(block: str) -> bool:
    """A few words without an end, a figure or a colon."""
    return block[-1:] not in _ENDS and len(block.split()) <= _LONGEST_HEADING and not _FIGURE.search(block)


def stem(word: str) -> str:
    """A word without its English ending, roughly: both sides of a comparison go through it."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)].rstrip("ey")
    return word.rstrip("ey") if len(word) > 3 else word


def _is_addressed_to_system(sentence: str) -> bool:
    normalised = normalise(sentence)
    return Annotation.INJECTION in annotate(normalised, tokenise(normalised.text)).kinds
