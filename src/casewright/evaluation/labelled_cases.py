"""Labelled cases: how many published fields, and how many whole cases, an answerer gets right.

A case is `{"id", "input", "expected", "accept"?}`. The fields of `expected` count; `accept` lists, per
field, what else is right. An answer that is not 200 has every field wrong. It knows nothing of how an
answer is made.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casewright.domain.errors import MalformedRequest

OK = 200


@dataclass(frozen=True, slots=True)
class LabelledCase:
    """One ticket and what is right about it."""

    case_id: str
    document: Mapping[str, Any]
    expected: Mapping[str, Any]
    accept: Mapping[str, Sequence[Any]]

    @property
    def language(self) -> str:
        """The hint of the ticket; cases are grouped by it."""
        hint = self.document.get("language")
        return hint if isinstance(hint, str) and hint else "not said"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how long."""

    status: int
    body: Mapping[str, Any]
    seconds: float


Ask = Callable[[Mapping[str, Any]], Answer]


@dataclass(slots=True)
class Tally:
    """Right ones of all, for fields and for whole cases."""

    fields_right: int = 0
    fields: int = 0
    cases_right: int = 0
    cases: int = 0

    def add(self, right: int, total: int) -> None:
        """Count one case."""
        self.fields_right += right
        self.fields += total
        self.cases_right += right == total
        self.cases += 1


@dataclass(frozen=True, slots=True)
class Miss:
    """One field that was wrong."""

    case_id: str
    field: str
    expected: Any
    found: Any


@dataclass(slots=True)
class Report:
    """The outcome of one run."""

    total: Tally = field(default_factory=Tally)
    by_field: dict[str, Tally] = field(default_factory=dict)
    by_language: dict[str, Tally] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    misses: list[Miss] = field(default_factory=list)

    def latency_ms(self, percent: int) -> float:
        """The latency that this share of the answers kept under, in milliseconds (nearest rank)."""
        ranked = sorted(self.seconds)
        if not ranked:
            return 0.0
        rank = max(0, -(-len(ranked) * percent // 100) - 1)
        return ranked[rank] * 1000


def load_cases(path: Path) -> list[LabelledCase]:
    """The cases of a JSON file. Raises MalformedRequest with what is wrong and where."""
    try:
        document = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise MalformedRequest(f"{path}: there is no such file.") from None
    except (OSError, ValueError) as error:
        raise MalformedRequest(f"{path}: cannot be read as JSON: {error}") from None
    if not isinstance(document, list) or not document:
        raise MalformedRequest(f"{path}: expected a list of cases with id, input and expected.")
    return [_read_case(path, number, item) for number, item in enumerate(document, start=1)]


def evaluate_cases(cases: Sequence[LabelledCase], ask: Ask) -> Report:
    """Ask for every case, one after the other, and compare."""
    report = Report()
    for case in cases:
        answer = ask(case.document)
        report.statuses[answer.status] += 1
        report.seconds.append(answer.seconds)
        right = 0
        for name, expected in case.expected.items():
            found = answer.body.get(name) if answer.status == OK else None
            is_right = answer.status == OK and name in answer.body and _accepts(case, name, expected, found)
            right += is_right
            report.by_field.setdefault(name, Tally()).add(int(is_right), 1)
            if not is_right:
                report.misses.append(Miss(case.case_id, name, expected, found))
        report.total.add(right, len(case.expected))
        report.by_language.setdefault(case.language, Tally()).add(right, len(case.expected))
    return report


def _accepts(case: LabelledCase, name: str, expected: object, found: object) -> bool:
    return any(
        type(found) is type(right) and found == right for right in (expected, *case.accept.get(name, ()))
    )


def _read_case(path: Path, number: int, item: object) -> LabelledCase:
    place = f"{path}, item {number}"
    if not isinstance(item, dict):
        raise MalformedRequest(f"{place}: a case is an object with id, input and expected.")
    for name in ("input", "expected"):
        if not isinstance(item.get(name), dict) or not item[name]:
            raise MalformedRequest(f"{place}: {name} must be an object that is not empty.")
    accept = item.get("accept") or {}
    if not isinstance(accept, dict) or not all(isinstance(values, list) for values in accept.values()):
        raise MalformedRequest(f"{place}: accept must map field names to lists.")
    return LabelledCase(str(item.get("id", number)), item["input"], item["expected"], accept)
