"""The gateway against a real server on loopback that misbehaves on demand."""

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import BaseModel, ConfigDict, Field

from casewright.adapters.gateway.budget import BudgetLimits
from casewright.adapters.gateway.gateway import Gateway, GatewayLimits
from casewright.adapters.gateway.providers import Provider, Secret, StructuredOutput
from casewright.evaluation.misbehaving_provider import (
    CREDENTIAL_ASK,
    SAFE_SENTENCE,
    MisbehavingProvider,
    Mode,
)
from casewright.ports.text_model import Attempt, AttemptOutcome, Message, Role, Written

KEY = "sk-planted-key-5512"
DEADLINE_S = 0.3
SLACK_S = 5.0
"""Of wall time, for a machine with other work; an overrun without bounds would be minutes."""
ASK = (Message(Role.SYSTEM, "Write."), Message(Role.USER, "A case."))
LIMITS = GatewayLimits(deadline_s=DEADLINE_S)


class Texts(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    summary: str = Field(min_length=1, max_length=300)
    reply: str = Field(min_length=1, max_length=600)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def provider(server: MisbehavingProvider, name: str = "first", /, **changes: object) -> Provider:
    settings: dict[str, object] = {
        "name": name,
        "model": "m-1",
        "base_url": server.base_url,
        "key": Secret(KEY),
        "structured_output": StructuredOutput.JSON_SCHEMA,
        "max_in_flight": 16,
    }
    return Provider(**(settings | changes))  # type: ignore[arg-type]


def refuse_asks(texts: Texts) -> tuple[str, ...]:
    return ("credential_ask",) if CREDENTIAL_ASK in (texts.summary, texts.reply) else ()


def timed(gateway: Gateway, text: str = "A case.") -> tuple[Written[Texts], float]:
    started = time.perf_counter()
    messages = (Message(Role.USER, text),)
    written = gateway.write(messages, Texts, prompt_version="t.v1", accept=refuse_asks)
    return written, time.perf_counter() - started


def outcomes(written: Written[Texts]) -> list[AttemptOutcome]:
    return [attempt.outcome for attempt in written.trace.attempts]


@pytest.fixture
def server() -> Iterator[MisbehavingProvider]:
    with MisbehavingProvider() as running:
        yield running


@pytest.fixture
def good() -> Iterator[MisbehavingProvider]:
    with MisbehavingProvider() as running:
        yield running


def test_a_well_behaved_provider_is_the_source_of_the_text(server: MisbehavingProvider) -> None:
    written, _ = timed(Gateway([provider(server)], limits=LIMITS))
    assert written.value == Texts(summary=SAFE_SENTENCE, reply=SAFE_SENTENCE)
    assert written.source == "model:first/m-1"
    assert outcomes(written) == [AttemptOutcome.ANSWERED]


@pytest.mark.parametrize("mode", list(StructuredOutput))
def test_every_structured_output_mode_gets_its_schema_across(
    server: MisbehavingProvider, mode: StructuredOutput
) -> None:
    written, _ = timed(Gateway([provider(server, structured_output=mode)], limits=LIMITS))
    assert written.value is not None
    asked = server.requests[0].get("response_format", {}).get("type", "none")
    assert asked == mode.value


def test_without_a_provider_there_is_no_text_and_no_attempt() -> None:
    written, took_s = timed(Gateway([]))
    assert (written.value, written.source, written.trace.attempts) == (None, "template", ())
    assert took_s < SLACK_S


MISBEHAVIOUR = {
    Mode.HANG: AttemptOutcome.TIMED_OUT,
    Mode.DRIP: AttemptOutcome.TIMED_OUT,
    Mode.DRIP_HEADERS: AttemptOutcome.TIMED_OUT,
    Mode.RATE_LIMITED: AttemptOutcome.RATE_LIMITED,
    Mode.SERVER_ERROR: AttemptOutcome.SERVER_ERROR,
    Mode.UNAUTHORISED: AttemptOutcome.REFUSED,
    Mode.REDIRECT: AttemptOutcome.REFUSED,
    Mode.DISCONNECT: AttemptOutcome.UNREACHABLE,
    Mode.BROKEN_ENVELOPE: AttemptOutcome.INVALID,
    Mode.BROKEN_JSON: AttemptOutcome.INVALID,
    Mode.WRONG_SCHEMA: AttemptOutcome.INVALID,
    Mode.DEEP_JSON: AttemptOutcome.INVALID,
    Mode.OVERLONG: AttemptOutcome.TOO_LONG,
    Mode.FLOOD: AttemptOutcome.TOO_LONG,
    Mode.CUT_OFF: AttemptOutcome.TOO_LONG,
    Mode.EMPTY: AttemptOutcome.EMPTY,
    Mode.TOOL_CALL: AttemptOutcome.EMPTY,
    Mode.TOOL_CALL_TEXT: AttemptOutcome.INVALID,
    Mode.SURROGATE: AttemptOutcome.INVALID,
}


@pytest.mark.parametrize("mode", MISBEHAVIOUR, ids=str)
def test_misbehaviour_costs_at_most_the_deadline_and_gives_no_text(
    server: MisbehavingProvider, mode: Mode
) -> None:
    server.mode = mode
    written, took_s = timed(Gateway([provider(server)], limits=LIMITS))
    assert (written.value, written.source) == (None, "template")
    assert outcomes(written) == [MISBEHAVIOUR[mode]]
    assert took_s <= DEADLINE_S + SLACK_S
    assert len(server.requests) == 1


@pytest.mark.parametrize("mode", MISBEHAVIOUR, ids=str)
def test_the_next_provider_answers_within_the_same_deadline(
    server: MisbehavingProvider, good: MisbehavingProvider, mode: Mode
) -> None:
    server.mode = mode
    is_slow = MISBEHAVIOUR[mode] is AttemptOutcome.TIMED_OUT
    limits = replace(LIMITS, deadline_s=2.0 if is_slow else 60.0)
    written, _ = timed(Gateway([provider(server), provider(good, "second")], limits=limits))
    assert written.source == "model:second/m-1"
    assert outcomes(written) == [MISBEHAVIOUR[mode], AttemptOutcome.ANSWERED]


@pytest.mark.parametrize("drip_every_s", [0.01, 0.1])
def test_a_fast_drip_is_cut_at_the_deadline_too(server: MisbehavingProvider, drip_every_s: float) -> None:
    server.drip_every_s = drip_every_s
    for mode in (Mode.DRIP, Mode.DRIP_HEADERS):
        server.mode = mode
        written, took_s = timed(Gateway([provider(server)], limits=LIMITS))
        assert outcomes(written) == [AttemptOutcome.TIMED_OUT]
        assert took_s <= DEADLINE_S + SLACK_S


def test_a_chain_of_hanging_providers_shares_one_deadline(server: MisbehavingProvider) -> None:
    server.mode = Mode.HANG
    chain = [provider(server, name) for name in ("first", "second", "third")]
    written, took_s = timed(Gateway(chain, limits=LIMITS))
    assert outcomes(written) == [AttemptOutcome.TIMED_OUT] * 3
    assert took_s <= DEADLINE_S + SLACK_S


def test_threads_of_hanging_calls_end_with_their_deadline(server: MisbehavingProvider) -> None:
    server.mode, server.drip_every_s = Mode.DRIP_HEADERS, 0.01
    gateway = Gateway([provider(server, max_in_flight=1)], limits=LIMITS)
    timed(gateway)
    deadline = time.monotonic() + 2
    while any(thread.name == "text-model-call" for thread in threading.enumerate()):
        assert time.monotonic() < deadline, "a call outlived its deadline"
        time.sleep(0.01)
    server.mode = Mode.OK
    assert timed(gateway)[0].value is not None


def test_an_address_where_nobody_listens_moves_on_at_once(
    server: MisbehavingProvider, good: MisbehavingProvider
) -> None:
    dead = provider(server, base_url="http://127.0.0.1:9/v1")
    written, took_s = timed(Gateway([dead, provider(good, "second")], limits=LIMITS))
    assert outcomes(written) == [AttemptOutcome.UNREACHABLE, AttemptOutcome.ANSWERED]
    assert took_s < SLACK_S


def test_a_server_error_moves_on_at_once(server: MisbehavingProvider, good: MisbehavingProvider) -> None:
    server.mode = Mode.SERVER_ERROR
    gateway = Gateway([provider(server), provider(good, "second")])
    written, took_s = timed(gateway)
    assert written.source == "model:second/m-1"
    assert took_s < SLACK_S


def test_after_429_the_provider_is_skipped_for_as_long_as_it_asked(
    server: MisbehavingProvider, good: MisbehavingProvider
) -> None:
    clock = Clock()
    server.mode = Mode.RATE_LIMITED  # Retry-After: 20
    gateway = Gateway([provider(server), provider(good, "second")], clock=clock)
    assert outcomes(timed(gateway, "one")[0]) == [AttemptOutcome.RATE_LIMITED, AttemptOutcome.ANSWERED]
    clock.now_s += 19.9
    assert outcomes(timed(gateway, "two")[0]) == [AttemptOutcome.SKIPPED_OPEN, AttemptOutcome.ANSWERED]
    assert len(server.requests) == 1
    clock.now_s += 0.1
    server.mode = Mode.OK
    assert timed(gateway, "three")[0].source == "model:first/m-1"


def test_two_failures_in_a_row_open_the_breaker_and_a_good_probe_closes_it(
    server: MisbehavingProvider,
) -> None:
    clock = Clock()
    server.mode = Mode.WRONG_SCHEMA
    gateway = Gateway([provider(server)], clock=clock)
    assert outcomes(timed(gateway)[0]) == [AttemptOutcome.INVALID]
    assert outcomes(timed(gateway)[0]) == [AttemptOutcome.INVALID]
    assert outcomes(timed(gateway)[0]) == [AttemptOutcome.SKIPPED_OPEN]
    clock.now_s += 30
    server.mode = Mode.OK
    assert outcomes(timed(gateway)[0]) == [AttemptOutcome.ANSWERED]
    assert len(server.requests) == 3


def test_hostile_text_is_blocked_not_stored_and_not_asked_of_the_next_provider(
    server: MisbehavingProvider, good: MisbehavingProvider
) -> None:
    server.mode = Mode.ASKS_CREDENTIAL
    gateway = Gateway([provider(server), provider(good, "second")], limits=LIMITS)
    for _ in range(3):
        written, _took = timed(gateway)
        assert (written.value, written.source) == (None, "template")
        assert written.trace.blocked == ("credential_ask",)
        assert outcomes(written) == [AttemptOutcome.BLOCKED]
    assert len(server.requests) == 3
    assert good.requests == []


def test_an_identical_request_is_answered_from_the_cache(server: MisbehavingProvider) -> None:
    gateway = Gateway([provider(server)], limits=LIMITS)
    first, _ = timed(gateway)
    again, _ = timed(gateway)
    assert again.value == first.value
    assert again.source == first.source
    assert again.trace.is_reused
    assert again.trace.attempts == ()
    timed(gateway, "Another case.")
    gateway.write((Message(Role.USER, "A case."),), Texts, prompt_version="t.v2")
    assert len(server.requests) == 3


def test_a_cached_text_still_has_to_pass_the_shield_of_the_one_who_asks(server: MisbehavingProvider) -> None:
    gateway = Gateway([provider(server)], limits=LIMITS)
    gateway.write(ASK, Texts, prompt_version="t.v1")
    written = gateway.write(ASK, Texts, prompt_version="t.v1", accept=lambda texts: ("promise",))
    assert written.value is None
    assert written.trace.blocked == ("promise",)


def test_the_cache_forgets_after_its_lifetime(server: MisbehavingProvider) -> None:
    clock = Clock()
    gateway = Gateway([provider(server)], limits=GatewayLimits(cache_lifetime_s=10), clock=clock)
    timed(gateway)
    clock.now_s += 10
    timed(gateway)
    assert len(server.requests) == 2


def test_ten_identical_requests_at_once_make_one_call(server: MisbehavingProvider) -> None:
    server.delay_s = 0.15
    gateway = Gateway([provider(server)])
    found: list[Written[Texts]] = []
    barrier = threading.Barrier(10)

    def ask() -> None:
        barrier.wait()
        found.append(timed(gateway)[0])

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.requests) == 1
    assert [written.value for written in found] == [Texts(summary=SAFE_SENTENCE, reply=SAFE_SENTENCE)] * 10
    assert sum(written.trace.is_reused for written in found) == 9


