"""The only place that knows concrete classes: builds an Application from Settings and loads the desks.

Desks are listed by dotted name, so that one loads without the others. A desk's policy must be the locked one.
"""

import importlib
import time
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from casewright.desk import Desk
from casewright.domain.errors import ConfigurationError
from casewright.pipeline import CaseResult, Road, run_case
from casewright.policy.locks import require_lock
from casewright.policy.ruleset import FactSchema, Ruleset, RulesetSource, compile_ruleset
from casewright.ports.text_model import TextModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casewright.adapters.gateway.providers import Provider
    from casewright.adapters.redis_link import RedisLink
    from casewright.settings import Settings, TextModelSettings

_DESKS = {
    "disputes": "casewright.desks.disputes",
    "orders": "casewright.desks.orders",
    "returns": "casewright.desks.returns",
    "retention": "casewright.desks.retention",
    "sales": "casewright.desks.sales",
}
_POLICY_ENDINGS = (".md", ".yaml", ".lock")


def desk_names() -> tuple[str, ...]:
    """The desks of this installation."""
    return tuple(_DESKS)


@cache
def load_desk(name: str) -> Desk:
    """One desk. Raises ConfigurationError for a name that is none."""
    if name not in _DESKS:
        raise ConfigurationError(f"there is no desk {name!r}; choose from {', '.join(_DESKS)}")
    desk: Desk = importlib.import_module(_DESKS[name]).DESK
    return desk


def read_ruleset_source(desk: str, folder: Path | None = None) -> RulesetSource:
    """The policy files of a desk: the packaged ones, or those of a folder."""
    files: dict[str, str] = {}
    if folder is not None:
        if not folder.is_dir():
            raise ConfigurationError(f"{folder} is not a folder with policy files")
        files = {
            path.name: path.read_text("utf-8")
            for path in sorted(folder.iterdir())
            if path.suffix in _POLICY_ENDINGS
        }
    else:
        for entry in resources.files(load_desk(desk).ruleset).iterdir():
            if entry.name.endswith(_POLICY_ENDINGS):
                files[entry.name] = entry.read_text("utf-8")
    return RulesetSource(desk, files)


@cache
def load_ruleset(desk: str, as_of: date) -> Ruleset:
    """The packaged ruleset of a desk at a date, compiled."""
    schema = FactSchema.from_dataclass(load_desk(desk).facts_type)
    return compile_ruleset(read_ruleset_source(desk), schema, as_of=as_of)


@dataclass(frozen=True, slots=True)
class Application:
    """The product, wired: what the doors call. Stateless, so any number of threads may share it."""

    settings: "Settings"
    road: Road

    def analyze_ticket(self, document: object) -> CaseResult:
        """Read one ticket and decide it. Raises MalformedRequest, MeaninglessRequest or TooLarge."""
        from casewright.desks.disputes.request import read_ticket

        case = read_ticket(document, max_complaint_chars=self.settings.max_complaint_chars)
        return run_case(case, self.road)

    def respond(self, result: CaseResult) -> dict[str, object]:
        """The published answer to an analysed ticket: the twelve fields of the contract."""
        from casewright.desks.disputes.response import build_response

        return build_response(
            result.case,
            result.investigation.facts,
            result.investigation.match,
            result.decision,
            result.reply,
            tuple(result.annotations),
            self.road.ruleset,
        )


def build_application(settings: "Settings", *, model: TextModel | None = None) -> Application:
    """The application for these settings. `model` replaces the configured chain.

    Raises ConfigurationError (a provider that is not known) or PolicyError (a policy that does not compile,
    or is not the locked one).
    """
    from casewright.adapters import clock

    desk = load_desk("disputes")
    source = read_ruleset_source(desk.name)
    require_lock(source)
    road = Road(
        desk=desk,
        ruleset=load_ruleset(desk.name, settings.as_of or clock.today()),
        clock=time.perf_counter,
        model=model or build_text_model(settings),
        may_propose=settings.may_propose_case_type,
        channels=frozenset(settings.official_channels),
    )
    return Application(settings, road)


def build_text_model(settings: "Settings") -> TextModel | None:
    """The configured chain of text models; None where no provider is named or none has its key.

    Raises ConfigurationError (a preset that is not known, a local model that may not serve).
    """
    if not settings.text_models:
        return None
    from casewright.adapters.gateway.gateway import Gateway, GatewayLimits
    from casewright.settings import read_environment

    environment = read_environment()
    found = [_build_provider(wanted, settings.home, environment) for wanted in settings.text_models]
    providers = [provider for provider in found if provider is not None]
    if not providers:
        return None
    limits = GatewayLimits(deadline_s=settings.text_deadline_s)
    return Gateway(providers, limits=limits, redis=open_redis(settings))


def open_redis(settings: "Settings") -> "RedisLink | None":
    """The Redis that processes share; None where none is set. Raises ConfigurationError."""
    if settings.redis_url is None:
        return None
    from casewright.adapters.redis_link import open_redis_link, tell_log

    return open_redis_link(settings.redis_url.get_secret_value(), tell=tell_log)


def _build_provider(
    wanted: "TextModelSettings", home: Path, environment: "Mapping[str, str]"
) -> "Provider | None":
    from casewright.adapters.gateway.budget import BudgetLimits
    from casewright.adapters.gateway.providers import (
        LOCAL_PRESET,
        ProviderSpec,
        StructuredOutput,
        build_provider,
    )

    if wanted.preset == LOCAL_PRESET:
        from casewright.adapters.local_model import open_local_provider

        return open_local_provider(home, wanted.model, threads=wanted.threads)
    mode = StructuredOutput(wanted.structured_output) if wanted.structured_output else None
    spec = ProviderSpec(
        wanted.preset,
        wanted.model,
        wanted.base_url,
        mode,
        wanted.max_in_flight,
        wanted.max_tokens,
        BudgetLimits(wanted.requests_per_minute, wanted.tokens_per_minute, wanted.cost_micros_per_day),
        wanted.input_price_micros,
        wanted.output_price_micros,
    )
    return build_provider(spec, environment)
