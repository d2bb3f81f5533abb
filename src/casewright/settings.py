"""Settings: what an operator may choose, read once when a process starts.

Order: environment (`CASEWRIGHT_…`), then `.env` in the working directory, then the YAML file, then defaults.
A wrong value raises ConfigurationError with every problem, its place and what to do; no value of a secret
stands in an error, a `repr` or `casewright config show`. It reads settings; it opens nothing they name.
"""

import os
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import yaml
from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from casewright.domain.errors import ConfigurationError

PREFIX = "CASEWRIGHT_"
CONFIG_VARIABLE = "CASEWRIGHT_CONFIG"
"""Variable that names the YAML file; without it, `config.yaml` in CASEWRIGHT_HOME, if it is there."""
SERVICE_VARIABLES = frozenset(
    f"{PREFIX}{service}_{part}"
    for service in ("PAYMENTS", "COURIER", "MAIL")
    for part in ("URL", "TOKEN", "TIMEOUT_S")
) | {f"{PREFIX}SANDBOX_TOKEN"}
"""Variables of the outside services: `adapters.connectors.link` reads them; they are no settings."""
ENV_FILE = Path(".env")
DEFAULT_HOME = Path("~/.casewright")
DATABASE_FILE = "casewright.db"
SHORTEST_KEY = 16
_RATE = re.compile(r"[1-9]\d{0,6}\s*(/|per)\s*(\d+\s*)?(second|minute|hour|day)s?")
_DATABASE = re.compile(r"(sqlite:///[^?\s]+|postgresql(\+psycopg)?://\S+)")
_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_KEY_BYTES = re.compile(r"[0-9a-fA-F]{64}")
_GUESSED_FIRST = re.compile(
    r"change.?me|password|secret|example|casewright|postgres|admin|demo|test|12345678|abcdefgh|qwerty",
    re.IGNORECASE,
)
_FEWEST_DISTINCT_CHARACTERS = 8
_HASHED_KEY = re.compile(r"sha256:[0-9a-f]{64}")


