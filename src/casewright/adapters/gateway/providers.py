"""Providers: what a text model's server is called, where it is, how it is asked, and what it may cost.

No key, no provider: a hosted preset without its key is left out of the chain. A key is held in a `Secret`
and appears in no `repr`, log, trace or error.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from casewright.adapters.gateway.budget import BudgetLimits
from casewright.domain.errors import ConfigurationError
from casewright.domain.reply import MODEL_SOURCE, VERSION_MARK

if TYPE_CHECKING:
    from casewright.adapters.gateway.engine import Engine

MAX_TOKENS = 700
LOCAL_PRESET = "local"
"""The preset of a model in this process; `adapters.local_model` builds it, out of files and an extra."""


class ProviderKind(StrEnum):
    """How a provider is asked: the protocol of a server, or an engine in this process."""

    OPENAI_COMPATIBLE = "openai_compatible"
    ANTHROPIC = "anthropic"
    LOCAL = "local"
    """A model in this process: for text in English alone, never for an enum, and after every server."""
    SCRIPTED = "scripted"
    """For tests: an engine that plays what it was given."""


class StructuredOutput(StrEnum):
    """What the server's `response_format` can enforce."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    NONE = "none"


class Secret:
    """A value that is only ever seen by `reveal`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(***)"


@dataclass(frozen=True, slots=True)
class Provider:
    """One server with one model. Prices are millionths of a currency unit per million tokens."""

    name: str
    model: str
    base_url: str = ""
    key: Secret = field(default=Secret(""), repr=False)
    kind: ProviderKind = ProviderKind.OPENAI_COMPATIBLE
    structured_output: StructuredOutput = StructuredOutput.JSON_OBJECT
    max_tokens: int = MAX_TOKENS
    max_tokens_field: str = "max_tokens"
    temperature: float | None = 0.2
    """None leaves it to the server: some models refuse the field."""
    max_in_flight: int = 4
    limits: BudgetLimits = field(default_factory=BudgetLimits)
    input_price_micros: int = 0
    output_price_micros: int = 0
    engine: "Engine | None" = field(default=None, repr=False, compare=False)
    """Of a provider in this process."""

    @property
    def source(self) -> str:
        """How a reply names the writer of its text."""
        return f"{MODEL_SOURCE}{self.name}/{self.model}"

    def source_of(self, version: str) -> str:
        """The same with the model's version, where the provider says one that is not the model's name."""
        return self.source if version in ("", self.model) else f"{self.source}{VERSION_MARK}{version}"

    def cost_micros(self, tokens_in: int, tokens_out: int) -> int:
        """Rounded up, so that no call is free when the price is not."""
        return -(-(tokens_in * self.input_price_micros + tokens_out * self.output_price_micros) // 1_000_000)


@dataclass(frozen=True, slots=True)
class Preset:
    """What is known of a server by its name."""

    base_url: str
    key_variable: str
    structured_output: StructuredOutput
    kind: ProviderKind = ProviderKind.OPENAI_COMPATIBLE
    needs_key: bool = True
    max_tokens_field: str = "max_tokens"
    temperature: float | None = 0.2


PRESETS: Mapping[str, Preset] = {
    "groq": Preset("https://api.groq.com/openai/v1", "GROQ_API_KEY", StructuredOutput.JSON_OBJECT),
    "deepseek": Preset("https://api.deepseek.com/v1", "DEEPSEEK_API_KEY", StructuredOutput.JSON_OBJECT),
    "openai": Preset(
        "https://api.openai.com/v1",
        "OPENAI_API_KEY",
        StructuredOutput.JSON_SCHEMA,
        max_tokens_field="max_completion_tokens",
        temperature=None,
    ),
    "anthropic": Preset(
        "https://api.anthropic.com/v1",
        "ANTHROPIC_API_KEY",
        StructuredOutput.JSON_SCHEMA,
        kind=ProviderKind.ANTHROPIC,
        temperature=None,
    ),
    "ollama": Preset(
        "http://127.0.0.1:11434/v1", "OLLAMA_API_KEY", StructuredOutput.JSON_SCHEMA, needs_key=False
    ),
    "vllm": Preset("http://127.0.0.1:8000/v1", "VLLM_API_KEY", StructuredOutput.JSON_SCHEMA, needs_key=False),
}


@dataclass(frozen=True, slots=True)
class ProviderSpec:
    """What a setting says of one link of the chain; None takes the preset's value."""

    preset: str
    model: str
    base_url: str | None = None
    structured_output: StructuredOutput | None = None
    max_in_flight: int = 4
    max_tokens: int | None = None
    limits: BudgetLimits = field(default_factory=BudgetLimits)
    input_price_micros: int = 0
    output_price_micros: int = 0


def parse_provider_spec(text: str) -> ProviderSpec:
    """`groq:llama-3.3-70b-versatile`, or with another address `vllm:qwen3@http://10.0.0.7:8000/v1`.

    Raises ConfigurationError.
    """
    preset, colon, rest = text.strip().partition(":")
    model, _, base_url = rest.partition("@http")
    if not colon or not model.strip():
        raise ConfigurationError(
            f"text model {text!r} is not preset:model; write for example groq:llama-3.3-70b-versatile"
        )
    return ProviderSpec(
        preset.strip().lower(), model.strip(), f"http{base_url.strip()}" if base_url else None
    )


def build_provider(spec: ProviderSpec, environment: Mapping[str, str]) -> Provider | None:
    """The provider, or None when it needs a key and the environment holds none.

    Raises ConfigurationError for an unknown preset, and an address or a key that cannot be one.
    """
    preset = PRESETS.get(spec.preset)
    if preset is None:
        known = ", ".join(sorted((*PRESETS, LOCAL_PRESET)))
        raise ConfigurationError(f"unknown text model preset {spec.preset!r}; known presets: {known}")
    key = environment.get(preset.key_variable, "").strip()
    if preset.needs_key and not key:
        return None
    if not key.isascii() or any(character <= " " for character in key):
        raise ConfigurationError(f"{preset.key_variable} holds characters that no key has; paste it again")
    return Provider(
        name=spec.preset,
        model=spec.model,
        base_url=_checked_base_url(spec.base_url or preset.base_url),
        key=Secret(key),
        kind=preset.kind,
        structured_output=spec.structured_output or preset.structured_output,
        max_tokens=spec.max_tokens or MAX_TOKENS,
        max_tokens_field=preset.max_tokens_field,
        temperature=preset.temperature,
        max_in_flight=spec.max_in_flight,
        limits=spec.limits,
        input_price_micros=spec.input_price_micros,
        output_price_micros=spec.output_price_micros,
    )


def _checked_base_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable or not url.isascii() or any(character <= " " for character in url):
        raise ConfigurationError("the base URL of a text model must be http(s)://host[:port]/path, in ASCII")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigurationError(
            f"the base URL of the text model at {parts.hostname} holds credentials or a query; "
            "keys belong in the environment variable of the preset"
        )
    return url.rstrip("/")
