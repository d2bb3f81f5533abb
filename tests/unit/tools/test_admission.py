"""Admission: keys, scopes and roles, and what a trace keeps of the arguments."""

from dataclasses import replace
from typing import Annotated, Any

import pytest

from casewright.domain.errors import MalformedRequest, NotPermitted
from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role, Scope
from casewright.tools.admission import authorise, build_fingerprint, check_key, show_arguments
from casewright.tools.arguments import Arguments, Personal
from casewright.tools.spec import STAFF, Gathered, ReadOutcome, ToolEffect, ToolSpec

ANN = Principal("usr_1", Role.CUSTOMER, "main", "ses_1", SCOPES_OF_ROLE[Role.CUSTOMER], "CUS-1")


class Say(Arguments):
    words: str = ""
    count: int = 0
    address: Annotated[str | None, Personal("address")] = None


def gather(*_: Any) -> Gathered:
    return Gathered(None)


def plan(*_: Any) -> Any:
    return None


READ = ToolSpec("r", "orders", "R.", ToolEffect.READ, Say, read=lambda *_: ReadOutcome())
TWO_STEP = ToolSpec("w", "orders", "W.", ToolEffect.WRITE, Say, gather=gather, plan=plan, is_two_step=True)
DIRECT = replace(TWO_STEP, is_two_step=False)
HARMLESS = replace(DIRECT, is_harmless=True)


@pytest.mark.parametrize("key", ["k", "0f3a-7", "!~", "x" * 255])
def test_visible_ascii_is_a_key(key: str) -> None:
    assert check_key(key) == key


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency_key_missing"),
        ("", "idempotency_key_missing"),
        ("  ", "idempotency_key_missing"),
        ("a b", "idempotency_key_invalid"),
        ("é", "idempotency_key_invalid"),
        ("a\n", "idempotency_key_invalid"),
        ("x" * 256, "idempotency_key_invalid"),
    ],
)
def test_anything_else_is_none(key: str | None, code: str) -> None:
    with pytest.raises(MalformedRequest) as caught:
        check_key(key)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("tool", "scopes", "may"),
    [
        (READ, {Scope.READ}, True),
        (READ, {Scope.PROPOSE, Scope.CONFIRM}, False),
        (TWO_STEP, {Scope.READ, Scope.PROPOSE}, True),
        (TWO_STEP, {Scope.READ, Scope.CONFIRM}, False),
        (DIRECT, {Scope.READ, Scope.PROPOSE}, False),
        (DIRECT, {Scope.CONFIRM}, True),
        (HARMLESS, {Scope.READ, Scope.PROPOSE}, True),
        (HARMLESS, {Scope.READ}, False),
    ],
)
def test_each_kind_of_tool_needs_its_scope(tool: ToolSpec, scopes: set[Scope], may: bool) -> None:
    principal = replace(ANN, scopes=frozenset(scopes))
    if may:
        authorise(principal, tool)
    else:
        with pytest.raises(NotPermitted):
            authorise(principal, tool)


def test_tool_for_staff_is_not_for_customers() -> None:
    with pytest.raises(NotPermitted):
        authorise(ANN, replace(READ, roles=STAFF))


def test_customer_without_a_customer_may_nothing() -> None:
    with pytest.raises(NotPermitted):
        authorise(replace(ANN, customer_id=None), READ)


def test_fingerprint_covers_the_tool_the_customer_and_the_named_fields() -> None:
    base = build_fingerprint(ANN, TWO_STEP, {"words": "a", "count": 1})
    assert base == build_fingerprint(ANN, TWO_STEP, {"count": 1, "words": "a"})
    assert base != build_fingerprint(ANN, TWO_STEP, {"words": "b", "count": 1})
    assert base != build_fingerprint(replace(ANN, customer_id="CUS-2"), TWO_STEP, {"words": "a", "count": 1})
    assert base != build_fingerprint(ANN, replace(TWO_STEP, name="v"), {"words": "a", "count": 1})
    by_words = replace(TWO_STEP, idempotency_fields=("words",))
    assert build_fingerprint(ANN, by_words, {"words": "a", "count": 1}) == build_fingerprint(
        ANN, by_words, {"words": "a", "count": 2}
    )


def test_trace_keeps_neither_personal_values_nor_secrets() -> None:
    shown = show_arguments(Say(words="my PIN is 4821, mail ann@example.com", count=3, address="1 Elm Row"))
    assert shown["count"] == 3
    assert shown["address"] == "[address]"
    assert "4821" not in shown["words"]
    assert "ann@example.com" not in shown["words"]
    assert show_arguments(Say())["address"] is None
