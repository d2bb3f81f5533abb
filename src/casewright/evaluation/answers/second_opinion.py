"""Two judges on the same items: the first decides, the other is asked too, and both are remembered."""

from collections.abc import Callable, Sequence

from casewright.evaluation.answers.judges import Judge


class Witnessed:
    """A judge whose verdicts are remembered beside those of another, item by item."""

    def __init__(self, judge: Judge, other: Judge | None) -> None:
        self._judge = judge
        self._other = other
        self.verdicts: list[bool | None] = []
        self.others: list[bool | None] = []
        self.asked = self.answered = 0
        """How often the first judge was asked for a verdict, and gave one."""

    @property
    def name(self) -> str:
        return self._judge.name

    def is_supported(self, statement: str, sources: Sequence[str]) -> bool | None:
        """See `Judge.is_supported`."""
        return self._both(lambda judge: judge.is_supported(statement, sources))

    def is_useful(self, context: str, question: str, truth: Sequence[str]) -> bool | None:
        """See `Judge.is_useful`."""
        return self._both(lambda judge: judge.is_useful(context, question, truth))

    def questions_back(self, answer: str) -> tuple[str, ...] | None:
        """See `Judge.questions_back`."""
        return self._judge.questions_back(answer)

    def _both(self, ask: Callable[[Judge], bool | None]) -> bool | None:
        verdict = ask(self._judge)
        self.asked += 1
        self.answered += verdict is not None
        if self._other is not None:
            self.verdicts.append(verdict)
            self.others.append(ask(self._other))
        return verdict
