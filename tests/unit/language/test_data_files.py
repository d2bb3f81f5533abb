"""The packaged word files."""

import pytest

from casewright.language.data_files import load_mapping


def test_a_file_is_a_mapping() -> None:
    assert "letters" in load_mapping("homoglyphs.yaml")


def test_an_absent_file_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        load_mapping("absent.yaml")
