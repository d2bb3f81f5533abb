"""JSON from outside: what is survived, and how the rest is refused."""

import math
from typing import Any

import pytest

from casewright.domain.errors import MalformedRequest
from casewright.service.documents import encode_json, parse_document


def read(body: bytes) -> Any:
    return parse_document(body)


def refusal(body: bytes) -> MalformedRequest:
    with pytest.raises(MalformedRequest) as caught:
        parse_document(body)
    return caught.value


def test_object_is_read() -> None:
    assert read(b' {"a": [1, "\xe0\xa6\x95"]} ') == {"a": [1, "ক"]}


def test_nan_and_infinities_are_survived() -> None:
    document = read(b'{"a": NaN, "b": -Infinity, "c": 1e999}')
    assert math.isnan(document["a"])
    assert document["b"] == -math.inf
    assert document["c"] == math.inf


def test_last_of_duplicate_keys_counts() -> None:
    assert read(b'{"a": 1, "a": 2}') == {"a": 2}


def test_byte_order_mark_and_utf_16_are_survived() -> None:
    assert read(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    assert read('{"a": "ক"}'.encode("utf-16")) == {"a": "ক"}


def test_very_long_integer_becomes_an_infinity_and_costs_nothing_else() -> None:
    document = read(b'{"amount": ' + b"9" * 5000 + b', "other": 12, "long": ' + b"1" * 40 + b"}")
    assert document["amount"] == math.inf
    assert document["other"] == 12
    assert document["long"] == pytest.approx(1.111e39, rel=1e-3)


def test_lone_surrogate_is_survived_both_ways() -> None:
    document = read(b'{"a": "\\ud83d", "b": "\xed\xa0\x80"}')
    assert document == {"a": "\ud83d", "b": "\ud800"}
    assert encode_json(document) == b'{"a":"\\ud83d","b":"\\ud800"}'


@pytest.mark.parametrize("body", [b"", b"  \n "])
def test_empty_body_is_refused(body: bytes) -> None:
    assert refusal(body).code == "empty_body"


@pytest.mark.parametrize("body", [b"{", b'{"a": 1,}', b"{'a': 1}", b'{"a": 1} x', b"\x01\x02"])
def test_what_is_not_json_is_refused_with_line_and_column(body: bytes) -> None:
    error = refusal(body)
    assert error.code == "invalid_json"
    assert "line 1, column" in error.message


def test_what_is_not_utf_8_is_refused_with_the_place() -> None:
    error = refusal(b'{"a": "\xff"}')
    assert error.code == "invalid_json"
    assert "byte 7" in error.message


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_deep_nesting_is_refused(opening: bytes) -> None:
    assert refusal(opening * 50_000).code == "nested_too_deeply"


def test_refusal_never_quotes_the_body() -> None:
    assert "4821" not in refusal(b'{"pin": 4821 "x"}').message


def test_bangla_leaves_as_itself() -> None:
    assert encode_json({"a": "টাকা"}) == '{"a":"টাকা"}'.encode()
