"""What the local model would write: replies of every kind of case, through prompt, check and shield.

A measuring flag, not a service: the packaged model is untrained, and nothing it writes here reaches anybody.
What counts is that no unsafe text gets out; the share that it writes is near nothing until a fine-tune is
promoted. Each text that would leave is checked once more, apart from the road that let it out.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, cycle, islice
from statistics import median
from typing import Any

from casewright.adapters.gateway.gateway import Gateway, GatewayLimits
from casewright.adapters.local_model import LocalFile, LocalModel, build_local_provider
from casewright.desk import TextPurpose
from casewright.desks.disputes.replies import write_templates
from casewright.domain.case import Language
from casewright.domain.reply import TEMPLATE_SOURCE
from casewright.evaluation.bench_measures import Measure
from casewright.evaluation.cases import honest_cases
from casewright.evaluation.subject import Subject
from casewright.pipeline import Road
from casewright.ports.text_model import Attempt, TextModel
from casewright.text.shield import ShieldContext, check

REPLIES = 100
QUICK_REPLIES = 4


@dataclass(frozen=True, slots=True)
class Written:
    """A reply that would leave: by whom, what held the model's text back, what a second look finds in it."""

    is_by_model: bool
    blocked: tuple[str, ...] = ()
    unsafe: tuple[str, ...] = ()


Reply = Callable[[TextModel], Written]
"""Asks for one reply, on the road that it takes in service."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One reply of a desk, and how long it took."""

    desk: str
    written: Written
    took_s: float


@dataclass(slots=True)
class LocalRun:
    """Everything that was measured."""

    outcomes: list[Outcome] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)


def run_local_bench(
    file: LocalFile,
    lines: Mapping[str, Sequence[Reply]],
    *,
    replies: int = REPLIES,
    threads: int = 1,
    deadline_s: float = 30.0,
    tell: Callable[[str], None],
) -> list[Measure]:
    """Measure a model's file on this machine, over the replies of each desk in turn.

    Raises ConfigurationError where the extra is missing.
    """
    provider = build_local_provider(file, threads=threads)
    engine = provider.engine
    assert isinstance(engine, LocalModel)  # noqa: S101 - it was just built so
    started_s = time.perf_counter()
    engine.load()
    loaded_s = time.perf_counter() - started_s
    run = LocalRun()
    limits = GatewayLimits(deadline_s=deadline_s, cache_entries=0)
    for number, (desk, reply) in enumerate(islice(_in_turn(lines), replies), 1):
        if number % 10 == 1:
            tell(f"reply {number} of {replies}")
        # A chain of its own for each reply: what failed before leaves nobody out of the measure.
        gateway = Gateway([provider], limits=limits, record=run.attempts.append)
        started_s = time.perf_counter()
        written = reply(gateway)
        run.outcomes.append(Outcome(desk, written, time.perf_counter() - started_s))
    engine.close()
    return [*_measure_texts(run), *_measure_speed(run, engine, loaded_s)]


def _measure_texts(run: LocalRun) -> Iterator[Measure]:
    group, count = "Replies", len(run.outcomes)
    desks = Counter(outcome.desk for outcome in run.outcomes)
    yield Measure(group, "asked for", count, "", note=", ".join(f"{desk} {n}" for desk, n in desks.items()))
    unsafe = [outcome for outcome in run.outcomes if outcome.written.unsafe]
    yield Measure(group, "unsafe, and out", len(unsafe), "", at_most=0)
    written = sum(outcome.written.is_by_model for outcome in run.outcomes)
    yield Measure(group, "written by the model", 100 * written / max(1, count), "%")
    for desk, number in desks.items():
        ours = sum(outcome.written.is_by_model for outcome in run.outcomes if outcome.desk == desk)
        yield Measure(group, f"{desk}: written by the model", 100 * ours / number, "%")
    yield Measure(group, "left to the template", 100 * (count - written) / max(1, count), "%")
    rules = Counter(rule for outcome in run.outcomes for rule in outcome.written.blocked)
    for rule, number in rules.most_common(6):
        yield Measure("Held back for", rule.replace("_", " "), number, "", note="a reply may break several")
    ends = Counter(attempt.outcome.value for attempt in run.attempts)
    for outcome, number in ends.most_common():
        yield Measure("How calls ended", outcome.replace("_", " "), number, "")


def _measure_speed(run: LocalRun, engine: LocalModel, loaded_s: float) -> Iterator[Measure]:
    group, speed = "Speed, one call at a time", engine.speed
    yield Measure(group, "load the model", loaded_s, "s")
    yield Measure(group, "p50 of a reply", median(outcome.took_s for outcome in run.outcomes), "s")
    written = 1000 * speed.tokens / speed.milliseconds if speed.milliseconds else 0.0
    yield Measure(group, "written", written, "tokens/s")
    read = 1000 * speed.prompt_tokens / speed.prompt_milliseconds if speed.prompt_milliseconds else 0.0
    yield Measure(
        group, "read", read, "tokens/s", note="what the prompt shares with the one before is not read"
    )


def _in_turn(lines: Mapping[str, Sequence[Reply]]) -> Iterator[tuple[str, Reply]]:
    """A reply of each desk, and again, for ever."""
    each = [cycle([(desk, reply) for reply in replies]) for desk, replies in lines.items()]
    return chain.from_iterable(zip(*each, strict=False))


def dispute_replies(road: Road) -> list[Reply]:
    """Replies to the honest tickets in English; `road` is that of disputes, without a model."""
    subject = Subject(road)
    return [_dispute_reply(subject, case.ticket()) for case in honest_cases() if case.file.startswith("en")]


def _dispute_reply(subject: Subject, ticket: Mapping[str, object]) -> Reply:
    def reply(model: TextModel) -> Written:
        asked = subject.on(model=model).answer(ticket).result
        if asked.reply.source == TEMPLATE_SOURCE:
            return Written(is_by_model=False, blocked=asked.reply.blocked)
        texts = write_templates(asked.case, asked.claim, asked.investigation, asked.decision)
        unsafe = [
            violation.rule.value
            for wanted in subject.road.desk.text_fields
            for violation in check(asked.reply.fields[wanted.name], _context(wanted, texts))
        ]
        return Written(is_by_model=True, unsafe=tuple(unsafe))

    return reply


def _context(wanted: TextPurpose, texts: Any) -> ShieldContext:
    return ShieldContext(
        facts=texts.whitelist,
        allowed_channels=frozenset(),
        language=texts.language if wanted.audience == "customer" else Language.EN,
        is_refund_recorded=texts.is_refund_recorded,
        required=wanted.required,
        audience=wanted.audience,
    )
