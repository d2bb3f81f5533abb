"""Problem: one thing wrong with a policy, as a value; all of them are reported at once.

Codes are stable, lower snake. An error stops a ruleset from compiling (or a proof from passing); a warning
does not. A witness is a concrete case that shows the problem. This module reads and prints nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from casewright.domain.decision import Value
from casewright.domain.errors import PolicyError


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and what to do about it."""

    code: str
    file: str
    place: str
    message: str
    remedy: str
    level: Level = Level.ERROR
    line: int = 0
    """1-based line in `file`; 0 where the problem has no line."""
    witness: Mapping[str, Value] = field(default_factory=dict)
    """Facts of a case that shows the problem; empty where none applies."""
    world: str = ""
    """The effective date, and the tenant where there is one, for which the problem was found."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        place = f" ({self.place})" if self.place else ""
        world = f" [{self.world}]" if self.world else ""
        return f"{where}{place}: {self.message}{world} {self.remedy}".rstrip()

    def as_document(self) -> dict[str, object]:
        """The problem as JSON for machines."""
        return {
            "code": self.code,
            "level": self.level.value,
            "file": self.file,
            "line": self.line,
            "place": self.place,
            "message": self.message,
            "remedy": self.remedy,
            "world": self.world,
            "witness": dict(self.witness),
        }


class RulesetError(PolicyError):
    """A ruleset does not compile; `problems` holds every reason."""

    code = "ruleset_rejected"

    def __init__(self, desk: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {problem.code}: {problem}" for problem in self.problems)
        super().__init__(f"The policy of {desk!r} has {len(self.problems)} problem(s):\n{lines}")


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """Only the problems that stop a ruleset."""
    return [problem for problem in problems if problem.level is Level.ERROR]
