"""Cells: what a row says about one fact, and the region of the fact's domain that it takes.

    true · 3 · damaged          a constant            "@limit"              the parameter's value
    [damaged, defective]        any of these          "not damaged"         any known value but this
    ">= @high"  "< 3"           a comparison          ">= 3 and < @high"    a range
    unknown                     the fact is missing   "not unknown"         the fact is known

Nothing else: anything cleverer is a named fact. A cell that does not say `unknown` never matches a missing
fact. An enumeration with a member spelled `unknown` is missing in that word too: the cell `unknown` takes
both.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casewright.domain.decision import Value
from casewright.policy.parameters import ParameterValue
from casewright.policy.schema import UNKNOWN, Domain, Kind

_WORD = re.compile(r"^[A-Za-z_][A-Za-z0-9_.:-]*$")
_INTEGER = re.compile(r"^-?[0-9][0-9_]*$")
_NAME = re.compile(r"^@[A-Za-z_][A-Za-z0-9_]*$")
_COMPARISON = re.compile(r"^(>=|<=|>|<)\s*(\S+)$")
_AND = re.compile(r"\s+and\s+")

Span = tuple[int | None, int | None]
"""Whole numbers from the first (None: any) up to but not including the second (None: any)."""


class CellError(ValueError):
    """A cell that cannot be read or does not fit its fact; `code` is the problem's code."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy


@dataclass(frozen=True, slots=True)
class Reference:
    """`@name`: the value of a parameter."""

    name: str

    def __str__(self) -> str:
        return f"@{self.name}"


Operand = bool | int | str | Reference | None
"""A constant or a reference. None, as the value of an outcome, is `unknown`."""


@dataclass(frozen=True, slots=True)
class Equals:
    """Any of the operands, or any known value but these."""

    operands: tuple[Operand, ...]
    is_negated: bool = False

    def __str__(self) -> str:
        body = ", ".join(show_value(operand) for operand in self.operands)
        body = body if len(self.operands) == 1 else f"[{body}]"
        return f"not {body}" if self.is_negated else body


@dataclass(frozen=True, slots=True)
class Compares:
    """All of the comparisons."""

    tests: tuple[tuple[str, Operand], ...]

    def __str__(self) -> str:
        return " and ".join(f"{operator} {show_value(operand)}" for operator, operand in self.tests)


@dataclass(frozen=True, slots=True)
class IsUnknown:
    """The fact is missing, or is known."""

    is_negated: bool = False

    def __str__(self) -> str:
        return "not unknown" if self.is_negated else UNKNOWN


Term = Equals | Compares | IsUnknown


@dataclass(frozen=True, slots=True)
class Cell:
    """Any of its terms."""

    terms: tuple[Term, ...]

    def __str__(self) -> str:
        text = ", ".join(str(term) for term in self.terms)
        return text if len(self.terms) == 1 else f"[{text}]"

    def references(self) -> set[str]:
        """Names of the parameters that the cell reads."""
        names: set[str] = set()
        for term in self.terms:
            if isinstance(term, Equals):
                names.update(item.name for item in term.operands if isinstance(item, Reference))
            elif isinstance(term, Compares):
                names.update(item.name for _, item in term.tests if isinstance(item, Reference))
        return names


@dataclass(frozen=True, slots=True)
class Region:
    """The part of a domain that a cell takes: named values, or spans of whole numbers; and unknown or not."""

    values: frozenset[bool | str] = frozenset()
    spans: tuple[Span, ...] = ()
    takes_unknown: bool = False

    def holds(self, value: Value) -> bool:
        """Whether the value lies in the region."""
        if value is None:
            return self.takes_unknown
        if self.spans and isinstance(value, int):
            return any(
                (low is None or low <= value) and (high is None or value < high) for low, high in self.spans
            )
        return value in self.values

    def with_unknown(self) -> "Region":
        """The same region, and the missing fact."""
        return Region(self.values, self.spans, takes_unknown=True)


