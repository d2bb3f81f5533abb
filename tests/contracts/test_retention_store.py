"""What the retention desk keeps, on SQLite and PostgreSQL: one contact wins, budgets hold, outcomes merge."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casewright.adapters.journal.ledger import Ledger, read_entries
from casewright.adapters.journal.opening import open_ledger
from casewright.adapters.retention.budget import LEASE, PeriodBudgets
from casewright.adapters.retention.budget_slices import BudgetSlices
from casewright.adapters.retention.log_export import COLUMNS, each_logged
from casewright.adapters.retention.store import SWITCH_CHAIN, StoredOutreach
from casewright.adapters.retention.store_outcomes import StoredOutcomes
from casewright.adapters.retention.tables import RETENTION_DECISIONS, RETENTION_PERIODS
from casewright.adapters.store.engine import Database
from casewright.adapters.store.times import to_micros
from casewright.domain.errors import Conflict, NotFound
from casewright.ports.outreach import (
    Arm,
    Contacts,
    Hold,
    Keeping,
    LiveDecision,
    OutcomeReport,
    PeriodState,
)

AT = datetime(2026, 8, 3, 12, tzinfo=UTC)
PERIOD = date(2026, 7, 2)
FRESH = PeriodState(PERIOD, budget_minor=100_000, complaint_cap=50, complaint_limit_micros=35_000_000)
COST, RISK = 1_000, 20_000
NUMBERS = count(1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = open_ledger(tmp_path, b"k" * 32)
    yield ledger
    ledger.close()


@pytest.fixture
def store(database: Database, ledger: Ledger) -> StoredOutreach:
    return StoredOutreach(database, ledger, "main")


@pytest.fixture
def outcomes(database: Database, ledger: Ledger) -> StoredOutcomes:
    return StoredOutcomes(database, ledger, "main")


@pytest.fixture
def budgets(database: Database, ledger: Ledger) -> PeriodBudgets:
    return PeriodBudgets(database, ledger, "main")


@pytest.fixture
def make_slices(budgets: PeriodBudgets) -> Callable[..., BudgetSlices]:
    def make(now: Callable[[], datetime] = lambda: AT) -> BudgetSlices:
        numbers = count(1)
        name = next(NUMBERS)
        return BudgetSlices(
            budgets,
            holder=f"process_{name}",
            now=now,
            new_id=lambda kind: f"{kind}_{name}_{next(numbers)}",
            is_ahead=False,
        )

    return make


def decide(
    customer: str = "c1",
    *,
    key: str | None = None,
    level: int | None = 1,
    hold: Hold | None = None,
    contacts: Contacts | None = None,
    discount_minor: int = 0,
) -> LiveDecision:
    number = next(NUMBERS)
    before = contacts or Contacts()
    after = replace(before, version=before.version + 1, moments=(*before.moments, to_micros(AT)))
    return LiveDecision(
        decision_id=f"ret_{number:024x}",
        subject_id="usr_1",
        key=key or f"key-{number}",
        fingerprint="f",
        customer_id=customer,
        period=PERIOD,
        decided_at=to_micros(AT),
        arm=Arm.CHAMPION,
        offer_level=level,
        followup_days=28,
        hold=hold,
        contacts=before,
        contacts_after=after if level is not None else before,
        ruleset="retention@2026-01-01",
        policy_version="baseline",
        record={"discount_minor": discount_minor, "observation": [0.5], "offer_probabilities": [1.0]},
        answer={"b": 1, "a": 2},
        entry={"customer_id": customer},
    )


def reserved(budgets: PeriodBudgets) -> int:
    state = budgets.period(PERIOD)
    return 0 if state is None else state.reserved_minor


def test_of_two_contacts_on_the_same_standing_one_is_kept(store: StoredOutreach) -> None:
    before = store.standing("c1", PERIOD).contacts
    assert store.keep(decide(contacts=before)) is Keeping.KEPT
    assert store.keep(decide(contacts=before)) is Keeping.COLLIDED
    now = store.standing("c1", PERIOD).contacts
    assert (now.version, now.moments, now.last_offer) == (1, (to_micros(AT),), 1)
    assert store.keep(decide(contacts=now)) is Keeping.KEPT
    assert store.keep(decide(contacts=now)) is Keeping.COLLIDED


def test_many_at_once_about_one_customer_make_one_contact(store: StoredOutreach, database: Database) -> None:
    before = store.standing("c1", PERIOD).contacts
    found: list[Keeping] = []
    threads = [
        threading.Thread(target=lambda: found.append(store.keep(decide(contacts=before)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [Keeping.COLLIDED] * 7 + [Keeping.KEPT]
    rows = database.read(lambda each: each.execute(select(RETENTION_DECISIONS)).all())
    assert len(rows) == 1


def test_a_key_names_one_decision_and_its_answer_comes_back(store: StoredOutreach) -> None:
    first = decide(key="k")
    assert store.keep(first) is Keeping.KEPT
    assert store.keep(decide("c2", key="k", level=None)) is Keeping.KEY_TAKEN
    earlier = store.standing("c1", PERIOD, "usr_1", "k").earlier
    assert earlier is not None
    assert (earlier.decision_id, earlier.fingerprint) == (first.decision_id, "f")
    assert list(earlier.answer.items()) == [("b", 1), ("a", 2)]
    assert store.standing("c1", PERIOD, "usr_2", "k").earlier is None


def test_a_lost_key_leaves_no_contact(store: StoredOutreach) -> None:
    store.keep(decide(key="k"))
    assert store.keep(decide("c2", key="k")) is Keeping.KEY_TAKEN
    assert store.standing("c2", PERIOD).contacts == Contacts()


def test_another_tenant_sees_nothing(database: Database, ledger: Ledger, store: StoredOutreach) -> None:
    store.keep(decide(key="k"))
    store.set_switch(is_on=True, by="somebody", at=AT)
    standing = StoredOutreach(database, ledger, "other").standing("c1", PERIOD, "usr_1", "k")
    assert (standing.earlier, standing.contacts, standing.is_switched) == (None, Contacts(), False)


def test_the_switch_is_read_at_once_and_the_ledger_says_who(
    store: StoredOutreach, database: Database
) -> None:
    assert not store.standing(None, PERIOD).is_switched
    store.set_switch(is_on=True, by="ann", at=AT)
    assert store.standing(None, PERIOD).is_switched
    store.set_switch(is_on=False, by="ben", at=AT)
    assert not store.standing(None, PERIOD).is_switched
    entries = database.read(lambda each: read_entries(each, "main", SWITCH_CHAIN))
    assert [entry.body for entry in entries] == [
        '{"by":"ann","generation":1,"is_on":1}',
        '{"by":"ben","generation":2,"is_on":0}',
    ]


def test_holds_of_many_processes_never_exceed_the_budget(
    make_slices: Callable[..., BudgetSlices], budgets: PeriodBudgets, store: StoredOutreach
) -> None:
    processes = [make_slices() for _ in range(3)]
    kept = 0
    for number in range(150):
        slices = processes[number % 3]
        hold = slices.hold(budgets.period(PERIOD) or FRESH, COST, RISK)
        if hold is None:
            continue
        assert store.keep(decide(f"c{number}", hold=hold)) is Keeping.KEPT
        slices.settle(hold)
        kept += 1
    assert reserved(budgets) <= FRESH.budget_minor
    assert kept == 100  # 100,000 in parts of 1,000: nothing is left over
    for slices in processes:
        slices.close()
    assert reserved(budgets) == 100_000


def test_threads_of_one_process_never_hold_more_than_there_is(
    make_slices: Callable[..., BudgetSlices], budgets: PeriodBudgets
) -> None:
    slices = make_slices()
    holds: list[Hold] = []

    def take() -> None:
        for _ in range(40):
            hold = slices.hold(FRESH, COST, RISK)
            if hold is not None:
                holds.append(hold)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(holds) == 100
    assert reserved(budgets) == 100_000


def test_a_stop_gives_back_what_no_decision_spent(
    make_slices: Callable[..., BudgetSlices], budgets: PeriodBudgets, store: StoredOutreach
) -> None:
    slices = make_slices()
    spent = slices.hold(FRESH, COST, RISK)
    unspent = slices.hold(FRESH, COST, RISK)
    assert spent is not None
    assert unspent is not None
    store.keep(decide(hold=spent))
    slices.settle(spent)
    slices.close()
    state = budgets.period(PERIOD)
    assert state is not None
    assert (state.reserved_minor, state.complaint_reserved_micros) == (COST, RISK)


def test_a_closed_slice_is_spent_no_further(
    make_slices: Callable[..., BudgetSlices], budgets: PeriodBudgets, store: StoredOutreach
) -> None:
    slices = make_slices()
    hold = slices.hold(FRESH, COST, RISK)
    assert hold is not None
    budgets.give_back(PERIOD, [hold.slice_id], AT)
    assert store.keep(decide(hold=hold)) is Keeping.RECALLED
    assert store.standing("c1", PERIOD).contacts == Contacts()
    assert reserved(budgets) == 0


def test_a_killed_process_loses_its_slice_until_the_lease_ends(
    make_slices: Callable[..., BudgetSlices], budgets: PeriodBudgets, store: StoredOutreach
) -> None:
    killed = make_slices()
    hold = killed.hold(FRESH, 90_000, RISK)
    assert hold is not None
    store.keep(decide(hold=replace(hold, amount_minor=COST)))  # killed after one decision on it
    state = budgets.period(PERIOD)
    assert state is not None
    assert make_slices().hold(state, 20_000, RISK) is None
    later = AT + LEASE + timedelta(seconds=1)
    assert make_slices(lambda: later).hold(state, 20_000, RISK) is not None
    assert reserved(budgets) == COST + 20_000


def test_a_lower_budget_holds_at_once(
    make_slices: Callable[..., BudgetSlices], budgets: PeriodBudgets, store: StoredOutreach
) -> None:
    slices = make_slices()
    hold = slices.hold(FRESH, COST, RISK)
    assert hold is not None
    state = budgets.set_budget(replace(FRESH, budget_minor=0), by="ann", at=AT)
    assert (state.budget_minor, state.reserved_minor) == (0, 0)
    assert store.keep(decide(hold=hold)) is Keeping.RECALLED
    slices.drop(hold.slice_id)
    assert slices.hold(state, COST, RISK) is None


def test_expected_complaints_are_held_like_money(
    make_slices: Callable[..., BudgetSlices], budgets: PeriodBudgets
) -> None:
    few = replace(FRESH, complaint_limit_micros=3 * RISK)
    slices = make_slices()
    assert [slices.hold(few, 1, RISK) is not None for _ in range(4)] == [True, True, True, False]
    state = budgets.period(PERIOD)
    assert state is not None
    assert state.complaint_reserved_micros == 3 * RISK


def test_a_discount_that_nobody_took_goes_back_once(
    make_slices: Callable[..., BudgetSlices],
    budgets: PeriodBudgets,
    store: StoredOutreach,
    outcomes: StoredOutcomes,
) -> None:
    slices = make_slices()
    hold = slices.hold(FRESH, COST, RISK)
    decision = decide(hold=hold, discount_minor=800)
    store.keep(decision)
    slices.close()
    said = OutcomeReport(was_accepted=False)
    kept = outcomes.report(decision.decision_id, said, source="usr_1", at=AT)
    assert (kept.released_minor, kept.state) == (800, "quarantined")
    assert reserved(budgets) == 200
    again = outcomes.report(decision.decision_id, said, source="usr_1", at=AT)
    assert again.released_minor == 800
    assert reserved(budgets) == 200
    assert store.standing("c1", PERIOD).contacts.was_accepted is False


def test_outcomes_merge_and_contradictions_are_refused(
    store: StoredOutreach, outcomes: StoredOutcomes, budgets: PeriodBudgets, database: Database
) -> None:
    budgets.set_budget(FRESH, by="ann", at=AT)
    decision = decide()
    store.keep(decision)
    outcomes.report(decision.decision_id, OutcomeReport(was_accepted=True), source="a", at=AT)
    outcomes.report(decision.decision_id, OutcomeReport(has_complained=True), source="b", at=AT)
    outcomes.report(decision.decision_id, OutcomeReport(has_complained=True), source="b", at=AT)
    kept = outcomes.report(decision.decision_id, OutcomeReport(revenue_minor=-5), source="c", at=AT)
    assert kept.report == OutcomeReport(was_accepted=True, has_complained=True, revenue_minor=-5)
    state = budgets.period(PERIOD)
    assert state is not None
    assert state.complaints == 1
    with pytest.raises(Conflict):
        outcomes.report(decision.decision_id, OutcomeReport(was_accepted=False), source="a", at=AT)
    with pytest.raises(NotFound):
        outcomes.report("ret_none", OutcomeReport(was_accepted=False), source="a", at=AT)
    names = database.read(
        lambda each: [entry.name for entry in read_entries(each, "main", decision.decision_id)]
    )
    assert names == ["case:decision:made"] + ["case:outcome:reported"] * 3


def test_nobody_accepts_what_was_no_contact(store: StoredOutreach, outcomes: StoredOutcomes) -> None:
    decision = decide(level=None)
    store.keep(decision)
    with pytest.raises(Conflict):
        outcomes.report(decision.decision_id, OutcomeReport(was_accepted=True), source="a", at=AT)
    kept = outcomes.report(decision.decision_id, OutcomeReport(has_churned=True), source="a", at=AT)
    assert kept.report.has_churned is True


def test_who_unsubscribes_stays_so(
    store: StoredOutreach, outcomes: StoredOutcomes, database: Database
) -> None:
    from casewright.adapters.retention.customers import put_customers

    decision = decide()
    store.keep(decision)
    outcomes.report(decision.decision_id, OutcomeReport(has_unsubscribed=True), source="a", at=AT)
    put_customers(database, "main", [("c1", {"consent": True}, {"x": 1.5})], at=AT)
    standing = store.standing("c1", PERIOD)
    assert standing.is_opted_out
    assert standing.customer == {"schema_version": 1, "facts": {"consent": True}, "features": {"x": 1.5}}


def test_the_log_holds_outcomes_only_once_they_are_released(
    store: StoredOutreach, outcomes: StoredOutcomes, database: Database
) -> None:
    first, second = decide("c1"), decide("c2", level=None)
    store.keep(first)
    store.keep(second)
    outcomes.report(first.decision_id, OutcomeReport(was_accepted=True), source="a", at=AT)

    def seen(**options: Any) -> list[tuple[Any, ...]]:
        rows = list(each_logged(database, "main", **options))
        assert all(tuple(row) == COLUMNS for row in rows)
        return [(row["customer_id"], row["accepted"], row["outcome_state"]) for row in rows]

    assert seen() == [("c1", None, "quarantined"), ("c2", None, None)]
    assert seen(has_quarantined=True) == [("c1", True, "quarantined"), ("c2", None, None)]
    assert outcomes.release(source="b", at=AT) == 0
    assert outcomes.release(source="a", at=AT) == 1
    assert seen() == [("c1", True, "released"), ("c2", None, None)]


def test_a_period_s_sums_are_those_of_its_rows(
    make_slices: Callable[..., BudgetSlices], store: StoredOutreach, database: Database
) -> None:
    slices = make_slices()
    for number in range(12):
        hold = slices.hold(FRESH, COST, RISK)
        assert hold is not None
        if number % 3 == 0:
            slices.put_back(hold)
            continue
        store.keep(decide(f"c{number}", hold=hold))
        slices.settle(hold)
    slices.close()
    rows = database.read(
        lambda each: each.execute(select(RETENTION_DECISIONS.c.reserved_minor)).scalars().all()
    )
    held = database.read(lambda each: each.execute(select(RETENTION_PERIODS.c.reserved_minor)).scalar_one())
    assert sum(rows) == held == 8 * COST


def test_what_is_held_of_a_customer_is_shown_and_erased(store: StoredOutreach, database: Database) -> None:
    from casewright.adapters.retention.customers import (
        erase_outreach_in,
        export_outreach_in,
        put_customers,
    )

    put_customers(database, "main", [("c1", {"tenure_months": 3}, {"Contract": "One year"})], at=AT)
    store.keep(decide("c1", key="k1"))
    store.keep(decide("c2", key="k2"))
    held = database.read(lambda each: export_outreach_in(each, "main", "c1"))
    assert held["facts"]["facts"] == {"tenure_months": 3}
    assert [each["a"] for each in held["decisions"]] == [2]
    assert database.write(lambda each: erase_outreach_in(each, "main", "c1", at=AT)) == 2
    rest = database.read(lambda each: export_outreach_in(each, "main", "c1"))
    assert (rest["facts"], rest["decisions"], rest["opted_out_at"]) == ({"schema_version": 1}, [], AT)
    assert store.standing("c1", PERIOD).is_opted_out
    assert store.standing("c1", PERIOD).contacts == Contacts()
    assert [row["customer_id"] for row in each_logged(database, "main")] == ["erased", "c2"]
    assert database.read(lambda each: export_outreach_in(each, "main", "nobody")) == {}
    assert database.write(lambda each: erase_outreach_in(each, "main", "nobody", at=AT)) == 0
