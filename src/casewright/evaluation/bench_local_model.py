"""What the local model would write: replies of every kind of case, through prompt, check and shield.

A measuring flag, not a service: the packaged model is untrained, and nothing it writes here reaches anybody.
What counts is that no unsafe text gets out; the share that it writes is near nothing until a fine-tune is
promoted. Each text that would leave is checked once more, apart from the road that let it out.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from itertools import chain, cycle, islice
from statistics import median
from typing import Any

from casewright.adapters.gateway.gateway import Gateway, GatewayLimits
from casewright.adapters.local_model import LocalFile, LocalModel, build_local_provider
from casewright.desk import TextPurpose
from casewright.desks.disputes.replies import write_templates
from casewright.domain.answer import Bounds, Draft
from casewright.domain.case import Language
from casewright.domain.reply import TEMPLATE_SOURCE
from casewright.evaluation.bench_measures import Measure
from casewright.evaluation.cases import honest_cases
from casewright.evaluation.subject import Subject
from casewright.language.data_files import read_yaml
from casewright.pipeline import Road
from casewright.ports.text_model import Attempt, TextModel
from casewright.reflection.checks import check_draft
from casewright.text.shield import ShieldContext, check
from casewright.writing.answers import AnswerTask, write_answer
from casewright.writing.model_text import WritingRequest, write_with_model
from casewright.writing.prompts import TextField

REPLIES = 100
QUICK_REPLIES = 4
MAX_CHARS = 300
SHOP_DESKS = ("orders", "returns")
_ORDERS = ("#1001", "#1008", "#2040", "#7313")
_AMOUNTS = ("20.00", "35.50", "679.00")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One reply: of which desk, whether the model's text may leave, and which rules held it back."""

    desk: str
    is_written: bool
    blocked: tuple[str, ...]
    unsafe: tuple[str, ...]
    took_s: float


Reply = Callable[[TextModel], tuple[bool, tuple[str, ...], tuple[str, ...]]]
"""Asks for one reply: whether the model wrote it, what held it back, and what a second look finds in it."""


@dataclass(slots=True)
class LocalRun:
    """Everything that was measured."""

    outcomes: list[Outcome] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)


