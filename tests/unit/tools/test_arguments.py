"""Arguments: strict, named field by field, and without personal values once they are replaced."""

from typing import Annotated

import pytest
from pydantic import Field

from casewright.tools.arguments import (
    WHOLE,
    Arguments,
    Identifier,
    InvalidArguments,
    LineOfText,
    Personal,
    PostalAddress,
    canonical_text,
    digest_of,
    parse_arguments,
    personal_fields,
    personal_text,
    pick,
    replace_personal,
    to_document,
)


class Move(Arguments):
    order_id: Identifier
    address: Annotated[PostalAddress, Personal("address")]
    note: Annotated[str, LineOfText(5)] = ""
    count: Annotated[int, Field(ge=1, le=3), WHOLE] = 1


ADDRESS = {"address1": "1 Elm Row", "city": "Exampleton", "country": "USA"}
MOVE = {"order_id": "#1", "address": ADDRESS}


def named(raw: object) -> dict[str, str]:
    with pytest.raises(InvalidArguments) as caught:
        parse_arguments("move", Move, raw)
    return caught.value.fields


@pytest.mark.parametrize("value", ["#W1001", "a", "card-7", "a.b:c/d_e", "A" * 64])
def test_ids_of_shops_are_taken(value: str) -> None:
    assert to_document(parse_arguments("move", Move, {**MOVE, "order_id": value}))["order_id"] == value


@pytest.mark.parametrize("value", ["", " #1", "#1\n", "a b", "A" * 65, "-a", "ordér", "a\x00"])
def test_what_is_no_id_is_refused(value: str) -> None:
    assert set(named({**MOVE, "order_id": value})) == {"order_id"}


@pytest.mark.parametrize("value", ["a\nb", "\x07", "a\u2028b", "six ch"])
def test_line_has_no_control_characters_and_an_end(value: str) -> None:
    assert set(named({**MOVE, "note": value})) == {"note"}


def test_whole_number_may_be_written_with_a_point_and_nothing_else_is_one() -> None:
    assert to_document(parse_arguments("move", Move, {**MOVE, "count": 2.0}))["count"] == 2
    for value in (2.5, "2", True, 0, 4, None):
        assert set(named({**MOVE, "count": value})) == {"count"}


def test_all_problems_are_named_at_once_with_their_places() -> None:
    fields = named({"order_id": 7, "address": {**ADDRESS, "city": 1, "planet": "x"}, "extra": 1})
    assert set(fields) == {"order_id", "address.city", "address.planet", "extra"}
    assert fields["extra"] == fields["address.planet"] == "is no argument of this tool"


def test_name_that_a_caller_made_up_is_not_repeated_unless_it_is_plainly_a_name() -> None:
    assert set(named({**MOVE, "my card is 4111 1111": 1})) == {"(unreadable name)"}


@pytest.mark.parametrize("raw", [None, [], "x", 7])
def test_body_that_is_no_object_is_refused(raw: object) -> None:
    assert set(named(raw)) == {"(body)"}


def test_lone_surrogate_is_refused_like_any_wrong_text() -> None:
    assert named({**MOVE, "order_id": "\ud800"})


def test_personal_fields_are_replaced_by_what_is_given_for_their_text() -> None:
    assert personal_fields(Move) == {"address": "address"}
    told: list[tuple[str, str]] = []

    def token(kind: str, text: str) -> str:
        told.append((kind, text))
        return "address_abc"

    document = replace_personal(parse_arguments("move", Move, MOVE), token)
    assert document == {"order_id": "#1", "address": "address_abc", "note": "", "count": 1}
    expected = (
        '{"address1":"1 Elm Row","address2":"","city":"Exampleton","state":"","country":"USA","zip":""}'
    )
    assert told == [("address", expected)]


def test_texts_of_equal_values_are_equal_and_digests_with_them() -> None:
    assert canonical_text({"b": 1, "a": [1, 2]}) == '{"a":[1,2],"b":1}'
    assert digest_of("t", {"a": 1, "b": 2}) == digest_of("t", {"b": 2, "a": 1})
    assert digest_of("t", {"a": 1}) != digest_of("t", {"a": "1"})
    assert digest_of("ab", "c") != digest_of("a", "bc")


def test_personal_text_keeps_the_order_of_its_parts() -> None:
    assert personal_text({"b": "é", "a": 1}) == '{"b":"é","a":1}'


def test_picking_no_field_takes_all() -> None:
    assert pick({"a": 1, "b": 2}, ()) == {"a": 1, "b": 2}
    assert pick({"a": 1, "b": 2}, ("a", "c")) == {"a": 1, "c": None}
