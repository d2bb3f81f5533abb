"""Size of a base installation: a fresh virtual environment with the built wheel, less a bare one.

It asks the package registry, so no test and no ordinary bench runs it. Sizes are the files' own, in MB of
a million bytes, byte code counted as pip writes it; a disk gives them some ten percent more in whole blocks.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from casewright.domain.errors import ConfigurationError, Unavailable
from casewright.evaluation.bench_measures import Measure

LARGEST = 10
GROUP = "Installation"
_TIMEOUT_S = 600


def measure_installation(root: Path) -> tuple[list[Measure], list[tuple[str, float]]]:
    """The measure, and the largest packages with their sizes in MB. `root` is the source tree, or a wheel."""
    if root.suffix != ".whl" and not (root / "pyproject.toml").is_file():
        raise ConfigurationError(f"{root} is no source tree; run the bench of the installation from one")
    with tempfile.TemporaryDirectory(prefix="casewright-install-") as folder:
        environment = Path(folder) / "environment"
        _run([sys.executable, "-m", "venv", str(environment)])
        bare = measure_folder(environment)
        packages = next(environment.rglob("site-packages"))
        there = {entry.name for entry in packages.iterdir()}
        wheel = root if root.suffix == ".whl" else _build_wheel(root, Path(folder))
        python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
        _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)])
        total = measure_folder(environment) - bare
        added = {entry.name: measure_folder(entry) for entry in packages.iterdir() if entry.name not in there}
    largest = sorted(added.items(), key=lambda item: -item[1])[:LARGEST]
    return [Measure(GROUP, "base installation", total, "MB", at_most=90)], largest


def measure_folder(folder: Path) -> float:
    """The length of all files in a folder, or of one file, in MB."""
    files = [folder] if folder.is_file() else [path for path in folder.rglob("*") if path.is_file()]
    return sum(path.lstat().st_size for path in files if not path.is_symlink()) / 1e6


def _build_wheel(root: Path, folder: Path) -> Path:
    quiet = ("--quiet", "--disable-pip-version-check")
    _run([sys.executable, "-m", "pip", "wheel", *quiet, "--no-deps", "--wheel-dir", str(folder), str(root)])
    return next(folder.glob("*.whl"))


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=False)  # noqa: S603 - pip
    if done.returncode != 0:
        raise Unavailable(f"{command[1:4]} ended with {done.returncode}: {done.stderr[-400:].decode()}")