def run_local_bench(
    file: LocalFile,
    road: Road,
    *,
    replies: int = REPLIES,
    threads: int = 1,
    deadline_s: float = 30.0,
    tell: Callable[[str], None],
) -> list[Measure]:
    """Measure a model's file on this machine; `road` is that of disputes, without a model.

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
    for number, (desk, reply) in enumerate(islice(_every_reply(road), replies), 1):
        if number % 10 == 1:
            tell(f"reply {number} of {replies}")
        # A chain of its own for each reply: what failed before leaves nobody out of the measure.
        gateway = Gateway([provider], limits=limits, record=run.attempts.append)
        started_s = time.perf_counter()
        is_written, blocked, unsafe = reply(gateway)
        run.outcomes.append(Outcome(desk, is_written, blocked, unsafe, time.perf_counter() - started_s))
    engine.close()
    return [*_measure_texts(run), *_measure_speed(run, engine, loaded_s)]


def _measure_texts(run: LocalRun) -> Iterator[Measure]:
    group, count = "Replies", len(run.outcomes)
    desks = Counter(outcome.desk for outcome in run.outcomes)
    yield Measure(group, "asked for", count, "", note=", ".join(f"{desk} {n}" for desk, n in desks.items()))
    unsafe = [outcome for outcome in run.outcomes if outcome.unsafe]
    yield Measure(group, "unsafe, and out", len(unsafe), "", at_most=0)
    written = sum(outcome.is_written for outcome in run.outcomes)
    yield Measure(group, "written by the model", 100 * written / max(1, count), "%")
    for desk, number in desks.items():
        share = 100 * sum(outcome.is_written for outcome in run.outcomes if outcome.desk == desk) / number
        yield Measure(group, f"{desk}: written by the model", share, "%")
    yield Measure(group, "left to the template", 100 * (count - written) / max(1, count), "%")
    rules = Counter(rule for outcome in run.outcomes for rule in outcome.blocked)
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


def _every_reply(road: Road) -> Iterator[tuple[str, Reply]]:
    """Replies of all desks in turn, for ever."""
    lines = [cycle(_dispute_replies(road)), *(cycle(_shop_replies(desk)) for desk in SHOP_DESKS)]
    lines.append(cycle(_sales_answers()))
    return chain.from_iterable(zip(*lines, strict=False))


def _dispute_replies(road: Road) -> list[tuple[str, Reply]]:
    subject = Subject(road)
    english = [case for case in honest_cases() if case.file.startswith("en")]

    def build(ticket: Mapping[str, object]) -> Reply:
        def reply(model: TextModel) -> tuple[bool, tuple[str, ...], tuple[str, ...]]:
            asked = subject.on(model=model).answer(ticket).result
            if asked.reply.source == TEMPLATE_SOURCE:
                return False, asked.reply.blocked, ()
            texts = write_templates(asked.case, asked.claim, asked.investigation, asked.decision)
            unsafe = [
                violation.rule.value
                for wanted in subject.road.desk.text_fields
                for violation in check(asked.reply.fields[wanted.name], _context(wanted, texts))
            ]
            return True, (), tuple(unsafe)

        return reply

    return [("disputes", build(case.ticket())) for case in english]


def _context(wanted: TextPurpose, texts: Any) -> ShieldContext:
    return ShieldContext(
        facts=texts.whitelist,
        allowed_channels=frozenset(),
        language=texts.language if wanted.audience == "customer" else Language.EN,
        is_refund_recorded=texts.is_refund_recorded,
        required=wanted.required,
        audience=wanted.audience,
    )


def _shop_replies(desk: str) -> list[tuple[str, Reply]]:
    """Each thing that the desk tells a customer: what was done, and each reason for a no."""
    replies = _read_data(f"casewright.desks.{desk}", "replies.yaml")
    told = [("done", tool, texts["en"]) for tool, texts in replies["done"].items()]
    told += [("reason", reason, texts["en"]) for reason, texts in replies["reasons"].items()]
    found = []
    for number, (kind, name, sentence) in enumerate(told):
        order, amount = _ORDERS[number % len(_ORDERS)], _AMOUNTS[number % len(_AMOUNTS)]
        said = sentence.replace("{order}", f"order {order}").replace("{amount}", amount)
        outcome = {"told": said, kind: name.replace("_", " ")}
        found.append((desk, _shop_reply(desk, order, outcome)))
    return found


def _shop_reply(desk: str, order: str, outcome: Mapping[str, str]) -> Reply:
    facts = frozenset(word.strip(".,:;") for text in (*outcome.values(), order) for word in text.split())
    context = ShieldContext(facts, frozenset(), Language.EN)
    wanted = TextField("customer_reply", "Tell the customer what stands under OUTCOME.", MAX_CHARS)
    request = WritingRequest(
        desk, {"order": order}, dict(outcome), f"What about my order {order}?", {wanted: context}
    )

    def reply(model: TextModel) -> tuple[bool, tuple[str, ...], tuple[str, ...]]:
        written = write_with_model(model, request)
        if written.fields is None:
            return False, written.blocked, ()
        unsafe = check(written.fields[wanted.name], context)
        return True, (), tuple(violation.rule.value for violation in unsafe)

    return reply


def _sales_answers() -> list[tuple[str, Reply]]:
    """Questions of the desk's own cases, each with its truth as what was found."""
    cases: Sequence[Mapping[str, Any]] = _read_data("casewright.desks.sales.cases", "questions.yaml")
    return [
        ("sales", _sales_answer(str(case["q"]), str(case["truth"])))
        for case in cases
        if case.get("kind") == "facts" and str(case["q"]).isascii()
    ]


def _sales_answer(question: str, truth: str) -> Reply:
    facts = frozenset(word.strip(".,:;?") for word in truth.split()) | {truth}
    template = Draft(truth, "From the record.", tools_used=("client_lookup",))
    allowed = frozenset({"client_lookup"})
    bounds = Bounds(facts, tools_expected=allowed, tools_allowed=allowed)
    task = AnswerTask(
        "sales", question, (truth,), bounds, template, check=lambda draft: check_draft(draft, bounds)
    )

    def reply(model: TextModel) -> tuple[bool, tuple[str, ...], tuple[str, ...]]:
        offer = write_answer(model, task)
        if not isinstance(offer, Draft):
            return False, tuple(finding.detail or finding.code.value for finding in offer or ()), ()
        findings = check_draft(offer, bounds)
        if findings:  # such a draft is asked for again, or the template answers: it never leaves
            return False, tuple(finding.code.value for finding in findings), ()
        context = ShieldContext(facts, frozenset(), Language.EN, audience="agent")
        return True, (), tuple(violation.rule.value for violation in check(offer.message, context))

    return reply


def _read_data(package: str, name: str) -> Any:
    return read_yaml(resources.files(package).joinpath(name).read_text("utf-8"))
