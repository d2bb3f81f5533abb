"""The published schema allows exactly what the reader takes."""

import re

from casewright.api.openapi import (
    BLANK_RANGES,
    EXAMPLE,
    blank_free_pattern,
    build_operation,
    build_schemas,
    name_shapes,
)
from casewright.desks.disputes.request import read_ticket
from casewright.domain.errors import MeaninglessRequest
from casewright.language.normalise import normalise

EDGES = {code_point + step for ends in BLANK_RANGES for code_point in ends for step in (-1, 0, 1)}
CHARACTERS = [
    chr(code_point) for code_point in sorted({*range(0x10000), *range(0x10000, 0x110000, 97), *EDGES})
]


def test_pattern_is_blank_exactly_where_the_reader_is() -> None:
    says_something = re.compile(blank_free_pattern())
    different = [
        hex(ord(character))
        for character in CHARACTERS
        if bool(says_something.search(character)) != bool(normalise(character).text.strip())
    ]
    assert different == []


def test_blank_by_the_pattern_is_refused_by_the_reader() -> None:
    for complaint in ("", " \u200b", "\ufeff"):
        assert not re.search(blank_free_pattern(), complaint)
        try:
            read_ticket({"ticket_id": "T", "complaint": complaint})
        except MeaninglessRequest:
            continue
        raise AssertionError(complaint)


def test_example_is_read_whole() -> None:
    case = read_ticket(EXAMPLE)
    assert len(case.records) == 1
    assert case.problems == ()


def test_optional_fields_allow_anything() -> None:
    properties = build_schemas(100)["Ticket"]["properties"]
    for name, schema in properties.items():
        if name not in ("ticket_id", "complaint"):
            assert set(schema) == {"description"} or {} in schema["anyOf"]


def test_verdict_has_the_twelve_fields_and_no_other() -> None:
    verdict = build_schemas(100)["Verdict"]
    assert len(verdict["required"]) == 12
    assert verdict["additionalProperties"] is False


def test_every_status_of_the_contract_is_described() -> None:
    assert set(build_operation(100)["post"]["responses"]) >= {"200", "400", "413", "422", "500"}
    assert "100 characters" in str(build_operation(100))


def test_objects_with_a_title_are_named_and_referred_to() -> None:
    inner = {"title": "Inner", "type": "object", "properties": {"a": {"type": "string", "title": "A"}}}
    outer = {"title": "Outer", "type": "object", "properties": {"list": {"type": "array", "items": inner}}}
    paths = {"/x": {"get": {"responses": {"200": {"schema": outer}}}}}
    assert name_shapes(paths) == {
        "Inner": inner,
        "Outer": {
            **outer,
            "properties": {"list": {"type": "array", "items": {"$ref": "#/components/schemas/Inner"}}},
        },
    }
    assert paths["/x"]["get"]["responses"]["200"]["schema"] == {"$ref": "#/components/schemas/Outer"}