class TextModelSettings(BaseModel):
    """One link of the chain of text models; None takes the preset's value. Its key is in the environment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    preset: str
    model: str
    base_url: str | None = None
    structured_output: Literal["json_schema", "json_object", "none"] | None = None
    max_in_flight: int = Field(4, ge=1, le=256)
    max_tokens: int | None = Field(None, ge=1, le=32_000)
    threads: int = Field(1, ge=1, le=64)
    requests_per_minute: int | None = Field(None, ge=1)
    tokens_per_minute: int | None = Field(None, ge=1)
    cost_micros_per_day: int | None = Field(None, ge=1)
    input_price_micros: int = Field(0, ge=0)
    output_price_micros: int = Field(0, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _read_short_form(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        preset, colon, rest = value.strip().partition(":")
        model, at, address = rest.partition("@http")
        if not colon or not model.strip() or "@" in model.strip()[1:]:
            raise ValueError("write preset:model or preset:model@http://host:port/v1")
        short = {"preset": preset.strip().lower(), "model": model.strip()}
        return short | ({"base_url": f"http{address.strip()}"} if at else {})


class Settings(BaseSettings):
    """Every setting, with its default. Lists are written with commas in the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        dotenv_filtering="match_prefix",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    home: Path = Field(DEFAULT_HOME, description="Folder of this installation's state.")
    database_url: SecretStr | None = Field(
        None, description="Address of the business database; none: casewright.db in the folder of state."
    )
    tenant: str = Field("main", description="Whose records and cases this installation serves.")
    environment: Literal["development", "production"] = Field(
        "development", description="In production, secrets that anybody could guess are refused."
    )
    vault_key: SecretStr | None = Field(
        None, description="Key of personal data, 64 hexadecimal digits; none: a file made on first start."
    )
    ledger_key: SecretStr | None = Field(
        None, description="Key of the ledger, 64 hexadecimal digits; none: a file made on first start."
    )
    host: str = Field("127.0.0.1", min_length=1, description="Address to serve on; 0.0.0.0 for all.")
    port: int = Field(8080, ge=0, le=65535, description="Port to serve on; 0 takes a free one.")
    workers: int = Field(1, ge=1, le=128, description="Serving processes.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level logged.")
    api_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="Keys that callers must send, plain or as sha256:<hex>; none: no authentication."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins whose pages may call the API; none: only its own."
    )
    rate_limit: str | None = Field(
        None, description="Requests per key and address, such as 60/minute; none: unlimited."
    )
    copilot_rate_limit: str | None = Field(
        None, description="Questions to the copilot per person, such as 30/minute; none: unlimited."
    )
    max_body_bytes: int = Field(256 * 1024, ge=1024, description="Largest body accepted.")
    max_complaint_chars: int = Field(20_000, ge=1, description="Longest complaint accepted.")
    as_of: date | None = Field(None, description="Date of the policy in force; none: the day of the start.")
    text_models: Annotated[tuple[TextModelSettings, ...], NoDecode] = Field(
        (), description="Chain of text models, as preset:model[@address]; none: templates write."
    )
    text_deadline_s: float = Field(8.0, gt=0, le=120, description="Deadline of the whole chain, in seconds.")
    text_attempts_days: int = Field(
        90, ge=1, le=3_650, description="Days that the ledger of attempts at text keeps a row."
    )
    redis_url: SecretStr | None = Field(
        None, description="Address of a Redis that processes share limits and caches in; none: each its own."
    )
    text_threads: int = Field(16, ge=1, le=256, description="Tickets that may wait for a text model at once.")
    may_propose_case_type: bool = Field(
        default=False, description="Whether a text model may propose a case type where the rules are unsure."
    )
    embedder: str = Field(
        "auto",
        description="What search by meaning uses: auto, minilm, e5, none, or model@http://host:port/v1.",
    )
    embedder_key: SecretStr | None = Field(None, description="Key of the embeddings server, if it is one.")
    embedding_threads: int = Field(1, ge=1, le=64, description="Threads of one embedding.")
    sample_knowledge: bool = Field(
        default=True, description="Whether the shipped sample documents are indexed beside the clauses."
    )
    web_search_url: str | None = Field(
        None, description="Address of a web search for the sales desk; none: there is no web search."
    )
    web_search_kind: Literal["tavily", "searxng"] = Field(
        "searxng", description="Whose protocol the web search speaks."
    )
    web_search_key: SecretStr | None = Field(None, description="Key of the web search, where it wants one.")
    web_search_domains: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Domains whose pages a web search may show; none: it may not be used."
    )
    web_search_timeout_s: float = Field(
        3.0, gt=0, le=30, description="Deadline of one web search, in seconds."
    )
    official_channels: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Links, phones and addresses that a reply may name, besides the app itself."
    )
    force_baseline: bool = Field(
        default=False, description="Whether the baseline proposes every outreach, and no learned policy does."
    )
    retention_budget_minor: int = Field(
        2_000_000, ge=0, description="Budget of a new outreach period (26 weeks), in minor units."
    )
    retention_waits_for_disk: bool = Field(
        default=False,
        description="Whether each outreach decision is on disk before it is answered, not 50 ms later.",
    )
    retention_complaint_cap: int = Field(
        50, ge=0, le=1_000_000, description="Complaints that a new outreach period may bring."
    )
    retention_complaint_permille: int = Field(
        20, ge=1, le=1000, description="Expected complaints of 1,000 first contacts."
    )
    retention_period_start: date = Field(
        date(2026, 1, 1), description="First day of an outreach period; the others follow every 182 days."
    )
    retention_policy: Path | None = Field(
        None, description="File of an exported contact policy; none: the shipped one."
    )
    retention_challenger: Path | None = Field(
        None, description="File of a second contact policy, which gets the challenger's share of customers."
    )
    retention_challenger_share: float = Field(
        0.0, ge=0, le=0.5, description="Share of customers whom the challenger decides about."
    )
    retention_holdout_share: float = Field(
        0.0, ge=0, le=0.1, description="Share of customers whom nobody contacts, to compare with."
    )
    retention_risk_model: Path | None = Field(
        None, description="Folder of an exported risk model; none: the shipped one."
    )
    retention_acceptance_model: Path | None = Field(
        None, description="Folder of an exported acceptance model; none: the shipped one."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment, `.env`, YAML file."""
        document = InitSettingsSource(settings_cls, init_kwargs=_read_config_file(_find_config_file()))
        return init_settings, env_settings, dotenv_settings, document

    @field_validator(
        "api_keys", "cors_origins", "text_models", "official_channels", "web_search_domains", mode="before"
    )
    @classmethod
    def _split_list(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(item for item in re.split(r"[,\s]+", value) if item)
        return value

    @field_validator("home")
    @classmethod
    def _expand_home(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _check_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _DATABASE.fullmatch(value.get_secret_value()):
            raise ValueError(
                "write sqlite:////folder/casewright.db or postgresql+psycopg://user:password@host/name"
            )
        return value

    @field_validator("tenant")
    @classmethod
    def _check_tenant(cls, value: str) -> str:
        if not _TENANT.fullmatch(value):
            raise ValueError("a tenant is 1 to 63 of a-z, 0-9, _ and -, and begins with a letter or digit")
        return value

    @field_validator("vault_key", "ledger_key")
    @classmethod
    def _check_hexadecimal(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _KEY_BYTES.fullmatch(value.get_secret_value().strip()):
            raise ValueError("write 64 hexadecimal digits; one way to draw them: openssl rand -hex 32")
        return value

    @field_validator("api_keys")
    @classmethod
    def _check_keys(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for key in value:
            secret = key.get_secret_value()
            if secret.startswith("sha256:"):
                if not _HASHED_KEY.fullmatch(secret):
                    raise ValueError("a hashed key is sha256: and 64 lower-case hexadecimal digits")
            elif len(secret) < SHORTEST_KEY or not secret.isascii():
                raise ValueError(
                    f"a key has at least {SHORTEST_KEY} ASCII characters; try: openssl rand -hex 24"
                )
        return value

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if origin != "*" and not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+", origin):
                raise ValueError(
                    f"{origin!r} is not an origin; write for example https://support.example.com"
                )
        return value

    @field_validator("rate_limit", "copilot_rate_limit")
    @classmethod
    def _check_rate(cls, value: str | None) -> str | None:
        if value is not None and not _RATE.fullmatch(value.strip().lower()):
            raise ValueError("write a number per second, minute, hour or day, for example 60/minute")
        return value

    @model_validator(mode="after")
    def _refuse_guessable_secrets(self) -> Self:
        if self.environment == "development":
            return self
        password = urlsplit(self.database_url.get_secret_value()).password if self.database_url else None
        secrets = {
            "vault_key": self.vault_key and self.vault_key.get_secret_value(),
            "ledger_key": self.ledger_key and self.ledger_key.get_secret_value(),
            "database_url's password": password,
            **{
                f"api_keys.{number}": key.get_secret_value()
                for number, key in enumerate(self.api_keys)
                if not key.get_secret_value().startswith("sha256:")
            },
        }
        guessable = [name for name, secret in secrets.items() if secret and is_guessable(secret)]
        if guessable:
            raise ValueError(
                f"{', '.join(guessable)}: anybody could guess this, so production refuses it; "
                "draw another one: openssl rand -hex 32"
            )
        return self

    @model_validator(mode="after")
    def _check_proposal(self) -> Self:
        if self.may_propose_case_type and not self.text_models:
            raise ValueError("may_propose_case_type needs a text model; set text_models, or leave it off")
        return self


def is_guessable(secret: str) -> bool:
    """Whether a secret was typed, not drawn: a word of every manual, or few characters repeated."""
    return len(set(secret)) < _FEWEST_DISTINCT_CHARACTERS or _GUESSED_FIRST.search(secret) is not None


def load_settings(**overrides: object) -> Settings:
    """The settings of this process; `overrides` (from the command line) come first.

    Raises ConfigurationError.
    """
    given: dict[str, Any] = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        problems = "; ".join(_describe_problem(problem) for problem in error.errors(include_input=False))
        raise ConfigurationError(f"settings: {problems}") from None


def find_database_url(settings: Settings) -> str:
    """Address of the business database: the one that is set, or a file in the folder of state."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return f"sqlite:///{settings.home / DATABASE_FILE}"


def read_environment() -> Mapping[str, str]:
    """The environment, with what `.env` adds to it: where the keys of the text models are looked up."""
    added = {name: value for name, value in dotenv_values(ENV_FILE).items() if value is not None}
    return added | dict(os.environ)


def describe_settings(settings: Settings) -> list[tuple[str, str, str, str]]:
    """Name, value with secrets hidden, source, and meaning of every setting, for people."""
    environment = {name for name in os.environ if name.startswith(PREFIX)}
    written = {name for name in dotenv_values(ENV_FILE) if name.startswith(PREFIX)}
    path = _find_config_file()
    document = _read_config_file(path)
    rows = []
    for name, field in type(settings).model_fields.items():
        variable = PREFIX + name.upper()
        if variable in environment:
            source = f"environment: {variable}"
        elif variable in written:
            source = f"{ENV_FILE}: {variable}"
        else:
            source = f"file: {path}" if name in document else "default"
        rows.append((name, _show(getattr(settings, name)), source, field.description or ""))
    return rows


def find_unknown_variables() -> list[str]:
    """Variables with our prefix that set nothing: most likely misspelt."""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {CONFIG_VARIABLE, *SERVICE_VARIABLES}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name.upper() not in known)


