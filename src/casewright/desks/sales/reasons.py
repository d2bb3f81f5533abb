"""Reason codes of the sales desk, each in one line of plain English. Codes are stable."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    # topics
    "no_restricted_topic": "The question touches no restricted topic.",
    "topic_approved": "The topic was restricted, and has been approved.",
    "topic_restricted": "The topic is restricted until Finance approves it.",
    # spend
    "spend_unknown": "The spend is not known in the playbook's currency.",
    "spend_under_limit": "The spend is under the lower limit.",
    "spend_in_middle_band": "The spend is at or above the lower limit, and not above the upper one.",
    "spend_above_high": "The spend is above the upper limit.",
    # opening
    "meeting_too_old": "The last meeting is too long ago: re-engagement comes first.",
    "meeting_recent": "The last meeting is recent enough.",
    "no_meeting_to_count": "No client is meant, so there is no meeting to count from.",
    "meeting_unknown": "The day of the last meeting is not known: re-engagement comes first.",
    # programme
    "only_what_is_always_open": "Without a known spend, only what is open at every spend is pitched.",
    "spend_rule_first": "The spend rule comes before the clause of the industry.",
    "industry_unknown": "The industry is not known: non-premium formats only.",
    "fmcg_leads_in_store": "FMCG clients are led with in-store digital screens.",
    "retail_bundle": "Retail clients are offered the bundle.",
    "performance_products_first": "Electronics clients are offered performance products first.",
    "display_first": "Automotive clients start with online display.",
    "cost_efficient_awareness": "Education clients are offered cost-efficient awareness.",
    "restricted_topic_first": "A restricted topic is touched, so the full funnel is not pitched.",
    "full_funnel": "Finance clients with a high spend are offered the full funnel.",
    "non_premium_until_met": "Non-premium formats only until the day of the last meeting is known.",
    "premium_not_named": "No clause names premium for this industry and spend.",
    # products
    "banners_only": "Mobile app banners only.",
    "non_premium_formats": "The non-premium formats.",
    "in_store_first": "In-store digital screens first, then the other non-premium formats.",
    "premium_after_performance": "Premium formats after the performance products.",
    "performance_only": "The performance products.",
    "bundle_of_two": "Mobile app banners and in-store digital screens together.",
    "display_then_banners": "Online display, then mobile app banners.",
    "premium_in_full_funnel": "Premium video and branded content, then the performance products.",
    "awareness_formats": "Mobile app banners and online display.",
    # asks
    "ask_for_spend": "The spend is asked for.",
    "ask_for_industry": "The industry is asked for.",
    "ask_for_meeting": "The day of the last meeting is asked for.",
}
