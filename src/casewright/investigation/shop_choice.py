"""What to do about a message to a shop: which tool with which arguments, or what to ask for first. Pure.

Invariant: text selects among the customer's own records and creates nothing: every id in a step comes from a
record that was handed in, and no amount comes from anywhere. Whether the step is allowed is the policy's to
say, when the tool is called.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from casewright.domain.conversation import Slots
from casewright.domain.shop import Customer, MethodKind, Order, OrderLine, OrderStatus, Product, Variant
from casewright.investigation.shop_request import (
    CancelReason,
    Intent,
    Resolution,
    ShopRequest,
    match_names,
    match_orders,
    order_key,
    word_senses,
)

MOST_OPTIONS = 5
CANCEL_WORDS: Mapping[str, str] = {
    CancelReason.NO_LONGER_NEEDED: "no longer needed",
    CancelReason.ORDERED_BY_MISTAKE: "ordered by mistake",
    CancelReason.FOUND_CHEAPER: "found cheaper elsewhere",
    CancelReason.TOO_SLOW: "delivery takes too long",
}
"""The reasons as the cancel tool takes them; policy accepts some of them."""
ABOUT_LINES = frozenset({Intent.RETURN, Intent.REFUND, Intent.EXCHANGE, Intent.REPLACEMENT})
CHANGES = frozenset({Intent.CHANGE_ADDRESS, Intent.CHANGE_PAYMENT})
ABOUT_ORDERS = ABOUT_LINES | CHANGES | {Intent.CANCEL, Intent.STATUS}
_TAKES_NO_REQUEST = frozenset(
    {
        OrderStatus.CANCELLED,
        OrderStatus.RETURN_REQUESTED,
        OrderStatus.EXCHANGE_REQUESTED,
        OrderStatus.REPLACEMENT_REQUESTED,
    }
)
"""Where no reason helps, none is asked for; policy says the no."""
_NOT_SENT = frozenset({OrderStatus.PENDING, OrderStatus.PENDING_ITEMS_MODIFIED})
"""What is exchanged here has not left: the items of the order are changed."""
_METHOD_WORDS = {
    MethodKind.GIFT_CARD: ("gift", "voucher", "গিফট", "ভাউচার"),
    MethodKind.CARD: ("card", "visa", "mastercard", "কার্ড"),
    MethodKind.WALLET: ("wallet", "paypal", "bkash", "nagad", "বিকাশ", "নগদ", "ওয়ালেট"),
}


class Missing(StrEnum):
    """What must be known before anything can be done."""

    INTENT = "intent"
    ORDER = "order"
    LINES = "lines"
    REASON = "reason"
    CANCEL_REASON = "cancel_reason"
    VARIANT = "variant"
    PRODUCT = "product"
    METHOD = "method"
    ADDRESS = "address"
    """In a field of its own: words of a message are no address."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to the customer. `options` are names or ids of own records, or of the shop's products."""

    what: Missing
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """A tool to call. For goods that come back, `eligibility` is what to check first."""

    tool: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NoSuchOrder:
    """An order is named that is not one of the customer's own."""


@dataclass(frozen=True, slots=True)
class ShowOrder:
    """Say where an order stands."""

    order: Order


@dataclass(frozen=True, slots=True)
class ListOrders:
    """Say which orders there are, and where each stands."""


Step = Ask | Act | NoSuchOrder | ShowOrder | ListOrders


@dataclass(frozen=True, slots=True)
class Shelf:
    """The records a choice is made from: the customer's own, and the products that were looked up."""

    customer: Customer | None
    orders: tuple[Order, ...] = ()
    products: Mapping[str, Product] = field(default_factory=dict)
    """By product id."""
    address: Mapping[str, Any] | None = None
    """What the caller's own field for a new address holds."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The next step, and what is understood by now."""

    step: Step
    slots: Slots
    has_learnt: bool
    """The message added something: a wish, an order, an item, a reason."""


def choose_intent(request: ShopRequest, slots: Slots) -> Intent:
    """What the message wants; where it says nothing, what was wanted before and is still open."""
    may_be_method = request.intent in (Intent.REFUND, Intent.CHANGE_PAYMENT)
    is_method = slots.asked == Missing.METHOD and may_be_method and _names_method(request)
    if slots.intent is not None and (request.intent is Intent.OTHER or is_method):
        return Intent(slots.intent)
    return request.intent


