"""The package's file of the multilingual model: another file is refused."""

import pytest

from casewright.adapters.embedders.e5_source import read_e5_source
from casewright.domain.errors import ConfigurationError


@pytest.mark.parametrize("content", [b"", b"GGUF" + bytes(100)])
def test_another_kind_of_file_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(ConfigurationError, match="force-reinstall"):
        read_e5_source(content)
