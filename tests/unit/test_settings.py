"""Settings: the order of sources, what is refused and how it is said, and that no secret is shown."""

import re
from datetime import date
from pathlib import Path

import pytest

from casewright.domain.errors import ConfigurationError
from casewright.settings import (
    Settings,
    describe_settings,
    find_database_url,
    find_unknown_variables,
    load_settings,
    read_environment,
)

KEY = "plain-key-0123456789"


@pytest.fixture(autouse=True)
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*Settings.model_fields, "config"]:
        monkeypatch.delenv(f"CASEWRIGHT_{name.upper()}", raising=False)
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def write_config(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(exist_ok=True)
    path = folder / "config.yaml"
    path.write_text(text, "utf-8")
    return path


def problem() -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    return caught.value.message


def test_defaults_serve_on_loopback_without_keys_limits_or_models() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8080, 1)
    assert settings.api_keys == ()
    assert settings.rate_limit is None
    assert settings.text_models == ()
    assert settings.may_propose_case_type is False
    assert (settings.max_body_bytes, settings.max_complaint_chars) == (262144, 20000)


def test_environment_comes_before_dotenv_before_file_before_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config(tmp_path, "port: 1001\nworkers: 2\nhost: 10.0.0.1\n")
    (tmp_path / ".env").write_text("CASEWRIGHT_PORT=1002\nCASEWRIGHT_WORKERS=3\n")
    monkeypatch.setenv("CASEWRIGHT_PORT", "1003")
    settings = load_settings()
    assert (settings.port, settings.workers, settings.host) == (1003, 3, "10.0.0.1")


def test_command_line_comes_before_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_PORT", "1003")
    assert load_settings(port=1004, host=None).port == 1004


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_CORS_ORIGINS", "https://a.example, https://b.example:8443")
    assert load_settings().cors_origins == ("https://a.example", "https://b.example:8443")


def test_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_PORT", "")
    assert load_settings().port == 8080


def test_lists_may_be_yaml_lists(tmp_path: Path) -> None:
    write_config(tmp_path, "official_channels: [help.example, '16999']\nas_of: 2026-02-03\n")
    settings = load_settings()
    assert settings.official_channels == ("help.example", "16999")
    assert settings.as_of == date(2026, 2, 3)


def test_text_model_is_written_as_preset_and_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_TEXT_MODELS", "groq:small-one,vllm:big@http://10.0.0.7:8000/v1")
    first, second = load_settings().text_models
    assert (first.preset, first.model, first.base_url) == ("groq", "small-one", None)
    assert (second.preset, second.model, second.base_url) == ("vllm", "big", "http://10.0.0.7:8000/v1")


def test_text_model_may_be_written_out_in_yaml(tmp_path: Path) -> None:
    write_config(tmp_path, "text_models:\n- preset: ollama\n  model: tiny\n  max_in_flight: 2\n")
    (model,) = load_settings().text_models
    assert (model.preset, model.max_in_flight) == ("ollama", 2)


def test_text_model_without_preset_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_TEXT_MODELS", "small-one")
    assert "preset:model" in problem()


def test_proposal_without_a_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_MAY_PROPOSE_CASE_TYPE", "true")
    assert "needs a text model" in problem()


def test_every_wrong_value_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_PORT", "eighty")
    monkeypatch.setenv("CASEWRIGHT_RATE_LIMIT", "often")
    monkeypatch.setenv("CASEWRIGHT_CORS_ORIGINS", "a.example")
    message = problem()
    assert "CASEWRIGHT_PORT" in message
    assert "60/minute" in message
    assert "https://support.example.com" in message


