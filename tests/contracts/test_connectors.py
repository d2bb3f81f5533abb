"""What the payment gateway, the courier and the mail keep, over real HTTP, also when the other side fails."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from casewright.adapters.connectors.delivery import HttpDelivery
from casewright.adapters.connectors.link import ServiceAddress, ServiceLink
from casewright.adapters.connectors.payments import HttpPayments
from casewright.adapters.connectors.sandbox.server import SandboxThread
from casewright.domain.action import GatewayCall, GatewayOperation
from casewright.domain.errors import OutcomeUnknown, RetryableError, Unavailable, Undeliverable
from casewright.ports.connectors import Connector, PaymentGateway, Transfer, TransferState

STARTS_WITHIN_S = 30
PATIENT_S = 30.0
IMPATIENT_S = 2.0
"""Long enough for a call that is answered, on any machine, only where the answer surely never comes."""
TOKEN = "sandbox-token-of-this-test"
CALL = GatewayCall(GatewayOperation.REFUND, "card_1", 4_999, "USD", "1")
VALUES = {"address_t1": '{"city":"Exampletown"}', "email_t2": "mira@example.com"}


def resolve(tokens: Sequence[str]) -> Mapping[str, str]:
    return {token: VALUES[token] for token in tokens if token in VALUES}


@dataclass
class Services:
    """A running sandbox, and the adapters that speak with it."""

    url: str
    links: list[ServiceLink] = field(default_factory=list)

    def link(self, service: str, timeout_s: float = PATIENT_S, token: str | None = TOKEN) -> ServiceLink:
        made = ServiceLink(ServiceAddress(service, f"{self.url}/{service}", token, timeout_s))
        self.links.append(made)
        return made

    def payments(self, timeout_s: float = PATIENT_S, token: str | None = TOKEN) -> PaymentGateway:
        return HttpPayments(self.link("payments", timeout_s, token))

    def delivery(self, service: str, timeout_s: float = PATIENT_S) -> Connector:
        return HttpDelivery(self.link(service, timeout_s), resolve)

    def plan(self, service: str, fault: str, **options: object) -> None:
        sent = {"service": service, "fault": fault, **options}
        self.ask("PUT", "/faults", json=sent).raise_for_status()

    def journal(self, service: str) -> list[dict[str, Any]]:
        effects: list[dict[str, Any]] = self.ask("GET", f"/{service}/journal").json()["effects"]
        return effects

    def ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx2.request(method, self.url + path, headers=headers, timeout=PATIENT_S, **options)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with SandboxThread(tmp_path / "sandbox", token=TOKEN) as sandbox:
        running = Services(sandbox.url)
        yield running
        for link in running.links:
            link.close()


def test_a_refund_is_done_once_and_found_by_its_key(services: Services) -> None:
    gateway = services.payments()
    done = Transfer("act-1:1", TransferState.DONE, "tr_00000001", 4_999)
    assert gateway.move(CALL, key="act-1:1") == done
    assert gateway.find("act-1:1") == done
    assert gateway.find("act-2:1") is None


def test_the_same_key_is_one_effect_and_the_same_answer(services: Services) -> None:
    gateway = services.payments()
    answers = {gateway.move(CALL, key="act-1:1") for _ in range(5)}
    assert len(answers) == 1
    (effect,) = services.journal("payments")
    assert (effect["key"], effect["requests"], effect["request"]["amount_minor"]) == ("act-1:1", 5, 4_999)


def test_sixty_four_callers_with_one_key_are_one_effect(services: Services) -> None:
    gateway = services.payments()
    outcomes: list[object] = []

    def move() -> None:
        try:
            outcomes.append(gateway.move(CALL, key="act-1:1").reference)
        except RetryableError as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=move) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 64
    assert set(outcomes) <= {"tr_00000001", OutcomeUnknown}
    assert "tr_00000001" in outcomes
    assert len(services.journal("payments")) == 1


def test_a_key_with_other_arguments_is_in_doubt_and_the_first_effect_is_found(services: Services) -> None:
    gateway = services.payments()
    gateway.move(CALL, key="act-1:1")
    other = GatewayCall(GatewayOperation.REFUND, "card_1", 5_000, "USD", "1")
    with pytest.raises(OutcomeUnknown):
        gateway.move(other, key="act-1:1")
    found = gateway.find("act-1:1")
    assert found is not None
    assert found.amount_minor == 4_999
    assert len(services.journal("payments")) == 1


def test_keys_of_any_visible_characters_keep_apart(services: Services) -> None:
    gateway = services.payments()
    keys = ["a/b:1", "a%2Fb:1", "a?b#c:1", "..:1", "A/b:1", "a+b&c=d:1", "~" * 255]
    for key in keys:
        assert gateway.find(key) is None
        assert gateway.move(CALL, key=key).key == key
        assert gateway.find(key) is not None
    assert [effect["key"] for effect in services.journal("payments")] == keys


@pytest.mark.parametrize("key", ["", "with blank", "line\nfeed", "ключ", "k" * 256])
def test_a_key_that_no_header_carries_is_refused_before_anything_is_sent(
    services: Services, key: str
) -> None:
    with pytest.raises(Undeliverable):
        services.payments().move(CALL, key=key)
    assert services.journal("payments") == []


def test_a_declined_transfer_is_a_value_and_stays_declined(services: Services) -> None:
    gateway = services.payments()
    call = GatewayCall(GatewayOperation.CHARGE, "card_declined_2", 100, "USD", "1")
    declined = Transfer("act-1:1", TransferState.DECLINED, "tr_00000001", 100, "method_declined")
    assert gateway.move(call, key="act-1:1") == declined
    assert gateway.move(call, key="act-1:1") == declined
    assert gateway.find("act-1:1") == declined


def test_a_call_the_gateway_finds_invalid_is_declined_and_nothing_moved(services: Services) -> None:
    gateway = services.payments()
    call = GatewayCall(GatewayOperation.REFUND, "card_1", 0, "USD", "1")
    declined = gateway.move(call, key="act-1:1")
    assert (declined.state, declined.code) == (TransferState.DECLINED, "invalid_arguments")
    assert gateway.find("act-1:1") is None


def test_a_wrong_token_is_unavailable_and_moves_nothing(services: Services) -> None:
    for token in (None, "not-the-token"):
        gateway = services.payments(token=token)
        with pytest.raises(Unavailable):
            gateway.move(CALL, key="act-1:1")
        with pytest.raises(Unavailable):
            gateway.find("act-1:1")
    assert services.journal("payments") == []


def test_a_wrong_address_is_never_taken_for_nothing_has_happened(services: Services) -> None:
    link = ServiceLink(ServiceAddress("payments", f"{services.url}/elsewhere", TOKEN, PATIENT_S))
    with pytest.raises(Unavailable):
        HttpPayments(link).find("act-1:1")
    with pytest.raises(Unavailable):
        HttpPayments(link).move(CALL, key="act-1:1")
    link.close()


@pytest.mark.parametrize(
    ("fault", "effects"),
    [
        ("timeout_after", 1),
        ("timeout_before", 0),
        ("break_after", 1),
        ("break_before", 0),
        ("error_after", 1),
        ("error_before", 0),
        ("broken_answer", 1),
    ],
)
def test_what_is_sent_and_not_answered_is_in_doubt_and_the_key_tells(
    services: Services, fault: str, effects: int
) -> None:
    services.plan("payments", fault)
    with pytest.raises(OutcomeUnknown):
        services.payments(IMPATIENT_S if fault.startswith("timeout") else PATIENT_S).move(CALL, key="act-1:1")
    gateway = services.payments()
    found = gateway.find("act-1:1")
    assert (found is not None, len(services.journal("payments"))) == (effects == 1, effects)
    assert gateway.move(CALL, key="act-1:1").reference == "tr_00000001"
    assert len(services.journal("payments")) == 1


def test_a_busy_gateway_is_unavailable_and_moves_nothing(services: Services) -> None:
    services.plan("payments", "busy")
    with pytest.raises(Unavailable):
        services.payments().move(CALL, key="act-1:1")
    assert services.journal("payments") == []


def test_while_a_slow_request_is_on_its_way_its_key_is_not_said_to_be_nothing(services: Services) -> None:
    services.plan("payments", "slow", delay_s=600)
    with pytest.raises(OutcomeUnknown):
        services.payments(IMPATIENT_S).move(CALL, key="act-1:1")
    with pytest.raises(Unavailable):
        services.payments().find("act-1:1")
    with pytest.raises(OutcomeUnknown):
        services.payments().move(CALL, key="act-1:1")
    assert services.journal("payments") == []


def test_a_slow_request_has_its_effect_after_the_caller_has_gone(services: Services) -> None:
    services.plan("payments", "slow", delay_s=IMPATIENT_S + 1)
    with pytest.raises(OutcomeUnknown):
        services.payments(IMPATIENT_S).move(CALL, key="act-1:1")
    found = wait_for(lambda: find_quietly(services.payments(), "act-1:1"))
    assert found.state is TransferState.DONE


@pytest.mark.parametrize("service", ["payments", "courier", "mail"])
def test_a_duplicate_delivery_is_one_effect(services: Services, service: str) -> None:
    services.plan(service, "duplicate")
    if service == "payments":
        services.payments().move(CALL, key="act-1:1")
    else:
        services.delivery(service).deliver("label", {"order_id": "O-1"}, key="act-1:1")
    (effect,) = services.journal(service)
    assert effect["requests"] == 2


def test_nobody_listening_is_unavailable(tmp_path: Path) -> None:
    with SandboxThread(tmp_path) as sandbox:
        gone = Services(sandbox.url)
    with pytest.raises(Unavailable):
        gone.payments().move(CALL, key="act-1:1")
    with pytest.raises(Unavailable):
        gone.payments().find("act-1:1")
    with pytest.raises(Unavailable):
        gone.delivery("mail").deliver("notice", {}, key="act-1:1")
    for link in gone.links:
        link.close()


def test_a_label_is_made_once_and_the_courier_gets_the_value_behind_the_token(services: Services) -> None:
    courier = services.delivery("courier")
    payload = {"order_id": "O-1", "address_token": "address_t1", "lines": [{"line_id": "1"}]}
    first = courier.deliver("label", payload, key="act-1:label")
    assert first == {"tracking_id": "SBX0000000001"}
    assert courier.deliver("label", payload, key="act-1:label") == first
    (effect,) = services.journal("courier")
    assert effect["request"] == {
        "kind": "label",
        "payload": {"order_id": "O-1", "address": '{"city":"Exampletown"}', "lines": [{"line_id": "1"}]},
    }


def test_a_message_whose_value_was_erased_is_undeliverable_and_nothing_is_sent(services: Services) -> None:
    with pytest.raises(Undeliverable):
        services.delivery("mail").deliver("refund_notice", {"email_token": "email_gone"}, key="act-1:mail")
    assert services.journal("mail") == []


def test_a_refused_delivery_is_undeliverable(services: Services) -> None:
    services.plan("mail", "decline")
    with pytest.raises(Undeliverable):
        services.delivery("mail").deliver("notice", {"email_token": "email_t2"}, key="act-1:mail")


@pytest.mark.parametrize("fault", ["timeout_after", "break_after", "error_after", "broken_answer", "busy"])
def test_a_delivery_in_doubt_is_sent_again_with_its_key_and_is_one(services: Services, fault: str) -> None:
    services.plan("mail", fault)
    with pytest.raises(RetryableError):
        services.delivery("mail", IMPATIENT_S if fault == "timeout_after" else PATIENT_S).deliver(
            "notice", {"email_token": "email_t2"}, key="act-1:mail"
        )
    again = services.delivery("mail").deliver("notice", {"email_token": "email_t2"}, key="act-1:mail")
    assert again == {"message_id": "msg_00000001"}
    assert len(services.journal("mail")) == 1


def test_no_error_names_the_token_or_a_personal_value(services: Services) -> None:
    for fault in ("error_after", "break_after", "broken_answer", "busy", "decline"):
        services.plan("mail", fault)
        with pytest.raises((RetryableError, Undeliverable)) as raised:
            services.delivery("mail").deliver("notice", {"email_token": "email_t2"}, key=f"act-{fault}")
        told = f"{raised.value!r} {raised.value} {raised.value.__context__!r}"
        assert TOKEN not in told
        assert "mira" not in told
    assert TOKEN not in repr(services.links[0].address)


class SandboxProcess:
    """`casewright sandbox` as a real process, which can be killed and started again on its port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = 0
        self.process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "casewright.main",
                "sandbox",
                "--port",
                str(self._port),
                "--data",
                str(self._folder),
            ],
            env={**os.environ, "CASEWRIGHT_SANDBOX_TOKEN": TOKEN},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        line = process.stderr.readline()
        assert line.startswith("Sandbox on http://127.0.0.1:"), line + process.stderr.read()
        self.url = line.removeprefix("Sandbox on ").split("/ ")[0]
        self._port = int(self.url.rpartition(":")[2])
        wait_for(lambda: answers(self.url))
        return process

    def restart(self) -> None:
        self.stop()
        self.process = self._start()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(STARTS_WITHIN_S)
        assert self.process.stderr is not None
        self.process.stderr.close()


