"""Rewording: a reply of the shop in a model's words, where one is configured and its words pass the review.

The template comes first and is never lost: it is what the decision says, what bounds the model, and what is
sent wherever a draft fails. Sentences that carry a decision stay word for word. Nothing is decided here, and
nothing but the text, its source and its tries differs from the reply without a model.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from casewright.domain.answer import Bounds, Draft, Element, Finding, FindingCode, Offer, Reviewed, Try
from casewright.pipeline import cut_injection
from casewright.ports.text_model import TextModel
from casewright.reflection.checks import check_draft
from casewright.reflection.loop import review
from casewright.reflection.mentions import places, words_of_text
from casewright.runner import Clock, Graph, Run, Stage, Step, Submit
from casewright.text.shield import ShieldContext
from casewright.text.shield import check as check_shield
from casewright.text.violation import ShieldRule
from casewright.writing.answers import AnswerTask, write_answer
from casewright.writing.prompts import REPLIES
from casewright.writing.shop_replies import Words

REWORDING = Graph(
    "rewording",
    (
        Step("template", Stage.COMPUTE),
        Step("write", Stage.WRITE, timeout_s=8.0),
        Step("review", Stage.REVIEW),
    ),
    retry=("review", "write"),
)
"""The words of a reply of the shop; every action is done before it begins."""
MAX_CHARS: Final = 1_200
QUESTION: Final = "question"
_SENTENCE: Final = re.compile(r"\S.*?(?:[.!?।](?=\s|$)|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rewording:
    """Puts replies into a model's words. Safe to share between threads."""

    model: TextModel
    clock: Clock
    deadline_s: float = 8.0
    channels: frozenset[str] = frozenset()
    submit: Submit | None = None
    """Where a model that does not answer is left behind; None: it has a deadline of its own."""
    desk: str = "orders and returns"
    count: Callable[[tuple[Try, ...]], None] | None = None
    """Told of the tries of each reply, for the metrics."""

    def __call__(self, words: Words, said: str, *, is_settled: bool) -> Words:
        """The reply, reworded or as it was. `said` is the customer's message, redacted; `is_settled`: the
        text tells of a decision, so that its sentences stay."""
        run = Run(REWORDING, self.clock)
        template, check, task = run.do("template", lambda: self._prepare(words, said, is_settled=is_settled))

        def write(told: tuple[Finding, ...]) -> Offer:
            return write_answer(self.model, task, told)

        reviewed = review(
            write,
            template,
            check,
            clock=self.clock,
            deadline_s=self.deadline_s,
            take=run.do,
            submit=self.submit,
        )
        left = _apply(words, reviewed)
        if self.count is not None:
            self.count(left.tries)
        return left

    def _prepare(
        self, words: Words, said: str, *, is_settled: bool
    ) -> tuple[Draft, Callable[[Draft], tuple[Finding, ...]], AnswerTask]:
        template = Draft(words.text, "")
        bounds = Bounds(
            facts=words.facts,
            passages=(words.text,),
            required=_required(words, is_settled=is_settled),
            is_ordered=is_settled,
            language=words.language,
            max_chars=MAX_CHARS,
            is_for_staff=False,
            channels=self.channels,
            is_refund_recorded=words.states_refund,
        )
        shield = ShieldContext(
            words.facts, self.channels, words.language, is_refund_recorded=words.states_refund
        )
        asks = "?" in words.text

        def check(draft: Draft) -> tuple[Finding, ...]:
            found = (*check_draft(draft, bounds), *_shielded(draft.message, shield))
            if asks and "?" not in draft.message:
                found = (*found, Finding(FindingCode.ELEMENT_MISSING, QUESTION))
            return found

        task = AnswerTask(
            self.desk,
            said,
            (words.text,),
            bounds,
            template,
            REPLIES,
            check,
            cut_injection,
        )
        return template, check, task


def _shielded(text: str, context: ShieldContext) -> Iterator[Finding]:
    """What the shield says of the text as it stands, as it says it of a template."""
    for violation in check_shield(text, context):
        if violation.rule is ShieldRule.UNSUPPORTED_FACT:
            yield Finding(FindingCode.UNSUPPORTED_NAME)
        else:
            yield Finding(FindingCode.SHIELD, violation.rule.value)


def _required(words: Words, *, is_settled: bool) -> tuple[Element, ...]:
    """The sentences of a decision; else every fact that the template states."""
    if is_settled:
        said: list[str] = [found.group() for found in _SENTENCE.finditer(words.text)]
    else:
        text = words_of_text(words.text)
        said = [fact for fact in sorted(words.facts) if places(text, fact)]
    return tuple(Element(f"text {number}", (text,)) for number, text in enumerate(said, 1))


def _apply(words: Words, reviewed: Reviewed) -> Words:
    """The words that leave. The template was let out before, whatever the review says of it."""
    tries = reviewed.tries[:-1] if reviewed.is_fallback else reviewed.tries
    if reviewed.is_fallback:
        return replace(words, tries=tries)
    return replace(words, text=reviewed.draft.message, source=reviewed.draft.source, tries=tries)
