"""Progress of a batch: what is recorded is what is read, and nothing else is accepted."""

from collections import Counter
from pathlib import Path

import pytest

from casewright.adapters.tables import Position
from casewright.domain.errors import ConfigurationError
from casewright.service.batch_progress import Progress, load_progress, progress_path, save_progress

PROGRESS = Progress("sha256:1", "disputes@1", Position(7, 900), 11, 12, Counter(read=7), is_finished=True)


def test_what_is_recorded_is_read_again(tmp_path: Path) -> None:
    path = progress_path(tmp_path / "out.jsonl")
    assert path.name == "out.jsonl.progress.json"
    save_progress(path, PROGRESS)
    assert load_progress(path) == PROGRESS


def test_no_file_is_no_progress(tmp_path: Path) -> None:
    assert load_progress(tmp_path / "none.progress.json") is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema_version": 99}'])
def test_a_file_that_is_no_progress_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "out.progress.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match="start over without --resume"):
        load_progress(path)
