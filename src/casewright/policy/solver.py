"""An exact search for one case among many: choices from small finite sets under clauses.

A variable ranges over values 0..n-1; a set of its values is a whole number, bit i for value i. A literal is
(variable, set): "the variable lies in the set". A clause is literals of which at least one must hold.
`solve` finds values that satisfy every clause, or shows that there are none.

Method: conflict-driven clause learning (Marques-Silva and Sakallah 1999) with two watched literals (Chaff,
2001), carried over to signed clauses (Beckert, Hähnle and Manyà 2000), so that an enumeration is one
variable and not many. Left out: restarts and clause deletion; rulesets are small. Learned clauses follow
from the clauses alone, so they serve every later question. Deterministic: no clock, no random choice.
"""

from collections.abc import Iterable, Sequence

Literal = tuple[int, int]
_GROWTH = 1.05
_CEILING = 1e100
_NO_REASON = -1


class BudgetSpent(Exception):
    """The question was not answered within the allowed number of conflicts."""


class Solver:
    """Holds clauses; answers questions about them."""

    def __init__(self) -> None:
        self.conflicts = 0
        self._full: list[int] = []
        self._now: list[int] = []
        self._clauses: list[list[Literal]] = []
        self._watches: list[list[int]] = []
        self._trail: list[tuple[int, int, int]] = []  # variable, its set before, the clause that narrowed it
        self._history: list[list[tuple[int, int]]] = []  # per variable: position in the trail, set after
        self._levels: list[int] = []  # length of the trail at each decision
        self._head = 0
        self._activity: list[float] = []
        self._bump = 1.0
        self._is_contradictory = False

    def variable(self, size: int) -> int:
        """A new variable with values 0..size-1; lower values are tried first."""
        self._full.append((1 << size) - 1)
        self._now.append((1 << size) - 1)
        self._watches.append([])
        self._history.append([])
        self._activity.append(0.0)
        return len(self._full) - 1

    def full(self, variable: int) -> int:
        """The set of all values of a variable."""
        return self._full[variable]

    def add(self, literals: Iterable[Literal]) -> None:
        """Demand that one of the literals holds. Only between questions."""
        merged: dict[int, int] = {}
        for variable, values in literals:
            merged[variable] = merged.get(variable, 0) | (values & self._full[variable])
        if any(values == self._full[variable] for variable, values in merged.items()):
            return
        clause = [item for item in merged.items() if self._now[item[0]] & item[1]]
        if not clause:
            self._is_contradictory = True
        elif len(clause) == 1:
            self._narrow(clause[0], _NO_REASON)
        else:
            self._attach(clause)

    def solve(self, assumptions: Sequence[Literal], budget: int) -> list[int] | None:
        """One value for each variable, or None where none satisfy both clauses and assumptions.

        Raises BudgetSpent after `budget` conflicts.
        """
        try:
            return self._search(assumptions, budget)
        finally:
            self._undo(0)

    def _search(self, assumptions: Sequence[Literal], budget: int) -> list[int] | None:
        last = self.conflicts + budget
        while not self._is_contradictory:
            conflict = self._propagate()
            if conflict is not None:
                self.conflicts += 1
                if self._levels and self.conflicts > last:
                    raise BudgetSpent
                self._is_contradictory = not self._levels
                if self._levels:
                    self._learn(conflict)
                continue
            literal = self._next_decision(assumptions)
            if literal is None:
                return [values.bit_length() - 1 for values in self._now]
            if not self._now[literal[0]] & literal[1]:
                return None
            self._levels.append(len(self._trail))
            self._narrow(literal, _NO_REASON)
        return None

    def _next_decision(self, assumptions: Sequence[Literal]) -> Literal | None:
        if len(self._levels) < len(assumptions):
            return assumptions[len(self._levels)]
        best, best_activity = -1, -1.0
        for variable, values in enumerate(self._now):
            if values & (values - 1) and self._activity[variable] > best_activity:
                best, best_activity = variable, self._activity[variable]
        return None if best < 0 else (best, self._now[best] & -self._now[best])

    def _narrow(self, literal: Literal, reason: int) -> None:
        variable, values = literal
        before = self._now[variable]
        after = before & values
        if after != before:
            self._history[variable].append((len(self._trail), after))
            self._trail.append((variable, before, reason))
            self._now[variable] = after

    def _undo(self, level: int) -> None:
        """Forget all decisions above a level."""
        if level >= len(self._levels):
            return
        start = self._levels[level]
        while len(self._trail) > start:
            variable, before, _ = self._trail.pop()
            self._now[variable] = before
            self._history[variable].pop()
        del self._levels[level:]
        self._head = min(self._head, start)

    def _propagate(self) -> int | None:
        """Follow every consequence; the index of a clause that can no longer hold, or None."""
        now, clauses = self._now, self._clauses
        while self._head < len(self._trail):
            variable = self._trail[self._head][0]
            self._head += 1
            watching = self._watches[variable]
            kept: list[int] = []
            for position, index in enumerate(watching):
                clause = clauses[index]
                mine = 0 if clause[0][0] == variable else 1
                if now[variable] & clause[mine][1]:
                    kept.append(index)
                    continue
                other, allowed = clause[1 - mine]
                if now[other] & ~allowed and self._rewatch(clause, mine, index):
                    continue
                kept.append(index)
                if not now[other] & allowed:
                    self._watches[variable] = kept + watching[position + 1 :]
                    return index
                self._narrow((other, allowed), index)
            self._watches[variable] = kept
        return None

    def _rewatch(self, clause: list[Literal], mine: int, index: int) -> bool:
        """Watch another literal that can still hold; False where there is none."""
        for position in range(2, len(clause)):
            variable, values = clause[position]
            if self._now[variable] & values:
                clause[mine], clause[position] = clause[position], clause[mine]
                self._watches[variable].append(index)
                return True
        return False

    def _attach(self, clause: list[Literal]) -> int:
        self._clauses.append(clause)
        index = len(self._clauses) - 1
        self._watches[clause[0][0]].append(index)
        self._watches[clause[1][0]].append(index)
        return index

    def _learn(self, conflict: int) -> None:
        """Resolve a conflict back to its one cause on this level, keep the lesson, and step back.

        `needed` maps a variable to a set: the conflict follows from all these variables lying in their sets.
        """
        start = self._levels[-1]
        needed = {variable: self._full[variable] & ~values for variable, values in self._clauses[conflict]}
        while True:
            ranked = sorted((self._since(item), item[0]) for item in needed.items())
            latest, variable = ranked[-1]
            if len(ranked) == 1 or ranked[-2][0] < start:
                break
            for name, values in self._clauses[self._trail[latest][2]]:
                lacking = self._full[name] & ~values
                if name == variable:
                    needed[name] |= lacking
                else:
                    needed[name] = needed.get(name, self._full[name]) & lacking
            if needed[variable] == self._full[variable]:
                del needed[variable]
        base = self._levels[0]
        lesson = [
            (name, self._full[name] & ~needed[name])
            for since, name in reversed(ranked)
            if since >= base or name == variable
        ]
        for name, _ in lesson:
            self._activity[name] += self._bump
        self._raise_bump()
        second = ranked[-2][0] if len(lesson) > 1 else -1
        self._undo(sum(1 for level_start in self._levels if level_start <= second))
        self._narrow(lesson[0], self._attach(lesson) if len(lesson) > 1 else _NO_REASON)

    def _since(self, demand: Literal) -> int:
        """The position in the trail from which a variable has lain in a set; -1 where it always has."""
        variable, allowed = demand
        if not self._full[variable] & ~allowed:
            return -1
        return next(position for position, after in self._history[variable] if not after & ~allowed)

    def _raise_bump(self) -> None:
        self._bump *= _GROWTH
        if self._bump > _CEILING:
            self._activity = [value / _CEILING for value in self._activity]
            self._bump = 1.0