@pytest.fixture
def process(tmp_path: Path) -> Iterator[SandboxProcess]:
    running = SandboxProcess(tmp_path / "sandbox")
    yield running
    running.stop()


@pytest.mark.parametrize(("fault", "effects"), [("die_after", 1), ("die_before", 0)])
def test_a_gateway_killed_on_either_side_of_its_journal_has_moved_the_money_once_after_all(
    process: SandboxProcess, fault: str, effects: int
) -> None:
    services = Services(process.url)
    gateway = services.payments()
    services.plan("payments", fault)
    with pytest.raises(OutcomeUnknown):
        gateway.move(CALL, key="act-1:1")
    assert process.process.wait(STARTS_WITHIN_S) == -signal.SIGKILL
    with pytest.raises(Unavailable):
        gateway.find("act-1:1")
    process.restart()
    found = gateway.find("act-1:1")
    assert (found is not None) == (effects == 1)
    assert gateway.move(CALL, key="act-1:1").state is TransferState.DONE
    (effect,) = services.journal("payments")
    assert effect["requests"] == 1 + effects
    for link in services.links:
        link.close()


def answers(url: str) -> bool | None:
    try:
        return httpx2.get(f"{url}/health", timeout=PATIENT_S).status_code == 200
    except httpx2.TransportError:
        return None


def find_quietly(gateway: PaymentGateway, key: str) -> Transfer | None:
    try:
        return gateway.find(key)
    except Unavailable:
        return None


def wait_for(look: Callable[[], Any]) -> Any:
    waiting = threading.Event()
    for _ in range(STARTS_WITHIN_S * 50):
        found = look()
        if found is not None:
            return found
        waiting.wait(0.02)
    raise AssertionError("it did not happen in time")
