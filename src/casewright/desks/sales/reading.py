"""Reading: what a question holds, as codes, ids and figures; no word of it goes further.

Sentences addressed to the system are left out of the reading; they are nothing that a question could be
about. Names are found first, so that "Delta Electronics" is a client and no industry.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from casewright.desks.sales.facts import Product
from casewright.desks.sales.figures import Figures, read_figures
from casewright.desks.sales.name_units import Openness, Written, name_words
from casewright.desks.sales.names import ClientMatch, Name, find_clients
from casewright.desks.sales.periods import is_period
from casewright.desks.sales.sectors import find_sector
from casewright.desks.sales.vocabulary import SalesVocabulary, Tag, is_ordinary, load_vocabulary, split_words
from casewright.intake.annotation import Annotation, annotate
from casewright.language.normalise import Normalised, normalise
from casewright.language.tokens import tokenise
from casewright.text.sensitive.findings import TOKEN_FORM
from casewright.text.vocabulary import vocabulary as ordinary_vocabulary

_SENTENCE_ENDS = frozenset(".!?\n:;।")
_NAMELESS = "\x00"
_SHOUTED = 0.6
"""Where more than this share of the small words is written large, a capital says nothing."""
_LEAST_NAME = 3
_NAMED = (["client"], ["customer"], ["account"], ["company"], ["called"], ["named"])
"""Words after which any word is a name."""
_NO_HEADS = frozenset({"rule", "playbook", "overview", "offers", "frame"})
_BANGLA_CASES = frozenset({"এর", "কে", "র", "জন্য", "সম্পর্কে"})
_LINKS = frozenset({"and", "or", "vs", "versus", "with", "plus", "ar", "ও", "এবং", "আর"})
_LONGEST_LINK = 4
_MOST_MENDED = 24
_PART_OF = {
    "products": ("off_topic", "topics"),
    "intents": ("off_topic",),
    "business": ("off_topic",),
    "topics": ("industries", "off_topic", "pricing"),
    "matters": ("business", "intents", "off_topic"),
    "manner": ("business", "matters", "off_topic", "ellipsis"),
    "chat": ("intents", "off_topic"),
}
"""Groups whose words count for nothing inside a longer phrase of the group."""
_DISTINCT = frozenset({("industries", "fmcg"), ("matters", "matters"), ("intents", "playbook")})
"""Concepts that belong to this desk in one word."""
_VAGUE = frozenset({"how_long", "unknown", "avoid", "subject", "boundary"})
"""Topics that are about anything."""
_TOGETHER = (
    ({"topics:subject", "topics:avoid"}, "topics:restricted_list"),
    ({"topics:subject", "manner:forbidden"}, "topics:restricted_list"),
    ({"topics:unknown", "intents:spend"}, "topics:unknown_spend"),
    ({"topics:unknown", "intents:industry"}, "topics:unknown_industry"),
    ({"topics:unknown", "intents:meeting"}, "topics:unknown_meeting"),
    ({"intents:rule", "intents:industry"}, "topics:every_industry"),
    ({"manner:win", "topics:spend_rule"}, "topics:precedence"),
    ({"manner:win", "intents:spend", "intents:industry"}, "topics:precedence"),
)
"""Concepts that are another one where they stand together."""
_FEW_WORDS = 6
_OURS = frozenset(
    {"intents:offers", "intents:playbook", "business:business", "topics:premium", "topics:spend_rule"}
) | {f"products:{product}" for product in Product}
"""Concepts of this desk's world, beside which whom something is for may be an industry."""
_TOLD = re.compile(
    r"(?:(?:my|our|his|her|their|the) )?"
    r"(?:(?:e-?mail|mail|phone|mobile|cell|telephone|whatsapp|card|address|number|call|reach|write|contact) "
    r"?(?:(?:number|address|me|us|is|at|on|to|no|:)[ :]{0,2})*)?(?:" + TOKEN_FORM.pattern + ")"
)
"""A token of redaction, and what announces it: "my mail is [email]"."""
_SELLING = frozenset({"pitch", "pitching", "pitched", "sell", "selling", "upsell"})


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
    names_another: bool
    """Beside a client stands a name that no client has."""
    is_brief: bool
    is_distinct: bool
    """A phrase is there that belongs to this desk alone."""
    is_known: bool
    """Every word is one that this desk knows."""
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
    known = load_vocabulary()
    plain = _without_tokens(_without_orders(known, normalised))
    pieces = split_words(plain)
    words = [word for word, _, _ in pieces]
    capitals = _capitals(known, normalised, plain, pieces)
    said = {place for tag in known.tag(words) for place in range(tag.first, tag.last)}
    openness = _close_late([_openness(known, words, capitals, place, said) for place in range(len(words))])
    clients = tuple(
        one
        for one in find_clients(_written(known, plain, pieces, openness, capitals), names)
        if (one.is_by_id and words[one.first].isdigit())
        or not is_period(" ".join(words[one.first : one.last]))
    )
    named = {place for one in clients for place in range(one.first, one.last)}
    rest = [_NAMELESS if place in named else known.mend(word) for place, word in enumerate(words)]
    tags = _drop_parts(known.tag(rest))
    taken = named | {place for tag in tags for place in range(tag.first, tag.last)}
    concepts = frozenset(f"{tag.group}:{tag.concept}" for tag in tags)
    figures = read_figures(_blank(plain, [pieces[place][1:] for place in named]))
    sector: frozenset[int] = frozenset()
    if not clients and not any(tag.group in ("industries", "off_topic") for tag in tags):
        is_ours = bool(figures.spends) or not _OURS.isdisjoint(concepts) or not _SELLING.isdisjoint(rest)
        sector = find_sector(known, rest, capitals, taken, is_ours=is_ours)
    concepts |= {"industries:other"} if sector else set()
    heads = {tag.first for tag in tags if tag.group == "intents" and tag.concept not in _NO_HEADS}
    unknown = [
        place
        for place in range(len(words))
        if place not in taken | sector and _is_unknown_name(known, words, rest, capitals, place, heads)
    ]
    concepts |= {whole for parts, whole in _TOGETHER if parts <= concepts}
    return Reading(
        concepts=concepts,
        clients=clients,
        figures=figures,
        has_unknown_name=bool(unknown) and not clients,
        has_capital_name=any(capitals[place] for place in unknown) and not clients,
        names_another=any(_is_listed(words, place, named) for place in unknown if capitals[place]),
        is_brief=len(words) <= _FEW_WORDS,
        is_distinct=any(_is_distinct(tag) for tag in tags),
        is_known=bool(tags)
        and all(
            word == _NAMELESS or place in sector or known.is_known(word) for place, word in enumerate(rest)
        ),
        plain=" ".join(word for word in rest if word != _NAMELESS),
    )


