"""The golden and adversarial cases of the retention desk: outcome, offer, cost, reasons and words as written by hand."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from casewright.bootstrap import load_desk, load_ruleset, read_ruleset_source
from casewright.desks.retention.deciding import Decided, decide_proposal
from casewright.desks.retention.replies import check_message, write_message
from casewright.desks.retention.situation import Consent, Offer, OutreachChannel, OwnLimits, Situation
from casewright.domain.case import Language
from casewright.domain.outreach import ContactHistory, CustomerProfile, Plan, RetentionProposal
from casewright.policy.proof import prove_policy
from casewright.policy.schema import FactSchema

CASES = Path(__file__).parents[2] / "src" / "casewright" / "desks" / "retention" / "cases"
GOLDEN, ADVERSARIAL = (
    yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8")) for name in ("golden", "adversarial")
)
EVERY = [*GOLDEN, *ADVERSARIAL]
RULESET = load_ruleset("retention", date(2026, 6, 1))
USUAL: Mapping[str, Any] = {
    "consent": "given",
    "is_unsubscribed": False,
    "channel": "sms",
    "time_zone": "Asia/Dhaka",
    "budget_left_minor": 100_000,
    "has_complaint_room": True,
}


def read_situation(case: Mapping[str, Any]) -> Situation:
    given = {**USUAL, **case.get("situation", {})}
    limits = dict(case.get("limits", {}))
    limits["highest_offer"] = Offer(limits.get("highest_offer", "level_3"))
    given["consent"] = given["consent"] and Consent(given["consent"])
    given["channel"] = given["channel"] and OutreachChannel(given["channel"])
    return Situation(**given, limits=OwnLimits(**limits))


def decide(case: Mapping[str, Any]) -> Decided:
    spend, risk = case.get("spend", 7_000), case.get("risk", 0.6)
    profile = None if case.get("customer") == "unknown" else CustomerProfile(risk, 10, Plan.MONTHLY, spend)
    is_learned = "propose" in case
    level = case["propose" if is_learned else "baseline"]
    proposal = RetentionProposal(
        None if level == "none" else level, case.get("followup", 28), 0.5, "hand", is_learned=is_learned
    )
    as_of = datetime.fromisoformat(case.get("as_of", "2026-06-01T06:00:00Z"))
    history = ContactHistory(**case.get("history", {}))
    return decide_proposal(profile, history, read_situation(case), proposal, RULESET, as_of)


@pytest.mark.parametrize("case", EVERY, ids=[case["id"] for case in EVERY])
def test_case(case: Mapping[str, Any]) -> None:
    decided, expected = decide(case), case["expected"]
    assert decided.outcome == expected["outcome"], decided.reasons
    assert decided.offer_level == expected.get("offer")
    assert decided.is_contact is (expected["outcome"] == "contact")
    if "cost" in expected or not decided.is_contact:
        assert decided.worst_case_cost_minor == expected.get("cost", 0)
    if "reasons" in expected:
        said = [reason for reason in decided.reasons if not reason.startswith("followup")]
        assert said == expected["reasons"]
    if "followup" in expected:
        assert decided.followup_days == expected["followup"]
    put_off = datetime.fromisoformat(expected["not_before"]) if "not_before" in expected else None
    assert decided.not_before == put_off
    if "says" in expected:
        message = write_message(decided, Language.EN, RULESET)
        assert message is not None
        assert list(message.applied_disclaimers) == expected["says"]
        assert check_message(message.text, message) == ()


def test_every_clause_that_a_table_cites_has_a_case() -> None:
    cited = {row.clause for table in RULESET.policy.parsed.tables for row in table.rows}
    assert cited - {case["rule"] for case in EVERY} - {"RTN-1.4"} == set()


def test_every_reason_of_the_tables_has_a_case() -> None:
    """All but one: quiet hours never last longer than the longest deferral by the policy's numbers."""
    tables = RULESET.policy.parsed.tables
    reasons = {
        row.reason for table in tables for row in (*table.rows, *((table.unknown,) if table.unknown else ()))
    }
    seen = {row.reason for case in EVERY for row in decide(case).decision.fired}
    assert reasons - seen == {"quiet_too_long"}


def test_case_ids_are_unique() -> None:
    ids = [case["id"] for case in EVERY]
    assert len(ids) == len(set(ids))


def test_no_row_lets_a_contact_through_against_a_clause() -> None:
    source = read_ruleset_source("retention")
    proof = prove_policy(source, FactSchema.from_dataclass(load_desk("retention").facts_type))
    assert proof.problems == ()
    assert proof.holds


@pytest.mark.parametrize(
    ("table", "row", "spoiled", "invariant"),
    [
        ("clearance", "{id: never_asked, when: {consent: unknown}, then: {is_blocked: true}", "{id: never_asked, when: {consent: unknown}, then: {is_blocked: false}", "only_with_consent"),
        ("clearance", "{id: too_soon, when: {days_since_contact: \"< @cooldown_days\"}, then: {is_blocked: true}", "{id: too_soon, when: {days_since_contact: \"< 7\"}, then: {is_blocked: true}", "never_within_the_cooldown"),
        ("clearance", "{proposal_source: learned, is_kill_switch_on: true},\n     then: {is_blocked: true}", "{proposal_source: learned, is_kill_switch_on: true},\n     then: {is_blocked: false}", "stopped_policy_does_not_act"),
        ("ceiling", "when: {affordable: level_1}, then: {ceiling: level_1}", "when: {affordable: level_1}, then: {ceiling: level_3}", "level_1_is_all_that_is_left"),
        ("offer", "when: {proposal: level_0}, then: {offer: level_0}", "when: {proposal: level_0}, then: {offer: level_1}", "help_stays_help"),
        ("offer", "when: {proposal: none}, then: {offer: none}", "when: {proposal: none}, then: {offer: level_0}", "only_what_was_proposed"),
        ("outcome", "when: {is_quiet_hour: false}, then: {outcome: contact}", "then: {outcome: contact}", "never_in_quiet_hours"),
        ("words", "when: {outcome: [contact, deferred], offer: [level_1, level_2, level_3]}", "when: {outcome: [contact, deferred], offer: level_3}", "every_discount_says_its_terms"),
    ],
)  # fmt: skip
def test_a_spoiled_row_breaks_its_invariant(table: str, row: str, spoiled: str, invariant: str) -> None:
    source = read_ruleset_source("retention")
    text = source.files[f"{table}.yaml"]
    assert text.count(row) == 1
    files = {**source.files, f"{table}.yaml": text.replace(row, spoiled)}
    proof = prove_policy(
        type(source)("retention", files), FactSchema.from_dataclass(load_desk("retention").facts_type)
    )
    assert any(invariant in problem.place for problem in proof.problems if problem.code == "broken_invariant")
