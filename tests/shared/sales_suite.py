"""The sales desk as the safety suites ask it: its own questions, over its own clauses as passages."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from sales_desk import build_road, converse, read_cases, sales_ruleset

from casewright.answering import AnswerResult, AnswerRoad
from casewright.domain.knowledge import FoundPassage, Passage, Query, Retrieved
from casewright.evaluation.subject import stand_still
from casewright.retrieval.terms import read_terms

_LEAST_SHARED = 2
Asked = tuple[str, tuple[str, ...]]
"""A question, and those that were asked before it."""


@cache
def questions() -> tuple[Asked, ...]:
    """The desk's own questions."""
    return tuple((one["q"], tuple(one.get("after", ()))) for one in read_cases("questions"))


@cache
def clauses() -> tuple[FoundPassage, ...]:
    """The desk's clauses as passages."""
    return tuple(
        FoundPassage(
            Passage(
                "sales/policy.md", 1, number, "Sales policy", clause.text, 0, len(clause.text), (), None, name
            ),
            900_000,
            900_000,
        )
        for number, (name, clause) in enumerate(sales_ruleset().clauses.items())
    )


def search(query: Query) -> Retrieved:
    """The clauses that share most words with a query."""
    wanted = set(read_terms(query.text))
    scored = [(len(wanted & set(read_terms(found.passage.text))), found) for found in clauses()]
    best = sorted(scored, key=lambda item: -item[0])[: query.limit]
    return Retrieved(tuple(found for shared, found in best if shared >= _LEAST_SHARED), generation=1)


def sales_road(search_with: Callable[[Query], Retrieved] = search, **parts: Any) -> AnswerRoad:
    """A road whose clock stands still; `parts` are a writer, a judge and the like."""
    return replace(build_road(search=search_with, **parts), clock=stand_still)


def ask(asked: Asked, road: AnswerRoad) -> AnswerResult:
    """The answer to a question, after those before it."""
    return converse(asked[1], asked[0], road)
