"""One customer, one decision: dry or live, replayed or refused, on real rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casewright.adapters.journal.opening import load_ledger_key, open_ledger
from casewright.adapters.retention.budget import PeriodBudgets
from casewright.adapters.retention.customers import put_customers
from casewright.adapters.retention.log_export import each_logged
from casewright.adapters.retention.store import StoredOutreach
from casewright.adapters.store.engine import Database, open_database
from casewright.domain.errors import (
    ConfigurationError,
    Conflict,
    MalformedRequest,
    MeaninglessRequest,
    NotFound,
    NotPermitted,
    Unavailable,
)
from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role, Scope
from casewright.ports.outreach import Arm, Keeping, OutcomeReport
from casewright.ports.retention import ActionProbabilities
from casewright.service.retention import Retention
from casewright.service.retention_kit import RetentionKit, ServedPolicies
from casewright.service.retention_opening import open_retention
from casewright.settings import Settings

NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)
AGENT = Principal("usr_1", Role.AGENT, "main", "ses_1", SCOPES_OF_ROLE[Role.AGENT])
BODY: dict[str, Any] = {
    "customer_id": "c1",
    "churn_risk": 0.9,
    "tenure": 5,
    "plan": "monthly",
    "spend": 60,
    "consent": True,
    "channel": "email",
    "timezone": "UTC",
}


class Always:
    """Offers the highest level that is allowed, or the one that is wanted."""

    version = "always"

    def __init__(self, level: int = 3) -> None:
        self._level = level

    def probabilities(self, observation: Sequence[float], allowed: Sequence[bool]) -> ActionProbabilities:
        chosen = max(
            rank for rank, is_allowed in enumerate(allowed) if is_allowed and rank <= self._level + 1
        )
        return ActionProbabilities(tuple(float(rank == chosen) for rank in range(5)), (0.0, 1.0, 0.0, 0.0))


class Desk:
    """The retention desk over an empty database, on a clock that is moved by hand."""

    def __init__(self, url: str, home: Path) -> None:
        self.at = NOON
        self.settings = Settings(home=home)
        self.database: Database = open_database(url)
        key = load_ledger_key(self.database, home, given=None)
        self.ledger = open_ledger(home, key)
        self.opened: list[Retention] = []

    def open(self, policies: ServedPolicies | None = None, **settings: Any) -> Retention:
        chosen = self.settings.model_copy(update=settings)
        desk = open_retention(chosen, self.database, self.ledger, now=lambda: self.at, draw=lambda: 0.5)
        kit: RetentionKit = desk._kit
        found = policies or ServedPolicies(missing="weights_missing")
        self.opened.append(Retention(replace(kit, policies=found), desk.close))
        return self.opened[-1]

    def close(self) -> None:
        for each in self.opened:
            each.close()
        self.ledger.close()
        self.database.close()


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(sqlite_url, tmp_path / "home")
    yield desk
    desk.close()


def codes(answer: Any) -> list[str]:
    return [reason["code"] for reason in answer.document["reasons"]]


def test_the_learned_policy_proposes_and_the_answer_says_which(desk: Desk) -> None:
    answer = desk.open(ServedPolicies(champion=Always())).recommend(AGENT, BODY, "k").document
    assert answer["decision"] == {"contact": True, "offer_level": 3, "followup_days": 14}
    assert answer["policy"] == {"source": "learned", "version": "always", "arm": "champion", "reason": None}
    assert "20%" in answer["message"]
    assert answer["safety"]["violations"] == []
    assert answer["reserved_minor"] > 0


def test_dry_writes_nothing_and_live_is_kept(desk: Desk) -> None:
    retention = desk.open()
    dry = retention.recommend(AGENT, BODY, None).document
    assert (dry["is_live"], dry["decision_id"], dry["reserved_minor"]) == (False, None, 0)
    assert dry["decision"]["contact"]
    assert list(each_logged(desk.database, "main")) == []
    live = retention.recommend(AGENT, BODY, "k").document
    (row,) = each_logged(desk.database, "main")
    assert (row["decision_id"], row["customer_id"], row["draw"]) == (live["decision_id"], "c1", 0.5)
    assert row["obs_tenure"] == pytest.approx(5 / 72)


def test_a_key_gives_its_answer_for_ever_and_no_other(desk: Desk) -> None:
    retention = desk.open()
    first = retention.recommend(AGENT, BODY, "k")
    desk.at += timedelta(days=100)
    again = retention.recommend(AGENT, dict(reversed(BODY.items())), "k")
    assert (again.document, again.is_replayed, first.is_replayed) == (first.document, True, False)
    with pytest.raises(Conflict) as refused:
        retention.recommend(AGENT, {**BODY, "churn_risk": 0.1}, "k")
    assert refused.value.code == "idempotency_key_reused"
    with pytest.raises(MalformedRequest):
        retention.recommend(AGENT, BODY, "no blanks here")


def test_a_key_is_its_subject_s_own(desk: Desk) -> None:
    retention = desk.open()
    first = retention.recommend(AGENT, BODY, "k").document
    other = retention.recommend(
        replace(AGENT, subject_id="usr_2"), {**BODY, "customer_id": "c2"}, "k"
    ).document
    assert first["decision_id"] != other["decision_id"]


def test_cooldown_and_caps_are_counted_here(desk: Desk) -> None:
    retention = desk.open(ServedPolicies(champion=Always()))
    contacts = []
    for day in (*range(0, 60, 2), 100, 150, 181, 182, 183, 195, 196):
        desk.at = NOON + timedelta(days=day)
        answer = retention.recommend(AGENT, BODY, f"k{day}").document
        if answer["decision"]["contact"]:
            contacts.append(day)
    assert contacts[:4] == [0, 14, 28, 42]
    assert contacts[4:] == [182, 196]  # the first no longer counts, then the second


def test_live_fails_closed_where_a_dry_one_assumes(desk: Desk) -> None:
    retention = desk.open()
    bare = {name: BODY[name] for name in ("churn_risk", "tenure", "plan", "spend")}
    dry = retention.recommend(AGENT, bare, None)
    assert dry.document["decision"]["contact"]
    assert dry.document["assumed"] == ["consent", "channel", "timezone"]
    live = retention.recommend(AGENT, bare, "k")
    assert not live.document["decision"]["contact"]
    assert {"consent_unknown", "channel_unknown", "time_zone_unknown"} <= set(codes(live))


def test_equal_facts_without_an_id_are_one_customer(desk: Desk) -> None:
    retention = desk.open()
    facts = {name: value for name, value in BODY.items() if name != "customer_id"}
    assert retention.recommend(AGENT, facts, "k1").document["decision"]["contact"]
    again = retention.recommend(AGENT, facts, "k2")
    assert "cooldown" in codes(again)
    assert retention.recommend(AGENT, {**facts, "tenure": 6}, "k3").document["decision"]["contact"]


def test_an_imported_customer_is_known_by_id(desk: Desk) -> None:
    retention = desk.open()
    with pytest.raises(NotFound):
        retention.recommend(AGENT, {"customer_id": "c1"}, None)
    facts = {"churn_risk": 0.9, "consent": True, "channel": "sms", "timezone": "UTC", "monthly_spend": 6000}
    put_customers(desk.database, "main", [("c1", facts, {})], at=NOON)
    assert retention.recommend(AGENT, {"customer_id": "c1"}, "k").document["decision"]["contact"]
    put_customers(desk.database, "main", [("c2", {**facts, "consent": False}, {})], at=NOON)
    refused = retention.recommend(AGENT, {"customer_id": "c2", "consent": True}, "k2")
    assert "consent_withdrawn" in codes(refused)


def test_the_risk_model_predicts_where_no_risk_is_given(desk: Desk) -> None:
    class Risk:
        version = "risk-1"

        def predict(self, features: dict[str, float | str]) -> float:
            assert features["Contract"] == "Month-to-month"
            assert features["tenure_months"] == 5.0
            return 0.75

        def remarks(self, features: Mapping[str, float | str]) -> dict[str, str]:
            return {name: "not_read" for name in features if name != "Contract"}

    body = {name: value for name, value in BODY.items() if name != "churn_risk"}
    body["features"] = {"Contract": "Month-to-month"}
    with pytest.raises(MeaninglessRequest) as refused:
        desk.open().recommend(AGENT, body, None)
    assert refused.value.code == "churn_risk_needed"
    answer = desk.open(ServedPolicies(risk=Risk())).recommend(AGENT, body, None).document
    assert (answer["scores"]["p_churn"], answer["models"]["risk"]) == (0.75, "risk-1")
    assert answer["assumed"] == []
    body["features"] = {"Contract": "Month-to-month", "colour": "red", "a b": 1}
    answer = desk.open(ServedPolicies(risk=Risk())).recommend(AGENT, body, None).document
    assert answer["assumed"] == ["features.?:not_read", "features.colour:not_read"]


def test_columns_beside_a_given_risk_are_said_not_to_count(desk: Desk) -> None:
    answer = desk.open().recommend(AGENT, {**BODY, "features": {"tenure": 3}}, "k").document
    assert answer["assumed"] == ["features.tenure:not_read"]


def test_the_shipped_risk_model_names_columns_that_cannot_be_and_kinds_it_never_saw(desk: Desk) -> None:
    pytest.importorskip("numpy")
    retention = open_retention(
        desk.settings, desk.database, desk.ledger, now=lambda: desk.at, draw=lambda: 0.5
    )
    desk.opened.append(retention)
    bare = {name: value for name, value in BODY.items() if name != "churn_risk"}
    wrong = {"services": "many", "tenure_months": -1, "monthly_spend": -0.5}
    with pytest.raises(MeaninglessRequest) as refused:
        retention.recommend(AGENT, {**bare, "features": wrong}, None)
    assert refused.value.code == "invalid_arguments"
    for told in (
        "features.services: is a number for the risk model",
        "features.tenure_months: lies at 0 or above",
        "features.monthly_spend: lies at 0 or above",
    ):
        assert told in refused.value.message
    asked = {**bare, "features": {"plan": "by the hour", "colour": "red", "tier": "basic"}}
    answer = retention.recommend(AGENT, asked, None).document
    assert answer["assumed"] == ["features.colour:not_read", "features.plan:unknown_kind"]


def test_the_switch_and_the_setting_leave_the_baseline(desk: Desk) -> None:
    policies = ServedPolicies(champion=Always())
    retention = desk.open(policies)
    store = StoredOutreach(desk.database, desk.ledger, "main")

    def source(opened: Retention, body: dict[str, Any] = BODY) -> tuple[str, str | None]:
        answer = opened.recommend(AGENT, body, None).document
        return answer["policy"]["source"], answer["policy"]["reason"]

    assert source(retention) == ("learned", None)
    store.set_switch(is_on=True, by="test", at=NOON)
    assert source(retention) == ("baseline", "kill_switch_on")
    store.set_switch(is_on=False, by="test", at=NOON)
    assert source(retention) == ("learned", None)
    assert source(desk.open(policies, force_baseline=True)) == ("baseline", "kill_switch_on")
    forced = {**BODY, "policy_overrides": {"force_baseline": True}}
    assert source(retention, forced) == ("baseline", "baseline_asked_for")
    store.set_switch(is_on=True, by="test", at=NOON)
    assert source(retention, forced) == ("baseline", "kill_switch_on")
    store.set_switch(is_on=False, by="test", at=NOON)
    assert source(desk.open()) == ("baseline", "weights_missing")


@pytest.mark.parametrize("overrides", [{}, {"force_baseline": True}])
def test_what_cannot_be_read_leaves_the_baseline_and_asks_for_the_risk_only(
    desk: Desk, tmp_path: Path, overrides: dict[str, Any]
) -> None:
    pytest.importorskip("numpy")
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"prose")
    chosen = desk.settings.model_copy(update={"retention_policy": broken, "retention_risk_model": broken})
    retention = open_retention(
        chosen, desk.database, desk.ledger, now=lambda: desk.at, draw=lambda: 0.5, serves=True
    )
    desk.opened.append(retention)
    answer = retention.recommend(AGENT, {**BODY, "policy_overrides": overrides}, None).document
    reason = "baseline_asked_for" if overrides else "policy_unusable"
    assert (answer["policy"]["source"], answer["policy"]["reason"]) == ("baseline", reason)
    bare = {name: value for name, value in BODY.items() if name != "churn_risk"}
    with pytest.raises(Unavailable) as refused:
        retention.recommend(AGENT, bare, None)
    assert refused.value.code == "risk_model_unusable"
    assert "CASEWRIGHT_RETENTION_RISK_MODEL" in refused.value.message
    with pytest.raises(ConfigurationError):
        open_retention(chosen, desk.database, desk.ledger)


def test_overrides_narrow_and_never_widen(desk: Desk) -> None:
    retention = desk.open(ServedPolicies(champion=Always()))
    low = retention.recommend(AGENT, {**BODY, "policy_overrides": {"max_offer_level": 0}}, None).document
    assert (low["decision"]["offer_level"], low["overrides"]["applied"]) == (0, ["max_offer_level"])
    poor = retention.recommend(AGENT, {**BODY, "policy_overrides": {"budget": 0}}, None)
    assert "budget_exhausted" in codes(poor)
    wide = {**BODY, "days_since_last_contact": 5, "policy_overrides": {"cooldown_days": 1, "weekly_cap": 9}}
    refused = retention.recommend(AGENT, wide, None)
    assert {"cooldown", "weekly_limit_reached"} <= set(codes(refused))
    assert refused.document["overrides"]["ignored"] == ["cooldown_days", "max_contacts_7d"]
    assert "override_ignored_cooldown_days" in refused.document["safety"]["violations"]


def test_the_budget_is_spent_to_its_end_and_not_beyond(desk: Desk) -> None:
    retention = desk.open(ServedPolicies(champion=Always()), retention_budget_minor=10_000)
    reserved = []
    for number in range(40):
        answer = retention.recommend(AGENT, {**BODY, "customer_id": f"c{number}"}, f"k{number}").document
        reserved.append(answer["reserved_minor"])
    assert sum(reserved) <= 10_000
    assert 10_000 - sum(reserved) < 2 * 300  # crumbs: less than help costs, in a slice and in the period
    assert reserved[-1] == 0


def test_a_period_has_a_budget_of_its_own(desk: Desk) -> None:
    retention = desk.open(retention_budget_minor=2_000)
    first = [retention.recommend(AGENT, {**BODY, "customer_id": f"a{n}"}, f"a{n}") for n in range(6)]
    assert not first[-1].document["decision"]["contact"]
    desk.at += timedelta(days=182)
    later = retention.recommend(AGENT, {**BODY, "customer_id": "b"}, "b")
    assert later.document["decision"]["contact"]


def test_no_contact_once_complaints_have_reached_their_cap(desk: Desk) -> None:
    retention = desk.open(retention_complaint_cap=1, retention_complaint_permille=1)
    first = retention.recommend(AGENT, BODY, "k").document
    assert first["decision"]["contact"]
    retention.report_outcome(AGENT, first["decision_id"], OutcomeReport(has_complained=True))
    refused = retention.recommend(AGENT, {**BODY, "customer_id": "c2"}, "k2")
    assert "complaint_cap_reached" in codes(refused)


def test_who_unsubscribed_is_not_contacted_again(desk: Desk) -> None:
    retention = desk.open()
    first = retention.recommend(AGENT, BODY, "k").document
    retention.report_outcome(AGENT, first["decision_id"], OutcomeReport(has_unsubscribed=True))
    desk.at += timedelta(days=60)
    assert "unsubscribed" in codes(retention.recommend(AGENT, BODY, "k2"))
    assert "unsubscribed" in codes(retention.recommend(AGENT, BODY, None))


def test_arms_stay_and_the_holdout_is_left_in_peace(desk: Desk) -> None:
    policies = ServedPolicies(champion=Always(3), challenger=Always(0))
    retention = desk.open(policies, retention_challenger_share=0.5, retention_holdout_share=0.1)
    arms: dict[str, list[int | None]] = {arm.value: [] for arm in Arm}
    for number in range(200):
        body = {**BODY, "customer_id": f"c{number}"}
        answer = retention.recommend(AGENT, body, None).document
        assert retention.recommend(AGENT, body, None).document["policy"]["arm"] == answer["policy"]["arm"]
        arms[answer["policy"]["arm"]].append(answer["decision"]["offer_level"])
    assert set(arms["champion"]) == {3}
    assert set(arms["challenger"]) == {0}
    assert set(arms["holdout"]) == {None}
    assert 60 < len(arms["challenger"]) < 140
    assert 5 < len(arms["holdout"]) < 45
    off = desk.open(policies)
    assert {
        off.recommend(AGENT, {**BODY, "customer_id": f"c{n}"}, None).document["policy"]["arm"]
        for n in range(50)
    } == {"champion"}


def test_quiet_hours_put_it_off_and_reserve_nothing(desk: Desk) -> None:
    retention = desk.open()
    answer = retention.recommend(AGENT, {**BODY, "timezone": "Asia/Tokyo"}, "k").document  # 21:00 there
    assert (answer["outcome"], answer["not_before"]) == ("deferred", "2026-08-04T00:00:00+00:00")
    assert (answer["decision"]["contact"], answer["reserved_minor"], answer["message"]) == (False, 0, "")


def test_who_collides_decides_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    retention, rival = desk.open(), desk.open()
    keep = StoredOutreach.keep
    calls: list[Keeping] = []

    def keep_after_rival(store: StoredOutreach, decision: Any) -> Keeping:
        if not calls:
            calls.append(Keeping.COLLIDED)
            rival.recommend(AGENT, BODY, "rival")
        calls.append(keep(store, decision))
        return calls[-1]

    monkeypatch.setattr(StoredOutreach, "keep", keep_after_rival)
    answer = retention.recommend(AGENT, BODY, "k")
    assert Keeping.COLLIDED in calls[1:]
    assert not answer.document["decision"]["contact"]
    assert "cooldown" in codes(answer)


def test_a_recalled_slice_is_replaced(desk: Desk) -> None:
    retention = desk.open(retention_budget_minor=100_000)
    retention.recommend(AGENT, BODY, "k1")
    budgets = PeriodBudgets(desk.database, desk.ledger, "main")
    state = budgets.period(datetime(2026, 7, 2, tzinfo=UTC).date())
    assert state is not None
    budgets.set_budget(replace(state, budget_minor=50_000), by="test", at=NOON)
    assert retention.recommend(AGENT, {**BODY, "customer_id": "c2"}, "k2").document["decision"]["contact"]


@pytest.mark.parametrize(
    ("principal", "key"),
    [
        (replace(AGENT, role=Role.CUSTOMER), None),
        (replace(AGENT, scopes=frozenset({Scope.PROPOSE})), None),
        (replace(AGENT, scopes=frozenset({Scope.READ, Scope.PROPOSE})), "k"),
    ],
)
def test_only_staff_with_the_scope(desk: Desk, principal: Principal, key: str | None) -> None:
    with pytest.raises(NotPermitted):
        desk.open().recommend(principal, BODY, key)


def test_words_that_the_shield_refuses_make_no_contact(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from casewright.service import retention as module
    from casewright.text.violation import ShieldRule, Violation

    refuse: Callable[..., Any] = lambda *_: (Violation(ShieldRule.PROMISE, 0, 1),)  # noqa: E731
    monkeypatch.setattr(module, "check_message", refuse)
    answer = desk.open().recommend(AGENT, BODY, "k").document
    assert (answer["decision"]["contact"], answer["message"], answer["reserved_minor"]) == (False, "", 0)
    assert "message_promise" in answer["safety"]["violations"]
