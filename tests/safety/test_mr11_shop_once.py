"""MR11 for the shop's desks: duplicates, permutations and twenty at once are one effect, and limits hold."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from support_house import TENANT, SupportHouse, SupportHouses, support_houses

from casewright.domain.errors import CasewrightError
from casewright.domain.principal import Principal
from casewright.domain.shop import OrderStatus
from casewright.evaluation.relations import Tally

__all__ = ["support_houses"]

SEED = 20_260_711
FULL = 200
AT_ONCE = 20
REFUND_LIMIT = 2
CANCEL = (1, "ORD-1001", "Cancel ORD-1001, I no longer need it.")
LATE = (4, "ORD-1007", "My order ORD-1007 has not arrived, I want a refund.")
MISSING = (
    "The fruit basket was missing from ORD-1005, refund it please.",
    "The desk lamp was missing from ORD-1005, refund it please.",
    "The jacket was missing from ORD-1006, refund it please.",
)


def attempt(call: Callable[[], Any]) -> Any:
    """The call's result, or the error that it was turned away with."""
    try:
        return call()
    except CasewrightError as error:
        return error


def confirm(house: SupportHouse, asker: Principal, message: str) -> Any:
    """Ask and say yes, in a conversation of its own."""
    first = house.doors.support.take_turn(asker, message)
    return house.doors.support.take_turn(asker, "yes", first.conversation.conversation_id)


def effects_of(house: SupportHouse, order_id: str) -> tuple[int, int]:
    """Transfers of the gateway, and money that went back by our records, in minor units."""
    order = house.shop.records(TENANT).order(order_id)
    assert order is not None
    return len(house.gateway.transfers), order.refunded_minor


def broken_after(house: SupportHouse, order_id: str) -> list[str]:
    """What must hold of one order after any number of tries to do one thing."""
    transfers, refunded = effects_of(house, order_id)
    order = house.shop.records(TENANT).order(order_id)
    assert order is not None
    moved = sum(transfer.amount_minor for transfer in house.gateway.transfers.values())
    broken = [] if transfers == 1 else [f"{transfers} transfers"]
    broken += [] if refunded == moved else [f"{refunded} recorded, {moved} moved"]
    return broken + ([] if refunded <= order.paid_minor else ["more than was paid"])


def test_one_wish_is_one_effect_however_often_and_however_at_once(
    support_houses: SupportHouses, size: Callable[[int], int]
) -> None:
    rng = random.Random(SEED)
    tally = Tally("MR11, one wish", SEED)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(size(FULL)):
            customer, order_id, message = rng.choice((CANCEL, LATE))
            with support_houses.open() as house:
                how = WAYS[number % len(WAYS)]
                how(house, house.customer(customer, f"u-{number}"), message, pool)
                tally.add(how.__name__, message, broken_after(house, order_id))
    assert not tally.violations, tally.report()


def yes_many_times(house: SupportHouse, asker: Principal, message: str, pool: ThreadPoolExecutor) -> None:
    first = house.doors.support.take_turn(asker, message)
    name = first.conversation.conversation_id
    calls = [lambda: house.doors.support.take_turn(asker, "yes", name)] * AT_ONCE
    list(pool.map(attempt, calls))


def many_conversations(house: SupportHouse, asker: Principal, message: str, pool: ThreadPoolExecutor) -> None:
    list(pool.map(attempt, [lambda: confirm(house, asker, message)] * AT_ONCE))


def one_after_the_other(
    house: SupportHouse, asker: Principal, message: str, pool: ThreadPoolExecutor
) -> None:
    for _ in range(4):
        confirm(house, asker, message)


def the_same_sentence_again(
    house: SupportHouse, asker: Principal, message: str, pool: ThreadPoolExecutor
) -> None:
    results = house.talk(asker, message, message, message, "yes", message, "yes", "yes")
    assert results[3].outcome.status.value == "done"


def several_sessions(house: SupportHouse, asker: Principal, message: str, pool: ThreadPoolExecutor) -> None:
    number = int(str(asker.customer_id)[-1])
    askers = [house.customer(number) for _ in range(AT_ONCE)]
    list(pool.map(attempt, [lambda each=each: confirm(house, each, message) for each in askers]))


WAYS = (yes_many_times, many_conversations, one_after_the_other, the_same_sentence_again, several_sessions)


def test_the_refund_limit_holds_in_any_order_and_at_once(
    support_houses: SupportHouses, size: Callable[[int], int]
) -> None:
    rng = random.Random(SEED + 1)
    tally = Tally("MR11, refund limit", SEED + 1)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(size(FULL // 4)):
            wishes = [rng.choice(MISSING) for _ in range(2)] + list(MISSING)
            rng.shuffle(wishes)
            with support_houses.open() as house:
                calls = [
                    lambda wish=wish, house=house: confirm(house, house.customer(3), wish) for wish in wishes
                ]
                if number % 2:
                    list(pool.map(attempt, calls))
                else:
                    for call in calls:
                        attempt(call)
                since = house.shop.now().replace(year=2000)
                refunds = house.shop.records(TENANT).refunds_since("CUS-1003", since)
                broken = [] if 1 <= refunds <= REFUND_LIMIT else [f"{refunds} refunds"]
                for order_id in ("ORD-1005", "ORD-1006"):
                    order = house.shop.records(TENANT).order(order_id)
                    assert order is not None
                    broken += [] if order.refunded_minor <= order.paid_minor else [f"{order_id} overpaid"]
                tally.add("at once" if number % 2 else "in turn", " | ".join(wishes), broken)
    assert not tally.violations, tally.report()


def test_a_cancelled_order_stays_one_whatever_comes_after(support_houses: SupportHouses) -> None:
    with support_houses.open() as house:
        asker = house.customer(1)
        confirm(house, asker, CANCEL[2])
        for message in (
            CANCEL[2],
            "Refund ORD-1001, the mug was missing",
            "Return ORD-1001, changed my mind",
        ):
            (result,) = house.talk(asker, message)
            assert result.outcome.slots.proposal_id is None
        order = house.shop.records(TENANT).order("ORD-1001")
        assert order is not None
        assert order.status is OrderStatus.CANCELLED
        assert len(house.gateway.transfers) == 1
