"""Clauses: the numbered sentences of policy.md that customers are told and that decisions cite.

Shape: a paragraph that opens with a bold number, `**RET-2.1** You may return …`, under any headings. The
clause runs to the next clause or heading. Other text is commentary. Numbers are unique.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from casewright.policy.document import Collector

_CLAUSE = re.compile(r"^(?:[-*] )?\*\*([A-Z][A-Z0-9]*-[0-9]+(?:\.[0-9]+)*)\.?\*\*[ \t:.]*(.*)$")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.*?)[ \t#]*$")


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered rule in plain words, and the heading it stands under."""

    id: str
    text: str
    heading: str
    line: int
    told: Mapping[str, str] = field(default_factory=dict)
    """Its words in other languages, by the language's code. They decide nothing."""


def parse_clauses(text: str, found: Collector) -> dict[str, Clause]:
    """Every clause of a policy.md, by number, in file order."""
    clauses: dict[str, Clause] = {}
    heading, current, lines = "", ("", 0), list[str]()

    def close() -> None:
        number, line = current
        if not number:
            return
        body = " ".join(part for part in lines if part)
        if not body:
            found.add("empty_clause", number, f"Clause {number} has no text.", "Write what it says.", line)
        clauses[number] = Clause(number, body, heading, line)

    for index, raw in enumerate(text.splitlines(), start=1):
        stripped = raw.strip()
        if title := _HEADING.match(stripped):
            close()
            heading, current, lines = title.group(1), ("", 0), []
        elif match := _CLAUSE.match(stripped):
            close()
            number = match.group(1)
            if number in clauses:
                first = clauses[number].line
                found.add(
                    "duplicate_id",
                    number,
                    f"Clause {number} stands here twice (first on line {first}).",
                    "Give each clause its own number.",
                    index,
                )
            current, lines = (number, index), [match.group(2).strip()]
        elif current[0]:
            lines.append(stripped)
    close()
    return clauses


def translate_clauses(
    clauses: Mapping[str, Clause], translated: Mapping[str, Clause], language: str, found: Collector
) -> dict[str, Clause]:
    """The clauses with their words in one more language; each must have them, and none else may."""
    for number, clause in translated.items():
        if number not in clauses:
            message = f"Clause {number} is not in policy.md."
            found.add("dangling_clause", number, message, "Remove it, or add it to policy.md.", clause.line)
    for number in clauses.keys() - translated.keys():
        message = f"Clause {number} has no words in {language!r}."
        found.add("missing_translation", number, message, f"Write them into {found.file}.")
    return {
        number: replace(clause, told={**clause.told, language: translated[number].text})
        if number in translated
        else clause
        for number, clause in clauses.items()
    }