def _show(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_show(item) for item in value) or "none"
    if isinstance(value, TextModelSettings):
        return f"{value.preset}:{value.model}" + (f"@{_hide_login(value.base_url)}" if value.base_url else "")
    return "none" if value is None else str(value)


def _hide_login(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//***@", url)


def _find_config_file() -> Path | None:
    named = os.environ.get(CONFIG_VARIABLE)
    if named:
        path = Path(named).expanduser()
        if not path.is_file():
            raise ConfigurationError(f"{CONFIG_VARIABLE} names {path}, which is no file; correct or unset it")
        return path
    path = Path(os.environ.get(f"{PREFIX}HOME") or DEFAULT_HOME).expanduser() / "config.yaml"
    return path if path.is_file() else None


def _read_config_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {type(error).__name__}") from error
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigurationError(f"{path}{line}: not YAML: {error.problem or error.context}") from error
    if document is None:
        return {}
    if not isinstance(document, dict) or not all(isinstance(name, str) for name in document):
        raise ConfigurationError(f"{path}: expected settings as `name: value` lines, such as `port: 8080`")
    return document


def _describe_problem(problem: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{place} is no setting; `casewright config show` lists them all"
    message = str(problem["msg"]).removeprefix("Value error, ")
    head = problem["loc"][0] if problem["loc"] else ""
    return f"{place} ({PREFIX}{str(head).upper()}): {message}" if place else message
