"""A side file finds what an exact search finds, is whole or absent, and goes when the state has moved on."""

from pathlib import Path

import numpy
import pytest

from casewright.adapters.knowledge.side_files import ENDING, SideFiles

KEYS = list(range(400))


@pytest.fixture
def matrix() -> "numpy.ndarray":
    drawn = numpy.random.default_rng(3).normal(size=(400, 16)).astype("<f4")
    return drawn / numpy.linalg.norm(drawn, axis=1, keepdims=True)


def search(files: SideFiles, matrix: "numpy.ndarray", generation: int = 1) -> list[tuple[int, float]] | None:
    return files.search("toy@1", generation, KEYS, matrix, matrix[7], 5)


def test_small_corpus_has_no_side_file(tmp_path: Path, matrix: "numpy.ndarray") -> None:
    assert search(SideFiles(tmp_path, "main"), matrix) is None
    assert list(tmp_path.iterdir()) == []


def test_file_is_made_behind_and_finds_the_nearest(tmp_path: Path, matrix: "numpy.ndarray") -> None:
    files = SideFiles(tmp_path, "main", large=100)
    assert search(files, matrix) is None
    files.wait()
    found = search(files, matrix)
    assert found is not None
    exact = numpy.argsort(-(matrix @ matrix[7]))[:5]
    assert [row for row, _ in found] == list(exact)
    assert found[0][1] == pytest.approx(1.0, abs=0.01)
    assert [path.suffix for path in tmp_path.iterdir()] == [ENDING]


def test_file_of_another_start_is_taken_and_a_newer_state_replaces_it(
    tmp_path: Path, matrix: "numpy.ndarray"
) -> None:
    first = SideFiles(tmp_path, "main", large=100)
    search(first, matrix)
    first.wait()
    (made,) = tmp_path.iterdir()
    before = made.stat().st_mtime_ns
    second = SideFiles(tmp_path, "main", large=100)
    search(second, matrix)
    second.wait()
    assert search(second, matrix) is not None
    assert made.stat().st_mtime_ns == before
    assert search(second, matrix, generation=2) is None
    second.wait()
    assert search(second, matrix, generation=2) is not None
    assert made.name not in [path.name for path in tmp_path.iterdir()]


def test_torn_file_is_made_anew(tmp_path: Path, matrix: "numpy.ndarray") -> None:
    first = SideFiles(tmp_path, "main", large=100)
    search(first, matrix)
    first.wait()
    (made,) = tmp_path.iterdir()
    made.write_bytes(made.read_bytes()[: made.stat().st_size // 2])
    second = SideFiles(tmp_path, "main", large=100)
    search(second, matrix)
    second.wait()
    assert search(second, matrix) is not None


def test_folder_that_cannot_be_written_leaves_the_exact_search(
    tmp_path: Path, matrix: "numpy.ndarray"
) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    files = SideFiles(tmp_path / "file", "main", large=100)
    search(files, matrix)
    files.wait()
    assert search(files, matrix) is None
