"""Which learned policies and models serve here: checked when the service starts, loaded when outreach opens.

Whatever is missing (the extra, weights, models) is named, and the baseline serves. Invariants: what an
operator has named and cannot be read keeps a service from starting; a process that runs goes on without it,
and says so. No trainer is loaded, and no NumPy where nothing is read.
"""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewright.adapters.log import get_logger
from casewright.domain.errors import ConfigurationError
from casewright.service.retention_kit import RetentionRules, ServedPolicies

if TYPE_CHECKING:
    from casewright.settings import Settings

EXTRA_MISSING, WEIGHTS_MISSING, POLICY_UNUSABLE = "extra_missing", "weights_missing", "policy_unusable"


def check_policies(settings: "Settings") -> None:
    """Read every policy and model that the settings name. Raises ConfigurationError with the setting's name.

    Where none is named it does nothing, and loads no NumPy.
    """
    for name, (given, reader) in _named(settings).items():
        if given is not None:
            try:
                _require_numpy()
                reader()(given)
            except ConfigurationError as error:
                raise ConfigurationError(f"CASEWRIGHT_{name.upper()}: {error.message}") from None


def load_policies(settings: "Settings") -> ServedPolicies:
    """What the settings name, else what ships, else nothing; `unread` says which named one cannot be read."""
    found: dict[str, Any] = {}
    unread: dict[str, str] = {}
    for name, (given, reader) in _named(settings).items():
        found[name] = None
        if given is None and name == "retention_challenger":
            continue
        try:
            _require_numpy()
            found[name] = reader()(given)
        except ConfigurationError as error:
            if given is not None:  # else it does not ship here, or not for this version
                unread[name] = error.message
    missing = None
    if found["retention_policy"] is None:
        if "retention_policy" in unread:
            missing = POLICY_UNUSABLE
        else:
            missing = WEIGHTS_MISSING if find_spec("numpy") is not None else EXTRA_MISSING
    return ServedPolicies(
        champion=found["retention_policy"],
        challenger=found["retention_challenger"],
        risk=found["retention_risk_model"],
        acceptance=found["retention_acceptance_model"],
        missing=missing,
        unread=unread,
    )


def _named(settings: "Settings") -> dict[str, tuple[Path | None, Callable[[], Callable[[Path | None], Any]]]]:
    """By setting: what it names, and what gives the reader; the readers load NumPy."""
    return {
        "retention_policy": (settings.retention_policy, _policy_reader),
        "retention_challenger": (settings.retention_challenger, _policy_reader),
        "retention_risk_model": (settings.retention_risk_model, _risk_reader),
        "retention_acceptance_model": (settings.retention_acceptance_model, _acceptance_reader),
    }


def _policy_reader() -> Callable[[Path | None], Any]:
    from casewright.adapters.retention.weights import read_policy

    return read_policy


def _risk_reader() -> Callable[[Path | None], Any]:
    from casewright.adapters.retention.models import read_risk_model

    return read_risk_model


def _acceptance_reader() -> Callable[[Path | None], Any]:
    from casewright.adapters.retention.models import read_acceptance_model

    return read_acceptance_model


def _require_numpy() -> None:
    if find_spec("numpy") is None:
        raise ConfigurationError("learned policies need NumPy; run: pip install 'casewright[retention]'")


def tell_opened(policies: ServedPolicies, rules: RetentionRules) -> None:
    """Log what serves here, and what cannot be read."""
    parts = {
        name: None if (part := getattr(policies, name)) is None else part.version
        for name in ("champion", "challenger", "risk", "acceptance")
    }
    log = get_logger()
    for name, problem in policies.unread.items():
        log.error("outreach goes on without what cannot be read", setting=name, problem=problem)
    log.info(
        "outreach opened",
        **parts,
        missing=policies.missing,
        budget_minor=rules.budget_minor,
        period_start=rules.period_start.isoformat(),
        forces_baseline=rules.forces_baseline,
    )
