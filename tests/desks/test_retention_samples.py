"""The sample requests are read as they stand, and each shows something else."""

import json
from importlib import resources

import pytest

from casewright.service.retention_fields import read_body

LINES = (
    resources.files("casewright.desks.retention.samples")
    .joinpath("requests.jsonl")
    .read_text("utf-8")
    .splitlines()
)


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_a_sample_request_is_read(line: str) -> None:
    asked = read_body(json.loads(line))
    assert {"churn_risk", "tenure_months", "plan", "monthly_spend", "contacts_7d"} <= asked.facts.keys()


def test_the_samples_hold_both_shapes_and_both_languages() -> None:
    documents = [json.loads(line) for line in LINES]
    assert {"customer_facts" in document for document in documents} == {True, False}
    assert {"en", "bn"} <= {document.get("language") for document in documents}
    assert {True, False} <= {document.get("consent") for document in documents}