def parse_cell(raw: object) -> Cell:
    """Read a cell from its YAML value. Raises CellError."""
    if isinstance(raw, list):
        if not raw:
            raise CellError("bad_cell", "an empty list matches nothing", "Name a value, or remove the cell.")
        return Cell(tuple(_parse_term(item) for item in raw))
    return Cell((_parse_term(raw),))


def parse_value(raw: object) -> Operand:
    """Read the value of an outcome: a constant, `@parameter`, or `unknown` (None). Raises CellError."""
    if raw is None or raw == UNKNOWN:
        return None
    if isinstance(raw, bool | int):
        return raw
    if isinstance(raw, str):
        return _parse_operand(raw)
    raise CellError("bad_cell", f"`{raw}` is not an outcome", "Write one constant or @parameter.")


def resolve_cell(cell: Cell, domain: Domain, parameters: Mapping[str, ParameterValue]) -> Region:
    """The region that a cell takes of a domain, with the parameters' values put in. Raises CellError."""
    values: set[bool | str] = set()
    spans: list[Span] = []
    takes_unknown = False
    for term in cell.terms:
        if isinstance(term, IsUnknown):
            if term.is_negated:
                values.update(_all_values(domain))
                spans += [(None, None)] if domain.kind is Kind.INT else []
            else:
                _check_may_be_unknown(domain)
                takes_unknown = True
                values.update({UNKNOWN} if UNKNOWN in domain.values else ())
        elif isinstance(term, Compares):
            if domain.kind is not Kind.INT:
                raise CellError(
                    "type_mismatch",
                    f"`{term}` compares a fact that is {domain.describe()}",
                    "Name its values.",
                )
            spans.append(_span_of([(op, resolve_value(item, domain, parameters)) for op, item in term.tests]))
        else:
            chosen = [resolve_value(item, domain, parameters) for item in term.operands]
            if domain.kind is Kind.INT:
                spans += _int_spans([item for item in chosen if isinstance(item, int)], term.is_negated)
            elif term.is_negated:
                values.update(set(_all_values(domain)) - set(chosen))
            else:
                values.update(item for item in chosen if isinstance(item, bool | str))
    if domain.kind is Kind.INT and not spans:
        spans = [(0, 0)]
    return Region(frozenset(values), _merge(spans), takes_unknown)


def resolve_value(operand: Operand, domain: Domain, parameters: Mapping[str, ParameterValue]) -> Value:
    """The operand's value, checked against the domain. Raises CellError."""
    value: Value = parameters.get(operand.name) if isinstance(operand, Reference) else operand
    if isinstance(operand, Reference) and operand.name not in parameters:
        raise CellError(
            "unknown_parameter", f"there is no parameter `{operand.name}`", "Declare it, or correct it."
        )
    if value is None and UNKNOWN in domain.values:
        return UNKNOWN
    if value is None and domain.is_optional:
        return None
    kind_fits = {
        Kind.BOOL: isinstance(value, bool),
        Kind.INT: isinstance(value, int) and not isinstance(value, bool),
        Kind.ENUM: isinstance(value, str),
    }[domain.kind]
    shown = f"{operand} ({show_value(value)})" if isinstance(operand, Reference) else show_value(value)
    if not kind_fits:
        hint = (
            " In YAML, yes, no, on and off are truth values: quote them." if isinstance(value, bool) else ""
        )
        raise CellError("type_mismatch", f"`{shown}` does not fit {domain.describe()}", f"Correct it.{hint}")
    if domain.kind is Kind.ENUM and value not in domain.values:
        raise CellError(
            "unknown_value",
            f"`{shown}` is not {domain.describe()}",
            "Correct the word, or add it to the domain.",
        )
    return value


