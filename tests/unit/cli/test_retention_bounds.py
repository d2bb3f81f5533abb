"""The bounds: nobody contacted below what is observed, and that below everything."""

import re

from typer.testing import CliRunner

from casewright.cli.app import app


def test_whoever_knows_more_may_earn_more() -> None:
    run = CliRunner().invoke(app, ["retention", "bounds", "--customers", "400"])
    assert run.exit_code == 0, run.output
    values = [float(found) for found in re.findall(r"│\s+(\d+\.\d\d)\s+│", run.output)]
    least, seen, full = values[0], *(value for value in values if value > values[0])
    assert least < seen
    assert least < full


def test_no_customers_are_refused() -> None:
    assert CliRunner().invoke(app, ["retention", "bounds", "--customers", "-3"]).exit_code == 2
