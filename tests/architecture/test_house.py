"""The house's own rules: sizes, names, mirrors, and what must be empty."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "casewright"
UNIT = ROOT / "tests" / "unit"
MODULES = sorted(SOURCE.rglob("*.py"))
LONGEST_FILE = 500
LONGEST_FUNCTION = 60
FORBIDDEN_FILES = {"utils.py", "helpers.py", "common.py", "misc.py", "manager.py"}
FORBIDDEN_WORDS = re.compile(r"(Manager|Handler|Processor|Helper|Utils|Base)$")
TESTED_ELSEWHERE = {
    "main.py": "tests/integration run the command line as a process",
}


def _relative(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def test_no_file_is_longer_than_the_limit() -> None:
    long = {_relative(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_the_limit() -> None:
    long = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long.append(f"{_relative(path)}:{node.lineno} {node.name} {lines}")
    assert long == []


def test_no_file_or_class_has_a_name_that_says_nothing() -> None:
    assert [_relative(path) for path in MODULES if path.name in FORBIDDEN_FILES] == []
    named = [
        f"{_relative(path)} {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and FORBIDDEN_WORDS.search(node.name)
    ]
    assert named == []


def test_package_files_are_empty_but_for_the_desks() -> None:
    filled = [
        _relative(path)
        for path in MODULES
        if path.name == "__init__.py"
        and path.read_text("utf-8").strip()
        and path.parent.parent.name != "desks"
    ]
    assert filled == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        _relative(path)
        for path in MODULES
        if path.read_text("utf-8").strip() and ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None
    ]
    assert silent == []


def test_every_public_name_has_a_docstring_or_is_an_override() -> None:
    silent = []
    for path in MODULES:
        for node in ast.parse(path.read_text("utf-8")).body:
            is_public = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if is_public and not node.name.startswith("_") and ast.get_docstring(node) is None:
                is_enum_or_error = isinstance(node, ast.ClassDef) and node.bases
                if not is_enum_or_error:
                    silent.append(f"{_relative(path)} {node.name}")
    assert silent == []


def test_unit_tests_mirror_the_source_tree() -> None:
    names = {_relative(path) for path in MODULES}
    strays = []
    for test in UNIT.rglob("test_*.py"):
        folder = test.parent.relative_to(UNIT).as_posix()
        stem = test.stem.removeprefix("test_")
        candidates = [name for name in names if Path(name).parent.as_posix() == folder]
        if not any(stem == Path(name).stem or stem.startswith(Path(name).stem + "_") for name in candidates):
            strays.append(f"{folder}/{test.name}")
    assert strays == []


def test_import_contracts_hold() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("word", ["/work/", "../shared", "/root/"])
def test_no_path_of_one_machine_stands_in_the_repository(word: str) -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = []
    for name in listed.splitlines():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".yaml", ".toml", ".json", ".html", ".js"} and path.is_file():
            text = path.read_text("utf-8", errors="replace")
            if word in text and path != Path(__file__) and "CASEWRIGHT_SHARED_DATA" not in text:
                found.append(name)
    assert found == []