def _written(
    known: SalesVocabulary,
    plain: str,
    pieces: Sequence[tuple[str, int, int]],
    openness: Sequence[Openness],
    capitals: Sequence[bool],
) -> Written:
    ends = [0, *(end for _, _, end in pieces)]
    return Written(
        words=tuple(word for word, _, _ in pieces),
        open_at=tuple(openness),
        raws=tuple(plain[start:end] for _, start, end in pieces),
        gaps=tuple(plain[end:start] for end, (_, start, _) in zip(ends, pieces, strict=False)),
        capitals=tuple(capitals),
        known=tuple(known.is_known(known.mend(word)) for word, _, _ in pieces),
    )


def _without_orders(known: SalesVocabulary, normalised: Normalised) -> str:
    """The text with the sentences that speak to the system blanked. A rule of business may sound like one."""
    text = normalised.text
    for span in annotate(normalised, tokenise(text)).spans:
        words = {word for word, _, _ in split_words(text[span.start : span.end])}
        if span.kind is Annotation.INJECTION and words & known.addressed:
            text = _blank(text, [(span.start, span.end)])
    return text


def _without_tokens(text: str) -> str:
    """The text without what redaction left in place of a value, and without the words that announce it."""
    if "[" not in text:
        return text
    return _TOLD.sub(lambda told: " " * len(told[0]), text)


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _capitals(
    known: SalesVocabulary, normalised: Normalised, plain: str, pieces: Sequence[tuple[str, int, int]]
) -> list[bool]:
    """Which words are written with a capital that says something: not at the start, not in a shout."""
    offsets, original = normalised.offsets, normalised.original
    found, plainly = [], []
    for word, start, _ in pieces:
        before = plain[:start].rstrip(" \"'“(*_")
        is_inside = bool(before) and before[-1] not in _SENTENCE_ENDS
        is_upper = original[offsets[start]].isupper()
        found.append(is_upper and is_inside)
        if is_inside and word != "i" and word in known.stop:
            plainly.append(is_upper)
    is_shouted = sum(plainly) > _SHOUTED * len(plainly) if plainly else original.isupper()
    return [False] * len(found) if is_shouted else found


