"""Reading: what a question holds, as codes, ids and figures; no word of it goes further.

Sentences addressed to the system are left out of the reading; they are nothing that a question could be
about. Names are found first, so that "Delta Electronics" is a client and no industry.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from casewright.desks.sales.figures import Figures, read_figures
from casewright.desks.sales.name_units import Openness
from casewright.desks.sales.names import ClientMatch, Name, find_clients
from casewright.desks.sales.vocabulary import SalesVocabulary, Tag, is_ordinary, load_vocabulary, split_words
from casewright.intake.annotation import annotate, remaining_after
from casewright.language.normalise import Normalised, normalise
from casewright.language.tokens import tokenise
from casewright.text.vocabulary import vocabulary as ordinary_vocabulary

_CUES = frozenset(
    "for to with about client account of meet meeting at does has did is from by on and or vs versus met see seeing "
    "visit visiting call calling pitch pitching offer sell recommend manages handles owns covers was are jonno ke".split()
)
"""Words after which a name is expected."""
_SENTENCE_ENDS = frozenset(".!?\n:;।")
_NAMELESS = "\x00"
_SHOUTED = 0.6
"""From this share of capitalised words on, a capital says nothing."""
_LEAST_NAME = 3
_PART_OF = {"products": ("off_topic", "topics"), "intents": ("off_topic",), "business": ("off_topic",)}
"""Groups whose words count for nothing inside a longer phrase of the group."""
_FEW_WORDS = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """One question, read. `concepts` are `group:concept`."""

    concepts: frozenset[str]
    clients: tuple[ClientMatch, ...]
    figures: Figures
    has_unknown_name: bool
    """A name is there that no client has."""
    has_capital_name: bool
    """The unknown name is written as one."""
    choice: int | None
    """Which of the offered ones: 1 for the first, -1 for the last."""
    is_brief: bool
    plain: str
    """The words that are no name, in matching form, for the search alone."""

    def has(self, *concepts: str) -> bool:
        """Whether any of the concepts is there."""
        return not self.concepts.isdisjoint(concepts)

    def of(self, group: str) -> tuple[str, ...]:
        """The concepts of a group, sorted."""
        return tuple(sorted(name.partition(":")[2] for name in self.concepts if name.startswith(f"{group}:")))


def read_question(text: str, names: Sequence[Name]) -> Reading:
    """Read one question against the names of the clients."""
    normalised = normalise(text)
    plain = remaining_after(normalised, annotate(normalised, tokenise(normalised.text)))
    known = load_vocabulary()
    pieces = split_words(plain)
    words = [word for word, _, _ in pieces]
    capitals = _capitals(normalised, plain, pieces)
    openness = [_openness(known, words, capitals, place) for place in range(len(words))]
    clients = find_clients(words, openness, names)
    named = {place for one in clients for place in range(one.first, one.last)}
    rest = [_NAMELESS if place in named else known.mend(word) for place, word in enumerate(words)]
    tags = _drop_parts(known.tag(rest))
    taken = named | {place for tag in tags for place in range(tag.first, tag.last)}
    unknown = [
        place
        for place in range(len(words))
        if place not in taken and _is_unknown_name(known, rest, capitals, place)
    ]
    concepts = frozenset(f"{tag.group}:{tag.concept}" for tag in tags)
    return Reading(
        concepts=concepts,
        clients=clients,
        figures=read_figures(plain),
        has_unknown_name=bool(unknown) and not clients,
        has_capital_name=any(capitals[place] for place in unknown) and not clients,
        choice=next((known.choices[word] for word in rest if word in known.choices), None),
        is_brief=len(words) <= _FEW_WORDS,
        plain=" ".join(word for word in rest if word != _NAMELESS),
    )


def _capitals(normalised: Normalised, plain: str, pieces: Sequence[tuple[str, int, int]]) -> list[bool]:
    """Which words are written with a capital that says something: not at the start, not in a shout."""
    offsets, original = normalised.offsets, normalised.original
    found = []
    for _, start, _ in pieces:
        before = plain[:start].rstrip(" \"'“(*_")
        is_inside = bool(before) and before[-1] not in _SENTENCE_ENDS
        found.append((original[offsets[start]].isupper(), is_inside))
    share = sum(is_upper for is_upper, _ in found) / len(found) if found else 0.0
    if share > _SHOUTED and len(found) > 2:
        return [False] * len(found)
    return [is_upper and is_inside for is_upper, is_inside in found]


def _openness(known: SalesVocabulary, words: Sequence[str], capitals: Sequence[bool], place: int) -> Openness:
    word = words[place]
    is_cued = place == 0 or words[place - 1] in _CUES
    if known.is_known(word):
        return Openness.CUED if capitals[place] or (is_cued and place) else Openness.CLOSED
    if not is_ordinary(word) or capitals[place]:
        return Openness.NAME
    is_before_question = place + 1 == len(words) or known.is_asked(words[place + 1])
    return Openness.WORD if is_cued or is_before_question else Openness.CUED


def _drop_parts(tags: Sequence[Tag]) -> list[Tag]:
    """ "Game plan" is no game, "premium video" is one product: a part of a longer phrase does not count."""
    return [tag for tag in tags if not any(_holds(other, tag) for other in tags)]


def _holds(other: Tag, tag: Tag) -> bool:
    return (
        tag.group in _PART_OF.get(other.group, ())
        and other.first <= tag.first
        and tag.last <= other.last
        and other.last - other.first > tag.last - tag.first
    )


def _is_unknown_name(
    known: SalesVocabulary, words: Sequence[str], capitals: Sequence[bool], place: int
) -> bool:
    word = words[place]
    if len(word) < _LEAST_NAME or not word.isascii() or known.is_known(word) or any(map(str.isdigit, word)):
        return False
    if is_ordinary(word):
        return capitals[place] and place > 0 and words[place - 1] in _CUES
    return capitals[place] or not ordinary_vocabulary().sounds_ordinary(word)
