"""Replay of a τ²-bench retail set against our service: every verdict, every final state, every refusal.

Invariant: each task and each case starts from the shop as it was imported. A state is compared in cents, for
all orders and the profile of everybody whom the task is about, so that a change beside the point is found
too. What is measured is the service alone: which writes are meant is given by the set.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from casewright.domain.errors import Unavailable
from casewright.evaluation.tau_calls import TauCaller, Verdict
from casewright.evaluation.tau_set import FIXED, PUBLISHED, TauCall, TauCase, TauSet, TauTask
from casewright.evaluation.tau_states import find_differences, normalise_user

SHOWN_DIFFERENCES = 5
State = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that is not as it must be."""

    kind: str
    """task | write | forbidden | permitted | state | error."""
    name: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.detail}"


@dataclass(slots=True)
class TauReport:
    """What was counted, and every miss by name."""

    tasks: int = 0
    tasks_fixed: int = 0
    tasks_published: int = 0
    writes: int = 0
    writes_right: int = 0
    forbidden: int = 0
    forbidden_refused: int = 0
    permitted: int = 0
    permitted_allowed: int = 0
    unchanged: int = 0
    """Forbidden calls after which nothing had changed."""
    misses: list[Miss] = field(default_factory=list)
    verdicts: dict[str, str] = field(default_factory=dict)
    """What came of each call of the refusals, by the case's id."""

    @property
    def is_passed(self) -> bool:
        return not self.misses

    def to_document(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "schema_version": 1,
            "is_passed": self.is_passed,
            "tasks": self.tasks,
            "tasks_equal_fixed": self.tasks_fixed,
            "tasks_equal_tau2": self.tasks_published,
            "writes": self.writes,
            "writes_right": self.writes_right,
            "forbidden": self.forbidden,
            "forbidden_refused": self.forbidden_refused,
            "forbidden_unchanged": self.unchanged,
            "permitted": self.permitted,
            "permitted_allowed": self.permitted_allowed,
            "verdicts": dict(self.verdicts),
            "misses": [{"kind": miss.kind, "name": miss.name, "detail": miss.detail} for miss in self.misses],
        }


class TauReplay:
    """Replays one set. `restore` puts the shop back to how it was imported."""

    def __init__(self, tau: TauSet, caller: TauCaller, restore: Callable[[], None]) -> None:
        self._tau = tau
        self._caller = caller
        self._restore = restore
        self._is_touched = False
        self._report = TauReport()
        self._orders_of: dict[str, list[str]] = {}
        for order_id, order in tau.orders.items():
            self._orders_of.setdefault(str(order["user_id"]), []).append(order_id)

    def run(self, progress: Callable[[int, int], None] = lambda done, of: None) -> TauReport:
        """Everything of the set, in its order; `progress` is told how many are done, and of how many."""
        of = len(self._tau.tasks) + len(self._tau.cases)
        for done, task in enumerate(self._tau.tasks, start=1):
            self._guarded(f"task {task.task_id}", lambda task=task: self._run_task(task))  # type: ignore[misc]
            progress(done, of)
        for done, case in enumerate(self._tau.cases, start=1 + len(self._tau.tasks)):
            self._guarded(case.case_id, lambda case=case: self._run_case(case))  # type: ignore[misc]
            progress(done, of)
        return self._report

    def _guarded(self, name: str, step: Callable[[], None]) -> None:
        """One failure of the service is a miss of that task, and the others go on."""
        if self._is_touched:
            self._restore()
            self._is_touched = False
        try:
            step()
        except Unavailable as error:
            self._is_touched = True
            self._report.misses.append(Miss("error", name, error.message))

    def _run_task(self, task: TauTask) -> None:
        report = self._report
        report.tasks += 1
        for number, write in enumerate(task.writes):
            report.writes += 1
            verdict = self._call(write, task.session_user or self._tau.owner_of(write))
            if verdict.is_permitted == write.is_permitted:
                report.writes_right += 1
            else:
                wanted = "permitted" if write.is_permitted else "refused"
                name = f"{task.task_id}[{number}] {write.name}"
                report.misses.append(Miss("write", name, f"must be {wanted}, was {verdict}"))
        users = self._users_of(task)
        found = self._look(users)
        differing = {
            version: list(islice(find_differences(self._expect(state, users), found), SHOWN_DIFFERENCES))
            for version, state in task.final.items()
        }
        report.tasks_published += not differing.get(PUBLISHED, True)
        if not differing.get(FIXED, True):
            report.tasks_fixed += 1
        else:
            detail = "; ".join(differing.get(FIXED, ["the set has no such final state"]))
            report.misses.append(Miss("state", task.task_id, detail))

    def _run_case(self, case: TauCase) -> None:
        report = self._report
        for step in case.setup:
            verdict = self._call(step, case.session_user or self._tau.owner_of(step))
            if not verdict.is_permitted:
                report.misses.append(Miss("permitted", f"{case.case_id} (setup {step.name})", str(verdict)))
        if case.call.is_permitted:
            report.permitted += 1
            verdict = self._call(case.call, case.session_user)
            report.verdicts[case.case_id] = str(verdict)
            if verdict.is_permitted:
                report.permitted_allowed += 1
            else:
                report.misses.append(Miss("permitted", case.case_id, f"was {verdict}"))
            return
        report.forbidden += 1
        owner = self._tau.owner_of(case.call)
        users = self._known(case.session_user, owner)
        before = self._look(users)
        was_touched = self._is_touched
        verdict = self._call(case.call, case.session_user)
        report.verdicts[case.case_id] = str(verdict)
        if verdict.is_permitted:
            report.misses.append(Miss("forbidden", case.case_id, f"was {verdict}"))
        else:
            report.forbidden_refused += 1
        differences = list(islice(find_differences(before, self._look(users)), SHOWN_DIFFERENCES))
        if differences:
            report.misses.append(Miss("state", case.case_id, "; ".join(differences)))
            return
        report.unchanged += 1
        self._is_touched = was_touched

    def _call(self, call: TauCall, user: str | None) -> Verdict:
        self._is_touched = True
        return self._caller.call(call, user)

    def _users_of(self, task: TauTask) -> Sequence[str]:
        """Everybody whom a task is about: who asks, whose objects are written, who is in a final state."""
        named = [task.session_user, *(self._tau.owner_of(write) for write in task.writes)]
        for state in task.final.values():
            named += [str(order["user_id"]) for order in state["orders"].values()]
            named += list(state["users"])
        return self._known(*named)

    def _known(self, *named: str | None) -> Sequence[str]:
        return sorted({user for user in named if user is not None and user in self._tau.users})

    def _look(self, users: Sequence[str]) -> State:
        """The profiles and all the orders of these customers, as they see them."""
        found: State = {"orders": {}, "users": {}}
        for user in users:
            found["users"][user] = self._caller.user(user)
            for order_id in self._orders_of.get(user, ()):
                found["orders"][order_id] = self._caller.order(order_id, user)
        return found

    def _expect(self, state: Mapping[str, Any], users: Sequence[str]) -> State:
        """The final state of these customers: as the set says, and what it does not name as it was."""
        expected: State = {"orders": {}, "users": {}}
        for user in users:
            expected["users"][user] = normalise_user(state["users"].get(user, self._tau.users[user]))
            for order_id in self._orders_of.get(user, ()):
                expected["orders"][order_id] = state["orders"].get(order_id, self._tau.orders[order_id])
        return expected
