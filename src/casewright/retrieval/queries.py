"""Queries: what is searched for, as words with weights and as a text to embed.

A query in Bangla written in Latin letters is read in both scripts. It looks nothing up.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from casewright.domain.case import Language
from casewright.language.detect import detect_language
from casewright.language.tokens import tokenise
from casewright.retrieval.terms import read_terms


@dataclass(frozen=True, slots=True)
class ReadQuery:
    """A query, ready for both kinds of search."""

    weights: Mapping[str, float]
    """How often each term counts."""
    dense_text: str
    is_bangla: bool
    """Some of it is Bangla, in either script."""


def read_query(text: str) -> ReadQuery:
    """Read a query of any length in any of the languages."""
    language = detect_language(tokenise(text.lower())).language
    weights = {term: float(count) for term, count in Counter(read_terms(text)).items()}
    return ReadQuery(weights, text, language is not Language.EN)
