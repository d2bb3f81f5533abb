"""Which embedders a setting opens."""

from pathlib import Path

import pytest

from casewright.adapters.embedders import opening
from casewright.adapters.embedders.opening import open_embedders
from casewright.domain.errors import ConfigurationError


def test_auto_takes_the_english_model_and_the_multilingual_one_only_where_it_was_built(
    tmp_path: Path,
) -> None:
    found = open_embedders("auto", tmp_path)
    assert found.english is not None
    assert found.english.model.startswith("minilm")
    assert found.multilingual is None
    assert found.transliterate is not None
    assert found.transliterate("amar taka") == "আমার টাকা"


def test_one_named_model_serves_every_language(tmp_path: Path) -> None:
    found = open_embedders("minilm", tmp_path)
    assert found.english is found.multilingual is not None


def test_none_is_words_alone(tmp_path: Path) -> None:
    found = open_embedders("none", tmp_path)
    assert (found.english, found.multilingual) == (None, None)


def test_a_server_is_a_model_at_an_address(tmp_path: Path) -> None:
    found = open_embedders("small@http://127.0.0.1:9/v1", tmp_path)
    assert found.english is found.multilingual is not None
    assert found.english.model == "small@http://127.0.0.1:9/v1"


@pytest.mark.parametrize("value", ["", "bert", "small@", "@http://h/v1", "small@ftp://h"])
def test_anything_else_is_refused_with_what_can_be_written(value: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="write auto, minilm, e5, none"):
        open_embedders(value, tmp_path)


def test_a_model_that_was_not_built_is_refused_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="casewright models fetch e5"):
        open_embedders("e5", tmp_path)


def test_without_the_packages_auto_is_words_alone_and_a_named_model_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_has_engine", lambda: False)
    opening._find_minilm.cache_clear()
    try:
        assert open_embedders("auto", tmp_path).english is None
        with pytest.raises(ConfigurationError, match="pip install"):
            open_embedders("minilm", tmp_path)
    finally:
        opening._find_minilm.cache_clear()
