"""Progress: where nobody watches a terminal, a line for every tenth, on standard error alone."""

import pytest

from casewright.cli.progress import track


def test_every_tenth_is_told_once_and_nothing_goes_to_standard_output(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with track("Training", 250) as tell:
        for done in range(1, 251):
            tell(done)
    printed = capsys.readouterr()
    assert printed.out == ""
    lines = printed.err.splitlines()
    assert len(lines) == 10
    assert (lines[0], lines[-1]) == ("Training: 10 % (25 of 250)", "Training: 100 % (250 of 250)")


def test_few_steps_are_told_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    with track("Folds", 2) as tell:
        tell(1)
        tell(2)
    assert capsys.readouterr().err == "Folds: 50 % (1 of 2)\nFolds: 100 % (2 of 2)\n"
