"""The judge: a model's opinion of an answer that the checks have let through.

It is advice. A finding of it may cost the answer a try, while there are tries and time; it can neither pass
what a check refused nor keep a sound answer from leaving for good. A judge that fails has no opinion.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from casewright.domain.answer import Draft, Finding, FindingCode
from casewright.ports.text_model import Choice, TextModel

GOOD: Final = "good"
OPINIONS: Final = (GOOD, "off_the_point", "incomplete", "unclear", "unsupported")
QUESTION: Final = (
    "Does the ANSWER answer the QUESTION from the FACTS? good: yes; off_the_point: it answers another"
    " question; incomplete: it leaves out what was asked; unclear: it is hard to follow; unsupported: it says"
    " more than the facts do."
)
LEAST_SURE: Final = 0.5


@dataclass(frozen=True, slots=True)
class ModelJudge:
    """Asks a model about drafts for one question. `show` redacts, cuts and fences what the model reads."""

    model: TextModel
    question: str = field(repr=False)
    statements: Sequence[str]
    """What was found and decided."""
    show: Callable[[str], str]

    def __call__(self, draft: Draft) -> tuple[Finding, ...]:
        """One finding, or none: the opinion that more than half of the probability stands behind."""
        parts = ("ANSWER", draft.message, "QUESTION", self.question, "FACTS", *self.statements)
        said: object = None
        with suppress(Exception):
            said = self.model.choice(self.show("\n".join(parts)), QUESTION, OPINIONS)
        opinion = read_opinion(said)
        return () if opinion is None or opinion == GOOD else (Finding(FindingCode.JUDGE, opinion),)


def read_opinion(said: object) -> str | None:
    """The opinion of an answer; None where there is none, or what came is no answer to the question."""
    if not isinstance(said, Choice) or not isinstance(said.probabilities, Mapping):
        return None
    shares = said.probabilities
    if not set(shares) <= set(OPINIONS) or not all(map(_is_share, shares.values())):
        return None
    likely = [option for option, share in shares.items() if share > LEAST_SURE]
    return likely[0] if len(likely) == 1 else None


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and 0 <= value <= 1
