"""A batch killed with SIGKILL, again and again, ends with the bytes of an undisturbed run."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from casewright.evaluation.cases import load_golden_cases

ROWS = 6_000
KILLS = 4
BAD_EVERY = 211
COMMAND = (sys.executable, "-c", "from casewright.main import run; run()", "investigate")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("batch") / "tickets.jsonl"
    cases = load_golden_cases()
    with path.open("w", encoding="utf-8") as handle:
        for number in range(1, ROWS + 1):
            document = cases[number % len(cases)].ticket() | {"ticket_id": f"T-{number}"}
            line = json.dumps(document, ensure_ascii=False)
            handle.write((line[:40] if number % BAD_EVERY == 0 else line) + "\n")
    return path


def start(source: Path, output: Path, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, str(source), "--output", str(output), *options], stderr=subprocess.PIPE, cwd=output.parent
    )


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def wait_for_growth(path: Path, run: subprocess.Popen[bytes], size: int) -> None:
    deadline = time.monotonic() + 30
    while run.poll() is None and time.monotonic() < deadline:
        if path.exists() and path.stat().st_size > size:
            return
        time.sleep(0.005)


def wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{pid}/cmdline").exists() and _is_running(pid) for pid in pids):
            return
        time.sleep(0.02)
    raise AssertionError(f"workers outlived their parent: {pids}")


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("name", ["verdicts.jsonl", "verdicts.parquet"])
def test_killed_batch_resumes_to_the_bytes_of_an_undisturbed_run(
    source: Path, tmp_path: Path, name: str
) -> None:
    whole, output = tmp_path / f"whole-{name}", tmp_path / name
    assert start(source, whole, "--workers", "1").wait(timeout=120) == 1

    growing = output.with_name(f"{name}.part.jsonl") if name.endswith(".parquet") else output
    draw = random.Random(name)
    killed = 0
    for attempt in range(KILLS):
        size = growing.stat().st_size if growing.exists() else 0
        run = start(source, output, "--workers", "2", *(["--resume"] if attempt else []))
        wait_for_growth(growing, run, size if attempt % 2 else -1)
        time.sleep(draw.uniform(0, 0.3))
        workers = children_of(run.pid) if run.poll() is None else []
        os.kill(run.pid, signal.SIGKILL)
        killed += run.wait() == -signal.SIGKILL
        run.stderr.close()  # type: ignore[union-attr]
        wait_until_gone(workers)
    assert killed >= 2

    last = start(source, output, "--workers", "2", "--resume")
    _, said = last.communicate(timeout=120)
    bad = ROWS // BAD_EVERY
    assert last.returncode == 1
    assert f"{ROWS:,} tickets read: {ROWS - bad:,} decided, {bad} refused".encode() in said
    assert output.read_bytes() == whole.read_bytes()
    errors = f"{output}.errors.jsonl"
    assert Path(errors).read_bytes() == Path(f"{whole}.errors.jsonl").read_bytes()


def test_interrupted_batch_says_how_to_continue_and_does(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "verdicts.jsonl"
    run = start(source, output, "--workers", "2")
    wait_for_growth(output, run, 0)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert b"--resume to continue" in said
    again = start(source, output, "--workers", "2", "--resume")
    again.communicate(timeout=120)
    ids = [json.loads(line)["ticket_id"] for line in output.read_bytes().splitlines()]
    assert ids == [f"T-{number}" for number in range(1, ROWS + 1) if number % BAD_EVERY]


def test_memory_does_not_grow_with_the_input(source: Path, tmp_path: Path) -> None:
    """Peak resident size of parent and workers, for one input and for three times as much."""
    peaks = []
    for times in (1, 3):
        many = tmp_path / f"{times}.jsonl"
        many.write_bytes(source.read_bytes() * times)
        code = (
            "import resource, sys\n"
            "from casewright.cli.app import app\n"
            f"app(args=['investigate', {str(many)!r}, '--workers', '2', '--output', {str(many)!r} + '.out'],"
            " standalone_mode=False)\n"
            "for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):\n"
            "    print(resource.getrusage(who).ru_maxrss)\n"
        )
        script = tmp_path / "measure.py"
        script.write_text(
            "if __name__ == '__main__':\n" + "".join(f"    {line}\n" for line in code.splitlines())
        )
        done = subprocess.run([sys.executable, str(script)], capture_output=True, timeout=240, check=False)
        peaks.append([int(line) / 1024 for line in done.stdout.split()])
    assert [len(peak) for peak in peaks] == [2, 2]
    for small, large in zip(*peaks, strict=True):
        assert large - small < 40, peaks  # MiB
