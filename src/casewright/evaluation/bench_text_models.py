"""What a provider that misbehaves costs at most, by kind of provider and kind of misbehaviour.

Each measure is the wall time of one reply through a chain with a deadline, the slowest of a few. The bar is
the deadline and a tenth of a second. Everything stays on this machine: the providers are stubs on loopback.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from pydantic import BaseModel, ConfigDict, Field

from casewright.adapters.gateway.gateway import Gateway, GatewayLimits
from casewright.adapters.gateway.providers import Provider, ProviderKind, StructuredOutput
from casewright.evaluation.bench_measures import Measure
from casewright.evaluation.misbehaving_provider import MisbehavingProvider, Mode
from casewright.ports.text_model import Message, Role, TextModel
from casewright.runner import Submit

KINDS = {
    "OpenAI-compatible, json_schema": (ProviderKind.OPENAI_COMPATIBLE, StructuredOutput.JSON_SCHEMA),
    "OpenAI-compatible, json_object": (ProviderKind.OPENAI_COMPATIBLE, StructuredOutput.JSON_OBJECT),
    "OpenAI-compatible, none": (ProviderKind.OPENAI_COMPATIBLE, StructuredOutput.NONE),
    "Anthropic": (ProviderKind.ANTHROPIC, StructuredOutput.JSON_SCHEMA),
}
MISBEHAVIOUR = {
    "hangs": Mode.HANG,
    "drips a byte a second": Mode.DRIP,
    "drips headers, a byte a second": Mode.DRIP_HEADERS,
    "429 with Retry-After": Mode.RATE_LIMITED,
    "500": Mode.SERVER_ERROR,
    "broken JSON": Mode.BROKEN_JSON,
    "the wrong schema": Mode.WRONG_SCHEMA,
    "a body without end": Mode.FLOOD,
}
SLACK_MS = 100.0
SLOW_SHARE = 0.6
"""What a slow provider takes of the deadline for each answer: two of them do not fit."""
REFUSED = {"message": "They have spent 912,345 this year.", "rationale": "It is known."}
"""An answer that no review lets through, so that the writer is to be asked again."""
AnswerWithin = Callable[[float, Submit], Callable[[TextModel], object]]
"""An answer of a desk, by its deadline and by where a writer that is late is left behind."""


@dataclass(frozen=True, slots=True)
class TextBenchSizes:
    """How much is measured."""

    deadline_s: float = 1.0
    tries: int = 3
    quick_calls: int = 200


QUICK_TEXT = TextBenchSizes(deadline_s=0.3, tries=1, quick_calls=5)


class Reply(BaseModel):
    """What is asked for."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reply: str = Field(min_length=1, max_length=300)


def run_text_bench(sizes: TextBenchSizes, tell: Callable[[str], None], sales: AnswerWithin) -> list[Measure]:
    """Every kind against every misbehaviour; an answer with its tries; what a chain costs that moves on."""
    measures = []
    for kind in KINDS:
        tell(kind)
        measures += [_measure_misbehaviour(kind, name, mode, sizes) for name, mode in MISBEHAVIOUR.items()]
    tell("an answer")
    measures.append(_measure_answer(sales, sizes))
    tell("moving on")
    return [*measures, *_measure_moving_on(sizes)]


def _measure_misbehaviour(kind: str, name: str, mode: Mode, sizes: TextBenchSizes) -> Measure:
    deadline_ms = sizes.deadline_s * 1000
    took = []
    with MisbehavingProvider(mode) as server:
        for _ in range(sizes.tries):
            gateway = Gateway([_provider(server, kind)], limits=GatewayLimits(deadline_s=sizes.deadline_s))
            took.append(_ask(gateway, "A case."))
            gateway.close()
    note = f"deadline {deadline_ms:g} ms, the slowest of {sizes.tries}"
    return Measure(kind, name, max(took), "ms", at_most=deadline_ms + SLACK_MS, note=note)


def _measure_answer(sales: AnswerWithin, sizes: TextBenchSizes) -> Measure:
    """Every try of the review is answered late, with what does not pass: the tries share one deadline."""
    limits = GatewayLimits(deadline_s=sizes.deadline_s, cache_entries=0)
    took, deadline_ms = [], sizes.deadline_s * 1000
    slow = MisbehavingProvider(answer=REFUSED, delay_s=sizes.deadline_s * SLOW_SHARE)
    with slow, ThreadPoolExecutor(sizes.tries) as pool:
        answer = sales(sizes.deadline_s, pool.submit)
        answer(Gateway([]))  # whatever is loaded by the first answer is loaded now
        for _ in range(sizes.tries):
            gateway = Gateway([_provider(slow, next(iter(KINDS)))], limits=limits)
            started_s = time.perf_counter()
            answer(gateway)
            took.append((time.perf_counter() - started_s) * 1000)
            gateway.close()
    note = f"deadline {deadline_ms:g} ms for all tries, the slowest of {sizes.tries}"
    name = "an answer of the sales desk, slow provider"
    return Measure("Copilot", name, max(took), "ms", at_most=deadline_ms + SLACK_MS, note=note)


def _measure_moving_on(sizes: TextBenchSizes) -> Iterator[Measure]:
    group = "A chain that moves on"
    limits = GatewayLimits(deadline_s=8.0, cache_entries=0)
    with ExitStack() as stack:
        good = stack.enter_context(MisbehavingProvider())
        down = stack.enter_context(MisbehavingProvider(Mode.SERVER_ERROR))
        kind = next(iter(KINDS))
        rounds = [
            _ask(Gateway([_provider(down, kind, "down"), _provider(good, kind)], limits=limits), str(number))
            for number in range(sizes.quick_calls)
        ]
        yield Measure(group, "the next provider answers after a 500", median(rounds), "ms")
        rounds = [
            _ask(Gateway([_provider(down, kind)], limits=limits), str(number))
            for number in range(sizes.quick_calls)
        ]
        yield Measure(group, "all are down, the template follows", median(rounds), "ms")
        gateway = Gateway([_provider(down, kind)], limits=limits)
        for number in range(2):
            _ask(gateway, str(number))
        rounds = [_ask(gateway, str(number)) for number in range(sizes.quick_calls)]
        yield Measure(group, "all are left alone, the template follows", median(rounds) * 1000, "µs")
        cached = Gateway([_provider(good, kind)])
        _ask(cached, "A case.")
        rounds = [_ask(cached, "A case.") for _ in range(sizes.quick_calls)]
        yield Measure(group, "a result of the cache", median(rounds) * 1000, "µs")


def _provider(server: MisbehavingProvider, kind: str, name: str = "p") -> Provider:
    protocol, mode = KINDS[kind]
    return Provider(name, "m", server.base_url, kind=protocol, structured_output=mode)


def _ask(gateway: Gateway, text: str) -> float:
    """Milliseconds of one reply."""
    started_s = time.perf_counter()
    gateway.write((Message(Role.USER, text),), Reply, prompt_version="bench.v1")
    return (time.perf_counter() - started_s) * 1000
