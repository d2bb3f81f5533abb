"""Hard limits under the serving path: many decisions about many customers, each judged by a second opinion.

The oracle keeps its own book of contacts, from the answers alone, sums money up from the rows, and reads no
policy code: consent, unsubscribing, quiet hours on the recipient's wall clock, cooldown, contacts in 7 days
and in 26 weeks, what a caller says, the kill switch, budget and complaints. Invariant: the same seed asks the
same questions. A violation is counted by its rule; none is expected.
"""

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

ZONES = (
    "America/New_York",
    "America/St_Johns",
    "Asia/Dhaka",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
    "UTC",
)
CHANNELS = ("sms", "email", "app", "call")
PLANS = ("monthly", "one_year", "two_year")
WEEK, PERIOD, COOLDOWN = timedelta(days=7), timedelta(days=182), timedelta(days=14)
QUIET_FROM_H, QUIET_UNTIL_H, MOST_IN_PERIOD = 20, 9, 4
STREAMS = 8
Body = dict[str, Any]


class Served(Protocol):
    """The serving path under judgement."""

    def decide(self, body: Body, key: str | None) -> Mapping[str, Any]:
        """The answer to `POST /retain`."""
        ...

    def report(self, decision_id: str, *, is_accepted: bool) -> None:
        """Report whether an offer was accepted."""
        ...

    def excess(self) -> tuple[int, int]:
        """By how much rows and sums of the database exceed the budget, and the bound on complaints."""
        ...


class ServedWithSwitch(Served, Protocol):
    """A serving path whose kill switch is turned between batches."""

    def turn(self, *, is_on: bool) -> None:
        """Turn the kill switch."""
        ...


@dataclass(frozen=True, slots=True)
class SweepSizes:
    """How much is asked."""

    decisions: int
    customers: int
    baseline_level: int = 1
    """The highest offer that the kill switch leaves."""
    step_s: float = 60
    """Mean time between two decisions of a stream."""
    streams: int = STREAMS
    phase: int = 500
    """Decisions of each stream between two turns of the switch."""
    live_share: float = 1.0


@dataclass(slots=True)
class SweepTally:
    """What was counted."""

    decisions: int = 0
    contacts: int = 0
    offers: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    forbidden: Counter[str] = field(default_factory=Counter)
    """Decisions that a rule of the oracle forbade, by rule: how often each was put to the test."""
    violations: Counter[str] = field(default_factory=Counter)
    overspent_minor: int = 0
    overrisked_micros: int = 0


class Oracle:
    """The second opinion: its own book of who was contacted when."""

    def __init__(self, baseline_level: int) -> None:
        self._baseline_level = baseline_level
        self._contacts: dict[str, list[datetime]] = defaultdict(list)
        self._gate = threading.Lock()
        self.tally = SweepTally()

    def forbids(self, body: Body, at: datetime) -> list[str]:
        """Rules by which this customer may not be contacted at this moment."""
        rules = []
        if body.get("consent") is not True:
            rules.append("consent")
        if body.get("unsubscribed"):
            rules.append("unsubscribed")
        if not body.get("channel"):
            rules.append("channel")
        zone = body.get("timezone")
        if zone is None:
            rules.append("zone")
        else:
            hour = at.astimezone(ZoneInfo(zone)).hour
            if hour >= QUIET_FROM_H or hour < QUIET_UNTIL_H:
                rules.append("quiet_hours")
        earlier = self._contacts[body["customer_id"]]
        if any(at - each < COOLDOWN for each in earlier):
            rules.append("cooldown")
        if body.get("contacts_7d", 0) > 0 or any(at - each < WEEK for each in earlier):
            rules.append("weekly_cap")
        if sum(at - each < PERIOD for each in earlier) >= MOST_IN_PERIOD:
            rules.append("period_cap")
        days = body.get("days_since_last_contact")
        if days is not None and days < COOLDOWN.days:
            rules.append("cooldown_said")
        return rules

    def judge(
        self, body: Body, answer: Mapping[str, Any], at: datetime, *, is_switched: bool, is_live: bool
    ) -> None:
        """Count one answer, and what is wrong with it."""
        with self._gate:
            self._judge(body, answer, at, is_switched=is_switched, is_live=is_live)

    def _judge(
        self, body: Body, answer: Mapping[str, Any], at: datetime, *, is_switched: bool, is_live: bool
    ) -> None:
        tally = self.tally
        tally.decisions += 1
        tally.outcomes[answer["outcome"]] += 1
        tally.sources[answer["policy"]["source"]] += 1
        rules = self.forbids(body, at)
        tally.forbidden.update(rules)
        is_contact = answer["decision"]["contact"]
        if not is_contact:
            if answer["reserved_minor"]:
                tally.violations["reserved_without_contact"] += 1
            return
        tally.contacts += 1
        level = answer["decision"]["offer_level"]
        tally.offers[str(level)] += 1
        tally.violations.update(rules)
        if is_switched and (answer["policy"]["source"] != "baseline" or level > self._baseline_level):
            tally.violations["kill_switch"] += 1
        if "unsubscribe" not in answer["safety"]["applied_disclaimers"]:
            tally.violations["no_way_out"] += 1
        if level > 0 and "offer_terms" not in answer["safety"]["applied_disclaimers"]:
            tally.violations["no_terms"] += 1
        if is_live:
            self._contacts[body["customer_id"]].append(at)

    def note_excess(self, excess: tuple[int, int]) -> None:
        """What the database says of money and complaints."""
        with self._gate:
            self.tally.overspent_minor = max(self.tally.overspent_minor, excess[0])
            self.tally.overrisked_micros = max(self.tally.overrisked_micros, excess[1])


