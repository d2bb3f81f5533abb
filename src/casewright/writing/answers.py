"""Answers and reviewed replies from a model: a prompt from what was decided, a call, a draft.

Invariants: the model chooses the words of `message` and `rationale` and nothing else; citations, tools and
relevance are the template's. The question reaches it redacted, without injected instructions, fenced; so do
passages. A text that breaks a rule of the shield is held back here, and only the rule comes out. A model's
failure is no draft, never an error. Whether a draft may leave is the review's to say.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from casewright.domain.answer import Bounds, Draft, Finding, FindingCode, Offer
from casewright.domain.case import Language
from casewright.domain.reply import TEMPLATE_SOURCE
from casewright.ports.text_model import LANGUAGES_KEY, TextModel, Written
from casewright.text.redaction import redact
from casewright.text.violation import ShieldRule
from casewright.writing.model_text import (
    COPIED_PROMPT,
    COPIED_TEXT,
    MODEL_FAILED,
    ask_once,
    keep_all,
    prompt_runs,
    show_to_model,
    word_runs,
)
from casewright.writing.prompts import ANSWERS, LANGUAGE_NAMES, WRITTEN_IN, fence_text, fill_prompt

if TYPE_CHECKING:
    from pydantic import BaseModel

HELD_BACK: Final = frozenset((*ShieldRule, COPIED_TEXT, COPIED_PROMPT, MODEL_FAILED, "check_failed"))
"""Every reason for which a text is held back; whatever else an adapter says is its failure."""
MAX_PASSAGES: Final = 6
MAX_PASSAGE_CHARS: Final = 1_200
MAX_RATIONALE: Final = 600
NOTHING: Final = "(nothing)"
_FAULTS: Final = {
    FindingCode.UNSUPPORTED_NUMBER: "it states a {detail} that the facts do not hold",
    FindingCode.UNSUPPORTED_NAME: "it uses a name or an unusual word that the facts do not hold",
    FindingCode.UNSUPPORTED_PRODUCT: "it names a product that the facts do not hold",
    FindingCode.UNSUPPORTED_CLAIM: "it states a result that the text does not hold",
    FindingCode.FORBIDDEN_PRODUCT: "it names {detail}, which must not be named",
    FindingCode.RESTRICTED_TOPIC: "it touches {detail}, which must not be touched",
    FindingCode.ELEMENT_MISSING: "it leaves out: {detail}",
    FindingCode.ORDER_BROKEN: "what must be said is not in its order",
    FindingCode.JUDGE: "a reader found it {detail}",
}


@dataclass(frozen=True, slots=True)
class AnswerTask:
    """What a model may see of a question, and the template whose words it may replace."""

    desk: str
    question: str = field(repr=False)
    statements: tuple[str, ...]
    """What was found and decided, in plain sentences."""
    bounds: Bounds
    template: Draft
    prompt: str = ANSWERS
    check: Callable[[Draft], tuple[Finding, ...]] = lambda _: ()
    """The review's check: a text that breaks a rule of the shield is kept by no cache, and goes nowhere."""
    cut_injection: Callable[[str], str] = keep_all
    """Takes injected instructions out of the question."""


def write_answer(model: TextModel, task: AnswerTask, feedback: Sequence[Finding] = ()) -> Offer:
    """A draft in the model's words; the rules of the shield that its text broke; None where there is no text.

    `feedback` is what the review held against the draft before.
    """
    question = show_to_model(task.question, task.cut_injection)
    prompt = fill_prompt(
        task.prompt,
        desk=task.desk,
        language=LANGUAGE_NAMES[WRITTEN_IN[task.bounds.language]],
        most=str(task.bounds.max_chars),
        facts=_lines(redact(statement).text for statement in task.statements),
        required=_lines(element.any_of[0] for element in task.bounds.required if element.any_of),
        forbidden=_lines(_never_named(task.bounds)),
        findings=_lines(_describe(finding, task.bounds) for finding in feedback),
        passages=_fenced(task) if task.prompt == ANSWERS else NOTHING,
        question=question,
    )

    def broken_rules(value: object) -> tuple[str, ...]:
        draft = _read(value, task.template, TEMPLATE_SOURCE)
        return (MODEL_FAILED,) if draft is None else _held_against(draft, question, task)

    output = answer_output(
        task.bounds.max_chars, WRITTEN_IN[task.bounds.language], has_rationale=task.prompt == ANSWERS
    )
    written = ask_once(
        lambda: model.write(prompt.messages, output, prompt_version=prompt.version, accept=broken_rules)
    )
    if not isinstance(written, Written):
        return None
    if written.value is None:
        return _as_findings(written.trace.blocked) or None
    draft = _read(written.value, task.template, written.source)
    if draft is None:
        return None
    return _as_findings(_held_against(draft, question, task)) or draft


