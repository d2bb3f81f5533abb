"""Judges: who says whether a statement follows from texts. The rule judge is the gate; a model's is a second
opinion.

Invariants: the rule judge is deterministic and needs nothing from outside; a judge that fails says None, and
its failures are counted, never skipped; a cached verdict replays exactly.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from casewright.domain.errors import ConfigurationError
from casewright.evaluation.answers.support import is_evasive, is_supported_by, is_useful_for


class Judge(Protocol):
    """Verdicts about texts. None: this judge could not say."""

    @property
    def name(self) -> str:
        """Its identity, of which a cached verdict is."""
        ...

    def is_supported(self, statement: str, sources: Sequence[str]) -> bool | None:
        """Whether the sources say what the statement says."""
        ...

    def is_useful(self, context: str, question: str, truth: Sequence[str]) -> bool | None:
        """Whether a retrieved text helps to answer the question as the true statements do."""
        ...

    def questions_back(self, answer: str) -> tuple[str, ...] | None:
        """Questions that the answer would answer; empty: it evades, or this judge asks none."""
        ...


class RuleJudge:
    """Numbers, names and negations must agree, and most content words must be there."""

    name = "rules.v1"

    def is_supported(self, statement: str, sources: Sequence[str]) -> bool | None:
        return is_supported_by(statement, sources)

    def is_useful(self, context: str, question: str, truth: Sequence[str]) -> bool | None:
        return is_useful_for(context, truth)

    def questions_back(self, answer: str) -> tuple[str, ...] | None:
        """None: it writes no questions. The deterministic relevancy stands under its own name."""
        return () if is_evasive(answer) else None


@dataclass(slots=True)
class VerdictCache:
    """Verdicts of one judge in a file of JSON lines, so that an evaluation replays without its model."""

    judge: Judge
    path: Path | None = None
    hits: int = 0
    misses: int = 0
    _held: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.path is None or not self.path.exists():
            return
        try:
            for line in self.path.read_text(encoding="utf-8").splitlines():
                with suppress(ValueError, KeyError, TypeError):  # a torn last line is judged anew
                    document = json.loads(line)
                    self._held[document["key"]] = document["verdict"]
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{self.path} cannot be read as verdicts: {error}") from error

    @property
    def name(self) -> str:
        return self.judge.name

    def is_supported(self, statement: str, sources: Sequence[str]) -> bool | None:
        verdict = self._ask("supported", statement, list(sources))
        return verdict if isinstance(verdict, bool) else None

    def is_useful(self, context: str, question: str, truth: Sequence[str]) -> bool | None:
        verdict = self._ask("useful", context, question, list(truth))
        return verdict if isinstance(verdict, bool) else None

    def questions_back(self, answer: str) -> tuple[str, ...] | None:
        verdict = self._ask("questions", answer)
        return None if verdict is None else tuple(verdict)

    def _ask(self, kind: str, *about: Any) -> Any:
        """The held verdict, or the judge's, which is then held unless it is a failure."""
        document = json.dumps([self.judge.name, kind, *about], ensure_ascii=False)
        key = hashlib.sha256(document.encode("utf-8", "surrogatepass")).hexdigest()
        if key in self._held:
            self.hits += 1
            return self._held[key]
        self.misses += 1
        methods = {
            "supported": self.judge.is_supported,
            "useful": self.judge.is_useful,
            "questions": self.judge.questions_back,
        }
        verdict = methods[kind](*about)  # type: ignore[operator]
        if verdict is not None:
            self._held[key] = list(verdict) if isinstance(verdict, tuple) else verdict
            self._keep(key)
        return verdict

    def _keep(self, key: str) -> None:
        if self.path is None:
            return
        line = json.dumps({"key": key, "verdict": self._held[key]}, ensure_ascii=False)
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError as error:
            raise ConfigurationError(f"{self.path} cannot be written: {error.strerror}") from error
