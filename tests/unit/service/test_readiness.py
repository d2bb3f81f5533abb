"""Readiness names the ruleset in force and where the text comes from."""

from datetime import date

import pytest

from casewright.adapters.gateway.gateway import Gateway
from casewright.adapters.gateway.providers import Provider, ProviderKind
from casewright.adapters.scripted_model import Fails, ScriptedEngine, ScriptedModel
from casewright.bootstrap import build_application, desk_names
from casewright.domain.errors import PolicyError
from casewright.service import readiness
from casewright.service.readiness import describe_dependencies, describe_rulesets
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


def test_providers_that_are_left_alone_are_named_and_the_service_is_ready_without_them() -> None:
    engine = ScriptedEngine([Fails()])
    gateway = Gateway([Provider("p", "m", kind=ProviderKind.SCRIPTED, engine=engine)])
    application = build_application(Settings(), model=gateway)
    assert describe_dependencies(application)["text"]["left_alone"] == "none"
    for number in range(2):
        gateway.choice(str(number), "Which?", ("a", "b"))
    assert describe_dependencies(application)["text"] == {
        "state": "ready",
        "source": "model",
        "left_alone": "p/m",
    }


def test_the_ruleset_of_every_desk_is_named_by_its_id() -> None:
    described = describe_rulesets(date(2026, 7, 1))
    assert set(described) == {f"ruleset:{desk}" for desk in desk_names()}
    assert described["ruleset:sales"]["id"].startswith("sales@")


def test_a_policy_that_is_not_the_released_one_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise PolicyError("not the released one")

    monkeypatch.setattr(readiness, "require_lock", refuse)
    described = describe_rulesets.__wrapped__(date(2026, 7, 1))
    assert described["ruleset:orders"] == {"state": "broken", "problem": PolicyError("").code}
