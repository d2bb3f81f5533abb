"""What is counted, and that several workers add up."""

import os
import subprocess
import sys
from pathlib import Path

from casewright.service.metrics import Metrics

ANSWER = {"case_type": "wrong_transfer", "evidence_verdict": "consistent", "human_review_required": True}
SCRIPT = """
from casewright.service.metrics import Metrics
metrics = Metrics()
metrics.record_case(
    {"case_type": "other", "evidence_verdict": "consistent", "human_review_required": False}, "template", (), 0.001
)
"""


def test_cases_are_counted_by_type_verdict_review_and_source() -> None:
    metrics = Metrics()
    metrics.record_case(ANSWER, "template", (), 0.0002)
    metrics.record_case(ANSWER, "template", (), 0.0002)
    metrics.record_case({**ANSWER, "human_review_required": False}, "model:groq/small", ("promise",), 0.3)
    text = metrics.render().decode()
    both = 'case_type="wrong_transfer",human_review="true",text_source="template",verdict="consistent"'
    assert f"casewright_cases_total{{{both}}} 2.0" in text
    assert 'human_review="false",text_source="model:groq/small"' in text
    assert 'casewright_blocked_texts_total{rule="promise"} 1.0' in text
    assert 'casewright_case_seconds_bucket{le="0.00025"} 2.0' in text
    assert "casewright_case_seconds_count 3.0" in text


def test_responses_are_counted_by_status() -> None:
    metrics = Metrics()
    for status in (200, 200, 400):
        metrics.record_response(status)
    text = metrics.render().decode()
    assert 'casewright_responses_total{status="200"} 2.0' in text
    assert 'casewright_responses_total{status="400"} 1.0' in text


def test_two_applications_count_apart() -> None:
    first, second = Metrics(), Metrics()
    first.record_response(200)
    assert 'status="200"' not in second.render().decode()


def test_workers_that_share_a_folder_add_up(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", SCRIPT], env=environment, check=True)
    show = SCRIPT.splitlines()[1] + "\nprint(Metrics().render().decode())"
    text = subprocess.run(
        [sys.executable, "-c", show], env=environment, check=True, capture_output=True, text=True
    ).stdout
    assert (
        'casewright_cases_total{case_type="other",human_review="false",'
        'text_source="template",verdict="consistent"} 2.0' in text
    )
