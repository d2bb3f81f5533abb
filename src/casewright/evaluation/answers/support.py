"""Support: whether texts say what a statement says, by rule alone.

A statement is supported when (1) every number and date in it stands in the sources, in any spelling; (2) so
does every name; (3) for each of its clauses a few sentences of one source hold most of the content words, and
leave no phrase out; (4) they do not say the opposite: negations and words of direction agree. It is strict on
what can be checked, and knows nothing of meaning beyond that.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import yaml

from casewright.evaluation.answers.statements import split_statements
from casewright.language.days import read_date
from casewright.language.normalise import normalise
from casewright.language.numbers import read_number
from casewright.language.passage import build_passage
from casewright.language.tokens import tokenise
from casewright.text.vocabulary import vocabulary

Value = tuple[object, ...]
LEAST_COVER: Final = 0.6
FOREIGN_COVER: Final = 0.85
"""Below this, every content word that they lack must be one of the light words."""
USEFUL_COVER: Final = 0.4
_MOST_SENTENCES: Final = 3
_WORD = re.compile(r"[a-z]+|[\u0980-\u09ff\u200c\u200d]+")
_NAME = re.compile(r"(?<![.!?।:]\s)(?<!^)(?<![A-Za-z])[A-Z][A-Za-z]+")
_LATIN = re.compile(r"(?<![A-Za-z0-9-])[a-z]{2,}(?![A-Za-z0-9])")
_APOSTROPHE = re.compile(r"['’]s?\b|['’]")
_CLAUSE_ENDS = re.compile(
    r"(?<!\d)[,:]|[,:](?!\d)|[;()–—]|\b(?:but|however|although|though|while|whereas|unless|until|কিন্তু|তবে)\b"
)
_SUFFIXES = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ments",
    "ment",
    "ies",
    "ied",
    "ers",
    "er",
    "ed",
    "es",
    "s",
    "ly",
)
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class _Words:
    """The closed lists of `data/support_words.yaml`, stemmed where they are compared with stems."""

    stop: frozenset[str]
    negators: frozenset[str]
    bans: frozenset[str]
    opposites: tuple[tuple[frozenset[str], frozenset[str]], ...]
    evasions: tuple[str, ...]
    same: dict[str, str]
    numerals: frozenset[str]
    light: frozenset[str]

    def is_bare(self, word: str) -> bool:
        """A word that carries no content of its own."""
        return word in self.stop or word in self.bans or word in self.negators or word in self.numerals


@lru_cache(maxsize=1)
def _words() -> _Words:
    text = files("casewright.evaluation").joinpath("data", "support_words.yaml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    return _Words(
        frozenset(document["stop"]),
        frozenset(document["negators"]),
        frozenset(document["bans"]),
        tuple((frozenset(left), frozenset(right)) for left, right in document["opposites"]),
        tuple(document["evasions"]),
        {stem(word): stem(group[0]) for group in document["same"] for word in group},
        frozenset(document["numerals"]),
        frozenset(stem(word) for word in document["light"]),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence as it is compared: stems in order, those said with a no, directions, values."""

    stems: tuple[str, ...]
    negated: frozenset[str]
    words: frozenset[str]
    values: frozenset[Value]


def _fold(text: str) -> str:
    """Letters without accents, words without apostrophes: Crème and O'Dell are creme and odell everywhere."""
    plain = text.replace("n't", " not").replace("n’t", " not")
    plain = _APOSTROPHE.sub("", plain)
    parts = unicodedata.normalize("NFD", plain)
    return unicodedata.normalize("NFC", "".join(each for each in parts if not "\u0300" <= each <= "\u036f"))


