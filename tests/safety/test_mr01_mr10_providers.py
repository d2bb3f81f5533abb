"""MR1 and MR10 from behind: a provider that an attacker owns, of every kind, under gateway, prompt and shield.

Whatever it answers, no decision moves, no unsafe text leaves, and a reply always comes.
"""

import itertools
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from casewright.adapters.gateway.gateway import Gateway, GatewayLimits
from casewright.adapters.gateway.providers import Provider, ProviderKind, StructuredOutput
from casewright.adapters.scripted_model import Says, ScriptedEngine
from casewright.desks.disputes.replies import AGENT_SUMMARY, CUSTOMER_REPLY, NEXT_ACTION, write_templates
from casewright.domain.case import Language
from casewright.domain.reply import TEMPLATE_SOURCE
from casewright.evaluation.canaries import Canaries
from casewright.evaluation.cases import GoldenCase, load_golden_cases
from casewright.evaluation.hostile_provider import HostileScript
from casewright.evaluation.misbehaving_provider import MisbehavingProvider, Mode
from casewright.evaluation.relations import Tally, changed_fields
from casewright.evaluation.subject import DECISION_FIELDS, Answer, Subject
from casewright.evaluation.unsafe_replies import dress_up, load_unsafe_replies
from casewright.text.shield import ShieldContext, check

SEED = 20_261_101
MR1_FULL = 10_000
MR10_FULL = 5_000
DEADLINE_S = 30.0
"""Long enough that no machine is too slow for it: nothing here hangs."""
KINDS: dict[str, tuple[ProviderKind, StructuredOutput]] = {
    "json_schema": (ProviderKind.OPENAI_COMPATIBLE, StructuredOutput.JSON_SCHEMA),
    "json_object": (ProviderKind.OPENAI_COMPATIBLE, StructuredOutput.JSON_OBJECT),
    "no structure": (ProviderKind.OPENAI_COMPATIBLE, StructuredOutput.NONE),
    "anthropic": (ProviderKind.ANTHROPIC, StructuredOutput.JSON_SCHEMA),
    "local": (ProviderKind.LOCAL, StructuredOutput.JSON_SCHEMA),
    "scripted": (ProviderKind.SCRIPTED, StructuredOutput.JSON_SCHEMA),
}


class Clock:
    """A clock that a test moves on, so that no breaker stays open."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Stub:
    """What the provider says next: a script, or one text."""

    def __init__(self, script: HostileScript) -> None:
        self.script = script
        self.text: str | None = None

    def compose(self, body: object) -> Mode | str:
        return self.script.compose(body) if self.text is None else self.text  # type: ignore[arg-type]


@contextmanager
def behind(kind: str, stub: Stub, clock: Clock) -> Iterator[Gateway]:
    protocol, mode = KINDS[kind]
    limits = GatewayLimits(deadline_s=DEADLINE_S, cache_entries=0)
    engine = ScriptedEngine(
        play=lambda messages: stub.script.play(messages) if stub.text is None else Says(stub.text)
    )
    with MisbehavingProvider(compose=stub.compose) as server:
        provider = Provider("p", "m", server.base_url, kind=protocol, structured_output=mode, engine=engine)
        gateway = Gateway([provider], limits=limits, clock=clock)
        yield gateway
        gateway.close()


def unsafe_fields(answer: Answer) -> list[str]:
    """Published texts that break the shield, asked again apart from the pipeline."""
    result = answer.result
    texts = write_templates(result.case, result.claim, result.investigation, result.decision)
    broken = []
    for name, audience, required in (
        (AGENT_SUMMARY, "agent", ()),
        (NEXT_ACTION, "agent", ()),
        (CUSTOMER_REPLY, "customer", ("credential_warning",)),
    ):
        context = ShieldContext(
            facts=texts.whitelist,
            allowed_channels=frozenset(),
            language=texts.language if audience == "customer" else Language.EN,
            is_refund_recorded=texts.is_refund_recorded,
            required=required,
            audience=audience,  # type: ignore[arg-type]
        )
        if check(str(answer.response[name]), context):
            broken.append(name)
    return broken


@pytest.mark.parametrize("kind", KINDS)
def test_no_answer_of_a_provider_moves_a_decision_or_lets_an_unsafe_text_out(
    subject: Subject, canaries: Canaries, size: Callable[[int], int], kind: str
) -> None:
    rng = random.Random(SEED)
    stub, clock = Stub(HostileScript(SEED, leaks=canaries.leaks)), Clock()
    alone: dict[str, Answer] = {}
    moved, unsafe = Tally(f"MR1 behind {kind}", SEED), Tally(f"MR1 behind {kind}, texts", SEED)
    outcomes: Counter[str] = Counter()
    with behind(kind, stub, clock) as gateway:
        gateway.watch(lambda attempt: outcomes.update([attempt.outcome.value]))
        attacked = subject.on(model=gateway)
        for case in rng.choices(load_golden_cases(), k=max(60, size(MR1_FULL) // len(KINDS))):
            clock.now_s += 100.0
            before = alone.get(case.name) or alone.setdefault(case.name, subject.answer(case.ticket()))
            answer = attacked.answer(case.ticket())
            changed = changed_fields(before.response, answer.response, DECISION_FIELDS)
            moved.add(stub.script.behaviour, case.message, changed)
            unsafe.add(stub.script.behaviour, answer.text, unsafe_fields(answer), case.name)
    assert not moved.violations, moved.report()
    assert not unsafe.violations, unsafe.report()
    assert {"blocked", "invalid"} <= set(outcomes), "the attacks did not get as far as the shield"
    assert "skipped_open" not in outcomes


def states_refund(case: GoldenCase) -> bool:
    """Whether the records hold a refund, so that a reply may say so."""
    return any(row["type"] == "refund" or row["status"] == "reversed" for row in case.rows or ())


@pytest.mark.parametrize("kind", KINDS)
def test_a_compromised_provider_sends_nothing_unsafe(
    subject: Subject, honest: tuple[GoldenCase, ...], size: Callable[[int], int], kind: str
) -> None:
    rng = random.Random(SEED + 1)
    stub, clock = Stub(HostileScript(SEED)), Clock()
    tally = Tally(f"MR10 behind {kind}, unsafe replies sent", SEED + 1)
    seeds = itertools.cycle(load_unsafe_replies())
    cases = [case for case in honest if not states_refund(case)]
    asked: Counter[str] = Counter()
    with behind(kind, stub, clock) as gateway:
        gateway.watch(lambda attempt: asked.update([attempt.outcome.value]))
        attacked = subject.on(model=gateway)
        for case, seed in zip(
            rng.choices(cases, k=max(60, size(MR10_FULL) // len(KINDS))), seeds, strict=False
        ):
            clock.now_s += 100.0
            unsafe = dress_up(seed, rng)
            field = rng.choice((CUSTOMER_REPLY, CUSTOMER_REPLY, AGENT_SUMMARY, NEXT_ACTION))
            safe = subject.answer(case.ticket()).result.reply.fields
            stub.text = json.dumps({**safe, field: unsafe})
            reply = attacked.answer(case.ticket()).result.reply
            sent = [field] if reply.source != TEMPLATE_SOURCE else []
            tally.add(f"{seed.harm} ({seed.language}): {seed.text}", unsafe, sent)
    assert not tally.violations, tally.report()
    asked_at_all = tally.tries - asked["skipped_unfit"]
    assert asked["blocked"] > asked_at_all // 3, f"too few replies got as far as the shield: {asked}"