def _names_method(request: ShopRequest) -> bool:
    """Whether the message may be the answer to which payment method is meant."""
    return "store_credit" in request.signals or bool(_named_kinds(request))


def _named_kinds(request: ShopRequest) -> tuple[MethodKind, ...]:
    """The kinds of payment methods that a message names; a gift card is no other card."""
    counts = {
        kind: sum(1 for word in request.words for name in names if _is_form(word, name))
        for kind, names in _METHOD_WORDS.items()
    }
    counts[MethodKind.CARD] -= min(counts[MethodKind.CARD], counts[MethodKind.GIFT_CARD])
    return tuple(kind for kind, count in counts.items() if count)


def _is_form(word: str, name: str) -> bool:
    """Bangla words take endings."""
    return word == name or (not name.isascii() and word.startswith(name))


def choose_step(request: ShopRequest, slots: Slots, shelf: Shelf) -> Choice:
    """The step that a message leads to, with what was understood before."""
    intent = choose_intent(request, slots)
    filled = replace(
        slots,
        intent=None if intent is Intent.OTHER else intent.value,
        reason=request.reason.value if request.reason else slots.reason,
        cancel_reason=request.cancel_reason.value if request.cancel_reason else slots.cancel_reason,
        wanted=request.wanted.value if request.wanted else slots.wanted,
        asked=None,
        proposal_id=None,
    )
    step, filled = _choose(intent, request, filled, shelf)
    if isinstance(step, Ask):
        filled = replace(filled, asked=step.what.value)
    has_learnt = request.intent is not Intent.OTHER or _contents(filled) != _contents(slots)
    return Choice(step, filled, has_learnt)


def _contents(slots: Slots) -> tuple[object, ...]:
    return (
        *(slots.order_id, slots.line_ids, slots.reason, slots.cancel_reason, slots.wanted),
        *(slots.product_id, slots.variant_id),
    )


def _choose(intent: Intent, request: ShopRequest, slots: Slots, shelf: Shelf) -> tuple[Step, Slots]:
    if intent is Intent.PLACE_ORDER:
        return _place_order(request, slots, shelf)
    if intent is Intent.LIST_ORDERS:
        return Ask(Missing.ORDER) if shelf.customer is None else ListOrders(), slots
    if intent not in ABOUT_ORDERS:
        return Ask(Missing.INTENT), slots
    order = _find_order(request, slots, shelf, is_change=intent in CHANGES)
    if not isinstance(order, Order):
        return order, slots
    if order.order_id != slots.order_id:
        slots = replace(slots, order_id=order.order_id, line_ids=(), variant_id=None)
    if intent is Intent.STATUS:
        return ShowOrder(order), slots
    if intent in CHANGES:
        return _change(intent, request, order, shelf), slots
    if intent is Intent.CANCEL:
        if slots.cancel_reason is None:
            is_over = order.status is OrderStatus.CANCELLED
            return ShowOrder(order) if is_over else Ask(Missing.CANCEL_REASON), slots
        return Act(
            "cancel_order", {"order_id": order.order_id, "reason": CANCEL_WORDS[slots.cancel_reason]}
        ), slots
    lines = find_lines(request, slots, order)
    if isinstance(lines, Ask):
        return lines, slots
    slots = replace(slots, line_ids=tuple(line.line_id for line in lines))
    if intent is Intent.EXCHANGE:
        return _exchange(request, slots, order, lines, shelf)
    if slots.reason is None and (intent is Intent.REPLACEMENT or order.status not in _TAKES_NO_REQUEST):
        return Ask(Missing.REASON), slots
    if intent is Intent.REPLACEMENT:
        if len(lines) > 1:
            return Ask(Missing.LINES, tuple(line.name for line in lines[:MOST_OPTIONS])), slots
        arguments = {"order_id": order.order_id, "item_id": lines[0].line_id, "reason": slots.reason}
        return Act("create_replacement", arguments), slots
    return _give_back(intent, slots, order, shelf), slots


def _change(intent: Intent, request: ShopRequest, order: Order, shelf: Shelf) -> Step:
    """Another address, from its field, or another payment method, from the words."""
    if intent is Intent.CHANGE_ADDRESS:
        if shelf.address is None:
            return Ask(Missing.ADDRESS)
        return Act("modify_address", {"order_id": order.order_id, "address": dict(shelf.address)})
    payers = _payers(order)
    found = find_methods(request, shelf.customer, payers)
    if len(found) == 1:
        return Act("modify_payment", {"order_id": order.order_id, "method_id": found[0]})
    offered = found or tuple(name for name in _methods_of(shelf.customer) if name not in payers)
    return Ask(Missing.METHOD, offered[:MOST_OPTIONS])


