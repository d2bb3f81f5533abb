"""`casewright knowledge`: what it shows, how it ends, and what it says of bad input."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from casewright.cli.app import run_command_line

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """The command over an empty database, in a folder of its own; gives exit code, output and complaints."""
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CASEWRIGHT_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CASEWRIGHT_EMBEDDER", "none")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = 0
        try:
            run_command_line(["knowledge", *arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    yield call
    structlog.reset_defaults()


def test_folder_is_added_found_listed_and_retired(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "handbook"
    folder.mkdir()
    (folder / "zebra.md").write_text("# Zebras\n\nThe zebra sleeps standing.", "utf-8")
    code, _, said = run("add", "handbook", "--kind", "playbook", "--review-by", "2020-01-31")
    assert (code, said) == (0, "1 added, 0 replaced, 0 unchanged; 1 new passages.\n")
    code, out, _ = run("search", "how does a zebra sleep", "--json")
    assert code == 0
    (first, *_) = json.loads(out)["passages"]
    assert (first["document_id"], first["version"], first["heading_path"]) == ("zebra.md", 1, ["Zebras"])
    code, out, _ = run("search", "zebra", "--kind", "policy")
    assert "Nothing known is similar enough" in out
    code, out, _ = run("gaps", "--json")
    assert json.loads(out) == {"question": "zebra", "times": 1}
    listed = [json.loads(line) for line in run("list", "--json")[1].splitlines()]
    assert [(each["kind"], each["is_stale"]) for each in listed if each["document_id"] == "zebra.md"] == [
        ("playbook", True)
    ]
    assert {"orders:policy.md", "returns:policy.md", "disputes:policy.md", "samples:delivery-bangla.md"} <= {
        each["document_id"] for each in listed
    }
    code, out, _ = run("verify")
    assert code == 1
    assert "stale: zebra.md, to be reviewed by 2020-01-31" in out
    assert run("retire", "zebra.md")[0] == 0
    assert run("verify")[0] == 0
    assert "zebra.md" not in run("list")[1]
    assert "zebra.md" in run("list", "--all")[1]


def test_what_cannot_be_read_goes_to_a_side_file_with_the_reason(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "handbook"
    folder.mkdir()
    (folder / "good.txt").write_text("Fine.", "utf-8")
    (folder / "plan.docx").write_bytes(b"PK")
    code, _, said = run("add", "handbook")
    assert code == 1
    assert "1 files could not be read (reason of each: knowledge.errors.jsonl)" in said
    (line,) = (tmp_path / "knowledge.errors.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["source"] == "plan.docx"
    code, _, said = run("add", "handbook/plan.docx", "--errors", "other.jsonl")
    assert (code, said) == (2, "casewright: none of these could be read (reason of each: other.jsonl)\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "nowhere"), "there is no such file or folder"),
        (("retire", "nothing"), "No document 'nothing' is in force."),
        (("add", ".", "--title", "One"), "--title names one document"),
        (("add", ".", "--errors", "no/such/folder.jsonl"), "cannot be written"),
    ],
)
def test_bad_input_ends_with_a_sentence(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "a.txt").write_text("A.", "utf-8")
    (tmp_path / "b.txt").write_text("B.", "utf-8")
    (tmp_path / "c.docx").write_text("C.", "utf-8")
    code, _, complaint = run(*arguments)
    assert code == 2
    assert said in complaint
    assert "Traceback" not in complaint


def test_a_policy_of_a_desk_is_not_replaced_by_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "kb" / "returns").mkdir(parents=True)
    (tmp_path / "kb" / "returns" / "policy.md").write_text("**RET-2.1** Everything.", "utf-8")
    code, _, _ = run("add", "kb")
    assert code == 2
    assert "change the policy instead" in (tmp_path / "knowledge.errors.jsonl").read_text("utf-8")


def test_search_and_verification_are_shown_for_people(run: Run) -> None:
    code, out, _ = run("search", "may a pending order be cancelled", "--limit", "1")
    assert code == 0
    assert "orders:policy.md, version 1, clause ORD-2.1" in out
    assert "A pending order may be cancelled." in out
    code, out, _ = run("verify", "--json", "--repair")
    assert code == 0
    assert json.loads(out)["faults"] == []
