"""`python -m casewright`: the `casewright` command, where its script is not on the path."""

from casewright.main import run

run()
