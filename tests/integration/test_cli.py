"""The command line as a process: what people and machines get, and that bad input never ends in a traceback."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TICKET: dict[str, Any] = {
    "ticket_id": "TKT-8001",
    "complaint": "I sent 1250 taka to a wrong number this morning, please help.",
    "transaction_history": [
        {
            "transaction_id": "TXN-80011",
            "timestamp": "2026-03-02T09:40:00Z",
            "type": "transfer",
            "amount": 1250,
            "counterparty": "+8801300000001",
            "status": "completed",
        },
        {"transaction_id": "TXN-80012", "type": "cash_in", "amount": 9000, "counterparty": "AGENT-11"},
    ],
}


def run(*arguments: str, home: Path, given: bytes = b"", **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CASEWRIGHT_")}
    finished = subprocess.run(
        [sys.executable, "-m", "casewright.main", *arguments],
        env={**environment, "CASEWRIGHT_HOME": str(home), "PYTHONUTF8": "1", **settings},
        cwd=home,
        input=given,
        capture_output=True,
        check=False,
        timeout=60,
    )
    decoded = subprocess.CompletedProcess(
        finished.args, finished.returncode, finished.stdout.decode(), finished.stderr.decode()
    )
    assert "Traceback" not in decoded.stderr
    return decoded


def write(folder: Path, *documents: object) -> str:
    path = folder / "tickets.jsonl"
    path.write_text("".join(json.dumps(document) + "\n" for document in documents))
    return str(path)


def test_the_package_itself_is_the_command(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "casewright", "version"], cwd=tmp_path, capture_output=True, timeout=60
    )
    assert (finished.returncode, finished.stderr) == (0, b"")
    assert finished.stdout


def test_person_gets_the_evidence_and_the_reply(tmp_path: Path) -> None:
    finished = run("investigate", write(tmp_path, TICKET), home=tmp_path)
    assert finished.returncode == 0
    for expected in ("TXN-80011", "wrong transfer, consistent", "dispute resolution", "PIN or OTP"):
        assert expected in finished.stdout


def test_person_gets_a_table_for_many(tmp_path: Path) -> None:
    finished = run("investigate", write(tmp_path, TICKET, {**TICKET, "ticket_id": "TKT-8002"}), home=tmp_path)
    assert finished.returncode == 0
    assert "TKT-8001" in finished.stdout
    assert "TKT-8002" in finished.stdout
    assert "PIN" not in finished.stdout


def test_explanation_names_rows_rules_and_clauses(tmp_path: Path) -> None:
    finished = run("investigate", write(tmp_path, TICKET), "--explain", home=tmp_path)
    assert "amount +" in finished.stdout
    assert "DIS-" in finished.stdout
    assert "disputes@" in finished.stdout


def test_machine_gets_one_verdict_per_line(tmp_path: Path) -> None:
    given = json.dumps([TICKET, {**TICKET, "ticket_id": "টিকেট"}]).encode()
    finished = run("investigate", "-", "--json", home=tmp_path, given=given)
    first, second = (json.loads(line) for line in finished.stdout.splitlines())
    assert len(first) == 12
    assert first["relevant_transaction_id"] == "TXN-80011"
    assert second["ticket_id"] == "টিকেট"


def test_machine_gets_the_explanation_when_asked(tmp_path: Path) -> None:
    finished = run("investigate", write(tmp_path, TICKET), "--json", "--explain", home=tmp_path)
    explanation = json.loads(finished.stdout)["explanation"]
    assert explanation["match"]["outcome"] == "matched"
    assert explanation["rules"][0]["clause"].startswith("DIS-")
    assert explanation["ruleset"].startswith("disputes@")


def test_bad_ticket_is_reported_with_its_line_and_the_others_are_done(tmp_path: Path) -> None:
    source = write(tmp_path, TICKET, {"ticket_id": "TKT-8003"}, {**TICKET, "complaint": " "}, 7)
    finished = run("investigate", source, "--json", home=tmp_path)
    assert finished.returncode == 2
    assert len(finished.stdout.splitlines()) == 1
    assert "line 2: complaint is missing." in finished.stderr
    assert "line 3: The complaint is blank" in finished.stderr
    assert "line 4:" in finished.stderr


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (("investigate", "nowhere.json"), b"", "no such file"),
        (("investigate", "-"), b"", "is empty"),
        (("investigate", "-"), b"hello", "not JSON"),
        (("investigate", "-"), b"\xff\xfe\xfa", "not"),
        (("investigate", "-"), b"[" * 100_000, "nested too deeply"),
        (("investigate",), b"", "FILE|-"),
        (("serve", "--port", "eighty"), b"", "--port"),
        (("serve", "--port", "99999"), b"", "CASEWRIGHT_PORT"),
        (("serve", "--host", "no.such.host.invalid"), b"", "no.such.host.invalid"),
        (("evaluate", "disputes", "--cases", "nowhere.json"), b"", "no such file"),
        (("evaluate", "disputes"), b"", "--cases"),
        (("config", "shw"), b"", "shw"),
        (("investigte", "x"), b"", "investigate"),
    ],
)
def test_bad_input_ends_with_2_and_says_what_to_do(
    tmp_path: Path, arguments: tuple[str, ...], given: bytes, said: str
) -> None:
    finished = run(*arguments, home=tmp_path, given=given)
    assert finished.returncode == 2, finished.stdout + finished.stderr
    assert said in finished.stderr + finished.stdout


def test_wrong_setting_ends_with_2_and_names_it(tmp_path: Path) -> None:
    finished = run("demo", home=tmp_path, CASEWRIGHT_WORKERS="many")
    assert finished.returncode == 2
    assert "CASEWRIGHT_WORKERS" in finished.stderr


def test_unknown_model_preset_ends_with_2_and_lists_the_known_ones(tmp_path: Path) -> None:
    finished = run("serve", home=tmp_path, CASEWRIGHT_TEXT_MODELS="clippy:98")
    assert finished.returncode == 2
    assert "groq" in finished.stderr


@pytest.mark.parametrize("name", ["RETENTION_POLICY", "RETENTION_RISK_MODEL"])
def test_outreach_that_cannot_be_read_ends_with_2_before_a_database_is_made(
    tmp_path: Path, name: str
) -> None:
    finished = run("serve", "--port", "0", home=tmp_path, **{f"CASEWRIGHT_{name}": str(tmp_path / "none")})
    assert finished.returncode == 2
    assert f"CASEWRIGHT_{name}" in finished.stderr
    assert len(finished.stderr.strip().splitlines()) == 1
    assert list(tmp_path.rglob("*.db*")) == []


def test_port_that_is_taken_ends_with_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        finished = run("serve", "--port", str(taken.getsockname()[1]), home=tmp_path)
    assert finished.returncode == 2
    assert "choose another" in finished.stderr


def test_demo_shows_every_sample_with_its_evidence_and_how_to_serve(tmp_path: Path) -> None:
    finished = run("demo", home=tmp_path)
    assert finished.returncode == 0
    assert finished.stdout.count("Decision") == finished.stdout.count("Complaint") >= 10
    assert "casewright serve" in finished.stdout
    assert len(run("demo", "--json", home=tmp_path).stdout.splitlines()) == finished.stdout.count("Decision")


def test_config_hides_secrets_and_warns_of_misspelt_variables(tmp_path: Path) -> None:
    secret = "a-secret-key-0123456789"
    finished = run("config", "show", home=tmp_path, CASEWRIGHT_API_KEYS=secret, CASEWRIGHT_PROT="1")
    assert finished.returncode == 0
    assert secret not in finished.stdout
    assert "CASEWRIGHT_API_KEYS" in finished.stdout
    assert "CASEWRIGHT_PROT sets nothing" in finished.stderr
    shown = json.loads(run("config", "show", "--json", home=tmp_path).stdout)
    assert shown["port"] == {"value": "8080", "source": "default"}


def test_version_is_said(tmp_path: Path) -> None:
    assert run("version", home=tmp_path).stdout.startswith("casewright ")


def test_evaluation_in_process_and_over_http_agree(tmp_path: Path, serve: Any) -> None:
    cases = tmp_path / "cases.json"
    right = {"case_type": "wrong_transfer", "relevant_transaction_id": "TXN-80011"}
    cases.write_text(
        json.dumps(
            [
                {"id": "right", "input": TICKET, "expected": right},
                {
                    "id": "wrong",
                    "input": TICKET,
                    "expected": {"severity": "low"},
                    "accept": {"severity": ["medium"]},
                },
                {
                    "id": "accepted",
                    "input": TICKET,
                    "expected": {"severity": "low"},
                    "accept": {"severity": ["high"]},
                },
                {"id": "refused", "input": {**TICKET, "complaint": ""}, "expected": {"severity": "low"}},
            ]
        )
    )
    command = ("evaluate", "disputes", "--cases", str(cases))
    inside = json.loads(run(*command, "--json", home=tmp_path).stdout)
    outside = json.loads(run(*command, "--json", "--url", serve().url, home=tmp_path).stdout)
    assert inside["total"] == {"fields_right": 3, "fields": 5, "cases_right": 2, "cases": 4}
    assert outside["total"] == inside["total"]
    assert outside["statuses"] == inside["statuses"] == {"200": 3, "422": 1}
    assert all(probe["is_right"] for probe in outside["probes"])
    table = run(*command, home=tmp_path)
    assert table.returncode == 0
    assert "3/5 = 60.0 %" in table.stdout
    assert "wrong: wrong severity" in table.stdout


def test_evaluation_of_an_address_that_does_not_answer_ends_with_2(tmp_path: Path) -> None:
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps([{"input": TICKET, "expected": {"severity": "high"}}]))
    finished = run(
        "evaluate", "disputes", "--cases", str(cases), "--url", "http://127.0.0.1:9", home=tmp_path
    )
    assert finished.returncode == 2
    assert "does not answer" in finished.stderr


def test_text_of_a_ticket_cannot_drive_the_terminal(tmp_path: Path) -> None:
    hostile = {
        **TICKET,
        "ticket_id": "T\x1b[2J\x07[red]x",
        "transaction_history": [{"transaction_id": "\x1b]0;x\x07"}],
    }
    finished = run("investigate", write(tmp_path, hostile), "--explain", home=tmp_path)
    assert finished.returncode == 0
    assert "\x1b" not in finished.stdout
    assert "[red]x" in finished.stdout
