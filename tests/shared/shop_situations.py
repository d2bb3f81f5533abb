"""Honest requests of customers of the sample shop, with the answer that policy gives, written by hand.

The orders are those of the showcase (`sample_shop.yaml`): who ordered what, where it stands, and since when.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Situation:
    """One message in a new conversation. `reasons` None: which ones is not said here."""

    customer: int
    message: str
    status: str
    tool: str | None
    reasons: tuple[str, ...] | None = ()


WINDOW = ("outside_return_window",)
SITUATIONS = (
    Situation(1, "Where is my order ORD-1001?", "done", "lookup_order"),
    Situation(1, "আমার অর্ডার ORD-1001 কোথায়?", "done", "lookup_order"),
    Situation(4, "amar order ORD-1007 kothay?", "done", "lookup_order"),
    Situation(1, "Please cancel ORD-1001, I no longer need it.", "proposed", "cancel_order"),
    Situation(1, "ORD-1001 বাতিল করুন, ভুল করে অর্ডার দিয়েছি।", "proposed", "cancel_order"),
    Situation(4, "ORD-1008 cancel kore den, ar lagbe na", "proposed", "cancel_order"),
    Situation(
        1,
        "Cancel ORD-1001, I found it cheaper elsewhere.",
        "refused",
        "cancel_order",
        ("reason_not_accepted",),
    ),
    Situation(1, "Cancel ORD-1002, I no longer need it.", "refused", "cancel_order", ("order_not_pending",)),
    Situation(
        5, "ORD-1010 batil koren, vul kore order disi", "refused", "cancel_order", ("order_not_pending",)
    ),
    Situation(8, "অর্ডার ORD-1015 বাতিল করুন, আর লাগবে না।", "refused", "cancel_order", ("order_not_pending",)),
    Situation(2, "Cancel ORD-1001, I no longer need it.", "refused", "lookup_order", ("order_not_found",)),
    Situation(1, "I want to return the mug from ORD-1002, I changed my mind.", "proposed", "create_return"),
    Situation(1, "ORD-1002 এর মগটা ফেরত দিতে চাই, পছন্দ হয়নি।", "proposed", "create_return"),
    Situation(1, "ORD-1002 er juta ta return korte chai, pochondo hoy nai", "proposed", "create_return"),
    Situation(
        3,
        "I'd like to return the desk lamp from ORD-1005, it is not as described.",
        "proposed",
        "create_return",
    ),
    Situation(2, "I want to return ORD-1004, I changed my mind.", "refused", "create_return", WINDOW),
    Situation(2, "ORD-1004 er taka ferot den, pochondo hoy nai", "refused", "issue_refund", WINDOW),
    Situation(9, "ORD-1018 ফেরত দিতে চাই, পছন্দ হয়নি।", "refused", "create_return", WINDOW),
    Situation(
        2,
        "Return the laptop of ORD-1003 please, I do not like it.",
        "escalated",
        "create_return",
        ("above_automatic_limit",),
    ),
    Situation(
        8,
        "I want to return the blanket from ORD-1016, I changed my mind.",
        "escalated",
        "create_return",
        ("refund_limit_reached",),
    ),
    Situation(
        3,
        "The fruit basket of ORD-1005 came broken, I want my money back.",
        "refused",
        "issue_refund",
        ("non_returnable_category", "evidence_missing"),
    ),
    Situation(
        3, "Refund ORD-1006, the jacket is not as described.", "refused", "issue_refund", ("final_sale",)
    ),
    Situation(
        3,
        "ORD-1006 er jacket ta description er sathe mile na, taka ferot den",
        "refused",
        "issue_refund",
        ("final_sale",),
    ),
    Situation(4, "My order ORD-1007 has not arrived, I want a refund.", "proposed", "issue_refund"),
    Situation(4, "ORD-1007 এখনো পাইনি, রিফান্ড দিন।", "proposed", "issue_refund"),
    Situation(
        5,
        "The mug of ORD-1009 came cracked, refund please.",
        "needs_info",
        "issue_refund",
        ("evidence_missing",),
    ),
    Situation(
        5,
        "ORD-1009 er mug ta vanga aise, taka ferot chai",
        "needs_info",
        "issue_refund",
        ("evidence_missing",),
    ),
    Situation(
        6, "I want to return the sweater of ORD-1011, I changed my mind.", "refused", "create_return", None
    ),
    Situation(7, "Exchange the kettle of ORD-1013 for the 1.7 l one.", "refused", "create_exchange", None),
    Situation(1, "Exchange the shoe of ORD-1002 for size 9 in grey.", "proposed", "create_exchange"),
    Situation(
        9,
        "The earbuds of ORD-1018 stopped working, please send a replacement.",
        "refused",
        "create_replacement",
        ("outside_replacement_window", "evidence_missing"),
    ),
    Situation(1, "I want to talk to a person.", "escalated", "create_escalation", ("person_requested",)),
    Situation(6, "একজন মানুষের সাথে কথা বলতে চাই।", "escalated", "create_escalation", ("person_requested",)),
    Situation(1, "What is your return policy?", "done", "search_knowledge"),
    Situation(7, "product ferot deyar niyom ki?", "done", "search_knowledge"),
    Situation(
        1,
        "Change the payment of ORD-1001 to my gift card.",
        "refused",
        "modify_payment",
        ("gift_card_insufficient",),
    ),
    Situation(1, "Please pay ORD-1001 with my wallet instead.", "proposed", "modify_payment"),
    Situation(1, "ORD-1001 এর পেমেন্ট বদলে আমার ওয়ালেটে নিন।", "proposed", "modify_payment"),
    Situation(1, "ORD-1001 er payment bodle amar wallet e nen", "proposed", "modify_payment"),
    Situation(4, "Pay ORD-1008 with my wallet instead", "refused", "modify_payment", ("payment_not_single",)),
    Situation(1, "Change the payment method of ORD-1001.", "needs_info", None),
    Situation(1, "Swap the sweater of ORD-1001 for size M in green.", "proposed", "modify_items"),
    Situation(1, "ORD-1001 এর সাদা মগটা বদলে কালোটা নিতে চাই।", "proposed", "modify_items"),
    Situation(1, "ORD-1001 er mug ta bodle nil color den", "proposed", "modify_items"),
    Situation(
        7,
        "Change the items of ORD-1014, I want it in navy.",
        "refused",
        "modify_items",
        ("order_not_pending", "items_already_modified"),
    ),
    Situation(1, "Please change the address of ORD-1001.", "needs_info", None),
    Situation(1, "ORD-1001 এর ঠিকানা বদলে দিন।", "needs_info", None),
    Situation(1, "ORD-1001 er thikana bodle den", "needs_info", None),
    Situation(1, "What orders do I have?", "done", "list_orders"),
    Situation(8, "আমার কী কী অর্ডার আছে?", "done", "list_orders"),
    Situation(8, "amar ki ki order ache?", "done", "list_orders"),
    Situation(9, "Hello", "needs_info", None),
)
