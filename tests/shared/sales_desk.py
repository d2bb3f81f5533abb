"""The sales desk over the clients of its cases and the sample playbook, searched by words, with no model."""

import csv
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from casewright.answering import AnswerResult, AnswerRoad, LookUps, answer_question
from casewright.bootstrap import load_desk, load_ruleset
from casewright.desk import Question
from casewright.domain.answer import Memory
from casewright.domain.client import Client
from casewright.domain.knowledge import Query, Retrieved
from casewright.domain.money import Money
from casewright.policy.ruleset import Ruleset

AS_OF = date(2026, 5, 31)
SALES = Path(__file__).parents[2] / "src" / "casewright" / "desks" / "sales"
Search = Callable[[Query], Retrieved]


def read_cases(name: str) -> list[dict[str, Any]]:
    """Cases of the desk by the name of their file."""
    return yaml.safe_load((SALES / "cases" / f"{name}.yaml").read_text("utf-8"))


@cache
def case_clients() -> Mapping[str, Client]:
    """The clients of cases/clients.csv by id."""
    text = (SALES / "cases" / "clients.csv").read_text("utf-8")
    return {row["client_id"]: _client(row) for row in csv.DictReader(text.splitlines())}


def _client(row: Mapping[str, str]) -> Client:
    spend, met = row["spend_ytd"], row["last_meeting"]
    return Client(
        row["client_id"],
        row["name"],
        row["industry"] or None,
        Money(int(spend) * 100, row["currency"]) if spend else None,
        date.fromisoformat(met) if met else None,
        row["account_manager"] or None,
    )


def nothing_found(_: Query) -> Retrieved:
    return Retrieved()


def sales_ruleset(as_of: date = AS_OF) -> Ruleset:
    return load_ruleset("sales", as_of)


def build_road(
    clients: Mapping[str, Client] | None = None,
    search: Search = nothing_found,
    ruleset: Ruleset | None = None,
    **more: Any,
) -> AnswerRoad:
    known = case_clients() if clients is None else clients
    names = tuple((client.client_id, client.name) for client in known.values())
    look_ups = LookUps(lambda: names, known.get, search)
    return AnswerRoad(load_desk("sales"), ruleset or sales_ruleset(), time.perf_counter, look_ups, **more)


def ask(text: str, road: AnswerRoad, memory: Memory | None = None, as_of: date = AS_OF) -> AnswerResult:
    return answer_question(Question(text, as_of, memory or Memory()), road)


def converse(before: Sequence[str], text: str, road: AnswerRoad) -> AnswerResult:
    """The answer to the last of several questions of one conversation."""
    memory = Memory()
    for one in before:
        memory = ask(one, road, memory).memory
    return ask(text, road, memory)