def test_more_calls_than_the_cap_are_not_queued(server: MisbehavingProvider) -> None:
    server.delay_s = 0.2
    gateway = Gateway([provider(server, max_in_flight=1)])
    slow = threading.Thread(target=timed, args=(gateway, "one"))
    slow.start()
    while not server.requests:
        time.sleep(0.005)
    written, took_s = timed(gateway, "two")
    slow.join()
    assert outcomes(written) == [AttemptOutcome.SKIPPED_BUSY]
    assert took_s < SLACK_S


def test_calls_in_turn_share_one_connection(server: MisbehavingProvider) -> None:
    gateway = Gateway([provider(server, max_in_flight=1)], limits=LIMITS)
    for text in ("one", "two", "three"):
        assert timed(gateway, text)[0].value is not None
    assert server.connections == 1
    gateway.close()
    assert outcomes(timed(gateway, "four")[0]) == [AttemptOutcome.SKIPPED_BUSY]


def test_requests_per_minute_are_limited(server: MisbehavingProvider) -> None:
    clock = Clock()
    limits = BudgetLimits(requests_per_minute=2)
    gateway = Gateway([provider(server, limits=limits)], clock=clock)
    found = [outcomes(timed(gateway, str(number))[0]) for number in range(3)]
    assert found == [
        [AttemptOutcome.ANSWERED],
        [AttemptOutcome.ANSWERED],
        [AttemptOutcome.SKIPPED_BUDGET],
    ]
    clock.now_s += 62
    assert outcomes(timed(gateway, "later")[0]) == [AttemptOutcome.ANSWERED]