def _payers(order: Order) -> tuple[str, ...]:
    return tuple(method_id for method_id, net in order.net_by_method().items() if net > 0)


def _find_order(
    request: ShopRequest, slots: Slots, shelf: Shelf, *, is_change: bool = False
) -> Order | Ask | NoSuchOrder:
    """The order that is meant. Where none is named, a change means one that has not been sent."""
    own = {order.order_id: order for order in shelf.orders}
    named = match_orders(request, own)
    written = [found for found in request.order_ids if not _is_method(found, shelf.customer)]
    if len(named) == 1:
        return own[named[0]]
    if named:
        return Ask(Missing.ORDER, named[:MOST_OPTIONS])
    if shelf.customer is None and not written:
        return Ask(Missing.ORDER)
    if written or not own:
        return NoSuchOrder()
    if slots.order_id in own:
        return own[slots.order_id]
    titles = [" ".join(line.name for line in order.lines) for order in shelf.orders]
    spoken_of = [shelf.orders[place] for place in match_names(request, titles)]
    if len(spoken_of) == 1:
        return spoken_of[0]
    waiting = [order for order in spoken_of or shelf.orders if order.status is OrderStatus.PENDING]
    if is_change and len(waiting) == 1:
        return waiting[0]
    if len(own) == 1:
        return shelf.orders[0]
    offered = (is_change and waiting) or spoken_of or list(shelf.orders)
    return Ask(Missing.ORDER, tuple(order.order_id for order in offered[:MOST_OPTIONS]))


def find_lines(request: ShopRequest, slots: Slots, order: Order) -> tuple[OrderLine, ...] | Ask:
    """The items that are meant, or the question which ones."""
    if request.is_whole_order or len(order.lines) == 1:
        return order.lines
    titles = [f"{line.name} {' '.join(map(str, line.options.values()))}" for line in order.lines]
    spoken_of = [order.lines[place] for place in match_names(request, titles)]
    if len({line.variant_id for line in spoken_of}) == 1:
        return (spoken_of[0],)
    known = tuple(line for line in order.lines if line.line_id in slots.line_ids)
    if not spoken_of and known:
        return known
    offered = spoken_of or list(order.lines)
    return Ask(Missing.LINES, tuple(dict.fromkeys(line.name for line in offered))[:MOST_OPTIONS])


def _give_back(intent: Intent, slots: Slots, order: Order, shelf: Shelf) -> Step:
    arguments: dict[str, Any] = {
        "order_id": order.order_id,
        "item_ids": list(slots.line_ids),
    }
    if slots.reason is not None:
        arguments["reason"] = slots.reason
    if slots.wanted == Resolution.STORE_CREDIT:
        cards = _methods_of(shelf.customer, MethodKind.GIFT_CARD)
        if len(cards) != 1:
            return Ask(Missing.METHOD, cards[:MOST_OPTIONS])
        arguments["method_id"] = cards[0]
    return Act("create_return" if intent is Intent.RETURN else "issue_refund", arguments)


def _methods_of(customer: Customer | None, kind: MethodKind | None = None) -> tuple[str, ...]:
    methods = customer.methods if customer is not None else ()
    return tuple(method.method_id for method in methods if kind is None or method.kind is kind)


def _exchange(
    request: ShopRequest, slots: Slots, order: Order, lines: Sequence[OrderLine], shelf: Shelf
) -> tuple[Step, Slots]:
    if len(lines) > 1:
        return Ask(Missing.LINES, tuple(line.name for line in lines[:MOST_OPTIONS])), slots
    line = lines[0]
    product = shelf.products.get(line.product_id)
    others = [
        variant
        for variant in (product.variants if product else ())
        if variant.variant_id != line.variant_id and variant.is_available
    ]
    best = find_variants(request, others, known=line.options) or _kept(slots, others)
    if len(best) != 1:
        return Ask(Missing.VARIANT, tuple(map(describe_variant, (best or others)[:MOST_OPTIONS]))), slots
    slots = replace(slots, variant_id=best[0].variant_id)
    arguments: dict[str, Any] = {
        "order_id": order.order_id,
        "item_ids": [line.line_id],
        "new_variant_ids": [best[0].variant_id],
    }
    if order.status in _NOT_SENT:
        payers = _payers(order)
        methods = find_methods(request, shelf.customer, ()) or payers
        if len(methods) != 1:
            return Ask(Missing.METHOD, methods[:MOST_OPTIONS]), slots
        return Act("modify_items", {**arguments, "method_id": methods[0]}), slots
    if slots.reason is not None:
        arguments["reason"] = slots.reason
    return Act("create_exchange", arguments), slots


