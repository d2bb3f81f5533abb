"""Text from a model: a prompt from facts, a call through the port, the shield on every field.

Invariants: customer text reaches the model redacted, capped and fenced; nothing of it reaches a decision.
Text that breaks one rule of the shield is dropped whole, whatever the model's adapter has checked before.
No field means: take the template. A model is asked once. An adapter that breaks the port's contract (it
raises, answers with another type, leaves a field out) counts as one that did not answer.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from casewright.domain.decision import Value
from casewright.domain.reply import TEMPLATE_SOURCE
from casewright.ports.text_model import Choice, TextModel, Trace, Written
from casewright.text.redaction import redact
from casewright.text.shield import ShieldContext, check
from casewright.writing.prompts import (
    TextField,
    build_texts_prompt,
    fence_text,
    system_prompts,
    texts_output,
)

MAX_CUSTOMER_CHARS = 1_500
COPIED_WORDS = 8
COPIED_TEXT = "copied_customer_text"
COPIED_PROMPT = "copied_prompt"
MODEL_FAILED = "model_failed"
"""The code of an adapter that broke the port's contract."""
MAJORITY = 0.5
AnswerT = TypeVar("AnswerT")
_WORD = re.compile(r"[^\s.,;:!?।\"'()]+")


def keep_all(text: str) -> str:
    """The fence that cuts nothing."""
    return text


@dataclass(frozen=True, slots=True)
class WritingRequest:
    """What a model may see of a case, and what its text must satisfy."""

    desk: str
    facts: Mapping[str, Value]
    """The whitelist: all that the text may state. Strings are redacted on their way to the model."""
    outcome: Mapping[str, Value]
    """What the policy decided."""
    customer_text: str = field(repr=False)
    fields: Mapping[TextField, ShieldContext]
    """Each text that is asked for, with what the shield lets it say."""
    cut_injection: Callable[[str], str] = keep_all
    """Takes injected instructions out of the redacted text. What the rules read stays whole."""


@dataclass(frozen=True, slots=True)
class ModelText:
    """Shielded fields, or None with the rules that the model's text broke (none: no answer)."""

    fields: Mapping[str, str] | None = None
    source: str = TEMPLATE_SOURCE
    blocked: tuple[str, ...] = ()
    trace: Trace = field(default_factory=Trace)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One of the options, or None; `probability` is the model's, scaled to thousandths."""

    option: str | None = None
    source: str = TEMPLATE_SOURCE
    probability_milli: int = 0


def write_with_model(model: TextModel, request: WritingRequest) -> ModelText:
    """Ask the model once, and keep its text only if every field passes the shield."""
    wanted = tuple(request.fields)
    customer_text = show_to_model(request.customer_text, request.cut_injection)
    prompt = build_texts_prompt(
        desk=request.desk,
        facts=_redacted(request.facts),
        outcome=_redacted(request.outcome),
        customer_text=customer_text,
        fields=wanted,
    )

    def broken_rules(value: object) -> tuple[str, ...]:
        texts = _read_fields(value, wanted)
        return (MODEL_FAILED,) if texts is None else check_fields(texts, request, customer_text)

    written = ask_once(
        lambda: model.write(
            prompt.messages, texts_output(wanted), prompt_version=prompt.version, accept=broken_rules
        )
    )
    if not isinstance(written, Written):
        return ModelText(blocked=(MODEL_FAILED,))
    if written.value is None:
        return ModelText(blocked=written.trace.blocked, trace=written.trace)
    texts = _read_fields(written.value, wanted)
    if texts is None:
        return ModelText(blocked=(MODEL_FAILED,), trace=written.trace)
    blocked = check_fields(texts, request, customer_text)
    if blocked:
        return ModelText(blocked=blocked, trace=written.trace)
    return ModelText(texts, written.source, trace=written.trace)


def propose_choice(
    model: TextModel,
    customer_text: str,
    question: str,
    options: Sequence[str],
    *,
    cut_injection: Callable[[str], str] = keep_all,
) -> Proposal:
    """The option that the model holds to be more likely than not. Whatever else it answers is no proposal."""
    state = show_to_model(customer_text, cut_injection)
    choice = ask_once(lambda: model.choice(state, question, tuple(options)))
    if not isinstance(choice, Choice) or not isinstance(choice.probabilities, Mapping):
        return Proposal()
    shares = choice.probabilities
    if set(shares) - set(options) or not all(isinstance(share, int | float) for share in shares.values()):
        return Proposal()
    likely = [option for option, share in shares.items() if share > MAJORITY]
    if len(likely) != 1:
        return Proposal()
    return Proposal(likely[0], choice.source, round(min(1.0, shares[likely[0]]) * 1000))


def ask_once(call: Callable[[], AnswerT]) -> AnswerT | None:
    """What the adapter answers; None where it raises: the decision stands, and no text is worth a case."""
    with suppress(Exception):
        return call()
    return None


def show_to_model(customer_text: str, cut_injection: Callable[[str], str] = keep_all) -> str:
    """Customer text as a model sees it: redacted, without injected instructions, visible, capped.

    Hidden characters go first, so that none of them keeps a secret from the redaction, and the cap comes
    last, so that it cuts no secret in half.
    """
    visible = fence_text(customer_text, len(customer_text))
    return fence_text(cut_injection(redact(visible).text), MAX_CUSTOMER_CHARS)


def check_fields(texts: Mapping[str, str], request: WritingRequest, customer_text: str) -> tuple[str, ...]:
    """Codes of the rules that any field breaks, each once."""
    broken: dict[str, None] = {}
    source = word_runs(customer_text)
    for wanted, context in request.fields.items():
        text = texts[wanted.name]
        broken.update((violation.rule.value, None) for violation in check(text, context))
        phrases = word_runs(text)
        if not source.isdisjoint(phrases):
            broken[COPIED_TEXT] = None
        if not prompt_runs().isdisjoint(phrases):
            broken[COPIED_PROMPT] = None
    return tuple(broken)


@lru_cache(maxsize=1)
def prompt_runs() -> frozenset[tuple[str, ...]]:
    """The runs of words of every packaged prompt: none of them leaves."""
    return frozenset(phrase for prompt in system_prompts() for phrase in word_runs(prompt))


def word_runs(text: str) -> set[tuple[str, ...]]:
    """Every run of so many words that repeating it is copying."""
    words = _WORD.findall(text.lower())
    return {tuple(words[start : start + COPIED_WORDS]) for start in range(len(words) - COPIED_WORDS + 1)}


def _read_fields(value: object, fields: Sequence[TextField]) -> dict[str, str] | None:
    """The texts by name; None where one is missing or is no text."""
    texts = {wanted.name: getattr(value, wanted.name, None) for wanted in fields}
    return None if any(not isinstance(text, str) for text in texts.values()) else texts  # type: ignore[return-value]


def _redacted(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: redact(value).text if isinstance(value, str) else value for name, value in values.items()}