def draw_customer(draw: random.Random, name: str) -> Body:
    """One customer; some without consent, channel or zone, some unsubscribed."""
    body: Body = {
        "customer_id": name,
        "churn_risk": round(draw.betavariate(1.5, 2.5), 4),
        "tenure_months": draw.randrange(72),
        "plan": draw.choice(PLANS),
        "monthly_spend": round(draw.uniform(15, 120), 2),
        "services": draw.randrange(1, 9),
        "has_support": draw.random() < 0.4,
        "consent": True,
        "channel": draw.choice(CHANNELS),
        "timezone": draw.choice(ZONES),
    }
    if draw.random() < 0.1:
        body["consent"] = draw.choice((False, None))
    if draw.random() < 0.03:
        body["unsubscribed"] = True
    if draw.random() < 0.03:
        del body["channel"]
    if draw.random() < 0.03:
        body["timezone"] = None
    return body


class SweepClock:
    """A clock that goes on only when it is told to; each thread has its own time."""

    def __init__(self, starts: datetime) -> None:
        self._starts = starts
        self._own = threading.local()

    def __call__(self) -> datetime:
        """The time of this thread."""
        now: datetime = getattr(self._own, "now", self._starts)
        return now

    def set(self, now: datetime) -> None:
        """Put this thread's time."""
        self._own.now = now


class _Stream:
    """One of many who ask at once: its own customers, its own draws, its own time."""

    def __init__(self, name: str, sizes: SweepSizes, seed: int, starts: datetime) -> None:
        self._name = name
        self._sizes = sizes
        self._draw = random.Random(f"{seed}-{name}")
        people = max(1, sizes.customers // sizes.streams)
        self._people = [draw_customer(self._draw, f"{name}-{number}") for number in range(people)]
        self._number = 0
        self.now = starts

    def run(
        self, served: Served, clock: SweepClock, oracle: Oracle, count: int, *, is_switched: bool
    ) -> None:
        """So many decisions, with the switch as it is."""
        clock.set(self.now)
        for _ in range(count):
            self._ask(served, clock, oracle, is_switched=is_switched)

    def _ask(self, served: Served, clock: SweepClock, oracle: Oracle, *, is_switched: bool) -> None:
        draw, sizes = self._draw, self._sizes
        self._number += 1
        self.now += timedelta(seconds=draw.expovariate(1 / sizes.step_s))
        clock.set(self.now)
        body = dict(draw.choice(self._people))
        if draw.random() < 0.1:
            body["contacts_7d"] = draw.randrange(3)
        if draw.random() < 0.1:
            body["days_since_last_contact"] = draw.randrange(60)
        is_live = draw.random() < sizes.live_share
        answer = served.decide(body, f"{self._name}-{self._number}" if is_live else None)
        if not is_live:
            body = {"channel": "email", **body}  # a dry answer takes what is unknown for granted
            body["consent"] = body["consent"] is not False
            body["timezone"] = body["timezone"] or _noon_zone(self.now)
        oracle.judge(body, answer, self.now, is_switched=is_switched, is_live=is_live)
        if is_live and answer["decision"]["contact"] and draw.random() < 0.5:
            served.report(answer["decision_id"], is_accepted=draw.random() < 0.3)


def run_sweep(
    served: ServedWithSwitch,
    clock: SweepClock,
    oracle: Oracle,
    sizes: SweepSizes,
    *,
    seed: int,
    say: Callable[[str], None] = lambda _: None,
) -> SweepTally:
    """Ask in streams while their clocks go on; outcomes come, and between phases the switch is turned."""
    streams = [_Stream(f"s{number}", sizes, seed, clock()) for number in range(sizes.streams)]
    is_switched = False
    done = 0
    with ThreadPoolExecutor(sizes.streams) as pool:
        while done < sizes.decisions:
            count = min(sizes.phase, -(-(sizes.decisions - done) // sizes.streams))
            work = [
                pool.submit(each.run, served, clock, oracle, count, is_switched=is_switched)
                for each in streams
            ]
            for each in work:
                each.result()
            done += count * sizes.streams
            oracle.note_excess(served.excess())
            is_switched = not is_switched
            served.turn(is_on=is_switched)
            say(f"{done:,} decisions, {oracle.tally.contacts:,} contacts")
    return oracle.tally


def run_crowd(
    served: Served,
    oracle: Oracle,
    sizes: SweepSizes,
    *,
    clients: int,
    seed: int,
    now: Callable[[], datetime],
) -> SweepTally:
    """Ask with many clients at once, each customer several times, while the world's clock goes on."""
    draw = random.Random(seed)
    people = [draw_customer(draw, f"c{number}") for number in range(sizes.customers)]
    asked = [dict(draw.choice(people)) for _ in range(sizes.decisions)]

    def ask(place: int) -> tuple[Body, Mapping[str, Any], datetime]:
        return asked[place], served.decide(asked[place], f"k{seed}-{place}"), now()

    with ThreadPoolExecutor(clients) as pool:
        answers = list(pool.map(ask, range(sizes.decisions)))
    for body, answer, at in answers:
        oracle.judge(body, answer, at, is_switched=False, is_live=True)
    oracle.note_excess(served.excess())
    return oracle.tally


def _noon_zone(at: datetime) -> str:
    ahead = 12 - at.hour
    return "Etc/GMT" if ahead == 0 else f"Etc/GMT{-ahead:+d}"
