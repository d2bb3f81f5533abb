"""The page: everything of the report, nothing that runs, nothing unescaped."""

from casewright.evaluation.answers.metrics import Metric, Scored
from casewright.evaluation.answers.page import build_page
from casewright.evaluation.answers.report import Agreement, build_report
from casewright.evaluation.answers.rows import AnsweredQuestion, RowProblem


def test_page_shows_the_report_and_escapes_every_text() -> None:
    row = AnsweredQuestion("<i>", "What about <script>alert(1)</script>?", "An answer.")
    scored = Scored(row, {Metric.FAITHFULNESS: 0.5}, unsupported=("<b>bold</b> claim",), missed=("a truth",))
    document = build_report(
        [scored],
        [RowProblem(2, "no <answer>")],
        judge="rules.v1",
        similarity="terms.v1",
        agreement=Agreement(4, 0.75, 0.5),
    )
    page = build_page(document)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;bold" in page
    assert "missed: a truth" in page
    assert "no &lt;answer&gt;" in page
    assert "agree on 0.750 of 4" in page
    assert "http" not in page.replace("http-equiv", "")
