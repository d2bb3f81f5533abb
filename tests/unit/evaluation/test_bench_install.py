"""Size of an installation: how files are counted. The measure itself asks a registry, so no test runs it."""

from pathlib import Path

import pytest

from casewright.domain.errors import ConfigurationError
from casewright.evaluation.bench_install import measure_folder, measure_installation


def test_files_count_once_and_links_do_not(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a").write_bytes(b"x" * 1_500_000)
    (tmp_path / "b").write_bytes(b"x" * 500_000)
    (tmp_path / "link").symlink_to(tmp_path / "b")
    assert measure_folder(tmp_path) == 2.0
    assert measure_folder(tmp_path / "b") == 0.5


def test_a_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no source tree"):
        measure_installation(tmp_path)
