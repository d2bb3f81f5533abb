"""The configuration of a training, read from YAML over the packaged defaults (train.yaml).

Invariant: every value has a default that is documented there; an unknown name, and a value of another kind
or out of range, is told with its place, all at once, and nothing is guessed.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from casewright.domain.errors import ConfigurationError
from casewright.learning.retention.duals import DualRule
from casewright.learning.retention.ppo import PpoConfig
from casewright.learning.retention.training_ranges import range_problems

_DEFAULTS = "train.yaml"


@dataclass(frozen=True, slots=True)
class DualConfig:
    """Of both multipliers; see train.yaml."""

    rule: DualRule = DualRule.PID
    budget_unit: float = 1.0
    complaint_unit: float = 20.0
    kp: float = 0.1
    ki: float = 0.05
    kd: float = 0.0
    smoothing: float = 0.5
    start: float = 1.0
    rate: float = 0.05


@dataclass(frozen=True, slots=True)
class TuningConfig:
    """Of the deployed prices; see train.yaml."""

    copies: int = 4
    rounds: int = 24
    headroom: float = 0.056
    budgets: tuple[float, ...] = (1.0,)


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """A whole training; see train.yaml."""

    customers: int = 8000
    budget_share: float = 1.0
    complaint_share: float = 1.0
    redraws_world: bool = True
    critic_sees_hidden: bool = True
    has_baseline: bool = True
    takes_out_luck: bool = True
    ppo: PpoConfig = field(default_factory=PpoConfig)
    duals: DualConfig = field(default_factory=DualConfig)
    tuning: TuningConfig = field(default_factory=TuningConfig)

    def as_document(self) -> dict[str, Any]:
        """As it would stand in YAML or JSON."""
        return asdict(self)


_PARTS: dict[str, type[PpoConfig] | type[DualConfig] | type[TuningConfig]] = {
    "ppo": PpoConfig,
    "duals": DualConfig,
    "tuning": TuningConfig,
}


def read_training_config(path: Path | None = None) -> TrainingConfig:
    """The packaged defaults, with what the file changes. Raises ConfigurationError with every problem."""
    packaged = resources.files("casewright.learning.retention").joinpath(_DEFAULTS).read_text("utf-8")
    document = _parse(packaged, _DEFAULTS)
    problems: list[str] = []
    if path is not None:
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError:
            raise ConfigurationError(f"{path} cannot be read: there is no such file") from None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{path} cannot be read: {error}") from None
        document = _merge(document, _parse(text, str(path)), "", problems)
    _refuse(path, [*problems, *_problems_of(document)])
    parts = {name: _build(kind, document.pop(name), name) for name, kind in _PARTS.items()}
    config: TrainingConfig = _build(TrainingConfig, {**document, **parts}, "")
    return config


def check_training_config(config: TrainingConfig) -> None:
    """Raises ConfigurationError with every value that is out of range."""
    _refuse(None, list(_problems_of(config.as_document())))


def _problems_of(document: dict[str, Any]) -> Iterator[str]:
    yield from range_problems(document)
    if 1.0 not in document["tuning"]["budgets"]:
        yield "tuning, budgets: 1.0 has to be among them; its prices are those that serve"
    if document["duals"]["rule"] not in list(DualRule):
        yield f"duals, rule: {document['duals']['rule']!r} is none of {', '.join(DualRule)}"


def _refuse(path: Path | None, problems: list[str]) -> None:
    if problems:
        raise ConfigurationError(f"{path or 'the configuration'}: {'; '.join(problems)}")


def _parse(text: str, where: str) -> dict[str, Any]:
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{where} is not YAML: {error}") from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise ConfigurationError(f"{where}: names and values are needed, as in the packaged {_DEFAULTS}")
    return document


def _merge(
    defaults: dict[str, Any], changes: dict[str, Any], where: str, problems: list[str]
) -> dict[str, Any]:
    """The defaults with the changes that are of the right kind; what is wrong with the others is added."""
    merged = dict(defaults)
    for name, value in changes.items():
        place = f"{where}, {name}" if where else str(name)
        if name not in defaults:
            problems.append(f"{place} is unknown; there are {', '.join(defaults)}")
        elif not isinstance(defaults[name], dict):
            try:
                merged[name] = _as_default(value, defaults[name], place)
            except ConfigurationError as error:
                problems.append(error.message)
        elif isinstance(value, dict):
            merged[name] = _merge(defaults[name], value, place, problems)
        else:
            problems.append(f"{place} holds names and values")
    return merged


def _as_default(value: Any, default: Any, where: str) -> Any:
    """The value, if it is of its default's kind."""
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(default):
        raise ConfigurationError(f"{where} has to be like {default!r}, not {value!r}")
    return [_as_default(each, default[0], where) for each in value] if isinstance(value, list) else value


def _build(kind: Any, values: dict[str, Any], where: str) -> Any:
    known = {each.name for each in fields(kind)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise ConfigurationError(f"{where or 'configuration'}: {', '.join(unknown)} unknown")
    typed: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    if "rule" in typed:
        typed["rule"] = DualRule(typed["rule"])
    return kind(**typed)