def _kept(slots: Slots, variants: Sequence[Variant]) -> list[Variant]:
    """The one that was chosen before, if it still can be."""
    return [variant for variant in variants if variant.variant_id == slots.variant_id]


def find_variants(
    request: ShopRequest, variants: Sequence[Variant], known: Mapping[str, str] | None = None
) -> list[Variant]:
    """Those that the message describes best by the values of their options.

    A value that the item in hand has already describes that one, and counts only between equals.
    """
    said = {sense for word in request.words for sense in (word, *word_senses(word))}
    kept = {str(value).lower() for value in (known or {}).values()}

    def score(variant: Variant) -> tuple[int, int]:
        values = [str(value).lower() for value in variant.options.values()]
        new = sum(1 for value in values if value not in kept and _is_said(value, said, request.words))
        return new, sum(1 for value in values if value in kept)

    scored = [(score(variant), variant) for variant in variants]
    best = max((found for found, _ in scored), default=(0, 0))
    return [variant for found, variant in scored if found == best] if best[0] else []


def _is_said(value: str, said: set[str], words: Sequence[str]) -> bool:
    if value in said:
        return True
    parts = value.replace("-", " ").split()
    return len(parts) > 1 and " ".join(parts) in " ".join(words)


def describe_variant(variant: Variant) -> str:
    """The options of a variant in a few words: `size M, colour blue`."""
    return ", ".join(f"{name} {value}" for name, value in variant.options.items())


def _place_order(request: ShopRequest, slots: Slots, shelf: Shelf) -> tuple[Step, Slots]:
    products = list(shelf.products.values())
    named = [products[place] for place in match_names(request, [product.name for product in products])]
    if not named:
        named = [product for product in products if product.product_id == slots.product_id]
    if len(named) != 1:
        return Ask(Missing.PRODUCT, tuple(product.name for product in named[:MOST_OPTIONS])), slots
    slots = replace(slots, product_id=named[0].product_id)
    available = [variant for variant in named[0].variants if variant.is_available]
    best = available if len(available) == 1 else find_variants(request, available) or _kept(slots, available)
    if len(best) != 1:
        return Ask(Missing.VARIANT, tuple(map(describe_variant, (best or available)[:MOST_OPTIONS]))), slots
    slots = replace(slots, variant_id=best[0].variant_id)
    methods = _methods_of(shelf.customer)
    if len(methods) > 1:
        methods = find_methods(request, shelf.customer, ()) or methods
    if len(methods) != 1:
        return Ask(Missing.METHOD, methods[:MOST_OPTIONS]), slots
    return Act("create_order", {"variant_ids": [best[0].variant_id], "method_id": methods[0]}), slots


def find_methods(request: ShopRequest, customer: Customer | None, payers: Sequence[str]) -> tuple[str, ...]:
    """Own methods that the message names, by id, by kind, or by the last digits of their label.

    Of several, those that have paid already are what is to be changed, and are left out.
    """
    methods = customer.methods if customer is not None else ()
    named = [method for method in methods if _is_named(request, method.method_id)]
    if not named:
        kinds = _named_kinds(request)
        named = [method for method in methods if method.kind in kinds]
    if len(named) > 1:
        ending = request.phone_last4
        named = [method for method in named if ending and method.label.endswith(ending)] or named
        named = [method for method in named if method.method_id not in payers] or named
    return tuple(method.method_id for method in named)


def _is_named(request: ShopRequest, method_id: str) -> bool:
    key = order_key(method_id)
    if key in map(order_key, request.order_ids):
        return True
    parts = re.findall(r"[^\W_]+", method_id.lower())
    said = [word for word in request.words if word[0].isalnum()]
    return any(said[at : at + len(parts)] == parts for at in range(len(said)))


def _is_method(written: str, customer: Customer | None) -> bool:
    """Whether what reads like an order's id is that of an own payment method."""
    return order_key(written) in map(order_key, _methods_of(customer))
