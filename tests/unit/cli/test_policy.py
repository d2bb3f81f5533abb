"""`casewright policy` on a small desk that stands in for the installed ones."""

import json
import sys
import types
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

import casewright
from casewright.cli.policy import app
from casewright.domain.errors import ConfigurationError
from casewright.policy.document import RulesetSource


@dataclass(frozen=True)
class Facts:
    amount_minor: int
    is_flagged: bool = False


FILES = {
    "policy.md": "**A-1** High amounts are looked at.\n\n**A-2** Flagged cases are looked at.\n",
    "parameters.yaml": """high_minor:
  unit: minor units
  clause: A-1
  values: {2025-01-01: 100, 2026-01-01: 200}
""",
    "review.yaml": """table: review
order: 10
hit: first
inputs: [amount_minor, is_flagged]
outputs: {review: bool}
rows:
  - {id: high, when: {amount_minor: ">= @high_minor"}, then: {review: true}, reason: high_amount, clause: A-1}
  - {id: flagged, when: {is_flagged: true}, then: {review: true}, reason: flagged, clause: A-2}
  - {id: rest, when: {is_flagged: false}, then: {review: false}, reason: ordinary, clause: A-1}
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "policy"
    place.mkdir()
    for name, text in FILES.items():
        (place / name).write_text(text, "utf-8")
    return place


@pytest.fixture(autouse=True)
def desks(monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path) -> None:
    def read_ruleset_source(desk: str, directory: Path | None = None) -> RulesetSource:
        place = directory or folder
        if not place.is_dir():
            raise ConfigurationError(f"{place} is not a folder")
        return RulesetSource(desk, {path.name: path.read_text("utf-8") for path in sorted(place.iterdir())})

    small = types.ModuleType("casewright.bootstrap")
    vars(small).update(
        desk_names=lambda: ("small",),
        load_desk=lambda name: types.SimpleNamespace(name=name, facts_type=Facts, ruleset="small_desk"),
        read_ruleset_source=read_ruleset_source,
    )
    monkeypatch.setitem(sys.modules, "casewright.bootstrap", small)
    monkeypatch.setattr(casewright, "bootstrap", small, raising=False)
    monkeypatch.setenv("COLUMNS", "200")


def run(*arguments: object, stdin: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_unreleased_policy_fails_lint_until_the_lock_is_written(folder: Path) -> None:
    code, output = run("lint")
    assert (code, "missing_lock" in output) == (1, True)
    assert run("lint", "small", "--dir", folder, "--write-lock")[0] == 0
    assert run("lint", "small")[0] == 0
    (folder / "review.yaml").write_text(FILES["review.yaml"] + "# later\n", "utf-8")
    code, output = run("lint", "small", "--json")
    assert code == 1
    (problem,) = json.loads(output)["small"]["problems"]
    assert (problem["code"], problem["file"], problem["level"]) == ("lock_mismatch", "review.yaml", "error")


def test_lock_of_a_packaged_policy_is_written_beside_its_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "__init__.py").touch()
    folder.rename(folder.parent / "small_desk")
    monkeypatch.syspath_prepend(str(folder.parent))
    assert run("lint", "small", "--dir", folder.parent / "small_desk")[0] == 1
    (folder.parent / "policy").mkdir()
    for name, text in FILES.items():
        (folder.parent / "policy" / name).write_text(text, "utf-8")
    code, output = run("lint", "small", "--write-lock")
    assert code == 0
    assert "Wrote" in output
    assert (folder.parent / "small_desk" / "policy.lock").exists()


def test_faulty_policy_is_not_released(folder: Path) -> None:
    (folder / "review.yaml").write_text(FILES["review.yaml"].replace("A-2", "A-9"), "utf-8")
    code, output = run("lint", "small", "--dir", folder, "--write-lock")
    assert (code, "dangling_clause" in output) == (1, True)
    assert not (folder / "policy.lock").exists()


def test_proof_holds_and_a_gap_is_shown_with_its_case(folder: Path) -> None:
    code, output = run("prove")
    assert (code, output.startswith("small: clean, 2 date(s), ")) == (0, True)
    (folder / "review.yaml").write_text(
        FILES["review.yaml"].replace("is_flagged: false", "is_flagged: true"), "utf-8"
    )
    code, output = run("prove", "small")
    assert code == 1
    assert "gap: No row of `review` matches the case amount_minor = 0, is_flagged = false." in output
    report = json.loads(run("prove", "small", "--json")[1])["small"]
    assert not report["holds"]
    assert report["worlds"] == ["2025-01-01", "2026-01-01"]
    gap = next(problem for problem in report["problems"] if problem["code"] == "gap")
    assert gap["witness"] == {"amount_minor": 0, "is_flagged": False}


def test_decision_is_explained_from_a_file_and_from_standard_input(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"amount_minor": 150, "is_flagged": false}', "utf-8")
    code, output = run("explain", "small", "--facts", facts)
    assert code == 0
    assert "`review` is false, because is_flagged is false (review.rest, reason ordinary). A-1:" in output
    code, output = run(
        "explain", "small", "--facts", "-", "--as-of", "2025-06-01", "--json", stdin=facts.read_text()
    )
    document = json.loads(output)
    assert document["ruleset_id"].startswith("small@2025-01-01+sha256:")
    assert document["outcome"] == {"review": True}
    assert document["trace"][0]["because"] == [
        {"fact": "amount_minor", "value": 150, "cell": ">= @high_minor"}
    ]
    assert document["trace"][0]["clause_text"] == "High amounts are looked at."


def test_decision_record_is_explained_by_its_facts() -> None:
    record = {"schema_version": 1, "facts": {"amount_minor": 5, "is_flagged": True}}
    code, output = run("explain", "small", "--facts", "-", stdin=json.dumps(record))
    assert (code, "review.flagged" in output) == (0, True)


def test_two_versions_are_compared_on_recorded_cases(folder: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    for name, text in FILES.items():
        (new / name).write_text(text.replace("2026-01-01: 200", "2026-01-01: 300"), "utf-8")
    cases = tmp_path / "cases.jsonl"
    cases.write_text(
        "\n".join(
            json.dumps({"amount_minor": amount, "is_flagged": False}) for amount in (100, 200, 250, 300)
        )
        + "\n\n",
        "utf-8",
    )
    code, output = run("diff", "small", "--old", folder, "--new", new, "--facts", cases)
    assert code == 1
    assert "4 case(s): 2 flip(s), 0 with the same outcome by other rows" in output
    assert "review: true -> false" in output
    report = json.loads(run("diff", "small", "--old", folder, "--new", new, "--facts", cases, "--json")[1])
    assert (report["cases"], report["flips"]) == (4, 2)
    (group,) = report["by_reason"]
    assert (group["reasons_before"], group["reasons_now"], group["count"]) == (
        ["high_amount"],
        ["ordinary"],
        2,
    )
    assert run("diff", "small", "--old", folder, "--new", folder, "--facts", cases)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (("lint", "nodesk"), None, "There is no desk 'nodesk'. Choose from: small."),
        (("prove", "small", "--dir", "/nowhere"), None, "/nowhere is not a folder"),
        (("explain", "small", "--facts", "/nowhere.json"), None, "/nowhere.json cannot be read"),
        (("explain", "small", "--facts", "-"), "{", "this is not JSON"),
        (("explain", "small", "--facts", "-"), "[]", "facts are a JSON object"),
        (
            ("explain", "small", "--facts", "-"),
            '{"amount_minor": "9"}',
            "'amount_minor' is '9'; it must be int",
        ),
        (("explain", "small", "--facts", "-", "--as-of", "2024-01-01"), "{}", "has no value at 2024-01-01"),
        (("explain", "small", "--facts", "-", "--as-of", "soon"), "{}", "soon"),
    ],
)
def test_bad_input_is_told_and_exits_with_two(
    arguments: tuple[str, ...], stdin: str | None, message: str
) -> None:
    code, output = run(*arguments, stdin=stdin)
    assert code == 2
    assert message in " ".join(output.replace("│", " ").split())


def test_bad_line_of_recorded_cases_is_named(folder: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"amount_minor": 1, "is_flagged": true}\n{"amount_minor": 1.5}\n', "utf-8")
    code, output = run("diff", "small", "--old", folder, "--new", folder, "--facts", cases)
    assert code == 2
    assert "line 2: 'amount_minor' is 1.5; it must be int; 'is_flagged' is missing" in " ".join(
        output.split()
    )
