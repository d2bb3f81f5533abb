"""The sales desk over its sample clients and its own clauses, without a database: what the suites of answers share."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from casewright.adapters.importers.clients import read_clients
from casewright.answering import AnswerResult, AnswerRoad, LookUps, answer_question
from casewright.bootstrap import load_desk, load_ruleset
from casewright.desk import Question
from casewright.domain.answer import Memory
from casewright.domain.client import Client
from casewright.domain.knowledge import FoundPassage, Passage, Query, Retrieved
from casewright.evaluation.subject import stand_still
from casewright.language.data_files import load_packaged
from casewright.retrieval.terms import read_terms

AS_OF = date(2026, 5, 31)
_LEAST_SHARED = 2


@cache
def sample_clients() -> Mapping[str, Client]:
    """The shipped sample, by id."""
    with resources.as_file(resources.files("casewright.desks.sales").joinpath("cases/clients.csv")) as path:
        clients, problems = read_clients(path, currency="BDT")
    assert problems == ()
    return {client.client_id: client for client in clients}


@cache
def sample_questions() -> tuple[Mapping[str, Any], ...]:
    """The desk's own questions."""
    return tuple(load_packaged("casewright.desks.sales", "cases/questions.yaml"))


@cache
def clauses() -> tuple[FoundPassage, ...]:
    """The desk's clauses as passages."""
    ruleset = load_ruleset("sales", AS_OF)
    return tuple(
        FoundPassage(
            Passage(
                "sales/policy.md", 1, number, "Sales policy", clause.text, 0, len(clause.text), (), None, name
            ),
            900_000,
            900_000,
        )
        for number, (name, clause) in enumerate(ruleset.clauses.items())
    )


def search(query: Query) -> Retrieved:
    """The clauses that share most words with a query."""
    wanted = set(read_terms(query.text))
    scored = [(len(wanted & set(read_terms(found.passage.text))), found) for found in clauses()]
    best = sorted(scored, key=lambda item: -item[0])[: query.limit]
    return Retrieved(tuple(found for shared, found in best if shared >= _LEAST_SHARED), generation=1)


def sales_road(
    *,
    search_with: Callable[[Query], Retrieved] = search,
    clients: Mapping[str, Client] | None = None,
    **parts: Any,
) -> AnswerRoad:
    """A road over the sample; `parts` are a writer, a judge and the like."""
    known = sample_clients() if clients is None else clients
    look_ups = LookUps(
        lambda: tuple((one.client_id, one.name) for one in known.values()), known.get, search_with
    )
    return AnswerRoad(load_desk("sales"), load_ruleset("sales", AS_OF), stand_still, look_ups, **parts)


def ask(text: str, road: AnswerRoad, before: tuple[str, ...] = ()) -> AnswerResult:
    """The answer to a question, after those that were asked before it in one conversation."""
    memory = Memory()
    for earlier in before:
        memory = answer_question(Question(earlier, AS_OF, memory), road).memory
    return answer_question(Question(text, AS_OF, memory), road)