def test_a_day_has_its_cost(server: MisbehavingProvider) -> None:
    # Reserved with its estimate (between 221 and 380 tokens), settled as 120 in and 40 out: 160 micros.
    prices: dict[str, object] = {
        "input_price_micros": 1_000_000,
        "output_price_micros": 1_000_000,
        "max_tokens": 100,
    }
    prices["limits"] = BudgetLimits(cost_micros_per_day=700)
    rows: list[Attempt] = []
    gateway = Gateway([provider(server, **prices)], record=rows.append)
    while outcomes(timed(gateway, f"case {len(rows)}")[0]) == [AttemptOutcome.ANSWERED]:
        pass
    assert [(row.tokens_in, row.tokens_out, row.cost_micros) for row in rows] == [(120, 40, 160)] * 3


def test_each_call_leaves_one_row_without_text_and_a_skip_leaves_none(
    server: MisbehavingProvider, good: MisbehavingProvider
) -> None:
    server.mode = Mode.RATE_LIMITED
    rows: list[Attempt] = []
    gateway = Gateway([provider(server), provider(good, "second")], record=rows.append)
    timed(gateway, "one")
    timed(gateway, "two")
    assert [(row.provider, row.outcome) for row in rows] == [
        ("first", AttemptOutcome.RATE_LIMITED),
        ("second", AttemptOutcome.ANSWERED),
        ("second", AttemptOutcome.ANSWERED),
    ]
    assert SAFE_SENTENCE not in repr(rows)


