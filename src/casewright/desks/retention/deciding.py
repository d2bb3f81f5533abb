"""How one outreach is decided: facts, a proposal, the tables, and what the offer may cost at worst. Pure.

Invariants: the same arguments always give the same answer; nothing is sent, reserved or recorded here. A
contact is only what was proposed and what the tables let through, with the offer proposed or a lower one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from casewright.desks.retention.costs import worst_case_cost_minor
from casewright.desks.retention.facts import RetentionFacts, build_facts, put_proposal
from casewright.desks.retention.proposing import propose
from casewright.desks.retention.situation import OFFERS, Offer, Situation
from casewright.domain.decision import Decision
from casewright.domain.outreach import ContactHistory, CustomerProfile, RetentionProposal, observe
from casewright.policy.ruleset import Ruleset
from casewright.ports.retention import ContactPolicy

CONTACT, DEFERRED, NO_CONTACT = "contact", "deferred", "no_contact"


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of one customer, with all that is needed to log it and to make it again."""

    decision: Decision
    """With the facts it was made of."""
    proposal: RetentionProposal
    facts: RetentionFacts
    offer: Offer
    """What is offered now; `none` unless the outcome is `contact`."""
    followup_days: int
    """When the next decision about this customer is due."""
    not_before: datetime | None
    """Of a contact that is put off: when it is no longer quiet, by whole minutes from now, to decide anew."""
    probability: float
    """With which this very action was taken, for later evaluation; what the tables force is certain."""
    worst_case_cost_minor: int
    """What must be reserved before anything is sent; 0 without a contact."""

    @property
    def outcome(self) -> str:
        """`contact`, `deferred` or `no_contact`."""
        return str(self.decision.outcome["outcome"])

    @property
    def is_contact(self) -> bool:
        """Whether the customer is contacted now."""
        return self.offer is not Offer.NONE

    @property
    def offer_level(self) -> int | None:
        """None: no contact."""
        return self.offer.level

    @property
    def reasons(self) -> tuple[str, ...]:
        """Reason codes of what became of the proposal, in the order of the tables, each once.

        What the baseline would do is told where it proposed, or holds under the kill switch; the programme's
        own ceiling where it lowers the offer.
        """
        skipped = {"words"}
        if self.proposal.is_learned and not self.facts.is_kill_switch_on:
            skipped.add("baseline")
        offered = self.decision.outcome["offer"]
        found = (
            row.reason
            for row in self.decision.fired
            if row.table not in skipped
            and (row.row != "programme" or self.facts.proposal != offered == row.outcome["ceiling"])
        )
        return tuple(dict.fromkeys(found))


def decide_outreach(
    profile: CustomerProfile | None,
    history: ContactHistory,
    situation: Situation,
    ruleset: Ruleset,
    as_of: datetime,
    *,
    policy: ContactPolicy | None = None,
    draw: float = 0.0,
) -> Decided:
    """Decide one outreach at `as_of` (aware). `policy` None: the baseline proposes.

    `profile` None is a customer that nobody knows, who is not contacted. `draw` is uniform in [0, 1).
    """
    bare = build_facts(profile, history, situation, ruleset, as_of)
    observation: tuple[float, ...] = ()
    if profile is not None:
        observation = observe(
            profile, history, situation.week, situation.budget_price, situation.complaint_price
        )
    return _decide(profile, bare, propose(bare, observation, policy, draw, ruleset), ruleset, as_of)


def decide_proposal(
    profile: CustomerProfile | None,
    history: ContactHistory,
    situation: Situation,
    proposal: RetentionProposal,
    ruleset: Ruleset,
    as_of: datetime,
) -> Decided:
    """The same for a proposal that was made elsewhere, whatever it says."""
    bare = build_facts(profile, history, situation, ruleset, as_of)
    return _decide(profile, bare, proposal, ruleset, as_of)


def _decide(
    profile: CustomerProfile | None,
    bare: RetentionFacts,
    proposal: RetentionProposal,
    ruleset: Ruleset,
    as_of: datetime,
) -> Decided:
    facts = put_proposal(bare, proposal)
    decision = ruleset.decide_to_keep(facts)
    outcome = decision.outcome
    offer = Offer(str(outcome["offer"] or Offer.NONE)) if outcome["outcome"] == CONTACT else Offer.NONE
    not_before = None
    if outcome["outcome"] == DEFERRED and facts.minutes_until_allowed is not None:
        not_before = as_of + timedelta(minutes=facts.minutes_until_allowed)
    cost = (
        0
        if profile is None
        else worst_case_cost_minor(offer, profile.monthly_spend_minor, ruleset.parameters)
    )
    return Decided(
        decision=decision,
        proposal=proposal,
        facts=facts,
        offer=offer,
        followup_days=int(str(outcome["followup_days"])),
        not_before=not_before,
        probability=_chance(proposal, facts, decision),
        worst_case_cost_minor=cost,
    )


def _chance(proposal: RetentionProposal, facts: RetentionFacts, decision: Decision) -> float:
    """The probability of what was decided: of every proposal that the tables turn into the same."""
    offers = proposal.probabilities
    proposed = OFFERS.index(facts.proposal)
    if len(offers) != len(OFFERS) or offers[proposed] <= 0:
        return proposal.probability
    outcome = decision.outcome
    ceiling = OFFERS.index(Offer(str(outcome["ceiling"]))) if outcome["is_blocked"] is False else 0
    is_put_off = outcome["outcome"] == DEFERRED
    if facts.is_quiet_hour is not False and not is_put_off and proposed and ceiling:
        ceiling = 0
    ends = [min(rank, ceiling) for rank in range(len(OFFERS))]
    if is_put_off:
        return min(sum(chance for chance, end in zip(offers, ends, strict=True) if end), 1.0)
    same = sum(chance for chance, end in zip(offers, ends, strict=True) if end == ends[proposed])
    return min(same * proposal.probability / offers[proposed], 1.0)
