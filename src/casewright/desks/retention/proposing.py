"""The propose hook: a learned policy's probabilities and a draw become one proposal, or the baseline
proposes. Pure.

Invariants: weights and draw are arguments. What the tables rule out is masked before a policy is asked, so
that the probability of a proposal is the one with which it was drawn. Under the kill switch, without a
policy, and where a policy answers nonsense, the baseline table proposes. What a proposal is worth, the tables
decide.
"""

import math
from collections.abc import Sequence

from casewright.desks.retention.facts import RetentionFacts
from casewright.desks.retention.situation import OFFERS, Offer
from casewright.domain.outreach import FOLLOW_UP_DAYS, RetentionProposal
from casewright.policy.ruleset import Ruleset
from casewright.ports.retention import ContactPolicy

BASELINE_VERSION = "baseline"
_TOLERANCE = 1e-3


def allowed_offers(facts: RetentionFacts, ruleset: Ruleset) -> tuple[bool, ...]:
    """No contact, and each offer that the tables would let through for these facts, in the order of `Offer`.

    Quiet hours forbid nothing here: a contact that is proposed in them is put off.
    """
    outcome = ruleset.decide(facts).outcome
    if outcome["is_blocked"] is not False:
        return (True, *(False for _ in OFFERS[1:]))
    ceiling = OFFERS.index(Offer(str(outcome["ceiling"] or Offer.NONE)))
    return tuple(rank <= ceiling for rank in range(len(OFFERS)))


def propose(
    facts: RetentionFacts,
    observation: Sequence[float],
    policy: ContactPolicy | None,
    draw: float,
    ruleset: Ruleset,
) -> RetentionProposal:
    """One proposal. `facts` hold none yet; `draw` is uniform in [0, 1), and offer and delay share it.

    `observation` is in the order of `domain.outreach.OBSERVATION`.
    """
    if policy is None or facts.is_kill_switch_on or not facts.is_customer_known:
        return propose_baseline(facts, ruleset)
    allowed = allowed_offers(facts, ruleset)
    found = policy.probabilities(observation, allowed)
    offers, delays = tuple(map(float, found.offers)), tuple(map(float, found.delays))
    is_masked = all(is_allowed or chance <= 0 for chance, is_allowed in zip(offers, allowed, strict=False))
    if not is_masked or not _is_whole(offers, len(OFFERS)) or not _is_whole(delays, len(FOLLOW_UP_DAYS)):
        return propose_baseline(facts, ruleset)
    offer, rest = _pick(offers, draw)
    delay, _ = _pick(delays, rest)
    return RetentionProposal(
        offer_level=OFFERS[offer].level,
        followup_days=FOLLOW_UP_DAYS[delay],
        probability=offers[offer] * delays[delay],
        model_version=policy.version,
        probabilities=offers,
    )


def propose_baseline(facts: RetentionFacts, ruleset: Ruleset) -> RetentionProposal:
    """What the policy's baseline table proposes: the propensity threshold, the same every time."""
    outcome = ruleset.decide(facts).outcome
    offer = Offer(str(outcome["baseline_offer"] or Offer.NONE))
    return RetentionProposal(
        offer_level=offer.level,
        followup_days=int(str(outcome["baseline_followup_days"])),
        probability=1.0,
        model_version=BASELINE_VERSION,
        probabilities=tuple(float(each is offer) for each in OFFERS),
        is_learned=False,
    )


def _is_whole(chances: Sequence[float], count: int) -> bool:
    """Whether these are probabilities of `count` actions."""
    is_each = len(chances) == count and all(math.isfinite(chance) and chance >= 0 for chance in chances)
    return is_each and abs(sum(chances) - 1) <= _TOLERANCE


def _pick(chances: Sequence[float], draw: float) -> tuple[int, float]:
    """The index that the draw falls on, and what is left of the draw, again uniform in [0, 1)."""
    point, last = min(max(draw, 0.0), 1.0) * sum(chances), 0
    for index, chance in enumerate(chances):
        if chance <= 0:
            continue
        if point < chance:
            return index, point / chance
        point -= chance
        last = index
    return last, math.nextafter(1.0, 0.0)
