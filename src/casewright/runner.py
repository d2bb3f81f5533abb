"""The runner: named steps in the order of a table, how long each took, and what each put on the record.

A `Graph` is the table; `Run` walks it once and refuses any step that the table does not allow next. There is
one way back, from a review to the writing before it, and no graph has a step that acts on that way: nothing
done can be done twice. `Journal` alone serves roads that need no table.

The clock is an argument, and so is whatever runs reads at once; nothing here reads a clock or makes a thread.
A read that is out of time is left behind with its answer, it cannot be stopped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from casewright.domain.audit import AuditEvent, AuditName
from casewright.domain.errors import ConfigurationError, RetryableError, Unavailable

if TYPE_CHECKING:
    from concurrent.futures import Future

Clock = Callable[[], float]
"""Seconds that only go forward."""
Emit = Callable[[str, Mapping[str, object]], None]
"""Where progress goes: the kind of event, and its data (codes and counts, no text)."""
Submit = Callable[[Callable[[], Any]], "Future[Any]"]
"""Starts a call elsewhere: `ThreadPoolExecutor.submit`, for one."""
Gather = Callable[[Sequence[Callable[[], Any]], float | None], Sequence[Any]]
"""Makes calls within so many seconds (None: no limit); the results in the order of the calls."""
ResultT = TypeVar("ResultT")
MOST_TRIES: Final = 3


class Journal:
    """Steps of one case in order, with their times in microseconds."""

    __slots__ = ("_clock", "_last", "timings_us")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = clock()
        self.timings_us: dict[str, int] = {}

    def done(self, step: str) -> int:
        """Close a step: the time since the one before it, in microseconds."""
        now = self._clock()
        took = int((now - self._last) * 1_000_000)
        self._last = now
        self.timings_us[step] = self.timings_us.get(step, 0) + took
        return took


class Stage(StrEnum):
    """What a step does to the world."""

    COMPUTE = "compute"
    """Nothing: the same in, the same out."""
    READ = "read"
    ACT = "act"
    WRITE = "write"
    """Words only."""
    REVIEW = "review"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table. Without `after` it follows the row above it."""

    name: str
    stage: Stage
    after: tuple[str, ...] = ()
    timeout_s: float | None = None
    """For the reads of the step together, or for all tries of a text; None: no limit."""


@dataclass(frozen=True)
class Graph:
    """The steps of a road in an order in which they may be taken, and the one way back.

    Raises ConfigurationError for a table that is none: a name twice, a step after one that comes later, a way
    back that does not lead from a review to a writing step, or that leads past a step that acts or records.
    """

    name: str
    steps: tuple[Step, ...]
    retry: tuple[str, str] | None = None
    """From which review to which writing step."""
    most_tries: int = MOST_TRIES

    def __post_init__(self) -> None:
        seen: dict[str, int] = {}
        for place, step in enumerate(self.steps):
            if step.name in seen or not set(step.after) <= seen.keys():
                raise ConfigurationError(
                    f"{self.name}: {step.name!r} is there twice, or stands before a step it follows"
                )
            seen[step.name] = place
        if self.retry is None:
            return
        review, writing = (seen.get(name, -1) for name in self.retry)
        if not 0 <= writing < review:
            raise ConfigurationError(f"{self.name}: the way back leads from a review to a step before it")
        between = [step.stage for step in self.steps[writing : review + 1]]
        if between[0] is not Stage.WRITE or between[-1] is not Stage.REVIEW:
            raise ConfigurationError(f"{self.name}: the way back leads from a review to a writing step")
        if not set(between) <= {Stage.WRITE, Stage.REVIEW, Stage.COMPUTE}:
            raise ConfigurationError(f"{self.name}: nothing that reads, acts or records is taken twice")

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each step stands."""
        return {step.name: place for place, step in enumerate(self.steps)}

    @cached_property
    def needs(self) -> tuple[frozenset[int], ...]:
        """For each step, the steps that must have been taken."""
        return tuple(
            frozenset(self.places[name] for name in self._after(place)) for place in range(len(self.steps))
        )

    def _after(self, place: int) -> tuple[str, ...]:
        step = self.steps[place]
        return step.after or ((self.steps[place - 1].name,) if place else ())

    def draw(self) -> str:
        """The table as a Mermaid flowchart, for the documentation."""
        shapes = {Stage.READ: "[/{}/]", Stage.ACT: "[[{}]]", Stage.REVIEW: "{{{}}}", Stage.RECORD: "[({})]"}
        lines = ["flowchart LR"]
        for step in self.steps:
            label = step.name.replace("_", " ")
            limit = f"<br/>at most {step.timeout_s:g} s" if step.timeout_s is not None else ""
            lines.append("    " + step.name + shapes.get(step.stage, "[{}]").format(f'"{label}{limit}"'))
        for place, step in enumerate(self.steps):
            lines += [f"    {before} --> {step.name}" for before in self._after(place)]
        if self.retry is not None:
            lines.append(
                f"    {self.retry[0]} -.->|findings, at most {self.most_tries} tries| {self.retry[1]}"
            )
        return "\n".join(lines) + "\n"


class StepStatus(StrEnum):
    DONE = "done"
    LATE = "late"
    """A read was out of time: the run went on without it."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step on the record. `data` holds codes, ids and counts: no text."""

    name: str
    status: StepStatus
    took_us: int
    data: Mapping[str, object] = field(default_factory=dict)