def show_value(value: object) -> str:
    """A value as a policy file writes it."""
    if value is None:
        return UNKNOWN
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parse_term(raw: object) -> Term:
    if isinstance(raw, bool | int):
        return Equals((raw,))
    if not isinstance(raw, str):
        raise CellError(
            "bad_cell",
            f"`{raw}` is not a cell",
            "Write a constant, a list, a comparison, @parameter or unknown.",
        )
    text = raw.strip()
    if text == UNKNOWN:
        return IsUnknown()
    if text.startswith("not "):
        body = text[4:].strip()
        if body == UNKNOWN:
            return IsUnknown(is_negated=True)
        if body.startswith("[") and body.endswith("]"):
            return Equals(tuple(_parse_operand(part) for part in body[1:-1].split(",")), is_negated=True)
        return Equals((_parse_operand(body),), is_negated=True)
    if text.startswith((">", "<")):
        return Compares(tuple(_parse_comparison(part) for part in _AND.split(text)))
    if _INTEGER.match(text):
        raise CellError("type_mismatch", f"`{text}` is text here", "Write the number without quotes.")
    return Equals((_parse_operand(text),))


def _parse_comparison(text: str) -> tuple[str, Operand]:
    match = _COMPARISON.match(text.strip())
    if match is None:
        raise CellError("bad_cell", f"`{text}` is not a comparison", 'Write ">= 3", or ">= 3 and < @limit".')
    operand = _parse_operand(match.group(2))
    if isinstance(operand, bool) or not isinstance(operand, int | Reference):
        raise CellError(
            "type_mismatch", f"`{text}` compares with a word", "Compare with a number or @parameter."
        )
    return match.group(1), operand


def _parse_operand(text: str) -> Operand:
    text = text.strip()
    if _NAME.match(text):
        return Reference(text[1:])
    if _INTEGER.match(text):
        return int(text.replace("_", ""))
    if text in ("true", "false"):
        return text == "true"
    if _WORD.match(text) and text != UNKNOWN:
        return text
    raise CellError(
        "bad_cell", f"`{text}` is not a constant or @parameter", "Anything cleverer is a named fact."
    )


def _all_values(domain: Domain) -> tuple[bool | str, ...]:
    return (False, True) if domain.kind is Kind.BOOL else domain.values


def _check_may_be_unknown(domain: Domain) -> None:
    if not domain.is_optional and UNKNOWN not in domain.values:
        raise CellError(
            "never_unknown", f"the fact is {domain.describe()}, so it is never unknown", "Remove `unknown`."
        )


def _span_of(tests: Iterable[tuple[str, Value]]) -> Span:
    low: int | None = None
    high: int | None = None
    for operator, value in tests:
        if not isinstance(value, int):
            continue
        if operator.startswith(">"):
            start = value if operator == ">=" else value + 1
            low = start if low is None else max(low, start)
        else:
            end = value if operator == "<" else value + 1
            high = end if high is None else min(high, end)
    return (low, high)


def _int_spans(chosen: list[int], is_negated: bool) -> list[Span]:
    if not is_negated:
        return [(value, value + 1) for value in chosen]
    spans: list[Span] = []
    start: int | None = None
    for value in sorted(set(chosen)):
        if start is None or start < value:
            spans.append((start, value))
        start = value + 1
    return [*spans, (start, None)]


def _merge(spans: list[Span]) -> tuple[Span, ...]:
    """The same whole numbers as ascending, disjoint spans; an empty set is the one span (0, 0)."""
    merged: list[Span] = []
    full = [span for span in spans if span[0] is None or span[1] is None or span[0] < span[1]]
    for low, high in sorted(full, key=lambda span: (span[0] is not None, span[0] or 0)):
        if merged:
            last_low, last_high = merged[-1]
            if last_high is None:
                break
            if low is None or low <= last_high:
                merged[-1] = (last_low, None if high is None else max(high, last_high))
                continue
        merged.append((low, high))
    return tuple(merged) if merged else ((0, 0),) if spans else ()
