"""Extracts: sentences of passages that answer what the policy has no rule about, and passages worth citing.

A passage explains; it decides nothing. A sentence that is addressed to a system is never quoted.
"""

import re
from collections.abc import Iterable, Sequence

from casewright.desks.sales.vocabulary import load_vocabulary, split_words
from casewright.domain.knowledge import FoundPassage, Retrieved
from casewright.intake.annotation import Annotation, annotate
from casewright.language.normalise import normalise
from casewright.language.tokens import tokenise

_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*•#>|]|\d+[.)]\s))")
_HEADING = re.compile(r"^#+ .*$")
_SENTENCE_END = re.compile(r"(?<=[.!?।])\s+(?=[A-Z0-9\"'“(\u0980-\u09ff])")
_LEAST_COVER = 0.5
_MOST_QUOTED = 2
_MOST_CITED = 3
_LONGEST = 400
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ers", "er", "ed", "es", "s", "ly")


def quote(
    retrieved: Retrieved, wanted: Sequence[str], least_words: int = 1
) -> tuple[tuple[str, ...], tuple[FoundPassage, ...]]:
    """The sentences that hold most of the wanted words, and the passages that they stand in."""
    stems = {stem(word) for word in wanted}
    if len(stems) < least_words or not stems:
        return (), ()
    scored = []
    for place, found in enumerate(retrieved.found):
        for number, sentence in enumerate(split_sentences(found.passage.text)):
            held = stems & {stem(word) for word, _, _ in split_words(normalise(sentence).text)}
            if len(held) >= max(least_words, _LEAST_COVER * len(stems)) and not _is_addressed_to_system(
                sentence
            ):
                scored.append((-len(held), place, number, sentence, found))
    scored.sort(key=lambda one: one[:3])
    best = [one for one in scored if one[0] == scored[0][0]][:_MOST_QUOTED]
    passages = dict.fromkeys(one[4] for one in best)
    return tuple(dict.fromkeys(one[3] for one in best)), tuple(passages)


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


def choose_citations(retrieved: Retrieved, words: Iterable[str]) -> tuple[FoundPassage, ...]:
    """The passages that speak of the given words, best first; the best of all where none does."""
    wanted = [word.lower() for word in words]
    scored = []
    for place, found in enumerate(retrieved.found):
        text = f"{found.passage.title} {' '.join(found.passage.heading_path)} {found.passage.text}".lower()
        hits = sum(word in text for word in wanted)
        if hits:
            scored.append((-hits, place, found))
    scored.sort(key=lambda one: one[:2])
    return tuple(found for _, _, found in scored[:_MOST_CITED]) or retrieved.found[:1]


def split_sentences(text: str) -> tuple[str, ...]:
    """Sentences and lines of a passage, without the marks of lists and headings."""
    blocks = (" ".join(block.split()) for block in _BLOCK.split(text) if not _HEADING.match(block.strip()))
    found = (one.lstrip("-*•> ").strip() for block in blocks for one in _SENTENCE_END.split(block))
    return tuple(one for one in found if len(one.split()) > 2 and len(one) <= _LONGEST)


def stem(word: str) -> str:
    """A word without its English ending, roughly: both sides of a comparison go through it."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)].rstrip("ey")
    return word.rstrip("ey") if len(word) > 3 else word


def _is_addressed_to_system(sentence: str) -> bool:
    normalised = normalise(sentence)
    return Annotation.INJECTION in annotate(normalised, tokenise(normalised.text)).kinds
