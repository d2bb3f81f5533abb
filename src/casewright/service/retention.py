"""`POST /retain` behind its door: one customer, one decision; dry, or live with a key.

Dry, nothing is written. Live, the worst case of the offer is held from this process's slice of the budget,
and decision, contact and ledger entry are kept in one transaction before the answer leaves; of two decisions
about one customer at once one is kept, and the other is made anew on what then stands. Invariants: the tables
decide, never this module; the same key gives the same answer for ever, and another body under it is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from casewright.adapters.retention.inputs import profile_features
from casewright.desks.retention.costs import worst_case_cost_minor
from casewright.desks.retention.deciding import Decided, decide_outreach
from casewright.desks.retention.replies import OutreachMessage, check_message, write_message
from casewright.desks.retention.situation import Offer, Situation
from casewright.domain.errors import (
    CasewrightError,
    ConfigurationError,
    Conflict,
    MeaninglessRequest,
    NotFound,
    NotPermitted,
    OutcomeUnknown,
    Unavailable,
)
from casewright.domain.outreach import WEEK_DAYS, ContactHistory, CustomerProfile, observe
from casewright.domain.principal import Principal, Scope
from casewright.policy.ruleset import Ruleset
from casewright.ports.outreach import (
    Arm,
    Hold,
    Keeping,
    LiveDecision,
    OutcomeReport,
    Standing,
)
from casewright.ports.retention import ContactPolicy
from casewright.service.retention_answers import build_answer, build_entry, build_record
from casewright.service.retention_customers import (
    Narrowed,
    build_history,
    build_profile,
    build_situation,
    counted,
    read_overrides,
)
from casewright.service.retention_fields import Asked, read_body, shown
from casewright.service.retention_kit import Judged, RetentionKit, RetentionParts
from casewright.tools.admission import check_key
from casewright.tools.arguments import digest_of

DESK = "retention"
TRIES = 6
_RANDOM_DIGITS = 10
_GROWTH_PERMILLE = 600
"""Each contact of a period makes a complaint at the next one more likely, by this much of the first."""


@dataclass(frozen=True, slots=True)
class Recommended:
    """An answer, and whether it was given before."""

    document: Mapping[str, Any]
    is_replayed: bool = False


@dataclass(frozen=True, slots=True)
class _Case:
    """One request as it goes on from try to try."""

    asked: Asked
    customer_id: str | None
    as_of: datetime
    now_us: int
    tenant: str
    is_live: bool
    draw: float
    arm: Arm
    ruleset: Ruleset


class Retention:
    """The retention desk as the doors call it. Safe to share between threads."""

    def __init__(self, kit: RetentionKit, close: Callable[[], None] = lambda: None) -> None:
        self._kit = kit
        self._close = close
        self._words: dict[tuple[object, ...], tuple[OutreachMessage | None, tuple[str, ...]]] = {}

    def recommend(self, principal: Principal, document: object, key: str | None) -> Recommended:
        """Decide about one customer. With a key it is kept; without, nothing is written.

        Raises NotPermitted, MeaninglessRequest, MalformedRequest, NotFound, Conflict, Unavailable.
        """
        require_scope(principal, Scope.READ if key is None else Scope.CONFIRM)
        asked = read_body(document)
        if key is None:
            case = self._open(principal, asked, asked.customer_id, is_live=False)
            standing = self._stand(principal, case, None)
            judged = self._judge(case, standing)
            return Recommended(build_answer(judged, case.customer_id, case.arm, self._kit.policies))
        check_key(key)
        fingerprint = digest_of(document)
        customer_id = asked.customer_id or f"facts:{digest_of(dict(asked.facts))[:32]}"
        case = self._open(principal, asked, customer_id, is_live=True)
        return self._decide_live(principal, case, key, fingerprint)

    def report_outcome(self, principal: Principal, decision_id: str, report: OutcomeReport) -> dict[str, Any]:
        """Note what came of a decision; it is quarantined before training.

        Raises NotPermitted, NotFound, Conflict, Unavailable.
        """
        require_scope(principal, Scope.CONFIRM)
        outcomes = self._kit.parts(principal.tenant).outcomes
        kept = outcomes.report(decision_id, report, source=principal.subject_id, at=self._kit.now())
        return {
            "decision_id": kept.decision_id,
            "state": kept.state,
            "accepted": kept.report.was_accepted,
            "complained": kept.report.has_complained,
            "churned": kept.report.has_churned,
            "revenue_minor": kept.report.revenue_minor,
            "released_minor": kept.released_minor,
        }

    def close(self) -> None:
        """Give back what was held."""
        self._close()

    def _open(self, principal: Principal, asked: Asked, customer_id: str | None, *, is_live: bool) -> _Case:
        kit = self._kit
        now = kit.now()
        arm = Arm.CHAMPION
        if customer_id is not None:
            arm = self._arm_of(kit.place(principal.tenant, customer_id))
        return _Case(
            asked,
            customer_id,
            now,
            kit.micros(now),
            principal.tenant,
            is_live,
            kit.draw(),
            arm,
            kit.ruleset(principal.tenant, now),
        )

    def _arm_of(self, place: float) -> Arm:
        rules = self._kit.rules
        if place < rules.holdout_share:
            return Arm.HOLDOUT
        is_challenger = place < rules.holdout_share + rules.challenger_share
        return Arm.CHALLENGER if is_challenger and self._kit.policies.challenger else Arm.CHAMPION

    def _stand(self, principal: Principal, case: _Case, key: str | None) -> Standing:
        period = self._kit.rules.period_of(case.as_of).period
        store = self._kit.parts(principal.tenant).store
        standing = store.standing(case.customer_id, period, principal.subject_id, key)
        is_known = standing.customer is not None and len(standing.customer) > 1
        if not is_known and set(case.asked.facts) <= {"customer_id"} and not case.asked.features:
            raise NotFound(
                "There is no such customer; import customers, or send facts beside the id.",
                code="customer_not_found",
            )
        return standing

    def _decide_live(self, principal: Principal, case: _Case, key: str, fingerprint: str) -> Recommended:
        parts = self._kit.parts(case.tenant)
        is_spent = False
        for _ in range(TRIES):
            standing = self._stand(principal, case, key)
            if standing.earlier is not None:
                if standing.earlier.fingerprint != fingerprint:
                    raise Conflict(
                        "This Idempotency-Key was used with another body; draw a new key for a new request.",
                        code="idempotency_key_reused",
                    )
                return Recommended(standing.earlier.answer, is_replayed=True)
            judged = self._judge(case, standing, is_spent=is_spent)
            hold: Hold | None = None
            if judged.decided.is_contact:
                cost = judged.decided.worst_case_cost_minor
                hold = parts.holds.hold(judged.state, cost, judged.complaint_micros)
                if hold is None:
                    is_spent = True  # somebody was quicker; what is left is too little
                    continue
            live = self._build(principal, case, key, fingerprint, standing, judged, hold)
            if self._keep(parts, live, hold):
                return Recommended(live.answer)
        raise Unavailable("Others decide about this customer at once; try again in a moment.", code="busy")

    def _keep(self, parts: RetentionParts, live: LiveDecision, hold: Hold | None) -> bool:
        """Whether the decision is kept; what it held goes back where it is not."""
        try:
            how = parts.store.keep(live)
        except OutcomeUnknown:
            if hold is not None:
                parts.holds.settle(hold)  # it may be there: nobody else gets this money
            raise
        except CasewrightError:
            if hold is not None:
                parts.holds.put_back(hold)
            raise
        if hold is not None:
            if how is Keeping.KEPT:
                parts.holds.settle(hold)
            elif how is Keeping.RECALLED:
                parts.holds.drop(hold.slice_id)
            else:
                parts.holds.put_back(hold)
        return how is Keeping.KEPT

    def _judge(self, case: _Case, standing: Standing, *, is_spent: bool = False) -> Judged:
        """One decision on what stands. `is_spent`: the budget has no more to hold."""
        kit = self._kit
        facts = merge_facts(standing.customer, case.asked.facts)
        features = {**_features_of(standing.customer), **case.asked.features}
        profile, risk_version = self._profile(facts, features)
        history = build_history(standing.contacts, facts, case.now_us)
        situation, assumed = build_situation(
            case.asked, facts, is_opted_out=standing.is_opted_out, is_live=case.is_live, as_of=case.as_of
        )
        state = standing.period or kit.rules.period_of(case.as_of)
        overrides = read_overrides(
            case.asked.overrides, Narrowed.of(case.ruleset.parameters, state.budget_minor)
        )
        minor, micros = (0, 0) if is_spent else kit.parts(case.tenant).holds.left(state)
        needed = self._complaint_micros(history)
        assumed += self._remarks(case.asked.features, features, is_predicted=risk_version is not None)
        policy = self._policy_of(case.arm)
        is_switched = standing.is_switched or kit.rules.forces_baseline
        limits = overrides.limits
        if case.arm is Arm.HOLDOUT:
            limits = replace(limits, highest_offer=Offer.NONE)
        situation = replace(
            situation,
            is_kill_switch_on=is_switched or overrides.forces_baseline,
            budget_left_minor=minor if overrides.budget_minor is None else min(minor, overrides.budget_minor),
            has_complaint_room=micros >= needed and not state.is_capped,
            limits=limits,
            week=(case.as_of.date() - state.period).days // WEEK_DAYS,
            budget_price=float(getattr(policy, "budget_price", 0.0)),
            complaint_price=float(getattr(policy, "complaint_price", 0.0)),
        )
        decided = self._decide(case, profile, history, situation, policy)
        message, blocked = self._write(decided, situation, case.ruleset)
        if blocked:
            silent = replace(situation, limits=replace(limits, highest_offer=Offer.NONE))
            decided, message = self._decide(case, profile, history, silent, policy), None
        accepted = () if kit.policies.acceptance is None else kit.policies.acceptance.predict(profile)
        return Judged(
            decided,
            profile,
            history,
            situation,
            overrides,
            assumed,
            message,
            blocked,
            policy,
            state,
            needed,
            tuple(map(float, accepted)),
            risk_version,
            is_baseline_asked_for=overrides.forces_baseline and not is_switched,
        )

    def _decide(
        self,
        case: _Case,
        profile: CustomerProfile,
        history: ContactHistory,
        situation: Situation,
        policy: ContactPolicy | None,
    ) -> Decided:
        return decide_outreach(
            profile, history, situation, case.ruleset, case.as_of, policy=policy, draw=case.draw
        )

    def _write(
        self, decided: Decided, situation: Situation, ruleset: Ruleset
    ) -> tuple[OutreachMessage | None, tuple[str, ...]]:
        """The message and what stands against it; the same offer by the same channel is checked once."""
        if not decided.is_contact:
            return None, ()
        place = (ruleset.id, decided.offer, situation.channel, situation.language)
        held = self._words.get(place)
        if held is None:
            message = write_message(decided, situation.language, ruleset)
            found = () if message is None else check_message(message.text, message, self._kit.rules.channels)
            held = message, tuple(sorted({f"message_{each.rule.value}" for each in found}))
            self._words[place] = held
        return held

    def _policy_of(self, arm: Arm) -> ContactPolicy | None:
        policies = self._kit.policies
        return policies.challenger if arm is Arm.CHALLENGER else policies.champion

    def _profile(
        self, facts: Mapping[str, Any], features: Mapping[str, float | str]
    ) -> tuple[CustomerProfile, str | None]:
        """The profile, and which model has predicted its risk. Raises MeaninglessRequest."""
        risk = facts.get("churn_risk")
        if risk is not None:
            return build_profile(facts, risk), None
        model = self._kit.policies.risk
        if model is None and self._kit.policies.is_risk_unread:
            raise Unavailable(
                "churn_risk: is needed, because the risk model of this installation cannot be read; give it,"
                " or have CASEWRIGHT_RETENTION_RISK_MODEL mended.",
                code="risk_model_unusable",
            )
        if model is None:
            raise MeaninglessRequest(
                "churn_risk: is needed, because no risk model is loaded here; give it, or install one:"
                " pip install 'casewright[retention]'.",
                code="churn_risk_needed",
            )
        profile = build_profile(facts, 0.5)
        try:
            risk = model.predict({**profile_features(profile), **features})
        except ConfigurationError:
            raise MeaninglessRequest(
                "features: a column that the risk model reads as a number is none.", code="invalid_arguments"
            ) from None
        return replace(profile, churn_risk=risk), model.version

    def _remarks(
        self,
        asked: Mapping[str, float | str],
        features: Mapping[str, float | str],
        *,
        is_predicted: bool,
    ) -> tuple[str, ...]:
        """Columns that did not count: those of the request that nothing reads, and kinds never seen."""
        model = self._kit.policies.risk
        if model is None or not is_predicted:
            found = dict.fromkeys(asked, "not_read")
        else:
            found = model.remarks(features)
            found = {name: what for name, what in found.items() if what != "not_read" or name in asked}
        return tuple(sorted({f"features.{shown(name)}:{what}" for name, what in found.items()}))

    def _complaint_micros(self, history: ContactHistory) -> int:
        """Expected complaints of one more contact, in millionths."""
        first = self._kit.rules.complaint_permille
        return first * (1000 + _GROWTH_PERMILLE * history.contacts)

    def _build(
        self,
        principal: Principal,
        case: _Case,
        key: str,
        fingerprint: str,
        standing: Standing,
        judged: Judged,
        hold: Hold | None,
    ) -> LiveDecision:
        decided = judged.decided
        # In the order of time, so that rows lie side by side and the log is read in order.
        decision_id = f"ret_{case.now_us:014x}{self._kit.new_id('ret')[-_RANDOM_DIGITS:]}"
        assert case.customer_id is not None  # noqa: S101 - a live case has one
        contacts = standing.contacts
        after = contacts
        if decided.is_contact:
            kept = counted(contacts, case.now_us)
            after = replace(kept, version=contacts.version + 1, moments=(*kept.moments, case.now_us))
        answer = build_answer(
            judged, case.customer_id, case.arm, self._kit.policies, decision_id=decision_id, hold=hold
        )
        observation = observe(
            judged.profile,
            judged.history,
            judged.situation.week,
            judged.situation.budget_price,
            judged.situation.complaint_price,
        )
        paid = worst_case_cost_minor(decided.offer, 0, case.ruleset.parameters)
        return LiveDecision(
            decision_id=decision_id,
            subject_id=principal.subject_id,
            key=key,
            fingerprint=fingerprint,
            customer_id=case.customer_id,
            period=judged.state.period,
            decided_at=case.now_us,
            arm=case.arm,
            offer_level=decided.offer_level,
            followup_days=decided.followup_days,
            hold=hold,
            contacts=contacts,
            contacts_after=after,
            ruleset=case.ruleset.id,
            policy_version=decided.proposal.model_version,
            record=build_record(
                judged, observation, case.draw, 0 if hold is None else max(0, hold.amount_minor - paid)
            ),
            answer=answer,
            entry=build_entry(judged, case.customer_id, case.arm, hold),
        )


def require_scope(principal: Principal, scope: Scope) -> None:
    """Raises NotPermitted unless staff with that scope ask."""
    if not principal.is_staff:
        raise NotPermitted("Outreach is decided by the staff.")
    if not principal.may(scope):
        raise NotPermitted(f"This needs the scope {scope}.", code="missing_scope")


def merge_facts(kept: Mapping[str, Any] | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was imported, with what is said now over it; a no to contacts holds, whoever says it."""
    base = dict((kept or {}).get("facts", {}))
    merged = {**base, **given}
    if base.get("consent") is False:
        merged["consent"] = False
    if base.get("unsubscribed"):
        merged["unsubscribed"] = True
    return merged


def _features_of(kept: Mapping[str, Any] | None) -> Mapping[str, float | str]:
    found: Mapping[str, float | str] = (kept or {}).get("features", {})
    return found