def describe_steps(graph: Graph, records: Sequence[StepRecord], case_id: str) -> AuditEvent:
    """A journal as an audit event."""
    steps = tuple(
        {"step": record.name, "status": record.status.value, "took_us": record.took_us, **record.data}
        for record in records
    )
    took_us = sum(record.took_us for record in records)
    return AuditEvent(AuditName.STEPS_TAKEN, case_id, {"graph": graph.name, "steps": steps}, took_us)


class Run:
    """One walk over a graph. Its records are the audit trail; `emit` hears each step as it ends.

    Not safe to share between threads: the steps of one run follow each other, its reads may be at once.
    """

    __slots__ = ("_clock", "_emit", "_graph", "_last", "_notes", "_record", "_taken", "_tries", "records")

    def __init__(
        self,
        graph: Graph,
        clock: Clock,
        *,
        emit: Emit | None = None,
        record: Callable[[StepRecord], None] | None = None,
    ) -> None:
        self._graph = graph
        self._clock = clock
        self._emit = emit
        self._record = record
        self._taken: set[int] = set()
        self._last = -1
        self._tries = 1
        self._notes: dict[str, object] = {}
        self.records: list[StepRecord] = []

    def do(self, name: str, call: Callable[[], ResultT]) -> ResultT:
        """Take a step. Raises what the call raises, with the failure on the record."""
        place = self._enter(name)
        began = self._clock()
        try:
            result = call()
        except BaseException as error:
            self._notes["error"] = getattr(error, "code", type(error).__name__)
            self._close(place, name, began, StepStatus.FAILED)
            raise
        self._close(place, name, began, StepStatus.DONE)
        return result

    def read(
        self, name: str, calls: Sequence[Callable[[], Any]], gather: Gather | None = None
    ) -> tuple[Any, ...]:
        """Take a step of reads, at once where `gather` can; the results in the order of the calls.

        A read that raises a RetryableError, or is out of time, has that error for a result; the others count.
        Any other error is raised. Without `gather` the reads follow each other and none is cut off.
        """
        place = self._enter(name)
        began = self._clock()
        status = StepStatus.DONE
        results: Sequence[Any] = ()
        try:
            results = (gather or one_by_one)(
                [partial(_attempt, call) for call in calls], self._graph.steps[place].timeout_s
            )
        except BaseException as error:
            self._notes["error"] = getattr(error, "code", type(error).__name__)
            self._close(place, name, began, StepStatus.FAILED)
            raise
        failed = sum(isinstance(result, RetryableError) for result in results)
        if failed:
            self._notes["failed"] = failed
            status = StepStatus.LATE if any(map(_is_late, results)) else StepStatus.DONE
        self._close(place, name, began, status)
        return tuple(results)

    def note(self, **data: object) -> None:
        """Put codes or counts on the record of the step that is under way, or of the next."""
        self._notes.update(data)

    def deadline_s(self, name: str) -> float | None:
        """How long the table gives a step."""
        return self._graph.steps[self._graph.places[name]].timeout_s

    @property
    def timings_us(self) -> dict[str, int]:
        """Microseconds by step; tries add up."""
        timings: dict[str, int] = {}
        for record in self.records:
            timings[record.name] = timings.get(record.name, 0) + record.took_us
        return timings

    def event(self, case_id: str) -> AuditEvent:
        """The journal as one audit event: each step with its status, its time and its codes."""
        return describe_steps(self._graph, self.records, case_id)

    def _enter(self, name: str) -> int:
        graph = self._graph
        place = graph.places.get(name)
        if place is None:
            raise ConfigurationError(f"{graph.name} has no step {name!r}")
        if place > self._last and place not in self._taken and graph.needs[place] <= self._taken:
            return place
        if (
            graph.retry is not None
            and name == graph.retry[1]
            and self._last == graph.places[graph.retry[0]]
            and self._tries < graph.most_tries
        ):
            self._tries += 1
            self._taken -= set(range(place, self._last + 1))
            return place
        raise ConfigurationError(f"{graph.name}: the table does not lead to {name!r} from here")

    def _close(self, place: int, name: str, began: float, status: StepStatus) -> None:
        took = int((self._clock() - began) * 1_000_000)
        record = StepRecord(name, status, took, self._notes)
        self._notes = {}
        self._last = place
        self._taken.add(place)
        self.records.append(record)
        if self._record is not None:
            self._record(record)
        if self._emit is not None:
            self._emit("step", {"step": name, "status": status.value, "took_us": took, **record.data})


def one_by_one(calls: Sequence[Callable[[], Any]], timeout_s: float | None = None) -> Sequence[Any]:
    """Calls one after another, none cut off: for tests, and where a thread costs more than it saves."""
    return [call() for call in calls]


def at_once(submit: Submit, clock: Clock) -> Gather:
    """Calls at the same time, each with what is left of the limit; one without an answer has Unavailable."""

    def gather(calls: Sequence[Callable[[], Any]], timeout_s: float | None) -> Sequence[Any]:
        began = clock()
        futures = [submit(call) for call in calls]
        return [
            _wait(future, None if timeout_s is None else max(0.0, timeout_s - (clock() - began)))
            for future in futures
        ]

    return gather


def _wait(future: "Future[Any]", timeout_s: float | None) -> Any:
    try:
        return future.result(timeout_s)
    except TimeoutError:
        future.cancel()
        return Unavailable("A look-up did not answer in time.", code=LATE_READ)


LATE_READ: Final = "read_out_of_time"


def _is_late(result: object) -> bool:
    return isinstance(result, Unavailable) and result.code == LATE_READ


def _attempt(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except RetryableError as error:
        return error
