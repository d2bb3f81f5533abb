"""`casewright bench knowledge` as a person meets it."""

from pathlib import Path

import pytest

from casewright.cli.app import run_command_line


def test_without_both_models_it_says_how_to_make_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        run_command_line(["bench", "knowledge", "--quick"])
    assert ended.value.code == 2
    assert "casewright models fetch" in capsys.readouterr().err
