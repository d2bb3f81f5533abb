"""The slices of one process: decisions take from them without asking the database again.

Invariants: a hold that is not kept goes back to its slice; a process that stops gives back what is left, one
that is killed loses its slice until the lease ends, and then anybody who is short gives it back. The next
slice is fetched behind the requests, so that none of them waits.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta

from casewright.adapters.retention.budget import SLICES, TAIL, BudgetSlice, PeriodBudgets
from casewright.domain.errors import CasewrightError
from casewright.ports.outreach import Hold, PeriodState

REFILL_BELOW = 0.5
RECLAIM_EVERY = timedelta(minutes=1)


class BudgetSlices:
    """Implements `ports.outreach.BudgetHolds`: the slices of one process. Safe to share between threads.

    A slice that runs low is followed by the next one behind the requests, so that none of them waits.
    """

    def __init__(
        self,
        budgets: PeriodBudgets,
        *,
        holder: str,
        now: Callable[[], datetime],
        new_id: Callable[[str], str],
        is_ahead: bool = True,
    ) -> None:
        """`is_ahead` False: the next slice is taken when it is needed, by whoever needs it."""
        self._budgets = budgets
        self._holder = holder
        self._now = now
        self._new_id = new_id
        self._is_ahead = is_ahead
        self._gate = threading.Lock()
        self._taking = threading.Lock()
        self._slices: list[BudgetSlice] = []
        self._is_refilling = False
        self._is_closed = False
        self._reclaimed_at: datetime | None = None

    def left(self, state: PeriodState) -> tuple[int, int]:
        """What one decision could hold now: the best slice here, or what is free."""
        with self._gate:
            own = [each for each in self._slices if each.period == state.period]
            minor = max((each.left_minor for each in own), default=0)
            micros = max((each.left_micros for each in own), default=0)
        if min(state.free_minor * SLICES - state.budget_minor, state.free_micros) <= 0:
            self._reclaim_behind(state)
        return max(minor, state.free_minor), max(micros, state.free_micros)

    def hold(self, state: PeriodState, amount_minor: int, complaint_micros: int) -> Hold | None:
        """A part of a slice, of a new one where none here has so much. Raises Unavailable."""
        hold = self._hold_here(state, amount_minor, complaint_micros)
        if hold is not None:
            return hold
        with self._taking:  # one asks the database; who waited finds what it brought
            hold = self._hold_here(state, amount_minor, complaint_micros)
            if hold is not None:
                return hold
            taken = self._take(state, amount_minor, complaint_micros)
            return None if taken is None else self._hold_here(state, amount_minor, complaint_micros)

    def put_back(self, hold: Hold) -> None:
        """A decision was not kept: what it held is free in its slice again."""
        with self._gate:
            for each in self._slices:
                if each.slice_id == hold.slice_id:
                    each.left_minor += hold.amount_minor
                    each.left_micros += hold.complaint_micros
                    each.under_way -= 1

    def settle(self, hold: Hold) -> None:
        """A decision is kept."""
        with self._gate:
            for each in self._slices:
                if each.slice_id == hold.slice_id:
                    each.under_way -= 1

    def drop(self, slice_id: str) -> None:
        """Forget a slice that was closed behind our back."""
        with self._gate:
            self._slices = [each for each in self._slices if each.slice_id != slice_id]

    def close(self) -> None:
        """Give back what is left. Whatever is still under way is fenced off, and decided anew elsewhere."""
        with self._taking:
            with self._gate:
                self._is_closed = True
                slices, self._slices = self._slices, []
            for period in {each.period for each in slices}:
                ids = [each.slice_id for each in slices if each.period == period]
                self._budgets.give_back(period, ids, self._now())

    def _hold_here(self, state: PeriodState, amount_minor: int, complaint_micros: int) -> Hold | None:
        now = self._now()
        with self._gate:
            for each in self._slices:
                if each.period != state.period or each.expires_at <= now:
                    continue
                if each.left_minor >= amount_minor and each.left_micros >= complaint_micros:
                    each.left_minor -= amount_minor
                    each.left_micros -= complaint_micros
                    each.under_way += 1
                    self._refill_behind(state, each)
                    return Hold(each.slice_id, each.period, amount_minor, complaint_micros)
        return None

    def _refill_behind(self, state: PeriodState, current: BudgetSlice) -> None:
        """Called with the gate held."""
        is_low = (
            current.left_minor < REFILL_BELOW * current.amount_minor
            or current.left_micros < REFILL_BELOW * current.complaint_micros
        )
        has_next = any(each is not current and each.period == state.period for each in self._slices)
        if not self._is_ahead or self._is_refilling or self._is_closed or not is_low or has_next:
            return
        self._is_refilling = True
        threading.Thread(target=self._refill, args=(state,), name="retention-slice", daemon=True).start()

    def _reclaim_behind(self, state: PeriodState) -> None:
        """Little is free: give back, now and then, what dead processes hold, so that it is not lost."""
        now = self._now()
        with self._gate:
            if self._is_closed or (self._reclaimed_at and now - self._reclaimed_at < RECLAIM_EVERY):
                return
            self._reclaimed_at = now
        work = threading.Thread(
            target=self._reclaim, args=(state.period, now), name="retention-slice", daemon=True
        )
        work.start()

    def _reclaim(self, period: date, now: datetime) -> None:
        with suppress(CasewrightError):  # whoever comes next tries again
            self._budgets.reclaim(period, now)

    def _refill(self, state: PeriodState) -> None:
        try:
            with self._taking:
                self._take(state, 1, 1)
        except CasewrightError:
            return  # whoever needs it asks again, and is told
        finally:
            with self._gate:
                self._is_refilling = False

    def _take(self, state: PeriodState, amount_minor: int, complaint_micros: int) -> BudgetSlice | None:
        """A new slice, with `taking` held; those that are spent, over or expired are given back."""
        now = self._now()
        self._sweep(state, now)
        if self._is_closed:
            return None
        taken = self._budgets.take(
            state,
            amount_minor,
            complaint_micros,
            slice_id=self._new_id("slice"),
            holder=self._holder,
            at=now,
        )
        if taken is not None:
            with self._gate:
                self._slices.append(taken)
        return taken

    def _sweep(self, state: PeriodState, now: datetime) -> None:
        """Give back slices on which nothing is under way and that are no use: old, expired, or crumbs."""
        with self._gate:
            idle = [each for each in self._slices if each.under_way == 0]
            over = [
                each
                for each in idle
                if each.period != state.period
                or each.expires_at <= now
                or each.left_minor * TAIL < each.amount_minor
                or each.left_micros * TAIL < each.complaint_micros
            ]
            gone = {each.slice_id for each in over}
            self._slices = [each for each in self._slices if each.slice_id not in gone]
        for period in {each.period for each in over}:
            self._budgets.give_back(period, [each.slice_id for each in over if each.period == period], now)