@lru_cache(maxsize=16)
def answer_output(max_chars: int, language: Language, *, has_rationale: bool = True) -> "type[BaseModel]":
    """The model that an answer must match: its texts, non-empty, capped, and nothing else."""
    from pydantic import ConfigDict, Field, create_model  # only a configured text model needs it

    strict = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        str_strip_whitespace=True,
        json_schema_extra={LANGUAGES_KEY: [language.value]},
    )
    texts = {"message": (str, Field(min_length=1, max_length=max_chars, description="the answer"))}
    if has_rationale:
        why = Field(min_length=1, max_length=MAX_RATIONALE, description="what it rests on")
        texts["rationale"] = (str, why)
    return create_model("Answer", __config__=strict, **texts)  # type: ignore[call-overload,no-any-return]


def _read(value: object, template: Draft, source: str) -> Draft | None:
    """The template with the model's texts; None where one is missing or is no text."""
    message = getattr(value, "message", None)
    rationale = getattr(value, "rationale", None) if template.rationale else ""
    if not isinstance(message, str) or not isinstance(rationale, str) or not isinstance(source, str):
        return None
    return replace(template, message=message.strip(), rationale=rationale.strip(), source=source)


def _held_against(draft: Draft, question: str, task: AnswerTask) -> tuple[str, ...]:
    """Codes of the rules that no text may break, whatever else is wrong with it."""
    broken = {
        finding.detail or finding.code.value: None
        for finding in task.check(draft)
        if finding.code is FindingCode.SHIELD
    }
    source, permitted = word_runs(question), set().union(*map(word_runs, _may_be_repeated(task)))
    for text in (draft.message, draft.rationale):
        runs = word_runs(text) - permitted
        if not source.isdisjoint(runs):
            broken[COPIED_TEXT] = None
        if not prompt_runs().isdisjoint(runs):
            broken[COPIED_PROMPT] = None
    return tuple(broken)


def _may_be_repeated(task: AnswerTask) -> tuple[str, ...]:
    """What stands in the facts may stand in the question too."""
    return (*task.statements, *task.bounds.passages, task.template.message, task.template.rationale)


def _as_findings(rules: Iterable[object]) -> tuple[Finding, ...]:
    """Findings of the shield; a rule that an adapter has invented is its failure."""
    known = (rule if isinstance(rule, str) and rule in HELD_BACK else MODEL_FAILED for rule in rules)
    return tuple(Finding(FindingCode.SHIELD, rule) for rule in dict.fromkeys(known))


def _never_named(bounds: Bounds) -> Iterator[str]:
    """Forbidden products and restricted topics, by the first of their spellings."""
    for product in sorted(bounds.forbidden_products):
        yield next(iter(bounds.products.get(product, ())), product)
    for topic, phrases in sorted(bounds.restricted.items()):
        yield next(iter(phrases), topic)


def _describe(finding: Finding, bounds: Bounds) -> str:
    """A fault in words; an element by what must be said, a product by how it is written."""
    detail = finding.detail
    if finding.code is FindingCode.ELEMENT_MISSING:
        spellings = (element.any_of for element in bounds.required if element.name == detail)
        detail = next((said[0] for said in spellings if said), detail)
    elif finding.code is FindingCode.FORBIDDEN_PRODUCT:
        detail = next(iter(bounds.products.get(detail, ())), detail)
    return _FAULTS.get(finding.code, finding.code.value).format(detail=detail.replace("_", " "))


def _lines(values: Iterable[str]) -> str:
    """Values as a list; each on a line of its own, and none with a fence in it."""
    return (
        "\n".join(f"- {fence_text(' '.join(value.split()), MAX_PASSAGE_CHARS)}" for value in values)
        or NOTHING
    )


def _fenced(task: AnswerTask) -> str:
    """Passages as data: redacted, visible, capped, without fences and without instructions to the system."""
    shown = (show_to_model(text, task.cut_injection) for text in task.bounds.passages[:MAX_PASSAGES])
    return "\n\n".join(shown) or NOTHING
