"""Protocols to the world: what the core asks for, in types that name no library.

Invariant: a text model returns validated text or nothing; it holds no tool, no authority, and no way to
fail a case. Message text never stands in a trace, an attempt or a `repr`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, runtime_checkable

from casewright.domain.case import Language
from casewright.domain.reply import TEMPLATE_SOURCE

if TYPE_CHECKING:
    from pydantic import BaseModel

OutputT = TypeVar("OutputT", bound="BaseModel")
Accept = Callable[[OutputT], tuple[str, ...]]
"""The shield as a text model sees it: a value in, the codes of the broken rules out (none: it may leave)."""

LANGUAGES_KEY = "x-languages"
"""Where an output says in which languages it is asked for: a list in its model's `json_schema_extra`."""


class Role(StrEnum):
    SYSTEM = "system"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a prompt. Its content is redacted before it gets here."""

    role: Role
    content: str = field(repr=False)


class AttemptOutcome(StrEnum):
    """How one call to one provider ended. The `skipped_` ones made no call."""

    ANSWERED = "answered"
    BLOCKED = "blocked"
    """A valid answer that the shield refused: the provider works, the text does not leave."""
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    """No connection, or one that broke before the answer was whole."""
    RATE_LIMITED = "rate_limited"
    REFUSED = "refused"
    """Any other status than 200 below 500: a wrong key, model or request."""
    SERVER_ERROR = "server_error"
    INVALID = "invalid"
    """Not JSON, or not the schema that was asked for."""
    TOO_LONG = "too_long"
    EMPTY = "empty"
    """No text at all, a refusal, or a tool call (which has no meaning here)."""
    SKIPPED_UNFIT = "skipped_unfit"
    """Not a thing that this provider is asked: the local model writes English text, and chooses nothing."""
    SKIPPED_OPEN = "skipped_open"
    SKIPPED_BUSY = "skipped_busy"
    SKIPPED_BUDGET = "skipped_budget"

    @property
    def is_skipped(self) -> bool:
        return self.value.startswith("skipped_")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A row of the ledger of attempts: numbers and codes, never text.

    `cost_micros` counts millionths of the currency in which the provider's prices are set.
    """

    provider: str
    model: str
    outcome: AttemptOutcome
    tokens_in: int = 0
    tokens_out: int = 0
    cost_micros: int = 0
    took_ms: int = 0
    version: str = ""
    """Which model the provider says it used; nothing where it says none."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What was tried for one text, in order."""

    attempts: tuple[Attempt, ...] = ()
    blocked: tuple[str, ...] = ()
    """Shield rules that the text broke."""
    is_reused: bool = False
    """The value came from the cache, or from an identical request under way."""


@dataclass(frozen=True, slots=True)
class Written(Generic[OutputT]):
    """`value` None means: use the template.

    `source` is `template` or `model:<provider>/<model>[@<version>]`.
    """

    value: OutputT | None = None
    source: str = TEMPLATE_SOURCE
    trace: Trace = field(default_factory=Trace)


@dataclass(frozen=True, slots=True)
class Choice:
    """Probabilities per option, summing to one; empty when nobody answered."""

    probabilities: Mapping[str, float] = field(default_factory=dict)
    source: str = TEMPLATE_SOURCE
    trace: Trace = field(default_factory=Trace)


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """One provider of a chain, now. `is_open`: it has failed, and is left alone for a while."""

    provider: str
    model: str
    is_open: bool


def languages_of(output: "type[BaseModel]") -> frozenset[Language]:
    """The languages in which an output is asked for; none where it does not say."""
    extra = output.model_config.get("json_schema_extra")
    said = extra.get(LANGUAGES_KEY) if isinstance(extra, dict) else None
    return frozenset(Language(str(name)) for name in said) if isinstance(said, list) else frozenset()


class TextModel(Protocol):
    """A writer of text fields and a chooser of one enum value. Neither method raises."""

    def write(
        self,
        messages: Sequence[Message],
        output: type[OutputT],
        *,
        prompt_version: str,
        accept: Accept[OutputT] | None = None,
    ) -> Written[OutputT]:
        """Fill `output` from the prompt. A value that `accept` refuses is never returned and never stored."""
        ...

    def choice(self, state: str, question: str, options: Sequence[str]) -> Choice:
        """How likely each option is, given the state (redacted text) and the question."""
        ...


@runtime_checkable
class WatchedTextModel(Protocol):
    """A text model that says what it tries, for ledgers and metrics."""

    def watch(self, observe: Callable[[Attempt], None]) -> None:
        """Let `observe` see every attempt, those that were skipped too. It must not raise, nor take long."""
        ...

    def health(self) -> tuple[ProviderHealth, ...]:
        """Each provider, in the order in which they are asked."""
        ...
