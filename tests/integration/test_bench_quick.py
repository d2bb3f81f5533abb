"""`casewright bench --quick` as a command: it runs whole, and every measure of the bars is there."""

import json
import subprocess
import sys
from pathlib import Path

BARRED = {
    ("In process", "p50"),
    ("Policy", "a decision"),
    ("Policy", "a whole proof"),
    ("HTTP", "p50, ours to the trivial endpoint's"),
    ("HTTP", "throughput, ours to the trivial endpoint's"),
    ("Start-up", "service ready"),
    ("Start-up", "casewright --help"),
    ("Start-up", "import of the pipeline and the disputes desk"),
}


def test_quick_bench_takes_every_measure_that_has_a_bar(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from casewright.main import run; run()", "bench", "--quick"]
    done = subprocess.run(
        [*command, "--results", "results"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "results" / "disputes.json").read_text("utf-8"))
    measures = document["measures"]
    names = [(measure["group"], measure["name"]) for measure in measures]
    assert len(set(names)) == len(names)
    assert {name for name, measure in zip(names, measures, strict=True) if "holds" in measure} == BARRED
    assert {group for group, _ in names} == {"In process", "Policy", "HTTP", "Batch", "Start-up", "Memory"}
    assert all(measure["value"] >= 0 for measure in measures)
