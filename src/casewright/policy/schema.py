"""FactSchema: the names and domains of the facts a policy may read.

Invariant: a fact is a bool, an int, a value of a closed enumeration, or unknown (None); never text, never a
float. So nothing a customer writes can reach a decision except through a typed fact. This module checks
facts; it does not gather them.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from casewright.domain.decision import Value
from casewright.domain.errors import PolicyError

UNKNOWN = "unknown"


class Kind(StrEnum):
    BOOL = "bool"
    INT = "int"
    ENUM = "enum"


@dataclass(frozen=True, slots=True)
class Domain:
    """The values one fact or outcome may take. `values` (of an enum) keep their declared order."""

    kind: Kind
    values: tuple[str, ...] = ()
    is_optional: bool = False
    minimum: int | None = None
    maximum: int | None = None

    def describe(self) -> str:
        """The domain in words: `bool`, `int from 0`, `one of a, b; or unknown`."""
        if self.kind is Kind.ENUM:
            text = "one of " + ", ".join(self.values)
        elif self.kind is Kind.INT:
            text = "int"
            text += f" from {self.minimum}" if self.minimum is not None else ""
            text += f" to {self.maximum}" if self.maximum is not None else ""
        else:
            text = "bool"
        return f"{text}; or unknown" if self.is_optional else text

    def holds(self, value: object) -> bool:
        """Whether the value belongs to the domain; None does where the domain is optional."""
        if value is None:
            return self.is_optional
        if self.kind is Kind.BOOL:
            return isinstance(value, bool)
        if self.kind is Kind.ENUM:
            return isinstance(value, str) and str(value) in self.values
        if isinstance(value, bool) or not isinstance(value, int):
            return False
        return (self.minimum is None or value >= self.minimum) and (
            self.maximum is None or value <= self.maximum
        )


BOOL = Domain(Kind.BOOL)


@dataclass(frozen=True, slots=True)
class FactSchema:
    """Domains by fact name. `facts_type` is the dataclass they were read from, where there is one."""

    domains: Mapping[str, Domain]
    facts_type: type | None = None

    @classmethod
    def from_dataclass(cls, facts_type: type) -> "FactSchema":
        """Read a facts dataclass: bool, int, StrEnum, and each of them `| None` for "may be unknown".

        `field(metadata={"min": 0, "max": 100})` bounds an int. Any other type raises PolicyError.
        """
        hints = typing.get_type_hints(facts_type)
        domains: dict[str, Domain] = {}
        for item in dataclasses.fields(facts_type):
            domain = _domain_of(hints[item.name], item.metadata)
            if domain is None:
                raise PolicyError(
                    f"{facts_type.__name__}.{item.name}: a fact is bool, int or a StrEnum, or one of them "
                    "| None. Turn text into a value of a closed enumeration."
                )
            domains[item.name] = domain
        return cls(domains, facts_type)

    def read_facts(self, document: Mapping[str, object]) -> tuple[dict[str, Value], list[str]]:
        """Facts from outside (JSON), checked: (facts, what is wrong with them in words).

        A fact left out is unknown where it may be unknown, and a fault elsewhere.
        """
        faults = [f"{name!r} is not a fact of this desk" for name in document if name not in self.domains]
        facts: dict[str, Value] = {}
        for name, domain in self.domains.items():
            value = document.get(name)
            if domain.holds(value):
                facts[name] = typing.cast(Value, value)
            elif name in document:
                faults.append(f"{name!r} is {value!r}; it must be {domain.describe()}")
            else:
                faults.append(f"{name!r} is missing; it must be {domain.describe()}")
        return facts, faults

    def values_of(self, facts: object) -> dict[str, Value]:
        """Plain JSON-ready values of a facts object (or mapping), in the schema's order."""
        if isinstance(facts, Mapping):
            found = {name: facts.get(name) for name in self.domains}
        else:
            found = {name: getattr(facts, name) for name in self.domains}
        return {name: str(value) if isinstance(value, str) else value for name, value in found.items()}


def _domain_of(hint: object, metadata: Mapping[str, object]) -> Domain | None:
    is_optional = False
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        inner = [part for part in typing.get_args(hint) if part is not type(None)]
        if len(inner) != 1:
            return None
        hint, is_optional = inner[0], True
    if hint is bool:
        return Domain(Kind.BOOL, is_optional=is_optional)
    if hint is int:
        low, high = metadata.get("min"), metadata.get("max")
        return Domain(
            Kind.INT,
            is_optional=is_optional,
            minimum=low if isinstance(low, int) else None,
            maximum=high if isinstance(high, int) else None,
        )
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Domain(Kind.ENUM, tuple(member.value for member in hint), is_optional)
    return None
