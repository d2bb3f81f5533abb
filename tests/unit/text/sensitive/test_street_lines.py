"""Street lines of Britain, America and Europe."""

import pytest

from casewright.text.sensitive.street_lines import find_street_lines


def _found(text: str) -> list[str]:
    spans = sorted(set(find_street_lines(text)))
    kept = [
        span for span in spans if not any(o != span and o[0] <= span[0] and span[1] <= o[1] for o in spans)
    ]
    return [text[start:end] for start, end in kept]


@pytest.mark.parametrize(
    "line",
    [
        "742 Evergreen Terrace, Springfield, OR 97477",
        "221B Baker Street, London NW1 6XE",
        "12 main street",
        "350 Fifth Avenue, New York, NY 10118",
        "PSC 4321, Box 1234",
        "P.O. Box 2244",
        "Rue de la Paix 5",
        "2 rue Lafayette",
        "Hauptstrasse 12",
        "Kirchenallee 35",
        "SW1A 2AA",
        "Denver, CO 80202",
    ],
)
def test_a_street_line_is_found(line: str) -> None:
    assert _found(f"at {line}") == [line]


@pytest.mark.parametrize(
    "text",
    [
        "I paid 500 taka on the way to the street",
        "2 days on the road",
        "Copyright 2021 Anthony Green",
        "3 Orders are missing",
        "TRX 8N7A6B5C4D",
        "5000 in New York",
    ],
)
def test_what_is_no_street_stays(text: str) -> None:
    assert _found(text) == []
