"""`casewright evaluate answers`, from a file of rows to table, JSON and page."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casewright.adapters.scripted_model import Fails, ScriptedModel
from casewright.cli.evaluate import app
from casewright.domain.errors import CasewrightError, ConfigurationError
from casewright.ports.text_model import AttemptOutcome

ROWS = [
    {
        "id": "a",
        "question": "Who manages Harbour Lane Foods?",
        "answer": "Nadia Karim is the account manager of Harbour Lane Foods.",
        "contexts": ["Harbour Lane Foods is an FMCG client. Its account manager is Nadia Karim."],
        "ground_truth": "Nadia Karim is the account manager of Harbour Lane Foods.",
        "tools_called": ["client_lookup"],
        "expected_tools": ["client_lookup"],
    },
    {"id": "b", "question": "Unanswered?"},
]


@pytest.fixture(autouse=True)
def words_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CASEWRIGHT_EMBEDDER", "none")
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CASEWRIGHT_TEXT_MODELS", raising=False)


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["answers", *map(str, arguments)])
    if isinstance(result.exception, CasewrightError):
        raise result.exception
    return result.exit_code, result.output


def test_rows_become_table_json_and_page(tmp_path: Path) -> None:
    path, report, page = tmp_path / "rows.jsonl", tmp_path / "report.json", tmp_path / "report.html"
    path.write_text("\n".join(map(json.dumps, ROWS)), "utf-8")
    code, output = run("--rows", path, "--json", report, "--html", page)
    assert code == 0
    assert "faithfulness" in output
    assert "left out, line 2: no answer" in output
    document = json.loads(report.read_text("utf-8"))
    assert document["averages"]["faithfulness"]["mean"] == 1.0
    assert document["averages"]["answer_correctness"]["mean"] == 1.0
    assert document["averages"]["tool_correctness"]["mean"] == 1.0
    assert (document["judge"], document["similarity"]) == ("rules.v1", "terms.v1")
    assert "Harbour Lane Foods" in page.read_text("utf-8")


def test_average_below_the_bar_exits_with_one(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(ROWS[0] | {"answer": "Tomas Bergqvist manages Harbour Lane Foods."}), "utf-8")
    code, output = run("--rows", path, "--at-least", 0.9)
    assert code == 1
    assert "faithfulness" in output.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((), ConfigurationError, "--rows"),
        (("--rows", "absent.json"), ConfigurationError, "absent.json"),
        (("--rows", "{rows}", "--questions", "{rows}"), ConfigurationError, "not both"),
        (("--rows", "{rows}", "--judge", "model"), ConfigurationError, "CASEWRIGHT_TEXT_MODELS"),
        (("--rows", "{rows}", "--json", "/nowhere/at/all.json"), ConfigurationError, "cannot be written"),
    ],
)
def test_bad_input_says_what_to_do(
    tmp_path: Path, arguments: tuple[str, ...], error: type[CasewrightError], says: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)), "utf-8")
    with pytest.raises(error, match=says):
        run(*(argument.replace("{rows}", str(path)) for argument in arguments))


def test_a_model_that_is_not_there_is_told_and_agrees_with_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(ROWS[0]), "utf-8")
    away = ScriptedModel([Fails(AttemptOutcome.UNREACHABLE)] * 20)
    monkeypatch.setattr("casewright.bootstrap.build_text_model", lambda settings: away)
    code, output = run("--rows", path, "--judge", "both")
    assert code == 0
    assert "the judges agree on – of 0 verdicts" in output
    assert "the model gave no verdict" in output
