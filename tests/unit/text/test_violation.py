"""A violation carries no words of the text."""

from dataclasses import fields

from casewright.text.violation import ShieldRule, Violation


def test_violation_holds_rule_and_span_only() -> None:
    assert [field.name for field in fields(Violation)] == ["rule", "start", "end"]


def test_rule_codes_are_stable() -> None:
    assert {rule.value for rule in ShieldRule} == {
        "credential_ask", "promise", "payment_request", "unofficial_channel", "unsupported_fact", "missing_element", "wrong_language",
        "length", "abuse", "markup", "hidden_text", "leakage",
    }  # fmt: skip