def stem(word: str) -> str:
    """A word without its English ending; other scripts stay."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            root = word[: -len(suffix)]
            return root[:-1] if len(root) > _SHORTEST_STEM and root[-1] in "eiy" else root
    return word[:-1] if len(word) > _SHORTEST_STEM and word[-1] in "ey" else word


@lru_cache(maxsize=4096)
def read_statement(text: str) -> Reading:
    """One sentence, read once."""
    known = _words()
    lowered = _fold(normalise(text).text).lower()
    stems: list[str] = []
    negated: set[str] = set()
    for clause in _CLAUSE_ENDS.split(lowered):
        found = _WORD.findall(clause)
        is_negated = any(word in known.bans for word in found) != any(
            word in known.negators for word in found
        )
        for word in found:
            if not known.is_bare(word):
                root = stem(word)
                root = known.same.get(root, root)
                stems.append(root)
                if is_negated:
                    negated.add(root)
    return Reading(tuple(stems), frozenset(negated), frozenset(_WORD.findall(lowered)), read_values(text))


@lru_cache(maxsize=4096)
def read_values(text: str) -> frozenset[Value]:
    """The numbers (in ten-thousandths) and dates of a text, whatever their script, scale or grouping."""
    passage = build_passage(tokenise(normalise(text).text))
    values: set[Value] = set()
    index = 0
    while index < passage.count:
        if passage.is_digits(index):
            dated = read_date(passage, index)
            if dated is not None and dated[0] is not None:
                values.add(("date", dated[0].value))
                index = dated[1]
                continue
        number = read_number(passage, index)
        if number is not None and (number.is_digits or number.is_scaled):
            values.add(("number", number.value))
            index = max(number.last, index + 1)
            continue
        if passage.is_digits(index):
            values.add(("unread", passage.word(index)))
        index += 1
    return frozenset(values)


def is_supported_by(statement: str, sources: Sequence[str]) -> bool:
    """Whether the sources say it."""
    read = [[read_statement(each) for each in _sentences(source)] for source in sources]
    every = [each for sentences in read for each in sentences]
    if not read_values(statement) <= frozenset(value for each in every for value in each.values):
        return False
    held = frozenset(word for each in every for word in each.stems)
    if not _names(statement) <= held:
        return False
    clauses = [read_statement(clause) for clause in _CLAUSE_ENDS.split(statement)]
    if not any(clause.stems or clause.values for clause in clauses):
        return False
    return all(any(_says(sentences, clause) for sentences in read) for clause in clauses if clause.stems)


def _says(sentences: Sequence[Reading], clause: Reading) -> bool:
    """Whether a few sentences of one source say the clause."""
    chosen = _choose(clause, sentences)
    content = frozenset(clause.stems)
    covered = frozenset(root for each in chosen for root in each.stems) & content
    if len(covered) < LEAST_COVER * len(content) or _leaves_phrase_out(clause, covered):
        return False
    if len(covered) < FOREIGN_COVER * len(content) and content - covered - _words().light:
        return False
    return not _is_opposite(clause, chosen)


def is_useful_for(context: str, truth: Sequence[str]) -> bool:
    """Whether a retrieved text says a true statement, or a good part of one with a value or name of it."""
    if any(is_supported_by(statement, (context,)) for statement in truth):
        return True
    sentences = [read_statement(each) for each in _sentences(context)]
    held = frozenset(root for each in sentences for root in each.stems)
    values = frozenset(value for each in sentences for value in each.values)
    for statement in truth:
        wanted = read_statement(statement)
        content = frozenset(wanted.stems)
        if content and len(content & held) >= USEFUL_COVER * len(content):
            names = _names(statement)
            if (not wanted.values or wanted.values & values) and (not names or names & held):
                return True
    return False


def cover_question(question: str, answer: str) -> float:
    """Share of the question's content words and values that the answer takes up."""
    asked, said = read_statement(question), read_statement(answer)
    wanted = set(asked.stems) | asked.values
    if not wanted:
        return 1.0
    return len(wanted & (set(said.stems) | said.values)) / len(wanted)


def is_evasive(answer: str) -> bool:
    """Whether the answer says only that it has none."""
    lowered = " ".join(normalise(answer).text.lower().split())
    return (
        any(phrase in lowered for phrase in _words().evasions)
        and len(split_statements(answer)) <= _MOST_SENTENCES
    )


def same_text(context: str, wanted: str) -> bool:
    """Whether a retrieved text is the expected one: its id or title at the start, or most of its words."""
    left, right = " ".join(context.lower().split()), " ".join(wanted.lower().split())
    if not left or not right:
        return False
    if right in left or left in right:
        return True
    ours, theirs = set(read_statement(context).stems), set(read_statement(wanted).stems)
    return bool(theirs) and len(ours & theirs) >= 0.8 * len(theirs)


def _sentences(source: str) -> tuple[str, ...]:
    return split_statements(source) or (source,)


def _names(statement: str) -> frozenset[str]:
    """Capitalised words inside the sentence, and words that no vocabulary knows, as stems."""
    known = _words()
    statement = _fold(statement)
    words = {name.lower() for name in _NAME.findall(statement)}
    words |= {word for word in _LATIN.findall(statement.lower()) if not vocabulary().is_ordinary(word)}
    return frozenset(
        known.same.get(stem(name), stem(name)) for name in words if not known.is_bare(name) and name.isalpha()
    )


def _choose(wanted: Reading, sentences: Iterable[Reading]) -> list[Reading]:
    """The fewest sentences, three at most, that hold most of it; of equals the one with the same values."""
    left = set(wanted.stems)
    pool = list(sentences)
    chosen: list[Reading] = []
    while left and pool and len(chosen) < _MOST_SENTENCES:
        best = max(
            pool,
            key=lambda each: (
                len(left.intersection(each.stems)),
                len(wanted.values & each.values),
                -len(set(each.stems) - set(wanted.stems)),
            ),
        )
        if not left.intersection(best.stems):
            break
        chosen.append(best)
        left.difference_update(best.stems)
        pool.remove(best)
    return chosen


def _leaves_phrase_out(wanted: Reading, covered: frozenset[str]) -> bool:
    """Two content words side by side that nothing covers: something else is being talked about."""
    return any(
        left not in covered and right not in covered
        for left, right in zip(wanted.stems, wanted.stems[1:], strict=False)
    )


def _is_opposite(wanted: Reading, chosen: Sequence[Reading]) -> bool:
    if not chosen:
        return False
    best = chosen[0]
    shared = frozenset(wanted.stems) & frozenset(best.stems)
    agree = sum((root in wanted.negated) == (root in best.negated) for root in shared)
    if agree <= len(shared) / 2 and (wanted.negated or best.negated):
        return True
    words = frozenset(word for each in chosen for word in each.words)
    for left, right in _words().opposites:
        for mine, other in ((left, right), (right, left)):
            if wanted.words & mine and not wanted.words & other and not words & mine and words & other:
                return True
    return False
