"""Verdicts are kept, replayed without the judge, and never invented for a failure."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from casewright.domain.errors import ConfigurationError
from casewright.evaluation.answers.judges import RuleJudge, VerdictCache


class Counting:
    """Says yes once and is counted; then it fails."""

    name = "counting"

    def __init__(self, verdicts: str = "") -> None:
        self.verdicts = [{"y": True, "n": False}.get(each) for each in verdicts]
        self.asked = 0

    def is_supported(self, statement: str, sources: Sequence[str]) -> bool | None:
        self.asked += 1
        return self.verdicts.pop(0)

    def is_useful(self, context: str, question: str, truth: Sequence[str]) -> bool | None:
        self.asked += 1
        return self.verdicts.pop(0)

    def questions_back(self, answer: str) -> tuple[str, ...] | None:
        self.asked += 1
        return ("Who is it?",)


def test_verdict_is_replayed_from_the_file_by_another_process(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    first = VerdictCache(Counting("yn"), path)
    assert first.is_supported("It is.", ["It is so."]) is True
    assert first.is_useful("a context", "Who?", ["It is."]) is False
    assert first.questions_back("It is.") == ("Who is it?",)
    silent = Counting()
    again = VerdictCache(silent, path)
    assert again.is_supported("It is.", ["It is so."]) is True
    assert again.is_useful("a context", "Who?", ["It is."]) is False
    assert again.questions_back("It is.") == ("Who is it?",)
    assert (silent.asked, again.hits, again.misses) == (0, 3, 0)


def test_failure_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    judge = Counting("-y")
    cache = VerdictCache(judge, path)
    assert cache.is_supported("It is.", []) is None
    assert cache.is_supported("It is.", []) is True
    assert judge.asked == 2


def test_torn_last_line_is_judged_anew(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    VerdictCache(Counting("y"), path).is_supported("It is.", [])
    path.write_text(path.read_text("utf-8")[:-8], "utf-8")
    judge = Counting("n")
    assert VerdictCache(judge, path).is_supported("It is.", []) is False


def test_other_judge_does_not_replay_a_verdict(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    VerdictCache(Counting("y"), path).is_supported("Nothing backs this.", [])
    assert VerdictCache(RuleJudge(), path).is_supported("Nothing backs this.", []) is False
    assert len([json.loads(line) for line in path.read_text("utf-8").splitlines()]) == 2


def test_file_that_is_no_file_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        VerdictCache(RuleJudge(), tmp_path)
    absent = VerdictCache(RuleJudge(), tmp_path / "no" / "folder.jsonl")
    with pytest.raises(ConfigurationError):
        absent.is_supported("It is.", [])
