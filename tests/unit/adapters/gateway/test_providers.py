import copy
import dataclasses

import pytest

from casewright.adapters.gateway.providers import (
    PRESETS,
    Provider,
    ProviderKind,
    ProviderSpec,
    Secret,
    StructuredOutput,
    build_provider,
    parse_provider_spec,
)
from casewright.domain.errors import ConfigurationError

KEY = "sk-planted-key-5512"


def test_a_hosted_preset_without_its_key_is_no_provider() -> None:
    for name in ("groq", "deepseek", "openai", "anthropic"):
        assert build_provider(ProviderSpec(name, "m"), {}) is None
        assert build_provider(ProviderSpec(name, "m"), {PRESETS[name].key_variable: "  "}) is None


def test_a_hosted_preset_takes_the_key_of_its_own_variable() -> None:
    provider = build_provider(ProviderSpec("groq", "llama"), {"GROQ_API_KEY": f" {KEY}\n"})
    assert provider is not None
    assert provider.key.reveal() == KEY
    assert provider.base_url == "https://api.groq.com/openai/v1"
    assert provider.structured_output is StructuredOutput.JSON_OBJECT
    assert provider.source == "model:groq/llama"


@pytest.mark.parametrize("name", ["ollama", "vllm"])
def test_a_server_of_our_own_needs_no_key(name: str) -> None:
    provider = build_provider(ProviderSpec(name, "m"), {})
    assert provider is not None
    assert not provider.key
    assert provider.base_url.startswith("http://127.0.0.1:")


def test_a_spec_overrides_the_preset() -> None:
    spec = ProviderSpec("vllm", "m", "https://llm.internal/v1/", StructuredOutput.NONE)
    provider = build_provider(spec, {})
    assert provider is not None
    assert provider.base_url == "https://llm.internal/v1"
    assert provider.structured_output is StructuredOutput.NONE


def test_an_unknown_preset_is_told_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match=r"unknown text model preset 'grok'.*groq"):
        build_provider(ProviderSpec("grok", "m"), {})


@pytest.mark.parametrize("key", ["sk plan", "sk\nplan", "clé", "sk\x00plan"])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ConfigurationError, match="GROQ_API_KEY") as caught:
        build_provider(ProviderSpec("groq", "m"), {"GROQ_API_KEY": key})
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://host/v1",
        "host/v1",
        "http://",
        "http://host:99999/v1",
        "http://user:planted@host/v1",
        "http://host/v1?key=planted",
        "http://ho st/v1",
        "http://[::1/v1",
    ],
)
def test_an_address_that_cannot_be_one_is_refused_without_what_it_may_hide(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        build_provider(ProviderSpec("vllm", "m", url), {})
    assert "planted" not in str(caught.value)


def test_a_spec_is_read_from_one_line() -> None:
    assert parse_provider_spec("groq:llama-3.3-70b") == ProviderSpec("groq", "llama-3.3-70b")
    assert parse_provider_spec(" Ollama:qwen3:4b ") == ProviderSpec("ollama", "qwen3:4b")
    assert parse_provider_spec("vllm:qwen3@http://10.0.0.7:8000/v1") == ProviderSpec(
        "vllm", "qwen3", "http://10.0.0.7:8000/v1"
    )


@pytest.mark.parametrize("text", ["", "groq", "groq:", "groq: "])
def test_a_line_that_names_no_model_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="preset:model"):
        parse_provider_spec(text)


def test_a_key_is_shown_by_nothing_but_reveal() -> None:
    provider = Provider("p", "m", "http://x/v1", Secret(KEY))
    shown = [
        provider,
        str(provider.key),
        f"{provider.key}",
        dataclasses.asdict(provider),
        copy.copy(provider),
    ]
    assert KEY not in repr(shown)
    assert KEY not in "%s" % (provider.key,)  # noqa: UP031  this form is the subject


def test_a_cost_is_rounded_up() -> None:
    priced = Provider("p", "m", "http://x/v1", input_price_micros=150_000, output_price_micros=600_000)
    assert priced.cost_micros(0, 0) == 0
    assert priced.cost_micros(1, 0) == 1
    assert priced.cost_micros(1_000, 500) == 450


def test_anthropic_is_asked_in_its_own_protocol() -> None:
    provider = build_provider(ProviderSpec("anthropic", "haiku", max_tokens=300), {"ANTHROPIC_API_KEY": KEY})
    assert provider is not None
    assert (provider.kind, provider.max_tokens) == (ProviderKind.ANTHROPIC, 300)
    assert provider.base_url == "https://api.anthropic.com/v1"


def test_a_source_names_the_version_only_where_it_says_more_than_the_model() -> None:
    provider = Provider("p", "m", "http://x/v1")
    assert [provider.source_of(version) for version in ("", "m", "m-2026")] == [
        "model:p/m",
        "model:p/m",
        "model:p/m@m-2026",
    ]
