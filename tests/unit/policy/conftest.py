"""The returns example: a small desk's facts, and its policy read from the folder beside this file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pytest

from casewright.policy.document import RulesetSource
from casewright.policy.schema import FactSchema


class ReturnReason(StrEnum):
    DAMAGED = "damaged"
    DEFECTIVE = "defective"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    NOT_AS_DESCRIBED = "not_as_described"
    CHANGED_MIND = "changed_mind"
    LATE_DELIVERY = "late_delivery"


class Category(StrEnum):
    GENERAL = "general"
    ELECTRONICS = "electronics"
    PERISHABLE = "perishable"
    PERSONAL_CARE = "personal_care"


@dataclass(frozen=True, slots=True)
class ReturnsFacts:
    reason: ReturnReason = ReturnReason.CHANGED_MIND
    category: Category = Category.GENERAL
    is_final_sale: bool = False
    is_delivered: bool = True
    days_since_delivery: int | None = field(default=5, metadata={"min": 0})
    has_evidence: bool = True
    amount_minor: int = field(default=2500, metadata={"min": 0})
    refunds_in_30_days: int = field(default=0, metadata={"min": 0})
    has_fraud_signal: bool = False


@pytest.fixture(scope="session")
def returns_facts() -> type[ReturnsFacts]:
    return ReturnsFacts


@pytest.fixture(scope="session")
def returns_schema() -> FactSchema:
    return FactSchema.from_dataclass(ReturnsFacts)


@pytest.fixture(scope="session")
def returns_source() -> RulesetSource:
    folder = Path(__file__).parent / "returns"
    return RulesetSource("returns", {path.name: path.read_text("utf-8") for path in folder.iterdir()})


Edit = Callable[..., RulesetSource]


@pytest.fixture(scope="session")
def edited(returns_source: RulesetSource) -> Edit:
    """The returns policy with one text replaced in one file: edited(file, old, new)."""

    def edit(name: str, old: str, new: str) -> RulesetSource:
        text = returns_source.files[name]
        assert text.count(old) == 1, f"{old!r} must stand once in {name}"
        return RulesetSource("returns", {**returns_source.files, name: text.replace(old, new)})

    return edit


@pytest.fixture(scope="session")
def without_row(returns_source: RulesetSource) -> Callable[[str, str], RulesetSource]:
    """The returns policy with one row removed: without_row(file, row id)."""

    def remove(name: str, row: str) -> RulesetSource:
        parts = returns_source.files[name].split("  - {id: ")
        kept = [part for part in parts if not part.startswith(f"{row},")]
        assert len(kept) == len(parts) - 1
        return RulesetSource("returns", {**returns_source.files, name: "  - {id: ".join(kept)})

    return remove
