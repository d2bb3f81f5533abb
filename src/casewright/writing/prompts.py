"""Prompts: versioned files, filled in with what a case may show to a model.

Invariants: nothing secret stands in a prompt file; what a customer wrote stands between fences that it
cannot close; filling in happens once, so that a `$name` in customer text stays what it is.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Literal

from casewright.domain.case import Language
from casewright.ports.text_model import LANGUAGES_KEY, Message, Role

if TYPE_CHECKING:
    from pydantic import BaseModel

TEXTS = "texts.v1"
CHOICE = "choice.v1"
ANSWERS = "answers.v1"
REPLIES = "replies.v1"
CUT_MARK = "[…]"
WRITTEN_IN = {Language.EN: Language.EN, Language.BN: Language.BN, Language.MIXED: Language.EN}
LANGUAGE_NAMES = {Language.EN: "English", Language.BN: "Bangla script"}
_FENCE = re.compile(r"<{2,}|>{2,}")
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff\ud800-\udfff]"
)
_BLANK_LINES = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Prompt:
    """Messages, and the version of the file that made them."""

    version: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class TextField:
    """A text that a model is asked for: its name in the answer, and what it is for."""

    name: str
    purpose: str
    max_chars: int
    language: Language = Language.EN


def fence_text(text: str, max_chars: int) -> str:
    """Customer text as it may stand between the fences: nothing hidden, no fence of its own, capped.

    ZWJ and ZWNJ stay: Bangla needs them.
    """
    visible = _BLANK_LINES.sub("\n", _HIDDEN.sub("", text.replace("\r", "\n"))).strip()
    unfenced = _FENCE.sub(" ", visible)
    return unfenced if len(unfenced) <= max_chars else unfenced[:max_chars].rstrip() + CUT_MARK


def build_texts_prompt(
    *,
    desk: str,
    facts: Mapping[str, object],
    outcome: Mapping[str, object],
    customer_text: str,
    fields: Sequence[TextField],
) -> Prompt:
    """The prompt for a desk's text fields. `customer_text` has been through `fence_text`."""
    described = "\n".join(
        f"- {field.name} (in {LANGUAGE_NAMES[WRITTEN_IN[field.language]]}, at most {field.max_chars} "
        f"characters): {field.purpose}"
        for field in fields
    )
    return fill_prompt(
        TEXTS,
        desk=desk,
        fields=described,
        facts=_json(facts),
        outcome=_json(outcome),
        customer_text=customer_text,
    )


def build_choice_prompt(state: str, question: str, options: Sequence[str]) -> Prompt:
    """The prompt for one enum value. `state` has been through `fence_text`."""
    return fill_prompt(
        CHOICE, question=question, options="\n".join(f"- {option}" for option in options), state=state
    )


@lru_cache(maxsize=64)
def texts_output(fields: tuple[TextField, ...]) -> "type[BaseModel]":
    """The model that a text model's answer must match: these fields, non-empty, capped, and nothing else."""
    from pydantic import ConfigDict, Field, create_model  # only a configured text model needs it

    definitions = {
        field.name: (str, Field(min_length=1, max_length=field.max_chars, description=field.purpose))
        for field in fields
    }
    languages = sorted({WRITTEN_IN[field.language].value for field in fields})
    strict = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        str_strip_whitespace=True,
        json_schema_extra={LANGUAGES_KEY: list(languages)},
    )
    return create_model("Texts", __config__=strict, **definitions)  # type: ignore[call-overload,no-any-return]


@lru_cache(maxsize=64)
def choice_output(options: tuple[str, ...]) -> "type[BaseModel]":
    """The model of an enum answer: one field, `answer`, one of the options."""
    from pydantic import ConfigDict, create_model

    answer = Literal[options]  # type: ignore[valid-type]
    return create_model(
        "Chosen", __config__=ConfigDict(extra="forbid", strict=True, frozen=True), answer=answer
    )


@lru_cache(maxsize=1)
def system_prompts() -> tuple[str, ...]:
    """What the packaged prompts tell a model about its work, before anything is filled in: for no reader."""
    return tuple(_load(version)[0] for version in (TEXTS, CHOICE, ANSWERS, REPLIES))


def fill_prompt(version: str, **values: str) -> Prompt:
    """A packaged prompt with its places filled in, once: a `$name` in a value stays what it is."""
    system, user = _load(version)
    turns = (
        Message(Role.SYSTEM, Template(system).substitute(values)),
        Message(Role.USER, Template(user).substitute(values)),
    )
    return Prompt(version, turns)


@lru_cache(maxsize=16)
def _load(version: str) -> tuple[str, str]:
    text = files("casewright.writing").joinpath("prompts", f"{version}.md").read_text(encoding="utf-8")
    _, _, rest = text.partition("## system\n")
    system, _, user = rest.partition("## user\n")
    return system.strip(), user.strip()


def _json(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True)
