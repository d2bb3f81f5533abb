"""Side files of an import: the rows that were refused, each with its line and the reason, and no value."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from casewright.cli.console import count_of

if TYPE_CHECKING:
    from casewright.adapters.importers.shop import Problem


def refused(problems: "Sequence[Problem]") -> str:
    """How many rows were refused, for the end of a sentence or its beginning."""
    return f"{count_of(len(problems), 'row')} {'was' if len(problems) == 1 else 'were'} refused"


def write_problems(side_file: Path, problems: "Sequence[Problem]") -> None:
    """Every refused row, one JSON object a line; no file where there is none. Raises ConfigurationError."""
    from casewright.domain.errors import ConfigurationError

    if not problems:
        return
    lines = "".join(
        json.dumps({"file": item.source, "line": item.line, "row": item.row, "reason": item.reason}) + "\n"
        for item in problems
    )
    try:
        side_file.write_text(lines, "utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"{side_file}, the file for refused rows, cannot be written: {error.strerror};"
            " name another with --errors"
        ) from None
