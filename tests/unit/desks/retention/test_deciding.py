"""One outreach decided: what is offered, and with which probability it was done."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from casewright.bootstrap import load_ruleset, read_ruleset_source
from casewright.desks.retention.deciding import Decided, decide_outreach, decide_proposal
from casewright.desks.retention.facts import RetentionFacts
from casewright.desks.retention.situation import Consent, Offer, OutreachChannel, OwnLimits, Situation
from casewright.domain.outreach import OBSERVATION, ContactHistory, CustomerProfile, Plan, RetentionProposal
from casewright.policy.ruleset import FactSchema, RulesetSource, compile_ruleset
from casewright.ports.retention import ActionProbabilities

RULESET = load_ruleset("retention", date(2026, 6, 1))
NOON, NIGHT = datetime(2026, 6, 1, 6, tzinfo=UTC), datetime(2026, 6, 1, 20, tzinfo=UTC)
ANNE = CustomerProfile(0.6, 10, Plan.MONTHLY, 7_000)
NEVER = ContactHistory()
USUAL = Situation(
    Consent.GIVEN,
    is_unsubscribed=False,
    channel=OutreachChannel.SMS,
    time_zone="Asia/Dhaka",
    budget_left_minor=100_000,
    has_complaint_room=True,
)


class Even:
    """As likely as it may be."""

    version = "even@1"

    def probabilities(self, observation: Sequence[float], allowed: Sequence[bool]) -> ActionProbabilities:
        assert len(observation) == len(OBSERVATION)
        return ActionProbabilities(tuple(may / sum(allowed) for may in allowed), (0.5, 0.0, 0.5, 0.0))


def decide(situation: Situation = USUAL, as_of: datetime = NOON, draw: float = 0.5) -> Decided:
    return decide_outreach(ANNE, NEVER, situation, RULESET, as_of, policy=Even(), draw=draw)


def test_the_same_arguments_give_the_same_answer() -> None:
    assert decide() == decide()


def test_a_decision_keeps_the_facts_and_is_made_again_from_them() -> None:
    decided = decide(draw=0.9)
    assert decided.decision.facts["proposal"] == "level_3"
    assert RULESET.decide(decided.decision.facts).outcome == decided.decision.outcome
    assert decided.decision.ruleset_id == RULESET.id


def test_without_a_policy_the_baseline_proposes() -> None:
    decided = decide_outreach(ANNE, NEVER, USUAL, RULESET, NOON)
    assert (decided.offer_level, decided.proposal.is_learned, decided.probability) == (2, False, 1.0)
    assert decided.reasons[0] == "baseline_would_contact"


def test_what_the_baseline_would_do_is_no_reason_for_what_another_proposed() -> None:
    assert decide(draw=0.9).reasons == ("as_proposed", "contact_now", "followup_as_proposed")


@pytest.mark.parametrize(
    "situation",
    [
        USUAL,
        replace(USUAL, budget_left_minor=1_500),
        replace(USUAL, consent=None),
        replace(USUAL, limits=OwnLimits(Offer.LEVEL_2)),
        replace(USUAL, is_kill_switch_on=True),
    ],
    ids=["open", "budget", "consent", "own ceiling", "switch"],
)
@pytest.mark.parametrize("as_of", [NOON, NIGHT], ids=["noon", "night"])
def test_the_probability_of_an_action_is_how_often_it_is_taken(situation: Situation, as_of: datetime) -> None:
    draws = 400
    taken: Counter[tuple[str, Offer, int]] = Counter()
    said: dict[tuple[str, Offer, int], set[float]] = defaultdict(set)
    for number in range(draws):
        decided = decide(situation, as_of, (number + 0.5) / draws)
        action = (decided.outcome, decided.offer, decided.followup_days)
        taken[action] += 1
        said[action].add(round(decided.probability, 9))
    for action, count in taken.items():
        assert len(said[action]) == 1, action
        assert said[action].pop() == pytest.approx(count / draws, abs=0.006), action


@pytest.mark.parametrize("budget", [1_500, 300])
def test_a_lowered_proposal_has_the_probability_of_all_that_are_lowered_to_it(budget: int) -> None:
    """Made elsewhere, without the mask: 0.1 + 0.2 + 0.4 end at the ceiling or at it already."""
    proposal = RetentionProposal(3, 28, 0.4, "elsewhere", (0.1, 0.2, 0.1, 0.2, 0.4))
    decided = decide_proposal(ANNE, NEVER, replace(USUAL, budget_left_minor=budget), proposal, RULESET, NOON)
    assert decided.offer_level == {1_500: 1, 300: 0}[budget]
    assert decided.probability == pytest.approx({1_500: 0.7, 300: 0.9}[budget])


def test_a_forbidden_contact_is_certain_not_to_happen() -> None:
    proposal = RetentionProposal(3, 28, 0.4, "elsewhere", (0.1, 0.2, 0.1, 0.2, 0.4))
    decided = decide_proposal(ANNE, NEVER, replace(USUAL, consent=None), proposal, RULESET, NOON)
    assert (decided.is_contact, decided.probability) == (False, pytest.approx(1.0))


def test_a_contact_that_is_put_off_offers_and_costs_nothing_yet() -> None:
    decided = decide(as_of=NIGHT, draw=0.9)
    assert (decided.outcome, decided.offer_level, decided.worst_case_cost_minor) == ("deferred", None, 0)
    assert decided.not_before == datetime(2026, 6, 2, 3, tzinfo=UTC)
    assert decided.followup_days == 1


def test_a_customer_that_nobody_knows_is_not_contacted() -> None:
    decided = decide_outreach(None, NEVER, USUAL, RULESET, NOON, policy=Even(), draw=0.9)
    assert (decided.outcome, decided.worst_case_cost_minor) == ("no_contact", 0)
    assert "customer_unknown" in decided.reasons


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("longest_deferral_minutes", "960", "60"),  # it is two in the night: nine is seven hours away
        ("quiet_end_minute", "540", "1200"),  # from eight to eight: it is always quiet
    ],
)
def test_quiet_hours_that_last_too_long_drop_the_contact(name: str, old: str, new: str) -> None:
    source = read_ruleset_source("retention")
    numbers = source.files["parameters.yaml"]
    place = numbers.index(f"{name}:")
    changed = numbers[:place] + numbers[place:].replace(f"2026-01-01: {old}", f"2026-01-01: {new}", 1)
    ruleset = compile_ruleset(
        RulesetSource("retention", {**source.files, "parameters.yaml": changed}),
        FactSchema.from_dataclass(RetentionFacts),
        as_of=date(2026, 6, 1),
    )
    decided = decide_outreach(ANNE, NEVER, USUAL, ruleset, NIGHT, policy=Even(), draw=0.9)
    assert (decided.outcome, decided.offer_level, decided.not_before) == ("no_contact", None, None)
    assert decided.reasons == ("as_proposed", "quiet_too_long", "followup_as_proposed")
    assert decided.probability == pytest.approx(0.5)


def test_a_proposal_without_probabilities_keeps_its_own() -> None:
    proposal = RetentionProposal(1, 28, 0.3, "elsewhere")
    assert decide_proposal(ANNE, NEVER, USUAL, proposal, RULESET, NOON).probability == 0.3


def test_the_programmes_own_ceiling_is_named_where_it_lowers() -> None:
    source = read_ruleset_source("retention")
    numbers = source.files["parameters.yaml"].replace("2026-01-01: level_3", "2026-01-01: level_1", 1)
    ruleset = compile_ruleset(
        RulesetSource("retention", {**source.files, "parameters.yaml": numbers}),
        FactSchema.from_dataclass(RetentionFacts),
        as_of=date(2026, 6, 1),
    )
    proposal = RetentionProposal(3, 28, 0.3, "elsewhere")
    decided = decide_proposal(ANNE, NEVER, USUAL, proposal, ruleset, NOON)
    assert (decided.offer_level, decided.reasons[0]) == (1, "programme_ceiling")
