"""Files of models: whole with their hashes, or not there."""

from pathlib import Path

import pytest

from casewright.adapters.model_files import Condition, build_folder, inspect_folder, verify_folder


def write(folder: Path) -> None:
    (folder / "model.bin").write_bytes(b"weights")


def test_a_built_folder_is_ready_and_whole(tmp_path: Path) -> None:
    place = tmp_path / "models" / "m"
    assert inspect_folder(place, "m").condition is Condition.ABSENT
    build_folder(place, write, {"model": "m"})
    assert inspect_folder(place, "m").condition is Condition.READY
    assert verify_folder(place, "m").condition is Condition.READY
    assert inspect_folder(place, "m").size == 7


def test_a_changed_file_is_found_by_its_hash_and_told_with_the_command(tmp_path: Path) -> None:
    place = tmp_path / "m"
    build_folder(place, write, {})
    (place / "model.bin").write_bytes(b"weightz")
    state = verify_folder(place, "m")
    assert (state.condition, state.advice) == (Condition.DAMAGED, "casewright models fetch m")


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"sha256": 3}'])
def test_a_manifest_that_says_nothing_is_damage(tmp_path: Path, manifest: str) -> None:
    place = tmp_path / "m"
    build_folder(place, write, {})
    (place / "manifest.json").write_text(manifest)
    assert inspect_folder(place, "m").condition is Condition.DAMAGED


def test_a_missing_file_makes_the_model_absent(tmp_path: Path) -> None:
    place = tmp_path / "m"
    build_folder(place, write, {})
    (place / "model.bin").unlink()
    assert inspect_folder(place, "m").condition is Condition.ABSENT


def test_a_build_that_fails_leaves_what_was_there_and_no_rest(tmp_path: Path) -> None:
    place = tmp_path / "m"
    build_folder(place, write, {})

    def fail(folder: Path) -> None:
        (folder / "model.bin").write_bytes(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        build_folder(place, fail, {})
    assert verify_folder(place, "m").condition is Condition.READY
    assert [path.name for path in tmp_path.iterdir()] == ["m"]
