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
    assert measure_folder(tmp_path) == pytest.approx(2.0, abs=0.1)
    assert measure_folder(tmp_path / "b") == pytest.approx(0.5, abs=0.05)


def test_a_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no source tree"):
        measure_installation(tmp_path)
