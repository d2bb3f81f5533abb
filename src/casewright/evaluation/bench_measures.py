"""Measures: one number each, with its unit, its bar, and whether the bar holds; and how they are shown.

The same list becomes the JSON of the results and the table of the documentation, so neither can say what the
other does not.
"""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from casewright.domain.errors import ConfigurationError

SCHEMA_VERSION = 1
START, END = "<!-- bench: begin -->", "<!-- bench: end -->"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of one group. `at_most` or `at_least` is its bar; it is the median of its `rounds`."""

    group: str
    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    rounds: tuple[float, ...] = ()
    note: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the bar holds; None where there is none."""
        if self.at_most is not None:
            return self.value <= self.at_most
        return None if self.at_least is None else self.value >= self.at_least

    @property
    def bar(self) -> str:
        """The bar in words."""
        if self.at_most is not None:
            return f"≤ {_show(self.at_most)} {self.unit}".rstrip()
        return "" if self.at_least is None else f"≥ {_show(self.at_least)} {self.unit}".rstrip()

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return f"{_show(self.value)} {self.unit}".rstrip()

    @property
    def verdict(self) -> str:
        """The bar kept or not, in a word."""
        return {True: "met", False: "missed", None: ""}[self.holds]


def middle(group: str, name: str, rounds: Sequence[float], unit: str, **more: Any) -> Measure:
    """The median of several rounds."""
    return Measure(
        group, name, median(rounds), unit, rounds=tuple(round(value, 4) for value in rounds), **more
    )


def describe_machine() -> dict[str, object]:
    """What the numbers depend on, and nothing that names the machine."""
    return {
        "cores": os.cpu_count(),
        "architecture": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def build_document(measures: Sequence[Measure], facts: dict[str, object]) -> dict[str, object]:
    """The results as a JSON document."""
    rows = []
    for measure in measures:
        row = {name: value for name, value in asdict(measure).items() if value not in (None, "", ())}
        row["value"] = round(measure.value, 4)
        if measure.holds is not None:
            row["holds"] = measure.holds
        rows.append(row)
    return {"schema_version": SCHEMA_VERSION, **facts, "machine": describe_machine(), "measures": rows}


def build_table(measures: Sequence[Measure]) -> str:
    """The results as a table in Markdown."""
    lines = ["| | Measure | Value | Bar | |", "|---|---|---:|---:|---|"]
    group = ""
    for measure in measures:
        head = measure.group if measure.group != group else ""
        group = measure.group
        name = f"{measure.name} ({measure.note})" if measure.note else measure.name
        lines.append(f"| {head} | {name} | {measure.shown} | {measure.bar} | {measure.verdict} |")
    return "\n".join(lines)


def write_results(folder: Path, name: str, document: dict[str, object]) -> Path:
    """Write the JSON of a bench."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def rewrite_table(path: Path, text: str, start: str = START, end: str = END) -> None:
    """Replace what stands between the two marks. Raises ConfigurationError where they are not."""
    try:
        page = path.read_text("utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from None
    before, found, rest = page.partition(start)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ConfigurationError(f"{path} has no lines {start} and {end}; add them where the table belongs")
    path.write_text(f"{before}{start}\n{text}\n{end}{after}", "utf-8")


def _show(value: float) -> str:
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"
