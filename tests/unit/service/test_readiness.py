"""Readiness names the ruleset in force and where the text comes from."""

import pytest

from casewright.adapters.scripted_model import ScriptedModel
from casewright.bootstrap import build_application
from casewright.service.readiness import describe_dependencies
from casewright.settings import Settings


def test_ruleset_is_named_by_its_id_and_text_by_its_source() -> None:
    described = describe_dependencies(build_application(Settings()))
    assert described["ruleset:disputes"]["state"] == "ready"
    assert described["ruleset:disputes"]["id"].startswith("disputes@")
    assert described["text"] == {"state": "ready", "source": "template"}


def test_configured_chain_is_named_and_a_given_model_too() -> None:
    settings = Settings(text_models=("ollama:small", "vllm:big"))  # type: ignore[arg-type]
    described = describe_dependencies(build_application(settings, model=ScriptedModel()))
    assert described["text"]["source"] == "ollama/small, vllm/big"
    given = describe_dependencies(build_application(Settings(), model=ScriptedModel()))
    assert given["text"]["source"] == "model"


def test_chain_whose_keys_are_missing_leaves_the_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    settings = Settings(text_models=("groq:small",))  # type: ignore[arg-type]
    assert describe_dependencies(build_application(settings))["text"]["source"] == "template"
