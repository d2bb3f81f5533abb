"""MR12: no outreach against consent, quiet hours, cooldown, limits, budget, complaint cap or the kill switch.

Every generated situation is decided by the learned policy's hook, and for every proposal that anybody could make;
what comes out must be what the clauses say, written down apart from the desk (`evaluation.outreach_cases`).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from casewright.bootstrap import load_ruleset
from casewright.desks.retention.deciding import Decided, decide_outreach, decide_proposal
from casewright.desks.retention.replies import check_message, write_message
from casewright.domain.case import Language
from casewright.domain.outreach import FOLLOW_UP_DAYS, RetentionProposal
from casewright.evaluation.outreach_cases import (
    Expected,
    OutreachCase,
    baseline_level,
    expect,
    generate_cases,
    worst_case_minor,
)
from casewright.evaluation.relations import Tally
from casewright.ports.retention import ActionProbabilities

SEED = 20_261_201
FULL = 1_000
RULESET = load_ruleset("retention", date(2026, 6, 1))
PROPOSALS = (None, 0, 1, 2, 3)


class EagerPolicy:
    """Contacts whenever it may, mostly with the highest offer."""

    version = "eager"

    def probabilities(self, observation: Sequence[float], allowed: Sequence[bool]) -> ActionProbabilities:
        weights = [weight * may for weight, may in zip((1, 2, 3, 4, 9), allowed, strict=True)]
        return ActionProbabilities(tuple(weight / sum(weights) for weight in weights), (0.25,) * 4)


class LawlessPolicy(EagerPolicy):
    """Does not look at what it may do."""

    version = "lawless"

    def probabilities(self, observation: Sequence[float], allowed: Sequence[bool]) -> ActionProbabilities:
        return ActionProbabilities((0.0, 0.0, 0.0, 0.0, 1.0), (0.25,) * 4)


def broken(case: OutreachCase, decided: Decided, expected: Expected) -> list[str]:
    """How a decision differs from the clauses."""
    got = Expected(decided.outcome, decided.offer_level, decided.not_before)
    found = [] if got == expected else [f"{got} instead of {expected}"]
    cost = 0 if expected.level is None else worst_case_minor(case, expected.level)
    if decided.worst_case_cost_minor != cost:
        found.append(f"reserves {decided.worst_case_cost_minor}, not {cost}")
    if decided.is_contact != (expected.outcome == "contact"):
        found.append("is_contact")
    if not 0 < decided.probability <= 1:
        found.append(f"probability {decided.probability}")
    return found


def name(case: OutreachCase) -> str:
    return f"{case.situation.time_zone} {case.as_of.isoformat()} {case.history} {case.situation}"


def decide(case: OutreachCase, level: int | None, *, is_learned: bool) -> Decided:
    proposal = RetentionProposal(level, 28, 0.25, "any", is_learned=is_learned)
    return decide_proposal(case.profile, case.history, case.situation, proposal, RULESET, case.as_of)


@pytest.mark.parametrize("is_learned", [True, False], ids=["learned", "baseline"])
def test_whatever_is_proposed_becomes_what_the_clauses_say(
    is_learned: bool, size: Callable[[int], int]
) -> None:
    tally = Tally("MR12, proposals", SEED)
    outcomes: Counter[str] = Counter()
    for case in generate_cases(size(FULL), SEED):
        for level in PROPOSALS:
            decided = decide(case, level, is_learned=is_learned)
            outcomes[decided.outcome] += 1
            tally.add(
                str(level), name(case), broken(case, decided, expect(case, level, is_learned=is_learned))
            )
    assert not tally.violations, tally.report()
    assert min(outcomes[outcome] for outcome in ("contact", "deferred", "no_contact")) > 0


@pytest.mark.parametrize("policy", [EagerPolicy(), LawlessPolicy(), None], ids=["eager", "lawless", "none"])
def test_whatever_policy_serves_keeps_the_clauses(
    policy: EagerPolicy | None, size: Callable[[int], int]
) -> None:
    """A policy that answers what it may not is replaced by the baseline; so is every policy under the switch."""
    rng = Random(SEED)
    tally = Tally("MR12, policies", SEED)
    for case in generate_cases(size(FULL), SEED + 1):
        decided = decide_outreach(
            case.profile, case.history, case.situation, RULESET, case.as_of, policy=policy, draw=rng.random()
        )
        proposal = decided.proposal
        expected = expect(case, proposal.offer_level, is_learned=proposal.is_learned)
        found = broken(case, decided, expected)
        if proposal.is_learned and (policy is None or case.situation.is_kill_switch_on):
            found.append("a learned policy proposed")
        if not proposal.is_learned and proposal.offer_level != baseline_level(case):
            found.append(f"the baseline proposed {proposal.offer_level}")
        if proposal.followup_days not in FOLLOW_UP_DAYS:
            found.append(f"next decision in {proposal.followup_days} days")
        tally.add(proposal.model_version, name(case), found)
    assert not tally.violations, tally.report()


def test_the_switch_holds_from_the_next_decision_on(size: Callable[[int], int]) -> None:
    """The same customer at the same moment, switch off and on: on, what is done is the baseline's or less."""
    tally = Tally("MR12, kill switch", SEED)
    acted = 0
    for case in generate_cases(size(FULL), SEED + 2):
        on = replace(case, situation=replace(case.situation, is_kill_switch_on=True))
        off = replace(case, situation=replace(case.situation, is_kill_switch_on=False))
        free, held = (
            decide_outreach(
                each.profile,
                each.history,
                each.situation,
                RULESET,
                each.as_of,
                policy=EagerPolicy(),
                draw=0.99,
            )
            for each in (off, on)
        )
        acted += free.is_contact
        most = baseline_level(case)
        found = [] if not held.proposal.is_learned else ["the learned policy proposed"]
        if held.is_contact and (most is None or held.offer_level is None or held.offer_level > most):
            found.append(f"{held.offer_level} offered, the baseline {most}")
        tally.add("on", name(case), found)
    assert not tally.violations, tally.report()
    assert acted > 0


def test_every_contact_has_its_terms_and_a_way_out(size: Callable[[int], int]) -> None:
    tally = Tally("MR12, words", SEED)
    written = 0
    for case in generate_cases(size(FULL), SEED + 3):
        for level in PROPOSALS:
            decided = decide(case, level, is_learned=True)
            for language in (Language.EN, Language.BN):
                message = write_message(decided, language, RULESET)
                if message is None:
                    tally.add("none", name(case), ["no words"] if decided.is_contact else [])
                    continue
                written += 1
                found = [violation.rule.value for violation in check_message(message.text, message)]
                wanted = {"unsubscribe"}
                if decided.offer_level:
                    wanted |= {"offer_terms", "price_afterwards", "may_decline"}
                    percent = (5, 10, 20)[decided.offer_level - 1]
                    found += [] if f"{percent}%" in message.text and " 12 " in message.text else ["terms"]
                found += [] if set(message.applied_disclaimers) == wanted else ["disclaimers"]
                found += [] if decided.is_contact else ["words without a contact"]
                tally.add(language.value, name(case), found)
    assert not tally.violations, tally.report()
    assert written > 0