@pytest.mark.parametrize("key", ["short", "sha256:abc", "schlüssel-0123456789"])
def test_weak_or_garbled_api_key_is_refused_and_not_repeated(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWRIGHT_API_KEYS", key)
    message = problem()
    assert "CASEWRIGHT_API_KEYS" in message
    assert key not in message


def test_misspelt_setting_in_the_file_is_refused(tmp_path: Path) -> None:
    write_config(tmp_path, "prot: 9\n")
    assert "prot is no setting" in problem()


def test_misspelt_variable_in_dotenv_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CASEWRIGHT_PROT=9\n")
    assert "prot is no setting" in problem()


def test_misspelt_environment_variable_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_PROT", "9")
    assert "CASEWRIGHT_PROT" in find_unknown_variables()
    assert "CASEWRIGHT_HOME" not in find_unknown_variables()


def test_file_that_is_no_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    path = write_config(tmp_path, "port: 1\nhost: [\n")
    message = problem()
    assert str(path) in message
    assert "line" in message


def test_file_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    write_config(tmp_path, "- port\n")
    assert "name: value" in problem()


def test_file_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_CONFIG", "/nowhere/at-all.yaml")
    assert "/nowhere/at-all.yaml" in problem()


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = write_config(tmp_path, "")
    path.write_bytes(b"\xff\xfe\x00\xd8")
    assert str(path) in problem()


def test_empty_file_changes_nothing(tmp_path: Path) -> None:
    write_config(tmp_path, "\n")
    assert load_settings().port == 8080


def test_description_hides_secrets_and_names_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_config(tmp_path, "workers: 2\n")
    (tmp_path / ".env").write_text("CASEWRIGHT_HOST=10.1.1.1\n")
    monkeypatch.setenv("CASEWRIGHT_API_KEYS", KEY)
    monkeypatch.setenv("CASEWRIGHT_TEXT_MODELS", "vllm:big@http://me:hidden@10.0.0.7/v1")
    settings = load_settings()
    rows = {name: (value, source) for name, value, source, _ in describe_settings(settings)}
    assert rows["api_keys"] == ("**********", "environment: CASEWRIGHT_API_KEYS")
    assert rows["host"] == ("10.1.1.1", ".env: CASEWRIGHT_HOST")
    assert rows["workers"] == ("2", f"file: {path}")
    assert rows["port"] == ("8080", "default")
    assert rows["text_models"][0] == "vllm:big@http://***@10.0.0.7/v1"
    assert KEY not in repr(settings)


def test_keys_of_models_are_looked_up_in_dotenv_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("GROQ_API_KEY=from-file\nOPENAI_API_KEY=from-file\n")
    monkeypatch.setenv("OPENAI_API_KEY", "from-environment")
    environment = read_environment()
    assert environment["GROQ_API_KEY"] == "from-file"
    assert environment["OPENAI_API_KEY"] == "from-environment"


def test_home_is_absolute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_HOME", "~/cases")
    assert load_settings().home == Path("~/cases").expanduser()


def test_example_names_every_setting_and_no_other_and_can_be_loaded(tmp_path: Path) -> None:
    example = (Path(__file__).resolve().parents[2] / ".env.example").read_text("utf-8")
    named = re.findall(r"^#?CASEWRIGHT_([A-Z_]+)=", example, re.MULTILINE)
    assert sorted(name.lower() for name in named) == sorted(Settings.model_fields)
    every = re.sub(r"^#(?=[A-Z_]+=)", "", example, flags=re.MULTILINE)
    (tmp_path / ".env").write_text(every, "utf-8")
    settings = load_settings()
    assert settings.rate_limit == "600/minute"
    assert [model.model for model in settings.text_models] == ["llama-3.3-70b-versatile", "qwen3:4b"]


def test_the_database_is_a_file_in_the_folder_of_state_unless_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_database_url(load_settings()) == f"sqlite:///{tmp_path}/home/casewright.db"
    monkeypatch.setenv("CASEWRIGHT_DATABASE_URL", "postgresql+psycopg://cw:secret@db/casewright")
    assert find_database_url(load_settings()) == "postgresql+psycopg://cw:secret@db/casewright"


def test_the_password_of_the_database_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_DATABASE_URL", "postgresql://cw:hunter2-secret@db/casewright")
    settings = load_settings()
    assert "hunter2-secret" not in repr(settings)
    assert "hunter2-secret" not in str(describe_settings(settings))


@pytest.mark.parametrize(
    "url", ["mysql://cw:hunter2-secret@db/x", "casewright.db", "sqlite://", "oracle://hunter2-secret"]
)
def test_a_database_that_cannot_be_used_is_refused_and_its_address_not_repeated(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWRIGHT_DATABASE_URL", url)
    message = problem()
    assert "CASEWRIGHT_DATABASE_URL" in message
    assert "sqlite:////folder/casewright.db" in message
    assert "hunter2-secret" not in message


def test_the_tenant_is_main_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().tenant == "main"
    monkeypatch.setenv("CASEWRIGHT_TENANT", "shop-2")
    assert load_settings().tenant == "shop-2"


@pytest.mark.parametrize("tenant", ["Shop", "a b", "-a", "a" * 64, "a/b"])
def test_a_tenant_is_a_short_plain_name(tenant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_TENANT", tenant)
    assert "CASEWRIGHT_TENANT" in problem()


DRAWN = "9f2c4b7d10e85a6633c1d2f0b4a79e5817263544c9d8eafb01a2b3c4d5e6f708"


@pytest.mark.parametrize(
    ("variable", "secret"),
    [
        ("VAULT_KEY", "0" * 64),
        ("LEDGER_KEY", "0123456789abcdef" * 4),
        ("API_KEYS", f"{DRAWN},change-me-change-me"),
        ("API_KEYS", "integration-test-key-1"),
        ("DATABASE_URL", "postgresql://cw:postgres@db/casewright"),
    ],
)
def test_production_refuses_to_start_with_a_secret_that_anybody_could_guess(
    variable: str, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"CASEWRIGHT_{variable}", secret)
    load_settings()
    monkeypatch.setenv("CASEWRIGHT_ENVIRONMENT", "production")
    message = problem()
    assert variable.lower() in message
    assert "openssl rand -hex 32" in message
    assert secret not in message


def test_production_starts_with_drawn_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_ENVIRONMENT", "production")
    load_settings()
    for variable in ("VAULT_KEY", "LEDGER_KEY", "API_KEYS"):
        monkeypatch.setenv(f"CASEWRIGHT_{variable}", DRAWN)
    monkeypatch.setenv("CASEWRIGHT_DATABASE_URL", f"postgresql://cw:{DRAWN}@db/casewright")
    settings = load_settings()
    assert DRAWN not in repr(settings)
    assert DRAWN not in str(describe_settings(settings))


@pytest.mark.parametrize("key", ["short", "g" * 64])
def test_key_of_the_vault_or_ledger_is_64_hexadecimal_digits(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWRIGHT_VAULT_KEY", key)
    monkeypatch.setenv("CASEWRIGHT_LEDGER_KEY", key)
    message = problem()
    assert "CASEWRIGHT_VAULT_KEY" in message
    assert "CASEWRIGHT_LEDGER_KEY" in message
    assert key not in message
