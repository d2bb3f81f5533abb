"""The dispute desk's golden cases are well formed, varied, and enough of each language.

Checks the files only: no reader, rule or reply is run here, so a wrong expectation is not found here either.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

CASES = Path(__file__).parents[2] / "src" / "casewright" / "desks" / "disputes" / "cases"
LEAST = {"en": 75, "bn": 70, "banglish": 75, "adversarial": 30}
ENUMS: dict[str, tuple[object, ...]] = {
    "evidence_verdict": ("consistent", "inconsistent", "insufficient_data"),
    "case_type": (
        "wrong_transfer",
        "payment_failed",
        "refund_request",
        "duplicate_payment",
        "merchant_settlement_delay",
        "agent_cash_in_issue",
        "phishing_or_social_engineering",
        "other",
    ),
    "severity": ("low", "medium", "high", "critical"),
    "department": (
        "customer_support",
        "dispute_resolution",
        "payments_ops",
        "merchant_operations",
        "agent_operations",
        "fraud_risk",
    ),
    "human_review_required": (True, False),
}
FIELDS = {"relevant_transaction_id", *ENUMS}
ROW_TYPES = ("transfer", "payment", "cash_in", "cash_out", "settlement", "refund")
ROW_STATUSES = ("completed", "failed", "pending", "reversed")
FICTIONAL_PHONE = re.compile(r"\+880130000\d{4}")
NEARLY_ONE_FRAME = 0.8


def read_cases(name: str) -> list[dict[str, Any]]:
    cases = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(cases, list)
    return cases


def every_case() -> list[dict[str, Any]]:
    return [case for name in LEAST for case in read_cases(name)]


def frame_of(message: str) -> frozenset[str]:
    """The words of a message, each run of digits masked: two messages of one frame differ in numbers only."""
    text = unicodedata.normalize("NFKC", message).lower()
    text = "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    text = re.sub(r"[0-9০-৯][0-9০-৯.,]*", "#", text)
    return frozenset(word for word in re.split(r"[\s.,!?;:।\"'()-]+", text) if word)


@pytest.mark.parametrize(("name", "least"), LEAST.items())
def test_each_file_holds_enough_cases_of_its_own_language(name: str, least: int) -> None:
    cases = read_cases(name)
    assert len(cases) >= least
    assert all(case["id"].startswith(f"{name}-") for case in cases)
    bangla = [case["id"] for case in cases if re.search(r"[ঀ-৿]{2}", re.sub(r"[০-৯]", "", case["message"]))]
    if name == "bn":
        assert len(bangla) == len(cases)
    elif name in ("en", "banglish"):
        assert bangla == []


def test_case_ids_are_unique() -> None:
    counts = Counter(case["id"] for case in every_case())
    assert [name for name, count in counts.items() if count > 1] == []


def test_every_case_has_the_agreed_keys() -> None:
    required = {"id", "rule", "message", "records", "expected"}
    for case in every_case():
        assert required <= set(case) <= required | {"user_type", "accept"}, case["id"]
        assert case["rule"].strip(), case["id"]
        assert case["message"].strip(), case["id"]
        assert case.get("user_type", "customer") in ("customer", "merchant", "agent", "unknown"), case["id"]


def test_every_row_is_readable_and_plainly_fictional() -> None:
    for case in every_case():
        rows = case["records"] or []
        assert len({row[0] for row in rows}) == len(rows), case["id"]
        for row_id, timestamp, kind, amount, counterparty, status in rows:
            assert re.fullmatch(r"TXN-\d+", row_id), case["id"]
            assert timestamp is None or re.fullmatch(r"2026-\d\d-\d\dT\d\d:\d\d:\d\dZ", timestamp), case["id"]
            assert kind in ROW_TYPES, case["id"]
            assert isinstance(amount, (int, float, str)), case["id"]
            assert status in ROW_STATUSES, case["id"]
            if counterparty is not None and counterparty.startswith("+"):
                assert FICTIONAL_PHONE.fullmatch(counterparty), case["id"]


def test_every_expected_value_is_of_the_public_contract() -> None:
    for case in every_case():
        rows = {row[0] for row in case["records"] or []}
        expected, accept = case["expected"], case.get("accept", {})
        assert set(expected) <= FIELDS, case["id"]
        assert {"relevant_transaction_id", "evidence_verdict", "case_type"} <= set(expected), case["id"]
        assert set(accept) <= set(expected), case["id"]
        for field, value in expected.items():
            values = accept.get(field, [value])
            assert value in values, case["id"]
            allowed = ENUMS.get(field, (None, *rows))
            assert all(one in allowed for one in values), (case["id"], field)


def test_no_row_goes_with_insufficient_data_and_a_row_with_any_other_verdict() -> None:
    for case in every_case():
        expected = case["expected"]
        has_row = expected["relevant_transaction_id"] is not None
        assert has_row == (expected["evidence_verdict"] != "insufficient_data"), case["id"]


def test_at_most_two_cases_share_a_sentence_frame() -> None:
    frames = [(case["id"], frame_of(case["message"])) for case in every_case()]
    crowded = []
    for name, words in frames:
        alike = [
            other for other, others in frames if len(words & others) >= NEARLY_ONE_FRAME * len(words | others)
        ]
        if len(alike) > 2:
            crowded.append((name, alike))
    assert crowded == []
