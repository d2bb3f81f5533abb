"""The examples of docs/policy.md are one policy that compiles and is proved."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from casewright.policy.document import RulesetSource
from casewright.policy.lint import lint_policy
from casewright.policy.problems import errors_of
from casewright.policy.proof import prove_policy
from casewright.policy.schema import FactSchema

TEXT = (Path(__file__).parents[2] / "docs" / "policy.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
CLAUSES = "\n".join(f"**{number}** Text.\n" for number in ("RET-1.2", "RET-3.1", "RET-5.1", "RET-5.2"))
HIGH_VALUE = "\nhigh_value_minor: {unit: minor units, clause: RET-5.1, values: {2025-01-01: 25000}}\n"


class Reason(StrEnum):
    DAMAGED = "damaged"
    DEFECTIVE = "defective"
    CHANGED_MIND = "changed_mind"


@dataclass(frozen=True, slots=True)
class Facts:
    reason: Reason
    days_since_delivery: int | None
    has_evidence: bool
    is_flagged: bool
    amount_minor: int = field(metadata={"min": 0})


def test_documented_policy_is_clean_and_proved() -> None:
    (markdown,) = [block for kind, block in BLOCKS if kind == "markdown"]
    parameters, eligibility, limits, invariants = [block for kind, block in BLOCKS if kind == "yaml"]
    source = RulesetSource(
        "returns",
        {
            "policy.md": f"{markdown}\n{CLAUSES}",
            "parameters.yaml": parameters + HIGH_VALUE,
            "eligibility.yaml": eligibility,
            "limits.yaml": limits,
            "invariants.yaml": invariants,
        },
    )
    schema = FactSchema.from_dataclass(Facts)
    assert errors_of(lint_policy(source, schema, is_locked=False)) == []
    assert prove_policy(source, schema).problems == ()
