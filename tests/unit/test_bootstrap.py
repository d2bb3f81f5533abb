"""The Application is built from settings, with the locked policy and the configured models."""

from datetime import date
from pathlib import Path

import pytest

from casewright.adapters.gateway.gateway import Gateway
from casewright.bootstrap import build_application, build_text_model, load_ruleset, read_ruleset_source
from casewright.desks.disputes.confidence import compute_confidence
from casewright.domain.errors import ConfigurationError, TooLarge
from casewright.ports.text_model import AttemptOutcome
from casewright.settings import Settings


def test_the_policy_date_is_a_setting() -> None:
    application = build_application(Settings(as_of=date(2026, 3, 1)))
    assert application.road.ruleset is load_ruleset("disputes", date(2026, 3, 1))


def test_limits_of_the_settings_reach_the_reader() -> None:
    application = build_application(Settings(max_complaint_chars=5))
    with pytest.raises(TooLarge):
        application.analyze_ticket({"ticket_id": "T", "complaint": "longer than five"})


def test_no_provider_means_templates_and_a_provider_without_its_key_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    assert build_application(Settings()).road.model is None
    assert build_application(Settings(text_models="groq:some-model")).road.model is None  # type: ignore[arg-type]


def test_a_configured_provider_is_wired() -> None:
    application = build_application(Settings(text_models="vllm:m@http://127.0.0.1:9/v1"))  # type: ignore[arg-type]
    assert application.road.model is not None
    result = application.analyze_ticket({"ticket_id": "T", "complaint": "money gone"})
    assert result.reply.source == "template"


def test_a_policy_folder_is_read_and_a_missing_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "policy.md").write_text("**X-1** Something.", "utf-8")
    (tmp_path / "note.txt").write_text("no policy", "utf-8")
    assert set(read_ruleset_source("disputes", tmp_path).files) == {"policy.md"}
    with pytest.raises(ConfigurationError, match="not a folder"):
        read_ruleset_source("disputes", tmp_path / "none")


@pytest.mark.parametrize(
    ("complaint", "confidence"),
    [
        # floor 25 + type weight 50 % of 40 + nothing for a match that is not there
        ("hello", 0.45),
        # floor 25 + 50 % of 95 + 22 for fraud, which needs no row
        ("someone called and asked for my OTP", 0.94),
    ],
)
def test_confidence_is_the_policy_s_formula(complaint: str, confidence: float) -> None:
    application = build_application(Settings(as_of=date(2026, 6, 1)))
    result = application.analyze_ticket({"ticket_id": "T", "complaint": complaint})
    found = compute_confidence(
        result.investigation.facts, result.investigation.match, result.decision, application.road.ruleset
    )
    assert found == confidence
    assert application.respond(result)["confidence"] == confidence


def test_budgets_prices_and_redis_of_the_settings_reach_the_chain(redis_url: str) -> None:
    wanted = {
        "preset": "vllm",
        "model": "m",
        "base_url": "http://127.0.0.1:9/v1",
        "max_tokens": 50,
        "requests_per_minute": 1,
        "tokens_per_minute": 1_000,
        "cost_micros_per_day": 10,
    }
    settings = Settings(text_models=(wanted,), redis_url=redis_url)  # type: ignore[arg-type]
    gateway = build_text_model(settings)
    assert isinstance(gateway, Gateway)
    assert gateway.redis is not None
    outcomes = []
    gateway.watch(lambda attempt: outcomes.append(attempt.outcome))
    for number in range(2):
        gateway.choice(str(number), "Which?", ("a", "b"))
    assert outcomes == [AttemptOutcome.UNREACHABLE, AttemptOutcome.SKIPPED_BUDGET]
    gateway.close()


def test_a_local_model_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    settings = Settings(text_models="local:absent", home=tmp_path)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="'absent' is absent"):
        build_text_model(settings)