def _openness(
    known: SalesVocabulary, words: Sequence[str], capitals: Sequence[bool], place: int, said: Set[int]
) -> Openness:
    """`said`: the places of whole phrases; a word that is only a part of one may be a name's."""
    word = words[place]
    is_cued = place > 0 and words[place - 1] in known.cues
    if place in said or (known.is_known(word) and (word in known.stop or word in known.choices)):
        return Openness.TERM if capitals[place] or words[place - 1 : place] in _NAMED else Openness.CLOSED
    if not is_ordinary(word) or capitals[place]:
        return Openness.NAME
    is_last = place + 1 == len(words)
    is_before_question = is_last or known.is_asked(words[place + 1], or_advised=place == 0)
    return Openness.WORD if is_cued or is_before_question else Openness.CUED


def _close_late(openness: list[Openness]) -> list[Openness]:
    """Only so many words are looked for in part and misspelt, so that a long text costs no more."""
    places = [place for place, one in enumerate(openness) if one is Openness.NAME][_MOST_MENDED:]
    for place in places:
        openness[place] = Openness.WORD
    return openness


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


def _is_distinct(tag: Tag) -> bool:
    if tag.group in ("products", "topics") and tag.concept not in _VAGUE:
        return tag.last - tag.first > 1
    return (tag.group, tag.concept) in _DISTINCT


def _is_listed(words: Sequence[str], place: int, named: Set[int]) -> bool:
    """Whether a word is one of a list in which a client stands: "Elm and Oak Foods"."""
    around = range(max(0, place - _LONGEST_LINK), min(len(words), place + _LONGEST_LINK + 1))
    links = [at for at in around if words[at] in _LINKS and (at - 1 in named or at + 1 in named)]
    return any(abs(at - place) < _LONGEST_LINK for at in links)


def _is_unknown_name(
    known: SalesVocabulary,
    written: Sequence[str],
    words: Sequence[str],
    capitals: Sequence[bool],
    place: int,
    heads: Set[int],
) -> bool:
    """Whether a word stands where a name does and is none that is known; `heads` are what is asked of one."""
    word = words[place]
    if len(word) < _LEAST_NAME or known.is_known(word) or any(map(str.isdigit, word)):
        return False
    after = place + 1
    while after < len(words) and words[after] in name_words("trade") | name_words("legal"):
        after += 1
    if not word.isascii():
        ends = after < len(words) and words[after] in _BANGLA_CASES
        return not is_ordinary(word) and (ends or after in heads)
    is_cued = place > 0 and written[place - 1] in known.cues
    is_before_question = after in heads or (place + 1 < len(words) and known.is_asked(words[place + 1]))
    if is_ordinary(word):
        return capitals[place] and (is_cued or is_before_question)
    if capitals[place]:
        return True
    return (is_cued or is_before_question) and not ordinary_vocabulary().sounds_ordinary(word)
