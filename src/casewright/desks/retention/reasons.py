"""Reason codes of the retention desk, each in one line of plain English. Codes are stable."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    # what forbids a contact
    "customer_unknown": "Our records do not know the customer.",
    "learned_policy_stopped": "The kill switch is on, and a learned policy proposed.",
    "consent_withdrawn": "The customer withdrew the consent to be contacted.",
    "consent_unknown": "No consent to be contacted is recorded.",
    "unsubscribed": "The customer has unsubscribed.",
    "unsubscribe_unknown": "Whether the customer has unsubscribed could not be read.",
    "channel_unknown": "There is no channel that the customer agreed to.",
    "time_zone_unknown": "The recipient's time zone is not known.",
    "cooldown": "The last contact is too recent.",
    "weekly_limit_reached": "The contacts of seven days are used up.",
    "period_limit_reached": "The contacts of the budget period are used up.",
    "last_contact_unknown": "Contacts are counted, but not when the last one was.",
    "own_limit_reached": "A tighter limit of the caller is reached.",
    "budget_unknown": "What is left of the budget could not be read.",
    "complaint_cap_reached": "The cap on complaints leaves no room.",
    "complaints_unknown": "The room under the cap on complaints could not be read.",
    # what lowers an offer
    "programme_ceiling": "The highest offer of the programme.",
    "budget_exhausted": "The budget covers no contact.",
    "budget_short": "The budget covers a lower offer only.",
    "own_ceiling": "The caller allows a lower offer only.",
    "kill_switch_on": "The kill switch is on: the baseline's offer is the most.",
    # what becomes of the proposal
    "contact_forbidden": "A rule forbids the contact.",
    "not_proposed": "No contact was proposed.",
    "no_offer_allowed": "No offer is allowed.",
    "as_proposed": "The offer is the proposed one.",
    "offer_lowered": "The offer is lower than proposed.",
    "no_contact": "There is no contact.",
    "contact_now": "The customer is contacted now.",
    "quiet_hours": "It is quiet where the recipient is: the contact is put off.",
    "quiet_too_long": "It is quiet where the recipient is, and stays so for too long.",
    # when to decide again, and what to say
    "followup_when_allowed": "The next decision is due when quiet hours are over.",
    "followup_as_proposed": "The next decision is due as proposed.",
    "followup_by_default": "The next decision is due after the usual interval.",
    "says_how_to_stop": "The message says how to stop further ones.",
    "says_the_terms": "The message states the terms of the offer.",
    # the baseline
    "baseline_risk_unknown": "The baseline does not know the risk.",
    "baseline_would_contact": "The risk reaches the baseline's threshold.",
    "baseline_has_contacted": "The baseline has contacted the customer lately, or often enough.",
    "baseline_would_wait": "The risk is below the baseline's threshold.",
}