@pytest.mark.parametrize("mode", [Mode.OK, Mode.UNAUTHORISED, Mode.DISCONNECT, Mode.HANG], ids=str)
def test_a_key_is_sent_to_its_provider_and_seen_nowhere_else(
    server: MisbehavingProvider, caplog: pytest.LogCaptureFixture, mode: Mode
) -> None:
    caplog.set_level(logging.DEBUG)
    server.mode = mode
    rows: list[Attempt] = []
    only = provider(server)
    gateway = Gateway([only], limits=LIMITS, record=rows.append)
    written, _ = timed(gateway)
    assert KEY not in repr((only, written, rows, gateway, vars(gateway), only.key, str(only.key)))
    assert KEY not in caplog.text
    assert KEY not in repr(server.requests)


def test_a_choice_is_one_of_the_options(server: MisbehavingProvider) -> None:
    gateway = Gateway([provider(server)], limits=LIMITS)
    choice = gateway.choice("I paid twice", "What is it about?", ("duplicate_payment", "other"))
    assert choice.probabilities == {"duplicate_payment": 1.0, "other": 0.0}
    assert choice.source == "model:first/m-1"


@pytest.mark.parametrize("answer", [{"answer": "approve_refund"}, {"answer": None}, {"other": "other"}])
def test_a_choice_outside_the_options_is_no_choice(
    server: MisbehavingProvider, answer: dict[str, object]
) -> None:
    server.answer = answer
    gateway = Gateway([provider(server)], limits=LIMITS)
    choice = gateway.choice("I paid twice", "What is it about?", ("duplicate_payment", "other"))
    assert choice.probabilities == {}
    assert choice.source == "template"
