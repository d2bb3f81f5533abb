"""The kill test: known faults are put into a copy of the package, and the safety suites must notice each of them.

A fault is a patch file in `faults/`. Its head says in a sentence what is wrong and names the tests that must
catch it (`Caught by:`). The tests run in a process of their own on the patched copy, at a small size; they must
pass on the package as it is. A patch that no longer fits the source fails here: move it along with the code.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FAULTS = Path(__file__).parent / "faults"
SHARE = "0.05"
LIMIT_S = 120
LEAST_FAULTS = 19
PASSED, FAILED = 0, 1


@dataclass(frozen=True, slots=True)
class Fault:
    """One patch file."""

    name: str
    sentence: str
    caught_by: tuple[str, ...]
    hunks: tuple[tuple[str, str, str], ...]
    """Path below `src`, the lines as they are, the lines as they become."""


def read_fault(path: Path) -> Fault:
    """A unified diff with a head. Line numbers are ignored: a hunk is found by its lines."""
    head, _, diff = path.read_text("utf-8").partition("\n--- ")
    hunks: list[tuple[str, str, str]] = []
    for file in re.split(r"^--- ", f"--- {diff}", flags=re.MULTILINE)[1:]:
        name = re.search(r"^\+\+\+ b/(\S+)", file, re.MULTILINE)
        assert name, f"{path.name}: every file of the diff needs a +++ line"
        for hunk in re.split(r"^@@.*\n", file, flags=re.MULTILINE)[1:]:
            lines = hunk.splitlines(keepends=True)
            before = "".join(line[1:] for line in lines if line[0] in " -")
            after = "".join(line[1:] for line in lines if line[0] in " +")
            hunks.append((name[1], before, after))
    sentence = re.search(r"^Fault: (.+)$", head, re.MULTILINE)
    caught_by = tuple(re.findall(r"^Caught by: (\S+)$", head, re.MULTILINE))
    if not (sentence and caught_by and hunks):
        pytest.fail(f"{path.name}: needs `Fault:`, `Caught by:` and a diff")
    return Fault(path.stem, sentence[1], caught_by, tuple(hunks))


def plant_fault(fault: Fault, source: Path) -> None:
    """Apply the patch to a copy of `src`. Fails for a hunk whose lines are not there exactly once."""
    for name, before, after in fault.hunks:
        file = source / name
        text = file.read_text("utf-8")
        found = text.count(before)
        assert found == 1, (
            f"{fault.name}.patch no longer fits {name}: its lines stand there {found} times\n{before}"
        )
        file.write_text(text.replace(before, after), "utf-8")


def copy_package(folder: Path) -> Path:
    """A copy of `src` that may be spoiled."""
    source = folder / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    return source


def run_tests(source: Path, tests: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """The named tests against a package folder, stopping at the first failure."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    environment.pop("CASEWRIGHT_FULL", None)
    environment |= {
        "PYTHONPATH": str(source),
        "CASEWRIGHT_SUITE_SHARE": SHARE,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "pytest", "-x", "--no-header", "--tb=line", *tests]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )


FOUND = tuple(read_fault(path) for path in sorted(FAULTS.glob("*.patch")))


def test_there_are_enough_faults() -> None:
    assert len(FOUND) >= LEAST_FAULTS


def test_the_package_without_a_fault_passes_what_must_catch_one(tmp_path: Path) -> None:
    tests = tuple(dict.fromkeys(test for fault in FOUND for test in fault.caught_by))
    ran = run_tests(copy_package(tmp_path), tests)
    assert ran.returncode == PASSED, ran.stdout[-4000:] + ran.stderr[-2000:]


@pytest.mark.parametrize("fault", FOUND, ids=[fault.name for fault in FOUND])
def test_a_seeded_fault_is_caught(fault: Fault, tmp_path: Path) -> None:
    source = copy_package(tmp_path)
    plant_fault(fault, source)
    ran = run_tests(source, fault.caught_by)
    assert ran.returncode == FAILED, (
        f"{fault.sentence}\nstatus {ran.returncode}\n{ran.stdout[-4000:]}{ran.stderr[-2000:]}"
    )
    assert "FAILED tests/safety" in ran.stdout, f"{fault.sentence}\n{ran.stdout[-4000:]}"
