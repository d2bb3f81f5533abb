"""A labelled set of documents and questions, from two JSON files.

Documents: a list of `id`, `title`, `content`. Questions: a list of `id`, `question` or `scenario`, and
`required_documents`, ids of documents. Other fields are not read. All problems are reported at once.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from casewright.domain.errors import ConfigurationError

_SHOWN = 10
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SetDocument:
    """A document of a set."""

    id: str
    title: str
    content: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SetQuestion:
    """A question and the documents that answer it."""

    id: str
    text: str = field(repr=False)
    required: frozenset[str]


def load_documents(file: Path) -> tuple[SetDocument, ...]:
    """The documents of a file. Raises ConfigurationError with what is wrong and where."""
    documents = _load_list(file, _read_document)
    _require_distinct(file, [document.id for document in documents])
    return documents


def load_questions(file: Path, documents: tuple[SetDocument, ...]) -> tuple[SetQuestion, ...]:
    """The questions of a file. Raises ConfigurationError where one needs a document that is not there."""
    questions = _load_list(file, _read_question)
    known = {document.id for document in documents}
    lacking = [
        f"{question.id}: there is no document {name!r}"
        for question in questions
        for name in sorted(question.required - known)
    ]
    if lacking:
        raise ConfigurationError(f"{file}: {'; '.join(lacking[:_SHOWN])}")
    return questions


def _load_list(file: Path, read: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
    try:
        rows = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{file} is no JSON: {error}") from error
    if not isinstance(rows, list) or not rows:
        raise ConfigurationError(f"{file} holds no list with entries")
    found, problems = [], []
    for place, row in enumerate(rows):
        try:
            if not isinstance(row, dict):
                raise TypeError("it is no object")
            found.append(read(row))
        except (KeyError, TypeError, ValueError) as error:
            reason = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
            problems.append(f"entry {place}: {reason}")
    if problems:
        raise ConfigurationError(f"{file}: {'; '.join(problems[:_SHOWN])}")
    return tuple(found)


def _read_document(row: dict[str, Any]) -> SetDocument:
    return SetDocument(str(row["id"]), str(row.get("title") or ""), _text(row["content"], "content"))


def _read_question(row: dict[str, Any]) -> SetQuestion:
    name = "scenario" if row.get("scenario") else "question"
    required = row["required_documents"]
    if not isinstance(required, list) or not required:
        raise TypeError("required_documents is no list with ids")
    return SetQuestion(str(row["id"]), _text(row[name], name), frozenset(map(str, required)))


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError(f"{name} is no text")
    return value


def _require_distinct(file: Path, ids: list[str]) -> None:
    twice = sorted({name for name in ids if ids.count(name) > 1}) if len(set(ids)) < len(ids) else []
    if twice:
        raise ConfigurationError(f"{file}: more than one document has the id {', '.join(twice[:_SHOWN])}")
